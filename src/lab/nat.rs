//! A NAT as RFC 4787 describes it: a mapping behaviour, a filtering behaviour and timers.
//!
//! It knows endpoints and times but nothing of the network around it, so the same code serves the simulated world, real
//! programs, and the comparison with the kernel's NAT. A stateful firewall is a NAT that translates nothing
//! ([`NatConfig::firewall`]).

mod config;
mod table;

pub use config::{AddressPooling, Clash, HairpinMode, NatConfig, Parity, Ports, Refresh, Unsolicited};

use super::drop::NatDrop;
use super::packet::IpProtocol;
use crate::machine::{Instant, Rng};
use crate::model::{Behaviour, Family};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use table::{MappingScope, MappingTable, NatMapping};

/// The first public port: a NAT does not assign well-known ports (RFC 4787 §4.2.1).
const FIRST_PORT: u16 = 1024;
/// The most inside addresses that are paired with a public one: those of a /16.
const MOST_PAIRED: usize = 1 << 16;

/// The lifetime of an established TCP connection (RFC 5382 REQ-5).
const TCP_LIFETIME: Duration = Duration::from_secs(2 * 3600 + 4 * 60);

/// A NAT with its mappings.
#[derive(Debug)]
pub struct NatDevice {
    config: NatConfig,
    rng: Rng,
    /// A table for each protocol, since each has ports of its own.
    tables: BTreeMap<IpProtocol, MappingTable>,
    pairs: BTreeMap<IpAddr, IpAddr>,
}

impl NatDevice {
    /// A NAT without mappings. `rng` picks random ports and addresses.
    pub fn new(mut config: NatConfig, rng: Rng) -> Self {
        if !config.translates() {
            // Without translation every session keeps its endpoint, which is endpoint-independent mapping.
            config.mapping = Behaviour::EndpointIndependent;
        }
        Self { config, rng, tables: BTreeMap::new(), pairs: BTreeMap::new() }
    }

    /// How it behaves.
    pub fn config(&self) -> &NatConfig {
        &self.config
    }

    /// Whether this is one of its public addresses.
    pub fn owns(&self, address: IpAddr) -> bool {
        self.config.public.contains(&address)
    }

    /// Processes a packet from inside; returns its public source endpoint. Creates a mapping where there is none.
    pub fn outbound(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<SocketAddr, NatDrop> {
        let remote = MappingScope::of(self.config.mapping, destination);
        let outside = match self.kept(now, protocol, source, destination) {
            Some(outside) => outside,
            None if self.table(protocol).lives(now, source, remote) => {
                // Another host uses the public endpoint of this mapping towards the same destination, so this session
                // gets a mapping of its own.
                self.map(now, protocol, source, MappingScope::Endpoint(destination), destination)?
            }
            None => self.map(now, protocol, source, remote, destination)?,
        };
        let (lifetime, refresh) = (self.lifetime(protocol), self.config.refresh);
        if let Some(mapping) = self.table(protocol).mapping_of(outside, source) {
            mapping.sends(now, destination, lifetime, refresh);
        }
        Ok(outside)
    }

    /// Processes a packet from outside; returns the inside endpoint that it is for.
    pub fn inbound(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<SocketAddr, NatDrop> {
        let NatConfig { filtering, refresh, unsolicited, .. } = self.config;
        let lifetime = self.lifetime(protocol);
        let translates = self.config.translates();
        if !translates && self.config.open.contains(&destination.port()) {
            return Ok(destination);
        }
        let table = self.table(protocol);
        match table.receiver(now, destination, source, filtering) {
            Ok(mapping) => {
                mapping.hears(now, source, lifetime, refresh);
                Ok(mapping.inside)
            }
            // Without translation, endpoint-independent filtering needs no mapping to find the receiver.
            Err(NatDrop::NoMapping) if filtering == Behaviour::EndpointIndependent && !translates => Ok(destination),
            Err(refused) => {
                if unsolicited == Unsolicited::Tracked && translates {
                    table.track(now, destination, source);
                }
                Err(refused)
            }
        }
    }

    /// Processes a packet from inside to one of its public endpoints (RFC 4787 §6); returns the source that the
    /// receiver sees, and the receiver.
    pub fn hairpin(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<(SocketAddr, SocketAddr), NatDrop> {
        if self.config.hairpinning == HairpinMode::No {
            return Err(NatDrop::NoHairpinning);
        }
        let outside = self.outbound(now, protocol, source, destination)?;
        let receiver = self.inbound(now, protocol, outside, destination)?;
        let seen = if self.config.hairpinning == HairpinMode::ExternalSource { outside } else { source };
        Ok((seen, receiver))
    }

    /// The public endpoint from which `inside` has sent to `remote`, for an outbound ICMP error about an inbound packet
    /// (RFC 5508 §4.2).
    pub fn public_of(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        inside: SocketAddr,
        remote: SocketAddr,
    ) -> Option<SocketAddr> {
        self.kept(now, protocol, inside, remote)
    }

    /// The inside endpoint that has sent to `remote` from this public endpoint, for an inbound ICMP error (RFC 5508
    /// §4.1).
    pub fn sender_of(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        outside: SocketAddr,
        remote: SocketAddr,
    ) -> Option<SocketAddr> {
        let table = self.table(protocol);
        table.receiver(now, outside, remote, Behaviour::AddressAndPortDependent).ok().map(|mapping| mapping.inside)
    }

    fn lifetime(&self, protocol: IpProtocol) -> Duration {
        if protocol == IpProtocol::Tcp { TCP_LIFETIME.max(self.config.lifetime) } else { self.config.lifetime }
    }

    fn table(&mut self, protocol: IpProtocol) -> &mut MappingTable {
        self.tables.entry(protocol).or_default()
    }

    /// The public endpoint of the existing mapping of `source` for this destination.
    fn kept(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Option<SocketAddr> {
        let remote = MappingScope::of(self.config.mapping, destination);
        let table = self.table(protocol);
        let is_exception = table.lives(now, source, MappingScope::Endpoint(destination));
        let key = if is_exception { MappingScope::Endpoint(destination) } else { remote };
        let outside = table.outside_of(now, source, key)?;
        (!table.is_taken_towards(now, outside, source, destination)).then_some(outside)
    }

    fn map(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        remote: MappingScope,
        destination: SocketAddr,
    ) -> Result<SocketAddr, NatDrop> {
        self.table(protocol).forget(source, remote);
        let outside = match self.config.translates() {
            true => self.pick(now, protocol, source, destination)?,
            false => source,
        };
        let expires = now + self.lifetime(protocol);
        let keeps_others = self.config.clash == Clash::Overloaded;
        let mapping = NatMapping::new(source, remote, expires);
        let entered = self.table(protocol).enter(now, outside, mapping, keeps_others);
        entered.then_some(outside).ok_or(NatDrop::NoPort)
    }

    fn pick(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<SocketAddr, NatDrop> {
        let ip = self.pick_address(source.ip(), Family::of(destination.ip())).ok_or(NatDrop::NoPort)?;
        let NatConfig { ports, parity, clash, .. } = self.config;
        let random = FIRST_PORT + self.rng.below(u64::from(u16::MAX - FIRST_PORT) + 1) as u16;
        let table = self.table(protocol);
        let wanted = match ports {
            Ports::Preserving => source.port(),
            Ports::Sequential => table.last_port.checked_add(1).unwrap_or(FIRST_PORT),
            Ports::Random => random,
        };
        let wanted = wanted.max(FIRST_PORT);
        let fits = |port: &u16| parity == Parity::Ignored || port % 2 == source.port() % 2;
        let outside = (wanted..=u16::MAX)
            .chain(FIRST_PORT..wanted)
            .filter(fits)
            .map(|port| SocketAddr::new(ip, port))
            .find(|outside| match clash {
                Clash::Taken => !table.is_of(now, *outside, source),
                Clash::NextFree => table.is_free(now, *outside),
                Clash::Overloaded => table.takes_another(now, *outside, source, destination),
            })
            .ok_or(NatDrop::NoPort)?;
        table.last_port = outside.port();
        Ok(outside)
    }

    fn pick_address(&mut self, inside: IpAddr, family: Family) -> Option<IpAddr> {
        if self.config.pooling == AddressPooling::Paired
            && let Some(paired) = self.pairs.get(&inside)
        {
            return Some(*paired);
        }
        let of_family: Vec<IpAddr> =
            self.config.public.iter().copied().filter(|ip| Family::of(*ip) == family).collect();
        let index = self.rng.below(of_family.len() as u64) as usize;
        let picked = *of_family.get(index)?;
        if self.pairs.len() < MOST_PAIRED {
            self.pairs.insert(inside, picked);
        }
        Some(picked)
    }

    /// Removes all mappings, as a restart does.
    pub fn forget(&mut self) {
        self.tables.values_mut().for_each(MappingTable::clear);
        self.pairs.clear();
    }

    /// Replaces the public addresses and removes all mappings.
    pub fn renumber(&mut self, public: Vec<IpAddr>) {
        self.config.public = public;
        self.forget();
    }

    /// The public endpoints in use now.
    pub fn in_use(&self, now: Instant, protocol: IpProtocol) -> BTreeSet<SocketAddr> {
        self.tables.get(&protocol).map(|table| table.in_use(now)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;

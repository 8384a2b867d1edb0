//! A NAT as RFC 4787 describes it: a mapping behaviour, a filtering behaviour, and a clock.
//!
//! It knows endpoints and times and nothing of the network around it, so the same one serves the simulated world and
//! a comparison with a kernel's NAT. A firewall is a NAT that translates nothing ([`NatConfig::firewall`]).

use crate::machine::{Dice, Instant};
use crate::model::{Behaviour, Family};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// RFC 4787 §4.2.1: how the public port is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// The inside port where it is free, else the next free one.
    Preserving,
    /// The next free one after the last.
    Sequential,
    Random,
}

/// RFC 4787 §4.2.2: whether an even port becomes an even one and an odd one an odd one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parity {
    #[default]
    Ignored,
    /// REQ-4.
    Preserved,
}

/// RFC 4787 §4.2.1: what becomes of a session whose port another inside endpoint has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clash {
    /// It gets the next free port.
    #[default]
    NextFree,
    /// Port overloading (against REQ-3): it gets the same port as long as the remote endpoints differ, as Linux does.
    Overloaded,
    /// The newcomer takes the port, and the former owner has lost its mapping.
    Taken,
}

/// RFC 4787 §4.3: which packets keep a mapping alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refresh {
    /// REQ-6.
    #[default]
    Outbound,
    Inbound,
    Both,
}

/// RFC 4787 §6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hairpinning {
    No,
    /// The receiver sees the sender's inside address (against REQ-9a).
    InternalSource,
    /// The receiver sees the sender's public address (REQ-9a).
    ExternalSource,
}

/// RFC 4787 §4.1: which of several public addresses a session gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// One inside address always gets the same one (REQ-2).
    Paired,
    Arbitrary,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatConfig {
    pub mapping: Behaviour,
    pub filtering: Behaviour,
    pub ports: Ports,
    pub pooling: Pooling,
    pub hairpinning: Hairpinning,
    /// How long a mapping and a filter's entry live without an outbound packet (REQ-5, REQ-6).
    pub lifetime: Duration,
    pub refresh: Refresh,
    pub parity: Parity,
    pub clash: Clash,
    /// Public addresses of one family; none where nothing is translated.
    pub public: Vec<IpAddr>,
}

impl NatConfig {
    /// As RFC 4787 wants it but for the behaviours: port preserving, paired, 5 minutes, hairpinning by REQ-9a.
    pub fn new(mapping: Behaviour, filtering: Behaviour, public: IpAddr) -> Self {
        Self {
            mapping,
            filtering,
            ports: Ports::Preserving,
            pooling: Pooling::Paired,
            hairpinning: Hairpinning::ExternalSource,
            lifetime: Duration::from_secs(300),
            refresh: Refresh::default(),
            parity: Parity::default(),
            clash: Clash::default(),
            public: vec![public],
        }
    }

    /// Translates nothing and lets in what `filtering` says.
    pub fn firewall(filtering: Behaviour) -> Self {
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        Self { public: Vec::new(), ..Self::new(Behaviour::EndpointIndependent, filtering, nowhere) }
    }

    fn translates(&self) -> bool {
        !self.public.is_empty()
    }
}

/// Why a packet goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No mapping has this public endpoint.
    NoMapping,
    /// There is a mapping, and the filter does not know the sender.
    Filtered,
    /// No public port is free, or the table is full.
    NoPort,
    /// The NAT does not hairpin.
    NoHairpinning,
}

/// The part of a remote endpoint on which a behaviour depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Remote {
    Any,
    Address(IpAddr),
    Endpoint(SocketAddr),
}

impl Remote {
    fn of(behaviour: Behaviour, endpoint: SocketAddr) -> Self {
        match behaviour {
            Behaviour::EndpointIndependent => Self::Any,
            Behaviour::AddressDependent => Self::Address(endpoint.ip()),
            Behaviour::AddressAndPortDependent => Self::Endpoint(endpoint),
        }
    }
}

#[derive(Debug)]
struct Mapping {
    inside: SocketAddr,
    remote: Remote,
    expires: Instant,
    /// Whom the inside has sent to, as far as the filter tells them apart, and until when it remembers.
    known: BTreeMap<Remote, Instant>,
}

/// Of one mapping's filter: more remotes than any test speaks with.
const MOST_KNOWN: usize = 4096;
/// RFC 4787 REQ-3: a NAT does not hand out a well-known port for a dynamic one.
const FIRST_PORT: u16 = 1024;

#[derive(Debug)]
pub struct Nat {
    config: NatConfig,
    dice: Dice,
    outside: BTreeMap<SocketAddr, Mapping>,
    inside: BTreeMap<(SocketAddr, Remote), SocketAddr>,
    last_port: u16,
    pairs: BTreeMap<IpAddr, IpAddr>,
}

impl Nat {
    pub fn new(config: NatConfig, dice: Dice) -> Self {
        Self {
            config,
            dice,
            outside: BTreeMap::new(),
            inside: BTreeMap::new(),
            last_port: 40_000,
            pairs: BTreeMap::new(),
        }
    }

    pub fn config(&self) -> &NatConfig {
        &self.config
    }

    /// Whether packets to this address are for it to take in.
    pub fn owns(&self, address: IpAddr) -> bool {
        self.config.public.contains(&address)
    }

    /// A packet from inside: the source under which it goes on.
    pub fn outbound(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<SocketAddr, Refused> {
        let remote = Remote::of(self.config.mapping, destination);
        let kept = self.inside.get(&(source, remote)).copied().filter(|outside| self.is_alive(now, *outside));
        let outside = match kept {
            Some(outside) => outside,
            None => self.map(now, source, remote)?,
        };
        let expires = now + self.config.lifetime;
        let known = Remote::of(self.config.filtering, destination);
        if let Some(mapping) = self.outside.get_mut(&outside) {
            mapping.expires = expires;
            if mapping.known.len() >= MOST_KNOWN {
                mapping.known.retain(|_, until| now < *until);
            }
            if mapping.known.len() < MOST_KNOWN || mapping.known.contains_key(&known) {
                mapping.known.insert(known, expires);
            }
        }
        Ok(outside)
    }

    /// A packet from outside: the inside endpoint it is for.
    pub fn inbound(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<SocketAddr, Refused> {
        let lifetime = self.config.lifetime;
        let refreshes = self.config.refresh != Refresh::Outbound;
        let known = Remote::of(self.config.filtering, source);
        let is_open = known == Remote::Any;
        let Some(mapping) = self.outside.get_mut(&destination).filter(|mapping| now < mapping.expires) else {
            // Where nothing is translated, an open filter needs no mapping to know whom a packet is for.
            return if is_open && !self.config.translates() { Ok(destination) } else { Err(Refused::NoMapping) };
        };
        let remembered = mapping.known.get(&known).is_some_and(|until| now < *until);
        if !is_open && !remembered {
            return Err(Refused::Filtered);
        }
        if refreshes {
            mapping.expires = now + lifetime;
            mapping.known.insert(known, now + lifetime);
        }
        Ok(mapping.inside)
    }

    /// A packet from inside to one of the NAT's own public endpoints: the source the receiver sees, and the receiver.
    pub fn hairpin(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
    ) -> Result<(SocketAddr, SocketAddr), Refused> {
        if self.config.hairpinning == Hairpinning::No {
            return Err(Refused::NoHairpinning);
        }
        let outside = self.outbound(now, source, destination)?;
        let receiver = self.inbound(now, outside, destination)?;
        let seen = if self.config.hairpinning == Hairpinning::ExternalSource { outside } else { source };
        Ok((seen, receiver))
    }

    fn is_alive(&self, now: Instant, outside: SocketAddr) -> bool {
        self.outside.get(&outside).is_some_and(|mapping| now < mapping.expires)
    }

    fn map(&mut self, now: Instant, source: SocketAddr, remote: Remote) -> Result<SocketAddr, Refused> {
        // An expired mapping goes with its public endpoint: whoever gets that next must not take this one's new mapping
        // for it.
        if let Some(expired) = self.inside.remove(&(source, remote)) {
            self.outside.remove(&expired);
        }
        let outside = if self.config.translates() { self.pick(now, source)? } else { source };
        if let Some(old) = self.outside.remove(&outside) {
            self.inside.remove(&(old.inside, old.remote));
        }
        let mapping = Mapping { inside: source, remote, expires: now + self.config.lifetime, known: BTreeMap::new() };
        self.outside.insert(outside, mapping);
        self.inside.insert((source, remote), outside);
        Ok(outside)
    }

    fn pick(&mut self, now: Instant, source: SocketAddr) -> Result<SocketAddr, Refused> {
        let ip = self.pick_address(source.ip()).ok_or(Refused::NoPort)?;
        let first = match self.config.ports {
            Ports::Preserving => source.port(),
            Ports::Sequential => self.last_port.checked_add(1).unwrap_or(FIRST_PORT),
            Ports::Random => FIRST_PORT + self.dice.below(u64::from(u16::MAX - FIRST_PORT) + 1) as u16,
        };
        let above = first.max(FIRST_PORT)..=u16::MAX;
        let free = above.chain(FIRST_PORT..first.max(FIRST_PORT)).map(|port| SocketAddr::new(ip, port));
        let outside = free.into_iter().find(|outside| !self.is_alive(now, *outside)).ok_or(Refused::NoPort)?;
        self.last_port = outside.port();
        Ok(outside)
    }

    fn pick_address(&mut self, inside: IpAddr) -> Option<IpAddr> {
        if self.config.pooling == Pooling::Paired
            && let Some(paired) = self.pairs.get(&inside)
        {
            return Some(*paired);
        }
        let of_family: Vec<IpAddr> =
            self.config.public.iter().copied().filter(|ip| Family::of(*ip) == Family::of(inside)).collect();
        let index = self.dice.below(of_family.len() as u64) as usize;
        let picked = *of_family.get(index)?;
        self.pairs.insert(inside, picked);
        Some(picked)
    }

    /// Forgets all mappings, as a NAT does that restarts.
    pub fn forget(&mut self) {
        self.outside.clear();
        self.inside.clear();
    }

    /// The public endpoints now in use.
    pub fn in_use(&self, now: Instant) -> BTreeSet<SocketAddr> {
        self.outside.iter().filter(|(_, mapping)| now < mapping.expires).map(|(outside, _)| *outside).collect()
    }
}

#[cfg(test)]
mod tests;

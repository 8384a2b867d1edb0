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
    /// Whether inbound packets keep a mapping alive too (§4.3).
    pub inbound_refreshes: bool,
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
            inbound_refreshes: false,
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
            if mapping.known.len() < MOST_KNOWN {
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
        let refreshes = self.config.inbound_refreshes;
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
            Ports::Random => FIRST_PORT + self.dice.below(u64::from(u16::MAX - FIRST_PORT)) as u16,
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
mod tests {
    use super::*;
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};

    const ALL: [Behaviour; 3] = [EndpointIndependent, AddressDependent, AddressAndPortDependent];

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn ms(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn config(mapping: Behaviour, filtering: Behaviour) -> NatConfig {
        NatConfig::new(mapping, filtering, at("203.0.113.1:0").ip())
    }

    fn nat(config: NatConfig) -> Nat {
        Nat::new(config, Dice::numbered(1))
    }

    const INSIDE: &str = "192.168.0.2:5000";
    /// The same address with another port, and another address, beside the first remote.
    const REMOTES: [&str; 3] = ["198.51.100.1:3478", "198.51.100.1:3479", "198.51.100.2:3478"];

    #[test]
    fn req_1_endpoint_independent_mapping_gives_one_public_endpoint_and_the_others_differ_by_what_they_depend_on() {
        for mapping in ALL {
            let mut nat = nat(config(mapping, EndpointIndependent));
            let seen = REMOTES.map(|remote| nat.outbound(ms(0), at(INSIDE), at(remote)).expect("a port"));
            assert_eq!(seen[0] == seen[1], mapping != AddressAndPortDependent, "{mapping:?}");
            assert_eq!(seen[0] == seen[2], mapping == EndpointIndependent, "{mapping:?}");
        }
    }

    #[test]
    fn req_2_paired_pooling_keeps_one_public_address_for_an_inside_address() {
        let mut config = config(AddressAndPortDependent, EndpointIndependent);
        config.public = (1..=8).map(|n| IpAddr::from([203, 0, 113, n])).collect();
        for (pooling, one) in [(Pooling::Paired, true), (Pooling::Arbitrary, false)] {
            let mut nat = nat(NatConfig { pooling, ..config.clone() });
            let seen: BTreeSet<IpAddr> = (0..30)
                .map(|n| {
                    nat.outbound(ms(0), at(INSIDE), at(&format!("198.51.100.1:{}", 3000 + n))).expect("a port").ip()
                })
                .collect();
            assert_eq!(seen.len() == 1, one, "{pooling:?}");
        }
    }

    #[test]
    fn req_3_ports_are_never_shared_by_two_inside_hosts_and_never_well_known() {
        for ports in [Ports::Preserving, Ports::Sequential, Ports::Random] {
            let mut nat = nat(NatConfig { ports, ..config(EndpointIndependent, EndpointIndependent) });
            let mut seen = BTreeSet::new();
            for host in 2..200 {
                let outside = nat.outbound(ms(0), at(&format!("192.168.0.{host}:53")), at(REMOTES[0])).expect("a port");
                assert!(outside.port() >= FIRST_PORT && seen.insert(outside), "{ports:?}");
            }
        }
    }

    #[test]
    fn a_preserving_nat_keeps_the_inside_port_until_it_clashes() {
        let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
        assert_eq!(nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port").port(), 5000);
        assert_eq!(nat.outbound(ms(0), at("192.168.0.3:5000"), at(REMOTES[0])).expect("a port").port(), 5001);
    }

    #[test]
    fn req_5_an_idle_mapping_expires_to_the_millisecond() {
        let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
        let outside = nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port");
        assert_eq!(nat.inbound(ms(299_999), at(REMOTES[0]), outside), Ok(at(INSIDE)));
        assert_eq!(nat.inbound(ms(300_000), at(REMOTES[0]), outside), Err(Refused::NoMapping));
    }

    #[test]
    fn req_6_outbound_packets_keep_a_mapping_alive_and_inbound_ones_only_where_configured() {
        for inbound_refreshes in [false, true] {
            let mut nat = nat(NatConfig { inbound_refreshes, ..config(EndpointIndependent, EndpointIndependent) });
            let outside = nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port");
            nat.outbound(ms(200_000), at(INSIDE), at(REMOTES[0])).expect("a port");
            nat.inbound(ms(400_000), at(REMOTES[0]), outside).expect("alive");
            assert_eq!(nat.inbound(ms(600_000), at(REMOTES[0]), outside).is_ok(), inbound_refreshes);
        }
    }

    #[test]
    fn req_8_the_filter_lets_in_whom_it_depends_on() {
        for filtering in ALL {
            for mapping in ALL {
                let mut nat = nat(config(mapping, filtering));
                let outside = nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port");
                let passes = REMOTES.map(|remote| nat.inbound(ms(1), at(remote), outside).is_ok());
                let expected = match filtering {
                    EndpointIndependent => [true, true, true],
                    AddressDependent => [true, true, false],
                    AddressAndPortDependent => [true, false, false],
                };
                assert_eq!(passes, expected, "{mapping:?} {filtering:?}");
            }
        }
    }

    #[test]
    fn req_9_hairpinning_shows_the_receiver_the_source_it_is_configured_to() {
        let other = "192.168.0.3:6000";
        for (hairpinning, seen) in [
            (Hairpinning::No, Err(Refused::NoHairpinning)),
            (Hairpinning::InternalSource, Ok((at(other), at(INSIDE)))),
            (Hairpinning::ExternalSource, Ok((at("203.0.113.1:6000"), at(INSIDE)))),
        ] {
            let mut nat = nat(NatConfig { hairpinning, ..config(EndpointIndependent, EndpointIndependent) });
            let target = nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port");
            assert_eq!(nat.hairpin(ms(1), at(other), target), seen, "{hairpinning:?}");
        }
    }

    #[test]
    fn a_firewall_translates_nothing_and_lets_answers_in() {
        let mut firewall = nat(NatConfig::firewall(AddressAndPortDependent));
        assert_eq!(firewall.inbound(ms(0), at(REMOTES[0]), at(INSIDE)), Err(Refused::NoMapping));
        assert_eq!(firewall.outbound(ms(0), at(INSIDE), at(REMOTES[0])), Ok(at(INSIDE)));
        assert_eq!(firewall.inbound(ms(1), at(REMOTES[0]), at(INSIDE)), Ok(at(INSIDE)));
        assert_eq!(firewall.inbound(ms(1), at(REMOTES[1]), at(INSIDE)), Err(Refused::Filtered));
    }

    #[test]
    fn a_nat_that_forgets_maps_anew() {
        let mut nat = nat(NatConfig { ports: Ports::Sequential, ..config(EndpointIndependent, EndpointIndependent) });
        let before = nat.outbound(ms(0), at(INSIDE), at(REMOTES[0])).expect("a port");
        nat.forget();
        assert!(nat.in_use(ms(0)).is_empty());
        assert_ne!(nat.outbound(ms(1), at(INSIDE), at(REMOTES[0])), Ok(before));
    }

    #[test]
    fn when_no_port_is_free_the_packet_is_refused() {
        let mut nat = nat(NatConfig { ports: Ports::Sequential, ..config(EndpointIndependent, EndpointIndependent) });
        let ports = u32::from(u16::MAX - FIRST_PORT) + 1;
        let inside = |n: u32| SocketAddr::new(IpAddr::from((0x0a00_0000 + n).to_be_bytes()), 5000);
        assert!((0..ports).all(|n| nat.outbound(ms(0), inside(n), at(REMOTES[0])).is_ok()));
        assert_eq!(nat.outbound(ms(0), inside(ports), at(REMOTES[0])), Err(Refused::NoPort));
    }
}

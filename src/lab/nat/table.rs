//! The mappings of a NAT for one protocol: which public endpoint belongs to whom, towards which remotes, and until
//! when.

use super::config::Refresh;
use crate::lab::drop::NatDrop;
use crate::machine::Instant;
use crate::model::Behaviour;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The part of a remote endpoint on which a mapping depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MappingScope {
    Any,
    Address(IpAddr),
    Endpoint(SocketAddr),
}

impl MappingScope {
    pub(super) fn of(behaviour: Behaviour, endpoint: SocketAddr) -> Self {
        match behaviour {
            Behaviour::EndpointIndependent => Self::Any,
            Behaviour::AddressDependent => Self::Address(endpoint.ip()),
            Behaviour::AddressAndPortDependent => Self::Endpoint(endpoint),
        }
    }
}

/// To whom the packets through a mapping are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MappingOwner {
    Inside,
    /// To the NAT itself: the entry only blocks its two endpoints.
    Itself,
}

#[derive(Debug)]
pub(super) struct NatMapping {
    pub(super) inside: SocketAddr,
    purpose: MappingOwner,
    remote: MappingScope,
    expires: Instant,
    /// The filter entries: the remotes that the inside has sent to, and until when each is valid.
    known: BTreeMap<SocketAddr, Instant>,
}

/// The most filter entries of one mapping: more remotes than any test uses.
const MOST_KNOWN: usize = 4096;
/// The most mappings: as many as one public address has ports.
const MOST_MAPPINGS: usize = 1 << 16;
/// How long Linux keeps an entry for which only one side has sent (`nf_conntrack_udp_timeout`).
const TRACKED_FOR: Duration = Duration::from_secs(30);

impl NatMapping {
    pub(super) fn new(inside: SocketAddr, remote: MappingScope, expires: Instant) -> Self {
        Self { inside, purpose: MappingOwner::Inside, remote, expires, known: BTreeMap::new() }
    }

    /// Updates the timers for an outbound packet.
    pub(super) fn sends(&mut self, now: Instant, remote: SocketAddr, lifetime: Duration, refresh: Refresh) {
        if refresh != Refresh::Inbound {
            self.expires = now + lifetime;
        }
        self.remember(now, remote, self.expires);
    }

    /// Updates the timers for an inbound packet.
    pub(super) fn hears(&mut self, now: Instant, remote: SocketAddr, lifetime: Duration, refresh: Refresh) {
        if refresh != Refresh::Outbound {
            self.expires = now + lifetime;
            self.remember(now, remote, self.expires);
        }
    }

    fn remember(&mut self, now: Instant, remote: SocketAddr, until: Instant) {
        if self.known.len() >= MOST_KNOWN {
            self.known.retain(|_, until| now < *until);
        }
        if self.known.len() < MOST_KNOWN || self.known.contains_key(&remote) {
            self.known.insert(remote, until);
        }
    }

    fn is_alive(&self, now: Instant) -> bool {
        now < self.expires
    }

    fn knows(&self, now: Instant, remote: SocketAddr) -> bool {
        self.known.get(&remote).is_some_and(|until| now < *until)
    }

    fn knows_address(&self, now: Instant, address: IpAddr) -> bool {
        let ports = SocketAddr::new(address, 0)..=SocketAddr::new(address, u16::MAX);
        self.known.range(ports).any(|(_, until)| now < *until)
    }

    fn admits(&self, now: Instant, source: SocketAddr, filtering: Behaviour) -> bool {
        match filtering {
            Behaviour::EndpointIndependent => true,
            Behaviour::AddressDependent => self.knows_address(now, source.ip()),
            Behaviour::AddressAndPortDependent => self.knows(now, source),
        }
    }
}

#[derive(Debug)]
pub(super) struct MappingTable {
    /// By public endpoint. There is more than one mapping only where ports are overloaded.
    outside: BTreeMap<SocketAddr, Vec<NatMapping>>,
    inside: BTreeMap<(SocketAddr, MappingScope), SocketAddr>,
    pub(super) last_port: u16,
}

impl Default for MappingTable {
    fn default() -> Self {
        Self { outside: BTreeMap::new(), inside: BTreeMap::new(), last_port: 40_000 }
    }
}

impl MappingTable {
    fn alive(&self, now: Instant, outside: SocketAddr) -> impl Iterator<Item = &NatMapping> {
        self.outside.get(&outside).into_iter().flatten().filter(move |mapping| mapping.is_alive(now))
    }

    /// Whether this inside endpoint has a live mapping with this scope.
    pub(super) fn lives(&self, now: Instant, inside: SocketAddr, remote: MappingScope) -> bool {
        self.outside_of(now, inside, remote).is_some()
    }

    pub(super) fn outside_of(&self, now: Instant, inside: SocketAddr, remote: MappingScope) -> Option<SocketAddr> {
        let outside = self.inside.get(&(inside, remote)).copied()?;
        self.alive(now, outside).any(|mapping| mapping.inside == inside).then_some(outside)
    }

    pub(super) fn mapping_of(&mut self, outside: SocketAddr, inside: SocketAddr) -> Option<&mut NatMapping> {
        self.outside.get_mut(&outside)?.iter_mut().find(|mapping| mapping.inside == inside)
    }

    /// Whether another inside endpoint than `inside` uses this public endpoint towards that destination.
    pub(super) fn is_taken_towards(
        &self,
        now: Instant,
        outside: SocketAddr,
        inside: SocketAddr,
        destination: SocketAddr,
    ) -> bool {
        self.alive(now, outside).any(|mapping| mapping.inside != inside && mapping.knows(now, destination))
    }

    pub(super) fn is_free(&self, now: Instant, outside: SocketAddr) -> bool {
        self.alive(now, outside).next().is_none()
    }

    /// Whether a live mapping of this inside endpoint has this public endpoint.
    pub(super) fn is_of(&self, now: Instant, outside: SocketAddr, inside: SocketAddr) -> bool {
        self.alive(now, outside).any(|mapping| mapping.inside == inside)
    }

    /// Whether an overloaded public endpoint can take this session: the same inside endpoint does not have it yet, and
    /// nobody uses it towards that destination.
    pub(super) fn takes_another(
        &self,
        now: Instant,
        outside: SocketAddr,
        inside: SocketAddr,
        destination: SocketAddr,
    ) -> bool {
        !self.alive(now, outside).any(|mapping| mapping.inside == inside || mapping.knows(now, destination))
    }

    /// The mapping that admits a packet from `source` to this public endpoint.
    pub(super) fn receiver(
        &mut self,
        now: Instant,
        outside: SocketAddr,
        source: SocketAddr,
        filtering: Behaviour,
    ) -> Result<&mut NatMapping, NatDrop> {
        let mappings = self.outside.get_mut(&outside).ok_or(NatDrop::NoMapping)?;
        let leads_in = |mapping: &NatMapping| mapping.is_alive(now) && mapping.purpose == MappingOwner::Inside;
        if !mappings.iter().any(leads_in) {
            return Err(NatDrop::NoMapping);
        }
        let admitting = |mapping: &NatMapping| leads_in(mapping) && mapping.admits(now, source, filtering);
        // A mapping that has sent to this source is preferred to one that would merely admit it, and among these the
        // latest.
        let place = mappings
            .iter()
            .rposition(|mapping| admitting(mapping) && mapping.knows(now, source))
            .or_else(|| mappings.iter().rposition(admitting))
            .ok_or(NatDrop::Filtered)?;
        mappings.get_mut(place).ok_or(NatDrop::Filtered)
    }

    /// Adds a mapping. Others with the same public endpoint are removed unless `keeps_others`. False where the table is
    /// full.
    pub(super) fn enter(&mut self, now: Instant, outside: SocketAddr, mapping: NatMapping, keeps_others: bool) -> bool {
        if self.inside.len() >= MOST_MAPPINGS {
            self.clear_expired(now);
        }
        if self.inside.len() >= MOST_MAPPINGS {
            return false;
        }
        let mappings = self.outside.entry(outside).or_default();
        for old in mappings.extract_if(.., |old| !keeps_others || !old.is_alive(now)) {
            self.inside.remove(&(old.inside, old.remote));
        }
        self.inside.insert((mapping.inside, mapping.remote), outside);
        mappings.push(mapping);
        true
    }

    /// Adds an entry for an unsolicited packet.
    pub(super) fn track(&mut self, now: Instant, outside: SocketAddr, source: SocketAddr) {
        let mut mapping = NatMapping::new(outside, MappingScope::Endpoint(source), now + TRACKED_FOR);
        mapping.purpose = MappingOwner::Itself;
        mapping.remember(now, source, now + TRACKED_FOR);
        self.forget(outside, MappingScope::Endpoint(source));
        self.enter(now, outside, mapping, true);
    }

    /// Removes a mapping together with its public endpoint, so that whoever gets that endpoint next is not mistaken for
    /// a new mapping of this one.
    pub(super) fn forget(&mut self, inside: SocketAddr, remote: MappingScope) {
        let Some(outside) = self.inside.remove(&(inside, remote)) else { return };
        if let Some(mappings) = self.outside.get_mut(&outside) {
            mappings.retain(|mapping| (mapping.inside, mapping.remote) != (inside, remote));
            if mappings.is_empty() {
                self.outside.remove(&outside);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.outside.clear();
        self.inside.clear();
    }

    fn clear_expired(&mut self, now: Instant) {
        for mappings in self.outside.values_mut() {
            for old in mappings.extract_if(.., |mapping| !mapping.is_alive(now)) {
                self.inside.remove(&(old.inside, old.remote));
            }
        }
        self.outside.retain(|_, mappings| !mappings.is_empty());
    }

    pub(super) fn in_use(&self, now: Instant) -> BTreeSet<SocketAddr> {
        self.outside.keys().copied().filter(|outside| !self.is_free(now, *outside)).collect()
    }
}

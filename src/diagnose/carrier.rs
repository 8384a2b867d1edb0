//! Is there another NAT above ours, or a carrier's? Never from one sign alone: each of them has innocent causes.
//!
//! A carrier's NAT (RFC 6888) is said where an address between carrier and customer (RFC 6598, RFC 7335) on this
//! machine's way out is translated into another, or where two weak signs meet: several public addresses for one
//! private one, and all ports from one narrow block. Two NATs in a row are said where a server inside and a server
//! outside see two different translations of this machine. The router itself may say which address it has outside: one
//! that the world does not see and that is none of the public ones is that of the NAT's inner side above it. A public
//! one that differs has innocent causes: several lines, or a VPN on the router.
//!
//! A tunnel's own addresses are no sign: overlay networks use 100.64.0.0/10 too.

use super::nat::FamilyNat;
use super::view::{ReflexiveObservation, ids};
use crate::model::{Fact, Family, HopFact, HostFact, ObservationId, Record, Scope, StunFact, Transport};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// A sign that there is another NAT before the first.
pub(crate) struct Sign {
    /// The address that gives it away; None where none does.
    pub address: Option<IpAddr>,
    pub evidence: Vec<ObservationId>,
}

/// A carrier's NAT, where the signs suffice.
pub(crate) fn carrier_nat(record: &Record, family: Family, nat: &FamilyNat) -> Option<Sign> {
    let translated: Vec<&ReflexiveObservation> =
        nat.reflexive.iter().filter(|seen| seen.mapped.ip() != seen.local.ip()).collect();
    let example = *translated.first()?;
    if let Some((address, interface)) = carrier_side_address(record, family) {
        return Some(Sign { address: Some(address), evidence: vec![interface, example.id] });
    }
    match told_by_router(record, &translated) {
        Some((outside, told, seen)) if Scope::of(outside) == Scope::Carrier && seen.mapped.ip() != outside => {
            return Some(Sign { address: Some(outside), evidence: vec![told, seen.id] });
        }
        // The last NAT on the way is the router's own, and the pool its own pool.
        Some((outside, _, seen)) if seen.mapped.ip() == outside => return None,
        _ => {}
    }
    let pool = nat.pool.as_ref()?;
    let block = port_block(&translated)?;
    Some(Sign { address: None, evidence: pool.iter().copied().chain(block).collect() })
}

/// The address that the router named as its own outside, and how we are seen from the interface that it was asked from.
fn told_by_router<'a>(
    record: &Record,
    translated: &[&'a ReflexiveObservation],
) -> Option<(IpAddr, ObservationId, &'a ReflexiveObservation)> {
    record.observations.iter().filter(|seen| seen.end.is_ours()).find_map(|told| match &told.fact {
        Fact::Hops(HopFact::OutsideAsked { local, outside: Some(outside), .. }) => {
            let is_public = |seen: &&&ReflexiveObservation| Scope::of(seen.mapped.ip()) == Scope::Public;
            let of_interface = translated.iter().filter(is_public).find(|seen| seen.local.ip() == local.ip());
            of_interface.map(|seen| (*outside, told.id, *seen))
        }
        _ => None,
    })
}

fn carrier_side_address(record: &Record, family: Family) -> Option<(IpAddr, ObservationId)> {
    record.observations.iter().find_map(|observation| match &observation.fact {
        Fact::Host(HostFact::Interface(interface)) if interface.up && interface.is_a_line() => {
            let mut addresses = interface.addresses.iter().map(|a| a.address);
            let carriers =
                addresses.find(|address| Family::of(*address) == family && Scope::of(*address) == Scope::Carrier);
            carriers.map(|address| (address, observation.id))
        }
        _ => None,
    })
}

/// The observations of all mapped ports, where these are from one block far narrower than chance would have it.
fn port_block(translated: &[&ReflexiveObservation]) -> Option<Vec<ObservationId>> {
    /// Sixteen random ports all fall into one 4096-port window once in 10^17 runs.
    const SOCKETS: usize = 16;
    /// The widest block that carriers hand to one customer.
    const BLOCK_PORTS: u16 = 4096;

    let moved: Vec<&ReflexiveObservation> =
        translated.iter().filter(|seen| seen.mapped.port() != seen.local.port()).copied().collect();
    let sockets: BTreeSet<_> = moved.iter().map(|seen| seen.local).collect();
    let ports = moved.iter().map(|seen| seen.mapped.port());
    let (low, high) = (ports.clone().min()?, ports.max()?);
    (sockets.len() >= SOCKETS && high - low < BLOCK_PORTS).then(|| ids(moved))
}

/// A sign of two NATs in a row: a server that is not on the internet sees us translated, and one that is sees us
/// translated otherwise.
pub(crate) fn double_nat(record: &Record, nat: &FamilyNat) -> Option<Sign> {
    let translated: Vec<&ReflexiveObservation> = nat.reflexive.iter().filter(|seen| seen.is_translated()).collect();
    if let Some((outside, told, seen)) = told_by_router(record, &translated)
        && Scope::of(outside) == Scope::Private
    {
        return Some(Sign { address: Some(outside), evidence: vec![told, seen.id] });
    }
    let outer = nat.reflexive.iter().find(|seen| {
        Scope::of(seen.server.ip()) == Scope::Public
            && Scope::of(seen.mapped.ip()) == Scope::Public
            && seen.is_translated()
    })?;
    record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { transport: Transport::Udp, local, server, mapped, .. }) => {
            let inside = (Scope::Private..Scope::Public).contains(&Scope::of(server.ip()));
            let another_translation = mapped.ip() != local.ip() && mapped.ip() != outer.mapped.ip();
            let same_way_out = local.ip() == outer.local.ip();
            (inside && another_translation && same_way_out)
                .then(|| Sign { address: Some(mapped.ip()), evidence: vec![observation.id, outer.id] })
        }
        _ => None,
    })
}

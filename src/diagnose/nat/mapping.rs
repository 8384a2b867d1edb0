//! Does one socket keep one mapped address towards every destination? (RFC 4787 §4.1, RFC 5780 §4.3)
//!
//! Judged socket by socket: only what one socket's destinations saw can be compared. Any servers will do: two
//! addresses tell endpoint-independence, two ports of one address tell dependence on the address from dependence on
//! address and port.

use super::{Possible, every_behaviour, mapping_varies};
use crate::diagnose::view::{ReflexiveObservation, ids};
use crate::model::{Behaviour, Code, Judged};
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

enum Socket {
    /// One destination alone saw the socket.
    SaysNothing,
    Leaves(Possible),
    /// One destination saw the socket at two addresses, one after the other: the mapping was lost or renumbered while
    /// it was asked, so that differences between destinations mean nothing.
    Moved,
}

/// The behaviour, and those still possible; `one_server` is why nothing could be compared, where nothing could.
pub(crate) fn judge(
    reflexive: &[ReflexiveObservation],
    translated: &Judged<bool>,
    one_server: Code,
) -> (Judged<Behaviour>, Possible) {
    match translated {
        Judged::Known { value: false, evidence } => {
            return (Judged::known(EndpointIndependent, evidence.clone()), [EndpointIndependent].into());
        }
        Judged::Known { .. } => {}
        Judged::NotTested { why } | Judged::Unclear { why, .. } => {
            return (Judged::not_tested(*why), every_behaviour());
        }
    }
    let mut sockets: BTreeMap<SocketAddr, Vec<&ReflexiveObservation>> = BTreeMap::new();
    for seen in reflexive {
        sockets.entry(seen.local).or_default().push(seen);
    }
    let mut possible = every_behaviour();
    let mut evidence = Vec::new();
    let mut moved = Vec::new();
    let mut contradictory = false;
    for seen in sockets.values() {
        match judge_socket(seen) {
            Socket::SaysNothing => {}
            Socket::Moved => moved.extend(ids(seen.iter().copied())),
            Socket::Leaves(left) => {
                evidence.extend(ids(seen.iter().copied()));
                let common: Possible = possible.intersection(&left).copied().collect();
                contradictory |= common.is_empty();
                possible = if common.is_empty() { possible.union(&left).copied().collect() } else { common };
            }
        }
    }
    if evidence.is_empty() && moved.is_empty() {
        return (Judged::not_tested(one_server), every_behaviour());
    }
    // A NAT that renumbers a mapping while it is asked looks as if its mapping varied.
    if evidence.is_empty() || (!moved.is_empty() && mapping_varies(&possible)) {
        evidence.append(&mut moved);
        return (Judged::unclear(Code::MappingMoved, evidence), every_behaviour());
    }
    if contradictory {
        return (Judged::unclear(Code::ContradictoryAnswers, evidence), possible);
    }
    let mut left = possible.iter();
    let judged = match (left.next(), left.next()) {
        (Some(only), None) => Judged::known(*only, evidence),
        _ if mapping_varies(&possible) => Judged::unclear(Code::OnlyNotEndpointIndependent, evidence),
        _ => Judged::unclear(Code::OneServerOnly, evidence),
    };
    (judged, possible)
}

fn judge_socket(seen: &[&ReflexiveObservation]) -> Socket {
    let mut mapped: BTreeMap<SocketAddr, SocketAddr> = BTreeMap::new();
    for sighting in seen {
        if mapped.insert(sighting.server, sighting.mapped).is_some_and(|before| before != sighting.mapped) {
            return Socket::Moved;
        }
    }
    if mapped.len() < 2 {
        return Socket::SaysNothing;
    }
    let mut by_address: BTreeMap<IpAddr, (usize, BTreeSet<SocketAddr>)> = BTreeMap::new();
    for (server, mapped) in &mapped {
        let (ports_asked, seen_at) = by_address.entry(server.ip()).or_default();
        *ports_asked += 1;
        seen_at.insert(*mapped);
    }
    let addresses_compared = by_address.len() > 1;
    let ports_compared = by_address.values().any(|(ports_asked, _)| *ports_asked > 1);
    let ports_differ = by_address.values().any(|(_, seen_at)| seen_at.len() > 1);
    let all_equal = mapped.values().collect::<BTreeSet<_>>().len() == 1;
    Socket::Leaves(if ports_differ {
        [AddressAndPortDependent].into()
    } else if all_equal && addresses_compared {
        [EndpointIndependent].into()
    } else if all_equal {
        [EndpointIndependent, AddressDependent].into()
    } else if ports_compared {
        [AddressDependent].into()
    } else {
        [AddressDependent, AddressAndPortDependent].into()
    })
}

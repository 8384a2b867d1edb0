//! Which public addresses and ports does the NAT give out? (RFC 4787 §4.1 and §4.2)

use crate::diagnose::path::Pooling;
use crate::diagnose::view::{Hosts, ReflexiveObservation, ids};
use crate::model::{Code, Judged, ObservationId};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// The first sighting of each socket: the mapping it got when nothing of its own stood in the way.
fn first_of_each_socket(reflexive: &[ReflexiveObservation]) -> Vec<&ReflexiveObservation> {
    let mut first: BTreeMap<SocketAddr, &ReflexiveObservation> = BTreeMap::new();
    for seen in reflexive {
        first.entry(seen.local).or_insert(seen);
    }
    first.into_values().collect()
}

/// Whether a mapping gets the port that the socket has (RFC 4787 §4.2.1).
pub(crate) fn preservation(reflexive: &[ReflexiveObservation], translated: &Judged<bool>) -> Judged<bool> {
    match translated {
        Judged::Known { value: true, .. } => {}
        Judged::Known { .. } => return Judged::not_tested(Code::NoNat),
        Judged::NotTested { why } | Judged::Unclear { why, .. } => return Judged::not_tested(*why),
    }
    let mut first = first_of_each_socket(reflexive);
    first.retain(|seen| seen.is_translated());
    let preserved = first.iter().filter(|seen| seen.mapped.port() == seen.local.port()).count();
    let evidence = ids(first.iter().copied());
    match preserved {
        // One socket may keep its port by chance.
        _ if first.len() < 2 => Judged::unclear(Code::TooFewSockets, evidence),
        0 => Judged::known(false, evidence),
        all if all == first.len() => Judged::known(true, evidence),
        _ => Judged::unclear(Code::ContradictoryAnswers, evidence),
    }
}

/// Whether one socket was seen at more than one public IP address.
pub(crate) fn pooling(reflexive: &[ReflexiveObservation]) -> Pooling {
    let mut first: BTreeMap<SocketAddr, IpAddr> = BTreeMap::new();
    let wanders = reflexive.iter().any(|seen| *first.entry(seen.local).or_insert(seen.mapped.ip()) != seen.mapped.ip());
    if wanders { Pooling::Arbitrary } else { Pooling::Paired }
}

/// The sightings that show more than one public address for one address of this machine, one for each.
pub(crate) fn pool(reflexive: &[ReflexiveObservation]) -> Option<Vec<ObservationId>> {
    let mut public: BTreeMap<IpAddr, BTreeMap<IpAddr, ObservationId>> = BTreeMap::new();
    for seen in reflexive.iter().filter(|seen| seen.is_translated()) {
        public.entry(seen.local.ip()).or_default().entry(seen.mapped.ip()).or_insert(seen.id);
    }
    public.into_values().find(|addresses| addresses.len() > 1).map(|addresses| addresses.into_values().collect())
}

/// The sightings of sockets that kept their port and changed their address from destination to destination: flows are
/// shared between lines, and no NAT picks a port for each destination.
pub(crate) fn several_lines(reflexive: &[ReflexiveObservation]) -> Option<Vec<ObservationId>> {
    let mut sockets: BTreeMap<SocketAddr, Vec<&ReflexiveObservation>> = BTreeMap::new();
    for seen in reflexive.iter().filter(|seen| seen.is_translated()) {
        sockets.entry(seen.local).or_default().push(seen);
    }
    let addresses =
        |seen: &[&ReflexiveObservation]| seen.iter().map(|seen| seen.mapped.ip()).collect::<BTreeSet<_>>().len();
    let ports =
        |seen: &[&ReflexiveObservation]| seen.iter().map(|seen| seen.mapped.port()).collect::<BTreeSet<_>>().len();
    let wandering: Vec<Vec<&ReflexiveObservation>> = sockets.into_values().filter(|seen| addresses(seen) > 1).collect();
    let keep_their_ports = !wandering.is_empty() && wandering.iter().all(|seen| ports(seen) == 1);
    keep_their_ports.then(|| ids(wandering.into_iter().flatten()))
}

/// The sightings where two hosts each saw all our sockets at one address of its own: one of them may stand behind a proxy
/// that hides its clients, and then the other alone has seen us.
pub(crate) fn two_views(reflexive: &[ReflexiveObservation], hosts: &Hosts<'_>) -> Option<Vec<ObservationId>> {
    let mut views: BTreeMap<String, BTreeMap<IpAddr, BTreeSet<SocketAddr>>> = BTreeMap::new();
    for seen in reflexive.iter().filter(|seen| seen.is_translated()) {
        let of_host = views.entry(hosts.name(seen.server.ip())).or_default();
        of_host.entry(seen.mapped.ip()).or_default().insert(seen.local);
    }
    let is_steady = |view: &BTreeMap<IpAddr, BTreeSet<SocketAddr>>| {
        view.len() == 1 && view.values().all(|sockets| sockets.len() > 1)
    };
    let addresses: BTreeSet<&IpAddr> = views.values().flat_map(BTreeMap::keys).collect();
    let disagree = views.len() == 2 && addresses.len() == 2 && views.values().all(is_steady);
    disagree.then(|| ids(reflexive.iter().filter(|seen| seen.is_translated())))
}

/// Ports from a block so narrow that a household can use it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FewPorts {
    pub low: u16,
    pub high: u16,
    pub evidence: Vec<ObservationId>,
}

/// Where all ports come from one narrow block, and not in turn: a port is given out twice, or a lower one after a higher
/// one, time and again. So a shared address is divided between customers (MAP-E, RFC 7597; MAP-T, RFC 7599).
pub(crate) fn few_ports(reflexive: &[ReflexiveObservation]) -> Option<FewPorts> {
    /// So many random ports fall into so narrow a block once in 10^13 times.
    const SOCKETS: usize = 5;
    const WIDEST: u16 = 32;

    let mut first = first_of_each_socket(reflexive);
    first.retain(|seen| seen.mapped.port() != seen.local.port());
    first.sort_by_key(|seen| seen.id);
    let all: Vec<&ReflexiveObservation> = reflexive.iter().filter(|seen| seen.is_translated()).collect();
    let (low, high) =
        (all.iter().map(|seen| seen.mapped.port()).min()?, all.iter().map(|seen| seen.mapped.port()).max()?);
    let falls = first.windows(2).filter(|pair| pair[1].mapped.port() <= pair[0].mapped.port()).count();
    let is_narrow = first.len() >= SOCKETS && high - low < WIDEST;
    (is_narrow && falls > 1).then(|| FewPorts { low, high, evidence: ids(first) })
}

/// Ports that are given out in steps of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progression {
    pub step: u16,
    pub evidence: Vec<ObservationId>,
}

/// Sorted, ports given out in turn stand at equal small distances, whatever order the answers came in.
pub(crate) fn progression(reflexive: &[ReflexiveObservation]) -> Option<Progression> {
    /// So few random ports do not fall into one progression by chance.
    const SOCKETS: usize = 8;
    /// Wider steps than any counter shows that other customers share.
    const WIDEST_STEP: u16 = 64;

    let first = first_of_each_socket(reflexive);
    let fresh: Vec<&ReflexiveObservation> =
        first.into_iter().filter(|seen| seen.mapped.port() != seen.local.port()).collect();
    if fresh.len() < SOCKETS {
        return None;
    }
    let of_fresh: BTreeSet<SocketAddr> = fresh.iter().map(|seen| seen.local).collect();
    let of_them = reflexive.iter().filter(|seen| of_fresh.contains(&seen.local));
    let ports: BTreeSet<u16> = of_them.map(|seen| seen.mapped.port()).collect();
    let mut steps: BTreeMap<u16, usize> = BTreeMap::new();
    for (low, high) in ports.iter().zip(ports.iter().skip(1)) {
        *steps.entry(high - low).or_default() += 1;
    }
    let (&step, &times) = steps.iter().max_by_key(|(_, times)| **times)?;
    // A quarter may be missing: others use the counter too, and it starts again at its end.
    let mostly = times * 4 >= (ports.len() - 1) * 3;
    (step <= WIDEST_STEP && mostly).then(|| Progression { step, evidence: ids(fresh) })
}

//! What do two ends' own judgements let expect of a call between them?
//!
//! In each address family that both have, the predicate of path.rs is asked of all that either may be. One family that is
//! direct is enough, since ICE tries both (RFC 8421); one that is unclear leaves the whole so. Where none is direct, a
//! relay must carry the call. Three rules of prudence:
//! - What is predicted is what an ICE agent finds that does as browsers do: no TCP candidates that listen, no port
//!   mapping by UPnP or PCP, no guessing of ports.
//! - Two ends are comparable only where they were measured from a common outside: both against the internet, or against
//!   one and the same server. A run against a server on the machine itself says nothing of the network.
//! - IPv6 that looks usable at both ends and was tested at neither leaves it unclear whether a call needs a relay.

use super::EndAssessment;
use super::reasons;
use super::relays::{self, Relayed};
use super::route::{Route, asks_nobody, has};
use super::site::{self, Site};
use crate::diagnose::nat::usable_address;
use crate::diagnose::path::{EndBehaviour, Pooling};
use crate::diagnose::verdict::{EndState, Meeting};
use crate::diagnose::view::{is_of_a_target, through_nat64, widest_scope};
use crate::model::{Code, Fact, Family, Judged, Millis, ObservationId, Path, Scope, StunFact, without_nat64};
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(crate) const FAMILIES: [Family; 2] = [Family::Ipv4, Family::Ipv6];

/// What is expected, why, and what single change would make it direct.
pub(crate) struct Prediction {
    pub path: Judged<Path>,
    pub because: Vec<Code>,
    pub direct_if: Vec<Code>,
    /// The checks of a direct path pass, and a call is known to die on it.
    pub is_deadly: bool,
    /// Round trips from each end to its nearest server: together about what a direct path takes at most.
    pub round_trip_ms: Option<Millis>,
}

/// `comparable`: an address that both know is the same address. Where each has stand-ins of its own, the two are taken to
/// be in different networks and on different servers, and a finding says so.
pub(crate) fn predict(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, comparable: bool) -> Prediction {
    let routes = FAMILIES.map(|family| route(ours, theirs, family, comparable));
    let (path, relayed) = judge(ours, theirs, &routes, comparable);
    let because = match path.value() {
        Some(Path::Direct) => reasons::direct(ours, theirs, &routes),
        Some(Path::Relay | Path::None) => reasons::not_direct(ours, theirs, &routes, relayed.as_ref()),
        None => reasons::unclear(ours, theirs, &routes, relayed.as_ref()),
    };
    let is_not_direct = routes.iter().all(|route| route.meeting == Meeting::NotDirect);
    let direct_if = if is_not_direct { reasons::direct_if(ours, theirs, &routes) } else { Vec::new() };
    let round_trips = [ours, theirs].map(shortest_round_trip);
    Prediction {
        because,
        direct_if,
        is_deadly: routes.iter().any(|route| matches!(route.meeting, Meeting::Dies(_)))
            && path.value() == Some(&Path::None),
        round_trip_ms: if let [Some(ours), Some(theirs)] = round_trips {
            Some(Millis(ours.0 + theirs.0))
        } else {
            None
        },
        path,
    }
}

/// How it goes, and what relays came to where one is needed.
fn judge(
    ours: &EndAssessment<'_>,
    theirs: &EndAssessment<'_>,
    routes: &[Route; 2],
    comparable: bool,
) -> (Judged<Path>, Option<Relayed>) {
    let unclear = |why, evidence: Vec<ObservationId>| {
        if evidence.is_empty() { Judged::not_tested(why) } else { Judged::unclear(why, evidence) }
    };
    let all_evidence = || routes.iter().flat_map(|route| route.evidence.iter().copied()).collect::<Vec<_>>();
    if !has_common_outside(ours, theirs) {
        return (unclear(Code::NoCommonServer, all_evidence()), None);
    }
    let dies = routes.iter().find(|route| matches!(route.meeting, Meeting::Dies(_)));
    match (routes.iter().find(|route| route.meeting == Meeting::Direct), dies) {
        (Some(direct), None) => return (Judged::known(Path::Direct, direct.evidence.clone()), None),
        // Checks pass in both families, and which of the two is chosen is the agents' own affair.
        (Some(_), Some(_)) => return (unclear(Code::EndsUnclear, all_evidence()), None),
        (None, Some(dies)) => return (Judged::known(Path::None, dies.evidence.clone()), None),
        (None, None) => {}
    }
    let open = routes.iter().filter_map(|route| match route.meeting {
        Meeting::Unclear(why) => Some((why, &route.evidence)),
        Meeting::Direct | Meeting::Dies(_) | Meeting::NotDirect => None,
    });
    if let Some((why, evidence)) = open.min_by_key(|(why, _)| *why) {
        return (unclear(why, evidence.clone()), None);
    }
    let without_family = !routes.iter().any(|route| route.is_common);
    if without_family && [ours, theirs].iter().any(|end| is_behind_nat64(end)) {
        return (unclear(Code::Nat64InUse, all_evidence()), None);
    }
    let relayed = relays::between(ours, theirs, comparable);
    let with = |more: &[ObservationId]| {
        let mut evidence = all_evidence();
        evidence.extend(more);
        evidence
    };
    let path = match &relayed {
        Relayed::Works(evidence) => Judged::known(Path::Relay, with(evidence)),
        Relayed::Fails(_, evidence) => Judged::known(Path::None, with(evidence)),
        Relayed::Unclear(why, evidence) => unclear(*why, with(evidence)),
    };
    (path, Some(relayed))
}

fn route(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, family: Family, comparable: bool) -> Route {
    let (end_state, other) = (ours.end_state(family), theirs.end_state(family));
    let mut evidence = ours.place(&end_state.evidence());
    evidence.extend(theirs.place(&other.evidence()));
    let is_common = has(ours, family) && has(theirs, family);
    let site = site::judge(ours, theirs, family).filter(|_| is_common && comparable);
    let shares_nat = site.is_some();
    let meeting = match (&site, end_state.meets(&other)) {
        _ if !is_common => Meeting::NotDirect,
        (Some(Site::Hairpins(_)), _) => Meeting::Direct,
        (Some(Site::Unknown(_)), _) => Meeting::Unclear(Code::SameNetwork),
        // Which of the two leaves it open is told beside: the verdict is one for both.
        (None, Meeting::Unclear(Code::ReverseStateDecides)) => Meeting::Unclear(Code::ReverseStateDecides),
        (None, Meeting::Unclear(_)) => Meeting::Unclear(Code::EndsUnclear),
        // Which address of a pool a session gets is chance, and may be the one that a filter knows.
        (None, Meeting::NotDirect) if paired(&end_state).meets(&paired(&other)) != Meeting::NotDirect => {
            Meeting::Unclear(Code::AddressPool)
        }
        // What goes from there to the other's relay is as bare as what goes to the other, and what goes to its own is not:
        // which of the relays is taken is not known.
        (None, Meeting::NotDirect) if [&end_state, &other].iter().any(|end| end.surely_dies_of().is_some()) => {
            Meeting::Unclear(Code::EndsUnclear)
        }
        (None, meeting) => meeting,
    };
    if let Some(Site::Hairpins(more) | Site::Unknown(more)) = &site {
        evidence.extend(more);
    }
    if let Meeting::Unclear(_) = meeting {
        for end in [ours, theirs] {
            let usable: Vec<ObservationId> = usable_address(end.assessment.record, family).into_iter().collect();
            evidence.extend(end.place(&usable));
        }
    }
    Route { family, meeting, ours: end_state, theirs: other, is_common, shares_nat, evidence }
}

/// The same end, were it to get one address of its pool for all destinations.
fn paired(end_state: &EndState) -> EndState {
    end_state.changed(|end| match end {
        EndBehaviour::Udp { mapping, filtering, .. } => {
            EndBehaviour::Udp { mapping, filtering, pooling: Pooling::Paired }
        }
        EndBehaviour::NoUdp => EndBehaviour::NoUdp,
    })
}

fn is_behind_nat64(end: &EndAssessment<'_>) -> bool {
    !through_nat64(end.assessment.record).is_empty()
}

/// Both were measured against the internet, or against one and the same server that is on neither machine. An end that could
/// ask nobody, or whose network cannot be seen, is not known to have been measured elsewhere.
fn has_common_outside(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>) -> bool {
    let is_hidden = |end: &EndAssessment<'_>| FAMILIES.iter().any(|family| end.assessment.hidden_by(*family).is_some());
    if [ours, theirs].iter().any(|end| is_hidden(end) || asks_nobody(end.assessment.record)) {
        return true;
    }
    let scopes = |end: &EndAssessment<'_>| FAMILIES.map(|family| widest_scope(end.assessment.record, family));
    let both_public = |scopes: [Scope; 2]| scopes.contains(&Scope::Public);
    if both_public(scopes(ours)) && both_public(scopes(theirs)) {
        return true;
    }
    let asked = |end: &EndAssessment<'_>| -> BTreeSet<IpAddr> {
        let targets = end.assessment.record.observations.iter().filter(|observation| is_of_a_target(observation));
        let servers =
            targets.filter_map(|observation| observation.fact.server()).map(|server| without_nat64(server.ip()));
        servers.filter(|server| Scope::of(*server) > Scope::Loopback).collect()
    };
    !asked(ours).is_disjoint(&asked(theirs))
}

fn shortest_round_trip(end: &EndAssessment<'_>) -> Option<Millis> {
    let times = end.assessment.record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { rtt_ms, .. }) => rtt_ms,
        _ => None,
    });
    times.filter(|time| time.is_finite() && *time >= Millis::ZERO).min()
}

//! Why do two ends meet as they do, and what single change at which of them would make it direct?
//!
//! What is ours and what is theirs has a code of its own each ([`mirrored`]), so that both ends say the same in their own
//! words.

use super::EndAssessment;
use super::relays::Relayed;
use super::route::{Route, has};
use crate::diagnose::causes::in_general;
use crate::diagnose::path::EndBehaviour;
use crate::diagnose::verdict::{CHANGES, EndState, Meeting};
use crate::model::{Behaviour, Code, Family};

/// The codes that speak of our side, and those that say the same of the other.
const SIDED: [(Code, Code); 8] = [
    (Code::UdpBlocked, Code::PeerUdpBlocked),
    (Code::OwnMappingVaries, Code::PeerMappingVaries),
    (Code::OwnFilterByPort, Code::PeerFilterByPort),
    (Code::OwnUnclear, Code::PeerUnclear),
    (Code::UseEndpointIndependentMapping, Code::PeerEndpointIndependentMapping),
    (Code::UseAddressDependentFiltering, Code::PeerAddressDependentFiltering),
    (Code::AllowOutboundUdp, Code::PeerOutboundUdp),
    (Code::UseIpv6, Code::PeerIpv6),
];

/// What the other end says where we say `code`.
pub fn mirrored(code: Code) -> Code {
    let code = in_general(code);
    let other = SIDED.iter().find_map(|(ours, theirs)| match code {
        _ if code == *ours => Some(*theirs),
        _ if code == *theirs => Some(*ours),
        _ => None,
    });
    other.unwrap_or(code)
}

/// Adds codes in order, each once.
fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}

pub(crate) fn direct(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, routes: &[Route]) -> Vec<Code> {
    let mut codes = Vec::new();
    for route in routes.iter().filter(|route| route.meeting == Meeting::Direct) {
        if route.shares_nat {
            add(&mut codes, Code::SameNatHairpins);
            continue;
        }
        if route.family == Family::Ipv6 {
            add(&mut codes, Code::Ipv6Direct);
            continue;
        }
        let untranslated = |end: &EndAssessment<'_>| {
            end.assessment.nat(route.family).is_some_and(|nat| nat.nat.translated.value() == Some(&false))
        };
        let keeps = |end_state: &EndState| all(end_state, |mapping, _| mapping == Behaviour::EndpointIndependent);
        add(
            &mut codes,
            match (untranslated(ours) && untranslated(theirs), keeps(&route.ours) && keeps(&route.theirs)) {
                (true, _) => Code::NoTranslation,
                (false, true) => Code::BothEndpointIndependent,
                (false, false) => Code::FilteringLetsPeerIn,
            },
        );
    }
    codes
}

pub(crate) fn not_direct(routes: &[Route], relayed: Option<&Relayed>) -> Vec<Code> {
    let mut codes = Vec::new();
    let common: Vec<&Route> = routes.iter().filter(|route| route.is_common).collect();
    if common.is_empty() {
        codes.push(Code::NoCommonFamily);
    }
    for route in common {
        let sides = [(&route.ours, Code::UdpBlocked), (&route.theirs, Code::PeerUdpBlocked)];
        let blocked: Vec<Code> =
            sides.iter().filter(|(end_state, _)| end_state.is_without_udp()).map(|(_, code)| *code).collect();
        blocked.iter().for_each(|code| add(&mut codes, *code));
        if blocked.is_empty() {
            for (end_state, varies, strict) in [
                (&route.ours, Code::OwnMappingVaries, Code::OwnFilterByPort),
                (&route.theirs, Code::PeerMappingVaries, Code::PeerFilterByPort),
            ] {
                let mapping_varies = all(end_state, |mapping, _| mapping != Behaviour::EndpointIndependent);
                let filters = all(end_state, |_, filtering| filtering == Behaviour::AddressAndPortDependent);
                if mapping_varies {
                    add(&mut codes, varies);
                } else if filters {
                    add(&mut codes, strict);
                }
            }
        }
    }
    add_relays(&mut codes, relayed);
    codes
}

pub(crate) fn unclear(
    ours: &EndAssessment<'_>,
    theirs: &EndAssessment<'_>,
    routes: &[Route],
    relayed: Option<&Relayed>,
) -> Vec<Code> {
    if relayed.is_some() {
        return not_direct(routes, relayed);
    }
    let mut codes = Vec::new();
    for route in routes {
        let Meeting::Unclear(why) = route.meeting else { continue };
        add(&mut codes, why);
        for (end, end_state, code) in
            [(ours, &route.ours, Code::OwnUnclear), (theirs, &route.theirs, Code::PeerUnclear)]
        {
            let is_open = match end_state {
                EndState::Ends { ends, dies_of, .. } => ends.len() > 1 || dies_of.is_some(),
                EndState::Unknown { .. } => true,
            };
            if why == Code::EndsUnclear && is_open && has(end, route.family) {
                add(&mut codes, code);
            }
        }
    }
    codes
}

fn add_relays(codes: &mut Vec<Code>, relayed: Option<&Relayed>) {
    let added = match relayed {
        None => return,
        Some(Relayed::Works(_)) => Code::RelayTakesOver,
        Some(Relayed::Fails(Some(Code::NoTurnNamed), _)) => Code::NoTurnNamed,
        Some(Relayed::Fails(why, _)) => {
            if let Some(why) = why {
                add(codes, *why);
            }
            Code::NoRelay
        }
        Some(Relayed::Unclear(why, _)) => *why,
    };
    add(codes, added);
}

/// Whether all that an end may be, with UDP, is so.
fn all(end_state: &EndState, is_so: impl Fn(Behaviour, Behaviour) -> bool) -> bool {
    match end_state {
        EndState::Ends { ends, .. } => ends.iter().all(|end| match end {
            EndBehaviour::Udp { mapping, filtering, .. } => is_so(*mapping, *filtering),
            EndBehaviour::NoUdp => false,
        }),
        EndState::Unknown { .. } => false,
    }
}

/// Changes at one end that the predicate says yes to; each is ours or theirs. IPv6 at the end that lacks it is taken to come
/// with the filter that RFC 6092 asks for.
pub(crate) fn direct_if(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, routes: &[Route]) -> Vec<Code> {
    let (mut at_ours, mut at_theirs) = (Vec::new(), Vec::new());
    for route in routes.iter().filter(|route| route.is_common) {
        for (code, change) in CHANGES {
            if route.ours.changed(change).meets(&route.theirs) == Meeting::Direct {
                add(&mut at_ours, code);
            }
            if route.ours.meets(&route.theirs.changed(change)) == Meeting::Direct {
                add(&mut at_theirs, mirrored(code));
            }
        }
    }
    let filtered =
        EndState::certain(EndBehaviour::new(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent));
    if let Some(ipv6) = routes.iter().find(|route| route.family == Family::Ipv6 && !route.is_common) {
        let (we_have, they_have) = (has(ours, Family::Ipv6), has(theirs, Family::Ipv6));
        if they_have && !we_have && filtered.meets(&ipv6.theirs) == Meeting::Direct {
            add(&mut at_ours, Code::UseIpv6);
        }
        if we_have && !they_have && ipv6.ours.meets(&filtered) == Meeting::Direct {
            add(&mut at_theirs, Code::PeerIpv6);
        }
    }
    at_ours.extend(at_theirs);
    at_ours
}

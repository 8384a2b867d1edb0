//! Why do two ends meet as they do, and what single change at which of them would make it direct?
//!
//! What is ours and what is theirs has a code of its own each ([`mirrored`]), so that both ends say the same in their own
//! words.

use super::EndAssessment;
use super::relays::Relayed;
use super::route::{Route, has};
use crate::diagnose::causes;
use crate::diagnose::path::EndBehaviour;
use crate::diagnose::verdict::{EndState, Meeting, changes_at};
use crate::model::{Behaviour, Code, End, Family};

/// The codes that speak of our side, and those that say the same of the other. The other end's name server fails in one
/// way for whoever is not there.
const SIDED: [(Code, Code); 37] = [
    (Code::LocalFirewall, Code::PeerLocalFirewall),
    (Code::UdpBlocked, Code::PeerUdpBlocked),
    (Code::StunFiltered, Code::PeerStunFiltered),
    (Code::ServerUdpSilent, Code::PeerServersUdpSilent),
    (Code::UdpPortsLimited, Code::PeerUdpPortsLimited),
    (Code::UdpPortsClosed, Code::PeerUdpPortsClosed),
    (Code::UdpPacketsLimited, Code::PeerUdpPacketsLimited),
    (Code::UdpThrottled, Code::PeerUdpThrottled),
    (Code::LossyPath, Code::PeerLossyPath),
    (Code::DtlsBlockedHere, Code::PeerDtlsBlocked),
    (Code::DtlsFiltered, Code::PeerDtlsFiltered),
    (Code::OnlyStunPasses, Code::PeerOnlyStunPasses),
    (Code::MediaFiltered, Code::PeerMediaFiltered),
    (Code::ChecksFiltered, Code::PeerChecksFiltered),
    (Code::CaptivePortal, Code::PeerCaptivePortal),
    (Code::NetworkForbids, Code::PeerNetworkForbids),
    (Code::ProxyNeeded, Code::PeerProxyNeeded),
    (Code::ProxyAsksLogin, Code::PeerProxyAsksLogin),
    (Code::NoNameServer, Code::PeerNamesFail),
    (Code::NameServerSilent, Code::PeerNamesFail),
    (Code::NameServerRefused, Code::PeerNamesFail),
    (Code::NameServerFailed, Code::PeerNamesFail),
    (Code::NamesAllDenied, Code::PeerNamesFail),
    (Code::NamesAllOneAddress, Code::PeerNamesFail),
    (Code::NameSinkholed, Code::PeerNamesFail),
    (Code::SeveralLines, Code::PeerSeveralLines),
    (Code::OwnMappingVaries, Code::PeerMappingVaries),
    (Code::OwnFilterByPort, Code::PeerFilterByPort),
    (Code::OwnUnclear, Code::PeerUnclear),
    (Code::NothingAnswers, Code::PeerUnclear),
    (Code::UseEndpointIndependentMapping, Code::PeerEndpointIndependentMapping),
    (Code::UseAddressDependentFiltering, Code::PeerAddressDependentFiltering),
    (Code::AllowOutboundUdp, Code::PeerOutboundUdp),
    (Code::AllowUdpOnThisMachine, Code::PeerUdpOnItsMachine),
    (Code::AllowStun, Code::PeerStun),
    (Code::PublicAddressFromProvider, Code::PeerPublicAddress),
    (Code::UseIpv6, Code::PeerIpv6),
];

/// What the other end says where we say `code`; of what has a word at one end alone, what comes nearest.
pub fn mirrored(code: Code) -> Code {
    let other = SIDED.iter().find_map(|(ours, theirs)| match code {
        _ if code == *ours => Some(*theirs),
        _ if code == *theirs => Some(*ours),
        _ => None,
    });
    other.unwrap_or(code)
}

/// How a reason at one of the two ends is told at ours.
fn told(of: End, code: Code) -> Code {
    if of.is_ours() { code } else { mirrored(code) }
}

/// What leaves an end unclear: a cause that has a word at either end, or that its own diagnosis says why.
fn left_open_by(end: &EndAssessment<'_>, why: Code) -> Code {
    let root = causes::root_of(&end.assessment.held, why);
    if SIDED.iter().any(|(ours, _)| *ours == root) { root } else { Code::OwnUnclear }
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

pub(crate) fn not_direct(
    ours: &EndAssessment<'_>,
    theirs: &EndAssessment<'_>,
    routes: &[Route],
    relayed: Option<&Relayed>,
) -> Vec<Code> {
    let mut codes = Vec::new();
    let common: Vec<&Route> = routes.iter().filter(|route| route.is_common).collect();
    if common.is_empty() {
        codes.push(Code::NoCommonFamily);
    }
    for route in common {
        let sides = [(End::Ours, ours, &route.ours), (End::Theirs, theirs, &route.theirs)];
        if let Meeting::Dies(_) = route.meeting {
            let deadly = sides.iter().filter_map(|(of, end, end_state)| {
                Some(told(*of, causes::root_of(&end.assessment.held, end_state.surely_dies_of()?)))
            });
            deadly.for_each(|code| add(&mut codes, code));
            continue;
        }
        let without = sides.iter().filter_map(|(of, end, end_state)| Some((*of, *end, end_state.why_without_udp()?)));
        let blocked: Vec<Code> =
            without.map(|(of, end, why)| told(of, causes::root_of(&end.assessment.held, why))).collect();
        blocked.iter().for_each(|code| add(&mut codes, *code));
        if blocked.is_empty() {
            let behaviours = sides
                .into_iter()
                .filter_map(|(of, end, end_state)| Some(told(of, hindering(end, end_state, route.family)?)));
            behaviours.for_each(|code| add(&mut codes, code));
        }
    }
    add_relays(&mut codes, relayed);
    if let Some(Relayed::Unclear(Code::EndsUnclear, _)) = relayed {
        routes.iter().for_each(|route| add_open_ends(&mut codes, ours, theirs, route));
    }
    codes
}

/// What an end with UDP does that stands in the way of a direct path to such as it.
fn hindering(end: &EndAssessment<'_>, end_state: &EndState, family: Family) -> Option<Code> {
    let has_lines = end.assessment.nat(family).is_some_and(|nat| nat.lines.is_some());
    let mapping_varies = all(end_state, |mapping, _| mapping != Behaviour::EndpointIndependent);
    let filters_by_port = all(end_state, |_, filtering| filtering == Behaviour::AddressAndPortDependent);
    match mapping_varies {
        true if has_lines => Some(Code::SeveralLines),
        true => Some(Code::OwnMappingVaries),
        false => filters_by_port.then_some(Code::OwnFilterByPort),
    }
}

pub(crate) fn unclear(
    ours: &EndAssessment<'_>,
    theirs: &EndAssessment<'_>,
    routes: &[Route],
    relayed: Option<&Relayed>,
) -> Vec<Code> {
    if relayed.is_some() {
        return not_direct(ours, theirs, routes, relayed);
    }
    let mut codes = Vec::new();
    for route in routes {
        let why = match route.meeting {
            Meeting::Unclear(why) => why,
            // In the other family the call lives.
            Meeting::Dies(_) => Code::EndsUnclear,
            Meeting::Direct | Meeting::NotDirect => continue,
        };
        add(&mut codes, why);
        if why == Code::EndsUnclear {
            add_open_ends(&mut codes, ours, theirs, route);
        }
    }
    codes
}

/// What leaves it open how each of the two ends is.
fn add_open_ends(codes: &mut Vec<Code>, ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, route: &Route) {
    for (of, end, end_state) in [(End::Ours, ours, &route.ours), (End::Theirs, theirs, &route.theirs)] {
        // One that has no UDP leaves nothing open by itself, but which relay is taken.
        let why = end_state.why_unclear().or_else(|| end_state.why_without_udp());
        if let Some(why) = why.filter(|_| has(end, route.family)) {
            add(codes, told(of, left_open_by(end, why)));
        }
    }
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
        for (code, change) in changes_at(ours.assessment, route.family) {
            if route.ours.changed(change).meets(&route.theirs) == Meeting::Direct {
                add(&mut at_ours, code);
            }
        }
        for (code, change) in changes_at(theirs.assessment, route.family) {
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

//! Findings about two ends together: whether the prediction held, and what the call would be relayed by.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::call::failing;
use crate::diagnose::meeting::{Disagreement, JointAssessment, PairReport, is_relayed};
use crate::diagnose::view::interfaces;
use crate::model::{
    CandidateType, Code, Count, Detail, End, Fact, Family, IceFact, Millis, ObservationId, Pair, PairEnd, PairFailure,
    PairState, Path, Reason, Scope, ServerUri, Several, Severity, Transport,
};

use std::collections::BTreeMap;
use std::net::IpAddr;

/// pion accepts a relayed pair two seconds after the checks begin; other stacks are more patient.
const RELAY_ACCEPTED_AFTER: Millis = Millis(2000.0);
/// The first check may be dropped by a filter that the second finds open: so many round trips until an answer.
const ROUND_TRIPS_TO_ANSWER: f64 = 2.0;

pub(crate) fn add(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    if joint.joined.peer.as_ref().is_some_and(|peer| peer.redacted_apart)
        && let Some(prediction) = &joint.prediction
    {
        list.add(Code::AddressesHidden, Severity::Info, about(), prediction.path.evidence());
    }
    prediction(joint, list);
    disagreement(assessment, joint, list);
    nomination(assessment, joint, list);
    behind_one_nat(assessment, joint, list);
    addresses_inside(assessment, joint, list);
    over_streams(assessment, joint, list);
}

/// Of their checks and of the call, which says more where there was one.
fn disagreement(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    let calls = assessment.call.as_ref().zip(joint.peer.as_ref().and_then(|peer| peer.call.as_ref()));
    let of_call = calls.and_then(|(ours, theirs)| failing::disagreement(ours, theirs));
    let of_checks = joint.tried.as_ref().and_then(|tried| tried.disagreement.as_ref());
    if let Some(Disagreement { says, evidence }) = of_call.as_ref().or(of_checks) {
        list.add(Code::EndsDisagree, Severity::Warning, about().reason(Reason::Code(*says)), evidence);
    }
}

/// A prediction is proved wrong only by trying what it speaks of, where the two ends agree on what that showed.
fn prediction(joint: &JointAssessment, list: &mut List) {
    let tried = joint.tried.as_ref().filter(|tried| tried.disagreement.is_none());
    let (Some(prediction), Some(tried)) = (&joint.prediction, tried) else { return };
    // Where the two agents do not know each other, or a machine does not let its own checks out, the way between them was
    // not tried.
    if !joint.credential_faults().is_empty() || joint.reports().iter().any(|report| report.pair.is_forbidden()) {
        return;
    }
    let (Some(predicted), Some(found)) = (prediction.path.value(), tried.path.value()) else { return };
    let (code, severity) = match (predicted, found) {
        (Path::Direct, Path::Relay | Path::None) if tried.tried_direct => (Code::DirectWasPredicted, Severity::Warning),
        (Path::Relay, Path::Direct) => (Code::RelayWasPredicted, Severity::Info),
        (Path::Relay, Path::None) if tried.tried_relayed => (Code::RelayWasPredictedAndFailed, Severity::Critical),
        (Path::None, Path::Direct | Path::Relay) => (Code::NoPathWasPredicted, Severity::Info),
        _ => return,
    };
    let evidence = [prediction.path.evidence(), tried.path.evidence()].concat();
    list.add(code, severity, about(), &evidence);
}

/// A relay was chosen, or may be, although a direct path is there.
fn nomination(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    let reports: Vec<_> = joint.reports().into_iter().filter(|report| report.end.is_ours()).collect();
    let chosen =
        reports.iter().find(|report| report.pair.nominated && is_relayed(&report.pair.local, &report.pair.remote));
    let works = reports.iter().filter(|report| report.pair.state == PairState::Succeeded);
    let direct = works.clone().find(|report| !is_relayed(&report.pair.local, &report.pair.remote));
    // A call that had gone directly before was put on the relay because that was over.
    let was_direct = joint.joined.observations.iter().filter(|seen| seen.end.is_ours()).any(
        |seen| matches!(&seen.fact, Fact::Ice(IceFact::Nominated { local, remote, .. }) if !is_relayed(local, remote)),
    );
    if let (Some(chosen), Some(direct), false) = (chosen, direct, was_direct) {
        let of = about_ends(&direct.pair.local, &direct.pair.remote);
        list.add(Code::RelayNominatedFirst, Severity::Warning, of, &[chosen.id, direct.id]);
    }
    let Some(prediction) = joint.prediction.as_ref().filter(|_| joint.tried.is_none()) else { return };
    let peer_relays = joint.peer.iter().flat_map(|peer| &peer.relays);
    let has_relay = assessment.allocations.iter().chain(peer_relays).any(|relay| relay.state.may_relay());
    if let Some(ms) = prediction.round_trip_ms
        && prediction.path.value() == Some(&Path::Direct)
        && ms.0 * ROUND_TRIPS_TO_ANSWER > RELAY_ACCEPTED_AFTER.0
        && has_relay
    {
        let of = about().count(Count::of_milliseconds(ms));
        list.add(Code::RelayMayBeNominatedFirst, Severity::Info, of, prediction.path.evidence());
    }
}

/// The other end offers the address at which the internet sees this end, and nothing came back from there.
fn behind_one_nat(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    let Some(path @ (Path::Relay | Path::None)) = joint.tried.as_ref().and_then(|tried| tried.path.value()) else {
        return;
    };
    let is_own = |address: IpAddr| {
        let nat = assessment.nat(Family::of(address)).map(|nat| &nat.nat);
        nat.is_some_and(|nat| nat.public_addresses.contains(&address) && nat.translated.value() != Some(&false))
    };
    let mut evidence: BTreeMap<IpAddr, Vec<ObservationId>> = BTreeMap::new();
    let reports = joint.reports();
    let failed = reports.iter().filter(|report| report.end.is_ours() && report.pair.state == PairState::Failed);
    for report in failed.filter(|report| !is_relayed(&report.pair.local, &report.pair.remote)) {
        if let Some(address) = report.pair.remote.address.address().filter(|address| is_own(*address)) {
            evidence.entry(address).or_default().push(report.id);
        }
    }
    let severity = if *path == Path::None { Severity::Critical } else { Severity::Warning };
    let neighbour = failed_neighbour(assessment, &reports);
    for (address, ids) in evidence {
        let of = about().public(Several::of([address]));
        match &neighbour {
            Some((remote, id)) if Scope::of(*remote) == Scope::Private => {
                list.add(
                    Code::NeighboursKeptApart,
                    severity,
                    of.remote(remote.to_string()),
                    &[&ids[..], &[*id]].concat(),
                );
            }
            _ => list.add(Code::PeerAtOwnPublicAddress, severity, of, &ids),
        }
    }
}

/// An address of the other end in the network of an interface of ours, that checks from there did not reach.
fn failed_neighbour(assessment: &Assessment<'_>, reports: &[PairReport<'_>]) -> Option<(IpAddr, ObservationId)> {
    let own = own_networks(assessment);
    reports.iter().filter(|report| report.end.is_ours() && report.pair.state == PairState::Failed).find_map(|report| {
        let (local, remote) = (report.pair.local.address.address()?, report.pair.remote.address.address()?);
        let is_of_hosts = [&report.pair.local, &report.pair.remote].iter().all(|end| end.kind == CandidateType::Host);
        let is_in_it = own.iter().any(|(own, length)| *own == local && is_in_one_prefix(local, remote, *length));
        (is_of_hosts && is_in_it).then_some((remote, report.id))
    })
}

/// This machine's addresses, each with the length of its network's prefix.
fn own_networks(assessment: &Assessment<'_>) -> Vec<(IpAddr, u8)> {
    let addresses = interfaces(assessment.record).flat_map(|interface| &interface.addresses);
    addresses.map(|it| (it.address, it.prefix_len)).collect()
}

/// All that the other end offers without a relay are private addresses, of networks that this machine is not in, and names
/// that nobody here answers for.
fn addresses_inside(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    if joint.tried.as_ref().and_then(|tried| tried.path.value()) != Some(&Path::None) {
        return;
    }
    let own = own_networks(assessment);
    let is_elsewhere = |address: IpAddr| {
        Scope::of(address) == Scope::Private
            && !own.iter().any(|(own, length)| is_in_one_prefix(*own, address, *length))
    };
    let reports = joint.reports();
    let others: Vec<_> = reports
        .iter()
        .filter(|report| report.end.is_ours() && report.pair.remote.kind != CandidateType::Relay)
        .collect();
    let is_unknown_name = |pair: &Pair| pair.failure == Some(PairFailure::NotResolved);
    let (names, addresses): (Vec<&PairReport<'_>>, Vec<&PairReport<'_>>) =
        others.iter().partition(|report| is_unknown_name(report.pair));
    let all = addresses.iter().all(|report| report.pair.remote.address.address().is_some_and(is_elsewhere));
    if let Some(first) = addresses.first().filter(|_| all) {
        let evidence: Vec<ObservationId> = others.iter().map(|report| report.id).collect();
        let name = names.first().map(|report| report.pair.remote.address.to_string());
        let of = about().remote(first.pair.remote.address.to_string()).name(name);
        list.add(Code::PeerAddressesInside, Severity::Critical, of, &evidence);
    }
}

fn is_in_one_prefix(one: IpAddr, other: IpAddr, length: u8) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    let ((one, width), (other, same_width)) = (bits(one), bits(other));
    let shift = 128_u32.saturating_sub(u32::from(length));
    width == same_width && (length == 0 || one.checked_shr(shift) == other.checked_shr(shift))
}

/// The call goes, or would go, through a relay over TCP or TLS because UDP is blocked at the relay's client.
fn over_streams(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    let path = joint.tried.as_ref().map(|tried| &tried.path).or(joint.prediction.as_ref().map(|p| &p.path));
    if path.and_then(|path| path.value()) != Some(&Path::Relay) {
        return;
    }
    let ours = assessment
        .udp(assessment.deciding_family())
        .absent()
        .map(|evidence| (evidence.to_vec(), &assessment.allocations));
    let theirs = joint.peer.as_ref().and_then(|peer| Some((peer.udp_blocked.clone()?, &peer.relays)));
    for (end, blocked) in [(End::Ours, ours), (End::Theirs, theirs)] {
        let Some((mut evidence, relays)) = blocked else { continue };
        let of_call = joint.tried.is_some().then(|| relay_in_use(joint, end)).flatten();
        let best = relays
            .iter()
            .filter(|relay| relay.state.may_relay())
            .map(|relay| (relay.transport, relay.uri.clone(), relay.evidence.clone()))
            .next();
        let Some((transport, uri, more)) = of_call.or(best) else { continue };
        if matches!(transport, Transport::Udp | Transport::Dtls) {
            continue;
        }
        evidence.extend(more);
        let host = uri.as_ref().and_then(|uri| Some(uri.target()?.host.clone()));
        let of = about().transport(transport).server(host);
        let code = match end {
            End::Ours => Code::OwnRelayedOverStream,
            End::Theirs => Code::PeerRelayedOverStream,
        };
        list.add(code, Severity::Warning, of, &evidence);
    }
}

type RelayInUse = (Transport, Option<ServerUri>, Vec<ObservationId>);

/// The relay of this end in the pair that was chosen, as that end itself saw it.
fn relay_in_use(joint: &JointAssessment, end: End) -> Option<RelayInUse> {
    let reports = joint.reports();
    let of_end = reports.iter().filter(|report| report.end == end && report.pair.state == PairState::Succeeded);
    let relayed = of_end.filter(|report| report.pair.local.kind == CandidateType::Relay);
    let chosen = relayed.max_by_key(|report| report.pair.nominated)?;
    let transport = chosen.pair.local.relay_protocol?;
    Some((transport, chosen.pair.local.server.clone(), vec![chosen.id]))
}

/// Both ends of a pair for the catalogue's texts.
pub(super) fn about_ends(local: &PairEnd, remote: &PairEnd) -> Detail {
    about().local(shown(local)).remote(shown(remote))
}

pub(super) fn shown(end: &PairEnd) -> String {
    end.endpoint().map_or_else(|| end.address.to_string(), |endpoint| endpoint.to_string())
}

/// The observations of our end that are such facts.
pub(super) fn of_ours(joint: &JointAssessment, is_such: impl Fn(&Fact) -> bool) -> Vec<ObservationId> {
    let ours = joint.joined.observations.iter().filter(|observation| observation.end.is_ours());
    ours.filter(|observation| is_such(&observation.fact)).map(|observation| observation.id).collect()
}

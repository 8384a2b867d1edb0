//! Findings about candidate pairs: those that failed, in groups by how, and what became of those that work.

use super::meeting::{about_ends, of_ours, shown};
use super::{List, about};
use crate::diagnose::call::dtls;
use crate::diagnose::call::failing::{of_peer, was_carried};
use crate::diagnose::call::media::flows;
use crate::diagnose::meeting::{JointAssessment, PairReport};
use crate::diagnose::nat::{LOSS_WORTH_TELLING, LOST_AT_LEAST};
use crate::diagnose::servers::reason;
use crate::model::{
    Call, CallFact, CallOutcome, Code, Count, Detail, Fact, IceFact, Millis, ObservationId, Pair, PairFailure,
    PairState, Path, Reason, RunFact, Scope, ServerUri, Severity, Tally, Tenths,
};
use std::collections::BTreeMap;

pub(crate) fn add(call: Option<&Call>, joint: &JointAssessment, list: &mut List) {
    let reports = joint.reports();
    let ours: Vec<&PairReport<'_>> = reports.iter().filter(|report| report.end.is_ours()).collect();
    failures(joint, &ours, list);
    let is_from_a_file = !of_ours(joint, |fact| matches!(fact, Fact::Run(RunFact::FromFile(_)))).is_empty();
    let is_cut = call.is_some_and(|call| matches!(call.outcome, CallOutcome::Cut | CallOutcome::Closed));
    for report in ours.iter().filter(|report| report.pair.nominated) {
        // Checks that left after a cut, or after the other end had hung up, say nothing of how the pair was before.
        let after_cut = if is_cut { report.pair.unanswered_last } else { 0 };
        let sent = report.pair.sent.saturating_sub(after_cut);
        let lost = sent.saturating_sub(report.pair.received);
        let rate = f64::from(lost) / f64::from(sent.max(1));
        // Browsers do not count checks alike: where a file counts media, it is they that tell.
        let (lost, rate) = call.filter(|_| is_from_a_file).and_then(media_lost).unwrap_or((lost, rate));
        if lost >= LOST_AT_LEAST && rate >= LOSS_WORTH_TELLING {
            let of = about_ends(&report.pair.local, &report.pair.remote).loss((rate * 100.0).round_ties_even());
            list.add(Code::PairLossy, Severity::Warning, of, &[report.id]);
        }
    }
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        if let Fact::Ice(IceFact::ConsentLost { local, remote, .. }) = &observation.fact {
            list.add(Code::ConsentLost, Severity::Warning, about_ends(local, remote), &[observation.id]);
        }
    }
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        if let Fact::Call(CallFact::CallResumed { after_ms }) = &observation.fact {
            let of = about().count(Count::of_milliseconds(*after_ms));
            list.add(Code::CallResumed, Severity::Info, of, &[observation.id]);
        }
    }
    slow_pace(joint, list);
    restart_not_made(call, joint, list);
    roles(call, joint, list);
    let restarted = of_ours(joint, |fact| *fact == Fact::Ice(IceFact::Restarted));
    list.add(Code::IceRestarted, Severity::Info, about(), &restarted);
}

/// How many packets of media were lost on the way here, and which share; None of too few to tell.
fn media_lost(call: &Call) -> Option<(u32, f64)> {
    const ENOUGH: u64 = 100;

    let (lost, came) = flows(call).fold((0_u64, 0_u64), |(lost, came), flow| {
        (lost.saturating_add(flow.lost), came.saturating_add(flow.received_packets))
    });
    let all = lost.saturating_add(came);
    (all >= ENOUGH).then(|| (u32::try_from(lost).unwrap_or(u32::MAX), lost as f64 / all as f64))
}

/// Each description of the other end's may ask for it: the first says enough.
fn slow_pace(joint: &JointAssessment, list: &mut List) {
    let mut ours = joint.joined.observations.iter().filter(|observation| observation.end.is_ours());
    let bounded = ours.find_map(|observation| match observation.fact {
        Fact::Ice(IceFact::PaceBounded { asked_ms, granted_ms }) => Some((observation.id, asked_ms, granted_ms)),
        _ => None,
    });
    if let Some((id, asked_ms, granted_ms)) = bounded {
        let of = about().time(Some(Tenths::of_milliseconds(asked_ms))).count(Count::of_milliseconds(granted_ms));
        list.add(Code::PeerPaceSlow, Severity::Info, of, &[id]);
    }
}

/// Where the call was carried all the same, the announcement did no harm.
fn restart_not_made(call: Option<&Call>, joint: &JointAssessment, list: &mut List) {
    let severity = if call.is_some_and(was_carried) { Severity::Info } else { Severity::Warning };
    let ours = joint.joined.observations.iter().filter(|observation| observation.end.is_ours());
    let (ids, times): (Vec<ObservationId>, Vec<Millis>) = ours
        .filter_map(|observation| match observation.fact {
            Fact::Ice(IceFact::RestartNotMade { lasted_ms }) => Some((observation.id, lasted_ms)),
            _ => None,
        })
        .unzip();
    let of = about().count(times.last().map(|time| Count::of_milliseconds(*time)));
    list.add(Code::IceRestartNotMade, severity, of, &ids);
}

/// Both ends took one role: one of them gave way, or the other did not. Where that has broken the call, the call tells it.
fn roles(call: Option<&Call>, joint: &JointAssessment, list: &mut List) {
    let is_told = call.and_then(of_peer).is_some_and(|(code, _)| code == Code::RoleConflictUnresolved);
    let settled = of_ours(joint, |fact| match fact {
        Fact::Ice(IceFact::RoleSwitched { .. }) => true,
        Fact::Ice(IceFact::RoleDisputed(dispute)) => dispute.settled,
        _ => false,
    });
    list.add(Code::RoleConflict, Severity::Info, about(), &settled);
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        let Fact::Ice(IceFact::RoleDisputed(dispute)) = &observation.fact else { continue };
        if dtls::is_unresolved(dispute) && !is_told {
            let of = about().count(Count::Of(dispute.refused.into()));
            list.add(Code::RoleConflictUnresolved, Severity::Warning, of, &[observation.id]);
        }
    }
}

/// Pairs that failed alike; what it is about is the first of them.
struct AlikeFailures {
    worst: Severity,
    of: Detail,
    evidence: Vec<ObservationId>,
}

/// One finding for each way to fail; where a server is at fault, for each server.
fn failures(joint: &JointAssessment, ours: &[&PairReport<'_>], list: &mut List) {
    let is_only_names =
        !ours.is_empty() && ours.iter().all(|report| matches!(report.pair.failure, Some(PairFailure::NotResolved)));
    let connects = joint.tried.as_ref().is_some_and(|tried| tried.path.value() == Some(&Path::Direct));
    let is_from_a_page = |fact: &Fact| matches!(fact, Fact::Run(RunFact::FromFile(file)) if !file.of_packets);
    let is_from_a_page = joint.joined.observations.iter().any(|seen| seen.end.is_ours() && is_from_a_page(&seen.fact));
    let mut groups: BTreeMap<(Code, Option<String>), AlikeFailures> = BTreeMap::new();
    for report in ours.iter().filter(|report| report.pair.state == PairState::Failed) {
        let Some((code, severity, more)) = report.pair.failure.as_ref().and_then(|f| meaning(report.pair, f, connects))
        else {
            continue;
        };
        // Browsers count no refusals: what was not answered may have been refused.
        let code = if code == Code::PairsOneWay && is_from_a_page { Code::SavedPairsUnanswered } else { code };
        let severity = if is_only_names { Severity::Critical } else { severity };
        let server = (code == Code::PairsRelayLost)
            .then(|| report.pair.local.server.as_ref().map(ServerUri::to_string))
            .flatten();
        let group = groups.entry((code, server.clone())).or_insert_with(|| {
            let of = about_ends(&report.pair.local, &report.pair.remote).server(server).and(more);
            AlikeFailures { worst: severity, of, evidence: Vec::new() }
        });
        group.worst = severity.max(group.worst);
        group.evidence.push(report.id);
    }
    for ((code, _), AlikeFailures { worst: severity, of, evidence }) in groups {
        let of = of.count(Count::Of(evidence.len() as u64));
        list.add(code, severity, of, &evidence);
    }
}

/// `connects`: a pair without a relay works, so that one that does not is no loss.
fn meaning(pair: &Pair, failure: &PairFailure, connects: bool) -> Option<(Code, Severity, Detail)> {
    let unless_it_connects = if connects { Severity::Info } else { Severity::Warning };
    Some(match failure {
        PairFailure::Silent { control } if Tally { sent: pair.sent, answered: 0 }.is_silence_beside(*control) => {
            (Code::PairsSilent, Severity::Info, about())
        }
        PairFailure::Silent { .. } => (Code::PairsUnheard, Severity::Info, about()),
        PairFailure::OneWay { heard } => (Code::PairsOneWay, unless_it_connects, about().received(*heard)),
        PairFailure::NotSymmetric { from } => (Code::PairsNotSymmetric, unless_it_connects, about().from(*from)),
        PairFailure::Unreachable { failure } => {
            (Code::PairsUnreachable, Severity::Info, about().reason(reason(failure)))
        }
        PairFailure::RelayRefused { code, .. } => {
            let is_public = pair.remote.address.address().is_some_and(|remote| Scope::of(remote) == Scope::Public);
            let severity = if is_public { unless_it_connects } else { Severity::Info };
            (Code::PairsRefusedByRelay, severity, about().code(*code).remote(shown(&pair.remote)))
        }
        PairFailure::RelayLost => (Code::PairsRelayLost, unless_it_connects, about()),
        PairFailure::Refused { code, reason } => {
            let reason = Some(Reason::from(reason)).filter(|reason| !reason.is_empty());
            (Code::PairsRefused, unless_it_connects, about().code(*code).reason(reason))
        }
        PairFailure::NotResolved => {
            (Code::PairsNotResolved, Severity::Info, about().name(pair.remote.address.to_string()))
        }
        // Where that is more than a stranger's doing, it is told of the whole call.
        PairFailure::Unauthenticated | PairFailure::Limit | PairFailure::NoTime => return None,
    })
}

//! How is a call told that came out so, and is there a path where the chosen pair did not carry it?

use super::media::{flows, one_way_fault, passes_both_ways};
use super::{credentials, cut, dtls, unanswered};
use crate::diagnose::meeting::Disagreement;
use crate::model::{Call, CallBreak, CallOutcome, Code, Gravity, Judged, ObservationId, Path, Severity, Verdict};

/// None where no pair works: the pairs tell why.
pub(crate) fn of_peer(call: &Call) -> Option<(Code, Severity)> {
    if let Some(code) = credentials::fault(call) {
        return Some((code, Severity::Critical));
    }
    Some(match call.outcome {
        CallOutcome::Good => (Code::CallGood, Severity::Info),
        CallOutcome::Degraded => (Code::CallDegraded, Severity::Warning),
        CallOutcome::RelayThin => (Code::CallRelayThin, Severity::Warning),
        CallOutcome::MediaOneWay => (one_way_fault(call), Severity::Critical),
        CallOutcome::NoData if unanswered(call).is_some() => (Code::CallDataUnanswered, Severity::Warning),
        CallOutcome::NoData => (Code::CallNoData, Severity::Warning),
        CallOutcome::CodecsDiffer => (Code::CallMediaWithoutCodec, Severity::Warning),
        CallOutcome::PartOffered => (Code::CallPartOffered, Severity::Info),
        CallOutcome::MediaDeclined => (Code::CallMediaDeclined, Severity::Info),
        CallOutcome::Cut => (cut::fault(call), Severity::Critical),
        CallOutcome::Closed => (Code::CallClosed, Severity::Info),
        CallOutcome::Dtls => (dtls::fault(call), Severity::Critical),
        CallOutcome::NoAgreement => (why_not_agreed(call)?, Severity::Critical),
        CallOutcome::NotTried => (why_unusable(call)?, Severity::Warning),
        CallOutcome::Unfinished => (Code::CallUnfinished, Severity::Info),
        CallOutcome::NoPair | CallOutcome::NoCandidates | CallOutcome::NoAnswer => return None,
    })
}

/// Why the other end's description could not be used, where that is known.
fn why_unusable(call: &Call) -> Option<Code> {
    match &call.broken {
        Some(CallBreak::DescriptionUnusable { why, .. }) => *why,
        _ => None,
    }
}

/// Why the two could not agree: by the other end's description, or by what it did in ICE. None where no description of the
/// other end's was taken, so that nothing was checked: what was refused says why.
fn why_not_agreed(call: &Call) -> Option<Code> {
    Some(match (&call.broken, &call.role_dispute) {
        (Some(_), _) => why_unusable(call).unwrap_or(Code::CallNoAgreement),
        (None, Some(_)) => Code::RoleConflictUnresolved,
        (None, None) => Code::CallNotNominated,
    })
    .filter(|_| call.broken.is_some() || call.timing_ms.checks_started.is_some())
}

/// What rules a call out of which the two could not agree; None where that is known in general alone.
pub(crate) fn why_impossible(call: &Call) -> Option<Code> {
    let why = if call.outcome == CallOutcome::NoAgreement { why_not_agreed(call) } else { None };
    why.filter(|code| *code != Code::CallNoAgreement)
}

/// What rules a call out, whatever its pairs do.
pub(crate) struct RuledOut {
    pub code: Code,
    pub evidence: Vec<ObservationId>,
}

/// What is found of a call whose handshake died on a pair that was chosen; None for any other.
pub(crate) fn died_on_its_pair(call: &Call) -> Option<Code> {
    let is_silent = matches!(call.broken, Some(CallBreak::DtlsSilent { .. } | CallBreak::DiedUnsecured { .. }));
    // Where both begin, one of the two may end it at once, and the other hear nothing more.
    of_peer(call).map(|(code, _)| code).filter(|code| is_silent || *code == Code::CallDtlsBothBegin)
}

/// The same where the pair carried the call for a while, or one way alone.
fn failed_on_its_pair(call: &Call) -> Option<Code> {
    // Where only the other kind is missing, the pair did carry the call.
    let is_carried_in_part = match call.outcome {
        CallOutcome::Cut => true,
        CallOutcome::MediaOneWay => !passes_both_ways(call),
        _ => false,
    };
    died_on_its_pair(call).or_else(|| of_peer(call).map(|(code, _)| code).filter(|_| is_carried_in_part))
}

/// Whether media or data of the other end's came over the pair for as long as there was a call.
pub(crate) fn was_carried(call: &Call) -> bool {
    call.outcome.has_run() && has_received(call)
}

fn has_received(call: &Call) -> bool {
    let media = flows(call).any(|flow| flow.received_packets > 0);
    let data = call.data.iter().flat_map(|data| [&data.reliable, &data.unreliable]);
    media || data.into_iter().any(|flow| flow.received > 0 || flow.echoed > 0)
}

/// Whether a call came to nothing over a pair, or to no more than its keys: what the other end saw of it may say why.
fn is_open_to_the_other_end(call: &Call) -> bool {
    call.outcome == CallOutcome::Dtls || call.timing_ms.dtls.is_some() && !was_carried(call)
}

/// A pair that was chosen and did not carry the call is no path: ICE does not fall back to another (RFC 8445 §8). What this
/// end saw of it decides, and what the other end says tells the reason where this end saw nothing pass. Nothing is known
/// where the other end left, and its silence is all that was seen. What is ruled out has no other reason; pairs that work
/// all the same are told of beside it. What a call without keys was known to die of is named in the place of how it died
/// (`foreseen`).
pub(crate) fn judge_by_the_call(
    ruled_out: Option<RuledOut>,
    foreseen: Option<&[Code]>,
    ours: Option<&Call>,
    theirs: Option<&Call>,
    has_left: bool,
    verdict: &mut Verdict,
) {
    if let Some(RuledOut { code, evidence }) = ruled_out {
        (verdict.because, verdict.direct_if) = (vec![code], Vec::new());
        if verdict.path.value().is_none()
            || matches!(code, Code::PeerCredentialsOther | Code::OwnCredentialsOther | Code::PeerAnswersUnsigned)
        {
            verdict.path = Judged::known(Path::None, evidence);
        }
        return;
    }
    let theirs = theirs.filter(|_| ours.is_some_and(is_open_to_the_other_end));
    let failed = [ours, theirs].into_iter().flatten().filter_map(|call| Some((failed_on_its_pair(call)?, call)));
    // One reason for both ends, whichever of them saw it first: that nothing came, or came any more, is the weakest.
    let is_weak = |code: Code| matches!(code, Code::CallCut | Code::CallDtlsUnheard);
    let Some((code, call)) = failed.min_by_key(|(code, _)| (is_weak(*code), *code)) else { return };
    let evidence = call.evidence.clone();
    if cut::is_of_the_other_end(code) || code == Code::CallMediaUnusable {
        // The path has done its part: the checks say which it is.
        (verdict.because, verdict.direct_if) = (vec![code], Vec::new());
        return;
    }
    (verdict.path, verdict.because) = if matches!(code, Code::CallMediaAbsent | Code::CallMediaUnreported) {
        // STUN, DTLS and data passed; whether media do, the other end alone could say.
        (Judged::unclear(code, evidence), vec![code])
    } else if code == Code::CallCut && has_left {
        (Judged::unclear(Code::PeerLeft, evidence), vec![Code::PeerLeft])
    } else {
        let is_carried_in_part =
            matches!(code, Code::CallCut | Code::CallOwnNetworkGone | Code::CallMediaDropped | Code::CallMediaOneWay);
        let because = foreseen.filter(|_| !is_carried_in_part).map_or_else(|| vec![code], <[Code]>::to_vec);
        (Judged::known(Path::None, evidence), because)
    };
    verdict.direct_if = Vec::new();
}

/// What the other end says of a call that this end saw go otherwise.
pub(crate) fn disagreement(ours: &Call, theirs: &Call) -> Option<Disagreement> {
    // Packets may go on one way and not come the other: a call that was cut off there contradicts none that was carried here.
    let is_cut_one_way = |call: &Call| call.outcome == CallOutcome::Cut && has_received(call);
    // Nor does an end that misses media which the other does not send.
    let sends_media = |call: &Call| flows(call).any(|flow| flow.sent_packets > 0);
    let misses_nothing = |call: &Call, other: &Call| call.outcome == CallOutcome::MediaOneWay && !sends_media(other);
    let broke = |call: &Call, other: &Call| {
        call.gravity() == Gravity::Broken
            && !call.outcome.lacks_a_path()
            && !is_cut_one_way(call)
            && !misses_nothing(call, other)
    };
    if !(was_carried(ours) && broke(theirs, ours) || was_carried(theirs) && broke(ours, theirs)) {
        return None;
    }
    let (says, _) = of_peer(theirs)?;
    Some(Disagreement { says, evidence: [&ours.evidence[..], &theirs.evidence].concat() })
}

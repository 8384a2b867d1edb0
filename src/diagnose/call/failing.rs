//! How is a call told that came out so, and is there a path where the chosen pair did not carry it?

use super::{credentials, dtls};
use crate::model::{Call, CallBreak, CallOutcome, Code, Judged, ObservationId, Path, Severity, Verdict};

/// None where no pair works: the pairs tell why.
pub(crate) fn of_peer(call: &Call) -> Option<(Code, Severity)> {
    if let Some(code) = credentials::fault(call) {
        return Some((code, Severity::Critical));
    }
    Some(match call.outcome {
        CallOutcome::Good => (Code::CallGood, Severity::Info),
        CallOutcome::Degraded => (Code::CallDegraded, Severity::Warning),
        CallOutcome::RelayThin => (Code::CallRelayThin, Severity::Warning),
        CallOutcome::MediaOneWay => (Code::CallMediaOneWay, Severity::Critical),
        CallOutcome::NoData => (Code::CallNoData, Severity::Warning),
        CallOutcome::CodecsDiffer => (Code::CallMediaWithoutCodec, Severity::Warning),
        CallOutcome::PartOffered => (Code::CallPartOffered, Severity::Info),
        CallOutcome::Cut => (Code::CallCut, Severity::Critical),
        CallOutcome::Closed => (Code::CallClosed, Severity::Info),
        CallOutcome::Dtls => (dtls::fault(call), Severity::Critical),
        CallOutcome::NoAgreement => (why_unusable(call).unwrap_or(Code::CallNoAgreement), Severity::Critical),
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

/// What rules a call out of which the two could not agree.
pub(crate) fn why_impossible(call: &Call) -> Option<Code> {
    why_unusable(call).filter(|_| call.outcome == CallOutcome::NoAgreement)
}

/// What rules a call out, whatever its pairs do.
pub(crate) struct RuledOut {
    pub code: Code,
    pub evidence: Vec<ObservationId>,
}

/// What is found of a call whose handshake died on a pair that was chosen; None for any other.
pub(crate) fn died_on_its_pair(call: &Call) -> Option<Code> {
    let is_silent = matches!(call.broken, Some(CallBreak::DtlsSilent { .. }));
    // Where both begin, one of the two may end it at once, and the other hear nothing more.
    of_peer(call).map(|(code, _)| code).filter(|code| is_silent || *code == Code::CallDtlsBothBegin)
}

/// The same where the pair carried the call for a while, or one way alone.
pub(crate) fn failed_on_its_pair(call: &Call) -> Option<Code> {
    let is_carried_in_part = matches!(call.outcome, CallOutcome::Cut | CallOutcome::MediaOneWay);
    died_on_its_pair(call).or_else(|| of_peer(call).map(|(code, _)| code).filter(|_| is_carried_in_part))
}

/// How a call turned out at one end, where the pair that was chosen did not carry it.
pub(crate) struct FailedCall {
    pub code: Code,
    pub evidence: Vec<ObservationId>,
}

impl FailedCall {
    /// None where the call ran, or where no pair was chosen. `place` puts evidence into the record that is judged.
    pub(crate) fn of(call: &Call, place: impl Fn(&[ObservationId]) -> Vec<ObservationId>) -> Option<Self> {
        failed_on_its_pair(call).map(|code| Self { code, evidence: place(&call.evidence) })
    }

    /// Whether nothing came any more, which is also what an end sees of another that has gone.
    fn is_cut(&self) -> bool {
        self.code == Code::CallCut
    }

    fn is_carried_in_part(&self) -> bool {
        matches!(self.code, Code::CallCut | Code::CallMediaOneWay)
    }
}

/// A pair that was chosen and did not carry the call is no path, whichever end saw it: ICE does not fall back to another
/// (RFC 8445 §8). Nothing is known where the other end left, and its silence is all that was seen. What is ruled out has no
/// other reason; pairs that work all the same are told of beside it. What a call without keys was known to die of is named in
/// the place of how it died (`foreseen`).
pub(crate) fn judge_by_the_call(
    ruled_out: Option<RuledOut>,
    foreseen: Option<&[Code]>,
    ours: Option<FailedCall>,
    theirs: Option<FailedCall>,
    has_left: bool,
    verdict: &mut Verdict,
) {
    if let Some(RuledOut { code, evidence }) = ruled_out {
        (verdict.because, verdict.direct_if) = (vec![code], Vec::new());
        if verdict.path.value().is_none() || matches!(code, Code::PeerCredentialsOther | Code::OwnCredentialsOther) {
            verdict.path = Judged::known(Path::None, evidence);
        }
        return;
    }
    // One reason for both ends, whichever of them saw it first.
    let Some(failed) = ours.into_iter().chain(theirs).min_by_key(|failed| (failed.is_cut(), failed.code)) else {
        return;
    };
    let is_unknown = failed.is_cut() && has_left;
    (verdict.path, verdict.because) = if is_unknown {
        (Judged::unclear(Code::PeerLeft, failed.evidence), vec![Code::PeerLeft])
    } else {
        let because =
            foreseen.filter(|_| !failed.is_carried_in_part()).map_or_else(|| vec![failed.code], <[Code]>::to_vec);
        (Judged::known(Path::None, failed.evidence), because)
    };
    verdict.direct_if = Vec::new();
}

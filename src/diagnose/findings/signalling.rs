//! Findings about what carries the messages of two ends, and about what the other end says in them.

use super::meeting::of_ours;
use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::call::failing::was_carried;
use crate::diagnose::meeting::{JointAssessment, NoCandidates};
use crate::diagnose::servers::reason;
use crate::model::{
    Code, Count, Fact, IceFact, ObservationId, Reason, RefusedCandidate, RefusedMessage, Severity, SignallingFact,
    SignallingFailure, Tenths,
};
use std::collections::BTreeMap;

pub(crate) fn add(assessment: &Assessment<'_>, joint: &JointAssessment, list: &mut List) {
    carriers(joint, list);
    let is_carried = assessment.call.as_ref().is_some_and(was_carried);
    let none = NoCandidates::of(&joint.joined);
    let mut candidates: BTreeMap<Code, (Vec<RefusedCandidate>, Vec<ObservationId>)> = BTreeMap::new();
    let mut messages: BTreeMap<Code, (Vec<RefusedMessage>, Vec<ObservationId>)> = BTreeMap::new();
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        match &observation.fact {
            Fact::Ice(IceFact::CandidateRefused { candidate, why }) => {
                keep(candidates.entry(*why).or_default(), candidate, observation.id);
            }
            Fact::Signalling(SignallingFact::MessageRefused { why, detail }) => {
                keep(messages.entry(*why).or_default(), detail, observation.id);
            }
            _ => {}
        }
    }
    let candidates = candidates
        .into_iter()
        .map(|(code, (candidates, evidence))| (code, Severity::Info, Reason::Candidates(candidates), evidence));
    let messages = messages.into_iter().map(|(code, (messages, evidence))| {
        // A second answer is refused by browsers too, and the first one stands (RFC 8829 §4.1.8.2): where the call was
        // carried by what was taken, what was dropped, or could not be read, did no harm.
        let is_dropped =
            matches!(code, Code::PeerMessageStale | Code::PeerMessageMalformed | Code::PeerDescriptionMisplaced);
        let is_harmless = is_dropped && is_carried || code == Code::CallChangeBeyondUs;
        let severity = if is_harmless { Severity::Info } else { Severity::Warning };
        (code, severity, Reason::Messages(messages), evidence)
    });
    let mut refused: Vec<_> = candidates.chain(messages).collect();
    refused.sort_by_key(|(code, severity, ..)| (*code, *severity));
    for (code, severity, said, evidence) in refused {
        let said = Some(said).filter(|said| !said.is_empty());
        let of =
            about().name(said.as_ref().map(Reason::to_string)).reason(said).count(Count::Of(evidence.len() as u64));
        // Without a description that can be used nothing was checked, and no call comes about.
        let is_of_all =
            matches!(code, Code::PeerDescriptionUnusable | Code::PeerDescriptionMisplaced | Code::PeerOtherVersion)
                && joint.tried.is_none();
        let decides = is_of_all || none.as_ref().is_some_and(|none| none.code == code);
        list.add(code, if decides { Severity::Critical } else { severity }, of, &evidence);
    }
    if let Some(NoCandidates { code, waited, evidence }) = none
        && matches!(code, Code::PeerSentNoCandidates | Code::OwnNoCandidates | Code::BrowserStillGathering)
    {
        let of = about().time(waited.map(Tenths::of_milliseconds));
        list.add(code, Severity::Critical, of, &evidence);
    }
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        if let Fact::Signalling(SignallingFact::NoDescription { waited_ms, came }) = &observation.fact {
            let of = about()
                .time(Tenths::of_milliseconds(*waited_ms))
                .name(came.as_ref().map(|kind| kind.as_str().to_owned()));
            list.add(Code::PeerSentNoDescription, Severity::Critical, of, &[observation.id]);
        }
    }
    for (what, code) in SignallingFact::ENDINGS {
        let seen = of_ours(joint, |fact| *fact == Fact::Signalling(what.clone()));
        list.add(code, Severity::Warning, about(), &seen);
    }
}

/// Keeps what is told once, and each time it was observed.
fn keep<T: Clone + PartialEq + ToString>(
    (told, evidence): &mut (Vec<T>, Vec<ObservationId>),
    said: &T,
    observation: ObservationId,
) {
    if !said.to_string().is_empty() && !told.contains(said) {
        told.push(said.clone());
    }
    evidence.push(observation);
}

/// A way that fails while another one works: it is the network that does it, not the server.
fn carriers(joint: &JointAssessment, list: &mut List) {
    let carried = of_ours(joint, |fact| matches!(fact, Fact::Signalling(SignallingFact::Carried { .. })));
    let Some(control) = carried.first() else { return };
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        let Fact::Signalling(SignallingFact::NotCarried { carrier, failure, .. }) = &observation.fact else { continue };
        let mut of = about().carrier(*carrier);
        let code = match failure {
            SignallingFailure::NotConnected { failure } => {
                of = of.reason(reason(failure));
                Code::CarrierNotConnected
            }
            SignallingFailure::Status { status } => {
                of = of.code(*status);
                Code::CarrierRefused
            }
            SignallingFailure::HeldBack => Code::CarrierHeldBack,
            SignallingFailure::Cut => Code::CarrierCut,
        };
        list.add(code, Severity::Warning, of, &[observation.id, *control]);
    }
}

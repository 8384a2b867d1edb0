//! Findings about what carries the messages of two ends, and about what the other end says in them.

use super::meeting::of_ours;
use super::{List, about};
use crate::diagnose::meeting::{JointAssessment, NoCandidates};
use crate::diagnose::servers::reason;
use crate::model::{
    Code, Count, Fact, IceFact, ObservationId, Reason, Several, Severity, SignallingFact, SignallingFailure, Tenths,
};
use std::collections::BTreeMap;

pub(crate) fn add(joint: &JointAssessment, list: &mut List) {
    carriers(joint, list);
    let none = NoCandidates::of(&joint.joined);
    let mut refused: BTreeMap<(Code, Severity), (Vec<String>, Vec<ObservationId>)> = BTreeMap::new();
    for observation in joint.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        let (key, said) = match &observation.fact {
            Fact::Ice(IceFact::CandidateRefused { candidate, why }) => ((*why, Severity::Info), candidate.as_str()),
            Fact::Signalling(SignallingFact::MessageRefused { why, detail }) => {
                ((*why, Severity::Warning), detail.as_str())
            }
            _ => continue,
        };
        let (texts, evidence) = refused.entry(key).or_default();
        if !said.is_empty() && !texts.iter().any(|text| text == said) {
            texts.push(said.to_owned());
        }
        evidence.push(observation.id);
    }
    for ((code, severity), (texts, evidence)) in refused {
        let said = Some(Several::of(&texts).to_string()).filter(|said| !said.is_empty());
        let of = about().name(said.clone()).reason(said.map(Reason::Said)).count(Count::Of(evidence.len() as u64));
        let decides = none.as_ref().is_some_and(|none| none.code == code);
        list.add(code, if decides { Severity::Critical } else { severity }, of, &evidence);
    }
    if let Some(NoCandidates { code, waited, evidence }) = none
        && matches!(code, Code::PeerSentNoCandidates | Code::OwnNoCandidates | Code::BrowserStillGathering)
    {
        let of = about().time(waited.map(Tenths::of_milliseconds));
        list.add(code, Severity::Critical, of, &evidence);
    }
    let left = of_ours(joint, |fact| *fact == Fact::Signalling(SignallingFact::PeerLeft));
    list.add(Code::PeerLeft, Severity::Warning, about(), &left);
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

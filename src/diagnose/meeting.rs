//! What do two ends' records mean together? Each end is judged by itself first, as if there were no other.
//!
//! | file | answers |
//! |---|---|
//! | predict | what do the two judgements let expect? |
//! | route | what have the two in one address family? |
//! | site | are both behind one NAT, and do they reach each other there? |
//! | relays | which relay can carry the two? |
//! | reasons | why, and what single change at which end would make it direct? |
//! | tried | what did the checks of their candidate pairs show? |
//! | pairs | what became of each pair? |
//! | candidates | which end had nothing that could be checked? |
//!
//! Both ends come to one verdict from one pair of records, whichever of the two they call theirs, where both have seen for
//! themselves: what is said of a side has a word for each (`own-…`, `peer-…`), and everything else is symmetric. What only
//! the other end has seen is what the other end says.

mod candidates;
mod pairs;
mod predict;
mod reasons;
mod relays;
mod route;
mod site;
mod tried;

pub(crate) use candidates::NoCandidates;
pub(crate) use pairs::{PairReport, is_relayed};
pub use reasons::mirrored;
pub(crate) use tried::{Disagreement, Tried};

use super::Assessment;
use super::call::failing::RuledOut;
use super::call::{credentials, cut, dtls, media};
use super::reach::Udp;
use super::verdict::EndState;
use crate::model::{
    Call, Code, End, Fact, Family, IceFact, Judged, Observation, ObservationId, Pair, Path, Record, SignallingFact,
    Verdict,
};
use predict::Prediction;

/// The records of two ends, ours first; of one end, where there is no other.
pub(crate) struct Ends {
    pub ours: Record,
    pub theirs: Option<Record>,
    /// Both in one: what the ids of all evidence are places in.
    pub joined: Record,
}

impl Ends {
    /// A record may have been written by anybody: here, ours stand before theirs in any case.
    pub(crate) fn of(record: &Record) -> Self {
        let (ours, theirs) = record.clone().split();
        let joined = match (&theirs, &record.peer) {
            (Some(theirs), Some(peer)) => {
                let joined = ours.clone().join(theirs.clone(), peer.tool.clone());
                Record { peer: record.peer.clone(), ..joined }
            }
            _ => ours.clone(),
        };
        Self { ours, theirs, joined }
    }

    /// Whether an address that both ends know is the same address.
    fn has_common_addresses(&self) -> bool {
        self.joined.peer.as_ref().is_some_and(|peer| !peer.redacted_apart)
    }

    /// Where the other end's observations begin in the joined record.
    fn first_of_theirs(&self) -> u32 {
        u32::try_from(self.ours.observations.len()).unwrap_or(u32::MAX)
    }
}

/// One of two ends, judged by itself.
struct EndAssessment<'a> {
    assessment: &'a Assessment<'a>,
    /// The place of its first observation in the joined record.
    first: u32,
}

impl EndAssessment<'_> {
    /// Evidence in its own record, as places in the joined one.
    fn place(&self, ids: &[ObservationId]) -> Vec<ObservationId> {
        ids.iter().map(|id| ObservationId(id.0.saturating_add(self.first))).collect()
    }

    fn end_state(&self, family: Family) -> EndState {
        self.assessment.end_state(family)
    }

    fn udp_flows(&self, family: Family) -> Option<Vec<ObservationId>> {
        match self.assessment.udp(family) {
            Udp::Flows(heard) => Some(self.place(heard.get(..1).unwrap_or_default())),
            Udp::Blocked { .. } | Udp::Unanswered(_) | Udp::Unclear(_) | Udp::NotAsked => None,
        }
    }
}

/// What two ends come to.
pub(crate) struct JointAssessment {
    /// None where the other end's record is not here.
    pub prediction: Option<Prediction>,
    /// None where no checks were made.
    pub tried: Option<Tried>,
    /// As our checks saw them, the best first.
    pub pairs: Vec<Pair>,
    pub joined: Record,
    /// What the other end's UDP does, and the servers that stand for its relays.
    pub peer: Option<FarEnd>,
}

/// A description that is not of the agent which it is to describe.
pub(crate) struct CredentialFault {
    pub code: Code,
    /// Those that do not fit.
    pub packets: u32,
    pub evidence: Vec<ObservationId>,
}

/// What our findings say of the other end.
pub(crate) struct FarEnd {
    pub udp_blocked: Option<Vec<ObservationId>>,
    /// Allocated; whether it relays is not asked here.
    pub relays: Vec<super::relay::Relay>,
    /// The call as it says that it went, with places in the joined record.
    pub call: Option<Call>,
}

impl JointAssessment {
    /// None where this is the record of one end, of which no other knew anything.
    pub(crate) fn of(assessment: &Assessment<'_>, ends: &Ends) -> Option<Self> {
        let has_met = ends.joined.observations.iter().any(Observation::is_of_a_meeting);
        if ends.theirs.is_none() && !has_met {
            return None;
        }
        let other = ends.theirs.as_ref().map(Assessment::of);
        let ours = EndAssessment { assessment, first: 0 };
        let theirs = other.as_ref().map(|assessment| EndAssessment { assessment, first: ends.first_of_theirs() });
        let reports = pairs::reports(&ends.joined);
        Some(Self {
            prediction: theirs.as_ref().map(|theirs| predict::predict(&ours, theirs, ends.has_common_addresses())),
            tried: tried::judge(&ends.joined, &reports, |end, family| match (end, &theirs) {
                (End::Ours, _) => assessment.udp(family).absent().is_some(),
                (End::Theirs, Some(theirs)) => theirs.assessment.udp(family).absent().is_some(),
                (End::Theirs, None) => false,
            }),
            pairs: pairs::table(&ends.joined, &reports),
            joined: ends.joined.clone(),
            peer: theirs.as_ref().map(|theirs| FarEnd::of(theirs, &ends.joined)),
        })
    }

    /// Puts what the two come to in the place of what one end alone could say.
    pub(crate) fn pass_judgement(&self, verdict: &mut Verdict) {
        let unknown = || match self.ending().filter(|_| self.tried.is_none()) {
            Some((code, id)) => Judged::unclear(code, vec![id]),
            None => Judged::not_tested(Code::PeerRecordMissing),
        };
        let predicted = self.prediction.as_ref().map_or_else(unknown, |prediction| prediction.path.clone());
        let tried = self.tried.as_ref().map(|tried| tried.path.clone());
        // Checks that passed say nothing of what a call dies of after them.
        let counts = self
            .tried
            .as_ref()
            .filter(|tried| !(self.foreseen().is_some() && tried.path.value() == Some(&Path::Direct)));
        verdict.path = counts.map_or_else(|| predicted.clone(), |tried| tried.path.clone());
        (verdict.because, verdict.direct_if) = match (counts, &self.prediction) {
            (Some(tried), Some(prediction)) if tried.path.value() != prediction.path.value() => {
                let is_direct = tried.path.value() == Some(&Path::Direct);
                let direct_if = if is_direct { Vec::new() } else { prediction.direct_if.clone() };
                (tried.because(), direct_if)
            }
            (Some(tried), None) => (tried.because(), Vec::new()),
            (_, Some(prediction)) => (prediction.because.clone(), prediction.direct_if.clone()),
            (None, None) => (Vec::new(), Vec::new()),
        };
        if verdict.path.why() == Some(Code::NoPairs) {
            // Whatever the two networks do, nothing was there to be tried.
            verdict.because = NoCandidates::of(&self.joined).map(|none| none.code).into_iter().collect();
        }
        verdict.because.extend(verdict.path.why().filter(|why| !verdict.because.contains(why)));
        (verdict.predicted, verdict.tried) = (Some(predicted), tried);
    }

    /// Which descriptions are not of the agent that they are to describe, as this end saw it; none where the call came about
    /// all the same.
    pub(crate) fn credential_faults(&self) -> Vec<CredentialFault> {
        let of_ours = pairs::of_last_session(&self.joined).filter(|(end, ..)| *end == End::Ours);
        let seen = of_ours.filter_map(|(_, id, fact)| match fact {
            Fact::Ice(IceFact::CredentialsDiffer(seen)) => Some((id, seen)),
            _ => None,
        });
        let Some((id, seen)) = seen.last().filter(|_| !tried::has_carried(&self.joined)) else { return Vec::new() };
        let faults = credentials::faults(seen).into_iter();
        faults.map(|(code, packets)| CredentialFault { code, packets, evidence: vec![id] }).collect()
    }

    /// Of the other end's descriptions none could be used, or none came, so that nothing was checked.
    pub(crate) fn unusable_description(&self) -> Option<RuledOut> {
        let refused =
            self.joined.observations.iter().filter(|seen| seen.end.is_ours()).filter_map(|seen| match &seen.fact {
                Fact::Signalling(SignallingFact::MessageRefused { why, .. }) => Some((*why, seen.id)),
                Fact::Signalling(SignallingFact::NoDescription { .. }) => Some((Code::PeerSentNoDescription, seen.id)),
                _ => None,
            });
        let rules_out = |why: Code| {
            matches!(
                why,
                Code::PeerDescriptionUnusable
                    | Code::PeerDescriptionMisplaced
                    | Code::PeerOtherVersion
                    | Code::PeerSentNoDescription
            )
        };
        let mut such = refused.filter(|(why, _)| rules_out(*why));
        let (code, id) = such.next().filter(|_| self.tried.is_none())?;
        Some(RuledOut { code, evidence: vec![id] })
    }

    /// What a call on a direct path was known to die of, whose checks pass.
    pub(crate) fn foreseen(&self) -> Option<&[Code]> {
        self.prediction.as_ref().filter(|prediction| prediction.is_deadly).map(|prediction| &prediction.because[..])
    }

    /// Whether the other end went away, or the way to it was lost, before everything was said. Of this end only it knows.
    pub(crate) fn has_left(&self) -> bool {
        let is_told =
            |seen: &Observation| seen.end.is_ours() && seen.fact == Fact::Signalling(SignallingFact::PeerLeft);
        self.joined.observations.iter().any(is_told)
    }

    /// What ended the signalling before the two had said everything.
    fn ending(&self) -> Option<(Code, ObservationId)> {
        let ours = self.joined.observations.iter().filter(|seen| seen.end.is_ours());
        let mut endings = ours.filter_map(|seen| {
            let is_this = |(what, _): &&(SignallingFact, Code)| seen.fact == Fact::Signalling(what.clone());
            SignallingFact::ENDINGS.iter().find(is_this).map(|(_, code)| (*code, seen.id))
        });
        endings.next()
    }

    /// The last that each end said of each pair.
    pub(crate) fn reports(&self) -> Vec<PairReport<'_>> {
        pairs::reports(&self.joined)
    }
}

impl FarEnd {
    fn of(end: &EndAssessment<'_>, joined: &Record) -> Self {
        let blocked = |family| end.assessment.udp(family).absent().map(|evidence| end.place(evidence));
        let relays = end.assessment.allocations.iter().cloned();
        let relays = relays.map(|relay| super::relay::Relay { evidence: end.place(&relay.evidence), ..relay });
        let mut call = end.assessment.call.clone();
        if let Some(call) = &mut call {
            dtls::complete(call, joined, End::Ours);
            cut::complete(call, joined, End::Ours);
            media::complete(call, joined, End::Ours);
            call.evidence = end.place(&call.evidence);
        }
        Self { udp_blocked: blocked(end.assessment.deciding_family()), relays: relays.collect(), call }
    }
}

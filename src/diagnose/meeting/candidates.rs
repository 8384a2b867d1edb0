//! Which end had nothing that could be checked, and why? (RFC 8445 §6.1.2.2: a pair is one of a candidate of each end)

use super::pairs::of_last_session;
use crate::model::{
    BrowserFact, CallFact, CallFile, CallStage, Code, ConfigurationFact, End, Fact, HostFact, IceFact, Millis,
    ObservationId, Record, RunFact,
};
use std::collections::BTreeMap;

/// A candidate that takes longer than this is late.
const WORTH_TELLING: Millis = Millis(1000.0);

/// Signalling that hands a description on hands on the candidates as well within seconds.
const CANDIDATES_EXPECTED_AFTER: Millis = Millis(5000.0);

/// An end without a candidate that the other could check, so that no pair was formed.
pub(crate) struct NoCandidates {
    /// What is told of it.
    pub code: Code,
    /// From the other end's description until all that was observed; None where that was no time to speak of.
    pub waited: Option<Millis>,
    pub evidence: Vec<ObservationId>,
}

impl NoCandidates {
    /// None where the other end never described itself, both ends had candidates, or a file tells that need not tell of all.
    pub(crate) fn of(record: &Record) -> Option<Self> {
        let ours = || of_last_session(record).filter(|(end, ..)| *end == End::Ours);
        let file = record.observations.iter().filter(|seen| seen.end.is_ours()).find_map(|seen| match &seen.fact {
            Fact::Run(RunFact::FromFile(file)) => Some(&**file),
            _ => None,
        });
        if file.is_some_and(CallFile::may_lack_candidates) {
            return None;
        }
        let is_described = |fact: &Fact| matches!(fact, Fact::Ice(IceFact::Described { .. }));
        let (_, described, _) = ours().find(|(.., fact)| is_described(fact))?;
        if ours().any(|(.., fact)| matches!(fact, Fact::Ice(IceFact::RemoteCandidate(_) | IceFact::Checked(_)))) {
            let has_own = ours().any(|(.., fact)| is_candidate(fact));
            return (!has_own && !has_pairs(record))
                .then(|| Self::told(record, Code::OwnNoCandidates, vec![described]));
        }
        let mut refused: BTreeMap<Code, Vec<ObservationId>> = BTreeMap::new();
        for (_, id, fact) in ours() {
            if let Fact::Ice(IceFact::CandidateRefused { why, .. }) = fact {
                refused.entry(*why).or_default().push(id);
            }
        }
        if let Some((code, evidence)) = refused.into_iter().max_by_key(|(_, evidence)| evidence.len()) {
            return Some(Self::told(record, code, evidence));
        }
        // Where relays alone were allowed and none was got, what the other end sent would not have helped.
        let allows = |fact: &Fact| matches!(fact, Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly));
        let policy = ours().find(|(.., fact)| allows(fact)).map(|(_, id, _)| id);
        if let (Some(policy), false) = (policy, ours().any(|(.., fact)| is_candidate(fact))) {
            return Some(Self::told(record, Code::OwnNoCandidates, vec![described, policy]));
        }
        if let Some((code, evidence)) = browser_that_offers_nothing(record) {
            return Some(Self::told(record, code, evidence));
        }
        if let Some((code, evidence)) = lost_on_the_way(record) {
            return Some(Self::told(record, code, evidence));
        }
        let none = Self::told(record, Code::PeerSentNoCandidates, vec![described]);
        // Where a file ends soon after the description, they may have been on their way.
        let described_at = record.observations.iter().find(|seen| seen.id == described).map(|seen| seen.at_ms);
        let is_too_soon =
            |file: &CallFile| described_at.is_some_and(|at| file.known_ms().0 - at.0 < CANDIDATES_EXPECTED_AFTER.0);
        Some(none).filter(|_| !file.is_some_and(is_too_soon))
    }

    fn told(record: &Record, code: Code, evidence: Vec<ObservationId>) -> Self {
        let at = |id: &ObservationId| record.observations.iter().find(|seen| seen.id == *id).map(|seen| seen.at_ms);
        let last = record.observations.iter().filter(|seen| seen.end.is_ours()).map(|seen| seen.at_ms).max();
        let since = evidence.iter().filter_map(at).min();
        let waited =
            last.zip(since).map(|(last, since)| Millis(last.0 - since.0)).filter(|waited| *waited >= WORTH_TELLING);
        Self { code, waited, evidence }
    }
}

fn has_pairs(record: &Record) -> bool {
    record.observations.iter().any(|seen| seen.end.is_ours() && matches!(seen.fact, Fact::Ice(IceFact::Checked(_))))
}

/// Where both ends' calls are read from files, and the other's tells of candidates that this end was not given.
fn lost_on_the_way(record: &Record) -> Option<(Code, Vec<ObservationId>)> {
    let theirs = || record.observations.iter().filter(|seen| !seen.end.is_ours());
    theirs().find(|seen| matches!(seen.fact, Fact::Run(RunFact::FromFile(_))))?;
    let found: Vec<ObservationId> = theirs().filter(|seen| is_candidate(&seen.fact)).map(|seen| seen.id).collect();
    (!found.is_empty()).then_some((Code::SavedPeerCandidatesLost, found))
}

fn is_candidate(fact: &Fact) -> bool {
    matches!(fact, Fact::Host(HostFact::Candidate(_)) | Fact::Browser(BrowserFact::HiddenCandidate(_)))
}

/// Where the other end is a browser that told its page of no candidate, be it that it had gathered to the end or not: its own
/// half of the record says so.
fn browser_that_offers_nothing(record: &Record) -> Option<(Code, Vec<ObservationId>)> {
    let theirs = || record.observations.iter().filter(|seen| !seen.end.is_ours());
    let is_browser = |fact: &Fact| matches!(fact, Fact::Browser(BrowserFact::Browser { .. }));
    let has_gathered =
        |fact: &Fact| matches!(fact, Fact::Call(CallFact::CallReached { stage: CallStage::Gathered, .. }));
    let page = theirs().find(|seen| is_browser(&seen.fact))?.id;
    if theirs().any(|seen| is_candidate(&seen.fact)) {
        return None;
    }
    Some(match theirs().find(|seen| has_gathered(&seen.fact)) {
        Some(gathered) => (Code::BrowserOffersNothing, vec![page, gathered.id]),
        None => (Code::BrowserStillGathering, vec![page]),
    })
}

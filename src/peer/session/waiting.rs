//! What of the other end's is waited for, and for how long? Its description (RFC 3264 §4), and then its candidates (RFC 8838).

use super::{PeerState, Session};
use crate::ice;
use crate::machine::Instant;
use crate::model::{Fact, IceFact, RunFact, SignallingFact};
use std::time::Duration;

/// How long an end waits for the first candidate once it has a description: host candidates are there within a second, and
/// a relay's after a few round trips; what comes over TCP to a server that does not answer takes ten seconds to fail.
const CANDIDATE_LIMIT: Duration = Duration::from_secs(15);

/// When that waiting is told of, so that nobody takes it for a hang.
const WAITING_TOLD_AFTER: Duration = Duration::from_secs(3);

impl Session {
    /// Since when the other end's candidates are waited for, of whom none has come; None where some have.
    fn waits_since(&self) -> Option<Instant> {
        self.agent().filter(|_| !self.config.by_hand)?.awaits_candidates_since()
    }

    /// When there is something to do about that.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        let patience = if self.has_told_waiting { CANDIDATE_LIMIT } else { WAITING_TOLD_AFTER };
        self.waits_since().map(|since| since + patience)
    }

    /// Tells that the other end's candidates are waited for, and takes it to have none in the end.
    pub(super) fn mind_waiting(&mut self) {
        let now = self.now;
        let Some(waited) = self.waits_since().map(|since| now.since(since)) else { return };
        if waited >= WAITING_TOLD_AFTER && !std::mem::replace(&mut self.has_told_waiting, true) {
            self.observe(Fact::Ice(IceFact::CandidatesAwaited { after_ms: waited.into() }));
        }
        if waited >= CANDIDATE_LIMIT {
            self.with_agent(|agent| agent.end_of_remote_candidates(now));
        }
    }

    /// It was there to the end.
    fn may_have_answered(&self) -> bool {
        matches!(self.other, PeerState::There | PeerState::Judged | PeerState::Done)
    }

    /// What there was to wait for when the time was up: the other end's description, or the checks.
    pub(super) fn why_out_of_time(&self) -> Fact {
        let is_described = self.agent().is_some_and(ice::Agent::is_described);
        match self.met_at.filter(|_| !is_described && !self.config.by_hand && self.may_have_answered()) {
            Some(met_at) => {
                let waited_ms = self.now.since(met_at).into();
                Fact::Signalling(SignallingFact::NoDescription { waited_ms })
            }
            None => Fact::Run(RunFact::OutOfTime),
        }
    }
}

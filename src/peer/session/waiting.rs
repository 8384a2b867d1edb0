//! What of the other end's is waited for, and for how long? Its description (RFC 3264 §4), and then its candidates (RFC 8838).

use super::misplaced::{self, OwnPart};
use super::{PeerState, Session};
use crate::ice;
use crate::machine::{Instant, Slot};
use crate::model::{Code, Fact, IceFact, RefusedMessage, RunFact, SignallingFact};
use crate::signal::{Sdp, SdpType};
use std::time::Duration;

/// How long an end waits for the first candidate once it has a description: host candidates are there within a second, and
/// a relay's after a few round trips; what comes over TCP to a server that does not answer takes ten seconds to fail.
const CANDIDATE_LIMIT: Duration = Duration::from_secs(15);

/// When that waiting is told of, so that nobody takes it for a hang.
const WAITING_TOLD_AFTER: Duration = Duration::from_secs(3);

/// How long a description that fits is waited for, once one came that does not: an end that yields does so within a few round
/// trips.
const YIELD_LIMIT: Duration = Duration::from_secs(10);

impl Session {
    /// Since when the other end's candidates are waited for, of whom none has come; None where some have.
    fn waits_since(&self) -> Option<Instant> {
        self.agent().filter(|_| !self.config.by_hand)?.awaits_candidates_since()
    }

    /// When there is something to do about that.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        let patience = if self.has_told_waiting { CANDIDATE_LIMIT } else { WAITING_TOLD_AFTER };
        [self.waits_since().map(|since| since + patience), self.yields_until()].into_iter().flatten().min()
    }

    /// Tells that the other end's candidates are waited for, and takes it to have none in the end.
    pub(super) fn mind_waiting(&mut self) {
        self.mind_misplaced();
        let now = self.now;
        let Some(waited) = self.waits_since().map(|since| now.since(since)) else { return };
        if waited >= WAITING_TOLD_AFTER && !std::mem::replace(&mut self.has_told_waiting, true) {
            self.observe(Fact::Ice(IceFact::CandidatesAwaited { after_ms: waited.into() }));
        }
        if waited >= CANDIDATE_LIMIT {
            self.with_agent(|agent| agent.end_of_remote_candidates(now));
        }
    }

    /// What is wrong with a description where nothing is agreed on; None of one that fits.
    pub(super) fn misplaced(&self, kind: SdpType, sdp: &Sdp) -> Option<RefusedMessage> {
        let is_first = |agent: &&ice::Agent| !agent.is_described() && agent.restarted_at().is_none();
        let agent = self.agent().filter(|agent| is_first(agent) && !self.config.by_hand)?;
        let (ufrag, offering) = (agent.credentials().ufrag.as_str(), self.negotiation.offering);
        misplaced::fault(&OwnPart { ufrag, offering, is_first: self.slot == Some(Slot::First) }, kind, sdp)
    }

    /// Tells it at once. Whether another follows is waited for, where that may be.
    pub(super) fn refuse_misplaced(&mut self, fault: RefusedMessage) {
        let may_follow = misplaced::may_be_followed(&fault);
        self.refuse(Code::PeerDescriptionMisplaced, fault);
        if may_follow {
            self.negotiation.odd.misplaced_at.get_or_insert(self.now);
        } else {
            self.give_up();
        }
    }

    /// When a description that fits is no longer waited for.
    fn yields_until(&self) -> Option<Instant> {
        let awaits = self.agent().is_some_and(|agent| !agent.is_described());
        self.negotiation.odd.misplaced_at.filter(|_| awaits).map(|at| at + YIELD_LIMIT)
    }

    /// Ends the negotiation where none has come.
    fn mind_misplaced(&mut self) {
        if self.yields_until().is_some_and(|until| self.now >= until) {
            self.negotiation.odd.misplaced_at = None;
            self.give_up();
        }
    }

    /// The other end's last answer. What stood until then was taken as one, so that it may say again what that said.
    pub(super) fn take_last_answer(&mut self, sdp: &Sdp) {
        match self.negotiation.odd.provisional.take() {
            Some(provisional) if misplaced::is_same_call(&provisional.0, &sdp.0) => {
                self.negotiation.offering = true;
                self.take(SdpType::Answer, sdp);
            }
            Some(_) => self.refuse(Code::CallChangeBeyondUs, RefusedMessage::BeyondUs),
            None => self.take(SdpType::Answer, sdp),
        }
    }

    /// Tells that nothing of the other end's will come any more. Nobody left where nobody had come.
    pub(super) fn tell_ending(&mut self, before: PeerState) {
        let is_full = Fact::Signalling(SignallingFact::RoomFull);
        if before != PeerState::Awaited || self.config.by_hand {
            self.observe(Fact::Signalling(SignallingFact::PeerLeft));
        } else if !self.ours.observations.iter().any(|seen| seen.fact == is_full) {
            self.observe(Fact::Signalling(SignallingFact::RoomLost));
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
                let came = self.negotiation.odd.unknown_kind.clone();
                Fact::Signalling(SignallingFact::NoDescription { waited_ms, came })
            }
            None => Fact::Run(RunFact::OutOfTime),
        }
    }
}

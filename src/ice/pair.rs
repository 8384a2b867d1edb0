//! One candidate pair (RFC 8445 §6.1.2): how it stands, how often it was checked, and what that has shown.

use crate::machine::{Instant, Silence};
use crate::model::{Failure, Millis, PairEnd, PairFailure, Role, RoundTrips};
use std::net::SocketAddr;
use std::time::Duration;

/// Checks of a pair that works, the first answered one among them.
pub(super) const SAMPLES: u32 = 10;

/// The time between two samples of one pair: ten of them see half a second of the path.
pub(super) const SAMPLE_SPACING: Duration = Duration::from_millis(50);

/// Checks without an answer before a pair is called silent: with what lies between them they outlast the other end's
/// gathering and one lost signalling message, and beside a clean control eight would do ([`Tally`]).
pub(super) const ATTEMPTS: u32 = 10;

/// The first interval between checks of a pair, which doubles: 100, 200, 400 ms. RFC 8445 §14.3 begins at 500 ms for
/// fear of congestion; here the pace of all checks together bounds what is sent.
pub(super) const FIRST_INTERVAL: Duration = Duration::from_millis(100);
pub(super) const LONGEST_INTERVAL: Duration = Duration::from_millis(400);

/// The time from the last check until a pair is called silent: a round trip by satellite, twice over the ground.
const LAST_WAIT: Duration = Duration::from_millis(1000);

/// The state of a pair (RFC 8445 §6.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A pair with the same foundations is checked before it.
    Frozen,
    /// It has not been checked.
    Waiting,
    /// A check was sent, and none has been answered.
    InProgress,
    /// A check was answered as it should be.
    Succeeded,
    /// Nothing is to be expected of it any more.
    Failed,
}

/// A candidate of the peer's that can be sent to.
#[derive(Clone, Debug)]
pub(super) struct RemoteEndpoint {
    /// The candidate as a report shows it.
    pub end: PairEnd,
    /// The address and port that checks are sent to.
    pub endpoint: SocketAddr,
    /// The candidate's priority (RFC 8445 §5.1.2).
    pub priority: u32,
    /// RFC 8445 §5.1.1.3.
    pub foundation: String,
}

/// A base of ours as a pair has it: a host candidate's, or a relayed one.
#[derive(Clone, Debug)]
pub(super) struct LocalBase {
    /// The number of the base.
    pub base: usize,
    /// The priority of the candidate that is the base (RFC 8445 §5.1.2).
    pub priority: u32,
    /// RFC 8445 §5.1.1.3.
    pub foundation: String,
    /// Whether it is an allocation on a relay.
    pub is_relayed: bool,
}

/// How many checks were sent since the pair was last begun without an answer, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts {
    pub(super) made: u32,
    pub(super) allowed: u32,
    /// How often the pair was taken up again after it had failed.
    pub(super) revivals: u32,
}

/// How far a pair is towards carrying the call (RFC 8445 §8).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nomination {
    /// Our nomination is under way.
    pub under_way: bool,
    /// The peer's came before the pair had succeeded.
    pub by_peer: bool,
    /// The pair is the selected one.
    pub done: bool,
}

/// What came in place of an answer that a check could succeed by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InsteadOfAnswers {
    /// The address that answered in place of the one that was checked (§7.2.5.2.1).
    pub(super) from: Option<SocketAddr>,
    /// How many checks were answered by somebody who is not whom the peer's description names.
    pub(super) unauthenticated: u32,
    /// How often the network said that a check cannot arrive.
    pub(super) unreachable: u32,
}

/// One pair, by its base and its remote candidate: reflexive candidates are checked from their base (§6.1.2.4).
#[derive(Clone, Debug)]
pub(super) struct CandidatePair {
    /// Our half.
    pub local: LocalBase,
    /// The peer's half, by its number in the checklist.
    pub remote: usize,
    pub(super) remote_priority: u32,
    pub(super) foundations: (String, String),
    /// Whether one of its two candidates is relayed.
    pub is_relayed: bool,
    /// The state of its checks (§6.1.2.6).
    pub state: State,
    pub(super) attempts: Attempts,
    /// When it may be checked next, or is silent.
    pub(super) due: Instant,
    /// Checks sent: all of them until the first answer; from then on those after it, and the answered one.
    pub sent: u32,
    /// How many of `sent` were answered.
    pub received: u32,
    /// Which of `sent`, counted from 1, was the last to be answered.
    pub(super) answered_up_to: u32,
    pub(super) round_trips: Vec<Duration>,
    /// When a check of it was answered first.
    pub first_success: Option<Instant>,
    pub(super) silence: Silence,
    /// The mapped address from which the peer saw the check come.
    pub mapped: Option<SocketAddr>,
    pub(super) instead: InsteadOfAnswers,
    /// How far it is towards carrying the call.
    pub nomination: Nomination,
    /// Why it has failed.
    pub failure: Option<PairFailure>,
    /// What became of it has been reported.
    pub reported: bool,
    /// A check of the peer's came in on it.
    pub is_heard: bool,
}

/// RFC 8445 §6.1.2.3.
fn pair_priority(role: Role, local: u32, remote: u32) -> u64 {
    let (g, d) = match role {
        Role::Controlling => (local, remote),
        Role::Controlled => (remote, local),
    };
    let (g, d) = (u64::from(g), u64::from(d));
    (g.min(d) << 32) + 2 * g.max(d) + u64::from(g > d)
}

impl CandidatePair {
    pub(super) fn priority(&self, role: Role) -> u64 {
        pair_priority(role, self.local.priority, self.remote_priority)
    }

    /// Whether nothing more is to be learnt of it.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        match self.state {
            State::Failed => true,
            State::Succeeded => self.sent >= SAMPLES && (self.received >= self.sent || now >= self.samples_end()),
            State::Frozen | State::Waiting | State::InProgress => false,
        }
    }

    /// When the last sample has been waited for.
    pub(super) fn samples_end(&self) -> Instant {
        let slowest = self.round_trips.iter().max().copied().unwrap_or_default();
        self.due + (slowest * 2 + SAMPLE_SPACING * 2).min(LAST_WAIT)
    }

    /// When the last check of those that are allowed has been waited for.
    pub(super) fn silent_at(&self) -> Instant {
        self.due + LAST_WAIT.saturating_sub(LONGEST_INTERVAL)
    }

    pub(super) fn rtt(&self) -> Option<RoundTrips> {
        let mut sorted = self.round_trips.clone();
        sorted.sort();
        let ms = |duration: &Duration| Millis::from(*duration);
        let (min, max) = (sorted.first()?, sorted.last()?);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => Millis((ms(sorted.get(middle.checked_sub(1)?)?).0 + ms(sorted.get(middle)?).0) / 2.0),
            _ => ms(sorted.get(middle)?),
        };
        Some(RoundTrips { min: ms(min), median, max: ms(max) })
    }

    /// The check that was the last of this many to leave by then has been answered.
    pub(super) fn answered_up_to(&mut self, number: u32) {
        self.answered_up_to = self.answered_up_to.max(number.min(self.sent));
    }

    /// How long nothing has been received on it.
    pub(super) fn silence(&self) -> &Silence {
        &self.silence
    }

    /// A check cannot arrive, says the network: believed where it is the answer to more than one lost route (bad luck, or a
    /// forger's).
    pub(super) fn unreachable(&mut self, failure: &Failure) {
        const BELIEVED: u32 = 3;
        self.instead.unreachable += 1;
        if self.instead.unreachable >= BELIEVED {
            self.fail(PairFailure::Unreachable { failure: failure.clone() });
        }
    }

    /// A check was answered from another endpoint than it was sent to, which is no success (§7.2.5.2.1).
    pub(super) fn answered_elsewhere(&mut self, from: SocketAddr) {
        self.instead.from = Some(from);
    }

    /// A check was answered by somebody who is not whom the peer's description names.
    pub(super) fn answered_by_another(&mut self) {
        self.instead.unauthenticated = self.instead.unauthenticated.saturating_add(1);
    }

    pub(super) fn begin(&mut self) {
        (self.state, self.due) = (State::InProgress, Instant::START);
        (self.attempts.made, self.attempts.allowed) = (0, ATTEMPTS);
    }

    /// It has failed, unless a check of it was answered before: then only silence ends it.
    pub(super) fn fail(&mut self, failure: PairFailure) {
        if self.first_success.is_none() {
            (self.state, self.failure) = (State::Failed, Some(failure));
        }
    }
}

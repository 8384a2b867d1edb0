//! Which pairs are there, which is checked next, and what has become of each? (RFC 8445 §6.1.2, §6.1.4)
//!
//! Pure bookkeeping of one checklist: no bytes, no sockets. Unlike an agent that only wants to connect, it goes on until
//! every pair is judged: one that succeeds is sampled, one that does not is asked again until its silence counts.
//! Every check is a transaction of its own and never sent again: so each is a sample, and each answer's round trip is
//! exact (RFC 8445 §14.3 leaves the timers to the agent).

use crate::machine::Instant;
use crate::model::{CandidateType, PairEnd, PairFailure, Role, RoundTrips, Tally};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

/// RFC 8445 §6.1.2.5.
pub const MOST_PAIRS: usize = 100;

/// Checks of a pair that works, the first answered one among them.
pub const SAMPLES: u32 = 10;

/// Between two samples of one pair: ten of them see half a second of the path.
const SAMPLE_SPACING: Duration = Duration::from_millis(50);

/// Checks without an answer before a pair is called silent: with what lies between them they outlast the other end's
/// gathering and one lost signalling message, and beside a clean control eight would do ([`Tally`]).
const ATTEMPTS: u32 = 10;
/// The same where the control shows loss: at 20 % lost each way 24 silent checks are no accident.
const ATTEMPTS_WHERE_LOSSY: u32 = 32;
/// How many more are sent before the control is looked at again.
const MORE_ATTEMPTS: u32 = 6;

/// More checks that are due to a pair on which the peer's own came in.
const TRIGGERED: u32 = 3;

/// How often a pair that has failed is taken up again.
const MOST_REVIVALS: u32 = 2;

/// Between the first checks of a pair it doubles: 100, 200, 400 ms. RFC 8445 §14.3 begins at 500 ms for fear of congestion;
/// here the pace of all checks together bounds what is sent.
const FIRST_INTERVAL: Duration = Duration::from_millis(100);
const LONGEST_INTERVAL: Duration = Duration::from_millis(400);

/// From the last check to silence: a round trip by satellite, twice over the ground.
const LAST_WAIT: Duration = Duration::from_millis(1000);

/// Round trips kept for the median.
const MOST_ROUND_TRIPS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// A candidate of the peer's that can be sent to.
#[derive(Clone, Debug)]
pub struct Remote {
    pub end: PairEnd,
    pub endpoint: SocketAddr,
    pub priority: u32,
    pub foundation: String,
}

/// A base of ours as a pair has it: a host candidate's, or a relayed one.
#[derive(Clone, Debug)]
pub struct Local {
    pub base: usize,
    pub priority: u32,
    pub foundation: String,
    pub is_relayed: bool,
}

/// One pair, by its base and its remote candidate: reflexive candidates are checked from their base (§6.1.2.4).
#[derive(Clone, Debug)]
pub struct Pair {
    pub local: Local,
    pub remote: usize,
    remote_priority: u32,
    foundations: (String, String),
    pub is_relayed: bool,
    pub state: State,
    /// Checks since it was last begun without an answer.
    attempts: u32,
    /// How many of them there may be.
    allowed: u32,
    /// How often it was taken up again after it had failed.
    revivals: u32,
    /// When it may be checked next, or is silent.
    pub due: Instant,
    /// All checks until the first answer; from then on those after it, and the answered one.
    pub sent: u32,
    pub received: u32,
    round_trips: Vec<Duration>,
    pub first_success: Option<Instant>,
    last_heard: Instant,
    /// Where the peer saw the check come from.
    pub mapped: Option<SocketAddr>,
    /// An answer that came from elsewhere (§7.2.5.2.1).
    pub answered_from: Option<SocketAddr>,
    /// How often the network said that a check cannot arrive.
    pub unreachable: u32,
    /// Our nomination is under way, or the peer's came before the pair had succeeded.
    pub nominating: bool,
    pub peer_nominates: bool,
    pub nominated: bool,
    pub failure: Option<PairFailure>,
    /// Its story has been told.
    pub told: bool,
}

/// Why a check is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Check,
    Nomination,
    Sample,
    Consent,
}

#[derive(Debug, Default)]
pub struct Checklist {
    pub pairs: Vec<Pair>,
    pub remotes: Vec<Remote>,
    triggered: VecDeque<usize>,
    /// Pairs that were not formed, being one too many.
    pub left_out: u32,
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

impl Pair {
    pub fn priority(&self, role: Role) -> u64 {
        pair_priority(role, self.local.priority, self.remote_priority)
    }

    /// Whether nothing more is to be learnt of it.
    pub fn is_over(&self, now: Instant) -> bool {
        match self.state {
            State::Failed => true,
            State::Succeeded => self.sent >= SAMPLES && (self.received >= self.sent || now >= self.samples_end()),
            State::Frozen | State::Waiting | State::InProgress => false,
        }
    }

    /// When the last sample has been waited for.
    fn samples_end(&self) -> Instant {
        let slowest = self.round_trips.iter().max().copied().unwrap_or_default();
        self.due + (slowest * 2 + SAMPLE_SPACING * 2).min(LAST_WAIT)
    }

    /// When the last check of those that are allowed has been waited for.
    fn silent_at(&self) -> Instant {
        self.due + LAST_WAIT.saturating_sub(LONGEST_INTERVAL)
    }

    pub fn rtt(&self) -> Option<RoundTrips> {
        let mut sorted = self.round_trips.clone();
        sorted.sort();
        let ms = |duration: &Duration| duration.as_secs_f64() * 1000.0;
        let (min, max) = (sorted.first()?, sorted.last()?);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => (ms(sorted.get(middle.checked_sub(1)?)?) + ms(sorted.get(middle)?)) / 2.0,
            _ => ms(sorted.get(middle)?),
        };
        Some(RoundTrips { min: ms(min), median, max: ms(max) })
    }

    pub fn last_heard(&self) -> Instant {
        self.last_heard
    }

    pub fn silent_for(&self, now: Instant) -> Duration {
        now.since(self.last_heard)
    }

    fn begin(&mut self) {
        (self.state, self.attempts, self.allowed, self.due) = (State::InProgress, 0, ATTEMPTS, Instant::START);
    }

    pub fn fail(&mut self, failure: PairFailure) {
        (self.state, self.failure) = (State::Failed, Some(failure));
    }
}

impl Checklist {
    /// A candidate of the peer's; None where the same address and protocol is there already: the one that was there, with
    /// what is now known of it (a peer-reflexive one is renamed when its candidate line comes, §7.3.1.3).
    pub fn add_remote(&mut self, remote: Remote) -> Result<usize, usize> {
        let same = |known: &Remote| known.endpoint == remote.endpoint && known.end.protocol == remote.end.protocol;
        if let Some(at) = self.remotes.iter().position(same) {
            if let Some(known) = self.remotes.get_mut(at)
                && known.end.kind == CandidateType::Prflx
                && remote.end.kind != CandidateType::Prflx
            {
                for pair in self.pairs.iter_mut().filter(|pair| pair.remote == at) {
                    pair.is_relayed |= remote.end.kind == CandidateType::Relay;
                    pair.remote_priority = remote.priority;
                }
                *known = remote;
            }
            return Err(at);
        }
        self.remotes.push(remote);
        Ok(self.remotes.len() - 1)
    }

    /// Forms the pair of a base and a remote candidate; None where it is there already or one too many: then the one with
    /// the lowest priority makes room, if it has not been checked yet (§6.1.2.5).
    pub fn form(&mut self, role: Role, local: &Local, remote: usize) -> Option<usize> {
        let with = self.remotes.get(remote)?;
        if self.find(local.base, remote).is_some() {
            return None;
        }
        let foundations = (local.foundation.clone(), with.foundation.clone());
        let is_relayed = local.is_relayed || with.end.kind == CandidateType::Relay;
        let is_thawed = !self.pairs.iter().any(|pair| {
            let is_busy = matches!(pair.state, State::Frozen | State::Waiting | State::InProgress);
            pair.foundations == foundations && is_busy
        });
        let pair = Pair {
            local: local.clone(),
            remote,
            remote_priority: with.priority,
            foundations,
            is_relayed,
            state: if is_thawed { State::Waiting } else { State::Frozen },
            attempts: 0,
            allowed: ATTEMPTS,
            revivals: 0,
            due: Instant::START,
            sent: 0,
            received: 0,
            round_trips: Vec::new(),
            first_success: None,
            last_heard: Instant::START,
            mapped: None,
            answered_from: None,
            unreachable: 0,
            nominating: false,
            peer_nominates: false,
            nominated: false,
            failure: None,
            told: false,
        };
        if self.pairs.len() < MOST_PAIRS {
            self.pairs.push(pair);
            return Some(self.pairs.len() - 1);
        }
        self.left_out += 1;
        let unchecked = |(_, other): &(usize, &Pair)| matches!(other.state, State::Frozen | State::Waiting);
        let lowest = self.pairs.iter().enumerate().filter(unchecked).min_by_key(|(_, other)| other.priority(role));
        let (at, lowest) = lowest?;
        if lowest.priority(role) >= pair.priority(role) {
            return None;
        }
        self.triggered.retain(|other| *other != at);
        *self.pairs.get_mut(at)? = pair;
        Some(at)
    }

    pub fn find(&self, base: usize, remote: usize) -> Option<usize> {
        self.pairs.iter().position(|pair| pair.local.base == base && pair.remote == remote)
    }

    /// A check came in on this pair: check it at once (§7.3.1.4), even where it had failed. Not without end: two ends that
    /// hear each other's checks and whose answers never fit would wake each other for ever.
    pub fn trigger(&mut self, at: usize) {
        let Some(pair) = self.pairs.get_mut(at) else { return };
        match pair.state {
            State::Succeeded => return,
            State::Failed if pair.revivals >= MOST_REVIVALS => return,
            State::Failed => {
                // It has been told as failed: what is known now is another story.
                (pair.failure, pair.told) = (None, false);
                pair.revivals += 1;
                pair.begin();
            }
            State::Frozen | State::Waiting => pair.begin(),
            State::InProgress => {
                pair.allowed = pair.allowed.max((pair.attempts + TRIGGERED).min(ATTEMPTS_WHERE_LOSSY));
                if pair.attempts >= pair.allowed {
                    return;
                }
            }
        }
        if !self.triggered.contains(&at) {
            self.triggered.push_back(at);
        }
    }

    /// Begins the nomination of a pair that has succeeded (§8.1.1).
    pub fn nominate(&mut self, now: Instant, at: usize) {
        if let Some(pair) = self.pairs.get_mut(at) {
            (pair.nominating, pair.due) = (true, now);
        }
    }

    /// The check to send now; it counts as sent. `ready` are the pairs whose base can send to its remote.
    pub fn next(&mut self, now: Instant, role: Role, ready: &BTreeSet<usize>) -> Option<(usize, Purpose)> {
        let triggered = self.triggered.iter().position(|at| ready.contains(at));
        let chosen = match triggered {
            Some(place) => self.triggered.remove(place).map(|at| (at, Purpose::Check)),
            None => self
                .nomination(now)
                .or_else(|| self.best(role, State::Waiting, ready))
                .or_else(|| self.best(role, State::Frozen, ready))
                .or_else(|| self.overdue(now, State::InProgress).map(|at| (at, Purpose::Check)))
                .or_else(|| self.overdue(now, State::Succeeded).map(|at| (at, Purpose::Sample))),
        };
        let (at, purpose) = chosen?;
        let pair = self.pairs.get_mut(at)?;
        if matches!(pair.state, State::Frozen | State::Waiting) {
            pair.begin();
        }
        pair.sent += 1;
        pair.attempts += 1;
        pair.due = now
            + match purpose {
                Purpose::Check | Purpose::Consent => {
                    let doublings = (pair.attempts - 1).min(8);
                    (FIRST_INTERVAL * (1 << doublings)).min(LONGEST_INTERVAL)
                }
                Purpose::Nomination | Purpose::Sample => SAMPLE_SPACING,
            };
        Some((at, purpose))
    }

    fn nomination(&self, now: Instant) -> Option<(usize, Purpose)> {
        let at = self.pairs.iter().position(|pair| pair.nominating && !pair.nominated && pair.due <= now)?;
        Some((at, Purpose::Nomination))
    }

    fn best(&self, role: Role, state: State, ready: &BTreeSet<usize>) -> Option<(usize, Purpose)> {
        let in_state = self.pairs.iter().enumerate().filter(|(at, pair)| pair.state == state && ready.contains(at));
        in_state.max_by_key(|(_, pair)| pair.priority(role)).map(|(at, _)| (at, Purpose::Check))
    }

    fn overdue(&self, now: Instant, state: State) -> Option<usize> {
        let in_state = self.pairs.iter().enumerate().filter(|(_, pair)| pair.state == state && pair.due <= now);
        let wanted = in_state.filter(|(_, pair)| match state {
            State::Succeeded => pair.sent < SAMPLES,
            _ => pair.attempts < pair.allowed,
        });
        wanted.min_by_key(|(_, pair)| pair.due).map(|(at, _)| at)
    }

    /// When the next check or silence is due; None where all is over.
    pub fn due(&self, now: Instant, is_ready: impl Fn(&Pair) -> bool) -> Option<Instant> {
        let times = self.pairs.iter().filter_map(|pair| match pair.state {
            State::Frozen | State::Waiting => is_ready(pair).then_some(now),
            State::InProgress if pair.attempts < pair.allowed => Some(pair.due),
            State::InProgress => Some(pair.silent_at()),
            State::Succeeded if pair.nominating && !pair.nominated => Some(pair.due),
            State::Succeeded if pair.is_over(now) => None,
            State::Succeeded if pair.sent < SAMPLES => Some(pair.due),
            State::Succeeded => Some(pair.samples_end()),
            State::Failed => None,
        });
        times.min()
    }

    /// The peer is heard of for the first time: what was sent before says nothing of the pairs.
    pub fn begin_anew(&mut self) {
        for pair in self.pairs.iter_mut().filter(|pair| pair.state == State::InProgress && pair.received == 0) {
            pair.begin();
            pair.sent = 0;
        }
    }

    /// Calls silence where checks have gone unanswered long enough; while `is_patient` they go on instead. `control` is what
    /// was heard meanwhile on a pair's base: where it shows loss, more checks are sent before.
    pub fn expire(&mut self, now: Instant, is_patient: bool, control: impl Fn(&Pair) -> Tally) {
        for pair in &mut self.pairs {
            if pair.state != State::InProgress || pair.attempts < pair.allowed || now < pair.silent_at() {
                continue;
            }
            if is_patient {
                pair.allowed = pair.attempts + 1;
                continue;
            }
            let control = control(pair);
            let ours = Tally { sent: pair.attempts, heard: 0 };
            let is_enough =
                control.heard == 0 || ours.is_silence_beside(control) || pair.attempts >= ATTEMPTS_WHERE_LOSSY;
            if is_enough {
                pair.fail(match pair.answered_from {
                    Some(from) => PairFailure::NotSymmetric { from },
                    None => PairFailure::Silent { control },
                });
            } else {
                (pair.allowed, pair.due) = ((pair.allowed + MORE_ATTEMPTS).min(ATTEMPTS_WHERE_LOSSY), now);
            }
        }
    }

    /// A check was answered as it should be: `sent_at` is when it left, `mapped` where the peer saw it come from. True the
    /// first time.
    pub fn succeeded(&mut self, now: Instant, at: usize, sent_at: Instant, mapped: SocketAddr) -> bool {
        let Some(pair) = self.pairs.get_mut(at) else { return false };
        let is_first = pair.state != State::Succeeded;
        if is_first {
            // What was lost before the other end had opened its side says nothing of the path.
            (pair.sent, pair.received, pair.due) = (1, 0, now);
            (pair.state, pair.failure, pair.told) = (State::Succeeded, None, false);
            pair.first_success.get_or_insert(now);
        }
        pair.received = (pair.received + 1).min(pair.sent);
        (pair.last_heard, pair.mapped) = (now, Some(mapped));
        if pair.round_trips.len() < MOST_ROUND_TRIPS {
            pair.round_trips.push(now.since(sent_at));
        }
        let foundations = pair.foundations.clone();
        for other in self.pairs.iter_mut().filter(|other| other.foundations == foundations) {
            if other.state == State::Frozen {
                other.state = State::Waiting;
            }
        }
        is_first
    }

    /// Whether every pair is judged.
    pub fn is_over(&self, now: Instant) -> bool {
        self.pairs.iter().all(|pair| pair.is_over(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Host, Protocol};

    fn remote(kind: CandidateType, priority: u32) -> Remote {
        let endpoint: SocketAddr = "203.0.113.10:50000".parse().expect("an endpoint");
        let (address, port) = (Host::Address(endpoint.ip()), endpoint.port());
        let protocol = Protocol::Udp;
        let end = PairEnd { kind, protocol, address, port, tcp_type: None, relay_protocol: None, server: None };
        Remote { end, endpoint, priority, foundation: format!("{kind:?}") }
    }

    #[test]
    fn a_peer_reflexive_candidate_whose_line_says_that_it_is_relayed_makes_its_pair_a_relayed_one() {
        let mut checklist = Checklist::default();
        let at = checklist.add_remote(remote(CandidateType::Prflx, 1)).expect("new");
        let local = Local { base: 0, priority: 1, foundation: "1".to_owned(), is_relayed: false };
        let pair = checklist.form(Role::Controlling, &local, at).expect("formed");
        let learnt = checklist.pairs[pair].priority(Role::Controlling);
        assert!(!checklist.pairs[pair].is_relayed);
        assert_eq!(checklist.add_remote(remote(CandidateType::Relay, 7)), Err(at), "it is the same");
        assert!(checklist.pairs[pair].is_relayed);
        assert!(checklist.pairs[pair].priority(Role::Controlling) > learnt, "and has its own priority");
        let further = Local { base: 1, ..local };
        assert!(checklist.form(Role::Controlling, &further, at).is_some(), "other bases are paired with it too");
    }
}

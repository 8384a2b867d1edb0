//! Which pairs are there, which is checked next, and what has become of each? (RFC 8445 §6.1.2, §6.1.4)
//!
//! Pure bookkeeping of one checklist: no bytes, no sockets. Unlike an agent that only wants to connect, it goes on until
//! every pair is judged: one that succeeds is sampled, one that does not is asked again until its silence counts.
//! Every check is a transaction of its own and never sent again: so each is a sample, and each answer's round trip is
//! exact (RFC 8445 §14.3 leaves the timers to the agent).

use super::pair::{
    ATTEMPTS, Attempts, CandidatePair, FIRST_INTERVAL, InsteadOfAnswers, LONGEST_INTERVAL, LocalBase, Nomination,
    RemoteEndpoint, SAMPLE_SPACING, SAMPLES, State,
};
use crate::machine::{Instant, Silence};
use crate::model::{CandidateType, CredentialMismatch, PairFailure, Role, Tally};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;

/// The most pairs that are checked (RFC 8445 §6.1.2.5).
pub(super) const MOST_PAIRS: usize = 100;

/// How many checks may go unanswered where the control shows loss: at 20 % lost each way 24 silent checks are no
/// accident.
const ATTEMPTS_WHERE_LOSSY: u32 = 32;
/// How many more are sent before the control is looked at again.
const MORE_ATTEMPTS: u32 = 6;

/// The number of further checks that a pair gets when the peer's own check came in on it.
const TRIGGERED: u32 = 3;

/// How often a pair that has failed is taken up again.
const MOST_REVIVALS: u32 = 2;

/// The most round trips kept for the median.
const MOST_ROUND_TRIPS: usize = 64;

/// Why a check is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckPurpose {
    /// The pair has not been answered yet (RFC 8445 §7.2).
    Check,
    /// The pair is being nominated (§8.1.1).
    Nomination,
    /// It works; another round trip is measured.
    Sample,
    /// The peer is asked for consent to go on sending (RFC 7675 §5.1).
    Consent,
}

#[derive(Debug, Default)]
pub(super) struct Checklist {
    pairs: Vec<CandidatePair>,
    remotes: Vec<RemoteEndpoint>,
    triggered: VecDeque<usize>,
    /// Pairs that were not formed, being one too many.
    left_out: u32,
}

impl Checklist {
    /// All pairs, by number.
    pub(super) fn pairs(&self) -> &[CandidatePair] {
        &self.pairs
    }

    /// The pair with this number.
    pub(super) fn pair(&self, at: usize) -> Option<&CandidatePair> {
        self.pairs.get(at)
    }

    /// The same, to change it.
    pub(super) fn pair_mut(&mut self, at: usize) -> Option<&mut CandidatePair> {
        self.pairs.get_mut(at)
    }

    /// The numbers of all pairs that have succeeded.
    pub(super) fn succeeded_pairs(&self) -> impl Iterator<Item = (usize, &CandidatePair)> {
        self.pairs.iter().enumerate().filter(|(_, pair)| pair.state == State::Succeeded)
    }

    /// The peer's candidates, by number.
    pub(super) fn remotes(&self) -> &[RemoteEndpoint] {
        &self.remotes
    }

    /// The peer's endpoint of a pair.
    pub(super) fn endpoint(&self, at: usize) -> Option<SocketAddr> {
        self.remotes.get(self.pairs.get(at)?.remote).map(|remote| remote.endpoint)
    }

    /// The pair of a base with an endpoint of the peer's, which may have candidates of two protocols there.
    pub(super) fn with_endpoint(&self, base: usize, endpoint: SocketAddr) -> Option<usize> {
        let is_there = |remote: usize| self.remotes.get(remote).is_some_and(|remote| remote.endpoint == endpoint);
        self.pairs.iter().position(|pair| pair.local.base == base && is_there(pair.remote))
    }

    /// All pairs of this base whose remote candidate fits fail, but for those that were answered once.
    pub(super) fn fail_pairs(&mut self, base: usize, fits: impl Fn(SocketAddr) -> bool, failure: &PairFailure) {
        for pair in self.pairs.iter_mut().filter(|pair| pair.local.base == base) {
            if self.remotes.get(pair.remote).is_some_and(|remote| fits(remote.endpoint)) {
                pair.fail(failure.clone());
            }
        }
    }

    /// No nomination of ours is under way any more: another end controls now.
    pub(super) fn withdraw_nominations(&mut self) {
        for pair in self.pairs.iter_mut().filter(|pair| !pair.nomination.done) {
            pair.nomination.under_way = false;
        }
    }

    /// Pairs that were not formed since this was asked last, being one too many.
    pub(super) fn take_left_out(&mut self) -> u32 {
        std::mem::take(&mut self.left_out)
    }

    /// A candidate of the peer's; None where the same address and protocol is there already: the one that was there, with
    /// what is now known of it (a peer-reflexive one is renamed when its candidate line comes, §7.3.1.3).
    pub(super) fn add_remote(&mut self, remote: RemoteEndpoint) -> Result<usize, usize> {
        let same =
            |known: &RemoteEndpoint| known.endpoint == remote.endpoint && known.end.protocol == remote.end.protocol;
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

    /// Forms the pair of a base and a remote candidate; None where it is there already or one too many, and no other makes
    /// room for it ([`Self::least`]). `is_heard`: a check of the peer's came in on it.
    pub(super) fn form(&mut self, role: Role, local: &LocalBase, remote: usize, is_heard: bool) -> Option<usize> {
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
        let pair = CandidatePair {
            local: local.clone(),
            remote,
            remote_priority: with.priority,
            foundations,
            is_relayed,
            state: if is_thawed { State::Waiting } else { State::Frozen },
            attempts: Attempts { made: 0, allowed: ATTEMPTS, revivals: 0 },
            due: Instant::START,
            sent: 0,
            received: 0,
            answered_up_to: 0,
            round_trips: Vec::new(),
            first_success: None,
            silence: Silence::since(Instant::START),
            mapped: None,
            instead: InsteadOfAnswers::default(),
            nomination: Nomination::default(),
            failure: None,
            reported: false,
            is_heard,
        };
        if self.pairs.len() < MOST_PAIRS {
            self.pairs.push(pair);
            return Some(self.pairs.len() - 1);
        }
        self.left_out += 1;
        let at = self.least(role, &pair)?;
        self.triggered.retain(|other| *other != at);
        *self.pairs.get_mut(at)? = pair;
        Some(at)
    }

    /// The pair that makes room for another (§6.1.2.5): the one with the lowest priority of those that have not been
    /// checked, if its priority is lower. A pair on which a check of the peer's came in is alive, as far as can be known
    /// before it is checked, and takes the place of any that shows no life: had it to stay out for pairs that were named
    /// and lead nowhere, what works would go untried.
    fn least(&self, role: Role, pair: &CandidatePair) -> Option<usize> {
        let rank = |other: &CandidatePair| match other.state {
            State::Frozen | State::Waiting if pair.is_heard || other.priority(role) < pair.priority(role) => Some(0),
            State::Failed if pair.is_heard && other.reported => Some(1),
            State::InProgress if pair.is_heard => Some(2),
            State::Frozen | State::Waiting | State::Failed | State::InProgress | State::Succeeded => None,
        };
        let lifeless = self.pairs.iter().enumerate().filter(|(_, other)| !other.is_heard);
        let ranked = lifeless.filter_map(|(at, other)| Some(((rank(other)?, other.priority(role)), at)));
        ranked.min().map(|(_, at)| at)
    }

    pub(super) fn find(&self, base: usize, remote: usize) -> Option<usize> {
        self.pairs.iter().position(|pair| pair.local.base == base && pair.remote == remote)
    }

    /// A check came in on this pair: check it at once (§7.3.1.4), even where it had failed. Not without end: two ends that
    /// hear each other's checks and whose answers never fit would wake each other for ever.
    pub(super) fn trigger(&mut self, at: usize) {
        let Some(pair) = self.pairs.get_mut(at) else { return };
        pair.is_heard = true;
        match pair.state {
            State::Succeeded => return,
            State::Failed if pair.attempts.revivals >= MOST_REVIVALS => return,
            State::Failed => {
                // It has been reported as failed, and is reported again with what becomes of it now.
                (pair.failure, pair.reported) = (None, false);
                pair.attempts.revivals += 1;
                pair.begin();
            }
            State::Frozen | State::Waiting => pair.begin(),
            State::InProgress => {
                pair.attempts.allowed =
                    pair.attempts.allowed.max((pair.attempts.made + TRIGGERED).min(ATTEMPTS_WHERE_LOSSY));
                if pair.attempts.made >= pair.attempts.allowed {
                    return;
                }
            }
        }
        if !self.triggered.contains(&at) {
            self.triggered.push_back(at);
        }
    }

    /// Begins the nomination of a pair that has succeeded (§8.1.1).
    pub(super) fn nominate(&mut self, now: Instant, at: usize) {
        if let Some(pair) = self.pairs.get_mut(at) {
            (pair.nomination.under_way, pair.due) = (true, now);
        }
    }

    /// The check to send now; it counts as sent. `ready` are the pairs whose base can send to its remote.
    pub(super) fn next(&mut self, now: Instant, role: Role, ready: &BTreeSet<usize>) -> Option<(usize, CheckPurpose)> {
        let triggered = self.triggered.iter().position(|at| ready.contains(at));
        let chosen = match triggered {
            Some(place) => self.triggered.remove(place).map(|at| (at, CheckPurpose::Check)),
            None => self
                .nomination(now)
                .or_else(|| self.best(role, State::Waiting, ready))
                .or_else(|| self.best(role, State::Frozen, ready))
                .or_else(|| self.overdue(now, State::InProgress).map(|at| (at, CheckPurpose::Check)))
                .or_else(|| self.overdue(now, State::Succeeded).map(|at| (at, CheckPurpose::Sample))),
        };
        let (at, purpose) = chosen?;
        let pair = self.pairs.get_mut(at)?;
        if matches!(pair.state, State::Frozen | State::Waiting) {
            pair.begin();
        }
        pair.sent += 1;
        pair.attempts.made += 1;
        pair.due = now
            + match purpose {
                CheckPurpose::Check | CheckPurpose::Consent => {
                    let doublings = (pair.attempts.made - 1).min(8);
                    (FIRST_INTERVAL * (1 << doublings)).min(LONGEST_INTERVAL)
                }
                CheckPurpose::Nomination | CheckPurpose::Sample => SAMPLE_SPACING,
            };
        Some((at, purpose))
    }

    fn nomination(&self, now: Instant) -> Option<(usize, CheckPurpose)> {
        let at =
            self.pairs.iter().position(|pair| pair.nomination.under_way && !pair.nomination.done && pair.due <= now)?;
        Some((at, CheckPurpose::Nomination))
    }

    fn best(&self, role: Role, state: State, ready: &BTreeSet<usize>) -> Option<(usize, CheckPurpose)> {
        let in_state = self.pairs.iter().enumerate().filter(|(at, pair)| pair.state == state && ready.contains(at));
        in_state.max_by_key(|(_, pair)| pair.priority(role)).map(|(at, _)| (at, CheckPurpose::Check))
    }

    fn overdue(&self, now: Instant, state: State) -> Option<usize> {
        let in_state = self.pairs.iter().enumerate().filter(|(_, pair)| pair.state == state && pair.due <= now);
        let wanted = in_state.filter(|(_, pair)| match state {
            State::Succeeded => pair.sent < SAMPLES,
            _ => pair.attempts.made < pair.attempts.allowed,
        });
        wanted.min_by_key(|(_, pair)| pair.due).map(|(at, _)| at)
    }

    /// When the next check or silence is due; None where all is over.
    pub(super) fn due(&self, now: Instant, is_ready: impl Fn(&CandidatePair) -> bool) -> Option<Instant> {
        let times = self.pairs.iter().filter_map(|pair| match pair.state {
            State::Frozen | State::Waiting => is_ready(pair).then_some(now),
            State::InProgress if pair.attempts.made < pair.attempts.allowed => Some(pair.due),
            State::InProgress => Some(pair.silent_at()),
            State::Succeeded if pair.nomination.under_way && !pair.nomination.done => Some(pair.due),
            State::Succeeded if pair.is_over(now) => None,
            State::Succeeded if pair.sent < SAMPLES => Some(pair.due),
            State::Succeeded => Some(pair.samples_end()),
            State::Failed => None,
        });
        times.min()
    }

    /// The peer is heard of for the first time: what was sent before says nothing of the pairs.
    pub(super) fn restart_attempts(&mut self) {
        for pair in self.pairs.iter_mut().filter(|pair| pair.state == State::InProgress && pair.received == 0) {
            pair.begin();
            pair.sent = 0;
        }
    }

    /// Calls silence where checks have gone unanswered long enough; while `is_patient` they go on instead. `control` is what
    /// was heard meanwhile on a pair's base: where it shows loss, more checks are sent before.
    pub(super) fn expire(&mut self, now: Instant, is_patient: bool, control: impl Fn(&CandidatePair) -> Tally) {
        for pair in &mut self.pairs {
            if pair.state != State::InProgress || pair.attempts.made < pair.attempts.allowed || now < pair.silent_at() {
                continue;
            }
            if is_patient {
                pair.attempts.allowed = pair.attempts.made + 1;
                continue;
            }
            let control = control(pair);
            let ours = Tally { sent: pair.attempts.made, answered: 0 };
            let is_enough =
                control.answered == 0 || ours.is_silence_beside(control) || pair.attempts.made >= ATTEMPTS_WHERE_LOSSY;
            if is_enough {
                pair.fail(match pair.instead.from {
                    Some(from) => PairFailure::NotSymmetric { from },
                    None if pair.instead.unauthenticated >= CredentialMismatch::TELLING_PACKETS => {
                        PairFailure::Unauthenticated
                    }
                    None => PairFailure::Silent { control },
                });
            } else {
                (pair.attempts.allowed, pair.due) =
                    ((pair.attempts.allowed + MORE_ATTEMPTS).min(ATTEMPTS_WHERE_LOSSY), now);
            }
        }
    }

    /// A check was answered as it should be: `sent_at` is when it left, `mapped` where the peer saw it come from. True the
    /// first time.
    pub(super) fn succeeded(&mut self, now: Instant, at: usize, sent_at: Instant, mapped: SocketAddr) -> bool {
        let Some(pair) = self.pairs.get_mut(at) else { return false };
        let is_first = pair.state != State::Succeeded;
        if is_first {
            // What was lost before the other end had opened its side says nothing of the path.
            (pair.sent, pair.received, pair.answered_up_to, pair.due) = (1, 0, 1, now);
            (pair.state, pair.failure, pair.reported) = (State::Succeeded, None, false);
            pair.first_success.get_or_insert(now);
        }
        pair.received = (pair.received + 1).min(pair.sent);
        pair.silence.end(now);
        pair.mapped = Some(mapped);
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
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.pairs.iter().all(|pair| pair.is_over(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Host, PairEnd, Protocol};

    fn remote(kind: CandidateType, priority: u32) -> RemoteEndpoint {
        let endpoint: SocketAddr = "203.0.113.10:50000".parse().expect("an endpoint");
        let (address, port) = (Host::Address(endpoint.ip()), endpoint.port());
        let protocol = Protocol::Udp;
        let end = PairEnd { kind, protocol, address, port, tcp_type: None, relay_protocol: None, server: None };
        RemoteEndpoint { end, endpoint, priority, foundation: format!("{kind:?}") }
    }

    #[test]
    fn a_peer_reflexive_candidate_whose_line_says_that_it_is_relayed_makes_its_pair_a_relayed_one() {
        let mut checklist = Checklist::default();
        let at = checklist.add_remote(remote(CandidateType::Prflx, 1)).expect("new");
        let local = LocalBase { base: 0, priority: 1, foundation: "1".to_owned(), is_relayed: false };
        let pair = checklist.form(Role::Controlling, &local, at, false).expect("formed");
        let learnt = checklist.pairs[pair].priority(Role::Controlling);
        assert!(!checklist.pairs[pair].is_relayed);
        assert_eq!(checklist.add_remote(remote(CandidateType::Relay, 7)), Err(at), "it is the same");
        assert!(checklist.pairs[pair].is_relayed);
        assert!(checklist.pairs[pair].priority(Role::Controlling) > learnt, "and has its own priority");
        let further = LocalBase { base: 1, ..local };
        assert!(checklist.form(Role::Controlling, &further, at, false).is_some(), "other bases are paired with it too");
    }

    #[test]
    fn a_candidate_of_another_protocol_at_the_same_place_hides_no_pair() {
        let mut checklist = Checklist::default();
        let over_tcp = remote(CandidateType::Host, 9);
        let end = PairEnd { protocol: Protocol::Tcp, ..over_tcp.end.clone() };
        let endpoint = over_tcp.endpoint;
        checklist.add_remote(RemoteEndpoint { end, ..over_tcp }).expect("new");
        let at = checklist.add_remote(remote(CandidateType::Host, 1)).expect("another");
        let local = LocalBase { base: 0, priority: 1, foundation: "1".to_owned(), is_relayed: false };
        let pair = checklist.form(Role::Controlling, &local, at, false);
        assert!(pair.is_some() && checklist.with_endpoint(0, endpoint) == pair);
    }

    #[test]
    fn a_full_list_has_room_for_what_the_peer_was_heard_on_and_for_nothing_lower_else() {
        let role = Role::Controlling;
        let local = LocalBase { base: 0, priority: 9, foundation: "1".to_owned(), is_relayed: false };
        let mut checklist = Checklist::default();
        let named = |checklist: &mut Checklist, number: usize, priority| {
            let endpoint = SocketAddr::from(([198, 51, 100, 1], u16::try_from(number).expect("a port")));
            let named =
                RemoteEndpoint { endpoint, foundation: number.to_string(), ..remote(CandidateType::Host, priority) };
            checklist.add_remote(named).expect("new")
        };
        for number in 1..=MOST_PAIRS {
            let at = named(&mut checklist, number, 100);
            assert!(checklist.form(role, &local, at, false).is_some());
        }
        let late = named(&mut checklist, 900, 1);
        assert_eq!(checklist.form(role, &local, late, false), None, "the lowest stays out");
        let all: BTreeSet<usize> = (0..MOST_PAIRS).collect();
        let now = Instant::START;
        while checklist.best(role, State::Waiting, &all).or(checklist.best(role, State::Frozen, &all)).is_some() {
            checklist.next(now, role, &all);
        }
        let heard = checklist.form(role, &local, late, true).expect("takes the place of one that was not answered");
        assert_eq!((checklist.pairs.len(), checklist.pairs[heard].remote), (MOST_PAIRS, late));
        checklist.trigger(heard);
        assert_eq!(checklist.next(now, role, &all), Some((heard, CheckPurpose::Check)));
        for number in 1000..1000 + 2 * MOST_PAIRS {
            let at = named(&mut checklist, number, 1);
            checklist.form(role, &local, at, true);
        }
        assert_eq!(checklist.pairs[heard].remote, late, "what was heard gives way to nothing");
    }
}

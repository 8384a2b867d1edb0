//! Which pair carries the call: the controlling end chooses, and the controlled end follows (RFC 8445 §8).
//!
//! RFC 8445 §8.1.1 has the controlling end choose once. What is met is more: ends of RFC 5245 §8.1.1.2 nominate several
//! pairs at once and the best of them counts; browsers nominate whatever they select by now, on every check, and select anew
//! when a path turns out better by numbers that only they know (libwebrtc's `BasicIceController`:
//! `NominationMode::SEMI_AGGRESSIVE`). Both use the same attribute, so the controlled end follows this rule:
//! - a nominated pair of a higher priority than the selected one is taken at once;
//! - one of a lower priority is taken at its second check in a row that nominates it, with none on the selected pair between:
//!   a peer that still wants the selected pair nominates that one too.
//!
//! A check that comes late, or twice, moves nothing to a lower pair: it takes two that differ. Where it moves the call back to
//! a higher one, the next two on the pair that the peer uses mend it. libwebrtc as the controlled end follows where data
//! comes in (`last_data_received`) where no nomination is the newer; checks alone have none.

use super::checklist::Checklist;
use super::pair::{CandidatePair, State};
use crate::machine::Instant;
use crate::model::{Protocol, Role};
use crate::wire::TransactionId;
use std::time::Duration;

/// How long a relayed pair waits for a direct one before it is nominated: Chromium's relayed calls are connected after 260
/// to 570 ms at a round trip of 40 ms. Where the relay itself is slow, direct paths are likely slow too.
const RELAY_PATIENCE: Duration = Duration::from_millis(400);

/// How long it waits for direct pairs that have not been checked at all: a machine that is busy, or has many pairs, may come to
/// them late, and that says nothing of the direct way. A hundred pairs at one check each 10 ms take half of it.
const UNCHECKED_PATIENCE: Duration = Duration::from_secs(2);

/// An end that never settles is not followed for ever, since each move is reported: a call that changes networks makes a few.
const MOST_MOVES: u32 = 100;

/// Selects the pair that carries the call.
#[derive(Default)]
pub(super) struct Nominator {
    selected: Option<usize>,
    /// How often the selected pair was left for another.
    moves: u32,
    /// The pair beside the selected one that the peer nominated last, and by which check.
    also_nominated: Option<(usize, TransactionId)>,
}

impl Nominator {
    /// The number of the pair that carries the call.
    pub(super) fn selected(&self) -> Option<usize> {
        self.selected
    }

    /// When a relayed pair need not wait for a direct one any more; None where none waits. `since` is when the peer's
    /// description came.
    pub(super) fn patience_ends(
        &self,
        now: Instant,
        role: Role,
        since: Instant,
        checklist: &Checklist,
    ) -> Option<Instant> {
        let waits = role == Role::Controlling && self.selected.is_none();
        let relayed = checklist.succeeded_pairs().filter(|(_, pair)| pair.is_relayed);
        let round_trips = relayed.filter_map(|(_, pair)| pair.rtt());
        let slowest = round_trips.filter_map(|rtt| rtt.min.duration()).max()?;
        // A stream that is not there yet cannot be checked, and is not waited for.
        let is_of_udp = |pair: &CandidatePair| {
            checklist.remotes().get(pair.remote).is_some_and(|it| it.end.protocol == Protocol::Udp)
        };
        let is_unchecked = |pair: &CandidatePair| !pair.is_relayed && pair.state == State::Waiting && is_of_udp(pair);
        let least = if checklist.pairs().iter().any(is_unchecked) { UNCHECKED_PATIENCE } else { RELAY_PATIENCE };
        Some(since + least.max(slowest * 2)).filter(|at| waits && *at > now)
    }

    /// The pair that the controlling end nominates now, if any (§8.1.1): the first direct pair at once, a relayed one only
    /// when direct ones had their time. A relayed one is left for a direct one that is answered later, as browsers do: that it
    /// came late may have been the doing of a busy machine. `is_complete`: no candidate of the peer's follows.
    pub(super) fn choose(
        &self,
        now: Instant,
        role: Role,
        since: Instant,
        is_complete: bool,
        checklist: &Checklist,
    ) -> Option<usize> {
        let is_under_way = checklist.pairs().iter().any(|pair| pair.nomination.under_way);
        if role != Role::Controlling || is_under_way {
            return None;
        }
        let best = |relayed: bool| {
            let of_kind = checklist.succeeded_pairs().filter(move |(_, pair)| pair.is_relayed == relayed);
            of_kind.max_by_key(|(_, pair)| pair.priority(role)).map(|(at, _)| at)
        };
        if let Some(selected) = self.selected {
            let selected = checklist.pair(selected).filter(|selected| selected.is_relayed)?;
            let is_better =
                |at: &usize| checklist.pair(*at).is_some_and(|it| it.priority(role) > selected.priority(role));
            return best(false).filter(is_better);
        }
        let may_be_direct = |pair: &CandidatePair| !pair.is_relayed && pair.state != State::Failed;
        best(false).or_else(|| {
            let has_waited = self.patience_ends(now, role, since, checklist).is_none();
            let is_hopeless = is_complete && !checklist.pairs().iter().any(may_be_direct);
            best(true).filter(|_| has_waited || is_hopeless)
        })
    }

    /// A check of the controlling peer's nominates this pair. The pair to select, if it is to change.
    pub(super) fn peer_nominated(
        &mut self,
        role: Role,
        checklist: &mut Checklist,
        at: usize,
        check: TransactionId,
        can_send: bool,
    ) -> Option<usize> {
        let pair = checklist.pair_mut(at)?;
        if pair.state != State::Succeeded {
            pair.nomination.by_peer = true;
            return None;
        }
        if self.selected == Some(at) {
            self.also_nominated = None;
            return None;
        }
        let is_second = self.also_nominated.is_some_and(|(before, first)| before == at && first != check);
        self.also_nominated = Some((at, check));
        if is_second { Some(at) } else { self.prefer(role, checklist, at, can_send) }
    }

    /// A pair is nominated: selected where no better one is, or where the selected one cannot send (`can_send`).
    pub(super) fn prefer(&self, role: Role, checklist: &Checklist, at: usize, can_send: bool) -> Option<usize> {
        let priority = |at: usize| checklist.pair(at).map(|pair| pair.priority(role));
        let is_better = self.selected.is_none_or(|selected| priority(selected) < priority(at));
        (is_better || !can_send).then_some(at)
    }

    /// Selects a pair; false where it is selected already, or the peer has changed its mind too often.
    pub(super) fn select(&mut self, checklist: &mut Checklist, at: usize) -> bool {
        if self.selected == Some(at) || self.moves >= MOST_MOVES {
            return false;
        }
        if let Some(before) = self.selected.and_then(|at| checklist.pair_mut(at)) {
            (before.nomination.done, before.reported) = (false, false);
            self.moves += 1;
        }
        (self.selected, self.also_nominated) = (Some(at), None);
        if let Some(pair) = checklist.pair_mut(at) {
            // A pair that was reported before is reported again, as nominated.
            (pair.nomination.done, pair.nomination.under_way, pair.reported) = (true, false, false);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ice::pair::{LocalBase, RemoteEndpoint};
    use crate::model::{CandidateType, Host, PairEnd};
    use std::net::SocketAddr;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    /// A checklist with a direct and a relayed pair, of which those that succeed had a round trip of 40 ms.
    fn checklist(direct_succeeds: bool) -> Checklist {
        let mut checklist = Checklist::default();
        for (kind, port) in [(CandidateType::Host, 1), (CandidateType::Relay, 2)] {
            let endpoint = SocketAddr::from(([192, 0, 2, 1], port));
            let (address, protocol) = (Host::Address(endpoint.ip()), Protocol::Udp);
            let end = PairEnd { kind, protocol, address, port, tcp_type: None, relay_protocol: None, server: None };
            let remote = RemoteEndpoint { end, endpoint, priority: 9 - u32::from(port), foundation: port.to_string() };
            let remote = checklist.add_remote(remote).expect("new");
            let local = LocalBase { base: 0, priority: 1, foundation: "1".to_owned(), is_relayed: false };
            let pair = checklist.form(Role::Controlling, &local, remote, false).expect("formed");
            if let Some(formed) = checklist.pair_mut(pair) {
                formed.begin();
            }
            if kind == CandidateType::Relay || direct_succeeds {
                checklist.succeeded(at(40), pair, at(0), endpoint);
            }
        }
        checklist
    }

    #[test]
    fn a_direct_pair_is_nominated_at_once() {
        let nominator = Nominator::default();
        assert_eq!(nominator.choose(at(41), Role::Controlling, at(0), false, &checklist(true)), Some(0));
        assert_eq!(nominator.choose(at(41), Role::Controlled, at(0), false, &checklist(true)), None);
    }

    #[test]
    fn a_relayed_pair_waits_for_a_direct_one() {
        let nominator = Nominator::default();
        let checklist = checklist(false);
        assert_eq!(nominator.choose(at(41), Role::Controlling, at(0), true, &checklist), None);
        assert_eq!(nominator.patience_ends(at(41), Role::Controlling, at(0), &checklist), Some(at(400)));
        assert_eq!(nominator.choose(at(400), Role::Controlling, at(0), true, &checklist), Some(1));
    }

    #[test]
    fn a_direct_pair_that_could_not_be_checked_yet_is_not_passed_over() {
        let nominator = Nominator::default();
        let mut unchecked = checklist(false);
        if let Some(direct) = unchecked.pair_mut(0) {
            direct.state = State::Waiting;
        }
        assert_eq!(nominator.choose(at(400), Role::Controlling, at(0), false, &unchecked), None);
        if let Some(direct) = unchecked.pair_mut(0) {
            direct.state = State::InProgress;
        }
        assert_eq!(nominator.choose(at(400), Role::Controlling, at(0), false, &unchecked), Some(1));
    }

    #[test]
    fn a_relayed_pair_is_left_for_a_direct_one_that_is_answered_later_and_a_direct_one_for_none() {
        let (mut nominator, mut checklist) = (Nominator::default(), checklist(true));
        nominator.select(&mut checklist, 1);
        assert_eq!(nominator.choose(at(9000), Role::Controlling, at(0), true, &checklist), Some(0));
        assert_eq!(nominator.choose(at(9000), Role::Controlled, at(0), true, &checklist), None);
        nominator.select(&mut checklist, 0);
        assert_eq!(nominator.choose(at(9001), Role::Controlling, at(0), true, &checklist), None);
    }

    #[test]
    fn the_pair_that_was_left_is_nominated_no_more() {
        let (mut nominator, mut checklist) = (Nominator::default(), checklist(true));
        assert!(nominator.select(&mut checklist, 1) && !nominator.select(&mut checklist, 1));
        assert!(nominator.select(&mut checklist, 0));
        let nominated: Vec<bool> = checklist.pairs().iter().map(|pair| pair.nomination.done).collect();
        assert_eq!((nominator.selected(), nominated), (Some(0), vec![true, false]));
    }
}

//! Which pair carries the call: the controlling end chooses, and the controlled end follows (RFC 8445 §8).
//!
//! RFC 8445 §8.1.1 has the controlling end choose once. What is met is more: ends of RFC 5245 §8.1.1.2 nominate several
//! pairs at once and the best of them counts; browsers nominate whatever they select by now, on every check, and select anew
//! when a path turns out better by numbers that only they know (libwebrtc's `BasicIceController`:
//! `NominationMode::SEMI_AGGRESSIVE`). Both say it by the same attribute, so the controlled end follows this rule:
//! - a nominated pair of a higher priority than the chosen one is taken at once;
//! - one of a lower priority is taken at its second check in a row that nominates it, with none on the chosen pair between:
//!   who still wants the chosen pair says so on that one too.
//!
//! A check that comes late, or twice, moves nothing to a lower pair: it takes two that differ. Where it moves the call back to
//! a higher one, the next two on the pair that the peer uses mend it. libwebrtc as the controlled end follows where data
//! comes in (`last_data_received`) where no nomination is the newer; checks alone have none.

use super::Agent;
use super::checks::CONSENT_INTERVAL;
use crate::ice::checklist::{Pair, State};
use crate::machine::Instant;
use crate::model::{Fact, Role};
use crate::wire::TransactionId;
use std::time::Duration;

/// How long a relayed pair waits for a direct one before it is nominated: Chromium's relayed calls are connected after 260
/// to 570 ms at a round trip of 40 ms. Where the relay itself is slow, direct paths are likely slow too.
const RELAY_PATIENCE: Duration = Duration::from_millis(400);

/// An end that never settles is not followed for ever, since each move is told: a call that changes networks makes a few.
const MOST_MOVES: u32 = 100;

impl Agent {
    pub(super) fn can_nominate(&self) -> bool {
        self.theirs.is_some() && self.leaving.is_none()
    }

    /// When a relayed pair need not wait for a direct one any more; None where none waits.
    pub(super) fn patience_ends(&self) -> Option<Instant> {
        let waits = self.role == Role::Controlling && self.selected.is_none();
        let relayed = self.checklist.pairs.iter().filter(|pair| pair.is_relayed && pair.state == State::Succeeded);
        let slowest = relayed.filter_map(Pair::rtt).map(|rtt| Duration::from_secs_f64(rtt.min / 1000.0)).max()?;
        let patience = RELAY_PATIENCE.max(slowest * 2);
        self.described_at.map(|at| at + patience).filter(|at| waits && *at > self.now)
    }

    /// The controlling end chooses (§8.1.1): the first direct pair at once, a relayed one only when direct ones had their
    /// time.
    pub(super) fn consider_nomination(&mut self) {
        let is_under_way = self.checklist.pairs.iter().any(|pair| pair.nominating);
        if self.role != Role::Controlling || self.selected.is_some() || is_under_way || self.theirs.is_none() {
            return;
        }
        let role = self.role;
        let succeeded = || self.checklist.pairs.iter().enumerate().filter(|(_, pair)| pair.state == State::Succeeded);
        let best = |relayed: bool| {
            let of_kind = succeeded().filter(move |(_, pair)| pair.is_relayed == relayed);
            of_kind.max_by_key(|(_, pair)| pair.priority(role)).map(|(at, _)| at)
        };
        let may_be_direct = self.checklist.pairs.iter().any(|pair| !pair.is_relayed && pair.state != State::Failed);
        let chosen = best(false).or_else(|| {
            best(true).filter(|_| self.patience_ends().is_none() || !may_be_direct && self.remote_complete)
        });
        if let Some(at) = chosen {
            self.checklist.nominate(self.now, at);
        }
    }

    /// The peer's check on this pair nominates it.
    pub(super) fn heard_nomination(&mut self, at: usize, check: TransactionId) {
        let Some(pair) = self.checklist.pairs.get_mut(at) else { return };
        if pair.state != State::Succeeded {
            pair.peer_nominates = true;
            return;
        }
        if self.selected == Some(at) {
            self.also_nominated = None;
            return;
        }
        let is_second = self.also_nominated.is_some_and(|(before, first)| before == at && first != check);
        self.also_nominated = Some((at, check));
        if is_second {
            self.select(at);
        } else {
            self.prefer(at);
        }
    }

    /// The pair is nominated, and chosen where no better one is.
    pub(super) fn prefer(&mut self, at: usize) {
        let role = self.role;
        let priority = |at: usize| self.checklist.pairs.get(at).map(|pair| pair.priority(role));
        let is_better = self.selected.is_none_or(|chosen| priority(chosen) < priority(at));
        if is_better || !self.can_carry() {
            self.select(at);
        }
    }

    fn select(&mut self, at: usize) {
        if self.selected == Some(at) || self.moves >= MOST_MOVES {
            return;
        }
        if let Some(before) = self.selected.and_then(|at| self.checklist.pairs.get_mut(at)) {
            (before.nominated, before.told) = (false, false);
            self.moves += 1;
        }
        (self.selected, self.also_nominated) = (Some(at), None);
        self.consent_due = Some(self.now + CONSENT_INTERVAL);
        if let Some(pair) = self.checklist.pairs.get_mut(at) {
            // It is told again where it has been told: now it is another story.
            (pair.nominated, pair.nominating, pair.told) = (true, false, false);
        }
        self.prepare_to_carry(at);
        if let Some((local, remote)) = self.ends(at) {
            let (role, after_ms) = (self.role, self.since_described(self.now));
            self.tell(Fact::Nominated { local, remote, role, after_ms });
        }
    }
}

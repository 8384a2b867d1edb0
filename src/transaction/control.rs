//! The control beside a silence: does anybody else still answer?
//!
//! Silence says something of the one who is silent only if requests sent at the same time to somebody else are answered
//! ([`Tally::is_silence_beside`]). A control is such a series of requests, each with a transaction ID of its own, so that
//! every answer counts for exactly one request. Sending is its owner's business.

use crate::machine::Instant;
use crate::model::Tally;
use crate::wire::TransactionId;
use std::time::Duration;

/// A series of requests to `to`, `every` so often, as many as are `left`.
#[derive(Clone, Debug)]
pub struct Control<T> {
    to: T,
    every: Duration,
    /// How long an answer is waited for before the next request. Zero sends them at one pace, answered or not.
    patience: Duration,
    left: u32,
    next: Instant,
    /// Requests that may still be answered.
    waiting: Vec<TransactionId>,
    tally: Tally,
}

impl<T: Copy + PartialEq> Control<T> {
    /// `count` requests, the first at `first` and each `every` after the one before.
    pub fn at_one_pace(to: T, first: Instant, every: Duration, count: u32) -> Self {
        Self {
            to,
            every,
            patience: Duration::ZERO,
            left: count,
            next: first,
            waiting: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// `count` requests one after another: each `every` after the one before was answered, or was silent for `patience`.
    pub fn one_by_one(to: T, first: Instant, every: Duration, patience: Duration, count: u32) -> Self {
        Self { patience, ..Self::at_one_pace(to, first, every, count) }
    }

    /// Who is asked.
    pub fn to(&self) -> T {
        self.to
    }

    /// When the next request is due; None where all have been sent.
    pub fn due(&self) -> Option<Instant> {
        (self.left > 0).then_some(self.next)
    }

    /// Whether a request is due.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// Whether the last request has been sent and answered, or waited for.
    pub fn is_over(&self, now: Instant) -> bool {
        self.left == 0 && (self.waiting.is_empty() || now >= self.next)
    }

    /// A request leaves at `now`, with this transaction ID where its answer comes back by one.
    pub fn sent(&mut self, now: Instant, id: Option<TransactionId>) {
        self.left = self.left.saturating_sub(1);
        self.next = now + self.patience + self.every;
        if !self.patience.is_zero() {
            // The one before has been answered, or waited for long enough.
            self.waiting.clear();
        }
        self.waiting.extend(id);
        self.tally.sent += 1;
    }

    /// An answer came. True where it is to a request of this control; each counts once.
    pub fn answered(&mut self, now: Instant, id: TransactionId) -> bool {
        let Some(at) = self.waiting.iter().position(|waiting| *waiting == id) else { return false };
        self.waiting.swap_remove(at);
        self.count_answer(now);
        true
    }

    /// An answer came that no transaction ID of this control tells: a connectivity check on the pair asked.
    pub fn count_answer(&mut self, now: Instant) {
        self.tally.answered = (self.tally.answered + 1).min(self.tally.sent);
        self.next = self.next.min(now + self.every);
    }

    /// Requests sent and answered so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(250);
    const PATIENCE: Duration = Duration::from_millis(1000);

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn id(number: u8) -> TransactionId {
        TransactionId([number; 12])
    }

    #[test]
    fn at_one_pace_requests_leave_whether_or_not_they_are_answered() {
        let mut control = Control::at_one_pace((), at(0), EVERY, 3);
        for (number, ms) in [(1, 0), (2, 250), (3, 500)] {
            assert_eq!(control.due(), Some(at(ms)));
            control.sent(at(ms), Some(id(number)));
        }
        assert!(control.answered(at(260), id(1)));
        assert_eq!((control.due(), control.tally()), (None, Tally { sent: 3, answered: 1 }));
    }

    #[test]
    fn one_by_one_the_next_request_waits_for_the_answer_or_its_absence() {
        let mut control = Control::one_by_one((), at(0), EVERY, PATIENCE, 3);
        control.sent(at(0), Some(id(1)));
        assert!(!control.is_due(at(1249)) && control.is_due(at(1250)));
        assert!(control.answered(at(40), id(1)));
        assert_eq!(control.due(), Some(at(290)));
    }

    #[test]
    fn an_answer_counts_once_and_a_strangers_not_at_all() {
        let mut control = Control::at_one_pace((), at(0), EVERY, 2);
        control.sent(at(0), Some(id(1)));
        assert!(!control.answered(at(10), id(9)));
        assert!(control.answered(at(10), id(1)) && !control.answered(at(11), id(1)));
        assert_eq!(control.tally(), Tally { sent: 1, answered: 1 });
    }

    #[test]
    fn more_answers_than_requests_are_not_counted() {
        let mut control = Control::at_one_pace((), at(0), EVERY, 2);
        control.sent(at(0), None);
        control.count_answer(at(10));
        control.count_answer(at(20));
        assert_eq!(control.tally(), Tally { sent: 1, answered: 1 });
    }
}

//! One of a room's two participants: who it is, and which events wait for it.

use super::event::{Event, Notify, NumberedEvent};
use super::limits::Limits;
use super::token::Token;
use crate::machine::{Instant, RateLimiter};
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) enum Occupancy<B> {
    /// Nobody has taken the slot yet. Events are kept for whoever will.
    Vacant,
    Held {
        token: Token,
        notify: B,
        /// How many transports wait for its events.
        attached: u32,
        /// When the participant counts as gone unless it sends something.
        until: Instant,
    },
    /// The participant has left. The slot is not taken again.
    Left,
}

#[derive(Debug)]
pub(super) struct Participant<B> {
    pub occupancy: Occupancy<B>,
    /// How many messages of the participant were accepted.
    pub taken: u64,
    pub pace: RateLimiter,
    waiting: VecDeque<NumberedEvent>,
    waiting_bytes: usize,
    /// The number of the last event.
    last: u64,
}

impl<B> Default for Participant<B> {
    fn default() -> Self {
        let (waiting, pace) = (VecDeque::new(), RateLimiter::default());
        Self { occupancy: Occupancy::Vacant, taken: 0, pace, waiting, waiting_bytes: 0, last: 0 }
    }
}

impl<B: Notify> Participant<B> {
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self.occupancy, Occupancy::Held { .. })
    }

    pub(crate) fn is_free(&self) -> bool {
        matches!(self.occupancy, Occupancy::Vacant)
    }

    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.occupancy, Occupancy::Left)
    }

    pub(crate) fn is_held_by(&self, who: &Token) -> bool {
        matches!(&self.occupancy, Occupancy::Held { token, .. } if token == who)
    }

    pub(crate) fn is_overdue(&self, now: Instant) -> bool {
        matches!(self.occupancy, Occupancy::Held { until, .. } if until <= now)
    }

    pub(crate) fn renew(&mut self, lease: Instant) {
        if let Occupancy::Held { until, .. } = &mut self.occupancy {
            *until = lease;
        }
    }

    pub(crate) fn has_room_for(&self, bytes: usize, limits: &Limits) -> bool {
        self.waiting.len() < limits.waiting_messages && self.waiting_bytes + bytes <= limits.waiting_bytes
    }

    /// Adds an event, unless the participant has left.
    pub(crate) fn push(&mut self, event: Event) {
        if self.is_gone() {
            return;
        }
        self.last += 1;
        self.waiting_bytes += event.bytes();
        self.waiting.push_back(NumberedEvent { number: self.last, event });
        self.notify();
    }

    /// Adds an event before all that wait. No event was delivered yet, so they can be renumbered.
    pub(crate) fn push_front(&mut self, event: Event) {
        self.waiting.push_front(NumberedEvent { number: 0, event });
        for told in &mut self.waiting {
            told.number += 1;
        }
        self.last += 1;
    }

    pub(crate) fn events_after(&self, after: u64, most_bytes: usize) -> Vec<NumberedEvent> {
        let mut bytes = 0;
        let later = self.waiting.iter().filter(|told| told.number > after);
        let fits = |told: &&NumberedEvent| {
            let first = bytes == 0;
            bytes += told.event.bytes();
            first || bytes <= most_bytes
        };
        later.take_while(fits).cloned().collect()
    }

    /// Removes the events up to `number`; returns how many bytes they had.
    pub(crate) fn forget(&mut self, number: u64) -> usize {
        let heard = self.waiting.partition_point(|told| told.number <= number);
        let freed = self.waiting.drain(..heard).map(|told| told.event.bytes()).sum();
        self.waiting_bytes = self.waiting_bytes.saturating_sub(freed);
        freed
    }

    /// Removes the participant; returns how many bytes had waited for it.
    pub(crate) fn vacate(&mut self) -> usize {
        self.notify();
        self.occupancy = Occupancy::Left;
        self.waiting = VecDeque::new();
        std::mem::take(&mut self.waiting_bytes)
    }

    fn notify(&self) {
        if let Occupancy::Held { notify, .. } = &self.occupancy {
            notify.notify();
        }
    }

    /// Recounts the bytes that wait.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.waiting.iter().map(|told| told.event.bytes()).sum()
    }
}

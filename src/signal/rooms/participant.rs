//! One of a room's two places: who holds it, and what waits there.

use super::event::{Event, Notify, NumberedEvent};
use super::limits::{Limits, RateLimiter};
use super::token::Token;
use crate::machine::Instant;
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) enum Occupancy<B> {
    /// Yet: what is said to it is kept for who comes.
    Vacant,
    Held {
        token: Token,
        notify: B,
        /// Carriers that wait for its events.
        attached: u32,
        /// It is given up where nothing is heard of it until then.
        until: Instant,
    },
    /// It had one, who left. Nobody sits here again.
    Left,
}

#[derive(Debug)]
pub(super) struct Participant<B> {
    pub occupancy: Occupancy<B>,
    /// Messages taken from its holder.
    pub taken: u64,
    pub pace: RateLimiter,
    waiting: VecDeque<NumberedEvent>,
    waiting_bytes: usize,
    /// Of the event that was told last.
    last: u64,
}

impl<B> Default for Participant<B> {
    fn default() -> Self {
        let (waiting, pace) = (VecDeque::new(), RateLimiter::default());
        Self { occupancy: Occupancy::Vacant, taken: 0, pace, waiting, waiting_bytes: 0, last: 0 }
    }
}

impl<B: Notify> Participant<B> {
    pub fn is_taken(&self) -> bool {
        matches!(self.occupancy, Occupancy::Held { .. })
    }

    pub fn is_free(&self) -> bool {
        matches!(self.occupancy, Occupancy::Vacant)
    }

    pub fn is_gone(&self) -> bool {
        matches!(self.occupancy, Occupancy::Left)
    }

    pub fn is_held_by(&self, who: &Token) -> bool {
        matches!(&self.occupancy, Occupancy::Held { token, .. } if token == who)
    }

    pub fn is_overdue(&self, now: Instant) -> bool {
        matches!(self.occupancy, Occupancy::Held { until, .. } if until <= now)
    }

    pub fn renew(&mut self, lease: Instant) {
        if let Occupancy::Held { until, .. } = &mut self.occupancy {
            *until = lease;
        }
    }

    pub fn has_room_for(&self, bytes: usize, limits: &Limits) -> bool {
        self.waiting.len() < limits.waiting_messages && self.waiting_bytes + bytes <= limits.waiting_bytes
    }

    /// Who has left is told nothing.
    pub fn push(&mut self, event: Event) {
        if self.is_gone() {
            return;
        }
        self.last += 1;
        self.waiting_bytes += event.bytes();
        self.waiting.push_back(NumberedEvent { number: self.last, event });
        self.notify();
    }

    /// Before everything that waited for whoever comes. Nothing was heard yet, so numbers can be given anew.
    pub fn push_front(&mut self, event: Event) {
        self.waiting.push_front(NumberedEvent { number: 0, event });
        for told in &mut self.waiting {
            told.number += 1;
        }
        self.last += 1;
    }

    pub fn events_after(&self, after: u64, most_bytes: usize) -> Vec<NumberedEvent> {
        let mut bytes = 0;
        let later = self.waiting.iter().filter(|told| told.number > after);
        let fits = |told: &&NumberedEvent| {
            let first = bytes == 0;
            bytes += told.event.bytes();
            first || bytes <= most_bytes
        };
        later.take_while(fits).cloned().collect()
    }

    /// Forgets all up to `number`; the bytes that were kept.
    pub fn forget(&mut self, number: u64) -> usize {
        let heard = self.waiting.partition_point(|told| told.number <= number);
        let freed = self.waiting.drain(..heard).map(|told| told.event.bytes()).sum();
        self.waiting_bytes = self.waiting_bytes.saturating_sub(freed);
        freed
    }

    /// Its holder leaves; the bytes that had been kept for it.
    pub fn vacate(&mut self) -> usize {
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

    /// Counted anew.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.waiting.iter().map(|told| told.event.bytes()).sum()
    }
}

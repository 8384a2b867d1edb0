//! One of a room's two places: who holds it, and what waits there.

use super::limits::Pace;
use super::{Bell, Event, Limits, Numbered, Token};
use crate::machine::Instant;
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) enum Holder<B> {
    /// Yet: what is said to it is kept for who comes.
    Nobody,
    Taken {
        token: Token,
        bell: B,
        /// Carriers that wait for its events.
        attached: u32,
        /// It is given up where nothing is heard of it until then.
        until: Instant,
    },
    /// It had one, who left. Nobody sits here again.
    Gone,
}

#[derive(Debug)]
pub(super) struct Place<B> {
    pub holder: Holder<B>,
    /// Messages taken from its holder.
    pub taken: u64,
    pub pace: Pace,
    waiting: VecDeque<Numbered>,
    waiting_bytes: usize,
    /// Of the event that was told last.
    last: u64,
}

impl<B> Default for Place<B> {
    fn default() -> Self {
        let (waiting, pace) = (VecDeque::new(), Pace::default());
        Self { holder: Holder::Nobody, taken: 0, pace, waiting, waiting_bytes: 0, last: 0 }
    }
}

impl<B: Bell> Place<B> {
    pub fn is_taken(&self) -> bool {
        matches!(self.holder, Holder::Taken { .. })
    }

    pub fn is_free(&self) -> bool {
        matches!(self.holder, Holder::Nobody)
    }

    pub fn is_gone(&self) -> bool {
        matches!(self.holder, Holder::Gone)
    }

    pub fn is_held_by(&self, who: &Token) -> bool {
        matches!(&self.holder, Holder::Taken { token, .. } if token == who)
    }

    pub fn is_overdue(&self, now: Instant) -> bool {
        matches!(self.holder, Holder::Taken { until, .. } if until <= now)
    }

    pub fn renew(&mut self, lease: Instant) {
        if let Holder::Taken { until, .. } = &mut self.holder {
            *until = lease;
        }
    }

    pub fn has_room_for(&self, bytes: usize, limits: &Limits) -> bool {
        self.waiting.len() < limits.waiting_messages && self.waiting_bytes + bytes <= limits.waiting_bytes
    }

    /// Who has left is told nothing.
    pub fn tell(&mut self, event: Event) {
        if self.is_gone() {
            return;
        }
        self.last += 1;
        self.waiting_bytes += event.bytes();
        self.waiting.push_back(Numbered { number: self.last, event });
        self.ring();
    }

    /// Before everything that waited for whoever comes. Nothing was heard yet, so numbers can be given anew.
    pub fn tell_first(&mut self, event: Event) {
        self.waiting.push_front(Numbered { number: 0, event });
        for told in &mut self.waiting {
            told.number += 1;
        }
        self.last += 1;
    }

    pub fn told_after(&self, after: u64, most_bytes: usize) -> Vec<Numbered> {
        let mut bytes = 0;
        let later = self.waiting.iter().filter(|told| told.number > after);
        let fits = |told: &&Numbered| {
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
        self.ring();
        self.holder = Holder::Gone;
        self.waiting = VecDeque::new();
        std::mem::take(&mut self.waiting_bytes)
    }

    fn ring(&self) {
        if let Holder::Taken { bell, .. } = &self.holder {
            bell.ring();
        }
    }

    /// Counted anew.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.waiting.iter().map(|told| told.event.bytes()).sum()
    }
}

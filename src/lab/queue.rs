//! A queue of future events, soonest first. Events at the same time keep the order in which they were added.

use crate::machine::Instant;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

struct Coming<T> {
    at: Instant,
    number: u64,
    what: T,
}

impl<T> Ord for Coming<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Reversed, since the heap returns the greatest first.
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<T> PartialOrd for Coming<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Coming<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Coming<T> {}

pub(super) struct EventQueue<T> {
    heap: BinaryHeap<Coming<T>>,
    next: u64,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), next: 0 }
    }
}

impl<T> EventQueue<T> {
    pub(super) fn push(&mut self, at: Instant, what: T) {
        self.heap.push(Coming { at, number: self.next, what });
        self.next += 1;
    }

    /// When the next event is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|coming| coming.at)
    }

    /// Takes the next event and its time, if it is due by `limit`.
    pub(super) fn pop_by(&mut self, limit: Instant) -> Option<(Instant, T)> {
        if self.next()? > limit {
            return None;
        }
        self.heap.pop().map(|coming| (coming.at, coming.what))
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }
}

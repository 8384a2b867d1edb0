//! Messages that the server has not acknowledged yet. Whichever transport is used next sends them again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

#[derive(Default)]
pub(super) struct Outbox {
    queue: Mutex<Unconfirmed>,
    bell: watch::Sender<()>,
}

#[derive(Default)]
struct Unconfirmed {
    /// How many messages the server has accepted; the first of `waiting` has the next number.
    accepted: u64,
    waiting: VecDeque<Vec<u8>>,
}

impl Outbox {
    fn queue(&self) -> MutexGuard<'_, Unconfirmed> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn len(&self) -> usize {
        self.queue().waiting.len()
    }

    /// How many messages the server has accepted.
    pub(crate) fn accepted_count(&self) -> u64 {
        self.queue().accepted
    }

    pub(crate) fn put(&self, message: Vec<u8>) {
        self.queue().waiting.push_back(message);
        self.bell.send_replace(());
    }

    /// The message after number `after`, and its number.
    pub(crate) fn next(&self, after: u64) -> Option<(u64, Vec<u8>)> {
        let queue = self.queue();
        let place = after.max(queue.accepted) - queue.accepted;
        let message = queue.waiting.get(usize::try_from(place).ok()?)?;
        Some((queue.accepted + place + 1, message.clone()))
    }

    /// The server has accepted all messages up to this number.
    pub(crate) fn accepted(&self, number: u64) {
        let mut queue = self.queue();
        while queue.accepted < number && queue.waiting.pop_front().is_some() {
            queue.accepted += 1;
        }
        drop(queue);
        self.bell.send_replace(());
    }

    /// Changes when a message is added or acknowledged.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }
}

//! What this end has said and the server has not yet confirmed: said again by whatever carrier comes next.

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
    /// Messages that were taken by the server; the first of `waiting` has the next number.
    said: u64,
    waiting: VecDeque<Vec<u8>>,
}

impl Outbox {
    fn queue(&self) -> MutexGuard<'_, Unconfirmed> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn len(&self) -> usize {
        self.queue().waiting.len()
    }

    /// Messages that the server has.
    pub fn taken(&self) -> u64 {
        self.queue().said
    }

    pub fn put(&self, message: Vec<u8>) {
        self.queue().waiting.push_back(message);
        self.bell.send_replace(());
    }

    /// The message after number `after`, and its number.
    pub fn next(&self, after: u64) -> Option<(u64, Vec<u8>)> {
        let queue = self.queue();
        let place = after.max(queue.said) - queue.said;
        let message = queue.waiting.get(usize::try_from(place).ok()?)?;
        Some((queue.said + place + 1, message.clone()))
    }

    /// The server has all up to this one.
    pub fn said(&self, number: u64) {
        let mut queue = self.queue();
        while queue.said < number && queue.waiting.pop_front().is_some() {
            queue.said += 1;
        }
        drop(queue);
        self.bell.send_replace(());
    }

    /// Changes when there is more to say, or less.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }
}

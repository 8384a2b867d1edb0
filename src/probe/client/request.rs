//! One request of a probe with its copies, and how it was answered.

use crate::machine::{Instant, SocketId};
use crate::model::{Asked, Tally};
use crate::transaction::Transaction;
use std::net::SocketAddr;
use std::time::Duration;

/// What has become of a socket or a request, for the probe.
#[derive(Clone, Debug)]
pub(in crate::probe) enum Response {
    /// The socket is open.
    Opened { socket: SocketId },
    /// The socket did not come about.
    NotOpened { socket: SocketId },
    /// A request was answered for the first time.
    Answer(BindingAnswer),
    /// The request failed: by silence, a refusal, or an ICMP error.
    Failed { socket: SocketId, server: SocketAddr, asked: Asked, why: RequestFailure },
}

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::probe) enum RequestFailure {
    Silent,
    Refused { code: u16 },
    Unreachable,
}

/// The first answer to a request.
#[derive(Clone, Debug)]
pub(in crate::probe) struct BindingAnswer {
    pub(in crate::probe) socket: SocketId,
    pub(in crate::probe) server: SocketAddr,
    pub(in crate::probe) asked: Asked,
    pub(in crate::probe) mapped: SocketAddr,
}

/// A request that is being sent, or was answered.
pub(super) struct PendingRequest {
    pub(super) socket: SocketId,
    pub(super) server: SocketAddr,
    pub(super) asked: Asked,
    pub(super) transaction: Transaction,
    /// The mapped address in the first answer; kept to notice a second one that differs.
    pub(super) answered: Option<SocketAddr>,
    /// How many copies are known to have been answered, and when the last of them was.
    pub(super) copies_answered: u32,
    pub(super) last_answer: Instant,
    /// A control goes on sending all its copies when it has been answered, to tell what the path loses meanwhile.
    pub(super) is_control: bool,
    /// Until how long after the first copy an answer is waited for, though no more copies are sent.
    pub(super) patience: Duration,
    /// When this machine was last seen to look so late that answers have bunched while nobody read them.
    pub(super) looked_late: Option<Instant>,
    pub(super) over: bool,
}

impl PendingRequest {
    /// Notices whether what was due next is overdue by now: what came meanwhile is read all at once.
    pub(super) fn look(&mut self, now: Instant) {
        let is_late = now.since(self.transaction.next()) * 2 >= self.transaction.interval();
        if self.transaction.sent() > 0 && is_late {
            self.looked_late = Some(now);
        }
    }

    /// Counts an answer. Copies that the network made of one answer arrive together and count once; so do answers
    /// that jitter has bunched, which makes the path look worse than it is, never better. Where it is this machine that
    /// bunched them, by looking late, each counts.
    pub(super) fn count(&mut self, now: Instant) {
        self.look(now);
        let is_apart_from = |earlier: Instant| now.since(earlier) * 2 >= self.transaction.interval();
        let is_bunched_here = self.looked_late.is_some_and(|late| !is_apart_from(late));
        let counts = self.copies_answered == 0 || is_bunched_here || is_apart_from(self.last_answer);
        if counts && self.copies_answered < self.transaction.sent() {
            self.copies_answered += 1;
            self.last_answer = now;
        }
    }

    pub(super) fn tally(&self) -> Tally {
        Tally { sent: self.transaction.sent(), answered: self.copies_answered }
    }
}

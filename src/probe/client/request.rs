//! One request of a probe with its copies, and how it was answered.

use crate::machine::SocketId;
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
    /// How many copies have been answered.
    pub(super) copies_answered: u32,
    /// A control goes on sending all its copies when it has been answered, to tell what the path loses meanwhile.
    pub(super) is_control: bool,
    /// Until how long after the first copy an answer is waited for, though no more copies are sent.
    pub(super) patience: Duration,
    pub(super) over: bool,
}

impl PendingRequest {
    /// Counts an answer, up to the number of copies sent: they have one transaction id, so that which of them it answers is
    /// not told. Answers that jitter, a busy server or this machine bunched count each; one that the network doubled counts
    /// too, which makes a path look better than it is, and accuses nobody.
    pub(super) fn count(&mut self) {
        self.copies_answered = self.transaction.sent().min(self.copies_answered + 1);
    }

    pub(super) fn tally(&self) -> Tally {
        Tally { sent: self.transaction.sent(), answered: self.copies_answered }
    }
}

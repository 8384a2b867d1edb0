//! What a transport and the session that owns it exchange: commands, outgoing messages and events.

use super::error::TransportError;
use super::session::RoomSession;
use crate::machine::Instant;
use crate::model::{Millis, SignallingFailure, SignallingTransport};
use crate::signal::rooms::frames::{EventFrame, ServerFrame};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// Whether a transport has to be tested first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Tested with an echo, which is timed.
    Try,
    /// It worked before, so it is used at once.
    Resume,
}

/// What a transport is to do once it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransportCommand {
    /// Receive only.
    Listen,
    /// Receive, and send what waits in the outbox.
    Carry,
    /// Send the rest, leave the room, and end.
    Leave,
    /// End, because another transport is used.
    Close,
}

/// What a transport reports.
#[derive(Debug)]
pub(super) enum TransportEvent {
    /// It works. Measured are the milliseconds until it did, and those of the echo; None where it was resumed.
    Ready {
        measured: Option<(Millis, Millis)>,
    },
    Received {
        number: u64,
        event: EventFrame,
    },
    /// It ended after so many milliseconds; `error` says why, unless it was told to.
    Closed {
        error: Option<TransportError>,
        took_ms: Millis,
    },
}

/// What a transport has to send next.
#[derive(Debug)]
pub(super) enum Outgoing {
    Message {
        number: u64,
        message: Vec<u8>,
    },
    /// An acknowledgement: the server need not keep events up to this number.
    Acknowledge(u64),
    /// Everything is sent, so the slot is given up.
    Leave,
    Close,
}

pub(super) struct TransportLink {
    pub session: Arc<RoomSession>,
    pub transport: SignallingTransport,
    pub start: Start,
    /// The number of the last event that this transport received.
    pub after: u64,
    pub began: Instant,
    events: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    orders: watch::Receiver<TransportCommand>,
    outbox: watch::Receiver<()>,
    acknowledged: watch::Receiver<u64>,
    /// The number of the last message that was sent here.
    sent: u64,
}

impl TransportLink {
    pub(crate) fn new(
        session: Arc<RoomSession>,
        transport: SignallingTransport,
        start: Start,
        orders: watch::Receiver<TransportCommand>,
        after: u64,
        events: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    ) -> Self {
        let (outbox, acknowledged, began) =
            (session.outbox.changes(), session.acknowledged.subscribe(), session.clock.now());
        Self { session, transport, start, after, began, events, orders, outbox, acknowledged, sent: 0 }
    }

    /// The tag of this transport's echo.
    pub(crate) fn tag(&self) -> String {
        format!("{:?}", self.transport)
    }

    pub(crate) async fn there(&self, measured: Option<(Millis, Millis)>) {
        self.report(TransportEvent::Ready { measured }).await;
    }

    /// Handles one frame from the server; true where it was this transport's echo.
    pub(crate) async fn take(&mut self, frame: ServerFrame) -> Result<bool, TransportError> {
        match frame {
            ServerFrame::Event { number, event } => {
                self.after = self.after.max(number);
                let own = matches!(&event, EventFrame::Echo(tag) if *tag == self.tag());
                self.report(TransportEvent::Received { number, event }).await;
                Ok(own)
            }
            ServerFrame::Accepted(number) => {
                self.session.outbox.accepted(number);
                Ok(false)
            }
            ServerFrame::Resend(number) => {
                self.resend(number);
                Ok(false)
            }
            ServerFrame::Refused(refused) => {
                Err(refused.refusal().map_or(TransportError::Failed(SignallingFailure::Cut), TransportError::Refused))
            }
        }
    }

    /// The server did not accept messages from this number on, so they are sent again.
    pub(crate) fn resend(&mut self, number: u64) {
        self.sent = number.saturating_sub(1);
        self.outbox.mark_changed();
    }

    pub(crate) async fn report(&self, event: TransportEvent) {
        // The receiver is gone only when this task is about to be aborted.
        let _ = self.events.send((self.transport, event)).await;
    }

    /// Waits for something to send, which then counts as sent. Cancel-safe.
    pub(crate) async fn next_outgoing(&mut self) -> Outgoing {
        loop {
            let order = *self.orders.borrow_and_update();
            self.outbox.mark_unchanged();
            match order {
                TransportCommand::Close => return Outgoing::Close,
                TransportCommand::Carry | TransportCommand::Leave => {
                    if let Some((number, message)) = self.session.outbox.next(self.sent) {
                        self.sent = number;
                        return Outgoing::Message { number, message };
                    }
                    if order == TransportCommand::Leave && self.session.outbox.len() == 0 {
                        return Outgoing::Leave;
                    }
                }
                TransportCommand::Listen => {}
            }
            tokio::select! {
                ordered = self.orders.changed() => {
                    if ordered.is_err() {
                        return Outgoing::Close;
                    }
                }
                _ = self.outbox.changed() => {}
                _ = self.acknowledged.changed() => return Outgoing::Acknowledge(*self.acknowledged.borrow_and_update()),
            }
        }
    }
}

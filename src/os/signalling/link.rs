//! One carrier at work: what it is told to do, what it has to say, and what it tells back.

use super::error::TransportError;
use super::session::RoomSession;
use crate::machine::Instant;
use crate::model::{SignallingFailure, SignallingTransport};
use crate::signal::rooms::frames::{EventFrame, ServerFrame};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// Whether it has to be shown that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With an echo, and measured.
    Try,
    /// It worked before.
    Resume,
}

/// What a carrier is to do once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Hand on what is heard.
    Listen,
    /// And say what waits in the outbox.
    Carry,
    /// Say the rest, give the seat back, and end.
    Leave,
    /// End; another carries.
    Close,
}

/// What a carrier tells.
#[derive(Debug)]
pub(super) enum TransportEvent {
    /// It works: milliseconds until it was there, and for the echo.
    Ready {
        measured: Option<(f64, f64)>,
    },
    Received {
        number: u64,
        event: EventFrame,
    },
    /// It ended, by itself where there is a trouble, after so many milliseconds.
    Closed {
        trouble: Option<TransportError>,
        took_ms: f64,
    },
}

/// What is to be said next.
#[derive(Debug)]
pub(super) enum Outgoing {
    Message {
        number: u64,
        message: Vec<u8>,
    },
    /// Events up to this number need not be kept.
    Heard(u64),
    /// All is said: the seat goes back.
    Leave,
    Close,
}

pub(super) struct TransportLink {
    pub session: Arc<RoomSession>,
    pub carrier: SignallingTransport,
    pub start: Start,
    /// The last event that this carrier brought.
    pub after: u64,
    pub began: Instant,
    news: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    orders: watch::Receiver<Command>,
    outbox: watch::Receiver<()>,
    heard: watch::Receiver<u64>,
    /// The last message that was said here.
    said: u64,
}

impl TransportLink {
    pub fn new(
        session: Arc<RoomSession>,
        carrier: SignallingTransport,
        start: Start,
        orders: watch::Receiver<Command>,
        after: u64,
        news: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    ) -> Self {
        let (outbox, heard, began) = (session.outbox.changes(), session.heard.subscribe(), session.clock.now());
        Self { session, carrier, start, after, began, news, orders, outbox, heard, said: 0 }
    }

    /// What comes back as the echo of this carrier.
    pub fn tag(&self) -> String {
        format!("{:?}", self.carrier)
    }

    pub async fn there(&self, measured: Option<(f64, f64)>) {
        self.report(TransportEvent::Ready { measured }).await;
    }

    /// Hands on what the server said; true where it was this carrier's echo.
    pub async fn take(&mut self, frame: ServerFrame) -> Result<bool, TransportError> {
        match frame {
            ServerFrame::Event { number, event } => {
                self.after = self.after.max(number);
                let own = matches!(&event, EventFrame::Echo(tag) if *tag == self.tag());
                self.report(TransportEvent::Received { number, event }).await;
                Ok(own)
            }
            ServerFrame::Accepted(number) => {
                self.session.outbox.said(number);
                Ok(false)
            }
            ServerFrame::Resend(number) => {
                self.again(number);
                Ok(false)
            }
            ServerFrame::Refused(refused) => {
                Err(refused.refusal().map_or(TransportError::Failed(SignallingFailure::Cut), TransportError::Refused))
            }
        }
    }

    /// What was said from this message on was not taken.
    pub fn again(&mut self, number: u64) {
        self.said = number.saturating_sub(1);
        self.outbox.mark_changed();
    }

    pub async fn report(&self, news: TransportEvent) {
        // Nobody listens any more only where this task is about to end too.
        let _ = self.news.send((self.carrier, news)).await;
    }

    /// Waits for something to say. Whoever drops the wait loses nothing; what it gave counts as said.
    pub async fn word(&mut self) -> Outgoing {
        loop {
            let order = *self.orders.borrow_and_update();
            self.outbox.mark_unchanged();
            match order {
                Command::Close => return Outgoing::Close,
                Command::Carry | Command::Leave => {
                    if let Some((number, message)) = self.session.outbox.next(self.said) {
                        self.said = number;
                        return Outgoing::Message { number, message };
                    }
                    if order == Command::Leave && self.session.outbox.len() == 0 {
                        return Outgoing::Leave;
                    }
                }
                Command::Listen => {}
            }
            tokio::select! {
                ordered = self.orders.changed() => {
                    if ordered.is_err() {
                        return Outgoing::Close;
                    }
                }
                _ = self.outbox.changed() => {}
                _ = self.heard.changed() => return Outgoing::Heard(*self.heard.borrow_and_update()),
            }
        }
    }
}

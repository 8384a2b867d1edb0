//! One carrier at work: what it is told to do, what it has to say, and what it tells back.

use super::session::{Session, Trouble};
use super::{events, polling, websocket};
use crate::machine::Instant;
use crate::model::{Carrier, CarrierFailure};
use crate::signal::rooms::frames::{FromServer, Told};
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
pub(super) enum Order {
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
pub(super) enum News {
    /// It works: milliseconds until it was there, and for the echo.
    There {
        measured: Option<(f64, f64)>,
    },
    Told {
        number: u64,
        event: Told,
    },
    /// It ended, by itself where there is a trouble, after so many milliseconds.
    Over {
        trouble: Option<Trouble>,
        took_ms: f64,
    },
}

/// What is to be said next.
#[derive(Debug)]
pub(super) enum Word {
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

pub(super) struct Link {
    pub session: Arc<Session>,
    pub carrier: Carrier,
    pub start: Start,
    /// The last event that this carrier brought.
    pub after: u64,
    pub began: Instant,
    news: mpsc::Sender<(Carrier, News)>,
    orders: watch::Receiver<Order>,
    outbox: watch::Receiver<()>,
    heard: watch::Receiver<u64>,
    /// The last message that was said here.
    said: u64,
}

impl Link {
    pub fn new(
        session: Arc<Session>,
        carrier: Carrier,
        start: Start,
        orders: watch::Receiver<Order>,
        after: u64,
        news: mpsc::Sender<(Carrier, News)>,
    ) -> Self {
        let (outbox, heard, began) = (session.outbox.changes(), session.heard.subscribe(), session.clock.now());
        Self { session, carrier, start, after, began, news, orders, outbox, heard, said: 0 }
    }

    pub async fn run(mut self) {
        let outcome = match self.carrier {
            Carrier::WebSocket => websocket::run(&mut self).await,
            Carrier::EventStream => events::run(&mut self).await,
            Carrier::LongPolling | Carrier::CopyPaste => polling::run(&mut self).await,
        };
        let took_ms = self.session.ms_since(self.began);
        self.tell(News::Over { trouble: outcome.err(), took_ms }).await;
    }

    /// What comes back as the echo of this carrier.
    pub fn tag(&self) -> String {
        format!("{:?}", self.carrier)
    }

    pub async fn there(&self, measured: Option<(f64, f64)>) {
        self.tell(News::There { measured }).await;
    }

    /// Hands on what the server said; true where it was this carrier's echo.
    pub async fn take(&mut self, frame: FromServer) -> Result<bool, Trouble> {
        match frame {
            FromServer::Told { number, event } => {
                self.after = self.after.max(number);
                let own = matches!(&event, Told::Echo(tag) if *tag == self.tag());
                self.tell(News::Told { number, event }).await;
                Ok(own)
            }
            FromServer::Said(number) => {
                self.session.outbox.said(number);
                Ok(false)
            }
            FromServer::Again(number) => {
                self.again(number);
                Ok(false)
            }
            FromServer::Refused(refused) => {
                Err(refused.refusal().map_or(Trouble::Failed(CarrierFailure::Cut), Trouble::Refused))
            }
        }
    }

    /// What was said from this message on was not taken.
    pub fn again(&mut self, number: u64) {
        self.said = number.saturating_sub(1);
        self.outbox.mark_changed();
    }

    async fn tell(&self, news: News) {
        // Nobody listens any more only where this task is about to end too.
        let _ = self.news.send((self.carrier, news)).await;
    }

    /// Waits for something to say. Whoever drops the wait loses nothing; what it gave counts as said.
    pub async fn word(&mut self) -> Word {
        loop {
            let order = *self.orders.borrow_and_update();
            self.outbox.mark_unchanged();
            match order {
                Order::Close => return Word::Close,
                Order::Carry | Order::Leave => {
                    if let Some((number, message)) = self.session.outbox.next(self.said) {
                        self.said = number;
                        return Word::Message { number, message };
                    }
                    if order == Order::Leave && self.session.outbox.len() == 0 {
                        return Word::Leave;
                    }
                }
                Order::Listen => {}
            }
            tokio::select! {
                ordered = self.orders.changed() => {
                    if ordered.is_err() {
                        return Word::Close;
                    }
                }
                _ = self.outbox.changed() => {}
                _ = self.heard.changed() => return Word::Heard(*self.heard.borrow_and_update()),
            }
        }
    }
}

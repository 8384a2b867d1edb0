//! One carrier that waits for a seat's events: the seat knows of it for just as long as it lives.

use super::Hall;
use super::door::Guest;
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::FromServer;
use crate::signal::rooms::{Refusal, Token};
use std::sync::Arc;
use tokio::sync::watch;

pub(super) struct Attachment {
    pub hall: Arc<Hall>,
    pub id: RoomId,
    pub token: Token,
    bell: watch::Receiver<()>,
    closing: watch::Receiver<()>,
    /// Keeps the connection counted, also when it has become a WebSocket.
    _guest: Arc<Guest>,
    /// The last event that was handed out here.
    after: u64,
    ended: bool,
}

/// What a carrier waits for.
pub(super) enum Turn {
    Events(Vec<FromServer>),
    /// It was quiet for a heartbeat.
    Beat,
    /// The seat is gone, or the server stops.
    Over(Refusal),
}

impl Attachment {
    pub fn new(hall: Arc<Hall>, guest: Arc<Guest>, id: RoomId, token: Token, after: u64) -> Result<Self, Refusal> {
        let mut bell = hall.rooms().attach(hall.clock.now(), &id, &token)?.0.subscribe();
        // What came before counts as news.
        bell.mark_changed();
        let closing = guest.closing();
        Ok(Self { hall, id, token, bell, closing, _guest: guest, after, ended: false })
    }

    /// What there is to say, once there is something. Whoever drops the wait loses nothing.
    pub async fn turn(&mut self) -> Turn {
        let beat = self.hall.clock.now() + self.hall.settings.heartbeat;
        loop {
            tokio::select! {
                biased;
                _ = self.closing.changed() => return Turn::Over(Refusal::NotSeated),
                // Its sender goes with the seat.
                _ = self.bell.changed() => match self.news() {
                    Ok(events) if events.is_empty() => {}
                    Ok(events) => return Turn::Events(events),
                    Err(refusal) => return Turn::Over(refusal),
                },
                () = self.hall.clock.reach(Some(beat)) => return Turn::Beat,
            }
        }
    }

    /// What is new, without waiting. More may be there: it is looked for again next time.
    pub fn news(&mut self) -> Result<Vec<FromServer>, Refusal> {
        let told = self.hall.rooms().told(&self.id, &self.token, self.after)?;
        if let Some(last) = told.last() {
            self.after = last.number;
            self.bell.mark_changed();
        }
        Ok(told.into_iter().map(Into::into).collect())
    }

    /// As it should: what follows on the same seat comes in its own time.
    pub fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let now = self.hall.clock.now();
        self.hall.rooms().detach(now, &self.id, &self.token, !self.ended);
    }
}

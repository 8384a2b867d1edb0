//! One carrier that waits for a seat's events: the seat knows of it for just as long as it lives.

use super::admission::Connection;
use super::state::RoomServerState;
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::ServerFrame;
use crate::signal::rooms::{RoomRefusal, Token};
use std::sync::Arc;
use tokio::sync::watch;

pub(super) struct Attachment {
    pub server: Arc<RoomServerState>,
    pub id: RoomId,
    pub token: Token,
    bell: watch::Receiver<()>,
    closing: watch::Receiver<()>,
    /// Keeps the connection counted, also when it has become a WebSocket.
    _connection: Arc<Connection>,
    /// The last event that was handed out here.
    after: u64,
    ended: bool,
}

/// What a carrier waits for.
pub(super) enum AttachmentEvent {
    Events(Vec<ServerFrame>),
    /// It was quiet for a heartbeat.
    Beat,
    /// The seat is gone, or the server stops.
    Over(RoomRefusal),
}

impl Attachment {
    pub fn new(
        server: Arc<RoomServerState>,
        connection: Arc<Connection>,
        id: RoomId,
        token: Token,
        after: u64,
    ) -> Result<Self, RoomRefusal> {
        let mut bell = server.rooms().attach(server.clock.now(), &id, &token)?.0.subscribe();
        // What came before counts as news.
        bell.mark_changed();
        let closing = connection.closing();
        Ok(Self { server, id, token, bell, closing, _connection: connection, after, ended: false })
    }

    /// What there is to say, once there is something. Whoever drops the wait loses nothing.
    pub async fn turn(&mut self) -> AttachmentEvent {
        let beat = self.server.clock.now() + self.server.config.heartbeat;
        loop {
            tokio::select! {
                biased;
                _ = self.closing.changed() => return AttachmentEvent::Over(RoomRefusal::NotJoined),
                // Its sender goes with the seat.
                _ = self.bell.changed() => match self.news() {
                    Ok(events) if events.is_empty() => {}
                    Ok(events) => return AttachmentEvent::Events(events),
                    Err(refusal) => return AttachmentEvent::Over(refusal),
                },
                () = self.server.clock.reach(Some(beat)) => return AttachmentEvent::Beat,
            }
        }
    }

    /// What is new, without waiting. More may be there: it is looked for again next time.
    pub fn news(&mut self) -> Result<Vec<ServerFrame>, RoomRefusal> {
        let told = self.server.rooms().events_after(&self.id, &self.token, self.after)?;
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
        let now = self.server.clock.now();
        self.server.rooms().detach(now, &self.id, &self.token, !self.ended);
    }
}

//! One transport that waits for the events of a participant. The room counts it for exactly as long as it lives.

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
    changes: watch::Receiver<()>,
    /// Stays counted after its upgrade to a WebSocket, too.
    connection: Arc<Connection>,
    /// The number of the last event that was handed out here.
    after: u64,
    ended: bool,
}

/// What ends the wait for events.
pub(super) enum AttachmentEvent {
    Events(Vec<ServerFrame>),
    /// Nothing came for the length of a heartbeat.
    Beat,
    /// The participant is gone, the server stops, or the connection has to go.
    Over(RoomRefusal),
}

impl Attachment {
    pub(crate) fn new(
        server: Arc<RoomServerState>,
        connection: Arc<Connection>,
        id: RoomId,
        token: Token,
        after: u64,
    ) -> Result<Self, RoomRefusal> {
        let mut changes = server.rooms().attach(server.clock.now(), &id, &token)?.0.subscribe();
        // Events that came before the subscription have to be looked at, too.
        changes.mark_changed();
        Ok(Self { server, id, token, changes, connection, after, ended: false })
    }

    /// Waits for the next events, a heartbeat or the end. Cancel-safe.
    pub(crate) async fn next(&mut self) -> AttachmentEvent {
        let beat = self.server.clock.now() + self.server.config.heartbeat;
        loop {
            tokio::select! {
                biased;
                () = self.connection.over() => return AttachmentEvent::Over(RoomRefusal::NotJoined),
                // The sender is dropped together with the participant.
                _ = self.changes.changed() => match self.pending() {
                    Ok(events) if events.is_empty() => {}
                    Ok(events) => return AttachmentEvent::Events(events),
                    Err(refusal) => return AttachmentEvent::Over(refusal),
                },
                () = self.server.clock.reach(Some(beat)) => return AttachmentEvent::Beat,
            }
        }
    }

    /// The events that wait, without blocking. A batch is limited in size, so the next call looks for more.
    pub(crate) fn pending(&mut self) -> Result<Vec<ServerFrame>, RoomRefusal> {
        let events = self.server.rooms().events_after(&self.id, &self.token, self.after)?;
        if let Some(last) = events.last() {
            self.after = last.number;
            self.changes.mark_changed();
        }
        Ok(events.into_iter().map(Into::into).collect())
    }

    /// Ends in order: the participant will be back in time, so no grace period starts.
    pub(crate) fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let now = self.server.clock.now();
        self.server.rooms().detach(now, &self.id, &self.token, !self.ended);
    }
}

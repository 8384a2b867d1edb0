//! The WebSocket: one connection for both directions (RFC 6455).

use super::Hall;
use super::attachment::{Attachment, Turn};
use super::door::Guest;
use crate::os::clock::within;
use crate::signal::address::RoomId;
use crate::signal::rooms::Refusal;
use crate::signal::rooms::frames::{FromEnd, FromServer, Refused};
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// base64 makes four bytes of three, and the frame around it needs a few more.
const FRAME_BYTES: usize = 1024;

/// What a connection may hold of a message on its way: two of these for each end, so that two thousand ends fit into
/// little. The default is 128 KiB each.
const BUFFER_BYTES: usize = 4096;

/// Who is too fast is not read from for this long: then TCP itself slows it down.
const BREATH: Duration = Duration::from_millis(100);

pub(super) async fn upgrade(
    State(hall): State<Arc<Hall>>,
    Extension(guest): Extension<Arc<Guest>>,
    Path(room): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(id) = room.parse::<RoomId>() else { return Refusal::Malformed.into_response() };
    let most = hall.settings.limits.message_bytes / 3 * 4 + FRAME_BYTES;
    let upgrade = upgrade.read_buffer_size(BUFFER_BYTES).write_buffer_size(BUFFER_BYTES);
    upgrade.max_message_size(most).max_frame_size(most).on_upgrade(move |socket| converse(socket, hall, guest, id))
}

async fn converse(mut socket: WebSocket, hall: Arc<Hall>, guest: Arc<Guest>, id: RoomId) {
    let mut closing = guest.closing();
    let first = tokio::select! {
        first = within(hall.settings.request_limit, frame(&mut socket)) => first.flatten(),
        _ = closing.changed() => None,
    };
    let attached = match first {
        Some(FromEnd::Take { token, after }) => {
            token.parse().and_then(|token| Attachment::new(Arc::clone(&hall), guest, id, token, after))
        }
        Some(_) => Err(Refusal::Malformed),
        None => return,
    };
    let over = match attached {
        Ok(attachment) => Socket { lease: hall.settings.limits.lease, socket: &mut socket, attachment }.serve().await,
        Err(refusal) => Some(refusal),
    };
    if let Some(refusal) = over {
        let _ = say(&mut socket, hall.settings.limits.lease, &FromServer::Refused(Refused::from(refusal))).await;
    }
    let close = CloseFrame { code: close_code::NORMAL, reason: "".into() };
    let _ = within(hall.settings.limits.lease, socket.send(Message::Close(Some(close)))).await;
}

/// The next frame of ours; None where the other end is gone or speaks something else.
async fn frame(socket: &mut WebSocket) -> Option<FromEnd> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => return serde_json::from_str(&text).ok(),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return None,
        }
    }
}

/// False where it could not be said in time.
async fn say(socket: &mut WebSocket, limit: Duration, frame: &FromServer) -> bool {
    let Ok(json) = serde_json::to_string(frame) else { return false };
    matches!(within(limit, socket.send(Message::Text(json.into()))).await, Some(Ok(())))
}

struct Socket<'a> {
    socket: &'a mut WebSocket,
    attachment: Attachment,
    /// A write that takes longer goes to somebody who is gone.
    lease: Duration,
}

impl Socket<'_> {
    /// Until either end has enough; a refusal that is still to be told.
    async fn serve(mut self) -> Option<Refusal> {
        let hall = Arc::clone(&self.attachment.hall);
        let mut beat = hall.clock.now() + hall.settings.heartbeat;
        loop {
            let going_on = tokio::select! {
                () = hall.clock.reach(Some(beat)) => {
                    beat = hall.clock.now() + hall.settings.heartbeat;
                    matches!(within(self.lease, self.socket.send(Message::Ping(Bytes::new()))).await, Some(Ok(())))
                }
                turn = self.attachment.turn() => match turn {
                    Turn::Events(events) => self.tell(events).await,
                    Turn::Beat => true,
                    Turn::Over(refusal) => return Some(refusal),
                },
                message = self.socket.recv() => match message {
                    Some(Ok(Message::Close(_))) => {
                        self.attachment.end();
                        return None;
                    }
                    Some(Ok(message)) => match self.hear(message).await {
                        Ok(Said::Answered(going_on)) => going_on,
                        Ok(Said::Left) => return None,
                        Err(refusal) => return Some(refusal),
                    },
                    Some(Err(_)) | None => false,
                },
            };
            if !going_on {
                return None;
            }
        }
    }

    async fn tell(&mut self, events: Vec<FromServer>) -> bool {
        for event in &events {
            if !say(self.socket, self.lease, event).await {
                return false;
            }
        }
        true
    }

    /// What the end said; an error ends the socket.
    async fn hear(&mut self, message: Message) -> Result<Said, Refusal> {
        let Attachment { hall, id, token, .. } = &self.attachment;
        let now = hall.clock.now();
        let frame = match message {
            Message::Text(text) => serde_json::from_str(&text).map_err(|_| Refusal::Malformed)?,
            Message::Ping(_) | Message::Pong(_) => {
                hall.rooms().renew(now, id, token)?;
                return Ok(Said::Answered(true));
            }
            Message::Binary(_) | Message::Close(_) => return Err(Refusal::Malformed),
        };
        let answer = match frame {
            FromEnd::Say { number, message } => {
                let message = message.bytes().ok_or(Refusal::Malformed)?;
                let taken = hall.rooms().say(now, id, token, number, &message);
                match taken {
                    Ok(taken) => FromServer::Said(taken),
                    Err(Refusal::OutOfOrder { expected }) => FromServer::Again(expected),
                    Err(refusal) if refusal.passes() => {
                        hall.clock.pause(BREATH).await;
                        FromServer::Again(number)
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
            FromEnd::Echo(tag) => {
                hall.rooms().echo(now, id, token, &tag)?;
                return Ok(Said::Answered(true));
            }
            FromEnd::Heard(number) => {
                hall.rooms().heard(now, id, token, number)?;
                return Ok(Said::Answered(true));
            }
            FromEnd::Leave => {
                hall.rooms().leave(now, id, token)?;
                return Ok(Said::Left);
            }
            FromEnd::Take { .. } => return Err(Refusal::Malformed),
        };
        Ok(Said::Answered(say(self.socket, self.lease, &answer).await))
    }
}

enum Said {
    /// False where the answer could not be said.
    Answered(bool),
    Left,
}

//! A WebSocket: one connection for both directions (RFC 6455).

use super::admission::Connection;
use super::attachment::{Attachment, AttachmentEvent};
use super::state::RoomServerState;
use crate::os::clock::within;
use crate::signal::address::RoomId;
use crate::signal::rooms::RoomRefusal;
use crate::signal::rooms::frames::{ClientFrame, RefusedBody, ServerFrame};
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// What the JSON around a message in base64 takes.
const FRAME_BYTES: usize = 1024;

/// The size of the read and the write buffer of a connection, so that two thousand connections take little memory. The
/// default is 128 KiB each.
const BUFFER_BYTES: usize = 4096;

/// How long nothing is read from a client that is too fast, so that TCP flow control slows it down.
const BREATH: Duration = Duration::from_millis(100);

pub(super) async fn upgrade(
    State(server): State<Arc<RoomServerState>>,
    Extension(connection): Extension<Arc<Connection>>,
    Path(room): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(id) = room.parse::<RoomId>() else { return RoomRefusal::Malformed.into_response() };
    let most = server.config.limits.message_bytes / 3 * 4 + FRAME_BYTES;
    let upgrade = upgrade.read_buffer_size(BUFFER_BYTES).write_buffer_size(BUFFER_BYTES);
    upgrade
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| converse(socket, server, connection, id))
}

async fn converse(mut socket: WebSocket, server: Arc<RoomServerState>, connection: Arc<Connection>, id: RoomId) {
    let first = tokio::select! {
        first = within(server.config.request_limit, frame(&mut socket)) => first.flatten(),
        () = connection.over() => None,
    };
    let attached = match first {
        Some(ClientFrame::Resume { token, after }) => {
            token.parse().and_then(|token| Attachment::new(Arc::clone(&server), connection, id, token, after))
        }
        Some(_) => Err(RoomRefusal::Malformed),
        None => return,
    };
    let over = match attached {
        Ok(attachment) => {
            WebSocketSession { lease: server.config.limits.lease, socket: &mut socket, attachment }.serve().await
        }
        Err(refusal) => Some(refusal),
    };
    if let Some(refusal) = over {
        let _ = send_frame(&mut socket, server.config.limits.lease, &ServerFrame::Refused(RefusedBody::from(refusal)))
            .await;
    }
    let close = CloseFrame { code: close_code::NORMAL, reason: "".into() };
    let _ = within(server.config.limits.lease, socket.send(Message::Close(Some(close)))).await;
}

/// The next frame of the client; None where it is gone or sends something else.
async fn frame(socket: &mut WebSocket) -> Option<ClientFrame> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => return serde_json::from_str(&text).ok(),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return None,
        }
    }
}

/// Sends a frame; false where that took too long.
async fn send_frame(socket: &mut WebSocket, limit: Duration, frame: &ServerFrame) -> bool {
    let Ok(json) = serde_json::to_string(frame) else { return false };
    matches!(within(limit, socket.send(Message::Text(json.into()))).await, Some(Ok(())))
}

struct WebSocketSession<'a> {
    socket: &'a mut WebSocket,
    attachment: Attachment,
    /// A write that takes longer than this means that the client is gone.
    lease: Duration,
}

impl WebSocketSession<'_> {
    /// Serves until either end closes; returns a refusal that is still to be sent.
    async fn serve(mut self) -> Option<RoomRefusal> {
        let server = Arc::clone(&self.attachment.server);
        let mut beat = server.clock.now() + server.config.heartbeat;
        loop {
            let is_open = tokio::select! {
                () = server.clock.reach(Some(beat)) => {
                    beat = server.clock.now() + server.config.heartbeat;
                    matches!(within(self.lease, self.socket.send(Message::Ping(Bytes::new()))).await, Some(Ok(())))
                }
                event = self.attachment.next() => match event {
                    AttachmentEvent::Events(events) => self.send_events(events).await,
                    AttachmentEvent::Beat => true,
                    AttachmentEvent::Over(refusal) => return Some(refusal),
                },
                message = self.socket.recv() => match message {
                    Some(Ok(Message::Close(_))) => {
                        self.attachment.end();
                        return None;
                    }
                    Some(Ok(message)) => match self.handle_message(message).await {
                        Ok(Handled::Answered(is_open)) => is_open,
                        Ok(Handled::Left) => return None,
                        Err(refusal) => return Some(refusal),
                    },
                    Some(Err(_)) | None => false,
                },
            };
            if !is_open {
                return None;
            }
        }
    }

    async fn send_events(&mut self, events: Vec<ServerFrame>) -> bool {
        for event in &events {
            if !send_frame(self.socket, self.lease, event).await {
                return false;
            }
        }
        true
    }

    /// Handles one message of the client; an error closes the socket.
    async fn handle_message(&mut self, message: Message) -> Result<Handled, RoomRefusal> {
        let Attachment { server, id, token, .. } = &self.attachment;
        let now = server.clock.now();
        let frame = match message {
            Message::Text(text) => serde_json::from_str(&text).map_err(|_| RoomRefusal::Malformed)?,
            Message::Ping(_) | Message::Pong(_) => {
                server.rooms().renew(now, id, token)?;
                return Ok(Handled::Answered(true));
            }
            Message::Binary(_) | Message::Close(_) => return Err(RoomRefusal::Malformed),
        };
        let answer = match frame {
            ClientFrame::Message { number, message } => {
                let message = message.bytes().ok_or(RoomRefusal::Malformed)?;
                let taken = server.rooms().post(now, id, token, number, &message);
                match taken {
                    Ok(taken) => ServerFrame::Accepted(taken),
                    Err(RoomRefusal::OutOfOrder { expected }) => ServerFrame::Resend(expected),
                    Err(refusal) if refusal.passes() => {
                        server.clock.pause(BREATH).await;
                        ServerFrame::Resend(number)
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
            ClientFrame::Echo(tag) => {
                server.rooms().echo(now, id, token, &tag)?;
                return Ok(Handled::Answered(true));
            }
            ClientFrame::Acknowledge(number) => {
                server.rooms().acknowledge(now, id, token, number)?;
                return Ok(Handled::Answered(true));
            }
            ClientFrame::Leave => {
                server.rooms().leave(now, id, token)?;
                return Ok(Handled::Left);
            }
            ClientFrame::Resume { .. } => return Err(RoomRefusal::Malformed),
        };
        Ok(Handled::Answered(send_frame(self.socket, self.lease, &answer).await))
    }
}

enum Handled {
    /// False where the response could not be sent.
    Answered(bool),
    Left,
}

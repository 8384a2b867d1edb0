//! Server-Sent Events and long polling: a response without end, and one that waits.

use super::admission::Connection;
use super::attachment::{Attachment, AttachmentEvent};
use super::participant::ParticipantRef;
use super::state::RoomServerState;
use crate::signal::rooms::RoomRefusal;
use crate::signal::rooms::frames::{RefusedBody, ServerFrame};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Query, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;

/// Asks nginx, and proxies that follow it, to pass events on without buffering.
const NOT_BUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// A comment (HTML Standard, "Parsing an event stream"), which clients ignore: a sign of life.
const BEAT: &[u8] = b":\n\n";

#[derive(Deserialize)]
pub(super) struct AfterQuery {
    after: u64,
}

pub(super) async fn events(
    State(server): State<Arc<RoomServerState>>,
    Extension(connection): Extension<Arc<Connection>>,
    ParticipantRef { id, token }: ParticipantRef,
    Query(AfterQuery { after }): Query<AfterQuery>,
) -> Result<Response, RoomRefusal> {
    let attachment = Attachment::new(server, connection, id, token, after)?;
    // A first sign of life shows the client that the response comes through.
    let told = stream::unfold((Some(attachment), true), |(attachment, first)| async move {
        let mut attachment = attachment?;
        if first {
            return Some((Ok::<_, Infallible>(Bytes::from_static(BEAT)), (Some(attachment), false)));
        }
        Some(match attachment.next().await {
            AttachmentEvent::Events(events) => {
                (Ok(events.iter().map(event).collect::<String>().into()), (Some(attachment), false))
            }
            AttachmentEvent::Beat => (Ok(Bytes::from_static(BEAT)), (Some(attachment), false)),
            AttachmentEvent::Over(refusal) => {
                (Ok(event(&ServerFrame::Refused(RefusedBody::from(refusal))).into()), (None, false))
            }
        })
    });
    let kind = (CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(([kind, NOT_BUFFERED], Body::from_stream(told)).into_response())
}

/// Compact JSON has no line ends, so one `data` line holds it.
fn event(event: &ServerFrame) -> String {
    serde_json::to_string(event).map(|json| format!("data: {json}\n\n")).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct PollQuery {
    after: u64,
    heard: u64,
    /// False to return at once with the events that wait.
    #[serde(default = "yes")]
    wait: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn poll(
    State(server): State<Arc<RoomServerState>>,
    Extension(connection): Extension<Arc<Connection>>,
    ParticipantRef { id, token }: ParticipantRef,
    Query(PollQuery { after, heard, wait }): Query<PollQuery>,
) -> Result<Json<Vec<ServerFrame>>, RoomRefusal> {
    server.rooms().acknowledge(server.clock.now(), &id, &token, heard)?;
    let mut attachment = Attachment::new(server, connection, id, token, after)?;
    let next = if wait { attachment.next().await } else { AttachmentEvent::Events(attachment.pending()?) };
    attachment.end();
    match next {
        AttachmentEvent::Events(events) => Ok(Json(events)),
        AttachmentEvent::Beat => Ok(Json(Vec::new())),
        AttachmentEvent::Over(refusal) => Err(refusal),
    }
}

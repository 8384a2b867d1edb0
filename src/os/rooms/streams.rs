//! Server-Sent Events and long polling: a response that goes on, and one that waits.

use super::Hall;
use super::attachment::{Attachment, Turn};
use super::door::Guest;
use super::routes::Seated;
use crate::signal::rooms::Refusal;
use crate::signal::rooms::frames::{FromServer, Refused};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Query, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;

/// Asks nginx, and who understands it as nginx does, to hand events on as they come.
const NOT_BUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// A comment (HTML Standard, "Parsing an event stream"): nothing for who listens, and a sign of life.
const BEAT: &[u8] = b":\n\n";

#[derive(Deserialize)]
pub(super) struct After {
    after: u64,
}

pub(super) async fn events(
    State(hall): State<Arc<Hall>>,
    Extension(guest): Extension<Arc<Guest>>,
    Seated { id, token }: Seated,
    Query(After { after }): Query<After>,
) -> Result<Response, Refusal> {
    let attachment = Attachment::new(hall, guest, id, token, after)?;
    // A first sign of life, so that the way is known to be there.
    let told = stream::unfold((Some(attachment), true), |(attachment, first)| async move {
        let mut attachment = attachment?;
        if first {
            return Some((Ok::<_, Infallible>(Bytes::from_static(BEAT)), (Some(attachment), false)));
        }
        Some(match attachment.turn().await {
            Turn::Events(events) => {
                (Ok(events.iter().map(event).collect::<String>().into()), (Some(attachment), false))
            }
            Turn::Beat => (Ok(Bytes::from_static(BEAT)), (Some(attachment), false)),
            Turn::Over(refusal) => (Ok(event(&FromServer::Refused(Refused::from(refusal))).into()), (None, false)),
        })
    });
    let kind = (CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(([kind, NOT_BUFFERED], Body::from_stream(told)).into_response())
}

/// JSON has no line ends of its own, so one `data` holds it.
fn event(event: &FromServer) -> String {
    serde_json::to_string(event).map(|json| format!("data: {json}\n\n")).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct Poll {
    after: u64,
    heard: u64,
    /// False for who wants to know only what is there already.
    #[serde(default = "yes")]
    wait: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn poll(
    State(hall): State<Arc<Hall>>,
    Extension(guest): Extension<Arc<Guest>>,
    Seated { id, token }: Seated,
    Query(Poll { after, heard, wait }): Query<Poll>,
) -> Result<Json<Vec<FromServer>>, Refusal> {
    hall.rooms().heard(hall.clock.now(), &id, &token, heard)?;
    let mut attachment = Attachment::new(hall, guest, id, token, after)?;
    let turn = if wait { attachment.turn().await } else { Turn::Events(attachment.news()?) };
    attachment.end();
    match turn {
        Turn::Events(events) => Ok(Json(events)),
        Turn::Beat => Ok(Json(Vec::new())),
        Turn::Over(refusal) => Err(refusal),
    }
}

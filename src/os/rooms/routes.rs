//! The requests that are answered at once; those that wait are [`super::streams`]' and [`super::socket`]'s.

use super::door::{self, Guest};
use super::{Hall, Waiters, page, socket, streams};
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::{FromServer, Join, Joined, Refused};
use crate::signal::rooms::{Refusal, Token};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, FromRequestParts, Path, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::watch;

const HINT: &str = "This is a room of rtc-doctor's, where two machines meet to find out how they reach each other.\n\
                    Run on either machine, with the address of this page: rtc-doctor call ADDRESS\n";

pub(super) fn router(hall: Arc<Hall>) -> Router {
    let message_bytes = hall.settings.limits.message_bytes;
    Router::new()
        .route("/", get(greet))
        .route("/r/{room}", get(greet).post(join))
        .route("/r/{room}/ws", get(socket::upgrade))
        .route("/r/{room}/events", get(streams::events))
        .route("/r/{room}/poll", get(streams::poll))
        .route("/r/{room}/say", post(say))
        .route("/r/{room}/echo", post(echo))
        .route("/r/{room}/stay", post(stay))
        .route("/r/{room}/leave", post(leave))
        .layer(DefaultBodyLimit::max(message_bytes))
        .layer(middleware::from_fn_with_state(Arc::clone(&hall), door::look))
        .with_state(hall)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(Refused::from(self))).into_response()
    }
}

/// Whose seat a request is about: the room of its path, and the token of `Authorization: Bearer`.
pub(super) struct Seated {
    pub id: RoomId,
    pub token: Token,
}

impl<S: Send + Sync> FromRequestParts<S> for Seated {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(room) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Refusal::Malformed)?;
        let id = room.parse().map_err(|_| Refusal::Malformed)?;
        let bearer = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        Ok(Self { id, token: bearer.ok_or(Refusal::Malformed)?.parse()? })
    }
}

/// For a person who opens the address: in a browser the page, elsewhere what to do.
async fn greet(headers: HeaderMap) -> Response {
    if page::is_wanted(&headers) { page::page() } else { HINT.into_response() }
}

async fn join(
    State(hall): State<Arc<Hall>>,
    Extension(guest): Extension<Arc<Guest>>,
    Seated { id, token }: Seated,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Joined>, Refusal> {
    let Join { version } = serde_json::from_slice(&body).map_err(|_| Refusal::Malformed)?;
    let (now, source) = (hall.clock.now(), guest.source(&headers));
    let bell = Waiters(watch::Sender::default());
    let mut rooms = hall.rooms();
    let seat = rooms.join(now, &id, token, version, source, bell)?;
    let limits = rooms.limits();
    let ms = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Ok(Json(Joined {
        seat,
        message_bytes: limits.message_bytes,
        heartbeat_ms: ms(hall.settings.heartbeat),
        lease_ms: ms(limits.lease),
        ice_servers: (hall.offering)(&id),
    }))
}

#[derive(Deserialize)]
struct Number {
    number: u64,
}

async fn say(
    State(hall): State<Arc<Hall>>,
    Seated { id, token }: Seated,
    Query(Number { number }): Query<Number>,
    message: Bytes,
) -> Result<Json<FromServer>, Refusal> {
    let taken = hall.rooms().say(hall.clock.now(), &id, &token, number, &message)?;
    Ok(Json(FromServer::Said(taken)))
}

async fn echo(State(hall): State<Arc<Hall>>, Seated { id, token }: Seated, tag: String) -> Result<StatusCode, Refusal> {
    hall.rooms().echo(hall.clock.now(), &id, &token, &tag)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Heard {
    heard: u64,
}

async fn stay(
    State(hall): State<Arc<Hall>>,
    Seated { id, token }: Seated,
    Query(Heard { heard }): Query<Heard>,
) -> Result<StatusCode, Refusal> {
    hall.rooms().heard(hall.clock.now(), &id, &token, heard)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn leave(State(hall): State<Arc<Hall>>, Seated { id, token }: Seated) -> Result<StatusCode, Refusal> {
    hall.rooms().leave(hall.clock.now(), &id, &token)?;
    Ok(StatusCode::NO_CONTENT)
}

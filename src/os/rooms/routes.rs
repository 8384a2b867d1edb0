//! The requests that are answered at once. Those that wait for events are in [`super::streams`] and
//! [`super::websocket`].

use super::admission::{self, Connection};
use super::participant::ParticipantRef;
use super::state::{EventWaiters, RoomServerState};
use super::{page, streams, websocket};
use crate::signal::rooms::RoomRefusal;
use crate::signal::rooms::frames::{Join, Joined, RefusedBody, ServerFrame};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::watch;

const HINT: &str = "This is a room of rtc-doctor's, where two machines meet to find out how they reach each other.\n\
                    Run on either machine, with the address of this page: rtc-doctor call ADDRESS\n";

pub(super) fn router(server: Arc<RoomServerState>) -> Router {
    let message_bytes = server.config.limits.message_bytes;
    Router::new()
        .route("/", get(index))
        .route("/r/{room}", get(index).post(join))
        .route("/r/{room}/ws", get(websocket::upgrade))
        .route("/r/{room}/events", get(streams::events))
        .route("/r/{room}/poll", get(streams::poll))
        .route("/r/{room}/say", post(post_message))
        .route("/r/{room}/echo", post(echo))
        .route("/r/{room}/stay", post(renew))
        .route("/r/{room}/leave", post(leave))
        .layer(DefaultBodyLimit::max(message_bytes))
        .layer(middleware::from_fn_with_state(Arc::clone(&server), admission::check))
        .with_state(server)
}

impl IntoResponse for RoomRefusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(RefusedBody::from(self))).into_response()
    }
}

/// For a person who opens the address: the page in a browser, a hint in any other client.
async fn index(headers: HeaderMap) -> Response {
    if page::is_wanted(&headers) { page::page() } else { HINT.into_response() }
}

async fn join(
    State(server): State<Arc<RoomServerState>>,
    Extension(connection): Extension<Arc<Connection>>,
    ParticipantRef { id, token }: ParticipantRef,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Joined>, RoomRefusal> {
    let Join { version } = serde_json::from_slice(&body).map_err(|_| RoomRefusal::Malformed)?;
    let (now, source) = (server.clock.now(), connection.source(&headers));
    let waiters = EventWaiters(watch::Sender::default());
    let slot = server.rooms().join(now, &id, token, version, source, waiters)?;
    let ice_servers = (server.offering)(&id).await;
    let limits = &server.config.limits;
    let ms = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Ok(Json(Joined {
        slot,
        message_bytes: limits.message_bytes,
        heartbeat_ms: ms(server.config.heartbeat),
        lease_ms: ms(limits.lease),
        ice_servers,
    }))
}

#[derive(Deserialize)]
struct NumberQuery {
    number: u64,
}

async fn post_message(
    State(server): State<Arc<RoomServerState>>,
    ParticipantRef { id, token }: ParticipantRef,
    Query(NumberQuery { number }): Query<NumberQuery>,
    message: Bytes,
) -> Result<Json<ServerFrame>, RoomRefusal> {
    let taken = server.rooms().post(server.clock.now(), &id, &token, number, &message)?;
    Ok(Json(ServerFrame::Accepted(taken)))
}

async fn echo(
    State(server): State<Arc<RoomServerState>>,
    ParticipantRef { id, token }: ParticipantRef,
    tag: String,
) -> Result<StatusCode, RoomRefusal> {
    server.rooms().echo(server.clock.now(), &id, &token, &tag)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct AckQuery {
    heard: u64,
}

async fn renew(
    State(server): State<Arc<RoomServerState>>,
    ParticipantRef { id, token }: ParticipantRef,
    Query(AckQuery { heard }): Query<AckQuery>,
) -> Result<StatusCode, RoomRefusal> {
    server.rooms().acknowledge(server.clock.now(), &id, &token, heard)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn leave(
    State(server): State<Arc<RoomServerState>>,
    ParticipantRef { id, token }: ParticipantRef,
) -> Result<StatusCode, RoomRefusal> {
    server.rooms().leave(server.clock.now(), &id, &token)?;
    Ok(StatusCode::NO_CONTENT)
}

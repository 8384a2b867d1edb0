//! Which participant a request comes from.

use crate::signal::address::RoomId;
use crate::signal::rooms::{RoomRefusal, Token};
use axum::extract::{FromRequestParts, Path};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// The participant that sends a request: the room of its path, and the token of `Authorization: Bearer`.
pub(super) struct ParticipantRef {
    pub id: RoomId,
    pub token: Token,
}

impl<S: Send + Sync> FromRequestParts<S> for ParticipantRef {
    type Rejection = RoomRefusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RoomRefusal> {
        let Path(room) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| RoomRefusal::Malformed)?;
        let id = room.parse().map_err(|_| RoomRefusal::Malformed)?;
        let bearer = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        Ok(Self { id, token: bearer.ok_or(RoomRefusal::Malformed)?.parse()? })
    }
}

//! Requests to the room server, one after the other on one connection (RFC 9112).

use super::error::TransportError;
use super::session::RoomSession;
use crate::machine::{OfferedServer, Slot};
use crate::model::SignallingFailure;
use crate::os::clock::within;
use crate::os::task::Task;
use crate::signal::rooms::VERSION;
use crate::signal::rooms::frames::{Join, Joined, RefusedBody};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The largest response: a batch of events is about one message of 256 KiB at most, in base64, with room for servers
/// that accept larger ones.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

pub(super) struct Requests<'a> {
    session: &'a RoomSession,
    connection: HttpConnection,
    /// Whether a response has come on this connection.
    used: bool,
}

struct HttpConnection {
    sender: SendRequest<Full<Bytes>>,
    _task: Task,
}

impl<'a> Requests<'a> {
    pub(crate) async fn open(session: &'a RoomSession) -> Result<Self, TransportError> {
        Ok(Self { session, connection: connect(session).await?, used: false })
    }

    /// The response to a `GET` of this path below the room's own. Its body has not been read.
    pub(crate) async fn get(&mut self, path: &str, limit: Duration) -> Result<Response<Incoming>, TransportError> {
        good(self.ask(Method::GET, path, Bytes::new(), limit).await?, StatusCode::OK).await
    }

    /// The body of the response to a `POST`, as JSON.
    pub(crate) async fn post<T: DeserializeOwned>(&mut self, path: &str, body: Vec<u8>) -> Result<T, TransportError> {
        let response = self.ask(Method::POST, path, body.into(), self.session.timing.answer_limit).await?;
        read(good(response, StatusCode::OK).await?).await
    }

    /// A `POST` whose response has no body.
    pub(crate) async fn post_quietly(&mut self, path: &str, body: Vec<u8>) -> Result<(), TransportError> {
        let response = self.ask(Method::POST, path, body.into(), self.session.timing.answer_limit).await?;
        good(response, StatusCode::NO_CONTENT).await.map(drop)
    }

    /// Sends a request, on a new connection where the server has closed the idle one. Every request here may safely be
    /// sent twice.
    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
        limit: Duration,
    ) -> Result<Response<Incoming>, TransportError> {
        if !self.connection.sender.is_closed() {
            match self.send(method.clone(), path, body.clone(), limit).await {
                Err(TransportError::Failed(SignallingFailure::Cut)) if self.used => {}
                outcome => {
                    self.used = true;
                    return outcome;
                }
            }
        }
        self.connection = connect(self.session).await?;
        self.send(method, path, body, limit).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
        limit: Duration,
    ) -> Result<Response<Incoming>, TransportError> {
        let address = &self.session.address;
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", address.path()))
            .header(HOST, address.authority())
            .header(AUTHORIZATION, format!("Bearer {}", self.session.token.reveal()))
            .body(Full::new(body))
            .map_err(|_| SignallingFailure::Cut)?;
        let sender = &mut self.connection.sender;
        let answer = async {
            sender.ready().await?;
            sender.send_request(request).await
        };
        match within(limit, answer).await {
            Some(Ok(response)) => Ok(response),
            Some(Err(_)) => Err(SignallingFailure::Cut.into()),
            None => Err(SignallingFailure::HeldBack.into()),
        }
    }
}

/// Joins the room: the slot that this end gets, and the ICE servers that the server offers with it.
pub(super) async fn join(session: &RoomSession) -> Result<(Slot, Vec<OfferedServer>), TransportError> {
    let body = serde_json::to_vec(&Join { version: VERSION }).unwrap_or_default();
    let joined: Joined = Requests::open(session).await?.post("", body).await?;
    let (slot, offers) = (joined.slot, joined.offers());
    session.set_joined(joined);
    Ok((slot, offers))
}

/// Leaves the room on a connection of its own; where that fails, the server finds out when the lease ends.
pub(super) async fn leave(session: &RoomSession) {
    if let Ok(mut requests) = Requests::open(session).await {
        let _ = requests.post_quietly("/leave", Vec::new()).await;
    }
}

async fn connect(session: &RoomSession) -> Result<HttpConnection, TransportError> {
    let stream = session.connect().await?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| SignallingFailure::Cut)?;
    // Its result is ignored here: whoever sends requests on it gets the error.
    let task = Task::spawn(async move { drop(connection.await) });
    Ok(HttpConnection { sender, _task: task })
}

/// The response, if it has the status that a room server sends.
async fn good(response: Response<Incoming>, expected: StatusCode) -> Result<Response<Incoming>, TransportError> {
    let status = response.status();
    if status == expected {
        return Ok(response);
    }
    let refused = read::<RefusedBody>(response).await.ok().and_then(|refused| refused.refusal());
    Err(refused.map_or_else(|| SignallingFailure::Status { status: status.as_u16() }.into(), TransportError::Refused))
}

/// The whole body as JSON. A body of another form means that something else than a room server has responded.
pub(super) async fn read<T: DeserializeOwned>(response: Response<Incoming>) -> Result<T, TransportError> {
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
    let bytes = body.map_err(|_| SignallingFailure::Cut)?.to_bytes();
    serde_json::from_slice(&bytes).map_err(|_| SignallingFailure::Status { status }.into())
}

//! One connection to a source: requests one after the other (RFC 9112), a WebSocket (RFC 6455), a stream of events, or one of
//! another protocol's bytes.

use super::bounded::MOST_BYTES;
use crate::model::SourceRefusal;
use crate::os::byte_stream::BoxedStream;
use crate::os::task::Task;
use crate::source::{EventReader, SourceHeard, SourceMessage, WebAnswer, WebRequest};
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderMap, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::collections::VecDeque;
use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

/// Answers of the field are some thousand bytes; one of this size holds more servers than anybody names.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// As programs name themselves (RFC 9110 §10.1.5).
const AGENT: &str = concat!("rtc-doctor/", env!("CARGO_PKG_VERSION"));

const SUB_PROTOCOL: &str = "sec-websocket-protocol";

pub(super) struct HttpLink {
    sender: SendRequest<Full<Bytes>>,
    _task: Task,
}

impl HttpLink {
    pub(super) async fn new(stream: BoxedStream) -> Result<Self, SourceRefusal> {
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| told(&error))?;
        // Whoever sends requests on it gets its error.
        let task = Task::spawn(async move { drop(connection.await) });
        Ok(Self { sender, _task: task })
    }

    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    pub(super) async fn ask(&mut self, asked: WebRequest) -> Result<WebAnswer, SourceRefusal> {
        let (head, body) = self.send(asked).await?.into_parts();
        let body = whole(body).await?;
        Ok(WebAnswer { status: head.status.as_u16(), headers: headers(&head.headers), body })
    }

    async fn send(&mut self, asked: WebRequest) -> Result<Response<Incoming>, SourceRefusal> {
        let mut request = Request::builder()
            .method(asked.method.as_str())
            .uri(path(&asked.url))
            .header(HOST, authority(&asked.url))
            .header(USER_AGENT, AGENT);
        for (name, value) in &asked.headers {
            request = request.header(*name, value.reveal());
        }
        let request = request.body(Full::new(asked.body.into())).map_err(|_| SourceRefusal::Cut)?;
        self.sender.ready().await.map_err(|error| told(&error))?;
        self.sender.send_request(request).await.map_err(|error| told(&error))
    }
}

/// Of an address, what a request line has of it.
fn path(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn authority(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

async fn whole(body: Incoming) -> Result<Vec<u8>, SourceRefusal> {
    match Limited::new(body, MAX_ANSWER_BYTES).collect().await {
        Ok(whole) => Ok(whole.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(SourceRefusal::TooLarge { most: MAX_ANSWER_BYTES }),
        Err(_) => Err(SourceRefusal::Cut),
    }
}

fn told(error: &hyper::Error) -> SourceRefusal {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(ErrorKind::FileTooLarge) => SourceRefusal::TooLarge { most: MOST_BYTES },
        _ if error.is_parse() => SourceRefusal::NotHttp,
        _ => SourceRefusal::Cut,
    }
}

/// A stream of events, and the connection that it comes over.
pub(super) struct EventLink {
    body: Incoming,
    reader: EventReader,
    ready: VecDeque<String>,
    _link: HttpLink,
}

impl EventLink {
    /// The stream, or the answer that is none.
    pub(super) async fn open(mut link: HttpLink, asked: WebRequest) -> Result<Result<Self, WebAnswer>, SourceRefusal> {
        let (head, body) = link.send(asked).await?.into_parts();
        let headers = headers(&head.headers);
        let is_stream = |(name, value): &(String, String)| {
            name == "content-type" && value.to_ascii_lowercase().starts_with("text/event-stream")
        };
        if head.status.is_success() && headers.iter().any(is_stream) {
            let (reader, ready) = (EventReader::default(), VecDeque::new());
            return Ok(Ok(Self { body, reader, ready, _link: link }));
        }
        Ok(Err(WebAnswer { status: head.status.as_u16(), headers, body: whole(body).await? }))
    }

    /// What comes next. Cancel-safe.
    pub(super) async fn listen(&mut self) -> Result<SourceHeard, SourceRefusal> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(SourceHeard::Said(SourceMessage::Text(event)));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.ready.extend(self.reader.feed(&data));
                    }
                }
                Some(Err(_)) => return Err(SourceRefusal::Cut),
                None => return Ok(SourceHeard::Closed { code: None }),
            }
            if self.reader.waiting() > MAX_ANSWER_BYTES {
                return Err(SourceRefusal::TooLarge { most: MAX_ANSWER_BYTES });
            }
        }
    }
}

/// A stream whose protocol is the provider's own.
pub(super) struct StreamLink {
    pub(super) stream: BoxedStream,
    /// Whom it is connected with.
    pub(super) remote: SocketAddr,
}

impl StreamLink {
    pub(super) async fn say(&mut self, message: SourceMessage) -> Result<(), SourceRefusal> {
        let bytes = match message {
            SourceMessage::Text(text) => text.into_bytes(),
            SourceMessage::Binary(bytes) => bytes,
        };
        self.stream.write_all(&bytes).await.map_err(|_| SourceRefusal::Cut)?;
        self.stream.flush().await.map_err(|_| SourceRefusal::Cut)
    }

    /// What comes next, as it comes. Cancel-safe.
    pub(super) async fn listen(&mut self) -> Result<SourceHeard, SourceRefusal> {
        /// As much as one record of TLS holds.
        const READ_MAX: usize = 16 << 10;
        let mut bytes = vec![0; READ_MAX];
        match self.stream.read(&mut bytes).await {
            Ok(0) => Ok(SourceHeard::Closed { code: None }),
            Ok(read) => {
                bytes.truncate(read);
                Ok(SourceHeard::Said(SourceMessage::Binary(bytes)))
            }
            Err(_) => Err(SourceRefusal::Cut),
        }
    }
}

pub(super) struct SocketLink(WebSocketStream<BoxedStream>);

impl SocketLink {
    /// The socket, or the answer that came instead of one.
    pub(super) async fn open(
        stream: BoxedStream,
        asked: &WebRequest,
    ) -> Result<Result<Self, WebAnswer>, SourceRefusal> {
        let uri = asked.url.as_str().parse().map_err(|_| SourceRefusal::Cut)?;
        let mut request = ClientRequestBuilder::new(uri).with_header(USER_AGENT.as_str(), AGENT);
        for (name, value) in &asked.headers {
            request = match *name {
                SUB_PROTOCOL => request.with_sub_protocol(value.reveal()),
                name => request.with_header(name, value.reveal()),
            };
        }
        let config =
            WebSocketConfig::default().max_message_size(Some(MAX_ANSWER_BYTES)).max_frame_size(Some(MAX_ANSWER_BYTES));
        match client_async_with_config(request, stream, Some(config)).await {
            Ok((socket, _)) => Ok(Ok(Self(socket))),
            Err(Error::Http(response)) => {
                let (status, headers) = (response.status().as_u16(), headers(response.headers()));
                let body = response.into_body().unwrap_or_default();
                Ok(Err(WebAnswer { status, headers, body }))
            }
            Err(Error::Io(_) | Error::ConnectionClosed) => Err(SourceRefusal::Cut),
            Err(_) => Err(SourceRefusal::NotHttp),
        }
    }

    pub(super) async fn say(&mut self, message: SourceMessage) -> Result<(), SourceRefusal> {
        let message = match message {
            SourceMessage::Text(text) => Message::text(text),
            SourceMessage::Binary(bytes) => Message::binary(bytes),
        };
        self.0.send(message).await.map_err(|_| SourceRefusal::Cut)
    }

    /// What comes next. Cancel-safe.
    pub(super) async fn listen(&mut self) -> Result<SourceHeard, SourceRefusal> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(SourceHeard::Said(SourceMessage::Text(text.as_str().to_owned())));
                }
                Some(Ok(Message::Binary(bytes))) => {
                    return Ok(SourceHeard::Said(SourceMessage::Binary(bytes.to_vec())));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    // The pong that answers it is queued and has to be flushed.
                    self.0.flush().await.map_err(|_| SourceRefusal::Cut)?;
                }
                Some(Ok(Message::Close(frame))) => {
                    return Ok(SourceHeard::Closed { code: frame.map(|frame| frame.code.into()) });
                }
                Some(Ok(Message::Frame(_))) => {}
                Some(Err(Error::Capacity(_))) => return Err(SourceRefusal::TooLarge { most: MAX_ANSWER_BYTES }),
                Some(Err(_)) | None => return Err(SourceRefusal::Cut),
            }
        }
    }

    /// Says goodbye (RFC 6455 §7.1.2), without waiting for the other end's.
    pub(super) async fn close(&mut self) {
        // An error no longer matters: the connection ends here.
        let _ = self.0.close(None).await;
    }
}

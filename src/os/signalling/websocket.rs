//! A WebSocket: one connection for both directions (RFC 6455).

use super::error::TransportError;
use super::link::{Outgoing, Start, TransportLink};
use super::session::RoomSession;
use super::timing::patience;
use crate::model::SignallingFailure;
use crate::os::byte_stream::BoxedStream;
use crate::os::clock::within;
use crate::signal::rooms::frames::{Base64, ClientFrame, ServerFrame};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// The largest message: 256 KiB in base64 and the frame around it, with room for servers that accept larger ones.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

type ClientWebSocket = WebSocketStream<BoxedStream>;

pub(super) async fn run(link: &mut TransportLink) -> Result<(), TransportError> {
    let session = link.session.clone();
    let stream = session.connect().await?;
    let mut socket = session.in_time(upgrade(&session, stream)).await?;
    let took_ms = session.since(link.began);
    let lease = session.joined().await?.lease();
    send(&mut socket, lease, &ClientFrame::resume(&session.token, link.after)).await?;
    let measured = match link.start {
        Start::Resume => None,
        Start::Try => {
            let sent = session.clock.now();
            send(&mut socket, lease, &ClientFrame::Echo(link.tag())).await?;
            session.in_time(echo(link, &mut socket)).await?;
            Some((took_ms, session.since(sent)))
        }
    };
    link.there(measured).await;
    converse(link, &mut socket, lease).await
}

async fn upgrade(session: &RoomSession, stream: BoxedStream) -> Result<ClientWebSocket, TransportError> {
    let address = &session.address;
    // The stream is open already; the scheme only decides on the default port in `Host`.
    let scheme = if address.secure { "wss" } else { "ws" };
    let uri = format!("{scheme}://{}{}/ws", address.authority(), address.path());
    let request = ClientRequestBuilder::new(uri.parse().map_err(|_| SignallingFailure::Cut)?);
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE_BYTES)).max_frame_size(Some(MAX_MESSAGE_BYTES));
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(SignallingFailure::Status { status: response.status().as_u16() }.into()),
        Err(_) => Err(SignallingFailure::Cut.into()),
    }
}

async fn send(socket: &mut ClientWebSocket, limit: Duration, frame: &ClientFrame) -> Result<(), TransportError> {
    let json = serde_json::to_string(frame).map_err(|_| SignallingFailure::Cut)?;
    match within(limit, socket.send(Message::text(json))).await {
        Some(Ok(())) => Ok(()),
        Some(Err(_)) | None => Err(SignallingFailure::Cut.into()),
    }
}

/// The next frame from the server; None for a ping or pong.
async fn receive(socket: &mut ClientWebSocket) -> Result<Option<ServerFrame>, TransportError> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => {
            serde_json::from_str(&text).map(Some).map_err(|_| SignallingFailure::Cut.into())
        }
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
            // The pong that answers it is queued and has to be flushed.
            socket.flush().await.map_err(|_| SignallingFailure::Cut)?;
            Ok(None)
        }
        _ => Err(SignallingFailure::Cut.into()),
    }
}

async fn echo(link: &mut TransportLink, socket: &mut ClientWebSocket) -> Result<(), TransportError> {
    loop {
        if let Some(frame) = receive(socket).await?
            && link.take(frame).await?
        {
            return Ok(());
        }
    }
}

/// Exchanges frames until a command ends it, or until the server has been silent for so long that the lease is about to
/// end.
async fn converse(
    link: &mut TransportLink,
    socket: &mut ClientWebSocket,
    lease: Duration,
) -> Result<(), TransportError> {
    let clock = link.session.clock;
    let mut silent = clock.now() + patience(lease);
    loop {
        tokio::select! {
            heard = receive(socket) => {
                silent = clock.now() + patience(lease);
                if let Some(frame) = heard? {
                    link.take(frame).await?;
                }
            }
            outgoing = link.next_outgoing() => match outgoing {
                Outgoing::Message { number, message } => {
                    let message = Base64::of(&message);
                    send(socket, lease, &ClientFrame::Message { number, message }).await?;
                }
                Outgoing::Acknowledge(number) => send(socket, lease, &ClientFrame::Acknowledge(number)).await?,
                Outgoing::Leave => {
                    send(socket, lease, &ClientFrame::Leave).await?;
                    return close(link, socket).await;
                }
                Outgoing::Close => return close(link, socket).await,
            },
            () = clock.reach(Some(silent)) => return Err(SignallingFailure::Cut.into()),
        }
    }
}

/// Sends a close frame and waits for that of the server (RFC 6455 §7.1.2).
async fn close(link: &mut TransportLink, socket: &mut ClientWebSocket) -> Result<(), TransportError> {
    let over = async {
        let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        // An error no longer matters: the connection is being closed.
        let _ = socket.close(Some(normal)).await;
        while let Some(Ok(_)) = socket.next().await {}
    };
    within(link.session.timing.drain, over).await;
    Ok(())
}

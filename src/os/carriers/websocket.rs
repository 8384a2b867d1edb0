//! RFC 6455: one connection for both directions.

use super::link::{Link, Start, Word};
use super::session::{Session, Trouble};
use crate::model::CarrierFailure;
use crate::os::clock::within;
use crate::os::stream::Stream;
use crate::signal::rooms::frames::{Base64, FromEnd, FromServer};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// A message of 256 KiB in base64, and the frame around it; the rest is room for servers that take more.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

type Socket = WebSocketStream<Stream>;

pub(super) async fn run(link: &mut Link) -> Result<(), Trouble> {
    let session = link.session.clone();
    let stream = session.connect().await?;
    let mut socket = session.in_time(upgrade(&session, stream)).await?;
    let took_ms = session.ms_since(link.began);
    let lease = session.seated().await?.lease();
    say(&mut socket, lease, &FromEnd::take(&session.token, link.after)).await?;
    let measured = match link.start {
        Start::Resume => None,
        Start::Try => {
            let sent = session.clock.now();
            say(&mut socket, lease, &FromEnd::Echo(link.tag())).await?;
            session.in_time(echo(link, &mut socket)).await?;
            Some((took_ms, session.ms_since(sent)))
        }
    };
    link.there(measured).await;
    converse(link, &mut socket, lease).await
}

async fn upgrade(session: &Session, stream: Stream) -> Result<Socket, Trouble> {
    let address = &session.address;
    // The scheme only tells the default port; the stream is there already.
    let scheme = if address.secure { "wss" } else { "ws" };
    let uri = format!("{scheme}://{}{}/ws", address.authority(), address.path());
    let request = ClientRequestBuilder::new(uri.parse().map_err(|_| CarrierFailure::Cut)?);
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE_BYTES)).max_frame_size(Some(MAX_MESSAGE_BYTES));
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(CarrierFailure::Status { status: response.status().as_u16() }.into()),
        Err(_) => Err(CarrierFailure::Cut.into()),
    }
}

async fn say(socket: &mut Socket, limit: Duration, frame: &FromEnd) -> Result<(), Trouble> {
    let json = serde_json::to_string(frame).map_err(|_| CarrierFailure::Cut)?;
    match within(limit, socket.send(Message::text(json))).await {
        Some(Ok(())) => Ok(()),
        Some(Err(_)) | None => Err(CarrierFailure::Cut.into()),
    }
}

/// What the server says next; None for a sign of life.
async fn hear(socket: &mut Socket) -> Result<Option<FromServer>, Trouble> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).map(Some).map_err(|_| CarrierFailure::Cut.into()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
            // The pong to it waits to be written.
            socket.flush().await.map_err(|_| CarrierFailure::Cut)?;
            Ok(None)
        }
        _ => Err(CarrierFailure::Cut.into()),
    }
}

async fn echo(link: &mut Link, socket: &mut Socket) -> Result<(), Trouble> {
    loop {
        if let Some(frame) = hear(socket).await?
            && link.take(frame).await?
        {
            return Ok(());
        }
    }
}

/// Until it is told to end, or nothing is heard for so long that the seat is about to be given up.
async fn converse(link: &mut Link, socket: &mut Socket, lease: Duration) -> Result<(), Trouble> {
    let clock = link.session.clock;
    let mut silent = clock.now() + super::patience(lease);
    loop {
        tokio::select! {
            heard = hear(socket) => {
                silent = clock.now() + super::patience(lease);
                if let Some(frame) = heard? {
                    link.take(frame).await?;
                }
            }
            word = link.word() => match word {
                Word::Message { number, message } => {
                    let message = Base64::of(&message);
                    say(socket, lease, &FromEnd::Say { number, message }).await?;
                }
                Word::Heard(number) => say(socket, lease, &FromEnd::Heard(number)).await?,
                Word::Leave => {
                    say(socket, lease, &FromEnd::Leave).await?;
                    return close(link, socket).await;
                }
                Word::Close => return close(link, socket).await,
            },
            () = clock.reach(Some(silent)) => return Err(CarrierFailure::Cut.into()),
        }
    }
}

/// Says that it is over, and waits for the server to say so too (RFC 6455 §7.1.2).
async fn close(link: &mut Link, socket: &mut Socket) -> Result<(), Trouble> {
    let over = async {
        let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        // Whatever fails now, it is over.
        let _ = socket.close(Some(normal)).await;
        while let Some(Ok(_)) = socket.next().await {}
    };
    within(link.session.timing.farewell, over).await;
    Ok(())
}

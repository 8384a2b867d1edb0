//! Streams that a machine asks for: connecting in time.

use super::clock::within;
use super::failure::failure;
use super::inbox::{Event, Inbox};
use crate::machine::{Input, SocketId};
use crate::model::Failure;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Connects and tells the driver how that went.
pub(super) async fn open(socket: SocketId, to: SocketAddr, limit: Duration, inbox: Inbox) {
    let event = match connect(to, limit).await {
        Ok((stream, local)) => Event::Connected { socket, stream: Box::new(stream), local, remote: to, tls: None },
        Err(failure) => Event::Input(Input::Failed { socket, failure, tls: None }),
    };
    inbox.put_event(event).await;
}

/// A stream without Nagle's delay: a STUN message is written whole and should leave at once.
pub(super) async fn connect(to: SocketAddr, limit: Duration) -> Result<(TcpStream, SocketAddr), Failure> {
    let connected = within(limit, TcpStream::connect(to)).await.ok_or(Failure::TimedOut)?;
    let stream = connected.map_err(|error| failure(&error))?;
    // Without it the stream is slower and still right.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().map_err(|error| failure(&error))?;
    Ok((stream, local))
}

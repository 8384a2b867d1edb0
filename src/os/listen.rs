//! Accepts streams, plain or under TLS.

use super::byte_stream::BoxedStream;
use super::clock::within;
use super::failure::failure;
use super::inbox::{Event, Inbox};
use super::places::Places;
use super::task::Task;
use crate::machine::{Shares, SocketId};
use crate::model::Failure;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// TLS handshakes under way. A connection beyond them is closed at once, or in its place the oldest of whoever holds the most:
/// one that waited would keep all others waiting that came after it.
pub(crate) const HANDSHAKES: Shares = Shares { all: 256, per_site: 64, per_source: 32 };
const BACKLOG: i32 = 256;

/// How long to wait after a failed `accept`: without a pause, a lack of file descriptors would make the loop spin.
const PAUSE: Duration = Duration::from_millis(200);

/// Listens, and gives each stream to the driver once its handshake is complete.
pub(super) fn open(
    listener: SocketId,
    at: SocketAddr,
    tls: Option<TlsAcceptor>,
    handshake_limit: Duration,
    inbox: Inbox,
) -> Result<(Task, SocketAddr), Failure> {
    let bound = bind(at).map_err(|error| failure(&error))?;
    let local = bound.local_addr().map_err(|error| failure(&error))?;
    Ok((Task::spawn(accept(listener, bound, tls, handshake_limit, inbox)), local))
}

pub(super) fn bind(at: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    if at.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // On Unix this only permits the port although old connections are in TIME_WAIT; elsewhere it would let another
    // process take it.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&at.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

async fn accept(listener: SocketId, bound: TcpListener, tls: Option<TlsAcceptor>, limit: Duration, inbox: Inbox) {
    let mut handshakes = JoinSet::new();
    let mut places = Places::new(HANDSHAKES, false);
    loop {
        tokio::select! {
            accepted = bound.accept() => match accepted {
                Ok((stream, remote)) => {
                    if let Some(mut place) = places.admit(remote.ip()) {
                        let tls = tls.clone();
                        handshakes.spawn(async move {
                            let begun = tokio::select! {
                                begun = begin(listener, stream, remote, tls, limit) => begun,
                                _ = place.held.changed() => None,
                            };
                            (place, begun)
                        });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_) => inbox.clock().pause(PAUSE).await,
            },
            Some(shaken) = handshakes.join_next() => {
                if let Ok((place, event)) = shaken {
                    places.leave(&place);
                    if let Some(event) = event {
                        inbox.put_event(event).await;
                    }
                }
            }
        }
    }
}

/// The stream once its handshake is complete; None where that fails, or takes too long.
async fn begin(
    listener: SocketId,
    stream: TcpStream,
    remote: SocketAddr,
    tls: Option<TlsAcceptor>,
    limit: Duration,
) -> Option<Event> {
    let local = stream.local_addr().ok()?;
    let stream = within(limit, shake(stream, tls)).await?.ok()?;
    Some(Event::Accepted { listener, stream, local, remote })
}

pub(super) async fn shake(stream: TcpStream, tls: Option<TlsAcceptor>) -> io::Result<BoxedStream> {
    // A failure is ignored: the stream would only be slower.
    let _ = stream.set_nodelay(true);
    Ok(match tls {
        Some(acceptor) => Box::new(acceptor.accept(stream).await?),
        None => Box::new(stream),
    })
}

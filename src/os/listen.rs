//! Accepts streams, plain or under TLS.

use super::byte_stream::BoxedStream;
use super::clock::within;
use super::failure::failure;
use super::inbox::{Event, Inbox};
use super::task::Task;
use crate::machine::SocketId;
use crate::model::Failure;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// The most TLS handshakes at once; further connections wait in the kernel's queue.
const MAX_HANDSHAKES: usize = 64;
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
    let mut handshakes: JoinSet<Option<Event>> = JoinSet::new();
    loop {
        tokio::select! {
            accepted = bound.accept(), if handshakes.len() < MAX_HANDSHAKES => match accepted {
                Ok((stream, remote)) => {
                    let tls = tls.clone();
                    handshakes.spawn(async move {
                        let local = stream.local_addr().ok()?;
                        let stream = within(limit, shake(stream, tls)).await?.ok()?;
                        Some(Event::Accepted { listener, stream, local, remote })
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_) => inbox.clock().pause(PAUSE).await,
            },
            Some(shaken) = handshakes.join_next() => {
                if let Ok(Some(event)) = shaken {
                    inbox.put_event(event).await;
                }
            }
        }
    }
}

pub(super) async fn shake(stream: TcpStream, tls: Option<TlsAcceptor>) -> io::Result<BoxedStream> {
    // A failure is ignored: the stream would only be slower.
    let _ = stream.set_nodelay(true);
    Ok(match tls {
        Some(acceptor) => Box::new(acceptor.accept(stream).await?),
        None => Box::new(stream),
    })
}

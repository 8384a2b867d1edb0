//! Rooms over HTTP: WebSocket (RFC 6455), Server-Sent Events with POST, and long polling, all to the same seats.
//!
//! Who is in which room and what waits there is [`crate::signal::rooms`]'s; here are the sockets. Nothing is served from
//! a file, and no page of another site may ask anything. Everything that a stranger can open or hold is bounded:
//! connections in total and from one source, the time for a request's head and for its body, their sizes.
//!
//! Behind a reverse proxy on this machine all would come from one source: of a loopback address, what it says in
//! `X-Forwarded-For` is believed. Who can connect from there is on this machine already. A proxy elsewhere is one source.

mod admission;
mod attachment;
mod config;
mod page;
mod participant;
mod routes;
mod state;
mod streams;
mod websocket;

pub use config::Config;

use super::byte_stream::BoxedStream;
use super::clock::{Clock, within};
use super::failure::failure;
use super::{OsWorld, listen};
use crate::model::Failure;
use crate::signal::address::RoomId;
use crate::signal::rooms::Rooms;
use crate::signal::rooms::frames::RtcIceServer;
use admission::Connection;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use state::{Offering, RoomServerState};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// What connections wait for their last bytes when the server stops.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// Where the system has no descriptor left, asking again at once would spin.
const PAUSE: Duration = Duration::from_millis(200);

/// How often in a grace overdue seats are looked for.
const LOOKS: u32 = 8;

/// The head of a request with everything that proxies add.
const HEAD_BYTES: usize = 32 * 1024;

/// A server of rooms, on as many listeners as it is given.
#[derive(Clone)]
pub struct RoomServer(Arc<RoomServerState>);

/// A bound listener, not yet served.
pub struct Listening {
    listener: TcpListener,
    local: SocketAddr,
    tls: Option<TlsAcceptor>,
    handshake_limit: Duration,
}

impl Listening {
    /// With the port that the system chose, where 0 was asked for.
    pub fn local(&self) -> SocketAddr {
        self.local
    }
}

impl OsWorld {
    /// Listens for HTTP; where `secure`, under TLS with this world's identity. Port 0 is any port.
    pub fn listen(&self, at: SocketAddr, secure: bool) -> Result<Listening, Failure> {
        let tls = self.resources.acceptor(secure)?;
        let listener = listen::bind(at).map_err(|error| failure(&error))?;
        let local = listener.local_addr().map_err(|error| failure(&error))?;
        Ok(Listening { listener, local, tls, handshake_limit: self.resources.connect_limit })
    }
}

impl RoomServer {
    /// Its clock starts now; needs a tokio runtime.
    pub fn new(config: Config) -> Self {
        Self::offering(config, |_| Vec::new())
    }

    /// The same, for a server that has STUN and TURN to offer to who enters a room.
    pub fn offering(config: Config, offering: impl Fn(&RoomId) -> Vec<RtcIceServer> + Send + Sync + 'static) -> Self {
        let rooms = Mutex::new(Rooms::new(config.limits.clone()));
        let offering: Offering = Box::new(offering);
        Self(Arc::new(RoomServerState {
            config,
            offering,
            clock: Clock::start(),
            rooms,
            connections: Mutex::default(),
        }))
    }

    /// Rooms that are held now.
    pub fn rooms(&self) -> usize {
        self.0.rooms().len()
    }

    /// Serves until `stop` is ready. Dropped, it ends every connection at once.
    pub async fn serve(&self, listening: Listening, stop: impl Future<Output = ()>) {
        let server = &self.0;
        let mut stop = std::pin::pin!(stop);
        // Who waits for a seat's events sees this end.
        let (open, closing) = watch::channel(());
        let mut connections = JoinSet::new();
        let every = server.config.limits.grace.min(server.config.limits.lease) / LOOKS;
        let mut look = server.clock.now() + every;
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = server.clock.reach(Some(look)) => {
                    server.rooms().expire(server.clock.now());
                    look = server.clock.now() + every;
                }
                Some(_) = connections.join_next() => {}
                accepted = listening.listener.accept() => match accepted {
                    Ok((stream, remote)) => {
                        if let Some(connection) = Connection::admit(server, remote.ip(), closing.clone()) {
                            give_up_after(&stream, server.config.limits.lease);
                            let (server, tls, limit) = (server.clone(), listening.tls.clone(), listening.handshake_limit);
                            connections.spawn(async move {
                                if let Some(Ok(stream)) = within(limit, listen::shake(stream, tls)).await {
                                    converse(server, stream, connection).await;
                                }
                            });
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    Err(_) => server.clock.pause(PAUSE).await,
                },
            }
        }
        drop(open);
        let over = async { while connections.join_next().await.is_some() {} };
        within(DRAIN_LIMIT, over).await;
    }
}

/// Whoever takes nothing for this long is cut off, so that it cannot hold what was written to it (RFC 5482).
fn give_up_after(stream: &TcpStream, limit: Duration) {
    #[cfg(target_os = "linux")]
    // Without it the kernel's own limits hold, of a quarter of an hour.
    let _ = SockRef::from(stream).set_tcp_user_timeout(Some(limit));
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, limit);
}

/// One connection's requests, one after the other.
async fn converse(server: Arc<RoomServerState>, stream: BoxedStream, connection: Arc<Connection>) {
    let request_limit = server.config.request_limit;
    let mut closing = connection.closing();
    let router = routes::router(server);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&connection));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(request_limit)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // How a connection ends concerns nobody: what it carried is told to the seats.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests;

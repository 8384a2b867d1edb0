//! The room server over HTTP: WebSocket (RFC 6455), Server-Sent Events with POST, and long polling, all to the same
//! rooms.
//!
//! [`crate::signal::rooms`] decides who is in which room and what waits there; this part owns the sockets. Nothing is
//! served from a file, and pages of other sites may send no requests. Everything that a stranger can open or hold is
//! bounded: connections in total and from one source, and the time and size of a request's head and body.
//!
//! Behind a reverse proxy on this machine every request would come from one source, so `X-Forwarded-For` is trusted
//! from loopback addresses: whoever can connect from there is on this machine already. A proxy elsewhere counts as one
//! source.

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
use super::places::Places;
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
use state::{ComingServers, Offering, RoomServerState};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// How long connections may take to send their last bytes when the server stops.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// How long to wait after a failed `accept`: without a pause, a lack of file descriptors would make the loop spin.
const PAUSE: Duration = Duration::from_millis(200);

/// How often overdue participants are looked for within a grace or lease, whichever is shorter.
const LOOKS: u32 = 8;

/// The largest head of a request, with all that proxies add.
const HEAD_BYTES: usize = 32 * 1024;

/// A room server, which can serve any number of listeners.
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
    /// Its address and port; the port that the system chose where 0 was asked for.
    pub fn local(&self) -> SocketAddr {
        self.local
    }
}

impl OsWorld {
    /// Binds a listener for HTTP, or with `secure` for HTTPS with this world's identity. Port 0 is any port.
    pub fn listen(&self, at: SocketAddr, secure: bool) -> Result<Listening, Failure> {
        let tls = self.resources.acceptor(secure)?;
        let listener = listen::bind(at).map_err(|error| failure(&error))?;
        let local = listener.local_addr().map_err(|error| failure(&error))?;
        Ok(Listening { listener, local, tls, handshake_limit: self.resources.connect_limit })
    }
}

impl RoomServer {
    /// A server without rooms, whose clock starts now. Needs a tokio runtime.
    pub fn new(config: Config) -> Self {
        Self::offering(config, |_| Vec::new())
    }

    /// Like [`RoomServer::new`], for a server that offers STUN and TURN servers to whoever joins a room. `offering` is
    /// called for each join, so that credentials can be fresh.
    pub fn offering(config: Config, offering: impl Fn(&RoomId) -> Vec<RtcIceServer> + Send + Sync + 'static) -> Self {
        Self::fetching(config, move |id| std::future::ready(offering(id)))
    }

    /// Like [`RoomServer::offering`], for servers that have to be asked for elsewhere. Whoever joins waits for them, and has
    /// the seat already.
    pub fn fetching<F>(config: Config, offering: impl Fn(&RoomId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Vec<RtcIceServer>> + Send + 'static,
    {
        let offering = move |id: &RoomId| -> ComingServers { Box::pin(offering(id)) };
        let rooms = Mutex::new(Rooms::new(config.limits.clone()));
        let (offering, connections): (Offering, _) =
            (Box::new(offering), Mutex::new(Places::new(config.connections, true)));
        Self(Arc::new(RoomServerState { config, offering, clock: Clock::start(), rooms, connections }))
    }

    /// Keeps a place for a room of the operator's own, whoever else fills the server.
    pub fn reserve(&self, id: RoomId) {
        self.0.rooms().reserve(id);
    }

    /// How many rooms exist now.
    pub fn rooms(&self) -> usize {
        self.0.rooms().len()
    }

    /// Serves until `stop` is ready, then lets connections finish for a moment. Dropping the future closes every
    /// connection at once.
    pub async fn serve(&self, listening: Listening, stop: impl Future<Output = ()>) {
        let server = &self.0;
        let mut stop = std::pin::pin!(stop);
        // Dropping `open` tells every waiting request that the server stops.
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

/// Lets the kernel drop a connection whose peer acknowledges nothing for this long, so that it cannot hold buffers (RFC
/// 5482).
fn give_up_after(stream: &TcpStream, limit: Duration) {
    #[cfg(target_os = "linux")]
    // If the option cannot be set, the kernel's default of about a quarter of an hour applies.
    let _ = SockRef::from(stream).set_tcp_user_timeout(Some(limit));
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, limit);
}

/// Serves the requests of one connection, one after the other.
async fn converse(server: Arc<RoomServerState>, stream: BoxedStream, connection: Arc<Connection>) {
    let request_limit = server.config.request_limit;
    let ended = Arc::clone(&connection);
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
    // The result is ignored: each request has already reported what it carried to its room.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = ended.over() => {
            connection.as_mut().graceful_shutdown();
            within(DRAIN_LIMIT, connection).await;
        }
    }
}

#[cfg(test)]
mod tests;

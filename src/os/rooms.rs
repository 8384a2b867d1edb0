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
mod page;
mod routes;
mod streams;
mod websocket;

use super::clock::{Clock, within};
use super::failure::failure;
use super::stream::BoxedStream;
use super::{OsWorld, listen};
use crate::model::{Failure, Text};
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::RtcIceServer;
use crate::signal::rooms::{Limits, Notify, Rooms, SourcePrefix};
use admission::Connection;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// What connections wait for their last bytes when the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where the system has no descriptor left, asking again at once would spin.
const PAUSE: Duration = Duration::from_millis(200);

/// How often in a grace overdue seats are looked for.
const LOOKS: u32 = 8;

/// The head of a request with everything that proxies add.
const HEAD_BYTES: usize = 32 * 1024;

/// What the operator may choose.
#[derive(Clone, Debug)]
pub struct Config {
    pub limits: Limits,
    pub connections: usize,
    /// From one address, or one /64 of IPv6.
    pub connections_a_source: usize,
    /// For a request's head, and again for its body.
    pub request_limit: Duration,
    /// How often a waiting carrier is told that the server is there.
    pub heartbeat: Duration,
}

impl Default for Config {
    /// Two ends hold one connection each, and six while they try all carriers: 4,096 serve a thousand rooms. Three
    /// heartbeats fit into a lease.
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            connections: 4096,
            connections_a_source: 256,
            request_limit: Duration::from_secs(10),
            heartbeat: Duration::from_millis(2500),
        }
    }
}

/// A server of rooms, on as many listeners as it is given.
#[derive(Clone)]
pub struct RoomServer(Arc<RoomServerState>);

/// What is offered to who enters this room. Asked anew for each, so that credentials can be fresh.
type Offering = Box<dyn Fn(&RoomId) -> Vec<RtcIceServer> + Send + Sync>;

/// What all connections share.
struct RoomServerState {
    config: Config,
    offering: Offering,
    clock: Clock,
    rooms: Mutex<Rooms<EventWaiters>>,
    connections: Mutex<HashMap<SourcePrefix, usize>>,
}

/// The carriers that wait for one seat's events.
struct EventWaiters(watch::Sender<()>);

impl Notify for EventWaiters {
    fn notify(&self) {
        self.0.send_replace(());
    }
}

impl RoomServerState {
    fn rooms(&self) -> MutexGuard<'_, Rooms<EventWaiters>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<SourcePrefix, usize>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        let no_certificate = || Failure::Other { message: Text::new("no certificate to listen with") };
        let tls = match (secure, &self.acceptor) {
            (false, _) => None,
            (true, Some(acceptor)) => Some(acceptor.clone()),
            (true, None) => return Err(no_certificate()),
        };
        let listener = listen::bind(at).map_err(|error| failure(&error))?;
        let local = listener.local_addr().map_err(|error| failure(&error))?;
        Ok(Listening { listener, local, tls, handshake_limit: self.connect_limit })
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
        within(FAREWELL, over).await;
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

//! What one end of a simulated TCP connection is: whose it is, in which role, and how far it has come.

use crate::lab::host::{Listener, MachineId};
use crate::lab::network::HostId;
use crate::lab::stream::TcpEnd;
use crate::machine::{Instant, SocketId};
use crate::model::Millis;
use std::net::SocketAddr;

/// Names one end of a connection, in the order in which the ends came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ConnectionId(pub(super) u32);

/// The TLS that a client asks for.
#[derive(Clone, Debug)]
pub(super) struct TlsRequest {
    pub(super) server_name: String,
    pub(super) insecure: bool,
}

#[derive(Clone, Debug)]
pub(super) enum TcpRole {
    /// None for a connection without TLS.
    Client(Option<TlsRequest>),
    Server(Listener),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TcpPhase {
    /// The SYN or its answer is in flight.
    Connecting,
    /// The TLS handshake is in progress.
    Securing,
    Open,
    /// The machine has closed its socket; what it had written before is still sent.
    Closing,
}

/// One end of a connection.
pub(super) struct TcpConnection {
    pub(super) owner: (MachineId, SocketId),
    pub(super) host: HostId,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    pub(super) role: TcpRole,
    pub(super) phase: TcpPhase,
    pub(super) stream: TcpEnd,
    pub(super) began: Instant,
    /// When TCP was connected; None before that.
    pub(super) connected: Option<Instant>,
    /// The soonest retransmission that is scheduled.
    pub(super) due: Option<Instant>,
}

impl TcpConnection {
    /// How long TCP took to connect, and how long TLS has taken since.
    pub(super) fn times(&self, now: Instant) -> (Option<Millis>, Option<Millis>) {
        let connect = self.connected.map(|at| at.since(self.began).into());
        (connect, self.connected.map(|at| now.since(at).into()))
    }
}

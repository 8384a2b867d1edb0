//! How a TCP or TLS connection to a server came about, failed or ended.

use crate::model::{Failure, Millis, Tls, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A fact about a stream to a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StreamFact {
    /// The TCP connection is there.
    Connected {
        /// The server's endpoint.
        remote: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// From opening the socket.
        took_ms: Millis,
    },
    /// The TCP connection is there and its TLS handshake is done.
    Secured {
        /// The server's endpoint.
        remote: SocketAddr,
        /// What the handshake showed.
        tls: Tls,
        /// From opening the socket: the connection and the handshake.
        took_ms: Millis,
    },
    /// The connection, or its TLS, did not come about or broke.
    NotConnected {
        /// TCP, or TLS over TCP.
        transport: Transport,
        /// The server's endpoint.
        remote: SocketAddr,
        /// Why.
        failure: Failure,
        /// What the handshake had shown by then; null where there was none.
        tls: Option<Tls>,
        /// From opening the socket until it failed.
        took_ms: Millis,
    },
    /// The server ended the stream.
    Ended {
        /// TCP, or TLS over TCP.
        transport: Transport,
        /// The server's endpoint.
        remote: SocketAddr,
        /// How much of an unfinished message had come by then.
        buffered_bytes: u32,
    },
    /// A TURN server was asked through the proxy that this machine is set to use.
    Proxied {
        /// TCP, or TLS over TCP.
        transport: Transport,
        /// The proxy's endpoint; null where its name gave no address.
        proxy: Option<SocketAddr>,
        /// How far it came; null where no answer of the server's came.
        reached: Option<ProxyReach>,
        /// Why it came no further; null where it came all the way, or where nothing was said.
        failure: Option<Failure>,
        /// From asking the proxy until the end of it.
        took_ms: Millis,
    },
}

/// How far a request through a proxy came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyReach {
    /// The server answered in TURN.
    Answered,
    /// It gave an allocation.
    Allocated,
    /// Bytes crossed its relay both ways.
    Relayed,
}

impl StreamFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Connected { remote, .. }
            | Self::Secured { remote, .. }
            | Self::NotConnected { remote, .. }
            | Self::Ended { remote, .. } => Some(*remote),
            // Through a proxy nothing is known of where the server is.
            Self::Proxied { .. } => None,
        }
    }
}

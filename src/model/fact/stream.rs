//! How a TCP or TLS connection to a server came about, failed or ended.

use crate::model::{Failure, Tls, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A fact about a stream to a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StreamFact {
    Connected {
        remote: SocketAddr,
        local: SocketAddr,
        took_ms: f64,
    },
    Secured {
        remote: SocketAddr,
        tls: Tls,
        took_ms: f64,
    },
    /// The connection, or its TLS, did not come about or broke; `tls` holds what the handshake had shown by then.
    NotConnected {
        transport: Transport,
        remote: SocketAddr,
        failure: Failure,
        tls: Option<Tls>,
        took_ms: f64,
    },
    /// The server ended the stream; `buffered_bytes` of an unfinished message had come.
    Ended {
        transport: Transport,
        remote: SocketAddr,
        buffered_bytes: u32,
    },
}

impl StreamFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Connected { remote, .. }
            | Self::Secured { remote, .. }
            | Self::NotConnected { remote, .. }
            | Self::Ended { remote, .. } => Some(*remote),
        }
    }
}

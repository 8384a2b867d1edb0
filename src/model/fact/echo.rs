//! What a server of ours, which sends back what comes, shows of the way to it.

use crate::model::{DatagramClass, Millis, Tally};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A fact about what went to such a server, or came back from it. Nobody else speaks its protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EchoFact {
    /// The server says that it sends back what comes.
    EchoOffered {
        /// The server's endpoint.
        server: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
    },
    /// A Binding request went to a port at which the server says that it listens.
    EchoPort {
        /// The server's endpoint.
        server: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// Copies that were sent, and 1 answered where an answer came.
        tally: Tally,
        /// From the first copy to the answer, or until none was waited for any more.
        waited_ms: Millis,
    },
    /// Copies of a datagram went to the server, to come back as they are.
    Echoed {
        /// The server's endpoint.
        server: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// What it looked like; null of bytes that begin as RTP does (RFC 7983 §7).
        class: Option<DatagramClass>,
        /// The size of the payload; null of a small one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u32>,
        /// The size that it was to come back in; null where that is the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back_bytes: Option<u32>,
        /// How many copies were sent.
        sent: u32,
        /// How many the server says that came; null where it did not say.
        came: Option<u32>,
        /// Whether one came back.
        #[serde(rename = "heard")]
        came_back: bool,
        /// From the first copy until one came back, or until none was waited for any more.
        waited_ms: Millis,
    },
}

impl EchoFact {
    /// The server that the fact is about.
    pub fn server(&self) -> SocketAddr {
        match self {
            Self::EchoOffered { server, .. } | Self::EchoPort { server, .. } | Self::Echoed { server, .. } => *server,
        }
    }
}

//! What a TURN server granted, and whether bytes crossed its relay (RFC 8656).

use crate::model::{Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The two legs of a relayed path, seen from the client that holds the allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// Peer to relayed address to client.
    In,
    /// Client to relay to peer.
    Out,
}

/// A fact about one allocation or one leg of its relay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TurnFact {
    /// The first 401, as it should be: the server asks for credentials.
    Challenged {
        transport: Transport,
        server: SocketAddr,
        took_ms: f64,
        software: Option<Text>,
    },
    /// `mapped` is where the server sees the client (XOR-MAPPED-ADDRESS).
    Allocated {
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        relayed: SocketAddr,
        mapped: Option<SocketAddr>,
        lifetime_s: u32,
        took_ms: f64,
    },
    Permitted {
        transport: Transport,
        server: SocketAddr,
        peer: std::net::IpAddr,
        took_ms: f64,
    },
    ChannelBound {
        transport: Transport,
        server: SocketAddr,
        peer: SocketAddr,
        channel: u16,
        took_ms: f64,
    },
    Refreshed {
        transport: Transport,
        server: SocketAddr,
        lifetime_s: u32,
        took_ms: f64,
    },
    Released {
        transport: Transport,
        server: SocketAddr,
        took_ms: f64,
    },
    /// The allocation was gone before it was released (437 to a Refresh), `after_ms` after it was made.
    AllocationLost {
        transport: Transport,
        server: SocketAddr,
        after_ms: f64,
    },
    /// Bytes crossed one leg of the relay; `took_ms` from their first sending.
    Crossed {
        leg: Leg,
        transport: Transport,
        server: SocketAddr,
        relayed: SocketAddr,
        peer: SocketAddr,
        sent: u32,
        took_ms: f64,
    },
    /// They did not.
    NotCrossed {
        leg: Leg,
        transport: Transport,
        server: SocketAddr,
        relayed: SocketAddr,
        peer: Option<SocketAddr>,
        sent: u32,
        waited_ms: f64,
    },
}

impl TurnFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Challenged { server, .. }
            | Self::Allocated { server, .. }
            | Self::Permitted { server, .. }
            | Self::ChannelBound { server, .. }
            | Self::Refreshed { server, .. }
            | Self::Released { server, .. }
            | Self::AllocationLost { server, .. }
            | Self::Crossed { server, .. }
            | Self::NotCrossed { server, .. } => Some(*server),
        }
    }
}

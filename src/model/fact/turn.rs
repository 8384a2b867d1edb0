//! What a TURN server granted, and whether bytes crossed its relay (RFC 8656).

use crate::model::{DatagramClass, Failure, Millis, Text, Transport};
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

/// A fact about one allocation or one leg of its relay. `took_ms` counts from the first sending of the request that was
/// answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TurnFact {
    /// The first 401 came, as it should: the server asks for credentials (RFC 8489 §9.2.3).
    Challenged {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// From the Allocate request without credentials to its answer.
        took_ms: Millis,
        /// SOFTWARE (RFC 8489 §14.14); null where the server does not say.
        software: Option<Text>,
    },
    /// The server allocated a relayed address (RFC 8656 §7.3).
    Allocated {
        /// How the client reaches the server.
        transport: Transport,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// XOR-RELAYED-ADDRESS: where peers send to.
        relayed: SocketAddr,
        /// XOR-MAPPED-ADDRESS: where the server sees the client; null where it does not say.
        mapped: Option<SocketAddr>,
        /// LIFETIME in seconds (RFC 8656 §18.2).
        lifetime_s: u32,
        /// From the Allocate request with credentials to its answer.
        took_ms: Millis,
    },
    /// Further allocations were asked for at once, while none of ours was held.
    AllocatedSeveral {
        /// Over which transport.
        transport: Transport,
        /// The server that was asked.
        server: SocketAddr,
        /// How many were asked for.
        asked: u32,
        /// How many of them were granted; they were given back.
        granted: u32,
        /// The error of one that was not granted (RFC 8656 §19).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<u16>,
    },
    /// The server lets a peer's packets through (RFC 8656 §10).
    Permitted {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// The peer's address; its port does not matter.
        peer: std::net::IpAddr,
        /// From the CreatePermission request to its answer.
        took_ms: Millis,
    },
    /// A channel number stands for a peer (RFC 8656 §12).
    ChannelBound {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// The peer's endpoint.
        peer: SocketAddr,
        /// The number, 0x4000 to 0x4fff.
        channel: u16,
        /// From the ChannelBind request to its answer.
        took_ms: Millis,
    },
    /// The allocation is kept for longer (RFC 8656 §8).
    Refreshed {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// LIFETIME in seconds, from now on.
        lifetime_s: u32,
        /// From the Refresh request to its answer.
        took_ms: Millis,
    },
    /// The allocation was let go at the client's wish (RFC 8656 §8).
    Released {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// From the Refresh request with a lifetime of 0 to its answer.
        took_ms: Millis,
    },
    /// The allocation was gone before it was released: the server answered a Refresh with 437.
    AllocationLost {
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// From the allocation to the answer that says so.
        after_ms: Millis,
    },
    /// Bytes crossed one leg of the relay.
    Crossed {
        /// Which one.
        leg: Leg,
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// The relayed address.
        relayed: SocketAddr,
        /// The peer's endpoint, as the relay sees it.
        peer: SocketAddr,
        /// How many datagrams were sent by then.
        sent: u32,
        /// From the first datagram until one of them had crossed.
        took_ms: Millis,
        /// The size of the payload; null of a token of 16 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u32>,
        /// What it looked like; null of bytes that begin as RTP does (RFC 7983 §7).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<DatagramClass>,
        /// Inwards: the relay was sending to this peer by then, as it does in a call (RFC 8445 §7.2.2), which lets the
        /// peer through a firewall that knows connections.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
    },
    /// No bytes crossed one leg of the relay.
    NotCrossed {
        /// Which one.
        leg: Leg,
        /// How the client reaches the server.
        transport: Transport,
        /// The server's endpoint.
        server: SocketAddr,
        /// The relayed address.
        relayed: SocketAddr,
        /// The peer's endpoint, as the relay would see it; null where that is not known.
        peer: Option<SocketAddr>,
        /// How many datagrams were sent.
        sent: u32,
        /// From the first datagram until waiting ended.
        waited_ms: Millis,
        /// As of what crossed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u32>,
        /// As of what crossed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<DatagramClass>,
        /// As of what crossed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
        /// What the system or the network said of the packets inwards.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },
}

impl TurnFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Challenged { server, .. }
            | Self::Allocated { server, .. }
            | Self::AllocatedSeveral { server, .. }
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

//! How far datagrams get, as the routers on the way say it (RFC 1812 §4.3.3.4, RFC 4443 §3.3).

use crate::model::{Millis, Tally};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// What a datagram is by its first bytes (RFC 7983 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatagramClass {
    /// A Binding request (RFC 8489 §6.1).
    Stun,
    /// A ClientHello (RFC 6347 §4.2.1), with which the keys of a call begin.
    Dtls,
    /// A connectivity check of ICE (RFC 8445 §7.1): a Binding request between two peers.
    Check,
    /// Bytes of none of the protocols that share ports with media.
    Unassigned,
}

/// A protocol in which a router opens ports on request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PortControl {
    /// NAT Port Mapping Protocol (RFC 6886).
    NatPmp,
    /// Port Control Protocol (RFC 6887).
    Pcp,
    /// Universal Plug and Play (WANIPConnection:1).
    Upnp,
}

/// A fact about the routers on the way to a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HopFact {
    /// Copies of a datagram were sent that go no further than the place `hops` on the way, or than where they are addressed
    /// to, where that is nearer.
    Hopped {
        /// What they looked like.
        class: DatagramClass,
        /// Where they were addressed to.
        to: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The place of the router: 1 is the first on the way.
        hops: u8,
        /// Who said that the datagram goes no further: a router, or the host that it is addressed to, of a port where nobody
        /// listens. Null where nobody said so, or where it was answered.
        by: Option<IpAddr>,
        /// How many copies were sent, and of how many was heard that they had come as far.
        tally: Tally,
        /// From the first copy until the last had been heard of, or was waited for no longer.
        waited_ms: Millis,
    },
    /// The router before this machine was asked for its address outside, in the protocols in which a router opens ports on
    /// request: in NAT-PMP and PCP, and where it answers in neither, in UPnP, which is a fact of its own. Nothing was opened.
    OutsideAsked {
        /// Where it was asked: port 5351 in NAT-PMP and PCP, 1900 in UPnP.
        router: SocketAddr,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// In which protocol it answered; null where it answered in none.
        protocol: Option<PortControl>,
        /// The result code of that protocol, 0 where all is well; null where there was no answer, or in UPnP none to the
        /// question itself.
        code: Option<u16>,
        /// The address that it named; null where it named none.
        outside: Option<IpAddr>,
        /// How many copies of each question were sent.
        sent: u32,
        /// From the first copy to the answer, or until none was waited for any more.
        waited_ms: Millis,
    },
}

impl HopFact {
    /// Copies of one datagram that are sent before it counts as dropped: one lost packet is never a finding.
    pub const COPIES: u32 = 3;
    /// From here on ports are such as peers and relays have; below it a network may let through what it knows by its port.
    pub const HIGH_PORTS: u16 = 16_384;
}

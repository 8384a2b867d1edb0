//! An ICE candidate as RFC 8445 §5.1 has it.

use crate::model::ServerUri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// How a candidate was learnt (RFC 8445 §4), by its name in SDP (RFC 8839 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CandidateType {
    /// An address of the machine's own.
    Host,
    /// Server-reflexive: the public side of a mapping, as a STUN or TURN server saw it.
    Srflx,
    /// Peer-reflexive: the public side of a mapping, as a peer's check saw it.
    Prflx,
    /// An address that a TURN server allocated.
    Relay,
}

/// The transport protocol between two candidates; between client and relay it may be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Datagrams (RFC 8445).
    Udp,
    /// A connection with framing (RFC 6544, RFC 4571).
    Tcp,
}

/// Which end of a TCP candidate connects (RFC 6544 §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TcpType {
    /// It opens connections and takes none.
    Active,
    /// It takes connections and opens none.
    Passive,
    /// Simultaneous open: both ends connect at once.
    So,
}

/// A candidate of this machine's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// How it was learnt.
    #[serde(rename = "type")]
    pub kind: CandidateType,
    /// What a peer speaks to it.
    pub protocol: Protocol,
    /// Where a peer sends to: the base, the mapped or the relayed address.
    pub address: IpAddr,
    /// The port that a peer sends to; 9 of an active TCP candidate, which takes nothing (RFC 6544 §4.5).
    pub port: u16,
    /// 1 to 2³¹-1, the greater the more preferred (RFC 8445 §5.1.2).
    pub priority: u32,
    /// The same for candidates that are likely to fare alike, 1 to 32 characters (RFC 8445 §5.1.1.3).
    pub foundation: String,
    /// The base of a reflexive candidate, the mapped address of a relayed one (RFC 8839 §5.1); absent of a host
    /// candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<SocketAddr>,
    /// How the client reaches the relay; only of a relayed candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_protocol: Option<super::Transport>,
    /// The URI of the server it was learnt from; absent of a host candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerUri>,
    /// Which end connects; only of a TCP candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_type: Option<TcpType>,
}

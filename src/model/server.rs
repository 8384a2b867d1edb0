//! How one server fared, stage by stage.

use super::{Code, Reason, Text, Tls, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// One address of one URI over one transport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Server {
    pub uri: String,
    /// None where the name gave no address.
    pub address: Option<SocketAddr>,
    pub transport: Transport,
    pub stages: Vec<Stage>,
    pub error: Option<ServerError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Which one.
    pub name: Step,
    /// How long this stage took; null where it was not reached or did not end.
    pub ms: Option<f64>,
    pub outcome: StageOutcome,
}

/// What a stage does, in the order in which a server's stages are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The name is looked up in DNS.
    Resolve,
    /// TCP is connected.
    Connect,
    /// The TLS handshake.
    Tls,
    /// A Binding request (RFC 8489 §12).
    Binding,
    /// An Allocate request that the server answers with a challenge (RFC 8489 §9.2).
    Challenge,
    /// The Allocate request with credentials (RFC 8656 §7).
    Allocate,
    /// CreatePermission (RFC 8656 §10).
    Permission,
    /// Data from the peer to the client.
    RelayIn,
    /// ChannelBind (RFC 8656 §12).
    Channel,
    /// Data from the client to the peer.
    RelayOut,
    /// Refresh (RFC 8656 §8).
    Refresh,
    /// Refresh with a lifetime of 0.
    Release,
    /// A call with oneself through this relay.
    Call,
}

/// How a stage came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StageOutcome {
    Passed,
    Failed,
    /// Asked, and nothing came.
    Silent,
    NotTested,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerError {
    /// The finding that explains it.
    pub code: Code,
    /// The STUN error code, where the server sent one (RFC 8489 §14.8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stun_code: Option<u16>,
    /// What the server or the system said.
    pub reason: Reason,
}

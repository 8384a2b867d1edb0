//! How one server fared, stage by stage.

use super::{Code, Text, Tls, Transport};
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
    /// `resolve`, `connect`, `tls`, `binding`, `challenge`, `allocate`, `permission`, `relay-in`, `channel`,
    /// `relay-out`, `refresh`, `release`, `call` (with oneself, through this relay).
    pub name: String,
    /// How long this stage took; null where it was not reached or did not end.
    pub ms: Option<f64>,
    pub outcome: StageOutcome,
}

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
    pub reason: Text,
}

//! How one server fared, stage by stage.

use super::{Code, Millis, Reason, ServerUri, Text, Tls, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// One address of one URI over one transport, and how far it got.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Server {
    /// The URI as the user gave it, in its canonical form.
    pub uri: ServerUri,
    /// Address and port; null where the name gave no address.
    pub address: Option<SocketAddr>,
    /// How the client reaches it.
    pub transport: Transport,
    /// What was tried, in order: of a STUN server up to `binding`, of a TURN server up to `release` or `call`.
    pub stages: Vec<Stage>,
    /// What went wrong first; null where nothing did.
    pub error: Option<ServerError>,
    /// SOFTWARE (RFC 8489 §14.14); absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<Text>,
    /// What its TLS handshake showed; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// One step of asking a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Which one.
    pub name: Step,
    /// How long it took, in milliseconds; null where it was not reached or did not end.
    pub ms: Option<Millis>,
    /// How it came out.
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
    /// The TLS handshake is done (RFC 8446, RFC 5246).
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
    /// Both ways, with datagrams as large as those of video.
    RelayLarge,
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
    /// It did what it is for.
    Passed,
    /// It was answered with an error, or failed on this machine.
    Failed,
    /// It was asked, and nothing came.
    Silent,
    /// It was not reached, or is not asked of this server.
    NotTested,
}

/// What went wrong with a server first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerError {
    /// The code of the finding that explains it.
    pub code: Code,
    /// The STUN error code (RFC 8489 §14.8); absent where the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stun_code: Option<u16>,
    /// What the server or the system said; may be empty.
    pub reason: Reason,
}

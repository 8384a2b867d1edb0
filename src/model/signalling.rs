//! How two ends' descriptions reach each other, and who decides: words of signalling and of ICE's roles.

use super::Failure;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What carries the signalling messages of a call's two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Carrier")]
pub enum SignallingTransport {
    /// RFC 6455.
    WebSocket,
    /// Server-Sent Events one way, POST the other.
    EventStream,
    /// A GET that is answered when there is something to say, and POST.
    LongPolling,
    /// A person copies them.
    CopyPaste,
}

impl SignallingTransport {
    /// Every transport.
    pub const ALL: [Self; 4] = [Self::WebSocket, Self::EventStream, Self::LongPolling, Self::CopyPaste];
}

/// By its name in the standards.
impl std::fmt::Display for SignallingTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::WebSocket => "WebSocket",
            Self::EventStream => "Server-Sent Events",
            Self::LongPolling => "HTTP long polling",
            Self::CopyPaste => "copy and paste",
        })
    }
}

/// Why a signalling transport does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "why", rename_all = "kebab-case")]
#[schemars(rename = "CarrierFailure")]
pub enum SignallingFailure {
    /// No connection, or none that is secure.
    NotConnected {
        #[serde(flatten)]
        failure: Failure,
    },
    /// An HTTP answer that is not the one asked for: a proxy's, or a server's that is no rtc-doctor.
    Status { status: u16 },
    /// It was accepted, and then what was sent did not come through in time: somebody between holds it back.
    HeldBack,
    /// It was accepted and then cut.
    Cut,
}

/// Who nominates (RFC 8445 §6.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Controlling,
    Controlled,
}

impl Role {
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Controlling => Self::Controlled,
            Self::Controlled => Self::Controlling,
        }
    }
}

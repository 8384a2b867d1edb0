//! How two ends' descriptions reach each other, and who decides: words of signalling and of ICE's roles.

use super::{Failure, Millis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What carries the signalling messages of a call's two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Carrier")]
pub enum SignallingTransport {
    /// One connection both ways (RFC 6455).
    WebSocket,
    /// Server-Sent Events (WHATWG HTML §9.2) one way, POST the other.
    EventStream,
    /// A GET that is answered when there is something to say (RFC 6202 §2), and POST.
    LongPolling,
    /// A person copies the descriptions.
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
    /// There is no connection, or none that is secure.
    NotConnected {
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: Failure,
    },
    /// An HTTP answer came that is not the one asked for: a proxy's, or a server's that is no rtc-doctor.
    Status {
        /// Its status code (RFC 9110 §15).
        status: u16,
    },
    /// It was accepted, and then what was sent did not come through in time: somebody between holds it back.
    HeldBack,
    /// It was accepted and then cut.
    Cut,
}

/// Which of two ends nominates (RFC 8445 §6.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It nominates the pair.
    Controlling,
    /// It waits for the other end to nominate.
    Controlled,
}

/// Checks of the peer's that claimed our own role, and that the peer was told to give up (RFC 8445 §7.3.1.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoleDispute {
    /// Ours.
    pub role: Role,
    /// Checks that were answered with 487.
    pub refused: u32,
    /// Whether a check of the peer's with the other role came after them.
    pub settled: bool,
    /// From the first that was refused until the end of the checks.
    pub lasted_ms: Millis,
}

/// What of the peer's agent does not go with the user name fragments and passwords in the two descriptions (RFC 8445 §7.2.2,
/// §7.3; RFC 8489 §9.1.3), beside what does. Only what came from an address of the peer's candidates counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CredentialMismatch {
    /// Checks for a user name fragment that is not the one of this end's description.
    pub checks_for_another: u32,
    /// Checks for that fragment whose MESSAGE-INTEGRITY is of another password.
    pub checks_missigned: u32,
    /// Checks that are well signed and whose sender calls itself by another fragment than the peer's description does.
    pub checks_from_another: u32,
    /// Checks that go with both descriptions.
    pub checks_taken: u32,
    /// Checks of this end that the peer refused as not authenticated: 401, or 400 without a signature.
    pub answers_refusing: u32,
    /// Answers to checks of this end whose MESSAGE-INTEGRITY is of another password than the peer's description has.
    pub answers_missigned: u32,
    /// Successes without any MESSAGE-INTEGRITY, which no agent may take (RFC 8489 §9.1.4).
    #[serde(default)]
    pub answers_unsigned: u32,
    /// Answers that go with both descriptions.
    pub answers_taken: u32,
}

impl CredentialMismatch {
    /// Fewer packets than this that do not fit are a stranger's, or overtook a description.
    pub const TELLING_PACKETS: u32 = 3;
}

impl Role {
    /// The role of the other end, where both agree.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Controlling => Self::Controlled,
            Self::Controlled => Self::Controlling,
        }
    }
}

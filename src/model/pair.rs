//! A candidate pair and how its checks fared (RFC 8445 §6.1.2).

use super::{CandidateType, Failure, Host, Millis, Protocol, ServerUri, Tally, TcpType, Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// One end of a pair: a candidate of this machine's or of the peer's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PairEnd {
    /// How it was learnt.
    #[serde(rename = "type")]
    pub kind: CandidateType,
    /// What the other end of the pair speaks to it.
    pub protocol: Protocol,
    /// Where it is.
    pub address: Host,
    /// Its port; 9 of an active TCP candidate that has not connected (RFC 6544 §4.5).
    pub port: u16,
    /// Which end connects; only of a TCP candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_type: Option<TcpType>,
    /// How its owner reaches the relay, where that is known: of our own relayed candidates always. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_protocol: Option<Transport>,
    /// The URI of the server that a candidate of this machine's was learnt from; absent of a host candidate, and of the
    /// peer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerUri>,
}

impl Pair {
    /// Whether the operating system of the end that was to check it refused to send (EPERM).
    pub fn is_forbidden(&self) -> bool {
        self.failure == Some(PairFailure::Unreachable { failure: Failure::Forbidden })
    }
}

impl PairEnd {
    /// Address and port; None where only a name is known.
    pub fn endpoint(&self) -> Option<SocketAddr> {
        self.address.address().map(|address| SocketAddr::new(address, self.port))
    }
}

/// How the checks of a pair came out (RFC 8445 §6.1.2.6), as a report needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PairState {
    /// A check was answered as it should be.
    Succeeded,
    /// It was checked to the end, and no check succeeded.
    Failed,
    /// It was not checked, or not to the end.
    NotChecked,
}

/// Why no check of a pair succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum PairFailure {
    /// Nothing came back.
    Silent {
        /// What was sent and heard meanwhile from the same base (from a relay: through the same allocation). Where
        /// nothing was heard there either, this silence says nothing of the pair.
        control: Tally,
    },
    /// Checks of the other end's came in over it, and none of this end's was answered: one direction alone is open.
    OneWay {
        /// How many came in.
        heard: u32,
    },
    /// Answers came, from another address than the one that was checked (RFC 8445 §7.2.5.2.1).
    NotSymmetric {
        /// The endpoint that answered.
        from: SocketAddr,
    },
    /// The system or the network said that nothing can arrive, or the TCP connection did not come about.
    Unreachable {
        /// What was said; its fields stand beside these.
        #[serde(flatten)]
        failure: Failure,
    },
    /// The relay does not send to this peer: it refused CreatePermission, mostly with 403 (RFC 8656 §10.2).
    RelayRefused {
        /// ERROR-CODE (RFC 8489 §14.8).
        code: u16,
        /// Its reason phrase; may be empty.
        reason: Text,
    },
    /// The relay did not answer, or the allocation is gone.
    RelayLost,
    /// The other end answered with a STUN error that is no role conflict.
    Refused {
        /// ERROR-CODE (RFC 8489 §14.8).
        code: u16,
        /// Its reason phrase; may be empty.
        reason: Text,
    },
    /// The other end answered, and never as who its description says that it is: it took this end's checks for a
    /// stranger's (401), or signed its answers with another password (RFC 8445 §7.2.2).
    Unauthenticated,
    /// The candidate's name could not be resolved.
    NotResolved,
    /// The pair is beyond the number of pairs that are checked (RFC 8445 §6.1.2.5).
    Limit,
    /// The run ended first.
    NoTime,
}

/// Round trips in milliseconds, over requests that were answered at their first copy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoundTrips {
    /// The shortest.
    pub min: Millis,
    /// Half of them were no longer.
    pub median: Millis,
    /// The longest.
    pub max: Millis,
}

/// A candidate pair, as it stood when its checks were over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    /// This end's candidate.
    pub local: PairEnd,
    /// The peer's candidate.
    pub remote: PairEnd,
    /// How its checks came out.
    pub state: PairState,
    /// Why no check succeeded; absent where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PairFailure>,
    /// Round trips of its checks; null where none was measured.
    pub rtt_ms: Option<RoundTrips>,
    /// Checks sent, each copy counted.
    pub sent: u32,
    /// Answers heard.
    pub received: u32,
    /// How many of `sent` left after the last check that was answered: lost, or sent when nobody was there any more.
    #[serde(default, skip_serializing_if = "is_none_at_all")]
    pub unanswered_last: u32,
    /// From the arrival of the peer's description to the first answer; absent where none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_success_ms: Option<Millis>,
    /// Whether the controlling end chose it (RFC 8445 §8).
    pub nominated: bool,
}

/// Most pairs are answered to the end, and a record is short without them.
fn is_none_at_all(count: &u32) -> bool {
    *count == 0
}

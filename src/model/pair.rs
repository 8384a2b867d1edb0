//! A candidate pair and how its checks fared (RFC 8445 §6.1.2).

use super::{CandidateType, Failure, Protocol, Tally, TcpType, Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Where a candidate is: an address, or a name that hides one (mDNS, RFC 8839 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Host {
    Address(IpAddr),
    Name(Text),
}

impl Host {
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Name(_) => None,
        }
    }
}

impl fmt::Display for Host {
    /// A name as it came: a face escapes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name.as_str()),
        }
    }
}

/// One end of a pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PairEnd {
    #[serde(rename = "type")]
    pub kind: CandidateType,
    pub protocol: Protocol,
    pub address: Host,
    pub port: u16,
    /// Of a TCP candidate (RFC 6544 §4.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_type: Option<TcpType>,
    /// How its owner reaches the relay, where that is known: of our own relayed candidates always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_protocol: Option<Transport>,
    /// The URI of the server that a candidate of our own was learnt from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

impl PairEnd {
    /// None where only a name is known.
    pub fn endpoint(&self) -> Option<SocketAddr> {
        self.address.address().map(|address| SocketAddr::new(address, self.port))
    }
}

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
    /// Nothing came back. `control` is what was sent and heard meanwhile from the same base (from a relay: through the
    /// same allocation): where nothing was heard there either, this silence says nothing of the pair.
    Silent { control: Tally },
    /// Answers came, from another address than the one that was checked (RFC 8445 §7.2.5.2.1).
    NotSymmetric { from: SocketAddr },
    /// The system or the network said that nothing can arrive, or the TCP connection did not come about.
    Unreachable {
        #[serde(flatten)]
        failure: Failure,
    },
    /// The relay does not send to this peer: 403 or another answer to CreatePermission (RFC 8656 §9.2).
    RelayRefused { code: u16, reason: Text },
    /// The relay did not answer, or the allocation is gone.
    RelayLost,
    /// The other end answered with a STUN error that is no role conflict.
    Refused { code: u16, reason: Text },
    /// The candidate's name could not be resolved.
    NotResolved,
    /// Beyond the number of pairs that are checked.
    Limit,
    /// The run ended first.
    NoTime,
}

/// Round trips of checks, in milliseconds, of checks that were answered at their first copy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoundTrips {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

/// A candidate pair, as it stood when its checks were over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    pub local: PairEnd,
    pub remote: PairEnd,
    pub state: PairState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PairFailure>,
    pub rtt_ms: Option<RoundTrips>,
    /// Checks sent, each copy of its own, and answers heard.
    pub sent: u32,
    pub received: u32,
    /// Milliseconds from the arrival of the peer's description to the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_success_ms: Option<f64>,
    pub nominated: bool,
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn a_host_reads_back_as_what_it_was() {
        for (text, is_address) in [("\"192.0.2.1\"", true), ("\"2001:db8::1\"", true), ("\"7a.local\"", false)] {
            let host: Host = serde_json::from_str(text).expect("a host");
            assert_eq!(host.address().is_some(), is_address);
            assert_eq!(serde_json::to_string(&host).expect("JSON"), text);
        }
    }
}

//! What STUN servers answered (RFC 8489), and what their answers show of the NAT (RFC 4787, RFC 5780).

use crate::model::{Failure, Malformed, Tally, Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What a Binding request asked of the server (RFC 5780 §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Answer from where I asked.
    Plain,
    /// Answer from your other address and other port.
    ChangeAddressAndPort,
    /// Answer from your other port.
    ChangePort,
    /// The same as plain in RFC 3489's form: without the magic cookie.
    Rfc3489,
}

/// A STUN or TURN method (RFC 8489 §18.2, RFC 8656 §17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    Binding,
    Allocate,
    Refresh,
    CreatePermission,
    ChannelBind,
}

/// What came in that was no proper answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "oddity", rename_all = "kebab-case")]
pub enum Anomaly {
    /// Not a whole STUN message; what is wrong with it.
    Malformed { problem: Malformed },
    /// The answer came from another endpoint than was asked, and nothing had asked for that.
    WrongSource { from: SocketAddr },
    /// A second, different answer to one request; the first was used.
    Conflicting,
    /// An answer to nothing that is still asked: late, or a duplicate.
    Stale,
    /// MESSAGE-INTEGRITY or FINGERPRINT does not fit.
    IntegrityFailed,
    /// Comprehension-required attributes that this client does not know (RFC 8489 §14).
    UnknownRequired { attributes: Vec<u16> },
    /// The answer is in RFC 3489's form: no magic cookie, or no XOR-MAPPED-ADDRESS.
    #[serde(rename = "classic")]
    Rfc3489,
    /// Not as it should be, and taken all the same.
    #[serde(rename = "untidy")]
    Lenient { problem: Text },
}

/// A fact about STUN over one transport to one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StunFact {
    /// A Binding success from where it was asked.
    Mapped {
        transport: Transport,
        /// The socket's own address and port, never a wildcard.
        local: SocketAddr,
        server: SocketAddr,
        /// XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS where there is none.
        mapped: SocketAddr,
        /// MAPPED-ADDRESS where it is there and differs: an ALG rewrote it (RFC 5780 §3.6).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rewritten: Option<SocketAddr>,
        /// OTHER-ADDRESS, or RFC 3489's CHANGED-ADDRESS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<SocketAddr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        software: Option<Text>,
        /// Null where a retransmission makes it ambiguous which request was answered.
        rtt_ms: Option<f64>,
        /// How many times the request had been sent by then.
        sent: u32,
    },
    /// A Binding success to a request with CHANGE-REQUEST, from wherever it came.
    Answered { asked: Asked, local: SocketAddr, server: SocketAddr, from: SocketAddr, sent: u32, rtt_ms: Option<f64> },
    /// `sent` requests in `waited_ms`, the last of them long enough ago, and no answer.
    Silent {
        method: Method,
        asked: Asked,
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        sent: u32,
        waited_ms: f64,
    },
    /// The same request was sent again and again from one socket, each copy a sample of its own: how many were sent
    /// and how many different copies' answers are known to have come.
    Tallied { asked: Asked, local: SocketAddr, server: SocketAddr, tally: Tally, waited_ms: f64 },
    /// A STUN error response.
    Refused {
        method: Method,
        asked: Asked,
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        /// RFC 8489 §14.8: 300 to 699 when well-formed.
        code: u16,
        reason: Text,
        /// ALTERNATE-SERVER of a 300.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alternate: Option<SocketAddr>,
    },
    /// The system or the network said that a datagram cannot arrive.
    Unreachable { local: SocketAddr, server: SocketAddr, failure: Failure },
    /// No socket could be opened towards the server.
    NotOpened { server: SocketAddr, failure: Failure },
    #[serde(rename = "odd")]
    Anomalous {
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        #[serde(rename = "oddity")]
        anomaly: Anomaly,
    },
    /// A request sent from `local` to `to`, a mapped address of this machine, did (`heard`) or did not come back in.
    Hairpinned {
        local: SocketAddr,
        to: SocketAddr,
        heard: bool,
        /// Where it seemed to come from: the sender's public address (RFC 4787 REQ-9a), or its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<SocketAddr>,
        sent: u32,
    },
    /// `local` was idle for `idle_ms`. `before` and `after` is where `server` saw it; `inbound`, whether an answer
    /// from the server's alternate address, to which it had spoken before, then came in: null where that was not
    /// asked.
    Idled {
        local: SocketAddr,
        server: SocketAddr,
        idle_ms: u64,
        before: SocketAddr,
        after: SocketAddr,
        inbound: Option<bool>,
        /// The copies of the request for that answer.
        #[serde(default)]
        copies: Tally,
        /// The same copies, sent beside these from a socket that had just spoken to both addresses.
        #[serde(default)]
        control: Tally,
    },
    /// An IP packet of `bytes` did or did not cross whole to `server`.
    Sized { local: SocketAddr, server: SocketAddr, bytes: u32, passed: bool },
}

impl StunFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Mapped { server, .. }
            | Self::Answered { server, .. }
            | Self::Silent { server, .. }
            | Self::Tallied { server, .. }
            | Self::Refused { server, .. }
            | Self::Unreachable { server, .. }
            | Self::NotOpened { server, .. }
            | Self::Anomalous { server, .. }
            | Self::Idled { server, .. }
            | Self::Sized { server, .. } => Some(*server),
            Self::Hairpinned { .. } => None,
        }
    }
}

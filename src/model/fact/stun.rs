//! What STUN servers answered (RFC 8489), and what their answers show of the NAT (RFC 4787, RFC 5780).

use crate::model::{Failure, Leniency, Malformed, Millis, Tally, Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What a Binding request asked of the server (RFC 5780 §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// "Answer from where you were asked": no CHANGE-REQUEST.
    Plain,
    /// "Answer from your other address and other port": CHANGE-REQUEST with both flags.
    ChangeAddressAndPort,
    /// "Answer from your other port": CHANGE-REQUEST with the flag for the port.
    ChangePort,
    /// The same as plain in RFC 3489's form: without the magic cookie.
    Rfc3489,
}

/// A STUN or TURN method (RFC 8489 §18.2, RFC 8656 §17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Where do you see me? (RFC 8489 §3)
    Binding,
    /// Give me a relayed address (RFC 8656 §7).
    Allocate,
    /// Keep my allocation, or with a lifetime of 0 release it (RFC 8656 §8).
    Refresh,
    /// Let this peer's packets through (RFC 8656 §10).
    CreatePermission,
    /// Let a channel number stand for this peer (RFC 8656 §12).
    ChannelBind,
}

/// What came in that was no proper answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "oddity", rename_all = "kebab-case")]
pub enum Anomaly {
    /// Not a whole STUN message, or one that does not hold what its kind has to hold.
    Malformed {
        /// What is wrong with it.
        problem: Malformed,
    },
    /// The answer came from another endpoint than was asked, and nothing had asked for that.
    WrongSource {
        /// The endpoint that answered.
        from: SocketAddr,
    },
    /// A second, different answer to one request; the first was used.
    Conflicting,
    /// An answer to nothing that is still asked: late, or a duplicate.
    Stale,
    /// MESSAGE-INTEGRITY or FINGERPRINT does not fit.
    IntegrityFailed,
    /// Comprehension-required attributes that this client does not know (RFC 8489 §14).
    UnknownRequired {
        /// Their types, 0x0000 to 0x7fff.
        attributes: Vec<u16>,
    },
    /// The answer is in RFC 3489's form: no magic cookie, or no XOR-MAPPED-ADDRESS.
    #[serde(rename = "classic")]
    Rfc3489,
    /// Not as it should be, and taken all the same.
    #[serde(rename = "untidy")]
    Lenient {
        /// What is not as it should be.
        problem: Leniency,
    },
}

/// A fact about STUN over one transport to one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StunFact {
    /// A Binding success response came from where it was asked (RFC 8489 §7.3.3).
    Mapped {
        /// What carried the request.
        transport: Transport,
        /// The socket's own address and port, never a wildcard.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS where there is none.
        mapped: SocketAddr,
        /// MAPPED-ADDRESS where it is there and differs: an ALG rewrote it (RFC 5780 §3.6). Absent where it agrees.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rewritten: Option<SocketAddr>,
        /// OTHER-ADDRESS (RFC 5780 §7.4), or RFC 3489's CHANGED-ADDRESS; absent where the server has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<SocketAddr>,
        /// SOFTWARE (RFC 8489 §14.14); absent where the server does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        software: Option<Text>,
        /// Null where a retransmission makes it ambiguous which request was answered.
        rtt_ms: Option<Millis>,
        /// How many times the request had been sent by then.
        sent: u32,
    },
    /// A Binding success response came to a request with CHANGE-REQUEST (RFC 5780 §4.4), from wherever.
    Answered {
        /// From where the server was to answer.
        asked: Asked,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The endpoint that was asked.
        server: SocketAddr,
        /// The endpoint that answered.
        from: SocketAddr,
        /// How many times the request had been sent by then.
        sent: u32,
        /// From the request to its answer; null where a retransmission makes it ambiguous which was answered.
        rtt_ms: Option<Millis>,
    },
    /// The first answer came so long after the last request that no path in use takes as long, whichever request it
    /// answered. What it says is told beside.
    Late {
        /// What was asked.
        method: Method,
        /// Over which transport.
        transport: Transport,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The endpoint that was asked.
        server: SocketAddr,
        /// How many times the request had been sent by then.
        sent: u32,
        /// From the last request to the answer.
        after_ms: Millis,
    },
    /// Requests were sent, the last of them long enough ago, and no answer came.
    Silent {
        /// What was asked.
        method: Method,
        /// From where the server was to answer; `plain` of every method but Binding.
        asked: Asked,
        /// What carried the requests.
        transport: Transport,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// How many copies were sent.
        sent: u32,
        /// From the first copy until the request was given up.
        waited_ms: Millis,
    },
    /// The same request was sent again and again from one socket, each copy a sample of its own: how many were sent
    /// and how many different copies' answers are known to have come.
    Tallied {
        /// From where the server was to answer.
        asked: Asked,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The endpoint that was asked.
        server: SocketAddr,
        /// Copies sent, and copies whose answers came.
        tally: Tally,
        /// From the first copy until counting ended.
        waited_ms: Millis,
    },
    /// A STUN error response came (RFC 8489 §6.3.4).
    Refused {
        /// What was asked.
        method: Method,
        /// From where the server was to answer; `plain` of every method but Binding.
        asked: Asked,
        /// What carried the request.
        transport: Transport,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// ERROR-CODE (RFC 8489 §14.8): 300 to 699 when well-formed.
        code: u16,
        /// Its reason phrase; may be empty.
        reason: Text,
        /// ALTERNATE-SERVER of a 300 (RFC 8489 §14.15); absent where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alternate: Option<SocketAddr>,
    },
    /// The system or the network said that a datagram cannot arrive.
    Unreachable {
        /// The socket's own endpoint.
        local: SocketAddr,
        /// Whither the datagram was sent.
        server: SocketAddr,
        /// What was said.
        failure: Failure,
    },
    /// No socket could be opened towards the server.
    NotOpened {
        /// The server's endpoint.
        server: SocketAddr,
        /// What the system said.
        failure: Failure,
    },
    /// Something came from the server, or instead of its answer, that was no proper answer.
    #[serde(rename = "odd")]
    Anomalous {
        /// What carried it.
        transport: Transport,
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// What was wrong; its fields stand in an object of their own.
        #[serde(rename = "oddity")]
        anomaly: Anomaly,
    },
    /// A request was sent to a mapped address of this machine, so that the NAT had to turn it back (RFC 4787 §6).
    Hairpinned {
        /// The endpoint of the sending socket.
        local: SocketAddr,
        /// The mapped endpoint of the socket that was to hear it.
        to: SocketAddr,
        /// Whether it came in there.
        #[serde(rename = "heard")]
        came_back: bool,
        /// Where it seemed to come from: the sender's mapped endpoint (RFC 4787 REQ-9a), or its own. Absent where it
        /// did not come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<SocketAddr>,
        /// How many copies were sent.
        sent: u32,
    },
    /// A socket was left idle, and then its mapping was looked at again (RFC 5780 §4.6).
    Idled {
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// How long nothing was sent from the socket.
        idle_ms: u64,
        /// Where the server saw the socket before.
        before: SocketAddr,
        /// Where the server saw it after; another endpoint means that the mapping was gone.
        after: SocketAddr,
        /// Whether an answer from the server's alternate address, to which the socket had spoken before, then came in;
        /// null where that was not asked.
        inbound: Option<bool>,
        /// Copies of the request for that answer, and answers; both 0 where that was not asked.
        #[serde(default)]
        copies: Tally,
        /// Copies of the same request that were sent at the same time from a socket that had just spoken to both
        /// addresses, and answers.
        #[serde(default)]
        control: Tally,
    },
    /// A socket asked the server again and again, so that its flow was in use the whole time.
    KeptBusy {
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// From an answer to the next request.
        every_ms: u64,
        /// From the first answer to the last.
        lived_ms: u64,
        /// How many requests were answered.
        answers: u32,
        /// Copies of the request that nothing answered, and answers; both 0 where each was answered to the end.
        copies: Tally,
        /// Copies of the same request that were sent at the same time from a fresh socket, and answers.
        control: Tally,
    },
    /// An IP packet of this size did or did not cross whole to the server.
    Sized {
        /// The socket's own endpoint.
        local: SocketAddr,
        /// The server's endpoint.
        server: SocketAddr,
        /// The size of the IP packet, its headers included.
        bytes: u32,
        /// Whether its answer came.
        passed: bool,
    },
    /// Small requests were sent from one socket at an even pace, each once.
    Paced {
        /// The socket's own endpoint.
        local: SocketAddr,
        /// From one request to the next, in milliseconds.
        every_ms: u64,
        /// How many Binding indications, which nobody answers, were sent before them at the same pace.
        indications: u32,
        /// The requests in the order in which they were sent.
        requests: Vec<PacedRequest>,
    },
}

/// One of several requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PacedRequest {
    /// The endpoint that was asked.
    pub server: SocketAddr,
    /// Whether its answer came.
    #[serde(rename = "heard")]
    pub answered: bool,
}

impl StunFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Mapped { server, .. }
            | Self::Answered { server, .. }
            | Self::Late { server, .. }
            | Self::Silent { server, .. }
            | Self::Tallied { server, .. }
            | Self::Refused { server, .. }
            | Self::Unreachable { server, .. }
            | Self::NotOpened { server, .. }
            | Self::Anomalous { server, .. }
            | Self::Idled { server, .. }
            | Self::KeptBusy { server, .. }
            | Self::Sized { server, .. } => Some(*server),
            Self::Hairpinned { .. } | Self::Paced { .. } => None,
        }
    }
}

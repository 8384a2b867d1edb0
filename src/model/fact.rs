//! What can happen, in the words of the RFCs: a closed list.
//!
//! A fact says what was seen, never what it means. Every fact names the endpoints it is about, so that a judgement
//! needs nothing but facts. Durations are in milliseconds with fractions, sizes in bytes.

use super::{
    CallBreak, CallStage, Candidate, Code, DnsFailure, DnsKind, DnsRecord, Failure, Interface, Pair, PairEnd,
    SignallingFailure, SignallingTransport,
};
use super::{PathMaintenance, Rebinding, RelayLiveness, Role, Tally, Text, Tls, Traffic, Transport};
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

/// The two legs of a relayed path, seen from the client that holds the allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// Peer to relayed address to client.
    In,
    /// Client to relay to peer.
    Out,
}

/// What came in that was no proper answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "oddity", rename_all = "kebab-case")]
pub enum Anomaly {
    /// Not a whole STUN message; what is wrong with it.
    Malformed { problem: Text },
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fact {
    // This machine.
    Interface(Interface),
    /// The list of interfaces changed during the run (RFC 8445 calls for an ICE restart then).
    NetworkChanged,
    /// More was there than the tool takes: `ignored` of `what` were left out.
    Limited {
        what: Text,
        ignored: u32,
    },
    Candidate(Candidate),

    // Names.
    Resolved {
        name: String,
        record: DnsKind,
        records: Vec<DnsRecord>,
        took_ms: f64,
    },
    Unresolved {
        name: String,
        record: DnsKind,
        failure: DnsFailure,
        took_ms: f64,
    },

    /// An address and port to be asked in the name of a URI: a literal, or a name resolved.
    Located {
        server: SocketAddr,
    },

    // Streams to a server.
    Connected {
        remote: SocketAddr,
        local: SocketAddr,
        took_ms: f64,
    },
    Secured {
        remote: SocketAddr,
        tls: Tls,
        took_ms: f64,
    },
    /// The connection, or its TLS, did not come about or broke; `tls` holds what the handshake had shown by then.
    NotConnected {
        transport: Transport,
        remote: SocketAddr,
        failure: Failure,
        tls: Option<Tls>,
        took_ms: f64,
    },
    /// The server ended the stream; `buffered_bytes` of an unfinished message had come.
    Ended {
        transport: Transport,
        remote: SocketAddr,
        buffered_bytes: u32,
    },

    // STUN.
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
    Answered {
        asked: Asked,
        local: SocketAddr,
        server: SocketAddr,
        from: SocketAddr,
        sent: u32,
        rtt_ms: Option<f64>,
    },
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
    Tallied {
        asked: Asked,
        local: SocketAddr,
        server: SocketAddr,
        tally: Tally,
        waited_ms: f64,
    },
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
    Unreachable {
        local: SocketAddr,
        server: SocketAddr,
        failure: Failure,
    },
    /// No socket could be opened towards the server.
    NotOpened {
        server: SocketAddr,
        failure: Failure,
    },
    #[serde(rename = "odd")]
    Anomalous {
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        #[serde(rename = "oddity")]
        anomaly: Anomaly,
    },

    // NAT behaviour beyond single bindings.
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
    Sized {
        local: SocketAddr,
        server: SocketAddr,
        bytes: u32,
        passed: bool,
    },

    // TURN.
    /// The first 401, as it should be: the server asks for credentials.
    Challenged {
        transport: Transport,
        server: SocketAddr,
        took_ms: f64,
        software: Option<Text>,
    },
    /// `mapped` is where the server sees the client (XOR-MAPPED-ADDRESS).
    Allocated {
        transport: Transport,
        local: SocketAddr,
        server: SocketAddr,
        relayed: SocketAddr,
        mapped: Option<SocketAddr>,
        lifetime_s: u32,
        took_ms: f64,
    },
    /// Further allocations were asked for at once, beside none of ours: so many were granted and given back. `refused` is the
    /// error of one that was not.
    AllocatedSeveral {
        transport: Transport,
        server: SocketAddr,
        asked: u32,
        granted: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<u16>,
    },
    Permitted {
        transport: Transport,
        server: SocketAddr,
        peer: std::net::IpAddr,
        took_ms: f64,
    },
    ChannelBound {
        transport: Transport,
        server: SocketAddr,
        peer: SocketAddr,
        channel: u16,
        took_ms: f64,
    },
    Refreshed {
        transport: Transport,
        server: SocketAddr,
        lifetime_s: u32,
        took_ms: f64,
    },
    Released {
        transport: Transport,
        server: SocketAddr,
        took_ms: f64,
    },
    /// The allocation was gone before it was released (437 to a Refresh), `after_ms` after it was made.
    AllocationLost {
        transport: Transport,
        server: SocketAddr,
        after_ms: f64,
    },
    /// Bytes crossed one leg of the relay; `took_ms` from their first sending.
    Crossed {
        leg: Leg,
        transport: Transport,
        server: SocketAddr,
        relayed: SocketAddr,
        peer: SocketAddr,
        sent: u32,
        took_ms: f64,
        /// The size of the payload; null of a token of 16 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u32>,
        /// Inwards: the relay was sending to this peer by then, as it does in a call (RFC 8445 §7.2.2), which lets the
        /// peer through a firewall that knows connections.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
    },
    /// They did not.
    NotCrossed {
        leg: Leg,
        transport: Transport,
        server: SocketAddr,
        relayed: SocketAddr,
        peer: Option<SocketAddr>,
        sent: u32,
        waited_ms: f64,
        /// As of what crossed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u32>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
        /// What the system or the network said of the packets inwards.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },

    // Signalling.
    /// This way to the other end works: `took_ms` until it was there, `rtt_ms` for one message and its echo.
    Carried {
        carrier: SignallingTransport,
        took_ms: f64,
        rtt_ms: f64,
    },
    /// It does not.
    NotCarried {
        carrier: SignallingTransport,
        #[serde(flatten)]
        failure: SignallingFailure,
        took_ms: f64,
    },
    /// The way that this run uses.
    Chosen {
        carrier: SignallingTransport,
    },
    /// The other end is there; what it says it is.
    PeerJoined {
        software: Text,
    },
    /// The other end went away, or the way to it was lost, before everything was said.
    PeerLeft,
    /// A message of the other end was not taken; why.
    MessageRefused {
        why: Code,
        detail: Text,
    },

    // ICE checks of two ends.
    /// The peer's description is here: checks begin.
    Described {
        role: Role,
        /// It answers checks and makes none (RFC 8445 §2.5).
        lite: bool,
    },
    /// A candidate of the peer's.
    RemoteCandidate(PairEnd),
    /// A candidate of the peer's that is not checked; why.
    CandidateRefused {
        candidate: Text,
        why: Code,
    },
    /// The first check of a pair that was answered as it should be.
    Reached {
        local: PairEnd,
        remote: PairEnd,
        rtt_ms: Option<f64>,
        /// Since the peer's description came.
        after_ms: f64,
        /// Checks sent by then.
        sent: u32,
    },
    /// The controlling end chose this pair (RFC 8445 §8).
    Nominated {
        local: PairEnd,
        remote: PairEnd,
        role: Role,
        /// Since the peer's description came.
        after_ms: f64,
    },
    /// Both ends took one role, and this is the one we have now (RFC 8445 §7.3.1.1).
    RoleSwitched {
        role: Role,
    },
    /// What became of a pair: once for each, when its checks are over.
    Checked(Pair),
    /// A pair that had worked was not answered any more (RFC 7675 §5.1).
    ConsentLost {
        local: PairEnd,
        remote: PairEnd,
        after_ms: f64,
    },
    /// An end is seen under another address than before, from the same socket: its mapping has changed.
    Rebound(Rebinding),
    /// Nothing came any more through a relay of ours that carries the call, or it went away: what was found.
    RelayDoubted(RelayLiveness),
    /// New credentials and candidates, since the network changed or the peer asked for it (RFC 8445 §9).
    Restarted,

    // The call itself.
    /// It got this far, `after_ms` after it began.
    CallReached {
        stage: CallStage,
        after_ms: f64,
    },
    /// What the other end's description says that it will send, where that is not everything.
    PeerAnnounced {
        audio: bool,
        video: bool,
        /// It takes data channels.
        data: bool,
    },
    /// The network changed during it, the agents began anew, and media came again: so long after this end had begun anew.
    CallResumed {
        after_ms: f64,
    },
    CallBroken(CallBreak),
    /// How the pair was kept that carried it: of a long call, once, when measuring is over.
    CallKept(Box<PathMaintenance>),
    /// What passed: once, when measuring is over.
    Called(Box<Traffic>),

    // A browser, which tells its page less than a tool of its own sees.
    /// The run was a page's: the browser's own words for itself, and for how it is connected.
    Browser {
        agent: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connection: Option<Text>,
    },
    /// A candidate of our own whose address the browser hides also from its page, behind a name of the local link (mDNS).
    HiddenCandidate(PairEnd),
    /// The browser got no candidate from a server (webrtc-pc §4.8.3): `code` is STUN's, or 701 where it did not reach the
    /// server. `local` is whence it asked, as far as the page may know.
    CandidateError {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local: Option<Text>,
        code: u16,
        reason: Text,
    },

    /// The question was not asked, or not to its end; why.
    Skipped {
        why: Code,
    },
    /// The user ended the run.
    Interrupted,
    /// The time for the whole run was up.
    OutOfTime,
}

impl Fact {
    /// Whether only a meeting with another end brings such a fact about.
    pub fn is_of_a_meeting(&self) -> bool {
        matches!(
            self,
            Self::Carried { .. }
                | Self::NotCarried { .. }
                | Self::Chosen { .. }
                | Self::PeerJoined { .. }
                | Self::PeerLeft
                | Self::MessageRefused { .. }
                | Self::Described { .. }
                | Self::RemoteCandidate(_)
                | Self::CandidateRefused { .. }
                | Self::Reached { .. }
                | Self::Nominated { .. }
                | Self::RoleSwitched { .. }
                | Self::Checked(_)
                | Self::ConsentLost { .. }
                | Self::Rebound(_)
                | Self::RelayDoubted(_)
                | Self::Restarted
        )
    }
}

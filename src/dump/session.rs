//! What can a file know of a call? The one form that the readers of all formats give, so that judgement never sees a
//! format. (webrtc-pc §5, webrtc-stats §8)
//!
//! Times are milliseconds since 1970 by the clock of whoever wrote the file, and the zero of a file that has no dates.
//! A counter or a property that a file does not have is None, which is never 0.

use super::description::Description;
use crate::model::{CandidateType, End, Fact, Millis, Origin, Protocol, ServerUri, TcpType, Text, Transport};
use std::collections::BTreeMap;

/// The most refusals of cameras and microphones that are kept of a file.
pub(super) const REFUSED_MAX: usize = 100;

/// All that a file tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedSession {
    /// The browser or program that made it, as its user agent; empty where the file does not say.
    pub made_by: Text,
    /// When it was saved, where the file says so.
    pub saved_at: Option<Millis>,
    /// Its connections, in the order of the file. Of a capture: one.
    pub connections: Vec<SavedConnection>,
    /// What an application asked of the browser outside any connection, and did not get: cameras and microphones.
    pub refused: Vec<Event>,
    /// What the file holds and was not read.
    pub left_out: LeftOut,
}

/// What a file holds and was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The file ends in the middle.
    pub is_cut: bool,
    /// Lines, series or packets that are not understood.
    pub not_understood: u64,
    /// Lines, series, connections or packets beyond what is read.
    pub beyond_limits: u64,
}

/// One RTCPeerConnection, or what went between two ends in a capture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedConnection {
    /// What the file calls it.
    pub name: Text,
    /// Its configuration; None where the file has none.
    pub configuration: Option<SavedConfiguration>,
    /// What the browser and its page said, oldest first.
    pub events: Vec<Event>,
    /// Candidates in statistics, by their ids there.
    pub candidates: BTreeMap<String, StatCandidate>,
    /// The pairs in statistics, by their ids there.
    pub pairs: BTreeMap<String, StatPair>,
    /// The transports in statistics, by their ids there.
    pub transports: BTreeMap<String, Vec<TransportPoint>>,
    /// The RTP streams in statistics, by their ids there.
    pub streams: BTreeMap<String, StatStream>,
    /// Data channels that were open in statistics, at most.
    pub channels_open: u32,
    /// Until when it was there, where the file says so: later than anything that happened in it.
    pub known_until: Option<Millis>,
    /// What a capture or a log shows in the house's own words, each with its time.
    pub observed: Vec<(Millis, Origin, Fact)>,
    /// What a capture that was made beside it shows of its servers, which a browser does not tell.
    pub beside: Vec<(Millis, Origin, Fact)>,
    /// What went between two endpoints of a capture.
    pub flows: Vec<PacketFlow>,
    /// How well the file could see.
    pub sight: Sight,
}

/// What a file could not see of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Statistics begin later than the connection, so that counters are not from 0.
    pub began_late: bool,
    /// Counters of checks are missing in this form: silence of a pair cannot be counted.
    pub counts_no_checks: bool,
    /// Addresses are hidden or replaced.
    pub hides_addresses: bool,
    /// One direction only was captured.
    pub one_direction: bool,
    /// It was taken at a server of TURN: what did not go through that server is not in it.
    pub at_server: bool,
    /// Events are missing in this form: that no error was told says nothing.
    pub tells_no_events: bool,
    /// Of the candidates it names some alone.
    pub names_some: bool,
    /// Events or statistics are in an unknown form: that something was not told says nothing.
    pub is_unclear: bool,
}

/// What the application gave the connection (webrtc-pc §4.2.1), without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedConfiguration {
    /// The servers' URIs, in order, as far as they are URIs.
    pub servers: Vec<ServerUri>,
    /// Only relayed candidates may be used.
    pub relay_only: bool,
}

/// One thing that was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// Its number or line in the file, from 1, by which a person finds it again.
    pub place: u32,
    /// What it was.
    pub happened: Happened,
}

/// What can happen to a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// A candidate of this end's was found.
    Found {
        /// The candidate as its line says, `candidate:…`.
        line: String,
        /// The server that it was learnt from.
        url: Option<ServerUri>,
        /// How the relay is reached.
        relay_protocol: Option<Transport>,
    },
    /// A candidate of the other end's was added.
    Added {
        /// As its line says; empty where no more follow.
        line: String,
    },
    /// No candidate came of a server.
    CandidateError {
        /// The server, as the browser names it.
        url: Option<ServerUri>,
        /// The address that was asked from, as it stands there: often shortened.
        address: Text,
        /// The STUN error code, or 701.
        code: u16,
        /// What was said.
        reason: Text,
    },
    /// A description was set (webrtc-pc §4.4.1.5).
    Described {
        /// Whose it is.
        end: End,
        /// What it says.
        description: Description,
    },
    /// A state changed.
    State {
        /// Which.
        of: StateOf,
        /// To what, in the words of webrtc-pc.
        to: Text,
    },
    /// What the application asked for did not succeed.
    Failed {
        /// What it asked for, by its name in webrtc-pc, as "addIceCandidate".
        what: Text,
        /// What the browser said.
        reason: Text,
    },
    /// The application closed the connection.
    Closed,
}

/// The states of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateOf {
    /// `signalingState`.
    Signalling,
    /// `iceGatheringState`.
    Gathering,
    /// `iceConnectionState`.
    Ice,
    /// `connectionState`.
    Connection,
}

impl StateOf {
    /// Its name in webrtc-pc.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signalling => "signalingState",
            Self::Gathering => "iceGatheringState",
            Self::Ice => "iceConnectionState",
            Self::Connection => "connectionState",
        }
    }
}

/// A candidate as statistics have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatCandidate {
    /// Whose it is.
    pub end: End,
    /// How it was learnt.
    pub kind: Option<CandidateType>,
    /// What a peer speaks to it.
    pub protocol: Option<Protocol>,
    /// An address or a name; empty where it is hidden.
    pub address: Text,
    /// Where it takes and sends packets at that address.
    pub port: Option<u16>,
    /// Where a reflexive one is based: address and port.
    pub related: Option<(Text, u16)>,
    /// How its owner reaches the relay.
    pub relay_protocol: Option<Transport>,
    /// The server that it was learnt from.
    pub url: Option<ServerUri>,
    /// Which end of TCP connects.
    pub tcp_type: Option<TcpType>,
    /// `usernameFragment`: which description it belongs to.
    pub ufrag: Option<String>,
    /// `networkType`, as "wifi" or "vpn".
    pub network: Option<Text>,
}

/// A pair as statistics have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatPair {
    /// The id of this end's candidate.
    pub local: String,
    /// The id of the other end's candidate.
    pub remote: String,
    /// Its counters, oldest first.
    pub points: Vec<PairPoint>,
}

/// A pair at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairPoint {
    /// When.
    pub at: Millis,
    /// It is the one in use: `nominated`, or Firefox's `selected`.
    pub nominated: bool,
    /// The browser called it failed.
    pub failed: bool,
    /// The browser says a check of it succeeded.
    pub succeeded: bool,
    /// Checks sent, those of consent included.
    pub requests_sent: Option<u64>,
    /// Answers heard.
    pub responses_received: Option<u64>,
    /// Checks of the other end's heard.
    pub requests_received: Option<u64>,
    /// Bytes that the browser handed to it.
    pub bytes_sent: Option<u64>,
    /// Bytes that came over it.
    pub bytes_received: Option<u64>,
    /// Packets that the browser handed to it, checks aside.
    pub packets_sent: Option<u64>,
    /// Packets that came over it, checks aside.
    pub packets_received: Option<u64>,
    /// All round trips together.
    pub total_rtt_ms: Option<Millis>,
    /// The latest round trip, told again until the next.
    pub rtt_ms: Option<Millis>,
    /// What congestion control would send, in bits a second.
    pub available_bps: Option<f64>,
    /// When the latest packet came that was no check.
    pub last_received: Option<Millis>,
}

/// A transport at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransportPoint {
    /// When.
    pub at: Millis,
    /// The id of the pair in use.
    pub selected: Option<String>,
    /// `dtlsState`.
    pub dtls: Option<Text>,
    /// "DTLS 1.2" or the like.
    pub dtls_version: Option<Text>,
    /// Whether this end has the controlling role.
    pub controlling: Option<bool>,
    /// Bytes that the browser handed to it.
    pub bytes_sent: Option<u64>,
    /// Bytes that came over it.
    pub bytes_received: Option<u64>,
}

/// A stream of RTP, or what the other end reports of one, as statistics have it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatStream {
    /// Which of the four.
    pub way: StreamWay,
    /// Sound; else video.
    pub is_audio: bool,
    /// Its counters, oldest first.
    pub points: Vec<StreamPoint>,
}

/// Which way a stream goes, and who tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamWay {
    /// It comes in: `inbound-rtp`.
    In,
    /// It goes out: `outbound-rtp`.
    Out,
    /// One that goes out, as the other end reports having received it: `remote-inbound-rtp`.
    OutAsReported,
    /// One that comes in, as the other end reports having sent it: `remote-outbound-rtp`.
    InAsReported,
}

/// A stream at one time. Reports of the other end's have times of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreamPoint {
    /// When.
    pub at: Millis,
    /// Packets sent or received.
    pub packets: Option<u64>,
    /// Bytes of payload.
    pub bytes: Option<u64>,
    /// Packets lost; less than 0 where copies came.
    pub lost: Option<i64>,
    /// The share lost since the last report, 0 to 1.
    pub fraction_lost: Option<f64>,
    /// Interarrival jitter.
    pub jitter_ms: Option<Millis>,
    /// Round trip by RTCP.
    pub rtt_ms: Option<Millis>,
    /// How often video stood still.
    pub freezes: Option<u64>,
    /// Samples of sound made up for what did not come in time.
    pub concealed_samples: Option<u64>,
    /// All samples of sound.
    pub total_samples: Option<u64>,
    /// What kept the encoder's quality down was the processor.
    pub limited_by_cpu: bool,
    /// Whether the encoding is meant to be sent; None where it is not said.
    pub active: Option<bool>,
}

/// What went between two endpoints of a capture, of one kind (RFC 7983 §7).
#[derive(Clone, Debug, PartialEq)]
pub struct PacketFlow {
    /// The endpoint of the end that the file is about.
    pub local: std::net::SocketAddr,
    /// The other endpoint; through a relay, the peer's.
    pub remote: std::net::SocketAddr,
    /// The relay that it goes through, where it does.
    pub relay: Option<std::net::SocketAddr>,
    /// What it is.
    pub kind: FlowKind,
    /// Out of and into the end.
    pub out: FlowWay,
    /// Into the end.
    pub inward: FlowWay,
}

/// What a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlowKind {
    /// Checks of connectivity.
    Check,
    /// DTLS.
    Dtls,
    /// RTP.
    Media,
    /// RTCP.
    Control,
}

/// One way of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FlowWay {
    /// How many were seen.
    pub packets: u64,
    /// Bytes of UDP payload.
    pub bytes: u64,
    /// When the first was seen.
    pub first: Option<Millis>,
    /// When the last was seen.
    pub last: Option<Millis>,
    /// Packets that were gone before they came here, by their sequence numbers.
    pub lost: u64,
    /// Of checks: requests.
    pub requests: u64,
    /// Of checks: answers of success.
    pub answers: u64,
}

//! What every socket of a run saw, in order, with its bytes: kept beside a record, for people and for tests.
//!
//! The names are those of the machine's inputs and outputs. Secrets are not in it: bytes that might be one are zeros,
//! or are only counted.

use super::{DnsFailure, DnsKind, DnsRecord, Failure, Interface, Millis, Record, Tls, Tool};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::net::SocketAddr;

/// The `schema` of a [`Recording`]. Within this number the document grows by additions only.
pub const RECORD_SCHEMA: &str = "rtc-doctor-record/1";

/// A run to be judged again: the file that `check --record` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The form of this document, `rtc-doctor-record/1`.
    pub schema: String,
    /// The program that made the document.
    pub tool: Tool,
    /// What was asked and what was observed.
    pub record: Record,
    /// How the run was set up; null where the observations alone were kept.
    #[serde(default)]
    pub run: Option<Run>,
    /// What its sockets saw; null where the observations alone were kept.
    #[serde(default)]
    pub transcript: Option<Transcript>,
}

impl Recording {
    /// A recording of observations alone, by this release.
    pub fn new(record: Record) -> Self {
        let tool = Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        Self { schema: RECORD_SCHEMA.to_owned(), tool, record, run: None, transcript: None }
    }
}

/// How the run was set up: with the targets of the record, all that its checkup was made from but the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Whether TLS went on in spite of certificates that do not hold.
    pub insecure: bool,
    /// Whether the NAT was asked to hairpin (RFC 4787 §6).
    pub hairpinning: bool,
    /// The longest time to leave a mapping idle; null where its lifetime was not asked for.
    pub lifetime_ms: Option<u64>,
    /// The time for the whole run.
    pub timeout_ms: u64,
    /// When the run began, in seconds since 1970-01-01 UTC.
    pub unix_now: u64,
    /// Where all chance of the run came from. Left out where there were credentials: no replay can prove to know them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Bytes>,
}

/// What every socket of a run saw, with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// What was done and what happened, oldest first.
    pub events: Vec<TranscriptEntry>,
    /// How many more there were after the transcript was full.
    pub left_out_events: u64,
}

/// One event and its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptEntry {
    /// Milliseconds since the run began, with six decimals.
    pub at_ms: Millis,
    /// What was done, or what happened; its fields stand beside the time.
    #[serde(flatten)]
    pub what: TranscriptEvent,
}

/// What the run did, and what happened to it. `socket` and `query` are the numbers by which the run named them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum TranscriptEvent {
    // What the run did.
    /// The run opened a socket.
    Open {
        /// The number that the run gave it.
        socket: u32,
        /// What kind of socket; its fields stand beside these.
        #[serde(flatten)]
        opening: Opening,
    },
    /// The run sent a datagram, or the next bytes of a stream.
    Sent {
        /// By which socket.
        socket: u32,
        /// To whom.
        to: SocketAddr,
        /// By how many routers it was to be forwarded, where not by all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hops: Option<u8>,
        /// What; its fields stand beside these.
        #[serde(flatten)]
        data: RecordedBytes,
    },
    /// The run closed a socket.
    Close {
        /// Which one.
        socket: u32,
    },
    /// The run asked for a name.
    Asked {
        /// The number that the run gave the question.
        query: u32,
        /// The name asked for.
        name: String,
        /// The type of record asked for.
        record: DnsKind,
    },

    // What happened to it.
    /// The run was told of this machine's interfaces, at its start and after a change.
    Interfaces {
        /// All of them.
        interfaces: Vec<Interface>,
    },
    /// A socket is there: bound, connected, or through its TLS handshake.
    Opened {
        /// Which one.
        socket: u32,
        /// Its own endpoint.
        local: SocketAddr,
        /// What its TLS handshake showed; absent without TLS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
    },
    /// A socket did not come about, or a stream broke.
    Failed {
        /// Which one.
        socket: u32,
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: Failure,
        /// What its TLS handshake had shown by then; absent where there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
    },
    /// A listening socket took a connection.
    Accepted {
        /// The listening socket.
        listener: u32,
        /// The number of the connection's own socket.
        socket: u32,
        /// The connection's endpoint here.
        local: SocketAddr,
        /// The connection's endpoint there.
        remote: SocketAddr,
    },
    /// A datagram came in, or the next bytes of a stream.
    Received {
        /// At which socket.
        socket: u32,
        /// From whom.
        from: SocketAddr,
        /// What; its fields stand beside these.
        #[serde(flatten)]
        data: RecordedBytes,
    },
    /// The system or the network said that a datagram cannot arrive.
    Unreachable {
        /// Which socket had sent it.
        socket: u32,
        /// Whom it was for.
        to: SocketAddr,
        /// What was said; its fields stand beside these.
        #[serde(flatten)]
        failure: Failure,
    },
    /// The other end ended the stream.
    Ended {
        /// Which socket it was.
        socket: u32,
    },
    /// A name has these records.
    Answered {
        /// The number of the question.
        query: u32,
        /// What came.
        records: Vec<DnsRecord>,
    },
    /// A name gave no record.
    NotAnswered {
        /// The number of the question.
        query: u32,
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: DnsFailure,
    },
    /// The time that the run had waited for came.
    Woken,
    /// The user ended the run.
    Stop,
}

/// What kind of socket a run opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "transport", rename_all = "kebab-case")]
pub enum Opening {
    /// A datagram socket, towards a remote endpoint or at an address of this machine.
    Udp {
        /// The remote endpoint by which the system picks an address; absent where `at` is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        toward: Option<SocketAddr>,
        /// An address of this machine; absent where `toward` is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<SocketAddr>,
        /// Whether a datagram that is too large fails instead of being fragmented (RFC 8899 §3).
        dont_fragment: bool,
    },
    /// A TCP connection.
    Tcp {
        /// The remote endpoint.
        to: SocketAddr,
    },
    /// A TCP connection with TLS.
    Tls {
        /// The remote endpoint.
        to: SocketAddr,
        /// The name for SNI and for the certificate.
        server_name: String,
        /// Whether it goes on in spite of a certificate that does not hold.
        insecure: bool,
    },
    /// A TCP connection that a proxy leads on to a server.
    Proxied {
        /// The proxy's endpoint.
        proxy: SocketAddr,
        /// The server's name or address: for the proxy to lead to, for SNI and for the certificate.
        server_name: String,
        /// The server's port.
        port: u16,
        /// Whether TLS is spoken with the server.
        secure: bool,
        /// As for TLS.
        insecure: bool,
    },
    /// A socket that takes TCP connections.
    Listen {
        /// The address of this machine; port 0 means any.
        at: SocketAddr,
        /// Whether it speaks TLS.
        secure: bool,
    },
}

/// What is kept of a datagram, or of the next bytes of a stream: there, the whole messages that these bytes completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedBytes {
    /// How many bytes crossed the socket now.
    pub bytes: u64,
    /// The bytes themselves; fewer than `bytes` where some are withheld, and more where these completed a message.
    pub data: Bytes,
    /// How many bytes of `data` are zeros for what might be a secret.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub blanked_bytes: u64,
    /// True where bytes do not parse, so that nobody knows what they hold: they are not in `data`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub withheld: bool,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_false(truth: &bool) -> bool {
    !truth
}

/// Bytes; in JSON as lower-case hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hex = String::with_capacity(self.0.len() * 2);
        for byte in &self.0 {
            let nibbles = [byte >> 4, byte & 0xf].map(u32::from);
            hex.extend(nibbles.into_iter().filter_map(|nibble| char::from_digit(nibble, 16)));
        }
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        let value = |pair: &[u8]| match pair {
            [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(value).collect();
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("not bytes in hex"))
    }
}

fn digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

//! What every socket of a run saw, in order, with its bytes: kept beside a record, for people and for tests.
//!
//! The names are those of the machine's inputs and outputs. Secrets are not in it: bytes that might be one are zeros,
//! or are only counted.

use super::{DnsFailure, DnsKind, DnsRecord, Failure, Interface, Record, Tls, Tool};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::net::SocketAddr;

/// Of the document that [`Recording`] is. Grows by additions only.
pub const RECORD_SCHEMA: &str = "rtc-doctor-record/1";

/// A run to be judged again: the file that `check --record` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub schema: String,
    pub tool: Tool,
    pub record: Record,
    /// Null where the observations alone were kept.
    #[serde(default)]
    pub run: Option<Run>,
    #[serde(default)]
    pub transcript: Option<Transcript>,
}

impl Recording {
    pub fn new(record: Record) -> Self {
        let tool = Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        Self { schema: RECORD_SCHEMA.to_owned(), tool, record, run: None, transcript: None }
    }
}

/// How the run was set up: with the targets of the record, all that its checkup was made from but the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub insecure: bool,
    pub hairpinning: bool,
    /// The longest time to leave a mapping idle.
    pub lifetime_ms: Option<u64>,
    pub timeout_ms: u64,
    /// Seconds since 1970 when the run began.
    pub unix_now: u64,
    /// All chance of the run came from it. Left out where there were credentials: no replay can prove to know them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Bytes>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub events: Vec<TranscriptEntry>,
    /// What came after the transcript was full.
    pub left_out_events: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptEntry {
    /// Milliseconds since the run began, with six decimals.
    pub at_ms: f64,
    #[serde(flatten)]
    pub what: TranscriptEvent,
}

/// `socket` and `query` are the numbers by which the run named them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum TranscriptEvent {
    // What the run did.
    Open {
        socket: u32,
        #[serde(flatten)]
        opening: Opening,
    },
    Sent {
        socket: u32,
        to: SocketAddr,
        #[serde(flatten)]
        data: RecordedBytes,
    },
    Close {
        socket: u32,
    },
    Asked {
        query: u32,
        name: String,
        record: DnsKind,
    },

    // What happened to it.
    Interfaces {
        interfaces: Vec<Interface>,
    },
    Opened {
        socket: u32,
        local: SocketAddr,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
    },
    Failed {
        socket: u32,
        #[serde(flatten)]
        failure: Failure,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
    },
    Accepted {
        listener: u32,
        socket: u32,
        local: SocketAddr,
        remote: SocketAddr,
    },
    Received {
        socket: u32,
        from: SocketAddr,
        #[serde(flatten)]
        data: RecordedBytes,
    },
    Unreachable {
        socket: u32,
        to: SocketAddr,
        #[serde(flatten)]
        failure: Failure,
    },
    /// The other end ended the stream.
    Ended {
        socket: u32,
    },
    Answered {
        query: u32,
        records: Vec<DnsRecord>,
    },
    NotAnswered {
        query: u32,
        #[serde(flatten)]
        failure: DnsFailure,
    },
    /// The time that the run had waited for came.
    Woken,
    /// The user ended the run.
    Stop,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "transport", rename_all = "kebab-case")]
pub enum Opening {
    /// Towards a remote endpoint, or at an address of this machine.
    Udp {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        toward: Option<SocketAddr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<SocketAddr>,
        dont_fragment: bool,
    },
    Tcp {
        to: SocketAddr,
    },
    Tls {
        to: SocketAddr,
        server_name: String,
        insecure: bool,
    },
    Listen {
        at: SocketAddr,
        secure: bool,
    },
}

/// What is kept of a datagram, or of the next bytes of a stream: there, the whole messages that these bytes completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedBytes {
    /// How many bytes crossed the socket now.
    pub bytes: u64,
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

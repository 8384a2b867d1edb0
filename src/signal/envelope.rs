//! What do two ends say to each other, and is this message the next that the other end said?
//!
//! A message is one JSON object (RFC 8259), e.g.
//! `{"rtc-doctor":1,"from":"60f1…","seq":3,"kind":"candidate","candidate":"candidate:…","sdpMid":"0"}`. `rtc-doctor` is
//! the version of this form; `from` names the sender's run, 16 hexadecimal digits; `seq` grows with each of its messages.
//! `kind` is one of those of [`Body`], and the members beside it are named as in WebRTC's own JSON. Members and kinds that
//! are not known are passed over, so that later versions can add some. A `record` is the sender's whole
//! [`Record`] as JSON, deflated (RFC 1951), in base64 (RFC 4648 §4).

mod record;

pub use record::RecordError;

use super::Sdp;
use crate::machine::Rng;
use crate::model::{Record, Text, Tool};
use serde::{Deserialize, Serialize};

/// The version of the form of messages that is spoken here.
pub const VERSION: u32 = 1;

/// A deflated record of 64 servers and 100 pairs is a tenth of it.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// What one message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The first of each end.
    Hello {
        tool: Tool,
    },
    Offer {
        sdp: Sdp,
    },
    Answer {
        sdp: Sdp,
    },
    /// One more candidate (RFC 8838), as its line says; for the description with this ufrag, or for the latest.
    Candidate {
        candidate: String,
        ufrag: Option<String>,
    },
    /// No more follow for that description.
    EndOfCandidates {
        ufrag: Option<String>,
    },
    /// Everything that the sender observed.
    Record(Box<Record>),
    /// The sender has said everything.
    Done,
}

/// What was heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    Body(Body),
    /// A kind that this version does not know: to be passed over.
    Unknown {
        kind: Text,
    },
}

/// A message that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("the message would be {bytes} bytes long; {MESSAGE_BYTES_MAX} at most are sent")]
    TooLarge { bytes: usize },
}

/// Why a message is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("a message of {0} bytes came; {MESSAGE_BYTES_MAX} at most are read")]
    TooLarge(usize),
    #[error("a message came that is no JSON, or lacks what every message has")]
    Malformed,
    #[error("a message came that is not rtc-doctor's")]
    NotOurs,
    #[error("the other end is rtc-doctor of another version: it speaks {theirs}, this one {VERSION}")]
    Version { theirs: u64 },
    #[error("a message came whose sender is not 16 hexadecimal digits")]
    Sender,
    #[error("a message of our own came back")]
    Echo,
    #[error("a message of somebody else came: this call is with another run of rtc-doctor")]
    Foreign,
    #[error("message {seq} came after message {latest}: it is replayed, or out of order")]
    Stale { seq: u64, latest: u64 },
    #[error("a message of the kind \"{kind}\" came without its \"{member}\"")]
    Incomplete { kind: &'static str, member: &'static str },
    #[error("the other end's record cannot be used: {0}")]
    Record(#[from] RecordError),
}

/// As it stands in a message. One member too few for its kind is told apart from no message at all.
#[derive(Serialize, Deserialize)]
struct Envelope {
    #[serde(rename = "rtc-doctor")]
    version: u32,
    from: String,
    seq: u64,
    kind: String,
    #[serde(flatten)]
    members: Members,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<Tool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sdp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<String>,
    #[serde(rename = "sdpMid", skip_serializing_if = "Option::is_none")]
    mid: Option<String>,
    #[serde(rename = "usernameFragment", skip_serializing_if = "Option::is_none")]
    ufrag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
}

/// The version is looked at before anything else: what stands beside it is that version's.
#[derive(Deserialize)]
struct VersionHeader {
    #[serde(rename = "rtc-doctor")]
    version: Option<u64>,
}

/// Numbers and writes what we say.
pub struct Encoder {
    from: String,
    seq: u64,
}

impl Encoder {
    pub fn new(rng: &mut Rng) -> Self {
        Self { from: format!("{:016x}", u64::from_be_bytes(rng.bytes())), seq: 0 }
    }

    /// The next message. One that is too large is not counted.
    pub fn encode(&mut self, body: &Body) -> Result<Vec<u8>, EncodeError> {
        let (kind, members) = members(body);
        let seq = self.seq + 1;
        let envelope = Envelope { version: VERSION, from: self.from.clone(), seq, kind: kind.to_owned(), members };
        // Strings and numbers make JSON without fail.
        let message = serde_json::to_vec(&envelope).unwrap_or_default();
        if message.len() > MESSAGE_BYTES_MAX {
            return Err(EncodeError::TooLarge { bytes: message.len() });
        }
        self.seq = seq;
        Ok(message)
    }

    /// Hears what the other end says to this one.
    pub fn decoder(&self) -> Decoder {
        Decoder { ours: self.from.clone(), theirs: None }
    }
}

/// Reads what the other end says: the first sender it hears is the other end, and each message is heard once.
pub struct Decoder {
    ours: String,
    /// Who speaks, and the latest that was heard.
    theirs: Option<(String, u64)>,
}

impl Decoder {
    pub fn decode(&mut self, message: &[u8]) -> Result<Decoded, DecodeError> {
        if message.len() > MESSAGE_BYTES_MAX {
            return Err(DecodeError::TooLarge(message.len()));
        }
        let head: VersionHeader = serde_json::from_slice(message).map_err(|_| DecodeError::Malformed)?;
        match head.version {
            Some(version) if version == u64::from(VERSION) => {}
            Some(theirs) => return Err(DecodeError::Version { theirs }),
            None => return Err(DecodeError::NotOurs),
        }
        let envelope: Envelope = serde_json::from_slice(message).map_err(|_| DecodeError::Malformed)?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if envelope.from.len() != 16 || !envelope.from.bytes().all(is_hex) {
            return Err(DecodeError::Sender);
        }
        if envelope.from == self.ours {
            return Err(DecodeError::Echo);
        }
        match &self.theirs {
            Some((theirs, _)) if *theirs != envelope.from => return Err(DecodeError::Foreign),
            Some((_, latest)) if *latest >= envelope.seq => {
                return Err(DecodeError::Stale { seq: envelope.seq, latest: *latest });
            }
            _ => self.theirs = Some((envelope.from, envelope.seq)),
        }
        decoded(&envelope.kind, envelope.members)
    }
}

/// The one media section that we write.
const MID: &str = "0";

fn members(body: &Body) -> (&'static str, Members) {
    let none = Members::default();
    match body {
        Body::Hello { tool } => (HELLO, Members { tool: Some(tool.clone()), ..none }),
        Body::Offer { sdp } => (OFFER, Members { sdp: Some(sdp.0.clone()), ..none }),
        Body::Answer { sdp } => (ANSWER, Members { sdp: Some(sdp.0.clone()), ..none }),
        Body::Candidate { candidate, ufrag } => {
            let (candidate, mid) = (Some(candidate.clone()), Some(MID.to_owned()));
            (CANDIDATE, Members { candidate, mid, ufrag: ufrag.clone(), ..none })
        }
        Body::EndOfCandidates { ufrag } => (END_OF_CANDIDATES, Members { ufrag: ufrag.clone(), ..none }),
        Body::Record(record) => (RECORD, Members { record: Some(record::write(record)), ..none }),
        Body::Done => (DONE, none),
    }
}

const HELLO: &str = "hello";
const OFFER: &str = "offer";
const ANSWER: &str = "answer";
const CANDIDATE: &str = "candidate";
const END_OF_CANDIDATES: &str = "end-of-candidates";
const RECORD: &str = "record";
const DONE: &str = "done";

fn decoded(kind: &str, members: Members) -> Result<Decoded, DecodeError> {
    let Members { tool, sdp, candidate, mid: _, ufrag, record } = members;
    let missing = |kind, member| DecodeError::Incomplete { kind, member };
    Ok(Decoded::Body(match kind {
        HELLO => Body::Hello { tool: bounded(tool.ok_or_else(|| missing(HELLO, "tool"))?) },
        OFFER => Body::Offer { sdp: Sdp(sdp.ok_or_else(|| missing(OFFER, "sdp"))?) },
        ANSWER => Body::Answer { sdp: Sdp(sdp.ok_or_else(|| missing(ANSWER, "sdp"))?) },
        CANDIDATE => Body::Candidate { candidate: candidate.ok_or_else(|| missing(CANDIDATE, "candidate"))?, ufrag },
        END_OF_CANDIDATES => Body::EndOfCandidates { ufrag },
        RECORD => Body::Record(Box::new(record::read(&record.ok_or_else(|| missing(RECORD, "record"))?)?)),
        DONE => Body::Done,
        unknown => return Ok(Decoded::Unknown { kind: Text::new(unknown) }),
    }))
}

/// For tests: a message as another release might have said it; None for one without a record.
#[cfg(test)]
pub(crate) fn with_another_record(message: &[u8], change: impl FnOnce(String) -> String) -> Option<Vec<u8>> {
    let mut message: serde_json::Value = serde_json::from_slice(message).ok()?;
    let record = record::rewritten(message.get("record")?.as_str()?, change);
    message["record"] = record.into();
    serde_json::to_vec(&message).ok()
}

fn bounded(tool: Tool) -> Tool {
    let cut = |text: String| Text::new(&text).as_str().to_owned();
    Tool { name: cut(tool.name), version: cut(tool.version) }
}

#[cfg(test)]
mod tests;

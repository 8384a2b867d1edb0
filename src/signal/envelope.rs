//! The messages of two ends: how are they encoded, and is a received one the next message of the other end?
//!
//! A message is one JSON object (RFC 8259), e.g.
//! `{"rtc-doctor":1,"from":"60f1…","seq":3,"kind":"candidate","candidate":"candidate:…","sdpMid":"0"}`. `rtc-doctor` is
//! the version of this format; `from` names the sender's run, 16 hexadecimal digits; `seq` grows with each of its
//! messages. `kind` is one of those of [`Body`], and the members beside it are named as in WebRTC's own JSON. Unknown
//! members and kinds are ignored, so that later versions can add some. A `record` is the sender's whole [`Record`] as
//! JSON, deflated (RFC 1951), in base64 (RFC 4648 §4).

mod idl;
mod record;

use super::Sdp;
use crate::machine::Rng;
use crate::model::{DecodeError, Record, Text, Tool};
use idl::CandidateInit;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the format of messages.
pub const VERSION: u32 = 1;

/// The largest message, in bytes. A deflated record of 64 servers and 100 pairs takes a tenth of it.
pub const MESSAGE_BYTES_MAX: usize = 256 << 10;

/// The records of one sender that are read: it sends one, and one more of what it saw since. Each takes long to read.
pub const RECORDS_MAX: u32 = 4;

/// The content of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The first message of each end.
    Hello {
        /// The name and version of the program.
        tool: Tool,
    },
    /// An SDP offer (RFC 3264).
    Offer {
        /// The session description.
        sdp: Sdp,
    },
    /// An SDP answer (RFC 3264).
    Answer {
        /// The session description.
        sdp: Sdp,
    },
    /// An answer that is not the last (RFC 8829 §3.3).
    ProvisionalAnswer {
        /// The session description.
        sdp: Sdp,
    },
    /// A trickled candidate (RFC 8838) for the description with this ufrag, or else for the latest.
    Candidate {
        /// The candidate attribute, `candidate:` included (RFC 8839 §5.1); empty where no more follow.
        candidate: String,
        /// The ICE user name fragment of that description.
        ufrag: Option<String>,
        /// The `mid` of the media section that it is for.
        mid: Option<String>,
    },
    /// No more candidates follow for that description (RFC 8838 §8.2).
    EndOfCandidates {
        /// The ICE user name fragment of that description.
        ufrag: Option<String>,
    },
    /// All observations of the sender.
    Record(Box<Record>),
    /// The sender has sent everything that it knows by now.
    Done {
        /// What it sees until the other end is done as well follows in one more record, and a last message of this kind.
        more: bool,
    },
}

/// A decoded message.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// A message of a kind that this version knows.
    Body(Body),
    /// A kind that this version does not know, to be ignored.
    Unknown {
        /// The kind, bounded for display.
        kind: Text,
    },
    /// One more record than an end has reason to send, which is not read.
    Surplus,
}

/// Why a message cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Longer than [`MESSAGE_BYTES_MAX`].
    #[error("the message would be {bytes} bytes long; {MESSAGE_BYTES_MAX} at most are sent")]
    TooLarge {
        /// The length of the message.
        bytes: usize,
    },
}

/// A message as JSON. Its members are optional, so that a missing one can be told from malformed JSON.
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
    sdp: Option<Value>,
    #[serde(deserialize_with = "idl::present", skip_serializing_if = "Option::is_none")]
    candidate: Option<Value>,
    #[serde(rename = "sdpMid", deserialize_with = "idl::dom_string", skip_serializing_if = "Option::is_none")]
    mid: Option<String>,
    #[serde(
        rename = "usernameFragment",
        deserialize_with = "idl::dom_string",
        skip_serializing_if = "Option::is_none"
    )]
    ufrag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// Of a `done`; absent where nothing follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
}

/// The version, which is read before anything else, since it decides on the other members.
#[derive(Deserialize)]
struct VersionHeader {
    #[serde(rename = "rtc-doctor")]
    version: Option<u64>,
}

/// Numbers and encodes the messages of this end.
pub struct Encoder {
    from: String,
    seq: u64,
}

impl Encoder {
    /// An encoder with a random sender id.
    pub fn new(rng: &mut Rng) -> Self {
        Self { from: format!("{:016x}", u64::from_be_bytes(rng.bytes())), seq: 0 }
    }

    /// Encodes the next message. One that is too large fails and gets no number.
    pub fn encode(&mut self, body: &Body) -> Result<Vec<u8>, EncodeError> {
        let (kind, members) = members(body);
        let seq = self.seq + 1;
        let envelope = Envelope { version: VERSION, from: self.from.clone(), seq, kind: kind.to_owned(), members };
        // Serialising strings and numbers cannot fail.
        let message = serde_json::to_vec(&envelope).unwrap_or_default();
        if message.len() > MESSAGE_BYTES_MAX {
            return Err(EncodeError::TooLarge { bytes: message.len() });
        }
        self.seq = seq;
        Ok(message)
    }

    /// A decoder for the messages of the other end of this one.
    pub fn decoder(&self) -> Decoder {
        Decoder { ours: self.from.clone(), theirs: None, records: 0 }
    }
}

/// Decodes the messages of the other end. The first sender is taken for the other end, and each message is accepted
/// once.
pub struct Decoder {
    ours: String,
    /// The id of the other end, and the number of its latest message.
    theirs: Option<(String, u64)>,
    /// How many of its messages were records.
    records: u32,
}

impl Decoder {
    /// Decodes the next message. Fails for anything that is not the next message of the one other end; the decoder can be
    /// used further.
    pub fn decode(&mut self, message: &[u8]) -> Result<Decoded, DecodeError> {
        if message.len() > MESSAGE_BYTES_MAX {
            return Err(DecodeError::TooLarge { bytes: message.len(), most: MESSAGE_BYTES_MAX });
        }
        let head: VersionHeader = serde_json::from_slice(message).map_err(|_| DecodeError::Malformed)?;
        match head.version {
            Some(version) if version == u64::from(VERSION) => {}
            Some(theirs) => return Err(DecodeError::Version { theirs, ours: VERSION }),
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
        if envelope.kind == RECORD {
            if self.records == RECORDS_MAX {
                return Ok(Decoded::Surplus);
            }
            self.records += 1;
        }
        decoded(&envelope.kind, envelope.members)
    }
}

fn members(body: &Body) -> (&'static str, Members) {
    let none = Members::default();
    match body {
        Body::Hello { tool } => (HELLO, Members { tool: Some(tool.clone()), ..none }),
        Body::Offer { sdp } => (OFFER, Members { sdp: Some(sdp.0.as_str().into()), ..none }),
        Body::Answer { sdp } => (ANSWER, Members { sdp: Some(sdp.0.as_str().into()), ..none }),
        Body::ProvisionalAnswer { sdp } => (PROVISIONAL_ANSWER, Members { sdp: Some(sdp.0.as_str().into()), ..none }),
        Body::Candidate { candidate, ufrag, mid } => {
            let (candidate, mid) = (Some(candidate.as_str().into()), mid.clone());
            (CANDIDATE, Members { candidate, mid, ufrag: ufrag.clone(), ..none })
        }
        Body::EndOfCandidates { ufrag } => (END_OF_CANDIDATES, Members { ufrag: ufrag.clone(), ..none }),
        Body::Record(record) => (RECORD, Members { record: Some(record::write(record)), ..none }),
        Body::Done { more } => (DONE, Members { more: more.then_some(true), ..none }),
    }
}

const HELLO: &str = "hello";
const OFFER: &str = "offer";
const ANSWER: &str = "answer";
const PROVISIONAL_ANSWER: &str = "pranswer";
const CANDIDATE: &str = "candidate";
const END_OF_CANDIDATES: &str = "end-of-candidates";
const RECORD: &str = "record";
const DONE: &str = "done";

fn decoded(kind: &str, members: Members) -> Result<Decoded, DecodeError> {
    let Members { tool, sdp, candidate, mid, ufrag, record, more } = members;
    let missing =
        |kind: &str, member: &str| DecodeError::Incomplete { kind: kind.to_owned(), member: member.to_owned() };
    let described = || sdp.as_ref().and_then(idl::description);
    Ok(Decoded::Body(match kind {
        HELLO => Body::Hello { tool: bounded(tool.ok_or_else(|| missing(HELLO, "tool"))?) },
        OFFER => Body::Offer { sdp: Sdp(described().ok_or_else(|| missing(OFFER, "sdp"))?) },
        ANSWER => Body::Answer { sdp: Sdp(described().ok_or_else(|| missing(ANSWER, "sdp"))?) },
        PROVISIONAL_ANSWER => {
            Body::ProvisionalAnswer { sdp: Sdp(described().ok_or_else(|| missing(PROVISIONAL_ANSWER, "sdp"))?) }
        }
        CANDIDATE => {
            let candidate = candidate.ok_or_else(|| missing(CANDIDATE, "candidate"))?;
            let CandidateInit { candidate, mid, ufrag } = CandidateInit::read(&candidate, mid, ufrag);
            Body::Candidate { candidate, ufrag, mid }
        }
        END_OF_CANDIDATES => Body::EndOfCandidates { ufrag },
        RECORD => {
            let record = record::read(&record.ok_or_else(|| missing(RECORD, "record"))?);
            Body::Record(Box::new(record.map_err(|fault| DecodeError::Record { fault })?))
        }
        DONE => Body::Done { more: more == Some(true) },
        unknown => return Ok(Decoded::Unknown { kind: Text::new(unknown) }),
    }))
}

/// For tests: a message as another release might have sent it; None for one without a record.
#[cfg(test)]
pub(crate) fn with_another_record(message: &[u8], change: impl FnOnce(String) -> String) -> Option<Vec<u8>> {
    let mut message: Value = serde_json::from_slice(message).ok()?;
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

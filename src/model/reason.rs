//! Why somebody said no: in the tool's own words, which are translated, or in theirs, which are not.

use super::{Code, Complaint, Malformed, Refusal, RefusedCandidate, RefusedMessage, Several, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a server, the system or the other end said. In JSON its English text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", from = "String")]
#[schemars(with = "Text")]
pub enum Reason {
    /// This machine or the network refused.
    Refusal(Refusal),
    /// What came was malformed.
    Malformed(Malformed),
    /// What kept a socket, a handshake or a name from working, as the tool says it.
    Complaint(Complaint),
    /// What is wrong in messages of the other end's, a few of them.
    Messages(Vec<RefusedMessage>),
    /// What is wrong with candidates of the other end's, a few of them.
    Candidates(Vec<RefusedCandidate>),
    /// What a finding of this code says.
    Code(Code),
    /// In their own words; empty where nothing was said.
    Said(String),
}

impl Reason {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Said(text) => text.is_empty(),
            Self::Messages(messages) => messages.is_empty(),
            Self::Candidates(candidates) => candidates.is_empty(),
            Self::Refusal(_) | Self::Malformed(_) | Self::Complaint(_) | Self::Code(_) => false,
        }
    }
}

impl Default for Reason {
    fn default() -> Self {
        Self::Said(String::new())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refusal(refusal) => refusal.fmt(f),
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Complaint(complaint) => complaint.fmt(f),
            Self::Messages(messages) => Several::of(messages).fmt(f),
            Self::Candidates(candidates) => Several::of(candidates).fmt(f),
            Self::Code(code) => code.fmt(f),
            Self::Said(text) => f.write_str(text),
        }
    }
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Malformed> for Reason {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<&Complaint> for Reason {
    fn from(complaint: &Complaint) -> Self {
        match complaint {
            Complaint::Other(text) => text.into(),
            ours => Self::Complaint(ours.clone()),
        }
    }
}

impl From<&Text> for Reason {
    fn from(text: &Text) -> Self {
        Self::Said(text.as_str().to_owned())
    }
}

impl From<String> for Reason {
    /// Of several messages or candidates in one text only a single one is told from what others say.
    fn from(text: String) -> Self {
        match (Refusal::from(text.clone()), Malformed::from(text.clone())) {
            (Refusal::Other(_), Malformed::Other(_)) => {}
            (Refusal::Other(_), malformed) => return Self::Malformed(malformed),
            (refusal, _) => return Self::Refusal(refusal),
        }
        let complaint = Complaint::from(text.clone());
        if !matches!(complaint, Complaint::Other(_)) {
            return Self::Complaint(complaint);
        }
        match (RefusedMessage::from(text.clone()), RefusedCandidate::from(text.clone())) {
            // Anybody may speak of a port.
            (RefusedMessage::Other(_), RefusedCandidate::Other(_) | RefusedCandidate::Endpoint { .. }) => {
                text.parse().map_or_else(|_| Self::Said(text), Self::Code)
            }
            (RefusedMessage::Other(_), candidate) => Self::Candidates(vec![candidate]),
            (message, _) => Self::Messages(vec![message]),
        }
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.to_string()
    }
}

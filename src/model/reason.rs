//! Why somebody said no: in the tool's own words, which are translated, or in theirs, which are not.

use super::{
    BrowserRefusal, Code, FailureMessage, Host, Malformed, Refusal, RefusedCandidate, RefusedMessage, Several,
    SourceRefusal, Text,
};
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
    Failure(FailureMessage),
    /// Why a browser refuses an ICE server.
    Browser(BrowserRefusal),
    /// Why a source of ICE servers gives none.
    Source(SourceRefusal),
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
            Self::Refusal(_)
            | Self::Malformed(_)
            | Self::Failure(_)
            | Self::Browser(_)
            | Self::Source(_)
            | Self::Code(_) => false,
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
            Self::Failure(message) => message.fmt(f),
            Self::Browser(refusal) => refusal.fmt(f),
            Self::Source(refusal) => refusal.fmt(f),
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

impl From<BrowserRefusal> for Reason {
    fn from(refusal: BrowserRefusal) -> Self {
        Self::Browser(refusal)
    }
}

impl From<SourceRefusal> for Reason {
    fn from(refusal: SourceRefusal) -> Self {
        Self::Source(refusal)
    }
}

impl From<&FailureMessage> for Reason {
    fn from(message: &FailureMessage) -> Self {
        match message {
            FailureMessage::Other(text) => text.into(),
            ours => Self::Failure(ours.clone()),
        }
    }
}

impl From<&Text> for Reason {
    fn from(text: &Text) -> Self {
        Self::Said(text.as_str().to_owned())
    }
}

impl From<String> for Reason {
    /// What is none of the tool's own phrases was said by somebody else.
    fn from(text: String) -> Self {
        let failure = || Refusal::known(&text).map(Self::Refusal);
        let malformed = || Malformed::known(&text).map(Self::Malformed);
        let message = || FailureMessage::known(&text).map(Self::Failure);
        let browser = || BrowserRefusal::known(&text).map(Self::Browser);
        let source = || SourceRefusal::known(&text).map(Self::Source);
        let messages = || several(&text, RefusedMessage::known).map(Self::Messages);
        let candidates = || several(&text, known_candidate).map(Self::Candidates);
        let code = || text.parse().ok().map(Self::Code);
        let ours = failure()
            .or_else(malformed)
            .or_else(message)
            .or_else(browser)
            .or_else(source)
            .or_else(messages)
            .or_else(candidates)
            .or_else(code);
        ours.unwrap_or(Self::Said(text))
    }
}

/// Anybody may speak of a port: only of one at an address, or at a name with a dot in it, is this a candidate's end.
fn known_candidate(text: &str) -> Option<RefusedCandidate> {
    RefusedCandidate::known(text).filter(|candidate| match candidate {
        RefusedCandidate::Endpoint { host: Host::Name(name), .. } => name.as_str().contains('.'),
        _ => true,
    })
}

/// A few phrases with commas between them, as [`Several`] writes them. A phrase may hold commas itself, so it ends where
/// all that is behind it can be read too.
fn several<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    /// More commas than this are no list of the tool's.
    const PARTS_MAX: usize = 32;
    const BETWEEN: &str = ", ";
    let begins: Vec<usize> =
        std::iter::once(0).chain(text.match_indices(BETWEEN).map(|(at, _)| at + BETWEEN.len())).collect();
    if begins.len() > PARTS_MAX {
        return None;
    }
    // From the end: where the phrase that begins here ends, if all from here on can be read.
    let mut ends: Vec<Option<usize>> = vec![None; begins.len() + 1];
    for (place, begin) in begins.iter().enumerate().rev() {
        ends[place] = (place + 1..=begins.len()).find(|next| {
            let end = begins.get(*next).map_or(text.len(), |begin| begin - BETWEEN.len());
            (*next == begins.len() || ends[*next].is_some()) && known(&text[*begin..end]).is_some()
        });
    }
    let mut phrases = Vec::new();
    let mut place = 0;
    while place < begins.len() {
        let next = ends[place]?;
        let end = begins.get(next).map_or(text.len(), |begin| begin - BETWEEN.len());
        phrases.push(known(&text[begins[place]..end])?);
        place = next;
    }
    Some(phrases)
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.to_string()
    }
}

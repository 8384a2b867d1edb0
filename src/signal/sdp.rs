//! What does the other end's SDP say of ICE, and how is ours written? (RFC 8866; RFC 8839 §5; RFC 8840 §4; RFC 8841)
//!
//! Read is what an ICE agent needs: credentials, candidates and options of the first media section that is used, with
//! the session's own as a default. A candidate line that is of no use does not spoil the rest; it is told with its
//! number. Written is what a browser offers for a data channel and nothing else.

mod read;
mod security;
mod write;

pub use read::SdpError;
pub use security::{Fingerprint, FingerprintError, Hash, Setup};
pub use write::LocalDescription;

use crate::ice::{LineError, RemoteCandidate, is_ice_char};
use std::fmt;
use std::ops::RangeInclusive;

/// RFC 8839 §5.4.
const UFRAG_CHARS: RangeInclusive<usize> = 4..=256;
/// RFC 8839 §5.4: 128 random bits at least.
const PWD_CHARS: RangeInclusive<usize> = 22..=256;

/// Which half of the exchange (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdpType {
    Offer,
    Answer,
}

/// A description as text. It holds a password, and does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Sdp(pub String);

impl fmt::Debug for Sdp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sdp({} bytes)", self.0.len())
    }
}

/// An `ice-pwd`: it signs checks, and does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// 22 to 256 letters, digits, `+` and `/`.
    pub fn new(text: &str) -> Result<Self, Unfit> {
        fit(text, PWD_CHARS)?;
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// Why text is no ufrag or password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("is {chars} characters long; it takes {least} to {most}")]
    Length { chars: usize, least: usize, most: usize },
    #[error("has other characters than letters, digits, \"+\" and \"/\"")]
    Character,
}

pub(super) fn fit_ufrag(text: &str) -> Result<(), Unfit> {
    fit(text, UFRAG_CHARS)
}

fn fit(text: &str, chars: RangeInclusive<usize>) -> Result<(), Unfit> {
    if !text.bytes().all(is_ice_char) {
        return Err(Unfit::Character);
    }
    if !chars.contains(&text.len()) {
        return Err(Unfit::Length { chars: text.len(), least: *chars.start(), most: *chars.end() });
    }
    Ok(())
}

/// What the other end says of its ICE agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDescription {
    pub ufrag: String,
    pub pwd: Password,
    /// It only answers checks (RFC 8445 §2.5). Two such ends never meet; that is the caller's to judge.
    pub lite: bool,
    /// More candidates may follow (RFC 8840 §4.1.1).
    pub trickle: bool,
    /// The interval between checks it wishes for (RFC 8839 §5.5), as it says; the caller bounds it.
    pub pacing_ms: Option<u32>,
    pub candidates: Vec<RemoteCandidate>,
    /// Candidate lines of no use: the number of each in the text, from 1, and why.
    pub refused: Vec<(usize, LineError)>,
    /// Candidate lines beyond [`SessionDescription::CANDIDATES_MAX`], not looked at.
    pub ignored: u32,
    pub end_of_candidates: bool,
    pub fingerprint: Option<Fingerprint>,
    pub setup: Option<Setup>,
}

impl SessionDescription {
    /// Browsers write a tenth of it, and half for a dozen media sections.
    pub const BYTES_MAX: usize = 64 << 10;
    /// RFC 8445 §6.1.2.5 recommends a limit of 100 pairs.
    pub const CANDIDATES_MAX: usize = 100;
}

#[cfg(test)]
mod tests;

//! How is the other end's SDP read, as far as ICE needs it, and how is our own written? (RFC 8866; RFC 8839 §5; RFC
//! 8840 §4; RFC 8841)
//!
//! The reader takes what an ICE agent needs: credentials, candidates and options of the first media section in use,
//! with those of the session as defaults. A candidate line that cannot be used does not spoil the rest; it is reported
//! with its line number. The writer produces what a browser offers for a data channel, and nothing else.

mod call;
mod layout;
mod read;
mod security;
mod write;

pub use call::CodecGap;
pub use security::{Fingerprint, Hash, Setup};
pub use write::LocalDescription;

use crate::ice::{RemoteCandidate, is_credential_char};
use crate::model::{LineError, Unfit};
use std::fmt;
use std::ops::RangeInclusive;

/// The length of a ufrag (RFC 8839 §5.4).
const UFRAG_CHARS: RangeInclusive<usize> = 4..=256;
/// The length of a password (RFC 8839 §5.4), which has at least 128 random bits.
const PWD_CHARS: RangeInclusive<usize> = 22..=256;

/// The type of a description (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdpType {
    /// The description that opens the exchange.
    Offer,
    /// The description that answers an offer.
    Answer,
}

/// A session description as text. Its `Debug` hides it, since it holds a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Sdp(pub String);

impl fmt::Debug for Sdp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sdp({} bytes)", self.0.len())
    }
}

/// An `ice-pwd`, the key of connectivity checks. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Accepts 22 to 256 letters, digits, `+` and `/`, and like browsers `-`, `=`, `#` and `_`.
    pub fn new(text: &str) -> Result<Self, Unfit> {
        fit(text, PWD_CHARS)?;
        Ok(Self(text.to_owned()))
    }

    /// The password itself, for signing and for SDP.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

pub(super) fn fit_ufrag(text: &str) -> Result<(), Unfit> {
    fit(text, UFRAG_CHARS)
}

fn fit(text: &str, chars: RangeInclusive<usize>) -> Result<(), Unfit> {
    if !text.bytes().all(is_credential_char) {
        return Err(Unfit::Character);
    }
    if !chars.contains(&text.len()) {
        return Err(Unfit::Length { chars: text.len(), least: *chars.start(), most: *chars.end() });
    }
    Ok(())
}

/// What a session description says of the other end's ICE agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDescription {
    /// The ICE user name fragment.
    pub ufrag: String,
    /// The ICE password.
    pub pwd: Password,
    /// The agent is lite: it only answers checks (RFC 8445 §2.5). Two lite agents cannot connect; judging that is left
    /// to the caller.
    pub lite: bool,
    /// The agent trickles: more candidates may follow (RFC 8840 §4.1.1).
    pub trickle: bool,
    /// The interval between checks that it asks for, in milliseconds (RFC 8839 §5.5). It is not bounded here; None also where
    /// the line has no number, as browsers pass over it.
    pub pacing_ms: Option<u32>,
    /// The candidates that can be used, in the order of the text.
    pub candidates: Vec<RemoteCandidate>,
    /// Candidate lines that cannot be used: the line number, from 1, and the reason.
    pub refused: Vec<(usize, LineError)>,
    /// Candidate lines of sections that are not bundled with the one that is read, and so go another way (RFC 9143 §7.2).
    pub elsewhere: Vec<String>,
    /// The mids of those sections.
    pub other_mids: Vec<String>,
    /// How many candidate lines beyond [`SessionDescription::CANDIDATES_MAX`] were not read.
    pub ignored: u32,
    /// No more candidates follow (RFC 8838 §8.2).
    pub end_of_candidates: bool,
    /// The certificate that the other end will show in DTLS.
    pub fingerprint: Option<Fingerprint>,
    /// Who starts the DTLS handshake, and the number of the line that says so.
    pub setup: Option<(Setup, u32)>,
}

impl SessionDescription {
    /// The largest text that is read: what a message between two ends can hold. Browsers know no bound, and write a fortieth
    /// of it for a call of two.
    pub const BYTES_MAX: usize = 256 << 10;
    /// The most candidates that are read: RFC 8445 §6.1.2.5 recommends a limit of 100 pairs.
    pub const CANDIDATES_MAX: usize = 100;
}

#[cfg(test)]
mod tests;

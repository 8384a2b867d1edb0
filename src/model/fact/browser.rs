//! What a browser told its page, which is less than a tool of its own sees.

use crate::model::{End, Millis, PairEnd, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact that a browser reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BrowserFact {
    /// The run was a page's in this browser.
    Browser {
        /// The browser's name for itself, its `navigator.userAgent`.
        agent: Text,
        /// The kind of its connection by `navigator.connection` (Network Information API), as "wifi"; absent where the
        /// browser does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connection: Option<Text>,
    },
    /// A candidate of our own whose address the browser hides also from its page, behind a name of the local link (mDNS).
    HiddenCandidate(PairEnd),
    /// The browser got no candidate from a server (webrtc-pc §4.8.3).
    CandidateError {
        /// The address that it asked from, as far as the page may know; absent where it may not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local: Option<Text>,
        /// The STUN error code (RFC 8489 §14.8), or 701 where the browser did not reach the server.
        code: u16,
        /// What the server or the browser said.
        reason: Text,
    },
    /// An end's description was set, with the certificate that the end is to show in DTLS.
    DescriptionSet {
        /// Whose description it is, as seen from the end that tells of it.
        of: End,
        /// How the fingerprints of its certificates begin, with the hash function, as "sha-256 0a1b2c3d4e5f6071".
        fingerprints: Vec<Text>,
    },
    /// A state of the connection changed, as the browser tells: what it is worth, counters and times have to show.
    StateChanged {
        /// Its name in webrtc-pc, as "iceConnectionState".
        state: Text,
        /// What it became, in the words of webrtc-pc.
        to: Text,
    },
    /// This end had made an offer, and no answer to it was set.
    OfferUnanswered {
        /// From the offer to the last that is known.
        waited_ms: Millis,
    },
    /// The browser did not do what its page asked of it.
    RequestFailed {
        /// What was asked, by its name in the standards, as "getUserMedia".
        what: Text,
        /// What the browser said.
        reason: Text,
    },
}

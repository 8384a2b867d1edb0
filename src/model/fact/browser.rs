//! What a browser told its page, which is less than a tool of its own sees.

use crate::model::{PairEnd, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact that a browser reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BrowserFact {
    /// The run was a page's: the browser's own words for itself, and for how it is connected.
    Browser {
        agent: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connection: Option<Text>,
    },
    /// A candidate of our own whose address the browser hides also from its page, behind a name of the local link (mDNS).
    HiddenCandidate(PairEnd),
    /// The browser got no candidate from a server (webrtc-pc §4.8.3): `code` is STUN's, or 701 where it did not reach the
    /// server. `local` is whence it asked, as far as the page may know.
    CandidateError {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local: Option<Text>,
        code: u16,
        reason: Text,
    },
}

//! What was seen of this machine itself: its interfaces, its candidates, and what the tool left out.

use crate::model::{Candidate, Interface, Limit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HostFact {
    Interface(Interface),
    /// The list of interfaces changed during the run (RFC 8445 calls for an ICE restart then).
    NetworkChanged,
    /// More was there than the tool takes: `ignored` of `what` were left out.
    Limited {
        what: Limit,
        ignored: u32,
    },
    Candidate(Candidate),
}

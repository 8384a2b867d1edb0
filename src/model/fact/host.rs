//! What was seen of this machine itself: its interfaces, its candidates, and what the tool left out.

use crate::model::{Candidate, Interface, Limit, Millis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HostFact {
    /// An interface of this machine, as it stood when the run began or a later look found it changed.
    Interface(Interface),
    /// The list of interfaces changed during the run (RFC 8445 calls for an ICE restart then).
    NetworkChanged,
    /// There was more of something than the tool takes, and the rest was left out.
    Limited {
        /// What there was too much of.
        what: Limit,
        /// How many were left out, 1 or more.
        ignored: u32,
    },
    /// This machine was too busy to do in time what was due: times measured meanwhile are longer than the network's.
    HeldUp {
        /// How often something was done late.
        times: u32,
        /// How late at most.
        longest_ms: Millis,
    },
    /// A candidate that this machine would offer, or offered.
    Candidate(Candidate),
}

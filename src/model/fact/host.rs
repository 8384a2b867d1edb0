//! What was seen of this machine itself: its interfaces, its candidates, and what the tool left out.

use crate::model::{Candidate, Family, Interface, Limit, Millis};
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
    /// What became of the packets that came to this machine over a short time.
    Counted {
        /// Of which address family.
        family: Family,
        /// How many requests were sent in this time, to servers that had answered none; 0 of a time beside it.
        requests: u32,
        /// How many packets came in over IP, from whomever.
        received: u64,
        /// How many of these it gave to no program and passed on to nobody.
        thrown_away: u64,
        /// Whether an ICMP error that was provoked just before came in: then what was thrown away was no such error.
        lets_errors_in: bool,
        /// How long the time was.
        waited_ms: Millis,
    },
    /// A candidate that this machine would offer, or offered.
    Candidate(Candidate),
}

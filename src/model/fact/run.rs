//! What the run left undone, and why.

use crate::model::{Code, Millis, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the run itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RunFact {
    /// The question was not asked, or not to its end.
    Skipped {
        /// The reason.
        why: Code,
    },
    /// The user ended the run.
    Interrupted,
    /// The time for the whole run was up.
    OutOfTime,
    /// Nothing was asked at all: this is a call that somebody else had, as a file tells of it.
    FromFile(Box<CallFile>),
    /// The files of both ends are here, and what got from one to the other shows how far their clocks are apart. Each end's
    /// times are from its own first event.
    ClocksCompared {
        /// By how much the other end's clock is ahead; less than 0 where it is behind.
        ahead_ms: Millis,
        /// It is known to within so much either way.
        within_ms: Millis,
    },
}

/// A file that tells of a call, and how much of the call it shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallFile {
    /// The form of the file, as "webrtc-internals".
    pub form: Text,
    /// What the file calls the connection; empty where it has no name for it.
    pub connection: Text,
    /// How many connections are in the file.
    pub connections: u32,
    /// From the first to the last that is known of this one.
    pub lasted_ms: Millis,
    /// From the first that is known until it was saved, where it was there still and the file says so; None where that is no later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_ms: Option<Millis>,
    /// How many times its statistics were taken.
    pub samples: u32,
    /// The statistics began later than the connection, so that counters do not begin at 0.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub began_late: bool,
    /// What happened first is not in it, so that nothing tells how long it took: it began in the midst of the call, or was
    /// taken once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lacks_beginning: bool,
    /// Checks are not counted in this form: that a pair was silent cannot be told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counts_no_checks: bool,
    /// Addresses are hidden or replaced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_addresses: bool,
    /// Of an end's candidates it names some alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub names_some: bool,
    /// Packets of one direction alone are in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_direction: bool,
    /// Packets are in it, and nothing of what a browser says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_packets: bool,
    /// It was taken at a server of TURN: what did not go through that server is not in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_server: bool,
    /// Events are not in it: that no error was told says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tells_no_events: bool,
    /// Whether the other end was to send media is not in it: its description is missing or blank, or that of a server that
    /// hands on what others send.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sending_unknown: bool,
    /// It ends in the middle.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// It ends in the middle, and is in no order of time: what is missing may be from the beginning of the call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_within: bool,
    /// Lines, series or packets in it that were not read.
    #[serde(default, skip_serializing_if = "is_none_at_all")]
    pub left_out: u64,
}

impl CallFile {
    /// From the first that is known until the last time at which more would have been told.
    pub fn known_ms(&self) -> Millis {
        self.saved_ms.map_or(self.lasted_ms, |saved| saved.max(self.lasted_ms))
    }

    /// Whether a browser may have told more than what was read: that something is not in it says nothing.
    pub fn lacks_words(&self) -> bool {
        !self.of_packets && (self.is_cut || self.left_out > 0)
    }

    /// Whether an end may have had candidates that are not in it: packets show what was checked alone.
    pub fn may_lack_candidates(&self) -> bool {
        self.of_packets || self.names_some || self.lacks_words()
    }

    /// Whether something of the call is not in it that might have been.
    pub fn shows_a_part(&self) -> bool {
        self.began_late || self.one_direction || self.is_cut || self.left_out > 0 || self.samples == 1
    }
}

/// Of most files everything is read.
fn is_none_at_all(count: &u64) -> bool {
    *count == 0
}

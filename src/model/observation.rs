//! What happened, in order: the atom on which every judgement rests.

use super::{Fact, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The place of an observation in its record, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ObservationId(pub u32);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    pub id: ObservationId,
    /// Milliseconds since the run began, on a clock that never goes back.
    pub at_ms: f64,
    pub by: Origin,
    pub fact: Fact,
}

/// Who asked, and of which configured server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    pub question: Question,
    /// The URI the user gave, where the question was put to one of their servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// The questions a checkup asks; each is one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Which interfaces and addresses has this machine?
    Host,
    /// Which addresses has this name?
    Resolve,
    /// Does the server answer a Binding request, and from where does it see us?
    Binding,
    /// Does one socket keep one public address towards every destination? (RFC 4787 §4.1)
    Mapping,
    /// Whose packets come in? (RFC 4787 §5)
    Filtering,
    /// Can a socket behind the NAT reach another by its public address? (RFC 4787 §6)
    Hairpinning,
    /// How long does an idle mapping live? (RFC 4787 §4.3)
    Lifetime,
    /// How large a datagram passes whole?
    PathMtu,
    /// Does the TURN server relay, both ways?
    Relay,
    /// Which candidates would an ICE agent here offer?
    Gather,
}

/// Everything that happened in one run: what was asked for and what was observed, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The servers that were to be asked.
    pub targets: Vec<Target>,
    /// The user named no server: these are the tool's own choice of public ones.
    #[serde(default)]
    pub chosen_by_tool: bool,
    pub observations: Vec<Observation>,
    /// True where the run was ended before its questions were answered.
    pub interrupted: bool,
}

impl Record {
    pub fn new(targets: Vec<Target>) -> Self {
        Self { targets, ..Self::default() }
    }

    /// Appends what was observed `at_ms` after the run began and returns the place it got.
    pub fn push(&mut self, at_ms: f64, by: Origin, fact: Fact) -> ObservationId {
        let id = ObservationId(u32::try_from(self.observations.len()).unwrap_or(u32::MAX));
        self.observations.push(Observation { id, at_ms, by, fact });
        id
    }
}

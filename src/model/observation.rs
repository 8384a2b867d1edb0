//! What happened, in order: the atom on which every judgement rests.

mod length;
mod newer;

pub(crate) use length::{RecordLengths, list_length};

use super::read::ValueReader;
use super::{Fact, Millis, RunFact, ServerUri, Target, Tool};
use schemars::JsonSchema;
use serde::de;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::time::Duration;

/// The place of an observation in its record, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ObservationId(pub u32);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Observation {
    /// Its place in the record: what evidence refers to.
    pub id: ObservationId,
    /// Milliseconds since that end's run began, on a clock that never goes back.
    pub at_ms: Millis,
    /// Which question brought it, and about which server.
    pub by: Origin,
    /// Whose observation this is, and whose clock `at_ms` is; absent of this end's.
    #[serde(default, skip_serializing_if = "End::is_ours")]
    pub end: End,
    /// What was seen.
    pub fact: Fact,
}

impl Observation {
    /// Reads one of JSON at hand, which is copied nowhere.
    fn read<E: de::Error>(value: &Value) -> Result<Self, E> {
        /// All but the fact, which its group reads.
        #[derive(Deserialize)]
        struct Seen {
            id: ObservationId,
            at_ms: Millis,
            by: Origin,
            #[serde(default)]
            end: End,
        }
        let Seen { id, at_ms, by, end } = Seen::deserialize(ValueReader::new(value))?;
        let fact = value.get("fact").ok_or_else(|| E::missing_field("fact"))?;
        Ok(Self { id, at_ms, by, end, fact: Fact::read(fact)? })
    }

    /// Whether only two ends that meet can have seen it. A call with oneself is a question put to this network.
    pub fn is_of_a_meeting(&self) -> bool {
        self.by.question != Question::OwnCall && self.fact.is_of_a_meeting()
    }
}

impl<'de> Deserialize<'de> for Observation {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(from)?)
    }
}

/// One of the two ends of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// This machine.
    #[default]
    Ours,
    /// The peer.
    Theirs,
}

impl End {
    /// Whether it is this machine.
    pub fn is_ours(&self) -> bool {
        *self == Self::Ours
    }

    /// The one at the other side of the call.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }
}

/// Which question was put, and to which of the servers that were to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// What was asked.
    pub question: Question,
    /// The URI the user gave, where the question was put to one of their servers; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<ServerUri>,
}

macro_rules! declare {
    ($($question:ident: $wants:literal, $name:literal, $name_ko:literal;)+) => {
        /// The questions a checkup asks; each is one probe.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Question {
            $(#[doc = $wants] $question,)+
        }
    };
}

questions!(declare);

/// Everything that happened in one run: what was asked for and what was observed, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The servers that were to be asked.
    pub targets: Vec<Target>,
    /// The user named no server: these are the tool's own choice of public ones.
    #[serde(default)]
    pub chosen_by_tool: bool,
    /// True where the servers are all that the application is configured with (webrtc-pc §4.2.1), so that what is not
    /// among them is not there. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_list: bool,
    /// What was observed, each at the place that its `id` names.
    #[serde(deserialize_with = "Record::read_observations")]
    pub observations: Vec<Observation>,
    /// True where the run was ended before its questions were answered.
    pub interrupted: bool,
    /// True where addresses and names are stand-ins for the real ones ([`super::Redaction`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
    /// The other end's run, where its observations are here too: behind all of ours ([`Record::join`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
}

/// What a record knows of the other end's run, beside its observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Peer {
    /// The program that made the other end's record.
    pub tool: Tool,
    /// The servers that it was to ask.
    pub targets: Vec<Target>,
    /// The other end's user named no server: these are its tool's own choice of public ones.
    #[serde(default)]
    pub chosen_by_tool: bool,
    /// True where the servers are all that its application is configured with. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_list: bool,
    /// True where its run was ended before its questions were answered.
    pub interrupted: bool,
    /// True where stand-ins were put in for each end by itself: then the same address in both is not the same one.
    /// Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted_apart: bool,
}

impl Record {
    /// The observations of one end at most: no more are written, and no more are read. A checkup of 64 servers makes a fifth
    /// of them, and the worst that can be made of so many is judged in seconds.
    pub const END_OBSERVATIONS_MAX: usize = 10_000;
    /// The servers at most; a checkup takes 64.
    pub const TARGETS_MAX: usize = 1_000;

    /// Nothing was observed yet.
    pub fn new(targets: Vec<Target>) -> Self {
        Self { targets, ..Self::default() }
    }

    /// Whether it is known that the application has no TURN server.
    pub fn names_no_turn(&self) -> bool {
        self.whole_list && !self.targets.iter().any(|target| target.scheme.relays())
    }

    /// Those of another release too: what it has no word for is set aside and counted.
    pub fn read_observations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Observation>, D::Error> {
        newer::observations(from)
    }

    /// Appends what was observed so long after the run began and gives it as it stands in the record. The fact that a
    /// run was interrupted marks the whole record.
    pub fn observe(&mut self, since_start: Duration, by: Origin, fact: Fact) -> &Observation {
        self.interrupted |= fact == Fact::Run(RunFact::Interrupted);
        self.push(since_start.into(), by, fact);
        &self.observations[self.observations.len() - 1]
    }

    /// Appends what was observed `at_ms` after the run began and returns the place it got.
    pub fn push(&mut self, at_ms: Millis, by: Origin, fact: Fact) -> ObservationId {
        let id = ObservationId(u32::try_from(self.observations.len()).unwrap_or(u32::MAX));
        self.observations.push(Observation { id, at_ms, by, end: End::Ours, fact });
        id
    }

    /// One record of two ends: ours first, then the other end's. What either knew of a third one is left out.
    #[must_use]
    pub fn join(self, theirs: Self, tool: Tool) -> Self {
        let (mut ours, theirs) = (self.split().0, theirs.split().0);
        let redacted_apart = ours.redacted || theirs.redacted;
        ours.redacted = redacted_apart;
        let Self { targets, chosen_by_tool, whole_list, interrupted, .. } = theirs;
        ours.peer = Some(Peer { tool, targets, chosen_by_tool, whole_list, interrupted, redacted_apart });
        let theirs = theirs.observations.into_iter().map(|observation| Observation { end: End::Theirs, ..observation });
        ours.observations.extend(theirs);
        ours.number();
        ours
    }

    /// What this end saw by itself: without the other end, and without what a meeting brought about.
    #[must_use]
    pub fn alone(self) -> Self {
        let mut ours = self.split().0;
        ours.observations.retain(|seen| !seen.is_of_a_meeting() && seen.by.question != Question::Call);
        ours.number();
        ours
    }

    /// The two ends' records apart, each as that end's own; the ids of each count from 0.
    pub fn split(self) -> (Self, Option<Self>) {
        let Self { targets, chosen_by_tool, whole_list, observations, interrupted, redacted, peer } = self;
        let (ours, theirs): (Vec<_>, Vec<_>) =
            observations.into_iter().partition(|observation| observation.end.is_ours());
        let of = |targets, (chosen_by_tool, whole_list), interrupted, observations: Vec<Observation>| {
            let mut record =
                Self { targets, chosen_by_tool, whole_list, interrupted, redacted, observations, peer: None };
            record.observations.iter_mut().for_each(|observation| observation.end = End::Ours);
            record.number();
            record
        };
        let theirs =
            peer.map(|peer| of(peer.targets, (peer.chosen_by_tool, peer.whole_list), peer.interrupted, theirs));
        (of(targets, (chosen_by_tool, whole_list), interrupted, ours), theirs)
    }

    /// Lets every observation's id be its place.
    fn number(&mut self) {
        for (place, observation) in self.observations.iter_mut().enumerate() {
            observation.id = ObservationId(u32::try_from(place).unwrap_or(u32::MAX));
        }
    }
}

//! What is different between two runs: of a network where calls work and one where they do not, or before and after a
//! change. Its serde form is the JSON that `rtc-doctor diff` writes.

use super::{Code, Detail, Judged, Path, Tool, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Grows by additions only.
pub const DIFF_SCHEMA: &str = "rtc-doctor-diff/1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    pub schema: String,
    pub tool: Tool,
    /// True where addresses and names are stand-ins ([`super::Redaction`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
    /// How calls fare in the second run beside the first: with a typical home peer, else with the other kinds of peer.
    pub change: Change,
    pub good: Compared,
    pub bad: Compared,
    /// Causes first, those before others that others rest on.
    pub differences: Vec<Difference>,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    pub path: Judged<Path>,
    pub interrupted: bool,
    /// Where either was redacted before it was compared, names and addresses cannot be told to be the same or different.
    pub redacted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Worse,
    Better,
    Same,
    /// The verdict of one of the two is not known.
    Unclear,
}

/// Whether the second run's side of a difference is the worse one for calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Worse,
    Better,
    Neither,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// It goes the way that the verdict went. Where the verdict stayed: it is better or worse by itself.
    Cause,
    /// It says again what a cause did: what cannot be known any more, how calls go.
    Consequence,
    /// It is different, and explains nothing.
    Other,
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Whether a finding is there: `code` and `about` say which.
    Finding,
    /// Whether there is an address of the family that leads out.
    Family,
    Translated,
    Mapping,
    Filtering,
    Hairpinning,
    PortPreservation,
    MappingLifetime,
    PathMtu,
    /// The reflexive addresses.
    PublicAddresses,
    /// To the server that `about` names, in milliseconds.
    RoundTrip,
    /// With the kind of peer that `about` names.
    Forecast,
    /// The verdict.
    Path,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub subject: Subject,
    pub part: Part,
    pub effect: Effect,
    /// What it is about; `class` is the kind of peer of a forecast.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub about: Detail,
    /// What explains the second run's side; of a finding, itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The value in either run, with that run's observations as evidence. Null where nothing of the kind is there.
    pub good: Option<Judged<Value>>,
    pub bad: Option<Judged<Value>>,
    /// The catalogue's text for it in the language asked for.
    #[serde(flatten)]
    pub words: Words,
}

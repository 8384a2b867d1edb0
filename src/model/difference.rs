//! What is different between two runs: of a network where calls work and one where they do not, or before and after a
//! change. Its serde form is the JSON that `rtc-doctor diff` writes.

use super::{Code, Detail, Judged, Path, Tool, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The `schema` of [`Differences`]. Within this number the document grows by additions only.
pub const DIFF_SCHEMA: &str = "rtc-doctor-diff/1";

/// What is different between two runs, causes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// The form of this document, `rtc-doctor-diff/1`.
    pub schema: String,
    /// The program that made the document.
    pub tool: Tool,
    /// True where addresses and names are stand-ins for the real ones. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
    /// How calls fare in the second run beside the first: with a typical home peer, else with the other classes of
    /// peer.
    pub change: Change,
    /// The run that was named first, which is taken for the good one.
    pub good: Compared,
    /// The run that was named second.
    pub bad: Compared,
    /// What is different: causes first, and those first that others follow from.
    pub differences: Vec<Difference>,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    /// How calls go there, as in that run's verdict.
    pub path: Judged<Path>,
    /// True where the run was ended before its questions were answered.
    pub interrupted: bool,
    /// True where it was redacted before it was compared: then names and addresses of the two runs cannot be told to be
    /// the same or different.
    pub redacted: bool,
}

/// How the second run's calls fare beside the first's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// They fare worse.
    Worse,
    /// They fare better.
    Better,
    /// They fare alike.
    Same,
    /// The verdict of one of the two is not known.
    Unclear,
}

/// Whether the second run's side of a difference is the worse one for calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Calls fare worse for it.
    Worse,
    /// Calls fare better for it.
    Better,
    /// It makes no difference to calls.
    Neither,
}

/// What part a difference plays in the change.
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
    /// Whether addresses are translated.
    Translated,
    /// On what the mapping depends (RFC 4787 §4.1).
    Mapping,
    /// On what the filter depends (RFC 4787 §5).
    Filtering,
    /// Whether the NAT hairpins (RFC 4787 §6).
    Hairpinning,
    /// Whether the NAT keeps the source port (RFC 4787 §4.2.1).
    PortPreservation,
    /// How long an idle mapping lives, in milliseconds (RFC 4787 §4.3).
    MappingLifetime,
    /// The largest IP packet that passes whole, in bytes.
    PathMtu,
    /// The reflexive addresses, without their ports.
    PublicAddresses,
    /// The round trip to the server that `about` names, in milliseconds.
    RoundTrip,
    /// How calls go with the class of peer that `about` names.
    Forecast,
    /// How calls go, as in the verdict.
    Path,
}

/// One thing that is not the same in the two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// What is different.
    pub subject: Subject,
    /// Whether it is a cause of the change, follows from one, or neither.
    pub part: Part,
    /// Whether calls fare worse for it.
    pub effect: Effect,
    /// What it is about, as in a finding; `class` is the class of peer of a forecast. Absent where the subject says
    /// all.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub about: Detail,
    /// The code that explains the second run's value; of a finding, its own. Absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The value in the first run, with that run's observations as evidence; null where that run has nothing of the
    /// kind.
    pub good: Option<Judged<Value>>,
    /// The value in the second run, with that run's observations as evidence; null where that run has nothing of the
    /// kind.
    pub bad: Option<Judged<Value>>,
    /// The catalogue's text for it in the language asked for.
    #[serde(flatten)]
    pub words: Words,
}

//! What was found out, under a code that stays the same from release to release.

use super::{Code, Detail, ObservationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a finding matters to calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; calls do not suffer by it.
    Info,
    /// Calls work, and suffer or may suffer by it.
    Warning,
    /// Calls fail by it, or a server that was named does not do what it is for.
    Critical,
}

/// One thing found, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What was found, by a name that stays the same from release to release.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about: the server, the address, the interface. Absent where the code says all.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub about: Detail,
    /// The catalogue's text for it in the language asked for.
    #[serde(flatten)]
    pub words: Words,
    /// The observations that it rests on; never empty.
    pub evidence: Vec<ObservationId>,
    /// The place, counted from 0, of the finding that explains this one; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<u32>,
    /// How sure it is that this one causes others; absent where it is not told as a cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// What it may be instead, where it is only likely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Code>,
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// A control that differs in one property passed.
    Proven,
    /// One control is missing: the rivals are named beside it.
    Likely,
}

/// What the catalogue says of a finding, in one language. Empty until it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    /// A heading, without its full stop.
    pub title: String,
    /// Whole sentences: what was seen, and what follows.
    pub detail: String,
    /// What is to be done, and by whom; empty where nothing is.
    pub remedy: String,
}

impl Finding {
    /// None without evidence: a finding that rests on nothing cannot be made. The words come from the catalogue.
    pub fn new(code: Code, severity: Severity, about: Detail, evidence: Vec<ObservationId>) -> Option<Self> {
        (!evidence.is_empty()).then(|| Self {
            code,
            severity,
            about,
            words: Words::default(),
            evidence,
            cause: None,
            strength: None,
            rivals: Vec::new(),
        })
    }
}

//! What was found out, under a code that stays the same from release to release.

use super::{Code, Detail, ObservationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Info,
    Warning,
    Critical,
}

/// One thing found, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub about: Detail,
    /// The catalogue's text for it in the language asked for.
    #[serde(flatten)]
    pub words: Words,
    /// Never empty in a finding that [`Finding::new`] made.
    pub evidence: Vec<ObservationId>,
    /// The place in the list of findings of the cause that explains this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<u32>,
    /// How sure it is that this is a cause of others; null where it is told as none.
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    pub title: String,
    pub detail: String,
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

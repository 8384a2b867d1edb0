//! An answer that says how sure it is: the shape wherever a tool would write a bool or a guess.

use super::{Code, ObservationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is held of `T`, and on what grounds. "We heard nothing", "we did not ask" and "it cannot be asked here" are
/// different answers, so none of them is a `T`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Judged<T> {
    /// The evidence shows it.
    Known {
        /// What is held.
        value: T,
        /// The observations that show it.
        evidence: Vec<ObservationId>,
    },
    /// It was not asked, or cannot be asked here; `why` says which.
    NotTested {
        /// The code that says why it was not asked.
        why: Code,
    },
    /// It was asked, and what came back does not decide it.
    Unclear {
        /// The code that says why it is not decided.
        why: Code,
        /// The observations that do not decide it.
        evidence: Vec<ObservationId>,
    },
}

impl<T> Default for Judged<T> {
    fn default() -> Self {
        Self::not_tested(Code::NotAskedFor)
    }
}

impl<T> Judged<T> {
    /// What these observations show.
    pub fn known(value: T, evidence: Vec<ObservationId>) -> Self {
        Self::Known { value, evidence }
    }

    /// What was not asked, or cannot be.
    pub fn not_tested(why: Code) -> Self {
        Self::NotTested { why }
    }

    /// What these observations do not decide.
    pub fn unclear(why: Code, evidence: Vec<ObservationId>) -> Self {
        Self::Unclear { why, evidence }
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::NotTested { .. } | Self::Unclear { .. } => None,
        }
    }

    /// What it rests on; empty where nothing was asked.
    pub fn evidence(&self) -> &[ObservationId] {
        match self {
            Self::Known { evidence, .. } | Self::Unclear { evidence, .. } => evidence,
            Self::NotTested { .. } => &[],
        }
    }

    /// Why it is not known, where it is not.
    pub fn why(&self) -> Option<Code> {
        match self {
            Self::Known { .. } => None,
            Self::NotTested { why } | Self::Unclear { why, .. } => Some(*why),
        }
    }

    /// The same judgement of something that follows from the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Judged<U> {
        match self {
            Self::Known { value, evidence } => Judged::Known { value: f(value), evidence },
            Self::NotTested { why } => Judged::NotTested { why },
            Self::Unclear { why, evidence } => Judged::Unclear { why, evidence },
        }
    }
}

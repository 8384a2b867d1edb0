//! What the run left undone, and why.

use crate::model::Code;
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
}

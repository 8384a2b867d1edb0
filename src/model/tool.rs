//! Which program made a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program that made a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// As its package is called; a page adds that it is one.
    pub name: String,
    /// As [Semantic Versioning](https://semver.org) writes it.
    pub version: String,
}

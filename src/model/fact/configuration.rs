//! What was seen in the configuration that an application hands its browsers, before anything was sent.

use crate::model::{Code, Detail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact about a configuration of ICE servers (webrtc-pc §4.2). No password is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ConfigurationFact {
    /// It allows relayed candidates alone (`iceTransportPolicy` is "relay", RFC 9429 §4.1.1).
    RelayedCandidatesOnly,
    /// Browsers or servers refuse it, or it leaves an application without candidates.
    FaultyConfiguration {
        /// What is wrong.
        fault: Code,
        /// Where it stands, and what it is about.
        #[serde(default, skip_serializing_if = "Detail::is_empty")]
        #[schemars(with = "BTreeMap<String, String>")]
        about: Box<Detail>,
    },
}

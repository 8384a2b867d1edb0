//! The document: all that a run found out. Its serde form is the JSON that others build on.

use super::{Call, Candidate, Finding, NatByFamily, Observation, Pair, Peer, Server, Target, Tool, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Grows by additions only.
pub const SCHEMA: &str = "rtc-doctor/1";

/// Of the document in which `serve --json` tells programs where it serves. Grows by additions only.
pub const SERVE_SCHEMA: &str = "rtc-doctor-serve/1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    pub schema: String,
    pub tool: Tool,
    pub verdict: Verdict,
    pub nat: NatByFamily,
    pub candidates: Vec<Candidate>,
    pub servers: Vec<Server>,
    /// Empty until two ends meet.
    pub pairs: Vec<Pair>,
    /// Null until a call is made.
    pub call: Option<Call>,
    /// Calls that this machine made with itself: straight, and through each relay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_calls: Vec<Call>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// True where the run was ended before its questions were answered.
    pub interrupted: bool,
    /// True where addresses and names are stand-ins ([`super::Redaction`]), which say nothing beside another document's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
    /// How long the run took, and when the NAT's behaviour was known, in milliseconds since the run began.
    pub took_ms: f64,
    pub nat_known_ms: Option<f64>,
    /// The servers that were to be asked, and whether they were the tool's own choice: with the observations, what the
    /// diagnosis was made from and can be made from again.
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub chosen_by_tool: bool,
    /// The other end's run, where there was one: of its observations `end` says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    pub observations: Vec<Observation>,
}

//! The document: all that a run found out. Its serde form is the JSON that others build on.

use super::{Call, Candidate, Finding, NatByFamily, Observation, Pair, Path, Peer, Server, Severity, Target, Verdict};
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

impl Diagnosis {
    /// The state a monitoring system asks for: 0 fine, 1 warning (works, relayed or degraded), 2 critical (no path, or a call that broke),
    /// 3 could not tell; 130 where the run was interrupted.
    pub fn exit_code(&self) -> u8 {
        if self.interrupted {
            return 130;
        }
        let worst = self.findings.iter().map(|finding| finding.severity).max();
        let is_broken = self.call.as_ref().is_some_and(|call| call.outcome.is_broken());
        match (self.verdict.path.value(), worst) {
            (Some(Path::None), _) => 2,
            // A path that was there and did not carry the call is worth as much.
            _ if is_broken => 2,
            (None, _) => 3,
            (Some(Path::Relay), _) | (_, Some(Severity::Warning | Severity::Critical)) => 1,
            (Some(Path::Direct), _) => 0,
        }
    }
}

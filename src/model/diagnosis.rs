//! The document: all that a run found out. Its serde form is the JSON that others build on.

use super::{Call, Candidate, Finding, Millis, NatByFamily, Observation, Pair, Peer, Server, Target, Tool, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The `schema` of a [`Diagnosis`]. Within this number the document grows by additions only.
pub const SCHEMA: &str = "rtc-doctor/1";

/// The `schema` of the document in which `serve --json` tells programs where it serves. It grows by additions only.
pub const SERVE_SCHEMA: &str = "rtc-doctor-serve/1";

/// All that a run found out and what it rests on. Times are in milliseconds since the run began, unless a field says
/// otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    /// The form of this document, `rtc-doctor/1`.
    pub schema: String,
    /// The program that made the document.
    pub tool: Tool,
    /// Whether calls from here go directly, through a relay or not at all, and why.
    pub verdict: Verdict,
    /// What stands between this machine and the internet, for IPv4 and IPv6 apart.
    pub nat: NatByFamily,
    /// The candidates that this machine would offer (RFC 8445 §5.1), in the order in which they were found.
    pub candidates: Vec<Candidate>,
    /// Each address of each server that was asked, stage by stage.
    pub servers: Vec<Server>,
    /// The candidate pairs of the two ends; empty where this machine was checked alone.
    pub pairs: Vec<Pair>,
    /// The call between the two ends; null where none was made.
    pub call: Option<Call>,
    /// The calls that this machine made with itself: directly, and through each relay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_calls: Vec<Call>,
    /// What is to be told, worst first.
    pub findings: Vec<Finding>,
    /// True where the run was ended before its questions were answered.
    pub interrupted: bool,
    /// True where addresses and names are stand-ins for the real ones, which say nothing beside another document's.
    /// Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
    /// When the last observation of this end came.
    pub took_ms: Millis,
    /// When the last observation came that mapping and filtering rest on; null where neither rests on any.
    pub nat_known_ms: Option<Millis>,
    /// The servers that were to be asked: with the observations and `chosen_by_tool`, all that the diagnosis was made
    /// from and can be made from again.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// True where the user named no server, and the targets are the tool's own choice of public ones.
    #[serde(default)]
    pub chosen_by_tool: bool,
    /// True where the servers are all that the application is configured with (webrtc-pc §4.2.1), so that what is not
    /// among them is not there. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_list: bool,
    /// What is known of the other end's run; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// Everything that was observed, oldest first; behind this end's, those of the other end, marked by `end`.
    pub observations: Vec<Observation>,
}

//! How far a call got, how it broke and what passed in it.

use crate::model::{CallBreak, CallStage, PathMaintenance, Traffic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the call itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CallFact {
    /// It got this far, `after_ms` after it began.
    CallReached {
        stage: CallStage,
        after_ms: f64,
    },
    /// What the other end's description says that it will send, where that is not everything.
    PeerAnnounced {
        audio: bool,
        video: bool,
        /// It takes data channels.
        data: bool,
    },
    /// The network changed during it, the agents began anew, and media came again: so long after this end had begun anew.
    CallResumed {
        after_ms: f64,
    },
    CallBroken(CallBreak),
    /// How the pair was kept that carried it: of a long call, once, when measuring is over.
    CallKept(Box<PathMaintenance>),
    /// What passed: once, when measuring is over.
    Called(Box<Traffic>),
}

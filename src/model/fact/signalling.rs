//! How the two ends of a call reach each other before they have a path of their own.

use crate::model::{Code, SignallingFailure, SignallingTransport, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the channel between the two ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignallingFact {
    /// This way to the other end works: `took_ms` until it was there, `rtt_ms` for one message and its echo.
    Carried { carrier: SignallingTransport, took_ms: f64, rtt_ms: f64 },
    /// It does not.
    NotCarried {
        carrier: SignallingTransport,
        #[serde(flatten)]
        failure: SignallingFailure,
        took_ms: f64,
    },
    /// The way that this run uses.
    Chosen { carrier: SignallingTransport },
    /// The other end is there; what it says it is.
    PeerJoined { software: Text },
    /// The other end went away, or the way to it was lost, before everything was said.
    PeerLeft,
    /// A message of the other end was not taken; why.
    MessageRefused { why: Code, detail: Text },
}

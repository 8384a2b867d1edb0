//! Checks between two ends: candidates, pairs, nomination, consent (RFC 8445, RFC 7675).

use crate::model::{Code, Pair, PairEnd, Rebinding, RelayLiveness, Role, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the checks between two ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IceFact {
    /// The peer's description is here: checks begin.
    Described {
        role: Role,
        /// It answers checks and makes none (RFC 8445 §2.5).
        lite: bool,
    },
    /// A candidate of the peer's.
    RemoteCandidate(PairEnd),
    /// A candidate of the peer's that is not checked; why.
    CandidateRefused { candidate: Text, why: Code },
    /// The first check of a pair that was answered as it should be.
    Reached {
        local: PairEnd,
        remote: PairEnd,
        rtt_ms: Option<f64>,
        /// Since the peer's description came.
        after_ms: f64,
        /// Checks sent by then.
        sent: u32,
    },
    /// The controlling end chose this pair (RFC 8445 §8).
    Nominated {
        local: PairEnd,
        remote: PairEnd,
        role: Role,
        /// Since the peer's description came.
        after_ms: f64,
    },
    /// Both ends took one role, and this is the one we have now (RFC 8445 §7.3.1.1).
    RoleSwitched { role: Role },
    /// What became of a pair: once for each, when its checks are over.
    Checked(Pair),
    /// A pair that had worked was not answered any more (RFC 7675 §5.1).
    ConsentLost { local: PairEnd, remote: PairEnd, after_ms: f64 },
    /// An end is seen under another address than before, from the same socket: its mapping has changed.
    Rebound(Rebinding),
    /// Nothing came any more through a relay of ours that carries the call, or it went away: what was found.
    RelayDoubted(RelayLiveness),
    /// New credentials and candidates, since the network changed or the peer asked for it (RFC 8445 §9).
    Restarted,
}

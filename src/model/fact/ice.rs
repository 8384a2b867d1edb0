//! Checks between two ends: candidates, pairs, nomination, consent (RFC 8445, RFC 7675).

use crate::model::{
    Code, CredentialMismatch, Millis, Pair, PairEnd, Rebinding, RefusedCandidate, RelayLiveness, Role, RoleDispute,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the checks between two ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IceFact {
    /// The peer's description is here: checks begin.
    Described {
        /// Which role this end takes at first.
        role: Role,
        /// The peer answers checks and makes none (RFC 8445 §2.5).
        lite: bool,
    },
    /// The peer wishes for so slow a pace of checks (RFC 8839 §5.5) that it is not kept.
    PaceBounded {
        /// Between two checks, as its description has it.
        asked_ms: Millis,
        /// Between two checks, as this end grants it.
        granted_ms: Millis,
    },
    /// A candidate of the peer's.
    RemoteCandidate(PairEnd),
    /// The peer has described itself, and no candidate of its has come yet: it may still be gathering, and is waited for.
    CandidatesAwaited {
        /// From the arrival of the peer's description.
        after_ms: Millis,
    },
    /// A candidate of the peer's is not checked.
    CandidateRefused {
        /// The candidate as the peer wrote it, cut where it is long.
        candidate: RefusedCandidate,
        /// Why not.
        why: Code,
    },
    /// A check of this pair was answered as it should be, for the first time.
    Reached {
        /// This end's candidate.
        local: PairEnd,
        /// The peer's candidate.
        remote: PairEnd,
        /// From the check to its answer; null where the end cannot tell, as a browser's page.
        rtt_ms: Option<Millis>,
        /// From the arrival of the peer's description.
        after_ms: Millis,
        /// Checks of the pair sent by then.
        sent: u32,
    },
    /// The controlling end chose this pair (RFC 8445 §8).
    Nominated {
        /// This end's candidate.
        local: PairEnd,
        /// The peer's candidate.
        remote: PairEnd,
        /// The role of this end by then.
        role: Role,
        /// From the arrival of the peer's description.
        after_ms: Millis,
    },
    /// Both ends had taken one role, and this end gave way (RFC 8445 §7.3.1.1).
    RoleSwitched {
        /// The role that this end has now.
        role: Role,
    },
    /// Checks of the peer's that claimed our role were refused with 487: once, when the checks end (RFC 8445 §7.3.1.1).
    RoleDisputed(RoleDispute),
    /// Packets of the peer's do not go with the credentials in the two descriptions: once, when the checks of one generation
    /// end.
    CredentialsDiffer(CredentialMismatch),
    /// What became of a pair: once for each, when its checks are over.
    Checked(Pair),
    /// A pair that had worked was not answered any more (RFC 7675 §5.1).
    ConsentLost {
        /// This end's candidate.
        local: PairEnd,
        /// The peer's candidate.
        remote: PairEnd,
        /// From the arrival of the peer's description.
        after_ms: Millis,
    },
    /// An end is seen under another address than before, from the same socket: its mapping has changed.
    Rebound(Rebinding),
    /// Nothing came any more through a relay of this end that carries the call, or it went away: what asking it showed.
    RelayDoubted(RelayLiveness),
    /// This end has new credentials and candidates, since its network changed or the peer asked for it (RFC 8445 §9).
    Restarted,
    /// The peer had announced a restart and went on over the pair that was selected before it: no other was selected.
    RestartNotMade {
        /// From the announcement until media came over that pair last.
        lasted_ms: Millis,
    },
}

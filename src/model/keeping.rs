//! What has to be renewed while a call runs, whether it was, and what changed under it.

use super::{End, Tally, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// Requests to renew one kind of thing, the first granting aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Renewals {
    pub asked: u32,
    pub answered: u32,
    pub refused: u32,
    /// Not answered, whatever was sent again.
    pub silent: u32,
    /// The longest time from one granting to the next.
    pub longest_gap_ms: Option<f64>,
}

impl Renewals {
    pub fn failed(self) -> u32 {
        self.refused + self.silent
    }
}

/// RFC 7675: whether the other end wants what is sent to it, asked about every 5 s on the pair that was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConsentKept")]
pub struct ConsentStats {
    pub asked: u32,
    pub answered: u32,
    /// The longest time without an answer.
    pub longest_gap_ms: f64,
    /// None came for 30 s (§5.1).
    pub lapsed: bool,
}

/// A relay that carried the call at its end, and what it had to be asked for again (RFC 8656 §7, §9, §12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RelayKept")]
pub struct RelayMaintenance {
    pub server: SocketAddr,
    pub transport: Transport,
    pub relayed: SocketAddr,
    /// Since it was allocated, until it was lost or the call was over.
    pub held_ms: f64,
    pub allocation: Renewals,
    pub permission: Renewals,
    pub channel: Renewals,
}

impl RelayMaintenance {
    pub fn renewals(&self) -> [Renewals; 3] {
        [self.allocation, self.permission, self.channel]
    }
}

/// How a call was kept, as one end saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Keeping")]
pub struct PathMaintenance {
    pub consent: ConsentStats,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<RelayMaintenance>,
    /// Of a call that was cut: what servers were asked while nothing came from the other end any more, and answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside_silence: Option<Tally>,
}

/// An end is seen under another address than before, from the same socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rebinding {
    pub whose: End,
    pub from: SocketAddr,
    pub to: SocketAddr,
}

/// When an end was rebound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rebound {
    #[serde(flatten)]
    pub rebinding: Rebinding,
    /// Since the run began.
    pub at_ms: f64,
}

/// From some second on much less came through than before, for the rest of the call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Throttled {
    /// Who receives less.
    pub whose: End,
    /// Of the receiving end's series.
    pub second: u32,
    pub before_bps: u64,
    pub after_bps: u64,
}

/// How a call was kept, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallKept {
    #[serde(flatten)]
    pub keeping: PathMaintenance,
    pub rebound: Vec<Rebound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled: Option<Throttled>,
}

//! What has to be renewed while a call runs, whether it was, and what changed under it.

use super::{End, Failure, Millis, Tally, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// Requests to renew one kind of thing, the first granting aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Renewals {
    /// Requests, each counted once however often it was sent.
    pub asked: u32,
    /// Those that were granted.
    pub answered: u32,
    /// Those that were answered with an error.
    pub refused: u32,
    /// Those that were not answered, whatever was sent again.
    pub silent: u32,
    /// The longest time from one granting to the next; null where nothing was renewed.
    pub longest_gap_ms: Option<Millis>,
}

impl Renewals {
    /// How many were refused or not answered.
    pub fn failed(self) -> u32 {
        self.refused + self.silent
    }
}

/// RFC 7675: whether the other end wants what is sent to it, asked about every 5 s on the pair that was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConsentKept")]
pub struct ConsentStats {
    /// Consent checks that were sent.
    pub asked: u32,
    /// Those that were answered.
    pub answered: u32,
    /// The longest time without an answer.
    pub longest_gap_ms: Millis,
    /// Whether no answer came for 30 s, so that sending had to cease (RFC 7675 §5.1).
    pub lapsed: bool,
}

/// A relay that carried the call at its end, and what it had to be asked for again (RFC 8656 §8, §10, §12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RelayKept")]
pub struct RelayMaintenance {
    /// The TURN server's endpoint.
    pub server: SocketAddr,
    /// How the client reaches the server.
    pub transport: Transport,
    /// The relayed address.
    pub relayed: SocketAddr,
    /// From the allocation until it was lost or the call was over.
    pub held_ms: Millis,
    /// Refresh requests (RFC 8656 §8).
    pub allocation: Renewals,
    /// CreatePermission requests (RFC 8656 §10).
    pub permission: Renewals,
    /// ChannelBind requests (RFC 8656 §12).
    pub channel: Renewals,
}

impl RelayMaintenance {
    /// Allocation, permission and channel, in this order.
    pub fn renewals(&self) -> [Renewals; 3] {
        [self.allocation, self.permission, self.channel]
    }
}

/// How a call was kept, as one end saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Keeping")]
pub struct PathMaintenance {
    /// Consent checks on the pair that was chosen.
    pub consent: ConsentStats,
    /// What this end's relay had to be asked for; absent where the pair does not go through one of this end's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<RelayMaintenance>,
    /// Of a call that was cut: requests to servers while nothing came from the other end any more, and answers. Absent
    /// of any other call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside_silence: Option<Tally>,
}

/// The pair of a call beside a silence on it: the control that tells an end that stopped from a path that was cut.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairSilence {
    /// Checks on the pair since the last datagram came, and answers.
    pub checks: Tally,
    /// What the network said of what was sent over it since then; absent where it said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Failure>,
    /// From the end of the DTLS handshake to the end of the last second in which the other end says that it sent media;
    /// absent where its record is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_there_ms: Option<Millis>,
    /// How long it measured; absent where its record is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_there_ms: Option<Millis>,
    /// No interface of this machine led out any more when the call was given up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_network_gone: bool,
}

/// An end is seen under another address than before, from the same socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rebinding {
    /// The end whose address changed.
    pub whose: End,
    /// Where it was seen before.
    pub from: SocketAddr,
    /// Where it is seen now.
    pub to: SocketAddr,
}

/// When an end was rebound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rebound {
    /// Which end, and from where to where.
    #[serde(flatten)]
    pub rebinding: Rebinding,
    /// When it was noticed, since the run began.
    pub at_ms: Millis,
}

/// The path became narrow: in one direction, much less came from one second on than before, until the end of the call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Throttled {
    /// The end that receives less.
    pub whose: End,
    /// The first second in which less came, counted in the receiving end's series.
    pub second: u32,
    /// What came on average until then, in bits a second.
    pub before_bps: u64,
    /// What came on average from then on, in bits a second.
    pub after_bps: u64,
}

/// How a call was kept, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallKept {
    /// What this end observed; its fields stand beside these.
    #[serde(flatten)]
    pub keeping: PathMaintenance,
    /// Each time that an end was seen under another address, oldest first.
    pub rebound: Vec<Rebound>,
    /// Where the path became narrow; absent where it did not, or where the other end's record is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled: Option<Throttled>,
}

//! A line as its file has it.

use super::is_default;
use crate::lab::{LineConfig, Link, TooLarge};
use serde::{Deserialize, Serialize};
use std::time::Duration;

fn one() -> f64 {
    1.0
}

/// A quarter of a second, as in many home routers.
pub(in crate::lab::topology) fn usual_queue() -> u32 {
    250
}

fn is_usual_queue(queue_ms: &u32) -> bool {
    *queue_ms == usual_queue()
}

/// One direction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    /// The propagation delay, in milliseconds.
    #[serde(default)]
    pub delay_ms: u32,
    /// The most that is added to the delay, in milliseconds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub jitter_ms: u32,
    /// The share of packets lost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub loss_percent: f64,
    /// How many packets are lost in a row on average.
    #[serde(default = "one")]
    pub burst_packets: f64,
    /// The share of packets that arrive twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicated_percent: f64,
    /// The share of packets that overtake others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reordered_percent: f64,
    /// The bandwidth; None for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_kbps: Option<u64>,
    /// How long a packet may wait where the bandwidth is used up, in milliseconds.
    #[serde(default = "usual_queue", skip_serializing_if = "is_usual_queue")]
    pub queue_ms: u32,
}

impl LineEntry {
    fn line(&self) -> LineConfig {
        LineConfig {
            delay: Duration::from_millis(self.delay_ms.into()),
            jitter: Duration::from_millis(self.jitter_ms.into()),
            loss: self.loss_percent / 100.0,
            burst_packets: self.burst_packets,
            duplicated: self.duplicated_percent / 100.0,
            reordered: self.reordered_percent / 100.0,
            bandwidth_bps: self.bandwidth_kbps.map(|kbps| kbps.saturating_mul(1000)),
            queue: Duration::from_millis(self.queue_ms.into()),
        }
    }
}

fn ethernet() -> usize {
    1500
}

fn reported() -> TooLarge {
    TooLarge::Reported
}

/// A line to the outside, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkEntry {
    /// From the site outwards.
    pub out: LineEntry,
    /// From outside into the site; None where it is as `out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<LineEntry>,
    /// The largest IP packet.
    #[serde(default = "ethernet")]
    pub mtu_bytes: usize,
    /// The same from outside into the site; None where it is as outwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_mtu_bytes: Option<usize>,
    /// What becomes of a larger packet with the DF bit set.
    #[serde(default = "reported")]
    pub too_large: TooLarge,
}

impl LinkEntry {
    /// The same for the simulator.
    pub fn link(&self) -> Link {
        let (out, back) = (self.out.line(), self.back.unwrap_or(self.out).line());
        Link { out, back, mtu_bytes: self.mtu_bytes, back_mtu_bytes: self.back_mtu_bytes, too_large: self.too_large }
    }

    /// The line outwards, and the one inwards where it differs.
    pub fn lines(&self) -> impl Iterator<Item = LineEntry> {
        [self.out].into_iter().chain(self.back)
    }
}

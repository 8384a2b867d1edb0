//! A line between two regions: what it does to each packet, separately in each direction.

use crate::machine::{Instant, Rng};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The properties of one direction of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineConfig {
    /// The propagation delay.
    pub delay: Duration,
    /// A random time from zero to this, evenly distributed, is added to the delay of each packet. Packets keep their
    /// order nevertheless.
    pub jitter: Duration,
    /// The share of packets lost, 0 to 1.
    pub loss: f64,
    /// How many packets are lost in a row on average (Gilbert's model); 1 means independent losses.
    pub burst_packets: f64,
    /// The share of packets that arrive twice, 0 to 1.
    pub duplicated: f64,
    /// The share of packets, 0 to 1, that overtake earlier ones by skipping the delay.
    pub reordered: f64,
    /// The bandwidth in bits per second; None for no limit.
    pub bandwidth_bps: Option<u64>,
    /// How long a packet may wait where the bandwidth is used up; what would wait longer is dropped.
    pub queue: Duration,
}

/// As in many home routers.
const USUAL_QUEUE: Duration = Duration::from_millis(250);

impl Default for LineConfig {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: 0.0,
            burst_packets: 1.0,
            duplicated: 0.0,
            reordered: 0.0,
            bandwidth_bps: None,
            queue: USUAL_QUEUE,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Out,
    Back,
}

/// What becomes of a packet that is larger than the MTU and may not be fragmented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TooLarge {
    /// Dropped silently: a black hole for path MTU discovery (RFC 2923 §2.1).
    Dropped,
    /// Its sender gets an ICMP error with the size that fits (RFC 1191 §4, RFC 4443 §3.2).
    #[serde(rename = "told")]
    Reported,
}

/// A line with both its directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// From the site outwards.
    pub out: LineConfig,
    /// From outside into the site.
    pub back: LineConfig,
    /// The largest IP packet outwards, in bytes.
    pub mtu_bytes: usize,
    /// The same inwards; None where it is as outwards.
    pub back_mtu_bytes: Option<usize>,
    /// What becomes of a larger packet with the DF bit set.
    pub too_large: TooLarge,
}

impl Default for Link {
    fn default() -> Self {
        let (out, back) = (LineConfig::default(), LineConfig::default());
        Self { out, back, mtu_bytes: 1500, back_mtu_bytes: None, too_large: TooLarge::Reported }
    }
}

impl Link {
    /// A line with the same properties in both directions.
    pub fn both_ways(line: LineConfig) -> Self {
        Self { out: line, back: line, ..Self::default() }
    }

    /// A line with this delay and loss (0 to 1) in each direction.
    pub fn of(delay: Duration, loss: f64) -> Self {
        Self::both_ways(LineConfig { delay, loss, ..LineConfig::default() })
    }
}

/// One direction of a line in operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkState {
    line: LineConfig,
    /// The state of Gilbert's model: whether the last packet was lost.
    losing: bool,
    /// When the last queued byte will have been sent.
    busy_until: Instant,
    /// When the last packet that was not reordered arrives.
    last_arrival: Instant,
}

impl LinkState {
    pub(super) fn new(line: LineConfig) -> Self {
        Self { line, losing: false, busy_until: Instant::START, last_arrival: Instant::START }
    }

    pub(super) fn throttle(&mut self, bandwidth_bps: u64) {
        self.line.bandwidth_bps = Some(bandwidth_bps);
    }

    /// Sends a packet; returns when it arrives: never, once or twice.
    pub(super) fn carry(&mut self, now: Instant, bytes: usize, rng: &mut Rng) -> [Option<Instant>; 2] {
        if self.loses(rng) {
            return [None, None];
        }
        let Some(left) = self.leaves(now, bytes) else { return [None, None] };
        let line = self.line;
        if rng.chance(line.reordered) {
            return [Some(left), None];
        }
        let jitter = match line.jitter.as_micros() {
            0 => Duration::ZERO,
            micros => Duration::from_micros(rng.below(u64::try_from(micros).unwrap_or(u64::MAX).saturating_add(1))),
        };
        let arrival = (left + line.delay + jitter).max(self.last_arrival);
        self.last_arrival = arrival;
        [Some(arrival), rng.chance(line.duplicated).then_some(arrival)]
    }

    /// Gilbert's model: the losing state ends with probability 1/burst, and begins so often that the share of losses is
    /// right.
    fn loses(&mut self, rng: &mut Rng) -> bool {
        let LineConfig { loss, burst_packets, .. } = self.line;
        if loss <= 0.0 {
            return false;
        }
        if burst_packets <= 1.0 || loss >= 1.0 {
            return rng.chance(loss);
        }
        let recovers = 1.0 / burst_packets;
        let becomes = if self.losing { 1.0 - recovers } else { (recovers * loss / (1.0 - loss)).min(1.0) };
        self.losing = rng.chance(becomes);
        self.losing
    }

    /// When the last byte of the packet has been sent; None where the queue is full.
    fn leaves(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let Some(bandwidth) = self.line.bandwidth_bps else { return Some(now) };
        let begins = self.busy_until.max(now);
        if begins.since(now) > self.line.queue {
            return None;
        }
        let took = Duration::from_secs_f64(bytes as f64 * 8.0 / bandwidth.max(1) as f64);
        self.busy_until = begins + took;
        Some(self.busy_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn carried(line: LineConfig, packets: u64, gap_ms: u64, bytes: usize) -> Vec<Vec<Instant>> {
        let (mut state, mut rng) = (LinkState::new(line), Rng::numbered(7));
        let arrivals = |n: u64| state.carry(ms(n * gap_ms), bytes, &mut rng).into_iter().flatten().collect();
        (0..packets).map(arrivals).collect()
    }

    #[test]
    fn the_share_that_is_lost_is_the_one_configured_and_bursts_are_as_long_as_configured() {
        for burst_packets in [1.0, 4.0] {
            let line = LineConfig { loss: 0.1, burst_packets, ..LineConfig::default() };
            let lost: Vec<bool> = carried(line, 100_000, 1, 100).iter().map(Vec::is_empty).collect();
            let share = lost.iter().filter(|lost| **lost).count() as f64 / lost.len() as f64;
            assert!((0.09..0.11).contains(&share), "{share}");
            let bursts = lost.windows(2).filter(|pair| !pair[0] && pair[1]).count() as f64;
            let length = share * lost.len() as f64 / bursts;
            let expected = if burst_packets > 1.0 { 4.0 } else { 1.0 / 0.9 };
            assert!((length / expected - 1.0).abs() < 0.1, "{length}");
        }
    }

    #[test]
    fn a_line_that_loses_everything_carries_nothing_and_one_that_loses_nothing_all() {
        assert!(carried(LineConfig { loss: 1.0, ..LineConfig::default() }, 1000, 1, 100).iter().all(Vec::is_empty));
        assert!(carried(LineConfig::default(), 1000, 1, 100).iter().all(|arrivals| arrivals.len() == 1));
    }

    #[test]
    fn jitter_spreads_arrivals_and_keeps_their_order() {
        let line =
            LineConfig { delay: Duration::from_millis(20), jitter: Duration::from_millis(10), ..LineConfig::default() };
        let arrivals: Vec<Instant> = carried(line, 1000, 2, 100).concat();
        assert!(arrivals.is_sorted());
        let delays: Vec<Duration> = arrivals.iter().enumerate().map(|(n, at)| at.since(ms(n as u64 * 2))).collect();
        assert!(delays.iter().all(|delay| (20..=30).contains(&delay.as_millis())), "{delays:?}");
        assert!(delays.iter().max() > delays.iter().min());
    }

    #[test]
    fn a_reordered_packet_overtakes_the_one_before_it() {
        let line = LineConfig { delay: Duration::from_millis(20), reordered: 0.2, ..LineConfig::default() };
        assert!(!carried(line, 100, 1, 100).concat().is_sorted());
    }

    #[test]
    fn a_share_comes_twice() {
        let line = LineConfig { duplicated: 0.5, ..LineConfig::default() };
        let twice = carried(line, 1000, 1, 100).iter().filter(|arrivals| arrivals.len() == 2).count();
        assert!((400..600).contains(&twice), "{twice}");
    }

    #[test]
    fn a_narrow_line_queues_up_to_a_quarter_of_a_second_and_drops_the_rest() {
        // 1000 bytes take 10 ms.
        let line = LineConfig { bandwidth_bps: Some(800_000), ..LineConfig::default() };
        let arrivals = carried(line, 100, 0, 1000);
        let kept: Vec<Instant> = arrivals.concat();
        assert_eq!((kept.len(), kept[0], kept[1]), (26, ms(10), ms(20)));
        assert!(arrivals[..26].iter().all(|arrivals| arrivals.len() == 1));
    }
}

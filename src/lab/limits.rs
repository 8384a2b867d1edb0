//! How much UDP does a network let through: packets and bytes a second of a whole site, and how much of one flow?

use super::link::Direction;
use super::packet::IpProtocol;
use crate::machine::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many tokens are added each second; a packet, or a byte, takes one.
    pub per_second: u32,
    /// The size of the bucket: how many may go at once after a pause.
    pub burst: u32,
}

/// Which packets a limit on a rate counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitedWay {
    /// Those from inside.
    #[default]
    Outwards,
    /// Those from outside.
    Inwards,
    /// Both, in one bucket.
    BothWays,
}

impl LimitedWay {
    fn counts(self, direction: Direction) -> bool {
        match self {
            Self::Outwards => direction == Direction::Out,
            Self::Inwards => direction == Direction::Back,
            Self::BothWays => true,
        }
    }
}

/// Limits on each flow: an inside endpoint and a remote one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowLimits {
    /// After so many, both ways together, nothing of it passes any more.
    pub packets: Option<u32>,
    /// How long after its first packet it passes.
    pub lifetime: Option<Duration>,
    /// How many flows of one inside address there may be.
    pub per_host: Option<u32>,
}

/// Limits on the UDP of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UdpLimits {
    /// How many packets pass.
    pub packets: Option<Rate>,
    /// How many bytes pass, of UDP and what it carries.
    pub bytes: Option<Rate>,
    /// The largest packet of UDP that passes, its header and all that it carries, in bytes; fragments are counted together.
    pub largest: Option<usize>,
    /// Which packets these three are about.
    pub way: LimitedWay,
    /// What passes of each flow.
    pub flows: FlowLimits,
}

/// The two ends of what one packet belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FlowEnds {
    pub(super) protocol: IpProtocol,
    pub(super) inside: SocketAddr,
    pub(super) remote: SocketAddr,
}

/// A bucket in operation: its tokens in thousandths, and when they were last counted.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    rate: Rate,
    tokens: u64,
    counted: Instant,
}

const TOKEN: u64 = 1000;

impl Bucket {
    fn new(rate: Rate) -> Self {
        Self { rate, tokens: u64::from(rate.burst) * TOKEN, counted: Instant::START }
    }

    fn takes(&mut self, now: Instant, number: u64) -> bool {
        let passed = now.since(self.counted).min(Duration::from_secs(3600)).as_millis() as u64;
        let full = u64::from(self.rate.burst) * TOKEN;
        self.tokens = self.tokens.saturating_add(passed * u64::from(self.rate.per_second)).min(full);
        self.counted = now;
        let passes = self.tokens >= number * TOKEN;
        self.tokens -= if passes { number * TOKEN } else { 0 };
        passes
    }
}

/// The limits in operation.
#[derive(Debug)]
pub(super) struct SpentLimits {
    limits: UdpLimits,
    packets: Option<Bucket>,
    bytes: Option<Bucket>,
    /// Of each flow that has begun, when it did and how many packets it has had; kept only where something limits flows.
    flows: BTreeMap<FlowEnds, (Instant, u32)>,
}

impl SpentLimits {
    pub(super) fn new(limits: UdpLimits) -> Self {
        let (packets, bytes) = (limits.packets.map(Bucket::new), limits.bytes.map(Bucket::new));
        Self { limits, packets, bytes, flows: BTreeMap::new() }
    }

    /// Counts a packet of so many bytes; false where it is one too many.
    pub(super) fn spend(&mut self, now: Instant, flow: FlowEnds, bytes: usize, direction: Direction) -> bool {
        if self.limits.flows != FlowLimits::default() && !self.belongs(now, flow) {
            return false;
        }
        if !self.limits.way.counts(direction) {
            return true;
        }
        if self.limits.largest.is_some_and(|largest| bytes > largest) {
            return false;
        }
        self.packets.as_mut().is_none_or(|bucket| bucket.takes(now, 1))
            && self.bytes.as_mut().is_none_or(|bucket| bucket.takes(now, bytes as u64))
    }

    /// Whether one more packet of a flow passes.
    fn belongs(&mut self, now: Instant, flow: FlowEnds) -> bool {
        let FlowLimits { packets, lifetime, per_host } = self.limits.flows;
        let is_of_host = |other: &&FlowEnds| other.inside.ip() == flow.inside.ip();
        if !self.flows.contains_key(&flow)
            && per_host.is_some_and(|most| self.flows.keys().filter(is_of_host).count() >= most as usize)
        {
            return false;
        }
        let (began, passed) = self.flows.entry(flow).or_insert((now, 0));
        let is_old = lifetime.is_some_and(|lifetime| now.since(*began) > lifetime);
        let passes = !is_old && packets.is_none_or(|most| *passed < most);
        *passed = passed.saturating_add(1);
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn flow(port: u16) -> FlowEnds {
        let end = |address: [u8; 4], port| SocketAddr::from((IpAddr::from(address), port));
        FlowEnds {
            protocol: IpProtocol::Udp,
            inside: end([192, 168, 0, 2], port),
            remote: end([198, 51, 100, 1], 3478),
        }
    }

    fn ms(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    /// How many of 1000 packets of 100 bytes, one each 10 ms, pass this way.
    fn passed(limits: UdpLimits, direction: Direction) -> usize {
        let mut spent = SpentLimits::new(limits);
        (0..1000).filter(|n| spent.spend(ms(n * 10), flow(1), 100, direction)).count()
    }

    #[test]
    fn a_rate_lets_a_burst_through_and_then_so_many_a_second() {
        let packets = Some(Rate { per_second: 5, burst: 10 });
        assert_eq!(passed(UdpLimits { packets, ..UdpLimits::default() }, Direction::Out), 10 + 49);
        let bytes = Some(Rate { per_second: 500, burst: 1000 });
        assert_eq!(passed(UdpLimits { bytes, ..UdpLimits::default() }, Direction::Out), 10 + 49);
    }

    #[test]
    fn a_rate_counts_the_way_it_is_for() {
        let packets = Some(Rate { per_second: 5, burst: 10 });
        let limits = |way| UdpLimits { packets, way, ..UdpLimits::default() };
        assert_eq!(passed(limits(LimitedWay::Outwards), Direction::Back), 1000);
        assert_eq!(passed(limits(LimitedWay::Inwards), Direction::Out), 1000);
        assert_eq!(passed(limits(LimitedWay::Inwards), Direction::Back), 59);
        assert_eq!(passed(limits(LimitedWay::BothWays), Direction::Out), 59);
    }

    #[test]
    fn a_flow_ends_after_its_packets_or_its_time_and_another_begins_anew() {
        let flows = FlowLimits { packets: Some(30), ..FlowLimits::default() };
        assert_eq!(passed(UdpLimits { flows, ..UdpLimits::default() }, Direction::Out), 30);
        let flows = FlowLimits { lifetime: Some(Duration::from_secs(3)), ..FlowLimits::default() };
        assert_eq!(passed(UdpLimits { flows, ..UdpLimits::default() }, Direction::Back), 301);
        let flows = FlowLimits { per_host: Some(2), ..FlowLimits::default() };
        let mut spent = SpentLimits::new(UdpLimits { flows, ..UdpLimits::default() });
        let passes = [1, 2, 3, 1].map(|port| spent.spend(ms(0), flow(port), 100, Direction::Out));
        assert_eq!(passes, [true, true, false, true]);
    }
}

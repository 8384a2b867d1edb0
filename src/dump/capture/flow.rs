//! What went between two endpoints, each way and of each kind? (RFC 7983)
//!
//! Other protocols begin with the same bytes: what a datagram looks like counts only on a flow on which a message of STUN
//! went as well, or which a TURN server wrapped. A datagram that was caught twice is one.

use super::dtls::DtlsSide;
use super::route::{DatagramKind, DatagramRoute};
use super::rtp::{RtpHead, Stream};
use crate::dump::session::FlowWay;
use crate::model::Millis;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::net::SocketAddr;
use std::time::Duration;

/// Flows that are looked at. A server of TURN has two for each of its clients' peers.
const FLOWS_MAX: usize = 50_000;
/// Streams of RTP one way of one flow; a browser sends three, a conference some dozens.
const STREAMS_MAX: usize = 64;
/// Seconds that are kept of all flows together, and of one (as of [`crate::model::Traffic::series`]).
const SECONDS_MAX: usize = 200_000;
const SECONDS_OF_ONE_MAX: usize = 3_600;
/// Pauses that are kept: what is shorter is none.
const PAUSED_FOR: Duration = Duration::from_secs(3);
/// Pauses of one way that are kept.
const PAUSES_MAX: usize = 100;
/// A copy of a datagram comes within this time where a capture takes in several interfaces; no protocol repeats itself so
/// soon.
const COPY_WITHIN: Duration = Duration::from_millis(2);

/// The two endpoints, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FlowKey {
    low: SocketAddr,
    high: SocketAddr,
    within: Option<SocketAddr>,
}

impl FlowKey {
    fn of(route: DatagramRoute) -> Self {
        let (low, high) = (route.from.min(route.to), route.from.max(route.to));
        Self { low, high, within: route.within }
    }
}

/// One flow.
#[derive(Clone, Debug)]
pub(super) struct UdpFlow {
    pub(super) low: SocketAddr,
    pub(super) high: SocketAddr,
    /// The endpoint of the client whose relay it is wrapped for.
    pub(super) within: Option<SocketAddr>,
    /// It is ICE's.
    pub(super) is_known: bool,
    /// From the lower endpoint to the higher, and back.
    ways: [FlowSide; 2],
    /// By the seconds since the first packet of media.
    pub(super) seconds: Vec<Second>,
    pub(super) media_began: Option<Duration>,
}

/// One direction of a flow.
#[derive(Clone, Debug, Default)]
pub(super) struct FlowSide {
    pub(super) checks: FlowWay,
    pub(super) dtls: FlowWay,
    pub(super) media: FlowWay,
    pub(super) control: FlowWay,
    pub(super) handshake: DtlsSide,
    pub(super) streams: Vec<Stream>,
    /// The first and the last datagram of any kind, and the pauses between, as they began and ended.
    pub(super) first: Option<Duration>,
    pub(super) last: Option<Duration>,
    pub(super) pauses: Vec<(Duration, Duration)>,
    /// The latest datagrams: when, and a digest.
    recent: [(Duration, u64); 4],
    next_recent: usize,
}

/// What passed in one second, the lower end's first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Second {
    pub(super) packets: [u32; 2],
    pub(super) lost: [i32; 2],
    pub(super) payload_bytes: [u64; 2],
}

/// All flows.
#[derive(Default)]
pub(super) struct Flows {
    places: HashMap<FlowKey, usize>,
    flows: Vec<UdpFlow>,
    seconds: usize,
    /// Datagrams of flows beyond those that are looked at.
    pub(super) beyond: u64,
}

impl Flows {
    /// Counts a datagram of which `bytes` were kept; None where it is a copy, or one of too many flows.
    pub(super) fn count(
        &mut self,
        at: Duration,
        route: DatagramRoute,
        bytes: &[u8],
        length: usize,
    ) -> Option<DatagramKind> {
        let (key, is_up) = (FlowKey::of(route), route.from <= route.to);
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.flows.len() >= FLOWS_MAX => {
                self.beyond += 1;
                return None;
            }
            None => {
                self.places.insert(key, self.flows.len());
                self.flows.push(UdpFlow::new(key));
                self.flows.len() - 1
            }
        };
        let flow = self.flows.get_mut(place)?;
        let kind = DatagramKind::of(bytes);
        let way = &mut flow.ways[usize::from(!is_up)];
        if way.is_copy(at, bytes, length) {
            return None;
        }
        way.note_pause(at);
        let size = length as u64;
        match kind {
            DatagramKind::Dtls => {
                note(&mut way.dtls, at, size);
                way.handshake.count(at, bytes, length);
            }
            DatagramKind::Rtcp => note(&mut way.control, at, size),
            DatagramKind::Rtp => {
                note(&mut way.media, at, size);
                self.seconds += flow.count_media(at, usize::from(!is_up), bytes, length, self.seconds < SECONDS_MAX);
            }
            DatagramKind::Stun | DatagramKind::Channel | DatagramKind::Other => {}
        }
        Some(kind)
    }

    /// What went this way and back.
    pub(super) fn of(&self, route: DatagramRoute) -> Option<&UdpFlow> {
        self.flows.get(*self.places.get(&FlowKey::of(route))?)
    }

    /// A message of STUN went here: of a check, `is_request` or an answer of success.
    pub(super) fn know(&mut self, at: Duration, route: DatagramRoute, length: usize, check: Option<Check>) {
        let is_up = route.from <= route.to;
        let place = self.places.get(&FlowKey::of(route));
        let Some(flow) = place.and_then(|place| self.flows.get_mut(*place)) else { return };
        flow.is_known = true;
        if let Some(check) = check {
            let checks = &mut flow.ways[usize::from(!is_up)].checks;
            note(checks, at, length as u64);
            checks.requests += u64::from(check == Check::Request);
            checks.answers += u64::from(check == Check::Success);
        }
    }

    /// Those that are ICE's, in the order in which they began.
    pub(super) fn known(&self) -> impl Iterator<Item = &UdpFlow> {
        self.flows.iter().filter(|flow| flow.is_known || flow.within.is_some())
    }
}

/// A message of a connectivity check (RFC 8445 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Request,
    Success,
    Error,
}

impl UdpFlow {
    fn new(FlowKey { low, high, within }: FlowKey) -> Self {
        let ways = [FlowSide::default(), FlowSide::default()];
        Self { low, high, within, is_known: false, ways, seconds: Vec::new(), media_began: None }
    }

    /// What the end at `own` sent and what it got, own first; None where it is neither end.
    pub(super) fn seen_from(&self, own: SocketAddr) -> Option<[&FlowSide; 2]> {
        let [up, down] = &self.ways;
        if own == self.low { Some([up, down]) } else { (own == self.high).then_some([down, up]) }
    }

    /// Whether something was caught each way.
    pub(super) fn has_both_ways(&self) -> bool {
        self.ways.iter().all(|way| way.last.is_some())
    }

    /// All packets, but those of TURN around others.
    pub(super) fn packets(&self) -> u64 {
        let of = |way: &FlowSide| way.checks.packets + way.dtls.packets + way.media.packets + way.control.packets;
        self.ways.iter().map(of).sum()
    }

    /// Counts RTP; gives how many seconds were begun.
    fn count_media(&mut self, at: Duration, way: usize, bytes: &[u8], length: usize, has_room: bool) -> usize {
        let Some(head) = RtpHead::read(bytes, length) else { return 0 };
        let began = *self.media_began.get_or_insert(at);
        let streams = &mut self.ways[way].streams;
        let known = streams.iter_mut().find(|stream| stream.ssrc == head.ssrc);
        let missing = match known {
            Some(stream) => stream.count(at, head),
            None => {
                if streams.len() < STREAMS_MAX {
                    streams.push(Stream::begin(at, head));
                }
                0
            }
        };
        self.ways[way].media.lost = self.ways[way].streams.iter().map(Stream::lost).sum();
        let number = usize::try_from(at.saturating_sub(began).as_secs()).unwrap_or(usize::MAX);
        let before = self.seconds.len();
        if number >= before {
            if !has_room || number >= SECONDS_OF_ONE_MAX {
                return 0;
            }
            self.seconds.resize(number + 1, Second::default());
        }
        let second = &mut self.seconds[number];
        second.packets[way] = second.packets[way].saturating_add(1);
        second.lost[way] = second.lost[way].saturating_add(i32::try_from(missing).unwrap_or(i32::MAX));
        second.payload_bytes[way] += head.payload_bytes();
        self.seconds.len() - before
    }
}

impl FlowSide {
    fn note_pause(&mut self, at: Duration) {
        self.first.get_or_insert(at);
        let last = self.last.replace(at).filter(|last| at.saturating_sub(*last) >= PAUSED_FOR);
        self.pauses.extend(last.map(|last| (last, at)).filter(|_| self.pauses.len() < PAUSES_MAX));
    }

    fn is_copy(&mut self, at: Duration, bytes: &[u8], length: usize) -> bool {
        /// Enough of a datagram to tell it from others: a transaction id, a sequence number, a record's number.
        const TELLING_BYTES: usize = 32;
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes[..bytes.len().min(TELLING_BYTES)]);
        hasher.write_usize(length);
        let digest = hasher.finish();
        let is_same = |(then, other): &(Duration, u64)| *other == digest && at.saturating_sub(*then) < COPY_WITHIN;
        if self.recent.iter().any(is_same) {
            return true;
        }
        self.recent[self.next_recent] = (at, digest);
        self.next_recent = (self.next_recent + 1) % self.recent.len();
        false
    }
}

fn note(way: &mut FlowWay, at: Duration, bytes: u64) {
    let at = Millis(at.as_secs_f64() * 1000.0);
    way.packets += 1;
    way.bytes += bytes;
    way.first.get_or_insert(at);
    way.last = Some(at);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route() -> DatagramRoute {
        let end = |text: &str| text.parse().expect("an endpoint");
        DatagramRoute { from: end("192.0.2.1:4000"), to: end("198.51.100.1:5000"), within: None }
    }

    fn rtp(number: u16) -> [u8; 20] {
        let mut bytes = [0x80, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes[2..4].copy_from_slice(&number.to_be_bytes());
        bytes
    }

    #[test]
    fn a_datagram_that_was_caught_on_two_interfaces_is_one() {
        let mut flows = Flows::default();
        let count = |flows: &mut Flows, micros| flows.count(Duration::from_micros(micros), route(), &rtp(1), 20);
        assert_eq!(count(&mut flows, 1_000), Some(DatagramKind::Rtp));
        assert_eq!(count(&mut flows, 1_400), None);
        assert_eq!(count(&mut flows, 9_000), Some(DatagramKind::Rtp), "later it is another");
    }

    #[test]
    fn what_only_looks_like_media_is_not_told() {
        let mut flows = Flows::default();
        flows.count(Duration::ZERO, route(), &rtp(1), 20);
        assert_eq!(flows.known().count(), 0);
        flows.know(Duration::from_secs(1), route().back(), 20, Some(Check::Request));
        let flow = flows.known().next().expect("known by now");
        let [out, inward] = flow.seen_from(route().from).expect("an end of it");
        assert_eq!((out.media.packets, inward.checks.requests), (1, 1));
    }
}

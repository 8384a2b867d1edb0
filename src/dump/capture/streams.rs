//! Which connections of TCP came about, and which messages of STUN and TURN went over them? (RFC 9293, RFC 8489 §6.2.2)
//!
//! A stream is put together in its order for as long as it is STUN's; every other is left alone after its first bytes. What
//! was caught of it too late, or with a hole that is never filled, is not told.

use super::packet::TcpSegment;
use crate::wire::{Frame, Frames};
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::Duration;

/// Connections that are looked at.
const CONNECTIONS_MAX: usize = 20_000;
/// Segments and bytes behind a hole that wait for it to be filled.
const WAITING_MAX: usize = 256;
const WAITING_BYTES_MAX: usize = 64 << 10;

/// One connection.
#[derive(Default)]
pub(super) struct CaughtStream {
    /// Requests to connect, each copy counted.
    pub(super) syns: u32,
    pub(super) asked: Option<Duration>,
    pub(super) last_asked: Option<Duration>,
    pub(super) accepted: Option<Duration>,
    /// The last segment of the server's, with or without data.
    pub(super) last_in: Option<Duration>,
    /// The server refused it, or broke it off.
    pub(super) reset: Option<Duration>,
    /// The client began TLS.
    pub(super) is_tls: bool,
    /// Messages of STUN went over it.
    pub(super) is_stun: bool,
    ways: [TcpWay; 2],
}

/// One direction.
#[derive(Default)]
struct TcpWay {
    state: State,
    next: u32,
    frames: Frames,
    /// By their distance from what is awaited, at the time they came.
    waiting: BTreeMap<u32, Vec<u8>>,
    waiting_bytes: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    NotBegun,
    /// The handshake told the first number.
    Begun,
    InOrder,
    /// It is not STUN, or not whole.
    LeftAlone,
}

/// The client's endpoint, and the server's.
pub(super) type TcpEnds = (SocketAddr, SocketAddr);

/// All connections.
#[derive(Default)]
pub(super) struct Streams {
    all: HashMap<TcpEnds, CaughtStream>,
    /// Segments of connections beyond those that are looked at.
    pub(super) beyond: u64,
}

impl Streams {
    /// Takes a segment in; gives the messages that are whole by it.
    pub(super) fn take(&mut self, at: Duration, segment: &TcpSegment<'_>) -> Vec<Frame> {
        let outward = (segment.from, segment.to);
        let is_known = |ends: &TcpEnds| self.all.contains_key(ends);
        // Whoever asked for the connection is the client; of one that was there before, whoever is heard first.
        let is_outward =
            if segment.syn { !segment.ack } else { is_known(&outward) || !is_known(&(segment.to, segment.from)) };
        let ends = if is_outward { outward } else { (segment.to, segment.from) };
        if self.all.len() >= CONNECTIONS_MAX && !self.all.contains_key(&ends) {
            self.beyond += 1;
            return Vec::new();
        }
        let connection = self.all.entry(ends).or_default();
        connection.note(at, segment, is_outward);
        let is_first = connection.ways.iter().all(|way| way.state != State::InOrder);
        if is_outward && is_first && matches!(segment.payload, [22, 3, ..]) {
            connection.is_tls = true;
        }
        let frames = connection.ways[usize::from(!is_outward)].take(segment);
        connection.is_stun |= !frames.is_empty();
        frames
    }

    /// Whether the server sent anything on this connection later than that, be it that something had come.
    pub(super) fn is_heard_after(&self, ends: TcpEnds, at: Duration) -> bool {
        self.all.get(&ends).and_then(|connection| connection.last_in).is_some_and(|last| last > at)
    }

    /// By their ends, the client first.
    pub(super) fn all(&self) -> impl Iterator<Item = (&TcpEnds, &CaughtStream)> {
        self.all.iter()
    }
}

impl CaughtStream {
    fn note(&mut self, at: Duration, segment: &TcpSegment<'_>, is_outward: bool) {
        match (segment.syn, segment.ack, is_outward) {
            (true, false, true) => {
                self.syns = self.syns.saturating_add(1);
                self.asked.get_or_insert(at);
                self.last_asked = Some(at);
            }
            (true, true, false) => {
                self.accepted.get_or_insert(at);
            }
            _ => {}
        }
        if !is_outward {
            self.last_in = Some(at);
        }
        if segment.rst && !is_outward {
            self.reset.get_or_insert(at);
        }
    }
}

impl TcpWay {
    fn take(&mut self, segment: &TcpSegment<'_>) -> Vec<Frame> {
        if segment.syn {
            *self = Self { state: State::Begun, next: segment.sequence.wrapping_add(1), ..Self::default() };
            return Vec::new();
        }
        if segment.payload.is_empty() && segment.cut_bytes == 0 || self.state == State::LeftAlone {
            return Vec::new();
        }
        if self.state == State::NotBegun {
            // Of a connection that is older than the capture only the beginning of a message tells where one is.
            if !begins_as_stun(segment.payload) {
                return Vec::new();
            }
            (self.state, self.next) = (State::Begun, segment.sequence);
        }
        if segment.cut_bytes > 0 {
            return self.leave_alone();
        }
        self.put(segment.sequence, segment.payload);
        self.whole()
    }

    /// Takes in what is new of a segment.
    fn put(&mut self, sequence: u32, payload: &[u8]) {
        let ahead = sequence.wrapping_sub(self.next) as i32;
        if ahead > 0 {
            self.waiting_bytes += payload.len();
            // A later copy of the same bytes may hold more of them.
            self.waiting.insert(sequence, payload.to_vec());
            return;
        }
        let known = usize::try_from(ahead.unsigned_abs()).unwrap_or(usize::MAX);
        let Some(new) = payload.get(known..).filter(|new| !new.is_empty()) else { return };
        if self.state == State::Begun {
            self.state = if begins_as_stun(new) { State::InOrder } else { State::LeftAlone };
        }
        self.next = self.next.wrapping_add(new.len() as u32);
        self.frames.push(new);
        while let Some(sequence) =
            self.waiting.keys().copied().find(|waits| (waits.wrapping_sub(self.next) as i32) <= 0)
        {
            let Some(payload) = self.waiting.remove(&sequence) else { break };
            self.waiting_bytes = self.waiting_bytes.saturating_sub(payload.len());
            let known = usize::try_from(self.next.wrapping_sub(sequence)).unwrap_or(usize::MAX);
            if let Some(new) = payload.get(known..) {
                self.next = self.next.wrapping_add(new.len() as u32);
                self.frames.push(new);
            }
        }
    }

    /// The messages that are whole.
    fn whole(&mut self) -> Vec<Frame> {
        let mut whole = Vec::new();
        let waits_for_much = self.waiting_bytes > WAITING_BYTES_MAX || self.waiting.len() > WAITING_MAX;
        if self.state == State::LeftAlone || waits_for_much {
            return self.leave_alone();
        }
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) => whole.push(frame),
                Ok(None) => return whole,
                Err(_) => {
                    self.leave_alone();
                    return whole;
                }
            }
        }
    }

    fn leave_alone(&mut self) -> Vec<Frame> {
        *self = Self { state: State::LeftAlone, ..Self::default() };
        Vec::new()
    }
}

/// A message with the cookie of RFC 8489 §5. A stream of TURN begins with one.
fn begins_as_stun(bytes: &[u8]) -> bool {
    const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    // The first segment of a client holds the header at least.
    bytes.first().is_some_and(|first| *first < 4) && bytes.get(4..8) == Some(&COOKIE[..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Builder, StunMethod, TransactionId};

    fn segment(sequence: u32, payload: &[u8]) -> TcpSegment<'_> {
        let (from, to) =
            ("10.0.0.2:4000".parse().expect("an endpoint"), "203.0.113.10:3478".parse().expect("an endpoint"));
        TcpSegment { from, to, sequence, syn: false, ack: true, rst: false, payload, cut_bytes: 0 }
    }

    fn requests(count: u8) -> Vec<u8> {
        (0..count).flat_map(|n| Builder::request(StunMethod::Allocate, TransactionId([n; 12])).finish()).collect()
    }

    fn syn() -> TcpSegment<'static> {
        TcpSegment { syn: true, ack: false, ..segment(u32::MAX - 10, &[]) }
    }

    /// What is whole after each segment, which begins so many bytes behind the first.
    fn whole(streams: &mut Streams, parts: &[(u32, &[u8])]) -> Vec<usize> {
        let first = (u32::MAX - 10).wrapping_add(1);
        let take = |(offset, payload): &(u32, &[u8])| {
            streams.take(Duration::ZERO, &segment(first.wrapping_add(*offset), payload)).len()
        };
        parts.iter().map(take).collect()
    }

    #[test]
    fn segments_are_put_in_order_over_the_turn_of_the_numbers_and_copies_do_no_harm() {
        let bytes = requests(3);
        let mut streams = Streams::default();
        streams.take(Duration::ZERO, &syn());
        let parts = [(0, &bytes[..10]), (30, &bytes[30..60]), (0, &bytes[..10]), (10, &bytes[10..30])];
        assert_eq!(whole(&mut streams, &parts), [0, 0, 0, 3]);
    }

    #[test]
    fn a_stream_of_something_else_is_left_alone() {
        let mut streams = Streams::default();
        streams.take(Duration::ZERO, &syn());
        let (hello, more) = ([22, 3, 1, 0, 200], requests(2));
        assert_eq!(whole(&mut streams, &[(0, &hello[..]), (5, &more[..])]), [0, 0]);
        assert!(streams.all().all(|(_, connection)| connection.is_tls && !connection.is_stun));
    }

    #[test]
    fn a_stream_that_was_there_before_is_taken_up_where_a_message_begins() {
        let bytes = requests(2);
        let mut streams = Streams::default();
        assert_eq!(whole(&mut streams, &[(0, &[0x40, 0, 0, 1, 9, 0, 0, 0][..]), (8, &bytes[..])]), [0, 2]);
    }

    #[test]
    fn a_hole_that_is_never_filled_ends_the_stream() {
        let mut streams = Streams::default();
        streams.take(Duration::ZERO, &syn());
        let (one, much) = (requests(1), vec![0; WAITING_BYTES_MAX + 1]);
        assert_eq!(whole(&mut streams, &[(0, &one[..]), (30, &much[..]), (20, &one[..])]), [1, 0, 0]);
    }
}

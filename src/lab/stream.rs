//! One end of a simulated TCP connection: bytes in order over a network that loses packets.
//!
//! It is TCP as far as a diagnosis can tell: SYN and SYN-ACK, acknowledgements, retransmission with the first timeouts
//! of RFC 6298, resets. Left out are byte sequence numbers (segments are numbered instead), congestion control and
//! keepalive.

use crate::machine::Instant;
use crate::model::{Certificate, Text, TlsProblem};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// What a host's TLS listeners show, and what a client finds wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimulatedIdentity {
    /// The certificate chain, leaf first.
    pub certificates: Vec<Certificate>,
    /// What a client finds wrong with it; None for a trusted chain.
    pub problem: Option<TlsProblem>,
}

/// What is wrong with the certificate of a simulated host, for whoever asks it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certified {
    /// Nothing: a public authority has signed it.
    #[default]
    Public,
    /// An authority of somebody's own has signed it, which this machine trusts.
    Private,
    /// An authority of somebody's own has signed it, which this machine does not know.
    Unknown,
    /// It is of the future, as all are where a clock is behind.
    NotYetValid,
}

impl SimulatedIdentity {
    /// Of a host with these names: each has another issuer but where the authority is one's own.
    pub(super) fn certified(certified: Certified, names: &[String]) -> Self {
        let name = names.first().map_or("", String::as_str);
        let (issuer, problem) = match certified {
            Certified::Public => (format!("CN=Authority of {name}"), None),
            Certified::Private => ("CN=Inspection".to_owned(), None),
            Certified::Unknown => ("CN=Inspection".to_owned(), Some(TlsProblem::UnknownIssuer)),
            Certified::NotYetValid => (format!("CN=Authority of {name}"), Some(TlsProblem::NotYetValid)),
        };
        let certificate = Certificate {
            subject: Text::new(&format!("CN={name}")),
            issuer: Text::new(&issuer),
            names: names.iter().map(|name| Text::new(name)).collect(),
            not_before: "2023-11-01T00:00:00Z".to_owned(),
            not_after: "2024-02-01T00:00:00Z".to_owned(),
            fingerprint_sha256: "00".repeat(32),
            logged: Some(!matches!(certified, Certified::Private | Certified::Unknown)),
        };
        Self { certificates: vec![certificate], problem }
    }
}

/// The content of one segment, which has a number in the sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Syn,
    Bytes(Vec<u8>),
    /// Application data under TLS, which no firewall can inspect.
    Sealed(Vec<u8>),
    Tls(Handshake),
    Fin,
}

/// The steps of a TLS handshake (RFC 8446 §2), without the cryptography.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handshake {
    /// With what a filter sees of it: the beginning of its record, and the name of the server.
    ClientHello(Vec<u8>),
    /// The server's ServerHello, Certificate and Finished.
    ServerHello(Box<SimulatedIdentity>),
    /// The client's Finished.
    Finished,
    Alert,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// An item with its number, or a bare acknowledgement; and the number of the item that is expected from the other
    /// side.
    Ordered {
        item: Option<(u64, Item)>,
        expected: u64,
    },
    Reset,
}

impl Segment {
    /// The size of the payload, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Ordered { item: Some((_, Item::Bytes(bytes) | Item::Sealed(bytes))), .. } => bytes.len(),
            Self::Ordered { .. } | Self::Reset => 0,
        }
    }

    /// The payload that a firewall can inspect.
    pub(super) fn content(&self) -> &[u8] {
        match self {
            Self::Ordered {
                item: Some((_, Item::Bytes(bytes) | Item::Tls(Handshake::ClientHello(bytes)))), ..
            } => bytes,
            Self::Ordered { item: Some((_, Item::Sealed(_) | Item::Tls(_))), .. } => &TLS_RECORD,
            Self::Ordered { .. } | Self::Reset => &[],
        }
    }
}

/// What a firewall sees of application data under TLS (RFC 8446 §5.1).
const TLS_RECORD: [u8; 5] = [23, 3, 3, 0, 0];

/// The payload of a segment: it fits the minimum MTU of IPv6 with headers and options (RFC 8200 §5).
const SEGMENT_BYTES: usize = 1200;
/// The retransmission timeout before a round trip has been measured (RFC 6298 §2.1).
const FIRST_TIMEOUT: Duration = Duration::from_secs(1);
/// The least retransmission timeout: that of Linux; RFC 6298 §2.4 recommends a second.
const LEAST_TIMEOUT: Duration = Duration::from_millis(200);
/// How often one segment is sent before the connection is given up: some 25 s at the least timeout.
const MOST_TRIES: u32 = 7;
/// The most segments in flight.
const WINDOW: usize = 64;

#[derive(Debug)]
struct Unacknowledged {
    item: Item,
    first_sent: Instant,
    due: Instant,
    tries: u32,
}

#[derive(Debug, Default)]
pub(super) struct TcpEnd {
    waiting: VecDeque<Item>,
    next: u64,
    under_way: BTreeMap<u64, Unacknowledged>,
    expected: u64,
    early: BTreeMap<u64, Item>,
    round_trip: Option<Duration>,
    out: VecDeque<Segment>,
}

impl TcpEnd {
    pub(super) fn push(&mut self, now: Instant, item: Item) {
        match item {
            Item::Bytes(bytes) => {
                self.waiting.extend(bytes.chunks(SEGMENT_BYTES).map(|chunk| Item::Bytes(chunk.to_vec())));
            }
            Item::Sealed(bytes) => {
                self.waiting.extend(bytes.chunks(SEGMENT_BYTES).map(|chunk| Item::Sealed(chunk.to_vec())));
            }
            other => self.waiting.push_back(other),
        }
        self.fill(now);
    }

    /// Handles a segment; returns the items that are in order now.
    pub(super) fn receive(&mut self, now: Instant, item: Option<(u64, Item)>, acknowledged: u64) -> Vec<Item> {
        let open = self.under_way.split_off(&acknowledged);
        for done in std::mem::replace(&mut self.under_way, open).into_values().filter(|sent| sent.tries == 1) {
            // Karn's algorithm: a retransmitted segment gives no round-trip sample (RFC 6298 §3).
            self.round_trip = Some(now.since(done.first_sent));
        }
        let mut in_order = Vec::new();
        if let Some((number, item)) = item {
            if number >= self.expected && self.early.len() < WINDOW {
                self.early.insert(number, item);
            }
            while let Some(item) = self.early.remove(&self.expected) {
                self.expected += 1;
                in_order.push(item);
            }
            self.out.push_back(Segment::Ordered { item: None, expected: self.expected });
        }
        self.fill(now);
        in_order
    }

    /// Retransmits what is due; false where the other side has been silent for too long.
    pub(super) fn retransmit(&mut self, now: Instant) -> bool {
        let timeout = self.timeout();
        for (number, sent) in self.under_way.iter_mut().filter(|(_, sent)| sent.due <= now) {
            if sent.tries >= MOST_TRIES {
                return false;
            }
            sent.tries += 1;
            sent.due = now + timeout * 2u32.pow(sent.tries - 1);
            self.out.push_back(Segment::Ordered { item: Some((*number, sent.item.clone())), expected: self.expected });
        }
        true
    }

    /// When [`Self::retransmit`] is to be called, unless an answer comes first.
    pub(super) fn due(&self) -> Option<Instant> {
        self.under_way.values().map(|sent| sent.due).min()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty()
    }

    /// The next segment to be sent.
    pub(super) fn poll(&mut self) -> Option<Segment> {
        self.out.pop_front()
    }

    fn timeout(&self) -> Duration {
        self.round_trip.map_or(FIRST_TIMEOUT, |round_trip| (round_trip * 2).max(LEAST_TIMEOUT))
    }

    fn fill(&mut self, now: Instant) {
        while self.under_way.len() < WINDOW {
            let Some(item) = self.waiting.pop_front() else { return };
            let due = now + self.timeout();
            let segment = Segment::Ordered { item: Some((self.next, item.clone())), expected: self.expected };
            self.out.push_back(segment);
            self.under_way.insert(self.next, Unacknowledged { item, first_sent: now, due, tries: 1 });
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Rng;

    fn ms(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    /// Two ends with 10 ms between them, and a share of all segments lost: what the second end was given, and when.
    fn carried(loss: f64, items: &[Item]) -> Vec<(u64, Item)> {
        let (mut ends, mut rng) = ([TcpEnd::default(), TcpEnd::default()], Rng::numbered(3));
        let mut under_way: Vec<(u64, usize, Segment)> = Vec::new();
        let mut heard = Vec::new();
        for item in items {
            ends[0].push(ms(0), item.clone());
        }
        for now in 0..60_000 {
            for (to, end) in [1, 0].into_iter().zip(&mut ends) {
                if end.due().is_some_and(|due| due <= ms(now)) {
                    assert!(end.retransmit(ms(now)), "given up");
                }
                while let Some(segment) = end.poll() {
                    if !rng.chance(loss) {
                        under_way.push((now + 10, to, segment));
                    }
                }
            }
            for (_, to, segment) in under_way.extract_if(.., |(at, ..)| *at == now).collect::<Vec<_>>() {
                let Segment::Ordered { item, expected } = segment else { panic!("a reset") };
                let given = ends[to].receive(ms(now), item, expected);
                heard.extend(given.into_iter().map(|item| (now, item)));
            }
        }
        assert!(ends[0].is_idle(), "all acknowledged");
        heard
    }

    #[test]
    fn everything_comes_once_and_in_order_however_much_is_lost() {
        let items: Vec<Item> = (0..200u8).map(|n| Item::Bytes(vec![n])).chain([Item::Fin]).collect();
        for loss in [0.0, 0.3] {
            let heard: Vec<Item> = carried(loss, &items).into_iter().map(|(_, item)| item).collect();
            assert_eq!(heard, items, "loss {loss}");
        }
    }

    #[test]
    fn without_loss_it_takes_the_delay_and_no_more() {
        assert_eq!(carried(0.0, &[Item::Syn]), [(10, Item::Syn)]);
    }

    #[test]
    fn what_is_written_at_once_is_cut_into_segments() {
        let heard = carried(0.0, &[Item::Bytes(vec![7; 3000])]);
        let sizes: Vec<usize> =
            heard.iter().map(|(_, item)| if let Item::Bytes(bytes) = item { bytes.len() } else { 0 }).collect();
        assert_eq!(sizes, [1200, 1200, 600]);
    }

    #[test]
    fn when_nobody_answers_it_is_given_up_after_seven_transmissions() {
        let mut stream = TcpEnd::default();
        stream.push(ms(0), Item::Syn);
        let mut sent = Vec::new();
        let mut now = ms(0);
        loop {
            sent.extend(std::iter::from_fn(|| stream.poll()).map(|_| now.since_start().as_secs()));
            now = stream.due().expect("something is under way");
            if !stream.retransmit(now) {
                break;
            }
        }
        assert_eq!(sent, [0, 1, 3, 7, 15, 31, 63]);
    }
}

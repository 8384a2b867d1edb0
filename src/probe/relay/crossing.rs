//! One leg of the relay: bytes on their way, sent again until they are seen on the other side or given up.

use crate::machine::{Instant, Rng};
use crate::model::{DatagramClass, Leg};
use crate::probe::hops::client_hello;
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::TransactionId;
use std::net::SocketAddr;
use std::time::Duration;

/// The longest interval between copies: seven of them and the wait after the last one end about two seconds after the
/// first, on a short path.
const SPREAD: Duration = Duration::from_millis(200);
const LAST_WAIT: Duration = Duration::from_millis(800);

/// The round trip that is assumed where none is known.
pub(super) const USUAL_RTT: Duration = Duration::from_millis(100);

/// The largest media packets of WebRTC stacks: what does not carry them carries no video, and no DTLS certificate.
const LARGE_BYTES: u32 = 1200;

/// What a leg is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// A short token.
    Token,
    /// A short token, while the other leg is tried beside it: for a peer that the relay is sending to.
    Spoken,
    /// A datagram as large as those of video.
    Large,
    /// A ClientHello, which a firewall may know by sight: what the relay is sent in a channel, or over TCP or TLS, is wrapped
    /// and shows it to nobody, and on its way between the peer and the relay it is bare.
    ClientHello,
    /// One as large as those of video once more, after ClientHellos that were lost: its crossing bears them out, and that it
    /// does not cross says nothing new.
    Control,
}

pub(super) struct Crossing {
    pub(super) leg: Leg,
    pub(super) load: Payload,
    /// The endpoint that the bytes are sent to: the relayed address inwards, the peer as the relay sees it outwards.
    pub(super) to: SocketAddr,
    /// The copies of the bytes, sent by a request's schedule; that they are no STUN does not matter there. Nobody else
    /// can know the bytes, so whoever has them got them through the relay.
    copies: Transaction,
}

impl Crossing {
    pub(super) fn new(leg: Leg, load: Payload, to: SocketAddr, rtt: Option<Duration>, rng: &mut Rng) -> Self {
        let rto = Schedule::known(rtt.unwrap_or(USUAL_RTT)).rto;
        let schedule = Schedule { rto, longest: SPREAD.max(rto), sends: 7, last_wait: LAST_WAIT.max(rto) };
        let mut token: [u8; 16] = rng.bytes();
        // The token begins as RTP does (RFC 7983 §7), which a call sends: a firewall that knows STUN or DTLS by sight
        // must not take it for either, once in so many runs.
        if let Some(first) = token.first_mut() {
            *first = 0x80 | (*first & 0x3f);
        }
        let bytes = match load {
            Payload::Token | Payload::Spoken => token.to_vec(),
            Payload::ClientHello => client_hello(rng.bytes()),
            Payload::Large | Payload::Control => token.iter().copied().cycle().take(LARGE_BYTES as usize).collect(),
        };
        Self { leg, load, to, copies: Transaction::new(TransactionId(rng.bytes()), bytes, schedule) }
    }

    pub(super) fn due(&mut self, now: Instant) -> Due {
        self.copies.due(now)
    }

    pub(super) fn data(&self) -> &[u8] {
        self.copies.bytes()
    }

    /// The size of a large payload; None of a token.
    pub(super) fn bytes(&self) -> Option<u32> {
        matches!(self.load, Payload::Large | Payload::Control).then_some(LARGE_BYTES)
    }

    /// What it looks like to who stands on the way.
    pub(super) fn class(&self) -> Option<DatagramClass> {
        (self.load == Payload::ClientHello).then_some(DatagramClass::Dtls)
    }

    pub(super) fn is_spoken(&self) -> bool {
        self.leg == Leg::In && self.load == Payload::Spoken
    }

    pub(super) fn sent(&self) -> u32 {
        self.copies.sent()
    }

    pub(super) fn waited(&self, now: Instant) -> Duration {
        self.copies.waited(now)
    }
}

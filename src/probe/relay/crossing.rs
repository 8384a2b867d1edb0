//! One leg of the relay: bytes on their way, sent again until they are seen on the other side or given up.

use crate::machine::{Instant, Rng};
use crate::model::{DatagramClass, Leg};
use crate::probe::by_sight::{self, LARGE_BYTES};
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

/// What a leg is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// A short token, which begins as RTP does: a firewall that knows STUN or DTLS by sight must not take it for either.
    Token,
    /// A short token, while the other leg is tried beside it: for a peer that the relay is sending to.
    Spoken,
    /// A datagram as large as those of video, which begins as they do.
    Large,
    /// What a firewall may know by sight, or may take for nothing that it knows: what the relay is sent in a channel, or over
    /// TCP or TLS, is wrapped and shows it to nobody, and on its way between the peer and the relay it is bare.
    Class(DatagramClass),
    /// A ClientHello as large as those of video: of the same class as a small one, and of the same size as [`Self::Large`].
    LargeHello,
}

pub(super) struct Crossing {
    pub(super) leg: Leg,
    pub(super) load: Payload,
    /// It is sent once more after something else was lost where it had crossed: that it crosses again bears the loss out, and
    /// that it does not says nothing new.
    pub(super) is_control: bool,
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
        let bytes = match load {
            Payload::Token | Payload::Spoken => by_sight::like_rtp(rng),
            Payload::Large => by_sight::like_rtp(rng).into_iter().cycle().take(LARGE_BYTES as usize).collect(),
            Payload::Class(class) => by_sight::datagram(class, rng),
            Payload::LargeHello => by_sight::large_client_hello(rng),
        };
        let copies = Transaction::new(TransactionId(rng.bytes()), bytes, schedule);
        Self { leg, load, is_control: false, to, copies }
    }

    pub(super) fn due(&mut self, now: Instant) -> Due {
        self.copies.due(now)
    }

    pub(super) fn data(&self) -> &[u8] {
        self.copies.bytes()
    }

    /// The size of a large payload; None of a small one.
    pub(super) fn bytes(&self) -> Option<u32> {
        matches!(self.load, Payload::Large | Payload::LargeHello).then_some(LARGE_BYTES)
    }

    /// What it looks like to who stands on the way; None of what begins as RTP does.
    pub(super) fn class(&self) -> Option<DatagramClass> {
        match self.load {
            Payload::Class(class) => Some(class),
            Payload::LargeHello => Some(DatagramClass::Dtls),
            Payload::Token | Payload::Spoken | Payload::Large => None,
        }
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

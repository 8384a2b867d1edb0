//! One leg of the relay: a token on its way, sent again until it is seen on the other side or given up.

use crate::machine::{Instant, Rng};
use crate::model::Leg;
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::TransactionId;
use std::net::SocketAddr;
use std::time::Duration;

/// Until the copies spread to one in this time: seven of them and the last one's wait end about 2.5 s after the first.
const SPREAD: Duration = Duration::from_millis(400);
const LAST_WAIT: Duration = Duration::from_millis(800);

/// Where no round trip is known.
const USUAL_RTT: Duration = Duration::from_millis(100);

pub(super) struct Crossing {
    pub(super) leg: Leg,
    /// Where the token is sent: the relayed address inwards, the peer as the relay sees it outwards.
    pub(super) to: SocketAddr,
    /// Nobody else can know it, so whoever has it got it through the relay.
    token: [u8; 16],
    /// The token goes on a request's schedule; that it is no STUN does not matter there.
    copies: Transaction,
}

impl Crossing {
    pub(super) fn new(leg: Leg, to: SocketAddr, rtt: Option<Duration>, rng: &mut Rng) -> Self {
        let rto = Schedule::known(rtt.unwrap_or(USUAL_RTT)).rto;
        let schedule = Schedule { rto, longest: SPREAD, sends: 7, last_wait: LAST_WAIT.max(rto) };
        let mut token: [u8; 16] = rng.bytes();
        // As RTP begins (RFC 7983 §7), which a call sends: a firewall that knows STUN or DTLS by sight must not take it
        // for either, once in so many runs.
        if let Some(first) = token.first_mut() {
            *first = 0x80 | (*first & 0x3f);
        }
        let copies = Transaction::new(TransactionId(rng.bytes()), token.to_vec(), schedule);
        Self { leg, to, token, copies }
    }

    pub(super) fn due(&mut self, now: Instant) -> Due {
        self.copies.due(now)
    }

    pub(super) fn token(&self) -> [u8; 16] {
        self.token
    }

    pub(super) fn sent(&self) -> u32 {
        self.copies.sent()
    }

    pub(super) fn waited(&self, now: Instant) -> Duration {
        self.copies.waited(now)
    }
}

//! What makes str0m's inner ICE agent believe in a pair: one made-up address at either end, and the check of a
//! controlling peer that nominates it (RFC 8445 §7.3.1.5).

use crate::machine::Instant;
use crate::wire::{Builder, StunMethod, TransactionId, short_term_key};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, IceCreds, Input, Rtc, RtcError};

/// Addresses that belong to nobody (RFC 5737).
const OURS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 1);
const THEIRS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)), 2);

/// An ICE-lite agent gives up a pair that is not checked for 15 s.
const REPEAT: Duration = Duration::from_secs(5);

/// A password that protects nothing: no packet with it leaves this process.
const PASSWORD: &str = "aPasswordThatProtectsNothing";

pub(super) struct Shim {
    checks: u64,
    due: Option<Instant>,
}

/// Whether the first byte says that this is STUN (RFC 7983 §7).
pub(super) fn is_stun(data: &[u8]) -> bool {
    matches!(data.first(), Some(0..=3))
}

fn credentials(ufrag: &str) -> IceCreds {
    IceCreds { ufrag: ufrag.to_owned(), pass: PASSWORD.to_owned() }
}

impl Shim {
    pub(super) fn new() -> Self {
        Self { checks: 0, due: None }
    }

    /// The credentials that str0m signs its answers with.
    pub(super) fn credentials(&self) -> IceCreds {
        credentials("ours")
    }

    /// The user name fragment and the password of the peer that str0m sees.
    pub(super) fn theirs(&self) -> (&'static str, &'static str) {
        ("them", PASSWORD)
    }

    /// Adds the one candidate of either end, now that the descriptions are there.
    pub(super) fn begin(&mut self, rtc: &mut Rtc) {
        if let Ok(candidate) = Candidate::host(OURS, Protocol::Udp) {
            rtc.add_local_candidate(candidate);
        }
    }

    /// When the check is to be repeated.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn nominate(&mut self, rtc: &mut Rtc, now: Instant, at: std::time::Instant) -> Result<(), RtcError> {
        self.due = Some(now + REPEAT);
        self.checks += 1;
        let mut id = [0; 12];
        id[4..].copy_from_slice(&self.checks.to_be_bytes());
        let Some(key) = short_term_key(PASSWORD) else { return Ok(()) };
        let check = Builder::request(StunMethod::Binding, TransactionId(id))
            .username(b"ours:them")
            .priority(1)
            .ice_controlling(u64::MAX)
            .use_candidate()
            .integrity(&key)
            .fingerprint()
            .finish();
        match self.receive(&check) {
            Some(receive) => rtc.handle_input(Input::Receive(at, receive)),
            None => Ok(()),
        }
    }

    /// Hands in what came from the peer, as if it had come over the made-up pair.
    pub(super) fn receive<'a>(&self, data: &'a [u8]) -> Option<Receive<'a>> {
        Receive::new(Protocol::Udp, THEIRS, OURS, data).ok()
    }
}

//! Sends back what comes, so that who asks learns what becomes of it on the way: the same class, the same size, and how many
//! came.
//!
//! It is no reflector. Nothing is sent back to an endpoint that has not shown, by a token that was sent there, that it gets what
//! is sent to it; until then Binding answers are all that there is, by their own law (`amplification.rs`), and an offer is
//! smaller than the request for it. A token is good for one endpoint and ten minutes, and nothing is stored for it. What comes
//! back is as large as what came, or as large as was asked for; both have a budget for each source and for all. Counts are kept
//! for those alone who hold a token, in a table of fixed size. What was sent back is never sent back again.

use super::allocation::FiveTuple;
use super::auth::Nonces;
use super::effects::Effects;
use super::limits::{Limits, PerSource, Window};
use crate::machine::{Instant, Ledger, Rng};
use crate::wire::{Echo, EchoKind, EchoOffer, EchoSight, Message};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// The most that is sent back, in bytes: what IPv6 carries everywhere is no larger (RFC 8200 §5).
const LARGEST: usize = 1232;

/// How long counts are kept after the last datagram: a checkup is long over.
const KEPT: Duration = Duration::from_secs(30);

/// What came of one asker.
struct EchoSession {
    source: IpAddr,
    until: Instant,
    came: [u16; Echo::SLOTS as usize],
}

pub(super) struct EchoService {
    tokens: Nonces,
    sessions: BTreeMap<[u8; 8], EchoSession>,
    holders: Ledger,
    answers: PerSource,
    bytes: Window,
    total_bytes_per_second: u64,
}

impl EchoService {
    pub(super) fn new(limits: &Limits, rng: &mut Rng) -> Self {
        Self {
            tokens: Nonces::new(rng.bytes()),
            sessions: BTreeMap::new(),
            holders: Ledger::new(limits.echo_sessions),
            answers: PerSource::new(limits.echoes_per_second, rng),
            bytes: Window::default(),
            total_bytes_per_second: limits.total_echo_bytes_per_second,
        }
    }

    /// Handles a datagram of so many bytes that is to be sent back.
    pub(super) fn send_back(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        (echo, sight): (Echo, EchoSight),
        bytes: usize,
    ) {
        if client.on_stream || echo.kind != EchoKind::Asked || !self.tokens.is_valid(now, client.at, &echo.token) {
            return;
        }
        self.count(now, client.at.ip(), &echo);
        let size = bytes.max(usize::from(echo.wanted).min(LARGEST));
        if self.answers.allows(now, client.at.ip()) && self.bytes.take(now, size as u64, self.total_bytes_per_second) {
            let answer = Echo { kind: EchoKind::Answered, ..echo }.datagram(sight, size);
            effects.send(client.socket, client.at, answer);
        }
    }

    fn count(&mut self, now: Instant, source: IpAddr, echo: &Echo) {
        if !self.sessions.contains_key(&echo.session) {
            self.forget_old(now);
            if !self.holders.take(source) {
                return;
            }
            let came = [0; Echo::SLOTS as usize];
            self.sessions.insert(echo.session, EchoSession { source, until: now + KEPT, came });
        }
        if let Some(session) = self.sessions.get_mut(&echo.session) {
            session.until = now + KEPT;
            let came = session.came.get_mut(usize::from(echo.slot));
            came.into_iter().for_each(|came| *came = came.saturating_add(1));
        }
    }

    fn forget_old(&mut self, now: Instant) {
        let holders = &mut self.holders;
        self.sessions.retain(|_, session| {
            let is_kept = session.until > now;
            if !is_kept {
                holders.give_back(session.source, 1);
            }
            is_kept
        });
    }

    /// What the answer to a Binding request over UDP says of it in its own attribute: that it is offered, at which further ports,
    /// or how many came of each slot. None where nothing is to be said.
    pub(super) fn word(&self, now: Instant, client: FiveTuple, request: &Message, ports: Vec<u16>) -> Option<Vec<u8>> {
        match (Echo::in_message(request), request.echo()) {
            (Some(echo), _) => {
                let may_know = echo.kind == EchoKind::Counts && self.tokens.is_valid(now, client.at, &echo.token);
                let came = self.sessions.get(&echo.session).map_or([0; Echo::SLOTS as usize], |session| session.came);
                may_know.then(|| came.iter().flat_map(|came| came.to_be_bytes()).collect())
            }
            (None, Some(_)) => {
                let token = self.tokens.fresh(now, client.at).into_bytes().try_into().ok()?;
                Some(EchoOffer { token, ports }.value())
            }
            (None, None) => Some(Vec::new()),
        }
    }
}

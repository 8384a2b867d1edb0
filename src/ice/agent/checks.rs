//! Checks out, checks in, and their answers (RFC 8445 §7; RFC 7675).

use super::base::{Base, Way};
use super::carry::is_carried;
use super::story::ms;
use super::{Agent, FAREWELL};
use crate::ice::check::{self, NotOurs, Said};
use crate::ice::checklist::{Pair, Purpose, State};
use crate::machine::{Instant, SocketId};
use crate::model::{Fact, Failure, PairFailure, Role, Text};
use crate::wire::{self, Class, Datagram, Message, StunMethod, TransactionId};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

/// Checks whose answers are waited for: at one each 10 ms the last five seconds' make 500.
const MOST_OUTSTANDING: usize = 1024;

/// Checks kept until the peer's description is there: it is mostly under way.
const MOST_EARLY: usize = 16;

/// RFC 7675 §5.1: every 5 s, 0.8 to 1.2 of it, and over after 30 s.
pub(super) const CONSENT_INTERVAL: Duration = Duration::from_millis(5000);
const CONSENT_EXPIRY: Duration = Duration::from_secs(30);

/// A check that may still be answered.
pub(super) struct Outstanding {
    pair: usize,
    base: usize,
    to: SocketAddr,
    sent_at: Instant,
    role: Role,
    nominates: bool,
}

/// A check that came before the peer's description.
pub(super) struct Early {
    pub base: usize,
    pub from: SocketAddr,
    pub id: TransactionId,
    pub said: Said,
}

impl Agent {
    /// Sends one packet, where the pace allows it: candidates come first, and what is only a control last.
    pub(super) fn tick(&mut self) {
        let now = self.now;
        if now < self.next_tick {
            return;
        }
        if self.send_ask(false) || self.send_check() || self.send_ask(true) {
            self.next_tick = now + self.pace();
        }
    }

    /// When there is something to do without anything coming in.
    pub(super) fn own_wake(&self) -> Option<Instant> {
        let asks = self.asks.iter().map(|ask| ask.due().max(self.next_tick));
        let checks = self.theirs.as_ref().and_then(|_| {
            let due = self.checklist.due(self.now, |pair| self.is_ready(pair))?;
            Some(due.max(self.next_tick))
        });
        let consent = self.consent_due.map(|due| due.max(self.next_tick));
        asks.chain(checks).chain(consent).chain(self.patience_ends()).min()
    }

    /// Whether the base of a pair can send to its remote: a relay only with its permission.
    fn is_ready(&self, pair: &Pair) -> bool {
        let remote = self.checklist.remotes.get(pair.remote);
        match (self.bases.get(pair.local.base), remote) {
            (Some(Base { way: Way::Relay(relay), gone: false, .. }), Some(remote)) => {
                relay.allocation.is_permitted(remote.endpoint.ip())
            }
            (Some(base), Some(_)) => !base.gone,
            _ => false,
        }
    }

    fn send_check(&mut self) -> bool {
        if self.theirs.is_none() {
            return false;
        }
        let now = self.now;
        self.consider_nomination();
        let ready = |(at, pair): (usize, &Pair)| self.is_ready(pair).then_some(at);
        let ready: BTreeSet<usize> = self.checklist.pairs.iter().enumerate().filter_map(ready).collect();
        let next = self.checklist.next(now, self.role, &ready);
        let Some((at, purpose)) = next.or_else(|| self.consent()) else { return false };
        self.send_on(at, purpose);
        true
    }

    pub(super) fn send_on(&mut self, at: usize, purpose: Purpose) {
        let (Some(pair), Some(theirs)) = (self.checklist.pairs.get(at), &self.theirs) else { return };
        let Some(to) = self.checklist.remotes.get(pair.remote).map(|remote| remote.endpoint) else { return };
        let (base, now, role) = (pair.local.base, self.now, self.role);
        let nominates = role == Role::Controlling && (purpose == Purpose::Nomination || pair.nominated);
        let priority = crate::ice::candidate::prflx_priority(pair.local.priority);
        let said = Said { priority, role, tie_breaker: self.tie_breaker, nominates };
        let id = TransactionId(self.rng.bytes());
        let bytes = check::request(id, &self.ours, &theirs.credentials, said);
        if self.outstanding.len() >= MOST_OUTSTANDING {
            self.outstanding.retain(|_, check| now.since(check.sent_at) < FAREWELL * 4);
        }
        self.outstanding.insert(id, Outstanding { pair: at, base, to, sent_at: now, role, nominates });
        self.transmit(base, to, &bytes);
    }

    /// The consent check that is due on the pair that was chosen (RFC 7675 §5.1).
    fn consent(&mut self) -> Option<(usize, Purpose)> {
        let (at, now) = (self.selected?, self.now);
        if self.consent_due.is_none_or(|due| now < due) {
            return None;
        }
        let permille = 800 + self.rng.below(401);
        self.consent_due = Some(now + CONSENT_INTERVAL * u32::try_from(permille).unwrap_or(1000) / 1000);
        let silent_for = self.checklist.pairs.get(at)?.silent_for(now);
        if silent_for >= CONSENT_EXPIRY {
            self.consent_due = None;
            self.kept.lapsed();
            if let Some((local, remote)) = self.ends(at) {
                let after_ms = self.since_described(now);
                self.tell(Fact::ConsentLost { local, remote, after_ms });
            }
            return None;
        }
        self.kept.asked(now);
        Some((at, Purpose::Consent))
    }

    /// Calls silence.
    pub(super) fn expire(&mut self) {
        let heard: Vec<(usize, u32, u32)> = self
            .checklist
            .pairs
            .iter()
            .filter(|pair| pair.state == State::Succeeded)
            .map(|pair| (pair.local.base, pair.sent, pair.received))
            .collect();
        let (bases, is_patient) = (&self.bases, self.is_patient());
        self.checklist.expire(self.now, is_patient, |pair| Self::control_of(bases, &heard, pair.local.base));
    }

    /// Whether the peer may not know of us yet.
    fn is_patient(&self) -> bool {
        let until = self.described_at.map(|at| at + self.config.patience);
        self.last_heard().is_none() && until.is_some_and(|until| self.now < until)
    }

    // What comes in.

    /// A datagram, or a frame of a stream, on a base.
    pub(super) fn arrived(&mut self, base: usize, from: SocketAddr, data: &[u8]) {
        if is_carried(data) {
            return self.take_carried(base, from, data);
        }
        let Ok(Datagram::Stun(message)) = wire::read(data) else { return };
        if message.method != StunMethod::Binding || message.fingerprint_fits() == Some(false) || self.leaving.is_some()
        {
            return;
        }
        match message.class {
            Class::Request => self.request(base, from, &message),
            Class::Success | Class::Error => {
                if !self.answered(base, from, &message) {
                    self.response(base, from, &message);
                }
            }
            Class::Indication => {}
        }
    }

    fn request(&mut self, base: usize, from: SocketAddr, request: &Message) {
        let said = match check::read(request, &self.ours) {
            Ok(said) => said,
            Err(NotOurs::Incomplete) => {
                return self.transmit(base, from, &check::refusal(request, None, 400, "Bad Request"));
            }
            Err(NotOurs::Unauthorized) => {
                return self.transmit(base, from, &check::refusal(request, None, 401, "Unauthorized"));
            }
            Err(NotOurs::Unknown) => {
                let refusal = check::refusal(request, Some(&self.ours), 420, "Unknown Attribute");
                return self.transmit(base, from, &refusal);
            }
        };
        if !self.settle_roles(said) {
            let refusal = check::refusal(request, Some(&self.ours), 487, "Role Conflict");
            return self.transmit(base, from, &refusal);
        }
        let success = check::success(request, &self.ours, from);
        self.transmit(base, from, &success);
        if self.theirs.is_some() {
            self.heard_check(Early { base, from, id: request.id, said });
        } else if self.early.len() < MOST_EARLY {
            self.early.push(Early { base, from, id: request.id, said });
        }
    }

    /// A check of the peer's, which has been answered (§7.3.1.3 to §7.3.1.5).
    pub(super) fn heard_check(&mut self, Early { base, from, id, said }: Early) {
        if self.last_heard().is_none() {
            self.checklist.begin_anew();
        }
        self.checked_at = Some(self.now);
        let known = self.checklist.remotes.iter().position(|remote| remote.endpoint == from);
        if known.is_none() {
            self.met_elsewhere(base, from);
        }
        let Some(remote) = known.or_else(|| self.learn(base, from, said.priority)) else { return };
        let pair = self.checklist.find(base, remote).or_else(|| self.pair(base, remote));
        let Some(at) = pair else { return };
        let has_succeeded = self.checklist.pairs.get(at).is_some_and(|pair| pair.state == State::Succeeded);
        if !has_succeeded {
            self.checklist.trigger(at);
        }
        if said.nominates && self.role == Role::Controlled {
            self.heard_nomination(at, id);
        }
    }

    fn response(&mut self, base: usize, from: SocketAddr, answer: &Message) {
        let Some(sent) = self.outstanding.get(&answer.id).filter(|sent| sent.base == base) else { return };
        let Some(theirs) = &self.theirs else { return };
        let (at, to, sent_at, nominates, role) = (sent.pair, sent.to, sent.sent_at, sent.nominates, sent.role);
        let is_signed = check::is_signed(answer, &theirs.credentials);
        let error = answer.error().filter(|_| answer.class == Class::Error);
        // Errors of who does not know our password's other half cannot be signed (RFC 8489 §9.1.4).
        if !is_signed && error.is_none() {
            return;
        }
        self.outstanding.remove(&answer.id);
        if let Some(error) = error {
            return self.refused(at, role, error.code, error.reason, is_signed);
        }
        if from != to {
            if let Some(pair) = self.checklist.pairs.get_mut(at) {
                pair.answered_from = Some(from);
            }
            return;
        }
        let Some(mapped) = answer.xor_mapped() else { return };
        self.keep(at, mapped);
        if self.checklist.succeeded(self.now, at, sent_at, mapped) {
            self.reached(at, sent_at);
        }
        let waits = self.checklist.pairs.get(at).is_some_and(|pair| pair.peer_nominates);
        if nominates && self.role == Role::Controlling || waits && self.role == Role::Controlled {
            self.prefer(at);
        }
        self.consider_nomination();
    }

    fn reached(&mut self, at: usize, sent_at: Instant) {
        let Some((local, remote)) = self.ends(at) else { return };
        let sent = self.outstanding.values().filter(|check| check.pair == at).count();
        let sent = u32::try_from(sent).unwrap_or(u32::MAX).saturating_add(1);
        let (rtt_ms, after_ms) = (Some(ms(sent_at, self.now)), self.since_described(self.now));
        self.tell(Fact::Reached { local, remote, rtt_ms, after_ms, sent });
    }

    fn refused(&mut self, at: usize, role: Role, code: u16, reason: Text, is_signed: bool) {
        if code == 487 && is_signed {
            // Only where nothing has made us switch since (§7.2.5.1).
            if self.role == role {
                self.switch(role.other());
            }
            return self.checklist.trigger(at);
        }
        // Until the peer has our answer it cannot know us: the next check will tell.
        let is_early = code == 401;
        if let Some(pair) = self.checklist.pairs.get_mut(at)
            && pair.first_success.is_none()
            && is_signed
            && !is_early
        {
            pair.fail(PairFailure::Refused { code, reason });
        }
    }

    /// A datagram cannot arrive: believed where it is the answer to more than one lost route (bad luck, or a forger's).
    pub(super) fn unreachable(&mut self, socket: SocketId, to: SocketAddr, failure: &Failure) {
        const BELIEVED: u32 = 3;
        let udp = |base: &Base| matches!(base.way, Way::Udp { socket: own, .. } if own == socket);
        let Some(base) = self.bases.iter().position(udp) else { return };
        let remote = self.checklist.remotes.iter().position(|remote| remote.endpoint == to);
        let pair = remote.and_then(|remote| self.checklist.find(base, remote));
        if let Some(pair) = pair.and_then(|at| self.checklist.pairs.get_mut(at))
            && pair.first_success.is_none()
        {
            pair.unreachable += 1;
            if pair.unreachable >= BELIEVED {
                pair.fail(PairFailure::Unreachable { failure: failure.clone() });
            }
        }
    }
}

//! What comes from the server, and what follows from it.

use super::{Allocation, Holding, Operation, State, TurnRequest};
use crate::machine::Instant;
use crate::model::{Anomaly, Malformed};
use crate::transaction::Schedule;
use crate::turn::credentials::Login;
use crate::turn::event::{Error, Event};
use crate::turn::session::{AuthSession, malformed};
use crate::wire::{self, Class, Datagram, Message};
use std::net::SocketAddr;
use std::time::Duration;

/// The longest lifetime that is believed: a server may give an hour at most (RFC 8656 §7.2).
const LONGEST_LIFETIME: Duration = Duration::from_secs(3600);

/// The most stale nonces per request: one may be old, a second one unlucky; a third shows a server that rejects its
/// own.
const MOST_STALE: u32 = 2;

/// How long a grant is waited for after a repeat of its request was refused; nothing more is sent.
const GRANT_MAY_FOLLOW: Schedule = Schedule {
    rto: Duration::from_secs(2),
    longest: Duration::from_secs(2),
    sends: 0,
    last_wait: Duration::from_secs(2),
};

/// How many answered requests are remembered, to tell a duplicate of an answer from a contradiction.
const REMEMBERED: usize = 16;

impl Allocation {
    pub(super) fn handle_packet(&mut self, now: Instant, bytes: &[u8]) {
        match wire::read(bytes) {
            Ok(Datagram::Channel(packet)) => match self.channels.get(&packet.channel) {
                Some(channel) => self.tell(Event::Data { peer: channel.peer, data: packet.data.to_vec() }),
                None => self.dropped = self.dropped.saturating_add(1),
            },
            Ok(Datagram::Stun(message)) => match message.class {
                Class::Success | Class::Error => self.handle_answer(now, &message),
                Class::Indication => self.handle_indication(&message),
                Class::Request => self.dropped = self.dropped.saturating_add(1),
            },
            Err(Malformed::Channel { .. }) => self.dropped = self.dropped.saturating_add(1),
            Err(problem) => self.odd(Anomaly::Malformed { problem }),
        }
    }

    fn handle_indication(&mut self, message: &Message) {
        let permitted = |peer: SocketAddr| {
            self.permissions.contains_key(&peer.ip())
                || self.channels.values().any(|channel| channel.peer.ip() == peer.ip())
        };
        match (message.method, message.xor_peer(), message.data()) {
            (wire::StunMethod::Data, Some(peer), Some(data))
                if permitted(peer) && message.unknown_required().is_empty() =>
            {
                self.tell(Event::Data { peer, data: data.to_vec() });
            }
            _ => self.dropped = self.dropped.saturating_add(1),
        }
    }

    fn handle_answer(&mut self, now: Instant, answer: &Message) {
        if !answer.has_cookie {
            return self.odd(Anomaly::Rfc3489);
        }
        let Some(request) = self.requests.iter_mut().find(|request| request.transaction.id() == answer.id) else {
            return match self.answered.iter().find(|(id, _)| *id == answer.id) {
                Some((_, class)) if *class == answer.class => {}
                Some(_) => self.odd(Anomaly::Conflicting),
                None => self.odd(Anomaly::Stale),
            };
        };
        if answer.method != request.operation.wire_method() {
            return self.odd(Anomaly::Malformed { problem: Malformed::OtherMethod });
        }
        if !seal_holds(self.session.as_ref(), request, answer) {
            request.broken_seal = true;
            self.odd(Anomaly::IntegrityFailed);
            // A stream loses nothing: no better answer can follow (RFC 8489 §9.2.5).
            if self.is_on_stream()
                && let Some(request) = self.take(answer.id)
            {
                self.fail(request.operation, Error::Anomalous(Anomaly::IntegrityFailed));
            }
            return;
        }
        let Some(request) = self.take(answer.id) else { return };
        self.answered.truncate(REMEMBERED - 1);
        self.answered.push_front((answer.id, answer.class));
        self.rtt = request.transaction.rtt(now).or(self.rtt);
        if answer.class == Class::Success && request.operation == Operation::Allocate {
            // Whatever we make of the answer, the server now holds an allocation.
            self.state = State::Unsure;
        }
        let unknown = answer.unknown_required();
        match (answer.class, answer.error()) {
            _ if !unknown.is_empty() => {
                self.fail(request.operation, Error::Anomalous(Anomaly::UnknownRequired { attributes: unknown }));
            }
            (Class::Success, _) => self.handle_success(now, &request, answer),
            (_, Some(error)) => self.handle_error(now, request, answer, error),
            (_, None) => self.fail(request.operation, malformed(Malformed::NoErrorCode)),
        }
    }

    fn handle_success(&mut self, now: Instant, request: &TurnRequest, answer: &Message) {
        if request.refused.is_some() {
            self.odd(Anomaly::Conflicting);
        }
        let took = now.since(request.began);
        let before = self.granted(request.operation);
        match request.operation {
            Operation::Allocate => {
                let relayed = answer.xor_relayed();
                match (relayed, lifetime(answer)) {
                    (Some(relayed), Some(lifetime)) => {
                        let (expires, refresh_at) = (now + lifetime, now + lifetime / 2);
                        self.state = State::Held(Holding { relayed, since: now, granted: now, expires, refresh_at });
                        self.held = Some((now, None));
                        self.tell(Event::Allocated { relayed, mapped: answer.xor_mapped(), lifetime, took });
                    }
                    (None, _) => {
                        self.fail(Operation::Allocate, malformed(Malformed::NoRelayedAddress));
                    }
                    (_, None) => {
                        self.fail(Operation::Allocate, malformed(Malformed::NoLifetime));
                    }
                }
            }
            Operation::Refresh => {
                let Some(lifetime) = lifetime(answer) else {
                    return self.fail(Operation::Refresh, malformed(Malformed::NotRefreshed));
                };
                if let State::Held(holding) = &mut self.state {
                    (holding.expires, holding.refresh_at) = (now + lifetime, now + lifetime / 2);
                    holding.granted = now;
                }
                self.tell(Event::Refreshed { lifetime, took });
            }
            Operation::Release => self.tell(Event::Released { took }),
            Operation::Permit(peer) => {
                if let Some(permission) = self.permissions.get_mut(&peer)
                    && permission.granted.replace(now).is_none()
                {
                    self.tell(Event::Permitted { peer, took });
                }
            }
            Operation::Bind(number, peer) => {
                if let Some(channel) = self.channels.get_mut(&number)
                    && channel.bound.replace(now).is_none()
                {
                    self.tell(Event::ChannelBound { peer, channel: number, took });
                }
            }
        }
        if let Some(before) = before {
            self.upkeep.granted(request.operation, before, now);
        }
    }

    fn handle_error(&mut self, now: Instant, request: TurnRequest, answer: &Message, error: wire::ErrorCode) {
        let took = now.since(request.began);
        match (error.code, request.operation) {
            (401, operation) if !request.signed => {
                let session = challenge(answer, None, self.login.as_ref());
                if operation == Operation::Allocate && matches!(session, Ok(_) | Err(Error::NoCredentials)) {
                    self.tell(Event::Challenged { took, software: answer.software() });
                }
                match session {
                    Ok(session) => {
                        self.session = Some(session);
                        self.ask_again(operation, now, 0);
                    }
                    Err(error) => self.fail(operation, error),
                }
            }
            // A realm that changes under way is no stale nonce, and our credentials are not for it.
            (438, operation) if request.stale < MOST_STALE && self.is_own_realm(answer) => {
                let realm = self.session.as_ref().map(|session| session.realm().to_vec());
                match challenge(answer, realm.as_deref(), self.login.as_ref()) {
                    Ok(session) => {
                        self.session = Some(session);
                        self.ask_again(operation, request.began, request.stale + 1);
                    }
                    Err(error) => self.fail(operation, error),
                }
            }
            // The first copy of the request may have been granted meanwhile, by a server that does not know its own
            // answers again (RFC 8489 §6.3.1): the grant may follow yet.
            (437, Operation::Allocate) if request.signed && request.transaction.sent() > 1 => {
                let mut request = request;
                request.transaction.change(GRANT_MAY_FOLLOW);
                request.refused = Some(Error::Refused { code: 437, reason: error.reason, alternate: None });
                self.requests.push(request);
            }
            // Nothing is left to release, which is as good as a release.
            (437, Operation::Release) => self.tell(Event::Released { took }),
            (437, Operation::Refresh) => self.lose(now),
            (code, operation) => {
                let alternate = if code == 300 { answer.alternate_server() } else { None };
                self.fail(operation, Error::Refused { code, reason: error.reason, alternate });
            }
        }
    }

    /// Whether the answer is to a session of ours and of that session's realm.
    fn is_own_realm(&self, answer: &Message) -> bool {
        let own = self.session.as_ref().map(AuthSession::realm);
        own.is_some_and(|own| answer.realm().is_none_or(|realm| realm == own))
    }
}

/// The session that a 401 or 438 leads to.
fn challenge(answer: &Message, realm: Option<&[u8]>, login: Option<&Login>) -> Result<AuthSession, Error> {
    AuthSession::begin(answer, realm, login).map_err(|error| match error {
        Error::Anomalous(anomaly) => Error::Unanswerable(anomaly),
        error => error,
    })
}

/// Whether the answer may be believed. Success must be sealed as the request was. An error response need not be, in
/// deviation from RFC 8489 §9.2.5: servers refuse before they know the key, and a diagnosis wants to hear it. A 401 or
/// 438 says that the key is not agreed on.
fn seal_holds(session: Option<&AuthSession>, request: &TurnRequest, answer: &Message) -> bool {
    if answer.fingerprint_fits() == Some(false) {
        return false;
    }
    let Some(session) = session.filter(|_| request.signed) else { return true };
    match (session.fits(answer), answer.class) {
        (Some(fits), Class::Success) => fits,
        (None, Class::Success) => false,
        (Some(false), _) => matches!(answer.error(), Some(error) if matches!(error.code, 401 | 438)),
        (Some(true) | None, _) => true,
    }
}

/// LIFETIME of a success response; None where it is missing, unreadable or 0.
fn lifetime(answer: &Message) -> Option<Duration> {
    let seconds = answer.lifetime_s().filter(|seconds| *seconds != 0)?;
    Some(Duration::from_secs(u64::from(seconds)).min(LONGEST_LIFETIME))
}

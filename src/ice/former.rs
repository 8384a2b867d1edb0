//! The pair that carried media before an ICE restart that the peer announced, kept until another is selected (RFC 8445 §9).
//!
//! An announcement alone changes nothing on the way between the two, and what announces it is not what makes it: signalling
//! may say that ICE restarts, and the peer's agent go on as before. Its checks on this pair are answered with the
//! credentials that they were made with, its media are taken, and ours go that way for as long as something comes from
//! there: an end that has moved has left it.

use super::agent_io::AgentIo;
use super::bases::{AgentBases, BaseEvent};
use super::candidate::prflx_priority;
use super::check::{self, CheckAttributes, IceCredentials};
use super::consent;
use super::roles::RoleState;
use crate::machine::{Instant, SocketId};
use crate::model::{Failure, Protocol, Role};
use crate::wire::{self, Class, Datagram, Message, StunMethod, TransactionId};
use std::net::SocketAddr;
use std::time::Duration;

/// Speech comes 50 times a second: where nothing came for this long, nobody is there.
const HEARD_WITHIN: Duration = Duration::from_millis(500);

/// A pair that is selected before this long is what a restart is to bring about.
const USUAL_RESTART: Duration = Duration::from_millis(2000);

/// A pair of the session before, with what it is checked and answered by.
pub(super) struct FormerPair {
    bases: AgentBases,
    base: usize,
    /// The peer's endpoint.
    peer: SocketAddr,
    ours: IceCredentials,
    theirs: IceCredentials,
    /// Of our own checks on it.
    attributes: CheckAttributes,
    /// When the peer announced its restart.
    since: Instant,
    /// When media of the peer's came over it last, since then.
    heard: Option<Instant>,
    consented: Instant,
    check_due: Instant,
    /// The latest check for consent, until it is answered.
    asked: Option<TransactionId>,
}

impl FormerPair {
    /// None where the pair goes over TCP, whose connections are not kept.
    pub(super) fn of(
        io: &mut AgentIo,
        mut bases: AgentBases,
        (base, peer): (usize, SocketAddr),
        [ours, theirs]: [IceCredentials; 2],
        (priority, roles): (u32, &RoleState),
    ) -> Option<Self> {
        let can_stay = bases.get(base).is_some_and(|base| !base.gone && base.protocol() == Protocol::Udp);
        bases.close_but(io, Some(base).filter(|_| can_stay));
        let role = roles.role();
        let attributes = CheckAttributes {
            priority: prflx_priority(priority),
            role,
            tie_breaker: roles.tie_breaker(),
            nominates: role == Role::Controlling,
        };
        let (now, heard, asked) = (io.now, None, None);
        let check_due = now + consent::interval(io);
        let former =
            Self { bases, base, peer, ours, theirs, attributes, since: now, heard, consented: now, check_due, asked };
        can_stay.then_some(former)
    }

    /// Whether the peer goes on over it, and what is sent may arrive.
    pub(super) fn can_send(&self, now: Instant) -> bool {
        let is_heard = self.heard.is_some_and(|heard| now.since(heard) < HEARD_WITHIN);
        let is_there = self.bases.get(self.base).is_some_and(|base| !base.gone);
        is_heard && is_there && now.since(self.consented) < consent::EXPIRY
    }

    /// How long the peer went on over it, where that is longer than a restart takes.
    pub(super) fn outlasted(&self) -> Option<Duration> {
        let lasted = self.heard?.since(self.since);
        (lasted >= USUAL_RESTART).then_some(lasted)
    }

    pub(super) fn owns(&self, socket: SocketId) -> bool {
        self.bases.owns(socket)
    }

    /// When it has something to do.
    pub(super) fn wake(&self) -> Option<Instant> {
        self.bases.wake().into_iter().chain([self.check_due]).min()
    }

    pub(super) fn send(&mut self, io: &mut AgentIo, data: &[u8]) {
        self.bases.send_media(io, self.base, self.peer, data);
    }

    /// What came on a socket of its own: the media in it.
    pub(super) fn received(
        &mut self,
        io: &mut AgentIo,
        socket: SocketId,
        from: SocketAddr,
        data: Vec<u8>,
    ) -> Vec<Vec<u8>> {
        self.bases.received(io, socket, from, data);
        self.take_events(io)
    }

    pub(super) fn failed(&mut self, socket: SocketId, failure: &Failure) {
        self.bases.failed(socket, failure);
    }

    /// Keeps its allocation, and asks for consent.
    pub(super) fn advance(&mut self, io: &mut AgentIo) -> Vec<Vec<u8>> {
        self.bases.handle_wake(io);
        if io.now >= self.check_due {
            let id = io.transaction_id();
            self.asked = Some(id);
            self.check_due = io.now + consent::interval(io);
            let request = check::request(id, &self.ours, &self.theirs, self.attributes);
            self.bases.send(io, self.base, self.peer, &request);
        }
        self.take_events(io)
    }

    /// Another pair is selected, or the session is over.
    pub(super) fn close(mut self, io: &mut AgentIo) {
        self.bases.close(io);
    }

    fn take_events(&mut self, io: &mut AgentIo) -> Vec<Vec<u8>> {
        let mut media = Vec::new();
        while let Some(event) = self.bases.poll_event() {
            match event {
                BaseEvent::Received { base, from, data } if (base, from) == (self.base, self.peer) => {
                    if wire::is_media(&data) {
                        self.heard = Some(io.now);
                        media.push(data);
                    } else if let Ok(Datagram::Stun(message)) = wire::read(&data) {
                        self.check(io, &message);
                    }
                }
                _ => {}
            }
        }
        media
    }

    fn check(&mut self, io: &mut AgentIo, message: &Message) {
        if message.method != StunMethod::Binding || message.fingerprint_fits() == Some(false) {
            return;
        }
        match message.class {
            Class::Request if check::read(message, &self.ours, self.attributes.role.other()).is_ok() => {
                let success = check::success(message, &self.ours, self.peer);
                self.bases.send(io, self.base, self.peer, &success);
            }
            Class::Success if self.asked == Some(message.id) && check::is_signed(message, &self.theirs) => {
                (self.consented, self.asked) = (io.now, None);
            }
            Class::Request | Class::Success | Class::Error | Class::Indication => {}
        }
    }
}

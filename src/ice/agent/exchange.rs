//! Packets out and in: checks, their answers and media (RFC 8445 §7, §12; RFC 7675).
//!
//! DTLS, SRTP and SRTCP share the selected pair with STUN and are told apart by their first byte (RFC 7983 §7). They are
//! taken from whoever a check has succeeded with, on whichever pair (RFC 8445 §12.2), and from nobody else.

use super::Agent;
use crate::ice::base::Base;
use crate::ice::check::{self, CheckAttributes, CheckRejection, MistrustedAnswer};
use crate::ice::checklist::CheckPurpose;
use crate::ice::checks::{Outstanding, PeerCheck};
use crate::ice::consent::ConsentStep;
use crate::ice::gatherer::send_control;
use crate::ice::pair::{CandidatePair, RemoteEndpoint, State};
use crate::ice::relay_watch::ControlTarget;
use crate::ice::roles::Conflict;
use crate::machine::{Instant, SocketId};
use crate::model::{Fact, Failure, IceFact, PairEnd, PairFailure, Role, Text};
use crate::wire::{self, Builder, Class, Datagram, Message, StunMethod};
use std::net::SocketAddr;

/// Datagrams of media kept until the owner takes them, which it does after every input: more come in one input only from a
/// stream, whose reads are bounded.
const MOST_MEDIA: usize = 1024;

impl Agent {
    // Media.

    /// The selected pair, where it can send: ours, theirs.
    pub fn selected(&self) -> Option<(PairEnd, PairEnd)> {
        self.nominator.selected().filter(|_| self.has_pair()).and_then(|at| self.ends(at))
    }

    /// Whether there is a pair to send media over.
    pub fn can_send(&self) -> bool {
        self.has_pair() || self.is_on_former_pair()
    }

    /// Whether media go over the pair of the session before, since the peer has announced a restart and none is selected yet.
    pub fn is_on_former_pair(&self) -> bool {
        self.former.as_ref().is_some_and(|former| former.can_send(self.io.now))
    }

    /// Whether a pair is selected that can send.
    fn has_pair(&self) -> bool {
        self.selected_base().and_then(|base| self.bases.get(base)).is_some_and(|base| !base.gone)
    }

    /// One datagram of media to the peer, over the selected pair; false where there is none.
    pub fn send(&mut self, now: Instant, data: &[u8]) -> bool {
        self.io.now = now;
        let Some(base) = self.selected_base().filter(|_| self.has_pair()) else {
            let former = self.former.as_mut().filter(|former| former.can_send(now));
            return former.map(|former| former.send(&mut self.io, data)).is_some();
        };
        let to = self.nominator.selected().and_then(|at| self.checks.list().endpoint(at));
        if let Some(to) = to {
            self.relay_watch.carried();
            self.bases.send_media(&mut self.io, base, to, data);
        }
        to.is_some()
    }

    /// The next datagram of the peer's media.
    pub fn poll_media(&mut self) -> Option<Vec<u8>> {
        self.media.pop_front()
    }

    /// The media that came over the pair of the session before.
    pub(super) fn take_former(&mut self, media: Vec<Vec<u8>>) {
        let room = MOST_MEDIA.saturating_sub(self.media.len());
        self.media.extend(media.into_iter().take(room));
    }

    /// Closes the pair of the session before.
    pub(super) fn leave_former_pair(&mut self) {
        if let Some(former) = self.former.take() {
            former.close(&mut self.io);
        }
    }

    fn take_media(&mut self, base: usize, from: SocketAddr, data: Vec<u8>) {
        let list = self.checks.list();
        let is_checked = list.with_endpoint(base, from).and_then(|at| list.pair(at)).is_some_and(|pair| {
            // The peer may have selected the pair before our own check on it is answered.
            pair.state == State::Succeeded || pair.nomination.by_peer
        });
        if is_checked && self.media.len() < MOST_MEDIA {
            self.media.push_back(data);
        }
    }

    // Out.

    /// Sends one packet, where the pace allows it: requests for candidates come first, and controls last.
    pub(super) fn send_paced(&mut self) {
        let now = self.io.now;
        if now < self.next_send {
            return;
        }
        let (io, bases) = (&mut self.io, &mut self.bases);
        let is_sent = self.gatherer.send_request(io, bases) || self.send_next_check() || self.send_next_control();
        if is_sent {
            self.next_send = now + self.pace();
        }
    }

    fn send_next_control(&mut self) -> bool {
        if let Some(at) = self.consent.pair_check(self.io.now) {
            self.send_check(at, CheckPurpose::Consent);
            return true;
        }
        let (io, bases) = (&mut self.io, &mut self.bases);
        let beside_silence = self.consent.control_mut();
        self.gatherer.send_control(io, bases) || beside_silence.is_some_and(|control| send_control(io, bases, control))
    }

    /// When there is something to send, or to decide, without anything coming in.
    pub(super) fn send_due(&self) -> Option<Instant> {
        let now = self.io.now;
        let checks = self.theirs.as_ref().and_then(|_| self.checks.due(now, &self.bases));
        let consent = [self.consent.due(), self.consent.control_due(), self.consent.pair_due()];
        let paced = consent.into_iter().chain([self.gatherer.due(), checks]);
        let paced = paced.flatten().map(|due| due.max(self.next_send));
        let patience = self
            .described_at
            .and_then(|since| self.nominator.patience_ends(now, self.roles.role(), since, self.checks.list()));
        paced.chain(patience).min()
    }

    fn send_next_check(&mut self) -> bool {
        if self.theirs.is_none() {
            return false;
        }
        self.consider_nomination();
        let next = self.checks.next(self.io.now, self.roles.role(), &self.bases);
        let Some((at, purpose)) = next.or_else(|| self.consent_check()) else { return false };
        self.send_check(at, purpose);
        true
    }

    fn send_check(&mut self, at: usize, purpose: CheckPurpose) {
        let (Some(pair), Some(theirs)) = (self.checks.list().pair(at), &self.theirs) else { return };
        let Some(to) = self.checks.list().endpoint(at) else { return };
        let (base, number, role, sent_at) = (pair.local.base, pair.sent, self.roles.role(), self.io.now);
        let nominates = role == Role::Controlling && (purpose == CheckPurpose::Nomination || pair.nomination.done);
        let priority = crate::ice::candidate::prflx_priority(pair.local.priority);
        let attributes = CheckAttributes { priority, role, tie_breaker: self.roles.tie_breaker(), nominates };
        let id = self.io.transaction_id();
        let request = check::request(id, &self.ours, &theirs.credentials, attributes);
        self.checks
            .sent(id, Outstanding { pair: at, base, to, sent_at, number, role, nominates, is_mistrusted: false });
        self.bases.send(&mut self.io, base, to, &request);
    }

    /// The consent check that is due on the selected pair (RFC 7675 §5.1).
    fn consent_check(&mut self) -> Option<(usize, CheckPurpose)> {
        let at = self.nominator.selected()?;
        let silent_for = self.checks.list().pair(at)?.silence().length(self.io.now);
        match self.consent.step(&mut self.io, silent_for) {
            ConsentStep::Check => Some((at, CheckPurpose::Consent)),
            ConsentStep::Expired => {
                if let Some((local, remote)) = self.ends(at) {
                    let after_ms = self.since_described(self.io.now);
                    self.io.report(Fact::Ice(IceFact::ConsentLost { local, remote, after_ms }));
                }
                None
            }
            ConsentStep::Wait => None,
        }
    }

    /// Sends the controls beside a relay that is being asked; they keep a pace of their own.
    pub(super) fn send_relay_controls(&mut self) {
        while let Some((target, id)) = self.relay_watch.poll_control(&mut self.io) {
            match (target, id) {
                (ControlTarget::Server(base, server), Some(id)) => {
                    let request = Builder::request(StunMethod::Binding, id).finish();
                    self.bases.send(&mut self.io, base, server, &request);
                }
                (ControlTarget::Pair(at), _) => self.send_check(at, CheckPurpose::Sample),
                (ControlTarget::Server(..), None) => {}
            }
        }
    }

    // In.

    /// A datagram, or a frame of a stream, on a base.
    pub(super) fn received(&mut self, base: usize, from: SocketAddr, data: Vec<u8>) {
        if wire::is_media(&data) {
            return self.take_media(base, from, data);
        }
        let Ok(Datagram::Stun(message)) = wire::read(&data) else { return };
        if message.method != StunMethod::Binding || message.fingerprint_fits() == Some(false) || self.closing.is_some()
        {
            return;
        }
        match message.class {
            Class::Request => self.request(base, from, &message),
            Class::Success | Class::Error => {
                if !self.server_answered(base, from, &message) {
                    self.response(base, from, &message);
                }
            }
            Class::Indication => {}
        }
    }

    /// Whether a response is a server's to one of our requests for candidates, or to a control.
    fn server_answered(&mut self, base: usize, from: SocketAddr, answer: &Message) -> bool {
        let now = self.io.now;
        let has_checks = self.described_at.is_some();
        let (io, bases) = (&mut self.io, &mut self.bases);
        let mut seen = self.gatherer.answered(io, bases, (base, from), answer, has_checks);
        let beside_silence = self.consent.control_mut().filter(|control| control.to() == (base, from));
        if seen.is_none() && beside_silence.is_some_and(|control| control.answered(now, answer.id)) {
            seen = Some(answer.xor_mapped().or(answer.mapped()).filter(|_| answer.class == Class::Success));
        }
        let Some(mapped) = seen else { return self.relay_watch.answered(now, answer.id) };
        if let Some(mapped) = mapped {
            self.mapping_seen(base, from, mapped);
        }
        true
    }

    /// The server that a base is known by sees it there now.
    fn mapping_seen(&mut self, base: usize, server: SocketAddr, mapped: SocketAddr) {
        let is_known = |base: &&mut Base| base.server.as_ref().is_some_and(|(by, _)| *by == server);
        let before = self.bases.get_mut(base).filter(is_known).and_then(|base| base.mapped.replace(mapped));
        if let Some(from) = before.filter(|before| *before != mapped) {
            self.consent.rebound(&mut self.io, from, mapped);
        }
    }

    fn request(&mut self, base: usize, from: SocketAddr, request: &Message) {
        let read = check::read(request, &self.ours, self.roles.role().other());
        self.watch_credentials(from, request, read.as_ref().err());
        let refusal = match read {
            Ok(attributes) if self.settles_roles(attributes) => {
                let success = check::success(request, &self.ours, from);
                self.bases.send(&mut self.io, base, from, &success);
                let check = PeerCheck { base, from, id: request.id, attributes };
                return if self.theirs.is_some() { self.peer_check(check) } else { self.checks.keep(check) };
            }
            Ok(_) => check::refusal(request, Some(&self.ours), 487, "Role Conflict"),
            Err(CheckRejection::Incomplete) => check::refusal(request, None, 400, "Bad Request"),
            Err(CheckRejection::ForAnother | CheckRejection::Missigned) => {
                check::refusal(request, None, 401, "Unauthorized")
            }
            Err(CheckRejection::Unknown) => check::refusal(request, Some(&self.ours), 420, "Unknown Attribute"),
        };
        self.bases.send(&mut self.io, base, from, &refusal);
    }

    /// Notes how a check goes with the two descriptions; anybody may send others from elsewhere.
    fn watch_credentials(&mut self, from: SocketAddr, request: &Message, rejection: Option<&CheckRejection>) {
        let Some(theirs) = &self.theirs else { return };
        let is_peers = self.checks.list().remotes().iter().any(|remote| remote.endpoint.ip() == from.ip());
        if is_peers {
            self.credentials.checked(rejection, check::is_from(request, &theirs.credentials));
        }
    }

    /// Compares roles with a check of the peer's: false where the peer must switch.
    fn settles_roles(&mut self, attributes: CheckAttributes) -> bool {
        match self.roles.compare(attributes) {
            Conflict::None => {
                self.roles.settle();
                true
            }
            Conflict::Theirs => {
                self.roles.refuse(self.io.now);
                false
            }
            Conflict::Ours => {
                self.switch_role(self.roles.role().other());
                true
            }
        }
    }

    pub(super) fn switch_role(&mut self, role: Role) {
        if self.roles.switch(role) {
            self.checks.list_mut().withdraw_nominations();
            self.io.report(Fact::Ice(IceFact::RoleSwitched { role }));
        }
    }

    /// A check of the peer's, which has been answered (RFC 8445 §7.3.1.3 to §7.3.1.5).
    pub(super) fn peer_check(&mut self, PeerCheck { base, from, id, attributes }: PeerCheck) {
        self.checks.peer_checked(self.io.now);
        let protocol = self.bases.get(base).map(Base::protocol);
        let is_it = |remote: &RemoteEndpoint| remote.endpoint == from && Some(remote.end.protocol) == protocol;
        let known = self.checks.list().remotes().iter().position(is_it);
        if known.is_none() && self.selected_base() == Some(base) {
            let selected = self.nominator.selected().and_then(|at| self.checks.list().endpoint(at));
            if let Some(selected) = selected {
                self.consent.peer_rebound(&mut self.io, selected, from);
            }
        }
        let Some(remote) = known.or_else(|| self.learn(base, from, attributes.priority)) else { return };
        let (io, bases, role) = (&mut self.io, &mut self.bases, self.roles.role());
        let pair = self.checks.list().find(base, remote);
        let Some(at) = pair.or_else(|| self.checks.form(io, bases, role, base, remote, true)) else { return };
        if self.checks.list().pair(at).is_some_and(|pair| pair.state != State::Succeeded) {
            self.checks.list_mut().trigger(at);
        }
        if attributes.nominates && role == Role::Controlled {
            let can_send = self.has_pair();
            let selected = self.nominator.peer_nominated(role, self.checks.list_mut(), at, id, can_send);
            self.select(selected);
        }
    }

    fn learn(&mut self, base: usize, from: SocketAddr, priority: u32) -> Option<usize> {
        let protocol = self.bases.get(base)?.protocol();
        self.remotes.learn(&mut self.io, self.checks.list_mut(), protocol, from, priority)
    }

    fn response(&mut self, base: usize, from: SocketAddr, answer: &Message) {
        let Some(sent) = self.checks.outstanding(answer.id, base) else { return };
        let Some(theirs) = &self.theirs else { return };
        let is_signed = check::is_signed(answer, &theirs.credentials);
        let error = answer.error().filter(|_| answer.class == Class::Error);
        // A peer that does not know our half of the credentials cannot sign its error (RFC 8489 §9.1.4).
        let is_refusal = error.as_ref().is_some_and(|error| matches!(error.code, 400 | 401));
        let is_unauthenticated = !is_signed && (error.is_none() || is_refusal) && from == sent.to;
        if is_unauthenticated && self.checks.mistrust(answer.id) {
            self.credentials.answered_by_another(MistrustedAnswer::of(answer, &theirs.credentials, is_refusal));
            self.checks.list_mut().pair_mut(sent.pair).into_iter().for_each(CandidatePair::answered_by_another);
        }
        if !is_signed && error.is_none() {
            return;
        }
        self.checks.answered(answer.id);
        if let Some(error) = error {
            return self.refused(&sent, error.code, error.reason, is_signed);
        }
        if from != sent.to {
            if let Some(pair) = self.checks.list_mut().pair_mut(sent.pair) {
                pair.answered_elsewhere(from);
            }
            return;
        }
        // It is signed, and answers our check: where an older stack does not say in today's form where that came from, what was
        // known of it stands.
        let known = || self.checks.list().pair(sent.pair)?.mapped.or(self.bases.get(sent.base)?.end()?.endpoint());
        if let Some(mapped) = answer.xor_mapped().or(answer.mapped()).or_else(known) {
            self.credentials.answered();
            self.succeeded(&sent, mapped);
        }
    }

    /// A check was answered as it should be, from which the peer saw it come from `mapped`.
    fn succeeded(&mut self, sent: &Outstanding, mapped: SocketAddr) {
        let (at, now) = (sent.pair, self.io.now);
        if self.nominator.selected() == Some(at) {
            self.consent.answered(now);
            let pair = self.checks.list().pair(at).filter(|pair| !pair.local.is_relayed);
            let before = pair.and_then(|pair| pair.mapped).filter(|before| *before != mapped);
            if let Some(from) = before {
                self.consent.rebound(&mut self.io, from, mapped);
            }
        }
        self.relay_watch.pair_answered(now, at);
        self.consent.pair_answered(now, at, sent.sent_at);
        if self.checks.list_mut().succeeded(now, at, sent.sent_at, mapped) {
            self.report_reached(at, sent.sent_at);
        }
        self.checks.list_mut().pair_mut(at).into_iter().for_each(|pair| pair.answered_up_to(sent.number));
        let role = self.roles.role();
        let was_nominated = self.checks.list().pair(at).is_some_and(|pair| pair.nomination.by_peer);
        if sent.nominates && role == Role::Controlling || was_nominated && role == Role::Controlled {
            let selected = self.nominator.prefer(role, self.checks.list(), at, self.has_pair());
            self.select(selected);
        }
        self.consider_nomination();
    }

    fn refused(&mut self, sent: &Outstanding, code: u16, reason: Text, is_signed: bool) {
        if code == 487 && is_signed {
            // Only where nothing has made us switch since (RFC 8445 §7.2.5.1).
            if self.roles.role() == sent.role {
                self.switch_role(sent.role.other());
            }
            return self.checks.list_mut().trigger(sent.pair);
        }
        // Until the peer has our answer it cannot know us: the next check will show whether it does.
        let is_early = code == 401;
        if let Some(pair) = self.checks.list_mut().pair_mut(sent.pair).filter(|_| is_signed && !is_early) {
            pair.fail(PairFailure::Refused { code, reason });
        }
    }

    /// The network says that a datagram cannot arrive.
    pub(super) fn undelivered(&mut self, socket: SocketId, to: SocketAddr, failure: &Failure) {
        let pair = self.bases.on_udp(socket).and_then(|base| self.checks.list().with_endpoint(base, to));
        if pair.is_some() && pair == self.nominator.selected() {
            self.consent.pair_refused(self.io.now, failure);
        }
        if let Some(pair) = pair.and_then(|at| self.checks.list_mut().pair_mut(at)) {
            pair.unreachable(failure);
        }
    }

    // Nomination.

    fn consider_nomination(&mut self) {
        let Some(since) = self.described_at.filter(|_| self.theirs.is_some()) else { return };
        let (now, role, is_complete) = (self.io.now, self.roles.role(), self.remotes.is_complete());
        if let Some(at) = self.nominator.choose(now, role, since, is_complete, self.checks.list()) {
            self.checks.list_mut().nominate(now, at);
        }
    }

    /// Selects a pair, which carries media and is asked for consent from then on.
    fn select(&mut self, at: Option<usize>) {
        let Some(at) = at.filter(|at| self.nominator.select(self.checks.list_mut(), *at)) else { return };
        self.consent.start(self.io.now);
        self.leave_former_pair();
        if let (Some(base), Some(peer)) = (self.selected_base(), self.checks.list().endpoint(at)) {
            self.bases.bind_channel(&mut self.io, base, peer);
        }
        if let Some((local, remote)) = self.ends(at) {
            let (role, after_ms) = (self.roles.role(), self.since_described(self.io.now));
            self.io.report(Fact::Ice(IceFact::Nominated { local, remote, role, after_ms }));
        }
    }
}

//! Binding requests over datagrams: what every STUN probe has in common (RFC 8489 §6, §7).
//!
//! A [`BindingClient`] owns a probe's sockets and outstanding requests, retransmits, matches answers to requests and records
//! what came as facts. What to ask next, and what an answer is good for, is the probe's business.

mod request;

pub(super) use request::{BindingAnswer, RequestFailure, Response};

use crate::machine::{Bind, Input, Instant, Open, Output, Rng, SocketId, Wake};
use crate::model::{
    Anomaly, Asked, EchoFact, Fact, Leniency, Malformed, Method, Millis, Origin, Question, StunFact, Tally, Transport,
};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{self, Class, Datagram, Message, TransactionId};
use request::PendingRequest;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// The most anomalies of one probe that are recorded: enough to see a pattern, too few to flood a report.
const MOST_ANOMALIES: u32 = 8;

/// An answer that comes so long after the last copy was late, whichever copy it answers: no path in use takes longer.
const LATE: Duration = Duration::from_secs(1);

/// A socket of the probe's, towards one server.
struct ProbeSocket {
    socket: SocketId,
    server: SocketAddr,
    local: Option<SocketAddr>,
}

/// The sockets and requests of one probe.
pub(super) struct BindingClient {
    origin: Origin,
    rng: Rng,
    sockets: Vec<ProbeSocket>,
    requests: Vec<PendingRequest>,
    out: VecDeque<Output>,
    anomalies: u32,
}

impl BindingClient {
    pub(super) fn new(origin: Origin, rng: Rng) -> Self {
        Self { origin, rng, sockets: Vec::new(), requests: Vec::new(), out: VecDeque::new(), anomalies: 0 }
    }

    /// Opens a datagram socket towards `server`.
    pub(super) fn open(&mut self, server: SocketAddr) -> SocketId {
        self.open_at(server, Bind::Toward(server), false)
    }

    pub(super) fn open_at(&mut self, server: SocketAddr, bind: Bind, dont_fragment: bool) -> SocketId {
        let socket = SocketId(self.sockets.len() as u32);
        self.sockets.push(ProbeSocket { socket, server, local: None });
        self.out.push_back(Output::Open { socket, open: Open::Udp { bind, dont_fragment } });
        socket
    }

    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Opens a socket that is not for Binding requests of this client, under a number of the probe's own.
    pub(super) fn open_stream(&mut self, socket: SocketId, open: Open) {
        self.out.push_back(Output::Open { socket, open });
    }

    pub(super) fn close(&mut self, socket: SocketId) {
        self.out.push_back(Output::Close { socket });
    }

    /// The socket's own address, once it is open.
    pub(super) fn local(&self, socket: SocketId) -> Option<SocketAddr> {
        self.sockets.iter().find(|open| open.socket == socket)?.local
    }

    pub(super) fn observe(&mut self, fact: Fact) {
        self.out.push_back(Output::Observe { by: self.origin.clone(), fact });
    }

    /// Sends bytes once that are no request to be retransmitted.
    pub(super) fn send(&mut self, socket: SocketId, to: SocketAddr, data: Vec<u8>) {
        self.out.push_back(Output::Send { socket, to, data });
    }

    pub(super) fn ask(&mut self, now: Instant, socket: SocketId, server: SocketAddr, asked: Asked, schedule: Schedule) {
        let request = wire::Builder::request(wire::StunMethod::Binding, TransactionId(self.rng.bytes()));
        let request = match asked {
            // The form without the cookie is none that this client writes (rfc3489.rs).
            Asked::Plain | Asked::Rfc3489 => request,
            Asked::ChangeAddressAndPort => request.change_request(true, true),
            Asked::ChangePort => request.change_request(false, true),
        };
        self.ask_with(now, socket, server, asked, request, schedule);
    }

    /// Sends a request of the caller's making, under the transaction id that it was built with.
    pub(super) fn ask_with(
        &mut self,
        now: Instant,
        socket: SocketId,
        server: SocketAddr,
        asked: Asked,
        request: wire::Builder,
        schedule: Schedule,
    ) {
        let transaction = Transaction::new(request.id(), request.finish(), schedule);
        self.requests.push(PendingRequest {
            socket,
            server,
            asked,
            transaction,
            answered: None,
            copies_answered: 0,
            is_control: false,
            patience: Duration::ZERO,
            over: false,
        });
        self.send_due(now, self.requests.len() - 1);
    }

    /// A request that keeps asking when it is answered: the control beside a silence.
    pub(super) fn ask_control(
        &mut self,
        now: Instant,
        socket: SocketId,
        server: SocketAddr,
        asked: Asked,
        schedule: Schedule,
    ) {
        self.ask(now, socket, server, asked, schedule);
        if let Some(request) = self.requests.last_mut() {
            request.is_control = true;
        }
    }

    /// Waits for answers to what has been asked until so long after the first copy, beyond the end of the schedule.
    pub(super) fn be_patient(&mut self, total: Duration) {
        self.requests.iter_mut().for_each(|request| request.patience = total);
    }

    /// Sends `copies` more of every control and of every request that fell silent.
    pub(super) fn extend(&mut self, now: Instant, copies: u32) {
        for index in 0..self.requests.len() {
            let request = &mut self.requests[index];
            if request.is_control || request.answered.is_none() {
                request.transaction.extend(copies);
                request.over = false;
                self.send_due(now, index);
            }
        }
    }

    /// Goes on with all requests by another schedule: it holds for the copies that are left.
    pub(super) fn change(&mut self, schedule: Schedule) {
        for request in &mut self.requests {
            request.transaction.change(schedule);
        }
    }

    /// Sends `copies` more of what was asked so from this socket.
    pub(super) fn extend_from(&mut self, now: Instant, socket: SocketId, asked: Asked, copies: u32) {
        for index in 0..self.requests.len() {
            let request = &mut self.requests[index];
            if request.socket == socket && request.asked == asked {
                request.transaction.extend(copies);
                request.over = false;
                self.send_due(now, index);
            }
        }
    }

    /// Copies sent and answered, of this kind.
    pub(super) fn tally(&self, asked: Asked) -> Tally {
        self.tally_where(|request| request.asked == asked)
    }

    /// Copies sent and answered, of this kind and from this socket.
    pub(super) fn tally_from(&self, socket: SocketId, asked: Asked) -> Tally {
        self.tally_where(|request| request.socket == socket && request.asked == asked)
    }

    fn tally_where(&self, fits: impl Fn(&PendingRequest) -> bool) -> Tally {
        let requests = self.requests.iter().filter(|request| fits(request));
        requests.fold(Tally::default(), |tally, request| tally.and(request.tally()))
    }

    /// Records the tally of each request that is over: one whose copies are still under way would look like loss.
    pub(super) fn observe_tallies(&mut self, now: Instant) {
        let facts: Vec<Fact> = self
            .requests
            .iter()
            .filter(|request| request.over)
            .filter_map(|request| {
                Some(Fact::Stun(StunFact::Tallied {
                    asked: request.asked,
                    local: self.local(request.socket)?,
                    server: request.server,
                    tally: request.tally(),
                    waited_ms: Millis::from(request.transaction.waited(now)),
                }))
            })
            .collect();
        facts.into_iter().for_each(|fact| self.observe(fact));
    }

    /// Ends the waiting before its time: what has been asked often enough to be missed by now is recorded as silent.
    pub(super) fn give_up(&mut self, now: Instant) {
        /// Three copies take 600 ms towards a server that has not answered yet: most of those that live have answered.
        const ENOUGH: u32 = 3;
        for index in 0..self.requests.len() {
            let request = &mut self.requests[index];
            let missed = !request.over && request.answered.is_none() && request.transaction.sent() >= ENOUGH;
            request.over = true;
            if missed {
                self.observe_silence(now, index);
            }
        }
    }

    /// Whether no socket has been asked for yet.
    pub(super) fn is_unused(&self) -> bool {
        self.sockets.is_empty()
    }

    /// Whether a request has ever been sent.
    pub(super) fn has_asked(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Whether no request is being waited for.
    pub(super) fn is_idle(&self) -> bool {
        self.requests.iter().all(|request| request.over)
    }

    pub(super) fn handle(&mut self, now: Instant, input: Input) -> Vec<Response> {
        let mut responses = Vec::new();
        match input {
            Input::Opened { socket, local, .. } => {
                if let Some(open) = self.sockets.iter_mut().find(|open| open.socket == socket) {
                    open.local = Some(local);
                    responses.push(Response::Opened { socket });
                }
            }
            Input::Failed { socket, failure, .. } => {
                if let Some(open) = self.sockets.iter().find(|open| open.socket == socket) {
                    let server = open.server;
                    self.observe(Fact::Stun(StunFact::NotOpened { server, failure }));
                    responses.push(Response::NotOpened { socket });
                }
            }
            Input::Received { socket, from, data } => responses.extend(self.received(now, socket, from, &data)),
            Input::Unreachable { socket, to, failure } => {
                let Some(local) = self.local(socket) else { return responses };
                let mut known = false;
                for request in &mut self.requests {
                    if request.socket == socket && request.server == to && !request.over {
                        request.over = true;
                        known = true;
                        let (server, asked) = (request.server, request.asked);
                        responses.push(Response::Failed { socket, server, asked, why: RequestFailure::Unreachable });
                    }
                }
                if known {
                    self.observe(Fact::Stun(StunFact::Unreachable { local, server: to, failure }));
                }
            }
            Input::Woken => {
                for index in 0..self.requests.len() {
                    responses.extend(self.send_due(now, index));
                }
            }
            _ => {}
        }
        responses
    }

    fn send_due(&mut self, now: Instant, index: usize) -> Option<Response> {
        let request = self.requests.get_mut(index).filter(|request| !request.over)?;
        let (socket, server, asked) = (request.socket, request.server, request.asked);
        match request.transaction.due(now) {
            Due::Wait(_) => None,
            Due::Send => {
                let data = request.transaction.bytes().to_vec();
                self.out.push_back(Output::Send { socket, to: server, data });
                None
            }
            Due::Silent if request.answered.is_some() => {
                request.over = true;
                None
            }
            Due::Silent if request.transaction.wait_until(now, request.patience) => None,
            Due::Silent => {
                request.over = true;
                self.observe_silence(now, index);
                Some(Response::Failed { socket, server, asked, why: RequestFailure::Silent })
            }
        }
    }

    fn observe_silence(&mut self, now: Instant, index: usize) {
        let Some(request) = self.requests.get(index) else { return };
        let (server, asked) = (request.server, request.asked);
        let (sent, waited_ms) = (request.transaction.sent(), Millis::from(request.transaction.waited(now)));
        if let Some(local) = self.local(request.socket) {
            let (method, transport) = (Method::Binding, Transport::Udp);
            self.observe(Fact::Stun(StunFact::Silent { method, asked, transport, local, server, sent, waited_ms }));
        }
    }

    fn received(&mut self, now: Instant, socket: SocketId, from: SocketAddr, data: &[u8]) -> Option<Response> {
        let local = self.local(socket)?;
        let message = match wire::read(data) {
            Ok(Datagram::Stun(message)) => message,
            Ok(Datagram::Channel(_)) => return None,
            Err(problem) => {
                self.odd(local, from, Anomaly::Malformed { problem });
                return None;
            }
        };
        let found = self.requests.iter().position(|r| r.socket == socket && r.transaction.id() == message.id);
        let Some(index) = found.filter(|_| matches!(message.class, Class::Success | Class::Error)) else {
            if matches!(message.class, Class::Success | Class::Error) {
                self.odd(local, from, Anomaly::Stale);
            }
            return None;
        };
        if message.fingerprint_fits() == Some(false) {
            self.odd(local, from, Anomaly::IntegrityFailed);
            return None;
        }
        let (server, asked) = (self.requests[index].server, self.requests[index].asked);
        if asked == Asked::Plain && from != server {
            self.odd(local, server, Anomaly::WrongSource { from });
            return None;
        }
        match message.class {
            Class::Error => self.refused(index, local, &message),
            _ => self.answered(now, index, local, from, &message),
        }
    }

    fn refused(&mut self, index: usize, local: SocketAddr, message: &Message) -> Option<Response> {
        let request = self.requests.get_mut(index).filter(|request| !request.over)?;
        request.over = true;
        let (socket, server, asked) = (request.socket, request.server, request.asked);
        let error = message.error();
        let code = error.as_ref().map_or(0, |error| error.code);
        self.observe(Fact::Stun(StunFact::Refused {
            method: Method::Binding,
            asked,
            transport: Transport::Udp,
            local,
            server,
            code,
            reason: error.map(|error| error.reason).unwrap_or_default(),
            alternate: message.alternate_server(),
        }));
        Some(Response::Failed { socket, server, asked, why: RequestFailure::Refused { code } })
    }

    fn answered(
        &mut self,
        now: Instant,
        index: usize,
        local: SocketAddr,
        from: SocketAddr,
        message: &Message,
    ) -> Option<Response> {
        let request = self.requests.get_mut(index)?;
        let (socket, server, asked) = (request.socket, request.server, request.asked);
        let unknown = message.unknown_required();
        let Some(mapped) = message.xor_mapped().or(message.mapped()).filter(|_| unknown.is_empty()) else {
            let anomaly = match message.faulty() {
                _ if !unknown.is_empty() => Anomaly::UnknownRequired { attributes: unknown },
                Some(kind) => Anomaly::Malformed { problem: Malformed::Attribute { kind } },
                None => Anomaly::Malformed { problem: Malformed::NoMappedAddress },
            };
            self.odd(local, server, anomaly);
            return None;
        };
        request.count();
        if let Some(before) = request.answered {
            if before != mapped {
                self.odd(local, server, Anomaly::Conflicting);
            }
            return None;
        }
        request.answered = Some(mapped);
        request.over = !request.is_control;
        let (rtt, sent) = (request.transaction.rtt(now), request.transaction.sent());
        let rtt_ms = rtt.map(Millis::from);
        let since_last = request.transaction.since_last(now);
        if since_last >= LATE {
            let (method, transport, after_ms) = (Method::Binding, Transport::Udp, Millis::from(since_last));
            self.observe(Fact::Stun(StunFact::Late { method, transport, local, server, sent, after_ms }));
        }
        if message.xor_mapped().is_none() {
            self.odd(local, server, Anomaly::Rfc3489);
        }
        if message.has_dirty_padding() {
            self.odd(local, server, Anomaly::Lenient { problem: Leniency::Padding });
        }
        self.observe(match asked {
            Asked::Plain => mapped_fact(message, Transport::Udp, local, server, mapped, rtt, sent),
            _ => Fact::Stun(StunFact::Answered { asked, local, server, from, sent, rtt_ms }),
        });
        // What each answer of the server says is told of the first.
        if message.echo().is_some() && self.origin.question == Question::Binding {
            self.observe(Fact::Echo(EchoFact::EchoOffered { server, local }));
        }
        Some(Response::Answer(BindingAnswer { socket, server, asked, mapped }))
    }

    fn odd(&mut self, local: SocketAddr, server: SocketAddr, anomaly: Anomaly) {
        if self.anomalies < MOST_ANOMALIES {
            self.anomalies += 1;
            self.observe(Fact::Stun(StunFact::Anomalous { transport: Transport::Udp, local, server, anomaly }));
        }
    }

    /// The next output. When there is only waiting left: until a request is due, or for good where `over`.
    pub(super) fn poll(&mut self, over: bool) -> Output {
        self.poll_until(over, None)
    }

    /// The next output, with a moment of the probe's own to wake at.
    pub(super) fn poll_until(&mut self, over: bool, own: Option<Instant>) -> Output {
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        if over {
            return Output::Wait(Wake::Finished);
        }
        let due = self.requests.iter().filter(|request| !request.over).map(|request| request.transaction.next());
        Output::Wait(due.chain(own).min().map_or(Wake::OnInput, Wake::At))
    }
}

/// A Binding success as a fact.
pub(super) fn mapped_fact(
    message: &Message,
    transport: Transport,
    local: SocketAddr,
    server: SocketAddr,
    mapped: SocketAddr,
    rtt: Option<Duration>,
    sent: u32,
) -> Fact {
    Fact::Stun(StunFact::Mapped {
        transport,
        local,
        server,
        mapped,
        rewritten: message.mapped().filter(|plain| *plain != mapped),
        other: message.other_address(),
        software: message.software(),
        rtt_ms: rtt.map(Millis::from),
        sent,
    })
}

#[cfg(test)]
mod tests;

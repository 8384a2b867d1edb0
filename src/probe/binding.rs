//! Does this server answer over UDP, and from where does it see us? (RFC 8489 §7.3)
//!
//! Where nothing comes for a while, a TCP connection to the same address and port is tried beside it: an answer to
//! that, even a refusal, shows that the host is alive and the way to it open, so that silence over UDP is a dead
//! service or a filter and no dead host. It shows the round trip too, so that the copies still to be sent need not
//! wait for a slow path. And the same request is sent in RFC 3489's form from a socket of its own ([`super::rfc3489`]):
//! where that is answered, it is STUN that something drops, and not UDP.

use super::client::{BindingClient, Response};
use super::rfc3489::Rfc3489Requests;
use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId};
use crate::model::{Asked, Fact, Failure, Millis, Origin, Question, ServerUri, StreamFact, Transport};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// When the control is tried: two copies have not been answered by then, and most paths have a shorter round trip.
const CONTROL_AFTER: Duration = Duration::from_millis(400);

/// The copies sent once the round trip is known. With the two before them, a line that loses a fifth each way leaves all
/// of them unanswered once in ten million times.
const COPIES: u32 = 14;
/// The least time between the copies, and after the last one: what jitter and a busy host take.
const LEAST_GAP: Duration = Duration::from_millis(50);
const LEAST_WAIT: Duration = Duration::from_millis(400);

/// An answer is waited for so long after the first copy though the host is known to be near: one that comes late is told as
/// late, and not as silence.
const PATIENCE: Duration = Duration::from_secs(3);

/// The schedule of the copies that are left, once the round trip is known.
fn fast_retransmit(rtt: Duration) -> Schedule {
    let gap = (rtt * 2).max(LEAST_GAP);
    Schedule { rto: gap, longest: gap, sends: COPIES, last_wait: (rtt * 4).max(LEAST_WAIT) }
}

/// The number of the control's socket, far from those that the client gives to its own sockets, counted from 0.
const CONTROL: SocketId = SocketId(1000);
const RFC3489: SocketId = SocketId(1001);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ControlConnection {
    NotNeeded,
    DueAt(Instant),
    Open(Instant),
    Over,
}

/// The requests without the cookie.
enum WithoutCookie {
    NotAsked,
    Opening,
    Asking { local: SocketAddr, requests: Rfc3489Requests },
    Over,
}

/// Asks one address of a server for a binding over UDP.
pub struct BindingProbe {
    server: SocketAddr,
    client: BindingClient,
    asked: bool,
    failed: bool,
    stopped: bool,
    control: ControlConnection,
    without_cookie: WithoutCookie,
}

impl BindingProbe {
    /// A probe of this address of the server with this URI. It begins with its first input, which must be the
    /// interfaces.
    pub fn new(uri: ServerUri, server: SocketAddr, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Binding, uri: Some(uri) }, rng);
        let (control, without_cookie) = (ControlConnection::NotNeeded, WithoutCookie::NotAsked);
        Self { server, client, asked: false, failed: false, stopped: false, control, without_cookie }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        match response {
            Response::Opened { socket } => {
                self.asked = true;
                self.control = ControlConnection::DueAt(now + CONTROL_AFTER);
                self.client.ask(now, socket, self.server, Asked::Plain, Schedule::FIRST_CONTACT);
                self.client.be_patient(PATIENCE);
            }
            Response::NotOpened { .. } => self.failed = true,
            // Anything that comes from the server makes the control needless.
            Response::Answer(_) => {
                self.control = ControlConnection::NotNeeded;
                self.without_cookie = WithoutCookie::Over;
            }
            Response::Failed { .. } => {}
        }
    }

    /// Whether the input was about the control connection.
    fn hear_control(&mut self, now: Instant, input: &Input) -> bool {
        let ControlConnection::Open(since) = self.control else { return false };
        let took = now.since(since);
        let (remote, took_ms) = (self.server, Millis::from(took));
        match input {
            Input::Opened { socket: CONTROL, local, .. } => {
                self.client.observe(Fact::Stream(StreamFact::Connected { remote, local: *local, took_ms }));
                self.client.close(CONTROL);
                self.client.change(fast_retransmit(took));
            }
            Input::Failed { socket: CONTROL, failure, .. } => {
                if *failure == Failure::Refused {
                    self.client.change(fast_retransmit(took));
                }
                let (transport, failure) = (Transport::Tcp, failure.clone());
                self.client.observe(Fact::Stream(StreamFact::NotConnected {
                    transport,
                    remote,
                    failure,
                    tls: None,
                    took_ms,
                }));
            }
            _ => return false,
        }
        self.control = ControlConnection::Over;
        true
    }

    /// Whether the input was about the requests without the cookie.
    fn hear_without_cookie(&mut self, input: &Input) -> bool {
        match (input, &mut self.without_cookie) {
            (Input::Opened { socket: RFC3489, local, .. }, WithoutCookie::Opening) => {
                self.without_cookie = WithoutCookie::Asking { local: *local, requests: Rfc3489Requests::default() };
            }
            (Input::Received { socket: RFC3489, from, data }, WithoutCookie::Asking { requests, .. }) => {
                if *from == self.server {
                    requests.receive(data);
                }
            }
            (Input::Failed { socket: RFC3489, .. }, _) => self.without_cookie = WithoutCookie::Over,
            (Input::Opened { socket, .. } | Input::Received { socket, .. } | Input::Unreachable { socket, .. }, _) => {
                return *socket == RFC3489;
            }
            _ => return false,
        }
        true
    }

    fn ask_without_cookie(&mut self, now: Instant) {
        let WithoutCookie::Asking { local, requests } = &mut self.without_cookie else { return };
        while let Some(copy) = requests.due(now, self.client.rng()) {
            self.client.send(RFC3489, self.server, copy);
        }
        if requests.is_over(now) {
            let fact = requests.fact(now, *local, self.server);
            fact.into_iter().for_each(|fact| self.client.observe(fact));
            self.client.close(RFC3489);
            self.without_cookie = WithoutCookie::Over;
        }
    }

    /// What is to be done next beside the requests, and when.
    fn due_beside(&self) -> Option<Instant> {
        let control = if let ControlConnection::DueAt(at) = self.control { Some(at) } else { None };
        let without_cookie = match &self.without_cookie {
            WithoutCookie::Asking { requests, .. } => requests.next(),
            _ => None,
        };
        control.into_iter().chain(without_cookie).min()
    }
}

impl Machine for BindingProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => {
                self.client.open(self.server);
            }
            Input::Stop => {
                self.client.give_up(now);
                self.stopped = true;
            }
            input if self.hear_control(now, &input) || self.hear_without_cookie(&input) => {}
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
            }
        }
        if matches!(self.control, ControlConnection::DueAt(at) if at <= now) {
            self.control = ControlConnection::Open(now);
            self.client.open_stream(CONTROL, Open::Tcp { to: self.server });
            let (bind, dont_fragment) = (Bind::Toward(self.server), false);
            self.client.open_stream(RFC3489, Open::Udp { bind, dont_fragment });
            self.without_cookie = WithoutCookie::Opening;
        }
        self.ask_without_cookie(now);
    }

    fn poll(&mut self) -> Output {
        let is_beside = matches!(self.control, ControlConnection::Open(_))
            || matches!(self.without_cookie, WithoutCookie::Asking { .. });
        let over = self.stopped || self.failed || self.asked && self.client.is_idle() && !is_beside;
        let due = self.due_beside();
        self.client.poll_until(over, due)
    }
}

//! The client against a server that is right, and against one that is wrong in each way there is.

mod beginning;
mod keeping;
mod repeats;

use super::fake::{self, Fake, FakeOutput, key};
use super::*;
use crate::machine::{Instant, Rng};
use crate::model::{Anomaly, Family, Malformed, Method, Text, Transport};
use crate::wire::{self, Builder, Class, Datagram, Message, TransactionId};
use proptest::prelude::*;
use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

const HALF_WAY: Duration = Duration::from_millis(10);

fn client() -> SocketAddr {
    "203.0.113.5:40000".parse().expect("an address")
}

fn peer() -> SocketAddr {
    "192.0.2.77:7000".parse().expect("an address")
}

fn relayed() -> SocketAddr {
    "198.51.100.9:50001".parse().expect("an address")
}

fn alice() -> Option<Credentials> {
    Some(Credentials::LongTerm { username: fake::USER.to_owned(), password: fake::PASSWORD.to_owned() })
}

fn config(credentials: Option<Credentials>) -> Config {
    Config { transport: Transport::Udp, credentials, unix_now: 0, family: None, lifetime: None }
}

/// An allocation with the server at the end of a 20 ms line.
struct Rig {
    allocation: Allocation,
    server: Fake,
    now: Instant,
    /// What the allocation sent, all of it.
    sent: Vec<Vec<u8>>,
    /// Whether packets arrive.
    connected: bool,
}

impl Rig {
    fn new(config: Config) -> Self {
        let on_stream = config.transport != Transport::Udp;
        let server = Fake::new(on_stream);
        let allocation = Allocation::new(config, Rng::numbered(1));
        Self { allocation, server, now: Instant::START, sent: Vec::new(), connected: true }
    }

    fn alice() -> Self {
        Self::new(config(alice()))
    }

    /// Lets packets go to and fro until nothing more happens by itself.
    fn settle(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(output) = self.allocation.poll() {
            match output {
                Output::Event(event) => events.push(event),
                Output::Send(bytes) => {
                    self.sent.push(bytes.clone());
                    if !self.connected {
                        continue;
                    }
                    self.now = self.now + HALF_WAY;
                    for sent in self.server.handle(client(), &bytes) {
                        if let FakeOutput::ToClient(_, answer) = sent {
                            self.now = self.now + HALF_WAY;
                            self.allocation.handle_received(self.now, &answer);
                        }
                    }
                }
            }
        }
        events
    }

    fn start(&mut self) -> Vec<Event> {
        self.allocation.start(self.now);
        self.settle()
    }

    /// Held, with what led there forgotten.
    fn held(mut self) -> Self {
        assert!(matches!(self.start().last(), Some(Event::Allocated { .. })));
        self.sent.clear();
        self.server.seen.clear();
        self
    }

    /// Lives through all wakes of the next `duration`.
    fn pass(&mut self, duration: Duration) -> Vec<Event> {
        let until = self.now + duration;
        let mut events = self.settle();
        for _ in 0..100_000 {
            match self.allocation.wake().filter(|at| *at <= until) {
                Some(at) => self.now = self.now.max(at),
                None => {
                    self.now = self.now.max(until);
                    return events;
                }
            }
            self.allocation.handle_wake(self.now);
            events.extend(self.settle());
        }
        panic!("a wake that never moves on");
    }

    fn receive(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.allocation.handle_received(self.now, bytes);
        self.settle()
    }
}

/// What a server's single, twisted answer to Allocate leads to: the last event.
fn after_allocate(twist: impl Fn(&Message, Builder) -> Vec<u8> + 'static) -> Option<Event> {
    let mut rig = allocating(twist);
    let mut events = rig.start();
    events.extend(rig.pass(Duration::from_secs(10)));
    events.pop()
}

/// Where a sealed Allocate gets a twisted answer.
fn allocating(twist: impl Fn(&Message, Builder) -> Vec<u8> + 'static) -> Rig {
    let mut rig = Rig::alice();
    rig.server.twist(move |request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) => vec![twist(request, Builder::answer(request, Class::Success))],
        _ => vec![honest],
    });
    rig
}

fn failed(error: Error) -> Event {
    Event::Failed { method: Method::Allocate, peer: None, error }
}

fn refused(code: u16) -> Error {
    let wire::ErrorCode { code, reason } = fake::said(code);
    Error::Refused { code, reason, alternate: None }
}

fn malformed(event: Option<Event>) -> Malformed {
    match event {
        Some(Event::Failed {
            error:
                Error::Anomalous(Anomaly::Malformed { problem }) | Error::Unanswerable(Anomaly::Malformed { problem }),
            ..
        }) => problem,
        other => panic!("not malformed: {other:?}"),
    }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

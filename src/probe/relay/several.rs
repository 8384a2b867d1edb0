//! How many allocations does this server give one user at once? (RFC 8656 §7.2, 486 and 508)
//!
//! A call takes one or two at each end, and a conference more. They are asked for side by side and given back as soon as
//! all are answered, so that whoever else uses the server is not kept from it. What is refused of them is a fact and no
//! fault.

use super::RelayConfig;
use super::client::TurnClient;
use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId, Wake};
use crate::model::{Fact, Method, Origin, Question, TurnFact};
use crate::turn::{self, Error, Event};
use std::collections::VecDeque;
use std::time::Duration;

/// The number of allocations: what three calls need whose ends are both relayed, one over each transport.
const AT_ONCE: u32 = 6;

/// The time within which all are answered, and then the time for the releases.
const PATIENCE: Duration = Duration::from_secs(2);

/// The probe. It begins with its first input.
pub struct SeveralProbe {
    config: RelayConfig,
    rng: Rng,
    /// The allocations, each with whether it is settled: granted, or refused.
    clients: Vec<(TurnClient, bool)>,
    granted: u32,
    refused: Option<u16>,
    until: Instant,
    leaving: Option<u32>,
    over: bool,
    out: VecDeque<Output>,
}

impl SeveralProbe {
    /// A probe of a server that has given an allocation before.
    pub fn new(config: RelayConfig, rng: Rng) -> Self {
        Self {
            config,
            rng,
            clients: Vec::new(),
            granted: 0,
            refused: None,
            until: Instant::START,
            leaving: None,
            over: false,
            out: VecDeque::new(),
        }
    }

    fn begin(&mut self, now: Instant) {
        self.until = now + PATIENCE;
        for number in 0..AT_ONCE {
            let (server, rng) = (self.config.server, self.rng.fork());
            let mut client = TurnClient::new(&self.config, server, None, SocketId(number), rng);
            let open = client.open(now, &self.config);
            self.out.push_back(open);
            self.clients.push((client, false));
        }
    }

    fn client(&mut self, socket: SocketId) -> Option<&mut (TurnClient, bool)> {
        self.clients.iter_mut().find(|(client, _)| client.socket == socket)
    }

    fn hear(&mut self, event: Event) -> bool {
        match event {
            Event::Allocated { .. } => self.granted += 1,
            Event::Failed { method: Method::Allocate, error, .. } => {
                if let Error::Refused { code, .. } = error {
                    self.refused = Some(code);
                }
            }
            Event::Released { .. } | Event::Failed { method: Method::Refresh, .. } => {
                self.leaving = self.leaving.map(|left| left.saturating_sub(1));
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Passes on what the allocations want, and ends when all of them are settled.
    fn pump(&mut self, now: Instant) {
        for index in 0..self.clients.len() {
            while let Some(output) = self.clients.get_mut(index).and_then(|(client, _)| client.allocation.poll()) {
                match output {
                    turn::Output::Send(data) => {
                        let socket = self.clients.get(index).map_or(SocketId(0), |(client, _)| client.socket);
                        self.out.push_back(Output::Send { socket, to: self.config.server, data });
                    }
                    turn::Output::Event(event) => {
                        let settles = self.hear(event);
                        if let Some((_, settled)) = self.clients.get_mut(index) {
                            *settled |= settles;
                        }
                    }
                }
            }
        }
        let is_settled = self.clients.iter().all(|(_, settled)| *settled);
        if self.leaving.is_none() && (is_settled || now >= self.until) {
            self.leave(now);
            return self.pump(now);
        }
        self.over |= self.leaving == Some(0) || self.leaving.is_some() && now >= self.until;
    }

    fn leave(&mut self, now: Instant) {
        let by = Origin { question: Question::Relay, uri: Some((&self.config.target).into()) };
        let fact = Fact::Turn(TurnFact::AllocatedSeveral {
            transport: self.config.target.transport,
            server: self.config.server,
            asked: AT_ONCE,
            granted: self.granted,
            refused: self.refused,
        });
        self.out.push_back(Output::Observe { by, fact });
        let released = self.clients.iter_mut().map(|(client, _)| u32::from(client.release(now)));
        self.leaving = Some(released.sum());
        self.until = now + PATIENCE;
    }
}

impl Machine for SeveralProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Stop if self.clients.is_empty() => self.over = true,
            _ if self.over => return,
            Input::Stop if self.leaving.is_none() => self.leave(now),
            _ if self.clients.is_empty() => self.begin(now),
            Input::Opened { socket, local, tls } => {
                if let Some((client, _)) = self.client(socket) {
                    // This connection is like those before it: there is nothing new to report.
                    drop(client.opened(now, local, tls));
                }
            }
            Input::Failed { socket, failure, tls } => {
                if let Some((client, settled)) = self.client(socket) {
                    drop(client.failed(now, failure, tls));
                    *settled = true;
                }
            }
            Input::Ended { socket } => {
                if let Some((client, settled)) = self.client(socket) {
                    drop(client.ended());
                    *settled = true;
                }
            }
            Input::Received { socket, from, data } if from == self.config.server => {
                if let Some((client, _)) = self.client(socket) {
                    client.allocation.handle_received(now, &data);
                }
            }
            Input::Woken => self.clients.iter_mut().for_each(|(client, _)| client.allocation.handle_wake(now)),
            _ => {}
        }
        self.pump(now);
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        if self.over {
            return Output::Wait(Wake::Finished);
        }
        let wakes = self.clients.iter().filter_map(|(client, _)| client.allocation.wake());
        Output::Wait(
            wakes.chain((!self.clients.is_empty()).then_some(self.until)).min().map_or(Wake::OnInput, Wake::At),
        )
    }
}

//! Does one socket keep one public address towards every destination? (RFC 5780 §4.3, RFC 4787 §4.1)
//!
//! One socket asks several endpoints: a server, its alternate address and ports where it has them, and other servers.
//! The answers are also the proof that the alternate address is alive, which the filtering probe's silence needs.
//! When all are in, the same socket, whose filter the alternate address has passed by now, asks for an answer from
//! there: the proof that the server honours CHANGE-REQUEST.

use super::ask::{Asker, Heard};
use crate::machine::{Dice, Input, Instant, Machine, Output, SocketId};
use crate::model::{Asked, Code, Origin, Question};
use crate::transaction::Schedule;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What to ask.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// Its OTHER-ADDRESS, where it gave one that makes sense.
    pub other: Option<SocketAddr>,
    /// Other servers that have answered, of the same family.
    pub also: Vec<SocketAddr>,
    /// The round trip to `server`.
    pub rtt: Duration,
}

impl Mapping {
    /// The endpoints to ask, each once. With OTHER-ADDRESS: RFC 5780's tests I (the server), II (the other address,
    /// same port), III (both other), and the same address with the other port, which tells address-dependent from
    /// address-and-port-dependent even where the other address is dead.
    fn endpoints(&self) -> Vec<SocketAddr> {
        let mut endpoints = vec![self.server];
        if let Some(other) = self.other {
            endpoints.extend([
                SocketAddr::new(other.ip(), self.server.port()),
                other,
                SocketAddr::new(self.server.ip(), other.port()),
            ]);
        }
        endpoints.extend(&self.also);
        let mut seen = Vec::new();
        endpoints.retain(|endpoint| {
            !seen.contains(endpoint) && {
                seen.push(*endpoint);
                true
            }
        });
        endpoints
    }
}

/// Why an OTHER-ADDRESS cannot serve for behaviour discovery (RFC 5780 §6 asks for another address *and* another
/// port); None where it can.
pub fn other_address_fault(server: SocketAddr, other: SocketAddr) -> Option<Code> {
    let is_local = |ip: IpAddr| match ip {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unicast_link_local() || v6.is_unique_local(),
    };
    if server.is_ipv4() != other.is_ipv4() {
        Some(Code::OtherAddressWrongFamily)
    } else if server.ip() == other.ip() || server.port() == other.port() {
        Some(Code::OtherAddressIsOwn)
    } else if is_local(other.ip()) && !is_local(server.ip()) {
        Some(Code::OtherAddressNotPublic)
    } else {
        None
    }
}

/// The probe.
pub struct MappingProbe {
    mapping: Mapping,
    asker: Asker,
    socket: Option<SocketId>,
    control_asked: bool,
    stopped: bool,
}

impl MappingProbe {
    pub fn new(mapping: Mapping, dice: Dice) -> Self {
        let asker = Asker::new(Origin { question: Question::Mapping, uri: None }, dice);
        Self { mapping, asker, socket: None, control_asked: false, stopped: false }
    }

    fn hear(&mut self, now: Instant, heard: Heard) {
        match heard {
            Heard::Opened { socket } => {
                self.socket = Some(socket);
                for endpoint in self.mapping.endpoints() {
                    self.asker.ask(now, socket, endpoint, Asked::Plain, Schedule::known(self.mapping.rtt));
                }
            }
            Heard::NotOpened { .. } => self.stopped = true,
            Heard::Answer(_) | Heard::Nothing { .. } => {}
        }
    }

    /// Once every endpoint has answered or been given up.
    fn ask_control(&mut self, now: Instant, socket: SocketId) {
        self.control_asked = true;
        if self.mapping.other.is_some_and(|other| other.ip() != self.mapping.server.ip()) {
            let schedule = Schedule { sends: 5, ..Schedule::known(self.mapping.rtt) };
            self.asker.ask(now, socket, self.mapping.server, Asked::ChangeAddressAndPort, schedule);
        }
    }
}

impl Machine for MappingProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.asker.is_unused() => {
                self.asker.open(self.mapping.server);
            }
            Input::Stop => self.stopped = true,
            input => {
                for heard in self.asker.handle(now, input) {
                    self.hear(now, heard);
                }
            }
        }
        if let Some(socket) = self.socket.filter(|_| self.asker.is_idle() && !self.control_asked) {
            self.ask_control(now, socket);
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || self.control_asked && self.asker.is_idle();
        self.asker.poll(over)
    }
}

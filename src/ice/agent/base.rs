//! Where an agent sends from: a socket of its own on each address, an allocation on each relay, TCP either way.

use crate::machine::{Instant, Open, Output, Rng, SocketId};
use crate::model::{Candidate, PairEnd, Tally, Transport};
use crate::turn::{self, Allocation, Credentials};
use std::net::SocketAddr;

/// A server that helps to gather, by an address of its own.
#[derive(Clone, Debug)]
pub struct IceServer {
    pub uri: String,
    pub server: SocketAddr,
    pub transport: Transport,
    /// For TLS: whom its certificate must name.
    pub server_name: String,
    /// None for a server that is not asked to relay.
    pub relays: Option<Relays>,
}

/// What it takes to be relayed.
#[derive(Clone, Debug)]
pub struct Relays {
    pub credentials: Option<Credentials>,
    pub insecure: bool,
    pub unix_now: u64,
}

pub(super) enum Way {
    /// The socket of a host candidate, at this address.
    Udp { socket: SocketId, local: SocketAddr },
    /// An allocation, at this relayed address once it is there.
    Relay(Box<Relay>),
    /// Connections made from a host's address (RFC 6544 §4.1).
    Active,
    /// Connections taken here.
    Passive { listener: SocketId, local: SocketAddr },
}

pub(super) struct Base {
    pub way: Way,
    /// The host or relayed candidate of this base, once it is there.
    pub candidate: Option<Candidate>,
    /// What was sent to and heard from servers on it: the control for the silence of its pairs.
    pub control: Tally,
    /// A server that answered it, and its URI.
    pub server: Option<(SocketAddr, String)>,
    /// Where that server saw it last.
    pub mapped: Option<SocketAddr>,
    /// It sends nothing any more.
    pub gone: bool,
}

impl Base {
    pub fn new(way: Way) -> Self {
        Self { way, candidate: None, control: Tally::default(), server: None, mapped: None, gone: false }
    }

    /// This end of a pair, as a report shows it.
    pub fn end(&self) -> Option<PairEnd> {
        self.candidate.as_ref().map(pair_end)
    }
}

pub(super) fn pair_end(candidate: &Candidate) -> PairEnd {
    PairEnd {
        kind: candidate.kind,
        protocol: candidate.protocol,
        address: crate::model::Host::Address(candidate.address),
        port: candidate.port,
        tcp_type: candidate.tcp_type,
        relay_protocol: candidate.relay_protocol,
        server: candidate.server.clone(),
    }
}

/// An allocation with the socket that it lives on.
pub(super) struct Relay {
    pub socket: SocketId,
    pub server: IceServer,
    pub allocation: Allocation,
    pub is_open: bool,
    /// It has been asked for and neither come nor failed.
    pub is_pending: bool,
}

impl Relay {
    pub fn new(server: IceServer, socket: SocketId, rng: Rng) -> Option<Self> {
        let relays = server.relays.clone()?;
        let config = turn::Config {
            transport: server.transport,
            credentials: relays.credentials,
            unix_now: relays.unix_now,
            // IPv4 is given unasked, and every peer is taken to have it.
            family: None,
            lifetime: None,
        };
        let allocation = Allocation::new(config, rng);
        Some(Self { socket, server, allocation, is_open: false, is_pending: true })
    }

    pub fn open(&self) -> Output {
        let to = self.server.server;
        let open = match self.server.transport {
            Transport::Udp | Transport::Dtls => {
                Open::Udp { bind: crate::machine::Bind::Toward(to), dont_fragment: false }
            }
            Transport::Tcp => Open::Tcp { to },
            Transport::Tls => {
                let insecure = self.server.relays.as_ref().is_some_and(|relays| relays.insecure);
                Open::Tls { to, server_name: self.server.server_name.clone(), insecure }
            }
        };
        Output::Open { socket: self.socket, open }
    }

    /// Gives the allocation back; false where there is none to give.
    pub fn release(&mut self, now: Instant) -> bool {
        self.is_open && self.allocation.release(now)
    }
}

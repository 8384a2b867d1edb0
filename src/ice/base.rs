//! One base (RFC 8445 §4): a socket on an address of this machine, an allocation on a relay, or TCP.

use super::config::IceServer;
use crate::machine::{Bind, Open, Rng, SocketId};
use crate::model::{Candidate, Host, PairEnd, Protocol, ServerUri, Tally, Transport};
use crate::turn::{self, Allocation};
use std::net::{IpAddr, SocketAddr};

/// How a base sends.
pub(super) enum BaseKind {
    /// A base sends from the socket of a host candidate, at this address.
    Udp { socket: SocketId, local: SocketAddr },
    /// A base sends through an allocation: from its relayed address, once that is there.
    Relay(Box<RelayBase>),
    /// A base sends over connections that it opens from a host's address (RFC 6544 §4.1).
    Active,
    /// A base sends over connections that it accepts here.
    Passive { listener: SocketId, local: SocketAddr },
}

/// What a candidate of ours sends from.
pub(super) struct Base {
    pub kind: BaseKind,
    /// The host or relayed candidate of this base, once it is there.
    pub candidate: Option<Candidate>,
    /// Requests to servers from here and their answers: the control for the silence of its pairs.
    pub control: Tally,
    /// A server that answered from here, and its URI.
    pub server: Option<(SocketAddr, ServerUri)>,
    /// The mapped address under which that server saw this base last.
    pub mapped: Option<SocketAddr>,
    /// Its socket is lost: it sends nothing any more.
    pub gone: bool,
}

impl Base {
    pub(super) fn new(kind: BaseKind) -> Self {
        Self { kind, candidate: None, control: Tally::default(), server: None, mapped: None, gone: false }
    }

    /// This end of a pair, as a report shows it; None before its candidate is there.
    pub(super) fn end(&self) -> Option<PairEnd> {
        self.candidate.as_ref().map(pair_end)
    }

    /// The address of its socket on this machine; None where it has none of its own.
    pub(super) fn local(&self) -> Option<SocketAddr> {
        match self.kind {
            BaseKind::Udp { local, .. } | BaseKind::Passive { local, .. } => Some(local),
            BaseKind::Active | BaseKind::Relay(_) => None,
        }
    }

    /// The address of a host candidate's UDP socket; None of any other base.
    pub(super) fn udp_local(&self) -> Option<SocketAddr> {
        if let BaseKind::Udp { local, .. } = self.kind { Some(local) } else { None }
    }

    pub(super) fn relay(&self) -> Option<&RelayBase> {
        if let BaseKind::Relay(relay) = &self.kind { Some(relay) } else { None }
    }

    pub(super) fn relay_mut(&mut self) -> Option<&mut RelayBase> {
        if let BaseKind::Relay(relay) = &mut self.kind { Some(relay) } else { None }
    }

    pub(super) fn protocol(&self) -> Protocol {
        match self.kind {
            BaseKind::Udp { .. } | BaseKind::Relay(_) => Protocol::Udp,
            BaseKind::Active | BaseKind::Passive { .. } => Protocol::Tcp,
        }
    }

    /// Whether it can send to this address: a relay needs its permission (RFC 8656 §9).
    pub(super) fn can_send_to(&self, peer: IpAddr) -> bool {
        !self.gone && self.relay().is_none_or(|relay| relay.allocation.is_permitted(peer))
    }

    /// Whether its candidate is still to come.
    pub(super) fn is_pending(&self) -> bool {
        match &self.kind {
            BaseKind::Udp { local, .. } | BaseKind::Passive { local, .. } => local.port() == 0 && !self.gone,
            BaseKind::Relay(relay) => relay.is_pending,
            BaseKind::Active => false,
        }
    }
}

/// A candidate of ours as the end of a pair.
pub(super) fn pair_end(candidate: &Candidate) -> PairEnd {
    PairEnd {
        kind: candidate.kind,
        protocol: candidate.protocol,
        address: Host::Address(candidate.address),
        port: candidate.port,
        tcp_type: candidate.tcp_type,
        relay_protocol: candidate.relay_protocol,
        server: candidate.server.clone(),
    }
}

/// An allocation and the socket that it lives on.
pub(super) struct RelayBase {
    pub socket: SocketId,
    pub server: IceServer,
    pub allocation: Allocation,
    pub is_open: bool,
    /// It was asked for, or asked to be released, and has neither come nor failed.
    pub is_pending: bool,
}

impl RelayBase {
    pub(super) fn new(server: IceServer, socket: SocketId, rng: Rng) -> Option<Self> {
        let access = server.relaying.clone()?;
        let config = turn::Config {
            transport: server.transport,
            credentials: access.credentials,
            unix_now: access.unix_now,
            // A server allocates IPv4 unless asked for more (RFC 8656 §7.2), and every peer is taken to have it.
            family: None,
            lifetime: None,
        };
        let allocation = Allocation::new(config, rng);
        Some(Self { socket, server, allocation, is_open: false, is_pending: true })
    }

    pub(super) fn open(&self) -> Open {
        let to = self.server.server;
        match self.server.transport {
            Transport::Udp | Transport::Dtls => Open::Udp { bind: Bind::Toward(to), dont_fragment: false },
            Transport::Tcp => Open::Tcp { to },
            Transport::Tls => {
                let insecure = self.server.relaying.as_ref().is_some_and(|access| access.insecure);
                Open::Tls { to, server_name: self.server.server_name.clone(), insecure }
            }
        }
    }
}

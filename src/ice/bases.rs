//! All bases of an agent: what comes in on each, and what leaves from each.

use super::agent_io::AgentIo;
use super::base::{Base, BaseKind, RelayBase};
use super::config::IceServer;
use super::tcp::Tcp;
use crate::machine::{Bind, Instant, Open, SocketId};
use crate::model::{Failure, Method, PairFailure, RelayState, Tally, Text};
use crate::turn;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

/// What became of a base, or came in on one.
pub(super) enum BaseEvent {
    /// Its socket is there, at this address.
    Bound { base: usize, local: SocketAddr },
    /// Its allocation is there.
    Allocated { base: usize, relayed: SocketAddr, mapped: Option<SocketAddr> },
    /// A datagram of the peer's, or a frame of a connection with it.
    Received { base: usize, from: SocketAddr, data: Vec<u8> },
    /// Nothing reaches the peer from here any more: with one endpoint of it, one address of it, or at all.
    Unreachable { base: usize, peer: PeerScope, failure: PairFailure },
    /// A relay's server answered, refused or was silent when asked about its allocation: `asked` counts the requests.
    RelayChecked { base: usize, found: RelayState, asked: Tally },
}

/// How much of the peer a failure is about.
pub(super) enum PeerScope {
    Endpoint(SocketAddr),
    Address(IpAddr),
    Everything,
}

/// All bases of an agent, by number; a number stands for one base until a restart.
#[derive(Default)]
pub(super) struct AgentBases {
    bases: Vec<Base>,
    tcp: Tcp,
    events: VecDeque<BaseEvent>,
}

impl AgentBases {
    pub(super) fn get(&self, base: usize) -> Option<&Base> {
        self.bases.get(base)
    }

    pub(super) fn get_mut(&mut self, base: usize) -> Option<&mut Base> {
        self.bases.get_mut(base)
    }

    /// All of them, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Base> {
        self.bases.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.bases.len()
    }

    pub(super) fn poll_event(&mut self) -> Option<BaseEvent> {
        self.events.pop_front()
    }

    /// Whether a candidate of some base is still to come, or a release still to be answered.
    pub(super) fn is_pending(&self) -> bool {
        self.bases.iter().any(Base::is_pending)
    }

    /// Whether the release of an allocation is still to be answered.
    pub(super) fn is_releasing(&self) -> bool {
        self.bases.iter().any(|base| !base.gone && base.relay().is_some_and(|relay| relay.is_pending))
    }

    // Opening.

    /// A socket for a host candidate of this address.
    pub(super) fn open_udp(&mut self, io: &mut AgentIo, address: IpAddr) {
        let (socket, local) = (io.socket_id(), SocketAddr::new(address, 0));
        self.bases.push(Base::new(BaseKind::Udp { socket, local }));
        io.open(socket, Open::Udp { bind: Bind::At(local), dont_fragment: false });
    }

    /// A base for connections that we make; needs no socket before one is made (RFC 6544 §5.1). Returns its number.
    pub(super) fn add_active(&mut self) -> usize {
        self.bases.push(Base::new(BaseKind::Active));
        self.bases.len() - 1
    }

    /// A socket that accepts connections at this address.
    pub(super) fn open_passive(&mut self, io: &mut AgentIo, address: IpAddr) {
        let (listener, local) = (io.socket_id(), SocketAddr::new(address, 0));
        self.bases.push(Base::new(BaseKind::Passive { listener, local }));
        io.open(listener, Open::Listen { at: local, secure: false });
    }

    /// A socket for an allocation on this server. False where there are `most` already.
    pub(super) fn open_relay(&mut self, io: &mut AgentIo, server: IceServer, most: usize) -> bool {
        let relays = self.bases.iter().filter(|base| base.relay().is_some()).count();
        let (socket, rng) = (io.socket_id(), io.rng.fork());
        let Some(relay) = RelayBase::new(server, socket, rng) else { return true };
        if relays >= most {
            return false;
        }
        io.open(socket, relay.open());
        self.bases.push(Base::new(BaseKind::Relay(Box::new(relay))));
        true
    }

    // Input.

    pub(super) fn opened(&mut self, io: &mut AgentIo, socket: SocketId, local: SocketAddr) {
        for (at, base) in self.bases.iter_mut().enumerate() {
            match &mut base.kind {
                BaseKind::Udp { socket: own, local: bound } | BaseKind::Passive { listener: own, local: bound }
                    if *own == socket =>
                {
                    *bound = local;
                    return self.events.push_back(BaseEvent::Bound { base: at, local });
                }
                BaseKind::Relay(relay) if relay.socket == socket => {
                    relay.is_open = true;
                    relay.allocation.start(io.now);
                    return self.drain(io, at);
                }
                _ => {}
            }
        }
        self.tcp.opened(io, socket);
    }

    pub(super) fn failed(&mut self, socket: SocketId, failure: &Failure) {
        for (at, base) in self.bases.iter_mut().enumerate() {
            match &base.kind {
                BaseKind::Udp { socket: own, .. } | BaseKind::Passive { listener: own, .. } if *own == socket => {
                    base.gone = true;
                    let failure = PairFailure::Unreachable { failure: failure.clone() };
                    let event = BaseEvent::Unreachable { base: at, peer: PeerScope::Everything, failure };
                    return self.events.push_back(event);
                }
                BaseKind::Relay(relay) if relay.socket == socket => return self.relay_closed(at),
                _ => {}
            }
        }
        self.connection_closed(socket, failure);
    }

    /// The other end of a stream has ended it.
    pub(super) fn ended(&mut self, socket: SocketId) {
        match self.relay_on(socket) {
            Some(at) => self.relay_closed(at),
            None => self.connection_closed(socket, &Failure::Reset),
        }
    }

    pub(super) fn accepted(&mut self, io: &mut AgentIo, listener: SocketId, socket: SocketId, remote: SocketAddr) {
        let accepts = |base: &Base| matches!(base.kind, BaseKind::Passive { listener: own, .. } if own == listener);
        let base = self.bases.iter().position(accepts);
        if !base.is_some_and(|base| self.tcp.accepted(socket, base, remote)) {
            io.close(socket);
        }
    }

    pub(super) fn received(&mut self, io: &mut AgentIo, socket: SocketId, from: SocketAddr, data: Vec<u8>) {
        if let Some(base) = self.on_udp(socket) {
            self.events.push_back(BaseEvent::Received { base, from, data });
        } else if self.tcp.owns(socket) {
            if let Some((base, from, frames)) = self.tcp.received(socket, &data) {
                let received = frames.into_iter().map(|data| BaseEvent::Received { base, from, data });
                self.events.extend(received);
            }
        } else if let Some(at) = self.relay_on(socket) {
            if let Some(relay) = self.bases.get_mut(at).and_then(Base::relay_mut)
                && relay.server.server == from
            {
                relay.allocation.handle_received(io.now, &data);
            }
            self.drain(io, at);
        }
    }

    /// Lets the allocations do what is due.
    pub(super) fn handle_wake(&mut self, io: &mut AgentIo) {
        for at in 0..self.bases.len() {
            if let Some(relay) = self.bases.get_mut(at).and_then(Base::relay_mut) {
                if relay.allocation.wake().is_some_and(|wake| wake <= io.now) {
                    relay.allocation.handle_wake(io.now);
                }
                self.drain(io, at);
            }
        }
    }

    /// When an allocation has something to do.
    pub(super) fn wake(&self) -> Option<Instant> {
        self.bases.iter().filter_map(|base| base.relay()?.allocation.wake()).min()
    }

    // Sending.

    /// One datagram or frame from this base; over TCP it may wait for its connection.
    pub(super) fn send(&mut self, io: &mut AgentIo, base: usize, to: SocketAddr, data: &[u8]) {
        match self.bases.get_mut(base).map(|base| &mut base.kind) {
            Some(BaseKind::Udp { socket, .. }) => io.send(*socket, to, data.to_vec()),
            Some(BaseKind::Relay(relay)) => {
                relay.allocation.send_to(to, data);
                self.drain(io, base);
            }
            Some(BaseKind::Active) => self.tcp.send(io, base, true, to, data),
            Some(BaseKind::Passive { .. }) => self.tcp.send(io, base, false, to, data),
            None => {}
        }
    }

    /// The same for media, which are late where they would have to wait for a connection.
    pub(super) fn send_media(&mut self, io: &mut AgentIo, base: usize, to: SocketAddr, data: &[u8]) {
        match self.bases.get(base).map(|base| &base.kind) {
            Some(BaseKind::Active | BaseKind::Passive { .. }) => self.tcp.send_media(io, base, to, data),
            _ => self.send(io, base, to, data),
        }
    }

    /// Lets a relay receive from and send to this address (RFC 8656 §9); nothing where the base is no relay.
    pub(super) fn permit(&mut self, io: &mut AgentIo, base: usize, peer: IpAddr) {
        self.with_relay(io, base, |relay, now| relay.allocation.permit(now, peer));
    }

    /// Four bytes around each packet through a relay instead of 36 (RFC 8656 §12), and the permission for as long.
    pub(super) fn bind_channel(&mut self, io: &mut AgentIo, base: usize, peer: SocketAddr) {
        self.with_relay(io, base, |relay, now| {
            relay.allocation.bind_channel(now, peer);
        });
    }

    /// Asks a relay's server about its allocation; [`BaseEvent::RelayChecked`] follows. Returns the server; None where the
    /// base is no relay, or is gone.
    pub(super) fn probe_relay(&mut self, io: &mut AgentIo, base: usize) -> Option<SocketAddr> {
        let relay = self.get(base).filter(|base| !base.gone)?.relay()?;
        let server = relay.server.server;
        self.with_relay(io, base, |relay, now| relay.allocation.probe(now));
        Some(server)
    }

    fn with_relay(&mut self, io: &mut AgentIo, base: usize, act: impl FnOnce(&mut RelayBase, Instant)) {
        if let Some(relay) = self.bases.get_mut(base).and_then(Base::relay_mut) {
            act(relay, io.now);
            self.drain(io, base);
        }
    }

    // Closing.

    /// Gives all allocations back, which [`AgentBases::is_releasing`] watches.
    pub(super) fn release(&mut self, now: Instant) {
        for relay in self.bases.iter_mut().filter_map(Base::relay_mut) {
            relay.is_pending = relay.is_open && relay.allocation.release(now);
        }
    }

    /// Closes all sockets.
    pub(super) fn close(&mut self, io: &mut AgentIo) {
        self.close_but(io, None);
        *self = Self::default();
    }

    /// Closes all sockets but this base's. Allocations are given back without waiting for the answer: after a change of
    /// address nobody could tell whether it will come.
    pub(super) fn close_but(&mut self, io: &mut AgentIo, spared: Option<usize>) {
        for at in (0..self.bases.len()).filter(|at| Some(*at) != spared) {
            if let Some(relay) = self.bases.get_mut(at).and_then(Base::relay_mut) {
                relay.is_pending = relay.is_open && relay.allocation.release(io.now);
            }
            self.drain(io, at);
            if let Some(base) = self.bases.get_mut(at) {
                base.gone = true;
            }
            let socket = match self.bases.get(at).map(|base| &base.kind) {
                Some(BaseKind::Udp { socket, .. } | BaseKind::Passive { listener: socket, .. }) => *socket,
                Some(BaseKind::Relay(relay)) => relay.socket,
                Some(BaseKind::Active) | None => continue,
            };
            io.close(socket);
        }
        self.tcp.close(io);
    }

    // Inside.

    /// Whether this socket is a base's, connections aside.
    pub(super) fn owns(&self, socket: SocketId) -> bool {
        self.on_udp(socket).or_else(|| self.relay_on(socket)).is_some()
    }

    pub(super) fn on_udp(&self, socket: SocketId) -> Option<usize> {
        self.bases.iter().position(|base| matches!(base.kind, BaseKind::Udp { socket: own, .. } if own == socket))
    }

    fn relay_on(&self, socket: SocketId) -> Option<usize> {
        self.bases.iter().position(|base| base.relay().is_some_and(|relay| relay.socket == socket))
    }

    fn relay_closed(&mut self, base: usize) {
        let found = RelayState::Closed;
        self.events.push_back(BaseEvent::RelayChecked { base, found, asked: Tally::default() });
        self.lose_relay(base);
    }

    fn lose_relay(&mut self, at: usize) {
        let Some(base) = self.bases.get_mut(at) else { return };
        base.gone = true;
        if let Some(relay) = base.relay_mut() {
            (relay.is_open, relay.is_pending) = (false, false);
        }
        self.unreachable(at, PeerScope::Everything, PairFailure::RelayLost);
    }

    fn connection_closed(&mut self, socket: SocketId, failure: &Failure) {
        if let Some((base, remote)) = self.tcp.closed(socket) {
            let failure = PairFailure::Unreachable { failure: failure.clone() };
            self.unreachable(base, PeerScope::Endpoint(remote), failure);
        }
    }

    fn unreachable(&mut self, base: usize, peer: PeerScope, failure: PairFailure) {
        self.events.push_back(BaseEvent::Unreachable { base, peer, failure });
    }

    /// Takes what an allocation sends and reports.
    fn drain(&mut self, io: &mut AgentIo, at: usize) {
        while let Some(relay) = self.bases.get_mut(at).and_then(Base::relay_mut) {
            match relay.allocation.poll() {
                None => return,
                Some(turn::Output::Send(data)) => io.send(relay.socket, relay.server.server, data),
                Some(turn::Output::Event(event)) => self.relay_event(at, event),
            }
        }
    }

    fn relay_event(&mut self, base: usize, event: turn::Event) {
        match event {
            turn::Event::Allocated { relayed, mapped, .. } => {
                if let Some(relay) = self.bases.get_mut(base).and_then(Base::relay_mut) {
                    relay.is_pending = false;
                }
                self.events.push_back(BaseEvent::Allocated { base, relayed, mapped });
            }
            // The answer shows that packets pass between here and the server.
            turn::Event::Permitted { .. } => {
                if let Some(base) = self.bases.get_mut(base) {
                    base.control = base.control.and(Tally { sent: 1, answered: 1 });
                }
            }
            turn::Event::Data { peer, data } => {
                self.events.push_back(BaseEvent::Received { base, from: peer, data });
            }
            turn::Event::Lost { .. } => {
                self.forgotten(base, 437, Text::default());
                self.lose_relay(base);
            }
            turn::Event::Released { .. } | turn::Event::Failed { method: Method::Allocate, .. } => {
                self.lose_relay(base);
            }
            turn::Event::Failed { method: Method::Refresh, error, .. } => match error {
                turn::Error::Refused { code, reason, .. } => self.forgotten(base, code, reason),
                turn::Error::Silent { sent, .. } => {
                    self.checked(base, RelayState::Silent, Tally { sent, answered: 0 });
                }
                turn::Error::NoCredentials
                | turn::Error::BidDown
                | turn::Error::Unanswerable(_)
                | turn::Error::Anomalous(_) => {}
            },
            turn::Event::Refreshed { .. } => self.checked(base, RelayState::Answers, Tally { sent: 1, answered: 1 }),
            turn::Event::Failed { peer: Some(peer), error, .. } => {
                let failure = match error {
                    turn::Error::Refused { code, reason, .. } => PairFailure::RelayRefused { code, reason },
                    _ => PairFailure::RelayLost,
                };
                self.unreachable(base, PeerScope::Address(peer), failure);
            }
            turn::Event::Failed { .. }
            | turn::Event::Challenged { .. }
            | turn::Event::ChannelBound { .. }
            | turn::Event::Anomalous(_) => {}
        }
    }

    fn forgotten(&mut self, base: usize, code: u16, reason: Text) {
        self.checked(base, RelayState::Forgotten { code, reason }, Tally { sent: 1, answered: 1 });
    }

    fn checked(&mut self, base: usize, found: RelayState, asked: Tally) {
        self.events.push_back(BaseEvent::RelayChecked { base, found, asked });
    }
}

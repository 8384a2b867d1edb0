//! The embedded server: STUN with RFC 5780 and TURN (RFC 8656) over UDP, TCP and TLS, as one machine.
//!
//! It is a test server that is safe by default: it relays to listed peers only ([`Peers`]), stores nothing of a request
//! before its credentials are verified, bounds all that it stores ([`Limits`]), limits responses by source, and sends no
//! SOFTWARE. This file owns the sockets and dispatches each packet: to `binding` for STUN, to `turn` for TURN requests, to
//! `traffic` for relayed data. Bounding the send queues is left to the world.

mod allocation;
mod amplification;
mod auth;
mod binding;
mod config;
mod echo;
mod effects;
mod limits;
mod peers;
mod rfc5780_sockets;
#[cfg(test)]
mod tests;
mod traffic;
mod turn;

pub use auth::{Access, NotUsable};
pub use config::{Aliases, BoundAddresses, Config, NotBound, Relaying, UdpAddresses, UdpSite};
pub use limits::Limits;
pub use peers::{AddressRange, InvalidRange, Peers};

use crate::machine::{Input, Instant, Ledger, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{DatagramClass, Failure, Transport};
use crate::wire::{self, Class, Datagram, Echo, EchoKind, Frames, Message, StunMethod};
use allocation::FiveTuple;
use amplification::unproven_room;
use binding::Via;
use echo::EchoService;
use effects::Effects;
use limits::PerSource;
use rfc5780_sockets::Rfc5780Sockets;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use turn::TurnService;

/// Opens its sockets at the first input. On [`Input::Stop`] it drops its allocations and finishes.
pub struct StunTurnServer {
    udp_sites: Vec<Rfc5780Sockets>,
    /// From here on the sites are those of the echo alone.
    first_echo_site: usize,
    echo: Option<EchoService>,
    listeners: Vec<StreamListener>,
    streams: BTreeMap<SocketId, ClientStream>,
    stream_sources: Ledger,
    turn: Option<TurnService>,
    aliases: Aliases,
    limits: Limits,
    large_answers: PerSource,
    not_bound: Vec<NotBound>,
    left_out: Vec<NotBound>,
    effects: Effects,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Serving,
    Stopped,
}

struct StreamListener {
    at: SocketAddr,
    transport: Transport,
    socket: Option<SocketId>,
    local: Option<SocketAddr>,
}

struct ClientStream {
    local: SocketAddr,
    remote: SocketAddr,
    frames: Frames,
    /// When the last whole message ended; that of the accept before the first.
    heard: Instant,
    /// When the first byte of an unfinished message came.
    begun: Option<Instant>,
    has_spoken: bool,
}

impl ClientStream {
    fn client(&self, socket: SocketId) -> FiveTuple {
        FiveTuple { socket, at: self.remote, on_stream: true }
    }

    /// When the stream is closed unless a whole message comes. An allocation keeps it, but not an unfinished message.
    fn ends(&self, now: Instant, has_allocation: bool, limits: &Limits) -> Instant {
        let idle = match (has_allocation, self.has_spoken) {
            (true, _) => now + limits.idle_stream,
            (false, true) => self.heard + limits.idle_stream,
            (false, false) => self.heard + limits.message,
        };
        self.begun.map_or(idle, |begun| idle.min(begun + limits.message))
    }
}

impl StunTurnServer {
    /// A server that has not opened any socket yet. `seed` makes its nonces, transaction ids and relay ports.
    pub fn new(config: Config, mut seed: Rng) -> Self {
        let listener = |at, transport| StreamListener { at, transport, socket: None, local: None };
        let tcp = config.tcp.into_iter().map(|at| listener(at, Transport::Tcp));
        let tls = config.tls.into_iter().map(|at| listener(at, Transport::Tls));
        let first_echo_site = config.udp.len();
        let echo = (!config.echo.is_empty()).then(|| EchoService::new(&config.limits, &mut seed));
        let echo_sites = config.echo.into_iter().map(UdpSite::single);
        Self {
            udp_sites: config.udp.into_iter().chain(echo_sites).map(Rfc5780Sockets::new).collect(),
            first_echo_site,
            echo,
            listeners: tcp.chain(tls).collect(),
            streams: BTreeMap::new(),
            stream_sources: Ledger::new(config.limits.streams),
            turn: config
                .relaying
                .map(|relaying| TurnService::new(relaying, config.aliases.clone(), config.limits, &mut seed)),
            aliases: config.aliases,
            limits: config.limits,
            large_answers: PerSource::new(config.limits.large_answers_per_second, &mut seed),
            not_bound: Vec::new(),
            left_out: Vec::new(),
            effects: Effects::default(),
            state: State::Idle,
        }
    }

    /// True once every configured address is open or has failed.
    pub fn is_ready(&self) -> bool {
        let is_waiting = |listener: &StreamListener| listener.socket.is_some() && listener.local.is_none();
        self.state == State::Serving
            && self.udp_sites.iter().all(Rfc5780Sockets::is_decided)
            && !self.listeners.iter().any(is_waiting)
    }

    /// The addresses that are open, in the order of the configuration.
    pub fn addresses(&self) -> BoundAddresses {
        let streams = |transport| {
            let listeners = self.listeners.iter().filter(move |listener| listener.transport == transport);
            listeners.filter_map(|listener| listener.local).collect()
        };
        let (own, echo) = self.udp_sites.split_at(self.first_echo_site);
        BoundAddresses {
            udp: own.iter().map(Rfc5780Sockets::addresses).collect(),
            echo: echo.iter().flat_map(|site| site.addresses().open).collect(),
            tcp: streams(Transport::Tcp),
            tls: streams(Transport::Tls),
        }
    }

    /// The addresses that could not be opened. The others are served; whether they suffice is for the caller to decide.
    pub fn failures(&self) -> &[NotBound] {
        &self.not_bound
    }

    /// The addresses of the echo that could not be opened, and are left out.
    pub fn left_out(&self) -> &[NotBound] {
        &self.left_out
    }

    /// How many allocations exist now.
    pub fn allocations(&self) -> usize {
        self.turn.as_ref().map_or(0, |turn| turn.allocations.len())
    }

    fn start(&mut self) {
        self.state = State::Serving;
        for site in &mut self.udp_sites {
            site.advance(&mut self.effects);
        }
        for listener in &mut self.listeners {
            let open = Open::Listen { at: listener.at, secure: listener.transport == Transport::Tls };
            listener.socket = self.effects.open(open);
        }
    }

    fn stop(&mut self) {
        self.state = State::Stopped;
        self.effects.drop_sends();
        if let Some(turn) = &mut self.turn {
            turn.close(&mut self.effects);
        }
        for socket in std::mem::take(&mut self.streams).into_keys() {
            self.effects.close(socket);
        }
        for socket in self.listeners.drain(..).filter_map(|listener| listener.socket) {
            self.effects.close(socket);
        }
        for site in &mut self.udp_sites {
            site.close(&mut self.effects);
        }
    }

    fn opened(&mut self, now: Instant, socket: SocketId, local: SocketAddr) {
        if self.udp_sites.iter_mut().any(|site| site.opened(&mut self.effects, socket, local)) {
            return;
        }
        if let Some(listener) = self.listeners.iter_mut().find(|listener| listener.socket == Some(socket)) {
            listener.local = Some(local);
        } else if let Some(turn) = &mut self.turn {
            turn.opened(now, &mut self.effects, socket, local);
        }
    }

    fn failed(&mut self, socket: SocketId, failure: Failure) {
        if self.streams.contains_key(&socket) {
            self.forget(socket);
        } else if let Some(listener) = self.listeners.iter_mut().find(|listener| listener.socket == Some(socket)) {
            (listener.socket, listener.local) = (None, None);
            self.not_bound.push(NotBound { transport: listener.transport, at: listener.at, failure });
        } else if let Some(turn) = self.turn.as_mut().filter(|turn| turn.relays.contains_key(&socket)) {
            turn.failed(&mut self.effects, socket, &failure);
        } else {
            let sites = self.udp_sites.iter_mut().enumerate();
            let failed = sites
                .filter_map(|(place, site)| Some((place, site.failed(&mut self.effects, socket, failure.clone())?)))
                .next();
            match failed {
                Some((place, not)) if place >= self.first_echo_site => self.left_out.push(not),
                failed => self.not_bound.extend(failed.map(|(_, not)| not)),
            }
        }
    }

    fn accepted(&mut self, now: Instant, socket: SocketId, local: SocketAddr, remote: SocketAddr) {
        if self.stream_sources.is_full() && !self.stream_sources.is_sated(remote.ip()) {
            self.make_room_for(remote);
        }
        if !self.stream_sources.take(remote.ip()) {
            self.effects.close(socket);
            return;
        }
        self.effects.look_again(now + self.limits.message);
        let (frames, begun, has_spoken) = (Frames::default(), None, false);
        self.streams.insert(socket, ClientStream { local, remote, frames, heard: now, begun, has_spoken });
    }

    /// Closes the stream that was silent for longest, of the source that holds the most and no allocation on it, where that
    /// is more than the newcomer would hold.
    fn make_room_for(&mut self, newcomer: SocketAddr) {
        let holds = |remote: &SocketAddr| self.stream_sources.held_by(remote.ip());
        let idle = self.streams.iter().filter(|(socket, stream)| !self.has_allocation(stream.client(**socket)));
        let greediest = idle.max_by_key(|(_, stream)| (holds(&stream.remote), std::cmp::Reverse(stream.heard)));
        if let Some((socket, stream)) = greediest
            && holds(&stream.remote) > holds(&newcomer) + 1
        {
            self.close_stream(*socket);
        }
    }

    fn has_allocation(&self, client: FiveTuple) -> bool {
        self.turn.as_ref().is_some_and(|turn| turn.allocations.contains_key(&client))
    }

    /// Removes a stream that has closed, and its allocation.
    fn forget(&mut self, socket: SocketId) {
        let Some(stream) = self.streams.remove(&socket) else { return };
        self.stream_sources.give_back(stream.remote.ip(), 1);
        if let Some(turn) = &mut self.turn {
            turn.release(&mut self.effects, stream.client(socket));
        }
    }

    fn close_stream(&mut self, socket: SocketId) {
        self.forget(socket);
        self.effects.close(socket);
    }

    fn received(&mut self, now: Instant, socket: SocketId, from: SocketAddr, data: &[u8]) {
        if let Some(turn) = self.turn.as_mut().filter(|turn| turn.relays.contains_key(&socket)) {
            turn.relay_in(now, &mut self.effects, socket, from, data);
        } else if let Some(stream) = self.streams.get_mut(&socket) {
            stream.frames.push(data);
            self.read_stream(now, socket);
        } else if from.port() != 0 {
            self.packet(now, FiveTuple { socket, at: from, on_stream: false }, data);
        }
    }

    fn read_stream(&mut self, now: Instant, socket: SocketId) {
        while let Some(stream) = self.streams.get_mut(&socket) {
            let client = stream.client(socket);
            match stream.frames.next_frame() {
                Ok(Some(frame)) => {
                    (stream.heard, stream.begun, stream.has_spoken) = (now, None, true);
                    self.packet(now, client, &frame);
                }
                Ok(None) if stream.frames.buffered() == 0 => return,
                Ok(None) => {
                    let begun = *stream.begun.get_or_insert(now);
                    return self.effects.look_again(begun + self.limits.message);
                }
                Err(_) => return self.close_stream(socket),
            }
        }
    }

    fn packet(&mut self, now: Instant, client: FiveTuple, bytes: &[u8]) {
        let effects = &mut self.effects;
        if let (Some(echo), Some(asked)) = (&mut self.echo, Echo::read(bytes)) {
            return echo.send_back(now, effects, client, asked, bytes.len());
        }
        match (wire::read(bytes), &mut self.turn) {
            (Ok(Datagram::Channel(message)), Some(turn)) => turn.channel_data(now, effects, client, message),
            (Ok(Datagram::Stun(message)), turn) if message.fingerprint_fits() != Some(false) => {
                match (message.class, message.method, turn) {
                    (Class::Request, StunMethod::Binding, _) => self.binding(now, client, &message, bytes),
                    (Class::Request, _, Some(turn)) if message.has_cookie => {
                        turn.request(now, effects, client, &message, bytes.len());
                    }
                    (Class::Indication, StunMethod::Send, Some(turn)) if message.has_cookie => {
                        turn.send(now, effects, client, &message);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn binding(&mut self, now: Instant, client: FiveTuple, request: &Message, bytes: &[u8]) {
        let sites = self.udp_sites.iter();
        let index = sites.filter_map(|site| Some((site, site.index_of(client.socket)?))).next();
        let via = match (index, self.streams.get(&client.socket)) {
            (Some((site, index)), _) => Via::Udp { site, index },
            (None, Some(stream)) => Via::Stream { socket: client.socket, local: stream.local },
            (None, None) => return,
        };
        let word = match (&mut self.echo, &via) {
            (Some(echo), Via::Udp { site, index }) => {
                // What is to be sent back and looks like a check is none.
                if let Some(asked) = Echo::in_message(request).filter(|echo| echo.kind != EchoKind::Counts) {
                    let asked = (asked, Some(DatagramClass::Check));
                    return echo.send_back(now, &mut self.effects, client, asked, bytes.len());
                }
                let at = site.at(*index).map(|(_, at)| at);
                let further = self.udp_sites.iter().skip(self.first_echo_site).flat_map(|site| site.addresses().open);
                let further =
                    further.filter(|open| at.is_some_and(|at| open.ip() == at.ip() && open.port() != at.port()));
                echo.word(now, client, request, further.map(|open| open.port()).collect())
            }
            _ => None,
        };
        let answer = |room| binding::answer(&via, &self.aliases, client.at, request, bytes, word.as_deref(), room);
        let Some(whole) = answer(usize::MAX) else { return };
        let room = unproven_room(bytes.len(), client.at);
        let may_be_whole =
            client.on_stream || whole.data.len() <= room || self.large_answers.allows(now, client.at.ip());
        if let Some(reply) = if may_be_whole { Some(whole) } else { answer(room) } {
            self.effects.send(reply.socket, reply.to, reply.data);
        }
    }

    /// Removes expired allocations, and closes streams that are idle and hold no allocation.
    fn tidy(&mut self, now: Instant) {
        if let Some(turn) = &mut self.turn {
            turn.expire(now, &mut self.effects);
        }
        for socket in self.streams.keys().copied().collect::<Vec<_>>() {
            let Some(stream) = self.streams.get(&socket) else { continue };
            let until = stream.ends(now, self.has_allocation(stream.client(socket)), &self.limits);
            if until <= now {
                self.close_stream(socket);
            } else {
                self.effects.look_again(until);
            }
        }
    }
}

impl Machine for StunTurnServer {
    fn handle(&mut self, now: Instant, input: Input) {
        if self.state == State::Stopped {
            return;
        }
        if self.state == State::Idle && input != Input::Stop {
            self.start();
        }
        if self.effects.is_due(now) {
            self.tidy(now);
        }
        match input {
            Input::Opened { socket, local, .. } => self.opened(now, socket, local),
            Input::Failed { socket, failure, .. } => self.failed(socket, failure),
            Input::Accepted { socket, local, remote, .. } => self.accepted(now, socket, local, remote),
            Input::Received { socket, from, data } => self.received(now, socket, from, &data),
            Input::Ended { socket } => self.forget(socket),
            Input::Stop => self.stop(),
            Input::Interfaces(_)
            | Input::Woken
            | Input::Unreachable { .. }
            | Input::Resolved { .. }
            | Input::Counted { .. }
            | Input::Signalled(_) => {}
        }
    }

    fn poll(&mut self) -> Output {
        if self.state == State::Stopped && self.effects.is_drained() {
            return Output::Wait(Wake::Finished);
        }
        self.effects.poll()
    }
}

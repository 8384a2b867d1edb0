//! The world in virtual time: drives machines, and carries what they send through a simulated network.

mod connection;
mod flight;
mod tcp;
mod told;

use super::dns::{Resolver, Zones};
use super::gateway::Gateway;
use super::host::{HostFirewall, Listener, MachineId, SimulatedHost, toward};
use super::network::{HostId, Network, NetworkChange, Region};
use super::packet::{IcmpError, IpProtocol, Load, Packet, Problem, USUAL_HOPS};
use super::queue::EventQueue;
use super::stream::SimulatedIdentity;
use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, Signalled, Slot, SocketId, Wake};
use crate::model::{DnsFailure, DnsKind, DnsRecord, Fact, Failure, Icmp, Origin};
use connection::{ConnectionId, TcpConnection};
use flight::Flight;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

#[derive(Clone, Copy)]
enum Held {
    Datagram {
        local: SocketAddr,
        dont_fragment: bool,
    },
    Listener(SocketAddr),
    Stream(ConnectionId),
    /// It could not be opened, and the machine is about to be told.
    Nothing,
}

struct MachineState {
    host: HostId,
    machine: Box<dyn Machine>,
    /// The number of its current wake: an earlier one that is still queued is ignored.
    wake: u64,
    finished: bool,
    /// The sockets that it has opened or accepted and not closed. Inputs about any other socket are dropped.
    sockets: BTreeMap<SocketId, Held>,
    observed: Vec<(Instant, Origin, Fact)>,
}

enum Event {
    Input(MachineId, Input),
    Wake(MachineId, u64),
    /// A connection has to retransmit, or is to be given up.
    Due(ConnectionId),
    Change(NetworkChange),
}

/// A network in virtual time with machines on its hosts.
pub struct World {
    now: Instant,
    rng: Rng,
    network: Network<Flight>,
    hosts: Vec<SimulatedHost>,
    machines: Vec<MachineState>,
    names: Zones,
    resolvers: BTreeMap<Region, Resolver>,
    /// The routers that the hosts of a region know by an address.
    routers: BTreeMap<Region, IpAddr>,
    /// The mDNS names of each region.
    published: BTreeMap<(Region, String), IpAddr>,
    /// Where the signalling messages of a machine go, and how long they take.
    introduced: BTreeMap<MachineId, (MachineId, Duration)>,
    connections: BTreeMap<ConnectionId, TcpConnection>,
    /// The connection of a segment, by host, local and remote endpoint.
    ends: BTreeMap<(HostId, SocketAddr, SocketAddr), ConnectionId>,
    next_connection: u32,
    next_accepted: u32,
    coming: EventQueue<Event>,
}

impl World {
    /// A world that is nothing but the internet. The same seed gives the same run, byte for byte.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::numbered(seed);
        Self {
            now: Instant::START,
            network: Network::new(rng.fork()),
            rng,
            hosts: Vec::new(),
            machines: Vec::new(),
            names: Zones::default(),
            resolvers: BTreeMap::new(),
            routers: BTreeMap::new(),
            published: BTreeMap::new(),
            introduced: BTreeMap::new(),
            connections: BTreeMap::new(),
            ends: BTreeMap::new(),
            next_connection: 0,
            next_accepted: u32::MAX,
            coming: EventQueue::default(),
        }
    }

    /// The region in which every public address is.
    pub fn internet(&self) -> Region {
        self.network.internet()
    }

    /// Adds a site behind a gateway in `outside`.
    pub fn site(&mut self, outside: Region, gateway: Gateway) -> Region {
        self.network.site(outside, gateway)
    }

    /// Adds a host to a region; machines are put on it by [`World::attach`].
    pub fn host(&mut self, region: Region, addresses: &[IpAddr]) -> HostId {
        self.hosts.push(SimulatedHost::default());
        self.network.host(region, addresses.to_vec())
    }

    /// Sets the certificates of the host's TLS listeners.
    pub fn identity(&mut self, host: HostId, identity: SimulatedIdentity) {
        self.hosts[host.0].identity = identity;
    }

    /// Sets the host's own firewall.
    pub fn host_firewall(&mut self, host: HostId, firewall: HostFirewall) {
        self.hosts[host.0].firewall = firewall;
    }

    /// Sets the resolver of this region, and of those behind it that have none of their own.
    pub fn resolver(&mut self, region: Region, resolver: Resolver) {
        self.resolvers.insert(region, resolver);
    }

    /// Adds a DNS record. Names are looked up in lower case and without a trailing dot.
    pub fn name(&mut self, name: &str, kind: DnsKind, record: DnsRecord) {
        self.names.add(name, kind, record);
    }

    /// Lets every query for this name fail like this.
    pub fn name_fails(&mut self, name: &str, failure: DnsFailure) {
        self.names.fail(name, failure);
    }

    /// Puts a machine on a host; its first input comes at the current time.
    pub fn attach(&mut self, host: HostId, machine: Box<dyn Machine>) -> MachineId {
        let id = MachineId(self.machines.len());
        self.machines.push(MachineState {
            host,
            machine,
            wake: 0,
            finished: false,
            sockets: BTreeMap::new(),
            observed: Vec::new(),
        });
        self.give_input(id, Input::Interfaces(self.interfaces_of(host)));
        id
    }

    /// Gives a machine an input at the current time.
    pub fn give_input(&mut self, machine: MachineId, input: Input) {
        self.after(Duration::ZERO, Event::Input(machine, input));
    }

    /// Connects two ends of a call by a signalling channel on which each message takes `delay`. `first` is in the first
    /// slot.
    pub fn introduce(&mut self, first: MachineId, second: MachineId, delay: Duration) {
        for (own, other, slot) in [(first, second, Slot::First), (second, first, Slot::Second)] {
            self.introduced.insert(own, (other, delay));
            self.give_input(own, Input::Signalled(Signalled::Joined { slot }));
            self.give_input(own, Input::Signalled(Signalled::PeerJoined));
        }
    }

    /// Schedules a change of the network.
    pub fn change_at(&mut self, at: Instant, change: NetworkChange) {
        self.at(at, Event::Change(change));
    }

    /// Lets time pass until this machine has finished, at most until `limit`; true if it has.
    pub fn run_until_finished(&mut self, machine: MachineId, limit: Instant) -> bool {
        while !self.machines[machine.0].finished && self.step(limit) {}
        self.machines[machine.0].finished
    }

    /// Lets time pass until `limit`.
    pub fn run_until(&mut self, limit: Instant) {
        while self.step(limit) {}
        self.now = self.now.max(limit);
    }

    /// The observations of the machine so far.
    pub fn observed(&self, machine: MachineId) -> &[(Instant, Origin, Fact)] {
        &self.machines[machine.0].observed
    }

    /// The virtual time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Packets delivered and packets lost on the way, for whatever reason.
    pub fn traffic(&self) -> (u64, u64) {
        (self.network.delivered(), self.network.dropped().values().sum())
    }

    fn after(&mut self, delay: Duration, event: Event) {
        self.at(self.now + delay, event);
    }

    fn at(&mut self, at: Instant, event: Event) {
        self.coming.push(at.max(self.now), event);
    }

    /// Handles the next event that is due by `limit`; false where there is none. Own events come before packets that
    /// arrive at the same time.
    fn step(&mut self, limit: Instant) -> bool {
        let arrival = self.network.next();
        let is_ours = match (self.coming.next(), arrival) {
            (Some(ours), Some(arrival)) => ours <= arrival,
            (ours, _) => ours.is_some(),
        };
        if is_ours {
            let Some((at, event)) = self.coming.pop_by(limit) else { return false };
            self.now = at;
            self.happen(event);
            return true;
        }
        let Some(at) = arrival.filter(|at| *at <= limit) else { return false };
        self.now = at;
        if let Some((host, packet)) = self.network.deliver(at) {
            self.arrive(host, packet);
        }
        true
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Input(machine, input) => {
                if self.has_socket_of(machine, &input) {
                    self.input(machine, input);
                }
            }
            Event::Wake(machine, wake) => {
                if self.machines[machine.0].wake == wake {
                    self.input(machine, Input::Woken);
                }
            }
            Event::Due(connection) => self.due(connection),
            Event::Change(change) => {
                let moved = if let NetworkChange::Readdress(host, _) = &change { Some(*host) } else { None };
                self.network.change(change);
                if let Some(host) = moved {
                    self.moved(host);
                }
            }
        }
    }

    /// Gives the machines of a host its new interfaces.
    fn moved(&mut self, host: HostId) {
        let interfaces = self.interfaces_of(host);
        let there: Vec<MachineId> =
            (0..self.machines.len()).filter(|id| self.machines[*id].host == host).map(MachineId).collect();
        for id in there {
            self.give_input(id, Input::Interfaces(interfaces.clone()));
        }
    }

    /// Whether the machine still has the socket of this input. A socket that has failed or ended is closed by it.
    fn has_socket_of(&mut self, id: MachineId, input: &Input) -> bool {
        match input {
            Input::Failed { socket, .. } | Input::Ended { socket } => self.release(id, *socket),
            Input::Opened { socket, .. }
            | Input::Accepted { socket, .. }
            | Input::Received { socket, .. }
            | Input::Unreachable { socket, .. } => self.machines[id.0].sockets.contains_key(socket),
            _ => true,
        }
    }

    fn input(&mut self, id: MachineId, input: Input) {
        let state = &mut self.machines[id.0];
        if state.finished {
            return;
        }
        state.machine.handle(self.now, input);
        loop {
            match self.machines[id.0].machine.poll() {
                Output::Wait(wake) => return self.wait(id, wake),
                Output::Observe { by, fact } => self.machines[id.0].observed.push((self.now, by, fact)),
                Output::Open { socket, open } => self.open(id, socket, open),
                Output::Close { socket } => self.close(id, socket),
                Output::Send { socket, to, data } => self.send(id, socket, to, USUAL_HOPS, data),
                Output::SendHops { socket, to, data, hops } => self.send(id, socket, to, hops, data),
                Output::Resolve { query, name, kind } => self.resolve(id, query, &name, kind),
                Output::Count { query, .. } => {
                    let counters = self.hosts[self.machines[id.0].host.0].counters();
                    self.give_input(id, Input::Counted { query, counters });
                }
                Output::Publish { name, address } => {
                    self.published.insert((self.network.region(self.machines[id.0].host), name), address);
                }
                Output::Signal { message } => self.signal(id, Signalled::Message(message)),
            }
        }
    }

    /// Delivers a signalling event to the other end of the call, if there is one.
    fn signal(&mut self, from: MachineId, signalled: Signalled) {
        let Some(&(to, delay)) = self.introduced.get(&from) else { return };
        self.after(delay, Event::Input(to, Input::Signalled(signalled)));
    }

    fn wait(&mut self, id: MachineId, wake: Wake) {
        let state = &mut self.machines[id.0];
        state.wake += 1;
        match wake {
            Wake::At(at) => {
                let event = Event::Wake(id, state.wake);
                self.at(at, event);
            }
            Wake::OnInput => {}
            Wake::Finished => {
                state.finished = true;
                self.signal(id, Signalled::PeerLeft);
                for socket in self.machines[id.0].sockets.keys().copied().collect::<Vec<_>>() {
                    self.close(id, socket);
                }
            }
        }
    }

    /// The proxies of simulated networks lead nowhere.
    fn open(&mut self, id: MachineId, socket: SocketId, open: Open) {
        match open {
            Open::Udp { bind, dont_fragment } => {
                let bound = self.bind(id, bind, |host, at| host.sockets.contains_key(&at));
                if let Ok(local) = bound {
                    self.hosts[self.machines[id.0].host.0].sockets.insert(local, (id, socket));
                }
                self.opened(id, socket, bound, |local| Held::Datagram { local, dont_fragment });
            }
            Open::Listen { at, secure } => {
                let bound = self.bind(id, Bind::At(at), |host, at| host.listeners.contains_key(&at));
                if let Ok(local) = bound {
                    let listener = Listener { machine: id, socket, secure };
                    self.hosts[self.machines[id.0].host.0].listeners.insert(local, listener);
                }
                self.opened(id, socket, bound, Held::Listener);
            }
            Open::Tcp { to } => self.connect(id, socket, to, None),
            Open::Tls { to, server_name, insecure } => {
                self.connect(id, socket, to, Some(connection::TlsRequest { server_name, insecure }));
            }
            Open::Proxied { .. } => self.opened(id, socket, Err(Failure::HostUnreachable), |_| Held::Nothing),
        }
    }

    fn opened(
        &mut self,
        id: MachineId,
        socket: SocketId,
        bound: Result<SocketAddr, Failure>,
        held: impl Fn(SocketAddr) -> Held,
    ) {
        let held = bound.as_ref().map_or(Held::Nothing, |local| held(*local));
        self.machines[id.0].sockets.insert(socket, held);
        let input = match bound {
            Ok(local) => Input::Opened { socket, local, tls: None },
            Err(failure) => Input::Failed { socket, failure, tls: None },
        };
        self.give_input(id, input);
    }

    /// Picks the local endpoint of a socket. `is_taken` looks at the ports of the right protocol.
    fn bind(
        &mut self,
        id: MachineId,
        bind: Bind,
        is_taken: impl Fn(&SimulatedHost, SocketAddr) -> bool,
    ) -> Result<SocketAddr, Failure> {
        let place = self.machines[id.0].host;
        let (host, addresses) = (&self.hosts[place.0], self.network.addresses(place));
        let at = match bind {
            Bind::Toward(remote) => SocketAddr::new(toward(addresses, remote.ip()).ok_or(Failure::NoRoute)?, 0),
            Bind::At(at) if addresses.contains(&at.ip()) || at.ip().is_unspecified() => at,
            Bind::At(_) => return Err(Failure::AddressNotAvailable),
        };
        match at.port() {
            0 => {
                let port = host.free_port(at.ip(), &mut self.rng, is_taken).ok_or(Failure::OutOfSockets)?;
                Ok(SocketAddr::new(at.ip(), port))
            }
            _ if is_taken(host, at) => Err(Failure::AddressInUse),
            _ => Ok(at),
        }
    }

    fn close(&mut self, id: MachineId, socket: SocketId) {
        if let Some(Held::Stream(connection)) = self.machines[id.0].sockets.get(&socket).copied() {
            self.finish(connection);
        }
        self.release(id, socket);
    }

    /// Frees the port of a socket; true if the machine had the socket.
    fn release(&mut self, id: MachineId, socket: SocketId) -> bool {
        let state = &mut self.machines[id.0];
        let host = &mut self.hosts[state.host.0];
        let held = state.sockets.remove(&socket);
        match held {
            Some(Held::Datagram { local, .. }) => drop(host.sockets.remove(&local)),
            Some(Held::Listener(local)) => drop(host.listeners.remove(&local)),
            Some(Held::Stream(_) | Held::Nothing) | None => {}
        }
        held.is_some()
    }

    fn send(&mut self, id: MachineId, socket: SocketId, to: SocketAddr, hops: u8, data: Vec<u8>) {
        let state = &self.machines[id.0];
        let host = state.host;
        let (source, dont_fragment) = match state.sockets.get(&socket) {
            Some(Held::Datagram { local, dont_fragment }) => (*local, *dont_fragment),
            Some(Held::Stream(connection)) => return self.write(*connection, data),
            Some(Held::Listener(_) | Held::Nothing) | None => return,
        };
        if self.hosts[host.0].firewall == HostFirewall::ForbidsUdp {
            return self.give_input(id, Input::Unreachable { socket, to, failure: Failure::Forbidden });
        }
        let addresses = self.network.addresses(host);
        let source = match source.ip().is_unspecified() {
            true => toward(addresses, to.ip()).map(|ip| SocketAddr::new(ip, source.port())),
            false => Some(source).filter(|source| addresses.contains(&source.ip())),
        };
        let Some(source) = source else {
            return self.give_input(id, Input::Unreachable { socket, to, failure: Failure::AddressNotAvailable });
        };
        if source.is_ipv4() != to.is_ipv4() {
            return self.give_input(id, Input::Unreachable { socket, to, failure: Failure::NoRoute });
        }
        let load = Load::Cargo(Flight::Datagram(data));
        let packet = Packet { protocol: IpProtocol::Udp, source, destination: to, dont_fragment, hops, load };
        self.network.send(self.now, host, packet);
    }

    fn arrive(&mut self, host: HostId, packet: Packet<Flight>) {
        let SimulatedHost { firewall, counters, .. } = &mut self.hosts[host.0];
        counters.received += 1;
        let is_udp = matches!(packet.load, Load::Cargo(Flight::Datagram(_)));
        if is_udp && *firewall == HostFirewall::DropsIncomingUdp {
            return;
        }
        counters.delivered += 1;
        match packet.load {
            Load::Cargo(Flight::Datagram(_)) => self.datagram(host, packet),
            Load::Cargo(Flight::Segment(segment)) => self.segment(host, packet.source, packet.destination, segment),
            Load::Error(error) => self.error(host, packet.source, packet.destination, *error),
        }
    }

    fn socket_at(&self, host: HostId, at: SocketAddr) -> Option<(MachineId, SocketId)> {
        let any: IpAddr = if at.is_ipv4() { [0u8; 4].into() } else { [0u8; 16].into() };
        let sockets = &self.hosts[host.0].sockets;
        sockets.get(&at).or_else(|| sockets.get(&SocketAddr::new(any, at.port()))).copied()
    }

    fn datagram(&mut self, host: HostId, packet: Packet<Flight>) {
        let Some((machine, socket)) = self.socket_at(host, packet.destination) else {
            let by = packet.destination.ip();
            if let Some(word) = packet.error(Problem::Unreachable(Icmp::PortUnreachable), by) {
                self.network.send(self.now, host, word);
            }
            return;
        };
        if let Load::Cargo(Flight::Datagram(data)) = packet.load {
            self.input(machine, Input::Received { socket, from: packet.source, data });
        }
    }

    /// Handles an ICMP error about a packet from `local` to `remote`.
    fn error(&mut self, host: HostId, remote: SocketAddr, local: SocketAddr, error: IcmpError<Flight>) {
        let failure = match error.problem {
            Problem::Unreachable(icmp) => Failure::Icmp { icmp, by: Some(error.by) },
            Problem::TimeExceeded => Failure::Icmp { icmp: Icmp::TimeExceeded, by: Some(error.by) },
            Problem::TooBig { mtu_bytes } => Failure::TooBig { mtu_bytes: u32::try_from(mtu_bytes).ok() },
        };
        match error.about {
            Flight::Datagram(_) => {
                if let Some((machine, socket)) = self.socket_at(host, local) {
                    self.input(machine, Input::Unreachable { socket, to: remote, failure });
                }
            }
            Flight::Segment(_) => self.forbidden(host, local, remote, failure),
        }
    }
}

#[cfg(test)]
mod tests;

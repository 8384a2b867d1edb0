//! The world in virtual time: it drives machines and carries what they send from hop to hop.

use super::dns::{ANSWERS_AFTER, Names};
use super::gateway::{Gateway, Working};
use super::host::{Host, Listener};
use super::packet::{Packet, Payload};
use super::stream::Streams;
use crate::machine::{Bind, Dice, Input, Instant, Machine, Open, Output, SocketId, Wake};
use crate::model::{DnsFailure, DnsKind, DnsRecord, Fact, Failure, Icmp, Origin, Tls, TlsProblem};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A part of the network in which every host reaches every other directly: the internet, or a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region(usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostId(usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MachineId(usize);

/// A connection that nobody answers is given up after this long, as in the world of real sockets.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

struct Site {
    /// None for the internet.
    up: Option<(Region, Working)>,
    below: Vec<Region>,
    hosts: Vec<HostId>,
}

#[derive(Clone, Copy)]
enum Held {
    Datagram {
        local: SocketAddr,
        dont_fragment: bool,
    },
    Listener(SocketAddr),
    Connection(SocketAddr),
    Accepted,
    /// It never came about, and the machine is about to be told.
    Nothing,
}

struct Slot {
    host: HostId,
    machine: Box<dyn Machine>,
    /// Which of its wakes is the current one: an earlier one that is still on its way wakes nobody.
    wake: u64,
    finished: bool,
    /// What it has asked for or accepted and not closed: nothing is heard of any other socket.
    sockets: BTreeMap<SocketId, Held>,
    observed: Vec<(Instant, Origin, Fact)>,
}

enum Event {
    /// A packet is in a region and looks for its way.
    Route(Region, Packet),
    /// A packet has come down to a site's gateway from outside.
    Enter(Region, Packet),
    Input(MachineId, Input),
    Wake(MachineId, u64),
}

pub struct World {
    now: Instant,
    dice: Dice,
    sites: Vec<Site>,
    hosts: Vec<Host>,
    slots: Vec<Slot>,
    names: Names,
    streams: Streams,
    /// What is to come, soonest first; the number keeps the order of what comes at once.
    coming: BinaryHeap<Reverse<(Instant, u64)>>,
    events: BTreeMap<u64, Event>,
    next: u64,
    carried: u64,
    dropped: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            now: Instant::START,
            dice: Dice::numbered(seed),
            sites: vec![Site { up: None, below: Vec::new(), hosts: Vec::new() }],
            hosts: Vec::new(),
            slots: Vec::new(),
            names: Names::default(),
            streams: Streams::default(),
            coming: BinaryHeap::new(),
            events: BTreeMap::new(),
            next: 0,
            carried: 0,
            dropped: 0,
        }
    }

    pub fn internet(&self) -> Region {
        Region(0)
    }

    /// A site behind a gateway in `outside`.
    pub fn site(&mut self, outside: Region, gateway: Gateway) -> Region {
        let region = Region(self.sites.len());
        let working = Working::new(gateway, &mut self.dice);
        self.sites.push(Site { up: Some((outside, working)), below: Vec::new(), hosts: Vec::new() });
        self.sites[outside.0].below.push(region);
        region
    }

    pub fn host(&mut self, region: Region, addresses: &[IpAddr]) -> HostId {
        let host = HostId(self.hosts.len());
        self.hosts.push(Host::new(region, addresses.to_vec()));
        self.sites[region.0].hosts.push(host);
        host
    }

    /// A record for a name; asked for in lower case and without a trailing dot.
    pub fn name(&mut self, name: &str, kind: DnsKind, record: DnsRecord) {
        self.names.add(name, kind, record);
    }

    /// Every question for this name fails so.
    pub fn name_fails(&mut self, name: &str, failure: DnsFailure) {
        self.names.fail(name, failure);
    }

    /// Puts a machine on a host; its first input comes at the current time.
    pub fn attach(&mut self, host: HostId, machine: Box<dyn Machine>) -> MachineId {
        let id = MachineId(self.slots.len());
        self.slots.push(Slot {
            host,
            machine,
            wake: 0,
            finished: false,
            sockets: BTreeMap::new(),
            observed: Vec::new(),
        });
        let interfaces = self.hosts[host.0].interfaces();
        self.after(Duration::ZERO, Event::Input(id, Input::Interfaces(interfaces)));
        id
    }

    /// Gives a machine an input of the caller's own at the current time.
    pub fn tell(&mut self, machine: MachineId, input: Input) {
        self.after(Duration::ZERO, Event::Input(machine, input));
    }

    /// The gateway of this site forgets all its sessions, as one that restarts does.
    pub fn restart_gateway(&mut self, site: Region) {
        if let Some((_, gateway)) = &mut self.sites[site.0].up {
            gateway.forget();
        }
    }

    /// Lets time pass until this machine has finished, at most until `limit`; whether it has.
    pub fn run_until_finished(&mut self, machine: MachineId, limit: Instant) -> bool {
        while !self.slots[machine.0].finished && self.step(limit) {}
        self.slots[machine.0].finished
    }

    /// Lets time pass until `limit`.
    pub fn run_until(&mut self, limit: Instant) {
        while self.step(limit) {}
        self.now = self.now.max(limit);
    }

    /// What the machine has observed so far.
    pub fn observed(&self, machine: MachineId) -> &[(Instant, Origin, Fact)] {
        &self.slots[machine.0].observed
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    /// Datagrams delivered and datagrams lost on the way, for whatever reason.
    pub fn traffic(&self) -> (u64, u64) {
        (self.carried, self.dropped)
    }

    fn after(&mut self, delay: Duration, event: Event) {
        self.at(self.now + delay, event);
    }

    fn at(&mut self, at: Instant, event: Event) {
        self.coming.push(Reverse((at.max(self.now), self.next)));
        self.events.insert(self.next, event);
        self.next += 1;
    }

    /// The next event, where it comes by `limit`.
    fn step(&mut self, limit: Instant) -> bool {
        let Some(Reverse((at, number))) = self.coming.peek().copied().filter(|Reverse((at, _))| *at <= limit) else {
            return false;
        };
        self.coming.pop();
        self.now = at;
        match self.events.remove(&number) {
            Some(Event::Route(region, packet)) => self.route(region, packet),
            Some(Event::Enter(region, packet)) => self.enter(region, packet),
            Some(Event::Input(machine, input)) if self.is_heard(machine, &input) => self.input(machine, input),
            Some(Event::Wake(machine, wake)) if self.slots[machine.0].wake == wake => {
                self.input(machine, Input::Woken);
            }
            Some(Event::Input(..) | Event::Wake(..)) | None => {}
        }
        true
    }

    /// Whether the machine still holds the socket that this is about; from here on it holds one that it accepts, and no
    /// longer one that has failed or ended.
    fn is_heard(&mut self, id: MachineId, input: &Input) -> bool {
        match input {
            Input::Failed { socket, .. } | Input::Ended { socket } => self.release(id, *socket),
            Input::Accepted { socket, .. } => {
                // A client that has closed by now is not heard of at all.
                let is_open = self.streams.other((id, *socket)).is_some();
                if is_open {
                    self.slots[id.0].sockets.insert(*socket, Held::Accepted);
                }
                is_open
            }
            Input::Opened { socket, .. } | Input::Received { socket, .. } | Input::Unreachable { socket, .. } => {
                self.slots[id.0].sockets.contains_key(socket)
            }
            Input::Interfaces(_) | Input::Woken | Input::Resolved { .. } | Input::Stop => true,
        }
    }

    fn input(&mut self, id: MachineId, input: Input) {
        let slot = &mut self.slots[id.0];
        if slot.finished {
            return;
        }
        slot.machine.handle(self.now, input);
        loop {
            match self.slots[id.0].machine.poll() {
                Output::Wait(wake) => return self.wait(id, wake),
                Output::Observe { by, fact } => self.slots[id.0].observed.push((self.now, by, fact)),
                Output::Open { socket, open } => self.open(id, socket, open),
                Output::Close { socket } => self.close(id, socket),
                Output::Send { socket, to, data } => self.send(id, socket, to, data),
                Output::Resolve { query, name, kind } => {
                    let answer = self.names.ask(&name, kind);
                    self.after(ANSWERS_AFTER, Event::Input(id, Input::Resolved { query, answer }));
                }
            }
        }
    }

    fn wait(&mut self, id: MachineId, wake: Wake) {
        let slot = &mut self.slots[id.0];
        slot.wake += 1;
        match wake {
            Wake::At(at) => {
                let wake = slot.wake;
                self.at(at, Event::Wake(id, wake));
            }
            Wake::OnInput => {}
            Wake::Finished => {
                slot.finished = true;
                for socket in slot.sockets.keys().copied().collect::<Vec<_>>() {
                    self.close(id, socket);
                }
            }
        }
    }

    fn open(&mut self, id: MachineId, socket: SocketId, open: Open) {
        match open {
            Open::Udp { bind, dont_fragment } => {
                let bound = self.bind(id, bind, |host, at| host.sockets.contains_key(&at));
                if let Ok(local) = bound {
                    let host = self.slots[id.0].host;
                    self.hosts[host.0].sockets.insert(local, (id, socket));
                }
                self.opened(id, socket, bound, |local| Held::Datagram { local, dont_fragment });
            }
            Open::Listen { at, secure } => {
                let bound = self.bind(id, Bind::At(at), |host, at| host.listeners.contains_key(&at));
                if let Ok(local) = bound {
                    let host = self.slots[id.0].host;
                    self.hosts[host.0].listeners.insert(local, Listener { machine: id, socket, secure });
                }
                self.opened(id, socket, bound, Held::Listener);
            }
            Open::Tcp { to } => self.connect(id, socket, to, None),
            Open::Tls { to, server_name, .. } => self.connect(id, socket, to, Some(server_name)),
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
        self.slots[id.0].sockets.insert(socket, held);
        let input = match bound {
            Ok(local) => Input::Opened { socket, local, tls: None },
            Err(failure) => Input::Failed { socket, failure, tls: None },
        };
        self.after(Duration::ZERO, Event::Input(id, input));
    }

    /// UDP and TCP have ports of their own: `is_taken` looks among the right ones.
    fn bind(
        &mut self,
        id: MachineId,
        bind: Bind,
        is_taken: impl Fn(&Host, SocketAddr) -> bool,
    ) -> Result<SocketAddr, Failure> {
        let host = &self.hosts[self.slots[id.0].host.0];
        let at = match bind {
            Bind::Toward(remote) => SocketAddr::new(host.toward(remote.ip()).ok_or(Failure::NoRoute)?, 0),
            Bind::At(at) if host.addresses.contains(&at.ip()) => at,
            Bind::At(_) => return Err(Failure::AddressNotAvailable),
        };
        match at.port() {
            0 => {
                let port = host.free_port(at.ip(), &mut self.dice, is_taken).ok_or(Failure::OutOfSockets)?;
                Ok(SocketAddr::new(at.ip(), port))
            }
            _ if is_taken(host, at) => Err(Failure::AddressInUse),
            _ => Ok(at),
        }
    }

    fn close(&mut self, id: MachineId, socket: SocketId) {
        self.release(id, socket);
        if let Some(other) = self.streams.part((id, socket)) {
            let (machine, socket) = other.end;
            self.after(other.delay, Event::Input(machine, Input::Ended { socket }));
        }
    }

    /// Gives a socket's port back; whether the machine had held it.
    fn release(&mut self, id: MachineId, socket: SocketId) -> bool {
        let slot = &mut self.slots[id.0];
        let host = &mut self.hosts[slot.host.0];
        let held = slot.sockets.remove(&socket);
        match held {
            Some(Held::Datagram { local, .. }) => drop(host.sockets.remove(&local)),
            Some(Held::Listener(local)) => drop(host.listeners.remove(&local)),
            Some(Held::Connection(local)) => drop(host.connections.remove(&local)),
            Some(Held::Accepted | Held::Nothing) | None => {}
        }
        held.is_some()
    }

    fn send(&mut self, id: MachineId, socket: SocketId, to: SocketAddr, data: Vec<u8>) {
        if let Some(other) = self.streams.other((id, socket)) {
            let (machine, socket) = other.end;
            let input = Input::Received { socket, from: other.seen_as, data };
            return self.after(other.delay, Event::Input(machine, input));
        }
        let slot = &self.slots[id.0];
        let Some(&Held::Datagram { local: source, dont_fragment }) = slot.sockets.get(&socket) else { return };
        let region = self.hosts[slot.host.0].region;
        let packet = Packet { source, destination: to, payload: Payload::Data(data), dont_fragment };
        self.after(Duration::ZERO, Event::Route(region, packet));
    }

    fn host_with(&self, region: Region, address: IpAddr) -> Option<HostId> {
        self.sites[region.0].hosts.iter().copied().find(|host| self.hosts[host.0].addresses.contains(&address))
    }

    /// Whether a packet to this address goes down into the site.
    fn leads_to(&self, site: Region, address: IpAddr) -> bool {
        let Some((_, gateway)) = &self.sites[site.0].up else { return false };
        gateway.owns(address)
            || gateway.is_transparent(address)
                && (self.host_with(site, address).is_some()
                    || self.sites[site.0].below.iter().any(|below| self.leads_to(*below, address)))
    }

    fn route(&mut self, region: Region, mut packet: Packet) {
        let address = packet.destination.ip();
        if let Some(host) = self.host_with(region, address) {
            return self.deliver(host, packet);
        }
        if let Some(below) = self.sites[region.0].below.iter().copied().find(|below| self.leads_to(*below, address)) {
            return self.cross(below, packet, true);
        }
        let now = self.now;
        let Some((_, gateway)) = &mut self.sites[region.0].up else {
            self.dropped += 1;
            return;
        };
        if gateway.owns(address) {
            match gateway.hairpin(now, packet.source, packet.destination) {
                Ok((source, destination)) => {
                    (packet.source, packet.destination) = (source, destination);
                    self.after(Duration::ZERO, Event::Route(region, packet));
                }
                Err(_) => self.dropped += 1,
            }
            return;
        }
        match gateway.outbound(now, packet.source, packet.destination) {
            Ok(source) => {
                packet.source = source;
                self.cross(region, packet, false);
            }
            Err(_) => self.dropped += 1,
        }
    }

    /// Takes a packet over a site's link, inwards or outwards.
    fn cross(&mut self, site: Region, packet: Packet, inwards: bool) {
        let Some((outside, gateway)) = &self.sites[site.0].up else { return };
        let link = gateway.gateway.link;
        let line = if inwards { link.back } else { link.out };
        let too_large = packet.dont_fragment && packet.bytes() > link.mtu_bytes;
        let remote = if inwards { packet.source } else { packet.destination };
        let forbidden = !gateway.gateway.firewall.udp.admits(remote.port());
        if forbidden || too_large || self.dice.chance(line.loss) {
            self.dropped += 1;
            return;
        }
        let event = if inwards { Event::Enter(site, packet) } else { Event::Route(*outside, packet) };
        self.after(line.delay, event);
    }

    fn enter(&mut self, site: Region, mut packet: Packet) {
        let now = self.now;
        let Some((_, gateway)) = &mut self.sites[site.0].up else { return };
        match gateway.inbound(now, packet.source, packet.destination) {
            Ok(inside) => {
                packet.destination = inside;
                self.route(site, packet);
            }
            Err(_) => self.dropped += 1,
        }
    }

    fn deliver(&mut self, host: HostId, packet: Packet) {
        let bound = self.hosts[host.0].sockets.get(&packet.destination).copied();
        let input = match (bound, packet.payload) {
            (Some((machine, socket)), Payload::Data(data)) => {
                self.carried += 1;
                Some((machine, Input::Received { socket, from: packet.source, data }))
            }
            (Some((machine, socket)), Payload::PortUnreachable) => {
                let failure = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(packet.source.ip()) };
                Some((machine, Input::Unreachable { socket, to: packet.source, failure }))
            }
            (None, Payload::Data(_)) => {
                self.dropped += 1;
                let (source, destination) = (packet.destination, packet.source);
                let payload = Payload::PortUnreachable;
                let back = Packet { source, destination, payload, dont_fragment: false };
                self.after(Duration::ZERO, Event::Route(self.hosts[host.0].region, back));
                None
            }
            (None, Payload::PortUnreachable) => None,
        };
        if let Some((machine, input)) = input {
            self.input(machine, input);
        }
    }

    /// Opens a stream; `tls` is the name asked for under TLS.
    fn connect(&mut self, id: MachineId, socket: SocketId, to: SocketAddr, tls: Option<String>) {
        let host = self.slots[id.0].host;
        let fail = |failure, tls| Input::Failed { socket, failure, tls };
        self.slots[id.0].sockets.insert(socket, Held::Nothing);
        let Some(ip) = self.hosts[host.0].toward(to.ip()) else {
            return self.after(Duration::ZERO, Event::Input(id, fail(Failure::NoRoute, None)));
        };
        let is_taken = |host: &Host, at| host.connections.contains(&at) || host.listeners.contains_key(&at);
        let Some(port) = self.hosts[host.0].free_port(ip, &mut self.dice, is_taken) else {
            return self.after(Duration::ZERO, Event::Input(id, fail(Failure::OutOfSockets, None)));
        };
        let local = SocketAddr::new(ip, port);
        self.hosts[host.0].connections.insert(local);
        self.slots[id.0].sockets.insert(socket, Held::Connection(local));
        let Some((far, seen_as, reached, delay)) = self.path(self.hosts[host.0].region, local, to) else {
            return self.after(CONNECT_LIMIT, Event::Input(id, fail(Failure::TimedOut, None)));
        };
        let Some(listener) = self.hosts[far.0].listeners.get(&reached).copied() else {
            return self.after(delay * 2, Event::Input(id, fail(Failure::Refused, None)));
        };
        let facts = tls.map(|server_name| Tls {
            server_name,
            version: listener.secure.then(|| "TLS 1.3".to_owned()),
            certificates: Vec::new(),
            problem: (!listener.secure).then_some(TlsProblem::TimedOut),
        });
        if facts.is_some() && !listener.secure {
            // A server that speaks no TLS waits for the rest of what it takes for a message.
            let failure = Failure::Tls { problem: TlsProblem::TimedOut };
            return self.after(CONNECT_LIMIT, Event::Input(id, fail(failure, facts)));
        }
        // One round trip for TCP, one more for TLS 1.3.
        let ready = if facts.is_some() { delay * 4 } else { delay * 2 };
        let accepted = self.streams.next_accepted();
        self.streams.join((id, socket), seen_as, (listener.machine, accepted), to, delay);
        let accept = Input::Accepted { listener: listener.socket, socket: accepted, local: reached, remote: seen_as };
        self.after(ready.saturating_sub(delay), Event::Input(listener.machine, accept));
        self.after(ready, Event::Input(id, Input::Opened { socket, local, tls: facts }));
    }

    /// The host that a connection reaches, the source it sees and its own end as it knows it, and the delay one way;
    /// None where it gets nowhere.
    fn path(
        &mut self,
        from: Region,
        mut source: SocketAddr,
        mut to: SocketAddr,
    ) -> Option<(HostId, SocketAddr, SocketAddr, Duration)> {
        let (mut region, mut delay) = (from, Duration::ZERO);
        loop {
            if let Some(host) = self.host_with(region, to.ip()) {
                return Some((host, source, to, delay));
            }
            let now = self.now;
            let below = self.sites[region.0].below.iter().copied().find(|below| self.leads_to(*below, to.ip()));
            let (outside, gateway) = self.sites[below.unwrap_or(region).0].up.as_mut()?;
            if !gateway.lets_tcp_to(to.port()) {
                return None;
            }
            delay += gateway.gateway.link.out.delay;
            match below {
                Some(below) => {
                    to = gateway.accept(now, source, to).ok()?;
                    region = below;
                }
                // A connection to the site's own public address would have to be hairpinned.
                None if gateway.owns(to.ip()) => return None,
                None => {
                    source = gateway.connect(now, source, to).ok()?;
                    region = *outside;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

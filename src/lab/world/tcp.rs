//! TCP between the machines of a simulated world, and as much of TLS as a diagnosis sees.

use super::connection::{ConnectionId, TcpConnection, TcpPhase, TcpRole, TlsRequest};
use super::flight::Flight;
use super::{Event, Held, World};
use crate::lab::host::{Listener, MachineId, SimulatedHost, toward};
use crate::lab::network::HostId;
use crate::lab::packet::{IpProtocol, Load, Packet, USUAL_HOPS};
use crate::lab::stream::{Handshake, Item, Segment, SimulatedIdentity, TcpEnd};
use crate::machine::{Input, SocketId};
use crate::model::{Failure, Text, Tls, TlsProblem};
use std::net::SocketAddr;
use std::time::Duration;

/// A connection that is not established after this long, TLS included, is given up, as in the world of real sockets.
const CONNECT_LIMIT: Duration = Duration::from_millis(3500);
/// The beginning of a TLS record with a ClientHello, as a server sees it that expects another protocol.
const CLIENT_HELLO: [u8; 8] = [22, 3, 1, 0, 200, 1, 0, 0];
/// A fatal "unexpected_message" alert (RFC 8446 §6).
const ALERT: [u8; 7] = [21, 3, 3, 0, 2, 2, 10];

impl World {
    pub(super) fn connect(&mut self, id: MachineId, socket: SocketId, to: SocketAddr, tls: Option<TlsRequest>) {
        let host = self.machines[id.0].host;
        self.machines[id.0].sockets.insert(socket, Held::Nothing);
        let is_taken = |host: &SimulatedHost, at| host.connections.contains(&at) || host.listeners.contains_key(&at);
        let local = toward(self.network.addresses(host), to.ip()).ok_or(Failure::NoRoute).and_then(|ip| {
            let port = self.hosts[host.0].free_port(ip, &mut self.rng, is_taken).ok_or(Failure::OutOfSockets)?;
            Ok(SocketAddr::new(ip, port))
        });
        let local = match local {
            Ok(local) => local,
            Err(failure) => return self.give_input(id, Input::Failed { socket, failure, tls: None }),
        };
        self.hosts[host.0].connections.insert(local);
        let connection = self.enter((id, socket), host, local, to, TcpRole::Client(tls));
        self.machines[id.0].sockets.insert(socket, Held::Stream(connection));
        self.push(connection, Item::Syn);
        self.after(CONNECT_LIMIT, Event::Due(connection));
    }

    fn enter(
        &mut self,
        owner: (MachineId, SocketId),
        host: HostId,
        local: SocketAddr,
        remote: SocketAddr,
        role: TcpRole,
    ) -> ConnectionId {
        let id = ConnectionId(self.next_connection);
        self.next_connection += 1;
        let (phase, stream, began) = (TcpPhase::Connecting, TcpEnd::default(), self.now);
        let (connected, due) = (None, None);
        let connection = TcpConnection { owner, host, local, remote, role, phase, stream, began, connected, due };
        self.connections.insert(id, connection);
        self.ends.insert((host, local, remote), id);
        id
    }

    pub(super) fn write(&mut self, id: ConnectionId, data: Vec<u8>) {
        let Some(connection) = self.connections.get(&id) else { return };
        let is_secure =
            matches!(connection.role, TcpRole::Client(Some(_)) | TcpRole::Server(Listener { secure: true, .. }));
        self.push(id, if is_secure { Item::Sealed(data) } else { Item::Bytes(data) });
    }

    /// Closes a connection whose socket the machine has closed.
    pub(super) fn finish(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let was = std::mem::replace(&mut connection.phase, TcpPhase::Closing);
        if was == TcpPhase::Connecting {
            // The machine has not been told of the connection yet, so it is dropped.
            self.remove(id);
        } else {
            self.push(id, Item::Fin);
        }
    }

    fn push(&mut self, id: ConnectionId, item: Item) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.stream.push(self.now, item);
            self.pump(id);
        }
    }

    /// Sends the segments that are due, and schedules the next retransmission.
    fn pump(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (host, source, destination) = (connection.host, connection.local, connection.remote);
        while let Some(segment) = connection.stream.poll() {
            let load = Load::Cargo(Flight::Segment(segment));
            let packet =
                Packet { protocol: IpProtocol::Tcp, source, destination, dont_fragment: false, hops: USUAL_HOPS, load };
            self.network.send(self.now, host, packet);
        }
        if connection.phase == TcpPhase::Closing && connection.stream.is_idle() {
            return self.remove(id);
        }
        let due = connection.stream.due();
        if let Some(at) = due.filter(|at| connection.due.is_none_or(|due| *at < due)) {
            connection.due = due;
            self.at(at, Event::Due(id));
        }
    }

    pub(super) fn due(&mut self, id: ConnectionId) {
        let now = self.now;
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let is_early = matches!(connection.phase, TcpPhase::Connecting | TcpPhase::Securing);
        if is_early && now.since(connection.began) >= CONNECT_LIMIT {
            return match (&connection.role, connection.phase) {
                (TcpRole::Client(Some(_)), TcpPhase::Securing) => self.fail_tls(id, TlsProblem::TimedOut),
                _ => self.fail(id, Failure::TimedOut, None),
            };
        }
        if connection.due.is_some_and(|due| now < due) {
            return;
        }
        connection.due = None;
        if connection.stream.retransmit(now) {
            self.pump(id);
        } else {
            self.fail(id, Failure::TimedOut, None);
        }
    }

    pub(super) fn segment(&mut self, host: HostId, from: SocketAddr, to: SocketAddr, segment: Segment) {
        let known = self.ends.get(&(host, to, from)).copied();
        let (item, expected) = match (segment, known) {
            (Segment::Ordered { item, expected }, _) => (item, expected),
            (Segment::Reset, Some(id)) => return self.was_reset(id),
            (Segment::Reset, None) => return,
        };
        let id = match (known, &item, self.hosts[host.0].listener(to)) {
            (Some(id), ..) => id,
            (None, Some((0, Item::Syn)), Some(listener)) => self.accept_syn(host, to, from, listener),
            (None, ..) => {
                let load = Load::Cargo(Flight::Segment(Segment::Reset));
                let packet = Packet {
                    protocol: IpProtocol::Tcp,
                    source: to,
                    destination: from,
                    dont_fragment: false,
                    hops: USUAL_HOPS,
                    load,
                };
                return self.network.send(self.now, host, packet);
            }
        };
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let items = connection.stream.receive(self.now, item, expected);
        let answered = connection.phase == TcpPhase::Connecting && expected > 0;
        self.pump(id);
        if answered {
            self.connected(id);
        }
        for item in items {
            self.item(id, item);
        }
    }

    /// Accepts a connection by answering its SYN.
    fn accept_syn(&mut self, host: HostId, local: SocketAddr, remote: SocketAddr, listener: Listener) -> ConnectionId {
        let socket = SocketId(self.next_accepted);
        self.next_accepted -= 1;
        let id = self.enter((listener.machine, socket), host, local, remote, TcpRole::Server(listener));
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.stream.push(self.now, Item::Syn);
        }
        // Gives the connection up if the client does not continue.
        self.after(CONNECT_LIMIT, Event::Due(id));
        id
    }

    /// The TCP handshake is complete.
    fn connected(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.connected = Some(self.now);
        let (machine, socket) = connection.owner;
        match &connection.role {
            TcpRole::Client(None) => {
                connection.phase = TcpPhase::Open;
                let local = connection.local;
                self.give_if_open(machine, Input::Opened { socket, local, tls: None });
            }
            TcpRole::Client(Some(request)) => {
                let seen = [&CLIENT_HELLO[..3], request.server_name.as_bytes()].concat();
                connection.phase = TcpPhase::Securing;
                self.push(id, Item::Tls(Handshake::ClientHello(seen)));
            }
            TcpRole::Server(Listener { secure: true, .. }) => connection.phase = TcpPhase::Securing,
            TcpRole::Server(_) => self.accept(id),
        }
    }

    fn accept(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let TcpRole::Server(listener) = connection.role else { return };
        connection.phase = TcpPhase::Open;
        let (machine, socket) = connection.owner;
        let (local, remote) = (connection.local, connection.remote);
        if self.machines[machine.0].sockets.contains_key(&listener.socket) {
            self.machines[machine.0].sockets.insert(socket, Held::Stream(id));
            self.give_if_open(machine, Input::Accepted { listener: listener.socket, socket, local, remote });
        } else {
            self.remove(id);
        }
    }

    fn item(&mut self, id: ConnectionId, item: Item) {
        let Some(connection) = self.connections.get(&id) else { return };
        let (machine, socket) = connection.owner;
        let (phase, from) = (connection.phase, connection.remote);
        match (item, &connection.role) {
            (Item::Syn, _) => {}
            (_, _) if phase == TcpPhase::Closing => {}
            (Item::Tls(Handshake::ServerHello(identity)), TcpRole::Client(Some(_))) => self.secured(id, *identity),
            (Item::Tls(Handshake::ClientHello(_)), TcpRole::Server(listener)) if listener.secure => {
                let identity = Box::new(self.hosts[connection.host.0].identity.clone());
                self.push(id, Item::Tls(Handshake::ServerHello(identity)));
            }
            (Item::Tls(Handshake::Finished), TcpRole::Server(_)) => self.accept(id),
            (Item::Tls(Handshake::Alert), _) | (Item::Fin, TcpRole::Server(_)) if phase == TcpPhase::Securing => {
                self.remove(id)
            }
            (Item::Bytes(bytes), TcpRole::Client(Some(_))) if phase == TcpPhase::Securing => {
                self.fail_tls(id, TlsProblem::NotTls { first_bytes: Text::beginning(&bytes) });
            }
            (Item::Bytes(_), TcpRole::Server(_)) if phase == TcpPhase::Securing => {
                self.push(id, Item::Bytes(ALERT.to_vec()));
                self.finish(id);
            }
            (Item::Bytes(data) | Item::Sealed(data), _) => {
                self.give_if_open(machine, Input::Received { socket, from, data })
            }
            (Item::Tls(_), _) => {
                self.give_if_open(machine, Input::Received { socket, from, data: CLIENT_HELLO.to_vec() })
            }
            (Item::Fin, _) if phase == TcpPhase::Securing => self.fail_tls(id, TlsProblem::Closed),
            (Item::Fin, _) => self.end(id),
        }
    }

    /// The server's certificates have arrived, so the client can judge them.
    fn secured(&mut self, id: ConnectionId, identity: SimulatedIdentity) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let TcpRole::Client(Some(wanted)) = &connection.role else { return };
        let SimulatedIdentity { certificates, problem } = identity;
        let (connect_ms, handshake_ms) = connection.times(self.now);
        let tls = Tls {
            server_name: wanted.server_name.clone(),
            version: Some("TLS 1.3".to_owned()),
            certificates,
            problem: problem.clone(),
            connect_ms,
            handshake_ms,
        };
        if let Some(problem) = problem.filter(|_| !wanted.insecure) {
            self.push(id, Item::Tls(Handshake::Alert));
            return self.fail(id, Failure::Tls { problem }, Some(tls));
        }
        let ((machine, socket), local) = (connection.owner, connection.local);
        connection.phase = TcpPhase::Open;
        self.push(id, Item::Tls(Handshake::Finished));
        self.give_if_open(machine, Input::Opened { socket, local, tls: Some(tls) });
    }

    fn fail_tls(&mut self, id: ConnectionId, problem: TlsProblem) {
        let Some(connection) = self.connections.get(&id) else { return };
        let TcpRole::Client(Some(wanted)) = &connection.role else { return };
        let (connect_ms, handshake_ms) = connection.times(self.now);
        let tls = Tls {
            server_name: wanted.server_name.clone(),
            version: None,
            certificates: Vec::new(),
            problem: Some(problem.clone()),
            connect_ms,
            handshake_ms,
        };
        self.fail(id, Failure::Tls { problem }, Some(tls));
    }

    /// Removes a connection, and tells the machine if it still has the socket.
    fn fail(&mut self, id: ConnectionId, failure: Failure, tls: Option<Tls>) {
        let Some(connection) = self.connections.get(&id) else { return };
        let (machine, socket) = connection.owner;
        self.remove(id);
        self.give_if_open(machine, Input::Failed { socket, failure, tls });
    }

    fn was_reset(&mut self, id: ConnectionId) {
        let is_new = self.connections.get(&id).is_some_and(|connection| connection.phase == TcpPhase::Connecting);
        self.fail(id, if is_new { Failure::Refused } else { Failure::Reset }, None);
    }

    /// A firewall has rejected the connection with an ICMP error.
    pub(super) fn forbidden(&mut self, host: HostId, local: SocketAddr, remote: SocketAddr, failure: Failure) {
        let Some(id) = self.ends.get(&(host, local, remote)).copied() else { return };
        let is_new = self.connections.get(&id).is_some_and(|connection| connection.phase == TcpPhase::Connecting);
        self.fail(id, if is_new { failure } else { Failure::Reset }, None);
    }

    /// The other end has closed the connection, so this end closes it too.
    fn end(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else { return };
        let (machine, socket) = connection.owner;
        self.finish(id);
        self.give_if_open(machine, Input::Ended { socket });
    }

    fn remove(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.remove(&id) else { return };
        let TcpConnection { host, local, remote, .. } = connection;
        self.ends.remove(&(host, local, remote));
        if matches!(connection.role, TcpRole::Client(_)) {
            self.hosts[host.0].connections.remove(&local);
        }
    }

    /// Gives a machine an input now, if it still has the socket.
    fn give_if_open(&mut self, machine: MachineId, input: Input) {
        if self.has_socket_of(machine, &input) {
            self.input(machine, input);
        }
    }
}

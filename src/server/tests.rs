//! The server driven by hand: a world of a few lines that opens what it is asked to, and clients made of `Builder`.

mod behind_nat;
mod echo;
mod hostile;
mod opening;
mod stun;
mod turn;
mod turn_traffic;

use super::*;
use crate::machine::Bind;
use crate::wire::{Builder, TransactionId};
use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;
use std::time::Duration;
use stun_rs::{Algorithm, AlgorithmId, HMACKey};

const REALM: &str = "lab.example";
const UNIX_AT_START: u64 = 1_000_000;

fn addr(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// What the server sent, and from where.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    from: SocketAddr,
    to: SocketAddr,
    data: Vec<u8>,
}

impl Sent {
    fn message(&self) -> Message {
        Message::read(&self.data).expect("the server sends STUN")
    }
}

struct World {
    server: StunTurnServer,
    now: Instant,
    wake: Wake,
    open: BTreeMap<SocketId, SocketAddr>,
    /// Streams, by the socket that the world gave them: their remote ends.
    streams: BTreeMap<SocketId, SocketAddr>,
    taken: BTreeSet<SocketAddr>,
    absent: BTreeSet<IpAddr>,
    next_port: u16,
    sent: Vec<Sent>,
    /// Opens that were not answered yet, while `is_slow`.
    waiting: VecDeque<Input>,
    is_slow: bool,
}

impl World {
    fn new(config: Config) -> Self {
        Self {
            server: StunTurnServer::new(config, Rng::numbered(1)),
            now: Instant::START,
            wake: Wake::OnInput,
            open: BTreeMap::new(),
            streams: BTreeMap::new(),
            taken: BTreeSet::new(),
            absent: BTreeSet::new(),
            next_port: 50_000,
            sent: Vec::new(),
            waiting: VecDeque::new(),
            is_slow: false,
        }
    }

    /// RFC 5780 on 192.0.2.1 and .2, one IPv6 address, TCP and TLS; user alice; relays in both families; peers in
    /// 198.51.100.0/24 and 2001:db8:1::/48.
    fn whole() -> Self {
        Self::with_limits(Limits::default())
    }

    fn with_limits(limits: Limits) -> Self {
        Self::changed(limits, |_| {})
    }

    fn changed(limits: Limits, change: impl FnOnce(&mut Config)) -> Self {
        let access = Access::new(REALM).and_then(|access| access.with_user("alice", "wonderland"));
        let access = access.and_then(|access| access.with_user("bob", "builder")).expect("usable");
        let ranges = ["198.51.100.0/24", "2001:db8:1::/48"];
        let mut config = Config {
            udp: vec![
                UdpSite {
                    address: addr("192.0.2.1:0").ip(),
                    port: 3478,
                    second_address: Some(addr("192.0.2.2:0").ip()),
                    second_port: Some(3479),
                },
                UdpSite::single(addr("[2001:db8::1]:3478")),
            ],
            tcp: vec![addr("192.0.2.1:3478")],
            tls: vec![addr("192.0.2.1:5349")],
            relaying: Some(Relaying {
                access: access.with_secret(b"secret", UNIX_AT_START),
                peers: ranges.iter().map(|range| range.parse::<AddressRange>().expect("a range")).collect(),
                between_relays: false,
                ipv4: Some("192.0.2.7".parse().expect("an address")),
                ipv6: Some("2001:db8::7".parse().expect("an address")),
                ports: None,
            }),
            limits,
            ..Config::default()
        };
        change(&mut config);
        let mut world = Self::new(config);
        world.give(Input::Interfaces(Vec::new()));
        assert!(world.server.is_ready() && world.server.failures().is_empty());
        world
    }

    fn give(&mut self, input: Input) {
        self.server.handle(self.now, input);
        loop {
            match self.server.poll() {
                Output::Wait(wake) if self.is_slow || self.waiting.is_empty() => {
                    self.wake = wake;
                    return;
                }
                Output::Wait(_) => self.answer_opens(1),
                Output::Open { socket, open } => {
                    let at = match open {
                        Open::Udp { bind: Bind::At(at), dont_fragment: false } => at,
                        Open::Listen { at, .. } => at,
                        other => panic!("the server asked for {other:?}"),
                    };
                    let answer = self.try_open(socket, at, matches!(open, Open::Listen { .. }));
                    self.waiting.push_back(answer);
                }
                Output::Close { socket } => {
                    self.open.remove(&socket);
                    self.streams.remove(&socket);
                }
                Output::Send { socket, to, data } => {
                    let from = self.open[&socket];
                    self.sent.push(Sent { from, to, data });
                }
                other => panic!("the server wants {other:?}"),
            }
        }
    }

    fn answer_opens(&mut self, count: usize) {
        for _ in 0..count {
            let answer = self.waiting.pop_front().expect("an open waits");
            self.server.handle(self.now, answer);
        }
    }

    fn try_open(&mut self, socket: SocketId, at: SocketAddr, is_listener: bool) -> Input {
        let fail = |failure| Input::Failed { socket, failure, tls: None };
        if self.absent.contains(&at.ip()) {
            return fail(Failure::AddressNotAvailable);
        }
        let mut local = at;
        if at.port() == 0 {
            local.set_port(self.next_port);
            self.next_port += 1;
        }
        if self.taken.contains(&local) || (!is_listener && self.open.values().any(|open| *open == local)) {
            return fail(Failure::AddressInUse);
        }
        self.open.insert(socket, local);
        Input::Opened { socket, local, tls: None }
    }

    fn advance(&mut self, seconds: u64) {
        self.advance_to(self.now.since_start() + Duration::from_secs(seconds));
    }

    /// Wakes the server whenever it asked for it, as a world does.
    fn advance_to(&mut self, until: Duration) {
        let until = Instant::after_start(until);
        while let Wake::At(at) = self.wake
            && at <= until
        {
            self.now = self.now.max(at);
            self.give(Input::Woken);
        }
        self.now = until;
    }

    /// The socket opened last at this address.
    fn socket(&self, at: SocketAddr) -> SocketId {
        let mut sockets = self.open.iter().filter(|(_, local)| **local == at);
        *sockets.next_back().expect("open").0
    }

    /// A datagram to the server; what it sent then.
    fn datagram(&mut self, from: SocketAddr, to: SocketAddr, data: Vec<u8>) -> Vec<Sent> {
        let udp = self.open.iter().find(|(_, local)| **local == to);
        let socket = *udp.expect("open").0;
        self.sent.clear();
        self.give(Input::Received { socket, from, data });
        std::mem::take(&mut self.sent)
    }

    /// The one answer to a datagram.
    fn ask(&mut self, from: SocketAddr, to: SocketAddr, data: Vec<u8>) -> Sent {
        let sent = self.datagram(from, to, data);
        assert_eq!(sent.len(), 1, "one answer: {sent:?}");
        sent.into_iter().next().expect("one")
    }

    fn connect(&mut self, remote: SocketAddr, to: SocketAddr) -> SocketId {
        let listener = self.socket(to);
        let socket = SocketId(u32::MAX - u32::from(self.next_port));
        self.next_port += 1;
        self.open.insert(socket, to);
        self.streams.insert(socket, remote);
        self.give(Input::Accepted { listener, socket, local: to, remote });
        socket
    }

    fn stream(&mut self, socket: SocketId, data: Vec<u8>) -> Vec<Sent> {
        let from = self.streams[&socket];
        self.sent.clear();
        self.give(Input::Received { socket, from, data });
        std::mem::take(&mut self.sent)
    }
}

/// How a client reaches the server.
#[derive(Clone, Copy)]
enum Way {
    Udp(SocketAddr),
    Stream(SocketId),
}

/// A client with credentials. Its transaction ids count up.
struct Caller {
    at: SocketAddr,
    way: Way,
    user: String,
    key: HMACKey,
    nonce: Vec<u8>,
    asked: u8,
}

fn long_term(user: &str, password: &str) -> HMACKey {
    HMACKey::new_long_term(user, REALM, password, Algorithm::from(AlgorithmId::MD5)).expect("a key")
}

impl Caller {
    /// Challenged already: it has a nonce.
    fn challenged(world: &mut World, at: &str, way: Way, user: &str, password: &str) -> Self {
        let key = long_term(user, password);
        let mut caller = Self { at: addr(at), way, user: user.to_owned(), key, nonce: Vec::new(), asked: 0 };
        let id = caller.id();
        let bare = Builder::request(StunMethod::Allocate, id).requested_transport(17).finish();
        let challenge = caller.tell(world, bare).pop().expect("a challenge").message();
        assert_eq!((challenge.error().map(|e| e.code), challenge.id), (Some(401), id));
        caller.nonce = challenge.nonce().expect("a nonce").to_vec();
        caller
    }

    fn alice(world: &mut World) -> Self {
        Self::challenged(world, "203.0.113.5:4444", Way::Udp(addr("192.0.2.1:3478")), "alice", "wonderland")
    }

    fn id(&mut self) -> TransactionId {
        self.asked += 1;
        TransactionId([self.asked; 12])
    }

    fn request(&mut self, method: StunMethod) -> Builder {
        let id = self.id();
        Builder::request(method, id)
    }

    fn sealed(&self, request: Builder) -> Builder {
        let request = request.username(self.user.as_bytes()).realm(REALM.as_bytes()).nonce(&self.nonce);
        request.integrity(&self.key)
    }

    fn seal(&self, request: Builder) -> Vec<u8> {
        self.sealed(request).finish()
    }

    fn tell(&self, world: &mut World, bytes: Vec<u8>) -> Vec<Sent> {
        match self.way {
            Way::Udp(server) => world.datagram(self.at, server, bytes),
            Way::Stream(socket) => world.stream(socket, bytes),
        }
    }

    /// Sends it sealed; the one answer, whose own seal fits unless it is a challenge.
    fn ask(&self, world: &mut World, request: Builder) -> Message {
        let sent = self.tell(world, self.seal(request));
        assert_eq!(sent.len(), 1, "one answer: {sent:?}");
        let answer = sent[0].message();
        if answer.nonce().is_none() {
            assert_eq!(answer.integrity_fits(&self.key), Some(true));
        }
        answer
    }

    /// The code of the refusal, or None for a success.
    fn code(&self, world: &mut World, request: Builder) -> Option<u16> {
        let answer = self.ask(world, request);
        assert_eq!(answer.class == Class::Error, answer.error().is_some());
        answer.error().map(|error| error.code)
    }

    fn allocate_request(&mut self) -> Builder {
        self.request(StunMethod::Allocate).requested_transport(17)
    }

    /// An IPv4 allocation; its relayed address.
    fn allocate(&mut self, world: &mut World) -> SocketAddr {
        let request = self.allocate_request();
        self.ask(world, request).xor_relayed().expect("a relayed address")
    }

    fn permit(&mut self, world: &mut World, peer: &str) -> Option<u16> {
        let request = self.request(StunMethod::CreatePermission).xor_peer(addr(peer));
        self.code(world, request)
    }

    fn bind(&mut self, world: &mut World, channel: u16, peer: &str) -> Option<u16> {
        let request = self.request(StunMethod::ChannelBind).channel_number(channel).xor_peer(addr(peer));
        self.code(world, request)
    }

    fn refresh(&mut self, world: &mut World, seconds: u32) -> Option<u16> {
        let request = self.request(StunMethod::Refresh).lifetime_s(seconds);
        self.code(world, request)
    }
}

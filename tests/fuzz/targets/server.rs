//! Our STUN and TURN server, spoken to by four clients and whoever finds its relays.

use super::script::Script;
use rtc_doctor::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, Shares, SocketId};
use rtc_doctor::model::Failure;
use rtc_doctor::server::{Access, Config, Limits, Relaying, StunTurnServer, UdpSite};
use rtc_doctor::wire::{Builder, Datagram, Key, Message, StunMethod, TransactionId, read};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use stun_rs::{Algorithm, AlgorithmId};

const REALM: &str = "lab.example";
const USER: &str = "alice";
const PASSWORD: &str = "wonderland";
const CLIENTS: [&str; 4] = ["203.0.113.5:40000", "203.0.113.6:40001", "[2001:db8:5::1]:40000", "[2001:db8:6::1]:40001"];
const PEERS: [&str; 4] = ["198.51.100.7:7000", "198.51.100.8:0", "[2001:db8:1::7]:7000", "127.0.0.1:3478"];
const ALLOCATIONS: usize = 8;
/// What is sent to a source that has proven nothing, for each byte of its own: three halves, counted with the headers.
const HEADERS: usize = 28;

fn addr(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// One byte says what the next step is; what it needs follows.
pub fn server(data: &[u8]) {
    let mut world = World::new();
    let mut script = Script(data);
    while world.step(&mut script).is_some() {
        assert!(world.server.allocations() <= ALLOCATIONS);
    }
}

struct World {
    server: StunTurnServer,
    now: Instant,
    key: Key,
    datagrams: Vec<SocketId>,
    listeners: Vec<SocketId>,
    relays: Vec<SocketId>,
    streams: BTreeMap<SocketId, SocketAddr>,
    next_stream: u32,
    next_port: u16,
    nonce: Vec<u8>,
    /// What the server sent in answer to the last input.
    sent: Vec<(SocketAddr, usize)>,
    inputs: Vec<Input>,
}

impl World {
    fn new() -> Self {
        let access = Access::new(REALM).and_then(|access| access.with_user(USER, PASSWORD)).expect("usable");
        let range = |text: &str| text.parse().expect("a range");
        let shares = Shares { all: ALLOCATIONS, per_site: ALLOCATIONS, per_source: ALLOCATIONS };
        let config = Config {
            udp: vec![
                UdpSite {
                    second_address: Some(addr("192.0.2.2:0").ip()),
                    second_port: Some(3479),
                    ..UdpSite::single(addr("192.0.2.1:3478"))
                },
                UdpSite::single(addr("[2001:db8::1]:3478")),
            ],
            tcp: vec![addr("192.0.2.1:3478")],
            tls: vec![addr("192.0.2.1:5349")],
            relaying: Some(Relaying {
                access,
                peers: [range("198.51.100.0/24"), range("2001:db8:1::/48")].into_iter().collect(),
                between_relays: true,
                ipv4: Some([192, 0, 2, 7].into()),
                ipv6: Some("2001:db8::7".parse().expect("an address")),
                ports: None,
            }),
            // Without a budget for large answers none may be large.
            limits: Limits { allocations: shares, large_answers_per_second: 0, ..Limits::default() },
            ..Config::default()
        };
        let key = Key::new_long_term(USER, REALM, PASSWORD, Algorithm::from(AlgorithmId::MD5)).expect("a key");
        let mut world = Self {
            server: StunTurnServer::new(config, Rng::numbered(1)),
            now: Instant::START,
            key,
            datagrams: Vec::new(),
            listeners: Vec::new(),
            relays: Vec::new(),
            streams: BTreeMap::new(),
            next_stream: u32::MAX,
            next_port: 50_000,
            nonce: Vec::new(),
            sent: Vec::new(),
            inputs: Vec::new(),
        };
        world.give(Input::Interfaces(Vec::new()));
        assert!(world.server.is_ready());
        world
    }

    fn step(&mut self, script: &mut Script<'_>) -> Option<()> {
        let step = script.byte()?;
        match step % 10 {
            0 => {
                let (socket, from, data) = (pick(&self.datagrams, step)?, addr(CLIENTS[client(step)]), script.bytes()?);
                self.give(Input::Received { socket, from, data: data.to_vec() });
                self.check_answer_to(data, from);
            }
            1 => {
                let data = self.request(script)?;
                let (socket, from) = (pick(&self.datagrams, step)?, addr(CLIENTS[client(step)]));
                self.give(Input::Received { socket, from, data });
            }
            2 => {
                let (socket, data) = (pick(&self.relays, step), script.bytes()?.to_vec());
                let from = addr(PEERS[client(step)]);
                socket.into_iter().for_each(|socket| self.give(Input::Received { socket, from, data: data.clone() }));
            }
            3 => {
                let (listener, socket) = (pick(&self.listeners, step)?, SocketId(self.next_stream));
                let remote = addr(CLIENTS[client(step)]);
                self.next_stream -= 1;
                self.streams.insert(socket, remote);
                self.give(Input::Accepted { listener, socket, local: addr("192.0.2.1:3478"), remote });
            }
            4 | 5 => {
                let data = if step % 10 == 4 { script.bytes()?.to_vec() } else { self.request(script)? };
                if let Some((socket, from)) = self.stream(step) {
                    self.give(Input::Received { socket, from, data });
                }
            }
            6 => {
                let seconds = u64::from(script.byte()?);
                self.now = self.now + Duration::from_millis(seconds * seconds * 20);
                self.give(Input::Woken);
            }
            7 => {
                if let Some((socket, _)) = self.stream(step) {
                    self.streams.remove(&socket);
                    self.give(Input::Ended { socket });
                }
            }
            8 => {
                let (socket, to) = (pick(&self.relays, step), addr(PEERS[client(step)]));
                let failure = Failure::Refused;
                socket.into_iter().for_each(|socket| {
                    self.give(Input::Unreachable { socket, to, failure: failure.clone() });
                });
            }
            _ => {
                if let Some(socket) = pick(&self.relays, step) {
                    self.relays.retain(|known| *known != socket);
                    self.give(Input::Failed { socket, failure: Failure::Refused, tls: None });
                }
            }
        }
        Some(())
    }

    fn stream(&self, step: u8) -> Option<(SocketId, SocketAddr)> {
        let open: Vec<_> = self.streams.iter().collect();
        let (socket, remote) = open.get(usize::from(step / 10) % open.len().max(1))?;
        Some((**socket, **remote))
    }

    /// A request with any attributes, sealed by who knows the password, with the nonce that was given last.
    fn request(&self, script: &mut Script<'_>) -> Option<Vec<u8>> {
        let method = match script.byte()? % 6 {
            0 => StunMethod::Allocate,
            1 => StunMethod::Refresh,
            2 => StunMethod::CreatePermission,
            3 => StunMethod::ChannelBind,
            4 => StunMethod::Binding,
            _ => StunMethod::Other(0x00a),
        };
        let mut request = Builder::request(method, TransactionId([script.byte()?; 12]));
        for (kind, value) in script.attributes()? {
            request = request.raw(kind, value);
        }
        let proof = request.username(USER.as_bytes()).realm(REALM.as_bytes()).nonce(&self.nonce);
        Some(proof.integrity(&self.key).finish())
    }

    /// What is no data for a peer was sent by nobody known.
    fn check_answer_to(&self, data: &[u8], from: SocketAddr) {
        let is_for_a_peer = match read(data) {
            Ok(Datagram::Channel(_)) => true,
            Ok(Datagram::Stun(message)) => {
                message.method == StunMethod::Send || message.has(0x0008) || message.has(0x001c)
            }
            Err(_) => false,
        };
        if is_for_a_peer {
            return;
        }
        let headers = if from.is_ipv4() { HEADERS } else { HEADERS + 20 };
        let answered: usize = self.sent.iter().map(|(_, bytes)| bytes + headers).sum();
        assert!(answered * 2 <= (data.len() + headers) * 3, "{answered} bytes for {}", data.len() + headers);
    }

    fn give(&mut self, input: Input) {
        self.sent.clear();
        self.inputs.push(input);
        while let Some(input) = self.inputs.pop() {
            self.server.handle(self.now, input);
            self.poll();
        }
    }

    fn poll(&mut self) {
        for _ in 0..10_000 {
            match self.server.poll() {
                Output::Wait(_) => return,
                Output::Open { socket, open } => self.open(socket, open),
                Output::Close { socket } => {
                    self.streams.remove(&socket);
                    self.relays.retain(|known| *known != socket);
                }
                Output::Send { to, data, .. } => {
                    if let Ok(message) = Message::read(&data)
                        && let Some(nonce) = message.nonce()
                    {
                        self.nonce = nonce.to_vec();
                    }
                    self.sent.push((to, data.len()));
                }
                other => panic!("a server has no use for {other:?}"),
            }
        }
        panic!("there is no end to what the server wants");
    }

    fn open(&mut self, socket: SocketId, open: Open) {
        let mut local = match open {
            Open::Udp { bind: Bind::At(at), .. } | Open::Listen { at, .. } => at,
            other => panic!("a server has no use for {other:?}"),
        };
        let is_of_relays = |ip: IpAddr| ip == addr("192.0.2.7:0").ip() || ip == addr("[2001:db8::7]:0").ip();
        match open {
            Open::Listen { .. } => self.listeners.push(socket),
            _ if is_of_relays(local.ip()) => self.relays.push(socket),
            _ => self.datagrams.push(socket),
        }
        if local.port() == 0 {
            self.next_port = self.next_port.wrapping_add(1).max(1024);
            local.set_port(self.next_port);
        }
        self.inputs.push(Input::Opened { socket, local, tls: None });
    }
}

fn client(step: u8) -> usize {
    usize::from(step / 64) % CLIENTS.len()
}

fn pick(sockets: &[SocketId], step: u8) -> Option<SocketId> {
    sockets.get(usize::from(step / 10) % sockets.len().max(1)).copied()
}

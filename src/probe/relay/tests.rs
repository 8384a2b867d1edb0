//! The probe against servers at the end of a 20 ms line, right and wrong.

mod odd_networks;
mod proofs;
mod refusals;

use super::{RelayConfig, RelayProbe};
use crate::machine::{Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{
    Anomaly, Code, Fact, Failure, Family, HostFact, Icmp, Leg, Method, RunFact, StreamFact, StunFact, Tls, Transport,
    TurnFact,
};
use crate::turn::Credentials;
use crate::turn::fake::{self, Fake, FakeOutput};
use crate::wire::{self, Builder, Class};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

const HALF_WAY: Duration = Duration::from_millis(10);

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn server() -> SocketAddr {
    address("198.51.100.1:3478")
}

/// This machine as the world sees it.
fn us() -> IpAddr {
    IpAddr::from([203, 0, 113, 5])
}

fn alice() -> Option<Credentials> {
    Some(Credentials::LongTerm { username: fake::USER.to_owned(), password: fake::PASSWORD.to_owned() })
}

fn config(transport: &str, credentials: Option<Credentials>) -> RelayConfig {
    let uri = match transport {
        "tls" => "turns:turn.example".to_owned(),
        "dtls" => "turns:turn.example?transport=udp".to_owned(),
        other => format!("turn:turn.example?transport={other}"),
    };
    RelayConfig::new(uri.parse().expect("a target"), server(), credentials, 0)
}

struct Socket {
    local: SocketAddr,
    is_stream: bool,
}

/// Why an open fails; None where it does not.
type Opens = Box<dyn Fn(&Open) -> Option<Failure>>;

struct World {
    relay: RelayProbe,
    servers: BTreeMap<SocketAddr, Fake>,
    now: Instant,
    due: BTreeMap<(Instant, u32), Input>,
    count: u32,
    sockets: BTreeMap<SocketId, Socket>,
    /// Our own address behind a NAT; without one it is the public address.
    inside: Option<IpAddr>,
    /// Whether a datagram between these two ends (as the world sees them) is lost.
    lost: Box<dyn Fn(SocketAddr, SocketAddr) -> bool>,
    /// From where the relay sends, if not from the relayed address.
    relay_speaks_from: Option<SocketAddr>,
    /// The largest datagram that is not lost.
    largest: usize,
    /// Whether something on the way drops datagrams that look like this.
    drops: fn(&[u8]) -> bool,
    opens: Opens,
    facts: Vec<Fact>,
    finished: Option<Instant>,
}

impl World {
    fn new(config: RelayConfig) -> Self {
        let on_stream = config.target.transport != Transport::Udp;
        Self {
            servers: BTreeMap::from([(config.server, Fake::new(on_stream))]),
            relay: RelayProbe::new(config, Rng::numbered(5)),
            now: Instant::START,
            due: BTreeMap::new(),
            count: 0,
            sockets: BTreeMap::new(),
            inside: None,
            lost: Box::new(|_, _| false),
            relay_speaks_from: None,
            largest: usize::MAX,
            drops: |_| false,
            opens: Box::new(|_| None),
            facts: Vec::new(),
            finished: None,
        }
    }

    fn udp() -> Self {
        Self::new(config("udp", alice()))
    }

    fn server(&mut self) -> &mut Fake {
        self.servers.values_mut().next().expect("a server")
    }

    fn later(&mut self, delay: Duration, input: Input) {
        self.count += 1;
        self.due.insert((self.now + delay, self.count), input);
    }

    fn open(&mut self, socket: SocketId, open: &Open) {
        let is_stream = !matches!(open, Open::Udp { .. });
        if let Some(failure) = (self.opens)(open) {
            return self.later(HALF_WAY, Input::Failed { socket, failure, tls: None });
        }
        let ip = self.inside.unwrap_or(us());
        let local = SocketAddr::new(ip, 40_000 + u16::try_from(socket.0).expect("few sockets"));
        self.sockets.insert(socket, Socket { local, is_stream });
        let tls = match open {
            Open::Tls { server_name, .. } => Some(Tls {
                server_name: server_name.clone(),
                version: None,
                certificates: Vec::new(),
                problem: None,
                connect_ms: None,
                handshake_ms: None,
            }),
            _ => None,
        };
        let delay = if is_stream { HALF_WAY * 2 } else { Duration::ZERO };
        self.later(delay, Input::Opened { socket, local, tls });
    }

    fn send(&mut self, socket: SocketId, to: SocketAddr, data: &[u8]) {
        let Some(Socket { local, is_stream }) = self.sockets.get(&socket) else { return };
        let from = SocketAddr::new(us(), local.port());
        let is_dropped = data.len() > self.largest || (self.drops)(data) || (self.lost)(from, to);
        if !*is_stream && is_dropped {
            return;
        }
        let sent = match self.servers.get_mut(&to) {
            Some(server) => server.handle(from, data),
            None => self.servers.values_mut().filter_map(|server| server.handle_peer(from, to, data)).collect(),
        };
        let asked = self.servers.contains_key(&to).then_some(to);
        sent.into_iter().for_each(|sent| self.deliver(asked.unwrap_or(server()), sent));
    }

    fn deliver(&mut self, server: SocketAddr, sent: FakeOutput) {
        let (from, to, data) = match sent {
            FakeOutput::ToClient(client, data) => (server, client, data),
            FakeOutput::ToPeer { from, to, data } => (self.relay_speaks_from.unwrap_or(from), to, data),
        };
        let relays = self.servers.values_mut().filter_map(|server| server.handle_peer(from, to, &data));
        let relayed: Vec<FakeOutput> = relays.collect();
        if !relayed.is_empty() {
            return relayed.into_iter().for_each(|sent| self.deliver(server, sent));
        }
        let found = self.sockets.iter().find(|(_, socket)| socket.local.port() == to.port() && to.ip() == us());
        if let Some((socket, Socket { is_stream, .. })) = found
            && (*is_stream || !(self.lost)(from, to) && !(self.drops)(&data))
        {
            let socket = *socket;
            self.later(HALF_WAY * 2, Input::Received { socket, from, data });
        }
    }

    fn give(&mut self, input: Input) {
        if let Input::Ended { socket } = input {
            self.sockets.remove(&socket);
        }
        self.relay.handle(self.now, input);
        loop {
            match self.relay.poll() {
                Output::Open { socket, open } => self.open(socket, &open),
                Output::Close { socket } => drop(self.sockets.remove(&socket)),
                Output::Send { socket, to, data } => self.send(socket, to, &data),
                Output::Observe { by, fact } => {
                    assert_eq!(by.question, crate::model::Question::Relay);
                    self.facts.push(fact);
                }
                Output::Resolve { .. } | Output::Count { .. } => panic!("nothing to look up"),
                Output::SendHops { .. } => panic!("a relay is asked from afar"),
                Output::Publish { .. } | Output::Signal { .. } => panic!("nobody to tell"),
                Output::Wait(Wake::At(at)) => return self.later(at.since(self.now), Input::Woken),
                Output::Wait(Wake::OnInput) => return,
                Output::Wait(Wake::Finished) => return self.finished = Some(self.finished.unwrap_or(self.now)),
            }
        }
    }

    /// Until it finishes, or until `stop`, when it is told to stop.
    fn run_until(&mut self, stop: Option<Duration>) -> &[Fact] {
        if let Some(stop) = stop {
            self.later(stop, Input::Stop);
        }
        self.give(Input::Interfaces(Vec::new()));
        for _ in 0..100_000 {
            if self.finished.is_some() {
                break;
            }
            let Some(((at, _), input)) = self.due.pop_first() else { panic!("it waits for nothing: {:?}", self.facts) };
            self.now = at;
            self.give(input);
        }
        assert!(self.finished.is_some(), "it goes on for ever");
        assert!(self.sockets.is_empty(), "a socket is left open");
        &self.facts
    }

    fn run(&mut self) -> &[Fact] {
        self.run_until(None)
    }

    fn took(&self) -> Duration {
        self.finished.expect("finished").since_start()
    }

    fn names(&self) -> Vec<String> {
        self.facts.iter().map(name).collect()
    }
}

/// A fact in a word or two.
fn name(fact: &Fact) -> String {
    match fact {
        Fact::Stream(StreamFact::Connected { .. }) => "connected".to_owned(),
        Fact::Stream(StreamFact::Secured { .. }) => "secured".to_owned(),
        Fact::Turn(TurnFact::Challenged { .. }) => "challenged".to_owned(),
        Fact::Turn(TurnFact::Allocated { .. }) => "allocated".to_owned(),
        Fact::Turn(TurnFact::Permitted { .. }) => "permitted".to_owned(),
        Fact::Turn(TurnFact::ChannelBound { .. }) => "channel".to_owned(),
        Fact::Turn(TurnFact::Refreshed { .. }) => "refreshed".to_owned(),
        Fact::Turn(TurnFact::Released { .. }) => "released".to_owned(),
        Fact::Turn(TurnFact::AllocationLost { .. }) => "lost".to_owned(),
        Fact::Turn(TurnFact::Crossed { class: Some(class), leg, bytes, .. }) => {
            format!("crossed {leg:?} {class:?}{}", how(*bytes, false))
        }
        Fact::Turn(TurnFact::NotCrossed { class: Some(class), leg, bytes, .. }) => {
            format!("not crossed {leg:?} {class:?}{}", how(*bytes, false))
        }
        Fact::Turn(TurnFact::Crossed { leg, bytes, spoken, .. }) => format!("crossed {leg:?}{}", how(*bytes, *spoken)),
        Fact::Turn(TurnFact::NotCrossed { leg, bytes, spoken, .. }) => {
            format!("not crossed {leg:?}{}", how(*bytes, *spoken))
        }
        Fact::Stun(StunFact::Refused { method, code, .. }) => format!("{method:?} refused {code}"),
        Fact::Stun(StunFact::Silent { method, .. }) => format!("{method:?} silent"),
        Fact::Run(RunFact::Skipped { why }) => why.to_string(),
        Fact::Stun(StunFact::Anomalous { .. }) => "odd".to_owned(),
        Fact::Stream(StreamFact::Ended { .. }) => "ended".to_owned(),
        Fact::Stream(StreamFact::NotConnected { .. }) => "not connected".to_owned(),
        Fact::Stun(StunFact::NotOpened { .. }) => "not opened".to_owned(),
        Fact::Stun(StunFact::Unreachable { .. }) => "unreachable".to_owned(),
        Fact::Host(HostFact::Limited { ignored, .. }) => format!("limited {ignored}"),
        other => format!("{other:?}"),
    }
}

const ALL_WELL: [&str; 16] = [
    "challenged",
    "allocated",
    "permitted",
    "refreshed",
    "crossed In",
    "channel",
    "crossed Out",
    "crossed In large",
    "crossed Out large",
    "crossed In Dtls",
    "crossed Out Dtls",
    "crossed In Dtls large",
    "crossed Out Dtls large",
    "crossed In Check",
    "crossed Out Check",
    "released",
];

fn how(bytes: Option<u32>, spoken: bool) -> &'static str {
    match (bytes, spoken) {
        (Some(_), _) => " large",
        (None, true) => " spoken",
        (None, false) => "",
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The probe's names where one method is refused so many times, each time it is asked with proof of who we are.
fn refusing_times(mut times: u32, code: u16, family: Family) -> Vec<String> {
    let mut world = World::new(RelayConfig { families: vec![family], ..config("udp", alice()) });
    world.server().twist(move |request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) if times > 0 => {
            times -= 1;
            vec![Fake::new(false).refuse(request, code)]
        }
        _ => vec![honest],
    });
    world.run();
    world.names()
}

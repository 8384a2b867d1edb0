//! The probe against servers at the end of a 20 ms line, right and wrong.

use super::{RelayConfig, RelayProbe};
use crate::machine::{Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{Anomaly, Code, Fact, Failure, Family, Icmp, Leg, Method, Tls, Transport};
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
            Open::Tls { server_name, .. } => {
                Some(Tls { server_name: server_name.clone(), version: None, certificates: Vec::new(), problem: None })
            }
            _ => None,
        };
        let delay = if is_stream { HALF_WAY * 2 } else { Duration::ZERO };
        self.later(delay, Input::Opened { socket, local, tls });
    }

    fn send(&mut self, socket: SocketId, to: SocketAddr, data: &[u8]) {
        let Some(Socket { local, is_stream }) = self.sockets.get(&socket) else { return };
        let from = SocketAddr::new(us(), local.port());
        if !*is_stream && (data.len() > self.largest || (self.lost)(from, to)) {
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
            && (*is_stream || !(self.lost)(from, to))
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
                Output::Resolve { .. } => panic!("nothing to resolve"),
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
        Fact::Connected { .. } => "connected".to_owned(),
        Fact::Secured { .. } => "secured".to_owned(),
        Fact::Challenged { .. } => "challenged".to_owned(),
        Fact::Allocated { .. } => "allocated".to_owned(),
        Fact::Permitted { .. } => "permitted".to_owned(),
        Fact::ChannelBound { .. } => "channel".to_owned(),
        Fact::Refreshed { .. } => "refreshed".to_owned(),
        Fact::Released { .. } => "released".to_owned(),
        Fact::AllocationLost { .. } => "lost".to_owned(),
        Fact::Crossed { leg, bytes, spoken, .. } => format!("crossed {leg:?}{}", how(*bytes, *spoken)),
        Fact::NotCrossed { leg, bytes, spoken, .. } => format!("not crossed {leg:?}{}", how(*bytes, *spoken)),
        Fact::Refused { method, code, .. } => format!("{method:?} refused {code}"),
        Fact::Silent { method, .. } => format!("{method:?} silent"),
        Fact::Skipped { why } => why.to_string(),
        Fact::Anomalous { .. } => "odd".to_owned(),
        Fact::Ended { .. } => "ended".to_owned(),
        Fact::NotConnected { .. } => "not connected".to_owned(),
        Fact::NotOpened { .. } => "not opened".to_owned(),
        Fact::Unreachable { .. } => "unreachable".to_owned(),
        Fact::Limited { ignored, .. } => format!("limited {ignored}"),
        other => format!("{other:?}"),
    }
}

fn how(bytes: Option<u32>, spoken: bool) -> &'static str {
    match (bytes, spoken) {
        (Some(_), _) => " large",
        (None, true) => " spoken",
        (None, false) => "",
    }
}

const ALL_WELL: [&str; 10] = [
    "challenged",
    "allocated",
    "permitted",
    "refreshed",
    "crossed In",
    "channel",
    "crossed Out",
    "crossed In large",
    "crossed Out large",
    "released",
];

#[test]
fn a_good_server_is_proven_both_ways_in_eight_round_trips() {
    let mut world = World::udp();
    world.run();
    assert_eq!(world.names(), ALL_WELL);
    assert_eq!(world.took(), HALF_WAY * 2 * 8);
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn the_facts_name_the_stages_endpoints() {
    let mut world = World::udp();
    let facts = world.run();
    let relayed_to = address("198.51.100.9:50001");
    assert!(facts.iter().any(|fact| matches!(
        fact,
        Fact::Allocated { local, server: s, relayed, mapped, lifetime_s: 600, took_ms: 20.0, .. }
            if *local == address("203.0.113.5:40000")
                && *s == server()
                && *relayed == relayed_to
                && *mapped == Some(address("203.0.113.5:40000"))
    )));
    let crossed = |leg| move |fact: &&Fact| matches!(fact, Fact::Crossed { leg: l, .. } if *l == leg);
    for leg in [Leg::In, Leg::Out] {
        let fact = facts.iter().find(crossed(leg)).expect("crossed");
        let Fact::Crossed { peer, relayed, sent: 1, took_ms: 20.0, .. } = fact else { panic!("{fact:?}") };
        assert_eq!((*peer, *relayed), (address("203.0.113.5:40001"), relayed_to));
    }
}

#[test]
fn behind_a_nat_the_peer_is_the_one_that_the_relay_sees() {
    let mut world = World::udp();
    world.inside = Some(IpAddr::from([192, 168, 1, 5]));
    world.run();
    assert_eq!(world.names(), ALL_WELL);
}

#[test]
fn tcp_and_tls_are_proven_by_our_own_socket_too() {
    for (transport, first) in [("tcp", "connected"), ("tls", "secured")] {
        let mut world = World::new(config(transport, alice()));
        world.run();
        assert_eq!((world.names()[0].as_str(), &world.names()[1..]), (first, &strings(&ALL_WELL)[..]));
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn dtls_is_not_spoken() {
    let mut world = World::new(config("dtls", alice()));
    assert_eq!(world.run(), [Fact::Skipped { why: Code::DtlsNotSupported }]);
}

#[test]
fn without_credentials_the_challenge_is_told_and_no_more() {
    let mut world = World::new(config("udp", None));
    world.run();
    assert_eq!(world.names(), ["challenged", "no-credentials"]);
}

#[test]
fn a_relay_that_is_open_to_all_is_proven_without_credentials() {
    let mut world = World::new(config("udp", None));
    world.server().wants_credentials = false;
    world.run();
    assert_eq!(world.names(), ALL_WELL[1..]);
}

#[test]
fn each_family_has_an_allocation_of_its_own() {
    let both = RelayConfig { families: vec![Family::Ipv4, Family::Ipv6], ..config("udp", alice()) };
    let mut world = World::new(both);
    world.opens = Box::new(|open| match open {
        Open::Udp { bind: crate::machine::Bind::Toward(to), .. } if to.is_ipv6() => Some(Failure::NoRoute),
        _ => None,
    });
    let facts = world.run();
    let relayed: Vec<bool> = facts
        .iter()
        .filter_map(|fact| if let Fact::Allocated { relayed, .. } = fact { Some(relayed.is_ipv6()) } else { None })
        .collect();
    assert_eq!(relayed, [false, true]);
    // No IPv6 leads out of here: the IPv6 relay is proven by a second allocation on it.
    let of_a_server = |fact: &Fact| matches!(fact, Fact::NotOpened { .. });
    assert!(!facts.iter().any(of_a_server), "nothing of a server that anybody named");
    let crossed = |fact: &&Fact| matches!(fact, Fact::Crossed { relayed, .. } if relayed.is_ipv6());
    assert_eq!(facts.iter().filter(crossed).count(), 4, "small and large, both ways");
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn a_dead_server_is_silent_and_nothing_is_given_back() {
    let mut world = World::udp();
    world.lost = Box::new(|_, _| true);
    world.run();
    assert_eq!(world.names(), ["Allocate silent"]);
    assert_eq!(world.took(), Duration::from_secs(5));
}

#[test]
fn icmp_is_believed_when_every_copy_draws_it() {
    let mut world = World::udp();
    world.lost = Box::new(|_, _| true);
    let failure = Failure::Icmp { icmp: Icmp::PortUnreachable, by: None };
    for wait in [20, 220, 620] {
        let input = Input::Unreachable { socket: SocketId(0), to: server(), failure: failure.clone() };
        world.later(Duration::from_millis(wait), input);
    }
    world.run();
    assert_eq!(world.names(), ["unreachable"]);
    assert_eq!(world.took(), Duration::from_millis(620));
}

#[test]
fn a_connection_that_does_not_come_about_is_told() {
    let mut world = World::new(config("tcp", alice()));
    world.opens = Box::new(|_| Some(Failure::Refused));
    let facts = world.run();
    assert!(matches!(facts, [Fact::NotConnected { failure: Failure::Refused, transport: Transport::Tcp, .. }]));
    let mut world = World::udp();
    world.opens = Box::new(|_| Some(Failure::NoRoute));
    assert!(matches!(world.run(), [Fact::NotOpened { failure: Failure::NoRoute, .. }]));
}

#[test]
fn a_stream_that_ends_in_a_message_tells_how_much_had_come() {
    let mut world = World::new(config("tcp", alice()));
    world.server().twist(|_, mut honest| {
        honest.truncate(13);
        vec![honest]
    });
    world.later(Duration::from_millis(200), Input::Ended { socket: SocketId(0) });
    let facts = world.run();
    assert!(matches!(facts, [Fact::Connected { .. }, Fact::Ended { buffered_bytes: 13, .. }]), "{facts:?}");
}

#[test]
fn a_banner_of_another_protocol_is_shown() {
    let mut world = World::new(config("tcp", alice()));
    world.server().twist(|_, _| vec![b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()]);
    world.run();
    assert_eq!(world.names(), ["connected", "odd"], "no faulty TURN, but none at all");
    let Fact::Anomalous { anomaly: Anomaly::Malformed { problem }, .. } = &world.facts[1] else {
        panic!("not malformed")
    };
    assert!(problem.as_str().contains("SSH-2.0"), "{problem:?}");
}

/// The probe's facts where one method is refused.
fn refusing(method: wire::StunMethod, code: u16) -> Vec<String> {
    let mut world = World::udp();
    world.server().twist(move |request, honest| match request.nonce() {
        Some(_) if request.method == method && request.lifetime_s() != Some(0) => {
            vec![Fake::new(false).refuse(request, code)]
        }
        _ => vec![honest],
    });
    world.run();
    world.names()
}

#[test]
fn every_refused_stage_is_told_by_its_method_and_code() {
    for code in [401, 403, 420, 440, 441, 442, 443, 486, 500, 508, 699] {
        assert_eq!(
            refusing(wire::StunMethod::Allocate, code),
            ["challenged".to_owned(), format!("Allocate refused {code}")]
        );
    }
    let no_permission = ["challenged", "allocated", "CreatePermission refused 403", "relay-not-proven", "refreshed"];
    let names = refusing(wire::StunMethod::CreatePermission, 403);
    assert_eq!((&names[..5], names[5].as_str()), (&strings(&no_permission)[..], "released"));
    let no_refresh = refusing(wire::StunMethod::Refresh, 500);
    assert!(no_refresh.contains(&"Refresh refused 500".to_owned()) && no_refresh.contains(&"crossed Out".to_owned()));
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

#[test]
fn an_allocation_that_another_one_stands_in_the_way_of_is_asked_for_on_a_new_port() {
    let once = refusing_times(1, 437, Family::Ipv4);
    assert_eq!((once[0].as_str(), &once[1..]), ("challenged", &strings(&ALL_WELL)[..]));
    let always = refusing_times(9, 437, Family::Ipv4);
    assert_eq!(always, ["challenged", "challenged", "Allocate refused 437", "released"]);
}

#[test]
fn a_family_that_only_we_asked_for_is_not_insisted_on() {
    let names = refusing_times(1, 440, Family::Ipv6);
    assert_eq!(names[..3], ["challenged", "Allocate refused 440", "challenged"]);
    assert!(names.contains(&"crossed Out".to_owned()), "{names:?}");
}

#[test]
fn a_challenge_that_cannot_be_answered_is_never_told_as_a_grant() {
    let mut world = World::udp();
    world.server().twist(|request, _| {
        vec![Builder::answer(request, Class::Error).error(401, "No").realm(b"").nonce(b"n").finish()]
    });
    world.run();
    assert_eq!(world.names(), ["odd", "relay-no-challenge"]);
}

#[test]
fn where_channels_are_refused_the_way_out_is_tried_by_indication() {
    let names = refusing(wire::StunMethod::ChannelBind, 400);
    assert!(names.contains(&"ChannelBind refused 400".to_owned()));
    assert!(names.contains(&"crossed Out".to_owned()), "{names:?}");
}

#[test]
fn an_allocation_gone_at_the_refresh_is_lost() {
    let names = refusing(wire::StunMethod::Refresh, 437);
    assert!(names.contains(&"lost".to_owned()), "{names:?}");
}

#[test]
fn a_bid_down_is_told() {
    let mut world = World::udp();
    world.server().nonce = b"obMatJos2gAAAnonce".to_vec();
    world.run();
    assert_eq!(world.names(), ["relay-bid-down"]);
}

#[test]
fn an_answer_that_cannot_be_used_is_odd_and_its_allocation_given_back() {
    let mut world = World::udp();
    world.server().twist(|request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) => {
            vec![Builder::answer(request, Class::Success).lifetime_s(600).integrity(&fake::key()).finish()]
        }
        _ => vec![honest],
    });
    world.run();
    assert_eq!(world.names(), ["challenged", "odd", "relay-malformed", "released"]);
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn a_violated_seal_is_told_once_the_server_falls_silent() {
    let mut world = World::udp();
    world.server().twist(|request, honest| match request.nonce() {
        Some(_) => vec![Builder::answer(request, Class::Success).finish()],
        None => vec![honest],
    });
    world.run();
    let names = world.names();
    assert_eq!(names[..2], ["challenged", "odd"]);
    assert!(names.contains(&"integrity-failed".to_owned()), "{names:?}");
}

#[test]
fn a_way_in_that_is_shut_is_tried_again_while_the_relay_sends() {
    let mut world = World::udp();
    world.lost = Box::new(|_, to| to.ip() == IpAddr::from([198, 51, 100, 9]));
    world.run();
    let names = world.names();
    let expected = [
        "challenged",
        "allocated",
        "permitted",
        "refreshed",
        "not crossed In",
        "channel",
        "crossed Out",
        "not crossed In spoken",
        "released",
    ];
    assert_eq!(names, expected);
    assert!(world.facts.iter().any(|fact| matches!(fact, Fact::NotCrossed { sent: 7, peer: None, .. })));
    assert!(world.took() < Duration::from_secs(5));
}

#[test]
fn a_firewall_before_the_relay_that_knows_connections_lets_in_whom_the_relay_has_sent_to() {
    let relay = IpAddr::from([198, 51, 100, 9]);
    let mut world = World::udp();
    world.inside = Some(IpAddr::from([192, 168, 1, 5]));
    let spoken_to = std::cell::RefCell::new(std::collections::BTreeSet::new());
    world.lost = Box::new(move |from, to| {
        if from.ip() == relay {
            spoken_to.borrow_mut().insert(to);
        }
        to.ip() == relay && !spoken_to.borrow().contains(&from)
    });
    world.run();
    let names = world.names();
    let legs = ["not crossed In", "channel", "crossed Out", "crossed In spoken", "released"];
    assert_eq!(names[names.len() - 5..], legs);
}

#[test]
fn behind_a_nat_a_shut_way_in_leaves_the_way_out_unknown_where_no_server_says_how_the_peer_is_seen() {
    let mut world = World::udp();
    world.inside = Some(IpAddr::from([192, 168, 1, 5]));
    world.lost = Box::new(|_, to| to.ip() == IpAddr::from([198, 51, 100, 9]));
    world.server().twist(|request, honest| match request.method {
        wire::StunMethod::Binding => Vec::new(),
        _ => vec![honest],
    });
    world.run();
    let expected =
        ["challenged", "allocated", "permitted", "refreshed", "not crossed In", "relay-not-proven", "released"];
    assert_eq!(world.names(), expected);
}

#[test]
fn a_way_out_that_is_shut_is_told() {
    let mut world = World::udp();
    world.lost = Box::new(|from, _| from.ip() == IpAddr::from([198, 51, 100, 9]));
    world.run();
    let names = world.names();
    assert_eq!(names[names.len() - 2..], ["not crossed Out", "released"]);
}

#[test]
fn a_relay_that_swallows_large_datagrams_is_told_by_the_leg() {
    let mut world = World::udp();
    world.largest = 900;
    world.run();
    let names = world.names();
    assert!(names.contains(&"crossed Out".to_owned()), "{names:?}");
    assert_eq!(names[7..], ["not crossed In large", "not crossed Out large", "released"]);
}

#[test]
fn a_few_lost_packets_do_not_look_like_a_shut_way() {
    let mut world = World::udp();
    let count = std::cell::Cell::new(0_u32);
    world.lost = Box::new(move |_, _| {
        count.set(count.get() + 1);
        count.get().is_multiple_of(3)
    });
    world.run();
    let names = world.names();
    for stage in ["challenged", "allocated", "permitted", "refreshed", "crossed In", "channel", "crossed Out"] {
        assert!(names.contains(&stage.to_owned()), "{names:?}");
    }
}

#[test]
fn a_token_from_another_address_than_the_relayed_one_is_odd() {
    let elsewhere = address("198.51.100.99:9");
    let mut world = World::udp();
    world.relay_speaks_from = Some(elsewhere);
    let facts = world.run();
    let odd = Anomaly::WrongSource { from: elsewhere };
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Anomalous { anomaly, .. } if *anomaly == odd)));
    assert!(world.names().contains(&"not crossed Out".to_owned()));
}

#[test]
fn where_udp_is_blocked_a_relay_over_tcp_is_proven_by_a_second_allocation() {
    let mut world = World::new(config("tcp", alice()));
    world.lost = Box::new(|_, _| true);
    world.run();
    let expected = [
        "connected",
        "challenged",
        "allocated",
        "permitted",
        "refreshed",
        "not crossed In",
        "permitted",
        "crossed In",
        "channel",
        "crossed Out",
        "crossed In large",
        "crossed Out large",
        "released",
    ];
    assert_eq!(world.names(), expected);
    let other = address("198.51.100.9:50002");
    let crossed = |fact: &&Fact| matches!(fact, Fact::Crossed { peer, .. } if *peer == other);
    assert_eq!(world.facts.iter().filter(crossed).count(), 4);
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn a_peer_that_may_not_send_does_not_make_anybody_wait() {
    let mut world = World::new(config("tcp", alice()));
    world.lost = Box::new(|_, _| true);
    for wait in [110, 150, 230] {
        let (socket, to) = (SocketId(1), address("198.51.100.9:50001"));
        world.later(Duration::from_millis(wait), Input::Unreachable { socket, to, failure: Failure::Forbidden });
    }
    world.run();
    let names = world.names();
    let told = |name: &str| names.iter().position(|other| other == name);
    assert!(told("not crossed In") < told("crossed In"), "{names:?}");
    let forbidden = |fact: &Fact| matches!(fact, Fact::NotCrossed { failure: Some(Failure::Forbidden), .. });
    assert!(world.facts.iter().any(forbidden));
    assert!(world.took() < Duration::from_millis(500));
}

#[test]
fn a_server_that_does_not_relay_to_itself_is_not_proven() {
    let mut world = World::new(config("tcp", alice()));
    world.lost = Box::new(|_, _| true);
    world.server().forbidden.insert(IpAddr::from([198, 51, 100, 9]));
    world.run();
    let names = world.names();
    assert_eq!(names[5..], ["not crossed In", "CreatePermission refused 403", "relay-not-proven", "released"]);
    assert_eq!(world.server().allocations(), 0);
}

/// A probe whose servers send it on, each to the next; the last one serves.
fn redirecting(hops: &[&str]) -> World {
    let mut world = World::udp();
    world.servers.clear();
    let mut servers: Vec<SocketAddr> = hops.iter().map(|hop| address(hop)).collect();
    servers.insert(0, server());
    for (index, at) in servers.iter().enumerate() {
        let mut fake = Fake::new(false);
        if let Some(next) = servers.get(index + 1).copied() {
            fake.twist(move |request, _| {
                vec![Builder::answer(request, Class::Error).error(300, "There").alternate_server(next).finish()]
            });
        }
        world.servers.entry(*at).or_insert(fake);
    }
    world
}

#[test]
fn a_redirection_is_followed_and_told() {
    let mut world = redirecting(&["198.51.100.2:3478"]);
    world.run();
    let names = world.names();
    assert_eq!((names[0].as_str(), &names[1..2]), ("Allocate refused 300", &strings(&["challenged"])[..]));
    let there = address("198.51.100.2:3478");
    assert!(matches!(&world.facts[0], Fact::Refused { alternate: Some(to), .. } if *to == there));
    assert!(world.facts.iter().any(|fact| matches!(fact, Fact::Allocated { server, .. } if *server == there)));
}

#[test]
fn a_redirection_in_a_circle_ends() {
    let mut world = redirecting(&["198.51.100.2:3478", "198.51.100.1:3478"]);
    world.run();
    assert_eq!(world.names(), ["Allocate refused 300", "Allocate refused 300", "relay-redirect-loop"]);
    let mut long = redirecting(&["198.51.100.2:1", "198.51.100.3:1", "198.51.100.4:1", "198.51.100.5:1"]);
    long.run();
    assert_eq!(long.names().last().map(String::as_str), Some("relay-redirect-loop"));
}

#[test]
fn a_redirection_inwards_is_not_followed() {
    for to in ["127.0.0.1:3478", "169.254.169.254:80", "[2001:db8::1]:3478"] {
        let mut world = redirecting(&[to]);
        world.run();
        assert_eq!(world.names(), ["Allocate refused 300", "relay-redirected"], "{to}");
    }
}

#[test]
fn a_relayed_address_that_leads_nowhere_is_not_tried() {
    for ip in ["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1"] {
        let mut world = World::udp();
        world.server().relay_ip = ip.parse().expect("an address");
        world.run();
        let expected = ["challenged", "allocated", "relay-address-not-public", "refreshed", "released"];
        assert_eq!(world.names(), expected, "{ip}");
    }
}

#[test]
fn packets_from_elsewhere_are_counted_and_never_believed() {
    let mut world = World::udp();
    let from = address("198.51.100.66:3478");
    for count in 0..100 {
        let data = vec![1; 20];
        world.later(Duration::from_millis(count), Input::Received { socket: SocketId(0), from, data });
    }
    world.run();
    let names = world.names();
    assert_eq!(names.iter().filter(|name| *name == "odd").count(), 16);
    assert_eq!(names.last().map(String::as_str), Some("limited 84"));
    assert!(names.contains(&"crossed Out".to_owned()));
}

#[test]
fn a_stop_at_any_moment_gives_everything_back_within_a_second() {
    for transport in ["udp", "tcp"] {
        for after in 0..200 {
            let mut world = World::new(config(transport, alice()));
            let stop = Duration::from_millis(after);
            world.run_until(Some(stop));
            assert_eq!(world.server().allocations(), 0, "{transport}, stopped after {after} ms");
            assert!(world.took() <= stop + Duration::from_secs(1));
        }
    }
}

#[test]
fn a_stop_before_the_beginning_ends_it() {
    let mut relay = RelayProbe::new(config("udp", alice()), Rng::numbered(1));
    relay.handle(Instant::START, Input::Stop);
    assert_eq!(relay.poll(), Output::Wait(Wake::Finished));
}

#[test]
fn a_release_that_is_not_answered_is_waited_for_one_second() {
    let mut world = World::udp();
    world.server().twist(|request, honest| if request.lifetime_s() == Some(0) { Vec::new() } else { vec![honest] });
    world.run();
    assert_eq!(world.names().last().map(String::as_str), Some("crossed Out large"));
    assert_eq!(world.took(), HALF_WAY * 2 * 7 + Duration::from_secs(1));
}

#[test]
fn the_same_seed_gives_the_same_facts() {
    let run = || {
        let mut world = World::udp();
        world.run();
        world.facts
    };
    assert_eq!(run(), run());
}

#[test]
fn methods_of_refusals_are_those_that_were_asked() {
    let mut world = World::udp();
    world.server().forbidden.insert(us());
    let facts = world.run();
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Refused { method: Method::CreatePermission, .. })));
}

proptest! {
    #[test]
    fn no_bytes_from_the_server_panic_or_hang(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..8),
        transport in prop_oneof![Just("udp"), Just("tcp")],
        instead: bool,
    ) {
        let mut world = World::new(config(transport, alice()));
        world.server().twist(move |_, honest| {
            let mut sent = packets.clone();
            if !instead {
                sent.push(honest);
            }
            sent
        });
        world.run();
    }
}

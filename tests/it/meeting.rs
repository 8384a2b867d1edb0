//! Two ends in the lab: what `compare` says of their two checks is what a whole call between them finds, and both ends of
//! the call come to one verdict.

mod command;
mod families;
mod grid;
mod presets;
mod symmetry;

use crate::lab::ip;
use crate::punching::{Side, sides};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::ice::Policy;
use rtc_doctor::lab::{Device, Firewall, Gateway, HairpinMode, HostId, Link, NatConfig, Neighbours, Passage, World};
use rtc_doctor::machine::{Input, Instant, Machine, Output, Rng};
use rtc_doctor::model::{Behaviour, Code, Diagnosis, Judged, Path, Record, Tool};
use rtc_doctor::peer::{CallConfig, Config, Session};
use rtc_doctor::probe::{Plan, Planned};
use rtc_doctor::run;
use rtc_doctor::server::{Access, Aliases, Config as ServerConfig, Limits, Peers, Relaying, StunTurnServer, UdpSite};
use rtc_doctor::turn::Credentials;
use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

const SERVERS: [&str; 2] = ["198.51.100.1", "198.51.100.2"];
const SERVERS_IPV6: [&str; 2] = ["2001:db8:1::1", "2001:db8:1::2"];
const DELAY: Duration = Duration::from_millis(10);

/// A call with speech, video and data.
const FIVE_SECONDS: CallConfig = CallConfig { duration: Duration::from_secs(5), ..CallConfig::USUAL };

type Layer = dyn Fn(&mut World, u8) -> HostId;

/// Where an end can be; its number tells two of one kind apart.
pub(crate) struct Place {
    pub name: String,
    lay: Box<Layer>,
}

impl Place {
    fn new(name: &str, lay: impl Fn(&mut World, u8) -> HostId + 'static) -> Self {
        Self { name: name.to_owned(), lay: Box::new(lay) }
    }

    fn of(side: Side) -> Self {
        let name = side.name.clone();
        Self::new(&name, move |world, number| {
            let internet = world.internet();
            let gateway = (side.gateway)(&side, number).over(Link::of(DELAY, 0.0));
            let site = world.site(internet, gateway);
            world.host(site, &[IpAddr::from([192, 0, 2, number * 100 + 2])])
        })
    }

    /// A home router.
    fn home_nat(number: u8) -> NatConfig {
        let public = IpAddr::from([203, 0, 113, number * 10]);
        NatConfig::new(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent, public)
    }

    fn behind(name: &str, firewall: Firewall) -> Self {
        Self::new(name, move |world, number| {
            let internet = world.internet();
            let gateway = Gateway { firewall: firewall.clone(), ..Gateway::nat(Self::home_nat(number)) };
            let site = world.site(internet, gateway.over(Link::of(DELAY, 0.0)));
            world.host(site, &[IpAddr::from([192, 168, number, 2])])
        })
    }

    /// A home router behind a carrier's NAT.
    fn carrier() -> Self {
        Self::new("carrier NAT", |world, number| {
            let internet = world.internet();
            let carrier = Gateway::nat(Self::home_nat(number)).over(Link::of(DELAY, 0.0));
            let between = world.site(internet, carrier);
            let home = NatConfig { public: vec![IpAddr::from([100, 64, number, 7])], ..Self::home_nat(number) };
            let site = world.site(between, Gateway::nat(home));
            world.host(site, &[IpAddr::from([192, 168, number, 2])])
        })
    }

    /// IPv6 behind a firewall beside an IPv4 NAT that varies.
    fn dual_stack() -> Self {
        Self::new("APDM/APDF + IPv6", |world, number| {
            let internet = world.internet();
            let strict = Behaviour::AddressAndPortDependent;
            let nat = NatConfig::new(strict, strict, IpAddr::from([203, 0, 113, number * 10]));
            let ipv6 = Device::Nat(NatConfig::firewall(strict));
            let gateway = Gateway { ipv6, ..Gateway::nat(nat) }.over(Link::of(DELAY, 0.0));
            let site = world.site(internet, gateway);
            let ipv6 = IpAddr::from([0x2001, 0xdb8, 0x70 + u16::from(number), 0, 0, 0, 0, 2]);
            world.host(site, &[IpAddr::from([192, 168, number, 2]), ipv6])
        })
    }

    fn tcp_443_only() -> Self {
        let tcp = Passage::Only(vec![443]);
        Self::behind("TCP 443 only", Firewall { udp: Passage::None, tcp, ..Firewall::default() })
    }
}

/// All kinds of networks, each to be met by each.
pub(crate) fn places() -> Vec<Place> {
    let pool = Side::pooled(Behaviour::AddressAndPortDependent, Behaviour::AddressAndPortDependent);
    let mut places: Vec<Place> = sides().into_iter().map(Place::of).collect();
    places.extend([Place::of(pool), Place::tcp_443_only(), Place::carrier(), Place::dual_stack()]);
    places
}

fn credentials() -> Credentials {
    Credentials::LongTerm { username: "user".to_owned(), password: "word".to_owned() }
}

fn serve_with(world: &mut World, between_relays: bool) {
    serve_as(world, server_config(between_relays));
}

fn serve_as(world: &mut World, config: ServerConfig) {
    let internet = world.internet();
    let addresses: Vec<IpAddr> = SERVERS.iter().chain(&SERVERS_IPV6).map(|address| ip(address)).collect();
    let host = world.host(internet, &addresses);
    world.attach(host, Box::new(StunTurnServer::new(config, Rng::numbered(99))));
}

/// With STUN (RFC 5780) and TURN over UDP, TCP and TLS; `between_relays`: to its own address too.
fn server_config(between_relays: bool) -> ServerConfig {
    let access = Access::new("lab").and_then(|access| access.with_user("user", "word")).expect("an access");
    // All places, but not the server itself.
    let clients = ["192.0.2.0/24", "203.0.113.0/24"].map(|range| range.parse().expect("a range"));
    let IpAddr::V4(ipv4) = ip(SERVERS[0]) else { panic!("an address") };
    let site = |addresses: [&str; 2]| UdpSite {
        address: ip(addresses[0]),
        port: 3478,
        second_address: Some(ip(addresses[1])),
        second_port: Some(3479),
    };
    ServerConfig {
        udp: vec![site(SERVERS), site(SERVERS_IPV6)],
        tcp: vec![SocketAddr::new(ip(SERVERS[0]), 3478)],
        tls: vec![SocketAddr::new(ip(SERVERS[0]), 443)],
        relaying: Some(Relaying {
            access,
            peers: Peers::from_iter(clients),
            between_relays,
            ipv4: Some(ipv4),
            ipv6: None,
            ports: None,
        }),
        aliases: Aliases::default(),
        limits: Limits::default(),
        echo: Vec::new(),
    }
}

fn serve(world: &mut World) {
    serve_with(world, true);
}

fn plan(relays: bool) -> Plan {
    let [first, _] = SERVERS;
    let mut uris = vec![format!("stun:{first}"), format!("stun:[{}]", SERVERS_IPV6[0])];
    if relays {
        let of = ["turn:{}:3478?transport=udp", "turn:{}:3478?transport=tcp", "turns:{}:443?transport=tcp"];
        uris.extend(of.map(|uri| uri.replace("{}", first)));
    }
    let planned = |uri: String| {
        let relays = uri.starts_with("turn");
        Planned { target: uri.parse().expect("a URI"), credentials: relays.then(credentials) }
    };
    Plan { unix_now: 1_700_000_000, ..Plan::new(uris.into_iter().map(planned)) }
}

pub(crate) fn tool() -> Tool {
    Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() }
}

/// What `check` sees at a place.
fn check_on(world: &mut World, host: HostId, relays: bool, seed: u64) -> Record {
    run::at_host(world, host, plan(relays), Rng::numbered(seed + 20)).expect("it keeps its time")
}

pub(crate) fn check(place: &Place, number: u8, seed: u64) -> Record {
    let mut world = World::new(seed);
    serve(&mut world);
    let host = (place.lay)(&mut world, number);
    check_on(&mut world, host, true, seed)
}

/// What `compare` says of two checks.
pub(crate) fn compare(ours: &Record, theirs: &Record) -> Diagnosis {
    diagnose(&ours.clone().join(theirs.clone(), tool()))
}

#[derive(Clone)]
struct Kept(Rc<RefCell<Session>>);

impl Machine for Kept {
    fn handle(&mut self, now: Instant, input: Input) {
        self.0.borrow_mut().handle(now, input);
    }

    fn poll(&mut self) -> Output {
        self.0.borrow_mut().poll()
    }
}

/// An end of which nothing comes out any more after a time, but what it signals.
struct Dying {
    end: Kept,
    at: Instant,
    now: Instant,
}

impl Machine for Dying {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.end.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        loop {
            let output = self.end.poll();
            if self.now < self.at || !matches!(output, Output::Send { .. }) {
                return output;
            }
        }
    }
}

/// What each of the two says at the end of a call.
fn call_on(world: World, hosts: [HostId; 2], policy: Policy, seed: u64) -> [Diagnosis; 2] {
    meet(world, hosts, ends_config(plan(true), policy, None), seed, None)
}

/// Two ends that call each other as two rtc-doctors do.
fn ends_config(plan: Plan, policy: Policy, call: Option<CallConfig>) -> Config {
    Config { plan, policy, passive_tcp: false, mdns: false, by_hand: false, call }
}

/// The first end's line dies at `dies`.
fn meet(mut world: World, hosts: [HostId; 2], config: Config, seed: u64, dies: Option<Instant>) -> [Diagnosis; 2] {
    let ends = [0, 1].map(|end: usize| {
        let config = config.clone();
        let kept = Kept(Rc::new(RefCell::new(Session::new(config, Rng::numbered(seed * 2 + end as u64)))));
        let machine: Box<dyn Machine> = match dies.filter(|_| end == 0) {
            Some(at) => Box::new(Dying { end: kept.clone(), at, now: Instant::START }),
            None => Box::new(kept.clone()),
        };
        (world.attach(hosts[end], machine), kept)
    });
    world.introduce(ends[0].0, ends[1].0, Duration::from_millis(30));
    for (end, _) in &ends {
        assert!(world.run_until_finished(*end, Instant::after_start(Duration::from_secs(120))), "it ends");
    }
    drop(world);
    ends.map(|(_, Kept(meeting))| {
        let meeting = Rc::try_unwrap(meeting).unwrap_or_else(|_| panic!("the world is gone")).into_inner();
        let (ours, theirs) = meeting.into_records();
        let (theirs, tool) = theirs.unwrap_or_else(|| {
            panic!(
                "the other end's record is missing: {:#?}",
                ours.observations.iter().rev().take(30).collect::<Vec<_>>()
            )
        });
        diagnose(&ours.join(theirs, tool))
    })
}

pub(crate) fn call(a: &Place, b: &Place, seed: u64) -> [Diagnosis; 2] {
    let mut world = World::new(seed);
    serve(&mut world);
    let hosts = [(a.lay)(&mut world, 1), (b.lay)(&mut world, 2)];
    call_on(world, hosts, Policy::All, seed)
}

/// The same with speech, video and data over the pair, measured for five seconds.
pub(crate) fn whole_call(a: &Place, b: &Place, seed: u64) -> [Diagnosis; 2] {
    whole_call_until(a, b, seed, None)
}

/// The same where the first end's line dies in the middle of it.
pub(crate) fn call_on_a_line_that_dies(a: &Place, b: &Place, seed: u64) -> [Diagnosis; 2] {
    whole_call_until(a, b, seed, Some(Instant::after_start(Duration::from_secs(2))))
}

fn whole_call_until(a: &Place, b: &Place, seed: u64, dies: Option<Instant>) -> [Diagnosis; 2] {
    let mut world = World::new(seed);
    serve(&mut world);
    let hosts = [(a.lay)(&mut world, 1), (b.lay)(&mut world, 2)];
    meet(world, hosts, ends_config(plan(true), Policy::All, Some(FIVE_SECONDS)), seed, dies)
}

fn known(path: &Option<Judged<Path>>) -> Option<Path> {
    path.as_ref().and_then(|path| path.value().copied())
}

fn brief(diagnosis: &Diagnosis) -> String {
    let said = |path: &Option<Judged<Path>>| {
        path.as_ref().map_or_else(String::new, |path| format!("{:?} {:?}", path.value(), path.why()))
    };
    let verdict = &diagnosis.verdict;
    let (predicted, tried) = (said(&verdict.predicted), said(&verdict.tried));
    format!("predicted {predicted}, tried {tried}, because {:?}, direct if {:?}", verdict.because, verdict.direct_if)
}

/// What is predicted with good reason is what is found, at both ends, and nothing else.
#[track_caller]
fn holds(what: &str, compared: &Diagnosis, [ours, theirs]: &[Diagnosis; 2]) {
    let tried = known(&ours.verdict.tried);
    assert!(tried.is_some(), "{what}: {} {:#?}", brief(ours), ours.pairs);
    assert_eq!(tried, known(&theirs.verdict.tried), "{what}: both ends come to one verdict");
    let predicted = known(&compared.verdict.predicted);
    assert!(predicted.is_none() || predicted == tried, "{what}: {}, and {}", brief(compared), brief(ours));
    assert_eq!(compared.verdict.path, compared.verdict.predicted.clone().expect("a prediction"));
    for end in [ours, theirs] {
        let of_call = known(&end.verdict.predicted);
        assert_eq!(of_call, predicted, "{what}: {}, and {}", brief(compared), brief(end));
        let wrong = [
            Code::DirectWasPredicted,
            Code::RelayWasPredicted,
            Code::RelayWasPredictedAndFailed,
            Code::NoPathWasPredicted,
        ];
        assert!(end.findings.iter().all(|finding| !wrong.contains(&finding.code)), "{what}: {:?}", end.findings);
    }
}

#[test]
fn behind_one_nat_nothing_is_promised_but_what_hairpinning_gives() {
    let (independent, strict) = (Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
    let kinds = [HairpinMode::No, HairpinMode::InternalSource, HairpinMode::ExternalSource];
    for (mapping, hairpinning) in kinds.into_iter().flat_map(|kind| [(independent, kind), (strict, kind)]) {
        for neighbours in [Neighbours::Reachable, Neighbours::Isolated] {
            let lay = |world: &mut World| {
                serve(world);
                let internet = world.internet();
                let nat = NatConfig { hairpinning, ..NatConfig::new(mapping, strict, ip("203.0.113.10")) };
                let gateway = Gateway { neighbours, ..Gateway::nat(nat) }.over(Link::of(DELAY, 0.0));
                let site = world.site(internet, gateway);
                [2, 3].map(|number| world.host(site, &[IpAddr::from([192, 168, 0, number])]))
            };
            let mut world = World::new(3);
            let [first, second] = lay(&mut world);
            let (ours, theirs) = (check_on(&mut world, first, true, 3), check_on(&mut world, second, true, 4));
            let mut world = World::new(3);
            let hosts = lay(&mut world);
            let called = call_on(world, hosts, Policy::All, 3);
            let what = format!("{mapping:?}, {hairpinning:?}, {neighbours:?}");
            let compared = compare(&ours, &theirs);
            let tried = known(&called[0].verdict.tried);
            assert_eq!(tried, known(&called[1].verdict.tried), "{what}");
            let hairpins = mapping == independent && hairpinning == HairpinMode::ExternalSource;
            let expected = hairpins || neighbours == Neighbours::Reachable;
            assert_eq!(tried, Some(if expected { Path::Direct } else { Path::Relay }), "{what}");
            if hairpins {
                holds(&what, &compared, &called);
                assert_eq!(known(&compared.verdict.predicted), Some(Path::Direct), "{what}");
            } else {
                assert_eq!(compared.verdict.path.why(), Some(Code::SameNetwork), "{what}: {:?}", compared.verdict);
            }
        }
    }
}

#[test]
fn two_strict_offices_without_a_relay_connect_nowhere_only_where_the_application_is_known_to_have_none() {
    let office = || Place::of(sides().into_iter().find(|side| side.name == "APDM/APDF").expect("is there"));
    let alone = |number: u8, whole_list| {
        let mut world = World::new(1);
        serve(&mut world);
        let host = (office().lay)(&mut world, number);
        let plan = Plan { whole_list, ..plan(false) };
        run::at_host(&mut world, host, plan, Rng::numbered(21)).expect("it keeps its time")
    };
    for (ours, theirs) in [(false, false), (true, false), (false, true)] {
        let compared = compare(&alone(1, ours), &alone(2, theirs));
        assert_eq!(compared.verdict.path.why(), Some(Code::RelayNotTested), "{:?}", compared.verdict);
        assert_eq!(compared.exit_code(), 3);
    }
    let compared = compare(&alone(1, true), &alone(2, true));
    assert_eq!(compared.verdict.path.value(), Some(&Path::None), "{:?}", compared.verdict);
    assert!(compared.verdict.because.contains(&Code::NoTurnNamed), "{:?}", compared.verdict);
    assert!(compared.findings.iter().any(|finding| finding.code == Code::NoTurnNamed));
    assert_eq!(compared.exit_code(), 2);
}

/// facts of the field: coturn denies its own address unless it is told otherwise.
#[test]
fn two_ends_without_udp_and_a_server_that_denies_itself_are_told_that_nothing_connects() {
    let blocked = |number: u8, world: &mut World| {
        serve_with(world, false);
        (Place::of(sides().pop().expect("no UDP")).lay)(world, number)
    };
    let alone = |number: u8| {
        let mut world = World::new(1);
        let host = blocked(number, &mut world);
        check_on(&mut world, host, true, 1)
    };
    let compared = compare(&alone(1), &alone(2));
    assert_eq!(known(&compared.verdict.predicted), Some(Path::None), "{}", brief(&compared));
    assert!(compared.verdict.because.contains(&Code::RelayDeniesItself), "{}", brief(&compared));
    assert_eq!(compared.exit_code(), 2);
    let mut world = World::new(1);
    let first = blocked(1, &mut world);
    let second = (Place::of(sides().pop().expect("no UDP")).lay)(&mut world, 2);
    let called = call_on(world, [first, second], Policy::All, 1);
    holds("a server that denies itself", &compared, &called);
    assert!(
        called[0].findings.iter().any(|finding| finding.code == Code::PairsRefusedByRelay),
        "{:?}",
        called[0].pairs
    );
}

#[test]
fn a_call_that_is_to_be_relayed_proves_no_prediction_wrong() {
    let open = || Place::of(sides().remove(0));
    let mut world = World::new(2);
    serve(&mut world);
    let hosts = [(open().lay)(&mut world, 1), (open().lay)(&mut world, 2)];
    for end in call_on(world, hosts, Policy::RelayOnly, 2) {
        assert_eq!(known(&end.verdict.predicted), Some(Path::Direct));
        assert_eq!(known(&end.verdict.tried), Some(Path::Relay));
        assert_eq!(end.verdict.because, [Code::NoDirectPairTried, Code::RelayTakesOver]);
        assert!(end.findings.iter().all(|finding| finding.code != Code::DirectWasPredicted));
    }
}

//! The world by itself, with machines made for the purpose.

mod closing;
mod networks;

use super::*;
use crate::lab::{Firewall, HairpinMode, LineConfig, Link, NatConfig, Passage};
use crate::machine::QueryId;
use crate::model::HostFact;
use crate::model::{Behaviour, Question};
use std::collections::VecDeque;

const SERVER: &str = "198.51.100.1:3478";
const RTT: Duration = Duration::from_millis(40);

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn end() -> Instant {
    Instant::after_start(Duration::from_secs(60))
}

/// Answers every datagram and every stream with the same bytes.
struct Echo {
    open: Vec<Open>,
    out: VecDeque<Output>,
}

impl Echo {
    fn boxed() -> Box<Self> {
        let open = vec![
            Open::Udp { bind: Bind::At(at(SERVER)), dont_fragment: false },
            Open::Listen { at: at("198.51.100.1:443"), secure: true },
            Open::Listen { at: at("198.51.100.1:80"), secure: false },
        ];
        Box::new(Self { open, out: VecDeque::new() })
    }
}

impl Machine for Echo {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                for (number, open) in self.open.drain(..).enumerate() {
                    self.out.push_back(Output::Open { socket: SocketId(number as u32), open });
                }
            }
            Input::Received { socket, from, data } => self.out.push_back(Output::Send { socket, to: from, data }),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

/// Opens one socket, sends `copies` bytes to one place, and keeps what it is told until it is told to stop.
struct Client {
    open: Open,
    to: SocketAddr,
    copies: u8,
    /// By how many routers the copies may be forwarded; None: by all.
    hops: Option<u8>,
    content: Vec<u8>,
    out: VecDeque<Output>,
    over: bool,
}

impl Client {
    fn udp(to: &str, copies: u8) -> Box<Self> {
        let to = at(to);
        let open = Open::Udp { bind: Bind::Toward(to), dont_fragment: true };
        Box::new(Self { open, to, copies, hops: None, content: vec![0], out: VecDeque::new(), over: false })
    }

    fn stream(open: Open, to: &str) -> Box<Self> {
        Box::new(Self { open, to: at(to), copies: 1, hops: None, content: vec![0], out: VecDeque::new(), over: false })
    }

    fn note(&mut self, text: String) {
        let by = Origin { question: Question::Host, uri: Some(text.into()) };
        self.out.push_back(Output::Observe { by, fact: Fact::Host(HostFact::NetworkChanged) });
    }
}

impl Machine for Client {
    fn handle(&mut self, _: Instant, input: Input) {
        let socket = SocketId(0);
        match input {
            Input::Interfaces(_) => self.out.push_back(Output::Open { socket, open: self.open.clone() }),
            Input::Opened { local, tls, .. } => {
                let secure = if tls.is_some() { " secure" } else { "" };
                self.note(format!("opened {}{secure}", local.ip()));
                for _ in 0..self.copies {
                    let (to, data) = (self.to, self.content.clone());
                    self.out.push_back(match self.hops {
                        Some(hops) => Output::SendHops { socket, to, data, hops },
                        None => Output::Send { socket, to, data },
                    });
                }
            }
            Input::Stop => self.over = true,
            Input::Received { from, .. } => self.note(format!("heard {from}")),
            Input::Failed { failure, .. } => self.note(format!("failed {failure:?}")),
            Input::Unreachable { to, failure, .. } => self.note(format!("unreachable {to} {failure:?}")),
            other => self.note(format!("{other:?}")),
        }
    }

    fn poll(&mut self) -> Output {
        let wake = if self.over { Wake::Finished } else { Wake::OnInput };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

/// A home behind this gateway, with half the round trip on its line, and the echo on the internet.
fn home(gateway: Gateway, client: Box<Client>, seed: u64) -> (World, MachineId) {
    let mut world = World::new(seed);
    let internet = world.internet();
    let line = |line: LineConfig| LineConfig { delay: RTT / 2, ..line };
    let link = Link { out: line(gateway.link.out), back: line(gateway.link.back), ..gateway.link };
    let site = world.site(internet, gateway.over(link));
    let server = world.host(internet, &[at(SERVER).ip()]);
    world.attach(server, Echo::boxed());
    let inside = world.host(site, &["192.168.0.2".parse().expect("an address")]);
    let id = world.attach(inside, client);
    (world, id)
}

fn nat(mapping: Behaviour, filtering: Behaviour) -> Gateway {
    Gateway::nat(NatConfig::new(mapping, filtering, "203.0.113.1".parse().expect("an address")))
}

/// The first site that a world was given.
fn site() -> Region {
    Region(1)
}

fn strict() -> Gateway {
    nat(Behaviour::AddressAndPortDependent, Behaviour::AddressAndPortDependent)
}

fn notes(world: &World, id: MachineId) -> Vec<(u128, String)> {
    let note = |(at, by, _): &(Instant, Origin, Fact)| {
        (at.since_start().as_millis(), by.uri.clone().map(String::from).unwrap_or_default())
    };
    world.observed(id).iter().map(note).collect()
}

fn heard(world: &World, id: MachineId) -> usize {
    notes(world, id).iter().filter(|(_, note)| note.starts_with("heard")).count()
}

#[test]
fn an_answer_comes_after_the_delay_of_every_link_there_and_back() {
    let (mut world, id) = home(strict(), Client::udp(SERVER, 1), 1);
    world.run_until(end());
    assert_eq!(notes(&world, id), [(0, "opened 192.168.0.2".to_owned()), (40, format!("heard {SERVER}"))]);
}

#[test]
fn two_nats_in_a_row_let_answers_through() {
    let mut world = World::new(1);
    let internet = world.internet();
    let carrier = NatConfig::new(
        Behaviour::EndpointIndependent,
        Behaviour::EndpointIndependent,
        "203.0.113.1".parse().expect("an address"),
    );
    let carrier = world.site(internet, Gateway::nat(carrier));
    let router = NatConfig::new(
        Behaviour::EndpointIndependent,
        Behaviour::AddressAndPortDependent,
        "100.64.0.2".parse().expect("an address"),
    );
    let house = world.site(carrier, Gateway::nat(router));
    let server = world.host(internet, &[at(SERVER).ip()]);
    world.attach(server, Echo::boxed());
    let inside = world.host(house, &["192.168.0.2".parse().expect("an address")]);
    let id = world.attach(inside, Client::udp(SERVER, 1));
    world.run_until(end());
    assert_eq!(heard(&world, id), 1);
}

#[test]
fn a_line_that_loses_a_fifth_each_way_loses_about_a_third_of_all_answers() {
    let link = Link::of(RTT / 2, 0.2);
    let (mut world, id) = home(Gateway { link, ..strict() }, Client::udp(SERVER, 200), 7);
    world.run_until(end());
    assert!((110..145).contains(&heard(&world, id)), "{}", heard(&world, id));
}

#[test]
fn one_seed_gives_the_same_run_and_another_seed_another() {
    let run = |seed| {
        let link = Link::of(RTT / 2, 0.2);
        let (mut world, id) = home(Gateway { link, ..strict() }, Client::udp(SERVER, 200), seed);
        world.run_until(end());
        (notes(&world, id), world.traffic())
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

#[test]
fn where_udp_is_blocked_nothing_comes_back() {
    let (mut world, id) = home(
        Gateway { firewall: Firewall { udp: Passage::None, ..Firewall::default() }, ..strict() },
        Client::udp(SERVER, 5),
        1,
    );
    world.run_until(end());
    assert_eq!((heard(&world, id), world.traffic()), (0, (0, 5)));
}

#[test]
fn a_closed_port_says_so_through_the_nat() {
    let (mut world, id) = home(strict(), Client::udp("198.51.100.1:9", 1), 1);
    world.run_until(end());
    assert!(notes(&world, id)[1].1.starts_with("unreachable 198.51.100.1:9"), "{:?}", notes(&world, id));
}

#[test]
fn what_is_larger_than_the_line_takes_is_lost() {
    let link = Link { mtu_bytes: 1400, ..Link::default() };
    for (bytes, passes) in [(1372, 1), (1373, 0)] {
        let mut client = Client::udp(SERVER, 1);
        client.content = vec![0; bytes];
        let (mut world, id) = home(Gateway { link, ..strict() }, client, 1);
        world.run_until(end());
        assert_eq!(heard(&world, id), passes, "{bytes}");
    }
}

#[test]
fn a_connection_takes_one_round_trip_and_tls_another() {
    for (open, to, took) in [
        (Open::Tcp { to: at("198.51.100.1:80") }, "198.51.100.1:80", 40),
        (
            Open::Tls { to: at("198.51.100.1:443"), server_name: "a.example".to_owned(), insecure: false },
            "198.51.100.1:443",
            80,
        ),
    ] {
        let (mut world, id) = home(strict(), Client::stream(open, to), 1);
        world.run_until(end());
        let notes = notes(&world, id);
        assert_eq!((notes[0].0, notes[1].0), (took, took + 40), "{notes:?}");
    }
}

#[test]
fn a_port_where_nobody_listens_refuses_and_a_blocked_one_stays_silent() {
    let to = at("198.51.100.1:8080");
    let refused = home(strict(), Client::stream(Open::Tcp { to }, "198.51.100.1:8080"), 1);
    let firewall = Firewall { tcp: Passage::Only(vec![443]), ..Firewall::default() };
    let blocked = Gateway { firewall, ..strict() };
    let blocked = home(blocked, Client::stream(Open::Tcp { to }, "198.51.100.1:8080"), 1);
    for ((mut world, id), expected) in [(refused, (40, "failed Refused")), (blocked, (3500, "failed TimedOut"))] {
        world.run_until(end());
        assert_eq!(notes(&world, id), [(expected.0, expected.1.to_owned())]);
    }
}

#[test]
fn two_hosts_of_one_home_reach_each_other_by_the_public_address_only_where_the_nat_hairpins() {
    for (hairpinning, expected) in [(HairpinMode::No, 0), (HairpinMode::ExternalSource, 1)] {
        let mut config = NatConfig::new(
            Behaviour::EndpointIndependent,
            Behaviour::EndpointIndependent,
            "203.0.113.1".parse().expect("an address"),
        );
        config.hairpinning = hairpinning;
        let mut world = World::new(1);
        let internet = world.internet();
        let site = world.site(internet, Gateway::nat(config));
        let echo_at = at("192.168.0.3:6000");
        let first = world.host(site, &[echo_at.ip()]);
        let open = vec![Open::Udp { bind: Bind::At(echo_at), dont_fragment: false }];
        let echo = world.attach(first, Box::new(Echo { open, out: VecDeque::new() }));
        world.run_until(Instant::START);
        // The echo speaks first, so that it is mapped.
        let data = vec![1];
        world.give_input(echo, Input::Received { socket: SocketId(0), from: at("198.51.100.1:9"), data });
        world.run_until(Instant::START);
        let second = world.host(site, &["192.168.0.2".parse().expect("an address")]);
        let id = world.attach(second, Client::udp("203.0.113.1:6000", 1));
        world.run_until(end());
        assert_eq!(heard(&world, id), expected, "{hairpinning:?}");
    }
}

#[test]
fn a_finished_machine_holds_no_port() {
    let (mut world, id) = home(strict(), Client::udp(SERVER, 1), 1);
    world.run_until(end());
    world.give_input(id, Input::Stop);
    assert!(world.run_until_finished(id, end() + RTT));
    let inside = world.machines[id.0].host;
    assert!(world.hosts[inside.0].sockets.is_empty());
}

/// Asks for names and keeps what it is told.
struct Querier {
    names: Vec<String>,
    kind: DnsKind,
    out: VecDeque<Output>,
}

impl Querier {
    fn boxed(names: &[&str], kind: DnsKind) -> Box<Self> {
        Box::new(Self { names: names.iter().map(|name| (*name).to_owned()).collect(), kind, out: VecDeque::new() })
    }
}

impl Machine for Querier {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                for (number, name) in self.names.drain(..).enumerate() {
                    let query = QueryId(number as u32);
                    self.out.push_back(Output::Resolve { query, name, kind: self.kind });
                }
            }
            other => {
                let note = match other {
                    Input::Resolved { answer, .. } => format!("{answer:?}"),
                    other => format!("{other:?}"),
                };
                let by = Origin { question: Question::Host, uri: Some(note.into()) };
                self.out.push_back(Output::Observe { by, fact: Fact::Host(HostFact::NetworkChanged) });
            }
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

#[test]
fn a_name_has_the_records_it_was_given_and_fails_as_it_was_told_to() {
    let mut world = World::new(1);
    let internet = world.internet();
    let address = "192.0.2.1".parse().expect("an address");
    world.name("a.example", DnsKind::A, DnsRecord::Address(address));
    world.name_fails("b.example", DnsFailure::ServerFailure);
    let host = world.host(internet, &[address]);
    let id = world.attach(host, Querier::boxed(&["a.example", "b.example", "c.example"], DnsKind::A));
    world.run_until(end());
    let answers: Vec<String> = notes(&world, id).into_iter().map(|(_, note)| note).collect();
    for (answer, expected) in answers.iter().zip(["192.0.2.1", "ServerFailure", "NoSuchName"]) {
        assert!(answer.contains(expected), "{answers:?}");
    }
    assert_eq!(answers.len(), 3);
}

#[test]
fn a_gateway_that_restarts_forgets_whom_it_let_in() {
    let (mut world, id) = home(strict(), Client::udp(SERVER, 1), 1);
    // The request is out and its answer on the way back when the power fails.
    world.run_until(Instant::after_start(RTT / 2));
    world.change_at(world.now(), NetworkChange::Restart(site()));
    world.run_until(end());
    assert_eq!((heard(&world, id), world.now()), (0, end()));
}

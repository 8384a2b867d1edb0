//! What ICE owes in cases that are rarer than two home routers.

use super::*;
use crate::lab::{Firewall, Neighbours, NetworkChange, Passage};
use crate::machine::SocketId;
use crate::model::{CandidateType, Host, Interface, InterfaceAddress, InterfaceKind, Pair, Protocol};
use crate::model::{HostFact, IceFact};
use Behaviour::AddressDependent;

fn home(public: &str) -> Gateway {
    nat(EndpointIndependent, AddressAndPortDependent, public)
}

fn usual() -> [Config; 2] {
    [config(Role::Controlling), config(Role::Controlled)]
}

fn nominated(facts: &[Fact]) -> Vec<Pair> {
    pairs(facts).into_iter().filter(|pair| pair.nominated).collect()
}

#[test]
fn two_ends_that_want_the_same_role_settle_it_and_both_nominate_one_pair() {
    for role in [Role::Controlling, Role::Controlled] {
        for seed in 0..4 {
            let gateways = [home("198.51.100.1"), home("198.51.100.2")];
            let both = TwoEnds::between(gateways, [config(role), config(role)], &servers(), seed).run();
            let switched =
                |facts: &[Fact]| facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::RoleSwitched { .. })));
            let switches = both.iter().filter(|facts| switched(facts)).count();
            assert_eq!(switches, 1, "{role:?}, seed {seed}");
            assert!(both.iter().all(|facts| nominated(facts).len() == 1), "{role:?}, seed {seed}");
        }
    }
}

#[test]
fn an_address_that_nobody_had_named_is_learnt_from_the_check_that_comes_from_it() {
    let strict = nat(AddressAndPortDependent, AddressAndPortDependent, "198.51.100.1");
    let open = nat(EndpointIndependent, EndpointIndependent, "198.51.100.2");
    let [ours, theirs] = TwoEnds::between([strict, open], usual(), &servers(), 2).run();
    let [pair] = &nominated(&theirs)[..] else { panic!("one pair") };
    assert_eq!(pair.remote.kind, CandidateType::Prflx, "{pair:?}");
    let [pair] = &nominated(&ours)[..] else { panic!("one pair") };
    assert_eq!(pair.local.kind, CandidateType::Prflx, "{pair:?}");
}

/// Each answer and each check leaves from yet another port: two ends that wake each other must come to an end.
#[test]
fn two_nats_whose_answers_never_fit_do_not_keep_two_ends_busy_for_ever() {
    let odd = |public| nat(AddressAndPortDependent, EndpointIndependent, public);
    for facts in TwoEnds::between([odd("198.51.100.1"), odd("198.51.100.2")], usual(), &servers(), 3).run() {
        assert!(pairs(&facts).len() <= 100);
        assert!(pairs(&facts).iter().all(|pair| pair.state != PairState::NotChecked));
        let [pair] = &nominated(&facts)[..] else { panic!("one pair") };
        assert!(!is_direct(pair), "{pair:?}");
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Host(HostFact::Limited { .. }))), "limits are told");
    }
}

/// The peer names more candidates than are taken, of which the first lead nowhere.
#[test]
fn a_peer_that_is_heard_from_an_address_beyond_the_limit_is_checked_there() {
    for end in [0, 1] {
        let open = |public| nat(EndpointIndependent, EndpointIndependent, public);
        let mut two = TwoEnds::between([open("198.51.100.1"), open("198.51.100.2")], usual(), &servers(), 8);
        for number in 0..200 {
            let line =
                format!("candidate:{number} 1 udp 2130706431 198.18.{}.7 {} typ host", number / 8, 4000 + number);
            two.world.give_input(two.ends[end], Input::Signalled(Signalled::Message(line.into_bytes())));
        }
        let facts = two.run();
        for facts in facts {
            let [pair] = &nominated(&facts)[..] else { panic!("one pair of {}", pairs(&facts).len()) };
            assert!(is_direct(pair), "{pair:?}");
        }
    }
}

#[test]
fn a_relay_that_may_not_send_to_the_peer_is_told_by_its_403() {
    let mut world = World::new(4);
    let mut server = server_config();
    if let Some(relaying) = &mut server.relaying {
        relaying.peers = crate::server::Peers::from_iter(["198.51.100.1/32".parse().expect("a range")]);
    }
    serve(&mut world, server, 4);
    let hosts = ["198.51.100.1", "198.51.100.2"].map(|public| {
        let internet = world.internet();
        let site = world.site(internet, nat(AddressAndPortDependent, AddressAndPortDependent, public));
        world.host(site, &[at("192.168.7.2")])
    });
    let [ours, theirs] = TwoEnds::of(world, hosts, usual(), &servers(), 4).run();
    let refused = |pair: &Pair| matches!(pair.failure, Some(PairFailure::RelayRefused { code: 403, .. }));
    assert!(pairs(&ours).iter().any(refused), "our relay must not reach 198.51.100.2");
    let [pair] = &nominated(&theirs)[..] else { panic!("one pair") };
    assert_eq!(pair.local.kind, CandidateType::Relay, "theirs may reach us: {pair:?}");
}

#[test]
fn hidden_addresses_are_found_on_one_link_and_told_as_not_found_from_elsewhere() {
    let hidden = || usual().map(|config| Config { mdns: true, ..config });
    let mut world = World::new(5);
    serve(&mut world, server_config(), 5);
    let internet = world.internet();
    let site = world.site(internet, home("198.51.100.1"));
    let hosts = [2, 3].map(|number| world.host(site, &[std::net::IpAddr::from([192, 168, 7, number])]));
    for facts in TwoEnds::of(world, hosts, hidden(), &servers(), 5).run() {
        let named = |fact: &Fact| matches!(fact, Fact::Ice(IceFact::RemoteCandidate(end)) if matches!(end.address, Host::Name(_)));
        assert!(facts.iter().any(named), "the address was hidden");
        let [pair] = &nominated(&facts)[..] else { panic!("one pair") };
        assert!(
            is_direct(pair) && pair.remote.endpoint().is_some_and(|at| at.ip().to_string().starts_with("192.168.7."))
        );
    }
    let gateways = [home("198.51.100.1"), home("198.51.100.2")];
    for facts in TwoEnds::between(gateways, hidden(), &servers(), 6).run() {
        let unresolved = |pair: &Pair| pair.failure == Some(PairFailure::NotResolved);
        assert!(pairs(&facts).iter().any(unresolved), "{:?}", pairs(&facts));
        assert_eq!(nominated(&facts).len(), 1);
    }
}

#[test]
fn without_udp_a_peer_that_takes_tcp_is_reached_directly() {
    let firewall = Firewall { udp: Passage::None, ..Firewall::default() };
    let blocked = Gateway { firewall, ..home("198.51.100.1") };
    let taking = [config(Role::Controlling), Config { passive_tcp: true, ..config(Role::Controlled) }];
    let mut world = World::new(7);
    serve(&mut world, server_config(), 7);
    let internet = world.internet();
    let site = world.site(internet, blocked);
    let hosts = [world.host(site, &[at("192.168.7.2")]), world.host(internet, &[at("198.51.100.9")])];
    for facts in TwoEnds::of(world, hosts, taking, &servers(), 7).run() {
        let [pair] = &nominated(&facts)[..] else { panic!("{:#?}", pairs(&facts)) };
        assert!(is_direct(pair) && pair.local.protocol == Protocol::Tcp, "{pair:?}");
    }
}

#[test]
fn a_pair_that_falls_silent_loses_consent_after_thirty_seconds() {
    let mut world = World::new(8);
    serve(&mut world, server_config(), 8);
    let mut sites = Vec::new();
    let hosts = ["198.51.100.1", "198.51.100.2"].map(|public| {
        let internet = world.internet();
        let site = world.site(internet, home(public));
        sites.push(site);
        world.host(site, &[at("192.168.7.2")])
    });
    world.change_at(Instant::after_start(Duration::from_secs(12)), NetworkChange::Unplug(sites[0]));
    let ends = TwoEnds::staying(&mut world, hosts, usual(), &servers(), 8, Duration::from_secs(80));
    for facts in ends.in_world(world).run() {
        let lost = facts.iter().find_map(|fact| match fact {
            Fact::Ice(IceFact::ConsentLost { after_ms, .. }) => Some(*after_ms),
            _ => None,
        });
        // Up to six seconds from one check to the next, on either side of the silence.
        assert!(lost.is_some_and(|after| (35_000.0..50_000.0).contains(&after.0)), "{lost:?}");
    }
}

#[test]
fn a_line_that_loses_every_fifth_packet_does_not_make_a_working_pair_fail() {
    for seed in 0..10 {
        let lossy = |public| home(public).over(Link::of(Duration::from_millis(10), 0.2));
        let gateways = [lossy("198.51.100.1"), lossy("198.51.100.2")];
        for facts in TwoEnds::between(gateways, usual(), &servers(), seed).run() {
            let direct = pairs(&facts).iter().any(|pair| is_direct(pair) && pair.state == PairState::Succeeded);
            assert!(direct, "seed {seed}: {:#?}", pairs(&facts));
        }
    }
}

#[test]
fn between_isolated_neighbours_of_a_nat_that_shows_inside_addresses_an_answer_from_elsewhere_does_not_count() {
    let mut world = World::new(9);
    serve(&mut world, server_config(), 9);
    let internet = world.internet();
    let config = NatConfig {
        hairpinning: crate::lab::HairpinMode::InternalSource,
        ..NatConfig::new(EndpointIndependent, AddressDependent, at("198.51.100.1"))
    };
    let gateway = Gateway { neighbours: Neighbours::Isolated, ..Gateway::nat(config) };
    let site = world.site(internet, gateway.over(Link::of(Duration::from_millis(10), 0.0)));
    let hosts = [2, 3].map(|number| world.host(site, &[std::net::IpAddr::from([192, 168, 7, number])]));
    for facts in TwoEnds::of(world, hosts, usual(), &servers(), 9).run() {
        let direct = pairs(&facts).iter().any(|pair| is_direct(pair) && pair.state == PairState::Succeeded);
        assert!(!direct, "{:#?}", pairs(&facts));
        let [pair] = &nominated(&facts)[..] else { panic!("one pair") };
        assert!(!is_direct(pair));
    }
}

/// An agent with one address, at whose peer nobody is.
pub(super) fn alone(role: Role) -> Agent {
    let mut agent = Agent::new(config(role), Rng::numbered(10));
    let address = InterfaceAddress { address: at("192.0.2.1"), prefix_len: 24, temporary: false, deprecated: false };
    let interface = Interface {
        name: "eth0".to_owned(),
        index: 2,
        interface_kind: InterfaceKind::Ethernet,
        up: true,
        mtu_bytes: None,
        addresses: vec![address],
        gateways: Vec::new(),
        name_servers: Vec::new(),
    };
    agent.handle(Instant::START, Input::Interfaces(vec![interface]));
    let opened: Vec<SocketId> = std::iter::from_fn(|| match agent.poll() {
        Output::Wait(_) => None,
        output => Some(output),
    })
    .filter_map(|output| if let Output::Open { socket, .. } = output { Some(socket) } else { None })
    .collect();
    for socket in opened {
        let local = SocketAddr::new(at("192.0.2.1"), 5000);
        agent.handle(Instant::START, Input::Opened { socket, local, tls: None });
    }
    agent.no_more_servers();
    agent
}

pub(super) fn facts_of(agent: &mut Agent) -> Vec<Fact> {
    let told = std::iter::from_fn(|| match agent.poll() {
        Output::Wait(_) => None,
        output => Some(output),
    });
    told.filter_map(|output| if let Output::Observe { fact, .. } = output { Some(fact) } else { None }).collect()
}

pub(super) fn description(lite: bool) -> RemoteDescription {
    let credentials = IceCredentials::new("them", "their-password-there-22").expect("a key");
    RemoteDescription { credentials, lite, pace: Some(OUR_PACE) }
}

#[test]
fn with_a_lite_peer_it_is_we_who_control_and_that_is_no_conflict() {
    let mut agent = alone(Role::Controlled);
    agent.set_remote(Instant::START, description(true));
    let facts = facts_of(&mut agent);
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::RoleSwitched { .. }))), "{facts:?}");
    assert!(facts.contains(&Fact::Ice(IceFact::Described { role: Role::Controlling, lite: true })), "{facts:?}");
}

#[test]
fn however_many_candidates_a_stranger_names_a_hundred_are_taken_and_the_limit_is_told() {
    let mut agent = alone(Role::Controlling);
    agent.set_remote(Instant::START, description(false));
    for number in 0..250_u32 {
        let line =
            format!("candidate:{number} 1 udp {} 203.0.113.{} 4000 typ host", 2_000_000_000 - number, number % 250 + 1);
        agent.add_remote_candidate(Instant::START, RemoteCandidate::parse(&line).expect("a candidate"));
    }
    assert!(agent.checks.list().pairs().len() <= 100, "{}", agent.checks.list().pairs().len());
    let facts = facts_of(&mut agent);
    let taken = facts.iter().filter(|fact| matches!(fact, Fact::Ice(IceFact::RemoteCandidate(_)))).count();
    assert_eq!(taken, 100);
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Host(HostFact::Limited { .. }))), "the limit is told");
}

#[test]
fn candidates_at_addresses_of_everybody_nobody_and_ourselves_are_refused() {
    let nobodys =
        ["224.0.0.251", "255.255.255.255", "0.0.0.0", "0.1.2.3", "127.0.0.1", "ff02::1", "::", "::1", "fe80::1"];
    for address in nobodys.into_iter().chain(["::ffff:192.0.2.1", "64:ff9b::224.0.0.1", "2002:e000:1::1"]) {
        let mut agent = alone(Role::Controlling);
        agent.set_remote(Instant::START, description(false));
        let line = format!("candidate:1 1 udp 2000000000 {address} 4000 typ host");
        agent.add_remote_candidate(Instant::START, RemoteCandidate::parse(&line).expect("a candidate"));
        let refused = |fact: &Fact| {
            matches!(fact, Fact::Ice(IceFact::CandidateRefused { why: crate::model::Code::PeerCandidateForbidden, .. }))
        };
        assert!(facts_of(&mut agent).iter().any(refused), "{address}");
        assert!(agent.checks.list().pairs().is_empty(), "{address}");
    }
}

#[test]
fn many_candidates_at_one_address_are_refused() {
    let mut agent = alone(Role::Controlling);
    agent.set_remote(Instant::START, description(false));
    for port in 4000..4040 {
        let line = format!("candidate:1 1 udp 2000000000 203.0.113.5 {port} typ host");
        agent.add_remote_candidate(Instant::START, RemoteCandidate::parse(&line).expect("a candidate"));
    }
    let facts = facts_of(&mut agent);
    let refused = |fact: &&Fact| {
        matches!(fact, Fact::Ice(IceFact::CandidateRefused { why: crate::model::Code::PeerCandidateLimit, .. }))
    };
    assert!(facts.iter().filter(refused).count() >= 16, "{facts:?}");
    assert!(agent.checks.list().pairs().len() <= 16);
}

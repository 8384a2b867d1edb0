//! Lossy, closed and redirecting networks, strangers, and a run that is stopped.

use super::*;
use crate::machine::Bind;
use crate::model::{NO_BUSINESS_OF_A_SERVER, StunFact, TurnFact};

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
    assert!(
        facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Anomalous { anomaly, .. }) if *anomaly == odd))
    );
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
    let crossed = |fact: &&Fact| matches!(fact, Fact::Turn(TurnFact::Crossed { peer, .. }) if *peer == other);
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
    let forbidden =
        |fact: &Fact| matches!(fact, Fact::Turn(TurnFact::NotCrossed { failure: Some(Failure::Forbidden), .. }));
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
    assert!(matches!(&world.facts[0], Fact::Stun(StunFact::Refused { alternate: Some(to), .. }) if *to == there));
    assert!(
        world
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::Turn(TurnFact::Allocated { server, .. }) if *server == there))
    );
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
fn nothing_is_sent_to_a_relayed_address_that_is_no_business_of_a_server() {
    let named = NO_BUSINESS_OF_A_SERVER.map(address).into_iter().filter(SocketAddr::is_ipv4);
    for relayed in named.filter(|relayed| relayed.port() != 0) {
        let mut world = World::udp();
        world.server().relay_ip = relayed.ip();
        world.opens = Box::new(move |open| match open {
            Open::Udp { bind: Bind::Toward(to), .. } => {
                assert_eq!(*to, server(), "{relayed}");
                None
            }
            _ => None,
        });
        world.run();
        let expected = ["challenged", "allocated", "relay-address-not-public", "refreshed", "released"];
        assert_eq!(world.names(), expected, "{relayed}");
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
    assert_eq!(world.names().last().map(String::as_str), Some("crossed Out Check"));
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
    assert!(
        facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Refused { method: Method::CreatePermission, .. })))
    );
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

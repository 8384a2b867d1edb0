//! What a server proves, or fails to, stage by stage.

use super::*;
use crate::machine::{Proxy, ProxyKind};
use crate::model::{Millis, RunFact, StreamFact, StunFact, TurnFact};

#[test]
fn the_facts_name_the_stages_endpoints() {
    let mut world = World::udp();
    let facts = world.run();
    let relayed_to = address("198.51.100.9:50001");
    assert!(facts.iter().any(|fact| matches!(
        fact,
        Fact::Turn(TurnFact::Allocated { local, server: s, relayed, mapped, lifetime_s: 600, took_ms: Millis(20.0), .. })
            if *local == address("203.0.113.5:40000")
                && *s == server()
                && *relayed == relayed_to
                && *mapped == Some(address("203.0.113.5:40000"))
    )));
    let crossed = |leg| move |fact: &&Fact| matches!(fact, Fact::Turn(TurnFact::Crossed { leg: l, .. }) if *l == leg);
    for leg in [Leg::In, Leg::Out] {
        let fact = facts.iter().find(crossed(leg)).expect("crossed");
        let Fact::Turn(TurnFact::Crossed { peer, relayed, sent: 1, took_ms: Millis(20.0), .. }) = fact else {
            panic!("{fact:?}")
        };
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

#[test]
fn behind_a_proxy_a_second_allocation_is_the_peer_and_no_datagram_is_sent() {
    let proxy = Proxy { kind: ProxyKind::Http, at: server(), login: None };
    let mut world = World::new(config("tls", alice()).through(proxy));
    world.opens = Box::new(|open| {
        let Open::Proxied { host, port: 5349, secure: true, .. } = open else { panic!("{open:?}") };
        assert_eq!(host, "turn.example");
        None
    });
    world.run();
    let names = world.names();
    let crossed: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.starts_with("crossed")).collect();
    assert_eq!(crossed, ["crossed In", "crossed Out", "crossed In large", "crossed Out large"]);
}

#[test]
fn dtls_is_not_spoken() {
    let mut world = World::new(config("dtls", alice()));
    assert_eq!(world.run(), [Fact::Run(RunFact::Skipped { why: Code::DtlsNotSupported })]);
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
        .filter_map(|fact| {
            if let Fact::Turn(TurnFact::Allocated { relayed, .. }) = fact { Some(relayed.is_ipv6()) } else { None }
        })
        .collect();
    assert_eq!(relayed, [false, true]);
    // No IPv6 leads out of here: the IPv6 relay is proven by a second allocation on it.
    let of_a_server = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::NotOpened { .. }));
    assert!(!facts.iter().any(of_a_server), "nothing of a server that anybody named");
    let crossed = |fact: &&Fact| matches!(fact, Fact::Turn(TurnFact::Crossed { relayed, .. }) if relayed.is_ipv6());
    assert_eq!(facts.iter().filter(crossed).count(), 4, "small and large, both ways");
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn a_dead_server_is_silent_and_nothing_is_given_back() {
    let mut world = World::udp();
    world.lost = Box::new(|_, _| true);
    world.run();
    assert_eq!(world.names(), ["Allocate silent"]);
    assert_eq!(world.took(), Duration::from_millis(3900));
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
    assert!(matches!(
        facts,
        [Fact::Stream(StreamFact::NotConnected { failure: Failure::Refused, transport: Transport::Tcp, .. })]
    ));
    let mut world = World::udp();
    world.opens = Box::new(|_| Some(Failure::NoRoute));
    assert!(matches!(world.run(), [Fact::Stun(StunFact::NotOpened { failure: Failure::NoRoute, .. })]));
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
    assert!(
        matches!(
            facts,
            [Fact::Stream(StreamFact::Connected { .. }), Fact::Stream(StreamFact::Ended { buffered_bytes: 13, .. })]
        ),
        "{facts:?}"
    );
}

#[test]
fn a_banner_of_another_protocol_is_shown() {
    let mut world = World::new(config("tcp", alice()));
    world.server().twist(|_, _| vec![b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()]);
    world.run();
    assert_eq!(world.names(), ["connected", "odd"], "no faulty TURN, but none at all");
    let Fact::Stun(StunFact::Anomalous { anomaly: Anomaly::Malformed { problem }, .. }) = &world.facts[1] else {
        panic!("not malformed")
    };
    assert!(problem.to_string().contains("SSH-2.0"), "{problem:?}");
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
fn a_way_out_that_is_shut_is_told() {
    let mut world = World::udp();
    world.lost = Box::new(|from, _| from.ip() == IpAddr::from([198, 51, 100, 9]));
    world.run();
    let names = world.names();
    assert_eq!(names[names.len() - 2..], ["not crossed Out", "released"]);
}

//! What the routers on the way, and relays, show to be dropped by sight or by port.

use super::relays::{PEER, RELAYED, allocated, not_crossed};
use super::scene::{Scene, TURN, addr, finding, home};
use crate::model::*;
use std::net::SocketAddr;

const ROUTER: &str = "100.64.0.1";
const SERVER: &str = "192.0.2.1:3478";

/// A trial with the router at the third place, or at the first.
struct Tried {
    class: DatagramClass,
    to: &'static str,
    hops: u8,
    by: Option<&'static str>,
    sent: u32,
    answered: u32,
}

fn tried(class: DatagramClass, to: &'static str, (sent, answered): (u32, u32)) -> Tried {
    Tried { class, to, hops: 3, by: (answered > 0).then_some(ROUTER), sent, answered }
}

fn first(class: DatagramClass, to: &'static str, answered: u32) -> Tried {
    Tried { hops: 1, by: (answered > 0).then_some("192.168.1.1"), ..tried(class, to, (1, answered)) }
}

fn hopped(scene: &mut Scene, trials: &[Tried]) {
    for trial in trials {
        let fact = HopFact::Hopped {
            class: trial.class,
            to: addr(trial.to),
            local: addr("192.168.1.2:50001"),
            hops: trial.hops,
            by: trial.by.map(|by| by.parse().expect(by)),
            tally: Tally { sent: trial.sent, answered: trial.answered },
            waited_ms: Millis(450.0),
        };
        scene.say(Question::Hops, None, Fact::Hops(fact));
    }
}

fn judged(trials: &[Tried]) -> Diagnosis {
    let mut scene = home();
    hopped(&mut scene, trials);
    scene.judged()
}

use DatagramClass::{Check, Dtls, Stun, Unassigned};

#[test]
fn client_hellos_that_a_router_never_sees_beside_requests_that_it_sees_are_dropped_by_sight() {
    let trials = [tried(Stun, SERVER, (4, 4)), tried(Dtls, SERVER, (3, 0)), first(Dtls, SERVER, 1)];
    let diagnosis = judged(&trials);
    let root = finding(&diagnosis, Code::DtlsFiltered).expect("told");
    assert_eq!((root.strength, root.severity), (Some(Strength::Proven), Severity::Critical));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::DtlsFiltered]);
}

#[test]
fn a_control_that_was_not_heard_to_the_end_proves_nothing() {
    for control in [tried(Stun, SERVER, (4, 3)), tried(Stun, SERVER, (1, 1))] {
        let diagnosis = judged(&[control, tried(Dtls, SERVER, (3, 0)), first(Dtls, SERVER, 1)]);
        assert!(finding(&diagnosis, Code::DtlsFiltered).is_none());
    }
    let once = judged(&[tried(Stun, SERVER, (4, 4)), tried(Dtls, SERVER, (3, 1))]);
    assert!(finding(&once, Code::DtlsFiltered).is_none(), "one of three came through");
}

#[test]
fn what_is_not_known_to_have_left_this_machine_may_be_its_own_filter_which_does_the_same_to_calls() {
    let trials = [tried(Stun, SERVER, (4, 4)), tried(Dtls, SERVER, (3, 0)), first(Dtls, SERVER, 0)];
    let diagnosis = judged(&trials);
    let root = finding(&diagnosis, Code::DtlsFiltered).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::LocalFirewall][..]));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
}

#[test]
fn a_client_hello_that_came_through_anywhere_refutes_that_dtls_is_dropped() {
    let other = "198.51.100.9:3478";
    let trials = [
        tried(Stun, SERVER, (4, 4)),
        tried(Dtls, SERVER, (3, 0)),
        tried(Stun, other, (1, 1)),
        tried(Dtls, other, (1, 1)),
    ];
    assert!(finding(&judged(&trials), Code::DtlsFiltered).is_none());
}

#[test]
fn the_word_of_one_server_s_host_may_be_about_that_server_s_own_filter_and_that_of_two_is_not() {
    let host = |server: &'static str, closed: &'static str, left: u32| {
        [
            Tried { hops: 64, by: Some(server), ..tried(Stun, closed, (4, 4)) },
            Tried { hops: 64, ..tried(Dtls, closed, (3, 0)) },
            first(Dtls, closed, left),
        ]
    };
    let one = judged(&host("192.0.2.1", "192.0.2.1:20000", 1));
    let root = finding(&one, Code::DtlsFiltered).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::OwnCallDtlsBlocked][..]));
    let both: Vec<Tried> = host("192.0.2.1", "192.0.2.1:20000", 1)
        .into_iter()
        .chain(host("198.51.100.9", "198.51.100.9:20001", 1))
        .collect();
    let root = finding(&judged(&both), Code::DtlsFiltered).cloned().expect("told");
    assert_eq!(root.strength, Some(Strength::Proven));
}

#[test]
fn a_closed_high_port_whose_host_says_so_shows_that_a_silent_relay_is_not_this_networks_doing() {
    let told = |by: Option<&'static str>| {
        let mut scene = home();
        scene.record.targets.push(TURN.parse().expect(TURN));
        allocated(&mut scene, TURN);
        not_crossed(&mut scene, TURN, Leg::In);
        not_crossed(&mut scene, TURN, Leg::Out);
        let answered = u32::from(by.is_some());
        hopped(&mut scene, &[Tried { hops: 64, by, ..tried(Stun, "192.0.2.1:20000", (1, answered)) }]);
        let diagnosis = scene.judged();
        let root = finding(&diagnosis, Code::UdpPortsLimited).map(|root| root.strength);
        (root, diagnosis.verdict.path.value().copied())
    };
    assert_eq!(told(None), (Some(Some(Strength::Likely)), None));
    assert_eq!(told(Some("192.0.2.1")), (None, Some(Path::Direct)));
    assert_eq!(told(Some("100.64.0.9")), (Some(Some(Strength::Likely)), None), "a router's word is no host's");
}

/// Requests to the server's own port and to two high ones of its host, of which nothing is heard.
fn ports_closed(server: &'static str, high: [&'static str; 2]) -> Vec<Tried> {
    let at_high = high.into_iter().flat_map(|port| [tried(Stun, port, (3, 0)), first(Stun, port, 1)]);
    [tried(Stun, server, (4, 4)), tried(Dtls, server, (1, 1))].into_iter().chain(at_high).collect()
}

#[test]
fn high_ports_are_closed_where_they_are_lost_on_the_ways_to_two_servers_and_to_a_relay() {
    let one = || ports_closed(SERVER, ["192.0.2.1:20000", "192.0.2.1:50000"]);
    let other = || ports_closed("198.51.100.9:3478", ["198.51.100.9:20001", "198.51.100.9:50001"]);
    let told = |trials: Vec<Tried>, is_lost_at_a_relay: bool| {
        let mut scene = home();
        hopped(&mut scene, &trials);
        if is_lost_at_a_relay {
            allocated(&mut scene, TURN);
            not_crossed(&mut scene, TURN, Leg::In);
        }
        let diagnosis = scene.judged();
        let root = finding(&diagnosis, Code::UdpPortsClosed).map(|root| (root.strength, root.rivals.clone()));
        (root, diagnosis.verdict.because.first().copied(), diagnosis.verdict.direct_if)
    };
    let likely = Some((Some(Strength::Likely), vec![Code::RelayInLost]));
    let root = Some(Code::UdpPortsClosed);
    let both = || one().into_iter().chain(other()).collect();
    let proven = Some((Some(Strength::Proven), Vec::new()));
    assert_eq!(told(both(), true), (proven, root, vec![Code::AllowOutboundUdp]));
    assert_eq!(told(both(), false), (likely.clone(), root, Vec::new()));
    assert_eq!(told(one(), true), (likely, root, Vec::new()));
    assert_eq!(told(one(), false).0, None, "one branch of the way may be of routers that say nothing");
    let one_open = vec![
        tried(Stun, SERVER, (4, 4)),
        tried(Stun, "192.0.2.1:20000", (3, 0)),
        tried(Stun, "192.0.2.1:50000", (1, 1)),
    ];
    assert_eq!(told(one_open, true).0, None);
}

/// What crossed between our socket and a relay, by class.
fn crossed(scene: &mut Scene, relayed: &str, class: Option<DatagramClass>, has_crossed: bool) {
    let server = SocketAddr::new(addr(relayed).ip(), 3478);
    let (transport, peer) = (Transport::Udp, addr(PEER));
    let bytes = class.is_none().then_some(1200);
    for leg in [Leg::In, Leg::Out] {
        let fact = match has_crossed {
            true => TurnFact::Crossed {
                leg,
                transport,
                server,
                relayed: addr(relayed),
                peer,
                sent: 1,
                took_ms: Millis(20.0),
                bytes,
                class,
                spoken: false,
            },
            false => TurnFact::NotCrossed {
                leg,
                transport,
                server,
                relayed: addr(relayed),
                peer: Some(peer),
                sent: 7,
                waited_ms: Millis(2000.0),
                bytes,
                class,
                spoken: false,
                failure: None,
            },
        };
        scene.say(Question::Relay, Some(TURN), Fact::Turn(fact));
    }
}

#[test]
fn client_hellos_that_do_not_cross_a_relay_beside_large_datagrams_that_do_are_likely_dropped_by_sight() {
    let relays = |lost: &[(&str, bool, bool, bool)]| {
        let mut scene = home();
        for (relayed, large, dtls, is_alive) in lost {
            crossed(&mut scene, relayed, None, *large);
            crossed(&mut scene, relayed, Some(Dtls), *dtls);
            crossed(&mut scene, relayed, None, *large && *is_alive);
        }
        let diagnosis = scene.judged();
        finding(&diagnosis, Code::DtlsFiltered).map(|root| (root.strength, root.rivals.clone()))
    };
    let here_or_there = vec![Code::LocalFirewall, Code::OwnCallDtlsBlocked];
    assert_eq!(relays(&[("192.0.2.1:60000", true, false, true)]), Some((Some(Strength::Likely), here_or_there)));
    assert_eq!(relays(&[("192.0.2.1:60000", true, true, true)]), None);
    assert_eq!(relays(&[("192.0.2.1:60000", true, false, false)]), None, "nothing crosses any more");
    let both = [("192.0.2.1:60000", true, false, true), ("198.51.100.9:60000", true, false, true)];
    assert_eq!(relays(&both), Some((Some(Strength::Likely), vec![Code::LocalFirewall])), "not the relays' own");
    assert_eq!(relays(&[("192.0.2.1:60000", false, false, true)]), None, "little of anything crosses");
    let refuted = [("192.0.2.1:60000", true, false, true), ("198.51.100.9:60000", true, true, true)];
    assert_eq!(relays(&refuted), None, "the filter is the first relay's own");
}

/// What a server's host says of its low port, and nothing of its high ones.
fn low_alone(server: &'static str, low: &'static str, high: &'static str) -> [Tried; 3] {
    [
        Tried { hops: 64, by: Some(server), ..tried(Stun, low, (4, 4)) },
        Tried { hops: 64, ..tried(Stun, high, (3, 0)) },
        first(Stun, high, 1),
    ]
}

#[test]
fn hosts_of_two_operators_that_say_nothing_of_high_ports_alone_are_behind_a_network_that_shuts_them() {
    let one = || low_alone("192.0.2.1", "192.0.2.1:53", "192.0.2.1:20000");
    let other = || low_alone("198.51.100.9", "198.51.100.9:53", "198.51.100.9:20001");
    let with_a_relay = |trials: Vec<Tried>| {
        let mut scene = home();
        hopped(&mut scene, &trials);
        allocated(&mut scene, TURN);
        not_crossed(&mut scene, TURN, Leg::In);
        scene.judged()
    };
    let alone = with_a_relay(one().into());
    assert!(finding(&alone, Code::UdpPortsClosed).is_none(), "it may be that host's own firewall");
    let both = with_a_relay(one().into_iter().chain(other()).collect());
    let root = finding(&both, Code::UdpPortsClosed).expect("told");
    assert_eq!(root.strength, Some(Strength::Proven));
    let open = Tried { hops: 64, by: Some("198.51.100.9"), ..tried(Stun, "198.51.100.9:20001", (1, 1)) };
    let refuted = with_a_relay(one().into_iter().chain(other()).chain([open]).collect());
    assert!(finding(&refuted, Code::UdpPortsClosed).is_none());
}

/// A token that does not come through between our socket and a relay; it begins as RTP does.
fn token_lost(scene: &mut Scene) {
    allocated(scene, TURN);
    [Leg::In, Leg::Out].into_iter().for_each(|leg| not_crossed(scene, TURN, leg));
}

#[test]
fn checks_that_do_not_cross_a_relay_beside_other_bytes_that_do_leave_no_direct_pair_and_the_relay() {
    let told = |is_dropped: bool| {
        let mut scene = home();
        crossed(&mut scene, RELAYED, None, true);
        crossed(&mut scene, RELAYED, Some(Check), !is_dropped);
        crossed(&mut scene, RELAYED, None, true);
        let diagnosis = scene.judged();
        let root = finding(&diagnosis, Code::ChecksFiltered).map(|root| root.rivals.clone());
        (root, diagnosis.verdict.path.value().copied())
    };
    assert_eq!(told(true), (Some(vec![Code::LocalFirewall, Code::OwnCallRelayFails]), None));
    assert_eq!(told(false), (None, Some(Path::Direct)));
}

#[test]
fn media_that_do_not_cross_a_relay_beside_other_bytes_that_do_are_dropped_by_sight_and_its_ports_are_open() {
    let mut scene = home();
    crossed(&mut scene, RELAYED, Some(Unassigned), true);
    token_lost(&mut scene);
    crossed(&mut scene, RELAYED, Some(Unassigned), true);
    let diagnosis = scene.judged();
    let root = finding(&diagnosis, Code::MediaFiltered).expect("told");
    assert_eq!(root.severity, Severity::Warning);
    for accused in [Code::UdpPortsLimited, Code::RelayPortsClosed] {
        assert!(finding(&diagnosis, accused).is_none(), "{accused}");
    }
    let lost = diagnosis.findings.iter().find(|finding| finding.code == Code::RelayInLost);
    assert!(lost.is_none_or(|lost| lost.cause.is_some()), "{lost:?}");
}

#[test]
fn where_of_all_bytes_checks_alone_cross_only_stun_passes_and_that_is_told_once() {
    let mut scene = home();
    crossed(&mut scene, RELAYED, Some(Check), true);
    token_lost(&mut scene);
    for class in [Unassigned, Dtls] {
        crossed(&mut scene, RELAYED, Some(class), false);
    }
    crossed(&mut scene, RELAYED, Some(Check), true);
    let diagnosis = scene.judged();
    let root_of = |code| {
        let cause = finding(&diagnosis, code).and_then(|finding| finding.cause);
        cause.and_then(|cause| diagnosis.findings.get(cause as usize)).map(|root| root.code)
    };
    for code in [Code::DtlsFiltered, Code::MediaFiltered] {
        assert_eq!(root_of(code), Some(Code::OnlyStunPasses), "{code}");
    }
}

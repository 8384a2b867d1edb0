//! Stories in which a guess would convict somebody innocent.

use super::causes::unreachable;
use super::relays::{PEER, RELAYED, allocated, not_crossed};
use super::scene::*;
use crate::model::*;
use crate::model::{HostFact, Millis, StreamFact, StunFact};

const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";

fn told(diagnosis: &Diagnosis, code: Code) -> Option<Option<Strength>> {
    finding(diagnosis, code).map(|finding| finding.strength)
}

#[test]
fn a_next_hop_that_does_not_answer_is_no_firewall_of_this_machine() {
    let itself = || Failure::Icmp { icmp: Icmp::HostUnreachable, by: Some(addr("192.168.1.2:0").ip()) };
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    for (uri, server) in [(HOME, "192.0.2.1:3478"), (SECOND, "198.51.100.9:3478")] {
        scene.say(Question::Binding, Some(uri), unreachable(server, itself()));
    }
    let diagnosis = scene.judged();
    assert_eq!(told(&diagnosis, Code::LocalFirewall), None);
    assert_eq!(told(&diagnosis, Code::NoWayOut), Some(Some(Strength::Proven)));
    assert_eq!(diagnosis.verdict.path.value(), None);
    let mut one = home();
    one.record.targets.push(SECOND.parse().expect(SECOND));
    one.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", itself()));
    assert_eq!(told(&one.judged(), Code::NoWayOut), None, "another server was heard");
}

#[test]
fn a_router_that_gives_out_an_address_of_its_own_and_no_ipv6_is_no_fault() {
    let mut scene = home();
    scene.interface("eth0", InterfaceKind::Ethernet, &["fd00:1::2"]);
    let (uri, local) = ("stun:[2001:db8::5]", addr("[fd00:1::2]:40000"));
    scene.record.targets.push(uri.parse().expect(uri));
    let server = addr("[2001:db8::5]:3478");
    let fact = StunFact::Unreachable { local, server, failure: Failure::NoRoute };
    scene.say(Question::Binding, Some(uri), Fact::Stun(fact));
    let diagnosis = scene.judged();
    assert_eq!(told(&diagnosis, Code::ServerUnreachable), None);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn where_nothing_answers_in_any_way_no_server_is_held_to_be_down() {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.control(HOME, "192.0.2.1:3478", Some(Failure::TimedOut));
    let diagnosis = scene.judged();
    let cause = finding(&diagnosis, Code::NothingAnswers).expect("told");
    assert_eq!(cause.strength, Some(Strength::Likely));
    let roots: Vec<Code> =
        diagnosis.roots().filter(|root| root.severity > Severity::Info).map(|root| root.code).collect();
    assert_eq!(roots, [Code::NothingAnswers]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NothingAnswers));
}

#[test]
fn one_machine_whose_ipv6_is_silent_may_have_none_itself() {
    let six = |uri: &'static str, server: &'static str| (uri, server);
    let both = [six("stun:[2001:db8::1]", "[2001:db8::1]:3478"), six("stun:[2001:db8::5]", "[2001:db8::5]:3478")];
    let mut scene = home();
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    let named: Target = "stun:both.example".parse().expect("a target");
    scene.record.targets.push(named);
    let uri = "stun:both.example";
    scene.mapped(Question::Binding, uri, "192.168.1.2:40009", "192.0.2.77:3478", "203.0.113.7:40009");
    scene.silent(uri, "[2001:db8::77]:3478");
    let one = scene.judged();
    let broken = finding(&one, Code::Ipv6Broken).expect("told");
    assert_eq!((broken.strength, &broken.rivals[..]), (Some(Strength::Likely), &[Code::ServerSilent][..]));
    for (uri, server) in both {
        scene.record.targets.push(uri.parse().expect(uri));
        scene.silent(uri, server);
    }
    assert_eq!(told(&scene.judged(), Code::Ipv6Broken), Some(Some(Strength::Proven)));
}

#[test]
fn web_pages_in_place_of_tls_beside_silence_may_be_a_sign_in_page_and_show_no_server_alive() {
    let over_tls = "turns:192.0.2.1:443?transport=tcp";
    let mut scene = Scene::at_home(&[HOME, SECOND, over_tls]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    let problem = TlsProblem::NotTls { first_bytes: text("HTTP/1.1 302 Found") };
    let tls = Some(Tls {
        server_name: "192.0.2.1".to_owned(),
        version: None,
        certificates: Vec::new(),
        problem: Some(problem.clone()),
        connect_ms: None,
        handshake_ms: None,
    });
    scene.say(
        Question::Relay,
        Some(over_tls),
        Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tls,
            remote: addr("192.0.2.1:443"),
            failure: Failure::Tls { problem },
            tls,
            took_ms: Millis(9.0),
        }),
    );
    let diagnosis = scene.judged();
    assert_eq!(told(&diagnosis, Code::UdpBlocked), None);
    assert_eq!(told(&diagnosis, Code::CaptivePortal), Some(Some(Strength::Likely)));
    assert_eq!(diagnosis.verdict.path.value(), None);
}

#[test]
fn where_bare_datagrams_cross_both_ways_udp_is_not_blocked_though_no_server_answers_over_it() {
    let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    allocated(&mut scene, OVER_TCP);
    let crossed = |scene: &mut Scene, peer: &str| {
        for leg in [Leg::In, Leg::Out] {
            let fact = TurnFact::Crossed {
                leg,
                transport: Transport::Tcp,
                server: addr("192.0.2.1:3478"),
                relayed: addr(RELAYED),
                peer: addr(peer),
                sent: 1,
                took_ms: Millis(22.0),
                bytes: None,
                class: None,
                spoken: false,
            };
            scene.say(Question::Relay, Some(OVER_TCP), Fact::Turn(fact));
        }
    };
    crossed(&mut scene, "198.51.100.9:50000");
    assert!(finding(&scene.judged(), Code::UdpBlocked).is_some(), "that was between two servers");
    crossed(&mut scene, PEER);
    let diagnosis = scene.judged();
    assert_eq!(told(&diagnosis, Code::UdpBlocked), None);
    assert_eq!(told(&diagnosis, Code::UdpServerPortsShut), Some(Some(Strength::Likely)));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpServerPortsShut));
    // Bare datagrams that cross are no STUN: where the same request is answered in another form, its form is the cause.
    let tallied = StunFact::Tallied {
        asked: Asked::Rfc3489,
        local: addr("192.168.1.2:40009"),
        server: addr("192.0.2.1:3478"),
        tally: Tally { sent: 3, answered: 3 },
        waited_ms: Millis(700.0),
    };
    scene.say(Question::Binding, Some(HOME), Fact::Stun(tallied));
    let diagnosis = scene.judged();
    assert_eq!(told(&diagnosis, Code::UdpServerPortsShut), None);
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::StunFiltered));
}

#[test]
fn a_relay_that_was_told_to_let_in_an_address_that_is_not_ours_is_not_held_to_have_lost_our_bytes() {
    let judged = |permitted: &str| {
        let mut scene = home();
        scene.record.targets.push(TURN.parse().expect(TURN));
        allocated(&mut scene, TURN);
        let fact = TurnFact::Permitted {
            transport: Transport::Udp,
            server: addr("192.0.2.1:3478"),
            peer: permitted.parse().expect(permitted),
            took_ms: Millis(20.0),
        };
        scene.say(Question::Relay, Some(TURN), Fact::Turn(fact));
        not_crossed(&mut scene, TURN, Leg::In);
        let diagnosis = scene.judged();
        diagnosis.findings.iter().any(|finding| finding.code == Code::RelayInLost)
    };
    assert!(judged("203.0.113.7"), "it is ours");
    assert!(!judged("203.0.113.99"), "it is not ours");
}

#[test]
fn a_server_at_our_own_public_address_sees_what_our_own_router_makes_of_us() {
    let at_home = "stun:203.0.113.7";
    let mut scene = home();
    scene.record.targets.push(at_home.parse().expect(at_home));
    scene.mapped(Question::Binding, at_home, "192.168.1.2:40077", "203.0.113.7:3478", "192.168.1.1:40077");
    assert_eq!(told(&scene.judged(), Code::MappedAddressNotPublic), None);
    let elsewhere = "stun:203.0.113.200";
    let mut scene = home();
    scene.record.targets.push(elsewhere.parse().expect(elsewhere));
    scene.mapped(Question::Binding, elsewhere, "192.168.1.2:40077", "203.0.113.200:3478", "192.168.1.1:40077");
    assert!(told(&scene.judged(), Code::MappedAddressNotPublic).is_some());
}

#[test]
fn a_high_port_whose_host_says_that_it_is_closed_was_reached_and_one_that_this_machine_refused_was_not_asked() {
    let judged = |failure: Option<Failure>| {
        let mut scene = home();
        scene.record.targets.push(TURN.parse().expect(TURN));
        allocated(&mut scene, TURN);
        not_crossed(&mut scene, TURN, Leg::Out);
        let fact = TurnFact::NotCrossed {
            leg: Leg::In,
            transport: Transport::Udp,
            server: addr("192.0.2.1:3478"),
            relayed: addr(RELAYED),
            peer: Some(addr(PEER)),
            sent: 7,
            waited_ms: Millis(1700.0),
            bytes: None,
            class: None,
            spoken: false,
            failure,
        };
        scene.say(Question::Relay, Some(TURN), Fact::Turn(fact));
        finding(&scene.judged(), Code::UdpPortsLimited).is_some()
    };
    let host = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr(RELAYED).ip()) };
    assert!(judged(None));
    assert!(!judged(Some(host)));
    assert!(!judged(Some(Failure::Forbidden)));
}

#[test]
fn a_relayed_address_that_is_not_the_servers_own_says_nothing_of_this_networks_ports() {
    let judged = |relayed: &str| {
        let mut scene = home();
        scene.record.targets.push(TURN.parse().expect(TURN));
        allocated(&mut scene, TURN);
        for leg in [Leg::In, Leg::Out] {
            let fact = TurnFact::NotCrossed {
                leg,
                transport: Transport::Udp,
                server: addr("192.0.2.1:3478"),
                relayed: addr(relayed),
                peer: Some(addr(PEER)),
                sent: 7,
                waited_ms: Millis(1700.0),
                bytes: None,
                class: None,
                spoken: false,
                failure: None,
            };
            scene.say(Question::Relay, Some(TURN), Fact::Turn(fact));
        }
        finding(&scene.judged(), Code::UdpPortsLimited).is_some()
    };
    assert!(judged(RELAYED));
    assert!(!judged("192.0.2.99:50000"), "whether anybody is there is not known");
}

#[test]
fn what_a_call_with_oneself_missed_while_this_machine_stood_still_is_nobodys_doing() {
    let stood_still = |longest_ms: f64| {
        let held_up = Fact::Host(HostFact::HeldUp { times: 3, longest_ms: Millis(longest_ms) });
        let mut scene = super::load::home_beside_a_broken_relay();
        scene.say(Question::Host, None, held_up);
        let diagnosis = scene.judged();
        let blames = |finding: &&Finding| finding.severity >= Severity::Warning;
        diagnosis.findings.iter().filter(blames).map(|finding| finding.code).collect::<Vec<Code>>()
    };
    assert!(stood_still(200.0).contains(&Code::OwnCallRelayFails));
    assert_eq!(stood_still(4000.0), []);
}

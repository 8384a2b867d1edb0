//! What servers of ours, which send back what comes, show of the way.

use super::scene::{Scene, addr, finding, home, office};
use crate::model::*;
use DatagramClass::{Check, Dtls, Unassigned};

const OWN: &str = "192.0.2.1:3478";
const HIGH: &str = "192.0.2.1:50478";
const OTHER: &str = "198.51.100.9:50478";

/// What became of copies of one kind: none came there, none came back, or one did.
#[derive(Clone, Copy)]
enum Became {
    LostThere,
    LostBack,
    Echoed,
    /// Nothing came back, and the server did not say what came.
    Unknown,
}
use Became::{Echoed, LostBack, LostThere, Unknown};

type Tried = (Option<DatagramClass>, Option<u32>, Became);

const SMALL: Tried = (None, None, Echoed);
const LARGE: Tried = (None, Some(1200), Echoed);

fn say(scene: &mut Scene, server: &str, (class, bytes, became): Tried) {
    let (came, came_back) = match became {
        LostThere => (Some(0), false),
        LostBack => (Some(7), false),
        Echoed => (Some(1), true),
        Unknown => (None, false),
    };
    let fact = EchoFact::Echoed {
        server: addr(server),
        local: addr("192.168.1.2:50002"),
        class,
        bytes,
        back_bytes: None,
        sent: if came_back { 1 } else { 7 },
        came,
        came_back,
        waited_ms: Millis(30.0),
    };
    scene.say(Question::Echo, None, Fact::Echo(fact));
}

/// At these servers, between controls that came back.
fn told(servers: &[&str], tried: &[Tried]) -> Diagnosis {
    let mut scene = home();
    for server in servers {
        for each in [LARGE, SMALL].iter().chain(tried).chain(&[LARGE, SMALL]) {
            say(&mut scene, server, *each);
        }
    }
    scene.judged()
}

fn strength(diagnosis: &Diagnosis, code: Code) -> Option<Strength> {
    finding(diagnosis, code).and_then(|finding| finding.strength)
}

#[test]
fn what_is_lost_by_sight_to_one_server_of_ours_may_be_that_servers_own_filter_and_to_two_it_is_the_way_or_this_machine()
{
    for (class, code, there) in
        [(Dtls, Code::DtlsFiltered, Code::OwnCallDtlsBlocked), (Check, Code::ChecksFiltered, Code::OwnCallRelayFails)]
    {
        for became in [LostThere, LostBack] {
            let rivals = |servers: &[&str]| {
                let diagnosis = told(servers, &[(Some(class), None, became)]);
                finding(&diagnosis, code).map(|finding| finding.rivals.clone()).expect("told")
            };
            assert_eq!(rivals(&[HIGH]), [Code::LocalFirewall, there]);
            assert_eq!(rivals(&[HIGH, OTHER]), [Code::LocalFirewall]);
        }
    }
}

#[test]
fn a_direct_call_is_not_promised_where_its_hello_is_lost() {
    let diagnosis = told(&[HIGH, OTHER], &[(Some(Dtls), None, LostThere), (Some(Dtls), Some(1200), LostThere)]);
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::DtlsFiltered));
    assert_ne!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn what_came_through_anywhere_that_way_and_what_nobody_counted_accuse_nobody() {
    let lost = (Some(Dtls), None, LostThere);
    let passed = (Some(Dtls), None, Echoed);
    assert_eq!(strength(&told(&[HIGH], &[lost, passed]), Code::DtlsFiltered), None);
    assert_eq!(strength(&told(&[HIGH], &[(Some(Dtls), None, Unknown)]), Code::DtlsFiltered), None);
    for class in [Dtls, Check, Unassigned] {
        let passed = told(&[HIGH], &[(Some(class), None, Echoed)]);
        for code in [Code::DtlsFiltered, Code::ChecksFiltered, Code::OnlyStunPasses, Code::SmallPathMtu] {
            assert!(finding(&passed, code).is_none(), "{class:?} {code}");
        }
    }
}

#[test]
fn a_flow_that_died_meanwhile_is_no_filter() {
    let mut scene = home();
    for each in [LARGE, SMALL, (Some(Dtls), None, LostThere), (None, Some(1200), LostThere), (None, None, LostThere)] {
        say(&mut scene, HIGH, each);
    }
    let diagnosis = scene.judged();
    for code in [Code::DtlsFiltered, Code::SmallPathMtu, Code::MediaFiltered] {
        assert!(finding(&diagnosis, code).is_none(), "{code}");
    }
}

fn large(became: Became, servers: &[&str]) -> Diagnosis {
    let mut scene = home();
    for server in servers {
        let (large, hello) = ((None, Some(1200), became), (Some(Dtls), Some(1200), became));
        for each in [large, SMALL, (Some(Dtls), None, Echoed), hello, large, SMALL] {
            say(&mut scene, server, each);
        }
        // What is small comes first and last.
        say(&mut scene, server, SMALL);
    }
    scene.judged()
}

#[test]
fn large_packets_that_are_lost_one_way_are_told_as_that_and_not_as_dtls() {
    for became in [LostThere, LostBack] {
        let one = large(became, &[HIGH]);
        assert_eq!(strength(&one, Code::SmallPathMtu), Some(Strength::Likely));
        assert!(finding(&one, Code::DtlsFiltered).is_none());
        assert_eq!(strength(&large(became, &[HIGH, OTHER]), Code::SmallPathMtu), Some(Strength::Proven));
    }
    assert!(finding(&large(Echoed, &[HIGH, OTHER]), Code::SmallPathMtu).is_none());
    assert!(finding(&large(Unknown, &[HIGH, OTHER]), Code::SmallPathMtu).is_none());
}

fn port(scene: &mut Scene, server: &str, sent: u32, answered: u32) {
    let (server, local) = (addr(server), addr("192.168.1.2:50002"));
    let (tally, waited_ms) = (Tally { sent, answered }, Millis(500.0));
    scene.say(Question::Echo, None, Fact::Echo(EchoFact::EchoPort { server, local, tally, waited_ms }));
}

#[test]
fn high_ports_at_which_a_server_of_ours_listens_in_vain_are_told_beside_its_own_port_and_not_without_it() {
    let told = |ports: &[(&str, u32)]| {
        let mut scene = home();
        for (server, answered) in ports {
            port(&mut scene, server, if *answered > 0 { 1 } else { 7 }, *answered);
        }
        scene.judged()
    };
    let shut = told(&[(OWN, 1), (HIGH, 0), (OWN, 1)]);
    assert_eq!(strength(&shut, Code::UdpPortsLimited), Some(Strength::Likely));
    assert_eq!(
        finding(&shut, Code::UdpPortsLimited).map(|found| &found.rivals[..]),
        Some(&[Code::ServerHalfSilent][..])
    );
    assert_ne!(shut.verdict.path.value(), Some(&Path::Direct));
    for ports in [
        &[(OWN, 1), (HIGH, 1), (OWN, 1)][..],
        &[(OWN, 1), (HIGH, 0), ("192.0.2.1:20478", 1), (OWN, 1)],
        &[(OWN, 1), ("192.0.2.1:53", 0), (OWN, 1)],
        &[(OWN, 1), (HIGH, 0), (OWN, 0)],
        &[(OWN, 1), (HIGH, 0)],
    ] {
        assert!(finding(&told(ports), Code::UdpPortsLimited).is_none(), "{ports:?}");
    }
}

#[test]
fn a_line_that_loses_most_of_what_is_sent_is_not_told_to_filter() {
    let mut scene = office(&["stun:192.0.2.1"]);
    for number in 0..20_u32 {
        let (asked, tally) = (Asked::Plain, Tally { sent: 10, answered: if number % 2 == 0 { 4 } else { 5 } });
        let (local, server, waited_ms) = (addr("192.168.1.2:40000"), addr(OWN), Millis(900.0));
        let fact = Fact::Stun(StunFact::Tallied { asked, local, server, tally, waited_ms });
        scene.say(Question::Filtering, None, fact);
    }
    for each in [LARGE, SMALL, (Some(Dtls), None, LostThere), LARGE, SMALL] {
        say(&mut scene, HIGH, each);
    }
    assert!(finding(&scene.judged(), Code::DtlsFiltered).is_none());
}

//! Each class of verdict, its reasons, and what would make it direct.

use super::relays::working_relay;
use super::scene::*;
use crate::model::*;
use crate::model::{Millis, TurnFact};
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
use PeerClass::{ApdmApdf, EimAdf, EimApdf, EimEif, Open, UdpBlocked};

fn forecast(diagnosis: &Diagnosis, peer: PeerClass) -> Option<Path> {
    diagnosis.verdict.forecast.iter().find(|forecast| forecast.peer == peer)?.path.value().copied()
}

#[test]
fn a_home_is_direct_with_all_but_a_strict_office() {
    let mut scene = home();
    scene.record.targets.push(TURN.parse().expect("target"));
    working_relay(&mut scene, TURN);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!(diagnosis.verdict.because, [Code::BothEndpointIndependent]);
    assert!(diagnosis.verdict.direct_if.is_empty());
    for peer in [Open, EimEif, EimAdf, EimApdf] {
        assert_eq!(forecast(&diagnosis, peer), Some(Path::Direct), "{peer:?}");
    }
    for peer in [ApdmApdf, UdpBlocked] {
        assert_eq!(forecast(&diagnosis, peer), Some(Path::Relay), "{peer:?}");
    }
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_filter_by_address_is_direct_with_a_strict_office_too() {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, AddressDependent).tell(&mut scene);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.because, [Code::BothEndpointIndependent, Code::FilteringLetsPeerIn]);
    assert_eq!(forecast(&diagnosis, ApdmApdf), Some(Path::Direct));
    assert_eq!(forecast(&diagnosis, UdpBlocked), Some(Path::Relay), "through the peer's own relay");
}

#[test]
fn a_strict_office_goes_through_its_relay() {
    let mut scene = office(&[HOME, TURN]);
    working_relay(&mut scene, TURN);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(diagnosis.verdict.because, [Code::MappingVariesWithPeer, Code::RelayTakesOver]);
    assert_eq!(diagnosis.verdict.direct_if, [Code::UseEndpointIndependentMapping, Code::UseAddressDependentFiltering]);
    assert_eq!(forecast(&diagnosis, EimAdf), Some(Path::Direct));
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn a_strict_office_without_a_relay_to_test_cannot_tell() {
    let diagnosis = office(&[HOME]).judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayNotTested));
    assert!(!diagnosis.verdict.path.evidence().is_empty());
    assert_eq!(diagnosis.verdict.because, [Code::MappingVariesWithPeer, Code::RelayNotTested]);
    assert!(finding(&diagnosis, Code::RelayNotTested).is_some());
    assert_eq!(forecast(&diagnosis, Open), Some(Path::Direct));
    assert_eq!(diagnosis.exit_code(), 3);
}

#[test]
fn a_strict_office_whose_application_has_no_turn_server_has_no_path_to_its_like_nor_to_a_home() {
    let mut scene = office(&[HOME]);
    scene.record.whole_list = true;
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::MappingVariesWithPeer, Code::NoTurnNamed]);
    assert_eq!(finding(&diagnosis, Code::NoTurnNamed).map(|f| f.severity), Some(Severity::Critical));
    assert!(finding(&diagnosis, Code::NoRelay).is_none() && finding(&diagnosis, Code::RelayNotTested).is_none());
    assert_eq!(forecast(&diagnosis, Open), Some(Path::Direct));
    assert_eq!(forecast(&diagnosis, UdpBlocked), Some(Path::None), "no peer has a better relay");
    assert_eq!(diagnosis.exit_code(), 2);
    assert_eq!(office(&[HOME, TURN]).judged().verdict.path.why(), Some(Code::RelayNotTested), "one is named");
}

#[test]
fn a_strict_office_whose_relay_fails_has_no_path() {
    let mut scene = office(&[HOME, TURN]);
    scene.silent(TURN, "192.0.2.1:3478");
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::MappingVariesWithPeer, Code::NoRelay]);
    assert_eq!(finding(&diagnosis, Code::NoRelay).map(|f| f.severity), Some(Severity::Critical));
    assert_eq!(finding(&diagnosis, Code::RelayNotOffered).map(|f| f.severity), Some(Severity::Critical));
    assert_eq!(diagnosis.exit_code(), 2);
}

#[test]
fn without_udp_a_relay_over_tcp_takes_over_though_it_cannot_be_proven() {
    let turn = "turn:192.0.2.1?transport=tcp";
    let mut scene = Scene::at_home(&[HOME, SECOND, TURN, turn]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.silent(TURN, "192.0.2.1:3478");
    scene.control(HOME, "192.0.2.1:3478", None);
    super::relays::allocated(&mut scene, turn);
    super::relays::not_crossed(&mut scene, turn, Leg::In);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay), "{:?}", diagnosis.verdict);
    assert_eq!(diagnosis.verdict.because, [Code::UdpBlocked, Code::RelayTakesOver]);
    assert_eq!(diagnosis.verdict.direct_if, [Code::AllowOutboundUdp]);
    assert!(finding(&diagnosis, Code::RelayOnlyOverTcp).is_some());
    for peer in PeerClass::ALL {
        assert_eq!(forecast(&diagnosis, peer), Some(Path::Relay), "{peer:?}");
    }
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn an_open_filter_beside_a_varying_mapping_is_uncertain_with_a_home() {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(AddressAndPortDependent, EndpointIndependent).tell(&mut scene);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::ReverseStateDecides));
    assert_eq!(forecast(&diagnosis, EimAdf), Some(Path::Direct));
}

#[test]
fn ipv6_would_make_a_strict_office_direct() {
    let mut scene = office(&[HOME, "stun:[2001:db8::1]"]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    Gate::firewall(AddressAndPortDependent).ipv6().tell(&mut scene);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayNotTested), "the peer is not taken to have IPv6");
    assert!(diagnosis.verdict.direct_if.contains(&Code::UseIpv6));
}

#[test]
fn a_machine_with_ipv6_only_is_judged_over_ipv6_and_for_peers_of_either_family() {
    let gate = Gate::firewall(AddressAndPortDependent).ipv6();
    let mut scene = Scene::asking(&[gate.uri()]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    gate.tell(&mut scene);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::PeerFamilyDecides), "a peer may have IPv4 alone");
    assert_eq!(diagnosis.verdict.because, [Code::PeerFamilyDecides]);
    assert_eq!(diagnosis.verdict.direct_if, [Code::PeerIpv6]);
    assert!(diagnosis.nat.ipv4.is_none());
}

#[test]
fn without_udp_too_a_relay_that_leads_to_ipv6_alone_takes_over_for_no_peer_that_has_none() {
    let (home, second) = ("stun:[2001:db8::1]", "stun:[2001:db8:9::1]");
    let turn = "turn:[2001:db8::1]?transport=tcp";
    let mut scene = Scene::asking(&[home, second, turn]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    scene.silent(home, "[2001:db8::1]:3478");
    scene.silent(second, "[2001:db8:9::1]:3478");
    let allocated = Fact::Turn(TurnFact::Allocated {
        transport: Transport::Tcp,
        local: addr("[2001:db8:1::2]:50001"),
        server: addr("[2001:db8::1]:3478"),
        relayed: addr("[2001:db8::1]:50000"),
        mapped: Some(addr("[2001:db8:1::2]:50001")),
        lifetime_s: 600,
        took_ms: Millis(21.0),
    });
    scene.say(Question::Relay, Some(turn), allocated);
    let verdict = scene.judged().verdict;
    assert_eq!(verdict.path.why(), Some(Code::PeerFamilyDecides), "{verdict:?}");
    assert!(verdict.because.contains(&Code::PeerFamilyDecides), "{:?}", verdict.because);
    assert!(!verdict.because.contains(&Code::RelayTakesOver), "{:?}", verdict.because);
    assert!(verdict.direct_if.is_empty());
}

#[test]
fn nothing_asked_is_not_tested() {
    let diagnosis = Scene::asking(&[]).judged();
    assert_eq!(diagnosis.verdict.path, Judged::not_tested(Code::NoServer));
    assert_eq!(diagnosis.verdict.forecast.len(), PeerClass::ALL.len());
    assert!(diagnosis.findings.is_empty());
}

#[test]
fn the_worst_finding_comes_first() {
    let mut scene = office(&[HOME, TURN]);
    scene.silent(TURN, "192.0.2.1:3478");
    let severities: Vec<Severity> = scene.judged().findings.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_peer_that_is_harder_to_reach_never_fares_better() {
    let rank = |path: &Judged<Path>| match path.value() {
        Some(Path::Direct) => Some(2),
        Some(Path::Relay) => Some(1),
        Some(Path::None) => Some(0),
        None => None,
    };
    let behaviours = [EndpointIndependent, AddressDependent, AddressAndPortDependent];
    let relays: [fn(&mut Scene); 3] = [
        |_| {},
        |scene| working_relay(scene, TURN),
        |scene| {
            super::relays::allocated(scene, TURN);
            super::relays::not_crossed(scene, TURN, Leg::In);
        },
    ];
    for (mapping, filtering) in behaviours.into_iter().flat_map(|m| behaviours.map(|f| (m, f))) {
        for relay in relays {
            let mut scene = Scene::at_home(&[HOME, TURN]);
            Gate::nat(mapping, filtering).tell(&mut scene);
            relay(&mut scene);
            let forecast = scene.judged().verdict.forecast;
            let ranks: Vec<i32> = forecast.iter().filter_map(|forecast| rank(&forecast.path)).collect();
            assert!(ranks.is_sorted_by(|easier, harder| easier >= harder), "{mapping:?} {filtering:?}: {forecast:?}");
        }
    }
}

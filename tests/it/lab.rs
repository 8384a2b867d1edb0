//! Every NAT is diagnosed as it was configured: the whole checkup against our own server, in virtual time.

use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Device, Firewall, Gateway, LineConfig, Link, NatConfig, Passage, Ports, Region, World};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::{Behaviour, Code, Diagnosis, Family, Path};
use rtc_doctor::probe::{Plan, Planned};
use rtc_doctor::run;
use rtc_doctor::server::{Access, Config, Peers, Relaying, StunTurnServer, UdpSite};
use rtc_doctor::turn::Credentials;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

const BEHAVIOURS: [Behaviour; 3] =
    [Behaviour::EndpointIndependent, Behaviour::AddressDependent, Behaviour::AddressAndPortDependent];
pub(crate) const RTT: Duration = Duration::from_millis(40);

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// One site behind this gateway, our server on two addresses outside, and one checkup inside.
pub(crate) fn check(family: Family, gateway: Gateway, uris: &[&str], seed: u64) -> Diagnosis {
    check_while(family, gateway, uris, seed, |_, _| {})
}

/// The same, with something that happens to the site while the checkup runs.
pub(crate) fn check_while(
    family: Family,
    gateway: Gateway,
    uris: &[&str],
    seed: u64,
    happens: impl FnOnce(&mut World, Region),
) -> Diagnosis {
    let (inside, first, second) = match family {
        Family::Ipv4 => (ip("192.168.0.2"), ip("198.51.100.1"), ip("198.51.100.2")),
        Family::Ipv6 => (ip("2001:db8:77::2"), ip("2001:db8:1::1"), ip("2001:db8:1::2")),
    };
    let mut world = World::new(seed);
    let internet = world.internet();
    let line = |line: LineConfig| LineConfig { delay: line.delay.max(RTT / 2), ..line };
    let link = Link { out: line(gateway.link.out), back: line(gateway.link.back), ..gateway.link };
    let site = world.site(internet, gateway.over(link));
    happens(&mut world, site);
    let outside = world.host(internet, &[first, second]);
    world.attach(outside, Box::new(StunTurnServer::new(server(first, second), Rng::numbered(seed + 1))));
    let home = world.host(site, &[inside]);
    let credentials = || Some(Credentials::LongTerm { username: "user".to_owned(), password: "pass".to_owned() });
    let planned = |uri: &&str| Planned { target: uri.parse().expect("a URI"), credentials: credentials() };
    let plan = Plan::new(uris.iter().map(planned));
    diagnose(&run::at_host(&mut world, home, plan, Rng::numbered(seed + 2)).expect("it keeps its time"))
}

pub(crate) fn server(first: IpAddr, second: IpAddr) -> Config {
    let access = Access::new("lab.example").and_then(|access| access.with_user("user", "pass")).expect("usable");
    let anywhere = ["0.0.0.0/0", "::/0"].map(|range| range.parse().expect("a range"));
    let (ipv4, ipv6) = match first {
        IpAddr::V4(v4) => (Some(v4), None),
        IpAddr::V6(v6) => (None, Some(v6)),
    };
    Config {
        udp: vec![UdpSite { address: first, port: 3478, second_address: Some(second), second_port: Some(3479) }],
        tcp: vec![SocketAddr::new(first, 3478)],
        tls: Vec::new(),
        relaying: Some(Relaying {
            access,
            peers: Peers::from_iter(anywhere),
            between_relays: true,
            ipv4,
            ipv6,
            ports: None,
        }),
        ..Config::default()
    }
}

pub(crate) fn nat(family: Family, mapping: Behaviour, filtering: Behaviour) -> Gateway {
    match family {
        Family::Ipv4 => Gateway::nat(NatConfig::new(mapping, filtering, ip("203.0.113.1"))),
        Family::Ipv6 => {
            let device = Device::Nat(NatConfig::new(mapping, filtering, ip("2001:db8:99::1")));
            Gateway { ipv6: device, ..Gateway::default() }
        }
    }
}

pub(crate) fn stun(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "stun:198.51.100.1",
        Family::Ipv6 => "stun:[2001:db8:1::1]",
    }
}

pub(crate) fn every_nat() -> impl Iterator<Item = (Behaviour, Behaviour)> {
    BEHAVIOURS.into_iter().flat_map(|mapping| BEHAVIOURS.map(|filtering| (mapping, filtering)))
}

#[test]
fn every_mapping_and_filtering_of_both_families_is_diagnosed_as_it_was_configured() {
    for family in [Family::Ipv4, Family::Ipv6] {
        for (mapping, filtering) in every_nat() {
            let diagnosis = check(family, nat(family, mapping, filtering), &[stun(family)], 1);
            let found = diagnosis.nat.get(family).expect("the family is there");
            assert_eq!(found.translated.value(), Some(&true));
            assert_eq!(found.mapping.value(), Some(&mapping), "{family:?} {mapping:?} {filtering:?}");
            assert_eq!(found.filtering.value(), Some(&filtering), "{family:?} {mapping:?} {filtering:?}");
            // Behind one NAT two ends meet where both keep their ports, or where it lets anybody in.
            let meets = mapping == BEHAVIOURS[0] || filtering == BEHAVIOURS[0];
            assert_eq!(found.hairpinning.value(), Some(&meets), "{mapping:?} {filtering:?}: {:?}", found.hairpinning);
        }
    }
}

#[test]
fn the_nat_is_known_within_ten_round_trips_and_a_quarter_of_a_second() {
    for (mapping, filtering) in every_nat() {
        let diagnosis = check(Family::Ipv4, nat(Family::Ipv4, mapping, filtering), &[stun(Family::Ipv4)], 1);
        let known = diagnosis.nat_known_ms.expect("known");
        let limit = RTT.as_secs_f64() * 1000.0 * 10.0 + 250.0;
        assert!(known.0 <= limit, "{mapping:?} {filtering:?}: {known} ms");
    }
}

#[test]
fn the_verdict_follows_the_nat_and_the_relay() {
    let uris = ["stun:198.51.100.1", "turn:198.51.100.1", "turn:198.51.100.1?transport=tcp"];
    for (mapping, filtering, path) in [
        (Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent, Path::Direct),
        (Behaviour::AddressAndPortDependent, Behaviour::AddressAndPortDependent, Path::Relay),
        (Behaviour::AddressAndPortDependent, Behaviour::AddressDependent, Path::Relay),
    ] {
        let diagnosis = check(Family::Ipv4, nat(Family::Ipv4, mapping, filtering), &uris, 1);
        assert_eq!(diagnosis.verdict.path.value(), Some(&path), "{mapping:?} {filtering:?}: {:?}", diagnosis.verdict);
        assert!(diagnosis.findings.iter().any(|finding| finding.code == Code::RelayWorks));
    }
}

#[test]
fn where_udp_is_blocked_the_relay_over_tcp_carries_the_call() {
    let gateway = Gateway {
        firewall: Firewall { udp: Passage::None, ..Firewall::default() },
        ..nat(Family::Ipv4, BEHAVIOURS[0], BEHAVIOURS[2])
    };
    let uris = ["stun:198.51.100.1", "turn:198.51.100.1?transport=tcp"];
    let diagnosis = check(Family::Ipv4, gateway, &uris, 1);
    let codes: Vec<Code> = diagnosis.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&Code::ServerUdpSilent), "one machine is no proof against the network: {codes:?}");
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay), "{:?}", diagnosis.verdict);
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn a_nat_with_random_ports_is_not_taken_for_a_varying_one() {
    let mut config = NatConfig::new(BEHAVIOURS[0], BEHAVIOURS[2], ip("203.0.113.1"));
    config.ports = Ports::Random;
    let diagnosis = check(Family::Ipv4, Gateway::nat(config), &[stun(Family::Ipv4)], 1);
    let found = diagnosis.nat.ipv4.expect("the family is there");
    assert_eq!(found.mapping.value(), Some(&Behaviour::EndpointIndependent));
    assert_eq!(found.port_preservation.value(), Some(&false));
}

#[test]
fn a_firewall_without_a_nat_is_told_by_its_filtering() {
    let gateway = Gateway { ipv6: Device::Nat(NatConfig::firewall(BEHAVIOURS[2])), ..Gateway::default() };
    let diagnosis = check(Family::Ipv6, gateway, &[stun(Family::Ipv6)], 1);
    let found = diagnosis.nat.ipv6.expect("the family is there");
    assert_eq!((found.translated.value(), found.mapping.value()), (Some(&false), Some(&BEHAVIOURS[0])));
    assert_eq!(found.filtering.value(), Some(&BEHAVIOURS[2]));
}

#[test]
fn the_same_seed_gives_the_same_document() {
    let run = || {
        let diagnosis = check(Family::Ipv4, nat(Family::Ipv4, BEHAVIOURS[0], BEHAVIOURS[1]), &[stun(Family::Ipv4)], 5);
        serde_json::to_string(&diagnosis).expect("serialises")
    };
    assert_eq!(run(), run());
}

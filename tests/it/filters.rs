//! What lets checks through and kills a call after them is told by a check alone, and never where it is not so.

use crate::lab::{RTT, ip, nat, server};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Firewall, Gateway, Link, Passage, Rate, Recognised, UdpLimits, World};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::{Behaviour, Code, Diagnosis, Fact, Family, HopFact, Path, Strength};
use rtc_doctor::probe::{Plan, Planned};
use rtc_doctor::run;
use rtc_doctor::server::StunTurnServer;
use rtc_doctor::turn::Credentials;
use std::collections::BTreeMap;
use std::net::IpAddr;

const SEEDS: u64 = 40;

/// A home network with this firewall, whose line loses so much each way, and two operators' servers outside.
fn check(firewall: &Firewall, loss_percent: u32, seed: u64) -> Diagnosis {
    let home = nat(Family::Ipv4, Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
    let gateway = Gateway { firewall: firewall.clone(), ..home };
    let mut world = World::new(seed);
    let internet = world.internet();
    let site = world.site(internet, gateway.over(Link::of(RTT / 2, f64::from(loss_percent) / 100.0)));
    for (number, addresses) in [["198.51.100.1", "198.51.100.2"], ["192.0.2.7", "192.0.2.8"]].into_iter().enumerate() {
        let addresses = addresses.map(ip);
        let host = world.host(internet, &addresses);
        let rng = Rng::numbered(seed + number as u64);
        world.attach(host, Box::new(StunTurnServer::new(server(addresses[0], addresses[1]), rng)));
    }
    let laptop = world.host(site, &[ip("192.168.0.2")]);
    let credentials = || Some(Credentials::LongTerm { username: "user".to_owned(), password: "pass".to_owned() });
    let uris = ["stun:198.51.100.1", "stun:192.0.2.7", "turn:198.51.100.1", "turn:198.51.100.1?transport=tcp"];
    let planned = uris.map(|uri| Planned { target: uri.parse().expect("a URI"), credentials: credentials() });
    diagnose(&run::at_host(&mut world, laptop, Plan::new(planned), Rng::numbered(seed + 9)).expect("it keeps its time"))
}

fn strength(diagnosis: &Diagnosis, code: Code) -> Option<Strength> {
    diagnosis.findings.iter().find(|finding| finding.code == code).and_then(|finding| finding.strength)
}

fn drops_dtls() -> Firewall {
    Firewall { recognises: vec![Recognised::Dtls], ..Firewall::default() }
}

/// What TURN guides ask for, and nothing else.
fn few_ports() -> Firewall {
    Firewall { udp: Passage::Only(vec![53, 3478]), ..Firewall::default() }
}

/// As guest networks have it that mean to stop downloads.
fn few_packets(per_second: u32) -> Firewall {
    let packets = Some(Rate { per_second, burst: per_second });
    Firewall { limits: UdpLimits { packets, ..UdpLimits::default() }, ..Firewall::default() }
}

/// In how many of the seeds a cause is proven with its path.
fn proven(firewall: &Firewall, code: Code, path: Path, loss_percent: u32) -> u64 {
    let is_told = |seed: &u64| {
        let diagnosis = check(firewall, loss_percent, *seed);
        strength(&diagnosis, code) == Some(Strength::Proven) && diagnosis.verdict.path.value() == Some(&path)
    };
    (0..SEEDS).filter(is_told).count() as u64
}

#[test]
fn dtls_that_is_dropped_by_sight_is_proven_and_no_call_is_promised() {
    for (loss_percent, least) in [(0, SEEDS), (1, SEEDS * 9 / 10), (5, SEEDS / 2)] {
        let told = proven(&drops_dtls(), Code::DtlsFiltered, Path::None, loss_percent);
        assert!(told >= least, "{loss_percent} %: {told} of {SEEDS}");
    }
}

#[test]
fn high_ports_that_are_closed_are_proven_and_leave_the_relay() {
    for (loss_percent, least) in [(0, SEEDS), (1, SEEDS * 8 / 10), (5, SEEDS / 4)] {
        let told = proven(&few_ports(), Code::UdpPortsClosed, Path::Relay, loss_percent);
        assert!(told >= least, "{loss_percent} %: {told} of {SEEDS}");
    }
}

#[test]
fn few_packets_a_second_are_proven_and_leave_the_relay_over_tcp() {
    for (per_second, loss_percent, least) in [(5, 0, SEEDS), (10, 0, SEEDS), (5, 1, SEEDS * 9 / 10), (5, 5, SEEDS / 4)]
    {
        let told = proven(&few_packets(per_second), Code::UdpPacketsLimited, Path::Relay, loss_percent);
        assert!(told >= least, "{per_second} a second, {loss_percent} %: {told} of {SEEDS}");
    }
}

#[test]
fn none_is_said_of_a_network_that_does_none_whatever_it_loses() {
    for loss_percent in [0, 5, 20] {
        for seed in 0..SEEDS {
            let diagnosis = check(&Firewall::default(), loss_percent, seed);
            for code in [Code::DtlsFiltered, Code::UdpPortsClosed] {
                assert_ne!(strength(&diagnosis, code), Some(Strength::Proven), "{loss_percent} %, seed {seed}");
            }
            assert_eq!(strength(&diagnosis, Code::UdpPacketsLimited), None, "{loss_percent} %, seed {seed}");
        }
    }
}

#[test]
fn no_network_is_taken_for_another() {
    for seed in 0..SEEDS {
        for other in [drops_dtls(), few_ports()] {
            assert_eq!(strength(&check(&other, 5, seed), Code::UdpPacketsLimited), None, "seed {seed}");
        }
        let limited = check(&few_packets(5), 5, seed);
        assert_ne!(strength(&limited, Code::UdpPortsClosed), Some(Strength::Proven), "seed {seed}");
        assert_ne!(strength(&limited, Code::DtlsFiltered), Some(Strength::Proven), "seed {seed}");
        assert_eq!(strength(&check(&drops_dtls(), 5, seed), Code::UdpPortsClosed), None, "seed {seed}");
        assert_ne!(strength(&check(&few_ports(), 5, seed), Code::DtlsFiltered), Some(Strength::Proven), "seed {seed}");
    }
}

/// Packets of the probe of hops, by the host that they are addressed to.
fn packets(diagnosis: &Diagnosis) -> BTreeMap<IpAddr, u32> {
    let mut packets = BTreeMap::new();
    for observation in &diagnosis.observations {
        if let Fact::Hops(HopFact::Hopped { to, tally, .. }) = &observation.fact {
            *packets.entry(to.ip()).or_default() += tally.sent;
        }
    }
    packets
}

#[test]
fn five_packets_ask_one_server_where_all_passes_and_sixteen_each_of_two_where_something_does_not() {
    let open = packets(&check(&Firewall::default(), 0, 1));
    assert_eq!(open.into_values().collect::<Vec<_>>(), [5]);
    for firewall in [drops_dtls(), few_ports()] {
        let told = packets(&check(&firewall, 0, 1));
        assert!(told.len() == 2 && told.values().all(|sent| *sent <= 16), "{told:?}");
    }
}

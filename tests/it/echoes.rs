//! What a network drops is told by servers of ours alone, which send back what comes, without any relay; and never where it is
//! not so.

use crate::lab::{RTT, ip, nat};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Firewall, Gateway, LimitedWay, Link, Passage, Rate, Recognised, UdpLimits, World};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::{Behaviour, Code, Diagnosis, EchoFact, Fact, Family, Path, Strength};
use rtc_doctor::probe::{Plan, Planned};
use rtc_doctor::run;
use rtc_doctor::server::{Config, StunTurnServer, UdpSite};
use std::net::SocketAddr;

const SEEDS: u64 = 20;

/// All of which the causes are told here.
const CAUSES: [Code; 9] = [
    Code::DtlsFiltered,
    Code::ChecksFiltered,
    Code::MediaFiltered,
    Code::OnlyStunPasses,
    Code::UdpPortsLimited,
    Code::UdpPortsClosed,
    Code::UdpPacketsLimited,
    Code::UdpThrottled,
    Code::SmallPathMtu,
];

/// A home network with this firewall, whose line loses so much each way, and two operators' servers outside, which relay
/// nothing; with or without what sends back what comes.
fn check_with(firewall: &Firewall, loss_percent: u32, seed: u64, echo: &[u16]) -> Diagnosis {
    let home = nat(Family::Ipv4, Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
    let gateway = Gateway { firewall: firewall.clone(), ..home };
    let mut world = World::new(seed);
    let internet = world.internet();
    let site = world.site(internet, gateway.over(Link::of(RTT / 2, f64::from(loss_percent) / 100.0)));
    for (number, addresses) in [["198.51.100.1", "198.51.100.2"], ["192.0.2.7", "192.0.2.8"]].into_iter().enumerate() {
        let [address, second] = addresses.map(ip);
        let host = world.host(internet, &[address, second]);
        let second_address = Some(second);
        let config = Config {
            udp: vec![UdpSite { address, port: 3478, second_address, second_port: Some(3479) }],
            echo: echo.iter().map(|port| SocketAddr::new(address, *port)).collect(),
            ..Config::default()
        };
        world.attach(host, Box::new(StunTurnServer::new(config, Rng::numbered(seed + number as u64))));
    }
    let laptop = world.host(site, &[ip("192.168.0.2")]);
    let uris = ["stun:198.51.100.1", "stun:192.0.2.7"];
    let planned = uris.map(|uri| Planned { target: uri.parse().expect("a URI"), credentials: None });
    diagnose(&run::at_host(&mut world, laptop, Plan::new(planned), Rng::numbered(seed + 9)).expect("it keeps its time"))
}

fn check(firewall: &Firewall, loss_percent: u32, seed: u64) -> Diagnosis {
    check_with(firewall, loss_percent, seed, &[53, 443, 20_478, 50_478])
}

fn strength(diagnosis: &Diagnosis, code: Code) -> Option<Strength> {
    diagnosis.findings.iter().find(|finding| finding.code == code).and_then(|finding| finding.strength)
}

fn recognising(recognises: &[Recognised]) -> Firewall {
    Firewall { recognises: recognises.to_vec(), ..Firewall::default() }
}

fn only_3478() -> Firewall {
    Firewall { udp: Passage::Only(vec![3478]), ..Firewall::default() }
}

fn no_larger(way: LimitedWay) -> Firewall {
    Firewall { limits: UdpLimits { largest: Some(1000), way, ..UdpLimits::default() }, ..Firewall::default() }
}

fn few_packets() -> Firewall {
    let packets = Some(Rate { per_second: 5, burst: 5 });
    Firewall { limits: UdpLimits { packets, ..UdpLimits::default() }, ..Firewall::default() }
}

/// Networks, what each is told to be, and what else may be told of it.
fn networks() -> Vec<(Firewall, Code, &'static [Code])> {
    let all = [Recognised::Dtls, Recognised::Media, Recognised::Unassigned];
    vec![
        (recognising(&[Recognised::Dtls]), Code::DtlsFiltered, &[]),
        (recognising(&[Recognised::Check]), Code::ChecksFiltered, &[]),
        (recognising(&[Recognised::Media]), Code::MediaFiltered, &[]),
        (recognising(&all), Code::OnlyStunPasses, &[Code::DtlsFiltered, Code::MediaFiltered]),
        (only_3478(), Code::UdpPortsLimited, &[Code::UdpPortsClosed]),
        (no_larger(LimitedWay::Inwards), Code::SmallPathMtu, &[]),
        (few_packets(), Code::UdpPacketsLimited, &[]),
    ]
}

#[test]
fn each_network_is_told_as_what_it_is_and_never_as_another() {
    for (firewall, code, beside) in networks() {
        for (loss_percent, least) in [(0, SEEDS), (1, SEEDS * 8 / 10), (5, SEEDS / 4)] {
            let mut told = 0;
            for seed in 0..SEEDS {
                let diagnosis = check(&firewall, loss_percent, seed);
                let others = CAUSES.into_iter().filter(|other| *other != code && !beside.contains(other));
                for other in others {
                    assert_eq!(strength(&diagnosis, other), None, "{code}: {other}, {loss_percent} %, seed {seed}");
                }
                told += u64::from([code].iter().chain(beside).any(|code| strength(&diagnosis, *code).is_some()));
            }
            assert!(told >= least, "{code}, {loss_percent} %: {told} of {SEEDS}");
        }
    }
}

#[test]
fn a_home_network_is_accused_of_nothing_whatever_it_loses() {
    for loss_percent in [0, 1, 5, 20] {
        for seed in 0..SEEDS {
            let diagnosis = check(&Firewall::default(), loss_percent, seed);
            for code in CAUSES {
                assert_eq!(strength(&diagnosis, code), None, "{code}, {loss_percent} %, seed {seed}");
            }
        }
    }
    assert_eq!(check(&Firewall::default(), 0, 1).verdict.path.value(), Some(&Path::Direct));
}

fn echoes(diagnosis: &Diagnosis) -> usize {
    diagnosis.observations.iter().filter(|seen| matches!(seen.fact, Fact::Echo(EchoFact::Echoed { .. }))).count()
}

#[test]
fn nothing_of_it_is_asked_of_servers_that_do_not_offer_it_and_it_takes_seven_round_trips_where_they_do() {
    const GAPS_MS: f64 = 100.0;

    let (without, with) = (check_with(&Firewall::default(), 0, 1, &[]), check(&Firewall::default(), 0, 1));
    assert_eq!((echoes(&without), echoes(&with)), (0, 20));
    let lasted = |of: &Diagnosis| of.observations.last().map(|last| last.at_ms.0).expect("observations");
    let longest = lasted(&without) + 7000.0 * RTT.as_secs_f64() + GAPS_MS;
    assert!(lasted(&with) <= longest, "{} {}", lasted(&with), lasted(&without));
}

//! `--lifetime` behind every NAT, on lines that lose packets: an idle mapping lives as long as was configured, or its
//! lifetime stays unknown.

use crate::lab::{RTT, every_nat, ip};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Gateway, Link, NatConfig, Ports, World};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::{Behaviour, Fact, Judged, StunFact, Target};
use rtc_doctor::probe::Plan;
use rtc_doctor::run;
use rtc_doctor::server::{Config, StunTurnServer, UdpSite};
use std::time::Duration;

/// Between two of the idle times that are tried.
const LIVES: Duration = Duration::from_secs(30);
const TRIED_BELOW_MS: u64 = 29_000;
const TRIED_ABOVE_MS: u64 = 35_000;

/// What is said of a NAT like this, and the shortest idle time said to be deadly.
fn lifetime(config: NatConfig, loss: f64, seed: u64) -> (Judged<u64>, Option<u64>) {
    let (first, second) = (ip("198.51.100.1"), ip("198.51.100.2"));
    let mut world = World::new(seed);
    let internet = world.internet();
    let inside = world.site(internet, Gateway::nat(config).over(Link::of(RTT / 2, loss)));
    let outside = world.host(internet, &[first, second]);
    let site = UdpSite { address: first, port: 3478, second_address: Some(second), second_port: Some(3479) };
    let server = Config { udp: vec![site], ..Config::default() };
    world.attach(outside, Box::new(StunTurnServer::new(server, Rng::numbered(seed + 1))));
    let home = world.host(inside, &[ip("192.168.0.2")]);
    let plan = Plan {
        hairpinning: false,
        lifetime: Some(Duration::from_secs(40)),
        timeout: Duration::from_secs(60),
        ..Plan::new(["stun:198.51.100.1".parse::<Target>().expect("a URI")])
    };
    let record = run::at_host(&mut world, home, plan, Rng::numbered(seed + 2)).expect("it keeps its time");
    let judged = diagnose(&record).nat.ipv4.expect("the family is there").mapping_lifetime_ms;
    let Judged::Known { value, evidence } = &judged else { return (judged, None) };
    let death = evidence.iter().filter_map(|id| match record.observations[id.0 as usize].fact {
        Fact::Stun(StunFact::Idled { idle_ms, .. }) if idle_ms > *value => Some(idle_ms),
        _ => None,
    });
    let death = death.min();
    (judged, death)
}

fn nat(mapping: Behaviour, filtering: Behaviour, ports: Ports) -> NatConfig {
    NatConfig { lifetime: LIVES, ports, ..NatConfig::new(mapping, filtering, ip("203.0.113.1")) }
}

#[test]
fn an_idle_mapping_is_never_said_to_live_longer_or_to_die_sooner_than_it_does() {
    let (mut runs, mut unknown) = (0, 0);
    for (mapping, filtering) in every_nat() {
        for ports in [Ports::Preserving, Ports::Random] {
            for loss in [0.0, 0.05, 0.2] {
                for seed in 0..4 {
                    let (judged, death) = lifetime(nat(mapping, filtering, ports), loss, seed);
                    let what = format!("{mapping:?} {filtering:?} {ports:?}, loss {loss}, seed {seed}: {judged:?}");
                    runs += 1;
                    unknown += u32::from(judged.value().is_none());
                    assert!(judged.value().is_none_or(|ms| (1..=TRIED_BELOW_MS).contains(ms)), "{what}");
                    assert!(death.is_none_or(|ms| Duration::from_millis(ms) >= LIVES), "{what}, dead after {death:?}");
                }
            }
        }
    }
    println!("{unknown} of {runs} not known");
    // Seven of nine NATs that keep ports show nothing.
    assert!(unknown * 18 <= runs * 8, "too often unclear: {unknown} of {runs}");
}

#[test]
fn on_a_clean_line_it_is_known_wherever_a_filter_or_a_port_can_tell() {
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
    for (config, told) in [
        (nat(EndpointIndependent, AddressAndPortDependent, Ports::Preserving), true),
        (nat(EndpointIndependent, AddressDependent, Ports::Preserving), true),
        (nat(EndpointIndependent, EndpointIndependent, Ports::Preserving), false),
        (nat(EndpointIndependent, EndpointIndependent, Ports::Random), true),
        (nat(AddressAndPortDependent, AddressAndPortDependent, Ports::Random), true),
    ] {
        let (judged, death) = lifetime(config.clone(), 0.0, 1);
        assert_eq!(judged.value().copied(), told.then_some(TRIED_BELOW_MS), "{config:?}: {judged:?}");
        assert_eq!(death.is_some(), told);
        let sampled_ms = TRIED_ABOVE_MS..TRIED_ABOVE_MS + 2_000;
        assert!(death.is_none_or(|ms| sampled_ms.contains(&ms)), "{death:?}");
    }
}

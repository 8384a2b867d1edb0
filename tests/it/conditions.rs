//! Lines that jitter, lose in bursts, reorder, duplicate and limit, and NATs that change while they are looked at: the
//! diagnosis is never wrong, whatever else it is.

use crate::lab::{RTT, check, check_while, every_nat, ip, nat, stun};
use rtc_doctor::lab::{Firewall, Gateway, LineConfig, Link, NatConfig, NetworkChange, Ports, Rate, UdpLimits, World};
use rtc_doctor::machine::Instant;
use rtc_doctor::model::{Behaviour, Diagnosis, Family, Judged};
use std::time::Duration;

const SEEDS: u64 = 40;

/// How many answers there were, and how many of them were not known; panics where one is known and wrong.
#[derive(Default)]
struct Answers {
    asked: u64,
    unknown: u64,
}

impl Answers {
    fn count(&mut self, diagnosis: &Diagnosis, configured: (Behaviour, Behaviour), what: &str) {
        let Some(nat) = &diagnosis.nat.ipv4 else { return };
        for (name, found, configured) in
            [("mapping", &nat.mapping, configured.0), ("filtering", &nat.filtering, configured.1)]
        {
            self.asked += 1;
            match found {
                Judged::Known { value, .. } => assert_eq!(*value, configured, "{name}, {what}"),
                Judged::NotTested { .. } | Judged::Unclear { .. } => self.unknown += 1,
            }
        }
    }
}

/// Every NAT under one condition.
fn under(name: &str, condition: impl Fn(Gateway) -> Gateway) -> Answers {
    let mut answers = Answers::default();
    for (mapping, filtering) in every_nat() {
        for seed in 0..SEEDS {
            let gateway = condition(nat(Family::Ipv4, mapping, filtering));
            let diagnosis = check(Family::Ipv4, gateway, &[stun(Family::Ipv4)], seed);
            answers.count(&diagnosis, (mapping, filtering), &format!("{mapping:?} {filtering:?}, seed {seed}"));
        }
    }
    println!("{name}: {} of {} answers not known", answers.unknown, answers.asked);
    answers
}

fn over(line: LineConfig) -> impl Fn(Gateway) -> Gateway {
    move |gateway| gateway.over(Link::both_ways(line))
}

fn line() -> LineConfig {
    LineConfig { delay: RTT / 2, ..LineConfig::default() }
}

#[test]
fn jitter_of_twice_the_delay_changes_nothing() {
    assert_eq!(under("jitter", over(LineConfig { jitter: RTT, ..line() })).unknown, 0);
}

#[test]
fn reordered_and_duplicated_packets_change_nothing() {
    assert_eq!(under("reordered", over(LineConfig { reordered: 0.3, ..line() })).unknown, 0);
    assert_eq!(under("duplicated", over(LineConfig { duplicated: 0.5, ..line() })).unknown, 0);
}

#[test]
fn a_slow_line_and_a_narrow_one_change_nothing() {
    let (delay, jitter) = (Duration::from_millis(350), Duration::from_millis(200));
    assert_eq!(under("700 ms round trip", over(LineConfig { delay, jitter, ..LineConfig::default() })).unknown, 0);
    assert_eq!(under("64 kbit/s", over(LineConfig { bandwidth_bps: Some(64_000), ..line() })).unknown, 0);
}

#[test]
fn losses_in_bursts_and_in_one_direction_make_answers_unclear_at_the_worst() {
    let lossy = |loss| LineConfig { loss, ..line() };
    for (name, out, back) in [
        (
            "bursts of 5",
            LineConfig { burst_packets: 5.0, ..lossy(0.1) },
            LineConfig { burst_packets: 5.0, ..lossy(0.1) },
        ),
        ("30 % lost on the way out", lossy(0.3), lossy(0.0)),
        ("30 % lost on the way back", lossy(0.0), lossy(0.3)),
    ] {
        let answers = under(name, |gateway| gateway.over(Link { out, back, ..Link::default() }));
        assert!(answers.unknown * 10 < answers.asked, "{name}: {} of {}", answers.unknown, answers.asked);
    }
}

/// With so few packets a second that most questions cannot be asked often enough, the mapping is known all the same.
#[test]
fn a_rate_limit_is_taken_for_no_filter() {
    let limits = UdpLimits { packets: Some(Rate { per_second: 5, burst: 5 }), ..UdpLimits::default() };
    let limited = |gateway: Gateway| Gateway {
        firewall: Firewall { limits, ..Firewall::default() },
        ..gateway.over(Link::both_ways(line()))
    };
    let answers = under("5 packets a second", limited);
    assert!(answers.unknown * 2 <= answers.asked, "{} of {}", answers.unknown, answers.asked);
}

/// The moments at which something happens: before, during and after the questions about the NAT.
fn moments() -> impl Iterator<Item = Instant> {
    (0..50).map(|step| Instant::after_start(Duration::from_millis(step * 20 + 5)))
}

#[test]
fn a_nat_that_restarts_or_gets_a_new_address_meanwhile_is_not_taken_for_another_kind() {
    let mut answers = Answers::default();
    for (mapping, filtering) in every_nat() {
        for ports in [Ports::Preserving, Ports::Random] {
            for (seed, at) in moments().enumerate() {
                for change in [NetworkChange::Restart, |site| NetworkChange::Renumber(site, vec![ip("203.0.113.2")])] {
                    let config = NatConfig { ports, ..NatConfig::new(mapping, filtering, ip("203.0.113.1")) };
                    let happens = |world: &mut World, site| world.change_at(at, change(site));
                    let (gateway, uris) = (Gateway::nat(config), [stun(Family::Ipv4)]);
                    let diagnosis = check_while(Family::Ipv4, gateway, &uris, seed as u64, happens);
                    let what = format!("{mapping:?} {filtering:?} {ports:?}, {at:?}");
                    answers.count(&diagnosis, (mapping, filtering), &what);
                }
            }
        }
    }
    assert!(answers.unknown * 20 < answers.asked, "{} of {}", answers.unknown, answers.asked);
}

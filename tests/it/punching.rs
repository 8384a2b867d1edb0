//! The predicate of `diagnose::path` against two minimal agents that try it: for every NAT × NAT, over seeds and timings.
//!
//! The agents do what ICE's checks come down to: each knows the other's server-reflexive address, both check, each
//! answers a check from where it came to where it came from and learns that address, and a check counts only where its
//! answer comes from the address that was checked (RFC 8445 §7.2.5.2.1).

mod agent;
mod grid;

use agent::{Agent, Meeting, Reflector};
use rtc_doctor::diagnose::path::{EndBehaviour, HolePunching, Pooling, behind_one_nat, can_hole_punch};
use rtc_doctor::lab::{
    AddressPooling, Device, Firewall, Gateway, HairpinMode, Link, NatConfig, Neighbours, Passage, Ports, Unsolicited,
    World,
};
use rtc_doctor::machine::Instant;
use rtc_doctor::model::Behaviour;
use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

const BEHAVIOURS: [Behaviour; 3] =
    [Behaviour::EndpointIndependent, Behaviour::AddressDependent, Behaviour::AddressAndPortDependent];

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// One end of a pair: what stands before it, and what the predicate takes it for.
#[derive(Clone)]
pub(crate) struct Side {
    pub name: String,
    pub gateway: fn(&Side, u8) -> Gateway,
    pub end: EndBehaviour,
    mapping: Behaviour,
    filtering: Behaviour,
    ports: Ports,
    pooling: AddressPooling,
}

fn short(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::EndpointIndependent => "EI",
        Behaviour::AddressDependent => "AD",
        Behaviour::AddressAndPortDependent => "APD",
    }
}

impl Side {
    fn new(name: String, gateway: fn(&Self, u8) -> Gateway, mapping: Behaviour, filtering: Behaviour) -> Self {
        let end = EndBehaviour::new(mapping, filtering);
        Self { name, gateway, end, mapping, filtering, ports: Ports::Preserving, pooling: AddressPooling::Paired }
    }

    fn nat(mapping: Behaviour, filtering: Behaviour) -> Self {
        let gateway = |side: &Self, number: u8| {
            let public = (0..4).map(|n| IpAddr::from([203, 0, 113, number * 10 + n]));
            let count = if side.pooling == AddressPooling::Paired { 1 } else { 4 };
            Gateway::nat(NatConfig {
                ports: side.ports,
                pooling: side.pooling,
                public: public.take(count).collect(),
                ..NatConfig::new(side.mapping, side.filtering, ip("203.0.113.1"))
            })
        };
        Self::new(format!("{}M/{}F", short(mapping), short(filtering)), gateway, mapping, filtering)
    }

    pub(crate) fn pooled(mapping: Behaviour, filtering: Behaviour) -> Self {
        let pooling = if mapping == BEHAVIOURS[0] { Pooling::Paired } else { Pooling::Arbitrary };
        let nat = Self::nat(mapping, filtering);
        Self {
            name: format!("{}, pool", nat.name),
            end: EndBehaviour::Udp { mapping, filtering, pooling },
            pooling: AddressPooling::Arbitrary,
            ..nat
        }
    }

    fn firewall(filtering: Behaviour) -> Self {
        let gateway =
            |side: &Self, _| Gateway { ipv4: Device::Nat(NatConfig::firewall(side.filtering)), ..Gateway::default() };
        let name =
            if filtering == BEHAVIOURS[0] { "public".to_owned() } else { format!("firewall {}F", short(filtering)) };
        Self::new(name, gateway, BEHAVIOURS[0], filtering)
    }

    fn blocked() -> Self {
        let gateway = |_: &Self, _| Gateway {
            firewall: Firewall { udp: Passage::None, ..Firewall::default() },
            ..Gateway::default()
        };
        let open = BEHAVIOURS[0];
        Self { end: EndBehaviour::NoUdp, ..Self::new("no UDP".to_owned(), gateway, open, open) }
    }
}

pub(crate) fn sides() -> Vec<Side> {
    let nats = || BEHAVIOURS.into_iter().flat_map(|mapping| BEHAVIOURS.map(move |filtering| (mapping, filtering)));
    let mut sides = vec![Side::firewall(BEHAVIOURS[0]), Side::firewall(BEHAVIOURS[1]), Side::firewall(BEHAVIOURS[2])];
    sides.extend(nats().map(|(mapping, filtering)| Side::nat(mapping, filtering)));
    sides.push(Side::blocked());
    sides
}

/// Who begins, by how much, and over what line: another one for each seed.
fn meeting(seed: u64) -> (Meeting, Link) {
    let ms = Duration::from_millis;
    let starts = [[0, 0], [0, 300], [300, 0], [0, 40], [40, 0]][(seed % 5) as usize].map(ms);
    let loss = if seed % 3 == 2 { 0.05 } else { 0.0 };
    (Meeting::new(starts), Link::of(ms(5 + seed % 4 * 10), loss))
}

/// Whether the two found a pair that works both ways.
pub(crate) fn tries(a: &Side, b: &Side, seed: u64) -> bool {
    let (meeting, link) = meeting(seed);
    let mut world = World::new(seed);
    let internet = world.internet();
    let server = world.host(internet, &[ip("198.51.100.1")]);
    world.attach(server, Box::new(Reflector::default()));
    let meeting = Rc::new(RefCell::new(meeting));
    for (number, side) in [a, b].into_iter().enumerate() {
        let site = world.site(internet, (side.gateway)(side, number as u8 + 1).over(link));
        let host = world.host(site, &[IpAddr::from([192, 0, 2, number as u8 * 100 + 2])]);
        world.attach(host, Box::new(Agent::new(number, Rc::clone(&meeting), seed)));
    }
    world.run_until(Instant::after_start(Duration::from_secs(5)));
    let succeeded = meeting.borrow().succeeded;
    succeeded.contains(&true)
}

/// The same behind one NAT, in a site whose hosts do not reach each other.
pub(crate) fn tries_behind_one(mapping: Behaviour, filtering: Behaviour, hairpinning: HairpinMode, seed: u64) -> bool {
    let (meeting, link) = meeting(seed);
    let mut world = World::new(seed);
    let internet = world.internet();
    let server = world.host(internet, &[ip("198.51.100.1")]);
    world.attach(server, Box::new(Reflector::default()));
    let config = NatConfig { hairpinning, ..NatConfig::new(mapping, filtering, ip("203.0.113.1")) };
    let gateway = Gateway { neighbours: Neighbours::Isolated, ..Gateway::nat(config) };
    let site = world.site(internet, gateway.over(link));
    let meeting = Rc::new(RefCell::new(meeting));
    for number in 0..2 {
        let host = world.host(site, &[IpAddr::from([192, 168, 0, number as u8 + 2])]);
        world.attach(host, Box::new(Agent::new(number, Rc::clone(&meeting), seed)));
    }
    world.run_until(Instant::after_start(Duration::from_secs(5)));
    let succeeded = meeting.borrow().succeeded;
    succeeded.contains(&true)
}

const SEEDS: u64 = 20;

fn holds(a: &Side, b: &Side) {
    let predicted = can_hole_punch(a.end, b.end);
    for seed in 0..SEEDS {
        let tried = tries(a, b, seed);
        // Our NATs make no state for what comes in: where that decides, nothing connects.
        assert_eq!(
            tried,
            predicted == HolePunching::Yes,
            "{} with {}, seed {seed}: predicted {predicted:?}",
            a.name,
            b.name
        );
    }
}

#[test]
fn for_every_nat_with_every_nat_what_is_predicted_is_what_comes_of_trying() {
    let sides = sides();
    for (place, a) in sides.iter().enumerate() {
        for b in &sides[place..] {
            holds(a, b);
        }
    }
}

#[test]
fn how_a_nat_picks_its_ports_does_not_matter() {
    for ports in [Ports::Sequential, Ports::Random] {
        for mapping in BEHAVIOURS {
            for filtering in BEHAVIOURS {
                let a = Side { ports, ..Side::nat(mapping, filtering) };
                for peer in [Side::nat(BEHAVIOURS[0], BEHAVIOURS[2]), Side::nat(BEHAVIOURS[0], BEHAVIOURS[1])] {
                    holds(&a, &peer);
                    holds(&a, &Side { ports, ..peer });
                }
            }
        }
    }
}

/// A pool hits the same address by chance once in four: what is predicted is what holds for all seeds.
#[test]
fn a_pool_of_addresses_never_meets_where_it_is_predicted_not_to_but_by_the_same_address() {
    for mapping in BEHAVIOURS {
        for filtering in BEHAVIOURS {
            let a = Side::pooled(mapping, filtering);
            for b in sides() {
                let predicted = can_hole_punch(a.end, b.end);
                let met = (0..SEEDS).filter(|seed| tries(&a, &b, *seed)).count() as u64;
                match predicted {
                    HolePunching::Yes => assert_eq!(met, SEEDS, "{} with {}", a.name, b.name),
                    HolePunching::No => assert!(met * 2 < SEEDS, "{} with {}: {met}", a.name, b.name),
                    HolePunching::Uncertain => {}
                }
            }
        }
    }
}

#[test]
fn behind_one_nat_two_ends_meet_as_predicted_and_only_where_it_hairpins_with_the_external_source() {
    for mapping in BEHAVIOURS {
        for filtering in BEHAVIOURS {
            for hairpinning in [HairpinMode::No, HairpinMode::InternalSource, HairpinMode::ExternalSource] {
                let expected = hairpinning == HairpinMode::ExternalSource
                    && behind_one_nat(mapping, filtering) == HolePunching::Yes;
                for seed in 0..SEEDS {
                    let tried = tries_behind_one(mapping, filtering, hairpinning, seed);
                    assert_eq!(tried, expected, "{mapping:?} {filtering:?} {hairpinning:?}, seed {seed}");
                }
            }
        }
    }
}

/// facts of the field: behind a Linux router without a WAN firewall it is a race.
#[test]
fn a_linux_router_without_a_wan_firewall_loses_when_the_stranger_knocks_first() {
    let tracked = |side: &Side, number: u8| {
        let config = NatConfig::new(side.mapping, side.filtering, IpAddr::from([203, 0, 113, number * 10]));
        Gateway::nat(NatConfig { unsolicited: Unsolicited::Tracked, ..config })
    };
    let router = Side { gateway: tracked, ..Side::nat(BEHAVIOURS[0], BEHAVIOURS[2]) };
    let strict = Side::nat(BEHAVIOURS[0], BEHAVIOURS[2]);
    let met: Vec<bool> = (0..SEEDS).map(|seed| tries(&router, &strict, seed)).collect();
    assert!(met.contains(&true) && met.contains(&false), "{met:?}");
}

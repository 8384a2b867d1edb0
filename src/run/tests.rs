//! The front door: the same checkup in every world, and futures that any runtime can spawn.

use super::*;
use crate::diagnose::diagnose;
use crate::ice::Policy;
use crate::lab::topology::Topology;
use crate::machine::Rng;
use crate::model::{Code, Fact, HopFact, Path, PortControl, Recording};
use crate::os::{Options, OsWorld, signalling_channel};
use crate::peer::{Config, Session};

fn simulate(seed: u64, extras: Extras) -> Recording {
    let home = Topology::preset("home").expect("it comes with the tool");
    simulated(&home, seed, Plan::default(), extras, |_| {}).expect("it runs")
}

#[test]
fn a_simulated_home_is_checked_against_its_own_servers() {
    let mut seen = 0;
    let home = Topology::preset("home").expect("it comes with the tool");
    let recording = simulated(&home, 1, Plan::default(), Extras::default(), |_| seen += 1).expect("it runs");
    assert_eq!(seen, recording.record.observations.len());
    assert!(!recording.record.targets.is_empty() && !recording.record.chosen_by_tool);
    assert_eq!(diagnose(&recording.record).verdict.path.value(), Some(&Path::Direct));
    assert_eq!((recording.run, recording.transcript), (None, None));
}

/// What the router of this text said of itself, in the last protocol that it was asked in, and whether a carrier was told.
fn told_by_router(text: &str, seed: u64) -> (Option<PortControl>, Option<String>, bool) {
    let topology = Topology::parse(text).expect("it parses");
    let record = simulated(&topology, seed, Plan::default(), Extras::default(), |_| {}).expect("it runs").record;
    let asked = record.observations.iter().rev().find_map(|seen| match &seen.fact {
        Fact::Hops(HopFact::OutsideAsked { protocol, outside, .. }) => Some((*protocol, *outside)),
        _ => None,
    });
    let (protocol, outside) = asked.expect("the router was asked");
    let is_carrier = diagnose(&record).findings.iter().any(|finding| finding.code == Code::CarrierNat);
    (protocol, outside.map(|address| address.to_string()), is_carrier)
}

#[test]
fn a_router_gives_the_carrier_above_it_away_in_each_protocol_and_one_with_a_public_address_nobody() {
    let text = include_str!("../../fixtures/networks/causes/carrier-above-router.toml");
    for (word, protocol) in [("nat-pmp", PortControl::NatPmp), ("pcp", PortControl::Pcp), ("upnp", PortControl::Upnp)] {
        for seed in 1..=20 {
            let text = text.replace("\"upnp\"", &format!("{word:?}"));
            assert_eq!(
                told_by_router(&text, seed),
                (Some(protocol), Some("100.64.0.7".to_owned()), true),
                "{word} {seed}"
            );
            // The same router in front of nothing but the line.
            let (_, home) = text.split_once("[[site]]\nname = \"home\"\nbehind = \"carrier\"").expect("a home");
            let alone =
                format!("title = \"Home\"\n[[site]]\nname = \"home\"{}", home.replace("100.64.0.7", "203.0.113.9"));
            assert_eq!(
                told_by_router(&alone, seed),
                (Some(protocol), Some("203.0.113.9".to_owned()), false),
                "{word} {seed}"
            );
        }
    }
}

#[test]
fn a_seed_gives_the_same_recording_and_another_one_another() {
    let extras = Extras { transcript: true, ..Extras::default() };
    let [first, again, other] = [7, 7, 8].map(|seed| simulate(seed, extras));
    assert_eq!(first, again);
    assert_ne!(first.transcript, other.transcript);
    assert!(first.transcript.is_some_and(|transcript| !transcript.events.is_empty()));
}

#[test]
fn how_a_run_with_credentials_was_set_up_is_kept_without_its_seed() {
    let plan = Plan::new(lab_server::planned("server.example"));
    assert_eq!(conditions(&plan, [7; 32]).seed, None);
    assert_eq!(conditions(&Plan::public(), [7; 32]).seed, Some(Bytes(vec![7; 32])));
}

fn is_send<T: Send>(_: &T) {}

#[test]
fn every_run_can_be_spawned_on_a_runtime_of_many_threads() {
    let world = OsWorld::new(Options::default()).expect("no certificates to refuse");
    let never = std::future::pending::<()>;
    is_send(&checkup(&world, Plan::public(), Extras::default(), never(), |_| {}));
    is_send(&embedded(Options::default(), Plan::default(), Extras::default(), never(), |_| {}));
    let plan = Plan::default();
    let config = Config { plan, policy: Policy::All, passive_tcp: false, mdns: false, by_hand: false, call: None };
    let mut session = Session::new(config, Rng::numbered(1));
    is_send(&call(&world, &mut session, signalling_channel().0, never(), |_| {}));
}

//! Every network that is there to show a cause is told as that cause, also over lines that lose packets, and never surely as
//! another. How often is in `reports/accuracy.md`, for a hundred seeds each.
//!
//! Each push tries some of them. `ALL_SEEDS=1 cargo nextest run --test it -E 'test(accuracy)'` tries all, a thousand where a
//! fifth of all packets is lost, and compares the report.

use crate::reports::{keep_section, tries_all_seeds};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::topology::{File, LinkEntry, Topology, all};
use rtc_doctor::model::{CallOutcome, Code, Diagnosis, Severity, Strength};
use rtc_doctor::probe::Plan;
use rtc_doctor::run::{self, Extras};
use std::fmt::Write;

/// The share of packets that is lost each way, and in how many of a hundred runs the cause is told at least.
const LOST: [(u32, u64); 4] = [(0, 100), (1, 100), (5, 95), (20, 0)];

/// Where it is told less often than that: its control needs several packets in a row, or much of the time there is.
const SHORT: [(&str, u32, u64); 8] = [
    ("drops-incoming", 1, 85),
    ("drops-incoming", 5, 30),
    ("few-packets", 1, 90),
    ("few-packets", 5, 85),
    ("few-udp-ports", 5, 75),
    ("rate-limited", 1, 90),
    ("rate-limited", 5, 80),
    ("stun-blocked", 1, 95),
];

fn seeds(lost_percent: u32) -> u64 {
    match (tries_all_seeds(), lost_percent) {
        (false, _) => 20,
        (true, 20) => 1000,
        (true, _) => 100,
    }
}

/// The network with so much lost on each line to the internet before its client.
fn lossy(file: &File, lost_percent: u32) -> Topology {
    let mut file = file.clone();
    let client = file.hosts.iter().find(|host| host.serves.is_none()).map(|host| host.site.clone());
    for site in file.sites.iter_mut().filter(|site| client.as_ref() == Some(&site.name)) {
        let mut link = site.link.unwrap_or_else(|| toml::from_str::<LinkEntry>("out = {}").expect("a line"));
        for line in [Some(&mut link.out), link.back.as_mut()].into_iter().flatten() {
            line.loss_percent = lost_percent.into();
        }
        site.link = Some(link);
    }
    Topology::of(file).expect("a network")
}

fn check(topology: &Topology, seed: u64) -> Diagnosis {
    check_with(topology, seed, Extras::default())
}

fn check_with(topology: &Topology, seed: u64, extras: Extras) -> Diagnosis {
    let recording = run::simulated(topology, seed, Plan::default(), extras, |_| {});
    diagnose(&recording.expect("it keeps its time").record)
}

#[derive(Default)]
struct Told {
    surely: u64,
    likely: u64,
}

impl Told {
    /// Panics where another cause is sure, and not a consequence of this one.
    fn count(&mut self, diagnosis: &Diagnosis, shown: Code, what: &str) {
        let roots = || diagnosis.roots().filter(|root| root.strength.is_some());
        let wrong = roots().find(|root| root.code != shown && root.strength == Some(Strength::Proven));
        assert!(wrong.is_none(), "{what}: {wrong:?}");
        match roots().find(|root| root.code == shown).and_then(|root| root.strength) {
            Some(Strength::Proven) => self.surely += 1,
            Some(Strength::Likely) => self.likely += 1,
            None => {}
        }
    }
}

#[test]
fn every_network_with_a_fault_is_told_by_it_and_surely_by_no_other() {
    let mut text = "| network | cause | 0 % | 1 % | 5 % | 20 % |\n|---|---|---|---|---|---|\n".to_owned();
    for (name, file) in all() {
        let topology = Topology::parse(file).expect("parses");
        let Some(shown) = topology.file().shows else { continue };
        let _ = write!(text, "| {name} | `{shown}` |");
        for (lost_percent, least) in LOST {
            let lossy = lossy(topology.file(), lost_percent);
            let (mut told, mut of_hundred) = (Told::default(), Told::default());
            for seed in 0..seeds(lost_percent) {
                let diagnosis = check(&lossy, seed);
                let what = format!("{name}, {lost_percent} % lost, seed {seed}");
                told.count(&diagnosis, shown, &what);
                if seed < 100 {
                    of_hundred.count(&diagnosis, shown, &what);
                }
            }
            let short = SHORT.iter().find(|(short, at, _)| *short == name && *at == lost_percent);
            let least = short.map_or(least, |(.., least)| *least);
            let (found, tried) = (told.surely + told.likely, seeds(lost_percent));
            assert!(found * 100 >= least * tried, "{name}, {lost_percent} % lost: {found} of {tried}");
            let _ = write!(text, " {} + {} |", of_hundred.surely, of_hundred.likely);
        }
        text.push('\n');
    }
    if tries_all_seeds() {
        keep_section("accuracy.md", "Causes, a hundred runs: sure + likely, by what is lost each way", &text);
    }
}

const WITH_CALLS: Extras = Extras { own_calls: true, transcript: false };

#[test]
fn a_call_with_oneself_shows_no_other_cause_than_the_checkup_beside_it() {
    for (name, file) in all() {
        let topology = Topology::parse(file).expect("parses");
        let Some(shown) = topology.file().shows else { continue };
        let diagnosis = check_with(&topology, 1, WITH_CALLS);
        let mut told = Told::default();
        told.count(&diagnosis, shown, name);
        assert_eq!(told.surely + told.likely, 1, "{name}: {:?}", diagnosis.findings);
    }
}

#[test]
fn calls_with_oneself_go_well_where_nothing_is_wrong() {
    for name in ["home", "linux-router", "corporate"] {
        let (_, file) = all().find(|(known, _)| *known == name).expect(name);
        let diagnosis = check_with(&Topology::parse(file).expect("parses"), 1, WITH_CALLS);
        let outcomes: Vec<CallOutcome> = diagnosis.own_calls.iter().map(|call| call.outcome).collect();
        assert!(
            outcomes.len() >= 2 && outcomes.iter().all(|outcome| *outcome == CallOutcome::Good),
            "{name}: {outcomes:?}"
        );
        let grave = diagnosis.findings.iter().find(|finding| finding.severity > Severity::Info);
        assert!(grave.is_none_or(|found| found.code == Code::NatAddressAndPortDependent), "{name}: {grave:?}");
    }
}

//! Every NAT, in both families, over lines that lose packets: the answers are never wrong, and how often there is none is
//! in `reports/accuracy.md`, for a thousand seeds each.
//!
//! Each push tries a hundred of them. `ALL_SEEDS=1 cargo nextest run --test it -E 'test(accuracy) | test(grid)'` tries all
//! and compares the report.

mod faults;

use crate::lab::{check, every_nat, nat, stun};
use crate::reports::{keep_section, tries_all_seeds};
use rtc_doctor::lab::Link;
use rtc_doctor::model::{Behaviour, Family, Judged};
use std::fmt::Write;
use std::time::Duration;

fn seeds() -> u64 {
    if tries_all_seeds() { 1000 } else { 100 }
}

#[derive(Default)]
struct Answers {
    right: u64,
    unclear: u64,
}

impl Answers {
    fn count(&mut self, found: &Judged<Behaviour>, configured: Behaviour, what: &str) {
        match found {
            Judged::Known { value, .. } => {
                assert_eq!(*value, configured, "{what}");
                self.right += 1;
            }
            Judged::NotTested { .. } | Judged::Unclear { .. } => self.unclear += 1,
        }
    }
}

fn name(behaviour: Behaviour) -> String {
    serde_json::to_value(behaviour).ok().and_then(|value| value.as_str().map(str::to_owned)).expect("a word")
}

fn holds(family: Family, loss_percent: u32) {
    let title = format!("{family:?}, {loss_percent} % lost each way");
    let mut text =
        "| mapping | filtering | runs | mapping right | unclear | filtering right | unclear | wrong |\n".to_owned();
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    let (seeds, mut unclear) = (seeds(), 0);
    for (mapping, filtering) in every_nat() {
        let (mut mappings, mut filterings, mut runs) = (Answers::default(), Answers::default(), 0);
        for seed in 0..seeds {
            let gateway =
                nat(family, mapping, filtering).over(Link::of(Duration::ZERO, f64::from(loss_percent) / 100.0));
            let diagnosis = check(family, gateway, &[stun(family)], seed);
            let found = diagnosis.nat.get(family).expect("the family is there");
            let what = format!("{title}: {mapping:?} {filtering:?}, seed {seed}");
            mappings.count(&found.mapping, mapping, &what);
            filterings.count(&found.filtering, filtering, &what);
            runs += 1;
        }
        unclear += mappings.unclear + filterings.unclear;
        let _ = writeln!(
            text,
            "| {} | {} | {runs} | {} | {} | {} | {} | 0 |",
            name(mapping),
            name(filtering),
            mappings.right,
            mappings.unclear,
            filterings.right,
            filterings.unclear
        );
    }
    println!("{title}: {unclear} of {} answers unclear, none wrong", seeds * 18);
    assert!(unclear * 100 < seeds * 18 * u64::from(loss_percent).max(1), "{title}: {unclear} unclear");
    if tries_all_seeds() {
        keep_section("accuracy.md", &title, &text);
    }
}

macro_rules! conditions {
    ($($test:ident: $family:ident $loss:literal,)+) => {
        $(#[test]
        fn $test() {
            holds(Family::$family, $loss);
        })+
    };
}

conditions! {
    ipv4_is_never_wrong_with_1_percent_lost: Ipv4 1,
    ipv4_is_never_wrong_with_5_percent_lost: Ipv4 5,
    ipv4_is_never_wrong_with_10_percent_lost: Ipv4 10,
    ipv4_is_never_wrong_with_20_percent_lost: Ipv4 20,
    ipv6_is_never_wrong_with_1_percent_lost: Ipv6 1,
    ipv6_is_never_wrong_with_5_percent_lost: Ipv6 5,
    ipv6_is_never_wrong_with_10_percent_lost: Ipv6 10,
    ipv6_is_never_wrong_with_20_percent_lost: Ipv6 20,
}

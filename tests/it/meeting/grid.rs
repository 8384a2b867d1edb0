//! `reports/nat-grid-calls.md`: what `compare` predicts beside what whole calls found.

use super::symmetry::assert_mirrored;
use super::{call, check, compare, holds, known, places};
use crate::reports::keep;
use rtc_doctor::model::{Path, Record};
use std::fmt::Write;

/// Calls of each pair, each with other chance.
const SEEDS: u64 = 2;

fn word(path: Option<Path>) -> &'static str {
    match path {
        Some(Path::Direct) => "direct",
        Some(Path::Relay) => "relay",
        Some(Path::None) => "none",
        None => "unclear",
    }
}

#[test]
fn what_compare_predicts_is_what_whole_calls_find() {
    let places = places();
    let checks: Vec<[Record; 2]> = places.iter().map(|place| [check(place, 1, 1), check(place, 2, 1)]).collect();
    let mut text = format!(
        "# How two whole ends meet\n\n\
         Rows and columns are what stands before each end, as in nat-grid.md. A cell has what `compare` says of the two\n\
         ends' checks, then what {SEEDS} whole calls found (each end with its own checkup and ICE agent, and a TURN server over\n\
         UDP, TCP and TLS): one word where both are the same. \"Unclear\" is what depends on a detail of the NATs that no\n\
         check shows.\n\n\
         Made by `UPDATE_REPORTS=1 cargo nextest run -j1 --test it meeting::grid`.\n\n| |"
    );
    places.iter().for_each(|place| text.push_str(&format!(" {} |", place.name)));
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(places.len()));
    for (row, a) in places.iter().enumerate() {
        let _ = write!(text, "| **{}** |", a.name);
        for (column, b) in places.iter().enumerate() {
            if column < row {
                text.push_str(" |");
                continue;
            }
            let compared = compare(&checks[row][0], &checks[column][1]);
            let predicted = word(known(&compared.verdict.predicted));
            let mut found: Vec<&str> = Vec::new();
            for seed in 1..=SEEDS {
                let what = format!("{} with {}, seed {seed}", a.name, b.name);
                let called = call(a, b, seed);
                holds(&what, &compared, &called);
                assert_mirrored(&what, &called[0], &called[1]);
                found.push(word(known(&called[0].verdict.tried)));
            }
            found.dedup();
            let _ = match &found[..] {
                [one] if *one == predicted => write!(text, " {predicted} |"),
                _ => write!(text, " {predicted}: {} |", found.join(", ")),
            };
        }
        text.push('\n');
    }
    keep("nat-grid-calls.md", &text);
}

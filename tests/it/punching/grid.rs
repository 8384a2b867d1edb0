//! `reports/nat-grid.md`: what is predicted beside what was tried.
//!
//! Each push compares what is predicted; `ALL_SEEDS=1` tries all of it anew, where the other tests here try some.

use super::{BEHAVIOURS, short, sides, tries, tries_behind_one};
use crate::reports::{keep, tries_all_seeds};
use rtc_doctor::diagnose::path::{HolePunching, behind_one_nat, can_hole_punch};
use rtc_doctor::lab::HairpinMode;
use std::fmt::Write;

/// Of each pair.
const SEEDS: u64 = 100;

fn word(punch: HolePunching) -> &'static str {
    match punch {
        HolePunching::Yes => "direct",
        HolePunching::No => "relay",
        HolePunching::Uncertain => "uncertain",
    }
}

/// In how many of all trials this was met; None where they are not all to be made.
fn met(tries: impl Fn(u64) -> bool) -> Option<usize> {
    tries_all_seeds().then(|| (0..SEEDS).filter(|seed| tries(*seed)).count())
}

fn count(met: Option<usize>) -> String {
    met.map_or_else(|| "…".to_owned(), |met| met.to_string())
}

/// The same text where its cells have no counts.
fn without_counts(text: &str) -> String {
    let is_count = |word: &&str| word.parse::<usize>().is_ok();
    let row = |line: &str| match line.starts_with("| **") {
        true => line.split(' ').map(|word| if is_count(&word) { "…" } else { word }).collect::<Vec<_>>().join(" "),
        false => line.to_owned(),
    };
    text.lines().map(|line| row(line) + "\n").collect()
}

#[test]
fn the_grid_in_reports_is_what_todays_code_predicts_and_what_comes_of_trying_it() {
    let sides = sides();
    let mut text = format!(
        "# Who reaches whom without a relay\n\n\
         Rows and columns are what stands before each end: its mapping (M) and filtering (F) after RFC 4787, endpoint-\n\
         independent (EI), address-dependent (AD) or address-and-port-dependent (APD). A cell has what `diagnose::path`\n\
         predicts, and in how many of {SEEDS} trials two agents behind simulated NATs found a pair: with other seeds, other\n\
         delays, one or the other beginning first, and every third trial on lines that lose 5 % each way. \"Uncertain\" is\n\
         direct only with a NAT that makes state for what comes in, which these do not do.\n\n\
         Made by `UPDATE_REPORTS=1 cargo nextest run -j1 --test it grid`, and tested to be what today's code makes.\n\n"
    );
    let _ = writeln!(text, "| |{}", sides.iter().map(|side| format!(" {} |", side.name)).collect::<String>());
    let _ = writeln!(text, "|---|{}", "---|".repeat(sides.len()));
    // Who of the two stands in the row does not matter.
    let found: Vec<Vec<Option<usize>>> = (0..sides.len())
        .map(|row| (0..=row).map(|column| met(|seed| tries(&sides[column], &sides[row], seed))).collect())
        .collect();
    for (row, a) in sides.iter().enumerate() {
        let cells = sides.iter().enumerate().map(|(column, b)| {
            let met = found[row.max(column)][row.min(column)];
            format!(" {} {} |", word(can_hole_punch(a.end, b.end)), count(met))
        });
        let _ = writeln!(text, "| **{}** |{}", a.name, cells.collect::<String>());
    }
    text.push_str(
        "\n## Both behind one NAT, in a network whose hosts do not reach each other\n\n\
         By its hairpinning (RFC 4787 §6): none, showing the receiver the sender's inside address, or its public one.\n\n\
         | | predicted with the external source | none | internal source | external source |\n|---|---|---|---|---|\n",
    );
    for mapping in BEHAVIOURS {
        for filtering in BEHAVIOURS {
            let kinds = [HairpinMode::No, HairpinMode::InternalSource, HairpinMode::ExternalSource];
            let [none, internal, external] =
                kinds.map(|kind| count(met(|seed| tries_behind_one(mapping, filtering, kind, seed))));
            let predicted = word(behind_one_nat(mapping, filtering));
            let name = format!("{}M/{}F", short(mapping), short(filtering));
            let _ = writeln!(text, "| **{name}** | {predicted} | {none} | {internal} | {external} |");
        }
    }
    if tries_all_seeds() {
        return keep("nat-grid.md", &text);
    }
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/reports/nat-grid.md")).expect("a report");
    assert_eq!(without_counts(&kept), text, "see tests/it/reports.rs");
}

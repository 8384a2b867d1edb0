//! `reports/nat-grid.md`: what is predicted beside what was tried.

use super::{BEHAVIOURS, short, sides, tries, tries_behind_one};
use crate::reports::keep;
use rtc_doctor::diagnose::path::{Punch, behind_one_nat, punches};
use rtc_doctor::lab::HairpinMode;
use std::fmt::Write;

/// Of each pair.
const SEEDS: u64 = 100;

fn word(punch: Punch) -> &'static str {
    match punch {
        Punch::Yes => "direct",
        Punch::No => "relay",
        Punch::Uncertain => "uncertain",
    }
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
    let met: Vec<Vec<usize>> = (0..sides.len())
        .map(|row| {
            (0..=row)
                .map(|column| (0..SEEDS).filter(|seed| tries(&sides[column], &sides[row], *seed)).count())
                .collect()
        })
        .collect();
    for (row, a) in sides.iter().enumerate() {
        let cells = sides.iter().enumerate().map(|(column, b)| {
            let met = met[row.max(column)][row.min(column)];
            format!(" {} {met} |", word(punches(a.end, b.end)))
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
            let met =
                kinds.map(|kind| (0..SEEDS).filter(|seed| tries_behind_one(mapping, filtering, kind, *seed)).count());
            let predicted = word(behind_one_nat(mapping, filtering));
            let [none, internal, external] = met;
            let name = format!("{}M/{}F", short(mapping), short(filtering));
            let _ = writeln!(text, "| **{name}** | {predicted} | {none} | {internal} | {external} |");
        }
    }
    keep("nat-grid.md", &text);
}

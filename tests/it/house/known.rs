//! What breaks a law today and is being mended: `known.txt`, one breach a line. A breach that is not listed fails its
//! law, and so does one that is listed and gone; `UPDATE_BREACHES=1` strikes those, and never adds one.

use std::collections::BTreeSet;
use std::fs;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/house/known.txt");

/// Holds what a law found against what is known of it. Each breach is one line that tells where it is.
pub(super) fn settle(law: &str, found: impl IntoIterator<Item = String>) {
    let found: BTreeSet<String> = found.into_iter().collect();
    let prefix = format!("{law}: ");
    let text = fs::read_to_string(FILE).unwrap_or_default();
    let known: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix(&prefix)).collect();
    if std::env::var_os("UPDATE_BREACHES").is_some() {
        let stays = |line: &&str| line.strip_prefix(&prefix).is_none_or(|breach| found.contains(breach));
        let kept: Vec<&str> = text.lines().filter(stays).collect();
        fs::write(FILE, kept.iter().map(|line| format!("{line}\n")).collect::<String>()).expect("is written");
    }
    let new: Vec<&String> = found.iter().filter(|breach| !known.contains(breach.as_str())).collect();
    let gone: Vec<&&str> = known.iter().filter(|breach| !found.contains(**breach)).collect();
    let list = |title: &str, lines: Vec<String>| match lines.is_empty() {
        true => String::new(),
        false => format!("{title}\n{}\n", lines.join("\n")),
    };
    let told = list("new breaches:", new.iter().map(|breach| format!("{prefix}{breach}")).collect())
        + &list(
            "mended, so to be struck from tests/it/house/known.txt (UPDATE_BREACHES=1 does):",
            gone.iter().map(|breach| format!("{prefix}{breach}")).collect(),
        );
    assert!(told.is_empty(), "\n{told}");
}

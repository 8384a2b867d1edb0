//! Calls between real browsers behind the kernel's NATs, each with a known fault: what does `read` say of the files that people
//! would send of them? `tests/peers/dumps/fresh.py` makes the call and knows what was done to it.
//!
//! Nine of its calls are made each time. `FRESH_CALLS=all cargo test --test kernel saved_calls_` makes all of them, which takes
//! an hour.

use crate::Test;
use crate::cdp;
use crate::installed::has_program;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/dumps/fresh.py");

pub(crate) const CHROMIUM: &[Test] = &[
    ("saved_calls_of_chromium_that_went_directly_are_told_so", || hold("direct")),
    ("saved_calls_of_chromium_that_went_through_a_relay_are_told_so", || hold("relayed")),
    ("saved_calls_of_chromium_with_a_wrong_password_are_told_so", || hold("wrong-password")),
    ("saved_calls_of_chromium_without_udp_are_told_so", || hold("udp-blocked")),
    ("saved_calls_of_chromium_that_were_cut_are_told_so", || hold("cut")),
    ("saved_calls_of_chromium_that_were_heard_one_way_are_told_so", || hold("one-way")),
];

pub(crate) const FIREFOX: &[Test] = &[
    ("saved_calls_of_firefox_that_went_through_a_relay_are_told_so", || hold("firefox-relayed")),
    ("saved_calls_of_firefox_with_a_wrong_password_are_told_so", || hold("firefox-wrong-password")),
    ("saved_calls_of_firefox_that_were_cut_are_told_so", || hold("firefox-cut")),
];

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    let lacks = ["tcpdump", "python3"].into_iter().find(|program| !has_program(program));
    lacks.map(|program| format!("needs {program}: run .ci/test once")).or_else(cdp::obstacle)
}

/// The calls beside those of each time, where they are asked for.
pub(crate) fn others() -> Vec<String> {
    if std::env::var_os("FRESH_CALLS").is_none_or(|which| which != "all") {
        return Vec::new();
    }
    let listed = Command::new("python3").args([SCRIPT, "list"]).output().expect("it runs").stdout;
    let names = String::from_utf8(listed).expect("names");
    names.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Makes the call and holds each of its files to what was done.
pub(crate) fn hold(call: &str) {
    let folder = std::env::temp_dir().join(format!("rtc-doctor-saved-{}-{call}", std::process::id()));
    let made = Command::new("python3").arg(SCRIPT).arg(call).arg(&folder).output().expect("it runs");
    assert!(made.status.success(), "{call}: {}", String::from_utf8_lossy(&made.stderr));
    let truth: Value = json(&std::fs::read(folder.join("truth.json")).expect("a truth"));
    let entries = std::fs::read_dir(&folder).expect("files").map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> = entries.filter(|file| !file.ends_with("truth.json")).collect();
    files.sort();
    assert!(files.len() >= 3, "{call}: {files:?}");
    let wrong: Vec<String> = files.iter().filter_map(|file| fault(file, &truth)).collect();
    std::fs::remove_dir_all(&folder).expect("it goes");
    assert!(wrong.is_empty(), "{call}, {truth}: {wrong:#?}");
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

/// What a file is told of otherwise than it was.
fn fault(file: &Path, truth: &Value) -> Option<String> {
    let read = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(["read", "--json", "-"]).arg(file).output();
    let read = read.expect("it runs");
    let report: Value = if read.stdout.is_empty() { Value::Null } else { json(&read.stdout) };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let outcome = report["call"]["outcome"].as_str().unwrap_or("none");
    let path = report["verdict"]["tried"]["value"].as_str().unwrap_or("unknown");
    let found = |codes: &[&str]| {
        let findings = report["findings"].as_array().into_iter().flatten();
        findings.filter_map(|finding| finding["code"].as_str()).any(|code| codes.contains(&code))
    };
    // What is saved once, or holds no counters of media, tells the path alone.
    let is_snapshot = [".html", ".log.txt"].iter().any(|ending| name.ends_with(ending));
    let has_no_connection = found(&["saved-file-empty", "saved-nothing-checked"]);
    let hears = truth["hears"][&name[..1]].as_bool().unwrap_or(true);
    let is_told = match truth["broke"].as_str() {
        _ if has_no_connection => true,
        Some("never") => ["no-pair", "no-candidates", "no-answer"].contains(&outcome) || is_snapshot,
        _ if is_snapshot => outcome == "unfinished",
        // Data alone is encrypted: packets do not tell it from a call that was never begun.
        None if name.ends_with(".pcap") && outcome == "unfinished" => true,
        // How well such a call goes is this machine's doing, which is busy with other tests.
        None => ["good", "degraded", "part-offered", "media-declined"].contains(&outcome),
        Some("cut") => outcome == "cut",
        Some("one-way") => outcome == "media-one-way" && hears != found(&["call-media-absent"]),
        Some("dtls") => outcome == "dtls",
        Some("outage") => found(&["saved-call-stood-still", "saved-call-restored"]),
        Some("ended-there") => ["closed", "cut", "good"].contains(&outcome),
        Some("degraded") => outcome == "degraded",
        Some(other) => panic!("{other} is not known here"),
    };
    let way = truth["path"].as_str().unwrap_or_default();
    let is_the_path = has_no_connection || way == "unknown" || path == way.split('-').next().unwrap_or(way);
    // Where nothing was there to be checked no path is known, and there was none.
    let is_the_path = is_the_path || path == "unknown" && (is_snapshot || way == "none");
    let said = String::from_utf8_lossy(&read.stderr);
    (!is_told || !is_the_path).then(|| format!("{name}: {outcome}, {path}, {:?} {said}", read.status.code()))
}

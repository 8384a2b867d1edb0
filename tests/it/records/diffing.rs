//! `diff` of the networks that come with the tool: the cause is the one that was built in.

use rtc_doctor::lab::topology::PRESETS;
use rtc_doctor::model::{Change, Code, Diagnosis, Differences, Part};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn doctor(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("rtc-doctor runs")
}

/// The report of every preset, each in a file.
fn checked(folder: &Path) -> BTreeMap<&'static str, PathBuf> {
    let check = |name: &'static str| {
        let path = folder.join(format!("{name}.json"));
        doctor(&["check", "--lab", name, "-q", "--json", path.to_str().expect("is text")]);
        (name, path)
    };
    PRESETS.iter().map(|(name, _)| check(name)).collect()
}

fn diff(good: &Path, bad: &Path) -> (Option<i32>, Differences) {
    let output = doctor(&["diff", good.to_str().expect("is text"), bad.to_str().expect("is text"), "--json", "-"]);
    let document = String::from_utf8(output.stdout).expect("is text");
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), serde_json::from_str(&document).unwrap_or_else(|error| panic!("{error}: {problem}")))
}

#[test]
fn what_was_built_into_a_network_is_told_as_the_first_cause() {
    let folder = tempfile::tempdir().expect("makes one");
    let reports = checked(folder.path());
    for (good, bad, change, cause) in [
        ("home", "corporate", Change::Worse, Code::NatAddressAndPortDependent),
        ("home", "hotel", Change::Worse, Code::ServerUdpSilent),
        ("home", "captive-portal", Change::Unclear, Code::CaptivePortal),
        ("home", "address-pool", Change::Worse, Code::AddressPool),
        ("corporate", "hotel", Change::Worse, Code::ServerUdpSilent),
    ] {
        let (exit, differences) = diff(&reports[good], &reports[bad]);
        let first = &differences.differences[0];
        assert_eq!((differences.change, first.part), (change, Part::Cause), "{good} {bad}");
        assert_eq!(first.code, Some(cause), "{good} {bad}: {first:?}");
        assert_eq!(exit, Some(differences.exit_code().into()), "{good} {bad}");
    }
}

/// Each with itself, and all others: no panic, what is better there is worse back, and evidence that is there.
#[test]
fn any_two_networks_can_be_held_against_each_other() {
    let folder = tempfile::tempdir().expect("makes one");
    let reports = checked(folder.path());
    let read = |path: &PathBuf| -> Diagnosis {
        serde_json::from_str(&std::fs::read_to_string(path).expect("is there")).expect("is a report")
    };
    let read: Vec<Diagnosis> = reports.values().map(read).collect();
    for good in &read {
        assert!(rtc_doctor::diagnose::diff(good, good).differences.is_empty());
        for bad in &read {
            let there = rtc_doctor::diagnose::diff(good, bad);
            let back = rtc_doctor::diagnose::diff(bad, good);
            let mirrored = match back.change {
                Change::Worse => Change::Better,
                Change::Better => Change::Worse,
                other => other,
            };
            assert_eq!((there.change, there.differences.len()), (mirrored, back.differences.len()));
            for difference in &there.differences {
                for (side, of) in [(&difference.good, good), (&difference.bad, bad)] {
                    let evidence = side.iter().flat_map(|side| side.evidence());
                    let mut places = evidence.map(|id| usize::try_from(id.0).expect("a place"));
                    assert!(places.all(|place| place < of.observations.len()), "{difference:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_handed_in_is_not_trusted_and_not_overwritten() {
    let folder = tempfile::tempdir().expect("makes one");
    let report = folder.path().join("home.json");
    let path = report.to_str().expect("is text");
    doctor(&["check", "--lab", "home", "-q", "--json", path]);
    let refused = |words: &[&str], why: &str| {
        let output = doctor(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "{said}");
        assert!(said.contains(why) && output.stdout.is_empty(), "{said}");
    };
    refused(&["diff", "-", "-"], "only one");
    refused(&["diff", path, path, "--force", "--json", path], "--json");
    refused(&["diff", path, "/nowhere.json"], "error: diff /nowhere.json: No such file");
    refused(&["diff", path, folder.path().to_str().expect("is text")], "a directory");
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{\"schema\": \"rtc-doctor/1\",\n \"targets\": 7}").expect("writes");
    refused(&["diff", path, broken.to_str().expect("is text")], "(line 2 column 13)");
}

#[test]
fn a_redacted_diff_names_nobody() {
    let folder = tempfile::tempdir().expect("makes one");
    let reports = checked(folder.path());
    let words = ["diff", "--redact", reports["home"].to_str().expect("is text")];
    for (other, _) in PRESETS {
        let bad = reports[other].to_str().expect("is text");
        for further in [&["--json", "-"][..], &["--lang", "ko"], &[]] {
            let output = doctor(&[&words[..], &[bad], further].concat());
            let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert!(!text.contains("lab.example") && !text.contains("other.example"), "{other}: {text}");
        }
    }
}

//! `--redact`: the same verdict for the same reasons, and nobody's address or name in it.

use super::reading::{read, runs, written};
use rtc_doctor::lab::topology::PRESETS;
use rtc_doctor::model::{Diagnosis, Family};
use serde_json::Value;
use std::process::Command;

/// What a document says, apart from who and where.
fn said(document: &str) -> Value {
    let diagnosis: Diagnosis = serde_json::from_str(document).unwrap_or_else(|error| panic!("{error}: {document}"));
    let nats: Vec<Value> = [Family::Ipv4, Family::Ipv6]
        .into_iter()
        .map(|family| {
            let mut nat = serde_json::to_value(diagnosis.nat.get(family)).expect("serialises");
            if let Some(addresses) = nat.get_mut("public_addresses") {
                *addresses = addresses.as_array().expect("is a list").len().into();
            }
            nat
        })
        .collect();
    let findings = diagnosis.findings.iter().map(|finding| {
        let about = serde_json::to_value(&finding.about).expect("is data");
        let values: Vec<&String> = about.as_object().expect("an object").keys().collect();
        let mut of = serde_json::json!([finding.code, finding.severity, finding.evidence, values]);
        sort_evidence(&mut of);
        of
    });
    // One cause, one line: in which order two servers' findings come depends on their names.
    let mut findings: Vec<String> = findings.map(|finding| finding.to_string()).collect();
    findings.sort();
    let mut said =
        serde_json::json!([diagnosis.verdict, nats, findings, diagnosis.observations.len(), diagnosis.exit_code()]);
    sort_evidence(&mut said);
    said
}

/// In which order two servers' observations are named depends on their addresses.
fn sort_evidence(value: &mut Value) {
    match value {
        Value::Array(values) if values.iter().all(Value::is_u64) => values.sort_by_key(Value::as_u64),
        Value::Array(values) => values.iter_mut().for_each(sort_evidence),
        Value::Object(fields) => fields.values_mut().for_each(sort_evidence),
        _ => {}
    }
}

#[test]
fn a_redacted_report_is_judged_as_the_original_is() {
    for (name, recording) in runs() {
        let (_, report) = written(&recording);
        let redacted = read(&["-", "--redact", "--json", "-"], &report).stdout;
        assert_eq!(said(&redacted), said(&report), "{name}");
        let again = read(&["-", "--json", "-"], &redacted);
        assert_eq!(again.stdout, redacted, "{name}: {}", again.stderr);
    }
}

#[test]
fn a_redacted_checkup_of_every_preset_is_judged_as_the_original_is() {
    let check = |network: &str, further: &[&str]| {
        let words = ["check", "--lab", network, "--json", "-"];
        let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).args(further).output().expect("runs");
        String::from_utf8(output.stdout).expect("is text")
    };
    for (name, _) in PRESETS {
        let redacted = check(name, &["--redact"]);
        assert_eq!(said(&redacted), said(&check(name, &[])), "{name}");
        assert_eq!(said(&read(&["-", "--json", "-"], &redacted).stdout), said(&redacted), "{name}");
    }
}

/// What the records' addresses and names are made into, so that none of them is a stand-in by chance.
const MADE_INTO: [(&str, &str); 8] = [
    ("198.51.100.", "151.101.77."),
    ("203.0.113.", "93.184.216."),
    ("192.168.0.", "192.168.213."),
    ("100.64.1.", "100.99.201."),
    ("10.0.0.", "10.77.201."),
    ("2001:db8:77::", "2a05:d018:77::"),
    ("64:ff9b::c633:64", "64:ff9b::9765:4d"),
    (".example.org", ".canary-corp.org"),
];
const CANARIES: [&str; 8] =
    ["151.101.77", "93.184.216", "192.168.213", "100.99.201", "10.77.201", "2a05:d018", "9765:4d", "canary"];

#[test]
fn no_address_and_no_name_is_left_in_anything_that_is_shown() {
    let mut met = [false; CANARIES.len()];
    for (name, recording) in runs() {
        let (_, mut report) = written(&recording);
        for (original, canary) in MADE_INTO {
            report = report.replace(original, canary);
        }
        let lay_bare = |met: &mut [bool], text: &str| {
            CANARIES.iter().zip(met).for_each(|(canary, met)| *met |= text.contains(canary));
        };
        lay_bare(&mut met, &report);
        for words in [
            &["-", "--redact", "--json", "-"][..],
            &["-", "--redact"],
            &["-", "--redact", "-q"],
            &["-", "--redact", "--lang", "ko"],
            &["-", "--redact", "--html", "-"],
        ] {
            let ran = read(words, &report);
            assert!(ran.exit < 4, "{name}: {}", ran.stderr);
            let mut left = [false; CANARIES.len()];
            lay_bare(&mut left, &(ran.stdout + &ran.stderr));
            let left: Vec<&str> =
                CANARIES.iter().zip(left).filter_map(|(canary, left)| left.then_some(*canary)).collect();
            assert!(left.is_empty(), "{name} {words:?}: {left:?}");
        }
    }
    assert!(met.iter().all(|met| *met), "{met:?}");
}

#[test]
fn a_redacted_report_says_that_it_is_one() {
    let (_, report) = written(&runs().next().expect("is there").1);
    let is_redacted = |words: &[&str]| {
        let document: Value = serde_json::from_str(&read(words, &report).stdout).expect("is a document");
        document["redacted"].as_bool() == Some(true)
    };
    assert!(is_redacted(&["-", "--redact", "--json", "-"]) && !is_redacted(&["-", "--json", "-"]));
}

#[test]
fn two_ends_in_one_report_are_redacted_together() {
    let folder = tempfile::tempdir().expect("makes one");
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("runs");
        String::from_utf8(output.stdout).expect("is text")
    };
    let path = |name: &str| folder.path().join(name).to_str().expect("is text").to_owned();
    let networks = ["home", "corporate", "hotel", "ipv6-firewall", "double-nat"];
    for network in networks {
        run(&["check", "--lab", network, "-q", "--json", &path(network)]);
    }
    for (ours, theirs) in networks.iter().flat_map(|ours| networks.iter().map(move |theirs| (*ours, *theirs))) {
        let (ours, theirs) = (path(ours), path(theirs));
        let both = run(&["compare", &ours, &theirs, "--json", "-"]);
        let redacted = run(&["compare", &ours, &theirs, "--redact", "--json", "-"]);
        assert_eq!(said(&redacted), said(&both), "{ours} {theirs}");
        assert_eq!(said(&read(&["-", "--json", "-"], &redacted).stdout), said(&both), "{ours} {theirs}");
        assert!(!redacted.contains("lab.example") && !redacted.contains("other.example"), "{ours} {theirs}");
    }
}

/// Two networks whose addresses have the same stand-ins are not one.
#[test]
fn two_redacted_reports_are_not_compared_as_two_ends() {
    let folder = tempfile::tempdir().expect("makes one");
    let paths = ["home", "corporate"].map(|name| {
        let path = folder.path().join(name).to_str().expect("is text").to_owned();
        let words = ["check", "--lab", name, "-q", "--redact", "--json", &path];
        Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("runs");
        path
    });
    let words = ["compare", &paths[0], &paths[1]];
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("runs");
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("compare the originals"));
}

//! The odd networks of the field: each a record in `fixtures/records` with the verdict owed, and each acted anew.
//!
//! `UPDATE_RECORDS=1 cargo test --test it records` acts all of them and writes what was seen into their files; what
//! is owed stays as it stands there.

mod acting;
mod claims;
mod diffing;
mod golden;
mod keeping;
mod reading;
mod redacting;
mod scenes;

use rtc_doctor::diagnose::diagnose;
use rtc_doctor::model::{Diagnosis, Record, Tool};
use scenes::SCENES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A recording with words of its own beside it: `rtc-doctor read` passes over them.
#[derive(Clone, Serialize, Deserialize)]
struct Fixture {
    schema: String,
    trap: String,
    made: String,
    owed: Owed,
    tool: Tool,
    record: Record,
}

/// What a judgement must say; what is not named is not looked at. A judged value stands as itself, or as
/// `not-tested: why` or `unclear: why`.
#[derive(Clone, Serialize, Deserialize)]
struct Owed {
    exit_code: u8,
    path: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ipv4: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ipv6: BTreeMap<String, String>,
    /// At least these.
    findings: Vec<String>,
    /// None of these.
    no_findings: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/records")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.json"))
}

fn fixture(name: &str) -> Fixture {
    let text = fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn short(judged: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match judged["state"].as_str() {
        Some("known") => text(&judged["value"]),
        Some(state) => format!("{state}: {}", text(&judged["why"])),
        None => text(judged),
    }
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("serialises")
}

/// What a diagnosis says otherwise than is owed.
fn differences(diagnosis: &Diagnosis, owed: &Owed) -> Vec<String> {
    let mut told = Vec::new();
    let mut compare = |what: String, owed: &str, found: String| {
        if owed != found {
            told.push(format!("{what}: owed {owed}, found {found}"));
        }
    };
    compare("exit code".to_owned(), &owed.exit_code.to_string(), diagnosis.exit_code().to_string());
    compare("path".to_owned(), &owed.path, short(&json(&diagnosis.verdict.path)));
    for (family, owed, nat) in [("ipv4", &owed.ipv4, &diagnosis.nat.ipv4), ("ipv6", &owed.ipv6, &diagnosis.nat.ipv6)] {
        let nat = json(nat);
        for (field, owed) in owed {
            compare(format!("{family} {field}"), owed, short(&nat[field.as_str()]));
        }
    }
    let codes: Vec<String> = diagnosis.findings.iter().map(|finding| finding.code.to_string()).collect();
    for code in &owed.findings {
        if !codes.contains(code) {
            told.push(format!("{code} is missing from {codes:?}"));
        }
    }
    for code in &owed.no_findings {
        if codes.contains(code) {
            told.push(format!("{code} is there"));
        }
    }
    told
}

/// As JSON with one line an observation: short, and easy to search.
fn laid_out(fixture: &Fixture) -> String {
    let observations = fixture.record.observations.iter();
    let lines: Vec<String> = observations.map(|o| format!("      {}", json_line(o))).collect();
    let bare = Fixture { record: Record { observations: Vec::new(), ..fixture.record.clone() }, ..fixture.clone() };
    let text = serde_json::to_string_pretty(&bare).expect("serialises");
    let empty = "\"observations\": []";
    assert_eq!(text.matches(empty).count(), 1);
    text.replace(empty, &format!("\"observations\": [\n{}\n    ]", lines.join(",\n"))) + "\n"
}

fn json_line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("serialises")
}

/// Writes the fixtures anew where that is asked for, so that a test reads them as they then are.
fn update() {
    if std::env::var_os("UPDATE_RECORDS").is_none() {
        return;
    }
    for (name, act) in SCENES {
        let recording = act();
        let fixture = Fixture { record: recording.record, tool: recording.tool, ..fixture(name) };
        fs::write(file(name), laid_out(&fixture)).expect("is written");
    }
}

#[test]
fn every_record_gets_the_verdict_it_is_owed() {
    update();
    let mut wrong = Vec::new();
    for (name, _) in SCENES {
        let fixture = fixture(name);
        let differences = differences(&diagnose(&fixture.record), &fixture.owed);
        wrong.extend(differences.iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_trap_acted_by_todays_checkup_gets_the_verdict_it_is_owed() {
    let mut wrong = Vec::new();
    for (name, act) in SCENES {
        let differences = differences(&diagnose(&act().record), &fixture(name).owed);
        wrong.extend(differences.iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_folder_is_one_of_the_traps() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut names: Vec<String> = SCENES.iter().map(|(name, _)| format!("{name}.json")).collect();
    names.sort();
    assert_eq!(files, names);
}

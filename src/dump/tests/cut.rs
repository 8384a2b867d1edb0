//! Whatever part of a file is there, it is told of nothing that the whole contradicts; and what is kept of it says the same again.

use super::super::detect::{self, Form};
use super::super::{choice, facts};
use super::{bytes, path, record};
use crate::diagnose::diagnose;
use crate::model::{Code, Diagnosis, Path, Record, Redaction, Severity};
use std::collections::BTreeSet;

/// All files of the folder.
fn names() -> Vec<String> {
    let folder = format!("{}/fixtures/dumps", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the folder").filter_map(Result::ok);
    files.filter_map(|file| file.file_name().into_string().ok()?.strip_suffix(".gz").map(str::to_owned)).collect()
}

/// What is said with certainty to be at fault.
fn faults(found: &Diagnosis) -> BTreeSet<Code> {
    let critical = found.findings.iter().filter(|finding| finding.severity == Severity::Critical);
    critical.map(|finding| finding.code).collect()
}

/// A part of a file, as it is told.
fn judged(form: Form, part: &[u8]) -> Diagnosis {
    let session = detect::read(form, part, None);
    let connection = choice::that_matters(&session).cloned().unwrap_or_default();
    diagnose(&facts::record(&session, form.name(), &connection))
}

#[test]
fn the_beginning_of_a_file_is_told_of_no_fault_that_the_whole_has_not() {
    const PARTS: usize = 9;
    let mut wrong = Vec::new();
    for name in names() {
        let plain = detect::unpacked(&bytes(&name)).0.into_owned();
        let form = detect::form(&plain).expect("can be read").expect("is known");
        let whole = judged(form, &plain);
        for part in 1..PARTS {
            // At another place within a line each time.
            let length = plain.len() * part / PARTS - part.min(plain.len() / PARTS);
            let found = judged(form, &plain[..length]);
            // Where no relay worked in the end, none had until then.
            let more: Vec<Code> =
                faults(&found).difference(&faults(&whole)).copied().filter(|code| *code != Code::NoRelay).collect();
            // A call that was cut at last went on until then.
            let is_other = match (path(&found), path(&whole)) {
                (Some(part), Some(whole)) => part != whole && whole != Path::None,
                _ => false,
            };
            if !more.is_empty() || is_other {
                wrong.push(format!("{name} up to {length}: {more:?}, {:?}", path(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_kept_of_a_file_is_judged_alike_when_it_is_read_again() {
    for name in names() {
        let record = record(&name);
        let kept = serde_json::to_string(&record).expect("JSON");
        assert!(kept.len() < 4 << 20, "{name}: {} bytes", kept.len());
        let again: Record = serde_json::from_str(&kept).expect("what is kept reads");
        let written = |record: &Record| serde_json::to_string(&diagnose(record)).expect("a diagnosis has its JSON");
        assert_eq!(written(&again), written(&record), "{name}");
    }
}

#[test]
fn without_its_names_a_report_of_any_form_holds_none_of_them() {
    for name in names() {
        let found = Redaction::new([]).diagnosis(&diagnose(&record(&name))).expect("names go");
        let told = serde_json::to_string(&found).expect("a diagnosis has its JSON");
        let text = String::from_utf8_lossy(&detect::unpacked(&bytes(&name)).0).into_owned();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
        let hidden: BTreeSet<&str> = words.filter(|word| word.ends_with(".local")).collect();
        assert!(hidden.iter().all(|name| !told.contains(name)), "{name}: a name of mDNS");
        // Both sites, and the page's and the servers' names.
        for canary in ["10.1.0.", "10.2.0.", "call.example", "nosuch.invalid"] {
            let place = told.find(canary).map(|place| &told[place.saturating_sub(60)..(place + 40).min(told.len())]);
            assert_eq!(place, None, "{name}: {canary}");
        }
    }
}

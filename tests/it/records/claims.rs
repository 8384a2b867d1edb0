//! What the text of every finding claims to have been seen stands in its evidence, what it needs to say stands in what it is
//! about, and what is warned of has somebody to mend it: of every kept record and sample, and of every network that comes
//! with the tool.

use super::golden::saved_files;
use rtc_doctor::catalog::{self, Lang};
use rtc_doctor::diagnose::claims;
use rtc_doctor::lab::topology::PRESETS;
use rtc_doctor::model::{Diagnosis, Severity};
use std::process::Command;

/// The claims that do not stand in the evidence of their findings, and the values that their texts lack.
fn unheld(name: &str, words: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("rtc-doctor runs");
    let diagnosis: Diagnosis = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{name}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    let mut told = Vec::new();
    for finding in &diagnosis.findings {
        let unsaid = catalog::unsaid(finding.code, &finding.about);
        told.extend(unsaid.iter().map(|value| format!("{name}: {} says nothing of its {value}", finding.code)));
        let nobody_acts = catalog::advice(finding.code, &finding.about, Lang::En).is_empty();
        if nobody_acts && finding.severity != Severity::Info {
            told.push(format!("{name}: {} is {:?}, and nobody is asked to mend it", finding.code, finding.severity));
        }
        for claim in claims::of(finding.code) {
            if !claims::is_held(*claim, finding, &diagnosis.observations) {
                told.push(format!("{name}: {} claims {claim:?}", finding.code));
            }
        }
    }
    told
}

#[test]
fn every_sentence_about_a_saved_file_is_covered_by_its_evidence() {
    let files = saved_files();
    let told = files
        .iter()
        .flat_map(|(name, path)| unheld(name, &["read", &path.to_string_lossy(), "--quiet", "--json", "-"]));
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_sentence_about_a_network_is_covered_by_its_evidence() {
    let told = PRESETS.iter().flat_map(|(name, _)| unheld(name, &["check", "--lab", name, "--quiet", "--json", "-"]));
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{told:#?}");
}

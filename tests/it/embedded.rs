//! The program itself against its own server: no internet, no root, nothing installed.

use rtc_doctor::catalog::{Lang, path_verdict};
use rtc_doctor::model::Path;
use serde_json::Value;
use std::process::Command;

fn check(words: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"))
        .args(["check", "--embedded", "--json", "-"])
        .args(words)
        .output()
        .expect("rtc-doctor runs");
    let document = serde_json::from_slice(&output.stdout).expect("only the document is on stdout");
    (output.status.code(), document, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Every number in an `evidence` list, wherever it stands.
fn evidence(value: &Value) -> Vec<u64> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_array() {
                Some(ids) if name == "evidence" => ids.iter().map(|id| id.as_u64().expect("an id")).collect(),
                _ => evidence(value),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(evidence).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_embedded_check_is_fine_direct_and_relayed_and_every_evidence_resolves() {
    let (code, document, _) = check(&[]);
    assert_eq!(code, Some(0), "{document:#}");
    assert_eq!(document["verdict"]["path"]["value"], "direct");
    let candidates = document["candidates"].as_array().expect("candidates");
    for kind in ["host", "relay"] {
        assert!(candidates.iter().any(|candidate| candidate["type"] == kind), "{kind}: {candidates:?}");
    }
    let protocols = ["udp", "tcp", "tls"];
    for protocol in protocols {
        assert!(candidates.iter().any(|candidate| candidate["relay_protocol"] == protocol), "{protocol}");
    }
    let count = document["observations"].as_array().expect("observations").len() as u64;
    let ids = evidence(&document);
    assert!(ids.len() > 20 && ids.iter().all(|id| *id < count), "{count}: {ids:?}");
    for finding in document["findings"].as_array().expect("findings") {
        assert!(finding["evidence"].as_array().is_some_and(|ids| !ids.is_empty()), "{finding}");
        assert!(finding["title"].as_str().is_some_and(|title| !title.is_empty()), "{finding}");
    }
}

#[test]
fn what_people_read_goes_to_stderr_where_the_document_has_stdout() {
    let (_, _, people) = check(&[]);
    assert!(people.starts_with(path_verdict(Some(Path::Direct), Lang::En)), "{people}");
    assert!(!people.contains('\u{1b}'), "no colour where there is no terminal");
}

#[test]
fn the_embedded_servers_password_is_in_no_output() {
    let (_, document, people) = check(&["-v"]);
    // It is 18 random bytes in base64: 24 characters without padding, as nothing else in a report is.
    let is_password = |word: &str| {
        word.len() == 24
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '+' || c == '/')
            && word.chars().any(|c| c.is_ascii_uppercase())
            && word.chars().any(|c| c.is_ascii_digit())
    };
    let all = format!("{document} {people}");
    let words: Vec<&str> = all.split(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '/')).collect();
    assert!(!words.iter().any(|word| is_password(word)), "{:?}", words.iter().find(|word| is_password(word)));
}

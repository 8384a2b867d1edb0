//! Stand-ins for addresses and names in all that is shown and written.

use super::*;
use crate::model::Text;

#[test]
fn a_user_name_that_a_server_repeats_is_hidden_and_the_record_holds_no_packets() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("run.json");
    let mut diagnosis = sample::company_relay();
    for server in &mut diagnosis.servers {
        server.software = Some(Text::new("hello alice at 203.0.113.7"));
    }
    let record = path.to_str().expect("is text");
    let argv = ["turn:turn.example.org", "--user", "alice", "--redact", "--json", "-", "--record", record];
    let around = Environment { password: Some("x".into()), ..environment("") };
    let ran = run_in(&argv, around, Stream::default(), &diagnosis);
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("hello user-1 at ") && !ran.stdout.contains("alice"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("turn.example.org") && !ran.stderr.contains("turn.example.org"), "{}", ran.stderr);
    let record = std::fs::read_to_string(path).expect("is written");
    assert!(record.contains("\"redacted\": true") && record.contains("\"transcript\": null"), "{record}");
}

#[test]
fn what_is_told_as_it_happens_cannot_be_redacted() {
    assert_eq!(run_with(&["check", "--redact", "--verbose"]).exit, 64);
}

//! What ends a command with which exit code, beside the diagnosis: one row of the table after the other.

use super::*;

/// A report as `check --json` saves it.
fn saved(folder: &tempfile::TempDir, name: &str, diagnosis: &Diagnosis) -> String {
    let path = folder.path().join(name);
    let report = serde_json::to_string(diagnosis).expect("is JSON");
    std::fs::write(&path, report).expect("is written");
    path.to_str().expect("is text").to_owned()
}

#[test]
fn check_read_and_compare_end_with_the_code_of_what_they_judged() {
    let folder = tempfile::tempdir().expect("makes one");
    let (one, other) = (saved(&folder, "a", &sample::home_direct()), saved(&folder, "b", &sample::company_relay()));
    let interrupted = Diagnosis { interrupted: true, ..sample::home_direct() };
    let unclear = Diagnosis { findings: Vec::new(), ..sample::nothing_known() };
    for (diagnosis, exit) in [
        (sample::home_direct(), 0),
        (sample::company_relay(), 1),
        (sample::udp_blocked(), 2),
        (sample::nothing_known(), 2),
        (unclear, 3),
        (interrupted, 130),
    ] {
        for argv in [&["check"][..], &["read", &one], &["compare", &one, &other]] {
            assert_eq!(run_in(argv, environment(""), Stream::default(), &diagnosis).exit, exit, "{argv:?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_64_in_every_command() {
    let folder = tempfile::tempdir().expect("makes one");
    let one = saved(&folder, "a", &sample::home_direct());
    for argv in [
        &["check", "--no-such-option"][..],
        &["check", "stun:"],
        &["read"],
        &["read", "/nonexistent"],
        &["compare", &one],
        &["compare", &one, "/nonexistent"],
        &["call", "doctor.example"],
        &["call", "--copy-paste", "--ice-servers", "/nonexistent"],
    ] {
        assert_eq!(run_with(argv).exit, 64, "{argv:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_74_in_every_command() {
    let folder = tempfile::tempdir().expect("makes one");
    let one = saved(&folder, "a", &sample::home_direct());
    let nowhere = "/nonexistent/report.json";
    for argv in [
        &["check", "--json", nowhere][..],
        &["read", &one, "--json", nowhere],
        &["compare", &one, &one, "--json", nowhere],
        &["call", "--copy-paste", "--json", nowhere],
    ] {
        assert_eq!(run_with(argv).exit, 74, "{argv:?}");
    }
}

//! `rtc-doctor read`: a record or a report that was saved is judged again, and shown as `check` does.

use super::acting::Scene;
use super::scenes::{SCENES, typical_home};
use crate::lab::{every_nat, ip};
use rtc_doctor::catalog::{self, Lang, path_verdict};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Gateway, NatConfig};
use rtc_doctor::model::{Code, Diagnosis, Path as CallPath, Recording};
use rtc_doctor::report::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) struct Ran {
    pub(super) exit: u8,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Runs `rtc-doctor read` with this on standard input.
pub(super) fn read(words: &[&str], stdin: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"))
        .arg("read")
        .args(words)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rtc-doctor runs");
    // Who refuses its arguments does not read: the pipe is closed then.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("rtc-doctor ends");
    let text = |bytes| String::from_utf8(bytes).expect("is text");
    let exit = output.status.code().and_then(|code| u8::try_from(code).ok()).expect("an exit code");
    Ran { exit, stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(super) fn written(recording: &Recording) -> (Diagnosis, String) {
    let mut diagnosis = diagnose(&recording.record);
    catalog::fill(&mut diagnosis, Lang::En);
    let report = json::write(&diagnosis, true).expect("serialises");
    (diagnosis, report)
}

pub(super) fn runs() -> impl Iterator<Item = (String, Recording)> {
    let nats = every_nat().map(|(mapping, filtering)| {
        let config = NatConfig::new(mapping, filtering, ip("203.0.113.1"));
        (format!("{mapping:?} {filtering:?}"), Scene::behind(Gateway::nat(config)).act())
    });
    SCENES.iter().map(|(name, act)| ((*name).to_owned(), act())).chain(nats)
}

#[test]
fn a_record_and_its_report_are_judged_again_to_the_same_report() {
    for (name, recording) in runs() {
        let (diagnosis, report) = written(&recording);
        let record = json::write(&recording, true).expect("serialises");
        for document in [&report, &record] {
            let ran = read(&["-", "--json", "-"], document);
            assert_eq!(ran.exit, diagnosis.exit_code(), "{name}: {}", ran.stderr);
            assert!(ran.stdout == report, "{name}");
        }
    }
}

#[test]
fn what_people_see_is_what_check_shows() {
    let recording = typical_home().act();
    let record = json::write(&recording, false).expect("serialises");
    let screen = read(&["-"], &record);
    let direct = path_verdict(Some(CallPath::Direct), Lang::En);
    assert!(screen.stdout.starts_with(direct) && screen.stdout.contains("What was measured"));
    let whole = read(&["-", "--details"], &record);
    assert!(whole.stdout.contains("Candidates") && !screen.stdout.contains("Candidates"), "{}", screen.stdout);
    let short = read(&["-", "-q"], &record);
    assert!(short.stdout.contains("Why") && !short.stdout.contains("What was measured"), "{}", short.stdout);
}

#[test]
fn every_record_of_the_folder_is_one_that_read_takes() {
    for (name, _) in SCENES {
        let path = super::file(name);
        let ran = read(&[path.to_str().expect("is text"), "-q"], "");
        assert_eq!(ran.exit, super::fixture(name).owed.exit_code, "{name}: {}", ran.stderr);
    }
}

#[track_caller]
fn refused(words: &[&str], stdin: &str, why: &str) {
    let ran = read(words, stdin);
    assert_eq!((ran.exit, ran.stdout.as_str()), (64, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: read ") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
}

#[test]
fn what_is_no_document_is_told_in_one_line() {
    refused(&["-"], "", "it is empty");
    refused(&["-"], "hello", "it is no JSON: a value is missing here (line 1 column 1)");
    refused(&["-"], "[1, 2]", "no record");
    for no_document in ["{}", "[]", "[{}]", "7", "null"] {
        refused(&["-"], no_document, "names no schema");
    }
    refused(&["-"], r#"{"schema": "rtc-doctor/2"}"#, "\"rtc-doctor/2\"; this is rtc-doctor");
    refused(&["-"], r#"{"schema": "\u001b[2J"}"#, "reads rtc-doctor/1 and rtc-doctor-record/1");
    refused(&["-"], r#"{"schema": "rtc-doctor/1"}"#, "\"targets\" is missing");
    refused(&["-"], r#"{"schema": "rtc-doctor/1", "schema": "rtc-doctor/1"}"#, "\"schema\" stands there twice");
    refused(&["-"], &"[".repeat(100_000), "no record");
    refused(&["-"], &format!("{{\"schema\": \"{}\"}}", "x".repeat(100_000)), "xxx…");
    let (_, report) = written(&typical_home().act());
    let cut = report.char_indices().nth(report.chars().count() / 2).map_or(0, |(at, _)| at);
    refused(&["-"], &report[..cut], "only the beginning");
    let deep = format!("\"kind\": \"mapped\", \"x\": {}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused(&["-"], &report.replacen("\"kind\": \"mapped\"", &deep, 1), "nested too deeply");
    refused(&["-"], &report.replace("\"at_ms\": 0.0", "\"at_ms\": \"soon\""), "a text stands");
}

#[test]
fn what_is_no_file_is_told_in_one_line() {
    let dir = tempfile::tempdir().expect("makes one");
    let text = |path: &Path| path.to_str().expect("is text").to_owned();
    refused(&[&text(dir.path())], "", "is a directory");
    refused(&[&text(&dir.path().join("none.json"))], "", "No such file");
    refused(&["/dev/zero"], "", "no ordinary file");
    let huge = dir.path().join("huge.json");
    std::fs::File::create(&huge).and_then(|file| file.set_len((64 << 20) + 1)).expect("makes it");
    refused(&[&text(&huge)], "", "the limit is 67108864 bytes");
    #[cfg(target_os = "linux")]
    {
        let fifo = dir.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).expect("makes it");
        refused(&[&text(&fifo)], "", "no ordinary file");
    }
}

#[test]
fn fields_that_a_newer_version_adds_are_passed_over() {
    let (_, report) = written(&typical_home().act());
    let newer = report.replace("\"question\": \"host\"", "\"question\": \"host\", \"mood\": {\"is\": [1, null]}");
    let newer = newer.replacen("{\n", "{\n  \"weather\": \"fair\",\n", 1);
    assert!(newer.len() > report.len());
    assert!(read(&["-", "--json", "-"], &newer).stdout == report);
}

#[test]
fn what_a_newer_version_saw_and_this_one_has_no_word_for_is_left_out_and_counted() {
    let (_, report) = written(&typical_home().act());
    // One fact of a kind, and one question, that are not known here.
    let newer = report.replacen("\"kind\": \"sized\"", "\"kind\": \"teleported\"", 1);
    let newer = newer.replacen("\"question\": \"hairpinning\"", "\"question\": \"telepathy\"", 1);
    let (ran, whole) = (read(&["-", "--json", "-"], &newer), read(&["-"], &report));
    assert_eq!(ran.exit, whole.exit, "{}", ran.stderr);
    let diagnosis: Diagnosis = serde_json::from_str(&ran.stdout).expect("is a report");
    let finding = diagnosis.findings.iter().find(|finding| finding.code == Code::NewerRelease).expect("is told");
    assert_eq!(finding.about.get("count").as_deref(), Some("2"));
    let shown = read(&["-"], &newer).stdout;
    let direct = path_verdict(Some(CallPath::Direct), Lang::En);
    assert!(shown.starts_with(direct) && shown.contains("[newer-release]"), "{shown}");
    // Saved again it says the same.
    assert_eq!(read(&["-", "--json", "-"], &ran.stdout).stdout, ran.stdout);
}

#[test]
fn an_observation_is_called_by_its_place_whatever_the_document_says() {
    let (_, report) = written(&typical_home().act());
    let renamed = report.replace("\"id\": ", "\"id\": 42949");
    assert!(renamed != report);
    assert!(read(&["-", "--json", "-"], &renamed).stdout == report);
}

#[test]
fn the_report_is_not_written_over_what_is_read() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("report.json");
    let (_, report) = written(&typical_home().act());
    std::fs::write(&path, &report).expect("writes");
    let path = path.to_str().expect("is text");
    let ran = read(&[path, "--json", path], "");
    assert_eq!((ran.exit, ran.stderr.contains("--json")), (64, true), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(path).expect("is there"), report);
}

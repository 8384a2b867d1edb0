//! The command line from argument to exit code, with a checkup made by hand.

mod call;
mod documents;
mod exit_codes;
mod lab;
mod lint;
mod monitoring;
mod redacted;
mod secrets;
mod words;

use super::*;
use crate::catalog::Lang;
use crate::cli::io::file::PATIENCE;
use crate::model::{End, Fact, HostFact, ObservationId, Origin, Question};
use crate::report::sample;
use crate::turn::Credentials;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

/// A stream whose bytes can be looked at afterwards, or one that fails.
#[derive(Clone, Default)]
struct Stream {
    bytes: Rc<RefCell<Vec<u8>>>,
    fails: Option<io::ErrorKind>,
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.fails {
            Some(kind) => Err(kind.into()),
            None => self.bytes.borrow_mut().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream {
    fn failing(kind: io::ErrorKind) -> Self {
        Self { fails: Some(kind), ..Self::default() }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes.borrow().clone()).expect("is text")
    }
}

struct Ran {
    exit: u8,
    stdout: String,
    stderr: String,
    /// What the checkup was asked to do, where it came to that.
    settings: Option<Settings>,
}

fn environment(stdin: &'static str) -> Environment {
    Environment {
        patience: PATIENCE,
        stdin: Box::new(stdin.as_bytes()),
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        plain: false,
        dumb: false,
        utf8: true,
        lang: Lang::En,
        columns: None,
        password: None,
        of_sources: std::collections::BTreeMap::new(),
        ice_secret: None,
        proxy: None,
        no_proxy: String::new(),
    }
}

fn run_in(argv: &[&str], environment: Environment, stdout: Stream, diagnosis: &Diagnosis) -> Ran {
    let (stderr, mut settings) = (Stream::default(), None);
    let mut printer = Printer::new(stdout.clone(), stderr.clone());
    let examine = async |asked: &Settings, saw: &mut dyn FnMut(&Observation)| {
        settings = Some(asked.clone());
        let by = Origin { question: Question::Binding, uri: None };
        saw(&Observation {
            id: ObservationId(0),
            at_ms: crate::model::Millis(1.5),
            by,
            end: End::Ours,
            fact: Fact::Host(HostFact::NetworkChanged),
        });
        Ok(Recording::new(Record::default()))
    };
    let argv = std::iter::once("rtc-doctor").chain(argv.iter().copied()).map(OsString::from);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("builds");
    let exit = runtime.block_on(run(argv, environment, &mut printer, examine, |_| diagnosis.clone()));
    Ran { exit, stdout: stdout.text(), stderr: stderr.text(), settings }
}

fn run_with(argv: &[&str]) -> Ran {
    run_in(argv, environment(""), Stream::default(), &sample::home_direct())
}

fn settings(argv: &[&str]) -> Settings {
    let ran = run_with(argv);
    ran.settings.unwrap_or_else(|| panic!("{argv:?}: {}", ran.stderr))
}

#[track_caller]
fn refused(argv: &[&str], exit: u8, why: &str) {
    let ran = run_with(argv);
    assert_eq!((ran.exit, ran.settings.is_none()), (exit, true), "{argv:?}: {}", ran.stderr);
    assert!(ran.stderr.contains(why), "{argv:?}: {}", ran.stderr);
    assert!(ran.stdout.is_empty());
}

#[test]
fn without_arguments_the_network_is_checked() {
    let ran = run_with(&[]);
    assert_eq!(ran.exit, 0);
    assert!(ran.stdout.starts_with("Calls from here can go directly"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
    let expected = Settings {
        targets: vec![],
        whole_list: false,
        configured: Vec::new(),
        sources: Vec::new(),
        embedded: false,
        lab: None,
        insecure: false,
        roots: vec![],
        hairpin: true,
        call: true,
        proxy: None,
        lifetime: false,
        record: false,
        timeout: Duration::from_secs(15),
        is_stopped: false,
    };
    assert_eq!(ran.settings, Some(expected));
}

#[test]
fn the_command_check_may_be_left_out() {
    assert_eq!(settings(&["check", "stun:a.example"]), settings(&["stun:a.example"]));
    assert_eq!(settings(&["check", "--embedded"]), settings(&["--embedded"]));
}

#[test]
fn options_reach_the_checkup() {
    let asked =
        settings(&["check", "--insecure", "--no-hairpin", "--timeout", "3", "stun:a.example", "stun:A.example."]);
    assert_eq!((asked.insecure, asked.hairpin, asked.timeout), (true, false, Duration::from_secs(3)));
    assert_eq!(asked.targets.len(), 1);
    assert_eq!(settings(&["check", "--lifetime"]).timeout, Duration::from_secs(600));
}

#[test]
fn a_wrong_use_is_told_before_anything_is_sent() {
    refused(&["check", "stun:"], 64, "no host");
    refused(&["check", "--no-such-option"], 64, "--no-such-option");
    refused(&["check", "--timeout", "0"], 64, "1..=600");
    refused(&["check", "--timeout", "601"], 64, "1..=600");
    refused(&["check", "--html", "-", "--json", "-"], 64, "one place");
    refused(&["--embedded", "check"], 64, "belongs behind the command: rtc-doctor check");
    refused(&["check", "--embedded", "stun:a.example"], 64, "cannot be used with");
    refused(&["check", "-q", "-v"], 64, "cannot be used with");
    refused(&["check", "--user", "alice", "turn:a.example"], 64, "RTC_DOCTOR_PASSWORD");
    refused(&["check", "--password-file", "x", "turn:a.example"], 64, "--user");
    refused(&["check", "--ice-servers", "/nonexistent"], 64, "No such file");
    refused(&["check", "--ice-servers", "-", "--user", "u", "--password-stdin"], 64, "standard input");
    refused(&["check", "--ca", "/dev/null"], 64, "no certificate");
    refused(&["check", "--ice-servers", "/dev/zero"], 64, "too large");
    refused(&["check", "--json", "/nonexistent/report.json"], 74, "No such file");
    refused(&["chekc"], 64, "\"check\"");
    refused(&[""], 64, "no scheme");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_text_is_told_as_such() {
    use std::os::unix::ffi::OsStringExt;
    let argv = [OsString::from("rtc-doctor"), OsString::from_vec(b"stun:\xff\x1b[2J".to_vec())];
    let (stdout, stderr) = (Stream::default(), Stream::default());
    let mut printer = Printer::new(stdout, stderr.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("builds");
    let never = async |_: &Settings, _: &mut dyn FnMut(&Observation)| panic!("nothing is sent");
    let exit = runtime.block_on(run(argv, environment(""), &mut printer, never, |_| sample::home_direct()));
    assert_eq!(exit, 64);
    assert!(stderr.text().contains("invalid UTF-8") && !stderr.text().contains('\x1b'), "{}", stderr.text());
}

#[test]
fn an_interrupted_run_reports_what_it_has_and_exits_130() {
    let mut diagnosis = sample::home_direct();
    diagnosis.interrupted = true;
    let ran = run_in(&["--json", "-"], environment(""), Stream::default(), &diagnosis);
    assert_eq!(ran.exit, 130);
    assert!(serde_json::from_str::<Diagnosis>(&ran.stdout).is_ok_and(|read| read.interrupted));
}

#[test]
fn the_tables_come_with_the_details_and_quiet_leaves_the_measurements_out() {
    let quiet = run_with(&["-q"]);
    assert!(quiet.stdout.contains("Why") && !quiet.stdout.contains("What was measured"), "{}", quiet.stdout);
    let screen = run_with(&[]);
    assert!(screen.stdout.contains("What was measured") && !screen.stdout.contains("Candidates"), "{}", screen.stdout);
    assert!(run_with(&["--details"]).stdout.contains("Candidates"));
    assert_eq!(run_with(&["--details", "-q"]).exit, exit::USAGE);
}

#[test]
fn a_checkup_that_cannot_begin_says_why() {
    let stderr = Stream::default();
    let mut printer = Printer::new(Stream::default(), stderr.clone());
    let examine = async |_: &Settings, _: &mut dyn FnMut(&Observation)| Err(anyhow::anyhow!("port 3478 is in use"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("builds");
    let argv = ["rtc-doctor".into()];
    let exit = runtime.block_on(run(argv, environment(""), &mut printer, examine, |_| sample::home_direct()));
    assert_eq!((exit, stderr.text().as_str()), (3, "error: port 3478 is in use\n"));
}

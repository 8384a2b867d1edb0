//! The command line from argument to exit code, with a checkup made by hand.

use super::*;
use crate::catalog::Lang;
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
        embedded: false,
        lab: None,
        insecure: false,
        roots: vec![],
        hairpin: true,
        call: true,
        lifetime: false,
        record: false,
        timeout: Duration::from_secs(15),
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
fn the_exit_code_is_the_diagnosis_s() {
    for (diagnosis, exit) in [
        (sample::home_direct(), 0),
        (sample::company_relay(), 1),
        (sample::udp_blocked(), 2),
        (sample::nothing_known(), 2),
        (Diagnosis { findings: Vec::new(), ..sample::nothing_known() }, 3),
    ] {
        assert_eq!(run_in(&[], environment(""), Stream::default(), &diagnosis).exit, exit);
    }
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
fn with_json_on_stdout_nothing_else_is_there() {
    let ran = run_with(&["--json", "-", "-v"]);
    assert_eq!(serde_json::from_str::<Diagnosis>(&ran.stdout).expect("is the document"), sample::home_direct());
    assert!(ran.stderr.contains("Calls from here can go directly"));
    assert!(ran.stderr.contains("network-changed"), "{}", ran.stderr);
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
fn markdown_goes_where_it_is_wanted_and_overwrites_only_its_own_kind() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("ticket.md");
    let file = path.to_str().expect("is text");
    for _ in 0..2 {
        assert_eq!(run_with(&["--markdown", file]).exit, 0);
    }
    let ticket = std::fs::read_to_string(&path).expect("is there");
    assert!(ticket.starts_with("<!-- rtc-doctor/1 report -->\n\n# Calls from here can go directly"), "{ticket}");
    assert_eq!(run_with(&["--html", file]).exit, exit::CANNOT_WRITE, "a page does not overwrite a ticket");
    assert_eq!(run_with(&["--markdown", "-"]).stdout, ticket);
    assert_eq!(run_with(&["--markdown", "-", "--json", "-"]).exit, exit::USAGE);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let closed = Stream::failing(io::ErrorKind::BrokenPipe);
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("report.json");
    let argv = ["--json", path.to_str().expect("is text")];
    let ran = run_in(&argv, environment(""), closed, &sample::home_direct());
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    assert!(std::fs::read_to_string(&path).expect("is there").starts_with("{\n  \"schema\": \"rtc-doctor/1\""));
}

#[test]
fn a_full_disk_behind_stdout_is_told() {
    for argv in [&["--json", "-"][..], &[], &["--help"]] {
        let full = Stream::failing(io::ErrorKind::StorageFull);
        assert_eq!(run_in(argv, environment(""), full, &sample::home_direct()).exit, 74, "{argv:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_rescued_to_stdout() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("report.json");
    let (stdout, stderr) = (Stream::default(), Stream::default());
    let mut printer = Printer::new(stdout.clone(), stderr.clone());
    // While the run lasts, someone puts a directory into the place.
    let examine = async |_: &Settings, _: &mut dyn FnMut(&Observation)| {
        std::fs::create_dir(&path)?;
        Ok(Recording::new(Record::default()))
    };
    let argv = ["rtc-doctor".into(), "--json".into(), path.clone().into_os_string()];
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("builds");
    let exit = runtime.block_on(run(argv, environment(""), &mut printer, examine, |_| sample::home_direct()));
    assert_eq!(exit, 74);
    assert!(stderr.text().contains("here it is instead"));
    let document = stdout.text().split_once("\n{").map(|(_, rest)| format!("{{{rest}")).expect("is there");
    assert_eq!(serde_json::from_str::<Diagnosis>(&document).expect("is the document"), sample::home_direct());
}

#[test]
fn a_record_is_kept_where_it_is_asked_for() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("run.json");
    let path = path.to_str().expect("is text");
    let ran = run_with(&["--record", path]);
    assert_eq!((ran.exit, ran.settings.map(|settings| settings.record)), (0, Some(true)));
    let kept = std::fs::read_to_string(path).expect("is there");
    assert!(kept.starts_with("{\n  \"schema\": \"rtc-doctor-record/1\""), "{kept}");
    assert_eq!(serde_json::from_str::<Recording>(&kept).expect("reads").record, Record::default());
    // A record may be replaced by another; a report is not.
    assert_eq!(run_with(&["--record", path]).exit, 0);
    refused(&["--json", path], 74, "is no report of rtc-doctor; add --force");
    assert_eq!(run_with(&["--json", path, "--force"]).exit, 0);
    refused(&["--record", path], 74, "is no record of rtc-doctor; add --force");
    assert!(!settings(&[]).record);
}

#[test]
fn a_page_is_written_where_it_is_asked_for() {
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("report.html");
    let path = path.to_str().expect("is text");
    assert_eq!(run_with(&["--html", path]).exit, 0);
    let page = std::fs::read_to_string(path).expect("is there");
    assert!(page.starts_with("<!doctype html>\n<!-- rtc-doctor/1 report -->"), "{}", &page[..80]);
    // A page of ours may be replaced by another; any other is not, nor is a report of another kind.
    assert_eq!(run_with(&["--html", path]).exit, 0);
    refused(&["--json", path], 74, "is no report of rtc-doctor; add --force");
    std::fs::write(path, "<!doctype html>\n<!-- my thesis -->").expect("writes");
    refused(&["--html", path], 74, "is no report of rtc-doctor; add --force");
    assert_eq!(run_with(&["--html", path, "--force"]).exit, 0);
}

#[test]
fn a_page_on_stdout_is_alone_there_and_in_the_language_asked_for() {
    let ran = run_with(&["--html", "-", "--lang", "ko"]);
    assert!(ran.stdout.starts_with("<!doctype html>") && ran.stdout.contains("<html lang=\"ko\">"));
    assert!(ran.stdout.trim_end().ends_with("</html>"));
    assert!(!ran.stderr.is_empty());
}

#[test]
fn a_page_and_a_document_can_be_had_at_once() {
    let dir = tempfile::tempdir().expect("makes one");
    let at = |name: &str| dir.path().join(name).to_str().expect("is text").to_owned();
    let (json, html) = (at("report.json"), at("report.html"));
    assert_eq!(run_with(&["--json", &json, "--html", &html]).exit, 0);
    assert!(std::path::Path::new(&json).exists() && std::path::Path::new(&html).exists());
    refused(&["--json", &json, "--html", &json], 64, "one place");
}

#[test]
fn a_record_on_stdout_is_alone_there() {
    let ran = run_with(&["--record", "-"]);
    assert!(serde_json::from_str::<Recording>(&ran.stdout).is_ok(), "{}", ran.stdout);
    assert!(ran.stderr.contains("Calls from here can go directly"));
    refused(&["--record", "-", "--json", "-"], 64, "one place");
    refused(&["--force"], 64, "--force");
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

mod secrets {
    use super::*;

    const CANARY: &str = "canary-7f3a";

    fn password(settings: &Settings) -> &str {
        match settings.targets.first() {
            Some((_, Some(Credentials::LongTerm { password, .. }))) => password,
            Some((_, Some(Credentials::RestSecret { secret }))) => secret,
            other => panic!("no credentials: {other:?}"),
        }
    }

    fn file(contents: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("makes one");
        file.write_all(contents.as_bytes()).expect("writes");
        file
    }

    fn path(file: &tempfile::NamedTempFile) -> &str {
        file.path().to_str().expect("is text")
    }

    #[test]
    fn a_password_comes_from_a_file_without_its_line_end() {
        for contents in [CANARY.to_owned(), format!("{CANARY}\n"), format!("{CANARY}\r\n")] {
            let secret = file(&contents);
            let asked = settings(&["turn:a.example", "--user", "alice", "--password-file", path(&secret)]);
            assert_eq!(password(&asked), CANARY);
        }
    }

    #[test]
    fn a_password_comes_from_standard_input() {
        let argv = ["turn:a.example", "--user", "alice", "--password-stdin"];
        let ran = run_in(&argv, environment("canary-7f3a\n"), Stream::default(), &sample::home_direct());
        assert_eq!(password(&ran.settings.expect("runs")), CANARY);
        let terminal = Environment { stdin_is_terminal: true, ..environment("") };
        let ran = run_in(&argv, terminal, Stream::default(), &sample::home_direct());
        assert_eq!((ran.exit, ran.stderr.contains("is a terminal")), (64, true));
    }

    #[test]
    fn a_password_comes_from_the_environment_where_nothing_else_gives_one() {
        let around = Environment { password: Some(CANARY.into()), ..environment("") };
        let argv = ["turn:a.example", "--user", "alice"];
        let ran = run_in(&argv, around, Stream::default(), &sample::home_direct());
        assert_eq!(password(&ran.settings.expect("runs")), CANARY);
    }

    #[test]
    fn a_shared_secret_needs_no_user() {
        let secret = file(CANARY);
        let asked = settings(&["turn:a.example", "stun:b.example", "--turn-secret-file", path(&secret)]);
        assert_eq!(password(&asked), CANARY);
        assert!(matches!(asked.targets.as_slice(), [(_, Some(Credentials::RestSecret { .. })), (_, None)]));
    }

    #[test]
    fn a_server_s_own_credentials_go_before_those_of_the_command_line() {
        let servers =
            r#"[{"urls": "turn:b.example", "username": "bob", "credential": "own"}, {"urls": "turn:c.example"}]"#;
        let (servers, secret) = (file(servers), file(CANARY));
        let argv = ["--ice-servers", path(&servers), "--user", "alice", "--password-file", path(&secret)];
        let asked = settings(&argv);
        assert_eq!(password(&asked), "own");
        let alice = Credentials::LongTerm { username: "alice".to_owned(), password: CANARY.to_owned() };
        assert_eq!(asked.targets.get(1).map(|(_, held)| held.clone()), Some(Some(alice)));
    }

    #[test]
    fn a_password_that_others_can_see_draws_a_warning() {
        let ran = run_with(&["turn:a.example", "--user", "alice", "--password", CANARY]);
        assert!(ran.stderr.starts_with("warning: everyone on this machine can read --password"), "{}", ran.stderr);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let secret = file(CANARY);
            std::fs::set_permissions(secret.path(), std::fs::Permissions::from_mode(0o644)).expect("sets");
            let ran = run_with(&["turn:a.example", "--user", "alice", "--password-file", path(&secret)]);
            assert!(ran.stderr.contains("chmod 600"), "{}", ran.stderr);
        }
    }

    #[test]
    fn no_output_holds_a_secret() {
        let secret = file(CANARY);
        let wrong = file(&format!(r#"[{{"urls": "turn:a", "username": "u", "credential": ["{CANARY}"]}}]"#));
        let lines = file(&format!("{CANARY}\n{CANARY}\n"));
        let in_uri = format!("turn:alice:{CANARY}@a.example");
        for argv in [
            &["turn:a.example", "--user", "alice", "--password", CANARY, "-v", "--json", "-"][..],
            &["turn:a.example", "--user", "alice", "--password-file", path(&secret), "-v", "--json", "-"],
            &["turn:a.example", "--turn-secret-file", path(&secret), "-v"],
            &["turn:a.example", "--user", "alice", "--password", CANARY, "--password-stdin"],
            &["turn:a.example", "--user", "alice", "--password-file", path(&lines)],
            &["--ice-servers", path(&wrong)],
            &[&in_uri],
        ] {
            let ran = run_with(argv);
            let debug = format!("{:?}", ran.settings);
            for output in [&ran.stdout, &ran.stderr, &debug] {
                assert!(!output.contains(CANARY), "{argv:?}: {output}");
            }
        }
    }
}

mod redacted {
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
}

mod lab;

mod commands {
    use super::*;

    #[test]
    fn help_shows_examples_and_exit_codes() {
        let ran = run_with(&["--help"]);
        assert_eq!(ran.exit, 0);
        assert!(ran.stdout.contains("rtc-doctor check --embedded") && ran.stdout.contains("Exit codes"));
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 120));
    }

    #[test]
    fn the_version_is_told() {
        assert_eq!(run_with(&["--version"]).stdout, concat!("rtc-doctor ", env!("CARGO_PKG_VERSION"), "\n"));
    }

    #[test]
    fn the_language_is_that_of_the_locale_unless_asked_for() {
        let korean = || Environment { lang: Lang::Ko, ..environment("") };
        let run = |argv: &[&str], around| run_in(argv, around, Stream::default(), &sample::company_relay());
        let (direct, relayed) = ("Calls from here work", "이곳의 통화는 되지만");
        assert!(run(&["check"], korean()).stdout.starts_with(relayed));
        assert!(run(&["check", "--lang", "en"], korean()).stdout.starts_with(direct));
        assert!(run(&["--lang", "ko"], environment("")).stdout.starts_with(relayed));
        assert!(run(&["explain", "udp-blocked", "--lang", "ko"], environment("")).stdout.contains("네트워크 담당자:"));
        let refused = run(&["check", "--lang", "de"], environment(""));
        assert_eq!((refused.exit, refused.settings.is_none()), (64, true));
    }

    #[test]
    fn the_documents_findings_are_in_the_language_asked_for() {
        let stdout = |argv: &[&str]| run_in(argv, environment(""), Stream::default(), &sample::company_relay()).stdout;
        let title = |document: String| {
            let document: serde_json::Value = serde_json::from_str(&document).expect("is JSON");
            document["findings"][0]["title"].as_str().expect("is there").to_owned()
        };
        assert!(title(stdout(&["check", "--json", "-", "--lang", "ko"])).ends_with("인증서가 만료되었습니다"));
        assert!(title(stdout(&["check", "--json", "-"])).ends_with("has expired"));
    }

    #[test]
    fn explain_takes_a_code_or_none() {
        assert!(run_with(&["explain", "udp-blocked"]).stdout.starts_with("This network lets no UDP through"));
        assert!(run_with(&["explain"]).stdout.contains("udp-blocked"));
        assert_eq!(run_with(&["explain", "udp-bloked"]).exit, 64);
    }

    #[test]
    fn completions_and_the_manual_page_are_made() {
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            assert!(run_with(&["completions", shell]).stdout.contains("rtc-doctor"), "{shell}");
        }
        assert!(run_with(&["man"]).stdout.contains(".TH rtc-doctor"));
    }

    #[test]
    fn the_command_line_is_put_together_rightly() {
        Cli::command().debug_assert();
    }
}

#[test]
fn a_call_is_told_what_is_wrong_with_its_room_before_anything_is_sent() {
    refused(&["call"], exit::USAGE, "required");
    refused(&["call", "doctor.example"], exit::USAGE, "begins with https://");
    refused(&["call", "https://doctor.example/r/short"], exit::USAGE, "too short");
    refused(
        &["call", "--copy-paste", "https://doctor.example/r/0123456789abcdefABCD-_"],
        exit::USAGE,
        "cannot be used",
    );
    refused(&["call", "--copy-paste", "--relay-only", "--host-only"], exit::USAGE, "cannot be used");
    refused(&["call", "--copy-paste", "--user", "alice"], exit::USAGE, "needs a password");
}

#[test]
fn a_rooms_address_is_not_repeated_in_an_error_since_it_lets_its_reader_in() {
    let ran = run_with(&["call", "ftp://doctor.example/r/0123456789abcdefABCD-_"]);
    assert!(!ran.stderr.contains("0123456789abcdef"), "{}", ran.stderr);
}

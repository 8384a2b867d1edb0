//! What goes to files and to standard output, and what becomes of it where that fails.

use super::*;

#[test]
fn with_json_on_stdout_nothing_else_is_there() {
    let ran = run_with(&["--json", "-", "-v"]);
    assert_eq!(serde_json::from_str::<Diagnosis>(&ran.stdout).expect("is the document"), sample::home_direct());
    assert!(ran.stderr.contains("Calls from here can go directly"));
    assert!(ran.stderr.contains("network-changed"), "{}", ran.stderr);
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
fn a_reader_that_goes_away_is_no_fault() {
    let closed = Stream::failing(io::ErrorKind::BrokenPipe);
    let dir = tempfile::tempdir().expect("makes one");
    let path = dir.path().join("report.json");
    let argv = ["--json", path.to_str().expect("is text")];
    let ran = run_in(&argv, environment(""), closed, &sample::home_direct());
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    assert!(std::fs::read_to_string(&path).expect("is there").starts_with("{\n  \"schema\": \"rtc-doctor/1\""));
}

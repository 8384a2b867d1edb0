//! Files and streams that fail, and input from strangers: whatever command it is, a line that says so, an exit code, and
//! no finished work lost.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");

fn doctor<S: AsRef<OsStr>>(words: &[S]) -> Output {
    Command::new(DOCTOR).args(words).env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).output().expect("runs")
}

/// In a shell, with `$D` for the program and `$F` for a folder.
fn shell(folder: &Path, script: &str) -> Output {
    let mut command = Command::new("bash");
    command.args(["-c", script]).env("D", DOCTOR).env("F", folder).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command.output().expect("a shell")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A folder with two reports in it, `a.json` and `b.json`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("makes one");
    for (network, name) in [("home", "a.json"), ("corporate", "b.json")] {
        let path = folder.path().join(name);
        doctor(&["check", "--lab", network, "-q", "--json", path.to_str().expect("is text")]);
    }
    folder
}

/// Every command that writes a document, without the place where it goes.
const WRITERS: [&str; 8] = [
    "check --lab home --json",
    "check --lab home --html",
    "check --lab home --record",
    "read $F/a.json --json",
    "read $F/a.json --html",
    "compare $F/a.json $F/b.json --json",
    "diff $F/a.json $F/b.json --json",
    "diff $F/a.json $F/b.json --html",
];

#[test]
fn a_document_is_whole_and_its_owners_alone_and_written_again_over_itself() {
    let folder = folder();
    for writer in WRITERS {
        for _ in 0..2 {
            let ran = shell(folder.path(), &format!("umask 0; $D {writer} $F/out -q"));
            assert!(ran.status.code().is_some_and(|code| code < 4), "{writer}: {}", text(&ran.stderr));
        }
        let out = folder.path().join("out");
        assert_eq!(out.metadata().expect("is there").permissions().mode() & 0o777, 0o600, "{writer}");
        let document = fs::read_to_string(&out).expect("is text");
        assert!(
            document.ends_with("}\n") || document.ends_with("</html>") || document.ends_with("</html>\n"),
            "{writer}"
        );
        assert_eq!(names(folder.path()), ["a.json", "b.json", "out"], "{writer}");
        fs::remove_file(out).expect("is there");
    }
}

#[test]
fn a_place_that_cannot_take_a_document_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("thesis"), "my thesis").expect("writes");
    fs::create_dir(folder.path().join("folder")).expect("makes one");
    std::os::unix::fs::symlink(folder.path().join("thesis"), folder.path().join("link")).expect("links");
    let before = names(folder.path());
    for writer in WRITERS {
        for (place, why) in [
            ("$F/thesis", "--force"),
            ("$F/link --force", "symbolic link"),
            ("$F/folder --force", "is a directory"),
            ("$F/none/out", "No such file"),
            ("/dev/full --force", "no ordinary file"),
            ("/proc/out", "cannot write the"),
            ("''", "rtc-doctor"),
        ] {
            let ran = shell(folder.path(), &format!("$D {writer} {place} -q"));
            let said = text(&ran.stderr);
            let expected = if place == "''" { 64 } else { 74 };
            assert_eq!(ran.status.code(), Some(expected), "{writer} {place}: {said}");
            assert!(said.contains(why) || place == "''", "{writer} {place}: {said}");
            assert!(ran.stdout.is_empty() && !said.contains("panic"), "{writer} {place}: {said}");
        }
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("thesis")).expect("is there"), "my thesis");
}

/// A limit on the size of files stands for a disk that is full; its signal ends no run.
#[test]
fn what_no_file_takes_goes_to_standard_output_and_the_old_file_stays() {
    let folder = folder();
    for writer in WRITERS {
        shell(folder.path(), &format!("$D {writer} $F/out -q"));
        let before = fs::read(folder.path().join("out")).expect("is written");
        let ran = shell(folder.path(), &format!("ulimit -f 2; exec $D {writer} $F/out -q"));
        let (shown, said) = (text(&ran.stdout), text(&ran.stderr));
        assert_eq!(ran.status.code(), Some(74), "{writer}: {said}");
        assert!(said.contains("File too large"), "{writer}: {said}");
        assert_eq!(fs::read(folder.path().join("out")).expect("is there"), before, "{writer}");
        if !writer.contains("--record") {
            assert!(shown.len() >= before.len() / 2, "{writer}: it is not there instead: {said}");
        }
        assert_eq!(names(folder.path()), ["a.json", "b.json", "out"], "{writer}");
        fs::remove_file(folder.path().join("out")).expect("is there");
    }
}

#[test]
fn a_reader_that_goes_away_costs_nothing() {
    let folder = folder();
    for writer in WRITERS {
        for script in [
            format!("$D {writer} $F/out | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"),
            format!("$D {writer} $F/out >&-; echo $?"),
            format!("$D {writer} $F/out 2>&- >/dev/null; echo $?"),
            format!("$D {writer} - | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"),
        ] {
            let ran = shell(folder.path(), &script);
            let exit: u8 = text(&ran.stdout).trim().parse().unwrap_or_else(|_| panic!("{script}: {:?}", ran));
            assert!(exit < 4, "{script}: {exit} {}", text(&ran.stderr));
            assert!(!text(&ran.stderr).contains("internal error"), "{script}: {}", text(&ran.stderr));
            if script.contains("$F/out") {
                let document = fs::read_to_string(folder.path().join("out")).expect("is written");
                assert!(document.len() > 2000, "{script}");
            }
        }
        fs::remove_file(folder.path().join("out")).expect("is there");
    }
}

#[test]
fn what_a_killed_run_left_behind_is_no_report_and_in_nobodys_way() {
    let folder = folder();
    let part = folder.path().join(".out.4711.part");
    fs::write(&part, "{\"schema\": \"rtc-doctor/1\", \"half of a rep").expect("writes");
    let ran = shell(folder.path(), "$D read $F/a.json -q --json $F/out");
    assert!(ran.status.code().is_some_and(|code| code < 4), "{}", text(&ran.stderr));
    assert!(folder.path().join("out").exists());
}

#[test]
fn only_the_document_stands_on_standard_output_where_it_goes_there() {
    let folder = folder();
    for writer in WRITERS {
        let ran = shell(folder.path(), &format!("$D {writer} -"));
        let document = text(&ran.stdout);
        assert!(document.starts_with('{') || document.starts_with("<!doctype html>"), "{writer}");
        assert!(!text(&ran.stderr).is_empty(), "people are told on the other stream: {writer}");
    }
}

#[test]
fn plain_text_is_kept_to_where_no_more_is_understood() {
    let folder = folder();
    for command in ["check --lab hotel", "read $F/b.json", "compare $F/a.json $F/b.json", "diff $F/a.json $F/b.json"] {
        let ran = shell(folder.path(), &format!("LC_ALL=C TERM=dumb NO_COLOR=1 COLUMNS=20 $D {command}"));
        assert!(text(&ran.stdout).is_ascii() && !ran.stdout.contains(&0x1b), "{command}: {}", text(&ran.stdout));
        let ran = shell(folder.path(), &format!("LC_ALL=ko_KR.UTF-8 $D {command}"));
        let is_hangul = |c: char| ('가'..='힣').contains(&c);
        assert!(text(&ran.stdout).contains(is_hangul) && !ran.stdout.contains(&0x1b), "{command}");
    }
}

#[test]
fn arguments_that_nobody_can_mean_are_refused_in_few_words() {
    let long = "x".repeat(100_000);
    let odd = OsStr::from_bytes(b"stun:\xff\xfe");
    for words in [
        vec![OsStr::new("check"), odd],
        vec![odd],
        vec![OsStr::new("")],
        vec![OsStr::new("check"), OsStr::new("")],
        vec![OsStr::new("check"), OsStr::new(&long)],
        vec![OsStr::new("check"), OsStr::new("--lang"), OsStr::new(&long)],
        vec![OsStr::new("check"), OsStr::new("--lang"), odd],
        vec![OsStr::new("check"), OsStr::new("--jsno"), OsStr::new("-")],
        vec![OsStr::new("check"), OsStr::new("--embedded"), OsStr::new("stun:a.example")],
        vec![OsStr::new("check"), OsStr::new("-q"), OsStr::new("-v")],
        vec![OsStr::new("check"), OsStr::new("--timeout"), OsStr::new("0")],
        vec![OsStr::new("check"), OsStr::new("--timeout"), OsStr::new("1e9")],
        vec![OsStr::new("read"), odd],
        vec![OsStr::new("read"), OsStr::new("")],
        vec![OsStr::new("diff"), OsStr::new("-")],
        vec![OsStr::new("explain"), OsStr::new(&long)],
        vec![OsStr::new("\u{1b}[2J")],
    ] {
        let ran = doctor(&words);
        let said = text(&ran.stderr);
        assert_eq!((ran.status.code(), ran.stdout.is_empty()), (Some(64), true), "{words:.60?}: {said:.300}");
        assert!(!said.contains('\u{1b}') && said.len() < 2_000, "{words:.60?}: {} {said:.300}", said.len());
    }
}

#[test]
fn files_from_strangers_are_refused_with_what_is_wrong_and_where() {
    let folder = folder();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("writes");
    write("empty", b"");
    write("gz", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    write("utf16", &[0xff, 0xfe, b'{', 0]);
    write("deep", "[".repeat(100_000).as_bytes());
    write("digits", format!("{{\"schema\": \"rtc-doctor/1\", \"targets\": {}}}", "9".repeat(1_000_000)).as_bytes());
    write("nan", b"{\"schema\": \"rtc-doctor/1\",\n\"took_ms\": NaN}");
    write("twice", b"{\"schema\": \"rtc-doctor/1\", \"schema\": \"rtc-doctor/1\"}");
    write("newer", b"{\"schema\": \"rtc-doctor/2\"}");
    write("stats", b"{\"peerConnections\": {}, \"UserAgent\": \"Chrome\"}");
    let whole = fs::read(folder.path().join("a.json")).expect("is there");
    write("half", &whole[..whole.len() / 2]);
    shell(folder.path(), "mkfifo $F/fifo");
    for (file, why) in [
        ("empty", "it is empty"),
        ("gz", "compressed"),
        ("utf16", "ends too soon"),
        ("deep", "no record"),
        ("digits", "column"),
        ("nan", "line 2 column 12"),
        ("twice", "twice"),
        ("newer", "rtc-doctor/2"),
        ("stats", "names no schema"),
        ("half", "ends too soon"),
        ("fifo", "no ordinary file"),
        (".", "is a directory"),
        ("none", "No such file"),
        ("../../../dev/zero", "no ordinary file"),
    ] {
        for command in ["read $X", "compare $X $F/a.json", "compare $F/a.json $X", "diff $F/a.json $X"] {
            let file = if file.contains("zero") { "/dev/zero".to_owned() } else { format!("$F/{file}") };
            let script = format!("ulimit -t 20; $D {}", command.replace("$X", &file));
            let ran = shell(folder.path(), &script);
            let said = text(&ran.stderr);
            assert_eq!((ran.status.code(), ran.stdout.is_empty()), (Some(64), true), "{script}: {said}");
            assert!(said.contains(why) && said.lines().count() == 1 && said.len() < 500, "{script}: {said}");
        }
    }
    // Without an end, on standard input.
    let ran = shell(folder.path(), "head -c 80000000 /dev/zero | $D read -");
    assert!(text(&ran.stderr).contains("too large"), "{}", text(&ran.stderr));
}

#[test]
fn with_few_open_files_the_document_is_made_or_what_is_lacking_is_said() {
    let folder = tempfile::tempdir().expect("makes one");
    for most in [6, 8, 10, 12, 14, 16, 23, 24, 32, 64] {
        let check = r#"exec "$D" check stun:127.0.0.1:9 --timeout 5 -q --json"#;
        let output = shell(folder.path(), &format!("ulimit -n {most}; {check} \"$F/{most}.json\""));
        let is_made = serde_json::from_slice::<serde_json::Value>(
            &fs::read(folder.path().join(format!("{most}.json"))).unwrap_or_default(),
        )
        .is_ok();
        let said = text(&output.stderr);
        assert_eq!(is_made, most >= 24, "{most}: {said}");
        assert!(is_made || said.contains("ulimit -n"), "{most}: {said}");
        assert!(matches!(output.status.code(), Some(2 | 3)), "{most}: {:?} {said}", output.status);
    }
}

//! `rtc-doctor compare` from the shell: the networks that come with the tool, each with each.

use rtc_doctor::catalog::{self, Lang};
use rtc_doctor::lab::topology::PRESETS;
use rtc_doctor::model::{Code, Detail, Diagnosis, Path, Verdict};
use std::path::{Path as FilePath, PathBuf};
use std::process::{Command, Output};

fn doctor(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("rtc-doctor runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn checked(folder: &FilePath, network: &str) -> String {
    let file = folder.join(format!("{network}.json"));
    let at = file.to_string_lossy().into_owned();
    doctor(&["check", "--lab", network, "--json", &at, "-q"]);
    at
}

fn compared(ours: &str, theirs: &str) -> (Option<i32>, Diagnosis) {
    let output = doctor(&["compare", ours, theirs, "--json", "-"]);
    let diagnosis = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    (output.status.code(), diagnosis)
}

#[test]
fn the_networks_that_come_with_the_tool_meet_as_their_files_have_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |network: &str| checked(folder.path(), network);
    let (home, corporate, hotel, blocked) = (at("home"), at("corporate"), at("hotel"), at("stun-blocked"));
    let (upnp, pool) = (at("home-upnp"), at("address-pool"));
    for (ours, theirs, path, exit) in [
        (&home, &upnp, Path::Direct, 0),
        (&home, &corporate, Path::Relay, 1),
        (&corporate, &upnp, Path::Direct, 0),
        (&pool, &corporate, Path::Relay, 1),
        (&home, &hotel, Path::Relay, 1),
        (&hotel, &blocked, Path::Relay, 1),
    ] {
        for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
            let (code, diagnosis) = compared(ours, theirs);
            let verdict = &diagnosis.verdict;
            assert_eq!(verdict.path.value(), Some(&path), "{ours} {theirs}: {:?}", verdict.because);
            // The worst of what is found of our own side counts too.
            assert!(code >= Some(exit), "{ours} {theirs}: {code:?}");
            assert!(diagnosis.peer.is_some() && verdict.tried.is_none());
        }
    }
}

#[test]
fn a_file_of_a_newer_release_is_compared_by_what_is_known_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, upnp) = (checked(folder.path(), "home"), checked(folder.path(), "home-upnp"));
    let known = compared(&home, &upnp);
    let newer = std::fs::read_to_string(&upnp).expect("is there");
    let newer = newer.replacen("\"kind\": \"sized\"", "\"kind\": \"teleported\"", 1);
    std::fs::write(&upnp, newer).expect("is written");
    let (code, diagnosis) = compared(&home, &upnp);
    assert_eq!((code, diagnosis.verdict.path.value()), (known.0, known.1.verdict.path.value()));
    let told = |diagnosis: &Diagnosis| diagnosis.findings.iter().any(|finding| finding.code == Code::NewerRelease);
    assert!(told(&diagnosis) && !told(&known.1));
}

#[test]
fn every_network_can_be_compared_with_every_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<String> = PRESETS.iter().map(|(name, _)| checked(folder.path(), name)).collect();
    for pair in files.windows(2) {
        let output = doctor(&["compare", &pair[0], &pair[1]]);
        let shown = text(&output.stdout);
        assert!(shown.contains("These two will") || shown.starts_with("Could not tell"), "{shown}");
        assert!(output.status.code().is_some_and(|code| code <= 3), "{}", text(&output.stderr));
    }
}

#[test]
fn the_terminal_says_how_why_and_at_whose_end_to_change_what() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, corporate) = (checked(folder.path(), "home"), checked(folder.path(), "corporate"));
    let title = |code: &Code| catalog::words(*code, &Detail::default(), Lang::En).title;
    for (ours, theirs, why) in
        [(&home, &corporate, Code::PeerMappingVaries), (&corporate, &home, Code::OwnMappingVaries)]
    {
        let document = doctor(&["compare", ours, theirs, "--json", "-"]).stdout;
        let Verdict { path, because, direct_if, .. } =
            serde_json::from_slice::<Diagnosis>(&document).expect("a document").verdict;
        assert_eq!((path.value(), because.contains(&why)), (Some(&Path::Relay), true), "{because:?}");
        let shown = text(&doctor(&["compare", ours, theirs, "-q"]).stdout);
        let unfolded = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = because.iter().chain(&direct_if).map(title);
        assert!(told.into_iter().all(|title| unfolded.contains(&title)), "{shown}");
    }
}

#[test]
fn what_cannot_be_compared_is_told_in_one_line_with_the_file_and_the_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = checked(folder.path(), "home");
    let broken = folder.path().join("broken.json");
    let saved = std::fs::read_to_string(&home).expect("is there");
    std::fs::write(&broken, &saved[..saved.len() / 2]).expect("written");
    let broken = broken.to_string_lossy().into_owned();
    let none: PathBuf = folder.path().join("none.json");
    let none = none.to_string_lossy().into_owned();
    for (words, said) in [
        (vec!["compare", &home, &broken], "it ends too soon (line "),
        (vec!["compare", &home, &none], "none.json"),
        (vec!["compare", &none, &home], "compare "),
        (vec!["compare", "-", "-"], "only one"),
        (vec!["compare", &home], "B.json"),
        (vec!["compare", &home, &home, "--json", &home], "one place"),
    ] {
        let output = doctor(&words);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{words:?}: {told}");
        assert!(told.contains(said) && output.stdout.is_empty(), "{words:?}: {told}");
    }
    assert_eq!(std::fs::read_to_string(&home).expect("is there"), saved);
}

#[test]
fn a_comparison_is_judged_again_as_it_was_and_hides_addresses_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, corporate) = (checked(folder.path(), "home"), checked(folder.path(), "corporate"));
    let (_, first) = compared(&home, &corporate);
    let both = folder.path().join("both.json").to_string_lossy().into_owned();
    doctor(&["compare", &home, &corporate, "--json", &both, "-q"]);
    let again: Diagnosis =
        serde_json::from_slice(&doctor(&["read", &both, "--json", "-"]).stdout).expect("a diagnosis");
    assert_eq!(again.verdict, first.verdict);
    let hidden = doctor(&["compare", &home, &corporate, "--redact", "--json", "-"]).stdout;
    let hidden: Diagnosis = serde_json::from_slice(&hidden).expect("a diagnosis");
    assert_eq!(hidden.verdict, first.verdict);
    assert!(hidden.redacted);
}

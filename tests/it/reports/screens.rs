//! What people see first fits on one screen: of every network that comes with the tool, and of every saved file.

use rtc_doctor::report::terminal::SCREEN_LINES;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use unicode_width::UnicodeWidthStr;

/// What the tool prints where there is no terminal: 80 columns wide.
fn screen(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).env("LC_ALL", "C.UTF-8").output();
    let output = output.expect("rtc-doctor runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 4), "{words:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn assert_fits(words: &[&str]) {
    for lang in ["en", "ko"] {
        let text = screen(&[words, &["--lang", lang]].concat());
        assert!(text.lines().count() <= SCREEN_LINES, "{words:?} takes {} lines:\n{text}", text.lines().count());
        assert!(text.lines().all(|line| line.width() <= 80), "{words:?}:\n{text}");
    }
}

fn json_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder is there");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

#[test]
fn a_check_of_every_network_fits_on_one_screen() {
    for (name, _) in rtc_doctor::lab::topology::PRESETS {
        assert_fits(&["check", "--lab", name]);
    }
}

#[test]
fn every_saved_file_is_shown_on_one_screen() {
    let saved: Vec<PathBuf> = ["fixtures/records", "fixtures/calls", "reports/samples"]
        .iter()
        .flat_map(|folder| json_files(folder))
        .collect();
    assert!(saved.len() > 20, "{saved:?}");
    for path in saved {
        assert_fits(&["read", path.to_str().expect("UTF-8")]);
    }
}

#[test]
fn two_samples_beside_each_other_are_shown_on_one_screen() {
    let sample = |name: &str| format!("{}/reports/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    for (good, bad) in [("home", "corporate"), ("home", "hotel"), ("corporate", "home"), ("home", "captive-portal")] {
        assert_fits(&["diff", &sample(good), &sample(bad)]);
        assert_fits(&["compare", &sample(good), &sample(bad)]);
    }
}

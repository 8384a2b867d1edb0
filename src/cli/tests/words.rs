//! What the program says of itself: help, version, manual, completions, explanations, and in which language.

use super::*;
use crate::catalog;
use crate::model::{Code, Detail};
use std::collections::BTreeSet;

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
    assert!(run_with(&["explain", "udp-blocked"]).stdout.starts_with("No UDP gets through here"));
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

/// The commands whose reports tell findings: what is said without the name of a command is said by each of them.
const REPORTING: [&str; 2] = ["check", "call"];

/// A program that has options of its own.
const ANOTHER: &str = "coturn";

/// The options of a command of ours, as `--name`.
fn options(command: &str) -> BTreeSet<String> {
    let cli = Cli::command();
    let command = cli.find_subcommand(command).unwrap_or_else(|| panic!("{command} is a command"));
    let long = command.get_arguments().filter_map(|option| option.get_long()).map(|name| format!("--{name}"));
    long.chain(["--help".to_owned()]).collect()
}

/// Every option in a text, and the command of ours named last before it.
fn named_options<'a>(text: &'a str) -> Vec<(Option<&'a str>, &'a str)> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || "(),;:\"".contains(c)).collect();
    let mut command = None;
    let mut named = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let name = |word: &&'a str| word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        if *word == "rtc-doctor" {
            command = words.get(at + 1).map(name);
        } else if word.starts_with(ANOTHER) {
            command = Some(ANOTHER);
        }
        let option = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if option.len() > 2 && option.starts_with("--") {
            named.push((command, option));
        }
    }
    named
}

#[test]
fn no_text_of_a_finding_names_an_option_that_its_command_does_not_have() {
    let of_reports: Vec<BTreeSet<String>> = REPORTING.map(options).into();
    let mut wrong = Vec::new();
    for (code, lang) in Code::ALL.iter().flat_map(|code| Lang::ALL.map(|lang| (*code, lang))) {
        let words = catalog::words(code, &Detail::default(), lang);
        for text in [&words.title, &words.detail, &words.remedy] {
            for (command, option) in named_options(text) {
                let is_there = match command {
                    Some(ANOTHER) => true,
                    Some(command) => options(command).contains(option),
                    None => of_reports.iter().all(|all| all.contains(option)),
                };
                if !is_there {
                    wrong.push(format!("{code}: {option} of {}: {text}", command.unwrap_or("check and call")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

//! What the program says of itself: help, version, manual, completions, explanations, and in which language.

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

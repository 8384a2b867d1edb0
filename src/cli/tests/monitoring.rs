//! `check --as`: what a monitoring system gets for its words, and where it reads it.

use super::*;

const TURN: &[&str] = &["check", "--as", "nagios", "turn:turn.example.org"];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

#[test]
fn a_plugin_answers_on_one_line_of_standard_output_alone() {
    let ran = run_in(TURN, environment(""), Stream::default(), &sample::company_relay());
    assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("RTC ") && matches!(ran.exit, 0..=3), "{} {}", ran.exit, ran.stdout);
    for format in ["checkmk", "zabbix"] {
        let argv = ["check", "--as", format, "turn:turn.example.org"];
        let ran = run_in(&argv, environment(""), Stream::default(), &sample::udp_blocked());
        assert_eq!((ran.exit, ran.stderr.as_str(), ran.stdout.is_empty()), (0, "", false), "{format}");
    }
}

#[test]
fn a_monitor_asks_for_the_servers_alone_and_ends_before_its_scheduler_ends_it() {
    let asked = settings(TURN);
    assert_eq!((asked.call, asked.hairpin, asked.timeout), (false, false, Duration::from_secs(9)));
    assert_eq!(settings(&with(TURN, &["--timeout", "4"])).timeout, Duration::from_secs(4));
}

#[test]
fn limits_are_stages_and_seconds() {
    let slow = |limit: &str| {
        let argv = with(TURN, &["--warning", limit]);
        let mut diagnosis = sample::home_direct();
        diagnosis.servers.truncate(1);
        run_in(&argv, environment(""), Stream::default(), &diagnosis).exit
    };
    assert_eq!((slow("binding=0.001"), slow("binding=1"), slow("total=0.001")), (1, 0, 1));
    for (limit, why) in [
        ("binding", "STAGE=SECONDS"),
        ("bindings=1", "there are resolve, connect, tls, binding"),
        ("binding=-1", "seconds are a number"),
        ("binding=x", "seconds are a number"),
        ("binding=inf", "seconds are a number"),
    ] {
        unknown(&with(TURN, &["--critical", limit]), why);
    }
    for (days, why) in [("x", "whole number"), ("14,x", "whole number"), ("7,14", "come first")] {
        unknown(&with(TURN, &["--certificate", days]), why);
    }
    assert_eq!(run_with(&with(TURN, &["--certificate", "14,7"])).stderr, "");
    unknown(&with(TURN, &["--warning", "total=2", "--critical", "total=1"]), "above --critical total=1");
    assert_eq!(run_with(&with(TURN, &["--warning", "total=2", "--critical", "total=2"])).stderr, "");
}

/// It is not begun, and each system is told why where it reads: in its own form, on standard output alone.
fn unknown(argv: &[&str], why: &str) {
    for (format, exit, begins) in [("nagios", 3, "RTC UNKNOWN - "), ("checkmk", 0, "3 \"RTC\" - "), ("zabbix", 0, "{")]
    {
        let argv: Vec<&str> = argv.iter().map(|word| if *word == "nagios" { format } else { word }).collect();
        let ran = run_with(&argv);
        assert_eq!(
            (ran.exit, ran.settings.is_none(), ran.stderr.as_str()),
            (exit, true, ""),
            "{argv:?} {}",
            ran.stdout
        );
        assert!(ran.stdout.starts_with(begins) && ran.stdout.lines().count() == 1, "{}", ran.stdout);
        assert!(ran.stdout.contains(why) && !ran.stdout.contains("^"), "{}", ran.stdout);
    }
}

#[test]
fn what_a_monitor_cannot_use_is_refused() {
    for more in [&["--json", "-"][..], &["--record", "x"], &["--redact"], &["-v"], &["-q"], &["--details"]] {
        unknown(&with(TURN, more), "cannot be used with");
    }
    unknown(&with(TURN, &["--lifetime"]), "cannot be used with");
    unknown(&with(TURN, &["--nonsense"]), "--nonsense");
    refused(&["check", "--warning", "total=1", "turn:a"], 64, "--as");
    refused(&["check", "--as", "munin", "turn:a"], 64, "nagios, checkmk, zabbix");
    unknown(&["check", "--as", "nagios"], "name one");
}

#[test]
fn a_checkup_that_cannot_begin_says_why_where_each_system_reads() {
    unknown(&with(TURN, &["--user", "alice", "--password-file", "/nonexistent"]), "/nonexistent");
    unknown(&with(TURN, &["stun:"]), "not a server URI: stun:: ");
    unknown(&with(TURN, &["turn:alice:canary-7f3a@host"]), "not a server URI");
}

#[test]
fn a_warning_for_people_is_not_for_monitors_and_no_secret_comes_out() {
    for format in ["nagios", "checkmk", "zabbix"] {
        let argv = ["check", "--as", format, "turn:turn.example.org", "--user", "alice", "--password", "canary-7f3a"];
        let ran = run_in(&argv, environment(""), Stream::default(), &sample::udp_blocked());
        assert_eq!(ran.stderr, "");
        assert!(!ran.stdout.contains("canary-7f3a") && !ran.stdout.contains("alice"), "{}", ran.stdout);
    }
}

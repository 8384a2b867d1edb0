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
        refused(&with(TURN, &["--critical", limit]), 64, why);
    }
}

#[test]
fn what_a_monitor_cannot_use_is_refused() {
    for more in [&["--json", "-"][..], &["--record", "x"], &["--redact"], &["-v"], &["-q"], &["--details"]] {
        refused(&with(TURN, more), 64, "cannot be used with");
    }
    refused(&with(TURN, &["--lifetime"]), 64, "cannot be used with");
    refused(&["check", "--warning", "total=1", "turn:a"], 64, "--as");
    refused(&["check", "--as", "munin", "turn:a"], 64, "nagios, checkmk, zabbix");
    refused(&["check", "--as", "checkmk"], 64, "name one");
}

#[test]
fn a_plugin_that_cannot_begin_is_unknown_and_says_why_where_it_is_read() {
    for more in [&["--user", "alice", "--password-file", "/nonexistent"][..], &["stun:"]] {
        let ran = run_with(&with(TURN, more));
        assert_eq!((ran.exit, ran.settings.is_none(), ran.stderr.as_str()), (3, true, ""), "{more:?}");
        assert!(ran.stdout.starts_with("RTC UNKNOWN - ") && ran.stdout.lines().count() == 1, "{}", ran.stdout);
    }
    assert_eq!(run_with(&["check", "--as", "nagios"]).exit, 3, "no server is named");
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

//! `lint`: what it says of a configuration, with which exit code, and that no password comes out of it.

use super::*;

const CANARY: &str = "canary-7f3a";

fn lint(text: &str, words: &[&str]) -> Ran {
    let file = tempfile::NamedTempFile::new().expect("makes one");
    std::fs::write(file.path(), text).expect("is written");
    let argv = [&["lint", file.path().to_str().expect("is text")], words].concat();
    run_with(&argv)
}

#[test]
fn the_exit_code_says_how_grave_the_worst_of_it_is() {
    for (text, exit, said) in [
        (r#"[{"urls":["turn:h.example","turns:h.example"],"username":"u","credential":"c"}]"#, 0, "source-shape-other"),
        (r#"{"iceServers":[{"urls":"stun:h"}]}"#, 1, "source-offers-no-turn"),
        (r#"{"iceServers":[]}"#, 2, "source-offers-nothing"),
        (r#"{"iceServers":[{"urls":"stun:h?transport=udp"}]}"#, 2, "source-uri-refused"),
    ] {
        let ran = lint(text, &[]);
        assert_eq!((ran.exit, ran.stdout.contains(said)), (exit, true), "{text}: {}", ran.stdout);
        assert!(ran.settings.is_none(), "nothing is sent");
    }
}

#[test]
fn what_is_no_configuration_is_refused_in_one_line() {
    for (text, said) in [("{", "line 1, column 1"), ("5", "no ICE servers"), (r#"{"error":"401"}"#, "no ICE servers")] {
        let ran = lint(text, &[]);
        assert_eq!((ran.exit, ran.stderr.lines().count()), (64, 1), "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn a_configuration_of_more_than_a_mebibyte_is_refused() {
    let ran = lint(&" ".repeat((1 << 20) + 1), &[]);
    assert_eq!((ran.exit, ran.stderr.contains("too large")), (64, true), "{}", ran.stderr);
}

#[test]
fn a_uri_that_browsers_refuse_is_shown_with_its_place_and_as_it_would_be_right() {
    let text = r#"{"iceServers":[{"urls":["stun:h","stun:h:3478?transport=udp"]}]}"#;
    for (words, why) in [(&[][..], "RFC 7064"), (&["--lang", "ko"], "RFC 7064")] {
        let said = lint(text, words).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["iceServers[0].urls[1]", why, "Chromium, Firefox", "stun:h:3478"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(said.contains(r#"{ "iceServers": [ { "urls": [ "stun:h", "stun:h:3478" ] } ] }"#), "{said}");
    }
}

#[test]
fn passwords_come_out_nowhere_but_in_the_file_that_is_to_have_them() {
    let text = format!(
        r#"{{"ice_servers":[{{"urls":"turn:h","username":"u","password":"{CANARY}"}},
            {{"urls":["turn:u:{CANARY}@h","turn:h?p={CANARY}","{CANARY}"],"username":"u","credential":"{CANARY}"}}]}}"#
    );
    let folder = tempfile::tempdir().expect("makes one");
    let revealed = folder.path().join("config.json");
    let ran = lint(&text, &["--reveal", revealed.to_str().expect("is text")]);
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    assert!(!ran.stdout.contains(CANARY) && !ran.stderr.contains(CANARY), "{}{}", ran.stdout, ran.stderr);
    let written = std::fs::read_to_string(&revealed).expect("is written");
    assert_eq!(written.matches(CANARY).count(), 1, "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = revealed.metadata().expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = |more: &[&str]| lint(&text, &[&["--reveal", revealed.to_str().expect("is text")], more].concat()).exit;
    assert_eq!(
        (again(&[]), again(&["--force"])),
        (74, 2),
        "whose it is cannot be told, so it is written again when asked to"
    );
}

#[test]
fn a_file_that_is_no_configuration_is_not_overwritten() {
    let other = tempfile::NamedTempFile::new().expect("makes one");
    std::fs::write(other.path(), "precious").expect("is written");
    let ran = lint("[]", &["--reveal", other.path().to_str().expect("is text")]);
    assert_ne!(ran.exit, 2, "{}", ran.stdout);
    assert_eq!(std::fs::read_to_string(other.path()).expect("is there"), "precious");
}

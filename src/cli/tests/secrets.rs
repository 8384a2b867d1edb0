//! Where passwords come from, and that none comes out again.

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
    let servers = r#"[{"urls": "turn:b.example", "username": "bob", "credential": "own"}, {"urls": "turn:c.example"}]"#;
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

#[test]
fn a_source_is_refused_before_anything_is_sent_and_without_repeating_it() {
    for (argv, why) in [
        (&["--ice-from", "http://app.example/?k=canary-7f3a"][..], "of this machine alone"),
        (&["--ice-from", "https://u:canary-7f3a@app.example/"], "--ice-user"),
        (&["--ice-from", "canary-7f3a"], "a source is https"),
        (&["--ice-from", "https://app.example/", "--ice-user", "u"], "--ice-secret-file"),
        (&["--ice-servers", "-", "--ice-from", "https://a.example/", "--ice-secret-stdin"], "both read standard input"),
    ] {
        let ran = run_with(argv);
        assert_eq!((ran.exit, ran.stderr.lines().count()), (64, 1), "{argv:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(why) && !ran.stderr.contains(CANARY), "{}", ran.stderr);
    }
    let around = Environment { ice_secret: Some(CANARY.into()), ..environment("") };
    let argv = ["--ice-from", "https://a.example/", "--ice-from", "https://b.example/"];
    let ran = run_in(&argv, around, Stream::default(), &sample::home_direct());
    assert_eq!((ran.exit, ran.stderr.contains("one secret is for one")), (64, true), "{}", ran.stderr);
}

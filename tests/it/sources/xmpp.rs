//! XMPP servers of Debian's as sources: Prosody over each of its three carriers, and ejabberd with a TURN server of its own.

use super::{Service, installed, lint};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const PASSWORD: (&str, &str) = ("RTC_DOCTOR_ICE_SECRET", "wonderland");

/// A server in a folder of its own; None where it is not installed.
fn server(name: &str, program: &str, folder: &TempDir, words: &[&str]) -> Option<Service> {
    if !installed::has_program(program) {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        return None;
    }
    let folder = folder.path().to_str().expect("a path");
    Service::start(name, &[], &[&[folder], words].concat())
}

/// Runs rtc-doctor with these words, and gives its exit code and all that it says.
fn run(words: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    command.args(words).args(["--lang", "en"]).envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(variables.iter().all(|(_, secret)| !said.contains(secret)), "{said}");
    (output.status.code(), said)
}

#[test]
fn prosody_names_its_services_over_each_carrier_and_one_of_them_without_credentials() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = rcgen::generate_simple_self_signed(["xmpp.test".to_owned()]).expect("a certificate");
    let certificates = folder.path().join("certs");
    std::fs::create_dir(&certificates).expect("made");
    let pem = certificate.cert.pem();
    for (name, text) in [("xmpp.test.crt", pem.clone()), ("xmpp.test.key", certificate.signing_key.serialize_pem())] {
        std::fs::write(certificates.join(name), text).expect("written");
    }
    let ca = folder.path().join("certs/xmpp.test.crt");
    let Some(prosody) = server("prosody", "prosody", &folder, &[]) else { return };
    let (tcp, http) = (prosody.port, prosody.further[0]);
    for via in [
        format!("ws://127.0.0.1:{http}/xmpp-websocket"),
        format!("http://127.0.0.1:{http}/http-bind"),
        format!("xmpp://127.0.0.1:{tcp}"),
    ] {
        let source = format!("xmpp:xmpp.test?via={via}");
        let words = ["lint", &source, "--ice-user", "alice", "--ca", ca.to_str().expect("a path")];
        let (exit, said) = run(&words, &[PASSWORD]);
        assert!(said.contains("[source-turn-without-credentials]") && said.contains("5 servers"), "{via}: {said}");
        assert_eq!((exit, said.matches("[source-turn-without-credentials]").count()), (Some(2), 1), "{via}: {said}");
    }
    let guest = format!("xmpp:guest.test?via=ws://127.0.0.1:{http}/xmpp-websocket");
    assert!(lint(&guest, &[]).1.contains("5 servers"), "{}", lint(&guest, &[]).1);
    // The stream is its own, and its certificate is nobody's.
    let unknown = format!("xmpp:xmpp.test?via=xmpp://127.0.0.1:{tcp}");
    let (_, said) = run(&["lint", &unknown, "--ice-user", "alice"], &[PASSWORD]);
    assert!(said.contains("[source-certificate]"), "{said}");
}

#[test]
fn a_prosody_that_takes_no_password_as_it_stands_is_shown_a_proof_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(prosody) = server("prosody", "prosody", &folder, &[]) else { return };
    let source = format!("xmpp:hashed.test?via=ws://127.0.0.1:{}/xmpp-websocket", prosody.further[0]);
    let words = ["lint", &source, "--ice-user", "alice"];
    let (_, said) = run(&words, &[PASSWORD]);
    assert!(said.contains("5 servers"), "{said}");
    let (_, said) = run(&words, &[("RTC_DOCTOR_ICE_SECRET", "canary-wrong")]);
    assert!(said.contains("[source-rejected-secret]"), "{said}");
}

#[test]
fn prosody_refuses_a_wrong_password_a_strange_domain_and_a_guest_each_by_its_own_name_and_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(prosody) = server("prosody", "prosody", &folder, &[]) else { return };
    let http = prosody.further[0];
    let attempts = || {
        let log = std::fs::read_to_string(folder.path().join("prosody.log")).expect("a log");
        // Looked up once for each password that is shown.
        log.matches("get_password for username").count()
    };
    let mut before = attempts();
    for (domain, user, carrier, code, shown) in [
        ("xmpp.test", Some("alice"), "ws", "source-rejected-secret", 1),
        ("xmpp.test", Some("alice"), "http", "source-rejected-secret", 1),
        ("nowhere.test", Some("alice"), "ws", "source-not-this", 0),
        ("nowhere.test", Some("alice"), "http", "source-not-this", 0),
        ("xmpp.test", None, "ws", "source-wants-secret", 0),
    ] {
        let path = if carrier == "ws" { "xmpp-websocket" } else { "http-bind" };
        let source = format!("xmpp:{domain}?via={carrier}://127.0.0.1:{http}/{path}");
        let (words, variables) = match user {
            Some(user) => (vec!["lint", &source, "--ice-user", user], vec![("RTC_DOCTOR_ICE_SECRET", "canary-wrong")]),
            None => (vec!["lint", source.as_str()], Vec::new()),
        };
        let (exit, said) = run(&words, &variables);
        assert!(said.contains(&format!("[{code}]")), "{domain} {carrier}: {said}");
        assert_eq!((exit, attempts() - before), (Some(2), shown), "{domain} {carrier}: {said}");
        before = attempts();
    }
}

#[test]
fn credentials_of_ejabberd_carry_a_whole_call_over_its_own_relay() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(ejabberd) = server("ejabberd", "ejabberdctl", &folder, &[]) else { return };
    for carrier in [format!("ws://127.0.0.1:{}/ws", ejabberd.further[0]), format!("xmpp://127.0.0.1:{}", ejabberd.port)]
    {
        let source = format!("xmpp:xmpp.test?via={carrier}");
        let json = folder.path().join("report.json");
        let words = ["check", "--ice-from", &source, "--no-hairpin", "--json", json.to_str().expect("a path")];
        let (_, said) = run(&words, &[]);
        let report = std::fs::read_to_string(&json).expect("a report");
        assert!(
            report.contains("\"relay-works\"") && report.contains("\"own-call-relay-carries\""),
            "{carrier}: {said}"
        );
    }
}

#[test]
fn credentials_that_run_out_within_seconds_are_told_before_a_relay_refuses_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(ejabberd) = server("ejabberd", "ejabberdctl", &folder, &["4"]) else { return };
    let source = format!("xmpp:xmpp.test?via=ws://127.0.0.1:{}/ws", ejabberd.further[0]);
    let (_, said) = lint(&source, &[]);
    assert!(said.contains("[credentials-life-short]"), "{said}");
}

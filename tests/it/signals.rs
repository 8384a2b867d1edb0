//! A run that the system or the user ends keeps what it has found out, whichever signal says so. (Unix)

use serde_json::Value;
use std::net::UdpSocket;
use std::process::{Command, Stdio};

/// Runs a checkup of a server that never answers, and sends these signals as soon as it is asked.
fn ended_by(signals: &[&str]) -> (Option<i32>, Option<Value>) {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let uri = format!("stun:{}", silent.local_addr().expect("bound"));
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    command.args(["check", &uri, "--no-call", "--json"]).arg(&report);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    silent.recv_from(&mut [0; 2048]).expect("it asks");
    for signal in signals {
        let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).output();
        assert!(sent.is_ok());
    }
    let status = child.wait().expect("it ends");
    let report = std::fs::read(&report).ok();
    (status.code(), report.map(|report| serde_json::from_slice(&report).expect("JSON")))
}

#[test]
fn an_interrupt_a_farewell_of_the_terminal_and_an_order_to_end_each_keep_what_was_found_out() {
    for signal in ["INT", "HUP", "TERM"] {
        let (exit, report) = ended_by(&[signal]);
        assert_eq!(exit, Some(130), "{signal}");
        let report = report.unwrap_or_else(|| panic!("{signal}: a report is written"));
        assert_eq!(report["interrupted"], true, "{signal}");
        assert!(!report["observations"].as_array().expect("a list").is_empty(), "{signal}");
    }
}

#[test]
fn a_second_interrupt_ends_it_with_the_same_exit_code() {
    assert_eq!(ended_by(&["INT", "INT"]).0, Some(130));
}

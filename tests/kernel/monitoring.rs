//! `check --as nagios` as a monitoring system runs it: a coturn that is well, one with another password, one that is gone,
//! through Debian's own `negate`, which reads a plugin's exit code and line.

use crate::Test;
use crate::net::{Net, SERVER};
use crate::rules;
use std::path::Path;

pub const TESTS: &[Test] = &[
    ("a_relay_over_tcp_that_works_is_ok_to_nagios", works),
    ("credentials_that_are_rejected_are_critical_to_nagios", rejected),
    ("a_slow_stage_is_a_warning_to_nagios", slow),
];

const NEGATE: &str = "/usr/lib/nagios/plugins/negate";

/// Why these tests cannot run here; None where they can.
pub fn obstacle() -> Option<String> {
    (!Path::new(NEGATE).exists()).then(|| "monitoring-plugins-basic is not installed".to_owned())
}

/// The exit code and the line of the plugin under `negate`, which swaps OK and CRITICAL and leaves the rest.
fn negated(net: &Net, password: &str, more: &[&str]) -> (Option<i32>, String) {
    let password = net.write("password", password);
    let uri = format!("turn:{SERVER}?transport=tcp");
    let plugin = env!("CARGO_BIN_EXE_rtc-doctor");
    let mut words =
        vec![NEGATE, plugin, "check", "--as", "nagios", &uri, "--user", "user", "--password-file", &password];
    words.extend(more);
    let output = net.command("inside", &words).output().expect("negate runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout).expect("text");
    assert_eq!(line.lines().count(), 1, "{line}");
    (output.status.code(), line)
}

fn lab() -> Net {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    net
}

fn works() {
    let (code, line) = negated(&lab(), "pass", &[]);
    assert!(code == Some(2) && line.starts_with("RTC OK - 1 of 1 paths work |"), "{code:?} {line}");
    assert!(line.contains("/tcp allocate'=0."), "{line}");
}

fn rejected() {
    let (code, line) = negated(&lab(), "wrong", &[]);
    assert!(code == Some(0) && line.contains("[relay-credentials-rejected]"), "{code:?} {line}");
}

fn slow() {
    let (code, line) = negated(&lab(), "pass", &["--warning", "total=0.0000001"]);
    assert!(code == Some(1) && line.starts_with("RTC WARNING - 0 of 1 paths work; turn "), "{code:?} {line}");
}

//! `check --as nagios` as monitoring systems run it: through Debian's `negate`, which reads a plugin's exit code and line,
//! and by Icinga, whose own notion of the service's state is read back.

use crate::Test;
use crate::net::{Net, SERVER};
use crate::rules;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("a_relay_over_tcp_that_works_is_ok_to_nagios", works),
    ("credentials_that_are_rejected_are_critical_to_nagios", rejected),
    ("a_slow_stage_is_a_warning_to_nagios", slow),
    ("a_server_that_is_silent_is_critical_before_nagios_gives_up", silent),
    ("a_deadline_that_comes_first_leaves_the_path_unknown", cut_short),
    ("icinga_takes_the_state_and_every_time_of_each_path", icinga),
];

const NEGATE: &str = "/usr/lib/nagios/plugins/negate";
const ICINGA: &str = "/usr/sbin/icinga2";
const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    let missing = [(NEGATE, "monitoring-plugins-basic"), (ICINGA, "icinga2-bin")];
    let missing = missing.into_iter().find(|(path, _)| !Path::new(path).exists());
    missing.map(|(_, package)| format!("{package} is not installed"))
}

fn lab() -> Net {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    net
}

/// A plugin's words for a relay over this transport.
fn plugin(net: &Net, transport: &str, password: &str, more: &[&str]) -> Vec<String> {
    let password = net.write("password", password);
    let uri = format!("turn:{SERVER}?transport={transport}");
    let words = [DOCTOR, "check", "--as", "nagios", &uri, "--user", "user", "--password-file", &password];
    words.iter().chain(more).map(|&word| word.to_owned()).collect()
}

/// The exit code and the line of the plugin under `negate`, which swaps OK and CRITICAL and leaves the rest. It gives up
/// after 11 seconds, as Nagios does after 10 or more.
fn negated(net: &Net, transport: &str, password: &str, more: &[&str]) -> (Option<i32>, String) {
    let plugin = plugin(net, transport, password, more);
    let words: Vec<&str> = std::iter::once(NEGATE).chain(plugin.iter().map(String::as_str)).collect();
    let output = net.command("inside", &words).output().expect("negate runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout).expect("text");
    assert_eq!(line.lines().count(), 1, "{line}");
    (output.status.code(), line)
}

fn works() {
    let (code, line) = negated(&lab(), "tcp", "pass", &[]);
    assert!(code == Some(2) && line.starts_with("RTC OK - 1 of 1 paths work | "), "{code:?} {line}");
    assert!(line.contains(&format!("'turn {SERVER}:3478/tcp allocate'=0.")), "{line}");
}

fn rejected() {
    let (code, line) = negated(&lab(), "tcp", "wrong", &[]);
    assert!(code == Some(0) && line.contains("[relay-credentials-rejected]"), "{code:?} {line}");
}

fn slow() {
    let (code, line) = negated(&lab(), "udp", "pass", &["--warning", "total=0.0000001"]);
    assert!(code == Some(1) && line.starts_with("RTC WARNING - 1 of 1 paths work; turn "), "{code:?} {line}");
}

/// Nothing serves there, and the router lets nothing through that could say so.
fn dropping() -> Net {
    let net = Net::new(&rules::masquerade());
    net.rules("router", "table inet quiet { chain forward { type filter hook forward priority -1; policy drop; }; }");
    net
}

fn silent() {
    let (code, line) = negated(&dropping(), "udp", "pass", &[]);
    assert!(code == Some(0) && line.contains("[server-silent]"), "{code:?} {line}");
}

fn cut_short() {
    let (code, line) = negated(&dropping(), "udp", "pass", &["--timeout", "1"]);
    assert!(code == Some(3) && line.starts_with("RTC UNKNOWN - 0 of 1 paths work; "), "{code:?} {line}");
}

/// Ends with its whole process tree when this is dropped.
struct Icinga(Child);

impl Drop for Icinga {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One service, checked at once; each result goes through a pipe as `state|line|performance data`.
fn configuration(plugin: &[String], net: &Net) -> String {
    let words: Vec<String> = plugin.iter().map(|word| format!("{word:?}")).collect();
    let (command, pipe) = (words.join(", "), net.path("results"));
    format!(
        r#"object CheckerComponent "checker" {{}}
object CheckCommand "rtc" {{ command = [ {command} ] }}
object EventCommand "tell" {{
  command = [ "/bin/sh", "-c", "echo \"$$1|$$2|$$3\" > {pipe}", "tell", "$service.state$", "$service.output$", "$service.perfdata$" ]
}}
object Host "vantage" {{ check_command = "rtc" }}
object Service "turn" {{
  host_name = "vantage"
  check_command = "rtc"
  event_command = "tell"
  check_interval = 1s
  retry_interval = 1s
  max_check_attempts = 1
}}
"#
    )
}

/// What Icinga holds of the service after its first check.
fn checked_by_icinga(net: &Net, plugin: &[String]) -> String {
    let file = net.write("icinga2.conf", &configuration(plugin, net));
    net.exec("inside", &["mkfifo", &net.path("results")]);
    let folder = |name: &str| {
        let path = net.path(name);
        fs::create_dir_all(&path).expect("a folder of the test's own");
        path
    };
    let constants = [
        ("InitRunDir", folder("run")),
        ("DataDir", folder("data")),
        ("LogDir", folder("log")),
        ("CacheDir", folder("cache")),
        ("SpoolDir", folder("spool")),
        ("PidPath", net.path("pid")),
        ("StatePath", net.path("state")),
        ("ObjectsPath", net.path("objects")),
        ("VarsPath", net.path("vars")),
        ("ModAttrPath", net.path("modified.conf")),
        ("RunAsUser", "root".to_owned()),
        ("RunAsGroup", "root".to_owned()),
    ];
    let constants: Vec<String> = constants.iter().map(|(name, value)| format!("-D{name}={value}")).collect();
    // It has three processes: whoever ends the first of a process namespace ends them all.
    let mut words = vec!["unshare", "--pid", "--fork", "--kill-child", ICINGA, "daemon", "-c", &file];
    words.extend(constants.iter().map(String::as_str));
    let mut command = net.command("inside", &words);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let _icinga = Icinga(child.expect("icinga2 runs"));
    // Opens when the first result is written, and ends with it.
    fs::read_to_string(net.path("results")).expect("a pipe can be read")
}

/// Icinga splits labels at `::`, which every short IPv6 address has.
fn icinga() {
    const SIX: &str = "2001:db8::10";
    let mut net = Net::new(&rules::masquerade());
    net.ipv6();
    net.coturn_on("outside", &[SERVER, SIX], &[]);
    let second = format!("turn:[{SIX}]?transport=tcp");
    let told = checked_by_icinga(&net, &plugin(&net, "tcp", "wrong", &[&second, "--critical", "connect=2"]));
    let (state, line) = told.split_once('|').expect("a state and a line");
    assert!(state == "CRITICAL" && line.contains("0 of 2 paths work"), "{told}");
    for server in [SERVER, "[2001:db8:0:0:0:0:0:10]"] {
        let label = format!("'turn {server}:3478/tcp connect'=");
        let (_, after) = line.split_once(&label).unwrap_or_else(|| panic!("no {label} in {told}"));
        assert!(after.split_once(' ').is_some_and(|(value, _)| value.ends_with("s;;2;0")), "{told}");
    }
}

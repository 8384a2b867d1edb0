//! `lab up`, `lab run` and `lab down`, as a user has them: what programs find, and what is left behind.

use crate::Test;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("a_program_in_a_hotel_finds_itself_in_a_hotel", hotel),
    ("the_checkup_in_a_home_finds_the_home_and_its_relay", home),
    ("a_browser_behind_a_captive_portal_is_led_to_its_page", captive_portal),
    ("a_network_of_a_file_is_set_up_and_a_broken_file_is_not", a_file),
    ("a_run_has_its_programs_exit_code_and_leaves_nothing", exit_codes),
    ("what_cannot_be_done_is_told_in_one_line_and_leaves_nothing", bad_input),
    ("what_the_system_refuses_is_told_with_what_would_allow_it", refused),
    ("a_lab_that_was_killed_is_told_of_and_cleared", killed),
    ("a_signal_is_passed_on_and_the_lab_ends_with_its_program", signals),
    ("two_labs_are_up_at_once_and_know_nothing_of_each_other", two),
    ("an_ordinary_user_needs_no_more_than_a_user_namespace", unprivileged),
];

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");

/// A user's labs, and nobody else's.
struct User {
    runtime: tempfile::TempDir,
}

impl User {
    fn new() -> Self {
        Self { runtime: tempfile::tempdir().expect("a folder") }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(DOCTOR);
        command.arg("lab").args(words).env("XDG_RUNTIME_DIR", self.runtime.path()).env("RTC_DOCTOR_PASSWORD", "lab");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn lab(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("rtc-doctor runs")
    }

    /// Comes back when the lab is ready.
    fn up(&self, network: &str) -> Up {
        let mut child = self.command(&["up", network]).spawn().expect("rtc-doctor runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let is_ready = lines.map_while(Result::ok).any(|line| line == format!("{network} is ready"));
        assert!(is_ready, "{network} is not up");
        Up(child)
    }

    /// What the labs of this user keep.
    fn kept(&self) -> Vec<String> {
        let folder = fs::read_dir(self.runtime.path().join("rtc-doctor"));
        let entries = folder.into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

/// A `lab up` that was not ended otherwise ends with this.
struct Up(Child);

impl Up {
    fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("gone");
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{}", said(output)))
}

/// One that has ended and only waits to be forgotten is in no namespace.
fn is_there(process: i32) -> bool {
    fs::read_link(format!("/proc/{process}/ns/net")).is_ok()
}

/// Whether coturn's client learns the NAT's address over UDP. Where the filter is silent it waits without an end.
fn hears_stun(user: &User, network: &str) -> bool {
    let output = user.lab(&["run", network, "laptop", "--", "timeout", "1", "turnutils_stunclient", "198.51.100.1"]);
    said(&output).contains("203.0.113.")
}

/// curl: 52 is a server that says nothing in HTTP once TLS is there, 28 that time has run out.
fn hotel() {
    let user = User::new();
    let _up = user.up("hotel");
    let inside = |words: &[&str]| user.lab(&[&["run", "hotel", "laptop", "--"], words].concat());
    assert_eq!(code(&inside(&["curl", "-sk", "-m", "10", "https://server/"])), 52);
    assert_eq!(code(&inside(&["curl", "-s", "-m", "2", "http://server:3478/"])), 28);
    assert!(!hears_stun(&user, "hotel"));
    let document = check(&user, "hotel", &["turn:198.51.100.1", "turns:198.51.100.1:443?transport=tcp"]);
    assert_eq!(document["verdict"]["path"]["value"], json!("relay"), "{document:#}");
}

fn check(user: &User, network: &str, words: &[&str]) -> Value {
    let checking = ["run", network, "laptop", "--", DOCTOR, "check", "--json", "-", "--user", "lab", "--insecure"];
    let output = user.lab(&[&checking, words].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
}

fn home() {
    let user = User::new();
    let _up = user.up("home");
    assert!(hears_stun(&user, "home"));
    let document = check(&user, "home", &["turn:198.51.100.1"]);
    let found = |what: &str| document["nat"]["ipv4"][what]["value"].clone();
    let expected = (json!("endpoint-independent"), json!("address-and-port-dependent"));
    assert_eq!((found("mapping"), found("filtering")), expected, "{document:#}");
    assert_eq!(document["verdict"]["path"]["value"], json!("direct"), "{document:#}");
    let is_relayed = |candidate: &Value| candidate["type"] == "relay";
    assert!(document["candidates"].as_array().expect("candidates").iter().any(is_relayed), "{document:#}");
}

fn captive_portal() {
    let user = User::new();
    let inside = |words: &[&str]| {
        let output = user.lab(&[&["run", "captive-portal", "laptop", "--", "curl", "-sS", "-m", "10"], words].concat());
        said(&output)
    };
    // By a name, and past the DNS that lies about it.
    for asked in ["http://example.com/", "http://198.51.100.1/"] {
        let answer = inside(&["-i", asked]);
        assert!(answer.starts_with("HTTP/1.1 302 Found\r\nLocation: http://portal.example/"), "{answer}");
        assert!(inside(&["-L", asked]).contains("<h1>Sign in</h1>"));
    }
}

fn a_file() {
    let (user, file) =
        (User::new(), tempfile::Builder::new().prefix("mobile").suffix(".toml").tempfile().expect("a file"));
    let path = file.path().to_string_lossy().into_owned();
    let preset = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/networks/mobile-nat64.toml"));
    let text = preset.expect("a preset").replace("delay_ms = 30", "delay_ms = 1");
    fs::write(file.path(), &text).expect("written");
    // IPv6 only, by a name of the file, through DNS64 and NAT64.
    let output = user.lab(&["run", &path, "phone", "--", "ping", "-6", "-c1", "-W5", "stun.lab.example"]);
    assert!(code(&output) == 0 && said(&output).contains("64:ff9b::"), "{}", said(&output));
    fs::write(file.path(), text.replace("[[host]]", "[[hots]]")).expect("written");
    let output = user.lab(&["up", &path]);
    assert!(code(&output) == 64 && said(&output).contains("unknown field `hots`"), "{}", said(&output));
    assert_eq!(code(&user.lab(&["up", "/nowhere.toml"])), 64);
    assert_eq!(user.kept(), Vec::<String>::new());
}

fn exit_codes() {
    let user = User::new();
    let run = |words: &[&str]| user.lab(&[&["run", "home", "laptop", "--"], words].concat());
    assert_eq!(code(&run(&["true"])), 0);
    assert_eq!(code(&run(&["sh", "-c", "exit 7"])), 7);
    assert_eq!(code(&run(&["sh", "-c", "kill -9 $$"])), 137);
    assert_eq!(code(&run(&["no-such-program"])), 127);
    assert_eq!(code(&run(&["/etc/hostname"])), 126);
    // What it leaves running ends with its lab.
    let output = run(&["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]);
    let left = said(&output).trim().parse().unwrap_or_else(|_| panic!("{}", said(&output)));
    assert!(!is_there(left), "process {left} is still there");
    assert_eq!(user.kept(), Vec::<String>::new());
}

fn bad_input() {
    let user = User::new();
    let refused = |words: &[&str], exit: i32, why: &str| {
        let output = user.lab(words);
        let text = said(&output);
        assert_eq!((code(&output), text.lines().count()), (exit, 1), "{words:?}: {text}");
        assert!(text.contains(why), "{words:?}: {text}");
    };
    refused(&["run", "home", "labtop", "--", "true"], 64, "did you mean laptop?");
    refused(&["up", "hotle"], 64, "did you mean hotel");
    refused(&["down", "home"], 3, "there is no lab home to end");
    refused(&["down", "home!"], 64, "cannot name a lab");
    let mut up = user.up("home");
    refused(&["up", "home"], 3, "is up already");
    up.kill();
    refused(&["up", "home"], 3, "lab down home");
    assert_eq!(code(&user.lab(&["down"])), 0);
    // A folder that others may write to is not trusted.
    let base = user.runtime.path().join("rtc-doctor");
    fs::set_permissions(&base, fs::Permissions::from_mode(0o777)).expect("changed");
    refused(&["up", "home"], 3, "not a folder of this user's alone");
    fs::set_permissions(&base, fs::Permissions::from_mode(0o700)).expect("changed");
    assert_eq!(user.kept(), Vec::<String>::new());
}

/// Comes back with a program that runs on the laptop, and its process there.
fn sleeping(user: &User, network: &str) -> (Child, i32) {
    let words = ["run", network, "laptop", "--", "sh", "-c", "echo $$; exec sleep 1000"];
    let mut run = user.command(&words).spawn().expect("rtc-doctor runs");
    let mut line = String::new();
    BufReader::new(run.stdout.as_mut().expect("piped")).read_line(&mut line).expect("it says its number");
    let process = line.trim().parse().unwrap_or_else(|_| panic!("{line:?}"));
    (run, process)
}

fn killed() {
    let user = User::new();
    for network_is_up in [true, false] {
        let mut up = network_is_up.then(|| user.up("home"));
        let (mut run, sleeper) = sleeping(&user, "home");
        if let Some(up) = &mut up {
            up.kill();
        }
        run.kill().expect("killed");
        run.wait().expect("gone");
        assert!(is_there(sleeper) && user.kept().len() == 1, "the program goes on, and the lab is written down");
        let output = user.lab(&["down", "home"]);
        assert_eq!((code(&output), is_there(sleeper)), (0, false), "{}", said(&output));
        assert_eq!(user.kept(), Vec::<String>::new());
    }
}

fn signals() {
    use nix::sys::signal::{Signal, kill};
    let user = User::new();
    let (run, sleeper) = sleeping(&user, "home");
    kill(nix::unistd::Pid::from_raw(i32::try_from(run.id()).expect("a number")), Signal::SIGTERM).expect("told");
    let output = run.wait_with_output().expect("it ends");
    assert_eq!((code(&output), is_there(sleeper)), (128 + 15, false), "{}", said(&output));
    assert_eq!(user.kept(), Vec::<String>::new());
}

fn two() {
    let user = User::new();
    let (mut home, _hotel) = (user.up("home"), user.up("hotel"));
    assert_eq!((hears_stun(&user, "home"), hears_stun(&user, "hotel")), (true, false));
    assert_eq!(code(&user.lab(&["down", "home"])), 0);
    assert_eq!(home.0.wait().expect("gone").code(), Some(0));
    assert_eq!(user.kept(), ["hotel"]);
    assert_eq!(code(&user.lab(&["run", "hotel", "laptop", "--", "true"])), 0);
}

/// Comes back with what `lab run` says after a shell, in namespaces of its own, has made the system refuse.
fn refused_after(namespaces: &str, script: &str, with: &str) -> (i32, String) {
    let user = User::new();
    let mut command = Command::new("unshare");
    command.args([
        namespaces,
        "sh",
        "-c",
        &format!("set -e; {script}; exec {with} {DOCTOR} lab run home laptop -- true"),
    ]);
    let output = command.env("XDG_RUNTIME_DIR", user.runtime.path()).output().expect("unshare runs");
    assert_eq!(user.kept(), Vec::<String>::new());
    (code(&output), said(&output))
}

fn refused() {
    let (exit, text) = refused_after("--mount", "mount -t tmpfs none /dev/net", "");
    assert!(exit == 3 && text.starts_with("error: there is no /dev/net/tun") && text.lines().count() == 1, "{text}");
    let no_more = "echo 0 > /proc/sys/user/max_user_namespaces";
    let (exit, text) = refused_after("-Ur", no_more, "setpriv --bounding-set=-all");
    assert!(exit == 3 && text.contains("sysctl user.max_user_namespaces is 0") && text.lines().count() == 1, "{text}");
}

/// As `nobody`, with the TUN device for everybody, as it is on most systems.
fn unprivileged() {
    let user = User::new();
    // A copy that everybody may run.
    let doctor = user.runtime.path().join("doctor");
    fs::copy(DOCTOR, &doctor).expect("copied");
    fs::set_permissions(user.runtime.path(), fs::Permissions::from_mode(0o755)).expect("changed");
    let script = "set -e
        mkdir home dev; chown 65534 home; chmod 700 home
        mknod -m 666 dev/tun c 10 200; mount --bind dev/tun /dev/net/tun
        exec setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_RUNTIME_DIR=$PWD/home \\
            ./doctor lab run home laptop -- sh -c 'id -u; ping -qc1 -W5 server; getent hosts server'";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script]).current_dir(user.runtime.path());
    let output = command.output().expect("unshare runs");
    let text = said(&output);
    assert!(text.starts_with("65534\n") && text.contains(" 0% packet loss") && text.contains("198.51.100.1"), "{text}");
    assert_eq!(code(&output), 0, "{text}");
    assert_eq!(fs::read_dir(user.runtime.path().join("home/rtc-doctor")).expect("made").count(), 0);
}

//! An ICE agent that we did not write at the other end: PyPI's aioice, which answers our codes in both roles, directly
//! and through a relay.

use crate::Test;
use crate::installed;
use crate::net::{Net, SERVER};
use crate::rules;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("aioice_answers_and_the_two_reach_each_other_directly", answers_directly),
    ("aioice_offers_and_the_two_reach_each_other_directly", offers_directly),
    ("aioice_answers_through_its_relay", answers_through_its_relay),
    ("aioice_offers_through_its_relay", offers_through_its_relay),
    ("aioice_answers_who_is_behind_a_relay", answers_our_relay),
    ("aioice_offers_to_who_is_behind_a_relay", offers_to_our_relay),
];

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    (!installed::has_python(&["aioice"])).then(|| "needs aioice: run .ci/test once".to_owned())
}

/// A program that says lines and is told some; it is ended with the test.
struct Talker {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Talker {
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let from = BufReader::new(child.stdout.take().expect("piped"));
        let to = child.stdin.take().expect("piped");
        Self { child, to, from }
    }

    fn aioice(net: &Net, host: &str, words: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/aioice_end.py");
        let python = installed::cache("python/bin/python");
        let mut all = vec![python.to_str().expect("a path"), script];
        all.extend(words);
        Self::start(net.command(host, &all))
    }

    fn doctor(net: &Net, report: &str, words: &[&str]) -> Self {
        let mut all = vec![env!("CARGO_BIN_EXE_rtc-doctor"), "call", "--json", report];
        all.extend(words);
        Self::start(net.command("inside", &all))
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.to, "{line}").expect("it reads");
    }

    /// The next line that begins so.
    fn line(&mut self, beginning: &str) -> String {
        let mut lines = self.from.by_ref().lines().map_while(Result::ok);
        lines.find(|line| line.starts_with(beginning)).unwrap_or_else(|| panic!("no {beginning}"))
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What both made of their call: our report, and aioice's own words.
struct Outcome {
    report: Value,
    theirs: Value,
}

impl Outcome {
    /// Our facts of this kind.
    fn facts(&self, kind: &str) -> Vec<&Value> {
        let observations = self.report["observations"].as_array().expect("observations");
        observations.iter().map(|observation| &observation["fact"]).filter(|fact| fact["kind"] == kind).collect()
    }

    /// Both chose one pair, of these types as we see it, and had these roles.
    fn assert_met(&self, our_role: &str, locals: &[&str], remote: &str) {
        let Self { report, theirs } = self;
        let nominated = self.facts("nominated").pop().unwrap_or_else(|| panic!("{theirs}: {report:#}"));
        assert!(locals.iter().any(|local| nominated["local"]["type"] == *local), "{nominated:#}");
        assert_eq!(nominated["remote"]["type"], remote);
        assert_eq!(nominated["role"], our_role);
        assert_eq!(theirs["role"], if our_role == "controlling" { "controlled" } else { "controlling" });
        for (ours, their) in [("remote", "local"), ("local", "remote")] {
            let [ours, theirs] = [&nominated[ours], &theirs["nominated"][their]];
            // What is host or server-reflexive to one end can be peer-reflexive to the other: the endpoint is one.
            if ours["type"] != "host" {
                assert_eq!([&ours["address"], &ours["port"]], [&theirs["address"], &theirs["port"]]);
            }
        }
        let checked = self.facts("checked");
        let of_it = checked.iter().find(|pair| pair["nominated"] == true).expect("its checks");
        assert_eq!(of_it["state"], "succeeded", "{of_it:#}");
        assert!(of_it["received"].as_u64() >= Some(10) && of_it["rtt_ms"]["median"].is_number(), "{of_it:#}");
    }
}

/// We are behind a router; aioice is at a public address, beside coturn.
fn call(aioice_offers: bool, aioice_words: &[&str], our_words: &[&str]) -> Outcome {
    let mut net = Net::new(&rules::masquerade());
    // Like everybody on the internet coturn has a route for any address: without one, what aioice sends to private
    // addresses ends the allocation.
    net.ip("outside", "route add default dev lo");
    net.coturn(&[]);
    let servers = json!([
        { "urls": format!("stun:{SERVER}") },
        { "urls": format!("turn:{SERVER}?transport=udp"), "username": "user", "credential": "pass" },
    ]);
    let (path, servers) = (net.path("report.json"), net.write("servers.json", &servers.to_string()));
    let ours = [&["--ice-servers", servers.as_str()], our_words].concat();
    let role = if aioice_offers { "offer" } else { "answer" };
    let mut aioice = Talker::aioice(&net, "outside", &[&[role], aioice_words].concat());
    let mut doctor;
    if aioice_offers {
        let offer = aioice.line("rtcd1-");
        doctor = Talker::doctor(&net, &path, &[&[offer.as_str()], ours.as_slice()].concat());
        aioice.tell(&doctor.line("rtcd1-"));
    } else {
        doctor = Talker::doctor(&net, &path, &[&["--copy-paste"], ours.as_slice()].concat());
        aioice.tell(&doctor.line("rtcd1-"));
        doctor.tell(&aioice.line("rtcd1-"));
    }
    let theirs = serde_json::from_str(&aioice.line("{")).expect("JSON");
    doctor.child.wait().expect("it ends");
    let report = std::fs::read(&path).expect("a report");
    Outcome { report: serde_json::from_slice(&report).expect("JSON"), theirs }
}

/// To aioice, a relay of its own.
const RELAY: [&str; 5] = ["--turn", "203.0.113.10:3478", "--user", "user:pass", "--relay-only"];

fn answers_directly() {
    // Behind the router the local candidate of a valid pair is the address that the other end sees (RFC 8445 §7.2.5.3.1).
    call(false, &[], &[]).assert_met("controlling", &["srflx"], "host");
}

fn offers_directly() {
    call(true, &[], &[]).assert_met("controlled", &["srflx"], "host");
}

fn answers_through_its_relay() {
    call(false, &RELAY, &[]).assert_met("controlling", &["srflx"], "relay");
}

fn offers_through_its_relay() {
    // aioice nominates whichever of them is the first to work.
    call(true, &RELAY, &[]).assert_met("controlled", &["srflx", "relay"], "relay");
}

fn answers_our_relay() {
    call(false, &[], &["--relay-only"]).assert_met("controlling", &["relay"], "host");
}

fn offers_to_our_relay() {
    call(true, &[], &["--relay-only"]).assert_met("controlled", &["relay"], "host");
}

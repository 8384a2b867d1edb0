//! How long does a call take from the answer's arrival to a nominated pair? (`cargo bench --bench calls`, as root)
//!
//! ```text
//! one ── NAT ── 10 ms ── the internet, with rtc-doctor serve on it ── 10 ms ── NAT ── two
//! ```
//!
//! Two ends behind our own NATs, in namespaces, at a round trip of 40 ms, meet in a room again and again. What is told is
//! the controlling end's time, in milliseconds and in round trips. The goal is two round trips and 50 ms where the path is
//! direct. On the same NATs and line two Chromium 156 took 105 to 330 ms directly and 260 to 570 ms through a relay.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");
const RTT_MS: f64 = 40.0;
const GOAL_MS: f64 = 2.0 * RTT_MS + 50.0;
const CALLS: usize = 20;

/// What is before each end: nothing, or its mapping and filtering.
const KINDS: [(&str, &str); 5] = [
    ("open", ""),
    (
        "EIM-EIF",
        "ipv4 = { mapping = \"endpoint-independent\", filtering = \"endpoint-independent\", public = [\"P\"] }",
    ),
    (
        "EIM-APDF",
        "ipv4 = { mapping = \"endpoint-independent\", filtering = \"address-and-port-dependent\", public = [\"P\"] }",
    ),
    (
        "APDM-APDF",
        "ipv4 = { mapping = \"address-and-port-dependent\", filtering = \"address-and-port-dependent\", public = [\"P\"] }",
    ),
    ("UDP blocked", "firewall = { udp = \"none\" }"),
];

const PAIRS: [(usize, usize); 7] = [(0, 0), (1, 1), (2, 2), (1, 3), (2, 3), (3, 3), (2, 4)];

fn network(one: usize, two: usize) -> String {
    let site = |name: &str, kind: usize, public: &str, host: &str, inside: &str| {
        let device = KINDS[kind].1.replace('P', public);
        // Without a NAT the host has a public address of its own.
        let address = if device.starts_with("ipv4") { inside } else { public };
        format!(
            "[[site]]\nname = \"{name}\"\n{device}\nlink = {{ out = {{ delay_ms = 10 }} }}\n\n\
             [[host]]\nname = \"{host}\"\nin = \"{name}\"\naddresses = [\"{address}\"]\n\n"
        )
    };
    format!(
        "title = \"Two ends and a server\"\n\n{}{}\
         [[host]]\nname = \"server\"\nin = \"internet\"\naddresses = [\"198.51.100.1\", \"198.51.100.2\"]\n\n\
         [[host]]\nname = \"other\"\nin = \"internet\"\naddresses = [\"198.51.100.9\"]\nserves = \"stun-turn\"\n",
        site("first", one, "203.0.113.1", "one", "192.168.1.2"),
        site("second", two, "203.0.113.65", "two", "192.168.2.2"),
    )
}

/// The network of one pair, and the server on it; both end with this.
struct Place {
    network: String,
    up: Child,
    serve: Child,
    room: String,
}

impl Place {
    fn new(folder: &Path, one: usize, two: usize) -> Self {
        let file = folder.join(format!("calls-{one}-{two}.toml"));
        std::fs::write(&file, network(one, two)).expect("a file");
        let network = file.to_string_lossy().into_owned();
        let mut up = Command::new(DOCTOR);
        let mut up =
            up.args(["lab", "up", &network]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("lab up");
        let mut lines = BufReader::new(up.stdout.take().expect("piped")).lines();
        lines.by_ref().map_while(Result::ok).find(|line| line.ends_with("is ready")).expect("it is up");
        // Read on, so that nothing it says blocks it.
        std::thread::spawn(move || lines.count());
        let here = ["--listen", "198.51.100.1", "--listen", "198.51.100.2", "--no-tls", "--relay-for-any-room"];
        // Addresses of documentation are nobody's public ones.
        let peers = ["--allow-peer", "198.51.100.0/24", "--allow-peer", "203.0.113.0/24"];
        let words = [&["serve"], &here[..], &peers, &["--json", "-"]].concat();
        let mut serve = on(&network, "server", &words).spawn().expect("serve");
        let mut line = String::new();
        BufReader::new(serve.stdout.take().expect("piped")).read_line(&mut line).expect("it serves");
        let serving: Value = serde_json::from_str(&line).expect("JSON");
        let room = serving["room"].as_str().expect("a room").to_owned();
        Self { network, up, serve, room }
    }

    /// The times of one call, after which it was nominated, and whether through a relay.
    fn call(&self, number: usize) -> (f64, bool) {
        let (place, id) = self.room.rsplit_once('/').expect("an address");
        let room = format!("{place}/{number:02}{}", &id[2..]);
        let ends = ["one", "two"]
            .map(|host| on(&self.network, host, &["call", &room, "--no-media", "--json", "-"]).spawn().expect("call"));
        let documents = ends.map(|end| {
            let output = end.wait_with_output().expect("it ends");
            serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
        });
        let nominated = documents.iter().flat_map(|document| document["observations"].as_array().expect("a list"));
        let controlling = nominated
            .filter(|observation| observation["end"].is_null())
            .map(|observation| &observation["fact"])
            .find(|fact| fact["kind"] == "nominated" && fact["role"] == "controlling")
            .expect("a pair is nominated");
        let is_relay = ["local", "remote"].iter().any(|end| controlling[end]["type"] == "relay");
        (controlling["after_ms"].as_f64().expect("a number"), is_relay)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.serve.kill();
        let _ = self.serve.wait();
        let _ = Command::new(DOCTOR).args(["lab", "down", &self.network]).output();
        let _ = self.up.kill();
        let _ = self.up.wait();
    }
}

fn on(network: &str, host: &str, words: &[&str]) -> Command {
    let mut command = Command::new(DOCTOR);
    command.args(["lab", "run", network, host, "--", DOCTOR]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "{CALLS} calls a pair, round trip {RTT_MS} ms, from the answer to a nominated pair; goal where direct: {GOAL_MS} ms"
    );
    // Side by side: a call mostly waits.
    let measured: Vec<Vec<(f64, bool)>> = std::thread::scope(|scope| {
        let measuring = PAIRS.map(|(one, two)| {
            let folder = folder.path();
            scope.spawn(move || {
                let place = Place::new(folder, one, two);
                let mut calls: Vec<(f64, bool)> = (0..CALLS).map(|number| place.call(number)).collect();
                calls.sort_by(|a, b| a.0.total_cmp(&b.0));
                calls
            })
        });
        measuring.into_iter().map(|measured| measured.join().expect("it is measured")).collect()
    });
    let mut missed = false;
    for ((one, two), calls) in PAIRS.into_iter().zip(measured) {
        let (median, relayed) = (calls[CALLS / 2].0, calls.iter().filter(|(_, relayed)| *relayed).count());
        let path = match relayed {
            0 => "direct",
            CALLS => "relay",
            _ => "both",
        };
        missed |= relayed == 0 && median > GOAL_MS;
        println!(
            "{:<12} {:<12} {path:<7} median {median:>6.1} ms = {:.1} round trips, {:.1} to {:.1}",
            KINDS[one].0,
            KINDS[two].0,
            median / RTT_MS,
            calls[0].0,
            calls[CALLS - 1].0
        );
    }
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

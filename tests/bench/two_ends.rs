//! Two ends behind our own NATs, in namespaces, at a round trip of 40 ms, and a server between them. (As root)
//!
//! ```text
//! one ── NAT ── 10 ms ── the internet, with rtc-doctor serve on it ── 10 ms ── NAT ── two
//! ```

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");
pub(crate) const RTT_MS: f64 = 40.0;

/// For TURN.
pub(crate) const USER: &str = "bench";
pub(crate) const PASSWORD: &str = "bench";

/// What is before each end: nothing, or its mapping and filtering.
pub(crate) const KINDS: [(&str, &str); 5] = [
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
pub(crate) struct Place {
    pub network: String,
    up: Child,
    serve: Child,
    room: String,
}

impl Place {
    pub(crate) fn new(folder: &Path, one: usize, two: usize) -> Self {
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
        let here = [
            "--listen",
            "198.51.100.1",
            "--listen",
            "198.51.100.2",
            "--no-tls",
            "--relay-for-any-room",
            "--user",
            USER,
        ];
        // Addresses of documentation are nobody's public ones.
        let peers = ["--allow-peer", "198.51.100.0/24", "--allow-peer", "203.0.113.0/24"];
        let words = [&["serve"], &here[..], &peers, &["--json", "-"]].concat();
        let mut serve = on(&network, "server", &words);
        let mut serve = serve.env("RTC_DOCTOR_PASSWORD", PASSWORD).spawn().expect("serve");
        let mut line = String::new();
        BufReader::new(serve.stdout.take().expect("piped")).read_line(&mut line).expect("it serves");
        let serving: Value = serde_json::from_str(&line).expect("JSON");
        let room = serving["room"].as_str().expect("a room").to_owned();
        Self { network, up, serve, room }
    }

    /// What both ends of a call with these words say, in a room of its own.
    pub(crate) fn call(&self, number: usize, words: &[&str]) -> [Value; 2] {
        let (place, id) = self.room.rsplit_once('/').expect("an address");
        let room = format!("{place}/{number:02}{}", &id[2..]);
        let words = [&["call", &room, "--json", "-"], words].concat();
        let ends = ["one", "two"].map(|host| on(&self.network, host, &words).spawn().expect("call"));
        ends.map(|end| {
            let output = end.wait_with_output().expect("it ends");
            serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
        })
    }
}

/// What the controlling end told of the pair that it chose, and the whole of what it said.
pub(crate) fn choice(documents: &[Value; 2]) -> (&Value, &Value) {
    let chosen = |document: &'_ Value| -> Option<usize> {
        document["observations"].as_array()?.iter().position(|it| {
            it["end"].is_null() && it["fact"]["kind"] == "nominated" && it["fact"]["role"] == "controlling"
        })
    };
    let told =
        documents.iter().find_map(|document| Some((&document["observations"][chosen(document)?]["fact"], document)));
    told.expect("a pair is nominated")
}

pub(crate) fn is_relay(choice: &Value) -> bool {
    ["local", "remote"].iter().any(|end| choice[end]["type"] == "relay")
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

pub(crate) fn on(network: &str, host: &str, words: &[&str]) -> Command {
    let mut command = Command::new(DOCTOR);
    command.args(["lab", "run", network, host, "--", DOCTOR]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

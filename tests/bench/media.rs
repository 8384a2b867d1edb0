//! Does a call carry 20 Mbit/s of paced video without loss of its own, on one core? (`cargo bench --bench media`; Linux, with
//! util-linux)
//!
//! Two `rtc-doctor call` in a room on loopback, both on the same core. It prints what each end received once the estimate
//! has risen, its loss, its jitter, and how much of the core it took; it fails where a packet of video was lost, or 20
//! Mbit/s were not reached.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot go on")]

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");
const SECONDS: u32 = 10;
const AIM_BPS: u64 = 20_000_000;
/// Of the aim, counted over whole seconds of whole frames.
const REACHED_BPS: u64 = AIM_BPS / 100 * 97;

fn serve() -> (Child, String) {
    let ports = ["--port", "0", "--http-port", "0", "--no-tls"];
    let mut command = Command::new(DOCTOR);
    command.args(["serve", "--listen", "127.0.0.1", "--json", "-"]).args(ports);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it serves");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let said: Value = serde_json::from_str(&line).expect("JSON");
    (child, said["room"].as_str().expect("a room").to_owned())
}

/// On the first core; the shell tells in the end how much of it the call took.
fn call(room: &str) -> Child {
    let words = format!(
        "taskset -c 0 {DOCTOR} call {room} --host-only --duration {SECONDS} --video {} --json -; times >&2",
        AIM_BPS / 1000
    );
    let mut command = Command::new("sh");
    command.args(["-c", &words]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("a shell")
}

/// Seconds of a line of the shell's `times`: user and system.
fn seconds(line: &str) -> f64 {
    let parts = line.split_whitespace().map(|part| {
        let (minutes, seconds) = part.trim_end_matches('s').split_once('m').expect("minutes");
        minutes.parse::<f64>().expect("a number") * 60.0 + seconds.parse::<f64>().expect("a number")
    });
    parts.sum()
}

fn main() -> ExitCode {
    let (mut server, room) = serve();
    let ends = [call(&room), call(&room)];
    let mut failed = false;
    for (number, end) in ends.into_iter().enumerate() {
        let output = end.wait_with_output().expect("it ends");
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let said = String::from_utf8_lossy(&output.stderr);
        let took = seconds(said.lines().last().expect("the times"));
        let call = &document["call"];
        let video = &call["media"]["video"];
        let series = call["series"].as_array().expect("a series");
        let mut received: Vec<u64> = series.iter().filter_map(|second| second["received_bps"].as_u64()).collect();
        let whole: Vec<String> = received.iter().map(|bps| format!("{:.1}", *bps as f64 / 1e6)).collect();
        received.sort_unstable();
        let reached = received[received.len() * 3 / 4];
        let lost = [&video["lost"], &call["media"]["audio"]["lost"]].map(|lost| lost.as_u64().expect("a number"));
        failed |= lost != [0, 0] || reached < REACHED_BPS;
        println!(
            "end {number}: {}, received {:.1} Mbit/s, lost {} of {} packets of video and {} of speech, jitter of speech {} ms, longest pause {} ms, {:.0} % of a core",
            call["outcome"].as_str().expect("an outcome"),
            reached as f64 / 1e6,
            lost[0],
            video["received_packets"],
            lost[1],
            call["media"]["audio"]["jitter_ms"],
            call["media"]["audio"]["longest_stall_ms"],
            took / f64::from(SECONDS) * 100.0,
        );
        println!("       by second: {}", whole.join(" "));
    }
    server.kill().expect("it is there");
    server.wait().expect("it ends");
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

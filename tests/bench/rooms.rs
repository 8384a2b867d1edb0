//! What do a thousand rooms cost `rtc-doctor serve`? `cargo bench --bench rooms` prints its resident memory with nobody in
//! it, and with 1,000 rooms of two ends on WebSockets, for each of whom a description of 4 KiB waits. (Linux)

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints, and ends where it cannot go on")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};

const ROOMS: u32 = 1000;
const TOKENS: [&str; 2] = ["AAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAA"];

fn main() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    command.args(["serve", "--json", "-", "--listen", "127.0.0.1"]);
    command.args(["--port", "0", "--tls-port", "0", "--http-port", "0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("rtc-doctor runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let said: serde_json::Value = serde_json::from_str(&line).expect("a document");
    let room = said["room"].as_str().expect("a room");
    let at = room.trim_start_matches("http://").split('/').next().expect("an address");
    let empty = resident_kib(child.id());
    let message = "x".repeat(4096);
    let mut ends = Vec::new();
    for number in 0..ROOMS {
        let room = format!("{number:022}");
        for token in TOKENS {
            // As a proxy on this machine would say it: sixty joins a minute are all that one source may make.
            let source = Ipv4Addr::from(0x0a00_0000 + number * 2);
            let more = format!("x-forwarded-for: {source}\r\n");
            assert!(post(at, &format!("/r/{room}"), token, &more, r#"{"version":1}"#).starts_with("HTTP/1.1 200"));
        }
        for token in TOKENS {
            assert!(post(at, &format!("/r/{room}/say?number=1"), token, "", &message).starts_with("HTTP/1.1 200"));
        }
        for token in TOKENS {
            ends.push(socket(at, &room, token));
        }
    }
    let full = resident_kib(child.id());
    // All of them are still there.
    let first = post(at, &format!("/r/{:022}/say?number=2", 0), TOKENS[0], "", "here");
    assert!(first.starts_with("HTTP/1.1 200"), "{first}");
    println!("resident, nobody in a room: {:.1} MB", empty as f64 / 1000.0);
    println!("resident, {ROOMS} rooms with {} WebSockets: {:.1} MB", ends.len(), full as f64 / 1000.0);
    child.kill().expect("it is there");
    child.wait().expect("it ends");
}

fn post(at: &str, path: &str, token: &str, more: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(at).expect("connected");
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {at}\r\nauthorization: Bearer {token}\r\n{more}connection: close\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// A WebSocket (RFC 6455) that has taken its seat and was told of the other end.
fn socket(at: &str, room: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).expect("connected");
    let upgrade = format!(
        "GET /r/{room}/ws HTTP/1.1\r\nhost: {at}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).expect("written");
    let take = format!(r#"{{"take":{{"token":"{token}","after":0}}}}"#);
    let length = u8::try_from(take.len()).expect("short");
    stream.write_all(&[&[0x81, 0x80 | length, 0, 0, 0, 0], take.as_bytes()].concat()).expect("written");
    let mut answer = vec![0; 512];
    stream.read_exact(&mut answer).expect("an answer");
    assert!(String::from_utf8_lossy(&answer).contains("peer-joined"));
    stream
}

fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("procfs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a resident set");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

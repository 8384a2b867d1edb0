//! `rtc-doctor serve` as people run it, on loopback: what it says it serves is there, and strangers do not bring it down.

#[cfg(target_os = "linux")]
mod floods;
mod fresh;
mod renewed;

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");
/// Far longer than anything here takes; only a broken test gets there.
const PATIENCE: Duration = Duration::from_secs(20);
/// A second is what it may take, and half of one what a busy machine may add.
const END: Duration = Duration::from_millis(1500);

struct Served {
    child: Child,
    /// What it says of itself.
    said: Value,
    folder: tempfile::TempDir,
}

impl Served {
    fn with(words: &[&str]) -> Self {
        let any = ["serve", "--json", "-", "--port", "0", "--tls-port", "0", "--http-port", "0"];
        let mut command = Command::new(DOCTOR);
        command.args(any).args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("rtc-doctor runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        stdout.read_line(&mut line).expect("a pipe can be read");
        let said = serde_json::from_str(&line).expect("a document on one line");
        Self { child, said, folder: tempfile::tempdir().expect("a folder") }
    }

    fn socket(&self, protocol: &str) -> SocketAddr {
        let sockets = self.said["sockets"].as_array().expect("a list");
        let socket = sockets.iter().find(|socket| socket["protocol"] == protocol).expect("is there");
        socket["address"].as_str().and_then(|address| address.parse().ok()).expect("an address")
    }

    fn room(&self) -> &str {
        self.said["room"].as_str().expect("a room")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file of the test's own");
        path.to_string_lossy().into_owned()
    }

    /// An HTTP request on a connection of its own; the answer with its head.
    fn http(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.socket("http")).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.write_all(request.as_bytes()).expect("written");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Takes a seat; the answer's body.
    fn join(&self, room: &str, token: &str) -> Value {
        let path = room.find("/r/").map(|at| &room[at..]).expect("a room's address");
        let (at, body) = (self.socket("http"), r#"{"version":1}"#);
        let answer = self.http(&format!(
            "POST {path} HTTP/1.1\r\nhost: {at}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").expect("a body").1).expect("JSON")
    }

    /// A check of all that it serves: its document.
    fn checked(&self) -> Value {
        let mut servers = self.said["iceServers"].clone();
        let uris = self.said["uris"].as_array().expect("a list").iter();
        let turns: Vec<Value> = uris.filter(|uri| uri.to_string().contains("turns:")).cloned().collect();
        assert!(!turns.is_empty());
        servers[1]["urls"].as_array_mut().expect("a list").extend(turns);
        let servers = self.file("servers.json", &servers.to_string());
        let own = self.file("own.pem", self.said["certificate"]["pem"].as_str().expect("its own certificate"));
        let output = doctor(&["check", "--ice-servers", &servers, "--ca", &own, "--json", "-"]);
        serde_json::from_slice(&output.stdout).expect("a document")
    }

    /// Asked to end, it does in time; its exit code and all it said to people.
    fn end(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let (ends, ended) = std::sync::mpsc::channel();
        let (code, people) = std::thread::scope(|scope| {
            let child = &mut self.child;
            scope.spawn(move || {
                let mut people = String::new();
                child.stderr.take().expect("piped").read_to_string(&mut people).expect("text");
                let _ = ends.send((child.wait().expect("it ends").code(), people));
            });
            let killed = Command::new("kill").args(["-TERM", &pid]).status().expect("kill is there");
            assert!(killed.success());
            ended.recv_timeout(END).unwrap_or_else(|_| {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
                panic!("it did not end within {END:?}")
            })
        });
        (code, people)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection from another of this machine's loopback addresses: another source.
fn connect_from(source: &str, to: SocketAddr) -> Option<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).ok()?;
    socket.bind(&SocketAddr::new(source.parse().expect("an address"), 0).into()).expect("an address of this machine");
    socket.connect_timeout(&to.into(), PATIENCE).ok()?;
    Some(socket.into())
}

fn doctor(words: &[&str]) -> Output {
    Command::new(DOCTOR).args(words).stdin(Stdio::null()).output().expect("rtc-doctor runs")
}

fn urls(server: &Value) -> Vec<&str> {
    server["urls"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn what_is_said_to_be_served_is_there_for_a_check_over_udp_tcp_and_tls() {
    let served = Served::with(&[]);
    let document = served.checked();
    for server in document["servers"].as_array().expect("servers") {
        assert_eq!(server["error"], Value::Null, "{server:#}");
    }
    let candidates = document["candidates"].as_array().expect("candidates");
    for protocol in ["udp", "tcp", "tls"] {
        assert!(candidates.iter().any(|candidate| candidate["relay_protocol"] == protocol), "{protocol}");
    }
    if cfg!(target_os = "linux") {
        assert_eq!(served.said["rfc5780"], json!(true));
        assert_eq!(document["nat"]["ipv4"]["filtering"]["value"], "endpoint-independent", "RFC 5780 is obeyed");
    }
}

#[test]
fn who_enters_the_room_that_is_shown_gets_credentials_and_who_makes_one_up_gets_stun() {
    let served = Served::with(&[]);
    let token = "AAAAAAAAAAAAAAAAAAAAAA";
    let shown = served.join(served.room(), token)["ice_servers"].clone();
    assert_eq!(urls(&shown[0]), urls(&served.said["iceServers"][0]));
    assert_eq!(urls(&shown[1]), urls(&served.said["iceServers"][1]));
    assert_ne!(shown[1]["credential"], served.said["iceServers"][1]["credential"], "each has its own");
    let (place, _) = served.room().rsplit_once('/').expect("an address");
    let made_up = served.join(&format!("{place}/0123456789abcdefABCD-_"), token)["ice_servers"].clone();
    assert_eq!(made_up, json!([{ "urls": urls(&shown[0]) }]));

    let generous = Served::with(&["--relay-for-any-room"]);
    let (place, _) = generous.room().rsplit_once('/').expect("an address");
    let made_up = generous.join(&format!("{place}/0123456789abcdefABCD-_"), token);
    assert!(made_up["ice_servers"][1]["credential"].is_string());
}

#[test]
fn it_ends_within_a_second_also_with_ends_in_a_room_and_connections_open() {
    let served = Served::with(&[]);
    let at = served.socket("http");
    let mut held = Vec::new();
    for socket in ["http", "tcp", "tls"] {
        held.push(TcpStream::connect(served.socket(socket)).expect("connected"));
    }
    served.join(served.room(), "AAAAAAAAAAAAAAAAAAAAAA");
    let path = served.room().find("/r/").map(|at| &served.room()[at..]).expect("an address");
    let mut events = TcpStream::connect(at).expect("connected");
    let request = format!(
        "GET {path}/events?after=0 HTTP/1.1\r\nhost: {at}\r\nauthorization: Bearer AAAAAAAAAAAAAAAAAAAAAA\r\n\r\n"
    );
    events.write_all(request.as_bytes()).expect("written");
    let mut head = [0; 15];
    events.read_exact(&mut head).expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let (code, people) = served.end();
    assert_eq!(code, Some(0), "{people}");
}

#[test]
fn people_are_told_that_it_is_a_test_server_and_how_to_meet_in_its_room() {
    let served = Served::with(&[]);
    let room = served.room().to_owned();
    let credential = served.said["iceServers"][1]["credential"].as_str().expect("one").to_owned();
    let (_, people) = served.end();
    assert!(people.starts_with("A test server"), "{people}");
    assert!(people.contains(&format!("rtc-doctor call {room}")), "{people}");
    assert!(people.contains(&format!("\"credential\":\"{credential}\"")), "ready to be copied: {people}");
}

#[test]
fn a_port_in_use_is_named_with_what_to_do_and_who_has_it() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let output = doctor(&["serve", "--port", &port, "--tls-port", "0", "--http-port", "0"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("127.0.0.1:{port} (UDP)")) && said.contains("--port 0"), "{said}");
    if cfg!(target_os = "linux") {
        assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
    }
    let listening = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listening.local_addr().expect("bound").port().to_string();
    let output = doctor(&["serve", "--port", "0", "--tls-port", "0", "--http-port", &port]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&format!("127.0.0.1:{port} (HTTP)")) && said.contains("--http-port 0"), "{said}");
}

#[test]
fn what_cannot_be_served_is_told_before_anything_is() {
    for (words, why) in [
        (&["--listen", "no-such-interface0"][..], "--listen no-such-interface0"),
        (&["--public-address", "203.0.113.5"], "--listen"),
        (&["--user", "alice"], "RTC_DOCTOR_PASSWORD"),
        (&["--allow-peer", "everybody"], "--allow-peer"),
        (&["--relay-ports", "9-1"], "--relay-ports"),
        (&["--cert", "/nowhere.pem"], "--key"),
        (&["--cert", "/nowhere.pem", "--key", "/nowhere.pem"], "--cert /nowhere.pem"),
        (&["--name", "two words"], "--name"),
    ] {
        let output = doctor(&[&["serve"], words].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{words:?}: {said}");
        assert!(said.contains(why), "{words:?}: {said}");
    }
}

#[test]
fn secrets_that_are_handed_in_come_out_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file of the test's own");
        path.to_string_lossy().into_owned()
    };
    let (password, secret) = (file("password", "canary-word\n"), file("secret", "canary-secret\n"));
    let served = Served::with(&["--user", "alice", "--password-file", &password, "--turn-secret-file", &secret]);
    let document = served.said.to_string();
    let (code, people) = served.end();
    assert_eq!(code, Some(0));
    assert!(!format!("{document} {people}").contains("canary"), "{document} {people}");
    assert!(people.contains("chmod 600"), "{people}");
}

#[test]
fn a_user_and_what_others_make_from_the_shared_secret_are_let_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file of the test's own");
        path.to_string_lossy().into_owned()
    };
    let (password, secret) = (file("password", "word\n"), file("secret", "shared\n"));
    let served = Served::with(&["--user", "alice", "--password-file", &password, "--turn-secret-file", &secret]);
    let uri = format!("turn:{}?transport=udp", served.socket("udp"));
    for credentials in [&["--user", "alice", "--password-file", &password][..], &["--turn-secret-file", &secret]] {
        let output = doctor(&[&["check", "--json", "-", &uri], credentials].concat());
        let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
        assert_eq!(document["servers"][0]["error"], Value::Null, "{credentials:?}: {document:#}");
    }
}

#[test]
fn behind_a_nat_everything_is_called_by_its_public_address() {
    let words = ["--listen", "127.0.0.1", "--public-address", "203.0.113.5", "--allow-peer", "127.0.0.0/8"];
    let served = Served::with(&words);
    let uris: Vec<&str> = served.said["uris"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(uris.iter().all(|uri| uri.contains(":203.0.113.5:")), "{uris:?}");
    assert!(served.room().starts_with("http://203.0.113.5:"));
    let servers = json!([{
        "urls": format!("turn:{}?transport=udp", served.socket("udp")),
        "username": served.said["iceServers"][1]["username"],
        "credential": served.said["iceServers"][1]["credential"],
    }]);
    let output = doctor(&["check", "--json", "-", "--ice-servers", &served.file("servers.json", &servers.to_string())]);
    let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
    let candidates = document["candidates"].as_array().expect("candidates");
    let relay = candidates.iter().find(|candidate| candidate["type"] == "relay").expect("a relayed candidate");
    assert_eq!(relay["address"], "203.0.113.5");
}

#[test]
fn floods_and_strangers_do_not_keep_it_from_serving() {
    let served = Served::with(&[]);
    let [udp, tcp, tls, http] = ["udp", "tcp", "tls", "http"].map(|protocol| served.socket(protocol));
    let stranger = UdpSocket::bind("127.0.0.1:0").expect("a port");
    stranger.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
    // Allocate requests without credentials (RFC 8656 §7.1): each is challenged at most, and junk is not answered.
    let mut answers = 0;
    for number in 0..2000_u32 {
        let id = number.to_be_bytes();
        let head = [0x00, 0x03, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 9, 9, 9, 9, 9, 9, 9, 9];
        let transport = [0x00, 0x19, 0x00, 0x04, 17, 0, 0, 0];
        stranger.send_to(&[&head[..], &id, &transport].concat(), udp).expect("sent");
        stranger.send_to(b"\xffjunk that is no STUN", udp).expect("sent");
    }
    let mut answer = [0; 1500];
    const HEADERS: usize = 28;
    const REQUEST: usize = 28 + HEADERS;
    while let Ok(bytes) = stranger.recv(&mut answer) {
        answers += 1;
        assert!((bytes + HEADERS) * 2 <= REQUEST * 3, "{bytes} bytes for 28");
    }
    assert!((1..=2000).contains(&answers), "{answers} answers to 2000 requests");
    // More streams than one source may have, handshakes that never begin, messages of which a byte comes now and then, and
    // requests that never end.
    let silent: Vec<_> = (0..400).filter_map(|_| connect_from("127.0.0.2", tls)).collect();
    let mut dripping: Vec<_> = (0..300).filter_map(|n| connect_from(["127.0.0.3", "127.0.0.4"][n % 2], tcp)).collect();
    for stream in &mut dripping {
        let _ = stream.write_all(&[0x00, 0x03, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42]);
    }
    let mut slow: Vec<_> = (0..300).filter_map(|_| connect_from("127.0.0.5", http)).collect();
    for stream in &mut slow {
        let _ = stream.write_all(b"GET /r/0123456789abcdefABCD-_ HTT");
    }
    let other = served.http(&format!(
        "GET {} HTTP/1.1\r\nhost: {http}\r\norigin: https://evil.example\r\nconnection: close\r\n\r\n",
        &served.room()[served.room().find("/r/").expect("a path")..]
    ));
    assert!(other.starts_with("HTTP/1.1 403"), "{other}");
    let document = served.checked();
    let relayed = document["servers"].as_array().expect("servers").iter();
    let relayed: Vec<&Value> =
        relayed.filter(|server| server["uri"].as_str().is_some_and(|uri| uri.starts_with("turn"))).collect();
    assert!(relayed.len() > 2, "over UDP, TCP and TLS: {document:#}");
    for server in relayed {
        assert_eq!(server["error"], Value::Null, "{server:#}");
    }
    drop((silent, dripping, slow));
    assert_eq!(served.end().0, Some(0));
}

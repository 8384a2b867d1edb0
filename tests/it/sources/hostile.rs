//! Sources that mean harm, and such as never come to an end: each is told in one line, in time and within bounds.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio_tungstenite::tungstenite;

/// How long a source is waited for, and what a busy machine may need beside that.
const LIMIT_S: u32 = 5 + 25;

/// More of the address space than the program needs, and far less than what it is sent.
const ADDRESS_SPACE_KIB: u32 = 800_000;

/// Serves every connection by this, and counts them.
pub(crate) fn serving(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let (answer, count) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            counted.fetch_add(1, Ordering::Relaxed);
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || answer(stream));
        }
    });
    (port, count)
}

/// What is asked, up to the end of its head.
pub(crate) fn read_head(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
        seen.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&seen).into_owned();
    // A connection that is closed with something unread is cut, and with it the answer.
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok()).unwrap_or(0);
    let _ = stream.read_exact(&mut vec![0; length]);
    head
}

/// Comes back a while later. Nobody ever says anything.
fn pause() {
    let (_kept, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(Duration::from_millis(20));
}

/// A head, then this over and over until the other end has had enough.
fn http(head: &'static str, over_and_over: Vec<u8>, times: usize, slowly: bool) -> impl Fn(TcpStream) + Send + Sync {
    move |mut stream| {
        read_head(&mut stream);
        let mut sent = stream.write_all(head.as_bytes()).is_ok();
        for _ in 0..times {
            if !sent {
                return;
            }
            sent = stream.write_all(&over_and_over).is_ok();
            if slowly {
                pause();
            }
        }
    }
}

/// Over a WebSocket, this again and again until it says that it is over.
fn socket(
    talk: impl Fn(&mut tungstenite::WebSocket<TcpStream>) -> bool + Send + Sync,
) -> impl Fn(TcpStream) + Send + Sync {
    move |stream| {
        if let Ok(mut socket) = tungstenite::accept(stream) {
            while talk(&mut socket) {}
        }
    }
}

/// What `lint` says of a source that is shown a secret, held to one finding, to the time and to the memory.
fn told(source: &str) -> String {
    let lint = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec timeout {LIMIT_S} \"$0\" lint \"$1\" --lang en");
    let mut command = Command::new("sh");
    command.args(["-c", &lint, env!("CARGO_BIN_EXE_rtc-doctor"), source]);
    command.env("RTC_DOCTOR_ICE_SECRET", "canary-secret").stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), said.matches("[source-").count()), (Some(2), 1), "{source}: {said}");
    assert!(!said.contains("canary"), "{said}");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// So many that their end is never seen: what is more than a client buffers has to be refused for its size.
const HEADERS: usize = 100_000;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";

#[test]
fn answers_without_end_or_measure_are_told_in_one_line() {
    let mebibyte = vec![b'['; 1 << 20];
    let server = br#"{"urls":"turn:h.example","username":"u","credential":"c"},"#.repeat(10_000);
    for (answer, expected) in [
        (http(OK, mebibyte.clone(), 1024, false), "larger than 1048576 bytes"),
        (http(OK, vec![b'['; 100_000], 1, false), "no JSON"),
        (http("HTTP/1.1 200 OK\r\n\r\n[", server, 100, false), "larger than 1048576 bytes"),
        (http("HTTP/1.1 200 OK\r\n", b"link: <stun:h>; rel=ice-server\r\n".to_vec(), HEADERS, false), "not HTTP"),
        (http("HTTP/1.1 200 OK\r\n", mebibyte, 1024, false), "not HTTP"),
        (http("HTTP/1.1 200 OK\r\n\r\n", b" ".to_vec(), 10_000, true), "in time"),
        (http("H", b"".to_vec(), 10_000, true), "in time"),
    ] {
        let (port, _) = serving(answer);
        let said = told(&format!("http://127.0.0.1:{port}/ice"));
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn redirects_go_in_no_circles_and_to_nobody_else() {
    let (other, others) = serving(http(OK, b"[]".to_vec(), 1, false));
    let (port, asked) = serving(http(
        "HTTP/1.1 302 Found\r\nlocation: /ice\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        Vec::new(),
        0,
        false,
    ));
    assert!(told(&format!("http://127.0.0.1:{port}/ice")).contains("[source-redirects]"));
    assert!(asked.load(Ordering::Relaxed) <= 4, "{asked:?}");
    let (port, _) = serving(move |mut stream| {
        read_head(&mut stream);
        let _ = write!(stream, "HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:{other}/ice\r\ncontent-length: 0\r\n\r\n");
    });
    assert!(told(&format!("http://127.0.0.1:{port}/ice")).contains("[source-redirects]"));
    assert_eq!(others.load(Ordering::Relaxed), 0, "nothing is sent to another port");
}

#[test]
fn links_are_read_from_as_many_headers_as_an_answer_has() {
    let (port, _) =
        serving(http("HTTP/1.1 204 No\r\n", b"link: <stun:h>; rel=ice-server\r\n".to_vec(), HEADERS, false));
    assert!(told(&format!("whep:http://127.0.0.1:{port}/whep")).contains("not HTTP"));
}

#[test]
fn a_websocket_or_a_stream_of_events_that_never_says_anything_is_left() {
    let (silent, _) = serving(socket(|socket| socket.read().is_ok()));
    assert!(told(&format!("ws://127.0.0.1:{silent}/")).contains("(messages: 0)"));
    let (closed, _) = serving(socket(|socket| {
        let frame = tungstenite::protocol::CloseFrame { code: 4401.into(), reason: "canary".into() };
        let _ = socket.close(Some(frame));
        false
    }));
    let said = told(&format!("ws://127.0.0.1:{closed}/"));
    assert!(said.contains("[source-rejected-secret]") && said.contains("4401"), "{said}");
    let (chatter, _) = serving(socket(|socket| socket.send("{}".into()).is_ok()));
    assert!(told(&format!("ws://127.0.0.1:{chatter}/")).contains("(messages: 64)"));
    let (large, _) = serving(socket(|socket| socket.send("x".repeat(2 << 20).into()).is_ok()));
    assert!(told(&format!("ws://127.0.0.1:{large}/")).contains("larger than"));
    let events = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let (comments, _) = serving(http(events, b": still here\n".to_vec(), 1_000_000, true));
    assert!(told(&format!("sse:http://127.0.0.1:{comments}/")).contains("in time"));
    let (endless, _) = serving(http(events, b"data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".to_vec(), 1_000_000, false));
    assert!(told(&format!("sse:http://127.0.0.1:{endless}/")).contains("larger than"));
}

#[test]
fn provisional_answers_and_pings_without_end_keep_nobody() {
    let early = "HTTP/1.1 103 Early Hints\r\n\r\n";
    let (hints, _) = serving(http(early, early.repeat(10_000).into_bytes(), usize::MAX, false));
    assert!(told(&format!("http://127.0.0.1:{hints}/ice")).contains("larger than"));
    // It never reads what it is answered.
    let (pings, _) = serving(socket(|socket| socket.send(tungstenite::Message::Ping(vec![0; 125].into())).is_ok()));
    assert!(told(&format!("ws://127.0.0.1:{pings}/")).contains("[source-"));
}

#[test]
fn xml_that_defines_its_own_entities_is_not_read() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><stream:stream>&b;";
    let (tcp, _) = serving(move |mut stream| {
        let _ = stream.write_all(bomb.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let deep = "<a>".repeat(100_000);
    let (nested, _) = serving(move |mut stream| {
        let _ = stream.write_all(deep.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let (bosh, _) = serving(http(
        "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n",
        bomb.replace("stream:stream", "body").into_bytes(),
        1,
        false,
    ));
    for via in
        [format!("xmpp://127.0.0.1:{tcp}"), format!("xmpp://127.0.0.1:{nested}"), format!("http://127.0.0.1:{bosh}/")]
    {
        let said = told(&format!("xmpp:xmpp.test?via={via}"));
        assert!(said.contains("[source-not-this]"), "{via}: {said}");
    }
}

//! What strangers may do to the server, in plain HTTP on loopback.

use super::*;
use crate::machine::Shares;
use crate::os::Options;
use crate::os::task::Task;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ROOM: &str = "0123456789abcdefABCD-_";
const TOKENS: [&str; 3] = ["AAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAA", "AgAAAAAAAAAAAAAAAAAAAA"];

struct Place {
    at: SocketAddr,
    server: RoomServer,
    _serving: Task,
}

impl Place {
    async fn open(config: Config) -> Self {
        let world = OsWorld::new(Options::default()).expect("good options");
        let listening = world.listen(SocketAddr::from(([127, 0, 0, 1], 0)), false).expect("a listener");
        let (at, server) = (listening.local(), RoomServer::new(config));
        let serving = {
            let server = server.clone();
            Task::spawn(async move { server.serve(listening, std::future::pending()).await })
        };
        Self { at, server, _serving: serving }
    }

    /// Everything that comes back until the server closes; `bytes` ask it to.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.at).await.expect("connected");
        // What it refuses it may close before all was sent.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn ask(&self, request: &str, headers: &str, body: &str) -> (u16, String) {
        let (length, at) = (body.len(), self.at);
        let head = format!("{request} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\ncontent-length: {length}\r\n");
        let answer = self.raw(format!("{head}{headers}\r\n{body}").as_bytes()).await;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
    }

    async fn join(&self, room: &str, token: &str, more: &str) -> (u16, String) {
        let headers = format!("authorization: Bearer {token}\r\n{more}");
        self.ask(&format!("POST /r/{room}"), &headers, r#"{"version":1}"#).await
    }
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

#[tokio::test]
async fn two_join_and_a_third_is_told_that_the_room_is_full() {
    let place = Place::open(Config::default()).await;
    let (status, first) = place.join(ROOM, TOKENS[0], "").await;
    assert_eq!((status, first.contains(r#""seat":"first""#)), (200, true), "{first}");
    let (status, again) = place.join(ROOM, TOKENS[0], "").await;
    assert_eq!((status, again), (200, first), "whose answer was lost asks again");
    assert!(place.join(ROOM, TOKENS[1], "").await.1.contains(r#""seat":"second""#));
    let (status, why) = place.join(ROOM, TOKENS[2], "").await;
    assert_eq!((status, why.contains("the room is full")), (409, true), "{why}");
}

#[tokio::test]
async fn an_end_of_another_version_is_refused_in_words() {
    let place = Place::open(Config::default()).await;
    let body = r#"{"version":2,"whatever":"comes then"}"#;
    let (status, why) = place.ask(&format!("POST /r/{ROOM}"), &bearer(TOKENS[0]), body).await;
    assert_eq!((status, why.contains("different versions")), (400, true), "{why}");
    assert_eq!(place.server.rooms(), 0);
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_nothing_is_held() {
    let place = Place::open(Config::default()).await;
    place.join(ROOM, TOKENS[0], "").await;
    let large = "x".repeat(Config::default().limits.message_bytes + 1);
    let say = format!("POST /r/{ROOM}/say?number=1");
    assert_eq!(place.ask(&say, &bearer(TOKENS[0]), &large).await.0, 413);
    assert_eq!(place.ask(&say, &bearer(TOKENS[0]), &large[1..]).await.0, 200, "just as large as may be");
    let tag = format!("POST /r/{ROOM}/echo");
    assert_eq!(place.ask(&tag, &bearer(TOKENS[0]), &"x".repeat(65)).await.0, 413);
}

#[tokio::test]
async fn joins_are_counted_by_source_also_behind_a_proxy_on_this_machine() {
    let mut config = Config::default();
    config.limits.joins_per_minute = 2;
    let place = Place::open(config).await;
    let from = |source: &str| format!("x-forwarded-for: 192.0.2.9, {source}\r\n");
    for token in &TOKENS[..2] {
        assert_eq!(place.join(ROOM, token, &from("198.51.100.1")).await.0, 200);
    }
    assert_eq!(place.join(&ROOM.replace('0', "1"), TOKENS[2], &from("198.51.100.1")).await.0, 429);
    assert_eq!(place.join(&ROOM.replace('0', "1"), TOKENS[2], &from("198.51.100.2")).await.0, 200);
}

#[tokio::test]
async fn rooms_beyond_the_most_are_refused_and_those_that_are_there_stay() {
    let mut config = Config::default();
    config.limits.rooms.all = 1;
    let place = Place::open(config).await;
    place.join(ROOM, TOKENS[0], "").await;
    assert_eq!(place.join(&ROOM.replace('0', "1"), TOKENS[1], "").await.0, 503);
    assert_eq!(place.join(ROOM, TOKENS[1], "").await.0, 200);
}

#[tokio::test]
async fn messages_beyond_the_pace_and_beyond_what_may_wait_are_refused() {
    let mut config = Config::default();
    (config.limits.burst, config.limits.messages_per_second) = (2, 1);
    (config.limits.waiting_bytes, config.limits.waiting_messages) = (600, 3);
    let place = Place::open(config).await;
    place.join(ROOM, TOKENS[0], "").await;
    let say = async |number: u32, message: &str| {
        let (status, why) =
            place.ask(&format!("POST /r/{ROOM}/say?number={number}"), &bearer(TOKENS[0]), message).await;
        (status, why.split('"').nth(3).unwrap_or_default().to_owned())
    };
    assert_eq!(say(1, &"x".repeat(200)).await.0, 200);
    assert_eq!(say(2, &"y".repeat(200)).await, (429, "too-much-waiting".to_owned()));
    assert_eq!(say(2, "1234").await.0, 200);
    assert_eq!(say(3, "").await, (429, "too-fast".to_owned()));
    assert_eq!(say(2, "1234").await.0, 200, "what was taken may be said again");
    assert_eq!(say(9, "").await.0, 409, "one that is missing between is noticed");
}

#[tokio::test]
async fn a_slot_is_for_its_participant_only() {
    let place = Place::open(Config::default()).await;
    place.join(ROOM, TOKENS[0], "").await;
    for path in ["say?number=1", "stay?heard=0", "echo", "leave"] {
        let path = format!("POST /r/{ROOM}/{path}");
        assert_eq!(place.ask(&path, &bearer(TOKENS[1]), "x").await.0, 410, "{path}");
        assert_eq!(place.ask(&path, "", "x").await.0, 400, "{path}");
        assert_eq!(place.ask(&path, &bearer("short"), "x").await.0, 400, "{path}");
    }
    assert_eq!(place.ask(&format!("GET /r/{ROOM}/poll?after=0&heard=0"), &bearer(TOKENS[1]), "").await.0, 410);
    assert_eq!(place.ask(&format!("GET /r/{ROOM}/events?after=0"), &bearer(TOKENS[1]), "").await.0, 410);
}

#[tokio::test]
async fn pages_of_other_sites_may_not_ask_and_a_page_of_this_one_may() {
    let place = Place::open(Config::default()).await;
    let of = |site: &str| format!("origin: {site}\r\n");
    for site in ["https://evil.example", "null", &format!("http://evil.{}", place.at)] {
        assert_eq!(place.join(ROOM, TOKENS[0], &of(site)).await.0, 403, "{site}");
        let upgrade = format!(
            "GET /r/{ROOM}/ws HTTP/1.1\r\nhost: {}\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{}\r\n",
            place.at,
            of(site)
        );
        assert!(place.raw(upgrade.as_bytes()).await.starts_with("HTTP/1.1 403"), "{site}");
    }
    assert_eq!(place.join(ROOM, TOKENS[0], &of(&format!("http://{}", place.at))).await.0, 200);
    let answer =
        place.raw(format!("OPTIONS /r/{ROOM} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes()).await;
    assert!(!answer.to_ascii_lowercase().contains("access-control"), "{answer}");
}

#[tokio::test]
async fn a_page_under_a_name_that_is_not_this_servers_may_not_ask() {
    let place = Place::open(Config { names: vec!["rtc.example".to_owned()], ..Config::default() }).await;
    let answered = async |host: &str, origin: &str| {
        let body = r#"{"version":1}"#;
        let (token, length) = (bearer(TOKENS[0]), body.len());
        let head = format!("POST /r/{ROOM} HTTP/1.1\r\nhost: {host}\r\n{origin}connection: close\r\n{token}");
        let answer = place.raw(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes()).await;
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    for (host, expected) in [
        ("evil.example", "403"),
        ("rtc.example.evil.example:8478", "403"),
        ("rtc.example", "200"),
        ("RTC.example:8478", "200"),
        ("localhost:8478", "200"),
        ("192.0.2.1", "200"),
        ("[2001:db8::1]:8478", "200"),
    ] {
        assert_eq!(answered(host, &format!("origin: https://{host}\r\n")).await, expected, "{host}");
    }
    assert_eq!(answered("evil.example", "").await, "200", "no page at all, under whatever name it found the server");
}

#[tokio::test]
async fn a_request_names_its_host_just_once() {
    let place = Place::open(Config::default()).await;
    for hosts in ["", "host:\r\n", "host: a\r\nhost: b\r\n"] {
        let answer = place.raw(format!("GET /r/{ROOM} HTTP/1.1\r\nconnection: close\r\n{hosts}\r\n").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn who_opens_the_address_is_told_what_to_do_and_a_browser_gets_the_page() {
    let place = Place::open(Config::default()).await;
    for path in ["/".to_owned(), format!("/r/{ROOM}")] {
        let (status, hint) = place.ask(&format!("GET {path}"), "accept: */*\r\n", "").await;
        assert_eq!((status, hint.contains("rtc-doctor call")), (200, true), "{hint}");
        let accept = "accept: application/xml;q=0.9, TEXT/HTML;q=0.8\r\n";
        let (status, page) = place.ask(&format!("GET {path}"), accept, "").await;
        assert!(status == 200 && page.starts_with("<!doctype html>"), "{page}");
        assert!(!page.contains(ROOM) && !hint.contains(ROOM), "it says nothing back that came from the request");
    }
}

#[tokio::test]
async fn the_page_may_run_its_own_script_and_ask_its_own_server_and_nothing_else() {
    let place = Place::open(Config::default()).await;
    let request = format!("GET /r/{ROOM} HTTP/1.1\r\nhost: a\r\naccept: text/html\r\nconnection: close\r\n\r\n");
    let answer = place.raw(request.as_bytes()).await;
    let (head, page) = answer.split_once("\r\n\r\n").expect("a head");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("{name}: {head}")).to_owned()
    };
    let policy = header("content-security-policy");
    for rule in
        ["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let within = |tag: &str| page.split(&format!("<{tag}>")).nth(1)?.split(&format!("</{tag}>")).next();
    for (tag, rule) in [("script", "script-src"), ("style", "style-src")] {
        let hash = STANDARD.encode(digest(&SHA256, within(tag).expect(tag).as_bytes()));
        assert!(policy.contains(&format!("{rule} 'sha256-{hash}'")), "{tag}: {policy}");
    }
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("://").count(), page.matches("http://www.w3.org").count(), "it links nowhere");
    assert_eq!(header("referrer-policy"), "no-referrer", "the room's address is told to nobody");
    assert!(header("permissions-policy").contains("camera=(), microphone=()"));
    assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store".into(), "nosniff".into()));
}

#[tokio::test]
async fn no_path_leads_to_a_file() {
    let place = Place::open(Config::default()).await;
    for path in ["/../../etc/passwd", "/r/../../../etc/passwd", "/r/%2e%2e%2fetc%2fpasswd/ws", "/r/a/b/c", "//"] {
        let (status, body) = place.ask(&format!("GET {path}"), "", "").await;
        assert!(status >= 400 && !body.contains("root:"), "{path}: {status} {body}");
    }
}

#[tokio::test]
async fn a_request_that_comes_by_the_drop_is_given_up() {
    let config = Config { request_limit: Duration::from_millis(50), ..Config::default() };
    let place = Place::open(config).await;
    let head = place.raw(format!("GET /r/{ROOM} HTT").as_bytes()).await;
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    let token = bearer(TOKENS[0]);
    let body = format!("POST /r/{ROOM} HTTP/1.1\r\nhost: a\r\n{token}content-length: 13\r\n\r\n{{\"ver");
    let answer = place.raw(body.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let upgrade = format!(
        "GET /r/{ROOM}/ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    let answer = place.raw(upgrade.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 101"), "whoever then says nothing is let go: {answer}");
}

#[tokio::test]
async fn connections_are_counted_by_source_and_the_greediest_gives_one_up_for_another() {
    let config = Config { connections: Shares { all: 3, per_site: 3, per_source: 2 }, ..Config::default() };
    let server = RoomServer::new(config).0;
    let (_open, closing) = watch::channel(());
    let admit = |address: &str| Connection::admit(&server, address.parse().expect("an address"), closing.clone());
    let (one, two) = (admit("2001:db8::1").expect("a place"), admit("2001:db8::2").expect("a place"));
    assert!(admit("2001:db8::3").is_none(), "a /64 is one source");
    let third = admit("192.0.2.1").expect("a place");
    let fourth = admit("198.51.100.1").expect("in the place of the first");
    one.over().await;
    assert!(admit("198.51.100.2").is_none(), "nobody holds more than one");
    drop((one, third));
    assert_eq!(server.connections().len(), 2, "who is gone is forgotten");
    drop((two, fourth));
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_short() {
    let place = Place::open(Config::default()).await;
    let endless = format!("GET /r/{ROOM} HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(2 * HEAD_BYTES));
    let answer = place.raw(endless.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

/// Of this process, in KiB.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("procfs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a resident set");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// A text message of RFC 6455 §5.2, masked with nothing.
#[cfg(target_os = "linux")]
fn text(json: &str) -> Vec<u8> {
    let length = u8::try_from(json.len()).expect("short");
    assert!(length < 126);
    [&[0x81, 0x80 | length, 0, 0, 0, 0], json.as_bytes()].concat()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_thousand_rooms_with_two_ends_on_websockets_and_a_message_waiting_for_each_take_less_than_100_mb() {
    const ROOMS: usize = 1000;
    const HOUR: Duration = Duration::from_secs(3600);
    let mut config = Config {
        connections: Shares { all: 3 * ROOMS, ..Config::default().connections },
        request_limit: HOUR,
        heartbeat: HOUR,
        ..Config::default()
    };
    (config.limits.joins_per_minute, config.limits.lease) = (u32::MAX, HOUR);
    let place = Place::open(config).await;
    let before = resident();
    let mut ends = Vec::new();
    // A description with its candidates.
    let message = "x".repeat(4 * 1024);
    for number in 0..ROOMS {
        let room = format!("{number:022}");
        let upgrade = format!(
            "GET /r/{room}/ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        for token in &TOKENS[..2] {
            assert_eq!(place.join(&room, token, "").await.0, 200);
        }
        for token in &TOKENS[..2] {
            let (status, _) = place.ask(&format!("POST /r/{room}/say?number=1"), &bearer(token), &message).await;
            assert_eq!(status, 200);
        }
        for token in &TOKENS[..2] {
            let mut stream = TcpStream::connect(place.at).await.expect("connected");
            stream.write_all(upgrade.as_bytes()).await.expect("written");
            stream.write_all(&text(&format!(r#"{{"take":{{"token":"{token}","after":0}}}}"#))).await.expect("written");
            // The head of the answer, and as much of the events as shows that they come.
            let mut answer = vec![0; 512];
            stream.read_exact(&mut answer).await.expect("an answer");
            assert!(String::from_utf8_lossy(&answer).contains("peer-joined"));
            ends.push(stream);
        }
    }
    let held_kib = resident() - before;
    assert_eq!((place.server.rooms(), ends.len()), (ROOMS, 2 * ROOMS));
    assert!(held_kib < 100_000, "{held_kib} KiB for {ROOMS} rooms and both ends of their sockets");
}

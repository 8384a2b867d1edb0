//! `call --ice-from` whose credentials run out while it lasts: coturn with a shared secret, and a source that makes them for half
//! a minute.

use super::{DOCTOR, Served};
use crate::sources::hostile::{read_head, serving};
use crate::sources::{Service, installed};
use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY as SHA1, Key};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const SECRET: &str = "north";

/// They are asked for again a quarter of it before they run out, after 24 s.
const LIFE_S: u64 = 32;

/// Longer than that life, and shorter than two.
const DURATION_S: &str = "36";

/// A source for a TURN server at this port that gives credentials so many times and then refuses, and how often it was asked.
fn source(turn: u16, gives: usize) -> (u16, Arc<AtomicUsize>) {
    let given = AtomicUsize::new(0);
    serving(move |mut stream| {
        read_head(&mut stream);
        let number = given.fetch_add(1, Ordering::Relaxed);
        let user = format!("{}:end-{number}", rtc_doctor::os::unix_now() + LIFE_S);
        let password = BASE64_STANDARD.encode(hmac::sign(&Key::new(SHA1, SECRET.as_bytes()), user.as_bytes()));
        let body = format!(
            r#"{{"uris":["turn:127.0.0.1:{turn}"],"username":"{user}","password":"{password}","ttl":{LIFE_S}}}"#
        );
        let status = if number < gives { "200 OK" } else { "401 Unauthorized" };
        let length = body.len();
        let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    })
}

fn calling(room: &str, report: &str, words: &[&str]) -> Child {
    let mut command = Command::new(DOCTOR);
    command.args(["call", room, "--duration", DURATION_S, "--json", report]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("rtc-doctor runs")
}

#[test]
fn a_call_outlives_the_credentials_of_a_real_relay_by_fresh_ones_and_where_none_come_it_goes_on_and_says_so() {
    if !installed::has_program("turnserver") {
        assert!(std::env::var_os("CI").is_none(), "coturn is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let Some(coturn) = Service::start("coturn", &[], &[folder.path().to_str().expect("a path"), SECRET]) else {
        return;
    };
    let served = Served::with(&[]);
    let rooms = served.room().rsplit_once("/r/").expect("a room's address").0.to_owned();
    let calls = [("renewed", usize::MAX), ("refused", 1)].map(|(name, gives)| {
        let (port, asked) = source(coturn.port, gives);
        let room = format!("{rooms}/r/0123456789abcdefA{name}-A");
        let file = |end: &str| folder.path().join(format!("{name}-{end}.json")).to_string_lossy().into_owned();
        let source = format!("http://127.0.0.1:{port}/ice");
        let ours = calling(&room, &file("ours"), &["--ice-from", &source, "--ice-once", "--relay-only"]);
        (ours, calling(&room, &file("theirs"), &[]), file("ours"), asked)
    });
    let [renewed, refused]: [(usize, Vec<String>); 2] = calls.map(|(mut ours, mut theirs, file, asked)| {
        for end in [&mut ours, &mut theirs] {
            end.wait().expect("it ends");
        }
        assert_eq!(asked.load(Ordering::Relaxed), 2, "{file}");
        let document: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a report")).expect("JSON");
        assert_eq!(document["call"]["outcome"], "good", "{:#}", document["call"]);
        let all = |name: &str| document[name].as_array().expect("a list").clone();
        let relays = all("candidates").iter().filter(|own| own["type"] == "relay").count();
        let codes = all("findings").iter().filter_map(|found| found["code"].as_str().map(str::to_owned)).collect();
        (relays, codes)
    });
    let has = |codes: &[String], code: &str| codes.iter().any(|known| known == code);
    assert!(has(&renewed.1, "source-renewed") && has(&renewed.1, "ice-restarted"), "{renewed:?}");
    assert!(has(&refused.1, "source-not-renewed") && !has(&refused.1, "ice-restarted"), "{refused:?}");
    assert_eq!((renewed.0, refused.0), (2, 1), "an allocation keeps its user");
}

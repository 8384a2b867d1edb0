//! What `lint` says of a configuration, held to what Chromium and Firefox make of it.

use super::Test;
use super::cdp::Browser;
use super::installed;
use rtc_doctor::configuration::{Configuration, faults};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("chromium_throws_on_the_configurations_that_are_said_to_make_it_throw_and_on_no_other", chromium_throws),
    ("firefox_throws_on_the_configurations_that_are_said_to_make_it_throw_and_on_no_other", firefox_throws),
];

/// Whether a browser throws on each.
const THROW: &str = "c => { try { new RTCPeerConnection(c).close(); return false } catch { return true } }";

/// URIs of one server with user name and password.
const URIS: [&str; 69] = [
    "stun:h",
    "STUN:H:3478",
    "stuns:h",
    "stun:h?transport=udp",
    "stun:h?transport=tcp",
    "stuns:h?transport=tcp",
    "stun:h?",
    "stun://h",
    "turn:h",
    " turn:h\n",
    "tu\trn:h\r\n:3478",
    "turn :h",
    "\u{a0}turn:h",
    "turn:h\u{a0}",
    "turn:h:3478?transport=udp",
    "turn:h?transport=tcp",
    "turns:h:443?transport=tcp",
    "turns:h?transport=udp",
    "turn:h?transport=TCP",
    "turn:h?TRANSPORT=tcp",
    "turn:h?transport=tls",
    "turn:h?transport=",
    "turn:h?",
    "turn:h?ttl=3",
    "turn:h?transport=udp&ttl=3",
    "turn:h?transport=udp?x",
    "turn:h?transport=tcp#x",
    "turn://h",
    "turn:u@h",
    "turn:u:p@h",
    "turn:u%40h",
    "turn:h%3Ftransport=udp",
    "turn:h%41",
    "turn:h/",
    "turn:h:3478/udp",
    "turn:h#x",
    "turn:",
    "turn::3478",
    "turn:?transport=udp",
    "turn:h:",
    "turn:h:0",
    "turn:h:+5",
    "turn:h:03478",
    "turn:h:65536",
    "turn:h:port",
    "turn:2001:db8::1",
    "turn:[2001:db8::1]:3478",
    "turn:[2001:db8::1]:",
    "turn:[2001:db8::1",
    "turn:[2001:db8::1]x",
    "turn:256.256.256.256",
    "turn:1.2.3",
    "turn:b\u{fc}cher.example",
    "turn:a_b.example.",
    "turn:a b",
    "turn:<name>",
    "turn:${NAME}",
    "turn:$NAME",
    "$NAME",
    "h:3478",
    "https://h/turn",
    "",
    "turn:h:993?transport=tcp",
    "turn:h:5060",
    "turn:h:5062",
    "turn:\"h\"",
    "turn:a|b",
    "turn:a^b",
    "turn:a[b",
];

fn configurations() -> Vec<Value> {
    let one = |server: Value| json!({"iceServers": [server]});
    let mut all: Vec<Value> =
        URIS.iter().map(|uri| one(json!({"urls": uri, "username": "u", "credential": "c"}))).collect();
    all.extend([
        json!({}),
        json!({"iceServers": []}),
        json!({"iceServers": null}),
        json!({"iceServers": 5}),
        json!({"iceServers": "stun:h"}),
        json!({"iceServers": {"urls": "stun:h"}}),
        json!({"iceServers": [null]}),
        json!({"iceServers": ["stun:h"]}),
        json!({"iceServers": [{}]}),
        json!({"iceservers": [{"urls": "bad"}]}),
        json!({"iceServers": [], "iceTransportPolicy": "relay"}),
        json!({"iceServers": [], "iceTransportPolicy": "Relay"}),
        json!({"iceServers": [], "iceTransportPolicy": null}),
        json!({"iceServers": [], "iceTransportPolicy": ["relay"]}),
        json!({"iceServers": [], "bundlePolicy": "max-bundle"}),
        json!({"iceServers": [], "bundlePolicy": "maxbundle"}),
        json!({"iceServers": [], "bundlePolicy": null}),
        json!({"iceServers": [], "rtcpMuxPolicy": "require"}),
        json!({"iceServers": [], "rtcpMuxPolicy": "Require"}),
        json!({"iceServers": [], "iceCandidatePoolSize": 255}),
        json!({"iceServers": [], "iceCandidatePoolSize": 256}),
        json!({"iceServers": [], "iceCandidatePoolSize": -1}),
        json!({"iceServers": [], "iceCandidatePoolSize": "x"}),
        one(json!({"urls": []})),
        one(json!({"urls": null})),
        one(json!({"urls": [["stun:h"]]})),
        one(json!({"urls": ["stun:h", "turn:h:0"], "username": "u", "credential": "c"})),
        one(json!({"url": "stun:h"})),
        one(json!({"uris": ["stun:h"]})),
        one(json!({"urls": "stun:h", "other": 5})),
        one(json!({"urls": "turn:h"})),
        one(json!({"urls": "turn:h", "username": "u"})),
        one(json!({"urls": "turn:h", "credential": "c"})),
        one(json!({"urls": "turn:h", "username": "u", "password": "c"})),
        one(json!({"urls": "turn:h", "username": "u", "credential": ""})),
        one(json!({"urls": "turn:h", "username": "", "credential": "c"})),
        one(json!({"urls": "turn:h", "username": null, "credential": null})),
        one(json!({"urls": "turn:h", "username": 5, "credential": true})),
        one(json!({"urls": "turn:h", "username": "u".repeat(509), "credential": "c"})),
        one(json!({"urls": "turn:h", "username": "u".repeat(510), "credential": "c"})),
        one(json!({"urls": "stun:h", "username": "u".repeat(600), "credential": "c"})),
        one(json!({"urls": "turn:h", "username": "u", "credential": "c", "credentialType": "oauth"})),
    ]);
    all
}

fn chromium_throws() {
    let configurations = configurations();
    let browser = Browser::start();
    let page = browser.page();
    page.open("about:blank");
    let seen = page.eval(&format!("{}.map({THROW})", Value::from(configurations.clone())));
    agrees("Chromium", &configurations, seen);
}

fn firefox_throws() {
    if !installed::has_program("firefox-esr") || !installed::has_python(&["aiohttp"]) {
        assert!(std::env::var_os("CI").is_none(), "firefox-esr or aiohttp is not installed");
        return;
    }
    let configurations = configurations();
    let script = format!("{}/tests/peers/firefox_says.py", env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(installed::cache("python/bin/python"));
    let mut child =
        python.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the environment's Python runs");
    let asked = format!("{}.map({THROW})", Value::from(configurations.clone()));
    // Its end is dropped with it, so that the script sees the end of what is asked.
    child.stdin.take().expect("piped").write_all(asked.as_bytes()).expect("is read");
    let output = child.wait_with_output().expect("it ends");
    agrees("Firefox", &configurations, serde_json::from_slice(&output.stdout).expect("JSON"));
}

/// Holds what is said of a browser to what it does.
fn agrees(browser: &str, configurations: &[Value], seen: Value) {
    let seen: Vec<bool> = serde_json::from_value(seen).expect("an answer for each");
    let told = configurations.iter().map(|configuration| {
        let read = Configuration::read(&configuration.to_string()).expect("has the form of a configuration");
        let names = |fault: &rtc_doctor::configuration::Fault| fault.about.browsers.as_ref().map(ToString::to_string);
        faults(&read, None, 0).iter().any(|fault| names(fault).is_some_and(|names| names.contains(browser)))
    });
    let wrong: Vec<String> = configurations
        .iter()
        .zip(told)
        .zip(&seen)
        .filter(|((_, told), seen)| told != *seen)
        .map(|((configuration, _), seen)| format!("throws: {seen}, {configuration}"))
        .collect();
    assert!(wrong.is_empty() && seen.contains(&true) && seen.contains(&false), "{}", wrong.join("\n"));
}

//! Ten wrong ways to make time-limited credentials, at a coturn with a shared secret: the server says the same of all, and each is told
//! by its own name.

use super::{Service, installed};
use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY as SHA1, HMAC_SHA256 as SHA256, Key};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use std::path::Path;
use std::process::{Command, Stdio};

const SECRET: &str = "north";

fn digest(secret: &str, username: &str) -> Vec<u8> {
    hmac::sign(&Key::new(SHA1, secret.as_bytes()), username.as_bytes()).as_ref().to_vec()
}

fn right(username: &str) -> String {
    BASE64_STANDARD.encode(digest(SECRET, username))
}

/// Name, user name, password, and what is told without the secret and with it.
type Made = (&'static str, String, String, Option<&'static str>, Option<&'static str>);

fn ways(now_s: u64) -> Vec<Made> {
    let timed = |name: &'static str, username: String, code: Option<&'static str>| {
        let password = right(&username);
        (name, username, password, code, code)
    };
    let (good, soon) = (format!("{}:a", now_s + 3600), now_s + 3600);
    let encoded = |name: &'static str, password: String, code| (name, good.clone(), password, code, code);
    let wrong = Some("credentials-wrong-encoding");
    let hex: String = digest(SECRET, &good).iter().map(|byte| format!("{byte:02x}")).collect();
    let sha256 = hmac::sign(&Key::new(SHA256, SECRET.as_bytes()), good.as_bytes());
    let made_of = |secret: &str| BASE64_STANDARD.encode(digest(secret, &good));
    vec![
        timed("right", good.clone(), None),
        timed("expired", format!("{}:a", now_s - 60), Some("credentials-expired")),
        timed("made now", format!("{now_s}:a"), Some("credentials-not-expiry")),
        timed("milliseconds", format!("{soon}000:a"), Some("credentials-in-milliseconds")),
        timed("beyond 32 bits", "9999999999:a".to_owned(), Some("credentials-beyond-range")),
        timed("a fraction", format!("{soon}.123:a"), Some("credentials-not-integer")),
        encoded("hexadecimal", hex, wrong),
        encoded("SHA-256", BASE64_STANDARD.encode(sha256), wrong),
        encoded("base64url", BASE64_URL_SAFE_NO_PAD.encode(digest(SECRET, &good)), wrong),
        ("another secret", good.clone(), made_of("south"), None, Some("credentials-wrong-secret")),
        ("a line feed in the secret", good.clone(), made_of("north\n"), None, Some("credentials-wrong-secret")),
    ]
}

/// What a command says of a configuration.
fn said(words: &[&str], file: &Path, further: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    let output = command.args(words).arg(file).args(further).args(["--lang", "en"]).stdin(Stdio::null()).output();
    let output = output.expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn eight_of_ten_wrong_credentials_are_named_without_the_secret_and_all_with_it() {
    if !installed::has_program("turnserver") {
        assert!(std::env::var_os("CI").is_none(), "coturn is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a path");
    let Some(coturn) = Service::start("coturn", &[], &[place, SECRET]) else { return };
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).expect("written");
    let file = folder.path().join("configuration.json");
    let checking = ["--no-call", "--no-hairpin", "--timeout", "8", "--details"];
    for (name, username, password, without, with) in ways(rtc_doctor::os::unix_now()) {
        let server = format!("turn:127.0.0.1:{}?transport=tcp", coturn.port);
        let entry = serde_json::json!({"urls": server, "username": username, "credential": password});
        std::fs::write(&file, serde_json::json!({"iceServers": [entry]}).to_string()).expect("written");
        let checked = said(&["check", "--ice-servers"], &file, &checking);
        // coturn takes milliseconds in some weeks and the time of making within its second.
        let is_taken = match name {
            "right" => Some(true),
            "milliseconds" | "made now" => None,
            _ => Some(false),
        };
        if let Some(is_taken) = is_taken {
            assert_eq!(checked.contains("[relay-works]"), is_taken, "{name}: {checked}");
            assert_eq!(checked.contains("[relay-credentials-rejected]"), !is_taken, "{name}: {checked}");
        }
        let linted = said(&["lint"], &file, &["--turn-secret-file", secret.to_str().expect("a path")]);
        for (told, code) in [(&checked, without), (&linted, with)] {
            let named = told.matches("[credentials-").count();
            assert_eq!(named, usize::from(code.is_some()), "{name}: {told}");
            assert!(code.is_none_or(|code| told.contains(&format!("[{code}]"))), "{name}: {told}");
        }
    }
}

//! What a source is shown and what it gives is in no output: not on the terminal, in no document, no record and no error, with and
//! without `--redact`.

use super::hostile::{read_head, serving};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tokio_tungstenite::tungstenite;

/// A canary stands in each place that may hold a secret or a person's name.
const SERVERS: &str = r#"[{"urls":["turn:127.0.0.1:9?transport=tcp"],"username":"1999999999:@canary-user:hs.example","credential":"canary-credential"}]"#;

/// What services answer, each in its own form, by what is asked for.
fn answer(path: &str) -> String {
    let body = match path {
        path if path.contains("turnServer") => {
            r#"{"username":"1999999999:@canary-user:hs","password":"canary-credential","ttl":600,"uris":["turn:127.0.0.1:9?transport=tcp"]}"#.to_owned()
        }
        path if path.contains("login") => r#"{"access_token":"canary-token"}"#.to_owned(),
        path if path.contains("settings") => {
            format!(r#"{{"ocs":{{"data":{{"stunservers":[],"turnservers":{SERVERS},"ticket":"canary-ticket"}}}}}}"#)
        }
        path if path.contains("params") => {
            format!(r#"{{"pc_config":{:?},"ice_server_url":""}}"#, format!("{{\"iceServers\":{SERVERS}}}"))
        }
        _ => SERVERS.to_owned(),
    };
    let link =
        r#"<turn:127.0.0.1:9?transport=tcp>; rel="ice-server"; username="canary-user"; credential="canary-credential""#;
    let head = match path {
        path if path.contains("events") => "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n".to_owned(),
        path if path.contains("refused") => {
            "HTTP/1.1 401 canary-phrase\r\nwww-authenticate: canary-realm\r\n".to_owned()
        }
        path if path.contains("away") => {
            "HTTP/1.1 302 x\r\nlocation: https://127.0.0.2/?token=canary-location\r\n".to_owned()
        }
        _ => format!("HTTP/1.1 200 OK\r\nset-cookie: canary-cookie=1\r\nlink: {link}\r\n"),
    };
    let body = if path.contains("events") { format!("data: {body}\n\n") } else { body };
    format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Everything that one run says and writes.
fn outputs(command: &str, source: &str, words: &[&str], folder: &Path) -> String {
    let files = ["report.json", "report.html", "report.md", "record.json"].map(|name| folder.join(name));
    let mut run = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    run.env("RTC_DOCTOR_ICE_SECRET", "canary-secret").stdin(Stdio::null());
    if command == "lint" {
        run.args(["lint", source]);
    } else {
        run.args(["check", "--ice-from", source, "--no-hairpin", "--no-call", "--timeout", "6"]);
        for (option, file) in ["--json", "--html", "--markdown", "--record"].iter().zip(&files) {
            run.arg(option).arg(file);
        }
    }
    let output = run.args(words).output().expect("it runs");
    let mut all = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!all.contains("--help"), "{all}");
    for file in files.iter().filter(|_| command != "lint") {
        all += &std::fs::read_to_string(file).expect("is written");
    }
    all
}

#[test]
fn no_secret_of_any_source_comes_out_anywhere() {
    let (port, _) = serving(|mut stream| {
        let path = read_head(&mut stream).split(' ').nth(1).unwrap_or_default().to_owned();
        let _ = stream.write_all(answer(&path).as_bytes());
    });
    let (sockets, _) = serving(|stream| {
        if let Ok(mut socket) = tungstenite::accept(stream) {
            let _ = socket.send(r#"{"type":"auth_required","ha_version":"1"}"#.into());
            let _ = socket.read();
            let _ = socket.send(r#"{"type":"auth_ok"}"#.into());
            let _ = socket.read();
            let _ = socket.send(format!(r#"{{"id":1,"type":"result","result":{SERVERS}}}"#).into());
            let _ = socket.read();
        }
    });
    let (http, ws) = (format!("http://127.0.0.1:{port}"), format!("ws://127.0.0.1:{sockets}"));
    let page = ["--ice-origin", "https://app.example"];
    let user = ["--ice-user", "canary-user"];
    let sources = [
        (format!("{http}/canary-path?key=canary-query"), &[][..]),
        (format!("{http}/canary-path?key=canary-query"), &page[..]),
        (format!("{http}/refused/canary-path"), &user[..]),
        (format!("{http}/away/canary-path"), &[][..]),
        (format!("poll:{http}/canary-path"), &[][..]),
        (format!("sse:{http}/events/canary-path"), &[][..]),
        (format!("matrix:{http}"), &[][..]),
        (format!("matrix:{http}"), &user[..]),
        (format!("nextcloud:{http}/call/canary-room"), &user[..]),
        (format!("apprtc:{http}"), &[][..]),
        (format!("whep:{http}/canary-path/whep"), &[][..]),
        (format!("bbb:{http}/canary?sessionToken=canary-token"), &[][..]),
        (format!("{ws}/canary-path"), &[][..]),
        (format!("home-assistant:{http}").replace(&http, &ws), &[][..]),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (number, (source, words)) in sources.iter().enumerate() {
        for (command, further) in [("lint", &[][..]), ("check", &["-v"][..]), ("check", &["--redact"][..])] {
            let folder = folder.path().join(format!("{number}{command}{}", further.concat()));
            std::fs::create_dir(&folder).expect("made");
            let all = outputs(command, source, &[words, further].concat(), &folder);
            let at = all.find("canary").map(|at| all[at.saturating_sub(80)..].chars().take(160).collect::<String>());
            assert_eq!(at, None, "{command} {source} {words:?} {further:?}");
            assert!(all.contains("source-"), "{command} {source}: {all}");
        }
    }
}

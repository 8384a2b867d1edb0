//! The files that were made here: what more than their verdicts there is to hold them to, which truth.rs does.

mod cut;
mod limits;
mod older;
mod truth;

use super::detect::{self, Form};
use super::session::{SavedConnection, SavedSession};
use super::{choice, facts, two_ends};
use crate::diagnose::diagnose;
use crate::model::{CallBreak, CallOutcome, Code, Diagnosis, Path, Record, Tool};

fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/dumps/{name}.gz", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect(name)
}

fn session(name: &str) -> (Form, SavedSession) {
    let packed = bytes(name);
    let (plain, is_cut) = detect::unpacked(&packed);
    assert!(!is_cut, "{name}");
    let form = detect::form(&plain).expect("can be read").expect("is known");
    (form, detect::read(form, &plain, None))
}

fn record(name: &str) -> Record {
    let (form, session) = session(name);
    facts::record(&session, form.name(), choice::that_matters(&session).expect("a connection"))
}

fn judged(name: &str) -> Diagnosis {
    diagnose(&record(name))
}

fn dump(name: &str) -> Diagnosis {
    judged(&format!("chromium156-{name}"))
}

fn both(ours: &str, theirs: &str) -> Diagnosis {
    let name = |name| format!("chromium156-{name}.webrtc_internals_dump");
    let ((form, ours), (_, theirs)) = (session(&name(ours)), session(&name(theirs)));
    let (one, other) = two_ends::matched(&ours, &theirs).expect("one call");
    let [one, other] = [(&ours, one), (&theirs, other)].map(|(session, it)| facts::record(session, form.name(), it));
    diagnose(&one.join(other, Tool { name: form.name().to_owned(), version: String::new() }))
}

/// Whether it holds all of these and none of those.
fn finds(found: &Diagnosis, these: &[Code], not_those: &[Code], file: &str) {
    let codes: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
    let said = || format!("{file}: {:?}, {:?}, {codes:?}", found.verdict.path, found.verdict.because);
    for code in these {
        assert!(codes.contains(code) || found.verdict.because.contains(code), "{code} is missing: {}", said());
    }
    for code in not_those {
        assert!(!codes.contains(code), "{code} is too much: {}", said());
    }
}

fn path(found: &Diagnosis) -> Option<Path> {
    found.verdict.path.value().copied()
}

fn outcome(found: &Diagnosis) -> Option<CallOutcome> {
    found.call.as_ref().map(|call| call.outcome)
}

#[test]
fn both_files_of_a_refused_handshake_show_the_altered_fingerprint() {
    let found = both("dtls-fingerprint.a", "dtls-fingerprint.b");
    finds(
        &found,
        &[Code::SavedFingerprintAltered, Code::SavedCallKeysRefused],
        &[Code::SavedOwnCandidatesLost, Code::SavedPeerCandidatesLost],
        "both",
    );
    for name in ["one-way", "loss", "relay-sym-sym"] {
        let found = both(&format!("{name}.a"), &format!("{name}.b"));
        finds(&found, &[], &[Code::SavedFingerprintAltered, Code::EndsDisagree], name);
    }
}

#[test]
fn a_cut_is_when_bytes_came_last_and_not_when_a_state_says_so() {
    for name in ["cut-midcall.a.webrtc_internals_dump", "cut-midcall2.a.rtcstats_dump"] {
        let found = dump(name);
        assert_eq!(outcome(&found), Some(CallOutcome::Cut), "{name}");
        let call = found.call.as_ref().expect("a call");
        let Some(CallBreak::Cut { after_ms, silent_ms, .. }) = &call.broken else { panic!("{:?}", call.broken) };
        assert!((6_000.0..12_000.0).contains(&after_ms.0) && silent_ms.0 > 5_000.0, "{name}: {after_ms} {silent_ms}");
    }
}

#[test]
fn media_that_are_sent_there_and_do_not_come_here_are_lost_inward() {
    let found = both("one-way.a", "one-way.b");
    assert_eq!(outcome(&found), Some(CallOutcome::MediaOneWay));
    finds(&found, &[Code::CallMediaLostInward], &[Code::SavedFingerprintAltered], "both");
}

#[test]
fn no_secret_of_a_file_gets_into_a_record() {
    for name in ["chromium156-direct.a.webrtc_internals_dump", "chromium156-relay-sym-sym2.a.rtcstats_dump"] {
        let text = String::from_utf8(detect::unpacked(&bytes(name)).0.into_owned()).expect("text");
        let passwords: Vec<&str> = text.split("ice-pwd:").skip(1).filter_map(|rest| rest.split('\\').next()).collect();
        assert!(!passwords.is_empty(), "{name}");
        let record = serde_json::to_string(&record(name)).expect("JSON");
        assert!(passwords.iter().all(|password| !record.contains(password)), "{name}");
        assert!(!record.contains("call.example"), "the page's address");
    }
}

#[test]
fn a_file_that_ends_anywhere_is_read_as_far_as_it_goes() {
    for name in ["chromium156-relay-sym-sym.a.webrtc_internals_dump", "chromium156-cut-midcall2.a.rtcstats_dump"] {
        let packed = bytes(name);
        let (plain, _) = detect::unpacked(&packed);
        let (form, _) = session(name);
        for share in 1..12 {
            let half = detect::read(form, &plain[..plain.len() * share / 12], None);
            assert!(half.left_out.is_cut, "{name}");
            for connection in &half.connections {
                let found = diagnose(&facts::record(&half, form.name(), connection));
                finds(&found, &[Code::SavedCallInPart], &[], name);
            }
        }
        let (unpacked, is_cut) = detect::unpacked(&packed[..packed.len() / 2]);
        assert!(is_cut && !unpacked.is_empty());
    }
}

#[test]
fn one_wrong_bit_anywhere_ends_no_reader() {
    for name in ["chromium156-turn-badpw.a.webrtc_internals_dump", "chromium156-relay-sym-sym2.b.rtcstats_dump"] {
        let (form, whole) = session(name);
        let plain = detect::unpacked(&bytes(name)).0.into_owned();
        for step in 0..24 {
            let mut spoilt = plain.clone();
            let place = (step * 7_919 + step * plain.len() / 24) % plain.len();
            spoilt[place] ^= 1 << (step % 8);
            let read = detect::read(form, &spoilt, None);
            assert!(read.connections.len() <= whole.connections.len() + 1, "{name} at {place}");
            read.connections.iter().for_each(|connection| {
                diagnose(&facts::record(&read, form.name(), connection));
            });
        }
    }
}

#[test]
fn what_is_packed_otherwise_or_a_picture_is_named() {
    for start in [&b"PK\x03\x04"[..], b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"\x89PNG", b"%PDF-1.7"] {
        assert!(detect::form(start).is_err());
    }
    for start in [
        &br#"{"statsSessionId":"a","type":"jvb","data":"{}"}"#[..],
        br#"{"log":{"version":"1.2","creator":{},"entries":[]}}"#,
    ] {
        assert!(detect::form(start).is_err(), "no end of a call wrote it");
    }
    assert_eq!(detect::form(br#"{"schema":"rtc-doctor/1"}"#), Ok(None));
    let empty = br#"{"getUserMedia":[],"PeerConnections":{},"UserAgent":"x"}"#;
    assert_eq!(detect::form(empty), Ok(Some(Form::Internals)));
    assert!(detect::read(Form::Internals, empty, None).connections.is_empty());
}

#[test]
fn the_ends_of_one_call_find_each_other_and_those_of_two_do_not() {
    let internals = |name: &str| session(&format!("chromium156-{name}.webrtc_internals_dump")).1;
    for name in ["dtls-fingerprint", "loss", "one-way", "relay-sym-sym"] {
        let (a, b) = (internals(&format!("{name}.a")), internals(&format!("{name}.b")));
        assert!(two_ends::matched(&a, &b).is_some(), "{name}");
    }
    assert!(two_ends::matched(&internals("loss.a"), &internals("one-way.b")).is_none());
}

#[test]
fn what_was_packed_to_blow_up_is_unpacked_a_little_and_a_dump_wholly() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut packer, &spaces).expect("in memory");
    }
    let packed = packer.finish().expect("in memory");
    let (plain, is_cut) = detect::unpacked(&packed);
    assert!(is_cut && plain.len() < 20 << 20, "{}", plain.len());
}

#[test]
fn a_capture_beside_a_dump_of_the_same_end_shows_what_browsers_do_not_tell() {
    let with = |name: &str| {
        let (form, browser) = session(&format!("chromium156-{name}.a.webrtc_internals_dump"));
        let (_, capture) = session(&format!("chromium156-{name}.a.pcap"));
        let beside = two_ends::beside(&browser, &capture).expect("one end");
        diagnose(&facts::record(&browser, form.name(), &beside))
    };
    // The browser had not yet told of the server over UDP; ICMP has.
    let dead = with("turn-dead");
    finds(
        &dead,
        &[Code::ServerRefusedConnection, Code::BrowserServerNameUnknown],
        &[Code::SavedNoUdpAnswer],
        "turn-dead",
    );
    assert_eq!(path(&dead), Some(Path::None));
    for name in ["loss", "one-way", "dtls-fingerprint"] {
        let (alone, both) = (dump(&format!("{name}.a.webrtc_internals_dump")), with(name));
        assert_eq!((path(&both), outcome(&both)), (path(&alone), outcome(&alone)), "{name}");
    }
    let (_, browser) = session("chromium156-loss.a.webrtc_internals_dump");
    let (_, other) = session("chromium156-turn-dead.a.pcap");
    assert!(two_ends::beside(&browser, &other).is_none(), "of two calls");
}

#[test]
fn a_file_that_was_saved_after_the_call_says_so() {
    let empty = detect::read(Form::Internals, br#"{"getUserMedia":[],"PeerConnections":{},"UserAgent":"x"}"#, None);
    let found = diagnose(&facts::record(&empty, "webrtc-internals", &SavedConnection::default()));
    finds(&found, &[Code::SavedFileEmpty], &[], "empty");
}

#[test]
fn whatever_was_put_around_a_file_it_is_told_as_it_was() {
    for name in [
        "chromium156-cut-midcall.a.webrtc_internals_dump",
        "chromium156-cut-midcall2.a.rtcstats_dump",
        "chromium156-direct.a.getstats.json",
        "firefox153-direct.copy-report.json",
        "firefox153-turn-badpw.log.txt",
    ] {
        let text = String::from_utf8_lossy(&detect::unpacked(&bytes(name)).0).into_owned();
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        let wide =
            |order: fn(u16) -> [u8; 2]| [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(order).collect();
        let texts: [Vec<u8>; 6] = [
            text.replace('\n', "\r\n").into(),
            format!("\u{feff}{text}").into(),
            format!("Hello, this is what it saved:\n```\n{text}\n```\nThanks\n").into(),
            quoted.into(),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
        ];
        let as_it_was = judged(name);
        for (place, wrapped) in texts.iter().enumerate() {
            let (plain, _) = detect::unpacked(wrapped);
            let form = detect::form(&plain).expect("can be read").unwrap_or_else(|| panic!("{name} {place}"));
            let session = detect::read(form, &plain, None);
            let connection = choice::that_matters(&session).unwrap_or_else(|| panic!("{name} {place}"));
            let found = diagnose(&facts::record(&session, form.name(), connection));
            assert_eq!((path(&found), outcome(&found)), (path(&as_it_was), outcome(&as_it_was)), "{name} {place}");
        }
    }
}

#[test]
fn half_of_a_report_tells_what_is_whole_of_it_and_that_it_is_half() {
    for name in ["firefox153-direct.copy-report.json", "chromium156-direct.a.getstats.json"] {
        let plain = detect::unpacked(&bytes(name)).0.into_owned();
        let form = detect::form(&plain).expect("can be read").expect("is known");
        let half = detect::read(form, &plain[..plain.len() * 2 / 3], None);
        assert!(half.left_out.is_cut && !half.connections.is_empty(), "{name}");
    }
}

#[test]
fn a_page_of_a_firefox_that_gave_its_labels_no_names_is_known_by_its_classes() {
    let page = "<div id=\"content\"><div class=\"stats\"><div class=\"peer-connection\"><h3>[ 15032385555 ] https://call.example/  \
        Tue Dec 10 2019 15:19:32 GMT-0300</h3><table><tr><td>succeeded</td><td>true</td><td>true</td>\
        <td>192.0.2.4:35212/udp(host) [non-proxied]</td><td>198.51.100.7:48612/udp(prflx) </td><td>1</td>\
        <td>7961835276047483000</td><td>6902119</td><td>7932124</td></tr></table></div></div></div>";
    let form = detect::form(page.as_bytes()).expect("can be read").expect("is known");
    assert_eq!(form, Form::FirefoxPage);
    let session = detect::read(form, page.as_bytes(), None);
    let found = diagnose(&facts::record(&session, form.name(), &session.connections[0]));
    assert_eq!(path(&found), Some(Path::Direct));
}

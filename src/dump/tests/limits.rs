//! What is read of a file that is made to be too much: so much, and it is said that there was more.

use super::super::description::{Description, DescriptionKind};
use super::super::detect::{self, Form};
use super::super::facts;
use super::super::session::{LeftOut, SavedConnection, SavedSession};
use crate::diagnose::diagnose;
use crate::model::{Code, Record};
use std::fmt::Write;
use std::io::Write as _;

fn internals(text: &str) -> SavedSession {
    detect::read(Form::Internals, text.as_bytes(), None)
}

/// A dump with one connection that has this log and these statistics.
fn dump(log: &str, stats: &str) -> SavedSession {
    internals(&format!(r#"{{"PeerConnections":{{"1-1":{{"updateLog":[{log}],"stats":{{{stats}}}}}}}}}"#))
}

fn series(id: &str, kind: &str, property: &str, values: &str) -> String {
    let times = r#""startTime":"2026-11-29T10:00:00.000Z","endTime":"2026-11-29T10:00:30.000Z""#;
    format!(r#""{id}-{property}":{{{times},"statsType":"{kind}","values":"{values}"}}"#)
}

/// So many things of a kind, in a list of JSON.
fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

fn says_so(left_out: LeftOut) -> bool {
    left_out.beyond_limits > 0
}

#[test]
fn of_more_connections_than_a_thousand_the_first_are_read() {
    let connections = many(1_005, |number| format!(r#""1-{number}":{{"updateLog":[],"stats":{{}}}}"#));
    let read = internals(&format!(r#"{{"PeerConnections":{{{connections}}}}}"#));
    assert_eq!((read.connections.len(), read.left_out.beyond_limits), (1_000, 5));
    let lines: String = (0..1_005).map(|number| format!("[\"create\",\"{number}\",{{}},1795947379227]\n")).collect();
    let read = detect::read(Form::RtcStats, lines.as_bytes(), None);
    assert_eq!((read.connections.len(), read.left_out.beyond_limits), (1_000, 5));
}

#[test]
fn of_more_pairs_than_two_thousand_the_first_are_read_and_judged_in_time() {
    let pairs = many(3_000, |number| {
        let ends = [("local", "L"), ("remote", "R")].map(|(end, letter)| {
            series(&format!("{letter}{number}"), &format!("{end}-candidate"), "candidateType", r#"[\"host\"]"#)
        });
        let id = format!("CP{number}");
        let of = |property: &str, values: &str| series(&id, "candidate-pair", property, values);
        let ids = [
            of("localCandidateId", &format!(r#"[\"L{number}\"]"#)),
            of("remoteCandidateId", &format!(r#"[\"R{number}\"]"#)),
            of("requestsSent", "[1,20,40]"),
            of("responsesReceived", "[0,0,0]"),
        ];
        [&ends[..], &ids[..]].concat().join(",")
    });
    let read = dump("", &pairs);
    let connection = &read.connections[0];
    assert_eq!(connection.pairs.len(), 2_000);
    let record = facts::record(&read, "test", connection);
    assert!(record.observations.len() <= Record::END_OBSERVATIONS_MAX);
    diagnose(&record);
}

#[test]
fn a_series_that_is_longer_than_a_browser_writes_is_left_out_and_the_others_are_read() {
    let long = format!("[{}]", many(600_000, |_| "1".to_owned()));
    let stats = [
        series("P", "candidate-pair", "requestsSent", &long),
        series("P", "candidate-pair", "responsesReceived", "[1,2,3]"),
    ];
    let read = dump("", &stats.join(","));
    let pair = &read.connections[0].pairs["P"];
    assert!(says_so(read.left_out));
    assert_eq!(
        (pair.points.len(), pair.points[2].responses_received, pair.points[2].requests_sent),
        (3, Some(3), None)
    );
}

#[test]
fn a_series_or_a_line_that_cannot_be_read_is_counted_and_costs_no_other() {
    let stats = [
        series("P", "candidate-pair", "requestsSent", "no list"),
        series("P", "candidate-pair", "responsesReceived", "[7]"),
    ];
    let read = dump(r#"7,{"type":"close","timestamp":1795947379227,"value":""}"#, &stats.join(","));
    assert_eq!((read.left_out.not_understood, read.left_out.is_cut), (2, false));
    assert_eq!(read.connections[0].pairs["P"].points[0].responses_received, Some(7));
    assert_eq!(read.connections[0].events.len(), 1);
}

#[test]
fn of_more_events_than_a_hundred_thousand_the_first_are_kept_and_none_takes_longer_than_another() {
    // Of each its own description is looked for, and there is none.
    let log = many(252_000, |number| {
        let name = if number % 2 == 0 { "setLocalDescriptionOnFailure" } else { "setRemoteDescriptionOnSuccess" };
        format!(r#"{{"type":"{name}","timestamp":1795947379227,"value":"x"}}"#)
    });
    let read = dump(&log, "");
    assert_eq!(read.connections[0].events.len(), 100_000);
    assert!(says_so(read.left_out));
    let record = facts::record(&read, "test", &read.connections[0]);
    assert!(record.observations.len() <= Record::END_OBSERVATIONS_MAX);
}

#[test]
fn so_many_cameras_as_a_page_was_refused_are_told_of_as_anybody_reads_and_hide_no_call() {
    let refused = many(50_000, |number| format!(r#"{{"timestamp":{number},"error":"NotAllowedError {number}"}}"#));
    let state = r#"{"type":"oniceconnectionstatechange","timestamp":1795947379227,"value":"\"checking\""}"#;
    let read =
        internals(&format!(r#"{{"getUserMedia":[{refused}],"PeerConnections":{{"1-1":{{"updateLog":[{state}]}}}}}}"#));
    assert_eq!((read.refused.len(), read.connections[0].events.len()), (100, 1));
}

#[test]
fn a_description_is_read_to_its_limit_and_no_further() {
    let candidates: String = (0..40_000).fold("v=0\r\nm=audio 9 X 0\r\n".to_owned(), |mut text, port| {
        let _ = write!(text, "a=candidate:1 1 udp 1 192.0.2.1 {port} typ host\r\n");
        text
    });
    assert!(candidates.len() > 1 << 20);
    let read = Description::read(Some(DescriptionKind::Offer), &candidates);
    assert_eq!(read.candidates.len(), 1_000);
    let sections = "m=audio 9 X 0\r\n".repeat(5_000);
    assert_eq!(Description::read(None, &format!("v=0\r\n{sections}")).sections.len(), 1_000);
}

#[test]
fn brackets_within_brackets_end_no_reader() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        let wrapped = [
            format!(r#"{{"PeerConnections":{{"1-1":{{"updateLog":{deep},"stats":{deep}}}}},"UserAgent":{deep}}}"#),
            format!(r#"{{"getUserMedia":{deep},"PeerConnections":{{}}}}"#),
            format!(r#"[{{"id":"P","type":"transport","timestamp":1,"x":{deep}}}]"#),
            format!("[\"getstats\",\"PC_0\",{deep},1795947379227]"),
            format!(r#"{{"iceCandidatePairStats":{deep}}}"#),
        ];
        for text in wrapped {
            let Ok(Some(form)) = detect::form(text.as_bytes()) else { continue };
            detect::read(form, text.as_bytes(), None);
        }
    }
}

#[test]
fn a_line_of_a_hundred_thousand_characters_is_cut_where_it_is_shown() {
    let long = "a".repeat(100_000);
    let log = format!(
        r#"{{"type":"addIceCandidateFailed","timestamp":1795947379227,"value":"{long}"}},{{"type":"icecandidate","timestamp":1795947379228,"value":"sdpMid: 0, candidate: candidate:{long} 1 udp 1 192.0.2.1 9 typ host"}}"#
    );
    let read = dump(&log, "");
    let record = serde_json::to_string(&facts::record(&read, "test", &read.connections[0])).expect("JSON");
    assert!(record.len() < 16 << 10, "{}", record.len());
}

#[test]
fn what_was_packed_twice_is_unpacked_and_what_was_packed_without_end_is_not() {
    let packed = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).expect("in memory");
        packer.finish().expect("in memory")
    };
    let plain = br#"{"getUserMedia":[],"PeerConnections":{},"UserAgent":"x"}"#;
    let twice = packed(&packed(plain));
    assert_eq!(&*detect::unpacked(&twice).0, plain);
    let often = (0..50).fold(plain.to_vec(), |inner, _| packed(&inner));
    assert!(detect::unpacked(&often).0.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn numbers_that_nothing_can_be_are_none() {
    let values = "[1e999,-1e999,1e308,-5,NaN,18446744073709551616]";
    let properties =
        ["requestsSent", "bytesReceived", "totalRoundTripTime", "timestamp", "availableOutgoingBitrate", "port"];
    let stats: Vec<String> =
        properties.iter().map(|property| series("P", "candidate-pair", property, values)).collect();
    let log = r#"{"type":"oniceconnectionstatechange","timestamp":1e300,"value":"\"connected\""},{"type":"close","timestamp":-1,"value":""}"#;
    let read = dump(log, &stats.join(","));
    let record = facts::record(&read, "test", &read.connections[0]);
    assert!(record.observations.iter().all(|seen| (0.0..4e12).contains(&seen.at_ms.0)), "{record:?}");
    diagnose(&record);
}

#[test]
fn a_text_that_a_mail_or_a_ticket_has_changed_is_read_and_one_that_is_lost_is_called_damaged() {
    let name = "chromium156-direct.a.webrtc_internals_dump";
    let plain = detect::unpacked(&super::bytes(name)).0.into_owned();
    let text = String::from_utf8(plain).expect("text");
    let fold = |line: &str| {
        let chars: Vec<char> = line.chars().collect();
        chars.chunks(76).map(|part| part.iter().collect::<String>() + "\n").collect::<String>()
    };
    let folded: String = text.lines().map(fold).collect();
    for (changed, how) in [
        (text.replace(' ', "\u{a0}"), "spaces that do not break"),
        (text.replace('"', "&quot;"), "the characters of HTML"),
        (folded, "folded lines"),
        (format!("{{code:json}}\n{text}\n{{code}}\n"), "Jira's fence"),
        (format!("{{noformat}}\n{text}\n{{noformat}}\n"), "Jira's other fence"),
    ] {
        let (inner, _) = detect::unpacked(changed.as_bytes());
        let form = detect::form(&inner).expect("can be read").unwrap_or_else(|| panic!("{how}"));
        let read = detect::read(form, &inner, None);
        assert_eq!((form, read.connections.len()), (Form::Internals, 1), "{how}");
        assert!(read.connections[0].events.len() > 20, "{how}");
    }
    let lost = text.replace('{', "(");
    let lost = format!("{{{}", &lost[1..]);
    let read = internals(&lost);
    let record = facts::record(&read, "webrtc-internals", &SavedConnection::default());
    let found = diagnose(&record);
    assert!(found.has_found(Code::SavedFileBroken) && !found.has_found(Code::SavedFileEmpty));
}

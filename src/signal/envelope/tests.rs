use super::*;
use crate::machine::Rng;
use crate::model::{Fact, HostFact, Millis, Origin, Question};
use crate::model::{InflateError, RecordError};
use crate::signal::deflate::deflate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

fn encoder(seed: u64) -> Encoder {
    Encoder::new(&mut Rng::numbered(seed))
}

fn tool() -> Tool {
    Tool { name: "rtc-doctor".to_owned(), version: "0.1.0".to_owned() }
}

fn encoded(encoder: &mut Encoder, body: &Body) -> Vec<u8> {
    encoder.encode(body).expect("small enough")
}

/// A message as another program might write it.
fn raw(members: &str) -> Vec<u8> {
    format!(r#"{{"rtc-doctor":1,"from":"00000000000000aa","seq":1,{members}}}"#).into_bytes()
}

fn decoded(message: &[u8]) -> Result<Decoded, DecodeError> {
    encoder(1).decoder().decode(message)
}

#[test]
fn everything_that_can_be_said_is_heard_as_it_was_said() {
    let (mut here, there) = (encoder(1), encoder(2));
    let mut decoder = there.decoder();
    let mut record = Record::default();
    record.push(Millis(1.5), Origin { question: Question::Host, uri: None }, Fact::Host(HostFact::NetworkChanged));
    let bodies = [
        Body::Hello { tool: tool() },
        Body::Offer { sdp: Sdp("v=0\r\n".to_owned()) },
        Body::Answer { sdp: Sdp("v=0\r\n".to_owned()) },
        Body::Candidate {
            candidate: "candidate:1 …".to_owned(),
            ufrag: Some("8hhY".to_owned()),
            mid: Some("0".to_owned()),
        },
        Body::EndOfCandidates { ufrag: None },
        Body::Record(Box::new(record)),
        Body::Done { more: true },
        Body::Done { more: false },
    ];
    for body in bodies {
        assert_eq!(decoder.decode(&encoded(&mut here, &body)), Ok(Decoded::Body(body)));
    }
}

#[test]
fn a_message_is_json_that_reads_as_the_module_says() {
    let mut here = encoder(1);
    let body = Body::Candidate { candidate: "candidate:1".to_owned(), ufrag: None, mid: Some("0".to_owned()) };
    let message: Value = serde_json::from_slice(&encoded(&mut here, &body)).expect("JSON");
    let from = message["from"].as_str().expect("a sender").to_owned();
    assert_eq!(from.len(), 16);
    let expected = serde_json::json!({
        "rtc-doctor": 1, "from": from, "seq": 1, "kind": "candidate", "candidate": "candidate:1", "sdpMid": "0"
    });
    assert_eq!(message, expected);
}

#[test]
fn a_replayed_message_and_an_earlier_one_are_stale() {
    let (mut here, mut decoder) = (encoder(1), encoder(2).decoder());
    let messages: Vec<_> = (0..3).map(|_| encoded(&mut here, &Body::Done { more: false })).collect();
    assert!(decoder.decode(&messages[0]).is_ok() && decoder.decode(&messages[2]).is_ok());
    assert_eq!(decoder.decode(&messages[2]), Err(DecodeError::Stale { seq: 3, latest: 3 }));
    assert_eq!(decoder.decode(&messages[1]), Err(DecodeError::Stale { seq: 2, latest: 3 }));
}

#[test]
fn a_third_end_is_foreign_and_our_own_message_an_echo() {
    let (mut here, mut there, mut third) = (encoder(1), encoder(2), encoder(3));
    let mut decoder = here.decoder();
    assert_eq!(decoder.decode(&encoded(&mut here, &Body::Done { more: false })), Err(DecodeError::Echo));
    assert!(decoder.decode(&encoded(&mut there, &Body::Done { more: false })).is_ok());
    assert_eq!(decoder.decode(&encoded(&mut third, &Body::Done { more: false })), Err(DecodeError::Foreign));
    assert!(decoder.decode(&encoded(&mut there, &Body::Done { more: false })).is_ok());
}

#[test]
fn another_version_is_named_beside_ours() {
    let error = decoded(br#"{"rtc-doctor":2,"from":{"new":"form"}}"#).expect_err("another version");
    assert_eq!(error, DecodeError::Version { theirs: 2, ours: VERSION });
    assert_eq!(error.to_string(), "the other end is rtc-doctor of another version: it speaks 2, this one 1");
}

#[test]
fn what_is_no_message_is_told_in_its_own_words() {
    assert_eq!(decoded(b"hello"), Err(DecodeError::Malformed));
    assert_eq!(decoded(br#"{"rtc-doctor":1,"from":"00000000000000aa"}"#), Err(DecodeError::Malformed));
    assert_eq!(decoded(br#"{"sdp":"v=0"}"#), Err(DecodeError::NotOurs));
    assert_eq!(decoded(&[b'['; 100_000]), Err(DecodeError::Malformed));
    assert_eq!(
        decoded(&vec![b' '; MESSAGE_BYTES_MAX + 1]),
        Err(DecodeError::TooLarge { bytes: MESSAGE_BYTES_MAX + 1, most: MESSAGE_BYTES_MAX })
    );
    assert_eq!(decoded(&raw(r#""kind":"done","kind":"done""#)), Err(DecodeError::Malformed));
    assert_eq!(decoded(br#"{"rtc-doctor":1,"from":"you","seq":1,"kind":"done"}"#), Err(DecodeError::Sender));
    let incomplete =
        |kind: &str, member: &str| Err(DecodeError::Incomplete { kind: kind.to_owned(), member: member.to_owned() });
    assert_eq!(decoded(&raw(r#""kind":"offer""#)), incomplete("offer", "sdp"));
    assert_eq!(decoded(&raw(r#""kind":"candidate","sdp":"""#)), incomplete("candidate", "candidate"));
    assert_eq!(decoded(&raw(r#""kind":"hello""#)), incomplete("hello", "tool"));
    assert_eq!(decoded(&raw(r#""kind":"record""#)), incomplete("record", "record"));
}

#[test]
fn members_of_a_candidate_are_read_as_a_browser_converts_them() {
    let read = |members: &str| match decoded(&raw(&format!(r#""kind":"candidate",{members}"#))) {
        Ok(Decoded::Body(Body::Candidate { candidate, ufrag, mid })) => (candidate, mid, ufrag),
        other => panic!("{members}: {other:?}"),
    };
    let some = |text: &str| Some(text.to_owned());
    let line = || "candidate:1".to_owned();
    for (mid, shown) in
        [("\"0\"", "0"), ("0", "0"), ("0.0", "0"), ("-1", "-1"), ("1.5", "1.5"), ("true", "true"), ("[0]", "0")]
    {
        assert_eq!(read(&format!(r#""candidate":"candidate:1","sdpMid":{mid}"#)), (line(), some(shown), None), "{mid}");
    }
    let odd_index = r#""candidate":"candidate:1","sdpMLineIndex":"0","usernameFragment":1234,"sdpMid":null"#;
    assert_eq!(read(odd_index), (line(), None, some("1234")));
    assert_eq!(read(r#""candidate":"candidate:1","sdpMid":{}"#).1, some("[object Object]"), "no section is called so");
    for none in ["null", "\"\"", "{}", r#"{"candidate":"","sdpMid":"0"}"#] {
        assert_eq!(read(&format!(r#""candidate":{none}"#)).0, "", "{none}: no more follow");
    }
    let whole = r#""candidate":{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"abcd"}"#;
    assert_eq!(read(whole), (line(), some("0"), some("abcd")));
}

#[test]
fn a_description_is_read_as_its_text_or_as_the_object_that_has_it() {
    for sdp in [r#""v=0""#, r#"{"type":"offer","sdp":"v=0"}"#] {
        let offer = Body::Offer { sdp: Sdp("v=0".to_owned()) };
        assert_eq!(decoded(&raw(&format!(r#""kind":"offer","sdp":{sdp}"#))), Ok(Decoded::Body(offer)));
    }
    for sdp in ["null", "5", "{}", r#"{"sdp":5}"#] {
        let incomplete = DecodeError::Incomplete { kind: "offer".to_owned(), member: "sdp".to_owned() };
        assert_eq!(decoded(&raw(&format!(r#""kind":"offer","sdp":{sdp}"#))), Err(incomplete), "{sdp}");
    }
}

#[test]
fn a_refused_message_leaves_the_ear_open_for_the_next() {
    let (mut there, mut decoder) = (encoder(2), encoder(1).decoder());
    assert!(decoder.decode(b"noise").is_err());
    assert!(decoder.decode(&encoded(&mut there, &Body::Done { more: false })).is_ok());
}

#[test]
fn kinds_and_members_of_later_versions_are_passed_over() {
    assert_eq!(decoded(&raw(r#""kind":"dance""#)), Ok(Decoded::Unknown { kind: Text::new("dance") }));
    assert_eq!(decoded(&raw(r#""kind":"done","tempo":{"bpm":[120]}"#)), Ok(Decoded::Body(Body::Done { more: false })));
}

#[test]
fn a_tools_name_is_cut_to_what_is_shown() {
    let name = "x".repeat(1_000);
    let message = raw(&format!(r#""kind":"hello","tool":{{"name":"{name}","version":"1"}}"#));
    let Ok(Decoded::Body(Body::Hello { tool })) = decoded(&message) else { panic!("a hello") };
    assert_eq!(tool.name.chars().count(), Text::SHOWN_CHARS + 1);
}

fn record(text: &str) -> Result<Decoded, DecodeError> {
    decoded(&raw(&format!(r#""kind":"record","record":"{text}""#)))
}

fn packed(json: &[u8]) -> String {
    STANDARD.encode(deflate(json))
}

#[test]
fn a_record_that_cannot_be_used_is_told_in_its_own_words() {
    let refused = |fault| Err(DecodeError::Record { fault });
    assert_eq!(record("~"), refused(RecordError::NoBase64));
    assert_eq!(record("AAAA"), refused(RecordError::Inflate { fault: InflateError::Damaged }));
    assert_eq!(
        record(&packed(&vec![b' '; 9 << 20])),
        refused(RecordError::Inflate { fault: InflateError::TooLarge { most: 8 << 20 } })
    );
    assert_eq!(record(&packed(b"{}")), refused(RecordError::NoRecord { line: 1, column: 2 }));
    assert!(matches!(
        record(&packed(&[b'['; 1_000_000])),
        Err(DecodeError::Record { fault: RecordError::NoRecord { .. } })
    ));
}

#[test]
fn a_record_of_more_observations_than_are_judged_is_refused() {
    let mut many = Record::default();
    for _ in 0..=10_000 {
        many.push(Millis(0.0), Origin { question: Question::Host, uri: None }, Fact::Host(HostFact::NetworkChanged));
    }
    let message = encoded(&mut encoder(2), &Body::Record(Box::new(many)));
    assert_eq!(
        decoded(&message),
        Err(DecodeError::Record { fault: RecordError::Observations { count: 10_001, most: 10_000 } })
    );
}

#[test]
fn an_observation_is_called_by_its_place_whatever_the_other_end_calls_it() {
    let mut theirs = Record::default();
    theirs.push(Millis(0.0), Origin { question: Question::Host, uri: None }, Fact::Host(HostFact::NetworkChanged));
    theirs.observations[0].id = crate::model::ObservationId(u32::MAX);
    let message = encoded(&mut encoder(2), &Body::Record(Box::new(theirs)));
    let Ok(Decoded::Body(Body::Record(record))) = decoded(&message) else { panic!("a record") };
    assert_eq!(record.observations[0].id.0, 0);
}

#[test]
fn what_is_too_large_to_be_heard_is_not_said_and_not_counted() {
    let mut here = encoder(1);
    let sdp = Sdp("x".repeat(MESSAGE_BYTES_MAX));
    assert!(
        matches!(here.encode(&Body::Offer { sdp }), Err(EncodeError::TooLarge { bytes }) if bytes > MESSAGE_BYTES_MAX)
    );
    assert!(String::from_utf8_lossy(&encoded(&mut here, &Body::Done { more: false })).contains(r#""seq":1,"#));
}

#[test]
fn a_description_does_not_show_in_debug_output() {
    let body = Body::Offer { sdp: Sdp("a=ice-pwd:canary".to_owned()) };
    assert!(!format!("{body:?}").contains("canary"));
}

proptest! {
    #[test]
    fn no_message_makes_it_panic(members in "\"kind\":\"(offer|record|candidate|[ -~]{0,9})\",\"[a-z]{0,9}\":[ -~]{0,40}") {
        let _ = decoded(&raw(&members));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decoded(&bytes);
    }
}

#[test]
fn of_many_records_of_one_sender_a_few_are_read() {
    let (mut here, mut decoder) = (encoder(1), encoder(2).decoder());
    let record = Body::Record(Box::default());
    let read = (0..20).filter(|_| decoder.decode(&encoded(&mut here, &record)) != Ok(Decoded::Surplus)).count();
    assert_eq!(read, RECORDS_MAX as usize);
    let done = Body::Done { more: false };
    assert_eq!(decoder.decode(&encoded(&mut here, &done)), Ok(Decoded::Body(done)), "what follows is heard");
}

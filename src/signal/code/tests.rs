use super::*;
use crate::model::InflateError;
use crate::signal::SessionDescription;
use crate::signal::sdp::Hash;
use proptest::prelude::*;

fn ours(candidates: &[&str]) -> LocalDescription {
    LocalDescription {
        session: 4_711,
        ufrag: "8hhY".to_owned(),
        pwd: Password::new("asd88fgpdd777uzjYhagZg").expect("fit"),
        candidates: candidates.iter().map(|candidate| format!("candidate:{candidate}")).collect(),
        end_of_candidates: true,
        pacing_ms: None,
        fingerprint: None,
    }
}

/// A home: two addresses, a NAT, a relay over three protocols, and TCP.
const HOME: [&str; 8] = [
    "1077206318 1 udp 2130706431 192.168.178.23 54321 typ host",
    "2893471234 1 udp 2130706175 2001:db8:4a5c:1200:9d41:77c2:a01f:3b6e 54322 typ host",
    "1077206399 1 tcp 1518280447 192.168.178.23 9 typ host tcptype active",
    "2893471311 1 tcp 1518280191 2001:db8:4a5c:1200:9d41:77c2:a01f:3b6e 9 typ host tcptype active",
    "3318270561 1 udp 1694498815 203.0.113.77 61234 typ srflx raddr 192.168.178.23 rport 54321",
    "4018270561 1 udp 16777215 198.51.100.9 49170 typ relay raddr 203.0.113.77 rport 61234",
    "1118270561 1 udp 16776959 198.51.100.9 51702 typ relay raddr 203.0.113.77 rport 61235",
    "2118270561 1 udp 16776703 198.51.100.9 60011 typ relay raddr 203.0.113.77 rport 61236",
];

fn description(code: &str) -> SessionDescription {
    SessionDescription::read(&read(code).expect("a code").1.0).expect("a description")
}

#[test]
fn a_description_round_trips_but_for_foundations_and_related_addresses() {
    let home = ours(&HOME);
    for kind in [SdpType::Offer, SdpType::Answer] {
        let code = write(&home, kind);
        assert_eq!(read(&code).expect("a code").0, kind);
        let (before, after) = (SessionDescription::read(&home.write(kind).0).expect("ours"), description(&code));
        assert_eq!((&before.ufrag, &before.pwd, before.setup), (&after.ufrag, &after.pwd, after.setup));
        assert!(after.end_of_candidates);
        assert_eq!(before.candidates.len(), after.candidates.len());
        for (before, after) in before.candidates.into_iter().zip(after.candidates) {
            let foundation = after.foundation.clone();
            assert_eq!(RemoteCandidate { foundation, related: None, ..before }, after);
        }
    }
}

#[test]
fn a_code_is_short() {
    let few = write(&ours(&[HOME[0], HOME[4], HOME[5]]), SdpType::Offer);
    let home = write(&ours(&HOME), SdpType::Offer);
    assert!(few.len() < 200 && home.len() < 340, "{} {}\n{few}\n{home}", few.len(), home.len());
}

#[test]
fn what_is_not_as_recommended_is_kept_whole() {
    let odd = ours(&["a 1 udp 7 host.local 5000 typ prflx", "b 1 tcp 4294967295 ::1 443 typ host tcptype so"]);
    let odd = LocalDescription {
        pacing_ms: Some(20),
        fingerprint: Some(Fingerprint { hash: Hash::Sha256, digest: vec![0xab; 32] }),
        ..odd
    };
    let read = description(&write(&odd, SdpType::Offer));
    let priorities: Vec<u32> = read.candidates.iter().map(|candidate| candidate.priority).collect();
    assert_eq!(priorities, [7, u32::MAX]);
    assert_eq!((read.candidates[1].tcp_type, read.pacing_ms), (Some(TcpType::So), Some(20)));
    assert_eq!(read.fingerprint, odd.fingerprint);
}

#[test]
fn foundations_are_shared_where_they_were_shared() {
    let three = ours(&[
        "aa 1 udp 2130706431 192.0.2.1 1 typ host",
        "bb 1 udp 2130706175 192.0.2.2 2 typ host",
        "aa 1 udp 2130705919 192.0.2.1 3 typ host",
    ]);
    let read = description(&write(&three, SdpType::Offer));
    let foundations: Vec<&str> = read.candidates.iter().map(|candidate| candidate.foundation.as_str()).collect();
    assert_eq!(foundations, ["0", "1", "0"]);
}

#[test]
fn white_space_in_a_paste_is_passed_over() {
    let code = write(&ours(&HOME), SdpType::Offer);
    let wrapped: String = code.chars().flat_map(|c| [c, '\r', '\n', '\u{a0}']).collect();
    assert_eq!(read(&wrapped), read(&code));
}

#[test]
fn a_paste_that_lost_its_end_is_told_how_much_is_missing() {
    let code = write(&ours(&HOME), SdpType::Offer);
    assert_eq!(read(&code[..code.len() - 3]), Err(CodeError::Missing { count: 3 }));
    assert_eq!(CodeError::Missing { count: 3 }.to_string(), "3 characters are missing at the end of the code");
    assert_eq!(read(&format!("{code}{code}")), Err(CodeError::TooMany { count: code.len() }));
}

#[test]
fn any_one_character_mistyped_is_noticed() {
    let code = write(&ours(&HOME[..2]), SdpType::Answer);
    for at in "rtcd1-123-".len()..code.len() {
        let other = if code.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mistyped = format!("{}{other}{}", &code[..at], &code[at + 1..]);
        assert_eq!(read(&mistyped), Err(CodeError::Damaged), "{at}");
    }
}

#[test]
fn what_is_no_code_is_told_in_its_own_words() {
    assert_eq!(read(" \n"), Err(CodeError::Empty));
    assert_eq!(read("v=0\r\no=- 1 1 IN IP4 0.0.0.0"), Err(no_code()));
    assert_eq!(read("rtcd2-9-AAAAAAAAA"), Err(other_version("2")));
    assert_eq!(read("rtcd1-9-AAAA;AAAA"), Err(CodeError::Character { character: ';' }));
    assert_eq!(read("rtcd1-2-AA"), Err(CodeError::Damaged));
    assert_eq!(read(&"A".repeat(CHARS_MAX + 1)), Err(CodeError::TooLong { bytes: CHARS_MAX + 1, most: CHARS_MAX }));
}

/// A code that somebody made with more skill than care.
fn forged(json: &[u8]) -> String {
    let mut bytes = deflate(json);
    bytes.extend(checksum(&bytes).to_be_bytes());
    let body = URL_SAFE_NO_PAD.encode(bytes);
    format!("rtcd1-{}-{body}", body.len())
}

#[test]
fn a_forged_code_is_refused_by_what_is_wrong_in_it() {
    let content = |part| Err(CodeError::Content { part });
    let with = |ufrag: &str, candidates: &str| {
        format!(r#"{{"k":"o","u":"{ufrag}","p":"asd88fgpdd777uzjYhagZg","c":[{candidates}]}}"#)
    };
    assert!(read(&forged(with("8hhY", "").as_bytes())).is_ok());
    assert_eq!(read(&forged(b"{}")), content(CodePart::Json));
    assert_eq!(read(&forged(with("8h\\r\\na=x", "").as_bytes())), content(CodePart::Ufrag));
    assert_eq!(read(&forged(with("8hhY", r#""h 0 0 a\r\na=x 1""#).as_bytes())), content(CodePart::Candidates));
    assert_eq!(read(&forged(with("8hhY", r#""h 0 0 192.0.2.1 0""#).as_bytes())), content(CodePart::Candidates));
    let many = vec![r#""h 0 0 192.0.2.1 1""#; 101].join(",");
    assert_eq!(read(&forged(with("8hhY", &many).as_bytes())), content(CodePart::CandidateCount));
    let kind = with("8hhY", "").replace("\"o\"", "\"x\"");
    assert_eq!(read(&forged(kind.as_bytes())), content(CodePart::Kind));
    let bomb = CodeError::Inflate { fault: InflateError::TooLarge { most: INFLATED_BYTES_MAX } };
    assert_eq!(read(&forged(&vec![b' '; 1 << 20])), Err(bomb));
}

#[test]
fn a_password_shows_in_no_error() {
    let json = br#"{"k":"o","u":"8hhY","p":"canary.canary.canary.canary","c":[]}"#;
    let error = read(&forged(json)).expect_err("a password with a full stop");
    assert!(!format!("{error} {error:?}").contains("canary"));
}

proptest! {
    #[test]
    fn no_paste_makes_it_panic(paste in "(rtcd[0-9]{1,2}-[0-9]{0,3}-)?\\PC{0,60}") {
        let _ = read(&paste);
    }

    #[test]
    fn no_content_makes_it_panic(json in "[{]\"k\":\"o\",\"u\":\"8hhY\",\"p\":\"asd88fgpdd777uzjYhagZg\",\"c\":\\[\"[hspr][aps]? [0-9] -?[0-9]{0,12} [ -~]{0,9} [0-9]{0,7}\"\\][}]") {
        let _ = read(&forged(json.as_bytes()));
    }
}

use super::*;
use crate::model::{CandidateType, FingerprintError, Host, Protocol, Quoted, SdpError, TcpType};
use proptest::prelude::*;
use std::fmt::Write;

const CHROMIUM: &str = include_str!("../../../fixtures/sdp/chromium.sdp");
const FIREFOX: &str = include_str!("../../../fixtures/sdp/firefox.sdp");
const AIORTC: &str = include_str!("../../../fixtures/sdp/aiortc.sdp");
const WERIFT: &str = include_str!("../../../fixtures/sdp/werift.sdp");

/// What stands before the attributes of the session.
const HEAD: &str = "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n";

/// A least one, of LF lines, to be spoilt.
const SMALL: &str = "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\n\
                     a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\n";

fn read(sdp: &str) -> SessionDescription {
    SessionDescription::read(sdp).expect("a description")
}

fn spoilt(from: &str, to: &str) -> SdpError {
    let spoilt = SMALL.replace(from, to);
    assert_ne!(spoilt, SMALL, "{from:?} is there to be spoilt");
    SessionDescription::read(&spoilt).expect_err(to)
}

fn setup(description: &SessionDescription) -> Option<Setup> {
    description.setup.map(|(setup, _)| setup)
}

fn kinds(description: &SessionDescription) -> Vec<CandidateType> {
    description.candidates.iter().map(|candidate| candidate.kind).collect()
}

#[test]
fn chromiums_bundled_offer_is_read_at_its_first_section() {
    let read = read(CHROMIUM);
    assert_eq!((read.ufrag.as_str(), read.pwd.as_str()), ("pXk5", "PJmyG6GPdtdvZF0EUXqlt8aV"));
    use CandidateType::{Host as H, Relay, Srflx};
    assert_eq!(kinds(&read), [H, Srflx, Relay, H]);
    assert!(matches!(&read.candidates[0].host, Host::Name(name) if name.as_str().ends_with(".local")));
    assert_eq!(read.candidates[3].tcp_type, Some(TcpType::Active));
    assert!(read.trickle && !read.lite && !read.end_of_candidates && read.refused.is_empty());
    assert_eq!(setup(&read), Some(Setup::Actpass));
    assert_eq!(read.fingerprint.expect("one").digest[..2], [0x4a, 0xad]);
}

#[test]
fn firefoxs_answer_has_its_options_and_fingerprint_at_the_session() {
    let read = read(FIREFOX);
    assert!(read.trickle && read.end_of_candidates && read.fingerprint.is_some());
    assert_eq!((read.ufrag.as_str(), setup(&read)), ("3b2b6ea2", Some(Setup::Active)));
    assert_eq!(read.candidates[1].protocol, Protocol::Tcp);
    assert_eq!(kinds(&read).len(), 4);
}

#[test]
fn aiortcs_offer_does_not_trickle_and_of_its_fingerprints_the_first_is_taken() {
    let read = read(AIORTC);
    assert!(!read.trickle && read.end_of_candidates);
    assert_eq!(read.fingerprint.expect("one").hash, Hash::Sha256);
    assert_eq!(read.candidates[1].host.address(), Some("2001:db8::17".parse().expect("an address")));
}

#[test]
fn werifts_answer_names_the_ufrag_in_its_candidates() {
    let read = read(WERIFT);
    assert_eq!(read.candidates[0].ufrag.as_deref(), Some("6ad1"));
    assert_eq!((setup(&read), read.candidates.len()), (Some(Setup::Passive), 2));
}

fn ours() -> LocalDescription {
    LocalDescription {
        session: 4_711,
        ufrag: "8hhY".to_owned(),
        pwd: Password::new("asd88fgpdd777uzjYhagZg").expect("fit"),
        candidates: vec!["candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host ufrag 8hhY".to_owned()],
        end_of_candidates: true,
        pacing_ms: Some(20),
        fingerprint: Some(Fingerprint { hash: Hash::Sha256, digest: vec![0xab; 32] }),
    }
}

#[test]
fn what_is_written_is_read_back() {
    for (kind, setup) in [(SdpType::Offer, Setup::Actpass), (SdpType::Answer, Setup::Active)] {
        let Sdp(written) = ours().write(kind);
        assert!(written.lines().count() > 15 && written.ends_with("\r\n") && !written.contains("\r\n\r\n"));
        let read = read(&written);
        assert_eq!((&read.ufrag, &read.pwd, read.pacing_ms), (&ours().ufrag, &ours().pwd, Some(20)));
        assert_eq!(read.setup.map(|(setup, _)| setup), Some(setup));
        assert_eq!(read.fingerprint, ours().fingerprint);
        assert!(read.end_of_candidates && read.trickle && read.refused.is_empty());
        assert_eq!(read.candidates[0].host.address(), Some("192.0.2.1".parse().expect("an address")));
    }
}

#[test]
fn each_encoding_that_is_not_plain_utf_8_lines_is_told_in_its_own_words() {
    let utf_16: String = SMALL.chars().flat_map(|c| [c, '\0']).collect();
    assert_eq!(SessionDescription::read(&utf_16), Err(SdpError::Utf16));
    assert_eq!(SessionDescription::read(&format!("\u{feff}{SMALL}")), Err(SdpError::ByteOrderMark));
    assert_eq!(SessionDescription::read(&SMALL.replace('\n', "\r")), Err(SdpError::LoneCr { line: 1 }));
    assert_eq!(SessionDescription::read(&SMALL.replace('\n', "\r\n")), SessionDescription::read(SMALL));
    assert_eq!(spoilt("s=-", "s=\0"), SdpError::Nul { line: 3 });
    assert_eq!(spoilt("s=-", "s=a\rb"), SdpError::LoneCr { line: 3 });
    assert_eq!(SessionDescription::read(" \r\n"), Err(SdpError::Empty));
}

#[test]
fn a_blank_line_is_refused_where_something_follows_it() {
    assert_eq!(spoilt("s=-", "s=-\n"), SdpError::Line { line: 4 });
    assert_eq!(SessionDescription::read(&format!("{SMALL}\n")), SessionDescription::read(SMALL));
}

#[test]
fn a_homoglyph_is_no_letter_of_sdp() {
    assert_eq!(spoilt("a=ice-ufrag", "\u{430}=ice-ufrag"), SdpError::Line { line: 6 });
    assert_eq!(spoilt("ice-ufrag", "ice-ufr\u{430}g"), SdpError::Attribute { line: 6 });
}

#[test]
fn credentials_of_media_servers_are_taken_as_browsers_take_them() {
    let odd = SMALL.replace("8hhY", "vfri_WIB=rS-9h#").replace("asd88fgpdd777uzjYhagZg", "asd88fgpdd_77uz=YhagZg");
    assert_eq!(read(&odd).ufrag, "vfri_WIB=rS-9h#");
}

#[test]
fn each_fault_of_a_description_is_told_in_its_own_words() {
    let ufrag = |ufrag: &str| spoilt("ufrag:8hhY", &format!("ufrag:{ufrag}"));
    let length = |chars, least| Unfit::Length { chars, least, most: 256 };
    assert_eq!(ufrag("8hh"), SdpError::Ufrag { line: 6, unfit: length(3, 4) });
    assert_eq!(ufrag(&"8".repeat(257)), SdpError::Ufrag { line: 6, unfit: length(257, 4) });
    assert_eq!(ufrag("8h.Y"), SdpError::Ufrag { line: 6, unfit: Unfit::Character });
    assert_eq!(
        spoilt("asd88fgpdd777uzjYhagZg", "asd88fgpdd777uzjYhagZ"),
        SdpError::Pwd { line: 7, unfit: length(21, 22) }
    );
    assert_eq!(spoilt("a=ice-ufrag:8hhY\n", ""), SdpError::NoUfrag);
    assert_eq!(spoilt("a=ice-pwd:asd88fgpdd777uzjYhagZg\n", ""), SdpError::NoPwd);
    assert_eq!(spoilt("v=0\n", "{\"type\":\"offer\"}\n"), SdpError::NoSdp);
    assert_eq!(spoilt("s=-\n", "s-\n"), SdpError::Line { line: 3 });
    assert_eq!(spoilt("m=application 9 ", "m=application "), SdpError::Media { line: 5 });
    assert_eq!(spoilt("m=application 9 ", "m=application 0 "), SdpError::Rejected);
    assert_eq!(spoilt("m=application 9", "i=application 9"), SdpError::NoMedia);
    let setup = SdpError::Setup { line: 3, setup: Quoted::new("both") };
    assert_eq!(spoilt("s=-", "a=setup:both"), setup);
    let md5 = format!("a=fingerprint:md5 {}", ["00"; 16].join(":"));
    assert_eq!(
        spoilt("s=-", &md5),
        SdpError::Fingerprint { line: 3, fault: FingerprintError::Hash { name: Quoted::new("md5") } }
    );
    let short = FingerprintError::Length { hash: "sha-256".to_owned(), expected: 32, found: 2 };
    assert_eq!(spoilt("s=-", "a=fingerprint:sha-256 00:01"), SdpError::Fingerprint { line: 3, fault: short });
    assert_eq!(spoilt("o=- 1 1 IN IP4 0.0.0.0\n", ""), SdpError::NoLine { start: "o=".to_owned() });
    assert_eq!(spoilt("t=0 0\n", ""), SdpError::NoLine { start: "t=".to_owned() });
    for origin in ["o=- 1 1", "o=- 1 1 IN IP4 0.0.0.0 ", "o=-  1 IN IP4 0.0.0.0"] {
        assert_eq!(spoilt("o=- 1 1 IN IP4 0.0.0.0", origin), SdpError::Origin { line: 2 }, "{origin}");
    }
    assert_eq!(spoilt("s=-", "b=AS:many"), SdpError::Bandwidth { line: 3 });
    for extensions in ["a=extmap:0 urn:x", "a=extmap:999 urn:x", "a=extmap:1 urn:x\na=extmap:1/sendonly urn:y"] {
        let line = 2 + extensions.lines().count();
        assert_eq!(spoilt("s=-", extensions), SdpError::ExtensionId { line }, "{extensions}");
    }
    for fit in ["b=AS:500", "b=TIAS:0", "a=extmap:1/sendonly urn:x\na=extmap:255 urn:y\na=extmap:4096 urn:z"] {
        assert!(SessionDescription::read(&SMALL.replace("s=-", fit)).is_ok(), "{fit}");
    }
    let digits = SdpError::Fingerprint { line: 3, fault: FingerprintError::Digits };
    assert_eq!(spoilt("s=-", "a=fingerprint:sha-256 0:+1"), digits);
    let spaced = format!("a=fingerprint:sha-256 {} ", ["0a"; 32].join(":"));
    assert_eq!(spoilt("s=-", &spaced), digits, "a space behind it");
}

#[test]
fn a_pace_is_a_number_of_milliseconds_and_anything_else_is_passed_over() {
    let paces =
        [("0", Some(0)), ("50", Some(50)), ("9999999999", Some(u32::MAX)), ("-5", None), ("soon", None), ("", None)];
    for (value, pacing_ms) in paces {
        let sdp = SMALL.replace("t=0 0\n", &format!("t=0 0\na=ice-pacing:{value}\n"));
        assert_eq!(read(&sdp).pacing_ms, pacing_ms, "{value}");
    }
}

#[test]
fn a_fingerprint_that_can_be_used_makes_up_for_one_that_cannot() {
    let good = format!("a=fingerprint:sha-1 {}", ["0a"; 20].join(":"));
    let bad = "a=fingerprint:md5 00";
    for both in [format!("{good}\n{bad}"), format!("{bad}\n{good}")] {
        assert_eq!(read(&SMALL.replace("s=-", &both)).fingerprint.expect("one").hash, Hash::Sha1);
    }
}

fn media(mid: &str, port: u16, ufrag: &str) -> String {
    let ice = format!("a=ice-ufrag:{ufrag}\na=ice-pwd:asd88fgpdd777uzjYhagZg");
    format!("m=audio {port} UDP/TLS/RTP/SAVPF 0\na=mid:{mid}\n{ice}\n")
}

#[test]
fn the_first_section_that_is_not_rejected_counts() {
    let sdp = format!("{HEAD}{}{}", media("a", 0, "gone"), media("b", 9, "here"));
    assert_eq!(read(&sdp).ufrag, "here");
}

#[test]
fn a_medias_own_credentials_count_before_the_sessions() {
    let session = "a=ice-ufrag:sess\na=ice-pwd:asd88fgpdd777uzjYhagZg\n";
    assert_eq!(read(&format!("{HEAD}{session}{}", media("a", 9, "mine"))).ufrag, "mine");
    assert_eq!(read(&format!("{HEAD}{session}m=audio 9 UDP/TLS/RTP/SAVPF 0\n")).ufrag, "sess");
}

#[test]
fn sections_that_are_not_bundled_with_the_first_go_another_way_and_their_candidates_with_them() {
    let candidate = "a=candidate:1 1 udp 1 192.0.2.1 1000 typ host\n";
    let both = format!("{}{}{candidate}", media("a", 9, "this"), media("b", 9, "that"));
    let apart = ["", "a=group:BUNDLE a\n", "a=group:BUNDLE a\na=group:BUNDLE b\n"];
    for group in apart {
        let read = read(&format!("{HEAD}{group}{both}"));
        assert_eq!((read.ufrag.as_str(), read.candidates.len()), ("this", 0), "{group}");
        assert_eq!((read.elsewhere.len(), read.other_mids), (1, vec!["b".to_owned()]), "{group}");
    }
    let bundled = read(&format!("{HEAD}a=group:BUNDLE a b\n{both}"));
    assert_eq!((bundled.ufrag.as_str(), bundled.elsewhere.len(), bundled.other_mids.len()), ("this", 0, 0));
}

#[test]
fn a_candidate_of_no_use_is_told_with_its_line_and_the_others_are_used() {
    let lines = "a=candidate:1 1 udp 5 192.168.0.274 9 typ host\na=candidate:1 1 udp 5 192.0.2.1 9 typ host\n\
                 a=candidate:1 2 udp 4 192.0.2.1 10 typ host\n";
    let read = read(&format!("{SMALL}{lines}"));
    assert_eq!(read.candidates.len(), 1);
    assert_eq!(
        read.refused,
        [
            (8, LineError::Address { word: Quoted::new("192.168.0.274") }),
            (10, LineError::OtherComponent { component: 2 })
        ]
    );
}

#[test]
fn candidates_beyond_a_hundred_are_counted_and_not_read() {
    let mut sdp = SMALL.to_owned();
    for port in 1..=500 {
        let _ = writeln!(sdp, "a=candidate:1 1 udp 5 192.0.2.1 {port} typ host");
    }
    let read = read(&sdp);
    assert_eq!((read.candidates.len(), read.ignored), (SessionDescription::CANDIDATES_MAX, 400));
}

#[test]
fn lines_of_media_that_no_browser_reads_are_told_as_they_stand() {
    let of = |line: &str| SessionDescription::read(&format!("{HEAD}{}{line}\n", media("a", 9, "here"))).err();
    for line in
        ["a=rtpmap:96 VP8/90000", "a=rtpmap:111 opus/48000/2 ", "a=simulcast:send 1;2", "a=simulcast:recv 1 send 2"]
    {
        assert_eq!(of(line), None, "{line}");
    }
    let line = HEAD.lines().count() + media("a", 9, "here").lines().count() + 1;
    for text in ["a=rtpmap:96 VP8", "a=rtpmap:96", "a=rtpmap:96 VP8/", "a=rtpmap:96 VP8/fast"] {
        assert_eq!(of(text), Some(SdpError::Codec { line }), "{text}");
    }
    for text in ["a=simulcast:send", "a=simulcast:", "a=simulcast:send 1 recv", "a=simulcast:both 1"] {
        assert_eq!(of(text), Some(SdpError::Simulcast { line }), "{text}");
    }
    let escaped = media("a", 9, "here").replace('/', "&#x2F;");
    let transport = Quoted::new("UDP&#x2F;TLS&#x2F;RTP&#x2F;SAVPF");
    let line = HEAD.lines().count() + 1;
    assert_eq!(
        SessionDescription::read(&format!("{HEAD}{escaped}")).err(),
        Some(SdpError::Transport { line, transport })
    );
    for kept in ["RTP/AVP", "TCP/DTLS/RTP/SAVPF"] {
        let sdp = format!("{HEAD}{}", media("a", 9, "here").replace("UDP/TLS/RTP/SAVPF", kept));
        assert!(SessionDescription::read(&sdp).is_ok(), "{kept}");
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_looked_at() {
    let line = format!("a=candidate:1 1 udp 5 192.0.2.1 9 typ host x {}\n", "y".repeat(1 << 20));
    for large in [line, "a=x\n".repeat(1_000_000), "a=candidate:1 1 udp 5 192.0.2.1 9 typ host\n".repeat(10_000)] {
        let large = format!("{SMALL}{large}");
        assert_eq!(
            SessionDescription::read(&large),
            Err(SdpError::TooLarge { bytes: large.len(), most: SessionDescription::BYTES_MAX })
        );
    }
}

#[test]
fn a_password_shows_neither_in_debug_output_nor_in_an_error() {
    let shown = format!("{:?} {:?} {:?}", read(SMALL), ours(), ours().write(SdpType::Offer));
    assert!(!shown.contains("asd88f"), "{shown}");
    let error = spoilt("asd88fgpdd777uzjYhagZg", "asd88fgpdd777uzjYhag.g");
    assert!(!format!("{error} {error:?}").contains("asd88f"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(v=0\n)?([ma]=[ -~é]{0,30}\r?\n){0,20}\\PC{0,40}") {
        let _ = SessionDescription::read(&text);
    }

    #[test]
    fn no_mutation_of_a_real_one_makes_it_panic(
        whose in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..20),
    ) {
        let mut bytes = [CHROMIUM, FIREFOX, AIORTC, WERIFT][whose].as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, byte),
            }
        }
        let _ = SessionDescription::read(&String::from_utf8_lossy(&bytes));
    }
}

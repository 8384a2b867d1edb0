//! Whole calls with an end that gets its description wrong: who begins, by which certificate, with which sections.

use super::calls::broken;
use super::strangers::{finds, judged, nothing_more, with_messages};
use super::*;
use crate::diagnose::diagnose;
use crate::model::{CallBreak, CallOutcome, Diagnosis, Path, Severity, Text};

/// What becomes of a call whose answer, or whose offer on its way to who answers, is changed.
fn judged_with(hears: fn(String) -> String, says: fn(String) -> String) -> (Diagnosis, Vec<Fact>) {
    let mut two = with_messages(hears, says, nothing_more);
    two.finish();
    (judged(&two), two.facts(0))
}

/// What becomes of a message.
type Change = Box<dyn FnMut(String) -> String>;

fn unchanged(message: String) -> String {
    message
}

#[test]
fn where_nobody_begins_dtls_it_is_said_whose_turn_it_was() {
    let (diagnosis, facts) = judged_with(unchanged, |message| message.replace("a=setup:passive", "a=setup:active"));
    assert_eq!(finds(&diagnosis, Code::CallDtlsNotBegun), Some(Severity::Critical), "{:?}", broken(&facts));
    let told = diagnosis.findings.iter().find(|finding| finding.code == Code::CallDtlsNotBegun).expect("told");
    assert_eq!(told.about.setup.as_ref().map(Text::as_str), Some("active"));
    assert!(told.about.line.is_some());
    for network in [Code::CallDtlsBlocked, Code::CallDtlsUnheard, Code::CallDtlsSilent, Code::NoRelay, Code::ForceRelay]
    {
        assert_eq!(finds(&diagnosis, network), None, "{network}");
    }
    assert_eq!(diagnosis.exit_code(), 2);
}

#[test]
fn where_both_begin_dtls_that_is_said() {
    // Who answers takes the part that the offer leaves, and its answer is made to say the opposite.
    let (diagnosis, facts) = judged_with(
        |message| message.replace("a=setup:actpass", "a=setup:passive"),
        |message| message.replace("a=setup:active", "a=setup:passive"),
    );
    assert_eq!(finds(&diagnosis, Code::CallDtlsBothBegin), Some(Severity::Critical), "{:?}", broken(&facts));
    assert_eq!(diagnosis.exit_code(), 2);
}

/// The message with something put in before each word that follows `marker`.
fn odd_after(message: String, markers: &[&str]) -> String {
    markers.iter().fold(message, |message, marker| message.replace(marker, &format!("{marker}Odd")))
}

/// The message whose passwords lack their end.
fn trimmed(message: String) -> String {
    let mut parts = message.split("a=ice-pwd:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let end = part.find("\\r").unwrap_or_default();
        format!("{text}a=ice-pwd:{}{}", &part[..end - 2], &part[end..])
    })
}

#[test]
fn a_description_that_is_not_of_its_agent_is_named_at_both_ends_and_no_network_with_it() {
    let ufrag = |message| odd_after(message, &["a=ice-ufrag:", "\"usernameFragment\":\""]);
    let password = |message| odd_after(message, &["a=ice-pwd:"]);
    let changes: [fn(String) -> String; 3] = [ufrag, password, trimmed];
    for (which, change) in changes.into_iter().enumerate() {
        for is_offer in [true, false] {
            let mut two = match is_offer {
                true => with_messages(change, unchanged, nothing_more),
                false => with_messages(unchanged, change, nothing_more),
            };
            two.finish();
            for end in 0..2 {
                let diagnosis = diagnose(two.ends[end].1.0.borrow().records().0);
                let is_theirs = (end == 0) != is_offer;
                let [told, other] = match is_theirs {
                    true => [Code::PeerCredentialsOther, Code::OwnCredentialsOther],
                    false => [Code::OwnCredentialsOther, Code::PeerCredentialsOther],
                };
                let of = format!("change {which} of the {}, end {end}", if is_offer { "offer" } else { "answer" });
                assert_eq!(finds(&diagnosis, told), Some(Severity::Critical), "{of}: {:#?}", two.facts(end));
                assert_eq!(finds(&diagnosis, other), None, "{of}");
                let others = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
                assert_eq!(others.filter(|finding| finding.code != told).count(), 0, "{of}: {:#?}", diagnosis.findings);
                assert_eq!(diagnosis.verdict.because, [told], "{of}");
                assert_eq!((diagnosis.verdict.path.value(), diagnosis.exit_code()), (Some(&Path::None), 2), "{of}");
            }
        }
    }
}

#[test]
fn a_description_of_which_no_browser_makes_a_call_is_told_by_its_reason_and_exits_2() {
    let without = |line: &'static str| {
        move |message: String| {
            let lines = message.split("\\r\\n").filter(|text| !text.starts_with(line));
            lines.collect::<Vec<_>>().join("\\r\\n")
        }
    };
    let cut_in = |line: &'static str, kept: usize| {
        move |message: String| match message.rfind(line) {
            Some(at) => format!("{}\"}}", &message[..at + kept]),
            None => message,
        }
    };
    let cases: [(Code, Change); 6] = [
        (Code::CallNoFingerprint, Box::new(without("a=fingerprint:"))),
        (Code::CallAnswerUndecided, Box::new(|message| message.replace("a=setup:passive", "a=setup:actpass"))),
        (
            Code::CallSectionsMissing,
            Box::new(|message| match message.split_once("m=application") {
                Some((before, _)) => format!("{before}\"}}"),
                None => message,
            }),
        ),
        (Code::CallDescriptionCut, Box::new(cut_in("a=sctp-port", 6))),
        (Code::CallDescriptionCut, Box::new(cut_in("a=rtpmap:", 12))),
        (
            Code::CallNothingTaken,
            Box::new(|message| {
                ["audio", "video", "application"].iter().fold(message, |message, kind| {
                    message.replace(&format!("m={kind} 9"), &format!("m={kind} 0")).replace("a=bundle-only", "a=x")
                })
            }),
        ),
    ];
    for (code, says) in cases {
        let mut two = with_messages(unchanged, says, nothing_more);
        two.finish();
        let (diagnosis, facts) = (judged(&two), two.facts(0));
        if code == Code::CallNothingTaken {
            // Without a section in use there are no credentials to check pairs with either.
            assert!(finds(&diagnosis, Code::PeerDescriptionUnusable).or(finds(&diagnosis, code)).is_some());
        } else {
            assert_eq!(finds(&diagnosis, code), Some(Severity::Critical), "{code}: {:?} {facts:#?}", broken(&facts));
            assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::NoAgreement), "{code}");
        }
        assert_eq!(diagnosis.exit_code(), 2, "{code}");
    }
}

/// The message with its sections changed.
fn sections(message: String, change: impl Fn(Vec<&str>) -> String) -> String {
    if !message.contains("\"sdp\"") {
        return message;
    }
    let (text, end) = message.rsplit_once("\\r\\n").unwrap_or((&message, ""));
    let mut parts = text.split("\\r\\nm=");
    let session = parts.next().unwrap_or_default();
    format!("{session}{}\\r\\n{end}", change(parts.map(|part| part.trim_start_matches("m=")).collect()))
}

/// Sections after one another.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().flat_map(|part| ["\\r\\nm=", part]).collect()
}

#[test]
fn sections_that_cannot_be_told_apart_or_are_not_those_of_the_offer_make_no_call_in_either_role() {
    let reversed = |message| sections(message, |parts| joined(parts.into_iter().rev()));
    let another_kind = |message| sections(message, |parts| joined(parts).replacen("\\r\\nm=audio", "\\r\\nm=video", 1));
    let one_more = |message| {
        sections(message, |parts| joined(parts.into_iter().chain(["audio 0 UDP/TLS/RTP/SAVPF 0\\r\\na=mid:more"])))
    };
    let other_names = |message| {
        sections(message, |parts| joined(parts).replace("a=mid:", "a=mid:x")).replace("a=group:BUNDLE", "a=group:LS")
    };
    let one_name = |message: String| {
        let mids = message.split("a=mid:").skip(1).filter_map(|part| part.split("\\r").next());
        let mids: Vec<String> = mids.map(str::to_owned).collect();
        mids.iter()
            .fold(message, |message, mid| message.replace(&format!("a=mid:{mid}"), &format!("a=mid:{}", mids[0])))
    };
    let ghost = |message: String| message.replace("a=group:BUNDLE", "a=group:BUNDLE ghost");
    let apart = |message: String| message.replace("a=rtcp-mux\\r\\n", "");
    type Plain = fn(String) -> String;
    // What it is, and what it is in an offer, of which the order and the names are its maker's choice.
    let cases: [(Plain, Code, Option<Code>); 7] = [
        (reversed, Code::CallSectionsDiffer, None),
        (another_kind, Code::CallSectionsDiffer, None),
        (one_more, Code::CallSectionsDiffer, None),
        (other_names, Code::CallSectionsDiffer, None),
        (one_name, Code::CallSectionsDiffer, Some(Code::CallMidsUnclear)),
        (ghost, Code::CallMidsUnclear, Some(Code::CallMidsUnclear)),
        (apart, Code::CallNoRtcpMux, Some(Code::CallNoRtcpMux)),
    ];
    for (which, (change, of_answer, of_offer)) in cases.into_iter().enumerate() {
        for (end, code) in [(0, Some(of_answer)), (1, of_offer)] {
            let Some(code) = code else { continue };
            let mut two = match end {
                0 => with_messages(unchanged, change, nothing_more),
                _ => with_messages(change, unchanged, nothing_more),
            };
            two.finish();
            let (diagnosis, facts) = (diagnose(two.ends[end].1.0.borrow().records().0), two.facts(end));
            let of = format!("change {which}, end {end}: {:?}", broken(&facts));
            let told = diagnosis.findings.iter().find(|finding| finding.code == code);
            let told = told.unwrap_or_else(|| panic!("{of}, {:#?}", diagnosis.findings));
            assert_eq!(told.severity, Severity::Critical, "{of}");
            assert!(told.about.line.is_some(), "{of}");
            let others = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
            assert_eq!(others.map(|finding| finding.code).collect::<Vec<_>>(), [code], "{of}");
            assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::NoAgreement), "{of}");
            assert_eq!(diagnosis.exit_code(), 2, "{of}");
        }
    }
}

#[test]
fn a_role_in_capitals_is_one() {
    let capitals = |message: String| {
        ["actpass", "active", "passive"].iter().fold(message, |message, role| {
            message.replace(&format!("a=setup:{role}"), &format!("a=setup:{}", role.to_uppercase()))
        })
    };
    let mut two = with_messages(capitals, capitals, nothing_more);
    two.finish();
    for end in 0..2 {
        let diagnosis = diagnose(two.ends[end].1.0.borrow().records().0);
        let outcome = diagnosis.call.as_ref().map(|call| call.outcome);
        assert_eq!(outcome, Some(CallOutcome::Good), "end {end}: {:#?}", two.facts(end));
    }
}

/// What becomes of a call at both ends, with every description changed on its way.
fn outcomes(change: fn(String) -> String) -> [Diagnosis; 2] {
    let mut two = with_messages(change, change, nothing_more);
    two.finish();
    [0, 1].map(|end| diagnose(two.ends[end].1.0.borrow().records().0))
}

fn is_good(diagnosis: &Diagnosis) -> bool {
    diagnosis.call.as_ref().is_some_and(|call| call.outcome == CallOutcome::Good) && diagnosis.exit_code() == 0
}

#[test]
fn of_several_fingerprints_any_may_be_the_certificates() {
    const LINE: &str = "a=fingerprint:sha-256 ";
    /// The message with another fingerprint by the same function beside each.
    fn beside(message: String, is_first: bool) -> String {
        let mut parts = message.split(LINE);
        let start = parts.next().unwrap_or_default().to_owned();
        parts.fold(start, |text, part| {
            let (right, rest) = part.split_once("\\r\\n").unwrap_or((part, ""));
            let wrong = ["1F"; 32].join(":");
            let (one, other) = if is_first { (wrong.as_str(), right) } else { (right, wrong.as_str()) };
            format!("{text}{LINE}{one}\\r\\n{LINE}{other}\\r\\n{rest}")
        })
    }
    for diagnosis in outcomes(|message| beside(message, true)).iter().chain(&outcomes(|message| beside(message, false)))
    {
        assert!(is_good(diagnosis), "{:?} {:#?}", diagnosis.call, diagnosis.findings);
    }
}

#[test]
fn a_wish_for_checks_an_hour_apart_is_bounded_and_told() {
    for diagnosis in outcomes(|message| message.replace("a=ice-pacing:10", "a=ice-pacing:3600000")) {
        assert!(is_good(&diagnosis), "{:?} {:#?}", diagnosis.call, diagnosis.findings);
        assert_eq!(finds(&diagnosis, Code::PeerPaceSlow), Some(Severity::Info));
    }
}

#[test]
fn a_description_as_long_as_a_message_can_be_makes_a_call() {
    let padded = |message: String| {
        let padding = format!("a=x-padding:{}\\r\\n", "y".repeat(90)).repeat(2_000);
        match message.contains("\"sdp\"") {
            true => message.replacen("a=rtcp-mux\\r\\n", &format!("a=rtcp-mux\\r\\n{padding}"), 1),
            false => message,
        }
    };
    for diagnosis in outcomes(padded) {
        assert!(is_good(&diagnosis), "{:?} {:#?}", diagnosis.call, diagnosis.findings);
    }
}

#[test]
fn what_our_own_stack_cannot_do_is_nothing_against_the_other_end() {
    let (diagnosis, facts) = judged_with(unchanged, |message| message.replace("a=rtpmap:", "a=rtpmap:x"));
    let limits = broken(&facts);
    let [CallBreak::DescriptionUnusable { detail, why, .. }] = &limits[..] else { panic!("{limits:?}") };
    if *why == Some(Code::CallStackLimit) {
        assert!(!detail.as_str().contains("PointerOffset"), "{detail:?}");
        assert_eq!(finds(&diagnosis, Code::CallStackLimit), Some(Severity::Warning));
        assert!(diagnosis.exit_code() < 2, "the pairs work");
    }
}

#[test]
fn sound_or_picture_without_a_common_codec_is_told_beside_data_that_pass() {
    let both = |message: String| message.replace("opus/48000", "L16/48000").replace("VP8/90000", "H264/90000");
    let video = |message: String| message.replace("VP8/90000", "H264/90000");
    let changes: [fn(String) -> String; 2] = [both, video];
    for change in changes {
        let (diagnosis, facts) = judged_with(unchanged, change);
        let outcome = diagnosis.call.as_ref().map(|call| call.outcome);
        assert_eq!(outcome, Some(CallOutcome::CodecsDiffer), "{:?} {facts:#?}", broken(&facts));
        assert_eq!(finds(&diagnosis, Code::CallMediaWithoutCodec), Some(Severity::Warning));
        assert_eq!(finds(&diagnosis, Code::CallPartOffered), None);
        assert_eq!(diagnosis.exit_code(), 1, "it works in part");
    }
}

#[test]
fn codecs_of_an_offer_that_this_end_does_not_speak_are_a_limit_of_this_tool() {
    let mut two = with_messages(|message| message.replace("VP8/90000", "H264/90000"), unchanged, nothing_more);
    two.finish();
    let diagnosis = diagnose(two.ends[1].1.0.borrow().records().0);
    assert_eq!(finds(&diagnosis, Code::CallCodecsNotSpoken), Some(Severity::Info), "{:#?}", two.facts(1));
    assert_eq!(finds(&diagnosis, Code::CallMediaWithoutCodec), None);
}

#[test]
fn an_offer_or_an_answer_that_never_comes_is_told_as_that_and_no_network_with_it() {
    let lost =
        |kind: &'static str| move |message: String| message.replace(&format!("\"kind\":\"{kind}\""), "\"kind\":\"x\"");
    let no_answer = with_messages(unchanged, lost("answer"), nothing_more);
    let no_offer =
        with_messages(|message| message.replace("\"kind\":\"offer\"", "\"kind\":\"x\""), unchanged, nothing_more);
    for (mut two, ends) in [(no_answer, 0..1), (no_offer, 0..2)] {
        two.finish();
        for end in ends {
            let diagnosis = diagnose(two.ends[end].1.0.borrow().records().0);
            let outcome = diagnosis.call.as_ref().map(|call| call.outcome);
            assert_eq!(outcome, Some(CallOutcome::NoAnswer), "end {end}: {:#?}", two.facts(end));
            let grave = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
            let grave: Vec<Code> = grave.map(|finding| finding.code).collect();
            assert_eq!(grave, [Code::PeerSentNoDescription], "end {end}");
            assert_eq!(diagnosis.verdict.because, [Code::PeerSentNoDescription]);
            assert_eq!((diagnosis.verdict.path.value(), diagnosis.exit_code()), (Some(&Path::None), 2));
        }
    }
}

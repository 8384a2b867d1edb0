//! Whole calls with an end that gets its description wrong: who begins, by which certificate, with which sections.

use super::calls::broken;
use super::strangers::{finds, judged, nothing_more, with_messages};
use super::*;
use crate::model::{CallBreak, CallOutcome, Diagnosis, Severity, Text};

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

#[test]
fn a_description_of_which_no_browser_makes_a_call_is_told_by_its_reason_and_exits_2() {
    let without = |line: &'static str| {
        move |message: String| {
            let lines = message.split("\\r\\n").filter(|text| !text.starts_with(line));
            lines.collect::<Vec<_>>().join("\\r\\n")
        }
    };
    let cases: [(Code, Change); 5] = [
        (Code::CallNoFingerprint, Box::new(without("a=fingerprint:"))),
        (Code::CallAnswerUndecided, Box::new(|message| message.replace("a=setup:passive", "a=setup:actpass"))),
        (
            Code::CallSectionsMissing,
            Box::new(|message| match message.split_once("m=application") {
                Some((before, _)) => format!("{before}\"}}"),
                None => message,
            }),
        ),
        (
            Code::CallDescriptionCut,
            Box::new(|message| match message.rfind("a=sctp-port") {
                Some(at) => format!("{}\"}}", &message[..at + 6]),
                None => message,
            }),
        ),
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

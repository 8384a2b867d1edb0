//! Calls in which an end describes itself anew: what changes the call is negotiated, and what is no description of it changes
//! nothing (RFC 3264 §8).

use super::calls::{broken, calling, traffic};
use super::strangers::{finds, nothing_more, with_configs};
use super::*;
use crate::diagnose::diagnose;
use crate::model::{CallFact, CallOutcome, Diagnosis, IceFact, Severity, SignallingFact};
use crate::peer::CallConfig;

/// What becomes of a description.
type Change = fn(String) -> String;

/// A call of which this end leaves its ports halfway, so that it offers again; its later offers are changed.
fn offered_again(end: usize, change: Change) -> Two {
    let mut configs = [calling(), calling()];
    configs[end].call = configs[end].call.map(|call| CallConfig { roam: true, ..call });
    let mut offers = 0;
    // The first offer of the call is of the end that came first.
    let of_the_call = usize::from(end == 0);
    let later = move |message: String| {
        offers += usize::from(message.contains("\"kind\":\"offer\""));
        let is_later = message.contains("\"kind\":\"offer\"") && offers > of_the_call;
        if is_later { change(message) } else { message }
    };
    let mut two = match end {
        0 => with_configs(configs, later, |message| message, nothing_more),
        _ => with_configs(configs, |message| message, later, nothing_more),
    };
    two.finish();
    two
}

fn diagnosed(two: &Two, end: usize) -> Diagnosis {
    diagnose(two.ends[end].1.0.borrow().records().0)
}

fn refusals(two: &Two, end: usize) -> Vec<Code> {
    let code =
        |fact| if let Fact::Signalling(SignallingFact::MessageRefused { why, .. }) = fact { Some(why) } else { None };
    two.facts(end).into_iter().filter_map(code).collect()
}

/// The message without the lines that begin so.
fn without(message: &str, line: &str) -> String {
    message.split("\\r\\n").filter(|text| !text.starts_with(line)).collect::<Vec<_>>().join("\\r\\n")
}

#[test]
fn an_offer_that_changes_what_is_sent_is_negotiated_and_the_call_goes_on() {
    let held: Change = |message| message.replace("a=sendrecv", "a=inactive");
    let stopped: Change = |message| {
        let (before, video) = message.split_once("m=video 9").unwrap_or((&message, ""));
        format!("{before}m=video 0{video}").replace("a=bundle-only", "a=x")
    };
    let capitals: Change = |message| message.replace("a=setup:actpass", "a=setup:ACTPASS");
    for end in 0..2 {
        let hearing = 1 - end;
        let usual = traffic(&offered_again(end, |message| message).facts(hearing)).video.sent_packets;
        for (change, goes_on) in [(held, false), (stopped, false), (capitals, true)] {
            let two = offered_again(end, change);
            assert_eq!(refusals(&two, hearing), [], "end {end}");
            let facts = two.facts(hearing);
            assert!(facts.contains(&Fact::Ice(IceFact::Restarted)), "end {end}");
            assert!(broken(&facts).is_empty(), "end {end}: {:?}", broken(&facts));
            let outcome = diagnosed(&two, hearing).call.map(|call| call.outcome);
            assert_eq!(outcome, Some(CallOutcome::Good), "end {end}: {facts:#?}");
            // What the other end does not take any more is not sent.
            let sent = traffic(&facts).video.sent_packets;
            assert_eq!(sent * 5 > usual * 4, goes_on, "end {end}: {sent} of {usual}");
        }
    }
}

#[test]
fn an_offer_that_is_none_of_this_call_is_refused_and_the_call_goes_on() {
    let cases: [(Change, Code); 4] = [
        (|message| without(&message, "a=fingerprint:"), Code::PeerChangeRefused),
        (|message| without(&message, "o="), Code::PeerChangeRefused),
        (|message| message.replace("m=audio", "m=text"), Code::PeerChangeRefused),
        (
            |message| message.replace("a=mid:", "a=mid:x").replace("a=group:BUNDLE", "a=group:LS"),
            Code::PeerChangeRefused,
        ),
    ];
    for (which, (change, code)) in cases.into_iter().enumerate() {
        let end = which % 2;
        let two = offered_again(end, change);
        let (of, hearing) = (format!("change {which} of end {end}"), 1 - end);
        let facts = two.facts(hearing);
        assert!(!facts.contains(&Fact::Ice(IceFact::Restarted)), "{of}: nothing of it is taken");
        assert_eq!(refusals(&two, hearing).first(), Some(&code), "{of}: {facts:#?}");
        let diagnosis = diagnosed(&two, hearing);
        assert_eq!(finds(&diagnosis, code), Some(Severity::Warning), "{of}");
        assert_eq!(finds(&diagnosis, Code::PeerDescriptionUnusable), None, "{of}");
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)))), "{of}: it was carried");
    }
}

#[test]
fn a_later_offer_that_ends_every_section_is_beyond_this_tool_and_nothing_against_the_other_end() {
    let change: Change = |message| {
        let refused = message.replace("m=audio 9", "m=audio 0").replace("m=video 9", "m=video 0");
        refused.replace("m=application 9", "m=application 0").replace("a=bundle-only", "a=x")
    };
    for end in 0..2 {
        let two = offered_again(end, change);
        assert_eq!(refusals(&two, 1 - end).first(), Some(&Code::CallChangeBeyondUs), "end {end}");
        assert_eq!(finds(&diagnosed(&two, 1 - end), Code::CallChangeBeyondUs), Some(Severity::Info), "end {end}");
    }
}

#[test]
fn another_certificate_in_a_call_that_runs_is_beyond_this_tool() {
    let change: Change = |message| {
        let at = message.find("a=fingerprint:sha-256 ").map_or(0, |at| at + "a=fingerprint:sha-256 ".len());
        let digit = if message[at..].starts_with('0') { "1" } else { "0" };
        format!("{}{digit}{}", &message[..at], &message[at + 1..])
    };
    let two = offered_again(1, change);
    assert_eq!(refusals(&two, 0).first(), Some(&Code::CallChangeBeyondUs));
    assert_eq!(finds(&diagnosed(&two, 0), Code::CallChangeBeyondUs), Some(Severity::Info));
}

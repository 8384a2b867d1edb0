//! Offers and answers that come where they cannot be taken, before anything is agreed on (RFC 8829 §3.2).

use super::calls::broken;
use super::strangers::{finds, nothing_more, with_messages};
use super::*;
use crate::diagnose::diagnose;
use crate::model::{CallFact, CallOutcome, Diagnosis, Path, Severity};
use std::cell::RefCell;
use std::rc::Rc;

fn diagnosed(two: &Two, end: usize) -> Diagnosis {
    diagnose(two.ends[end].1.0.borrow().records().0)
}

fn unchanged(message: String) -> String {
    message
}

/// The message with another kind, where it is of this one.
fn called(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |message| message.replace(&format!("\"kind\":\"{from}\""), &format!("\"kind\":\"{to}\""))
}

/// This end says soon that the other's description does not fit where it came, and nothing of the network.
fn assert_misplaced(two: &Two, end: usize, within: Duration) {
    let diagnosis = diagnosed(two, end);
    let of = format!("end {end}: {:#?}", diagnosis.findings);
    let grave = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
    assert_eq!(grave.map(|finding| finding.code).collect::<Vec<_>>(), [Code::PeerDescriptionMisplaced], "{of}");
    assert_eq!(finds(&diagnosis, Code::PeerDescriptionMisplaced), Some(Severity::Critical), "{of}");
    assert_eq!(diagnosis.verdict.because, [Code::PeerDescriptionMisplaced], "{of}");
    // Where it came before anything was gathered no call had begun.
    assert!(diagnosis.call.as_ref().is_none_or(|call| call.outcome == CallOutcome::NoAgreement), "{of}");
    assert_eq!((diagnosis.verdict.path.value(), diagnosis.exit_code()), (Some(&Path::None), 2), "{of}");
    let record = two.ends[end].1.0.borrow();
    let last = record.records().0.observations.iter().map(|seen| seen.at_ms.0).fold(0.0, f64::max);
    assert!(last < within.as_secs_f64() * 1000.0, "{of}: told after {last} ms");
}

#[test]
fn an_answer_that_is_called_an_offer_and_an_offer_that_is_called_an_answer_are_refused_at_once() {
    let mut two = with_messages(unchanged, called("answer", "offer"), nothing_more);
    two.finish();
    assert_misplaced(&two, 0, Duration::from_secs(12));
    let mut two = with_messages(called("offer", "answer"), unchanged, nothing_more);
    two.finish();
    assert_misplaced(&two, 1, Duration::from_secs(12));
}

#[test]
fn an_offer_beside_ours_that_no_answer_follows_and_an_answer_to_nothing_are_told_soon() {
    let offers = |message: String| called("answer", "offer")(message).replace("a=setup:active", "a=setup:actpass");
    let mut two = with_messages(unchanged, offers, nothing_more);
    two.finish();
    assert_misplaced(&two, 0, Duration::from_secs(20));
    let answers = |message: String| called("offer", "answer")(message).replace("a=setup:actpass", "a=setup:active");
    let mut two = with_messages(answers, unchanged, nothing_more);
    two.finish();
    assert_misplaced(&two, 1, Duration::from_secs(20));
}

#[test]
fn a_provisional_answer_begins_the_call() {
    let mut two = with_messages(unchanged, called("answer", "pranswer"), nothing_more);
    two.finish();
    let facts = two.facts(0);
    assert!(broken(&facts).is_empty() && facts.iter().any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)))));
    let diagnosis = diagnosed(&two, 0);
    let outcome = diagnosis.call.as_ref().map(|call| call.outcome);
    assert_eq!((outcome, diagnosis.exit_code()), (Some(CallOutcome::Good), 0), "{:#?}", diagnosis.findings);
}

#[test]
fn a_kind_of_message_that_nobody_knows_is_named_where_no_description_came() {
    let mut two = with_messages(unchanged, called("answer", "rollback"), nothing_more);
    two.finish();
    let diagnosis = diagnosed(&two, 0);
    let told = diagnosis.findings.iter().find(|finding| finding.code == Code::PeerSentNoDescription).expect("told");
    assert_eq!(told.about.get("name").as_deref(), Some("rollback"));
}

#[test]
fn our_own_offer_that_comes_back_as_an_answer_is_told_as_that() {
    fn sdp(message: &str) -> &str {
        message.split_once("\"sdp\":\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(sdp, _)| sdp)
    }
    let offer = Rc::new(RefCell::new(String::new()));
    let (kept, heard) = (offer.clone(), offer);
    let hears = move |message: String| {
        if message.contains("\"kind\":\"offer\"") {
            sdp(&message).clone_into(&mut kept.borrow_mut());
        }
        message
    };
    let says = move |message: String| match message.contains("\"kind\":\"answer\"") {
        true => message.replace(sdp(&message), &heard.borrow()),
        false => message,
    };
    let mut two = with_messages(hears, says, nothing_more);
    two.finish();
    assert_misplaced(&two, 0, Duration::from_secs(20));
}

//! A call that ran and was cut off: the pair that carried it is the control beside the silence.

use super::meeting::{checked, elsewhere, met, pair};
use super::scene::*;
use crate::model::*;
use crate::model::{IceFact, Icmp, Millis};
use std::net::IpAddr;

/// The port is closed, says this address.
fn closed_by(by: &str) -> Failure {
    Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(by.parse::<IpAddr>().expect("an address")) }
}

/// A call over a pair with a candidate of this type that was cut after two seconds; of eight checks since then so many were
/// answered.
fn cut(remote: CandidateType, answered: u32, refused: Option<Failure>) -> Scene {
    let mut scene = home();
    let carried =
        Pair { unanswered_last: 9, sent: 10, received: 1, ..pair(CandidateType::Host, "203.0.113.99:7000", None) };
    let remote = PairEnd { kind: remote, ..carried.remote.clone() };
    let (local, role, after_ms) = (carried.local.clone(), Role::Controlling, Millis(1.0));
    let nominated = IceFact::Nominated { local, remote: remote.clone(), role, after_ms };
    checked(&mut scene, Pair { remote, ..carried });
    scene.say(Question::Checks, None, Fact::Ice(nominated));
    for stage in [CallStage::Connected, CallStage::Dtls] {
        scene.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: Millis(1.0) }));
    }
    let flow = || MediaFlow { sent_packets: 100, received_packets: 100, lost_there: Some(0), ..MediaFlow::default() };
    let traffic = Traffic { lasted_ms: Millis(5000.0), audio: flow(), video: flow(), ..Traffic::default() };
    scene.say(Question::Call, None, Fact::Call(CallFact::Called(Box::new(traffic))));
    let pair = PairSilence { checks: Tally { sent: 8, answered }, refused, ..PairSilence::default() };
    let broken = CallBreak::Cut { after_ms: Millis(2000.0), silent_ms: Millis(3000.0), pair: Some(pair) };
    scene.say(Question::Call, None, Fact::Call(CallFact::CallBroken(broken)));
    scene
}

/// The other end, which heard this one and sent media for so many seconds of those that it measured.
fn sending_for(seconds: u32, measured: u32) -> Scene {
    let mut scene = elsewhere(home());
    let series = (0..measured).map(|second| {
        let sent_bps = if second < seconds { 60_000 } else { 0 };
        CallSecond { second, sent_bps, ..CallSecond::default() }
    });
    let flow = MediaFlow { sent_packets: 100, received_packets: 200, lost_there: Some(0), ..MediaFlow::default() };
    let lasted_ms = Millis(f64::from(measured) * 1000.0);
    let data = || DataFlow { opened: true, ..DataFlow::default() };
    let (reliable, unreliable, series) = (data(), data(), series.collect());
    let traffic = Traffic { lasted_ms, audio: flow, reliable, unreliable, series, ..Traffic::default() };
    scene.say(Question::Call, None, Fact::Call(CallFact::Called(Box::new(traffic))));
    scene
}

/// The critical findings, the path and its reasons.
fn told(diagnosis: &Diagnosis) -> (Vec<Code>, Option<Path>, Vec<Code>) {
    let grave = diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Critical);
    let codes = grave.map(|finding| finding.code).collect();
    (codes, diagnosis.verdict.path.value().copied(), diagnosis.verdict.because.clone())
}

#[test]
fn a_machine_whose_network_is_gone_blames_nobody_else() {
    let mut scene = cut(CandidateType::Host, 0, None);
    for observation in &mut scene.record.observations {
        if let Fact::Call(CallFact::CallBroken(CallBreak::Cut { pair: Some(pair), .. })) = &mut observation.fact {
            pair.own_network_gone = true;
        }
    }
    let code = Code::CallOwnNetworkGone;
    for diagnosis in [scene.judged(), met(&scene, &sending_for(5, 5))] {
        assert_eq!(told(&diagnosis), (vec![code], Some(Path::None), vec![code]));
        assert_eq!(diagnosis.exit_code(), 2);
    }
}

#[test]
fn what_is_cut_off_one_way_is_no_contradiction_of_the_other() {
    let diagnosis = met(&cut(CandidateType::Host, 0, None), &sending_for(5, 5));
    assert!(finding(&diagnosis, Code::EndsDisagree).is_none());
}

#[test]
fn an_end_that_answers_checks_and_sends_nothing_else_has_stopped_and_its_path_works() {
    for answered in [1, 8] {
        let diagnosis = cut(CandidateType::Host, answered, None).judged();
        let code = Code::CallPeerStopped;
        assert_eq!(told(&diagnosis), (vec![code], Some(Path::Direct), vec![code]), "{answered}");
        assert_eq!(diagnosis.exit_code(), 2, "no call was held");
        assert!(finding(&diagnosis, Code::PairLossy).is_none(), "what was sent to nobody is not lost");
    }
}

#[test]
fn an_end_that_says_that_it_went_on_sending_over_a_pair_that_answers_was_kept_from_it_on_the_way() {
    let cases = [
        (2, 5, Code::CallPeerStopped, Path::Direct),
        (5, 5, Code::CallMediaDropped, Path::None),
        // It measured no longer: whether it went on is not known.
        (2, 2, Code::CallCut, Path::None),
    ];
    for (seconds, measured, code, path) in cases {
        let diagnosis = met(&cut(CandidateType::Host, 8, None), &sending_for(seconds, measured));
        assert_eq!(told(&diagnosis), (vec![code], Some(path), vec![code]), "{seconds} of {measured}");
    }
}

#[test]
fn checks_after_the_other_end_hung_up_are_no_loss_of_the_pairs() {
    let mut scene = cut(CandidateType::Host, 8, None);
    for seen in &mut scene.record.observations {
        if let Fact::Call(CallFact::CallBroken(broken)) = &mut seen.fact {
            *broken = CallBreak::Closed { after_ms: Millis(2000.0) };
        }
    }
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::CallClosed).is_some() && finding(&diagnosis, Code::PairLossy).is_none());
}

#[test]
fn a_pair_that_answers_no_more_is_a_cut_whatever_the_other_end_sent() {
    let alone = cut(CandidateType::Host, 0, None).judged();
    let both = met(&cut(CandidateType::Host, 0, None), &sending_for(5, 5));
    for diagnosis in [alone, both] {
        assert_eq!(told(&diagnosis), (vec![Code::CallCut], Some(Path::None), vec![Code::CallCut]));
        assert!(finding(&diagnosis, Code::PairLossy).is_none());
    }
}

#[test]
fn a_closed_port_is_the_other_ends_word_only_from_its_own_machine() {
    let of_its_own = cut(CandidateType::Host, 0, Some(closed_by("203.0.113.99"))).judged();
    let code = Code::CallPeerClosedPort;
    assert_eq!(told(&of_its_own), (vec![code], Some(Path::Direct), vec![code]));
    // A NAT says so of a flow that it has forgotten, and a router of what it rejects.
    let behind_a_nat = cut(CandidateType::Srflx, 0, Some(closed_by("203.0.113.99"))).judged();
    let by_a_router = cut(CandidateType::Host, 0, Some(closed_by("198.51.100.1"))).judged();
    for diagnosis in [behind_a_nat, by_a_router] {
        assert_eq!(told(&diagnosis).0, [Code::CallCut]);
    }
}

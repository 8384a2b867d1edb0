//! Two ends that a rule of one machine, or of the network that they share, keeps apart.

use super::meeting::{checked, elsewhere, end, met, pair, silent, with_relay};
use super::scene::*;
use crate::model::*;

fn forbidden() -> Option<PairFailure> {
    Some(PairFailure::Unreachable { failure: Failure::Forbidden })
}

#[test]
fn what_the_system_refuses_to_send_to_the_other_end_is_this_machines_firewall_and_nobody_elses() {
    let (mut ours, mut theirs) = (with_relay(home()), with_relay(elsewhere(home())));
    checked(&mut ours, pair(CandidateType::Host, "203.0.113.99:7000", forbidden()));
    checked(&mut theirs, pair(CandidateType::Host, "203.0.113.7:7000", silent(9)));
    for scene in [&mut ours, &mut theirs] {
        checked(scene, pair(CandidateType::Relay, "203.0.113.99:7000", None));
    }
    let diagnosis = met(&ours, &theirs);
    let told = finding(&diagnosis, Code::LocalFirewall).expect("told");
    assert_eq!((told.severity, told.about.get("address").as_deref()), (Severity::Warning, Some("203.0.113.99:7000")));
    assert!(finding(&diagnosis, Code::DirectWasPredicted).is_none(), "the way between was not tried");
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    let there = met(&theirs, &ours);
    assert!(finding(&there, Code::LocalFirewall).is_none() && finding(&there, Code::DirectWasPredicted).is_none());
}

#[test]
fn a_pair_that_works_is_no_word_of_a_firewall_and_one_refused_port_none_of_all_of_udp() {
    let mut ours = home();
    checked(&mut ours, pair(CandidateType::Host, "203.0.113.99:7000", None));
    assert!(finding(&ours.judged(), Code::LocalFirewall).is_none());
    checked(&mut ours, pair(CandidateType::Host, "203.0.113.98:7000", forbidden()));
    let diagnosis = ours.judged();
    assert!(finding(&diagnosis, Code::LocalFirewall).is_some());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

/// An end at home that did not reach a host candidate at this address, nor the public address that both have.
fn at_home_with(inside: &str) -> Diagnosis {
    let (mut ours, mut theirs) = (home(), home());
    let hosts = Pair { remote: end(CandidateType::Host, inside), ..pair(CandidateType::Host, inside, silent(9)) };
    checked(&mut ours, hosts);
    for scene in [&mut ours, &mut theirs] {
        checked(scene, pair(CandidateType::Host, "203.0.113.7:7000", silent(9)));
    }
    met(&ours, &theirs)
}

#[test]
fn two_ends_of_one_network_that_do_not_reach_each_other_inside_are_kept_apart_by_it() {
    let isolated = at_home_with("192.168.1.3:7000");
    let told = finding(&isolated, Code::NeighboursKeptApart).expect("told");
    assert_eq!((told.severity, told.about.get("remote").as_deref()), (Severity::Critical, Some("192.168.1.3")));
    assert!(finding(&isolated, Code::PeerAtOwnPublicAddress).is_none(), "it did offer its address inside");
    let elsewhere_inside = at_home_with("10.9.9.9:7000");
    assert!(finding(&elsewhere_inside, Code::NeighboursKeptApart).is_none());
    assert!(finding(&elsewhere_inside, Code::PeerAtOwnPublicAddress).is_some());
}

#[test]
fn that_the_signalling_ended_is_told_as_what_it_was() {
    for (fact, code) in [
        (SignallingFact::PeerLeft, Code::PeerLeft),
        (SignallingFact::RoomFull, Code::RoomFull),
        (SignallingFact::RoomLost, Code::RoomLost),
    ] {
        let mut scene = home();
        scene.say(Question::Signalling, None, Fact::Signalling(fact));
        let diagnosis = scene.judged();
        assert_eq!(diagnosis.verdict.path.why(), Some(code));
        assert_eq!((codes(&diagnosis, Severity::Warning), diagnosis.exit_code()), (vec![code], 3));
    }
}

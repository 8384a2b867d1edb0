//! Each row of the table of exit codes, by what was seen.

use super::meeting::{elsewhere, met, with_relay};
use super::relays::{allocated, challenged, crossed, not_crossed, refused, spoken, working_relay};
use super::scene::*;
use crate::model::*;
use crate::model::{CallFact, HostFact, IceFact, Millis, RunFact, SignallingFact, StreamFact};

const TURN_TCP: &str = "turn:192.0.2.1?transport=tcp";
const OTHER_TURN: &str = "turn:198.51.100.9?transport=udp";

fn with(mut scene: Scene, uris: &[&str]) -> Scene {
    scene.record.targets.extend(uris.iter().map(|uri| uri.parse::<Target>().expect(uri)));
    scene
}

fn rejected(scene: &mut Scene, uri: &str) {
    challenged(scene, uri);
    scene.say(Question::Relay, Some(uri), Fact::Run(RunFact::Skipped { why: Code::RelayCredentialsRejected }));
}

#[track_caller]
fn ends(scene: &Scene, row: Exit, code: u8) {
    let diagnosis = scene.judged();
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (row, code), "{:?}", diagnosis.findings);
}

#[test]
fn a_direct_path_is_0_and_a_relay_1() {
    ends(&home(), Exit::Direct, 0);
    let mut relayed = office(&[HOME, TURN]);
    working_relay(&mut relayed, TURN);
    ends(&relayed, Exit::Relayed, 1);
}

#[test]
fn a_direct_path_with_a_warning_is_1() {
    let mut scene = home();
    scene.say(Question::Host, None, Fact::Host(HostFact::NetworkChanged));
    ends(&scene, Exit::Degraded, 1);
}

#[test]
fn no_path_is_2_and_an_office_without_a_relay_to_test_3() {
    let mut scene = office(&[HOME, TURN]);
    rejected(&mut scene, TURN);
    ends(&scene, Exit::NoPath, 2);
    ends(&office(&[HOME]), Exit::Unclear, 3);
}

#[test]
fn a_named_relay_that_fails_is_2_on_a_direct_path_unless_another_one_works() {
    let mut scene = with(home(), &[TURN]);
    rejected(&mut scene, TURN);
    ends(&scene, Exit::NoServerWorks, 2);
    let mut scene = with(home(), &[TURN, TURN_TCP]);
    working_relay(&mut scene, TURN);
    rejected(&mut scene, TURN_TCP);
    ends(&scene, Exit::ServerFails, 1);
}

#[test]
fn a_relay_that_only_sends_on_to_one_that_is_dead_does_not_work() {
    let mut scene = with(home(), &[TURN]);
    let fact = refused(Method::Allocate, 300, Some("203.0.113.99:3478"));
    scene.say(Question::Relay, Some(TURN), fact);
    scene.silent(TURN, "203.0.113.99:3478");
    ends(&scene, Exit::NoServerWorks, 2);
}

#[test]
fn a_relay_that_strangers_may_not_speak_to_first_works() {
    let mut scene = with(home(), &[TURN]);
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    spoken(&mut scene, None, true);
    crossed(&mut scene, TURN, Leg::Out);
    ends(&scene, Exit::Degraded, 1);
}

#[test]
fn a_named_stun_server_that_is_silent_is_1_beside_one_that_answers_and_2_alone() {
    let mut scene = with(home(), &[SECOND]);
    scene.silent(SECOND, "198.51.100.9:3478");
    ends(&scene, Exit::ServerFails, 1);
    let mut scene = Scene::at_home(&[SECOND]);
    scene.silent(SECOND, "198.51.100.9:3478");
    ends(&scene, Exit::NoServerWorks, 2);
}

#[test]
fn a_stun_server_that_answers_does_not_stand_in_for_a_relay() {
    let mut scene = with(home(), &[OTHER_TURN]);
    scene.silent(OTHER_TURN, "198.51.100.9:3478");
    ends(&scene, Exit::NoServerWorks, 2);
}

#[test]
fn a_server_that_the_tool_chose_itself_raises_nothing_by_being_silent() {
    let mut scene = with(home(), &[SECOND]);
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.record.chosen_by_tool = true;
    ends(&scene, Exit::Direct, 0);
    let mut scene = Scene::at_home(&[SECOND]);
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.record.chosen_by_tool = true;
    ends(&scene, Exit::Unclear, 3);
}

#[test]
fn a_limit_of_this_client_is_no_failure_of_a_server() {
    let dtls = "turns:192.0.2.1?transport=udp";
    let mut scene = with(home(), &[dtls]);
    scene.say(Question::Relay, Some(dtls), Fact::Run(RunFact::Skipped { why: Code::DtlsNotSupported }));
    ends(&scene, Exit::Direct, 0);
    let mut scene = with(home(), &[TURN]);
    challenged(&mut scene, TURN);
    scene.say(Question::Relay, Some(TURN), Fact::Run(RunFact::Skipped { why: Code::NoCredentials }));
    ends(&scene, Exit::Degraded, 1);
}

#[test]
fn turn_over_tcp_alone_tells_nothing_of_the_network_and_the_servers_verdict_counts() {
    let mut scene = Scene::at_home(&[TURN_TCP]);
    working_relay(&mut scene, TURN_TCP);
    assert_eq!(scene.judged().verdict.path, Judged::not_tested(Code::NoStunAnswer));
    ends(&scene, Exit::ServersWork, 0);
    let mut scene = Scene::at_home(&[TURN_TCP]);
    rejected(&mut scene, TURN_TCP);
    ends(&scene, Exit::NoServerWorks, 2);
    let refused = "turn:192.0.2.1:3479?transport=tcp";
    let mut scene = Scene::at_home(&[TURN_TCP, refused]);
    working_relay(&mut scene, TURN_TCP);
    let (transport, remote) = (Transport::Tcp, addr("192.0.2.1:3479"));
    let fact = Fact::Stream(StreamFact::NotConnected {
        transport,
        remote,
        failure: Failure::Refused,
        tls: None,
        took_ms: Millis(1.0),
    });
    scene.say(Question::Relay, Some(refused), fact);
    ends(&scene, Exit::ServerFails, 1);
}

#[test]
fn a_server_that_was_not_asked_to_the_end_leaves_the_cause_unknown() {
    let mut scene = Scene::at_home(&[TURN_TCP]);
    challenged(&mut scene, TURN_TCP);
    scene.say(Question::Relay, Some(TURN_TCP), Fact::Run(RunFact::Skipped { why: Code::NoCredentials }));
    ends(&scene, Exit::Unclear, 3);
}

#[test]
fn a_machine_without_a_network_makes_no_call() {
    let mut scene = Scene::asking(&[HOME]);
    scene.interface("lo", InterfaceKind::Loopback, &["127.0.0.1"]);
    ends(&scene, Exit::NoCall, 2);
}

#[test]
fn two_ends_are_judged_by_what_they_let_expect() {
    let code = |ours: &Scene, theirs: &Scene| {
        let diagnosis = met(ours, theirs);
        (diagnosis.exit(), diagnosis.exit_code())
    };
    assert_eq!(code(&home(), &elsewhere(home())), (Exit::Direct, 0));
    assert_eq!(code(&home(), &elsewhere(office(&[HOME]))), (Exit::Unclear, 3));
    assert_eq!(code(&with_relay(home()), &elsewhere(office(&[HOME]))), (Exit::Relayed, 1));
    let mut changed = home();
    changed.say(Question::Host, None, Fact::Host(HostFact::NetworkChanged));
    assert_eq!(code(&changed, &elsewhere(home())), (Exit::Degraded, 1));
    let without_relay = || {
        let mut scene = office(&[HOME, TURN]);
        rejected(&mut scene, TURN);
        scene
    };
    assert_eq!(code(&without_relay(), &elsewhere(without_relay())), (Exit::NoPath, 2));
    changed.say(Question::Host, None, Fact::Run(RunFact::Interrupted));
    assert_eq!(code(&changed, &elsewhere(home())), (Exit::Interrupted, 130));
}

#[test]
fn every_outcome_of_a_call_ends_by_its_gravity_and_by_its_path() {
    use CallOutcome::*;
    let of_two = met(&home(), &elsewhere(home()));
    let call = called([]).call.expect("a call");
    let ends = |outcome, path| {
        let call = Call { outcome, ..call.clone() };
        let verdict = Verdict { path: Judged::known(path, vec![ObservationId(0)]), ..of_two.verdict.clone() };
        let diagnosis = Diagnosis { call: Some(call), verdict, findings: Vec::new(), ..of_two.clone() };
        (diagnosis.exit_code(), diagnosis.gravity())
    };
    for outcome in [Good, PartOffered, MediaDeclined, Unfinished] {
        assert_eq!(ends(outcome, Path::Direct), (0, Gravity::Fine), "{outcome:?}");
        assert_eq!(ends(outcome, Path::Relay), (1, Gravity::Relayed), "{outcome:?}");
    }
    for outcome in [Degraded, RelayThin, NoData, Closed] {
        for path in [Path::Direct, Path::Relay] {
            assert_eq!(ends(outcome, path), (1, Gravity::Degraded), "{outcome:?}");
        }
    }
    for outcome in [MediaOneWay, Cut, Dtls, NoAgreement] {
        for path in [Path::Direct, Path::Relay, Path::None] {
            assert_eq!(ends(outcome, path), (2, Gravity::Broken), "{outcome:?}");
        }
    }
    for outcome in [NoPair, NoCandidates] {
        assert_eq!(ends(outcome, Path::None), (2, Gravity::Broken), "{outcome:?}");
    }
}

/// A call whose own half of the record holds these facts.
fn called(facts: impl IntoIterator<Item = (Question, Fact)>) -> Diagnosis {
    let mut scene = home();
    for stage in [CallStage::Gathered, CallStage::ChecksStarted] {
        scene.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: Millis(10.0) }));
    }
    for (question, fact) in facts {
        scene.say(question, None, fact);
    }
    scene.judged()
}

#[test]
fn a_call_that_could_not_be_agreed_is_2() {
    let detail = Text::new("no m-line");
    let broken = Fact::Call(CallFact::CallBroken(CallBreak::DescriptionUnusable {
        detail: detail.clone(),
        why: Some(Code::CallNoFingerprint),
        line: Some(7),
    }));
    let diagnosis = called([(Question::Call, broken)]);
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::CallBroken, 2));
    let detail = RefusedMessage::Other(detail);
    let refused = Fact::Signalling(SignallingFact::MessageRefused { why: Code::PeerDescriptionUnusable, detail });
    let diagnosis = called([(Question::Signalling, refused)]);
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::NoCall, 2));
}

#[test]
fn a_call_that_was_cut_is_2() {
    let cut = Fact::Call(CallFact::CallBroken(CallBreak::Cut {
        after_ms: Millis(5000.0),
        silent_ms: Millis(3000.0),
        pair: None,
    }));
    assert_eq!(called([(Question::Call, cut)]).exit(), Exit::CallBroken);
}

#[test]
fn a_call_whose_other_end_offered_nothing_is_2() {
    let described = Fact::Ice(IceFact::Described { role: Role::Controlling, lite: false });
    let diagnosis = called([(Question::Checks, described)]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NoPairs));
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::NoCall, 2));
}

#[test]
fn an_interrupted_run_is_130_whatever_it_found() {
    let mut scene = home();
    scene.say(Question::Host, None, Fact::Run(RunFact::Interrupted));
    ends(&scene, Exit::Interrupted, 130);
}

#[test]
fn what_could_not_be_told_is_never_0() {
    let mut one_server = Scene::at_home(&[HOME]);
    one_server.mapped(Question::Binding, HOME, "192.168.1.2:40001", "192.0.2.1:3478", "203.0.113.7:10");
    for scene in [one_server, office(&[HOME]), Scene::at_home(&[HOME])] {
        ends(&scene, Exit::Unclear, 3);
        assert_eq!(scene.judged().gravity(), Gravity::Unknown);
    }
}

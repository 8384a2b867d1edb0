//! Each row of the table of exit codes, by what was seen.

use super::meeting::{elsewhere, met};
use super::relays::{challenged, working_relay};
use super::story::*;
use crate::model::*;
use crate::model::{CallFact, HostFact, IceFact, RunFact, SignallingFact, StreamFact};

const TURN_TCP: &str = "turn:192.0.2.1?transport=tcp";
const OTHER_TURN: &str = "turn:198.51.100.9?transport=udp";

fn with(mut story: Story, uris: &[&str]) -> Story {
    story.record.targets.extend(uris.iter().map(|uri| uri.parse::<Target>().expect(uri)));
    story
}

fn rejected(story: &mut Story, uri: &str) {
    challenged(story, uri);
    story.say(Question::Relay, Some(uri), Fact::Run(RunFact::Skipped { why: Code::RelayCredentialsRejected }));
}

#[track_caller]
fn ends(story: &Story, row: Exit, code: u8) {
    let diagnosis = story.judged();
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
    let mut story = home();
    story.say(Question::Host, None, Fact::Host(HostFact::NetworkChanged));
    ends(&story, Exit::Degraded, 1);
}

#[test]
fn no_path_is_2_and_an_office_without_a_relay_to_test_3() {
    let mut story = office(&[HOME, TURN]);
    rejected(&mut story, TURN);
    ends(&story, Exit::NoPath, 2);
    ends(&office(&[HOME]), Exit::Unclear, 3);
}

#[test]
fn a_named_relay_that_fails_is_2_on_a_direct_path_unless_another_one_works() {
    let mut story = with(home(), &[TURN]);
    rejected(&mut story, TURN);
    ends(&story, Exit::NoServerWorks, 2);
    let mut story = with(home(), &[TURN, TURN_TCP]);
    working_relay(&mut story, TURN);
    rejected(&mut story, TURN_TCP);
    ends(&story, Exit::ServerFails, 1);
}

#[test]
fn a_named_stun_server_that_is_silent_is_1_beside_one_that_answers_and_2_alone() {
    let mut story = with(home(), &[SECOND]);
    story.silent(SECOND, "198.51.100.9:3478");
    ends(&story, Exit::ServerFails, 1);
    let mut story = Story::at_home(&[SECOND]);
    story.silent(SECOND, "198.51.100.9:3478");
    ends(&story, Exit::NoServerWorks, 2);
}

#[test]
fn a_stun_server_that_answers_does_not_stand_in_for_a_relay() {
    let mut story = with(home(), &[OTHER_TURN]);
    story.silent(OTHER_TURN, "198.51.100.9:3478");
    ends(&story, Exit::NoServerWorks, 2);
}

#[test]
fn a_server_that_the_tool_chose_itself_raises_nothing_by_being_silent() {
    let mut story = with(home(), &[SECOND]);
    story.silent(SECOND, "198.51.100.9:3478");
    story.record.chosen_by_tool = true;
    ends(&story, Exit::Direct, 0);
    let mut story = Story::at_home(&[SECOND]);
    story.silent(SECOND, "198.51.100.9:3478");
    story.record.chosen_by_tool = true;
    ends(&story, Exit::Unclear, 3);
}

#[test]
fn a_limit_of_this_client_is_no_failure_of_a_server() {
    let dtls = "turns:192.0.2.1?transport=udp";
    let mut story = with(home(), &[dtls]);
    story.say(Question::Relay, Some(dtls), Fact::Run(RunFact::Skipped { why: Code::DtlsNotSupported }));
    ends(&story, Exit::Direct, 0);
    let mut story = with(home(), &[TURN]);
    challenged(&mut story, TURN);
    story.say(Question::Relay, Some(TURN), Fact::Run(RunFact::Skipped { why: Code::NoCredentials }));
    ends(&story, Exit::Degraded, 1);
}

#[test]
fn turn_over_tcp_alone_tells_nothing_of_the_network_and_the_servers_verdict_counts() {
    let mut story = Story::at_home(&[TURN_TCP]);
    working_relay(&mut story, TURN_TCP);
    assert_eq!(story.judged().verdict.path, Judged::not_tested(Code::NoStunAnswer));
    ends(&story, Exit::ServersWork, 0);
    let mut story = Story::at_home(&[TURN_TCP]);
    rejected(&mut story, TURN_TCP);
    ends(&story, Exit::NoServerWorks, 2);
    let refused = "turn:192.0.2.1:3479?transport=tcp";
    let mut story = Story::at_home(&[TURN_TCP, refused]);
    working_relay(&mut story, TURN_TCP);
    let (transport, remote) = (Transport::Tcp, addr("192.0.2.1:3479"));
    let fact = Fact::Stream(StreamFact::NotConnected {
        transport,
        remote,
        failure: Failure::Refused,
        tls: None,
        took_ms: 1.0,
    });
    story.say(Question::Relay, Some(refused), fact);
    ends(&story, Exit::ServerFails, 1);
}

#[test]
fn a_server_that_was_not_asked_to_the_end_leaves_the_cause_unknown() {
    let mut story = Story::at_home(&[TURN_TCP]);
    challenged(&mut story, TURN_TCP);
    story.say(Question::Relay, Some(TURN_TCP), Fact::Run(RunFact::Skipped { why: Code::NoCredentials }));
    ends(&story, Exit::Unclear, 3);
}

#[test]
fn a_machine_without_a_network_makes_no_call() {
    let mut story = Story::asking(&[HOME]);
    story.interface("lo", InterfaceKind::Loopback, &["127.0.0.1"]);
    ends(&story, Exit::NoCall, 2);
}

#[test]
fn two_ends_are_judged_by_what_they_let_expect() {
    let code = |ours: &Story, theirs: &Story| {
        let diagnosis = met(ours, theirs);
        (diagnosis.exit(), diagnosis.exit_code())
    };
    assert_eq!(code(&home(), &elsewhere(home())), (Exit::Direct, 0));
    assert_eq!(code(&home(), &elsewhere(office(&[HOME]))), (Exit::Unclear, 3));
}

/// A call whose own half of the record holds these facts.
fn called(facts: impl IntoIterator<Item = (Question, Fact)>) -> Diagnosis {
    let mut story = home();
    for stage in [CallStage::Gathered, CallStage::ChecksStarted] {
        story.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: 10.0 }));
    }
    for (question, fact) in facts {
        story.say(question, None, fact);
    }
    story.judged()
}

#[test]
fn a_call_that_could_not_be_agreed_is_2() {
    let detail = Text::new("no m-line");
    let broken = Fact::Call(CallFact::CallBroken(CallBreak::DescriptionUnusable { detail: detail.clone() }));
    let diagnosis = called([(Question::Call, broken)]);
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::CallBroken, 2));
    let refused = Fact::Signalling(SignallingFact::MessageRefused { why: Code::PeerDescriptionUnusable, detail });
    let diagnosis = called([(Question::Signalling, refused)]);
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::NoCall, 2));
}

#[test]
fn a_call_that_was_cut_is_2() {
    let cut = Fact::Call(CallFact::CallBroken(CallBreak::Cut { after_ms: 5000.0, silent_ms: 3000.0 }));
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
    let mut story = home();
    story.say(Question::Host, None, Fact::Run(RunFact::Interrupted));
    ends(&story, Exit::Interrupted, 130);
}

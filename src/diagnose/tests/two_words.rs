//! Two ends that do not say the same of their call: what each saw itself decides for it, and the other's word is told beside.

use super::meeting::{checked, elsewhere, end, met, pair, silent, tool};
use super::scene::*;
use crate::diagnose::diagnose;
use crate::model::*;
use crate::model::{HostFact, IceFact, Millis, RunFact, SignallingFact};

/// A call in which so many packets of either kind came, over a pair without a relay or with one.
fn called(scene: Scene, kind: CandidateType, received_packets: u64) -> Scene {
    let mut scene = scene;
    checked(&mut scene, pair(kind, "203.0.113.99:7000", None));
    for stage in [CallStage::Connected, CallStage::Dtls] {
        scene.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: Millis(1.0) }));
    }
    let flow = || MediaFlow { sent_packets: 500, received_packets, lost_there: Some(0), ..MediaFlow::default() };
    let data = || DataFlow { opened: true, sent: 9, received: 9, echoed: 9, rtt_ms: None };
    let traffic = Traffic {
        lasted_ms: Millis(9000.0),
        audio: flow(),
        video: flow(),
        reliable: data(),
        unreliable: data(),
        ..Traffic::default()
    };
    scene.say(Question::Call, None, Fact::Call(CallFact::Called(Box::new(traffic))));
    scene
}

fn broken(broken: CallBreak) -> Scene {
    let mut scene = elsewhere(home());
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.7:7000", None));
    let connected = CallFact::CallReached { stage: CallStage::Connected, after_ms: Millis(1.0) };
    scene.say(Question::Call, None, Fact::Call(connected));
    scene.say(Question::Call, None, Fact::Call(CallFact::CallBroken(broken)));
    scene
}

#[test]
fn what_the_other_end_alone_says_takes_nothing_from_a_call_that_was_carried_here() {
    let unheard =
        CallBreak::DtlsSilent { sent: 4, largest_bytes: 900, heard: 0, heard_there: None, waited_ms: Millis(10_000.0) };
    let unusable = CallBreak::DescriptionUnusable { detail: text(""), why: Some(Code::CallNoCommonCodec), line: None };
    let claims = [
        (broken(CallBreak::Cut { after_ms: Millis(900.0), silent_ms: Millis(3000.0), pair: None }), Code::CallCut),
        (broken(unheard), Code::CallDtlsUnheard),
        (broken(CallBreak::DtlsFailed { detail: text("alert") }), Code::CallDtlsFailed),
        (broken(CallBreak::WrongFingerprint), Code::CallWrongFingerprint),
        (broken(unusable), Code::CallNoCommonCodec),
        (called(elsewhere(home()), CandidateType::Host, 0), Code::CallMediaOneWay),
    ];
    for (theirs, says) in &claims {
        let ours = called(home(), CandidateType::Host, 500);
        let here = met(&ours, theirs);
        assert_eq!(here.verdict.path.value(), Some(&Path::Direct), "{says}");
        assert_eq!(
            (here.call.as_ref().map(|call| call.outcome), here.exit_code()),
            (Some(CallOutcome::Good), 0),
            "{says}"
        );
        let told = finding(&here, Code::EndsDisagree).expect("told");
        assert_eq!((told.about.get("reason"), told.severity), (Some(says.to_string()), Severity::Warning));
        let border = ours.record.observations.len() as u32;
        assert!(
            told.evidence.iter().any(|id| id.0 < border) && told.evidence.iter().any(|id| id.0 >= border),
            "{says}"
        );
        let there = met(theirs, &ours);
        assert_eq!(there.exit_code(), 2, "{says}: what that end saw itself stands there");
        assert_eq!(
            finding(&there, Code::EndsDisagree).and_then(|told| told.about.get("reason")).as_deref(),
            Some("call-good")
        );
    }
    let fine = met(&called(home(), CandidateType::Host, 500), &called(elsewhere(home()), CandidateType::Host, 500));
    assert!(finding(&fine, Code::EndsDisagree).is_none());
}

#[test]
fn checks_that_failed_by_the_other_ends_word_alone_are_told_beside_a_call_that_they_carried_here() {
    let mut theirs = elsewhere(home());
    checked(&mut theirs, pair(CandidateType::Host, "203.0.113.7:7000", silent(9)));
    for (kind, path) in [(CandidateType::Host, Path::Direct), (CandidateType::Relay, Path::Relay)] {
        let diagnosis = met(&called(home(), kind, 500), &theirs);
        assert_eq!(diagnosis.verdict.path.value(), Some(&path));
        let told = finding(&diagnosis, Code::EndsDisagree).expect("told");
        assert_eq!(told.about.get("reason").as_deref(), Some("no-pair-works"));
    }
}

#[test]
fn where_one_end_alone_had_an_answer_without_a_relay_both_say_that_they_disagree() {
    let mut answered = called(home(), CandidateType::Relay, 500);
    let direct = Pair { nominated: false, ..pair(CandidateType::Host, "203.0.113.99:7000", None) };
    checked(&mut answered, direct);
    let mut unheard = called(elsewhere(home()), CandidateType::Relay, 500);
    checked(&mut unheard, pair(CandidateType::Host, "203.0.113.7:7000", silent(9)));
    for diagnosis in [met(&answered, &unheard), met(&unheard, &answered)] {
        assert_eq!(diagnosis.verdict.path.why(), Some(Code::EndsDisagree));
        assert!(finding(&diagnosis, Code::DirectWasPredicted).is_none());
    }
    let relayed_alone = called(home(), CandidateType::Relay, 500);
    let diagnosis = met(&relayed_alone, &answered);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay), "this end was to use a relay");
    assert!(finding(&diagnosis, Code::EndsDisagree).is_some());
}

#[test]
fn that_the_other_end_was_left_or_interrupted_by_its_own_word_takes_from_silence_alone() {
    let left = Fact::Signalling(SignallingFact::PeerLeft);
    for (fact, why) in [(left, Code::PeerLeft), (Fact::Run(RunFact::Interrupted), Code::Interrupted)] {
        let mut theirs = elsewhere(home());
        theirs.say(Question::Signalling, None, fact);
        let mut relayed = called(home(), CandidateType::Relay, 500);
        checked(&mut relayed, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
        let diagnosis = met(&relayed, &theirs);
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay), "{why}");
        let mut silent_here = home();
        checked(&mut silent_here, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
        assert_eq!(met(&silent_here, &theirs).verdict.path.why(), Some(why), "who was not there could not answer");
    }
}

#[test]
fn a_peer_that_leaves_after_the_call_takes_nothing_from_what_the_call_showed() {
    let mut ours = called(home(), CandidateType::Relay, 500);
    checked(&mut ours, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
    ours.say(Question::Signalling, None, Fact::Signalling(SignallingFact::PeerLeft));
    assert_eq!(ours.judged().verdict.path.value(), Some(&Path::Relay));
}

/// A call whose pairs work, and of which none was chosen.
fn undecided(role: Role) -> Scene {
    let mut scene = home();
    let reached = CallFact::CallReached { stage: CallStage::ChecksStarted, after_ms: Millis(1.0) };
    scene.say(Question::Call, None, Fact::Call(reached));
    scene.say(Question::Checks, None, Fact::Ice(IceFact::Described { role, lite: false }));
    let remote = end(CandidateType::Srflx, "203.0.113.99:7000");
    scene.say(Question::Checks, None, Fact::Ice(IceFact::RemoteCandidate(remote)));
    let candidate = Candidate {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address: addr("192.168.1.2:1").ip(),
        port: 5000,
        priority: 1,
        foundation: "1".to_owned(),
        related: None,
        relay_protocol: None,
        server: None,
        tcp_type: None,
    };
    scene.say(Question::Gather, None, Fact::Host(HostFact::Candidate(candidate)));
    let works = Pair { nominated: false, ..pair(CandidateType::Host, "203.0.113.99:7000", None) };
    checked(&mut scene, works);
    scene
}

fn outcome(diagnosis: &Diagnosis) -> Option<CallOutcome> {
    diagnosis.call.as_ref().map(|call| call.outcome)
}

#[test]
fn pairs_that_work_are_not_called_none_where_the_peer_leaves_before_one_is_chosen() {
    for role in [Role::Controlling, Role::Controlled] {
        let mut scene = undecided(role);
        scene.say(Question::Signalling, None, Fact::Signalling(SignallingFact::PeerLeft));
        let diagnosis = scene.judged();
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
        assert_eq!((outcome(&diagnosis), diagnosis.exit_code()), (Some(CallOutcome::Unfinished), 1));
        assert!(finding(&diagnosis, Code::CallNotNominated).is_none());
    }
}

#[test]
fn a_controlling_end_that_chooses_none_of_the_pairs_that_work_is_told_and_no_network_with_it() {
    let diagnosis = undecided(Role::Controlled).judged();
    assert_eq!((outcome(&diagnosis), diagnosis.exit_code()), (Some(CallOutcome::NoAgreement), 2));
    assert_eq!(diagnosis.verdict.because, [Code::CallNotNominated]);
    assert_eq!(finding(&diagnosis, Code::CallNotNominated).map(|told| told.severity), Some(Severity::Critical));
    assert_eq!(outcome(&undecided(Role::Controlling).judged()), Some(CallOutcome::Unfinished));
    let mut disputed = undecided(Role::Controlled);
    let lasted_ms = Millis(9000.0);
    let dispute = RoleDispute { role: Role::Controlled, refused: 9, settled: false, lasted_ms };
    disputed.say(Question::Checks, None, Fact::Ice(IceFact::RoleDisputed(dispute)));
    let diagnosis = disputed.judged();
    assert_eq!((diagnosis.verdict.because.clone(), diagnosis.exit_code()), (vec![Code::RoleConflictUnresolved], 2));
    let told = diagnosis.findings.iter().filter(|finding| finding.code == Code::RoleConflictUnresolved);
    assert_eq!(told.map(|told| told.severity).collect::<Vec<_>>(), [Severity::Critical]);
}

#[test]
fn a_second_answer_is_a_warning_only_where_no_call_was_carried_by_the_first() {
    let again = |mut scene: Scene| {
        let refused =
            SignallingFact::MessageRefused { why: Code::PeerMessageStale, detail: RefusedMessage::NotAwaited };
        scene.say(Question::Signalling, None, Fact::Signalling(refused));
        scene.judged()
    };
    let severity = |diagnosis: &Diagnosis| finding(diagnosis, Code::PeerMessageStale).map(|told| told.severity);
    let carried = again(called(home(), CandidateType::Host, 500));
    assert_eq!((severity(&carried), carried.exit_code()), (Some(Severity::Info), 0));
    for scene in [undecided(Role::Controlling), called(home(), CandidateType::Host, 0)] {
        assert_eq!(severity(&again(scene)), Some(Severity::Warning));
    }
}

#[test]
fn what_an_end_is_by_itself_holds_no_call_that_it_made_with_somebody_else() {
    let cut = broken(CallBreak::Cut { after_ms: Millis(900.0), silent_ms: Millis(3000.0), pair: None });
    let alone = |scene: &Scene| scene.record.clone().alone();
    for diagnosis in [diagnose(&alone(&cut)), diagnose(&alone(&home()).join(alone(&cut), tool()))] {
        assert_eq!((diagnosis.call, diagnosis.pairs.len()), (None, 0));
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    }
}

#[test]
fn nothing_connects_is_not_known_where_this_tool_left_pairs_or_candidates_out() {
    let refused = RefusedCandidate::Endpoint { host: Host::Address(addr("203.0.113.99:1").ip()), port: 1 };
    let limits = [
        Fact::Host(HostFact::Limited { what: Limit::Pairs, ignored: 3 }),
        Fact::Host(HostFact::Limited { what: Limit::PeerCandidates, ignored: 1 }),
        Fact::Ice(IceFact::CandidateRefused { candidate: refused, why: Code::PeerCandidateLimit }),
    ];
    for limit in limits {
        let mut scene = home();
        checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
        assert_eq!(scene.judged().verdict.path.value(), Some(&Path::None));
        scene.say(Question::Checks, None, limit.clone());
        let diagnosis = scene.judged();
        assert_eq!((diagnosis.verdict.path.why(), diagnosis.exit_code()), (Some(Code::InputLimited), 3), "{limit:?}");
        checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7001", None));
        assert_eq!(scene.judged().verdict.path.value(), Some(&Path::Direct), "{limit:?}");
    }
}

#[test]
fn a_restart_that_was_announced_and_not_made_ends_no_session_and_is_told_once() {
    let announced = |mut scene: Scene, times: u32| {
        for _ in 0..times {
            scene.say(Question::Checks, None, Fact::Ice(IceFact::Restarted));
            checked(&mut scene, pair(CandidateType::Host, "203.0.113.98:7000", silent(9)));
            scene.say(Question::Checks, None, Fact::Ice(IceFact::RestartNotMade { lasted_ms: Millis(4000.0) }));
        }
        scene.judged()
    };
    let carried = announced(called(home(), CandidateType::Host, 500), 2);
    assert_eq!((carried.verdict.path.value(), carried.exit_code()), (Some(&Path::Direct), 0));
    let told = carried.findings.iter().filter(|finding| finding.code == Code::IceRestartNotMade);
    assert_eq!(told.map(|told| told.severity).collect::<Vec<_>>(), [Severity::Info]);
    let mut alone = home();
    checked(&mut alone, pair(CandidateType::Host, "203.0.113.99:7000", None));
    let alone = announced(alone, 1);
    assert_eq!(finding(&alone, Code::IceRestartNotMade).map(|told| told.severity), Some(Severity::Warning));
    assert_eq!(alone.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn a_relay_whose_check_overtook_its_candidate_is_no_direct_path() {
    let mut ours = home();
    let place = "203.0.113.99:7000";
    let (local, remote) = (end(CandidateType::Host, "192.168.1.2:5000"), end(CandidateType::Prflx, place));
    let (rtt_ms, after_ms) = (Some(Millis(3.0)), Millis(20.0));
    ours.say(Question::Checks, None, Fact::Ice(IceFact::Reached { local, remote, rtt_ms, after_ms, sent: 1 }));
    let direct = ours.judged();
    assert_eq!(
        direct.verdict.tried.as_ref().and_then(|tried| tried.value()),
        Some(&Path::Direct),
        "nothing else is known"
    );
    ours.say(Question::Checks, None, Fact::Ice(IceFact::RemoteCandidate(end(CandidateType::Relay, place))));
    let relayed = ours.judged();
    assert_eq!(relayed.verdict.tried.as_ref().and_then(|tried| tried.value()), Some(&Path::Relay));
}

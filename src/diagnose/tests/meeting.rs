//! Two ends' records together: what is expected, what was found, and what is said of both.

use super::relays::working_relay;
use super::scene::*;
use super::whatever::{evidence, record};
use crate::diagnose::{Bearing, diagnose, known_causes, mirrored};
use crate::model::*;
use crate::model::{HostFact, IceFact, Millis, RunFact, SignallingFact, StunFact};
use Behaviour::{AddressAndPortDependent, EndpointIndependent};
use proptest::prelude::*;

pub(super) fn tool() -> Tool {
    Tool { name: "rtc-doctor".to_owned(), version: "0.1.0".to_owned() }
}

/// The same story in another network: the public addresses are others.
pub(crate) fn elsewhere(mut scene: Scene) -> Scene {
    for observation in &mut scene.record.observations {
        if let Fact::Stun(StunFact::Mapped { mapped, .. }) = &mut observation.fact
            && mapped.ip() == addr("203.0.113.7:1").ip()
        {
            mapped.set_ip(addr("203.0.113.99:1").ip());
        }
    }
    scene
}

pub(crate) fn with_relay(mut scene: Scene) -> Scene {
    scene.record.targets.push(TURN.parse().expect("target"));
    working_relay(&mut scene, TURN);
    scene
}

pub(crate) fn met(ours: &Scene, theirs: &Scene) -> Diagnosis {
    diagnose(&ours.record.clone().join(theirs.record.clone(), tool()))
}

pub(super) fn end(kind: CandidateType, address: &str) -> PairEnd {
    let address = addr(address);
    PairEnd {
        kind,
        protocol: Protocol::Udp,
        address: Host::Address(address.ip()),
        port: address.port(),
        tcp_type: None,
        relay_protocol: None,
        server: None,
    }
}

pub(super) fn pair(kind: CandidateType, remote: &str, failure: Option<PairFailure>) -> Pair {
    let works = failure.is_none();
    let local = if kind == CandidateType::Relay { "192.0.2.1:49152" } else { "192.168.1.2:5000" };
    Pair {
        local: end(kind, local),
        remote: end(CandidateType::Srflx, remote),
        state: if works { PairState::Succeeded } else { PairState::Failed },
        failure,
        rtt_ms: works.then_some(RoundTrips { min: Millis(40.0), median: Millis(42.0), max: Millis(50.0) }),
        sent: 10,
        received: if works { 10 } else { 0 },
        unanswered_last: 0,
        first_success_ms: works.then_some(Millis(90.0)),
        nominated: works,
    }
}

pub(super) fn silent(heard: u32) -> Option<PairFailure> {
    Some(PairFailure::Silent { control: Tally { sent: 9, answered: heard } })
}

pub(super) fn checked(scene: &mut Scene, pair: Pair) -> ObservationId {
    scene.say(Question::Checks, None, Fact::Ice(IceFact::Checked(pair)))
}

#[test]
fn two_homes_meet_directly_and_the_evidence_is_of_both() {
    let (ours, theirs) = (home(), elsewhere(home()));
    let diagnosis = met(&ours, &theirs);
    assert_eq!(diagnosis.verdict.predicted.as_ref().and_then(|path| path.value()), Some(&Path::Direct));
    assert_eq!(diagnosis.verdict.because, [Code::BothEndpointIndependent]);
    assert_eq!(diagnosis.verdict.tried, None);
    let border = ours.record.observations.len() as u32;
    let ids = diagnosis.verdict.path.evidence();
    assert!(ids.iter().any(|id| id.0 < border) && ids.iter().any(|id| id.0 >= border), "{ids:?}");
    let of_theirs = ids.iter().filter(|id| id.0 >= border);
    assert!(of_theirs.into_iter().all(|id| !diagnosis.observations[id.0 as usize].end.is_ours()));
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_home_and_a_strict_office_need_a_relay_and_are_told_whose_change_would_help() {
    let (ours, theirs) = (with_relay(home()), elsewhere(office(&[HOME])));
    let diagnosis = met(&ours, &theirs);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(diagnosis.verdict.because, [Code::OwnFilterByPort, Code::PeerMappingVaries, Code::RelayTakesOver]);
    assert_eq!(diagnosis.verdict.direct_if, [Code::UseAddressDependentFiltering, Code::PeerEndpointIndependentMapping]);
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn one_public_address_for_both_is_no_proof_of_anything() {
    let diagnosis = met(&home(), &home());
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::SameNetwork));
    assert!(!diagnosis.verdict.path.evidence().is_empty());
    assert_eq!(diagnosis.exit_code(), 3);
}

#[test]
fn stand_ins_that_were_put_in_apart_are_not_compared() {
    let hidden = |mut scene: Scene| {
        scene.record.redacted = true;
        scene
    };
    let diagnosis = met(&hidden(home()), &hidden(home()));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct), "the same stand-in is not the same address");
    assert!(finding(&diagnosis, Code::AddressesHidden).is_some());
    let again = diagnose(&Record {
        redacted: true,
        peer: diagnosis.peer.clone(),
        targets: diagnosis.targets.clone(),
        observations: diagnosis.observations.clone(),
        ..Record::default()
    });
    assert_eq!(again.verdict, diagnosis.verdict, "it is judged again as it was");
}

#[test]
fn a_server_on_the_machine_itself_says_nothing_of_two_ends() {
    let at_home = || {
        let mut scene = Scene::at_home(&["stun:127.0.0.1"]);
        scene.mapped(Question::Binding, "stun:127.0.0.1", "127.0.0.1:4000", "127.0.0.1:3478", "127.0.0.1:4000");
        scene
    };
    let diagnosis = met(&at_home(), &at_home());
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NoCommonServer), "{:?}", diagnosis.verdict);
}

#[test]
fn without_the_peers_record_nothing_is_predicted_and_what_was_tried_counts() {
    let mut scene = home();
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7000", None));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.predicted.as_ref().and_then(Judged::why), Some(Code::PeerRecordMissing));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!(diagnosis.pairs.len(), 1);
}

#[test]
fn a_prediction_that_proves_wrong_is_a_finding_with_both_sides_evidence() {
    let (mut ours, mut theirs) = (with_relay(home()), elsewhere(home()));
    for scene in [&mut ours, &mut theirs] {
        checked(scene, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
        checked(scene, pair(CandidateType::Relay, "203.0.113.99:7000", None));
    }
    let diagnosis = met(&ours, &theirs);
    assert_eq!(diagnosis.verdict.tried.as_ref().and_then(|path| path.value()), Some(&Path::Relay));
    let wrong = finding(&diagnosis, Code::DirectWasPredicted).expect("told");
    let border = ours.record.observations.len() as u32;
    assert!(wrong.evidence.iter().any(|id| id.0 < border) && wrong.evidence.iter().any(|id| id.0 >= border));
    assert_eq!(diagnosis.verdict.because, [Code::NoDirectPairWorks, Code::RelayTakesOver]);
}

#[test]
fn nothing_connects_only_where_every_silence_has_a_control() {
    let told = |heard| {
        let (mut ours, mut theirs) = (office(&[HOME]), elsewhere(office(&[HOME])));
        for scene in [&mut ours, &mut theirs] {
            checked(scene, pair(CandidateType::Host, "203.0.113.99:7000", silent(heard)));
        }
        met(&ours, &theirs).verdict.tried.expect("checks were made")
    };
    assert_eq!(told(9).value(), Some(&Path::None));
    assert_eq!(told(0).why(), Some(Code::ControlFailed));
}

#[test]
fn what_only_the_other_end_says_is_not_what_was_seen() {
    let described = |scene: &mut Scene| {
        scene.say(Question::Checks, None, Fact::Ice(IceFact::Described { role: Role::Controlling, lite: false }));
    };
    let claims = || {
        let mut scene = elsewhere(home());
        checked(&mut scene, pair(CandidateType::Host, "203.0.113.7:7000", None));
        scene
    };
    let mut nothing = home();
    described(&mut nothing);
    let mut silent_here = home();
    checked(&mut silent_here, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
    for (what, ours) in [("no check was made", home()), ("no pair", nothing), ("all failed", silent_here)] {
        let diagnosis = met(&ours, &claims());
        assert_eq!(diagnosis.verdict.tried.as_ref().and_then(Judged::why), Some(Code::EndsDisagree), "{what}");
        let told = finding(&diagnosis, Code::EndsDisagree).expect(what);
        assert_eq!((told.severity, diagnosis.exit_code()), (Severity::Warning, 3), "{what}");
    }
}

#[test]
fn what_was_seen_here_stands_whatever_the_other_end_leaves_out() {
    let mut ours = home();
    checked(&mut ours, pair(CandidateType::Host, "203.0.113.99:7000", None));
    let diagnosis = met(&ours, &elsewhere(home()));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    let mut unfinished = home();
    checked(&mut unfinished, pair(CandidateType::Host, "203.0.113.99:7000", Some(PairFailure::NoTime)));
    assert_ne!(met(&unfinished, &ours).verdict.path.value(), Some(&Path::Direct), "here it is not known yet");
}

#[test]
fn two_ends_that_disagree_both_say_so_unless_the_call_was_carried() {
    let (mut answered, mut unheard) = (home(), elsewhere(home()));
    checked(&mut answered, pair(CandidateType::Host, "203.0.113.99:7000", None));
    checked(&mut unheard, pair(CandidateType::Host, "203.0.113.7:7000", silent(0)));
    for diagnosis in [met(&answered, &unheard), met(&unheard, &answered)] {
        assert_eq!(diagnosis.verdict.path.why(), Some(Code::EndsDisagree));
    }
    let reached = CallFact::CallReached { stage: CallStage::Dtls, after_ms: Millis(1.0) };
    answered.say(Question::Call, None, Fact::Call(reached));
    assert_eq!(met(&answered, &unheard).verdict.path.value(), Some(&Path::Direct), "its handshake went both ways");
}

#[test]
fn a_peer_that_left_makes_silence_worthless_and_not_an_answer() {
    let left = |failure: Option<PairFailure>| {
        let (mut ours, theirs) = (home(), elsewhere(home()));
        checked(&mut ours, pair(CandidateType::Host, "203.0.113.99:7000", failure));
        ours.say(Question::Signalling, None, Fact::Signalling(SignallingFact::PeerLeft));
        met(&ours, &theirs)
    };
    let silent = left(silent(9));
    assert_eq!(silent.verdict.path.why(), Some(Code::PeerLeft));
    assert!(finding(&silent, Code::PeerLeft).is_some() && finding(&silent, Code::DirectWasPredicted).is_none());
    assert_eq!(left(None).verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn the_last_that_is_said_of_a_pair_counts_and_a_restart_begins_anew() {
    let mut scene = home();
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7000", None));
    assert_eq!(scene.judged().pairs.len(), 1);
    assert_eq!(scene.judged().pairs[0].state, PairState::Succeeded);
    scene.say(Question::Checks, None, Fact::Ice(IceFact::Restarted));
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.98:7000", silent(9)));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.pairs.len(), 1);
    assert_ne!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert!(finding(&diagnosis, Code::IceRestarted).is_some());
}

#[test]
fn a_reflexive_address_and_its_socket_are_one_base() {
    let mut scene = home();
    let candidate = Candidate {
        kind: CandidateType::Srflx,
        protocol: Protocol::Udp,
        address: addr("203.0.113.7:1").ip(),
        port: 5000,
        priority: 1,
        foundation: "1".to_owned(),
        related: Some(addr("192.168.1.2:5000")),
        relay_protocol: None,
        server: None,
        tcp_type: None,
    };
    scene.say(Question::Gather, None, Fact::Host(HostFact::Candidate(candidate)));
    checked(&mut scene, pair(CandidateType::Host, "203.0.113.99:7000", silent(9)));
    let seen = Pair {
        local: end(CandidateType::Srflx, "203.0.113.7:5000"),
        ..pair(CandidateType::Srflx, "203.0.113.99:7000", None)
    };
    checked(&mut scene, seen);
    assert_eq!(scene.judged().pairs.len(), 1);
}

#[test]
fn a_relay_that_was_chosen_beside_a_direct_pair_is_told() {
    let mut scene = home();
    let direct = Pair { nominated: false, ..pair(CandidateType::Host, "203.0.113.99:7000", None) };
    checked(&mut scene, direct);
    checked(&mut scene, pair(CandidateType::Relay, "203.0.113.99:7000", None));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert!(finding(&diagnosis, Code::RelayNominatedFirst).is_some());
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn a_way_that_is_cut_is_the_networks_doing_only_where_another_one_works() {
    let cut = Fact::Signalling(SignallingFact::NotCarried {
        carrier: SignallingTransport::WebSocket,
        failure: SignallingFailure::Cut,
        took_ms: Millis(30.0),
    });
    let mut scene = home();
    scene.say(Question::Signalling, None, cut.clone());
    assert!(finding(&scene.judged(), Code::CarrierCut).is_none());
    let other = Fact::Signalling(SignallingFact::Carried {
        carrier: SignallingTransport::LongPolling,
        took_ms: Millis(20.0),
        rtt_ms: Millis(40.0),
    });
    scene.say(Question::Signalling, None, other);
    let diagnosis = scene.judged();
    let told = finding(&diagnosis, Code::CarrierCut).expect("told");
    assert_eq!(told.evidence.len(), 2, "and what shows that the server is there");
    assert_eq!(told.about.get("carrier").as_deref(), Some("WebSocket"));
}

#[test]
fn pairs_that_failed_alike_are_one_finding() {
    let mut scene = home();
    for port in 7000..7004 {
        checked(&mut scene, pair(CandidateType::Host, &format!("203.0.113.99:{port}"), silent(9)));
    }
    let refused = PairFailure::RelayRefused { code: 403, reason: text("Forbidden") };
    checked(&mut scene, pair(CandidateType::Relay, "203.0.113.99:7000", Some(refused)));
    let diagnosis = scene.judged();
    let silent = finding(&diagnosis, Code::PairsSilent).expect("told");
    assert_eq!((silent.about.get("count").as_deref(), silent.severity), (Some("4"), Severity::Info));
    let refused = finding(&diagnosis, Code::PairsRefusedByRelay).expect("told");
    assert_eq!(refused.severity, Severity::Warning, "a public address");
}

#[test]
fn private_addresses_of_another_network_are_the_reason_beside_what_a_relay_rightly_refuses_and_dead_names() {
    let refused = PairFailure::RelayRefused { code: 403, reason: text("Forbidden") };
    let name = Host::Name(text("7f3c0d3e-1d1c-4b6e-9c59-2f4f0b7a4c11.local"));
    let named = pair(CandidateType::Host, "10.2.0.2:1", Some(PairFailure::NotResolved));
    let named = Pair { remote: PairEnd { address: name, ..named.remote.clone() }, ..named };
    for names in [0, 1, 8] {
        let mut scene = home();
        checked(&mut scene, pair(CandidateType::Host, "10.2.0.2:7000", silent(9)));
        checked(&mut scene, pair(CandidateType::Relay, "10.2.0.2:7000", Some(refused.clone())));
        for port in 0..names {
            checked(&mut scene, Pair { remote: PairEnd { port, ..named.remote.clone() }, ..named.clone() });
        }
        let diagnosis = scene.judged();
        let inside = finding(&diagnosis, Code::PeerAddressesInside).expect("told");
        assert_eq!((inside.severity, inside.about.get("name").is_some()), (Severity::Critical, names > 0));
        let refusal = finding(&diagnosis, Code::PairsRefusedByRelay).expect("told");
        assert!(!diagnosis.explains_the_verdict(refusal), "{names}");
    }
    let mut names_alone = home();
    checked(&mut names_alone, named);
    assert!(finding(&names_alone.judged(), Code::PeerAddressesInside).is_none(), "nothing is known of where they are");
}

#[test]
fn a_way_by_satellite_may_be_put_on_a_relay_first() {
    let slow = |mut scene: Scene| {
        for observation in &mut scene.record.observations {
            if let Fact::Stun(StunFact::Mapped { rtt_ms, .. }) = &mut observation.fact {
                *rtt_ms = Some(Millis(600.0));
            }
        }
        scene
    };
    let diagnosis = met(&with_relay(slow(home())), &elsewhere(slow(home())));
    assert!(finding(&diagnosis, Code::RelayMayBeNominatedFirst).is_some());
    assert!(finding(&met(&with_relay(home()), &elsewhere(home())), Code::RelayMayBeNominatedFirst).is_none());
}

#[test]
fn a_filter_that_was_not_measured_leaves_it_open_and_says_at_whose_end() {
    let mut half = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, AddressAndPortDependent).tell_mapping(&mut half);
    let strict = elsewhere(office(&[HOME]));
    let diagnosis = met(&half, &strict);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::EndsUnclear));
    assert_eq!(diagnosis.verdict.because, [Code::EndsUnclear, Code::OwnUnclear]);
    assert_eq!(met(&strict, &half).verdict.because, [Code::EndsUnclear, Code::PeerUnclear]);
}

#[test]
fn a_mirrored_code_mirrors_back_to_what_both_ends_have_a_word_for() {
    for code in Code::ALL {
        let theirs = mirrored(*code);
        assert_eq!(mirrored(mirrored(theirs)), theirs);
    }
}

#[test]
fn every_cause_that_decides_how_calls_go_has_a_word_at_the_other_end() {
    for cause in known_causes().filter(|cause| cause.bearing != Bearing::AsMeasured) {
        assert_ne!(mirrored(cause.code), cause.code, "{}", cause.code);
    }
    let changes =
        [Code::AllowOutboundUdp, Code::AllowStun, Code::AllowUdpOnThisMachine, Code::PublicAddressFromProvider];
    assert!(changes.into_iter().all(|change| mirrored(change) != change));
}

fn meeting_fact() -> impl Strategy<Value = Fact> {
    let kinds = prop::sample::select(vec![CandidateType::Host, CandidateType::Srflx, CandidateType::Relay]);
    let failure = prop::option::of(prop::sample::select(vec![
        PairFailure::Silent { control: Tally { sent: 9, answered: 9 } },
        PairFailure::Silent { control: Tally::default() },
        PairFailure::RelayLost,
        PairFailure::NotResolved,
        PairFailure::NoTime,
    ]));
    (kinds, failure, 0..4_u16, 0..8_u8).prop_map(|(kind, failure, port, choice)| {
        let told = pair(kind, &format!("203.0.113.99:{}", 7000 + port), failure);
        match choice {
            0 => Fact::Signalling(SignallingFact::PeerLeft),
            1 => Fact::Ice(IceFact::Restarted),
            2 => Fact::Ice(IceFact::Reached {
                local: told.local,
                remote: told.remote,
                rtt_ms: None,
                after_ms: Millis(1.0),
                sent: 1,
            }),
            3 => Fact::Ice(IceFact::Described { role: Role::Controlling, lite: false }),
            _ => Fact::Ice(IceFact::Checked(told)),
        }
    })
}

/// Whether an end made checks, and whether they decided; None where they were cut, which makes the other's silence worthless.
fn has_seen(alone: &Diagnosis) -> Option<(bool, bool)> {
    let cuts = |fact: &Fact| {
        matches!(
            fact,
            Fact::Signalling(SignallingFact::PeerLeft)
                | Fact::Run(RunFact::Interrupted)
                | Fact::Run(RunFact::OutOfTime)
        )
    };
    let is_cut = alone.observations.iter().any(|seen| cuts(&seen.fact));
    let tried = alone.verdict.tried.as_ref();
    (!is_cut).then(|| (tried.is_some(), tried.is_some_and(|tried| tried.value().is_some())))
}

fn end_of_a_call() -> impl Strategy<Value = Record> {
    (record(), prop::collection::vec(meeting_fact(), 0..8)).prop_map(|(mut record, facts)| {
        for fact in facts {
            record.push(Millis(1.0), Origin { question: Question::Checks, uri: None }, fact);
        }
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_records_are_judged_and_both_ends_say_the_same(ours in end_of_a_call(), theirs in end_of_a_call()) {
        let (ours_alone, theirs_alone) = (diagnose(&ours), diagnose(&theirs));
        let here = diagnose(&ours.clone().join(theirs.clone(), tool()));
        let there = diagnose(&theirs.join(ours, tool()));
        for diagnosis in [&here, &there] {
            for id in evidence(diagnosis) {
                prop_assert!((id.0 as usize) < diagnosis.observations.len());
            }
            prop_assert!(diagnosis.findings.iter().all(|finding| !finding.evidence.is_empty()));
        }
        let said = |path: &Judged<Path>| (path.value().copied(), path.why());
        prop_assert_eq!(here.verdict.predicted.as_ref().map(said), there.verdict.predicted.as_ref().map(said));
        // Where one end has seen what the other has not, each goes by its own.
        if has_seen(&ours_alone).is_none_or(|seen| has_seen(&theirs_alone) != Some(seen)) {
            return Ok(());
        }
        prop_assert_eq!(said(&here.verdict.path), said(&there.verdict.path));
        prop_assert_eq!(here.verdict.tried.as_ref().map(said), there.verdict.tried.as_ref().map(said));
        // There and back: what has a word at one end alone is told at the other in general.
        let codes = |codes: &[Code], turned: bool| {
            // Whose candidates were missing is told by who missed them.
            let missed = |code: &&Code| !matches!(code, Code::PeerSentNoCandidates | Code::OwnNoCandidates);
            let said = codes.iter().filter(missed).map(|code| if turned { mirrored(*code) } else { mirrored(mirrored(*code)) });
            said.collect::<std::collections::BTreeSet<Code>>()
        };
        prop_assert_eq!(codes(&here.verdict.because, true), codes(&there.verdict.because, false));
        prop_assert_eq!(codes(&here.verdict.direct_if, true), codes(&there.verdict.direct_if, false));
    }
}

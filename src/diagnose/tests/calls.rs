//! How a call came out, by what an end saw of it.

use crate::diagnose::diagnose;
use crate::model::*;
use crate::model::{CallFact, HostFact, IceFact, Millis, ServerUri};

/// A record of one call in the making.
pub(super) struct Told {
    pub record: Record,
    question: Question,
    uri: Option<ServerUri>,
}

const RELAY: &str = "turn:192.0.2.1?transport=udp";

impl Told {
    pub(super) fn with_peer() -> Self {
        Self { record: Record::new(Vec::new()), question: Question::Call, uri: None }
    }

    fn alone_through_the_relay() -> Self {
        Self { question: Question::OwnCall, uri: Some(RELAY.into()), ..Self::with_peer() }
    }

    pub(super) fn fact(mut self, fact: Fact) -> Self {
        let by = Origin { question: self.question, uri: self.uri.clone() };
        self.record.push(Millis(1.0), by, fact);
        self
    }

    fn reached(self, stages: impl IntoIterator<Item = CallStage>) -> Self {
        let reached = |told: Self, (place, stage)| {
            let after_ms = Millis(f64::from(u8::try_from(place).unwrap_or_default()) * 100.0);
            told.fact(Fact::Call(CallFact::CallReached { stage, after_ms }))
        };
        stages.into_iter().enumerate().fold(self, reached)
    }

    pub(super) fn secured(self) -> Self {
        use CallStage::{ChannelOpen, ChecksStarted, Connected, Dtls, FirstMedia, Gathered};
        self.reached([Gathered, ChecksStarted, Connected, Dtls, ChannelOpen, FirstMedia])
    }

    pub(super) fn selected(self, kind: CandidateType) -> Self {
        let end = |kind, address: &str| PairEnd {
            kind,
            protocol: Protocol::Udp,
            address: Host::Address(address.parse().expect("an address")),
            port: 5000,
            tcp_type: None,
            relay_protocol: None,
            server: None,
        };
        let (local, remote) = (end(kind, "198.51.100.1"), end(CandidateType::Host, "203.0.113.1"));
        self.fact(Fact::Ice(IceFact::Nominated { local, remote, role: Role::Controlling, after_ms: Millis(100.0) }))
    }

    pub(super) fn called(self, change: impl FnOnce(&mut Traffic)) -> Self {
        let flow = || MediaFlow {
            sent_packets: 500,
            received_packets: 500,
            lost_there: Some(0),
            jitter_ms: Some(Millis(1.0)),
            ..MediaFlow::default()
        };
        let data = || DataFlow { opened: true, sent: 100, received: 100, echoed: 100, rtt_ms: None };
        let rtt_ms = Some(RoundTrips { min: Millis(20.0), median: Millis(20.0), max: Millis(20.0) });
        let mut traffic = Traffic {
            lasted_ms: Millis(10_000.0),
            aimed_bps: 1_500_000,
            audio: flow(),
            video: flow(),
            reliable: data(),
            unreliable: data(),
            rtt_ms,
            ..Traffic::default()
        };
        change(&mut traffic);
        self.fact(Fact::Call(CallFact::Called(Box::new(traffic))))
    }

    pub(super) fn diagnosis(&self) -> Diagnosis {
        diagnose(&self.record)
    }

    pub(super) fn outcome(&self) -> Option<CallOutcome> {
        self.diagnosis().call.map(|call| call.outcome)
    }

    pub(super) fn finds(&self, code: Code) -> Option<Severity> {
        self.diagnosis().findings.iter().find(|finding| finding.code == code).map(|finding| finding.severity)
    }
}

#[test]
fn a_call_in_which_all_passes_is_good_graded_and_rests_on_what_was_seen() {
    let told = Told::with_peer().secured().selected(CandidateType::Host).called(|_| {});
    let diagnosis = told.diagnosis();
    let call = diagnosis.call.as_ref().expect("a call");
    assert_eq!(
        (call.outcome, call.timing_ms.dtls, call.timing_ms.first_media),
        (CallOutcome::Good, Some(Millis(300.0)), Some(Millis(500.0)))
    );
    let grade = call.media.as_ref().and_then(|media| media.grade).expect("a grade");
    assert_eq!(grade.quality, SpeechQuality::Best);
    assert_eq!(call.evidence.len(), told.record.observations.len());
    assert_eq!(told.finds(Code::CallGood), Some(Severity::Info));
}

#[test]
fn loss_is_the_relays_where_a_relay_carried_it_and_the_paths_where_none_did() {
    let lossy = |kind| Told::with_peer().secured().selected(kind).called(|traffic| traffic.audio.lost = 60);
    assert_eq!(lossy(CandidateType::Host).outcome(), Some(CallOutcome::Degraded));
    assert_eq!(lossy(CandidateType::Relay).outcome(), Some(CallOutcome::RelayThin));
    let there = Told::with_peer().secured().selected(CandidateType::Host).called(|traffic| {
        traffic.audio.lost_there = Some(60);
    });
    assert_eq!(there.outcome(), Some(CallOutcome::Degraded), "what the other end misses counts as much");
    assert_eq!(there.finds(Code::CallDegraded), Some(Severity::Warning));
}

#[test]
fn a_single_pause_or_a_few_lost_packets_are_no_bad_call() {
    let told = Told::with_peer().secured().called(|traffic| (traffic.audio.lost, traffic.audio.stalls) = (10, 1));
    assert_eq!(told.outcome(), Some(CallOutcome::Good));
}

#[test]
fn media_that_never_comes_or_is_never_reported_goes_one_way() {
    let deaf = Told::with_peer().secured().called(|traffic| {
        (traffic.audio.received_packets, traffic.video.received_packets) = (0, 0);
    });
    assert_eq!(deaf.outcome(), Some(CallOutcome::MediaOneWay));
    let mute = |lasted_ms| {
        Told::with_peer().secured().called(|traffic| {
            (traffic.audio.lost_there, traffic.video.lost_there, traffic.lasted_ms) = (None, None, lasted_ms);
        })
    };
    assert_eq!(mute(Millis(10_000.0)).outcome(), Some(CallOutcome::MediaOneWay));
    assert_eq!(mute(Millis(800.0)).outcome(), Some(CallOutcome::Good), "in a short call no report was due");
    assert_eq!(deaf.finds(Code::CallMediaAbsent), Some(Severity::Critical));
}

#[test]
fn media_without_a_data_channel_is_not_called_good() {
    let told = Told::with_peer().secured().called(|traffic| {
        (traffic.reliable.opened, traffic.unreliable.opened) = (false, false);
    });
    assert_eq!(told.outcome(), Some(CallOutcome::NoData));
    assert_eq!(told.finds(Code::CallNoData), Some(Severity::Warning));
}

#[test]
fn a_kind_of_media_that_never_comes_is_missed_unless_it_was_not_to_come() {
    type Kind = fn(&mut Traffic) -> &mut MediaFlow;
    let silent = |change: Kind| {
        move |traffic: &mut Traffic| {
            let flow = change(traffic);
            (flow.received_packets, flow.jitter_ms) = (0, None);
        }
    };
    let kinds: [(Kind, Code); 2] = [
        (|traffic| &mut traffic.audio, Code::CallSoundPaused),
        (|traffic| &mut traffic.video, Code::CallPicturePaused),
    ];
    for (kind, code) in kinds {
        let told = Told::with_peer().secured().selected(CandidateType::Host).called(silent(kind));
        assert_eq!(told.outcome(), Some(CallOutcome::MediaOneWay), "{code}");
        assert_eq!(told.finds(Code::CallMediaOneWay), Some(Severity::Critical));
        assert_eq!(told.finds(code), Some(Severity::Warning));
        assert_eq!(told.finds(Code::CallMediaLostInward), None, "the other kind came");
        let announced = CallFact::PeerAnnounced {
            audio: code == Code::CallPicturePaused,
            video: code == Code::CallSoundPaused,
            data: true,
            declines_audio: false,
            declines_video: false,
            as_asked: false,
        };
        let agreed = Told::with_peer().secured().fact(Fact::Call(announced)).called(silent(kind));
        assert_eq!((agreed.outcome(), agreed.finds(code)), (Some(CallOutcome::Good), None), "{code}");
    }
}

#[test]
fn a_kind_that_stands_still_for_seconds_is_told_with_its_kind_unless_this_end_caused_the_pause() {
    let still = |told: Told| {
        let video = |traffic: &mut Traffic| {
            (traffic.video.stalls, traffic.video.longest_stall_ms) = (1, Millis(8000.0));
        };
        told.secured().selected(CandidateType::Host).called(video)
    };
    let told = still(Told::with_peer());
    assert_eq!(told.outcome(), Some(CallOutcome::Degraded));
    assert_eq!(told.finds(Code::CallPicturePaused), Some(Severity::Warning));
    assert_eq!(told.finds(Code::CallSoundPaused), None);
    let late = Fact::Host(HostFact::HeldUp { times: 1, longest_ms: Millis(7500.0) });
    for cause in [late, Fact::Ice(IceFact::Restarted)] {
        let owed = still(Told::with_peer().fact(cause));
        assert_eq!((owed.outcome(), owed.finds(Code::CallPicturePaused)), (Some(CallOutcome::Good), None));
    }
}

#[test]
fn data_that_does_not_come_back_are_told_and_what_may_be_on_its_way_is_not_missed() {
    let echoed = |reliable, unreliable| {
        Told::with_peer().secured().called(move |traffic| {
            (traffic.reliable.echoed, traffic.unreliable.echoed) = (reliable, unreliable);
        })
    };
    for (reliable, unreliable) in [(0, 0), (10, 10), (70, 100), (100, 40)] {
        let told = echoed(reliable, unreliable);
        assert_eq!(told.outcome(), Some(CallOutcome::NoData), "{reliable} {unreliable}");
        assert_eq!(told.finds(Code::CallDataUnanswered), Some(Severity::Warning));
        assert_eq!(told.finds(Code::CallNoData), None, "the channels had opened");
    }
    assert_eq!(echoed(85, 60).outcome(), Some(CallOutcome::Good));
}

#[test]
fn a_call_that_broke_is_told_by_where_it_broke() {
    use CallStage::{ChecksStarted, Connected, Gathered};
    let connected = || Told::with_peer().reached([Gathered, ChecksStarted, Connected]);
    let silent = |heard| CallBreak::DtlsSilent {
        sent: 4,
        largest_bytes: 900,
        heard,
        heard_there: None,
        waited_ms: Millis(10_000.0),
    };
    let mut never_answered = silent(4);
    if let CallBreak::DtlsSilent { sent, .. } = &mut never_answered {
        *sent = 0;
    }
    let cases = [
        (silent(2), CallOutcome::Dtls, Code::CallDtlsSilent),
        (silent(0), CallOutcome::Dtls, Code::CallDtlsUnheard),
        (never_answered, CallOutcome::Dtls, Code::CallDtlsFailed),
        (CallBreak::WrongFingerprint, CallOutcome::Dtls, Code::CallWrongFingerprint),
        (CallBreak::DtlsFailed { detail: Text::new("alert") }, CallOutcome::Dtls, Code::CallDtlsFailed),
        (
            CallBreak::Cut { after_ms: Millis(5000.0), silent_ms: Millis(3000.0), pair: None },
            CallOutcome::Cut,
            Code::CallCut,
        ),
        (CallBreak::Closed { after_ms: Millis(5000.0) }, CallOutcome::Closed, Code::CallClosed),
        (
            CallBreak::DescriptionUnusable { detail: Text::new("no m-line"), why: None, line: None },
            CallOutcome::NoAgreement,
            Code::CallNoAgreement,
        ),
    ];
    for (broken, outcome, code) in cases {
        let told = connected().fact(Fact::Call(CallFact::CallBroken(broken)));
        assert_eq!(told.outcome(), Some(outcome));
        assert!(told.finds(code).is_some(), "{code}");
    }
    assert_eq!(connected().outcome(), Some(CallOutcome::Unfinished));
}

/// A call that got a pair and then waited for DTLS, of which so many datagrams came in here, and there.
fn waited(received: u32, there: Option<u32>, handshake: Option<DtlsHandshake>) -> Told {
    use CallStage::{ChecksStarted, Connected, Gathered};
    let heard_there = there;
    let silent = CallBreak::DtlsSilent {
        sent: 4,
        largest_bytes: 900,
        heard: received,
        heard_there,
        waited_ms: Millis(10_000.0),
    };
    let told = Told::with_peer().reached([Gathered, ChecksStarted, Connected]);
    let told = match handshake {
        Some(handshake) => told.fact(Fact::Call(CallFact::HandshakeSeen(handshake))),
        None => told,
    };
    told.fact(Fact::Call(CallFact::CallBroken(silent)))
}

fn handshake(role: DtlsRole, hellos_sent: u32, hellos_received: u32) -> DtlsHandshake {
    let their_setup = Some(Text::new(if role == DtlsRole::Server { "active" } else { "passive" }));
    DtlsHandshake { role, their_setup, setup_line: Some(9), hellos_sent, hellos_received, hellos_sent_there: None }
}

#[test]
fn the_path_is_accused_of_losing_dtls_only_where_something_was_sent_that_had_to_be_answered() {
    let cases = [
        (0, None, handshake(DtlsRole::Server, 0, 0), Code::CallDtlsNotBegun),
        (0, Some(0), handshake(DtlsRole::Server, 0, 0), Code::CallDtlsNotBegun),
        (3, None, handshake(DtlsRole::Client, 4, 3), Code::CallDtlsBothBegin),
        (0, None, handshake(DtlsRole::Client, 4, 0), Code::CallDtlsUnheard),
        (0, Some(0), handshake(DtlsRole::Client, 4, 0), Code::CallDtlsBlocked),
        (0, Some(4), handshake(DtlsRole::Client, 4, 0), Code::CallDtlsUnheard),
        (2, None, handshake(DtlsRole::Server, 0, 2), Code::CallDtlsSilent),
    ];
    for (received, there, handshake, code) in cases {
        let told = waited(received, there, Some(handshake.clone()));
        assert_eq!(told.finds(code), Some(Severity::Critical), "{handshake:?}");
        assert_eq!(told.diagnosis().exit_code(), 2, "{handshake:?}");
    }
}

#[test]
fn a_call_of_which_no_description_was_taken_is_not_told_as_one_without_a_nomination() {
    for why in [Code::PeerDescriptionUnusable, Code::PeerDescriptionMisplaced] {
        let refused = SignallingFact::MessageRefused { why, detail: RefusedMessage::NoKey };
        let told = Told::with_peer().reached([CallStage::Gathered]).fact(Fact::Signalling(refused));
        assert_eq!(
            (told.outcome(), told.finds(Code::CallNotNominated)),
            (Some(CallOutcome::NoAgreement), None),
            "{why}"
        );
        assert_eq!(told.finds(why), Some(Severity::Critical));
    }
}

#[test]
fn an_end_that_begins_out_of_turn_is_told_though_it_came_before_our_own_beginning() {
    use CallStage::{ChecksStarted, Connected, Gathered};
    let told = |handshake| {
        let failed = CallBreak::DtlsFailed { detail: Text::new("unexpected message") };
        let told = Told::with_peer().reached([Gathered, ChecksStarted, Connected]);
        told.fact(Fact::Call(CallFact::HandshakeSeen(handshake))).fact(Fact::Call(CallFact::CallBroken(failed)))
    };
    let early = told(handshake(DtlsRole::Client, 0, 1));
    assert_eq!(early.finds(Code::CallDtlsBothBegin), Some(Severity::Critical));
    let in_turn = told(handshake(DtlsRole::Server, 0, 1));
    assert_eq!(in_turn.finds(Code::CallDtlsFailed), Some(Severity::Critical));
}

#[test]
fn the_other_ends_own_word_of_its_hello_puts_the_loss_on_the_way() {
    let ours = waited(0, None, Some(handshake(DtlsRole::Server, 0, 0)));
    let theirs = waited(0, None, Some(handshake(DtlsRole::Client, 4, 0)));
    let tool = Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() };
    let both = diagnose(&ours.record.join(theirs.record, tool));
    let codes: Vec<Code> = both.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&Code::CallDtlsBlocked) && !codes.contains(&Code::CallDtlsNotBegun), "{codes:?}");
}

#[test]
fn a_role_that_the_other_end_does_not_give_up_is_told_and_no_network_with_it() {
    let disputed = |settled: bool, lasted: f64| {
        let lasted_ms = Millis(lasted);
        let dispute = RoleDispute { role: Role::Controlling, refused: 6, settled, lasted_ms };
        let mut told = waited(0, None, Some(handshake(DtlsRole::Client, 4, 0)));
        let by = Origin { question: Question::Checks, uri: None };
        told.record.push(Millis(2.0), by, Fact::Ice(IceFact::RoleDisputed(dispute)));
        told
    };
    assert_eq!(disputed(false, 9000.0).finds(Code::RoleConflictUnresolved), Some(Severity::Critical));
    assert_eq!(disputed(false, 9000.0).finds(Code::CallDtlsUnheard), None);
    for resolved in [disputed(true, 9000.0), disputed(false, 100.0)] {
        assert_eq!(resolved.finds(Code::RoleConflictUnresolved), None);
        assert_eq!(resolved.finds(Code::CallDtlsUnheard), Some(Severity::Critical));
    }
}

#[test]
fn without_candidates_and_without_a_pair_are_two_things() {
    let begun = || Told::with_peer().reached([CallStage::Gathered, CallStage::ChecksStarted]);
    assert_eq!(begun().outcome(), Some(CallOutcome::NoCandidates));
    let candidate = Candidate {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address: "192.168.1.2".parse().expect("an address"),
        port: 5000,
        priority: 1,
        foundation: "1".to_owned(),
        related: None,
        relay_protocol: None,
        server: None,
        tcp_type: None,
    };
    let mut told = begun();
    let of = |question| Origin { question, uri: None };
    told.record.push(Millis(2.0), of(Question::Gather), Fact::Host(HostFact::Candidate(candidate)));
    let theirs = Told::with_peer().selected(CandidateType::Host);
    let Fact::Ice(IceFact::Nominated { remote, .. }) = theirs.record.observations[0].fact.clone() else {
        panic!("a pair")
    };
    let there = remote.clone();
    told.record.push(Millis(3.0), of(Question::Checks), Fact::Ice(IceFact::RemoteCandidate(remote)));
    assert_eq!(told.outcome(), Some(CallOutcome::NotTried), "no pair was checked");
    let untried = diagnose(&told.record);
    assert_eq!(
        (untried.exit(), untried.exit_code()),
        (Exit::Unclear, 3),
        "what was not tried is neither fine nor broken"
    );
    let pair = |remote: &PairEnd| Pair {
        local: remote.clone(),
        remote: remote.clone(),
        state: PairState::Failed,
        failure: Some(PairFailure::Silent { control: Tally { sent: 9, answered: 9 } }),
        rtt_ms: None,
        sent: 9,
        received: 0,
        unanswered_last: 0,
        first_success_ms: None,
        nominated: false,
    };
    told.record.push(Millis(4.0), of(Question::Checks), Fact::Ice(IceFact::Checked(pair(&there))));
    assert_eq!(told.outcome(), Some(CallOutcome::NoPair));
    assert!(told.diagnosis().findings.iter().all(|finding| finding.code != Code::CallUnfinished));
}

#[test]
fn a_call_with_oneself_is_no_call_with_a_peer_and_tells_of_the_relay() {
    let told = Told::alone_through_the_relay().secured().selected(CandidateType::Relay).called(|traffic| {
        traffic.lasted_ms = Millis(800.0);
    });
    let diagnosis = told.diagnosis();
    assert_eq!(diagnosis.call, None);
    let [call] = &diagnosis.own_calls[..] else { panic!("{:?}", diagnosis.own_calls) };
    assert_eq!((call.outcome, call.relay.as_ref().map(ServerUri::as_str)), (CallOutcome::Good, Some(RELAY)));
    assert_eq!(told.finds(Code::OwnCallRelayCarries), Some(Severity::Info));
    let thin = Told::alone_through_the_relay().secured().selected(CandidateType::Relay).called(|traffic| {
        traffic.audio.lost = 100;
    });
    assert_eq!(thin.finds(Code::OwnCallRelayThin), Some(Severity::Warning));
    let none = Told::alone_through_the_relay().reached([CallStage::Gathered, CallStage::ChecksStarted]);
    assert_eq!(none.finds(Code::OwnCallRelayFails), Some(Severity::Warning));
}

#[test]
fn what_is_late_through_a_relay_on_this_very_machine_is_this_machine_s_and_what_is_lost_is_the_relay_s() {
    let through = |relay: &str, change: fn(&mut Traffic)| {
        let told = Told { uri: Some(relay.into()), ..Told::alone_through_the_relay() };
        told.secured().selected(CandidateType::Relay).called(change).finds(Code::OwnCallRelayThin)
    };
    let late = |traffic: &mut Traffic| {
        let took = Millis(1500.0);
        traffic.rtt_ms = Some(RoundTrips { min: took, median: took, max: took });
    };
    assert_eq!(through(RELAY, late), Some(Severity::Warning));
    let own = "turn:127.0.0.1:3478?transport=tcp";
    assert_eq!(through(own, late), None);
    assert_eq!(through(own, |traffic| traffic.audio.lost = 100), Some(Severity::Warning));
}

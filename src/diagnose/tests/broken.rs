//! Calls that broke, by what both ends found of it.

use crate::diagnose::diagnose;
use crate::model::*;
use crate::model::{CallFact, IceFact, Millis, ServerUri};

const RELAY: &str = "turn:203.0.113.10?transport=udp";

struct Told(Record);

impl Told {
    fn new() -> Self {
        Self(Record::new(Vec::new()))
    }

    fn say(mut self, question: Question, uri: Option<&str>, fact: Fact) -> Self {
        self.0.push(Millis(1.0), Origin { question, uri: uri.map(ServerUri::from) }, fact);
        self
    }

    fn connected(self) -> Self {
        use CallStage::{ChecksStarted, Connected, Gathered};
        [Gathered, ChecksStarted, Connected].into_iter().fold(self, |told, stage| {
            told.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: Millis(1.0) }))
        })
    }

    fn cut(self) -> Self {
        let broken = CallBreak::Cut { after_ms: Millis(1400.0), silent_ms: Millis(3000.0), pair: None };
        self.connected().say(Question::Call, None, Fact::Call(CallFact::CallBroken(broken)))
    }

    fn doubted(self, found: RelayState, control: (u32, u32)) -> Self {
        let liveness = RelayLiveness {
            transport: Transport::Udp,
            server: "203.0.113.10:3478".parse().expect("an address"),
            relayed: None,
            found,
            asked: Tally { sent: 8, answered: 0 },
            control: Tally { sent: control.0, answered: control.1 },
            after_ms: Millis(2000.0),
        };
        self.say(Question::Checks, Some(RELAY), Fact::Ice(IceFact::RelayDoubted(liveness)))
    }

    /// A call of this machine with itself through a relay.
    fn own_call(self, uri: &str, broken: Option<CallBreak>) -> Self {
        let reached = |stage| Fact::Call(CallFact::CallReached { stage, after_ms: Millis(1.0) });
        let told = self.say(Question::OwnCall, Some(uri), reached(CallStage::Connected));
        match broken {
            Some(broken) => told.say(Question::OwnCall, Some(uri), Fact::Call(CallFact::CallBroken(broken))),
            None => told.say(Question::OwnCall, Some(uri), reached(CallStage::Dtls)),
        }
    }

    fn codes(&self) -> Vec<Code> {
        let of_call = |code: &Code| {
            let name = code.to_string();
            name.starts_with("call-") || name.starts_with("own-call") || name.starts_with("dtls-")
        };
        diagnose(&self.0).findings.iter().map(|finding| finding.code).filter(of_call).collect()
    }
}

/// Nothing was heard here; so many there.
fn dropped(heard_there: u32) -> CallBreak {
    let heard_there = Some(heard_there);
    CallBreak::DtlsSilent { sent: 5, largest_bytes: 900, heard: 0, heard_there, waited_ms: Millis(10_000.0) }
}

#[test]
fn a_relay_is_blamed_for_a_cut_call_where_it_is_known_to_have_died_and_only_there() {
    let forgotten = RelayState::Forgotten { code: 437, reason: Text::new("Allocation Mismatch") };
    assert_eq!(Told::new().cut().doubted(RelayState::Silent, (8, 8)).codes(), [Code::CallRelayDied]);
    assert_eq!(Told::new().cut().doubted(forgotten.clone(), (0, 0)).codes(), [Code::CallRelayDied]);
    assert_eq!(Told::new().cut().doubted(RelayState::Silent, (0, 0)).codes(), [Code::CallCut]);
    assert_eq!(Told::new().cut().doubted(RelayState::Answers, (8, 8)).codes(), [Code::CallCut]);
    let died = diagnose(&Told::new().cut().doubted(forgotten, (0, 0)).0);
    let finding = died.findings.iter().find(|finding| finding.code == Code::CallRelayDied).expect("is told");
    assert_eq!(finding.severity, Severity::Critical);
    for (name, value) in [("server", RELAY), ("code", "437"), ("time", "1.4 s")] {
        assert_eq!(finding.about.get(name).as_deref(), Some(value));
    }
}

#[test]
fn a_call_that_broke_is_critical_to_a_shell_too() {
    let cut = Told::new().cut();
    assert_eq!(diagnose(&cut.0).exit_code(), 2);
    let dtls = Told::new().connected().say(Question::Call, None, Fact::Call(CallFact::CallBroken(dropped(0))));
    assert_eq!(diagnose(&dtls.0).exit_code(), 2);
    let closed = CallBreak::Closed { after_ms: Millis(1400.0) };
    let closed = Told::new().connected().say(Question::Call, None, Fact::Call(CallFact::CallBroken(closed)));
    assert_ne!(diagnose(&closed.0).exit_code(), 2);
}

#[test]
fn two_ends_that_hear_nothing_of_one_relay_are_each_others_control() {
    let silent = || Told::new().cut().doubted(RelayState::Silent, (0, 0)).0;
    let tool = Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() };
    let joined = Told(silent().join(silent(), tool));
    assert_eq!(joined.codes(), [Code::CallRelayDied]);
}

#[test]
fn a_call_that_went_on_without_its_relay_is_warned_of() {
    let told = Told::new().connected().doubted(RelayState::Closed, (0, 0));
    assert!(told.codes().contains(&Code::CallRelayReplaced), "{:?}", told.codes());
}

#[test]
fn dtls_of_which_nothing_was_heard_is_blocked_and_of_which_some_was_is_too_large() {
    let broken =
        |heard| Told::new().connected().say(Question::Call, None, Fact::Call(CallFact::CallBroken(dropped(heard))));
    assert_eq!(broken(0).codes(), [Code::CallDtlsBlocked]);
    assert_eq!(broken(3).codes(), [Code::CallDtlsSilent]);
    assert_eq!(
        broken(0).own_call(RELAY, Some(dropped(0))).codes(),
        [Code::DtlsBlockedHere, Code::CallDtlsBlocked],
        "its own calls show the same"
    );
}

#[test]
fn a_network_that_drops_dtls_is_told_from_a_relay_that_does() {
    const OTHER: &str = "turn:198.51.100.7?transport=udp";
    const OVER_TLS: &str = "turns:203.0.113.10?transport=tcp";
    let one = || Told::new().own_call(RELAY, Some(dropped(0)));
    assert_eq!(one().codes(), [Code::OwnCallDtlsBlocked]);
    assert_eq!(one().own_call(OTHER, Some(dropped(0))).codes(), [Code::DtlsBlockedHere]);
    assert!(one().own_call(OVER_TLS, None).codes().contains(&Code::DtlsBlockedHere));
    let other_works = one().own_call(OTHER, None).codes();
    assert!(other_works.contains(&Code::OwnCallDtlsBlocked) && !other_works.contains(&Code::DtlsBlockedHere));
    assert_eq!(Told::new().own_call(RELAY, Some(dropped(4))).codes(), [Code::OwnCallRelayFails]);
}

#[test]
fn an_end_that_announces_that_it_sends_nothing_is_no_fault_of_the_network() {
    let called = |announced: Option<(bool, bool, bool)>, received: u64, opened: bool| {
        let flow = || MediaFlow {
            sent_packets: 500,
            received_packets: received,
            lost_there: Some(0),
            jitter_ms: Some(Millis(1.0)),
            ..MediaFlow::default()
        };
        let data = || DataFlow { opened, ..DataFlow::default() };
        let traffic = Traffic {
            lasted_ms: Millis(10_000.0),
            audio: flow(),
            video: flow(),
            reliable: data(),
            unreliable: data(),
            ..Traffic::default()
        };
        let told = Told::new().connected();
        let told = match announced {
            Some((audio, video, data)) => {
                let (declines_audio, declines_video) = (false, false);
                let announced =
                    CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked: false };
                told.say(Question::Call, None, Fact::Call(announced))
            }
            None => told,
        };
        told.say(Question::Call, None, Fact::Call(CallFact::Called(Box::new(traffic)))).codes()
    };
    assert_eq!(called(None, 0, true), [Code::CallMediaAbsent], "nobody says that it sent any");
    assert_eq!(called(Some((false, false, true)), 0, true), [Code::CallPartOffered]);
    assert_eq!(called(Some((true, false, true)), 0, true), [Code::CallMediaAbsent]);
    assert_eq!(called(None, 500, false), [Code::CallNoData]);
    assert_eq!(called(Some((true, true, false)), 500, false), [Code::CallPartOffered]);
}

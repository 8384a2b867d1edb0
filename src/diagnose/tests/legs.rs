//! What is told of the legs of a relay, and of servers that answer one request and not another.

use super::relays::*;
use super::scene::*;
use crate::model::*;
use crate::model::{Millis, StunFact};

#[test]
fn a_way_out_that_is_lost_is_named_and_the_relay_does_not_count_where_another_was_heard() {
    let mut scene = office(&[HOME, TURN]);
    allocated(&mut scene, TURN);
    crossed(&mut scene, TURN, Leg::In);
    not_crossed(&mut scene, TURN, Leg::Out);
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::RelayOutLost).map(|f| f.severity), Some(Severity::Warning));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayOutLost), "a filter here may let in no such port");
    hears_another_relay(&mut scene);
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::RelayOutLost).map(|f| f.severity), Some(Severity::Critical));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
}

#[test]
fn what_a_relay_does_not_bring_to_its_own_host_accuses_nobody() {
    let accused = |peer| {
        let mut scene = office(&[HOME, TURN]);
        allocated(&mut scene, TURN);
        crossed(&mut scene, TURN, Leg::In);
        not_crossed_towards(&mut scene, TURN, Leg::Out, peer);
        let diagnosis = scene.judged();
        [Code::RelayOutLost, Code::RelayNotProven].map(|code| finding(&diagnosis, code).is_some())
    };
    assert_eq!(accused(ITSELF), [false, true]);
    assert_eq!(accused(PEER), [true, false]);
}

#[test]
fn a_relay_that_carried_checks_of_a_call_to_another_host_is_not_told_to_let_nothing_out() {
    let judged = |peer: &str| {
        let mut scene = office(&[HOME, TURN]);
        allocated(&mut scene, TURN);
        crossed(&mut scene, TURN, Leg::In);
        not_crossed(&mut scene, TURN, Leg::Out);
        let end = |kind, address: &str| PairEnd {
            kind,
            protocol: Protocol::Udp,
            address: Host::Address(addr(address).ip()),
            port: addr(address).port(),
            tcp_type: None,
            relay_protocol: None,
            server: (kind == CandidateType::Relay).then(|| TURN.into()),
        };
        let pair = Pair {
            local: end(CandidateType::Relay, RELAYED),
            remote: end(CandidateType::Srflx, peer),
            state: PairState::Succeeded,
            failure: None,
            rtt_ms: None,
            sent: 10,
            received: 10,
            unanswered_last: 0,
            first_success_ms: Some(Millis(90.0)),
            nominated: false,
        };
        scene.say(Question::Checks, None, Fact::Ice(IceFact::Checked(pair)));
        finding(&scene.judged(), Code::RelayOutLost).is_some()
    };
    assert!(!judged("203.0.113.99:7000"));
    let itself = format!("{}:7000", addr(RELAYED).ip());
    assert!(judged(&itself), "within the server nothing has to get out");
}

#[test]
fn a_relay_into_which_nothing_comes_is_dead_only_where_what_was_sent_is_known_to_have_got_there() {
    let by_the_relay = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr(RELAYED).ip()) };
    for (out, failure, dead) in [(false, None, false), (true, None, true), (false, Some(by_the_relay), true)] {
        let mut scene = office(&[HOME, TURN]);
        allocated(&mut scene, TURN);
        not_crossed(&mut scene, TURN, Leg::In);
        if out {
            crossed(&mut scene, TURN, Leg::Out);
        } else {
            not_crossed(&mut scene, TURN, Leg::Out);
        }
        spoken(&mut scene, failure, false);
        let diagnosis = scene.judged();
        let lost = finding(&diagnosis, Code::RelayInLost).map(|f| f.severity);
        let (severity, path) = match dead {
            true => (Severity::Critical, (Some(Path::None), None)),
            false => (Severity::Warning, (None, Some(Code::RelayInLost))),
        };
        assert_eq!(lost, Some(severity), "out crossed: {out}");
        assert_eq!((diagnosis.verdict.path.value().copied(), diagnosis.verdict.path.why()), path);
    }
}

#[test]
fn a_relay_into_which_the_peer_comes_once_it_was_spoken_to_carries_calls_with_a_warning() {
    let mut scene = office(&[HOME, TURN]);
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    crossed(&mut scene, TURN, Leg::Out);
    spoken(&mut scene, None, true);
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::RelayPortsClosed).map(|f| f.severity), Some(Severity::Warning));
    assert!(finding(&diagnosis, Code::RelayInLost).is_none());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
}

#[test]
fn a_relay_that_swallows_large_datagrams_is_told_and_counts() {
    let mut scene = with_turn();
    working_relay(&mut scene, TURN);
    let (transport, server, relayed) = (Transport::Udp, addr("192.0.2.1:3478"), addr(RELAYED));
    let lost = Fact::Turn(TurnFact::NotCrossed {
        leg: Leg::In,
        transport,
        server,
        relayed,
        peer: None,
        sent: 7,
        waited_ms: Millis(2000.0),
        bytes: Some(1200),
        class: None,
        spoken: false,
        failure: None,
    });
    say(&mut scene, TURN, lost);
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::RelayLargeLost).map(|f| f.severity), Some(Severity::Warning));
    assert_eq!(outcome(turn_server(&diagnosis), Step::RelayLarge), StageOutcome::Failed);
    assert!(finding(&diagnosis, Code::RelayWorks).is_some());
}

#[test]
fn what_answers_a_binding_and_no_allocation_is_a_stun_server() {
    let mut scene = at_home(&[TURN]);
    scene.mapped(Question::Binding, TURN, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:40000");
    silent(&mut scene, Method::Allocate);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayNotOffered).is_some());
    assert!(finding(&diagnosis, Code::ServerSilent).is_none());
}

#[test]
fn a_turn_server_that_answers_no_binding_is_well() {
    let mut scene = with_turn();
    let fact = Fact::Stun(StunFact::Silent {
        method: Method::Binding,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        sent: 7,
        waited_ms: Millis(1500.0),
    });
    scene.say(Question::Binding, Some(TURN), fact);
    working_relay(&mut scene, TURN);
    assert_eq!(turn_server(&scene.judged()).error, None);
}

#[test]
fn an_odd_answer_to_any_stage_is_never_told_as_silence() {
    let mut scene = at_home(&[TURN]);
    let odd = || {
        Fact::Stun(StunFact::Anomalous {
            transport: Transport::Udp,
            local: addr("192.168.1.2:50001"),
            server: addr("192.0.2.1:3478"),
            anomaly: Anomaly::Malformed { problem: Malformed::Other(text("an attribute past the end")) },
        })
    };
    scene.say(Question::Binding, Some(TURN), odd());
    scene.silent("stun:192.0.2.1", "192.0.2.1:3478");
    say(&mut scene, TURN, odd());
    silent(&mut scene, Method::Allocate);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::MalformedAnswers).is_some());
    assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "{:?}", diagnosis.findings);
}

/// A relay into which a stranger's bytes come once it has sent to the stranger, on a line that answers so many of ten requests;
/// another relay of the same host, over TCP, may show the same or the contrary.
fn shut_to_strangers(answered_of_ten: u32, over_tcp: Option<bool>) -> Diagnosis {
    const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";

    let mut scene = Scene::at_home(&[HOME, TURN, OVER_TCP]);
    let gate = Gate::nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
    gate.lossy(answered_of_ten).tell(&mut scene);
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    crossed(&mut scene, TURN, Leg::Out);
    spoken(&mut scene, None, true);
    if let Some(is_open) = over_tcp {
        allocated(&mut scene, OVER_TCP);
        crossed(&mut scene, OVER_TCP, Leg::Out);
        match is_open {
            true => crossed(&mut scene, OVER_TCP, Leg::In),
            false => {
                not_crossed(&mut scene, OVER_TCP, Leg::In);
                crossed_spoken(&mut scene, OVER_TCP);
            }
        }
    }
    scene.judged()
}

#[test]
fn a_firewall_before_the_relay_is_proven_where_a_stream_shows_it_too_and_the_line_loses_nothing() {
    let strength = |diagnosis: &Diagnosis| finding(diagnosis, Code::RelayPortsClosed).map(|f| f.strength);
    let both = shut_to_strangers(10, Some(false));
    assert_eq!(strength(&both), Some(Some(Strength::Proven)));
    for less in [shut_to_strangers(10, None), shut_to_strangers(10, Some(true)), shut_to_strangers(9, Some(false))] {
        assert_eq!(strength(&less), Some(Some(Strength::Likely)));
    }
    let lossy = shut_to_strangers(3, None);
    assert_eq!(strength(&lossy), None, "seven copies may be lost by chance");
}

#[test]
fn bytes_that_were_awaited_for_no_longer_than_others_took_may_still_have_come() {
    let mut scene = office(&[HOME, TURN]);
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    crossed(&mut scene, TURN, Leg::Out);
    spoken(&mut scene, None, true);
    let mut late = mapped_fact(addr("192.168.1.2:40009"), addr("192.0.2.1:3478"), addr("203.0.113.7:40009"));
    if let Fact::Stun(StunFact::Mapped { rtt_ms, .. }) = &mut late {
        *rtt_ms = Some(Millis(1200.0));
    }
    scene.say(Question::Binding, Some(HOME), late);
    assert!(finding(&scene.judged(), Code::RelayPortsClosed).is_none());
}

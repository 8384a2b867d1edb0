//! A single server and everything odd that it can answer.

use super::*;
use crate::machine::Machine;
use crate::model::{Failure, Question};
use crate::model::{StreamFact, StunFact};
use crate::probe::BindingProbe;
use crate::probe::testing::{Bench, DelayedReply, SentDatagram};
use crate::wire::Builder;

const RTT: Duration = Duration::from_millis(40);

fn server() -> SocketAddr {
    "203.0.113.10:3478".parse().expect("an address")
}

fn probe() -> BindingProbe {
    BindingProbe::new("stun:203.0.113.10".into(), server(), Rng::numbered(1))
}

fn success(sent: &SentDatagram<'_>) -> Builder {
    Builder::answer(&Message::read(sent.data).expect("a request"), Class::Success)
}

fn proper(sent: &SentDatagram<'_>) -> DelayedReply {
    (RTT, sent.to, success(sent).xor_mapped(sent.from).finish())
}

fn facts(network: impl FnMut(Instant, SentDatagram<'_>) -> Vec<DelayedReply>) -> Vec<Fact> {
    let mut probe = probe();
    let mut bench = Bench::new(&mut probe);
    bench.run(network);
    bench.facts.into_iter().map(|(_, fact)| fact).collect()
}

fn anomalies(facts: &[Fact]) -> Vec<&Anomaly> {
    facts
        .iter()
        .filter_map(
            |fact| if let Fact::Stun(StunFact::Anomalous { anomaly, .. }) = fact { Some(anomaly) } else { None },
        )
        .collect()
}

fn is_mapped(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Mapped { .. })))
}

#[test]
fn an_answer_shows_the_round_trip_and_ends_the_question() {
    let facts = facts(|_, sent| vec![proper(&sent)]);
    let [Fact::Stun(StunFact::Mapped { rtt_ms: Some(rtt), sent: 1, rewritten: None, .. })] = &facts[..] else {
        panic!("{facts:?}")
    };
    assert!((rtt.0 - 40.0).abs() < 1e-6);
}

/// How many copies were sent until silence was told, and when. The bench refuses connections after 40 ms.
fn silence(is_alive: bool) -> (Option<u32>, u128) {
    let mut probe = probe();
    let mut bench = Bench::new(&mut probe);
    if !is_alive {
        // Before the bench's own word, which then is about a socket that is gone.
        let failure = Failure::TimedOut;
        bench.bring_at(401, Input::Failed { socket: SocketId(1000), failure, tls: None });
    }
    let end = bench.run(|_, _| Vec::new());
    let sent = bench.facts.iter().find_map(|(_, fact)| match fact {
        Fact::Stun(StunFact::Silent { sent, .. }) => Some(*sent),
        _ => None,
    });
    (sent, end.since_start().as_millis())
}

#[test]
fn silence_is_reported_after_the_last_retransmission_and_its_wait() {
    assert_eq!(silence(false), (Some(7), 3_900));
}

#[test]
fn a_control_that_is_answered_shows_the_round_trip_so_that_silence_is_told_sooner() {
    assert_eq!(silence(true), (Some(16), 3_000));
}

#[test]
fn an_answer_that_comes_after_the_last_copy_is_told_as_late_beside_what_it_says() {
    for (delay_ms, is_late) in [(900, false), (2_500, true), (3_500, false)] {
        let facts = facts(|_, sent| vec![(Duration::from_millis(delay_ms), sent.to, proper(&sent).2)]);
        let late = facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Late { .. })));
        let silent = facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Silent { .. })));
        assert_eq!((late, silent, is_mapped(&facts)), (is_late, delay_ms > 3_000, delay_ms < 3_000), "{delay_ms} ms");
    }
}

#[test]
fn after_a_while_of_silence_a_connection_is_the_control() {
    let facts = facts(|_, _| Vec::new());
    assert!(
        facts
            .iter()
            .any(|fact| matches!(fact, Fact::Stream(StreamFact::NotConnected { transport: Transport::Tcp, .. })))
    );
}

#[test]
fn an_answer_from_another_address_is_odd_and_no_success() {
    let elsewhere = "203.0.113.99:3478".parse().expect("an address");
    let facts = facts(|_, sent| vec![(RTT, elsewhere, success(&sent).xor_mapped(sent.from).finish())]);
    assert!(!is_mapped(&facts));
    assert_eq!(anomalies(&facts)[0], &Anomaly::WrongSource { from: elsewhere });
}

#[test]
fn an_answer_to_another_id_is_never_a_success() {
    let facts = facts(|_, sent| {
        let other = Builder::new(wire::StunMethod::Binding, Class::Success, TransactionId([9; 12]));
        vec![(RTT, sent.to, other.xor_mapped(sent.from).finish())]
    });
    assert!(!is_mapped(&facts) && anomalies(&facts).iter().all(|anomaly| **anomaly == Anomaly::Stale));
}

#[test]
fn a_flood_of_garbage_is_noted_a_few_times_and_the_answer_still_found() {
    let facts = facts(|_, sent| {
        let mut replies = vec![(Duration::from_millis(1), sent.to, vec![0xff; 19]); 500];
        replies.push(proper(&sent));
        replies
    });
    assert!(is_mapped(&facts) && anomalies(&facts).len() <= MOST_ANOMALIES as usize);
}

#[test]
fn an_answer_without_a_mapped_address_is_malformed() {
    let facts = facts(|_, sent| vec![(RTT, sent.to, success(&sent).finish())]);
    assert!(!is_mapped(&facts) && matches!(anomalies(&facts)[0], Anomaly::Malformed { .. }));
}

#[test]
fn an_unknown_attribute_that_must_be_understood_fails_the_answer() {
    let facts = facts(|_, sent| vec![(RTT, sent.to, success(&sent).raw(0x7777, &[]).xor_mapped(sent.from).finish())]);
    assert!(!is_mapped(&facts));
    assert_eq!(anomalies(&facts)[0], &Anomaly::UnknownRequired { attributes: vec![0x7777] });
}

#[test]
fn a_server_of_rfc_3489s_age_is_understood_and_noted() {
    let facts = facts(|_, sent| vec![(RTT, sent.to, success(&sent).mapped(sent.from).finish())]);
    assert!(is_mapped(&facts) && anomalies(&facts) == [&Anomaly::Rfc3489]);
}

#[test]
fn a_mapped_address_that_an_alg_rewrote_is_kept_beside_the_true_one() {
    let rewritten = "198.51.100.1:1".parse().expect("an address");
    let facts = facts(|_, sent| vec![(RTT, sent.to, success(&sent).mapped(rewritten).xor_mapped(sent.from).finish())]);
    assert!(matches!(facts[0], Fact::Stun(StunFact::Mapped { rewritten: Some(there), .. }) if there == rewritten));
}

#[test]
fn a_bad_fingerprint_is_no_answer() {
    let facts = facts(|_, sent| {
        let mut bytes = success(&sent).xor_mapped(sent.from).fingerprint().finish();
        *bytes.last_mut().expect("not empty") ^= 1;
        vec![(RTT, sent.to, bytes)]
    });
    assert!(!is_mapped(&facts) && *anomalies(&facts)[0] == Anomaly::IntegrityFailed);
}

#[test]
fn a_refusal_is_recorded_with_its_code_and_reason() {
    let facts = facts(|_, sent| {
        let error = Builder::answer(&Message::read(sent.data).expect("a request"), Class::Error);
        vec![(RTT, sent.to, error.error(500, "no\0").finish())]
    });
    assert!(
        matches!(&facts[0], Fact::Stun(StunFact::Refused { code: 500, reason, .. }) if reason.as_str() == "no"),
        "{facts:?}"
    );
}

#[test]
fn a_second_answer_that_contradicts_the_first_is_noted_and_the_first_is_kept() {
    let mut client = BindingClient::new(Origin { question: Question::Binding, uri: None }, Rng::numbered(1));
    let socket = client.open(server());
    let local = crate::probe::testing::local(socket);
    client.handle(Instant::START, Input::Opened { socket, local, tls: None });
    client.ask(Instant::START, socket, server(), Asked::Plain, Schedule::FIRST_CONTACT);
    let request = std::iter::from_fn(|| match client.poll(true) {
        Output::Wait(_) => None,
        output => Some(output),
    })
    .find_map(|output| if let Output::Send { data, .. } = output { Some(data) } else { None })
    .expect("a request");
    let request = Message::read(&request).expect("reads");
    for mapped in ["198.51.100.1:1", "198.51.100.1:2"] {
        let mapped = mapped.parse().expect("an address");
        let data = Builder::answer(&request, Class::Success).xor_mapped(mapped).finish();
        client.handle(Instant::START, Input::Received { socket, from: server(), data });
    }
    assert_eq!(client.tally(Asked::Plain), Tally { sent: 1, answered: 1 });
    let conflicting = |output: &Output| {
        matches!(
            output,
            Output::Observe { fact: Fact::Stun(StunFact::Anomalous { anomaly: Anomaly::Conflicting, .. }), .. }
        )
    };
    assert!(std::iter::from_fn(|| Some(client.poll(true))).take(5).any(|output| conflicting(&output)));
}

#[test]
fn stop_ends_the_probe_at_once() {
    let mut probe = probe();
    let mut bench = Bench::new(&mut probe);
    bench.bring_at(300, Input::Stop);
    assert_eq!(bench.run(|_, _| Vec::new()).since_start(), Duration::from_millis(300));
    assert!(matches!(probe.poll(), Output::Wait(Wake::Finished)));
}

#[test]
fn what_had_been_asked_often_when_the_time_was_up_is_silent_and_what_had_just_been_asked_is_not() {
    for (stopped_at, silent) in [(300, false), (1500, true)] {
        let mut probe = probe();
        let mut bench = Bench::new(&mut probe);
        bench.bring_at(stopped_at, Input::Stop);
        bench.run(|_, _| Vec::new());
        let found = bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Silent { .. })));
        assert_eq!(found, silent, "stopped at {stopped_at} ms");
    }
}

/// How many of five copies, a round trip apart, count as answered where so many answers are read at once after the fourth.
fn counted(at_once: usize) -> u32 {
    let at = |ms| Instant::after_start(Duration::from_millis(ms));
    let mut client = BindingClient::new(Origin { question: Question::Mapping, uri: None }, Rng::numbered(1));
    let socket = client.open(server());
    let local: SocketAddr = "192.0.2.1:40000".parse().expect("an address");
    client.handle(at(0), Input::Opened { socket, local, tls: None });
    client.ask_control(at(0), socket, server(), Asked::Plain, Schedule::samples(RTT, 5));
    let request = std::iter::from_fn(|| Some(client.poll(false))).find_map(|output| match output {
        Output::Send { data, .. } => Some(data),
        _ => None,
    });
    let request = request.expect("the request");
    let answer = success(&SentDatagram { from: local, to: server(), data: &request }).xor_mapped(local).finish();
    for ms in [40, 80, 120] {
        client.handle(at(ms), Input::Woken);
    }
    for _ in 0..at_once {
        client.handle(at(121), Input::Received { socket, from: server(), data: answer.clone() });
    }
    client.tally(Asked::Plain).answered
}

#[test]
fn answers_that_come_in_one_bunch_count_each_and_never_more_than_were_asked_for() {
    assert_eq!([1, 3, 4, 9].map(counted), [1, 3, 4, 4]);
}

//! The traps of such files, each by a call that is made up: what fools a reader of states, and does not fool this one.

mod traps;

use super::*;
use crate::diagnose::diagnose;
use crate::dump::session::{PairPoint, StatCandidate, StatPair, StatStream, StreamPoint, StreamWay, TransportPoint};
use crate::model::{CallBreak, CallOutcome, CandidateType, Code, PairState, Protocol, Traffic};

/// A second of a call: bytes that had come by then, and checks that were sent and answered.
type Second = (u64, u64, u64);

fn candidate(end: End, kind: CandidateType, port: u16) -> StatCandidate {
    StatCandidate {
        end,
        kind: Some(kind),
        protocol: Some(Protocol::Udp),
        address: Text::new("192.0.2.1"),
        port: Some(port),
        ..StatCandidate::default()
    }
}

fn points(seconds: &[Second]) -> Vec<PairPoint> {
    let point = |(place, (bytes, sent, answered)): (usize, &Second)| PairPoint {
        at: Millis(place as f64 * 1000.0),
        nominated: true,
        requests_sent: Some(*sent),
        responses_received: Some(*answered),
        bytes_received: Some(*bytes),
        ..PairPoint::default()
    };
    seconds.iter().enumerate().map(point).collect()
}

/// A call of which so much is sampled each second, over one pair, with sound coming in.
fn call(seconds: &[Second]) -> SavedConnection {
    let mut call = SavedConnection::default();
    call.candidates.insert("L".to_owned(), candidate(End::Ours, CandidateType::Host, 1000));
    call.candidates.insert("R".to_owned(), candidate(End::Theirs, CandidateType::Host, 2000));
    let points = points(seconds);
    let transport = |point: &PairPoint| TransportPoint {
        at: point.at,
        selected: Some("P".to_owned()),
        dtls: Some(Text::new("connected")),
        ..TransportPoint::default()
    };
    let sound = |point: &PairPoint| StreamPoint {
        at: point.at,
        packets: point.bytes_received.map(|bytes| bytes / 100),
        ..StreamPoint::default()
    };
    call.transports.insert("T".to_owned(), points.iter().map(transport).collect());
    let stream = StatStream { way: StreamWay::In, is_audio: true, points: points.iter().map(sound).collect() };
    call.streams.insert("S".to_owned(), stream);
    call.pairs.insert("P".to_owned(), StatPair { local: "L".to_owned(), remote: "R".to_owned(), points });
    call
}

/// Grows by a thousand bytes a second, but for these; checks go on, and are answered but for those seconds or not.
fn with_pause(length: u64, pause: std::ops::Range<u64>, answers_meanwhile: bool) -> Vec<Second> {
    let (mut bytes, mut answered) = (0, 0);
    let second = |second| {
        let is_still = pause.contains(&second);
        bytes += if is_still { 0 } else { 1000 };
        answered += u64::from(!is_still || answers_meanwhile);
        (bytes, second + 1, answered)
    };
    (0..length).map(second).collect()
}

fn facts_of(connection: SavedConnection) -> Vec<Fact> {
    let session = SavedSession::default();
    record(&session, "test", &connection).observations.into_iter().map(|seen| seen.fact).collect()
}

fn broken(facts: &[Fact]) -> Option<&CallBreak> {
    facts.iter().find_map(|fact| match fact {
        Fact::Call(CallFact::CallBroken(broken)) => Some(broken),
        _ => None,
    })
}

fn traffic(facts: &[Fact]) -> &Traffic {
    let called = facts.iter().find_map(|fact| match fact {
        Fact::Call(CallFact::Called(traffic)) => Some(&**traffic),
        _ => None,
    });
    called.expect("something passed")
}

fn told(seconds: f64, of: StateOf, to: &str) -> Event {
    Event { at: Millis(seconds * 1000.0), place: 1, happened: Happened::State { of, to: Text::new(to) } }
}

#[test]
fn an_outage_is_found_by_bytes_that_stand_still_and_not_by_a_counter_of_loss() {
    let facts = facts_of(call(&with_pause(30, 10..18, false)));
    let audio = &traffic(&facts).audio;
    assert_eq!((audio.stalls, audio.lost, broken(&facts)), (1, 0, None));
    assert!(audio.longest_stall_ms.0 >= 8000.0, "{}", audio.longest_stall_ms);
}

#[test]
fn what_is_not_sent_while_checks_are_answered_is_no_outage() {
    let facts = facts_of(call(&with_pause(30, 10..18, true)));
    assert_eq!(traffic(&facts).audio.stalls, 0);
}

#[test]
fn counters_that_go_on_contradict_a_state_of_failure() {
    let mut said = call(&with_pause(60, 0..0, true));
    said.events.push(told(15.6, StateOf::Connection, "failed"));
    assert_eq!(broken(&facts_of(said)), None);
}

#[test]
fn a_call_that_is_silent_at_its_end_is_cut_whatever_its_last_state() {
    let facts = facts_of(call(&with_pause(30, 20..30, false)));
    let Some(CallBreak::Cut { after_ms, pair: Some(pair), .. }) = broken(&facts) else { panic!("{facts:?}") };
    assert_eq!((after_ms.0, pair.checks.answered), (19_000.0, 0));
    let mut hung_up = call(&with_pause(30, 20..30, false));
    hung_up.events.push(Event { at: Millis(19_500.0), place: 1, happened: Happened::Closed });
    assert_eq!(broken(&facts_of(hung_up)), None, "somebody hung up");
}

#[test]
fn of_several_nominated_pairs_the_one_with_the_bytes_was_in_use() {
    let mut both = call(&with_pause(10, 0..0, true));
    both.transports.clear();
    both.candidates.insert("L2".to_owned(), candidate(End::Ours, CandidateType::Relay, 3000));
    let idle = StatPair { local: "L2".to_owned(), remote: "R".to_owned(), points: points(&[(0, 1, 1); 10]) };
    both.pairs.insert("A".to_owned(), idle);
    let facts = facts_of(both);
    let nominated = facts.iter().find_map(|fact| match fact {
        Fact::Ice(IceFact::Nominated { local, .. }) => Some(local.kind),
        _ => None,
    });
    assert_eq!(nominated, Some(CandidateType::Host));
}

#[test]
fn a_pair_that_was_never_asked_is_not_checked_and_one_that_was_asked_in_vain_is_silent() {
    let mut pairs = call(&with_pause(10, 0..0, true));
    for (id, port, sent) in [("waiting", 4000, 0), ("silent", 5000, 9), ("early", 6000, 2)] {
        pairs.candidates.insert(id.to_owned(), candidate(End::Theirs, CandidateType::Srflx, port));
        let points = points(&[(0, sent, 0); 10]);
        pairs.pairs.insert(id.to_owned(), StatPair { local: "L".to_owned(), remote: id.to_owned(), points });
    }
    let facts = facts_of(pairs);
    let state = |port: u16| {
        facts.iter().find_map(|fact| match fact {
            Fact::Ice(IceFact::Checked(pair)) if pair.remote.port == port => Some(pair.state),
            _ => None,
        })
    };
    let states = [2000, 4000, 5000, 6000].map(state);
    let expected = [PairState::Succeeded, PairState::NotChecked, PairState::Failed, PairState::NotChecked];
    assert_eq!(states, expected.map(Some));
}

#[test]
fn an_offer_that_nobody_answered_is_told_once_there_was_time_to() {
    let offered = |seconds: f64| {
        let description = Description { kind: Some(DescriptionKind::Offer), ..Description::default() };
        let described = Happened::Described { end: End::Ours, description };
        let offer = Event { at: Millis::ZERO, place: 1, happened: described };
        let events = vec![offer, told(seconds, StateOf::Gathering, "complete")];
        let facts = facts_of(SavedConnection { events, ..SavedConnection::default() });
        facts.iter().any(|fact| matches!(fact, Fact::Browser(BrowserFact::OfferUnanswered { .. })))
    };
    assert_eq!([offered(2.0), offered(30.0)], [false, true]);
}

fn described(end: End, sdp: &str) -> Event {
    let description = Description::read(None, sdp);
    Event { at: Millis::ZERO, place: 1, happened: Happened::Described { end, description } }
}

/// A call with sound going out and its counters, in which the other end has described itself so.
fn call_with(sdp: &str) -> SavedConnection {
    let mut call = call(&with_pause(30, 0..0, true));
    let sent = call.streams["S"].clone();
    call.streams.insert("O".to_owned(), StatStream { way: StreamWay::Out, ..sent });
    call.events.push(described(End::Theirs, sdp));
    call
}

fn outcome(connection: &SavedConnection) -> Option<CallOutcome> {
    let found = diagnose(&record(&SavedSession::default(), "test", connection));
    found.call.map(|call| call.outcome)
}

const SENDS_BOTH: &str = "v=0\r\nm=audio 9 X 0\r\na=sendrecv\r\nm=video 9 X 0\r\na=sendrecv\r\nm=application 9 X 0\r\n";

#[test]
fn a_kind_that_is_missing_beside_one_that_comes_is_not_lost_on_the_way() {
    let call = call_with(SENDS_BOTH);
    assert!(!matches!(outcome(&call), Some(CallOutcome::MediaOneWay)), "no picture came, and sound did");
}

#[test]
fn nothing_that_comes_in_is_missed_where_nothing_promises_it() {
    let without_media = |sdp: &str| {
        let mut call = call_with(sdp);
        call.streams.remove("S");
        outcome(&call)
    };
    assert_eq!(without_media(SENDS_BOTH), Some(CallOutcome::MediaOneWay));
    let lite = format!("v=0\r\na=ice-lite\r\n{}", &SENDS_BOTH[5..]);
    for (sdp, why) in [("", "blank"), (&*lite, "a bridge hands on what others send")] {
        assert_ne!(without_media(sdp), Some(CallOutcome::MediaOneWay), "{why}");
    }
}

#[test]
fn a_report_is_missed_only_where_the_other_end_is_heard_to_report() {
    let mut silent = call_with(SENDS_BOTH);
    assert_ne!(outcome(&silent), Some(CallOutcome::MediaOneWay), "this browser shows no reports at all");
    let heard = StatStream { way: StreamWay::InAsReported, ..silent.streams["S"].clone() };
    silent.streams.insert("R".to_owned(), heard);
    assert_eq!(outcome(&silent), Some(CallOutcome::MediaOneWay));
}

#[test]
fn a_handshake_that_ends_with_the_answers_to_checks_died_with_its_path() {
    let stuck = |answers: &dyn Fn(u64) -> u64| {
        let seconds: Vec<Second> = (0..20).map(|second| (0, second + 1, answers(second))).collect();
        let mut stuck = call(&seconds);
        stuck.streams.clear();
        for point in stuck.transports.get_mut("T").into_iter().flatten() {
            point.dtls = Some(Text::new("connecting"));
        }
        broken(&facts_of(stuck)).cloned()
    };
    assert!(matches!(stuck(&|second| second + 1), Some(CallBreak::DtlsSilent { .. })));
    assert!(matches!(stuck(&|_| 1), Some(CallBreak::DiedUnsecured { .. })));
}

#[test]
fn what_a_page_does_a_hundred_thousand_times_is_told_so_often_as_anybody_reads_it() {
    let mut many = call(&with_pause(10, 0..0, true));
    let line = |port: u32| format!("candidate:1 1 udp 1 192.0.2.{} {port} typ host", port % 250);
    for port in 1..30_000 {
        for happened in [
            Happened::Added { line: line(port) },
            Happened::Found { line: line(port), url: None, relay_protocol: None },
            Happened::CandidateError { url: None, address: Text::new("x"), code: 701, reason: Text::default() },
        ] {
            many.events.push(Event { at: Millis::ZERO, place: port, happened });
        }
    }
    let facts = facts_of(many);
    assert!(facts.len() < 3_000, "{}", facts.len());
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)))), "the call itself is told");
}

#[test]
fn a_call_that_the_other_end_closed_was_not_cut() {
    let mut closed = call(&with_pause(30, 20..30, false));
    let last = closed.transports.get_mut("T").and_then(|points| points.last_mut()).expect("a point");
    last.dtls = Some(Text::new("closed"));
    assert!(matches!(broken(&facts_of(closed)), Some(CallBreak::Closed { .. })));
}

#[test]
fn an_outage_and_a_kind_that_ended_are_told_with_when_and_how_long() {
    let stood_still = facts_of(call(&with_pause(30, 10..18, false))).into_iter().find_map(|fact| match fact {
        Fact::Call(CallFact::StoodStill { after_ms, lasted_ms, restarted: false }) => Some((after_ms.0, lasted_ms.0)),
        _ => None,
    });
    assert_eq!(stood_still, Some((9_000.0, 9_000.0)));
    let mut ended = call_with(SENDS_BOTH);
    for point in ended.streams.get_mut("S").into_iter().flat_map(|stream| &mut stream.points) {
        point.packets = point.packets.map(|packets| packets.min(50));
    }
    let is_sound = |fact: &Fact| matches!(fact, Fact::Call(CallFact::KindEnded { audio: true, .. }));
    assert!(facts_of(ended.clone()).iter().any(is_sound));
    ended
        .events
        .push(Event { at: Millis(6_000.0), ..described(End::Theirs, "v=0\r\nm=audio 9 X 0\r\na=inactive\r\n") });
    assert!(!facts_of(ended).iter().any(is_sound), "by agreement");
}

#[test]
fn a_check_from_a_hidden_address_is_not_of_a_candidate_that_has_a_report_of_its_own() {
    let mut hidden = call(&with_pause(10, 0..0, true));
    let mut check = candidate(End::Theirs, CandidateType::Prflx, 2000);
    check.address = Text::default();
    hidden.candidates.insert("H".to_owned(), check);
    hidden.events.push(Event {
        at: Millis::ZERO,
        place: 1,
        happened: Happened::Added { line: "candidate:1 1 udp 1 192.0.2.1 2000 typ host".to_owned() },
    });
    let silent = StatPair { local: "L".to_owned(), remote: "R".to_owned(), points: points(&[(0, 9, 0); 10]) };
    let works = StatPair { remote: "H".to_owned(), ..hidden.pairs["P"].clone() };
    hidden.pairs.extend([("P".to_owned(), works), ("Q".to_owned(), silent)]);
    assert_eq!(outcome(&hidden), Some(CallOutcome::Good), "the pair that works is not taken for the silent one");
}

/// A connection of which events alone are known: what this end found, and what it was given.
fn of_events(found: &[u16], added: &[u16]) -> SavedConnection {
    let line = |port: &u16, tcp: bool| {
        let protocol = if tcp { "tcp" } else { "udp" };
        let behind = if tcp { " tcptype active" } else { "" };
        format!("candidate:{port} 1 {protocol} 1 192.0.2.1 {port} typ host{behind}")
    };
    let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=audio 9 X 0\r\na=ice-ufrag:abcd\r\n";
    let mut events = vec![described(End::Ours, sdp), described(End::Theirs, sdp)];
    let event = |happened| Event { at: Millis(1_000.0), place: 1, happened };
    let own = |port: &u16, tcp: bool| Happened::Found { line: line(port, tcp), url: None, relay_protocol: None };
    events.extend(found.iter().map(|port| event(own(port, *port == 9))));
    events.extend(added.iter().map(|port| event(Happened::Added { line: line(port, false) })));
    events.push(told(2.0, StateOf::Gathering, "complete"));
    SavedConnection { events, ..SavedConnection::default() }
}

#[test]
fn without_statistics_a_candidate_over_tcp_hides_no_other() {
    let own = |facts: &[Fact]| facts.iter().filter(|fact| matches!(fact, Fact::Host(_))).count();
    assert_eq!(own(&facts_of(of_events(&[5000, 5001, 9], &[]))), 3);
}

#[test]
fn candidates_that_one_file_has_and_the_other_has_not_were_lost_between_them() {
    let of = |connection: &SavedConnection| record(&SavedSession::default(), "test", connection);
    let both = |ours: &SavedConnection, theirs: &SavedConnection| {
        let tool = crate::model::Tool { name: "test".to_owned(), version: String::new() };
        diagnose(&of(ours).join(of(theirs), tool))
    };
    let found = both(&of_events(&[5000, 5001], &[]), &of_events(&[6000, 6001, 6002], &[5000]));
    let counts = |code: Code| {
        let finding = found.findings.iter().find(|finding| finding.code == code)?;
        Some((finding.about.count?.number(), finding.about.sent?))
    };
    assert_eq!(counts(Code::SavedOwnCandidatesLost), Some((1, 2)));
    assert_eq!(counts(Code::SavedPeerCandidatesLost), Some((3, 3)));
    assert_eq!(found.verdict.because.first(), Some(&Code::SavedPeerCandidatesLost));
    assert!(!found.has_found(Code::PeerSentNoCandidates), "it found some");
}

#[test]
fn of_one_sample_nothing_tells_what_was_asked_after_the_last_packet() {
    let mut snapshot = call(&[(5_000, 0, 1)]);
    let pair = snapshot.pairs.get_mut("P").expect("a pair");
    pair.points = vec![PairPoint {
        at: Millis(60_000.0),
        requests_sent: None,
        last_received: Some(Millis(30_000.0)),
        ..pair.points[0]
    }];
    snapshot.transports.clear();
    let facts = facts_of(snapshot);
    let Some(CallBreak::Cut { pair: Some(pair), silent_ms, .. }) = broken(&facts) else { panic!("{facts:?}") };
    assert_eq!((pair.checks.sent, pair.checks.answered, silent_ms.0), (0, 0, 30_000.0));
}

#[test]
fn a_file_that_began_in_the_midst_of_the_call_does_not_tell_how_long_its_beginning_took() {
    let diagnosed = |connection: &SavedConnection| diagnose(&record(&SavedSession::default(), "test", connection));
    let mut late = call(&with_pause(10, 0..0, true));
    late.events.push(told(0.0, StateOf::Ice, "connected"));
    let timing = |connection: &SavedConnection| diagnosed(connection).call.expect("a call").timing_ms;
    assert_eq!(timing(&late), crate::model::CallTiming::default());
    assert!(diagnosed(&late).has_found(Code::SavedCallInPart));
    late.events.insert(0, described(End::Theirs, SENDS_BOTH));
    assert!(timing(&late).connected.is_some());
}

#[test]
fn an_outage_that_a_restart_ended_is_told_with_the_address_that_changed() {
    let mut restarted = call(&with_pause(30, 10..30, false));
    let mut moved = candidate(End::Ours, CandidateType::Host, 3000);
    moved.address = Text::new("198.51.100.9");
    restarted.candidates.insert("M".to_owned(), moved);
    let later = |seconds: f64, bytes: u64| PairPoint {
        at: Millis(seconds * 1000.0),
        nominated: true,
        requests_sent: Some(1),
        responses_received: Some(1),
        bytes_received: Some(bytes),
        ..PairPoint::default()
    };
    let points = vec![later(30.0, 0), later(31.0, 900), later(32.0, 1900)];
    let transport = |point: &PairPoint| TransportPoint {
        at: point.at,
        selected: Some("Q".to_owned()),
        dtls: Some(Text::new("connected")),
        ..TransportPoint::default()
    };
    restarted.transports.get_mut("T").expect("a transport").extend(points.iter().map(transport));
    restarted.pairs.insert("Q".to_owned(), StatPair { local: "M".to_owned(), remote: "R".to_owned(), points });
    let own = |seconds: f64, ufrag: &str| Event {
        at: Millis(seconds * 1000.0),
        ..described(End::Ours, &format!("v=0\r\no=- 1 1 IN IP4 0\r\nm=audio 9 X 0\r\na=ice-ufrag:{ufrag}\r\n"))
    };
    restarted.events.extend([own(0.0, "aaaa"), own(25.0, "bbbb")]);
    let found = diagnose(&record(&SavedSession::default(), "test", &restarted));
    let finding = found.findings.iter().find(|finding| finding.code == Code::SavedCallRestored).expect("told");
    assert!(finding.about.remote.as_deref().is_some_and(|remote| remote.contains("198.51.100.9")), "{finding:?}");
    assert_eq!(outcome(&restarted).map(CallOutcome::has_run), Some(true));
}

#[test]
fn a_pair_over_which_the_other_ends_checks_came_is_open_one_way() {
    let mut one_way = call(&[(0, 9, 0); 10]);
    for point in one_way.pairs.get_mut("P").into_iter().flat_map(|pair| &mut pair.points) {
        (point.requests_received, point.nominated) = (Some(4), false);
    }
    one_way.transports.clear();
    let failures: Vec<_> = facts_of(one_way)
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::Ice(IceFact::Checked(pair)) => pair.failure,
            _ => None,
        })
        .collect();
    assert_eq!(failures, [crate::model::PairFailure::OneWay { heard: 4 }]);
}

#[test]
fn a_relay_that_was_there_is_not_accused_where_the_file_shows_no_fault_of_it() {
    let relay = |address: &str| {
        let mut call = call(&[(0, 9, 0); 20]);
        call.transports.clear();
        for point in call.pairs.get_mut("P").into_iter().flat_map(|pair| &mut pair.points) {
            point.nominated = false;
        }
        let mut own = candidate(End::Ours, CandidateType::Relay, 1000);
        own.address = Text::new(address);
        call.candidates.insert("L".to_owned(), own);
        call.events.push(described(End::Theirs, SENDS_BOTH));
        diagnose(&record(&SavedSession::default(), "test", &call))
    };
    let severity = |found: &crate::model::Diagnosis, code: Code| {
        found.findings.iter().find(|finding| finding.code == code).map(|finding| finding.severity)
    };
    assert_eq!(severity(&relay("10.0.0.9"), Code::SavedRelayPrivate), Some(crate::model::Severity::Critical));
    let public = relay("203.0.113.9");
    assert_eq!(severity(&public, Code::SavedRelayPrivate), None);
    assert_eq!(severity(&public, Code::SavedRelayUnreached), Some(crate::model::Severity::Warning));
}

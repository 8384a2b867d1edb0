//! Candidates that come early, late, for another session, or not at all.

use super::calls::calling;
use super::*;
use crate::diagnose::diagnose;
use crate::model::{
    CallOutcome, Diagnosis, Host, Limit, Origin, PairEnd, Path, Protocol, Question, Record, Severity, Tool,
};
use crate::signal::{Body, Encoder};
use serde_json::Value;

/// An end whose messages come in another order, or changed, or not at all.
struct Reordered {
    kept: Kept,
    change: fn(Vec<Value>) -> Vec<Value>,
    seq: u64,
    ready: VecDeque<Output>,
}

impl Machine for Reordered {
    fn handle(&mut self, now: Instant, input: Input) {
        self.kept.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.ready.pop_front() {
            return output;
        }
        let mut said = Vec::new();
        let output = loop {
            match self.kept.poll() {
                Output::Signal { message } => said.push(serde_json::from_slice(&message).expect("JSON")),
                output => break output,
            }
        };
        // All that is said in one turn: an answer, and the candidates that are known by then.
        for mut message in (self.change)(said) {
            self.seq += 1;
            message["seq"] = self.seq.into();
            self.ready.push_back(Output::Signal { message: serde_json::to_vec(&message).expect("JSON") });
        }
        self.ready.push_back(output);
        self.poll()
    }
}

/// A call of two ends at home, the second of which answers and speaks so.
fn speaking(change: fn(Vec<Value>) -> Vec<Value>) -> (Diagnosis, Vec<Fact>) {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [calling(), calling()]);
    let kept = two.ends[1].1.clone();
    let internet = two.world.internet();
    let site = two.world.site(internet, home("198.51.100.3"));
    let host = two.world.host(site, &[at("192.168.79.2")]);
    let reordered = Reordered { kept, change, seq: 0, ready: VecDeque::new() };
    two.ends[1].0 = two.world.attach(host, Box::new(reordered));
    let mut two = two.introduced();
    two.finish();
    let session = two.ends[0].1.0.borrow();
    let (ours, theirs) = session.records();
    let record = match theirs {
        Some(theirs) => ours.clone().join(theirs.clone(), tool()),
        None => ours.clone(),
    };
    drop(session);
    (diagnose(&record), two.facts(0))
}

fn is(message: &Value, kind: &str) -> bool {
    message["kind"] == kind
}

fn tool() -> Tool {
    Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() }
}

fn outcome(diagnosis: &Diagnosis) -> Option<CallOutcome> {
    diagnosis.call.as_ref().map(|call| call.outcome)
}

fn refused(facts: &[Fact]) -> usize {
    facts.iter().filter(|fact| matches!(fact, Fact::Ice(IceFact::CandidateRefused { .. }))).count()
}

#[test]
fn candidates_before_their_description_are_kept_whether_or_not_they_say_whose_they_are() {
    let first = |said: Vec<Value>| {
        let (candidates, others): (Vec<_>, Vec<_>) = said.into_iter().partition(|message| is(message, "candidate"));
        candidates.into_iter().chain(others).collect::<Vec<_>>()
    };
    let (diagnosis, facts) = speaking(first);
    assert_eq!((outcome(&diagnosis), refused(&facts)), (Some(CallOutcome::Good), 0));
    let (diagnosis, facts) = speaking(|said| {
        let (candidates, others): (Vec<_>, Vec<_>) = said.into_iter().partition(|message| is(message, "candidate"));
        let unnamed = candidates.into_iter().map(|mut candidate| {
            candidate.as_object_mut().expect("an object").remove("usernameFragment");
            candidate
        });
        unnamed.chain(others).collect()
    });
    assert_eq!((outcome(&diagnosis), refused(&facts)), (Some(CallOutcome::Good), 0));
}

#[test]
fn of_candidates_that_come_ahead_of_every_description_some_are_kept() {
    let (diagnosis, facts) = speaking(|said| {
        let ahead = said.iter().find(|message| is(message, "answer")).map(|answer| {
            let candidate = "candidate:1 1 udp 1 203.0.113.99 9 typ host ufrag none";
            serde_json::json!({"rtc-doctor": 1, "from": answer["from"], "kind": "candidate", "candidate": candidate})
        });
        ahead.iter().flat_map(|candidate| vec![candidate.clone(); 500]).chain(said).collect()
    });
    let left_out = facts.iter().find_map(|fact| match fact {
        Fact::Host(HostFact::Limited { what: Limit::PeerRefusals, ignored }) => Some(*ignored),
        _ => None,
    });
    // Sixteen are told of those beyond 64; the kept ones are of no description that comes.
    assert_eq!((outcome(&diagnosis), refused(&facts), left_out), (Some(CallOutcome::Good), 16, Some(500 - 16)));
}

#[test]
fn candidates_of_another_session_are_counted_and_lead_where_there_are_no_others() {
    let (diagnosis, facts) = speaking(|said| {
        let stale = |mut message: Value| {
            if is(&message, "candidate") || is(&message, "end-of-candidates") {
                message["usernameFragment"] = "anotherOne".into();
            }
            message
        };
        said.into_iter().map(stale).collect()
    });
    let told = diagnosis.findings.iter().find(|finding| finding.code == Code::PeerCandidateStale).expect("told");
    assert_eq!(told.about.get("count").and_then(|count| count.parse().ok()), Some(refused(&facts)));
    // Checks that come from there make the pairs known all the same: the other end has our candidates.
    assert!(refused(&facts) > 0);
}

#[test]
fn an_end_that_sends_no_candidate_is_told_within_half_a_minute_and_no_network_is_blamed() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [calling(), calling()]);
    let [first, second] = [two.ends[0].0, two.ends[1].0];
    for (end, slot) in [(first, Slot::First), (second, Slot::Second)] {
        two.world.give_input(end, Input::Signalled(Signalled::Joined { slot }));
        two.world.give_input(end, Input::Signalled(Signalled::PeerJoined));
    }
    two.world.run_until(Instant::after_start(Duration::from_millis(200)));
    let said: Vec<Value> =
        two.ends[0].1.1.borrow().iter().map(|message| serde_json::from_slice(message).expect("JSON")).collect();
    for message in said.iter().filter(|message| is(message, "hello") || is(message, "offer")) {
        let message = serde_json::to_vec(message).expect("JSON");
        two.world.give_input(second, Input::Signalled(Signalled::Message(message)));
    }
    two.world.run_until(Instant::after_start(Duration::from_millis(400)));
    let said: Vec<Vec<u8>> = two.ends[1].1.1.borrow().clone();
    let is_description = |message: &&Vec<u8>| {
        let message: Value = serde_json::from_slice(message).expect("JSON");
        is(&message, "hello") || is(&message, "answer")
    };
    for message in said.iter().filter(is_description) {
        two.world.give_input(first, Input::Signalled(Signalled::Message(message.clone())));
    }
    assert!(two.world.run_until_finished(first, Instant::after_start(Duration::from_secs(50))), "it ends");
    let diagnosis = diagnose(two.ends[0].1.0.borrow().records().0);
    let waited =
        two.facts(0).iter().filter(|fact| matches!(fact, Fact::Ice(IceFact::CandidatesAwaited { .. }))).count();
    assert_eq!(waited, 1, "it is told that the other end is waited for");
    let critical = diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Critical);
    let critical: Vec<Code> = critical.map(|finding| finding.code).collect();
    assert_eq!(critical, [Code::PeerSentNoCandidates]);
    assert_eq!((outcome(&diagnosis), diagnosis.exit_code()), (Some(CallOutcome::NoCandidates), 2));
    assert!(diagnosis.verdict.because.contains(&Code::PeerSentNoCandidates), "{:?}", diagnosis.verdict.because);
}

/// A pair that worked at the other end, as it says.
fn claimed() -> Fact {
    let end = |address: &str, port| PairEnd {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address: Host::Address(at(address)),
        port,
        tcp_type: None,
        relay_protocol: None,
        server: None,
    };
    let (local, remote) = (end("192.168.79.2", 5000), end("198.51.100.1", 5000));
    Fact::Ice(IceFact::Reached { local, remote, rtt_ms: Some(Millis(1.0)), after_ms: Millis(9.0), sent: 1 })
}

#[test]
fn a_record_that_the_other_end_made_up_and_its_being_done_make_no_path() {
    let (diagnosis, facts) = speaking(|said| {
        let answers = said.iter().any(|message| is(message, "answer"));
        let mut all: Vec<Value> = said.into_iter().filter(|it| is(it, "hello") || is(it, "answer")).collect();
        if let Some(answer) = all.last().cloned().filter(|_| answers) {
            let mut record = Record::default();
            let by = Origin { question: Question::Checks, uri: None };
            record.push(Millis(9.0), by, claimed());
            let record = Encoder::new(&mut Rng::numbered(1)).encode(&Body::Record(Box::new(record))).expect("small");
            let record: Value = serde_json::from_slice(&record).expect("JSON");
            let dead = "candidate:1 1 udp 1 203.0.113.200 9 typ host";
            for (kind, member, value) in
                [("candidate", "candidate", dead.into()), ("record", "record", record["record"].clone())]
            {
                let mut message = answer.clone();
                (message["kind"], message[member]) = (kind.into(), value);
                all.push(message);
            }
            for kind in ["end-of-candidates", "done"] {
                let mut message = answer.clone();
                message["kind"] = kind.into();
                all.push(message);
            }
        }
        all
    });
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::Reached { .. }))), "{facts:#?}");
    assert!(diagnosis.verdict.path.value().is_none_or(|path| *path == Path::None), "{:?}", diagnosis.verdict);
    assert_ne!(diagnosis.exit_code(), 0);
    let codes: Vec<Code> = diagnosis.findings.iter().map(|finding| finding.code).collect();
    let foretold = [Code::RelayWasPredicted, Code::CallGood];
    assert!(!codes.iter().any(|code| foretold.contains(code)), "{codes:?}");
}

#[test]
fn an_end_that_is_done_before_any_check_makes_no_pair_fail() {
    fn done_after_its_answer(said: Vec<Value>, candidates: &[&str]) -> Vec<Value> {
        let mut all: Vec<Value> = said.into_iter().filter(|it| is(it, "hello") || is(it, "answer")).collect();
        let Some(answer) = all.last().cloned().filter(|last| is(last, "answer")) else { return all };
        for line in candidates {
            let mut message = answer.clone();
            (message["kind"], message["candidate"]) = ("candidate".into(), (*line).into());
            all.push(message);
        }
        let mut done = answer;
        done["kind"] = "done".into();
        all.push(done);
        all
    }
    let speaks: [fn(Vec<Value>) -> Vec<Value>; 2] = [
        |said| done_after_its_answer(said, &[]),
        |said| done_after_its_answer(said, &["candidate:1 1 udp 1 203.0.113.200 9 typ host"]),
    ];
    for speaks in speaks {
        let (diagnosis, facts) = speaking(speaks);
        let was_tried = facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::Checked(pair)) if pair.sent > 0));
        let is_failed = outcome(&diagnosis) == Some(CallOutcome::NoPair);
        assert!(was_tried || !is_failed, "nothing was tried, and it is said to have failed: {facts:#?}");
        let is_none_known = diagnosis.verdict.tried.as_ref().is_some_and(|tried| tried.value().is_some());
        assert!(was_tried || !is_none_known, "{:?}", diagnosis.verdict);
        assert_ne!(diagnosis.exit_code(), 0);
    }
}

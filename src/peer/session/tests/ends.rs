//! How calls end: cut at the very end, left without a farewell, with another release, and over paths that drop DTLS.

use super::calls::{broken, calling, strict, traffic, with_losses};
use super::strangers::{nothing_more, with_messages};
use super::*;
use crate::diagnose::diagnose;
use crate::lab::{Firewall, Recognised};
use crate::model::{CallBreak, CallOutcome, Diagnosis, Limit, Millis, Severity};
use crate::model::{HostFact, IceFact, SignallingFact};
use crate::peer::CallConfig;
use crate::signal::Sdp;
use crate::signal::envelope::{Body, Encoder, with_another_record};

/// What an end that has both records makes of them.
fn judged(two: &Two, end: usize) -> Diagnosis {
    let kept = two.ends[end].1.0.borrow();
    let (ours, theirs) = kept.records();
    let tool = Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() };
    let record = match theirs {
        Some(theirs) => ours.clone().join(theirs.clone(), tool),
        None => ours.clone(),
    };
    diagnose(&record)
}

fn codes(diagnosis: &Diagnosis, severity: Severity) -> Vec<Code> {
    let grave = diagnosis.findings.iter().filter(|finding| finding.severity == severity);
    grave.map(|finding| finding.code).collect()
}

#[test]
fn a_line_that_dies_shortly_before_the_end_of_the_call_is_told_as_cut_and_not_as_good() {
    for before_ms in [600, 1000, 2000] {
        // From about 0.2 s for 4 s; nothing but STUN passes from then on.
        let dies = Instant::after_start(Duration::from_millis(4200 - before_ms));
        let mut two = with_losses(move |now, data| now >= dies && matches!(data.first(), Some(20..=63 | 128..=191)));
        two.finish();
        let diagnosis = judged(&two, 1);
        let outcome = diagnosis.call.as_ref().map(|call| call.outcome);
        assert_eq!(outcome, Some(CallOutcome::Cut), "{before_ms}: {:?}", broken(&two.facts(1)));
        // Where the other end measured for long enough, it says that it went on sending.
        let code = if before_ms < 2000 { Code::CallCut } else { Code::CallMediaDropped };
        assert_eq!(codes(&diagnosis, Severity::Critical), [code]);
    }
}

#[test]
fn an_end_that_measures_longer_than_the_other_is_sent_to_until_it_has_done() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [calling(), measuring_longer()]).introduced();
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        assert!(broken(&facts).is_empty(), "{:?}", broken(&facts));
        assert!(traffic(&facts).audio.longest_stall_ms < Millis(200.0));
    }
    assert!(traffic(&two.facts(1)).lasted_ms >= Millis(11_999.0));
}

#[test]
fn an_end_that_goes_away_in_the_middle_without_a_word_is_told_as_having_ended_the_call() {
    // As a browser's tab that is closed: its room hears of it, and nothing more comes over the pair.
    let gone = Instant::after_start(Duration::from_millis(2000));
    let mut two = with_losses(move |now, _| now >= gone);
    two.world.run_until(gone);
    two.world.give_input(two.ends[1].0, Input::Signalled(Signalled::PeerLeft));
    assert!(two.world.run_until_finished(two.ends[1].0, Instant::after_start(Duration::from_secs(60))), "it ends");
    let facts = two.facts(1);
    let broken = broken(&facts);
    let [CallBreak::Closed { after_ms }] = broken[..] else { panic!("{broken:?}") };
    assert!((1000.0..2000.0).contains(&after_ms.0), "{after_ms}");
    assert!(facts.contains(&Fact::Signalling(SignallingFact::PeerLeft)) && traffic(&facts).audio.received_packets > 50);
    let diagnosis = judged(&two, 1);
    assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::Closed));
    assert!(codes(&diagnosis, Severity::Critical).is_empty(), "{:?}", codes(&diagnosis, Severity::Critical));
    assert!(pairs(&facts).iter().any(|pair| pair.nominated), "the pairs are there all the same");
}

fn dropping_dtls(public: &str) -> Gateway {
    Gateway { firewall: Firewall { recognises: vec![Recognised::Dtls], ..Firewall::default() }, ..home(public) }
}

#[test]
fn where_dtls_is_dropped_by_sight_that_is_said_and_no_relay_is_blamed() {
    let to_a_relay = || Config { policy: Policy::RelayOnly, ..calling() };
    for far in [calling(), to_a_relay()] {
        let mut two = Two::new([dropping_dtls("198.51.100.1"), home("198.51.100.2")], [calling(), far]).introduced();
        two.finish();
        // The end behind the filter has asked the routers on the way; the other has seen no more than the call.
        for (end, leads) in [Code::DtlsFiltered, Code::CallDtlsBlocked].into_iter().enumerate() {
            let diagnosis = judged(&two, end);
            assert!(diagnosis.pairs.iter().any(|pair| pair.nominated && pair.state == PairState::Succeeded));
            let grave = diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Critical);
            let roots: Vec<Code> =
                grave.filter(|finding| finding.cause.is_none()).map(|finding| finding.code).collect();
            assert_eq!(roots, [leads], "{:?}", broken(&two.facts(end)));
            assert!(codes(&diagnosis, Severity::Critical).contains(&Code::CallDtlsBlocked));
            let blamed = diagnosis.findings.iter().find(|finding| {
                matches!(finding.code, Code::OwnCallRelayFails | Code::CallRelayDied | Code::CallRelayThin)
            });
            assert_eq!(blamed, None);
        }
    }
    // Wrapped for the relay on this side it is not seen.
    let mut two =
        Two::new([dropping_dtls("198.51.100.1"), strict("198.51.100.2")], [to_a_relay(), calling()]).introduced();
    two.finish();
    assert!(broken(&two.facts(0)).is_empty(), "{:?}", broken(&two.facts(0)));
}

/// The second end as a newer release, whose records hold what this one has no word for.
struct Newer(Kept);

impl Machine for Newer {
    fn handle(&mut self, now: Instant, input: Input) {
        self.0.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let newer = |json: String| json.replacen("\"kind\":\"mapped\"", "\"kind\":\"teleported\"", 2);
        match self.0.poll() {
            Output::Signal { message } => {
                Output::Signal { message: with_another_record(&message, newer).unwrap_or(message) }
            }
            output => output,
        }
    }
}

#[test]
fn the_record_of_a_newer_release_is_used_but_for_what_is_not_known_here() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]);
    let kept = two.ends[1].1.clone();
    let internet = two.world.internet();
    let site = two.world.site(internet, home("198.51.100.3"));
    let host = two.world.host(site, &[at("192.168.79.2")]);
    two.ends[1].0 = two.world.attach(host, Box::new(Newer(kept)));
    let mut two = two.introduced();
    two.finish();
    let kept = two.ends[0].1.0.borrow();
    let theirs = kept.records().1.expect("the other end's record");
    assert!(theirs.observations.iter().any(|seen| matches!(seen.fact, Fact::Ice(IceFact::Checked(_)))));
    let left_out = theirs.observations.iter().find_map(|seen| match &seen.fact {
        Fact::Host(HostFact::Limited { what: Limit::Newer, ignored }) => Some(*ignored),
        _ => None,
    });
    assert_eq!(left_out, Some(2));
    assert!(!two.facts(0).iter().any(|fact| matches!(fact, Fact::Signalling(SignallingFact::MessageRefused { .. }))));
    drop(kept);
    assert!(judged(&two, 0).findings.iter().any(|finding| finding.code == Code::NewerRelease));
}

#[test]
fn the_record_of_an_end_that_judges_longer_than_our_agent_runs_is_taken() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]);
    let end = two.ends[0].0;
    let says = |two: &mut Two, signalled| two.world.give_input(end, Input::Signalled(signalled));
    says(&mut two, Signalled::Joined { slot: Slot::First });
    says(&mut two, Signalled::PeerJoined);
    // Nobody answers: its time runs out, and its agent is gone.
    let seconds = |count| Instant::after_start(Duration::from_secs(count));
    two.world.run_until(seconds(48));
    assert!(two.ends[0].1.0.borrow().agent().is_none());
    let mut encoder = Encoder::new(&mut Rng::numbered(7));
    let sdp = Sdp("v=0".to_owned());
    for body in [Body::Answer { sdp }, Body::Record(Box::default()), Body::Done { more: false }] {
        let message = encoder.encode(&body).expect("is small");
        says(&mut two, Signalled::Message(message));
    }
    assert!(two.world.run_until_finished(end, seconds(60)), "nothing is waited for");
    assert!(two.ends[0].1.0.borrow().records().1.is_some());
    let refused = |fact: &Fact| matches!(fact, Fact::Signalling(SignallingFact::MessageRefused { .. }));
    assert!(!two.facts(0).iter().any(refused), "an answer that comes too late is no fault");
}

fn measuring_longer() -> Config {
    Config { call: Some(CallConfig { duration: Duration::from_secs(12), ..CallConfig::USUAL }), ..config() }
}

#[test]
fn what_an_end_sees_after_it_has_judged_everything_goes_across_once_the_other_has_too() {
    let homes = [home("198.51.100.1"), home("198.51.100.2")];
    let mut two = Two::new(homes, [measuring_longer(), calling()]).introduced();
    two.world.run_until(Instant::after_start(Duration::from_secs(8)));
    let dones = |two: &Two, end: usize| {
        let said = two.ends[end].1.1.borrow();
        said.iter().filter(|message| String::from_utf8_lossy(message).contains("\"done\"")).count()
    };
    assert_eq!([dones(&two, 0), dones(&two, 1)], [0, 1]);
    two.world.give_input(two.ends[1].0, Input::Signalled(Signalled::Message(b"seen late".to_vec())));
    two.finish();
    assert_eq!([dones(&two, 0), dones(&two, 1)], [1, 2], "one more of who had judged first");
    let kept = two.ends[0].1.0.borrow();
    let theirs = kept.records().1.expect("the other end's record");
    let is_late = |fact: &Fact| matches!(fact, Fact::Signalling(SignallingFact::MessageRefused { .. }));
    assert!(theirs.observations.iter().any(|seen| is_late(&seen.fact)));
}

#[test]
fn a_last_record_is_waited_for_only_where_it_was_promised_and_not_for_long() {
    let ends_after = |hears: fn(String) -> String, says: fn(String) -> String| {
        let mut two = with_messages(hears, says, nothing_more);
        let ends_by = |two: &mut Two, ms| {
            two.world.run_until_finished(two.ends[0].0, Instant::after_start(Duration::from_millis(ms)))
        };
        let ms = (0..).step_by(250).find(|ms| ends_by(&mut two, *ms)).expect("it ends");
        assert!(!two.facts(0).contains(&Fact::Signalling(SignallingFact::PeerLeft)), "it had judged everything");
        ms
    };
    fn unchanged(message: String) -> String {
        message
    }
    fn without_the_last(message: String) -> String {
        message.replace("\"kind\":\"done\"}", "\"kind\":\"gone\"}")
    }
    let as_usual = ends_after(unchanged, unchanged);
    let older = ends_after(unchanged, |message| message.replace(",\"more\":true", ""));
    assert!(older <= as_usual, "{older}, {as_usual}");
    let left = ends_after(unchanged, without_the_last);
    let silent = ends_after(without_the_last, without_the_last);
    assert!(left <= as_usual + 250 && (2_500..=4_000).contains(&(silent - as_usual)), "{left}, {silent}, {as_usual}");
}

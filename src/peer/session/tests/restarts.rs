//! A call whose network changes under it: the agents restart, and the call goes on (RFC 8445 §9).

use super::calls::{broken, calling, strict, traffic};
use super::*;
use crate::lab::NetworkChange;
use crate::model::MediaFlow;
use crate::model::{CallFact, IceFact, SignallingFact};
use crate::peer::CallConfig;

/// In the middle of the call: it runs from about 0.4 s for 4 s.
const CHANGE: Duration = Duration::from_millis(2000);

/// Whole calls in which these ends get another address.
fn moved(gateways: [Gateway; 2], ends: &[usize]) -> Two {
    let mut two = Two::new(gateways, [calling(), calling()]).introduced();
    for end in ends {
        let address = at(["192.168.77.9", "192.168.78.9"][*end]);
        two.world.change_at(Instant::after_start(CHANGE), NetworkChange::Readdress(two.hosts[*end], vec![address]));
    }
    two.finish();
    two
}

/// From the change: when this end restarted, and when it had chosen a pair again, in milliseconds.
fn restarts(two: &Two, end: usize) -> (Vec<f64>, Vec<f64>) {
    let since = Instant::after_start(CHANGE);
    let observed = two.world.observed(two.ends[end].0);
    let times = |wanted: fn(&Fact) -> bool| -> Vec<f64> {
        let later = observed.iter().filter(|(when, _, fact)| *when >= since && wanted(fact));
        later.map(|(when, _, _)| when.since(since).as_secs_f64() * 1000.0).collect()
    };
    (
        times(|fact| *fact == Fact::Ice(IceFact::Restarted)),
        times(|fact| matches!(fact, Fact::Ice(IceFact::Nominated { .. }))),
    )
}

/// What each end received and missed, and how long it heard nothing.
fn flows(two: &Two, end: usize) -> MediaFlow {
    let facts = two.facts(end);
    assert!(broken(&facts).is_empty(), "{:?}", broken(&facts));
    traffic(&facts).audio.clone()
}

fn resumed(two: &Two, end: usize) -> Vec<f64> {
    let ms =
        |fact: Fact| if let Fact::Call(CallFact::CallResumed { after_ms }) = fact { Some(after_ms.0) } else { None };
    two.facts(end).into_iter().filter_map(ms).collect()
}

fn refusals(two: &Two, end: usize) -> Vec<Fact> {
    let is_refusal = |fact: &Fact| {
        matches!(
            fact,
            Fact::Signalling(SignallingFact::MessageRefused { .. }) | Fact::Ice(IceFact::CandidateRefused { .. })
        )
    };
    two.facts(end).into_iter().filter(is_refusal).collect()
}

/// All that a call whose ends have moved has to show, at both of them.
fn goes_on(two: &Two, longest_ms: f64) {
    for end in 0..2 {
        let (restarted, nominated) = restarts(two, end);
        assert_eq!((restarted.len(), nominated.len()), (1, 1), "{restarted:?} {nominated:?}");
        assert!(nominated[0] > restarted[0] && nominated[0] <= longest_ms, "{restarted:?} {nominated:?}");
        let audio = flows(two, end);
        // Fifty packets a second for 4 s, but for the pause.
        let missing = longest_ms / 20.0 + 10.0;
        assert!(audio.received_packets as f64 >= 200.0 - missing, "{audio:?}");
        assert!(audio.longest_stall_ms.0 <= longest_ms + 60.0, "{audio:?}");
        assert_eq!(refusals(two, end), []);
        let resumed = resumed(two, end);
        assert!(resumed.len() == 1 && resumed[0] > 40.0 && resumed[0] <= longest_ms, "{resumed:?}");
        // The other end's record tells the same.
        let kept = two.ends[end].1.0.borrow();
        let theirs = kept.records().1.expect("the other end's record");
        assert!(theirs.observations.iter().any(|observation| observation.fact == Fact::Ice(IceFact::Restarted)));
    }
}

#[test]
fn a_call_goes_on_over_a_new_pair_when_either_end_gets_another_address() {
    for end in 0..2 {
        let two = moved([home("198.51.100.1"), home("198.51.100.2")], &[end]);
        goes_on(&two, 400.0);
    }
}

#[test]
fn a_call_through_a_relay_goes_on_through_another_allocation() {
    for end in 0..2 {
        let two = moved([strict("198.51.100.1"), strict("198.51.100.2")], &[end]);
        goes_on(&two, 1000.0);
    }
}

#[test]
fn where_both_move_at_once_the_offer_of_who_came_first_stands_and_nothing_is_lost() {
    let two = moved([home("198.51.100.1"), home("198.51.100.2")], &[0, 1]);
    goes_on(&two, 400.0);
}

#[test]
fn a_call_that_is_to_roam_leaves_its_ports_halfway_and_both_ends_tell_how_long_media_was_away() {
    for roams in [[true, false], [false, true], [true, true]] {
        let configs = roams.map(|roam| {
            let call = calling().call.map(|call| CallConfig { roam, ..call });
            Config { call, ..calling() }
        });
        let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs).introduced();
        two.finish();
        for end in 0..2 {
            let resumed = resumed(&two, end);
            assert!(resumed.len() == 1 && resumed[0] > 40.0 && resumed[0] <= 400.0, "{roams:?}: {resumed:?}");
            let facts = two.facts(end);
            assert_eq!(facts.iter().filter(|fact| **fact == Fact::Ice(IceFact::Restarted)).count(), 1);
            let chosen: Vec<_> = facts
                .iter()
                .filter_map(|fact| {
                    if let Fact::Ice(IceFact::Nominated { local, .. }) = fact { Some(local.port) } else { None }
                })
                .collect();
            assert!(chosen.len() == 2 && chosen[0] != chosen[1], "{chosen:?}");
            // What nothing could carry was not sent: only what was under way to the old ports is lost.
            let audio = flows(&two, end);
            assert!(audio.received_packets >= 180 && audio.lost <= 4, "{roams:?}: {audio:?}");
            assert_eq!(refusals(&two, end), []);
        }
    }
}

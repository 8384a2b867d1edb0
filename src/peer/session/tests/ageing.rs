//! Calls that are kept for minutes: what has to be renewed is, and what changes under them is told.

use super::calls::{broken, calling, losing, strict, traffic};
use super::*;
use crate::diagnose::diagnose;
use crate::lab::NetworkChange;
use crate::model::{CallBreak, CallKept, Code, Diagnosis, End, Millis, Severity};
use crate::peer::CallConfig;

/// As `--ageing` has it, but for the video: it costs time, and what is to be renewed does not depend on it.
fn ageing() -> Config {
    Config { call: Some(CallConfig { video_bps: 0, ..CallConfig::AGEING }), ..calling() }
}

fn for_minutes(minutes: u64, video_bps: u64) -> Config {
    let duration = Duration::from_secs(minutes * 60);
    Config { call: Some(CallConfig { duration, video_bps, ..CallConfig::AGEING }), ..calling() }
}

fn at_second(second: u64) -> Instant {
    Instant::after_start(Duration::from_secs(second))
}

fn finish(two: &mut Two) {
    for (end, _) in &two.ends {
        assert!(two.world.run_until_finished(*end, at_second(900)), "it ends");
    }
}

/// What an end makes of its call.
fn judged(two: &Two, end: usize) -> Diagnosis {
    let kept = two.ends[end].1.0.borrow();
    let (ours, theirs) = kept.records();
    let mut record = ours.clone();
    if let Some(theirs) = theirs {
        let tool = Tool { name: String::new(), version: String::new() };
        record = record.join(theirs.clone(), tool);
    }
    diagnose(&record)
}

fn kept(diagnosis: &Diagnosis) -> &CallKept {
    diagnosis.call.as_ref().and_then(|call| call.kept.as_deref()).expect("how it was kept")
}

fn codes(diagnosis: &Diagnosis) -> Vec<Code> {
    diagnosis.findings.iter().map(|finding| finding.code).collect()
}

/// A whole call as `--ageing` makes it, though perhaps not as long, with nothing against it.
fn lasts(gateways: [Gateway; 2], seconds: u32, relays: usize) {
    let ageing = || {
        let call = ageing().call.map(|call| CallConfig { duration: Duration::from_secs(u64::from(seconds)), ..call });
        Config { call, ..ageing() }
    };
    let mut two = Two::new(gateways, [ageing(), ageing()]).introduced();
    finish(&mut two);
    let mut relayed = 0;
    for end in 0..2 {
        let diagnosis = judged(&two, end);
        let facts = two.facts(end);
        assert_eq!(broken(&facts), Vec::<&CallBreak>::new());
        assert_eq!((traffic(&facts).audio.lost, traffic(&facts).lasted_ms), (0, Millis(f64::from(seconds) * 1000.0)));
        let kept = kept(&diagnosis);
        let consent = kept.keeping.consent;
        // Every 4 to 6 s.
        assert!(
            (seconds / 6..=seconds / 4).contains(&consent.asked) && consent.answered + 1 >= consent.asked,
            "{consent:?}"
        );
        assert!(!consent.lapsed && consent.longest_gap_ms < Millis(6500.0), "{consent:?}");
        assert!(kept.rebound.is_empty() && kept.throttled.is_none() && kept.keeping.beside_silence.is_none());
        if let Some(relay) = &kept.keeping.relay {
            relayed += 1;
            assert!(relay.held_ms > Millis(600_000.0), "{relay:?}");
            for (renewals, times) in [(relay.allocation, 2), (relay.channel, 2)] {
                assert_eq!((renewals.answered, renewals.failed()), (times, 0), "{relay:?}");
                assert!(renewals.longest_gap_ms.is_some_and(|gap| gap < Millis(310_000.0)), "{relay:?}");
            }
            assert!(relay.permission.answered >= 2 && relay.permission.failed() == 0, "{relay:?}");
            assert!(codes(&diagnosis).contains(&Code::CallRelayKept));
        }
        assert!(codes(&diagnosis).contains(&Code::CallKept));
        // Of the NATs a report may well warn.
        let is_of_call =
            |code: Code| ["call", "consent", "pair", "relay"].iter().any(|of| code.to_string().starts_with(of));
        let grave = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
        let grave: Vec<_> = grave.filter(|finding| is_of_call(finding.code)).collect();
        assert!(grave.is_empty(), "{grave:#?}");
    }
    assert!(relayed >= relays, "{relayed}");
}

#[test]
fn a_direct_call_that_outlives_the_mappings_of_its_nats_is_kept_by_its_consent() {
    lasts([home("198.51.100.1"), home("198.51.100.2")], 330, 0);
}

#[test]
fn a_relayed_call_of_eleven_minutes_outlives_permission_channel_and_allocation() {
    lasts([strict("198.51.100.1"), strict("198.51.100.2")], 660, 1);
}

/// A call of two minutes, whose first end is renumbered after fifty seconds.
fn renumbered(gateways: [Gateway; 2]) -> Two {
    let mut two = Two::new(gateways, [(); 2].map(|()| for_minutes(2, 60_000))).introduced();
    two.world.change_at(at_second(50), NetworkChange::Renumber(two.sites[0], vec![at("198.51.100.77")]));
    finish(&mut two);
    two
}

fn is_told(diagnosis: &Diagnosis, whose: End, code: Code, severity: Severity) {
    let [rebound] = &kept(diagnosis).rebound[..] else { panic!("{:#?}", kept(diagnosis)) };
    assert_eq!(rebound.rebinding.whose, whose);
    let [from, to] = [rebound.rebinding.from, rebound.rebinding.to].map(|end| end.ip());
    assert_eq!([from, to], [at("198.51.100.1"), at("198.51.100.77")]);
    assert!((50_000.0..60_000.0).contains(&rebound.at_ms.0), "{rebound:?}");
    let found = diagnosis.findings.iter().find(|finding| finding.code == code).map(|finding| finding.severity);
    assert_eq!(found, Some(severity));
}

#[test]
fn a_nat_that_gets_another_address_is_told_by_both_ends_where_the_other_lets_it_in() {
    let open = nat(EndpointIndependent, EndpointIndependent, "198.51.100.2");
    let two = renumbered([home("198.51.100.1"), open]);
    is_told(&judged(&two, 0), End::Ours, Code::CallReboundHere, Severity::Info);
    is_told(&judged(&two, 1), End::Theirs, Code::CallReboundThere, Severity::Info);
    assert!((0..2).all(|end| broken(&two.facts(end)).is_empty()));
}

#[test]
fn where_the_other_end_shuts_it_out_the_call_is_cut_and_a_server_shows_why() {
    let two = renumbered([home("198.51.100.1"), home("198.51.100.2")]);
    is_told(&judged(&two, 0), End::Ours, Code::CallReboundHere, Severity::Warning);
    let (_, codes) = cut(&two, 0);
    assert!(codes.contains(&Code::CallOnlyPathCut), "{codes:?}");
    assert!(kept(&judged(&two, 1)).rebound.is_empty());
}

/// What broke an end's call, and what was found beside that.
fn cut(two: &Two, end: usize) -> (f64, Vec<Code>) {
    let diagnosis = judged(two, end);
    let facts = two.facts(end);
    let broken = broken(&facts);
    let [CallBreak::Cut { after_ms, silent_ms, .. }] = broken[..] else { panic!("{broken:?}") };
    assert!(*silent_ms >= Millis(30_000.0));
    (after_ms.0, codes(&diagnosis))
}

fn five_minutes() -> Config {
    for_minutes(5, 60_000)
}

#[test]
fn a_flow_that_a_middlebox_kills_is_told_apart_from_a_line_that_is_gone() {
    // What is for servers is shorter than what is for the other end, and goes on.
    let mut two = losing(five_minutes, |now, data| now >= at_second(120) && data.len() > 20);
    finish(&mut two);
    let (after_ms, codes) = cut(&two, 1);
    assert!((118_000.0..121_000.0).contains(&after_ms), "{after_ms}");
    assert!(codes.contains(&Code::CallOnlyPathCut) && !codes.contains(&Code::CallAllCut), "{codes:?}");

    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [five_minutes(), five_minutes()]).introduced();
    two.world.change_at(at_second(120), NetworkChange::Unplug(two.sites[0]));
    finish(&mut two);
    let (_, codes) = cut(&two, 0);
    assert!(codes.contains(&Code::CallAllCut) && !codes.contains(&Code::CallOnlyPathCut), "{codes:?}");
    let (_, codes) = cut(&two, 1);
    assert!(codes.contains(&Code::CallOnlyPathCut) && !codes.contains(&Code::CallAllCut), "{codes:?}");
}

#[test]
fn a_line_that_becomes_narrow_is_told_by_both_ends_and_one_that_does_not_is_not() {
    let configs = || [(); 2].map(|()| for_minutes(2, 500_000));
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs()).introduced();
    two.world.change_at(at_second(60), NetworkChange::Throttle(two.sites[0], 200_000));
    finish(&mut two);
    for end in 0..2 {
        let diagnosis = judged(&two, end);
        let throttled = kept(&diagnosis).throttled.expect("it is seen");
        assert!((56..66).contains(&throttled.second), "{throttled:?}");
        assert!(throttled.before_bps > 400_000 && throttled.after_bps < 250_000, "{throttled:?}");
        let codes = codes(&diagnosis);
        assert!(codes.contains(&Code::CallThrottledIn) || codes.contains(&Code::CallThrottledOut), "{codes:?}");
    }
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs()).introduced();
    finish(&mut two);
    assert_eq!(kept(&judged(&two, 0)).throttled, None);
}

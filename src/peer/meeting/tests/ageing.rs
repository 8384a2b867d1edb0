//! Calls that are kept for minutes: what has to be renewed is, and what changes under them is told.

use super::calls::{broken, calling, strict, traffic};
use super::*;
use crate::diagnose::diagnose;
use crate::lab::Change;
use crate::model::{CallBreak, CallKept, Code, Diagnosis, End, Severity};
use crate::peer::CallConfig;
use crate::peer::narrow::Narrow;

/// As `--ageing` has it, but for the video, which costs what it weighs also in virtual time.
fn ageing() -> Config {
    Config { call: Some(CallConfig { video_bps: 60_000, ..CallConfig::AGEING }), ..calling() }
}

/// Somewhat more than consent takes to lapse.
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
        let tool = crate::model::Tool { name: String::new(), version: String::new() };
        record.join(theirs.clone(), tool);
    }
    diagnose(&record)
}

fn kept(diagnosis: &Diagnosis) -> &CallKept {
    diagnosis.call.as_ref().and_then(|call| call.kept.as_deref()).expect("how it was kept")
}

fn codes(diagnosis: &Diagnosis) -> Vec<Code> {
    diagnosis.findings.iter().map(|finding| finding.code).collect()
}

/// A whole call as `--ageing` makes it, with nothing against it.
fn lasts(gateways: [Gateway; 2], relays: usize) {
    let mut two = Two::new(gateways, [ageing(), ageing()]).introduced();
    finish(&mut two);
    let mut relayed = 0;
    for end in 0..2 {
        let diagnosis = judged(&two, end);
        let facts = two.facts(end);
        assert_eq!(broken(&facts), Vec::<&CallBreak>::new());
        assert_eq!((traffic(&facts).audio.lost, traffic(&facts).lasted_ms), (0, 660_000.0));
        let kept = kept(&diagnosis);
        let consent = kept.keeping.consent;
        // Every 4 to 6 s.
        assert!((110..=165).contains(&consent.asked) && consent.answered + 1 >= consent.asked, "{consent:?}");
        assert!(!consent.lapsed && consent.longest_gap_ms < 6500.0, "{consent:?}");
        assert!(kept.rebound.is_empty() && kept.throttled.is_none() && kept.keeping.beside_silence.is_none());
        if let Some(relay) = &kept.keeping.relay {
            relayed += 1;
            assert!(relay.held_ms > 600_000.0, "{relay:?}");
            for (renewals, times) in [(relay.allocation, 2), (relay.channel, 2)] {
                assert_eq!((renewals.answered, renewals.failed()), (times, 0), "{relay:?}");
                assert!(renewals.longest_gap_ms.is_some_and(|ms| ms < 310_000.0), "{relay:?}");
            }
            assert!(relay.permission.answered >= 2 && relay.permission.failed() == 0, "{relay:?}");
            assert!(codes(&diagnosis).contains(&Code::CallRelayKept));
        }
        assert!(codes(&diagnosis).contains(&Code::CallKept));
        let grave: Vec<_> = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
        assert!(grave.is_empty(), "{grave:#?}");
    }
    assert!(relayed >= relays, "{relayed}");
}

#[test]
fn a_direct_call_of_eleven_minutes_is_kept_by_its_consent() {
    lasts([home("198.51.100.1"), home("198.51.100.2")], 0);
}

#[test]
fn a_relayed_call_of_eleven_minutes_outlives_permission_channel_and_allocation() {
    lasts([strict("198.51.100.1"), strict("198.51.100.2")], 1);
}

#[test]
fn a_nat_that_gets_another_address_is_told_by_both_ends_with_when_from_and_to() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [(); 2].map(|()| for_minutes(2, 60_000)));
    let site = two.world.region(two.hosts[0]);
    two.world.change_at(at_second(50), Change::Renumber(site, vec![at("198.51.100.77")]));
    let mut two = two.introduced();
    finish(&mut two);
    for (end, whose, code) in [(0, End::Ours, Code::CallReboundHere), (1, End::Theirs, Code::CallReboundThere)] {
        let diagnosis = judged(&two, end);
        let [rebound] = &kept(&diagnosis).rebound[..] else { panic!("{:#?}", kept(&diagnosis)) };
        assert_eq!(rebound.rebinding.whose, whose);
        let [from, to] = [rebound.rebinding.from, rebound.rebinding.to].map(|end| end.ip());
        assert_eq!([from, to], [at("198.51.100.1"), at("198.51.100.77")]);
        assert!((50_000.0..57_000.0).contains(&rebound.at_ms), "{rebound:?}");
        assert!(codes(&diagnosis).contains(&code));
    }
}

/// From the first end nothing but what is for servers leaves any more, after two minutes.
fn killed(loses: impl Fn(&[u8]) -> bool + 'static) -> Two {
    let configs = [(); 2].map(|()| for_minutes(5, 60_000));
    let two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs.clone());
    let kept = two.ends.each_ref().map(|(_, kept)| kept.clone());
    let mut two = two;
    let internet = two.world.internet();
    for (end, (public, address)) in [("198.51.100.3", "192.168.79.2"), ("198.51.100.4", "192.168.80.2")].into_iter().enumerate()
    {
        *kept[end].0.borrow_mut() = Meeting::new(configs[end].clone(), Dice::numbered(21 + end as u64));
        let site = two.world.site(internet, home(public));
        let host = two.world.host(site, &[at(address)]);
        two.hosts[end] = host;
        let machine: Box<dyn Machine> = Box::new(kept[end].clone());
        let machine = if end == 0 {
            let loses = move |now: Instant, data: &[u8]| now >= at_second(120) && data.len() > 20;
            Box::new(Narrow::new(kept[end].clone(), loses)) as Box<dyn Machine>
        } else {
            machine
        };
        two.ends[end].0 = two.world.attach(host, machine);
    }
    two.introduced()
}

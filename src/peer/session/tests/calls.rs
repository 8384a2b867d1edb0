//! Whole calls in the lab: what two ends measure over lines that are known.

use super::*;
use crate::model::{CallBreak, CallStage, Millis, Traffic};
use crate::model::{CallFact, RunFact};
use crate::peer::CallConfig;
use crate::peer::narrow::Narrow;

pub(super) fn calling() -> Config {
    let call = CallConfig { duration: Duration::from_secs(4), ..CallConfig::USUAL };
    Config { call: Some(call), ..config() }
}

pub(super) fn traffic(facts: &[Fact]) -> &Traffic {
    let called: Vec<_> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Call(CallFact::Called(traffic)) => Some(&**traffic),
            _ => None,
        })
        .collect();
    let [traffic] = called[..] else { panic!("{facts:#?}") };
    traffic
}

pub(super) fn stages(facts: &[Fact]) -> Vec<(CallStage, f64)> {
    let stage = |fact: &Fact| match fact {
        Fact::Call(CallFact::CallReached { stage, after_ms }) => Some((*stage, after_ms.0)),
        _ => None,
    };
    let mut stages: Vec<_> = facts.iter().filter_map(stage).collect();
    stages.sort_by_key(|(stage, _)| *stage);
    stages
}

pub(super) fn broken(facts: &[Fact]) -> Vec<&CallBreak> {
    facts
        .iter()
        .filter_map(|fact| if let Fact::Call(CallFact::CallBroken(broken)) = fact { Some(broken) } else { None })
        .collect()
}

pub(super) fn strict(public: &str) -> Gateway {
    nat(AddressAndPortDependent, AddressAndPortDependent, public)
}

#[test]
fn a_direct_call_carries_everything_both_ways_within_its_protocols_round_trips() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [calling(), calling()]).introduced();
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        let traffic = traffic(&facts);
        for flow in [&traffic.audio, &traffic.video] {
            assert!(flow.received_packets >= 190 && flow.lost == 0 && flow.reordered == Some(0), "{flow:?}");
            assert_eq!((flow.lost_there, flow.stalls), (Some(0), 0), "{flow:?}");
        }
        for data in [&traffic.reliable, &traffic.unreliable] {
            assert!(data.opened && data.received >= 36 && data.echoed >= 36, "{data:?}");
        }
        // 10 ms each way on either side.
        let rtt = traffic.rtt_ms.expect("round trips");
        assert!((39.0..45.0).contains(&rtt.median.0), "{rtt:?}");
        assert!(broken(&facts).is_empty());
        let stages = stages(&facts);
        let names: Vec<_> = stages.iter().map(|(stage, _)| *stage).collect();
        use CallStage::{ChannelOpen, ChecksStarted, Connected, Dtls, FirstMedia, Gathered};
        assert_eq!(names, [Gathered, ChecksStarted, Connected, Dtls, ChannelOpen, FirstMedia]);
        let at = |stage| stages.iter().find(|(of, _)| *of == stage).map(|(_, ms)| *ms).expect("a stage");
        // DTLS 1.2: three round trips with the cookie exchange (RFC 6347 §4.2.1); SCTP: two (RFC 9260 §5.1) and DCEP one.
        assert!(at(Dtls) - at(Connected) <= 4.0 * 40.0, "{stages:?}");
        assert!(at(ChannelOpen) - at(Dtls) <= 4.0 * 40.0, "{stages:?}");
        assert!(at(FirstMedia) - at(Dtls) <= 2.0 * 40.0, "{stages:?}");
    }
}

#[test]
fn a_call_between_two_strict_nats_goes_through_the_relay_and_says_the_same() {
    let mut two = Two::new([strict("198.51.100.1"), strict("198.51.100.2")], [calling(), calling()]).introduced();
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        let traffic = traffic(&facts);
        assert!(traffic.audio.received_packets >= 190 && traffic.audio.lost == 0, "{:?}", traffic.audio);
        assert!(traffic.reliable.echoed >= 36, "{:?}", traffic.reliable);
        assert!(broken(&facts).is_empty());
    }
}

#[test]
fn loss_on_the_line_is_measured_as_what_it_is_by_both_ends() {
    let lossy = |public| {
        let nat = NatConfig::new(EndpointIndependent, AddressAndPortDependent, at(public));
        Gateway::nat(nat).over(Link::of(Duration::from_millis(10), 0.05))
    };
    let call = CallConfig { duration: Duration::from_secs(20), ..CallConfig::USUAL };
    let calling = || Config { call: Some(call), ..config() };
    let mut two = Two::new([lossy("198.51.100.1"), home("198.51.100.2")], [calling(), calling()]).introduced();
    two.finish();
    for end in 0..2 {
        let traffic_here = two.facts(end);
        let audio = &traffic(&traffic_here).audio;
        let loss = audio.loss().expect("packets came");
        // 1000 packets, 5 % of them lost: 3 % more or fewer are more than four standard deviations.
        assert!((0.02..0.08).contains(&loss), "{loss}");
        let there = audio.lost_there.expect("reports came") as f64 / audio.sent_packets as f64;
        assert!((0.02..0.08).contains(&there), "{there}");
    }
}

#[test]
fn an_end_that_makes_no_call_still_has_its_pairs_checked() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [calling(), config()]).introduced();
    two.finish();
    let facts = two.facts(0);
    assert!(facts.contains(&Fact::Run(RunFact::Skipped { why: Code::PeerMakesNoCall })), "{facts:#?}");
    assert!(
        !facts.iter().any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)) | Fact::Call(CallFact::CallBroken(_))))
    );
    assert!(pairs(&facts).iter().any(|pair| pair.nominated));
}

/// Two ends at home, of which the first loses some of what it sends.
pub(super) fn with_losses(loses: impl FnMut(Instant, &[u8]) -> bool + 'static) -> Two {
    losing(calling, loses)
}

pub(super) fn losing(calling: fn() -> Config, mut loses: impl FnMut(Instant, &[u8]) -> bool + 'static) -> Two {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]);
    let kept = two.ends.each_ref().map(|(_, kept)| kept.clone());
    let mut seed = 20;
    for kept in &kept {
        seed += 1;
        *kept.0.borrow_mut() = Session::new(calling(), Rng::numbered(seed));
    }
    let internet = two.world.internet();
    let [site, other] = [home("198.51.100.3"), home("198.51.100.4")].map(|gateway| two.world.site(internet, gateway));
    let hosts = [(site, "192.168.79.2"), (other, "192.168.80.2")];
    let [first, second] = hosts.map(|(site, address)| two.world.host(site, &[at(address)]));
    let narrow = Narrow::new(kept[0].clone(), move |now, _, data: &[u8]| loses(now, data));
    two.ends[0].0 = two.world.attach(first, Box::new(narrow));
    two.ends[1].0 = two.world.attach(second, Box::new(kept[1].clone()));
    two.introduced()
}

#[test]
fn a_path_that_loses_the_large_flights_of_dtls_is_told_with_their_size() {
    let mut two = with_losses(|_, data| data.len() > 500);
    two.finish();
    let facts = two.facts(0);
    let broken = broken(&facts);
    let [CallBreak::DtlsSilent { sent, largest_bytes, waited_ms, .. }] = broken[..] else { panic!("{broken:?}") };
    assert!(*sent >= 3 && *largest_bytes > 500 && *waited_ms >= Millis(10_000.0), "{broken:?}");
    let last = stages(&facts).last().map(|(stage, _)| *stage);
    assert_eq!(last, Some(CallStage::Connected));
    assert!(pairs(&facts).iter().any(|pair| pair.nominated), "the pairs are judged all the same");
}

#[test]
fn a_call_that_is_cut_is_told_with_when_and_what_was_measured_until_then() {
    let cut_at = Instant::after_start(Duration::from_millis(1200));
    let mut two = with_losses(move |now, data| now >= cut_at && matches!(data.first(), Some(20..=63 | 128..=191)));
    two.finish();
    let facts = two.facts(1);
    let broken = broken(&facts);
    let [CallBreak::Cut { after_ms, silent_ms, pair: Some(pair) }] = broken[..] else { panic!("{broken:?}") };
    assert!((600.0..1200.0).contains(&after_ms.0) && *silent_ms >= Millis(3000.0), "{broken:?}");
    assert!(pair.checks.sent >= 5 && pair.checks.sent - pair.checks.answered <= 1, "STUN passes: {pair:?}");
    let audio = &traffic(&facts).audio;
    assert!(audio.received_packets > 15 && audio.stalls == 1 && audio.longest_stall_ms >= Millis(2900.0), "{audio:?}");
}

#[test]
fn a_line_that_comes_back_before_the_call_was_to_end_was_a_pause_and_no_end() {
    let longer =
        || Config { call: Some(CallConfig { duration: Duration::from_secs(12), ..CallConfig::USUAL }), ..config() };
    let at = |seconds| Instant::after_start(Duration::from_secs(seconds));
    let mut two = losing(longer, move |now, _| now >= at(3) && now < at(8));
    two.finish();
    let theirs = two.facts(1);
    assert!(broken(&theirs).is_empty(), "{:?}", broken(&theirs));
    let audio = &traffic(&theirs).audio;
    assert!((4900.0..5600.0).contains(&audio.longest_stall_ms.0) && audio.received_packets > 250, "{audio:?}");
    assert!(broken(&two.facts(0)).is_empty(), "what it heard went on all the time");
}

#[test]
fn speech_that_is_lost_one_way_is_missed_there_and_reported_here() {
    // RTP, and not RTCP (RFC 5761 §4: payload types 64 to 95 of its second byte).
    let is_rtp = |data: &[u8]| matches!(data, [128..=191, second, ..] if !(64..=95).contains(&(second & 0x7f)));
    let mut two = with_losses(move |_, data| is_rtp(data));
    two.finish();
    let [facts, theirs] = [two.facts(0), two.facts(1)];
    assert_eq!(traffic(&theirs).audio.received_packets, 0);
    assert!(traffic(&facts).audio.received_packets > 150);
}

//! The call in a few lines.

use super::*;
use crate::model::Millis;

fn good() -> Call {
    let audio = MediaFlow { received_packets: 490, lost: 10, jitter_ms: Some(Millis(1.2)), ..MediaFlow::default() };
    let media = CallMedia {
        audio,
        video: MediaFlow::default(),
        came: None,
        there: None,
        rtt_ms: Some(RoundTrips { min: Millis(20.0), median: Millis(21.0), max: Millis(30.0) }),
        aimed_bps: 1_500_000,
        estimated_bps: None,
        dtls_version: Text::default(),
        grade: Some(Grade { r: 85.0, mos: 4.2, quality: SpeechQuality::High }),
    };
    let (connected, dtls) = (Some(Millis(140.0)), Some(Millis(262.0)));
    Call {
        outcome: CallOutcome::Good,
        relay: None,
        selected: None,
        timing_ms: CallTiming { connected, dtls, first_media: Some(Millis(290.0)), ..CallTiming::default() },
        lasted_ms: Some(Millis(10_000.0)),
        media: Some(media),
        data: None,
        broken: None,
        handshake: None,
        role_dispute: None,
        credentials: None,
        kept: None,
        series: vec![CallSecond { received_bps: 1_400_000, ..CallSecond::default() }],
        evidence: Vec::new(),
    }
}

/// The section of the call in a report.
fn rendered(call: Option<&Call>, lang: Lang) -> String {
    let mut diagnosis = sample::home_direct();
    diagnosis.call = call.cloned();
    let page = page::of(&diagnosis, lang);
    let sections = page.sections.into_iter().filter(|section| section.topic == Topic::Call).collect();
    let page = Page { sections, headline: page::Cell::default(), remarks: Vec::new(), closing: None, ..page };
    lay_out(&page, Style { width: 100, lang, ..WIDE }, Extent::Details)
}

#[test]
fn a_call_takes_a_heading_and_three_lines_in_either_language() {
    for lang in [Lang::En, Lang::Ko] {
        let text = rendered(Some(&good()), lang);
        assert_eq!(text.trim().lines().count(), 4, "{text}");
        for figure in ["140 ms", "262 ms", "290 ms", "2.0 %", "21 ms", "1.4 Mbit/s", "4.2"] {
            assert!(text.contains(figure), "{figure} in {text}");
        }
    }
}

#[test]
fn a_call_that_was_kept_for_minutes_takes_one_more_with_what_was_renewed() {
    let renewals = |answered, asked| Renewals { asked, answered, ..Renewals::default() };
    let relay = RelayMaintenance {
        server: "203.0.113.10:3478".parse().expect("an address"),
        transport: Transport::Udp,
        relayed: "203.0.113.10:50000".parse().expect("an address"),
        held_ms: Millis(660_000.0),
        allocation: renewals(2, 2),
        permission: renewals(1, 2),
        channel: renewals(0, 0),
    };
    let consent = ConsentStats { asked: 131, answered: 130, ..ConsentStats::default() };
    let keeping = PathMaintenance { consent, relay: Some(relay), beside_silence: None };
    let kept = CallKept { keeping, rebound: Vec::new(), throttled: None };
    let text = rendered(Some(&Call { kept: Some(Box::new(kept)), ..good() }), Lang::En);
    assert!(text.contains("Renewed: consent 130/131 · permission 1/2 · allocation 2/2\n"), "{text}");
}

#[test]
fn a_call_that_never_came_about_takes_one_and_none_at_all_nothing() {
    let broken = Call { timing_ms: CallTiming::default(), media: None, outcome: CallOutcome::NoPair, ..good() };
    assert_eq!(rendered(Some(&broken), Lang::En).trim().lines().count(), 2);
    assert_eq!(rendered(None, Lang::En).trim(), "");
}

//! The call in three lines.

use super::Tone;
use super::text::Page;
use crate::catalog::{self, call_lines as said};
use crate::model::{Call, CallOutcome};

pub(super) fn call(page: &mut Page, call: Option<&Call>) {
    let Some(call) = call else { return };
    let lang = page.style.lang;
    let tone = match call.outcome {
        CallOutcome::Good | CallOutcome::PartOffered => Tone::Good,
        CallOutcome::Degraded
        | CallOutcome::NoData
        | CallOutcome::RelayThin
        | CallOutcome::Closed
        | CallOutcome::Unfinished => Tone::Poor,
        CallOutcome::MediaOneWay
        | CallOutcome::Cut
        | CallOutcome::Dtls
        | CallOutcome::NoPair
        | CallOutcome::NoCandidates
        | CallOutcome::NoAgreement => Tone::Bad,
    };
    page.heading(said::HEADING);
    page.line(tone, catalog::html::call_outcome(call.outcome, lang));
    for line in [said::came_about(&call.timing_ms, lang), said::passed(call, lang)].into_iter().flatten() {
        let line = page.safe(&line);
        page.line(Tone::Plain, &line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::model::{CallMedia, CallSecond, CallTiming, Grade, MediaFlow, RoundTrips, SpeechQuality, Text};
    use crate::report::terminal::Style;

    fn good() -> Call {
        let audio = MediaFlow { received_packets: 490, lost: 10, jitter_ms: Some(1.2), ..MediaFlow::default() };
        let media = CallMedia {
            audio,
            video: MediaFlow::default(),
            rtt_ms: Some(RoundTrips { min: 20.0, median: 21.0, max: 30.0 }),
            aimed_bps: 1_500_000,
            estimated_bps: None,
            dtls_version: Text::default(),
            grade: Some(Grade { r: 85.0, mos: 4.2, quality: SpeechQuality::High }),
        };
        let (connected, dtls) = (Some(140.0), Some(262.0));
        Call {
            outcome: CallOutcome::Good,
            relay: None,
            selected: None,
            timing_ms: CallTiming { connected, dtls, first_media: Some(290.0), ..CallTiming::default() },
            lasted_ms: Some(10_000.0),
            media: Some(media),
            data: None,
            broken: None,
            series: vec![CallSecond { received_bps: 1_400_000, ..CallSecond::default() }],
            evidence: Vec::new(),
        }
    }

    fn rendered(of: Option<&Call>, lang: Lang) -> String {
        let mut page = Page::new(Style { colour: false, ascii: false, width: 100, lang });
        call(&mut page, of);
        page.finish()
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
    fn a_call_that_never_came_about_takes_one_and_none_at_all_nothing() {
        let broken = Call { timing_ms: CallTiming::default(), media: None, outcome: CallOutcome::NoPair, ..good() };
        assert_eq!(rendered(Some(&broken), Lang::En).trim().lines().count(), 2);
        assert_eq!(rendered(None, Lang::En), "");
    }
}

//! How would speech sound over this path? (ITU-T G.107, simplified for packets; ITU-T G.109)
//!
//! R = 93.2 - Id - Ie,eff. Delay costs as Cole and Rosenbluth fitted it (ACM CCR 31(2), 2001), loss as G.107 §3.5 has it,
//! with G.113's values for a codec that conceals losses. Echo, noise and loudness are those of a good headset.

use crate::model::{Grade, MediaFlow, RoundTrips, SpeechQuality};

/// G.107's R with everything else at its default.
const BEST: f64 = 93.2;

/// The delay of a packet with 20 ms of speech, and of its coder's look-ahead.
const PACKETISING_MS: f64 = 25.0;

/// How much of the jitter a playout buffer holds: about twice of it.
const JITTER_SHARE: f64 = 2.0;

/// The one-way delay from which on people begin to talk over each other (Cole and Rosenbluth).
const NOTICED_MS: f64 = 177.3;

/// The packet-loss robustness of a codec that conceals, in per cent (G.113 Appendix I); Opus does better with its
/// redundancy.
const ROBUSTNESS: f64 = 25.1;

pub(crate) fn grade(audio: &MediaFlow, rtt: Option<RoundTrips>) -> Option<Grade> {
    let (loss, rtt) = (audio.loss()?, rtt?);
    let delay_ms = rtt.median.0 / 2.0 + PACKETISING_MS + JITTER_SHARE * audio.jitter_ms.unwrap_or_default().0;
    let late = (delay_ms - NOTICED_MS).max(0.0);
    let for_delay = 0.024 * delay_ms + 0.11 * late;
    let percent = loss * 100.0;
    let for_loss = 95.0 * percent / (percent + ROBUSTNESS);
    let r = (BEST - for_delay - for_loss).clamp(0.0, BEST);
    // The mean opinion score follows from R (G.107 Annex B).
    let mos = if r <= 0.0 { 1.0 } else { 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6 };
    let quality = match r {
        r if r >= 90.0 => SpeechQuality::Best,
        r if r >= 80.0 => SpeechQuality::High,
        r if r >= 70.0 => SpeechQuality::Medium,
        r if r >= 60.0 => SpeechQuality::Low,
        r if r >= 50.0 => SpeechQuality::Poor,
        _ => SpeechQuality::NotRecommended,
    };
    let rounded = |value: f64, steps: f64| (value * steps).round() / steps;
    Some(Grade { r: rounded(r, 10.0), mos: rounded(mos.max(1.0), 100.0), quality })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Millis;

    fn of(loss_percent: u64, rtt: f64) -> Grade {
        let rtt = Millis(rtt);
        let audio = MediaFlow { received_packets: 100 - loss_percent, lost: loss_percent, ..MediaFlow::default() };
        grade(&audio, Some(RoundTrips { min: rtt, median: rtt, max: rtt })).expect("a grade")
    }

    #[test]
    fn a_near_and_clean_path_is_best_and_each_step_away_from_it_is_worse() {
        assert_eq!(of(0, 20.0).quality, SpeechQuality::Best);
        assert!((4.3..4.5).contains(&of(0, 20.0).mos), "{:?}", of(0, 20.0));
        let rated = [of(0, 20.0), of(1, 20.0), of(5, 20.0), of(10, 20.0), of(30, 20.0)].map(|grade| grade.r);
        assert!(rated.windows(2).all(|two| two[0] > two[1]), "{rated:?}");
        assert_eq!(of(5, 20.0).quality, SpeechQuality::Medium);
        assert_eq!(of(30, 20.0).quality, SpeechQuality::NotRecommended);
        assert!(of(0, 300.0).r > 80.0 && of(0, 700.0).r < 70.0, "{:?} {:?}", of(0, 300.0), of(0, 700.0));
    }

    #[test]
    fn where_nothing_came_there_is_no_grade() {
        let rtt = RoundTrips { min: Millis(1.0), median: Millis(1.0), max: Millis(1.0) };
        assert_eq!(grade(&MediaFlow::default(), Some(rtt)), None);
        assert_eq!(grade(&MediaFlow { received_packets: 9, ..MediaFlow::default() }, None), None);
    }
}

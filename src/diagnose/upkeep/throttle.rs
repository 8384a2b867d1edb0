//! From when on did much less come through than before?
//!
//! Senders follow what the path takes, so that soon no more is sent than comes: the fall itself has to be seen. It is
//! believed where what comes falls for the rest of the call, where meanwhile more was sent than came, and where loss or
//! the round trip rose with it; else a sender may simply have sent less.

use crate::model::{CallSecond, End, Throttled};

/// The seconds in which a sender still looks for what the path takes.
const WARMING_UP: usize = 15;

/// The least seconds before and after the fall; a shorter hollow is no throttling.
const LEAST: usize = 20;

/// The most seconds that are looked at before the fall.
const BEFORE: usize = 60;

/// The share of what came before under which it has fallen: the whole rest lies below it on average, and each ten
/// seconds of it below the higher.
const FALLEN: f64 = 0.6;
const STAYS_BELOW: f64 = 0.75;

/// The seconds around the fall in which both ends may still react to it.
const REACTING: usize = 10;

/// How much more was sent than came, in so many seconds in a row.
const EXCESS: f64 = 1.2;
const IN_A_ROW: usize = 3;

const NOTICED_LOSS: f64 = 0.03;
const RTT_FACTOR: f64 = 2.0;
const RTT_MORE_MS: f64 = 50.0;

/// The most seconds that a call keeps.
const MOST: usize = 3600;

/// Whether less came at the receiving end, of what the other sent, for the rest of the call. Both series count seconds
/// from the end of the DTLS handshake, which the ends know within a round trip of each other.
pub(crate) fn of(whose: End, receiver: &[CallSecond], sender: &[CallSecond]) -> Option<Throttled> {
    // The last second of either series may be shorter.
    let length = receiver.len().min(sender.len()).min(MOST).saturating_sub(1);
    let (receiver, sender) = (receiver.get(..length)?, sender.get(..length)?);
    let last = length.checked_sub(LEAST)?;
    (WARMING_UP + LEAST..last).find_map(|at| {
        let earlier = receiver.get(at.saturating_sub(BEFORE).max(WARMING_UP)..at)?;
        let later = receiver.get(at..)?;
        let before = median(earlier.iter().map(|second| second.received_bps as f64))?;
        let falls_here = later.first().is_some_and(|second| second.received_bps as f64 <= before * STAYS_BELOW);
        if !falls_here {
            return None;
        }
        let after = median(later.iter().map(|second| second.received_bps as f64))?;
        let mut parts = later.chunks(REACTING).filter_map(|part| median(part.iter().map(|it| it.received_bps as f64)));
        let has_fallen = after < before * FALLEN && parts.all(|part| part < before * STAYS_BELOW);
        let around = at.saturating_sub(2)..at + REACTING;
        let (received, sent) = (receiver.get(around.clone())?, sender.get(around)?);
        let has_cause = is_lossy(received) || is_slower(earlier, received);
        (has_fallen && has_cause && is_exceeded(received, sent)).then(|| Throttled {
            whose,
            second: receiver.get(at).map_or(0, |second| second.second),
            before_bps: before as u64,
            after_bps: after as u64,
        })
    })
}

fn is_lossy(received: &[CallSecond]) -> bool {
    let lost: f64 = received.iter().map(|second| f64::from(second.lost)).sum();
    let came: f64 = received.iter().map(|second| f64::from(second.received_packets)).sum();
    lost > (lost + came) * NOTICED_LOSS
}

fn is_slower(before: &[CallSecond], around: &[CallSecond]) -> bool {
    let usual = median(before.iter().filter_map(|second| Some(second.rtt_ms?.0)));
    let most = around.iter().filter_map(|second| Some(second.rtt_ms?.0)).fold(0.0, f64::max);
    usual.is_some_and(|usual| most >= usual * RTT_FACTOR && most >= usual + RTT_MORE_MS)
}

fn is_exceeded(received: &[CallSecond], sent: &[CallSecond]) -> bool {
    let came = received.windows(IN_A_ROW).map(|row| row.iter().map(|it| it.received_bps as f64).sum::<f64>());
    let went = sent.windows(IN_A_ROW).map(|row| row.iter().map(|it| it.sent_bps as f64).sum::<f64>());
    came.zip(went).any(|(came, went)| went >= came * EXCESS)
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Millis;

    /// A minute at 500 kbit/s and another at `later`; around the change `sent` is what was sent, with this loss and round trip.
    fn series(later: u64, sent: u64, lost: u32, rtt: f64) -> (Vec<CallSecond>, Vec<CallSecond>) {
        let second = |at: u32| {
            let is_later = at >= 60;
            let is_around = (60..64).contains(&at);
            let received_bps = if is_later { later } else { 500_000 };
            let sent_bps = if is_around { sent } else { received_bps };
            CallSecond {
                second: at,
                rtt_ms: Some(Millis(if is_around { rtt } else { 40.0 })),
                received_packets: 100,
                lost: if is_around { lost } else { 0 },
                received_bps,
                sent_bps,
                ..CallSecond::default()
            }
        };
        let all: Vec<CallSecond> = (0..120).map(second).collect();
        (all.clone(), all)
    }

    fn found(later: u64, sent: u64, lost: u32, rtt: f64) -> Option<u32> {
        let (receiver, sender) = series(later, sent, lost, rtt);
        of(End::Ours, &receiver, &sender).map(|throttled| throttled.second)
    }

    #[test]
    fn a_fall_with_loss_or_with_a_longer_round_trip_is_throttling_and_told_from_its_second_on() {
        assert_eq!(found(200_000, 500_000, 40, 40.0), Some(60));
        assert_eq!(found(200_000, 500_000, 0, 250.0), Some(60));
    }

    #[test]
    fn a_sender_that_sends_less_a_fall_without_a_cause_and_a_small_one_are_not() {
        assert_eq!(found(200_000, 200_000, 40, 250.0), None, "no more was sent than came");
        assert_eq!(found(200_000, 500_000, 0, 40.0), None, "no cause");
        assert_eq!(found(400_000, 500_000, 40, 250.0), None, "not far enough");
        assert_eq!(found(500_000, 500_000, 40, 250.0), None, "no fall");
    }

    #[test]
    fn a_hollow_that_fills_again_is_none() {
        let (mut receiver, sender) = series(200_000, 500_000, 40, 250.0);
        receiver.iter_mut().skip(90).for_each(|second| second.received_bps = 500_000);
        assert_eq!(of(End::Ours, &receiver, &sender), None);
        assert_eq!(of(End::Ours, &receiver[..5], &sender), None);
    }
}

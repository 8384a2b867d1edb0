//! May chance alone have taken from a call what it misses, on a line that loses as much as single packets show?
//!
//! A packet of a call with oneself through a relay crosses this line out to the relay and in again, as a request and its
//! answer do: their losses are samples of one thing, and the many of a call are compared with the few that stood alone.

use super::is_cut_before_media;
use crate::model::{Call, CallBreak, CallOutcome, Tally};

/// What is told where chance is less likely than this is told as likely, and not as proven.
const DOUBT: f64 = 1e-3;

/// The last flight of a handshake is sent at once, and after a second again (RFC 9147 §5.8.1); a third may come too late.
const LAST_FLIGHTS: u32 = 2;

/// Whether chance may have taken it. What was cut in its middle, and what found no pair, lost all of many packets.
pub(crate) fn may_explain(own: &Call, control: Tally) -> bool {
    match (&own.broken, own.outcome) {
        (Some(CallBreak::DtlsSilent { sent, .. }), _) => loses_all_of(*sent, control),
        (Some(CallBreak::Cut { .. }), _) if is_cut_before_media(own) => loses_all_of(LAST_FLIGHTS, control),
        (_, CallOutcome::Degraded | CallOutcome::RelayThin) => losses(own).is_none_or(|call| is_alike(call, control)),
        _ => false,
    }
}

/// Whether single packets are lost, and so often that as many in a row may be.
pub(crate) fn loses_all_of(sent: u32, control: Tally) -> bool {
    let times = i32::try_from(sent).unwrap_or(i32::MAX);
    control.answered < control.sent && control.loss().powi(times) > DOUBT
}

/// The packets of speech of the direction that lost more.
fn losses(own: &Call) -> Option<Tally> {
    let audio = &own.media.as_ref()?.audio;
    let of = |sent: u64, lost: u64| {
        let (sent, lost) = (u32::try_from(sent).ok()?, u32::try_from(lost.min(sent)).ok()?);
        Some(Tally { sent, answered: sent - lost })
    };
    let here = of(audio.received_packets.saturating_add(audio.lost), audio.lost)?;
    let there = of(audio.sent_packets, audio.lost_there.unwrap_or_default())?;
    Some(if there.loss() > here.loss() { there } else { here })
}

/// Whether a call may lose no more often than single packets do.
fn is_alike(call: Tally, single: Tally) -> bool {
    call.chance_of_more_lost(single).is_none_or(|chance| chance > DOUBT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(sent: u32, lost: u32) -> Tally {
        Tally { sent, answered: sent - lost }
    }

    #[test]
    fn a_few_single_packets_that_all_came_are_no_proof_against_a_fifth_that_a_call_lost() {
        assert!(is_alike(tally(41, 9), tally(18, 0)), "0.78 to the power of 18 is one in a hundred");
        assert!(!is_alike(tally(41, 9), tally(180, 0)));
        assert!(!is_alike(tally(41, 24), tally(18, 0)), "as a limit of 20 packets a second leaves of 50");
    }

    #[test]
    fn a_single_packet_that_is_lost_does_not_explain_a_call_that_loses_most() {
        assert!(!is_alike(tally(41, 30), tally(18, 1)));
        assert!(is_alike(tally(41, 9), tally(18, 1)));
        assert!(is_alike(tally(41, 2), tally(18, 9)), "the call fares better");
    }

    #[test]
    fn nothing_lost_and_nothing_sent_differ_from_nothing() {
        assert!(is_alike(tally(0, 0), tally(0, 0)) && is_alike(tally(41, 0), tally(18, 0)));
        assert!(is_alike(tally(41, 41), tally(0, 0)), "without a control");
        assert!(is_alike(tally(u32::MAX, u32::MAX), tally(18, 0)), "no call with oneself sends so many");
    }
}

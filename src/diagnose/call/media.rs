//! Which media passed which way, and whose doing is it where not all did?
//!
//! What came in is counted whether it could be used or not, so that media that this end threw away are not taken for lost.
//! What goes out is known by the other end's reports (RFC 3550 §6.4.1), and by its record where it sent one. Where neither
//! speaks, a path that drops media and an end that does not send or report them look the same from here.

use super::REPORTS_EXPECTED_AFTER;
use crate::model::{
    Call, CallFact, Code, End, Fact, MediaDatagrams, MediaFlow, MediaThere, Millis, Question, Record, Traffic,
};

/// Fewer datagrams may be a stranger's, or spoilt on their way.
const LEAST_CAME: u64 = 10;

/// The fewest a second that make a stream: sound has 50, and a picture a frame each.
const LEAST_RATE: f64 = 5.0;

/// A slow end reports sound each 7.5 s at the latest (RFC 3550 §6.2), whatever it reports of the picture.
const EACH_KIND_REPORTED_AFTER: Millis = Millis(8000.0);

/// What is told of a call whose media, or one kind of them, passed one way alone.
pub(crate) fn one_way_fault(call: &Call) -> Code {
    let Some(media) = &call.media else { return Code::CallMediaOneWay };
    let received = flows(call).any(|flow| flow.received_packets > 0);
    if thrown_away(call, call.lasted_ms.unwrap_or_default()).is_some() {
        return Code::CallMediaUnusable;
    }
    match media.there {
        _ if passes_both_ways(call) => Code::CallMediaOneWay,
        Some(there) if received && there.received_packets == 0 || !received && there.sent_packets > 0 => {
            Code::CallMediaOneWay
        }
        _ if received => Code::CallMediaUnreported,
        _ => Code::CallMediaAbsent,
    }
}

/// Datagrams of the other end's media that came in for the lack of which a kind of it was missing for so long: this end could
/// not use them. None where so many did not come.
pub(crate) fn thrown_away(call: &Call, missing: Millis) -> Option<MediaDatagrams> {
    let media = call.media.as_ref()?;
    let came = media.came?;
    let used = media.audio.received_packets.saturating_add(media.video.received_packets);
    let unused = came.rtp.saturating_sub(used);
    let makes_a_stream = used == 0 || unused as f64 >= missing.0 / 1000.0 * LEAST_RATE;
    (unused >= LEAST_CAME && makes_a_stream).then_some(MediaDatagrams { rtp: unused, ..came })
}

/// Whether anything tells that what this end sent of media arrived, or there is nothing to tell.
pub(crate) fn is_arrival_told(call: &Call) -> bool {
    let has_sent = flows(call).any(|flow| flow.sent_packets > 0);
    let is_told_there = call.media.as_ref().is_some_and(|media| media.there.is_some());
    !has_sent || is_told_there || flows(call).any(|flow| flow.lost_there.is_some())
}

/// Whether neither media nor data went either way.
pub(crate) fn carries_nothing(traffic: &Traffic) -> bool {
    let is_idle = |flow: &MediaFlow| flow.sent_packets == 0 && flow.received_packets == 0;
    is_idle(&traffic.audio) && is_idle(&traffic.video) && !traffic.reliable.opened && !traffic.unreliable.opened
}

/// Whether media passed both ways, of one kind at least.
pub(crate) fn passes_both_ways(call: &Call) -> bool {
    flows(call).any(|flow| flow.received_packets > 0) && flows(call).any(|flow| flow.lost_there.is_some())
}

/// Sound and picture, of a call that has counted them.
pub(crate) fn flows(call: &Call) -> impl Iterator<Item = &MediaFlow> {
    call.media.iter().flat_map(|media| [&media.audio, &media.video])
}

/// Audio, video: for how long this end sent it while the other end's reports named nothing of it that had come, where that is
/// too long for chance. `held_up`: by how much this machine was late, which lengthens what it measures.
pub(crate) fn unheard_there(traffic: &Traffic, held_up: Millis, noticed: Millis) -> [Option<Millis>; 2] {
    let flows = [&traffic.audio, &traffic.video];
    let is_reported = flows.iter().any(|flow| flow.lost_there.is_some());
    flows.map(|flow| {
        let unheard = match flow.unconfirmed_ms {
            Some(unconfirmed) => unconfirmed,
            // Reports of the other kind come in: they are the control.
            // Whoever only watched does not know which reports there are.
            None if traffic.reports_unknown => return None,
            None if flow.sent_packets > 0 && flow.lost_there.is_none() && is_reported => {
                Some(traffic.lasted_ms).filter(|lasted| *lasted >= EACH_KIND_REPORTED_AFTER)?
            }
            None => return None,
        };
        (unheard.0 - held_up.0 >= noticed.0).then_some(unheard)
    })
}

/// Adds what the record of the other end of the call, which is `there`, counts of media.
pub(crate) fn complete(call: &mut Call, joined: &Record, there: End) {
    let theirs = joined.observations.iter().filter(|seen| seen.end == there && seen.by.question == Question::Call);
    let mut traffic = theirs.filter_map(|seen| match &seen.fact {
        Fact::Call(CallFact::Called(traffic)) => Some(traffic),
        _ => None,
    });
    let (Some(media), Some(traffic)) = (&mut call.media, traffic.next_back()) else { return };
    let Traffic { audio, video, .. } = &**traffic;
    media.there = Some(MediaThere {
        sent_packets: audio.sent_packets.saturating_add(video.sent_packets),
        received_packets: audio.received_packets.saturating_add(video.received_packets),
    });
}

/// Whether RTP passed either way.
pub(super) fn carries_media(traffic: &Traffic) -> bool {
    [&traffic.audio, &traffic.video].iter().any(|flow| flow.sent_packets > 0 || flow.received_packets > 0)
}

/// RTP in one direction: nothing came though the other end was to send (`is_to_come`), data did or we sent; or it never
/// reported on ours.
pub(super) fn is_one_way(traffic: &Traffic, is_to_come: bool) -> bool {
    let flows = [&traffic.audio, &traffic.video];
    let sends = flows.iter().any(|flow| flow.sent_packets > 0);
    let receives = flows.iter().any(|flow| flow.received_packets > 0);
    let is_reported = flows.iter().any(|flow| flow.lost_there.is_some());
    let is_long = traffic.lasted_ms >= REPORTS_EXPECTED_AFTER;
    match (sends, receives) {
        (true, true) => is_long && !is_reported && !traffic.reports_unknown,
        (true, false) => is_to_come && (is_long || is_reported),
        (false, false) => is_to_come && is_long,
        (false, true) => false,
    }
}

/// SCTP takes four round trips, and its first retransmissions three seconds (RFC 9260 §15).
pub(super) fn has_no_data(traffic: &Traffic) -> bool {
    let is_known = traffic.lasted_ms >= REPORTS_EXPECTED_AFTER && !traffic.reports_unknown;
    is_known && !traffic.reliable.opened && !traffic.unreliable.opened
}

//! Findings about sound and picture that did not pass, or not for all of a call.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::call::media::{flows, one_way_fault, passes_both_ways, thrown_away};
use crate::diagnose::call::missing_media;
use crate::diagnose::meeting::JointAssessment;
use crate::model::{
    Call, CallFact, CallOutcome, Code, Count, Detail, Fact, MediaDatagrams, MediaFlow, ObservationId, Severity, Tenths,
};

pub(super) fn add(assessment: &Assessment<'_>, call: &Call, joint: Option<&JointAssessment>, list: &mut List) {
    let is_told = match call.outcome {
        CallOutcome::Degraded | CallOutcome::RelayThin => true,
        // Where nothing came at all, that is told already.
        CallOutcome::MediaOneWay => passes_both_ways(call),
        _ => false,
    };
    if call.outcome == CallOutcome::MediaOneWay && one_way_fault(call) == Code::CallMediaOneWay {
        which_way(call, joint, list);
    }
    if is_told {
        missing(assessment, call, list);
    }
}

/// For how long sound or picture did not pass, while the call went on.
fn missing(assessment: &Assessment<'_>, call: &Call, list: &mut List) {
    let missing = missing_media(assessment.record);
    let inward = [Code::CallSoundPaused, Code::CallPicturePaused].into_iter().zip(missing.inward);
    for (code, pause) in inward {
        let Some(pause) = pause else { continue };
        match thrown_away(call, pause) {
            // Of a kind that never came that is the fault of the call.
            Some(_) if call.outcome == CallOutcome::MediaOneWay => {}
            Some(datagrams) => {
                list.add(
                    Code::CallMediaUnusable,
                    Severity::Warning,
                    about_unusable(about(), datagrams),
                    &call.evidence,
                );
            }
            None => list.add(code, Severity::Warning, about().time(Tenths::of_milliseconds(pause)), &call.evidence),
        }
    }
    for (code, pause) in [Code::CallSoundUnheard, Code::CallPictureUnseen].into_iter().zip(missing.outward) {
        if let Some(pause) = pause {
            list.add(code, Severity::Warning, about().time(Tenths::of_milliseconds(pause)), &call.evidence);
        }
    }
}

/// Which way media did not pass, by what each end counted.
fn which_way(call: &Call, joint: Option<&JointAssessment>, list: &mut List) {
    let Some(media) = &call.media else { return };
    let Some(there) = media.there else { return };
    let theirs = joint.into_iter().flat_map(|joint| &joint.joined.observations).find_map(|seen| match &seen.fact {
        Fact::Call(CallFact::Called(_)) if !seen.end.is_ours() => Some(seen.id),
        _ => None,
    });
    let evidence: Vec<ObservationId> = call.evidence.iter().copied().chain(theirs).collect();
    let (sent, received) = (packets(call, |flow| flow.sent_packets), packets(call, |flow| flow.received_packets));
    if received == 0 && there.sent_packets > 0 {
        list.add(Code::CallMediaLostInward, Severity::Critical, about().sent(short(there.sent_packets)), &evidence);
    }
    if sent > 0 && there.received_packets == 0 {
        list.add(Code::CallMediaLostOutward, Severity::Critical, about().sent(short(sent)), &evidence);
    }
}

/// The figures of a call whose media passed one way alone.
pub(super) fn about_one_way(call: &Call, of: Detail) -> Detail {
    match (one_way_fault(call), call.media.as_ref().and_then(|media| media.there)) {
        (Code::CallMediaUnusable, _) => match thrown_away(call, call.lasted_ms.unwrap_or_default()) {
            Some(datagrams) => about_unusable(of, datagrams),
            None => of,
        },
        (Code::CallMediaAbsent, there) => of.sent(there.map(|there| short(there.sent_packets))),
        (Code::CallMediaUnreported, _) => of.sent(short(packets(call, |flow| flow.sent_packets))),
        _ => of,
    }
}

fn about_unusable(of: Detail, datagrams: MediaDatagrams) -> Detail {
    let others = Some(datagrams.of_other_types).filter(|others| *others > 0);
    of.received(short(datagrams.rtp)).count(others.map(Count::Of))
}

/// Packets of both kinds together.
fn packets(call: &Call, count: fn(&MediaFlow) -> u64) -> u64 {
    flows(call).map(count).fold(0, u64::saturating_add)
}

fn short(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

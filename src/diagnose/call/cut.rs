//! A call ran, and then nothing came any more: by whose doing?
//!
//! Where no interface of this machine leads out any more, it was this machine. Else the pair that carried it is the
//! control. Where it still answers checks, the way between the two ends is there: then the other end has stopped
//! sending, or, where it says that it went on, what it sent was taken out on the way; of one that sent for as long
//! as it measured, and no longer, it is not known. Where the pair is silent as well, that end's machine may have
//! said itself that nobody listens there any more (RFC 1122 §4.1.3.1); else a cut path and a machine that stopped
//! look the same from here.

use crate::model::{
    Call, CallBreak, CallFact, CallSecond, CandidateType, Code, End, Fact, Failure, Millis, PairEnd, PairSilence,
    Question, Record,
};

/// What the other end sent in the second of the last datagram, or soon after it, may have been under way.
const SENT_ON_FOR: Millis = Millis(1500.0);

/// What is told of a call that was cut off.
pub(crate) fn fault(call: &Call) -> Code {
    let Some(CallBreak::Cut { after_ms, pair: Some(pair), .. }) = &call.broken else { return Code::CallCut };
    let went_on = pair.sent_there_ms.is_some_and(|until| until.0 >= after_ms.0 + SENT_ON_FOR.0);
    let has_measured_no_longer = pair.measured_there_ms.is_some() && pair.measured_there_ms == pair.sent_there_ms;
    match pair.checks.answered {
        _ if pair.own_network_gone => Code::CallOwnNetworkGone,
        0 if is_closed_there(call, pair) => Code::CallPeerClosedPort,
        0 => Code::CallCut,
        _ if went_on => Code::CallMediaDropped,
        _ if has_measured_no_longer => Code::CallCut,
        _ => Code::CallPeerStopped,
    }
}

/// Whether the machine of the other end itself said that the port is closed. Behind a NAT the NAT says so, too, where it has
/// forgotten the flow.
fn is_closed_there(call: &Call, pair: &PairSilence) -> bool {
    let remote = call.selected.as_ref().map(|selected| &selected.remote);
    let own = remote.filter(|remote| remote.kind == CandidateType::Host).and_then(PairEnd::endpoint);
    own.zip(pair.refused.as_ref()).is_some_and(|(own, failure)| Failure::is_closed_port_of(failure, own.ip()))
}

/// Whether a fault is that of the other end, over a path that works or was never heard to fail.
pub(crate) fn is_of_the_other_end(fault: Code) -> bool {
    matches!(fault, Code::CallPeerStopped | Code::CallPeerClosedPort)
}

/// Adds until when the other end of the call, which is `there`, says that it sent media.
pub(crate) fn complete(call: &mut Call, joined: &Record, there: End) {
    let Some(CallBreak::Cut { pair: Some(pair), .. }) = &mut call.broken else { return };
    let theirs = joined.observations.iter().filter(|seen| seen.end == there && seen.by.question == Question::Call);
    let mut traffic = theirs.filter_map(|seen| match &seen.fact {
        Fact::Call(CallFact::Called(traffic)) => Some(traffic),
        _ => None,
    });
    let ends = |second: &CallSecond| Millis((f64::from(second.second) + 1.0) * 1000.0);
    let Some(traffic) = traffic.next_back() else { return };
    let sending = traffic.series.iter().rev().find(|second| second.sent_bps > 0);
    let sent_ms = sending.map_or(0.0, |second| ends(second).0.min(traffic.lasted_ms.0));
    (pair.sent_there_ms, pair.measured_there_ms) = (Some(Millis(sent_ms)), Some(traffic.lasted_ms));
}

//! A pair was chosen and DTLS came to nothing on it: by whose doing?
//!
//! First it is asked who was to send the first flight. Where the other end was, and nothing of it came, nothing was sent
//! either that could have been lost; where both ends sent it, or an end does not give way in the roles of ICE, the way
//! between them has done its part. Only a flight that had to be answered, and was not, says something of the path.
//!
//! A path that is too narrow loses large datagrams; of DTLS 1.2 the first is small, so that something of it is heard
//! at one end. Where nothing is at either, DTLS is dropped whatever its size. Which network does that is known where calls
//! with oneself show the same through relays of different hosts, or where the same server carries DTLS over TCP or TLS, in
//! which no firewall sees it.

use super::chance;
use crate::diagnose::{Assessment, hops};
use crate::model::{
    Call, CallBreak, CallFact, Code, DtlsRole, End, Fact, Millis, Question, Record, RoleDispute, ServerUri, Stage,
    StageOutcome, Step, Target, Transport,
};
use std::collections::BTreeSet;

/// A peer that was refused for its role checks anew at once. In this time several round trips fit, and copies.
const SETTLED_WITHIN: Millis = Millis(2000.0);

/// Whether the peer was told to give way and did not.
pub(crate) fn is_unresolved(dispute: &RoleDispute) -> bool {
    !dispute.settled && dispute.lasted_ms >= SETTLED_WITHIN
}

/// What is told of a call whose handshake came to nothing.
pub(crate) fn fault(call: &Call) -> Code {
    match &call.broken {
        Some(CallBreak::WrongFingerprint) => Code::CallWrongFingerprint,
        Some(CallBreak::DtlsRejected { .. }) => Code::SavedCallKeysRefused,
        Some(CallBreak::DiedUnsecured { .. }) => Code::SavedCallDiedUnsecured,
        _ if call.role_dispute.is_some() => Code::RoleConflictUnresolved,
        _ if is_begun_by_both(call) => Code::CallDtlsBothBegin,
        Some(CallBreak::DtlsSilent { sent: 0, heard: 1.., largest_bytes: 0, .. }) if !has_come_whole(call) => {
            Code::SavedDtlsInPart
        }
        // Where no size is known, bytes were counted and no datagrams: that some came does not show that small ones pass.
        Some(CallBreak::DtlsSilent { sent: 1.., heard: 1.., largest_bytes: 0, heard_there: Some(0), .. }) => {
            Code::SavedDtlsLostOutward
        }
        Some(CallBreak::DtlsSilent { sent: 1.., heard: 1.., largest_bytes: 0, .. }) => Code::SavedDtlsUnfinished,
        Some(CallBreak::DtlsFailed { .. }) => Code::CallDtlsFailed,
        // What came was not answered: nothing in it could be used, and no datagram of ours was lost.
        Some(CallBreak::DtlsSilent { sent: 0, heard: 1.., .. }) => Code::CallDtlsFailed,
        _ if is_begun_by_nobody(call) => Code::CallDtlsNotBegun,
        _ if is_dropped(call) => Code::CallDtlsBlocked,
        _ if is_unheard(call) => Code::CallDtlsUnheard,
        _ => Code::CallDtlsSilent,
    }
}

/// Whether a fault is the path's, so that another path would help.
pub(crate) fn is_of_the_path(fault: Code) -> bool {
    matches!(
        fault,
        Code::CallDtlsBlocked
            | Code::CallDtlsUnheard
            | Code::CallDtlsSilent
            | Code::SavedDtlsInPart
            | Code::SavedDtlsLostOutward
            | Code::SavedDtlsUnfinished
    )
}

/// Whether a ClientHello of the other end's came to its end, as far as anybody saw what came.
fn has_come_whole(call: &Call) -> bool {
    call.handshake.as_ref().is_some_and(|seen| seen.hellos_received > 0)
}

/// Whether the other end was to send the first flight, and none came; nor does it say that it has sent one.
fn is_begun_by_nobody(call: &Call) -> bool {
    call.handshake.as_ref().is_some_and(|seen| {
        seen.role == DtlsRole::Server && seen.hellos_received == 0 && seen.hellos_sent_there.unwrap_or_default() == 0
    })
}

/// Whether the other end sent the first flight too, or before this end, whose turn it was, came to it.
fn is_begun_by_both(call: &Call) -> bool {
    call.handshake
        .as_ref()
        .is_some_and(|seen| seen.hellos_received > 0 && (seen.hellos_sent > 0 || seen.role == DtlsRole::Client))
}

/// Whether nothing of the handshake was heard at either end.
pub(crate) fn is_dropped(call: &Call) -> bool {
    matches!(call.broken, Some(CallBreak::DtlsSilent { heard: 0, heard_there: Some(0), .. }))
}

/// Whether nothing was heard here, and the other end does not say, or heard all that was sent, which was not too large then: a
/// hello is small, and its answer large.
fn is_unheard(call: &Call) -> bool {
    match call.broken {
        Some(CallBreak::DtlsSilent { heard: 0, heard_there, sent, .. }) => {
            heard_there.is_none_or(|there| there >= sent)
        }
        _ => false,
    }
}

/// Adds what the record of the other end of the call, which is `there`, says of the handshake.
pub(crate) fn complete(call: &mut Call, joined: &Record, there: End) {
    let theirs = joined.observations.iter().filter(|seen| seen.end == there && seen.by.question == Question::Call);
    for observation in theirs {
        match (&observation.fact, &mut call.broken, &mut call.handshake) {
            (
                Fact::Call(CallFact::CallBroken(CallBreak::DtlsSilent { heard, .. })),
                Some(CallBreak::DtlsSilent { heard_there, .. }),
                _,
            ) => *heard_there = Some(*heard),
            (Fact::Call(CallFact::HandshakeSeen(theirs)), _, Some(ours)) => {
                ours.hellos_sent_there = Some(theirs.hellos_sent);
            }
            _ => {}
        }
    }
}

/// The calls with oneself, through relays, that show that the network in front of this machine drops DTLS; none where
/// it may be the relay, a network on the other side, or chance on a line that loses as much as single packets show. A small
/// ClientHello that came through bare refutes it: what is lost of a handshake then is lost for its size.
pub(crate) fn dropped_here<'a>(assessment: &'a Assessment<'_>) -> Vec<&'a Call> {
    fn relay(call: &Call) -> Option<&Target> {
        call.relay.as_ref().and_then(ServerUri::target)
    }
    if hops::passes_by_sight(assessment) {
        return Vec::new();
    }
    let (own_calls, control) = (&assessment.own_calls, assessment.samples());
    let is_seen = |own: &&Call| {
        own.relay.is_some() && is_dropped(own) && !chance::may_explain(own, control) && !loses_tokens(assessment, own)
    };
    let dropped: Vec<&Call> = own_calls.iter().filter(is_seen).collect();
    let secured = || own_calls.iter().filter(|own| own.timing_ms.dtls.is_some()).filter_map(relay);
    let is_seen_by_nobody = |target: &Target| matches!(target.transport, Transport::Tcp | Transport::Tls);
    let hosts: BTreeSet<&str> =
        dropped.iter().filter_map(|own| relay(own)).map(|target| target.host.as_str()).collect();
    let carries_unseen = || secured().any(|target| is_seen_by_nobody(target) && hosts.contains(target.host.as_str()));
    let carries_in_sight = secured().any(|target| !is_seen_by_nobody(target));
    let is_ours = hosts.len() >= 2 || carries_unseen() || assessment.call.as_ref().is_some_and(is_dropped);
    if is_ours && !carries_in_sight { dropped } else { Vec::new() }
}

/// Whether the relay of a call did not let other bytes through either: then it is not DTLS that is dropped.
fn loses_tokens(assessment: &Assessment<'_>, own: &Call) -> bool {
    let is_lost =
        |stage: &Stage| matches!(stage.name, Step::RelayIn | Step::RelayOut) && stage.outcome == StageOutcome::Failed;
    let mut relays = assessment.servers.iter().filter(|result| own.relay.as_ref() == Some(&result.server.uri));
    relays.any(|result| result.server.stages.iter().any(is_lost))
}

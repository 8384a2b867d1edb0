//! DTLS went out and nothing of it came in, on a pair whose checks were answered: what drops it, and where?
//!
//! A path that is too narrow loses large datagrams; of DTLS 1.2 the first is small, so that something of it is heard
//! at one end. Where nothing is at either, DTLS is dropped whatever its size. Which network does that is known where calls
//! with oneself show the same through relays of different hosts, or where the same server carries DTLS over TCP or TLS, in
//! which no firewall sees it.

use crate::model::{Call, CallBreak, CallFact, Fact, Question, Record, Target, Transport};
use std::collections::BTreeSet;

/// Whether nothing of the handshake was heard at either end.
pub fn is_dropped(call: &Call) -> bool {
    matches!(call.broken, Some(CallBreak::DtlsSilent { heard: 0, heard_there: Some(0), .. }))
}

/// Whether nothing was heard here, and the other end does not say: a hello is small, and its answer large.
pub fn is_unheard(call: &Call) -> bool {
    matches!(call.broken, Some(CallBreak::DtlsSilent { heard: 0, heard_there: None, .. }))
}

/// Adds what the other end's own record says of the handshake.
pub fn complete(call: &mut Call, joined: &Record) {
    let Some(CallBreak::DtlsSilent { heard_there, .. }) = &mut call.broken else { return };
    let theirs = joined.observations.iter().filter(|seen| !seen.end.is_ours() && seen.by.question == Question::Call);
    let mut told = theirs.filter_map(|seen| match &seen.fact {
        Fact::Call(CallFact::CallBroken(CallBreak::DtlsSilent { heard, .. })) => Some(*heard),
        _ => None,
    });
    *heard_there = told.next_back().or(*heard_there);
}

/// The calls with oneself, through relays, that show that the network in front of this machine drops DTLS; none where
/// it may be the relay, or a network on the other side.
pub fn dropped_here<'a>(call: Option<&Call>, own_calls: &'a [Call]) -> Vec<&'a Call> {
    let relay = |call: &Call| call.relay.as_ref().and_then(|uri| uri.parse::<Target>().ok());
    let dropped: Vec<&Call> = own_calls.iter().filter(|own| own.relay.is_some() && is_dropped(own)).collect();
    let secured = || own_calls.iter().filter(|own| own.timing_ms.dtls.is_some()).filter_map(relay);
    let is_seen_by_nobody = |target: &Target| matches!(target.transport, Transport::Tcp | Transport::Tls);
    let hosts: BTreeSet<String> = dropped.iter().filter_map(|own| relay(own)).map(|target| target.host).collect();
    let carries_unseen = || secured().any(|target| is_seen_by_nobody(&target) && hosts.contains(&target.host));
    let carries_in_sight = secured().any(|target| !is_seen_by_nobody(&target));
    let is_ours = hosts.len() >= 2 || carries_unseen() || call.is_some_and(is_dropped);
    if is_ours && !carries_in_sight { dropped } else { Vec::new() }
}

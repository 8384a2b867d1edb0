//! DTLS went out and nothing of it came in, on a pair whose checks were answered: what drops it, and where?
//!
//! A path that is too narrow loses large datagrams: the handshake's first ones are small, so that something of it is
//! heard at either end. Where nothing is, DTLS is dropped whatever its size. Which network does that is known where calls
//! with oneself show the same through relays of different hosts, or where the same server carries DTLS over TCP or TLS, in
//! which no firewall sees it.

use crate::model::{Call, CallBreak, Target, Transport};
use std::collections::BTreeSet;

/// Whether nothing of the handshake was heard: who answers it sends nothing before.
pub fn is_dropped(call: &Call) -> bool {
    matches!(call.broken, Some(CallBreak::DtlsSilent { heard: 0, .. }))
}

/// Of calls with oneself through relays, those that show that the network in front of this machine drops DTLS; none where
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

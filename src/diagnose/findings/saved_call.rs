//! Findings about a call that a file tells of.

use super::{List, about};
use crate::diagnose::saved::SavedCall;
use crate::model::{CallFact, Code, Count, End, Millis, Reason, Scope, Severity, Tenths};
use std::net::SocketAddr;

pub(super) fn add(saved: &SavedCall<'_>, list: &mut List) {
    let (file, id) = saved.file;
    let several = Some(file.connections).filter(|count| *count > 1);
    let of = about().count(several.map(|count| Count::Of(count.into())));
    list.add(Code::SavedCall, Severity::Info, of, &[id]);
    if file.connections == 0 {
        list.add(Code::SavedFileEmpty, Severity::Warning, about(), &[id]);
    }
    if file.shows_a_part() {
        list.add(Code::SavedCallInPart, Severity::Info, about(), &[id]);
    }
    if let Some((id, ahead, within)) = saved.clocks() {
        let of = about().name(format!("{:+.2}", ahead.0 / 1000.0)).time(Tenths::of_milliseconds(within));
        list.add(Code::SavedClocksApart, Severity::Info, of, &[id]);
    }
    if let Some((id, waited)) = saved.unanswered() {
        let time = Tenths::of_milliseconds(waited);
        list.add(Code::SavedCallNoAnswer, Severity::Critical, about().time(time), &[id]);
    }
    relayed(saved, list);
    if let Some(found) = saved.no_udp() {
        let server = found.alive.as_ref().map(ToString::to_string);
        let of = about().count(Count::Of(found.silent)).transport(found.over).server(server);
        let severity = if saved.had_no_path() { Severity::Critical } else { Severity::Warning };
        list.add(Code::SavedNoUdpAnswer, severity, of, &found.evidence);
    }
    for (found, code) in [
        (saved.mapping_varies(), Code::SavedMappingVaries),
        (saved.peer_mapping_varies(), Code::SavedPeerMappingVaries),
    ] {
        list.add(code, Severity::Info, about(), &found.unwrap_or_default());
    }
    if let Some((said, heard, evidence)) = saved.altered_fingerprint() {
        list.add(Code::SavedFingerprintAltered, Severity::Critical, about().local(said).remote(heard), &evidence);
    }
    if let Some(evidence) = saved.lost_candidates() {
        let severity = if saved.is_connected() { Severity::Info } else { Severity::Critical };
        let count = Count::Of(evidence.len() as u64);
        list.add(Code::SavedCandidatesLost, severity, about().count(count), &evidence);
    }
    for (id, fact) in saved.pauses() {
        let seconds = |at: Millis| format!("{:.1}", at.0 / 1000.0);
        let (code, severity, after, lasted) = match fact {
            CallFact::StoodStill { after_ms, lasted_ms } => {
                (Code::SavedCallStoodStill, Severity::Warning, *after_ms, *lasted_ms)
            }
            CallFact::KindEnded { audio: true, after_ms, lasted_ms } => {
                (Code::SavedSoundEnded, Severity::Info, *after_ms, *lasted_ms)
            }
            CallFact::KindEnded { after_ms, lasted_ms, .. } => {
                (Code::SavedPictureEnded, Severity::Info, *after_ms, *lasted_ms)
            }
            _ => continue,
        };
        list.add(code, severity, about().name(seconds(after)).time(Tenths::of_milliseconds(lasted)), &[id]);
    }
    unreached(saved, list);
    for (id, what, reason) in saved.failed_requests() {
        let reason = Some(Reason::Said(reason.to_owned())).filter(|reason| !reason.is_empty());
        let of = about().name(what.to_owned()).reason(reason);
        list.add(Code::SavedRequestFailed, Severity::Warning, of, &[id]);
    }
}

/// A relay that was there, where no pair worked at all: with what keeps it from others, as far as the file shows it.
fn unreached(saved: &SavedCall<'_>, list: &mut List) {
    let relays = saved.unreached_relays();
    let Some((_, first)) = relays.first() else { return };
    let private = relays.iter().find(|(_, relay)| Scope::of(relay.address) < Scope::Public);
    let inside = saved.offers_inside_alone();
    let of = about()
        .server(first.server.as_ref().map(ToString::to_string))
        .relayed(private.map(|(_, relay)| SocketAddr::new(relay.address, relay.port)))
        .remote(inside.map(|(_, end)| super::meeting::shown(end)));
    let evidence: Vec<_> = relays.iter().map(|(id, _)| *id).chain(inside.map(|(id, _)| id)).collect();
    list.add(Code::SavedRelayUnreached, Severity::Critical, of, &evidence);
}

fn relayed(saved: &SavedCall<'_>, list: &mut List) {
    match saved.relayed_by() {
        Some((End::Ours, relay, id)) => {
            let server = relay.server.as_ref().map(ToString::to_string);
            let of = about().server(server).transport(relay.relay_protocol);
            list.add(Code::SavedCallRelayedHere, Severity::Info, of, &[id]);
        }
        Some((End::Theirs, relay, id)) => {
            let of = about().remote(super::meeting::shown(relay));
            list.add(Code::SavedCallRelayedThere, Severity::Info, of, &[id]);
        }
        None => {}
    }
}

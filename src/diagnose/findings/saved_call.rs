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
    match saved.shows_nothing() {
        Some(code @ (Code::SavedFileEmpty | Code::SavedFileBroken)) => {
            list.add(code, Severity::Warning, about(), &[id])
        }
        Some(code @ Code::SavedNothingChecked) => list.add(code, Severity::Info, about(), &[id]),
        _ => {}
    }
    if saved.is_at_server() {
        list.add(Code::SavedSeenAtServer, Severity::Info, about(), &[id]);
    }
    if saved.shows_a_part() {
        list.add(Code::SavedCallInPart, Severity::Info, about(), &[id]);
    }
    // Where they may well be the same there is nothing to tell.
    if let Some((id, ahead, within)) = saved.clocks().filter(|(_, ahead, within)| ahead.0.abs() > within.0) {
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
    for lost in saved.lost_candidates() {
        let severity = if saved.is_connected() { Severity::Info } else { Severity::Critical };
        let code = if lost.from.is_ours() { Code::SavedOwnCandidatesLost } else { Code::SavedPeerCandidatesLost };
        let of = about().count(Count::Of(lost.evidence.len() as u64)).sent(lost.found);
        list.add(code, severity, of, &lost.evidence);
    }
    let ended_severity = if saved.has_all_ended() { Severity::Warning } else { Severity::Info };
    for (id, fact) in saved.pauses() {
        let seconds = |at: Millis| format!("{:.1}", at.0 / 1000.0);
        let (code, severity, after, lasted) = match fact {
            CallFact::StoodStill { after_ms, lasted_ms, restarted } => {
                let code = if *restarted { Code::SavedCallRestored } else { Code::SavedCallStoodStill };
                (code, Severity::Warning, *after_ms, *lasted_ms)
            }
            CallFact::KindEnded { audio: true, after_ms, lasted_ms } => {
                (Code::SavedSoundEnded, ended_severity, *after_ms, *lasted_ms)
            }
            CallFact::KindEnded { after_ms, lasted_ms, .. } => {
                (Code::SavedPictureEnded, ended_severity, *after_ms, *lasted_ms)
            }
            _ => continue,
        };
        let mut of = about().name(seconds(after)).time(Tenths::of_milliseconds(lasted));
        if let Some((before, since)) = saved.moved_at(id).filter(|_| code == Code::SavedCallRestored) {
            of = of.local(super::meeting::shown(before)).remote(super::meeting::shown(since));
        }
        list.add(code, severity, of, &[id]);
    }
    unreached(saved, list);
    let refused = saved.refused_description().map(|(id, _)| id);
    for (id, what, reason) in saved.failed_requests() {
        let reason = Some(Reason::Said(reason.to_owned())).filter(|reason| !reason.is_empty());
        let of = about().name(what.to_owned()).reason(reason);
        let is_of_media = ["getUserMedia", "getDisplayMedia"].iter().any(|media| what.contains(media));
        let (code, severity) = match refused == Some(id) {
            true => (Code::SavedDescriptionRefused, Severity::Critical),
            false if is_of_media => (Code::SavedMediaRefused, Severity::Warning),
            false => (Code::SavedRequestFailed, Severity::Warning),
        };
        list.add(code, severity, of, &[id]);
    }
}

/// Relays that were there, where no pair worked at all: with what keeps others from them, as far as the file shows it. Where a
/// relay passed on a refusal, or refused by itself, or candidates were lost, that is told instead.
fn unreached(saved: &SavedCall<'_>, list: &mut List) {
    let relays = saved.unreached_relays();
    let Some((_, first)) = relays.first() else { return };
    if let Some((id, end)) = saved.offers_inside_alone() {
        let of = about().remote(super::meeting::shown(end));
        list.add(Code::SavedPeerOffersInside, Severity::Critical, of, &[id]);
    }
    let private: Vec<_> = relays.iter().filter(|(_, relay)| Scope::of(relay.address) < Scope::Public).collect();
    let of = about().server(first.server.as_ref().map(ToString::to_string));
    if let Some((_, relay)) = private.first() {
        let evidence: Vec<_> = private.iter().map(|(id, _)| *id).collect();
        let of = of.relayed(SocketAddr::new(relay.address, relay.port));
        list.add(Code::SavedRelayPrivate, Severity::Critical, of, &evidence);
    } else if !saved.was_refused() && saved.lost_candidates().is_empty() && saved.offers_inside_alone().is_none() {
        let evidence: Vec<_> = relays.iter().map(|(id, _)| *id).collect();
        list.add(Code::SavedRelayUnreached, Severity::Warning, of, &evidence);
    }
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

//! Findings about calls: with the other end, and with oneself.

use super::{List, about, media};
use crate::diagnose::Assessment;
use crate::diagnose::call::failing::{died_on_its_pair, of_peer};
use crate::diagnose::call::{self, chance, dtls, figures, unanswered};
use crate::diagnose::meeting::{JointAssessment, is_relayed};
use crate::model::{
    Call, CallBreak, CallFact, CallOutcome, Code, Count, Detail, End, Endpoint, Fact, IceFact, ObservationId, Reason,
    RelayLiveness, RelayState, RunFact, ServerUri, Severity, Stage, StageOutcome, Step, Tenths, TurnFact,
};

pub(super) fn add(assessment: &Assessment<'_>, joint: Option<&JointAssessment>, list: &mut List) {
    let dead = joint.map(dead_relays).unwrap_or_default();
    let by_credentials = joint.map(JointAssessment::credential_faults).unwrap_or_default();
    for fault in &by_credentials {
        let of = about().count(Count::Of(fault.packets.into()));
        list.add(fault.code, Severity::Critical, of, &fault.evidence);
    }
    if let Some(call) = &assessment.call {
        let is_told_by_its_facts = !by_credentials.is_empty() || call.outcome == CallOutcome::CodecsDiffer;
        if let (CallOutcome::Cut, Some(relay)) = (call.outcome, dead.last()) {
            let evidence = [&call.evidence[..], &relay.evidence].concat();
            list.add(Code::CallRelayDied, Severity::Critical, about_call(call).and(relay.about()), &evidence);
        } else if let Some((code, severity)) = of_peer(call).filter(|_| !is_told_by_its_facts) {
            let is_from_a_file = |fact: &Fact| matches!(fact, Fact::Run(RunFact::FromFile(_)));
            let is_from_a_file = assessment.record.observations.iter().any(|seen| is_from_a_file(&seen.fact));
            let is_half_known = code == Code::CallGood && is_from_a_file && !call::media::is_arrival_told(call);
            let code = if is_half_known { Code::SavedCallGoodHere } else { code };
            list.extend(code, severity, about_call(call), call);
        }
        not_bundled(assessment, list);
        without_codec(assessment, list);
        media::add(assessment, call, joint, list);
        if call.outcome != CallOutcome::Cut {
            for relay in &dead {
                list.add(Code::CallRelayReplaced, Severity::Warning, relay.about(), &relay.evidence);
            }
        }
    }
    force_relay(assessment, list);
    let dropped_here = dtls::dropped_here(assessment);
    let evidence: Vec<ObservationId> = dropped_here.iter().flat_map(|own| own.evidence.iter().copied()).collect();
    list.add(Code::DtlsBlockedHere, Severity::Warning, about(), &evidence);
    let is_short_of_ports =
        [&assessment.ipv4, &assessment.ipv6].into_iter().flatten().any(|nat| nat.few_ports.is_some());
    for own in &assessment.own_calls {
        // What the network does is not the relay's fault.
        if dropped_here.iter().any(|dropped| dropped.relay == own.relay) {
            continue;
        }
        if let Some((mut code, severity)) = of_oneself(own) {
            // A relay that swallows large datagrams drops the handshake by its size and not by sight.
            if code == Code::OwnCallDtlsBlocked && is_narrow(assessment, own) {
                code = Code::OwnCallRelayFails;
            }
            // Where this network runs out of ports, new flows die whatever the relay does; and where it loses packets, the
            // handshake's last may be among them.
            let is_chance = chance::may_explain(own, assessment.samples());
            // Both ends of it want an allocation each.
            let is_not_the_relays =
                is_granted_one(assessment, own) || is_short_of_ports || is_chance || is_too_far(assessment, own);
            let of_the_relay = [Code::OwnCallRelayFails, Code::OwnCallRelayUnreached, Code::OwnCallDtlsBlocked];
            let is_well = matches!(code, Code::OwnCallGood | Code::OwnCallRelayCarries);
            let is_ours = call::is_spoilt_by(assessment.longest_held_up()) && !is_well;
            let is_lossy = own.media.as_ref().is_some_and(|media| call::is_lossy(&media.audio));
            let is_late = code == Code::OwnCallRelayThin && !is_lossy && is_delayed_before(assessment, own);
            if is_ours || is_late || is_not_the_relays && of_the_relay.contains(&code) {
                continue;
            }
            list.extend(code, severity, about_call(own), own);
        }
    }
}

impl List {
    fn extend(&mut self, code: Code, severity: Severity, about: Detail, call: &Call) {
        self.add(code, severity, about, &call.evidence);
    }
}

/// Sections of the other end's that this end had no way for.
fn not_bundled(assessment: &Assessment<'_>, list: &mut List) {
    for observation in &assessment.record.observations {
        let Fact::Call(CallFact::NotBundled { left_out, answers }) = observation.fact else { continue };
        let (code, severity) = match answers {
            true => (Code::CallBundleDropped, Severity::Warning),
            false => (Code::CallNotBundled, Severity::Info),
        };
        list.add(code, severity, about().count(Count::Of(left_out.into())), &[observation.id]);
    }
}

/// Sections without a codec of both ends.
fn without_codec(assessment: &Assessment<'_>, list: &mut List) {
    for observation in &assessment.record.observations {
        let Fact::Call(CallFact::NoCommonCodec { line, answers, .. }) = observation.fact else { continue };
        let (code, severity) = match answers {
            true => (Code::CallMediaWithoutCodec, Severity::Warning),
            false => (Code::CallCodecsNotSpoken, Severity::Info),
        };
        list.add(code, severity, about().line(line), &[observation.id]);
    }
}

/// A relay that died while it carried the call, as its client found.
struct Dead<'a> {
    liveness: &'a RelayLiveness,
    uri: Option<&'a ServerUri>,
    evidence: Vec<ObservationId>,
}

impl Dead<'_> {
    fn about(&self) -> Detail {
        let server = self.uri.map_or_else(|| self.liveness.server.to_string(), ServerUri::to_string);
        let code = match &self.liveness.found {
            RelayState::Forgotten { code, .. } => Some(*code),
            _ => None,
        };
        about().server(server).address(Endpoint::Socket(self.liveness.server)).code(code)
    }
}

/// The relays that died, of both ends: two ends in two networks that hear nothing of one server are each other's control.
fn dead_relays(joint: &JointAssessment) -> Vec<Dead<'_>> {
    let liveness_reports = || {
        joint.joined.observations.iter().filter_map(|observation| match &observation.fact {
            Fact::Ice(IceFact::RelayDoubted(liveness)) => Some((observation, liveness)),
            _ => None,
        })
    };
    let is_silent_to = |whose: End, liveness: &RelayLiveness| {
        liveness_reports().any(|(seen, other)| {
            seen.end != whose
                && other.server == liveness.server
                && other.found == RelayState::Silent
                && other.asked.answered == 0
        })
    };
    let dead = liveness_reports().filter(|(seen, liveness)| {
        liveness.is_dead() || liveness.found == RelayState::Silent && is_silent_to(seen.end, liveness)
    });
    dead.map(|(seen, liveness)| Dead { liveness, uri: seen.by.uri.as_ref(), evidence: vec![seen.id] }).collect()
}

/// Whether the relay that the call was forced through was seen to swallow large datagrams.
fn is_narrow(assessment: &Assessment<'_>, call: &Call) -> bool {
    let is_large_stage = |stage: &Stage| stage.name == Step::RelayLarge && stage.outcome == StageOutcome::Failed;
    let mut servers = assessment.servers.iter().map(|result| &result.server);
    servers.any(|server| call.relay.as_ref() == Some(&server.uri) && server.stages.iter().any(is_large_stage))
}

/// Whether what is only late is so whatever relays it: this machine was late itself, or the server's answers took as long,
/// whose way the call takes twice. What never leaves this machine has no line on which it could be late.
fn is_delayed_before(assessment: &Assessment<'_>, call: &Call) -> bool {
    let rtt = call.media.as_ref().and_then(|media| media.rtt_ms).map_or(0.0, |rtt| rtt.median.0);
    let relay = call.relay.as_ref().and_then(|uri| uri.target()?.literal());
    call::is_delayed_by(assessment.longest_held_up())
        || rtt <= 3.0 * assessment.longest_step(call)
        || relay.is_some_and(|address| address.is_loopback())
}

/// Whether the time that such a call is given may be too short for the way to its relay: it takes some twenty times that way.
fn is_too_far(assessment: &Assessment<'_>, call: &Call) -> bool {
    const FAR_MS: f64 = 400.0;

    call.relay.is_some() && assessment.longest_step(call) >= FAR_MS
}

/// Whether the server of the relay gives this user one allocation at a time, where the two ends of this call need two.
fn is_granted_one(assessment: &Assessment<'_>, call: &Call) -> bool {
    let host = |uri: Option<&ServerUri>| Some(uri?.target()?.host.clone());
    let is_of_host = |uri: Option<&ServerUri>| uri.is_some() && host(uri) == host(call.relay.as_ref());
    assessment.record.observations.iter().any(|seen| match &seen.fact {
        Fact::Turn(TurnFact::AllocatedSeveral { granted, refused: Some(_), .. }) => {
            *granted < 2 && is_of_host(seen.by.uri.as_ref())
        }
        _ => false,
    })
}

/// None where the relay's own stages tell it already: nobody got as far as a call.
fn of_oneself(call: &Call) -> Option<(Code, Severity)> {
    let is_relayed = call.relay.is_some();
    Some(match call.outcome {
        CallOutcome::Good | CallOutcome::Closed if is_relayed => (Code::OwnCallRelayCarries, Severity::Info),
        CallOutcome::Good | CallOutcome::Closed => (Code::OwnCallGood, Severity::Info),
        CallOutcome::Degraded | CallOutcome::RelayThin if is_relayed => (Code::OwnCallRelayThin, Severity::Warning),
        CallOutcome::Unfinished | CallOutcome::NoCandidates | CallOutcome::NoAnswer => return None,
        CallOutcome::NoPair if !is_relayed => return None,
        // What stays on this machine is late, or lost, where the machine is busy or drops a part of what comes.
        CallOutcome::Degraded | CallOutcome::RelayThin => return None,
        CallOutcome::Dtls if is_relayed && dtls::is_dropped(call) => (Code::OwnCallDtlsBlocked, Severity::Warning),
        // What the relay does is seen by who has got an allocation.
        CallOutcome::NoPair if call.timing_ms.gathered.is_none() => (Code::OwnCallRelayUnreached, Severity::Warning),
        _ if is_relayed => (Code::OwnCallRelayFails, Severity::Warning),
        _ => (Code::OwnCallFails, Severity::Warning),
    })
}

/// A relay that carries DTLS is of no use to an agent that has chosen another pair (RFC 8445 §8).
fn force_relay(assessment: &Assessment<'_>, list: &mut List) {
    let is_of_the_path = |call: &&Call| died_on_its_pair(call).is_some_and(dtls::is_of_the_path);
    let Some(call) = assessment.call.as_ref().filter(is_of_the_path) else { return };
    let is_direct = call.selected.as_ref().is_some_and(|pair| !is_relayed(&pair.local, &pair.remote));
    let relayed = assessment.own_calls.iter().find(|own| own.relay.is_some() && own.timing_ms.dtls.is_some());
    if let Some(own) = relayed.filter(|_| is_direct) {
        list.extend(Code::ForceRelay, Severity::Warning, about_call(own), own);
    }
}

pub(super) fn about_call(call: &Call) -> Detail {
    let (loss, rtt) = figures(call).unzip();
    let of = about().server(call.relay.as_ref().map(ServerUri::to_string)).loss(loss).rtt(rtt);
    if let Some((sent, back)) = unanswered(call) {
        return of.sent(sent).received(back);
    }
    if call.outcome == CallOutcome::MediaOneWay {
        return media::about_one_way(call, of);
    }
    let of = match (&call.role_dispute, &call.handshake) {
        (Some(dispute), _) => of.count(Count::Of(dispute.refused.into())),
        (None, Some(seen)) => of.line(seen.setup_line).setup(seen.their_setup.clone()).received(seen.hellos_received),
        (None, None) => of,
    };
    match &call.broken {
        Some(CallBreak::DtlsSilent { heard: 0, heard_there: Some(there @ 1..), .. }) => {
            of.count(Count::Of((*there).into()))
        }
        Some(CallBreak::DtlsSilent { largest_bytes, .. }) => of.bytes(Some(*largest_bytes).filter(|bytes| *bytes > 0)),
        Some(CallBreak::DescriptionUnusable { detail, line, .. }) => {
            of.line(*line).reason(Some(Reason::from(detail)).filter(|reason| !reason.is_empty()))
        }
        Some(CallBreak::Cut { after_ms, pair, .. }) => {
            let checks = pair.as_ref().map(|pair| pair.checks);
            let of = of.sent(checks.map(|checks| checks.sent)).received(checks.map(|checks| checks.answered));
            of.time(Tenths::of_milliseconds(*after_ms))
        }
        Some(CallBreak::Closed { after_ms }) => of.time(Tenths::of_milliseconds(*after_ms)),
        // The words of a library are for its makers.
        Some(CallBreak::DtlsFailed { .. } | CallBreak::WrongFingerprint) | None => of,
        Some(CallBreak::DtlsRejected { checks } | CallBreak::DiedUnsecured { checks }) => {
            of.sent(checks.sent).received(checks.answered)
        }
    }
}

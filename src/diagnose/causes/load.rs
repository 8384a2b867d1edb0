//! Causes in what passes packet by packet and not as a whole call: loss, limits on UDP, a line that fills up.
//!
//! A limit on packets shows in requests that are lost where they are sent quickly, and is proven where no server's own limit
//! does it. Of all else the evidence is the calls that this machine makes with itself through relays, beside single packets
//! that crossed the same relays. Such a call crosses the line twice as often as another does, and through a relay: so those
//! causes are likely and not proven, and what is wrong with the relay itself is their rival.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family, likely};
use crate::diagnose::Assessment;
use crate::diagnose::call::{self, chance, dtls, is_late};
use crate::diagnose::pace;
use crate::model::{Call, CallOutcome, Code, Detail, Family, ObservationId, Severity, Strength, Target, Transport};
use std::collections::BTreeSet;

/// Nothing is missing of what came, and what was sent a while ago has not come; a call that stays on this machine is in time.
pub(crate) const LINE_FILLS_UP: CauseRule = CauseRule {
    code: Code::LineFillsUp,
    holds: |assessment| line_fills_up(assessment).into_iter().collect(),
    layers: &[],
    consequences: &[Code::LossyPath, Code::OwnCallRelayThin, Code::OwnCallRelayFails, Code::OwnCallRelayUnreached],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// Loss spoils a call whatever relays it.
pub(crate) const LOSSY_PATH: CauseRule = CauseRule {
    code: Code::LossyPath,
    holds: |assessment| {
        let measured = in_each_family(assessment, lossy);
        if measured.is_empty() { calls_lose(assessment).into_iter().collect() } else { measured }
    },
    layers: &[],
    consequences: &[
        Code::OwnCallRelayFails,
        Code::OwnCallRelayUnreached,
        Code::OwnCallRelayThin,
        Code::CallRelayThin,
        Code::CallDegraded,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// What follows where single packets pass and many do not.
const SINGLE_PACKETS_PASS: &[Code] = &[
    Code::UdpThrottled,
    Code::OwnCallRelayFails,
    Code::OwnCallRelayUnreached,
    Code::OwnCallRelayThin,
    Code::LossyPath,
    Code::TooMuchLoss,
    Code::ControlFailed,
    Code::OneServerOnly,
    Code::OtherAddressSilent,
    Code::NoStunAnswer,
    Code::ServerSilent,
    Code::ServerHalfSilent,
    // What answers one request and not the next seems to know one of the two alone.
    Code::StunNotOffered,
    Code::RelayNotOffered,
    Code::RelayInLost,
    Code::RelayOutLost,
    Code::RelayLargeLost,
    Code::RelayPortsClosed,
    Code::RelayOnlyOverTcp,
];

/// Requests that are sent quickly are lost, and none that are sent slowly.
pub(crate) const UDP_PACKETS_LIMITED: CauseRule = CauseRule {
    code: Code::UdpPacketsLimited,
    holds: |assessment| in_each_family(assessment, few_packets),
    layers: &[],
    consequences: SINGLE_PACKETS_PASS,
    instead: &[],
    bearing: Bearing::CarriesNoCall,
};

/// The same server carries a call over TCP or TLS, and its relay carries single packets over UDP.
pub(crate) const UDP_THROTTLED: CauseRule = CauseRule {
    code: Code::UdpThrottled,
    holds: |assessment| udp_throttled(assessment).into_iter().collect(),
    layers: &[],
    consequences: SINGLE_PACKETS_PASS,
    instead: &[],
    bearing: Bearing::Dies,
};

fn few_packets(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let limit = pace::packet_limit(assessment, family)?;
    let rivals: &[Code] = match (limit.spares_slow_ones, limit.is_before_servers) {
        (true, true) => &[],
        (true, false) => &[Code::ServerHalfSilent],
        (false, true) => &[Code::LossyPath],
        (false, false) => &[Code::LossyPath, Code::ServerHalfSilent],
    };
    Some(CauseClaim {
        extent: ClaimExtent { kind: ClaimKind::Trait, family: Some(family), ..ClaimExtent::everything() },
        strength: if rivals.is_empty() { Strength::Proven } else { Strength::Likely },
        rivals,
        severity: Severity::Warning,
        about: Detail::default().family(family).sent(limit.quick.sent).received(limit.quick.answered),
        evidence: limit.evidence,
    })
}

fn lossy(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let nat = assessment.nat(family).filter(|nat| nat.is_lossy())?;
    let rivals = &[Code::LineFillsUp, Code::UdpThrottled];
    likely(Some(family), rivals, Detail::default().family(family), nat.loss_evidence.clone())
}

/// Calls lose packets through every relay over UDP, whose servers carry a call over TCP or TLS well, and lose no more of them
/// than single packets may be lost, of which too few are lost to count.
fn calls_lose(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let control = assessment.samples();
    let over_streams = carried_over_streams(assessment);
    let over_udp: Vec<(&Call, &Target)> = relayed(assessment).filter(|(_, target)| is_over_udp(target)).collect();
    let is_so = !over_udp.is_empty()
        && over_udp
            .iter()
            .all(|(own, target)| chance::may_explain(own, control) && over_streams.contains(target.host.as_str()));
    let rivals = &[Code::OwnCallRelayThin, Code::UdpThrottled];
    let claim = || likely(None, rivals, Detail::default(), evidence(over_udp.iter().map(|(own, _)| *own)));
    is_so.then(claim).flatten()
}

fn is_over_udp(target: &Target) -> bool {
    target.transport == Transport::Udp
}

/// The hosts whose relay carried a call of this machine with itself over TCP or TLS.
fn carried_over_streams<'a>(assessment: &'a Assessment<'_>) -> BTreeSet<&'a str> {
    let over_streams = relayed(assessment).filter(|(own, target)| !is_over_udp(target) && is_carried(own));
    over_streams.map(|(_, target)| target.host.as_str()).collect()
}

/// The calls with oneself that were forced through a relay, with the relay; none where this machine stood still meanwhile,
/// which they would show in place of the line.
fn relayed<'a>(assessment: &'a Assessment<'_>) -> impl Iterator<Item = (&'a Call, &'a Target)> {
    let calls = if call::is_spoilt_by(assessment.longest_held_up()) { &[][..] } else { &assessment.own_calls };
    calls.iter().filter_map(|own| Some((own, own.relay.as_ref()?.target()?)))
}

fn is_carried(own: &Call) -> bool {
    matches!(own.outcome, CallOutcome::Good | CallOutcome::Closed)
}

fn evidence<'a>(calls: impl Iterator<Item = &'a Call>) -> Vec<ObservationId> {
    calls.flat_map(|own| own.evidence.iter().copied()).collect()
}

fn line_fills_up(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let stays_in_time = assessment.own_calls.iter().any(|own| own.relay.is_none() && is_carried(own));
    let waits = |own: &&Call| is_late(own) && !is_under_way(assessment, own);
    let late: Vec<&Call> = relayed(assessment).map(|(own, _)| own).filter(waits).collect();
    let is_busy = call::is_delayed_by(assessment.longest_held_up());
    let is_so = !is_busy && stays_in_time && late.len() > 1 && !relayed(assessment).any(|(own, _)| is_carried(own));
    let claim = || likely(None, &[Code::OwnCallRelayThin], Detail::default(), evidence(late.iter().copied()));
    is_so.then(claim).flatten()
}

/// Whether what has not come yet may be under way: the other end of a call begins to send when it is secured, which takes this
/// way twice, and what it sends takes it once more.
fn is_under_way(assessment: &Assessment<'_>, own: &Call) -> bool {
    const PACKET_MS: f64 = 20.0;

    let audio = own.media.as_ref().map(|media| &media.audio);
    let missing = audio.map_or(0, |audio| audio.sent_packets.saturating_sub(audio.received_packets));
    missing as f64 * PACKET_MS <= 4.0 * assessment.longest_step(own)
}

fn udp_throttled(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let control = assessment.samples();
    let fails = |own: &Call| match own.outcome {
        CallOutcome::Unfinished | CallOutcome::NoCandidates | CallOutcome::NoAnswer => false,
        // What is dropped by sight, or by size, is told so.
        _ => !is_carried(own) && !dtls::is_dropped(own) && !chance::may_explain(own, control),
    };
    let over_streams = carried_over_streams(assessment);
    let over_udp = || relayed(assessment).filter(|(_, target)| is_over_udp(target));
    let failed: Vec<(&Call, &Target)> = over_udp().filter(|(own, _)| fails(own)).collect();
    let is_short_of_ports =
        [&assessment.ipv4, &assessment.ipv6].into_iter().flatten().any(|nat| nat.few_ports.is_some());
    let is_so = !failed.is_empty()
        && !is_short_of_ports
        && failed.iter().all(|(_, target)| over_streams.contains(target.host.as_str()))
        && !over_udp().any(|(own, _)| is_carried(own));
    let rivals: &[Code] = if control.answered == control.sent {
        &[Code::OwnCallRelayFails]
    } else {
        &[Code::OwnCallRelayFails, Code::LossyPath]
    };
    let claim = || likely(None, rivals, Detail::default(), evidence(failed.iter().map(|(own, _)| *own)));
    is_so.then(claim).flatten()
}

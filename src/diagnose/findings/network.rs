//! Findings about what stands between this machine and the internet.

use super::{List, about};
use crate::diagnose::nat::FamilyNat;
use crate::diagnose::proxied::Proxied;
use crate::diagnose::reach::{Blocker, Udp};
use crate::diagnose::servers::errors::reason;
use crate::diagnose::view::{ReflexiveObservation, through_nat64};
use crate::diagnose::{Assessment, carrier, incoming, portal, proxied};
use crate::model::{
    Behaviour, CallOutcome, Code, Count, Detail, Endpoint, Fact, Family, Judged, ObservationId, Path, Reason, Seconds,
    ServerUri, Several, Severity, StunFact,
};
use std::time::Duration;

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    for family in [Family::Ipv4, Family::Ipv6] {
        udp(assessment, family, list);
        if let Some(nat) = assessment.nat(family) {
            translation(assessment, family, nat, list);
            filtering(family, nat, list);
            addresses(assessment, family, nat, list);
            upkeep(family, nat, list);
        }
    }
    proxy(assessment, list);
    anomalies(assessment, list);
}

/// Servers that the proxy did not lead to, and the proxy itself, once, where it was not reached. One that asks for a login
/// is a cause of its own.
fn proxy(assessment: &Assessment<'_>, list: &mut List) {
    let severity = match proxied::answering(assessment.record) {
        Some(_) => Severity::Info,
        None => Severity::Warning,
    };
    let not_led = proxied::all(assessment.record).filter(|one| one.reached.is_none() && !one.asks_login());
    let (dead, not_led): (Vec<_>, Vec<_>) = not_led.partition(|one| one.proxy_is_unreachable());
    let of = |one: &Proxied<'_>| {
        let reason = one.failure.map_or(Reason::Code(Code::ServerSilent), reason);
        about().address(one.proxy.map(Endpoint::Socket)).reason(reason)
    };
    if let Some(first) = dead.first() {
        let evidence: Vec<ObservationId> = dead.iter().map(|one| one.id).collect();
        list.add(Code::ProxyUnreachable, severity, of(first), &evidence);
    }
    for one in not_led {
        list.add(Code::ProxyFails, severity, of(&one).server(one.uri.map(ToString::to_string)), &[one.id]);
    }
}

/// What degrades the family in which calls are judged is worth a warning; in the other one it is a fact.
fn degrades(assessment: &Assessment<'_>, family: Family) -> Severity {
    match assessment.verdict.path.value() {
        _ if family != assessment.deciding_family() => Severity::Info,
        Some(Path::Direct) => Severity::Info,
        _ => Severity::Warning,
    }
}

fn about_addresses(family: Family, nat: &FamilyNat) -> Detail {
    about().family(family).public(Several::of(&nat.nat.public_addresses))
}

fn udp(assessment: &Assessment<'_>, family: Family, list: &mut List) {
    let mut severity = degrades(assessment, family);
    if severity == Severity::Warning && assessment.verdict.path.value() == Some(&Path::None) {
        severity = Severity::Critical;
    }
    match assessment.udp(family) {
        // Each server that does not answer has a finding of its own.
        Udp::Flows(_) | Udp::Unanswered(_) | Udp::NotAsked => {}
        Udp::Blocked { by, evidence } => {
            let server = evidence.first().and_then(|id| assessment.fact(*id)?.server());
            let of = about().family(family);
            match by {
                Blocker::StunFilter => list.add(Code::StunFiltered, severity, of, evidence),
                Blocker::TheNetwork => list.add(Code::UdpBlocked, severity, of, evidence),
                Blocker::ThisMachine => {
                    let of = match incoming::thrown_away(assessment.record, family) {
                        Some(thrown_away) => of.count(Count::Of(thrown_away.packets)),
                        None => of.address(server.map(Endpoint::Socket)),
                    };
                    list.add(Code::LocalFirewall, severity, of, evidence);
                }
            }
        }
        Udp::Unclear(evidence) => list.add(Code::UdpUnclear, severity, about().family(family), evidence),
    }
}

fn translation(assessment: &Assessment<'_>, family: Family, nat: &FamilyNat, list: &mut List) {
    if let Judged::Known { value: false, evidence } = &nat.nat.translated {
        list.add(Code::NoNat, Severity::Info, about_addresses(family, nat), evidence);
        return;
    }
    if let Some(evidence) = &nat.lines {
        return list.add(Code::SeveralLines, degrades(assessment, family), about_addresses(family, nat), evidence);
    }
    match &nat.nat.mapping {
        Judged::Known { value, evidence } => {
            let (code, severity) = match value {
                Behaviour::EndpointIndependent => (Code::NatEndpointIndependent, Severity::Info),
                Behaviour::AddressDependent => (Code::NatAddressDependent, degrades(assessment, family)),
                Behaviour::AddressAndPortDependent => (Code::NatAddressAndPortDependent, degrades(assessment, family)),
            };
            list.add(code, severity, about_addresses(family, nat), evidence);
        }
        Judged::Unclear { why: why @ (Code::MappingMoved | Code::ContradictoryAnswers), evidence } => {
            list.add(*why, Severity::Warning, about().family(family), evidence);
        }
        Judged::Unclear { why: why @ Code::ServersDisagree, evidence } => {
            list.add(*why, Severity::Warning, about_addresses(family, nat), evidence);
        }
        Judged::Unclear { why: why @ Code::OnlyNotEndpointIndependent, evidence } => {
            list.add(*why, degrades(assessment, family), about_addresses(family, nat), evidence);
        }
        Judged::Unclear { .. } | Judged::NotTested { .. } => {}
    }
}

fn filtering(family: Family, nat: &FamilyNat, list: &mut List) {
    match &nat.nat.filtering {
        Judged::Known { value, evidence } => {
            let code = match value {
                Behaviour::EndpointIndependent => Code::FilteringEndpointIndependent,
                Behaviour::AddressDependent => Code::FilteringAddressDependent,
                Behaviour::AddressAndPortDependent => Code::FilteringAddressAndPortDependent,
            };
            list.add(code, Severity::Info, about().family(family), evidence);
        }
        Judged::Unclear { why, evidence } => list.add(*why, Severity::Info, about().family(family), evidence),
        Judged::NotTested { .. } => {}
    }
}

fn addresses(assessment: &Assessment<'_>, family: Family, nat: &FamilyNat, list: &mut List) {
    if let Some(evidence) = &nat.pool {
        list.add(Code::AddressPool, Severity::Info, about_addresses(family, nat), evidence);
    }
    if let Some(progression) = &nat.progression {
        let stepping = about().family(family).step(progression.step);
        list.add(Code::PortsPredictable, Severity::Info, stepping, &progression.evidence);
    }
    if let Some(few) = &nat.few_ports {
        let has_failed =
            assessment.own_calls.iter().any(|call| !matches!(call.outcome, CallOutcome::Good | CallOutcome::Closed));
        let severity = if has_failed { Severity::Warning } else { Severity::Info };
        let of = about().family(family).count(Count::Of(u64::from(few.high - few.low) + 1));
        list.add(Code::FewPorts, severity, of, &few.evidence);
    }
    for (code, sign) in [
        (Code::CarrierNat, carrier::carrier_nat(assessment.record, family, nat)),
        (Code::DoubleNat, carrier::double_nat(assessment.record, nat)),
    ] {
        let Some(sign) = sign else { continue };
        let placed = about_addresses(family, nat).address(sign.address.map(Endpoint::Address));
        list.add(code, Severity::Info, placed, &sign.evidence);
    }
    // A server at our own public address sees what our own router makes of us on the way back in.
    let is_at_home = |seen: &&ReflexiveObservation| nat.nat.public_addresses.contains(&seen.server.ip());
    if let Some(example) = nat.not_ours.iter().find(|seen| !is_at_home(seen)) {
        let evidence: Vec<ObservationId> = nat.not_ours.iter().map(|seen| seen.id).collect();
        let seen_at =
            about().family(family).server(example.server.to_string()).address(Endpoint::Address(example.mapped.ip()));
        list.add(Code::MappedAddressNotPublic, Severity::Warning, seen_at, &evidence);
    }
    for (host, reflexive) in &nat.outliers {
        let Some(example) = reflexive.first() else { continue };
        let evidence: Vec<ObservationId> = reflexive.iter().map(|seen| seen.id).collect();
        let of = about().server(host.clone()).address(Endpoint::Address(example.mapped.ip()));
        list.add(Code::DisagreesWithOthers, Severity::Warning, of, &evidence);
    }
}

fn upkeep(family: Family, nat: &FamilyNat, list: &mut List) {
    /// RFC 8445 §11: agents keep a pair alive every 15 s; a mapping that lives no longer dies between two keepalives.
    const KEEPALIVE_MS: u64 = 15_000;
    /// RFC 4787 REQ-5: a mapping lives two minutes at least.
    const REQUIRED_MS: u64 = 120_000;
    /// RFC 8200 §5: what every IPv6 link takes whole, and what WebRTC stacks stay below.
    const SAFE_BYTES: u32 = 1280;
    /// What programs send that are no browsers: 1,400 bytes of media are a default of GStreamer's payloaders.
    const USUAL_BYTES: u32 = 1400;

    if let Judged::Known { value, evidence } = &nat.nat.hairpinning {
        let code = if *value { Code::Hairpins } else { Code::DoesNotHairpin };
        list.add(code, Severity::Info, about().family(family), evidence);
    }
    // Where flows end that are in use, the end of one that was idle tells nothing of the mapping.
    if let Judged::Known { value, evidence } = &nat.nat.mapping_lifetime_ms
        && nat.flow_ended.is_none()
        && let Some(dead_after_ms) = nat.nat.mapping_gone_after_ms.filter(|_| *value < REQUIRED_MS)
    {
        let severity = if *value < KEEPALIVE_MS { Severity::Warning } else { Severity::Info };
        let gone = Seconds(Duration::from_millis(dead_after_ms));
        let lived = about().family(family).lifetime(gone).count(Count::Seconds(*value / 1000));
        list.add(Code::ShortMappingLifetime, severity, lived, evidence);
    }
    if let Some(ended) = &nat.flow_ended {
        let gone = Seconds(Duration::from_millis(ended.gone_within_ms));
        let lived = about().family(family).lifetime(gone).count(Count::Seconds(ended.lived_ms / 1000));
        list.add(Code::UdpExpires, Severity::Warning, lived, &ended.evidence);
    }
    if let Judged::Known { value, evidence } = &nat.nat.path_mtu_bytes
        && *value < USUAL_BYTES
        && evidence.len() > 1
    {
        let passed = about().family(family).mtu(*value);
        match *value < SAFE_BYTES {
            true => list.add(Code::SmallPathMtu, Severity::Warning, passed, evidence),
            false => list.add(Code::LargePacketsLost, Severity::Info, passed, evidence),
        }
    }
    if nat.is_lossy() {
        let rate = nat.loss_rate();
        let lossy = about().family(family).loss((rate * 100.0).round_ties_even());
        list.add(Code::LossyPath, Severity::Warning, lossy, &nat.loss_evidence);
    }
}

fn anomalies(assessment: &Assessment<'_>, list: &mut List) {
    let mut rewritten = Vec::new();
    let mut rewritten_for = about();
    for observation in &assessment.record.observations {
        if let Fact::Stun(StunFact::Mapped { rewritten: Some(_), .. }) = observation.fact {
            rewritten.push(observation.id);
            rewritten_for = about().server(observation.by.uri.as_ref().map(ServerUri::to_string)).and(rewritten_for);
        }
    }
    list.add(Code::AddressRewritten, Severity::Warning, rewritten_for, &rewritten);
    list.add(Code::Nat64InUse, Severity::Info, about(), &through_nat64(assessment.record));
    if let Some(portal) = portal::suspected(assessment.record) {
        list.add(Code::CaptivePortal, Severity::Critical, about(), &portal.evidence);
    }
}

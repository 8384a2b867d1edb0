//! Causes in what passes in part: not what is large, or what is known by sight.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::Assessment;
use crate::diagnose::call::{chance, dtls};
use crate::diagnose::echoes::{self, EchoWay};
use crate::diagnose::nat::FamilyNat;
use crate::diagnose::view::Hosts;
use crate::model::{
    Code, Detail, Fact, Family, Judged, Leg, ObservationId, Severity, Strength, StunFact, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// The handshake of DTLS holds large datagrams, and what loses them loses all of it.
pub(crate) const SMALL_PATH_MTU: CauseRule = CauseRule {
    code: Code::SmallPathMtu,
    holds: |assessment| in_each_family(assessment, large_lost),
    layers: &[],
    consequences: LARGE,
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// What loses large datagrams looks alike to a handshake whose first datagram is large: without a control of that size
/// one of the two is likely and not proven.
pub(crate) const DTLS_BLOCKED_HERE: CauseRule = CauseRule {
    code: Code::DtlsBlockedHere,
    holds: |assessment| dtls_blocked(assessment).into_iter().collect(),
    layers: &[],
    consequences: DTLS,
    instead: &[],
    bearing: Bearing::Dies,
};

/// What is found where large datagrams are lost, those of a handshake among them.
const LARGE: &[Code] = &[
    Code::DtlsBlockedHere,
    Code::OwnCallDtlsBlocked,
    Code::CallDtlsBlocked,
    Code::CallDtlsUnheard,
    Code::CallDtlsSilent,
    Code::RelayLargeLost,
    Code::LargePacketsLost,
    Code::OwnCallRelayFails,
];

/// What is found where nothing of a handshake passes.
const DTLS: &[Code] = &[
    Code::DtlsBlockedHere,
    Code::OwnCallDtlsBlocked,
    Code::CallDtlsBlocked,
    Code::CallDtlsUnheard,
    Code::CallDtlsSilent,
];

fn large_lost(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let one_way = || large_lost_one_way(assessment, family).or_else(|| large_not_echoed(assessment, family));
    let found = || small_mtu(assessment, family).or_else(one_way);
    tells_sizes(assessment, family).then(found).flatten()
}

/// Where this line loses packets of any size, or takes few of them, large ones that are lost say nothing of sizes.
fn tells_sizes(assessment: &Assessment<'_>, family: Family) -> bool {
    let takes_few = [Code::UdpThrottled, Code::UdpPacketsLimited].into_iter().any(|limit| assessment.holds(limit));
    assessment.nat(family).is_none_or(FamilyNat::tells_sizes) && !takes_few
}

fn small_mtu(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    /// RFC 8200 §5: what WebRTC stacks stay below.
    const SAFE_BYTES: u32 = 1280;
    /// The MTU of Ethernet: TCP fills packets of that size unless it is told of a smaller one.
    const USUAL_BYTES: u32 = 1500;

    let Judged::Known { value, evidence } = &assessment.nat(family)?.nat.path_mtu_bytes else { return None };
    let is_small = *value < SAFE_BYTES;
    let is_proven = is_small && is_lost_to_several(assessment, family);
    // Where larger packets vanish without a word, full segments of TCP do as well.
    let swallows_segments = || *value < USUAL_BYTES && loses_large_over_streams(assessment, family);
    (evidence.len() > 1 && (is_small || swallows_segments())).then(|| CauseClaim {
        extent: of_the_way(family),
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::RelayLargeLost] },
        severity: Severity::Warning,
        about: Detail::default().family(family).mtu(*value),
        evidence: evidence.clone(),
    })
}

/// Whether what is large is lost on the way to several machines: one alone may stand behind a tunnel of its own.
fn is_lost_to_several(assessment: &Assessment<'_>, family: Family) -> bool {
    let hosts = Hosts::of(assessment.record);
    let lost = assessment.record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Stun(StunFact::Sized { server, passed: false, .. }) if Family::of(server.ip()) == family => {
            Some(hosts.name(server.ip()))
        }
        _ => None,
    });
    lost.collect::<BTreeSet<String>>().len() > 1
}

fn loses_large_over_streams(assessment: &Assessment<'_>, family: Family) -> bool {
    assessment.record.observations.iter().any(|observation| match &observation.fact {
        Fact::Turn(TurnFact::NotCrossed { transport, relayed, bytes: Some(_), class: None, .. }) => {
            *transport != Transport::Udp && Family::of(relayed.ip()) == family
        }
        _ => false,
    })
}

/// Whether the way out of here is known to take datagrams of the size of those that a relay was tried with.
fn takes_large_outward(assessment: &Assessment<'_>, family: Family, payload_bytes: u32) -> bool {
    let headers = if family == Family::Ipv4 { 20 + 8 } else { 40 + 8 };
    let known = assessment.nat(family).and_then(|nat| nat.nat.path_mtu_bytes.value());
    known.is_some_and(|mtu| *mtu >= payload_bytes + headers)
}

/// Through a relay that is reached over TCP, large datagrams cross the UDP between this network and the relay once: where
/// they get through one way and not the other, the relay takes their size, and it is this line or one way of the server's.
/// Those that go in leave here as they do towards any server: where that way takes their size, it is the relay's.
fn large_lost_one_way(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let mut legs: BTreeMap<SocketAddr, (BTreeSet<Leg>, BTreeMap<Leg, ObservationId>)> = BTreeMap::new();
    for observation in &assessment.record.observations {
        match &observation.fact {
            Fact::Turn(TurnFact::Crossed { leg, transport, relayed, bytes: Some(_), class: None, .. })
                if *transport != Transport::Udp && Family::of(relayed.ip()) == family =>
            {
                legs.entry(*relayed).or_default().0.insert(*leg);
            }
            Fact::Turn(TurnFact::NotCrossed { leg, transport, relayed, bytes: Some(bytes), class: None, .. })
                if *transport != Transport::Udp
                    && Family::of(relayed.ip()) == family
                    && (*leg == Leg::Out || !takes_large_outward(assessment, family, *bytes)) =>
            {
                legs.entry(*relayed).or_default().1.insert(*leg, observation.id);
            }
            _ => {}
        }
    }
    let one_way = legs.into_values().filter(|(crossed, lost)| !crossed.is_empty() && !lost.is_empty());
    let evidence: Vec<ObservationId> = one_way.flat_map(|(_, lost)| lost.into_values()).collect();
    (!evidence.is_empty()).then(|| CauseClaim {
        extent: of_the_way(family),
        strength: Strength::Likely,
        rivals: &[Code::RelayLargeLost],
        severity: Severity::Warning,
        about: Detail::default().family(family),
        evidence,
    })
}

/// On the way to a server of ours, or back from it, where small ones came through before and after. One server alone may stand
/// behind a tunnel of its own.
fn large_not_echoed(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    /// The payload of what is sent back.
    const LARGE_BYTES: u32 = 1200;

    let lost = echoes::large_lost(assessment.record, family)?;
    let samples = assessment.nat(family).map(FamilyNat::samples).unwrap_or_default();
    // Where requests of that size pass, it is not their size.
    let passes = lost.way == EchoWay::There && takes_large_outward(assessment, family, LARGE_BYTES);
    if passes || chance::loses_all_of(lost.copies, samples) {
        return None;
    }
    let is_proven = lost.servers > 1;
    Some(CauseClaim {
        extent: of_the_way(family),
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::ServerHalfSilent] },
        severity: Severity::Warning,
        about: Detail::default().family(family),
        evidence: lost.evidence,
    })
}

fn dtls_blocked(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let dropped = dtls::dropped_here(assessment);
    let evidence: Vec<ObservationId> = dropped.iter().flat_map(|own| own.evidence.iter().copied()).collect();
    (!evidence.is_empty()).then(|| CauseClaim {
        extent: ClaimExtent { kind: ClaimKind::Dtls, ..ClaimExtent::everything() },
        strength: Strength::Likely,
        rivals: &[Code::SmallPathMtu],
        severity: Severity::Warning,
        about: Detail::default(),
        evidence,
    })
}

fn of_the_way(family: Family) -> ClaimExtent {
    ClaimExtent { kind: ClaimKind::Trait, family: Some(family), ..ClaimExtent::everything() }
}

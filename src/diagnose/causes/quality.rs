//! Causes in what passes in part, and in a NAT that is not ours to set.

use super::load::udp_throttled;
use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::call::dtls;
use crate::diagnose::{Assessment, carrier};
use crate::model::{Code, Detail, Fact, Family, Judged, Leg, ObservationId, Severity, Strength, Transport, TurnFact};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// Who asks for another NAT behaviour asks the provider; nothing can be set in a router of one's own.
pub(crate) const CARRIER_NAT: CauseRule = CauseRule {
    code: Code::CarrierNat,
    holds: |assessment| in_each_family(assessment, carrier_nat),
    layers: &[],
    consequences: &[Code::NatAddressDependent, Code::NatAddressAndPortDependent, Code::OnlyNotEndpointIndependent],
    instead: &[(Code::UseEndpointIndependentMapping, Code::PublicAddressFromProvider)],
    bearing: Bearing::AsMeasured,
};

/// The handshake of DTLS holds large datagrams, and what loses them loses all of it.
pub(crate) const SMALL_PATH_MTU: CauseRule = CauseRule {
    code: Code::SmallPathMtu,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            small_mtu(assessment, family).or_else(|| large_lost_one_way(assessment, family))
        })
    },
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

fn carrier_nat(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let sign = carrier::carrier_nat(assessment.record, family, assessment.nat(family)?)?;
    let is_proven = sign.address.is_some();
    Some(CauseClaim {
        extent: of_the_way(family),
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::AddressPool] },
        severity: Severity::Info,
        about: Detail::default(),
        evidence: sign.evidence,
    })
}

fn small_mtu(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    /// RFC 8200 §5: what WebRTC stacks stay below.
    const SAFE_BYTES: u32 = 1280;
    /// Of Ethernet: what a TCP connection fills unless it is told of less.
    const USUAL_BYTES: u32 = 1500;

    let Judged::Known { value, evidence } = &assessment.nat(family)?.nat.path_mtu_bytes else { return None };
    let is_proven = *value < SAFE_BYTES;
    // Where larger packets vanish without a word, full segments of TCP do as well.
    let swallows_segments = || *value < USUAL_BYTES && loses_large_over_streams(assessment, family);
    (evidence.len() > 1 && (is_proven || swallows_segments())).then(|| CauseClaim {
        extent: of_the_way(family),
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::RelayLargeLost] },
        severity: Severity::Warning,
        about: Detail::default().family(family).mtu(*value),
        evidence: evidence.clone(),
    })
}

fn loses_large_over_streams(assessment: &Assessment<'_>, family: Family) -> bool {
    assessment.record.observations.iter().any(|observation| match &observation.fact {
        Fact::Turn(TurnFact::NotCrossed { transport, relayed, bytes: Some(_), .. }) => {
            *transport != Transport::Udp && Family::of(relayed.ip()) == family
        }
        _ => false,
    })
}

/// Through a relay that is reached over TCP, large datagrams cross the UDP between this network and the relay once: where
/// they get through one way and not the other, the relay takes their size, and it is this line or one way of the server's.
/// Where the line takes little UDP of any size, that says nothing of sizes.
fn large_lost_one_way(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let mut legs: BTreeMap<SocketAddr, (BTreeSet<Leg>, BTreeMap<Leg, ObservationId>)> = BTreeMap::new();
    for observation in &assessment.record.observations {
        match &observation.fact {
            Fact::Turn(TurnFact::Crossed { leg, transport, relayed, bytes: Some(_), .. })
                if *transport != Transport::Udp && Family::of(relayed.ip()) == family =>
            {
                legs.entry(*relayed).or_default().0.insert(*leg);
            }
            Fact::Turn(TurnFact::NotCrossed { leg, transport, relayed, bytes: Some(_), .. })
                if *transport != Transport::Udp && Family::of(relayed.ip()) == family =>
            {
                legs.entry(*relayed).or_default().1.insert(*leg, observation.id);
            }
            _ => {}
        }
    }
    let one_way = legs.into_values().filter(|(crossed, lost)| !crossed.is_empty() && !lost.is_empty());
    let evidence: Vec<ObservationId> = one_way.flat_map(|(_, lost)| lost.into_values()).collect();
    (!evidence.is_empty() && udp_throttled(assessment).is_none()).then(|| CauseClaim {
        extent: of_the_way(family),
        strength: Strength::Likely,
        rivals: &[Code::RelayLargeLost],
        severity: Severity::Warning,
        about: Detail::default().family(family),
        evidence,
    })
}

fn dtls_blocked(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let dropped = dtls::dropped_here(assessment.call.as_ref(), &assessment.own_calls);
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

//! Causes in what passes in part, and in a NAT that is not ours to set.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind};
use crate::diagnose::call::dtls;
use crate::diagnose::{Case, carrier};
use crate::model::{Code, Detail, Family, Judged, ObservationId, Severity, Strength};

/// Who asks for another NAT behaviour asks the provider; nothing can be set in a router of one's own.
pub(crate) const CARRIER_NAT: CauseRule = CauseRule {
    code: Code::CarrierNat,
    holds: |case| [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| carrier_nat(case, family)).collect(),
    layers: &[],
    consequences: &[Code::NatAddressDependent, Code::NatAddressAndPortDependent, Code::OnlyNotEndpointIndependent],
    instead: &[(Code::UseEndpointIndependentMapping, Code::PublicAddressFromProvider)],
    bearing: Bearing::AsMeasured,
};

/// The handshake of DTLS holds large datagrams, and what loses them loses all of it.
pub(crate) const SMALL_PATH_MTU: CauseRule = CauseRule {
    code: Code::SmallPathMtu,
    holds: |case| [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| small_mtu(case, family)).collect(),
    layers: &[],
    consequences: DTLS,
    instead: &[],
    bearing: Bearing::Dies,
};

/// What loses large datagrams looks alike to a handshake whose first datagram is large: without a control of that size
/// one of the two is likely and not proven.
pub(crate) const DTLS_BLOCKED_HERE: CauseRule = CauseRule {
    code: Code::DtlsBlockedHere,
    holds: |case| dtls_blocked(case).into_iter().collect(),
    layers: &[],
    consequences: DTLS,
    instead: &[],
    bearing: Bearing::Dies,
};

/// What is found where nothing of a handshake passes.
const DTLS: &[Code] = &[
    Code::DtlsBlockedHere,
    Code::OwnCallDtlsBlocked,
    Code::CallDtlsBlocked,
    Code::CallDtlsUnheard,
    Code::CallDtlsSilent,
];

fn carrier_nat(case: &Case<'_>, family: Family) -> Option<CauseClaim> {
    let sign = carrier::carrier_nat(case.record, family, case.nat(family)?)?;
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

fn small_mtu(case: &Case<'_>, family: Family) -> Option<CauseClaim> {
    /// RFC 8200 §5: what WebRTC stacks stay below.
    const SAFE_BYTES: u32 = 1280;

    match &case.nat(family)?.nat.path_mtu_bytes {
        Judged::Known { value, evidence } if *value < SAFE_BYTES && evidence.len() > 1 => Some(CauseClaim {
            extent: of_the_way(family),
            strength: Strength::Proven,
            rivals: &[],
            severity: Severity::Warning,
            about: Detail::default(),
            evidence: evidence.clone(),
        }),
        _ => None,
    }
}

fn dtls_blocked(case: &Case<'_>) -> Option<CauseClaim> {
    let dropped = dtls::dropped_here(case.call.as_ref(), &case.own_calls);
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

//! Causes in the NAT: one that is not ours to set, and one that lost what it knew.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family, likely};
use crate::diagnose::view::is_of_a_target;
use crate::diagnose::{Assessment, carrier};
use crate::model::{Anomaly, Code, Detail, Fact, Family, Judged, ObservationId, Severity, Strength, StunFact};
use std::collections::BTreeSet;
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

/// A server knows an allocation, and a connection, by the mapping through which they came (RFC 8656 §2): where a NAT
/// forgets its mappings, all of them break at once. A server that restarts then is as likely, of each that broke.
pub(crate) const MAPPING_MOVED: CauseRule = CauseRule {
    code: Code::MappingMoved,
    holds: |assessment| in_each_family(assessment, moved),
    layers: &[],
    consequences: &[
        Code::RelayAllocationLost,
        Code::RelayAllocationMismatch,
        Code::ServerClosed,
        Code::ControlFailed,
        Code::OwnCallRelayFails,
        Code::OwnCallRelayUnreached,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

fn carrier_nat(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let sign = carrier::carrier_nat(assessment.record, family, assessment.nat(family)?)?;
    let is_proven = sign.address.is_some();
    Some(CauseClaim {
        extent: ClaimExtent { kind: ClaimKind::Trait, family: Some(family), ..ClaimExtent::everything() },
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::AddressPool] },
        severity: Severity::Info,
        about: Detail::default(),
        evidence: sign.evidence,
    })
}

/// Sockets that went on asking one server while the NAT was measured were seen by it at one place and then at another, more
/// than one of them: a packet that the network copied shows one place.
fn moved(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let conflicts = assessment.record.observations.iter().filter(|seen| !is_of_a_target(seen));
    let conflicts: Vec<(ObservationId, SocketAddr)> = conflicts
        .filter_map(|seen| match &seen.fact {
            Fact::Stun(StunFact::Anomalous { anomaly: Anomaly::Conflicting, local, server, .. })
                if Family::of(server.ip()) == family =>
            {
                Some((seen.id, *local))
            }
            _ => None,
        })
        .collect();
    let sockets: BTreeSet<SocketAddr> = conflicts.iter().map(|(_, local)| *local).collect();
    let judged = assessment.nat(family).map(|nat| &nat.nat.mapping);
    let evidence = match judged {
        Some(Judged::Unclear { why: Code::MappingMoved, evidence }) => evidence.clone(),
        _ if sockets.len() > 1 => conflicts.into_iter().map(|(id, _)| id).collect(),
        _ => return None,
    };
    likely(Some(family), &[Code::RelayAllocationLost, Code::ServerClosed], Detail::default().family(family), evidence)
}

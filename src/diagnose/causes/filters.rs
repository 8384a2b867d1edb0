//! Causes that the routers on the way prove: what something between this machine and one of them drops, by sight or by port.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::Assessment;
use crate::diagnose::hops::{self, LostOnTheWay};
use crate::diagnose::meeting::is_relayed;
use crate::model::{Code, Detail, Endpoint, Family, Severity, Strength};

/// A call's checks pass, so that a pair is chosen, and its keys are never agreed on.
pub(crate) const DTLS_FILTERED: CauseRule = CauseRule {
    code: Code::DtlsFiltered,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            let (on_the_way, at_relays) =
                (hops::lost_by_sight(assessment.record, family), hops::lost_at_relays(assessment.record, family));
            let lost = match (on_the_way, at_relays) {
                (Some(lost), Some(other)) => LostOnTheWay {
                    is_before_servers: lost.is_before_servers || other.is_before_servers,
                    evidence: [lost.evidence, other.evidence].concat(),
                    ..lost
                },
                (lost, other) => lost.or(other)?,
            };
            // What was agreed on in sight of the filter passed it.
            (!has_keys(assessment)).then(|| claim(lost, family, Severity::Critical))
        })
    },
    layers: &[],
    consequences: &[
        Code::DtlsBlockedHere,
        Code::OwnCallDtlsBlocked,
        Code::CallDtlsBlocked,
        Code::CallDtlsUnheard,
        Code::CallDtlsSilent,
    ],
    instead: &[],
    bearing: Bearing::Dies,
};

/// Relays are reached on ports that servers have; a peer, and the address that a relay lends, have others.
pub(crate) const UDP_PORTS_CLOSED: CauseRule = CauseRule {
    code: Code::UdpPortsClosed,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            let lost = hops::lost_by_port(assessment.record, family)?;
            Some(claim(lost, family, Severity::Warning))
        })
    },
    layers: &[],
    consequences: &[
        Code::UdpPortsLimited,
        Code::RelayInLost,
        Code::RelayOutLost,
        Code::RelayOnlyOverTcp,
        Code::OtherAddressSilent,
        Code::MappingVariesWithPeer,
    ],
    instead: &[],
    bearing: Bearing::MayNotReachPeers,
};

/// Proven where it is neither this machine's filter nor a server's own.
fn claim(lost: LostOnTheWay, family: Family, severity: Severity) -> CauseClaim {
    let rivals: &[Code] = match (lost.has_left, lost.is_before_servers) {
        (true, true) => &[],
        (false, true) => &[Code::LocalFirewall],
        (true, false) => &[Code::OwnCallDtlsBlocked],
        (false, false) => &[Code::LocalFirewall, Code::OwnCallDtlsBlocked],
    };
    CauseClaim {
        extent: ClaimExtent { kind: ClaimKind::Trait, family: Some(family), ..ClaimExtent::everything() },
        strength: if rivals.is_empty() { Strength::Proven } else { Strength::Likely },
        rivals,
        severity: if rivals.is_empty() { severity } else { Severity::Warning },
        about: Detail::default().family(family).address(lost.heard_by.map(Endpoint::Address)),
        evidence: lost.evidence,
    }
}

/// Whether a call of this machine agreed on keys on a pair without a relay.
fn has_keys(assessment: &Assessment<'_>) -> bool {
    assessment.call.iter().any(|call| {
        let is_direct = call.selected.as_ref().is_some_and(|pair| !is_relayed(&pair.local, &pair.remote));
        is_direct && call.timing_ms.dtls.is_some()
    })
}

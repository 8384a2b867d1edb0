//! Causes on the way out: a sign-in page, no UDP, an address family that leads nowhere.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent};
use crate::diagnose::layer::Layer;
use crate::diagnose::nat::usable_address;
use crate::diagnose::reach::{Blocker, Udp, ipv6_broken};
use crate::diagnose::view::through_nat64;
use crate::diagnose::{Case, portal};
use crate::model::{
    Code, Detail, DnsFact, DnsFailure, DnsKind, DnsRecord, Fact, Family, ObservationId, Severity, StreamFact, Strength,
    StunFact, Transport, TurnFact,
};
use std::collections::BTreeSet;

pub(crate) const CAPTIVE_PORTAL: CauseRule = CauseRule {
    code: Code::CaptivePortal,
    holds: |case| {
        let evidence = portal::suspected(case.record);
        let claims =
            evidence.map(|evidence| proven(ClaimExtent::everything(), Severity::Critical, Detail::default(), evidence));
        claims.into_iter().collect()
    },
    layers: &[Layer::Names, Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[
        Code::NoRelay,
        Code::RelayNotTested,
        Code::UdpBlocked,
        Code::UdpUnclear,
        Code::NoStunAnswer,
        Code::MappingVariesWithPeer,
    ],
    instead: &[],
    bearing: Bearing::Hides,
};

/// The same hosts answer over IPv4, so that it is not they who are silent.
pub(crate) const IPV6_BROKEN: CauseRule = CauseRule {
    code: Code::Ipv6Broken,
    holds: |case| {
        let extent = ClaimExtent { family: Some(Family::Ipv6), ..ClaimExtent::everything() };
        let evidence = ipv6_broken(case.record);
        evidence.map(|evidence| proven(extent, Severity::Warning, Detail::default(), evidence)).into_iter().collect()
    },
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

pub(crate) const NO_IPV4_AND_NO_NAT64: CauseRule = CauseRule {
    code: Code::NoIpv4AndNoNat64,
    holds: |case| no_ipv4(case).into_iter().collect(),
    layers: &[],
    consequences: &[
        Code::NoAddressOfFamily,
        Code::ServerOfOtherFamily,
        Code::NoServerOfFamily,
        Code::NoStunAnswer,
        Code::RelayNotTested,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

pub(crate) const UDP_BLOCKED: CauseRule = CauseRule {
    code: Code::UdpBlocked,
    holds: |case| [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| udp_blocked(case, family)).collect(),
    layers: &[Layer::Servers, Layer::Relays],
    consequences: &[Code::RelayOnlyOverTcp, Code::OwnRelayedOverStream],
    instead: &[],
    bearing: Bearing::NoUdp,
};

/// The same request without STUN's cookie is answered: it is not UDP that does not pass.
pub(crate) const STUN_FILTERED: CauseRule = CauseRule {
    code: Code::StunFiltered,
    holds: |case| [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| stun_filtered(case, family)).collect(),
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[Code::RelayOnlyOverTcp, Code::OwnRelayedOverStream, Code::UdpBlocked],
    instead: &[(Code::AllowOutboundUdp, Code::AllowStun)],
    bearing: Bearing::NoUdp,
};

fn proven(extent: ClaimExtent, severity: Severity, about: Detail, evidence: Vec<ObservationId>) -> CauseClaim {
    CauseClaim { extent, strength: Strength::Proven, rivals: &[], severity, about, evidence }
}

fn udp_blocked(case: &Case<'_>, family: Family) -> Option<CauseClaim> {
    match case.udp(family) {
        Udp::Blocked { by: Blocker::TheNetwork, evidence } => {
            let about = Detail::default().family(family);
            Some(proven(ClaimExtent::udp(case.record, family), Severity::Info, about, evidence.clone()))
        }
        _ => None,
    }
}

/// Over TCP as well, where connections came about and nothing in STUN was answered over any.
fn stun_filtered(case: &Case<'_>, family: Family) -> Option<CauseClaim> {
    let Udp::Blocked { by: Blocker::StunFilter, evidence } = case.udp(family) else { return None };
    let about = Detail::default().family(family);
    let over_udp = ClaimExtent::udp(case.record, family);
    let over_tcp = ClaimExtent { over: &[Transport::Udp, Transport::Tcp], ..over_udp.clone() };
    let extent = if over_tcp.holds_a_success(case.record) { over_udp } else { over_tcp };
    Some(proven(extent, Severity::Info, about, evidence.clone()))
}

/// Only IPv6 leads out, and every server has IPv4 alone. That nothing translates (RFC 6146) is known where a name with an
/// IPv4 address was given no IPv6 address for it (RFC 6147).
fn no_ipv4(case: &Case<'_>) -> Option<CauseClaim> {
    let out = usable_address(case.record, Family::Ipv6)?;
    let observations = &case.record.observations;
    let is_heard = |fact: &Fact| {
        matches!(
            fact,
            Fact::Stun(StunFact::Mapped { .. })
                | Fact::Turn(TurnFact::Challenged { .. })
                | Fact::Stream(StreamFact::Connected { .. })
        )
    };
    let has_ipv6_servers = observations.iter().filter_map(|observation| observation.fact.server()).any(|s| s.is_ipv6());
    let is_reached = !through_nat64(case.record).is_empty() || observations.iter().any(|o| is_heard(&o.fact));
    if usable_address(case.record, Family::Ipv4).is_some() || has_ipv6_servers || is_reached {
        return None;
    }
    let with_ipv4: BTreeSet<&str> = observations.iter().filter_map(|o| ipv4_name(&o.fact)).collect();
    let not_synthesised = observations.iter().find(|observation| match &observation.fact {
        Fact::Dns(DnsFact::Unresolved { name, record: DnsKind::Aaaa, failure: DnsFailure::NoData, .. }) => {
            with_ipv4.contains(name.as_str())
        }
        Fact::Dns(DnsFact::Resolved { name, record: DnsKind::Aaaa, records, .. }) => {
            records.is_empty() && with_ipv4.contains(name.as_str())
        }
        _ => false,
    })?;
    Some(proven(ClaimExtent::everything(), Severity::Critical, Detail::default(), vec![out, not_synthesised.id]))
}

fn ipv4_name(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Dns(DnsFact::Resolved { name, record: DnsKind::A, records, .. }) => {
            records.iter().any(|record| matches!(record, DnsRecord::Address(_))).then_some(name.as_str())
        }
        _ => None,
    }
}

//! Causes that the routers on the way prove, and relays: what is dropped between this machine and one of them, by sight or by
//! port.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::Assessment;
use crate::diagnose::hops::{self, LooksLike, LostOnTheWay};
use crate::diagnose::meeting::is_relayed;
use crate::diagnose::pace;
use crate::model::{Code, Detail, Endpoint, Family, SelectedPair, Severity, Strength};

/// Whatever a call sends is lost, and its checks pass: a firewall that knows STUN and lets nothing else through.
pub(crate) const ONLY_STUN_PASSES: CauseRule = CauseRule {
    code: Code::OnlyStunPasses,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            let all =
                [LooksLike::Hello, LooksLike::Rtp, LooksLike::Unassigned].map(|sight| lost(assessment, family, sight));
            let all: Vec<LostOnTheWay> = all.into_iter().collect::<Option<Vec<_>>>()?;
            let claim = claim(LostOnTheWay::of_one_filter(all), RELAY_FAILS, family);
            Some(CauseClaim { severity: Severity::Critical, ..claim })
        })
    },
    layers: &[],
    consequences: &[
        Code::DtlsFiltered,
        Code::MediaFiltered,
        Code::DtlsBlockedHere,
        Code::OwnCallDtlsBlocked,
        Code::OwnCallRelayFails,
        Code::RelayInLost,
        Code::RelayOutLost,
        Code::RelayLargeLost,
        Code::UdpPortsLimited,
        Code::CallDtlsBlocked,
        Code::CallDtlsUnheard,
        Code::CallDtlsSilent,
    ],
    instead: &[],
    bearing: Bearing::Dies,
};

/// A call comes about and nothing is heard in it.
pub(crate) const MEDIA_FILTERED: CauseRule = CauseRule {
    code: Code::MediaFiltered,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            Some(claim(lost(assessment, family, LooksLike::Rtp)?, RELAY_FAILS, family))
        })
    },
    layers: &[],
    consequences: &[
        Code::RelayInLost,
        Code::RelayOutLost,
        Code::RelayLargeLost,
        Code::UdpPortsLimited,
        Code::OwnCallRelayFails,
        Code::OwnCallRelayThin,
    ],
    instead: &[],
    bearing: Bearing::Dies,
};

/// No pair ever works, and whatever goes to a relay is wrapped, its checks among it.
pub(crate) const CHECKS_FILTERED: CauseRule = CauseRule {
    code: Code::ChecksFiltered,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            Some(claim(lost(assessment, family, LooksLike::Check)?, RELAY_FAILS, family))
        })
    },
    layers: &[],
    // Requests of TURN name their user as checks do.
    consequences: &[Code::ServerHalfSilent],
    instead: &[],
    bearing: Bearing::ReachesNoPeer,
};

/// The rivals where relays are the witnesses, as [`claim`] takes them.
const RELAY_FAILS: [&[Code]; 2] = [&[Code::OwnCallRelayFails], &[Code::LocalFirewall, Code::OwnCallRelayFails]];

/// What was lost by sight. What a direct call has passed is not, and a limit on packets takes what comes last, whatever it
/// looks like.
fn lost(assessment: &Assessment<'_>, family: Family, sight: LooksLike) -> Option<LostOnTheWay> {
    let lost = hops::lost_by_sight(assessment, family, sight).filter(|_| !has_keys(assessment, family))?;
    Some(lost).filter(|_| pace::packet_limit(assessment, family).is_none())
}

/// A call's checks pass, so that a pair is chosen, and its keys are never agreed on.
pub(crate) const DTLS_FILTERED: CauseRule = CauseRule {
    code: Code::DtlsFiltered,
    holds: |assessment| {
        in_each_family(assessment, |assessment, family| {
            let lost = [LooksLike::Hello, LooksLike::LargeHello]
                .into_iter()
                .find_map(|sight| lost(assessment, family, sight))?;
            let severity = if lost.is_before_servers { Severity::Critical } else { Severity::Warning };
            let rivals = [&[Code::OwnCallDtlsBlocked][..], &[Code::LocalFirewall, Code::OwnCallDtlsBlocked]];
            Some(CauseClaim { severity, ..claim(lost, rivals, family) })
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
            let lost = hops::lost_by_port(assessment, family);
            let lost = lost.filter(|_| pace::packet_limit(assessment, family).is_none())?;
            Some(claim(lost, [&[Code::RelayInLost], &[Code::LocalFirewall, Code::RelayInLost]], family))
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

/// Proven where it is neither this machine's filter nor a server's own; else its rivals are those at the servers, by
/// themselves or beside this machine's.
fn claim(lost: LostOnTheWay, [at_servers, here_or_there]: [&'static [Code]; 2], family: Family) -> CauseClaim {
    let rivals: &'static [Code] = match (lost.has_left, lost.is_before_servers) {
        (true, true) => &[],
        (false, true) => &[Code::LocalFirewall],
        (true, false) => at_servers,
        (false, false) => here_or_there,
    };
    CauseClaim {
        extent: ClaimExtent { kind: ClaimKind::Trait, family: Some(family), ..ClaimExtent::everything() },
        strength: if rivals.is_empty() { Strength::Proven } else { Strength::Likely },
        rivals,
        severity: Severity::Warning,
        about: Detail::default().family(family).address(lost.heard_by.map(Endpoint::Address)),
        evidence: lost.evidence,
    }
}

/// Whether a call of this machine agreed on keys on a pair without a relay.
fn has_keys(assessment: &Assessment<'_>, family: Family) -> bool {
    assessment.call.iter().filter(|call| call.timing_ms.dtls.is_some()).any(|call| {
        let is_direct = |pair: &SelectedPair| {
            let of_family = pair.local.address.address().is_none_or(|address| Family::of(address) == family);
            of_family && !is_relayed(&pair.local, &pair.remote)
        };
        call.selected.as_ref().is_some_and(is_direct)
    })
}

//! Causes in this machine: its firewall, its clock.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::layer::Layer;
use crate::diagnose::view::{interfaces, is_everyone_here, is_of_a_target};
use crate::diagnose::{Assessment, incoming};
use crate::model::{
    CandidateType, Code, Count, Detail, Endpoint, Fact, Failure, Family, IceFact, ObservationId, PairState, Protocol,
    Severity, StreamFact, Strength, StunFact, Tls, TlsProblem, Transport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// This machine itself forbade sending, as the system says (EPERM) or an ICMP error from an address of its own; or it threw
/// away what came in, as its counts show.
pub(crate) const LOCAL_FIREWALL: CauseRule = CauseRule {
    code: Code::LocalFirewall,
    holds: |assessment| {
        let claims = [in_each_family(assessment, forbidden), in_each_family(assessment, thrown_away)];
        claims.into_iter().flatten().collect()
    },
    layers: &[Layer::Machine, Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[
        Code::RelayOnlyOverTcp,
        Code::RelayInLost,
        Code::RelayOutLost,
        Code::OwnRelayedOverStream,
        Code::UdpBlocked,
        Code::UdpUnclear,
        Code::NoStunAnswer,
        Code::OneServerOnly,
        Code::NoRelay,
        Code::RelayNotTested,
    ],
    instead: &[(Code::AllowOutboundUdp, Code::AllowUdpOnThisMachine)],
    bearing: Bearing::NoUdp,
};

/// Certificates of several issuers cannot all be of another time than the clock's: it is the clock.
pub(crate) const CLOCK_WRONG: CauseRule = CauseRule {
    code: Code::ClockWrong,
    holds: |assessment| clock_wrong(assessment).into_iter().collect(),
    layers: &[Layer::Servers],
    consequences: &[],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// What was forbidden in one family. Where it is all that was asked over UDP, the claim is about UDP as a whole; else about
/// the servers, or the addresses of the other end, that were forbidden, since a rule may name one destination.
fn forbidden(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let own = own_addresses(assessment);
    let is_judged = |to: &SocketAddr| Family::of(to.ip()) == family && !is_everyone_here(assessment.record, to.ip());
    let mut evidence = Vec::new();
    let mut servers: BTreeSet<SocketAddr> = BTreeSet::new();
    let mut others: BTreeSet<IpAddr> = BTreeSet::new();
    for observation in assessment.record.observations.iter().filter(|observation| is_of_a_target(observation)) {
        let Some(server) = observation.fact.server().filter(|server| is_judged(server)) else { continue };
        match &observation.fact {
            Fact::Stun(StunFact::Unreachable { failure, .. }) | Fact::Stun(StunFact::NotOpened { failure, .. })
                if failure.is_by_this_machine(|by| own.contains(&by), server.ip()) =>
            {
                evidence.push(observation.id);
                servers.insert(server);
            }
            Fact::Stun(StunFact::Silent { transport: Transport::Udp, .. })
            | Fact::Stun(StunFact::Unreachable { .. }) => {
                others.insert(server.ip());
            }
            _ => {}
        }
    }
    // What was refused to the other end alone is a rule about its address.
    for observation in assessment.record.observations.iter().filter(|observation| observation.end.is_ours()) {
        let Fact::Ice(IceFact::Checked(pair)) = &observation.fact else { continue };
        let is_of_udp = pair.local.kind != CandidateType::Relay && pair.local.protocol == Protocol::Udp;
        let remote = pair.remote.endpoint().filter(|remote| is_of_udp && is_judged(remote));
        let Some(remote) = remote else { continue };
        if pair.is_forbidden() {
            evidence.push(observation.id);
            servers.insert(remote);
        } else if pair.state != PairState::NotChecked {
            others.insert(remote.ip());
        }
    }
    let example = *servers.first()?;
    let hosts: BTreeSet<IpAddr> = servers.iter().map(SocketAddr::ip).collect();
    let is_all_of_udp = hosts.len() > 1 && others.is_subset(&hosts);
    let about = Detail::default().address(Endpoint::Socket(example));
    let over_udp = ClaimExtent::udp(assessment.record, family);
    let extent = match is_all_of_udp {
        // Where no connection came about either, it is all that leaves this machine.
        true if !connects(assessment, family) => ClaimExtent { over: &[], ..over_udp },
        true => over_udp,
        false => ClaimExtent { servers, ..over_udp },
    };
    Some(CauseClaim { extent, strength: Strength::Proven, rivals: &[], severity: Severity::Warning, about, evidence })
}

/// Whether any connection of TCP came about, or was refused by whom it was meant for.
fn connects(assessment: &Assessment<'_>, family: Family) -> bool {
    assessment.record.observations.iter().filter(|seen| seen.end.is_ours()).any(|seen| match &seen.fact {
        Fact::Stream(StreamFact::Connected { remote, .. } | StreamFact::Secured { remote, .. }) => {
            Family::of(remote.ip()) == family
        }
        Fact::Stream(StreamFact::NotConnected { remote, failure, .. }) => {
            Family::of(remote.ip()) == family && *failure != Failure::TimedOut
        }
        _ => false,
    })
}

/// What was thrown away may be what a router says of requests that get nowhere, where such errors are not let in.
fn thrown_away(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let thrown_away = incoming::thrown_away(assessment.record, family)?;
    let is_proven = thrown_away.are_answers;
    Some(CauseClaim {
        extent: ClaimExtent::udp(assessment.record, family),
        strength: if is_proven { Strength::Proven } else { Strength::Likely },
        rivals: if is_proven { &[] } else { &[Code::UdpBlocked] },
        severity: Severity::Warning,
        about: Detail::default().family(family).count(Count::Of(thrown_away.packets)),
        evidence: thrown_away.evidence,
    })
}

fn own_addresses(assessment: &Assessment<'_>) -> BTreeSet<IpAddr> {
    interfaces(assessment.record).flat_map(|interface| &interface.addresses).map(|own| own.address).collect()
}

/// All certificates that were shown are too new, or all are too old, and at least two issuers made them.
fn clock_wrong(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    const ISSUERS: usize = 2;

    let handshakes = assessment.record.observations.iter().filter_map(|observation| match &observation.fact {
        Fact::Stream(StreamFact::Secured { tls, .. })
        | Fact::Stream(StreamFact::NotConnected { tls: Some(tls), .. }) => Some((observation.id, tls)),
        _ => None,
    });
    let is_of_time = |tls: &&Tls| matches!(tls.problem, Some(TlsProblem::NotYetValid | TlsProblem::Expired));
    let mut by_problem: BTreeMap<bool, (BTreeSet<&str>, Vec<ObservationId>)> = BTreeMap::new();
    for (id, tls) in handshakes.filter(|(_, tls)| is_of_time(tls)) {
        let Some(leaf) = tls.certificates.first() else { continue };
        let (issuers, evidence) = by_problem.entry(tls.problem == Some(TlsProblem::Expired)).or_default();
        issuers.insert(leaf.issuer.as_str());
        evidence.push(id);
    }
    let (_, evidence) = by_problem.into_values().find(|(issuers, _)| issuers.len() >= ISSUERS)?;
    let extent = ClaimExtent { kind: ClaimKind::Certificates, over: &[Transport::Tls], ..ClaimExtent::everything() };
    Some(CauseClaim {
        extent,
        strength: Strength::Proven,
        rivals: &[],
        severity: Severity::Warning,
        about: Detail::default(),
        evidence,
    })
}

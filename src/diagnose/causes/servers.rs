//! Causes at the servers' side: one of the addresses behind a name is dead, UDP is not taken, or a relay lets less through
//! than calls send.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind, in_each_family};
use crate::diagnose::Assessment;
use crate::diagnose::layer::Layer;
use crate::diagnose::reach::Udp;
use crate::diagnose::servers::ServerResult;
use crate::model::{
    Code, Count, Detail, Endpoint, Fact, Family, Leg, ObservationId, Severity, Strength, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// The other addresses of the same name answer the same question, so that neither the network nor the name is at fault.
pub(crate) const POOL_MEMBER_DEAD: CauseRule = CauseRule {
    code: Code::PoolMemberDead,
    holds: pool_members_dead,
    layers: &[Layer::Servers],
    consequences: &[],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// Bytes came in through the relay as soon as it had sent to their sender, and not before: something in front of it lets
/// in only answers. What they came in as may differ too, a Data indication before and a channel's data after (RFC 8656 §11.5,
/// §12.4), which a firewall on the way tells apart by sight; over a stream it sees neither.
pub(crate) const RELAY_PORTS_CLOSED: CauseRule =
    of_a_relay(Code::RelayPortsClosed, |assessment| relays(assessment, Code::RelayPortsClosed, closed_ports_rivals));

/// None where a relay of the same host that is reached over a stream shows the same, none of its relays the contrary, and
/// nothing is lost on this line.
fn closed_ports_rivals(assessment: &Assessment<'_>, of: &ServerResult<'_>) -> &'static [Code] {
    let host = of.server.address.map(|address| address.ip());
    let is_of_host = |server: &SocketAddr| Some(server.ip()) == host;
    let is_over_stream = assessment.servers.iter().any(|result| {
        let is_closed = result.server.error.as_ref().is_some_and(|error| error.code == Code::RelayPortsClosed);
        is_closed && result.server.transport != Transport::Udp && result.server.address.as_ref().is_some_and(is_of_host)
    });
    let stranger_came_in = assessment.record.observations.iter().any(|seen| match &seen.fact {
        Fact::Turn(TurnFact::Crossed { leg: Leg::In, spoken: false, bytes: None, class: None, server, .. }) => {
            is_of_host(server)
        }
        _ => false,
    });
    let control = assessment.samples();
    match control.answered == control.sent {
        false => &[Code::LossyPath, Code::UdpThrottled],
        true if is_over_stream && !stranger_came_in => &[],
        true => &[Code::StunFiltered],
    }
}

/// A token crossed the same leg that a large datagram did not. Both cross this line as well, over streams too, whose large
/// segments are swallowed where large datagrams are: nothing clears the line both ways.
pub(crate) const RELAY_LARGE_LOST: CauseRule = of_a_relay(Code::RelayLargeLost, |assessment| {
    relays(assessment, Code::RelayLargeLost, |_, _| &[Code::SmallPathMtu])
});

/// The server itself says that it does not relay to a peer outside, as it says to the ends of every call.
pub(crate) const RELAY_PEER_REFUSED: CauseRule = CauseRule {
    consequences: &[Code::RelayNotProven, Code::OwnCallRelayFails],
    ..of_a_relay(Code::RelayPeerRefused, |assessment| relays(assessment, Code::RelayPeerRefused, |_, _| &[]))
};

const fn of_a_relay(code: Code, holds: fn(&Assessment<'_>) -> Vec<CauseClaim>) -> CauseRule {
    CauseRule {
        code,
        holds,
        layers: &[],
        consequences: &[
            Code::RelayInLost,
            Code::RelayNotProven,
            Code::OwnCallRelayFails,
            Code::OwnCallRelayThin,
            Code::OwnCallDtlsBlocked,
        ],
        instead: &[],
        bearing: Bearing::AsMeasured,
    }
}

/// One claim for each relay in which this was found; proven where nothing else explains it.
fn relays(
    assessment: &Assessment<'_>,
    code: Code,
    rivals: fn(&Assessment<'_>, &ServerResult<'_>) -> &'static [Code],
) -> Vec<CauseClaim> {
    let found =
        assessment.servers.iter().filter(|result| result.server.error.as_ref().is_some_and(|it| it.code == code));
    let claims = found.filter_map(|result| {
        let uris = BTreeSet::from([result.server.uri.clone()]);
        let extent = ClaimExtent { kind: ClaimKind::Trait, uris, ..ClaimExtent::everything() };
        let evidence = vec![result.failed_at?];
        let (severity, about) = (Severity::Warning, Detail::default());
        let rivals = rivals(assessment, result);
        let strength = if rivals.is_empty() { Strength::Proven } else { Strength::Likely };
        Some(CauseClaim { extent, strength, rivals, severity, about, evidence })
    });
    claims.collect()
}

/// The servers that were asked speak STUN over TCP and not over UDP. One machine alone is no witness against the network.
pub(crate) const SERVER_UDP_SILENT: CauseRule = CauseRule {
    code: Code::ServerUdpSilent,
    holds: |assessment| in_each_family(assessment, udp_silent),
    layers: &[Layer::Servers, Layer::Relays],
    consequences: &[Code::RelayOnlyOverTcp, Code::OwnRelayedOverStream, Code::ServerUdpSilent],
    instead: &[],
    bearing: Bearing::NoUdp,
};

fn udp_silent(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let Udp::Unanswered(evidence) = assessment.udp(family) else { return None };
    Some(CauseClaim {
        extent: ClaimExtent::udp(assessment.record, family),
        strength: Strength::Likely,
        rivals: &[Code::UdpBlocked],
        severity: Severity::Warning,
        about: Detail::default().family(family),
        evidence: evidence.clone(),
    })
}

/// What the addresses of one name in one family are asked, so that one's answer is a control for another's silence.
type Service = (Transport, u16);

#[derive(Default)]
struct PoolMember<'a> {
    dead: BTreeMap<Service, &'a ServerResult<'a>>,
    living: BTreeSet<Service>,
}

fn pool_members_dead(assessment: &Assessment<'_>) -> Vec<CauseClaim> {
    let mut pools: BTreeMap<(&str, Family), BTreeMap<IpAddr, PoolMember<'_>>> = BTreeMap::new();
    for result in assessment.servers.iter().filter(|result| result.target.literal().is_none()) {
        let Some(address) = result.server.address else { continue };
        let members = pools.entry((&result.target.host, Family::of(address.ip()))).or_default();
        let member = members.entry(address.ip()).or_default();
        let service = (result.server.transport, address.port());
        if is_not_reached(result) {
            member.dead.insert(service, result);
        } else if result.server.error.is_none() {
            member.living.insert(service);
        }
    }
    pools.into_iter().filter_map(|((name, family), members)| dead_of(name, family, &members)).collect()
}

/// Those that fail in all that they were asked, while another address of the name does the same well.
fn dead_of(name: &str, family: Family, members: &BTreeMap<IpAddr, PoolMember<'_>>) -> Option<CauseClaim> {
    let answered: BTreeSet<Service> = members.values().flat_map(|member| member.living.iter().copied()).collect();
    let is_dead = |member: &PoolMember<'_>| {
        member.living.is_empty() && member.dead.keys().any(|service| answered.contains(service))
    };
    let dead: Vec<(&IpAddr, &PoolMember<'_>)> = members.iter().filter(|(_, member)| is_dead(member)).collect();
    let failed = || dead.iter().flat_map(|(_, member)| member.dead.values());
    let evidence: Vec<ObservationId> = failed().filter_map(|result| result.failed_at).collect();
    let servers: BTreeSet<SocketAddr> = failed().filter_map(|result| result.server.address).collect();
    let about = Detail::default()
        .name(name.to_owned())
        .address(Endpoint::Several(dead.iter().map(|(address, _)| **address).collect()))
        .count(Count::Of(members.len() as u64));
    let extent = ClaimExtent { family: Some(family), servers, ..ClaimExtent::everything() };
    let claim =
        CauseClaim { extent, strength: Strength::Proven, rivals: &[], severity: Severity::Info, about, evidence };
    (!dead.is_empty()).then_some(claim)
}

fn is_not_reached(result: &ServerResult<'_>) -> bool {
    let code = result.server.error.as_ref().map(|error| error.code);
    matches!(
        code,
        Some(
            Code::ServerSilent
                | Code::ServerUnreachable
                | Code::ServerConnectionTimedOut
                | Code::ServerRefusedConnection
                | Code::ServerClosed
        )
    )
}

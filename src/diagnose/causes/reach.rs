//! Causes on the way out: a sign-in page, no UDP, an address family that leads nowhere.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, in_each_family, likely};
use crate::diagnose::call::chance;
use crate::diagnose::echoes;
use crate::diagnose::hops;
use crate::diagnose::layer::Layer;
use crate::diagnose::nat::usable_address;
use crate::diagnose::reach::{Blocker, BrokenIpv6, Udp, crossed_bare, ipv6_broken};
use crate::diagnose::view::{Hosts, not_reached, through_nat64};
use crate::diagnose::{Assessment, portal};
use crate::model::{
    Behaviour, Code, Detail, DnsFact, DnsFailure, DnsKind, DnsRecord, Endpoint, Fact, Failure, Family, Icmp, Leg,
    ObservationId, Question, Reason, Severity, StreamFact, Strength, StunFact, Transport, TurnFact, is_inner_to,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

pub(crate) const CAPTIVE_PORTAL: CauseRule = CauseRule {
    code: Code::CaptivePortal,
    holds: |assessment| {
        let claims = portal::suspected(assessment.record).map(|portal| CauseClaim {
            strength: portal.strength,
            rivals: if portal.strength == Strength::Proven { &[] } else { &[Code::NotStun, Code::TlsNotSpoken] },
            ..proven(ClaimExtent::everything(), Severity::Critical, Detail::default(), portal.evidence)
        });
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

/// A router says itself that what is sent is prohibited, and nothing is reached by any other way.
pub(crate) const NETWORK_FORBIDS: CauseRule = CauseRule {
    code: Code::NetworkForbids,
    holds: |assessment| in_each_family(assessment, forbids),
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[Code::UdpUnclear, Code::NoStunAnswer, Code::NoRelay, Code::RelayNotTested],
    instead: &[],
    bearing: Bearing::Hides,
};

/// The same hosts answer over IPv4, so that it is not they who are silent.
pub(crate) const IPV6_BROKEN: CauseRule = CauseRule {
    code: Code::Ipv6Broken,
    holds: |assessment| {
        let extent = ClaimExtent { family: Some(Family::Ipv6), ..ClaimExtent::everything() };
        let claim = |broken: BrokenIpv6| {
            let claim = proven(extent, Severity::Warning, Detail::default(), broken.evidence);
            match broken.is_of_several {
                true => claim,
                false => CauseClaim { strength: Strength::Likely, rivals: &[Code::ServerSilent], ..claim },
            }
        };
        ipv6_broken(assessment.record).map(claim).into_iter().collect()
    },
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

pub(crate) const NO_IPV4_AND_NO_NAT64: CauseRule = CauseRule {
    code: Code::NoIpv4AndNoNat64,
    holds: |assessment| no_ipv4(assessment).into_iter().collect(),
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
    holds: |assessment| in_each_family(assessment, udp_blocked),
    layers: &[Layer::Servers, Layer::Relays],
    consequences: &[Code::RelayOnlyOverTcp, Code::OwnRelayedOverStream, Code::RelayInLost, Code::RelayOutLost],
    instead: &[],
    bearing: Bearing::NoUdp,
};

/// UDP crosses between this machine and the high port of a relay, and no server answers on a port of its own.
pub(crate) const UDP_SERVER_PORTS_SHUT: CauseRule = CauseRule {
    code: Code::UdpServerPortsShut,
    holds: |assessment| in_each_family(assessment, server_ports_shut),
    layers: &[],
    consequences: &[
        Code::UdpUnclear,
        Code::ServerSilent,
        Code::ServerHalfSilent,
        Code::ServerUdpSilent,
        Code::RelayOnlyOverTcp,
        Code::OwnRelayedOverStream,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// Every server is out of reach by the word of this machine or of a router, and nothing was heard of any.
pub(crate) const NO_WAY_OUT: CauseRule = CauseRule {
    code: Code::NoWayOut,
    holds: |assessment| no_way_out(assessment).into_iter().collect(),
    layers: &[Layer::Servers, Layer::Relays],
    consequences: &[Code::UdpUnclear, Code::NoStunAnswer, Code::NoRelay, Code::RelayNotTested],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// Not one machine of several that were asked was heard in any way, so that no control tells them from what is before them.
pub(crate) const NOTHING_ANSWERS: CauseRule = CauseRule {
    code: Code::NothingAnswers,
    holds: |assessment| nothing_answers(assessment).into_iter().collect(),
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[
        Code::UdpUnclear,
        Code::NoStunAnswer,
        Code::NoRelay,
        Code::RelayNotTested,
        Code::ServerSilent,
        Code::ServerConnectionTimedOut,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// A server's relay answers on its own port and not on that of a relayed address, into which and out of which nothing came;
/// whether this network or the server's firewall shuts such ports is not known.
pub(crate) const UDP_PORTS_LIMITED: CauseRule = CauseRule {
    code: Code::UdpPortsLimited,
    holds: |assessment| in_each_family(assessment, ports_limited),
    layers: &[],
    consequences: &[Code::RelayInLost, Code::RelayOutLost, Code::OtherAddressSilent],
    instead: &[],
    bearing: Bearing::MayNotReachPeers,
};

/// The same host is spoken with over a stream on another port; whether this network shuts the one or the server's
/// firewall does is not known.
pub(crate) const TCP_PORTS_LIMITED: CauseRule = CauseRule {
    code: Code::TcpPortsLimited,
    holds: |assessment| in_each_family(assessment, tcp_ports_limited),
    layers: &[],
    consequences: &[Code::ServerConnectionTimedOut],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// The same request without STUN's cookie is answered: it is not UDP that does not pass.
pub(crate) const STUN_FILTERED: CauseRule = CauseRule {
    code: Code::StunFiltered,
    holds: |assessment| in_each_family(assessment, stun_filtered),
    layers: &[Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: &[Code::RelayOnlyOverTcp, Code::OwnRelayedOverStream, Code::UdpBlocked],
    instead: &[(Code::AllowOutboundUdp, Code::AllowStun)],
    bearing: Bearing::NoUdp,
};

fn proven(extent: ClaimExtent, severity: Severity, about: Detail, evidence: Vec<ObservationId>) -> CauseClaim {
    CauseClaim { extent, strength: Strength::Proven, rivals: &[], severity, about, evidence }
}

/// The router of this network that says that a packet is prohibited: one with an inner address before a server outside.
pub(super) fn forbidding_router(fact: &Fact) -> Option<IpAddr> {
    let (server, failure) = match fact {
        Fact::Stun(StunFact::Unreachable { server, failure, .. }) => (server, failure),
        Fact::Stream(StreamFact::NotConnected { remote, failure, .. }) => (remote, failure),
        _ => return None,
    };
    match failure {
        Failure::Icmp { icmp: Icmp::Prohibited, by: Some(by) } => Some(*by).filter(|by| is_inner_to(*by, server.ip())),
        _ => None,
    }
}

fn forbids(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    if assessment.holds(Code::ProxyNeeded) {
        return None;
    }
    let mut evidence = Vec::new();
    let mut router = None;
    for observation in &assessment.record.observations {
        let by = forbidding_router(&observation.fact).filter(|by| Family::of(*by) == family);
        evidence.extend(by.map(|_| observation.id));
        router = router.or(by);
    }
    let about = Detail::default().family(family).address(Endpoint::Address(router?));
    let extent = ClaimExtent { family: Some(family), ..ClaimExtent::everything() };
    Some(proven(extent, Severity::Warning, about, evidence))
}

/// Whether UDP was asked at one port only, so that others may be open.
fn is_one_port(assessment: &Assessment<'_>, evidence: &[ObservationId]) -> bool {
    let silent = evidence.iter().filter_map(|id| assessment.fact(*id)).filter_map(|fact| match fact {
        Fact::Stun(StunFact::Silent { server, .. }) | Fact::Stun(StunFact::Unreachable { server, .. }) => Some(server),
        _ => None,
    });
    silent.map(SocketAddr::port).collect::<BTreeSet<u16>>().len() == 1
}

/// The servers are innocent: one of them lives. What tells the network from a firewall on this machine that drops without a
/// word is whether the packets leave this machine, and whether answers come to it; that is not asked. A router's own word
/// settles it.
fn udp_blocked(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let Udp::Blocked { by: Blocker::TheNetwork, evidence } = assessment.udp(family) else { return None };
    let is_said = evidence.iter().filter_map(|id| assessment.fact(*id)).any(|fact| forbidding_router(fact).is_some());
    Some(CauseClaim {
        extent: ClaimExtent::udp(assessment.record, family),
        strength: if is_said { Strength::Proven } else { Strength::Likely },
        rivals: match is_said {
            true => &[],
            false if is_one_port(assessment, evidence) => &[Code::LocalFirewall, Code::UdpPortsLimited],
            false => &[Code::LocalFirewall],
        },
        severity: Severity::Info,
        about: Detail::default().family(family),
        evidence: evidence.clone(),
    })
}

/// Our own second socket stands for a peer. What comes out of the relay gets in where that socket has sent there before, so
/// that both legs are lost where what it sends does not get out: unless the network shows it to the relay at another place
/// than to the server that told us its address. One high port that was reached, a closed one too, refutes it.
fn ports_limited(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    /// RFC 6335 §6: from here on nobody is assigned a port, and peers and relays have theirs.
    const DYNAMIC: u16 = 49_152;

    let Udp::Flows(_) = assessment.udp(family) else { return None };
    if hops::reaches_high_ports(assessment.record, family) {
        return None;
    }
    let nat = assessment
        .nat(family)
        .filter(|nat| nat.pool.is_none() && nat.mapping == [Behaviour::EndpointIndependent].into())?;
    let is_own = |peer: &SocketAddr| nat.nat.public_addresses.contains(&peer.ip());
    let mut lost: BTreeMap<SocketAddr, BTreeMap<Leg, ObservationId>> = BTreeMap::new();
    for observation in &assessment.record.observations {
        match &observation.fact {
            Fact::Turn(TurnFact::Crossed { peer, .. }) if is_own(peer) => return None,
            Fact::Stun(StunFact::Mapped { transport: Transport::Udp, server, .. })
                if Family::of(server.ip()) == family && server.port() >= DYNAMIC =>
            {
                return None;
            }
            Fact::Turn(TurnFact::NotCrossed { relayed, failure: Some(failure), .. })
                if failure.is_closed_port_of(relayed.ip()) || *failure == Failure::Forbidden =>
            {
                return None;
            }
            // An address that is not the server's own may be nobody's: whether its host lives is not known.
            Fact::Turn(TurnFact::NotCrossed { leg, server, relayed, peer, bytes: None, class: None, .. })
                if Family::of(relayed.ip()) == family
                    && relayed.ip() == server.ip()
                    && peer.as_ref().is_none_or(is_own) =>
            {
                lost.entry(*relayed).or_default().insert(*leg, observation.id);
            }
            _ => {}
        }
    }
    let both_ways = lost.into_values().filter(|legs| legs.len() > 1);
    let at_relays = both_ways.flat_map(BTreeMap::into_values);
    let at_ours = echoes::high_ports_lost(assessment.record, family);
    let at_ours = at_ours.filter(|(copies, _)| !chance::loses_all_of(*copies, nat.samples()));
    let at_relays: Vec<ObservationId> = at_relays.collect();
    // The firewall before a server of ours may shut its ports as that before a relay may.
    let rivals: &[Code] =
        if at_relays.is_empty() { &[Code::ServerHalfSilent] } else { &[Code::RelayInLost, Code::RelayOutLost] };
    let evidence = at_relays.into_iter().chain(at_ours.into_iter().flat_map(|(_, ids)| ids)).collect();
    likely(Some(family), rivals, Detail::default().family(family), evidence)
}

fn server_ports_shut(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let Udp::Unclear(evidence) = assessment.udp(family) else { return None };
    crossed_bare(assessment.record, family)?;
    likely(Some(family), &[Code::ServerUdpSilent], Detail::default().family(family), evidence.clone())
}

fn no_way_out(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let hosts = Hosts::of(assessment.record);
    let (mut evidence, mut machines, mut last) = (Vec::new(), BTreeSet::new(), None);
    for seen in assessment.record.observations.iter().filter(|seen| seen.end.is_ours()) {
        let failure = match (not_reached(&seen.fact), &seen.fact) {
            (Some(failure), _) => failure,
            (None, Fact::Stun(StunFact::Silent { .. })) => continue,
            (None, Fact::Stun(_) | Fact::Turn(_) | Fact::Stream(_)) if seen.fact.server().is_some() => return None,
            _ => continue,
        };
        match failure {
            Failure::NoRoute
            | Failure::HostUnreachable
            | Failure::Icmp { icmp: Icmp::NetUnreachable | Icmp::HostUnreachable, .. } => {
                evidence.push(seen.id);
                machines.extend(seen.fact.server().map(|server| hosts.name(server.ip())));
                last = Some(failure);
            }
            Failure::TimedOut => {}
            _ => return None,
        }
    }
    let refusal = last.filter(|_| machines.len() > 1)?.refusal()?;
    let about = Detail::default().reason(Reason::from(refusal));
    Some(proven(ClaimExtent::everything(), Severity::Critical, about, evidence))
}

fn nothing_answers(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let hosts = Hosts::of(assessment.record);
    let (mut evidence, mut machines) = (Vec::new(), BTreeSet::new());
    let mut over_stream = false;
    for seen in assessment.record.observations.iter().filter(|seen| seen.end.is_ours()) {
        let Some(server) = seen.fact.server() else { continue };
        match &seen.fact {
            Fact::Stun(StunFact::Silent { .. })
            | Fact::Stream(StreamFact::NotConnected { failure: Failure::TimedOut, .. }) => {
                evidence.push(seen.id);
                machines.insert(hosts.name(server.ip()));
                over_stream |= matches!(seen.fact, Fact::Stream(_));
            }
            Fact::Stun(_) | Fact::Turn(_) | Fact::Stream(_) => return None,
            _ => {}
        }
    }
    let extent = ClaimExtent::everything();
    (over_stream && machines.len() > 1).then(|| CauseClaim {
        extent,
        strength: Strength::Likely,
        rivals: &[Code::CaptivePortal, Code::LocalFirewall, Code::ServerSilent],
        severity: Severity::Warning,
        about: Detail::default(),
        evidence,
    })
}

fn tcp_ports_limited(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let is_stream = |transport: &Transport| matches!(transport, Transport::Tcp | Transport::Tls);
    let observations = &assessment.record.observations;
    let spoken_with = observations.iter().find_map(|seen| match &seen.fact {
        Fact::Stun(StunFact::Mapped { transport, server, .. })
        | Fact::Turn(TurnFact::Challenged { transport, server, .. })
        | Fact::Turn(TurnFact::Allocated { transport, server, .. })
            if is_stream(transport) && Family::of(server.ip()) == family =>
        {
            Some((server.ip(), seen.id))
        }
        // A handshake that broke off as soon as the server was named, and came about without: the host lives.
        Fact::Stream(StreamFact::Secured { remote, .. })
            if seen.by.question == Question::ServerName && Family::of(remote.ip()) == family =>
        {
            Some((remote.ip(), seen.id))
        }
        _ => None,
    });
    let (host, control) = spoken_with?;
    let unanswered = observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Stream(StreamFact::NotConnected { remote, failure: Failure::TimedOut, .. }) if remote.ip() == host => {
            Some((*remote, seen.id))
        }
        _ => None,
    });
    let unanswered: BTreeMap<SocketAddr, ObservationId> = unanswered.collect();
    let example = *unanswered.keys().next()?;
    let servers = unanswered.keys().copied().collect();
    Some(CauseClaim {
        extent: ClaimExtent { over: &[Transport::Tcp, Transport::Tls], servers, ..ClaimExtent::everything() },
        strength: Strength::Likely,
        rivals: &[Code::ServerConnectionTimedOut],
        severity: Severity::Warning,
        about: Detail::default().family(family).address(Endpoint::Socket(example)),
        evidence: unanswered.into_values().chain([control]).collect(),
    })
}

/// Over TCP as well, where connections came about and nothing in STUN was answered over any.
fn stun_filtered(assessment: &Assessment<'_>, family: Family) -> Option<CauseClaim> {
    let Udp::Blocked { by: Blocker::StunFilter, evidence } = assessment.udp(family) else { return None };
    let about = Detail::default().family(family);
    let over_udp = ClaimExtent::udp(assessment.record, family);
    let over_tcp = ClaimExtent { over: &[Transport::Udp, Transport::Tcp], ..over_udp.clone() };
    let extent = if over_tcp.holds_a_success(assessment.record) { over_udp } else { over_tcp };
    Some(proven(extent, Severity::Info, about, evidence.clone()))
}

/// Only IPv6 leads out, and every server has IPv4 alone. That nothing translates (RFC 6146) is known where a name with an
/// IPv4 address was given no IPv6 address for it (RFC 6147).
fn no_ipv4(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let out = usable_address(assessment.record, Family::Ipv6)?;
    let observations = &assessment.record.observations;
    let is_heard = |fact: &Fact| {
        matches!(
            fact,
            Fact::Stun(StunFact::Mapped { .. })
                | Fact::Turn(TurnFact::Challenged { .. })
                | Fact::Stream(StreamFact::Connected { .. })
        )
    };
    let has_ipv6_servers = observations.iter().filter_map(|observation| observation.fact.server()).any(|s| s.is_ipv6());
    let is_reached = !through_nat64(assessment.record).is_empty() || observations.iter().any(|o| is_heard(&o.fact));
    if usable_address(assessment.record, Family::Ipv4).is_some() || has_ipv6_servers || is_reached {
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

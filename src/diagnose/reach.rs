//! Does UDP get through, is a server dead, or is the name, or the whole family, at fault? One silence has many causes;
//! they are told apart by what else was heard. (RFC 5780 §4.2; the families apart.)
//!
//! "The network blocks UDP" is said only where a control shows that the silence is not the servers': at least two
//! machines are silent over UDP, and one of them lives, as it takes or refuses TCP or speaks STUN over it. One machine
//! alone, whatever it says over TCP, may be one whose UDP port is closed or was never published. In the same way this
//! machine is said to block UDP only where it refuses to send to two of them, as one destination may be special, or where
//! its own counts show that it throws away the answers. One silent server among answering ones is a dead server.

use super::view::{Hosts, is_of_a_target, named_by_others, widest_scope};
use super::{incoming, proxied};
use crate::model::{
    Asked, Code, Fact, Failure, Family, HostFact, Leg, Observation, ObservationId, Record, Scope, StreamFact, StunFact,
    TlsProblem, Transport, TurnFact, is_nat64,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Whether UDP crosses, in one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Udp {
    Flows(Vec<ObservationId>),
    Blocked {
        by: Blocker,
        evidence: Vec<ObservationId>,
    },
    /// The servers that were asked live, as they speak STUN over streams, and over UDP none of them answers. Whether it is
    /// they or the network: a call that has no other servers goes as if UDP were blocked.
    Unanswered(Vec<ObservationId>),
    /// Asked, and nothing tells a blocked network from dead servers.
    Unclear(Vec<ObservationId>),
    NotAsked,
}

impl Udp {
    /// What shows that a call from here has to do without UDP.
    pub(crate) fn absent(&self) -> Option<&[ObservationId]> {
        match self {
            Self::Blocked { evidence, .. } | Self::Unanswered(evidence) => Some(evidence),
            Self::Flows(_) | Self::Unclear(_) | Self::NotAsked => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocker {
    ThisMachine,
    TheNetwork,
    /// Something on the way knows STUN by sight: the same request without its cookie is answered.
    StunFilter,
}

impl Blocker {
    /// Under which it is told.
    pub(crate) const fn code(self) -> Code {
        match self {
            Self::ThisMachine => Code::LocalFirewall,
            Self::TheNetwork => Code::UdpBlocked,
            Self::StunFilter => Code::StunFiltered,
        }
    }
}

/// A server to which nothing in STUN got through answered the same in RFC 3489's form, and more than once.
fn without_cookie(fact: &Fact) -> Option<IpAddr> {
    match fact {
        Fact::Stun(StunFact::Tallied { asked: Asked::Rfc3489, server, tally, .. }) if tally.answered > 1 => {
            Some(server.ip())
        }
        _ => None,
    }
}

/// What one fact says of the way to the server it is about.
enum Sign {
    UdpHeard,
    /// Nothing came back over UDP, or a router said that nothing will.
    UdpLost,
    /// This machine would not even send.
    UdpForbidden,
    /// The host said itself that nobody listens: the way there and back is open.
    HostAlive,
    StunOverStream,
}

fn sign(fact: &Fact) -> Option<Sign> {
    let over_udp = |transport| if transport == Transport::Udp { Sign::UdpHeard } else { Sign::StunOverStream };
    match fact {
        Fact::Stun(StunFact::Mapped { transport, .. })
        | Fact::Stun(StunFact::Refused { transport, .. })
        | Fact::Turn(TurnFact::Challenged { transport, .. })
        | Fact::Turn(TurnFact::Allocated { transport, .. }) => Some(over_udp(*transport)),
        Fact::Stun(StunFact::Answered { .. }) | Fact::Stun(StunFact::Anomalous { transport: Transport::Udp, .. }) => {
            Some(Sign::UdpHeard)
        }
        Fact::Stun(StunFact::Silent { transport: Transport::Udp, asked: Asked::Plain, .. }) => Some(Sign::UdpLost),
        Fact::Stun(StunFact::Unreachable { local, server, failure, .. })
            if failure.is_by_this_machine(|by| by == local.ip(), server.ip()) =>
        {
            Some(Sign::UdpForbidden)
        }
        Fact::Stun(StunFact::Unreachable { server, failure, .. })
        | Fact::Stun(StunFact::NotOpened { server, failure }) => match failure {
            Failure::Forbidden => Some(Sign::UdpForbidden),
            failure if failure.is_closed_port_of(server.ip()) => Some(Sign::HostAlive),
            Failure::OutOfSockets | Failure::AddressInUse => None,
            _ => Some(Sign::UdpLost),
        },
        Fact::Stream(StreamFact::Connected { .. }) | Fact::Stream(StreamFact::Secured { .. }) => Some(Sign::HostAlive),
        // What speaks HTTP where TLS was to be spoken may be a sign-in page, in the name of any host.
        Fact::Stream(StreamFact::NotConnected {
            failure: Failure::Tls { problem: TlsProblem::NotTls { .. } }, ..
        }) => None,
        Fact::Stream(StreamFact::NotConnected {
            failure: Failure::Refused | Failure::Reset | Failure::Tls { .. },
            ..
        }) => Some(Sign::HostAlive),
        _ => None,
    }
}

/// Whether UDP crosses between this machine and the widest network in which servers of `family` were asked.
pub(crate) fn udp(record: &Record, family: Family) -> Udp {
    let scope = widest_scope(record, family);
    let (hosts, named) = (Hosts::of(record), named_by_others(record));
    let mut heard = Vec::new();
    let mut forbidden: BTreeMap<IpAddr, Vec<ObservationId>> = BTreeMap::new();
    let mut lost: BTreeMap<IpAddr, Vec<ObservationId>> = BTreeMap::new();
    let mut alive: BTreeMap<IpAddr, ObservationId> = BTreeMap::new();
    let mut speaks_stun: BTreeMap<IpAddr, ObservationId> = BTreeMap::new();
    let mut known_by_sight: BTreeMap<IpAddr, ObservationId> = BTreeMap::new();
    for observation in &record.observations {
        known_by_sight.extend(without_cookie(&observation.fact).map(|server| (server, observation.id)));
        let (Some(server), Some(sign)) = (observation.fact.server(), sign(&observation.fact)) else { continue };
        if (!is_of_a_target(observation) || named.contains(&server)) && !matches!(sign, Sign::UdpHeard) {
            // An address that somebody named, and that is silent, may never have been alive.
            continue;
        }
        let (server, id) = (server.ip(), observation.id);
        if Family::of(server) != family || Scope::of(server) != scope || is_nat64(server) {
            continue;
        }
        match sign {
            Sign::UdpHeard => heard.push(id),
            Sign::UdpLost => lost.entry(server).or_default().push(id),
            Sign::UdpForbidden => forbidden.entry(server).or_default().push(id),
            Sign::HostAlive => {
                alive.entry(server).or_insert(id);
            }
            Sign::StunOverStream => {
                speaks_stun.entry(server).or_insert(id);
            }
        }
    }
    if !heard.is_empty() {
        return Udp::Flows(heard);
    }
    speaks_stun.extend(proxied::alive(record));
    let machines =
        |servers: &BTreeMap<IpAddr, _>| servers.keys().map(|server| hosts.name(*server)).collect::<BTreeSet<_>>().len();
    let all = |servers: &BTreeMap<IpAddr, Vec<ObservationId>>| servers.values().flatten().copied().collect();
    if let Some(thrown_away) = incoming::thrown_away(record, family) {
        let evidence = thrown_away.evidence.into_iter().chain(all(&lost)).collect();
        return Udp::Blocked { by: Blocker::ThisMachine, evidence };
    }
    if machines(&forbidden) > 1 {
        return Udp::Blocked { by: Blocker::ThisMachine, evidence: all(&forbidden) };
    }
    let mut evidence: Vec<ObservationId> = all(&lost);
    if evidence.is_empty() {
        evidence = all(&forbidden);
        return if evidence.is_empty() { Udp::NotAsked } else { Udp::Unclear(evidence) };
    }
    let on_a_lost_host =
        |controls: &BTreeMap<IpAddr, ObservationId>| lost.keys().find_map(|server| controls.get(server)).copied();
    if let Some(control) = on_a_lost_host(&known_by_sight) {
        evidence.push(control);
        return Udp::Blocked { by: Blocker::StunFilter, evidence };
    }
    if let Some(crossed) = crossed_bare(record, family) {
        evidence.extend(crossed);
        return Udp::Unclear(evidence);
    }
    let control = on_a_lost_host(&speaks_stun).or_else(|| on_a_lost_host(&alive));
    match control.filter(|_| machines(&lost) > 1) {
        Some(control) => {
            evidence.push(control);
            Udp::Blocked { by: Blocker::TheNetwork, evidence }
        }
        None => match on_a_lost_host(&speaks_stun) {
            Some(control) => {
                evidence.push(control);
                Udp::Unanswered(evidence)
            }
            None => Udp::Unclear(evidence),
        },
    }
}

/// What crossed both ways, over UDP and bare, between a socket of this machine's, at an address that servers see it at, and
/// a relay that is spoken with over another transport. Without UDP another server's address stands for a peer.
pub(crate) fn crossed_bare(record: &Record, family: Family) -> Option<[ObservationId; 2]> {
    let seen_at = record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Stun(StunFact::Mapped { mapped, .. }) => Some(mapped.ip()),
        Fact::Turn(TurnFact::Allocated { mapped: Some(mapped), .. }) => Some(mapped.ip()),
        _ => None,
    });
    let own: BTreeSet<IpAddr> = seen_at.collect();
    let crossed = |wanted: Leg| {
        record.observations.iter().find(|seen| match &seen.fact {
            Fact::Turn(TurnFact::Crossed { leg, relayed, peer, .. }) => {
                let is_own = own.contains(&peer.ip()) && peer.ip() != relayed.ip();
                *leg == wanted && Family::of(peer.ip()) == family && is_own && seen.end.is_ours()
            }
            _ => false,
        })
    };
    Some([crossed(Leg::In)?.id, crossed(Leg::Out)?.id])
}

/// IPv6 that is there by its looks and leads nowhere.
pub(crate) struct BrokenIpv6 {
    pub evidence: Vec<ObservationId>,
    /// More than one machine was tried: one alone may have IPv6 addresses in its name and no IPv6.
    pub is_of_several: bool,
}

/// There is a public address of IPv6, and nothing comes from there, while the same hosts answer over IPv4 or more than
/// one IPv6 server was tried.
pub(crate) fn ipv6_broken(record: &Record) -> Option<BrokenIpv6> {
    let has_public_address = |observation: &&Observation| {
        matches!(&observation.fact, Fact::Host(HostFact::Interface(interface)) if interface.up
            && interface.addresses.iter().any(|a| a.address.is_ipv6() && Scope::of(a.address) == Scope::Public))
    };
    let interface = record.observations.iter().find(has_public_address)?.id;
    let (hosts, named) = (Hosts::of(record), named_by_others(record));
    let mut failed: BTreeMap<SocketAddr, ObservationId> = BTreeMap::new();
    let mut answering_over_ipv4: BTreeSet<String> = BTreeSet::new();
    for observation in record.observations.iter().filter(|observation| is_of_a_target(observation)) {
        let Some(server) = observation.fact.server().filter(|server| !named.contains(server)) else { continue };
        let is_sign_of_life = !matches!(sign(&observation.fact), None | Some(Sign::UdpLost | Sign::UdpForbidden));
        match (server, is_sign_of_life) {
            (SocketAddr::V4(_), true) => {
                answering_over_ipv4.insert(hosts.name(server.ip()));
            }
            (SocketAddr::V6(_), true) => return None,
            (SocketAddr::V6(_), false) if Scope::of(server.ip()) == Scope::Public => {
                failed.entry(server).or_insert(observation.id);
            }
            _ => {}
        }
    }
    let addresses: BTreeSet<IpAddr> = failed.keys().map(SocketAddr::ip).collect();
    let answers_over_ipv4 = failed.keys().any(|server| answering_over_ipv4.contains(&hosts.name(server.ip())));
    let machines: BTreeSet<String> = addresses.iter().map(|address| hosts.name(*address)).collect();
    let is_so = !failed.is_empty() && !answering_over_ipv4.is_empty() && (addresses.len() > 1 || answers_over_ipv4);
    is_so.then(|| BrokenIpv6 {
        evidence: [interface].into_iter().chain(failed.into_values()).collect(),
        is_of_several: machines.len() > 1,
    })
}

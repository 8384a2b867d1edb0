//! Views of a record that several judgements share: whom a fact is about, and who saw us where.

use crate::model::{
    DnsFact, DnsRecord, Fact, Failure, Family, HostFact, IPV4_ONLY, Interface, Leg, Observation, ObservationId,
    Question, Record, Scope, ServerUri, StreamFact, StunFact, Target, Transport, TurnFact, is_nat64,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// This machine's interfaces, as they were met.
pub(crate) fn interfaces(record: &Record) -> impl Iterator<Item = &Interface> {
    record.observations.iter().filter_map(|observation| match &observation.fact {
        Fact::Host(HostFact::Interface(interface)) => Some(interface),
        _ => None,
    })
}

/// Whether an address is that of all hosts on a network of this machine's, to which the system itself lets nothing go.
pub(crate) fn is_everyone_here(record: &Record, address: IpAddr) -> bool {
    let mut own = interfaces(record).flat_map(|interface| &interface.addresses);
    own.any(|own| own.is_everyone_on_subnet(address))
}

/// What kept a datagram or a connection from its server, as this machine or a router said.
pub(crate) fn not_reached(fact: &Fact) -> Option<&Failure> {
    match fact {
        Fact::Stun(StunFact::Unreachable { failure, .. } | StunFact::NotOpened { failure, .. })
        | Fact::Stream(StreamFact::NotConnected { failure, .. }) => Some(failure),
        _ => None,
    }
}

/// Whether the fact was seen of a server that was itself to be asked, not of its alternate address.
pub(crate) fn is_of_a_target(observation: &Observation) -> bool {
    matches!(observation.by.question, Question::Binding | Question::Relay)
}

/// Endpoints that others named and nobody was to ask: relayed addresses, alternate servers and second addresses. What
/// becomes of packets to them tells of those addresses, and nothing of this network.
pub(crate) fn named_by_others(record: &Record) -> BTreeSet<SocketAddr> {
    let named = record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Turn(TurnFact::Allocated { relayed, .. }) => Some(relayed),
        Fact::Stun(StunFact::Refused { alternate, .. }) => alternate,
        Fact::Stun(StunFact::Mapped { other, .. }) => other,
        _ => None,
    });
    let mut named: BTreeSet<SocketAddr> = named.collect();
    for observation in &record.observations {
        if let Fact::Dns(DnsFact::Located { server }) = observation.fact {
            named.remove(&server);
        }
    }
    named
}

/// The widest scope in which servers of `family` were asked: what happens in a narrower one, on the way to a server
/// in the same building, says nothing of the way to the internet. An alternate address counts once it has answered: a
/// server may tell any. Servers behind NAT64 are IPv4's.
pub(crate) fn widest_scope(record: &Record, family: Family) -> Scope {
    let named = named_by_others(record);
    let has_answered = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Mapped { .. }));
    record
        .observations
        .iter()
        .filter(|observation| is_of_a_target(observation) || has_answered(&observation.fact))
        .filter_map(|observation| {
            let server = observation.fact.server()?;
            (has_answered(&observation.fact) || !named.contains(&server)).then_some(server)
        })
        .filter(|server| Family::of(server.ip()) == family && !is_nat64(server.ip()))
        .map(|server| Scope::of(server.ip()))
        .max()
        .unwrap_or(Scope::Nowhere)
}

/// One server's word on where one of our UDP sockets comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReflexiveObservation {
    pub id: ObservationId,
    pub local: SocketAddr,
    pub server: SocketAddr,
    pub mapped: SocketAddr,
    /// How many requests it took.
    pub sent: u32,
}

impl ReflexiveObservation {
    pub(crate) fn is_translated(&self) -> bool {
        self.mapped != self.local
    }
}

pub(crate) fn ids<'a>(reflexive: impl IntoIterator<Item = &'a ReflexiveObservation>) -> Vec<ObservationId> {
    reflexive.into_iter().map(|sighting| sighting.id).collect()
}

/// The sightings of one family by servers in `scope`. Left out: a socket known only by a wildcard address, for which
/// "translated" cannot be told; an answer of the other family, which tells of NAT64; and what the lifetime probe saw,
/// whose mappings are meant to change.
pub(crate) fn reflexive(record: &Record, family: Family, scope: Scope) -> Vec<ReflexiveObservation> {
    let all = record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { transport: Transport::Udp, local, server, mapped, sent, .. })
            if !matches!(observation.by.question, Question::Lifetime | Question::PathMtu) =>
        {
            Some(ReflexiveObservation { id: observation.id, local, server, mapped, sent })
        }
        _ => None,
    });
    all.filter(|seen| {
        let same_family = [seen.local, seen.server, seen.mapped].iter().all(|a| Family::of(a.ip()) == family);
        same_family
            && !seen.local.ip().is_unspecified()
            && Scope::of(seen.server.ip()) == scope
            && !is_nat64(seen.server.ip())
    })
    .collect()
}

/// The answers that came through a NAT64: what the server saw of us is of the other family, and its own address is one
/// that a NAT64 made, of the well-known prefix or of one that the names here tell (RFC 7050). A server may
/// see us in the other family by itself, behind a proxy of its own.
pub(crate) fn through_nat64(record: &Record) -> Vec<ObservationId> {
    let prefixes = nat64_prefixes(record);
    let made_of_ipv4 = |server: IpAddr| {
        is_nat64(server)
            || matches!(server, IpAddr::V6(v6) if v6.octets().first_chunk().is_some_and(|prefix| prefixes.contains(prefix)))
    };
    let through = record.observations.iter().filter(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { local, server, mapped, .. }) => {
            Family::of(local.ip()) != Family::of(mapped.ip()) && made_of_ipv4(server.ip())
        }
        _ => false,
    });
    through.map(|observation| observation.id).collect()
}

/// The last two labels: whose names are usually one operator's.
pub(crate) fn domain(name: &str) -> &str {
    name.rmatch_indices('.').nth(1).map_or(name, |(dot, _)| &name[dot + 1..])
}

/// The prefixes, of 96 bits as nearly all are, before the addresses that the name of IPv4 itself has here, and before a name's
/// own IPv4 address in one of its IPv6 addresses (RFC 6052 §2.2, RFC 6147 §5.1.7).
fn nat64_prefixes(record: &Record) -> BTreeSet<[u8; 12]> {
    let addresses = || {
        let resolved = record.observations.iter().filter_map(|observation| match &observation.fact {
            Fact::Dns(DnsFact::Resolved { name, records, .. }) => Some((name.trim_end_matches('.'), records)),
            _ => None,
        });
        resolved.flat_map(|(name, records)| {
            records.iter().filter_map(move |record| match record {
                DnsRecord::Address(address) => Some((name, *address)),
                DnsRecord::Service { .. } => None,
            })
        })
    };
    let of_ipv4: BTreeSet<(&str, [u8; 4])> = addresses()
        .filter_map(|(name, address)| if let IpAddr::V4(v4) = address { Some((name, v4.octets())) } else { None })
        .collect();
    let made_of_ipv4 = |(name, address): (&str, IpAddr)| {
        let IpAddr::V6(v6) = address else { return None };
        let octets = v6.octets();
        let (prefix, last) = (octets.first_chunk()?, octets.last_chunk()?);
        (name == IPV4_ONLY || of_ipv4.contains(&(name, *last))).then_some(*prefix)
    };
    addresses().filter_map(made_of_ipv4).collect()
}

/// Which configured server an address belongs to, a server's alternate address to the same as its own.
#[derive(Debug, Default)]
pub(crate) struct Hosts<'a>(BTreeMap<IpAddr, &'a str>);

impl<'a> Hosts<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        let targets: BTreeSet<&Target> = record.targets.iter().collect();
        let mut hosts = BTreeMap::new();
        for observation in record.observations.iter().filter(|observation| is_of_a_target(observation)) {
            let target = observation.by.uri.as_ref().and_then(ServerUri::target).and_then(|target| targets.get(target));
            let (Some(&target), Some(server)) = (target, observation.fact.server()) else { continue };
            let host = target.host.as_str();
            hosts.entry(server.ip()).or_insert(host);
            if let Fact::Stun(StunFact::Mapped { other: Some(other), .. }) = observation.fact {
                hosts.entry(other.ip()).or_insert(host);
            }
        }
        Self(hosts)
    }

    /// The host's name; the address itself where it belongs to no configured server.
    pub(crate) fn name(&self, address: IpAddr) -> String {
        self.0.get(&address).map_or_else(|| address.to_string(), |&host| host.to_owned())
    }
}

/// The addresses at which each host saw this machine elsewhere than at the port that is asked over UDP: over streams, and
/// at the ports of its relays.
pub(crate) fn seen_elsewhere(record: &Record, hosts: &Hosts<'_>) -> BTreeMap<String, BTreeSet<IpAddr>> {
    let mut all: BTreeMap<String, BTreeSet<IpAddr>> = BTreeMap::new();
    for observation in record.observations.iter().filter(|observation| observation.end.is_ours()) {
        let (host, seen_at) = match &observation.fact {
            Fact::Stun(StunFact::Mapped { transport: Transport::Tcp | Transport::Tls, server, mapped, .. })
            | Fact::Turn(TurnFact::Allocated {
                transport: Transport::Tcp | Transport::Tls,
                server,
                mapped: Some(mapped),
                ..
            }) => (server, mapped),
            Fact::Turn(TurnFact::Crossed { leg: Leg::In, server, relayed, peer, .. })
                if relayed.ip() == server.ip() && peer.ip() != relayed.ip() =>
            {
                (server, peer)
            }
            _ => continue,
        };
        all.entry(hosts.name(host.ip())).or_default().insert(seen_at.ip());
    }
    all
}

/// Takes out the sightings of servers that nobody agrees with: where at least three hosts were asked and most saw one
/// address, a host that saw only addresses that no other host saw is wrong about us (or behind something that is). So is
/// one that sees us, elsewhere than at that port, where another host does: something in front of the port hides its clients.
/// Returns what is left, and what was taken out by host.
pub(crate) fn without_outliers(
    seen: Vec<ReflexiveObservation>,
    hosts: &Hosts<'_>,
    elsewhere: &BTreeMap<String, BTreeSet<IpAddr>>,
) -> (Vec<ReflexiveObservation>, BTreeMap<String, Vec<ReflexiveObservation>>) {
    /// A majority needs three to be one.
    const HOSTS_FOR_A_MAJORITY: usize = 3;

    let mut seen_by: BTreeMap<String, BTreeSet<IpAddr>> = BTreeMap::new();
    let mut seers: BTreeMap<IpAddr, BTreeSet<String>> = BTreeMap::new();
    for sighting in &seen {
        let host = hosts.name(sighting.server.ip());
        seen_by.entry(host.clone()).or_default().insert(sighting.mapped.ip());
        seers.entry(sighting.mapped.ip()).or_default().insert(host);
    }
    let largest = seers.values().map(BTreeSet::len).max().unwrap_or(0);
    let has_majority = seen_by.len() >= HOSTS_FOR_A_MAJORITY && largest * 2 > seen_by.len();
    let denies_itself = |host: &String, addresses: &BTreeSet<IpAddr>| {
        let is_of_another =
            |address: &IpAddr| seers.get(address).is_some_and(|seers| seers.iter().any(|it| it != host));
        let asked_of_it = seen.iter().filter(|sighting| hosts.name(sighting.server.ip()) == *host);
        let sockets: BTreeSet<SocketAddr> = asked_of_it.map(|sighting| sighting.local).collect();
        sockets.len() > 1
            && elsewhere.get(host).is_some_and(|at| at.is_disjoint(addresses) && at.iter().all(is_of_another))
    };
    let is_alone = |(host, addresses): &(&String, &BTreeSet<IpAddr>)| {
        addresses.iter().all(|address| seers.get(address).is_some_and(|hosts| hosts.len() == 1))
            && (has_majority || denies_itself(host, addresses))
    };
    let alone: BTreeSet<String> = seen_by.iter().filter(is_alone).map(|(host, _)| host.clone()).collect();
    let mut outliers: BTreeMap<String, Vec<ReflexiveObservation>> = BTreeMap::new();
    let (out, kept) = seen.into_iter().partition(|sighting| alone.contains(&hosts.name(sighting.server.ip())));
    let out: Vec<ReflexiveObservation> = out;
    for sighting in out {
        outliers.entry(hosts.name(sighting.server.ip())).or_default().push(sighting);
    }
    (kept, outliers)
}

//! Resolves a name in the DNS.
//!
//! Names are resolved as the system would, hosts file and `localhost` included, since a browser does so too: a name of one
//! label in the system's search domains, any other as it stands. Without a cache, so that each answer is current. The configuration is read for each query,
//! since the network may have changed since the last.

use super::clock::within;
use super::inbox::Inbox;
use crate::machine::{Input, QueryId};
use crate::model::{DnsFailure, DnsKind, DnsRecord, FailureMessage};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The most attempts: one over UDP, whose datagram is sent again while it waits, and one over TCP where a response was
/// truncated.
const LONGEST: u32 = 2;

/// Services in the field have 1 to 4; RFC 5928 gives no limit.
const MAX_RECORDS: usize = 16;

/// Of the targets of a service the first ones are tried: each that is silent costs seconds.
const MAX_SERVICES: usize = 3;

/// Which name servers to ask, and how long to wait for each response.
#[derive(Clone)]
pub(super) struct NameServers {
    /// None for those of the system.
    pub instead: Option<Vec<SocketAddr>>,
    pub attempt_limit: Duration,
}

/// Resolves a name and gives the result to the driver.
pub(super) async fn resolve(query: QueryId, name: String, kind: DnsKind, servers: NameServers, inbox: Inbox) {
    let asked = within(servers.attempt_limit * LONGEST, lookup(&name, kind, &servers)).await;
    inbox.put(Input::Resolved { query, answer: asked.unwrap_or(Err(DnsFailure::TimedOut)) }).await;
}

/// The addresses of a host, IPv6 and IPv4 alternating (RFC 8305 §4); a literal is returned as it is.
pub(super) async fn addresses(host: &str, servers: &NameServers) -> Result<Vec<IpAddr>, DnsFailure> {
    if let Ok(literal) = host.parse() {
        return Ok(vec![literal]);
    }
    let family = async |kind| within(servers.attempt_limit * LONGEST, lookup(host, kind, servers)).await;
    let (v6, v4) = tokio::join!(family(DnsKind::Aaaa), family(DnsKind::A));
    let (v6, v4) = (v6.unwrap_or(Err(DnsFailure::TimedOut)), v4.unwrap_or(Err(DnsFailure::TimedOut)));
    let found = |records: &Result<Vec<DnsRecord>, DnsFailure>| -> Vec<IpAddr> {
        let address = |record: &DnsRecord| match record {
            DnsRecord::Address(address) => Some(*address),
            DnsRecord::Service { .. } => None,
        };
        records.iter().flatten().filter_map(address).collect()
    };
    let (sixes, fours) = (found(&v6), found(&v4));
    let turns = sixes.len().max(fours.len());
    let both: Vec<_> = (0..turns).flat_map(|turn| [sixes.get(turn), fours.get(turn)]).flatten().copied().collect();
    match (both.is_empty(), v4, v6) {
        (false, ..) => Ok(both),
        (true, Err(failure), _) | (true, _, Err(failure)) => Err(failure),
        (true, ..) => Err(DnsFailure::NoData),
    }
}

/// Where a service of a domain is (RFC 2782): targets with their ports, in the order in which they are to be tried. Empty where
/// DNS names none.
pub(super) async fn services(name: &str, servers: &NameServers) -> Vec<(String, u16)> {
    let asked = within(servers.attempt_limit * LONGEST, lookup(name, DnsKind::Srv, servers)).await;
    let records = asked.and_then(Result::ok).unwrap_or_default();
    let named = records.into_iter().filter_map(|record| match record {
        // The root stands for "not at all".
        DnsRecord::Service { priority, weight, port, target } if !target.is_empty() => {
            Some(((priority, u16::MAX - weight), (target, port)))
        }
        DnsRecord::Service { .. } | DnsRecord::Address(_) => None,
    });
    let mut ranked: Vec<_> = named.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(MAX_SERVICES).map(|(_, place)| place).collect()
}

async fn lookup(name: &str, kind: DnsKind, servers: &NameServers) -> Result<Vec<DnsRecord>, DnsFailure> {
    let name = asked_name(name)?;
    let asked = match kind {
        DnsKind::A => RecordType::A,
        DnsKind::Aaaa => RecordType::AAAA,
        DnsKind::Srv => RecordType::SRV,
    };
    let resolver = resolver(servers).map_err(other)?;
    let lookup = resolver.lookup(name, asked).await.map_err(failure)?;
    let records: Vec<_> = lookup.answers().iter().filter_map(|answer| record(kind, answer)).take(MAX_RECORDS).collect();
    if records.is_empty() { Err(DnsFailure::NoData) } else { Ok(records) }
}

/// A name of one label is looked for in the search domains, as browsers have it from the system; any other stands for
/// itself, so that no misspelt one leads to a wildcard of such a domain.
fn asked_name(name: &str) -> Result<Name, DnsFailure> {
    let asked = if name.contains('.') { format!("{}.", name.trim_end_matches('.')) } else { name.to_owned() };
    Name::from_ascii(asked).map_err(other)
}

fn resolver(servers: &NameServers) -> Result<TokioResolver, NetError> {
    let provider = TokioRuntimeProvider::default();
    // Without any name server the hosts file and `localhost` still resolve.
    let none = || ResolverConfig::from_parts(None, Vec::new(), Vec::new());
    let mut builder = match &servers.instead {
        Some(servers) => {
            let servers = servers.iter().map(|server| name_server(*server)).collect();
            TokioResolver::builder_with_config(ResolverConfig::from_parts(None, Vec::new(), servers), provider)
        }
        None => TokioResolver::builder(provider.clone())
            .unwrap_or_else(|_| TokioResolver::builder_with_config(none(), provider)),
    };
    let options: &mut ResolverOpts = builder.options_mut();
    options.timeout = servers.attempt_limit;
    // A second attempt would no longer hear the late answer to the first.
    options.attempts = 0;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Auto;
    builder.build()
}

fn name_server(at: SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = at.port();
        connection
    });
    NameServerConfig::new(at.ip(), true, connections.into())
}

fn record(kind: DnsKind, record: &Record) -> Option<DnsRecord> {
    match (kind, &record.data) {
        (DnsKind::A, RData::A(address)) => Some(DnsRecord::Address(IpAddr::V4(address.0))),
        (DnsKind::Aaaa, RData::AAAA(address)) => Some(DnsRecord::Address(IpAddr::V6(address.0))),
        (DnsKind::Srv, RData::SRV(service)) => Some(DnsRecord::Service {
            priority: service.priority,
            weight: service.weight,
            port: service.port,
            target: service.target.to_ascii().trim_end_matches('.').to_owned(),
        }),
        _ => None,
    }
}

fn failure(error: NetError) -> DnsFailure {
    match error {
        NetError::Dns(
            DnsError::NoRecordsFound(NoRecords { response_code, .. }) | DnsError::ResponseCode(response_code),
        ) => match response_code {
            ResponseCode::NXDomain => DnsFailure::NoSuchName,
            ResponseCode::NoError => DnsFailure::NoData,
            ResponseCode::ServFail => DnsFailure::ServerFailure,
            ResponseCode::Refused => DnsFailure::Refused,
            code => DnsFailure::Other { message: FailureMessage::said(&code) },
        },
        NetError::Timeout => DnsFailure::TimedOut,
        NetError::NoConnections => DnsFailure::NoNameServer,
        error => DnsFailure::NotHeard { message: FailureMessage::said(&error) },
    }
}

fn other(error: impl std::fmt::Display) -> DnsFailure {
    DnsFailure::Other { message: FailureMessage::said(&error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_label_is_left_to_the_search_domains_and_any_other_name_stands_for_itself() {
        for (name, is_absolute) in
            [("turnhost", false), ("turnhost.", true), ("turn.example", true), ("turn.example.", true)]
        {
            assert_eq!(asked_name(name).map(|name| name.is_fqdn()), Ok(is_absolute), "{name}");
        }
    }
}

//! The names of a simulated network and its resolvers, which may be honest, lying, slow or dead.

use crate::machine::DnsAnswer;
use crate::model::{DnsFailure, DnsKind, DnsRecord, IPV4_ONLY};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// What a site's resolver responds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// The records of the simulated zones.
    #[default]
    Honest,
    /// These addresses for every name, as a captive portal or a filter does.
    Always(Vec<IpAddr>),
    /// Every query fails like this.
    Fails(DnsFailure),
    /// No response at all.
    Dead,
}

/// The resolver of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver {
    /// From the query to the response.
    pub delay: Duration,
    /// What it responds.
    pub answers: Answers,
    /// Names that it leads to nobody, in lower case.
    pub sinkholes: Vec<String>,
    /// Whether it says nothing to questions for IPv6 addresses.
    pub drops_aaaa: bool,
    /// The prefix of 96 bits for DNS64 (RFC 6147): names with IPv4 addresses only get IPv6 addresses below it.
    pub dns64: Option<Ipv6Addr>,
}

impl Default for Resolver {
    /// An honest resolver in the same house.
    fn default() -> Self {
        let (answers, sinkholes) = (Answers::Honest, Vec::new());
        Self { delay: Duration::from_millis(5), answers, sinkholes, drops_aaaa: false, dns64: None }
    }
}

/// Nobody's addresses, of both families.
const NOBODY: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];

/// How long a client waits for a resolver that does not respond: two attempts of five seconds (resolv.conf(5)).
const DEAD_AFTER: Duration = Duration::from_secs(10);

impl Resolver {
    /// The delay of the response, and the response itself.
    pub fn ask(&self, names: &Zones, name: &str, kind: DnsKind) -> (Duration, DnsAnswer) {
        let answer = match &self.answers {
            _ if self.drops_aaaa && kind == DnsKind::Aaaa => return (DEAD_AFTER, Err(DnsFailure::TimedOut)),
            Answers::Honest if self.sinkholes.iter().any(|sunk| sunk == name) => always(&NOBODY, kind),
            Answers::Dead => return (DEAD_AFTER, Err(DnsFailure::TimedOut)),
            Answers::Fails(failure) => Err(failure.clone()),
            Answers::Always(addresses) => always(addresses, kind),
            Answers::Honest => match (names.ask(name, kind), self.dns64, kind) {
                (Err(DnsFailure::NoData), Some(prefix), DnsKind::Aaaa) => synthesise(names, name, prefix),
                (answer, ..) => answer,
            },
        };
        (self.delay, answer)
    }
}

fn always(addresses: &[IpAddr], kind: DnsKind) -> DnsAnswer {
    let fits = |address: &&IpAddr| match kind {
        DnsKind::A => address.is_ipv4(),
        DnsKind::Aaaa => address.is_ipv6(),
        DnsKind::Srv => false,
    };
    let records: Vec<DnsRecord> = addresses.iter().filter(fits).copied().map(DnsRecord::Address).collect();
    if records.is_empty() { Err(DnsFailure::NoData) } else { Ok(records) }
}

fn synthesise(names: &Zones, name: &str, prefix: Ipv6Addr) -> DnsAnswer {
    let embed = |address: Ipv4Addr| Ipv6Addr::from_bits(prefix.to_bits() | u128::from(address.to_bits()));
    let records = names.ask(name, DnsKind::A)?.into_iter().filter_map(|record| match record {
        DnsRecord::Address(IpAddr::V4(address)) => Some(DnsRecord::Address(embed(address).into())),
        _ => None,
    });
    Ok(records.collect())
}

/// What [`IPV4_ONLY`] leads to everywhere (RFC 7050 §8.2).
const IPV4_ONLY_ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 0, 170), Ipv4Addr::new(192, 0, 0, 171)];

/// The records of all zones.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    records: BTreeMap<(String, DnsKind), Vec<DnsRecord>>,
    failures: BTreeMap<String, DnsFailure>,
}

impl Zones {
    /// Adds a record. `name` is in lower case and without a trailing dot.
    pub fn add(&mut self, name: &str, kind: DnsKind, record: DnsRecord) {
        self.records.entry((name.to_owned(), kind)).or_default().push(record);
    }

    /// Lets every query for this name fail like this.
    pub fn fail(&mut self, name: &str, failure: DnsFailure) {
        self.failures.insert(name.to_owned(), failure);
    }

    fn ask(&self, name: &str, kind: DnsKind) -> DnsAnswer {
        if let Some(failure) = self.failures.get(name) {
            return Err(failure.clone());
        }
        if name == IPV4_ONLY {
            let known = IPV4_ONLY_ADDRESSES.map(|address| DnsRecord::Address(address.into()));
            return if kind == DnsKind::A { Ok(known.into()) } else { Err(DnsFailure::NoData) };
        }
        let exists = || self.records.keys().any(|(known, _)| known == name);
        self.records
            .get(&(name.to_owned(), kind))
            .cloned()
            .ok_or_else(|| if exists() { DnsFailure::NoData } else { DnsFailure::NoSuchName })
    }
}

//! The names of a simulated network, and the resolvers that are asked for them: honest, lying, slow or dead.

use crate::machine::DnsAnswer;
use crate::model::{DnsFailure, DnsKind, DnsRecord};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// What a site's resolver says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// The records of the simulated zones.
    #[default]
    Honest,
    /// These addresses, whatever is asked: a captive portal, or a filter.
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
    /// DNS64 (RFC 6147): IPv6 addresses below this prefix of 96 bits are made for names that have IPv4 ones only.
    pub dns64: Option<Ipv6Addr>,
}

impl Default for Resolver {
    /// One in the same house.
    fn default() -> Self {
        Self { delay: Duration::from_millis(5), answers: Answers::Honest, dns64: None }
    }
}

/// What a client waits for a resolver that does not answer: two attempts of five seconds (resolv.conf(5)).
const DEAD_AFTER: Duration = Duration::from_secs(10);

impl Resolver {
    /// After how long which answer comes.
    pub fn ask(&self, names: &Zones, name: &str, kind: DnsKind) -> (Duration, DnsAnswer) {
        let answer = match &self.answers {
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

/// The records of all zones.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    records: BTreeMap<(String, DnsKind), Vec<DnsRecord>>,
    failures: BTreeMap<String, DnsFailure>,
}

impl Zones {
    /// `name` is in lower case and without a trailing dot.
    pub fn add(&mut self, name: &str, kind: DnsKind, record: DnsRecord) {
        self.records.entry((name.to_owned(), kind)).or_default().push(record);
    }

    /// Every question for this name fails so.
    pub fn fail(&mut self, name: &str, failure: DnsFailure) {
        self.failures.insert(name.to_owned(), failure);
    }

    fn ask(&self, name: &str, kind: DnsKind) -> DnsAnswer {
        if let Some(failure) = self.failures.get(name) {
            return Err(failure.clone());
        }
        let exists = || self.records.keys().any(|(known, _)| known == name);
        self.records
            .get(&(name.to_owned(), kind))
            .cloned()
            .ok_or_else(|| if exists() { DnsFailure::NoData } else { DnsFailure::NoSuchName })
    }
}

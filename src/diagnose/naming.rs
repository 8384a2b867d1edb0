//! Is the name server at fault, rather than a name? What fails for every name, and for one that the whole world knows,
//! is one fault and not as many as there are names.
//!
//! That all names lead to one place is an operator's choice until the control leads there too: [`IPV4_ONLY`] has the same
//! addresses everywhere (RFC 7050 §3).

use super::view::interfaces;
use crate::model::{
    Code, DnsFact, DnsFailure, DnsKind, DnsRecord, Fact, IPV4_ONLY, Millis, ObservationId, Record, Several, Tally,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

/// What is wrong with all names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamesFault {
    pub code: Code,
    /// The one place that all of them lead to.
    pub address: Option<IpAddr>,
    pub names: BTreeSet<String>,
    pub evidence: Vec<ObservationId>,
}

/// The name servers that this machine asks, as its system tells them.
pub(crate) fn resolvers(record: &Record) -> Option<Several> {
    let servers: BTreeSet<IpAddr> = interfaces(record).flat_map(|interface| &interface.name_servers).copied().collect();
    (!servers.is_empty()).then(|| Several::of(servers))
}

/// A name of this machine by definition, for which no name server is asked (RFC 6761 §6.3).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// What was asked of one name, of its addresses.
#[derive(Default)]
struct NameAnswers {
    found: BTreeSet<IpAddr>,
    evidence: Vec<ObservationId>,
}

fn asked(record: &Record) -> BTreeMap<&str, NameAnswers> {
    let mut names: BTreeMap<&str, NameAnswers> = BTreeMap::new();
    for observation in &record.observations {
        let (name, found) = match &observation.fact {
            Fact::Dns(DnsFact::Resolved { name, record: DnsKind::A | DnsKind::Aaaa, records, .. }) => {
                (name, &records[..])
            }
            Fact::Dns(DnsFact::Unresolved { name, record: DnsKind::A | DnsKind::Aaaa, .. }) => (name, &[][..]),
            _ => continue,
        };
        let name = names.entry(name.trim_end_matches('.')).or_default();
        name.found.extend(found.iter().filter_map(|record| match record {
            DnsRecord::Address(address) => Some(*address),
            DnsRecord::Service { .. } => None,
        }));
        name.evidence.push(observation.id);
    }
    names
}

/// What the name server does to every name alike; None where a name or the control is well.
pub(crate) fn fault(record: &Record) -> Option<NamesFault> {
    const EVERYWHERE: [IpAddr; 2] =
        [IpAddr::V4(Ipv4Addr::new(192, 0, 0, 170)), IpAddr::V4(Ipv4Addr::new(192, 0, 0, 171))];

    let mut names = asked(record);
    let control = names.remove(IPV4_ONLY)?;
    if names.is_empty() {
        return None;
    }
    let places: BTreeSet<IpAddr> = names.values().flat_map(|name| name.found.iter().copied()).collect();
    let lies = !control.found.is_empty() && control.found == places && !EVERYWHERE.iter().any(|at| places.contains(at));
    if places.len() != 1 || !lies || names.values().any(|name| name.found.is_empty()) {
        return None;
    }
    let code = Code::NamesAllOneAddress;
    let address = control.found.first().copied();
    let evidence = names.values().flat_map(|name| name.evidence.iter()).chain(&control.evidence).copied().collect();
    Some(NamesFault { code, address, names: names.into_keys().map(str::to_owned).collect(), evidence })
}

/// How many questions went to the name servers, and how many were answered, with an error too.
pub(crate) fn questions(record: &Record) -> Tally {
    let mut tally = Tally { sent: 0, answered: 0 };
    for observation in &record.observations {
        let is_answered = match &observation.fact {
            Fact::Dns(DnsFact::Resolved { name, .. }) if !is_localhost(name) => true,
            Fact::Dns(DnsFact::Unresolved { failure: DnsFailure::NoNameServer, .. }) => continue,
            Fact::Dns(DnsFact::Unresolved { failure, .. }) => {
                !matches!(failure, DnsFailure::TimedOut | DnsFailure::NotHeard { .. })
            }
            _ => continue,
        };
        tally.sent += 1;
        tally.answered += u32::from(is_answered);
    }
    tally
}

/// A name server that is slow, or answers half of what it is asked.
pub(crate) struct Sluggish {
    pub code: Code,
    pub names: BTreeSet<String>,
    pub evidence: Vec<ObservationId>,
}

/// By name: how long the addresses took, and whether AAAA alone was never answered.
pub(crate) fn sluggish(record: &Record) -> Vec<Sluggish> {
    /// What a person notices before every call.
    const SLOW: Millis = Millis(1000.0);

    let mut slow = Sluggish::new(Code::NameServerSlow);
    let mut halved = Sluggish::new(Code::NameServerDropsAaaa);
    let quick: BTreeSet<&str> = record
        .observations
        .iter()
        .filter_map(|observation| match &observation.fact {
            Fact::Dns(DnsFact::Resolved { name, record: DnsKind::A, took_ms, .. }) if *took_ms < SLOW => {
                Some(name.as_str())
            }
            _ => None,
        })
        .collect();
    for observation in &record.observations {
        match &observation.fact {
            Fact::Dns(DnsFact::Resolved { name, record: DnsKind::A | DnsKind::Aaaa, took_ms, .. })
                if *took_ms >= SLOW =>
            {
                slow.note(name, observation.id);
            }
            Fact::Dns(DnsFact::Unresolved { name, record: DnsKind::Aaaa, failure: DnsFailure::TimedOut, .. })
                if quick.contains(name.as_str()) =>
            {
                halved.note(name, observation.id);
            }
            _ => {}
        }
    }
    [slow, halved].into_iter().filter(|found| !found.evidence.is_empty()).collect()
}

impl Sluggish {
    fn new(code: Code) -> Self {
        Self { code, names: BTreeSet::new(), evidence: Vec::new() }
    }

    fn note(&mut self, name: &str, id: ObservationId) {
        self.names.insert(name.trim_end_matches('.').to_owned());
        self.evidence.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HostFact, Origin, Question};

    fn at(address: &str) -> DnsRecord {
        DnsRecord::Address(address.parse().expect(address))
    }

    /// Each name with where it leads; nowhere where it is denied.
    fn record(names: &[(&str, Option<&str>)]) -> Record {
        let mut record = Record::default();
        for (name, place) in names {
            let (name, kind, took_ms) = ((*name).to_owned(), DnsKind::A, Millis(9.0));
            let fact = match place {
                Some(place) => Fact::Dns(DnsFact::Resolved { name, record: kind, records: vec![at(place)], took_ms }),
                None => Fact::Dns(DnsFact::Unresolved { name, record: kind, failure: DnsFailure::NoSuchName, took_ms }),
            };
            record.push(Millis(1.0), Origin { question: Question::Resolve, uri: None }, fact);
        }
        record
    }

    #[test]
    fn the_name_servers_are_those_that_the_interfaces_tell_each_once() {
        let mut record = Record::default();
        assert_eq!(resolvers(&record), None);
        for (name, servers) in [("eth0", &["192.0.2.53", "2001:db8::53"][..]), ("wlan0", &["192.0.2.53"])] {
            let interface = crate::model::Interface {
                name: name.to_owned(),
                index: 2,
                interface_kind: crate::model::InterfaceKind::Ethernet,
                up: true,
                mtu_bytes: None,
                addresses: Vec::new(),
                gateways: Vec::new(),
                name_servers: servers.iter().map(|server| server.parse().expect(server)).collect(),
            };
            let fact = Fact::Host(HostFact::Interface(interface));
            record.push(Millis(0.0), Origin { question: Question::Host, uri: None }, fact);
        }
        assert_eq!(resolvers(&record), Some(Several::of(["192.0.2.53", "2001:db8::53"])));
    }

    #[test]
    fn all_names_lead_to_one_place_where_the_control_does_too() {
        let lies = [("a.example", Some("203.0.113.9")), (IPV4_ONLY, Some("203.0.113.9"))];
        assert_eq!(fault(&record(&lies)).map(|fault| fault.code), Some(Code::NamesAllOneAddress));
        let one_operator =
            [("a.example", Some("203.0.113.9")), ("b.example", Some("203.0.113.9")), (IPV4_ONLY, Some("192.0.0.170"))];
        assert_eq!(fault(&record(&one_operator)), None);
    }
}

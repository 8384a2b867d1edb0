//! What became of a target's name? (RFC 5928; the address records decide, a missing SRV record is nothing special.)

use super::errors;
use crate::model::{
    Code, DnsFact, DnsFailure, DnsKind, DnsRecord, Fact, Millis, Observation, ObservationId, Question, Reason, Record,
    ServerError, ServerUri, Target,
};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The answers to the questions for addresses, by target.
pub(crate) struct NameAnswers<'a> {
    by_target: BTreeMap<&'a Target, Vec<&'a Observation>>,
    by_name: BTreeMap<&'a str, Vec<&'a Observation>>,
}

impl<'a> NameAnswers<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        let mut names = Self { by_target: BTreeMap::new(), by_name: BTreeMap::new() };
        for observation in record.observations.iter().filter(|o| o.by.question == Question::Resolve) {
            let (Fact::Dns(DnsFact::Resolved { name, record: kind, .. })
            | Fact::Dns(DnsFact::Unresolved { name, record: kind, .. })) = &observation.fact
            else {
                continue;
            };
            if *kind == DnsKind::Srv {
                continue;
            }
            match observation.by.uri.as_ref().map(ServerUri::target) {
                Some(Some(target)) => names.by_target.entry(target).or_default().push(observation),
                Some(None) => {}
                None => names.by_name.entry(name.trim_end_matches('.')).or_default().push(observation),
            }
        }
        names
    }

    fn asked(&self, target: &Target) -> impl Iterator<Item = &'a Observation> + use<'_, 'a> {
        let by_target = self.by_target.get(target);
        let by_name = self.by_name.get(target.host.as_str());
        by_target.into_iter().chain(by_name).flatten().copied()
    }

    /// The answer that brought each address, and how long it took.
    pub(crate) fn brought(&self, target: &Target) -> BTreeMap<IpAddr, (Millis, ObservationId)> {
        let mut brought = BTreeMap::new();
        for observation in self.asked(target) {
            let Fact::Dns(DnsFact::Resolved { records, took_ms, .. }) = &observation.fact else { continue };
            for record in records {
                if let DnsRecord::Address(address) = record {
                    brought.entry(*address).or_insert((*took_ms, observation.id));
                }
            }
        }
        brought
    }

    /// All addresses the name has, each with the answer that brought it.
    pub(crate) fn addresses(&self, target: &Target) -> impl Iterator<Item = (IpAddr, ObservationId)> {
        self.brought(target).into_iter().map(|(address, (_, id))| (address, id))
    }

    /// Why the target has no address that can be used, where the DNS is the reason. A failure of one kind of record
    /// is none where the other kind gave an address.
    pub(crate) fn failure(&self, target: &Target, has_ipv6: bool) -> Option<(ServerError, ObservationId)> {
        let addresses = self.brought(target);
        if let Some((_, id)) = addresses.values().next() {
            let only_ipv6 = addresses.keys().all(IpAddr::is_ipv6);
            return (only_ipv6 && !has_ipv6).then(|| (errors::error(Code::NameOnlyIpv6, Reason::default()), *id));
        }
        let failures = self.asked(target).map(|observation| match &observation.fact {
            Fact::Dns(DnsFact::Unresolved { failure, .. }) => (errors::dns(failure), rank(failure), observation.id),
            _ => (errors::dns(&DnsFailure::NoData), rank(&DnsFailure::NoData), observation.id),
        });
        failures.max_by_key(|(_, rank, _)| *rank).map(|(error, _, id)| (error, id))
    }
}

/// Where A and AAAA fail differently, the failure that explains more is told.
fn rank(failure: &DnsFailure) -> u8 {
    match failure {
        DnsFailure::NoData => 0,
        DnsFailure::TimedOut => 1,
        DnsFailure::NotHeard { .. } => 2,
        DnsFailure::Other { .. } => 3,
        DnsFailure::Refused => 4,
        DnsFailure::ServerFailure => 5,
        DnsFailure::NoNameServer => 6,
        DnsFailure::NoSuchName => 7,
    }
}

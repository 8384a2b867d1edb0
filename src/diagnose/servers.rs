//! How did each configured server fare, stage by stage, and what stopped it?
//!
//! One entry for each address of each target; one without an address where the name gave none or the target was not
//! asked. A TCP connection to a silent UDP server is a control (reach.rs) and no stage.

mod entry;
mod names;
mod said;

pub use names::Names;

use crate::model::{Code, Fact, ObservationId, Question, Record, Server, Target, Transport};
use entry::{Entry, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// A server, and the observation that its error rests on.
#[derive(Clone, Debug)]
pub struct Fared<'a> {
    pub target: &'a Target,
    pub server: Server,
    pub failed_at: Option<ObservationId>,
    /// The observation of its TLS, where that came about.
    pub secured_at: Option<ObservationId>,
}

/// In the order of the targets, each one's addresses in the order met.
pub fn judge<'a>(record: &'a Record, names: &Names<'_>, has_ipv6: bool) -> Vec<Fared<'a>> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for (number, target) in record.targets.iter().enumerate() {
        numbers.entry(target.uri()).or_insert(number);
    }
    let mut entries: Vec<Vec<Entry<'a>>> = record.targets.iter().map(|_| Vec::new()).collect();
    let mut places: BTreeMap<(usize, SocketAddr), usize> = BTreeMap::new();
    let mut gave_up: Vec<(usize, Code, ObservationId)> = Vec::new();
    let mut asked: BTreeMap<usize, BTreeSet<SocketAddr>> = BTreeMap::new();

    for observation in &record.observations {
        if !super::view::is_of_a_target(observation) {
            continue;
        }
        let Some(&number) = observation.by.uri.as_ref().and_then(|uri| numbers.get(uri)) else { continue };
        let Some(target) = record.targets.get(number) else { continue };
        if let Fact::Skipped { why } = observation.fact {
            gave_up.push((number, why, observation.id));
        }
        let Some(server) = super::view::server_of(&observation.fact) else { continue };
        if is_control(&observation.fact, observation.by.question, target) {
            continue;
        }
        let Some(of_target) = entries.get_mut(number) else { continue };
        let place = *places.entry((number, server)).or_insert_with(|| {
            of_target.push(Entry::new(target, Some(server)));
            of_target.len() - 1
        });
        let asked_before = asked.entry(number).or_default();
        if let Some(entry) = of_target.get_mut(place) {
            entry.note(observation, asked_before);
        }
        asked_before.insert(server);
    }

    for (target, of_target) in record.targets.iter().zip(&mut entries) {
        for entry in of_target.iter_mut() {
            let brought = entry.address.and_then(|address| names.brought(target, address.ip()));
            if let Some((took_ms, id)) = brought {
                entry.pass(Step::Resolve, Some(took_ms), id);
            }
        }
        if of_target.is_empty() {
            let mut entry = Entry::new(target, None);
            if let Some((error, id)) = names.failure(target, has_ipv6) {
                entry.fail(Step::Resolve, error, id);
            } else if let Some((took_ms, id)) =
                names.addresses(target).first().and_then(|(address, _)| names.brought(target, *address))
            {
                entry.pass(Step::Resolve, Some(took_ms), id);
            }
            of_target.push(entry);
        }
    }
    for (number, why, id) in gave_up {
        for entry in entries.get_mut(number).into_iter().flatten() {
            if is_of_the_target(why) && entry.address.is_none() || is_of_the_exchange(why) {
                entry.gave_up(why, id);
            }
        }
    }
    entries
        .into_iter()
        .flatten()
        .map(|entry| {
            let (target, secured_at) = (entry.target, entry.secured_at());
            let (server, failed_at) = entry.finish();
            Fared { target, server, failed_at, secured_at }
        })
        .collect()
}

/// Whether the fact tells of a connection made beside a UDP target, to see whether its host lives.
fn is_control(fact: &Fact, question: Question, target: &Target) -> bool {
    let of_a_stream =
        matches!(fact, Fact::Connected { .. } | Fact::Secured { .. } | Fact::NotConnected { .. } | Fact::Ended { .. });
    question == Question::Binding && of_a_stream && target.transport == Transport::Udp
}

/// Whether the whole target was left out for this reason, so that none of its addresses was asked.
fn is_of_the_target(why: Code) -> bool {
    matches!(why, Code::DtlsNotSupported | Code::NoAddressOfFamily | Code::NameOnlyIpv6 | Code::NameIsPrivate)
}

/// Whether the relay probe broke off an exchange for this reason.
fn is_of_the_exchange(why: Code) -> bool {
    matches!(
        why,
        Code::NoCredentials
            | Code::IntegrityFailed
            | Code::RelayBidDown
            | Code::RelayNoChallenge
            | Code::RelayMalformed
            | Code::RelayRedirected
            | Code::RelayRedirectLoop
            | Code::RelayStaleNonceLoop
            | Code::RelayCredentialsRejected
    )
}

/// What the failures of TURN servers rest on: only where the server itself, or the way to it, failed.
pub fn relay_failures(servers: &[Fared<'_>]) -> Vec<ObservationId> {
    let failed = servers.iter().filter(|fared| fared.target.scheme.relays()).filter_map(|fared| {
        let error = fared.server.error.as_ref()?;
        let was_asked = !matches!(error.code, Code::NoCredentials | Code::DtlsNotSupported | Code::NoAddressOfFamily);
        fared.failed_at.filter(|_| was_asked)
    });
    failed.collect()
}

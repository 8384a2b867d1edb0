//! Which names lead to where no server for anybody else can be? To nobody, to this machine itself, to the router in
//! front of it, no further than the local link, or into a block that stands in documents only.
//!
//! All but nobody's address can be meant so, by who runs a server at home. So it counts only where something was asked
//! there and nothing spoke STUN.

use super::Assessment;
use super::naming::is_localhost;
use super::servers::ServerResult;
use super::view::interfaces;
use crate::model::{Fact, NamePlace, ObservationId, Record, Scope, ServerUri, StunFact, Target, TurnFact};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// One name that leads astray, and where to.
pub(crate) struct Astray {
    pub place: NamePlace,
    /// The servers that are asked for in its name.
    pub uris: BTreeSet<ServerUri>,
    /// Whether one of them is a relay.
    pub relays: bool,
    /// The answers that brought the address.
    pub evidence: Vec<ObservationId>,
}

/// By name and address.
pub(crate) type AstrayNames<'a> = BTreeMap<(&'a str, IpAddr), Astray>;

/// All names that lead astray.
pub(crate) fn names<'a>(assessment: &'a Assessment<'_>) -> AstrayNames<'a> {
    let mut names = AstrayNames::new();
    let is_looked_up = |target: &&Target| target.literal().is_none() && !is_localhost(&target.host);
    for target in assessment.record.targets.iter().filter(is_looked_up) {
        for (address, id) in assessment.names.addresses(target) {
            let Some(place) = place(assessment, &target.host, address) else { continue };
            let name = names.entry((target.host.as_str(), address)).or_insert_with(|| Astray {
                place,
                uris: BTreeSet::new(),
                relays: false,
                evidence: Vec::new(),
            });
            name.uris.insert(target.into());
            name.relays |= target.scheme.relays();
            name.evidence.push(id);
        }
    }
    names
}

fn place(assessment: &Assessment<'_>, name: &str, address: IpAddr) -> Option<NamePlace> {
    let record = assessment.record;
    let place = match Scope::of(address) {
        Scope::Nowhere => return Some(NamePlace::Nobody),
        Scope::Loopback => NamePlace::ThisMachine,
        _ if is_own(record, address) => NamePlace::ThisMachine,
        _ if interfaces(record).any(|interface| interface.gateways.contains(&address)) => NamePlace::Router,
        Scope::Link => NamePlace::Link,
        _ if is_of_examples(record, address) => NamePlace::Examples,
        _ => return None,
    };
    let is_there = |result: &&ServerResult<'_>| {
        result.target.host == name && result.server.address.is_some_and(|at| at.ip() == address)
    };
    let mut asked = assessment.servers.iter().filter(is_there).peekable();
    let is_in_vain = asked.peek().is_some() && asked.all(|result| result.server.error.is_some());
    (is_in_vain && !speaks(record, |at| at == address)).then_some(place)
}

fn is_own(record: &Record, address: IpAddr) -> bool {
    interfaces(record).flat_map(|interface| &interface.addresses).any(|own| own.address == address)
}

/// Whether anything at such an address answered in STUN, with an error too.
fn speaks(record: &Record, is_it: impl Fn(IpAddr) -> bool) -> bool {
    record.observations.iter().any(|observation| {
        let answered = matches!(
            observation.fact,
            Fact::Stun(StunFact::Mapped { .. } | StunFact::Answered { .. } | StunFact::Refused { .. })
                | Fact::Turn(TurnFact::Challenged { .. } | TurnFact::Allocated { .. })
        );
        answered && observation.fact.server().is_some_and(|server| is_it(server.ip()))
    })
}

/// Whether an address is of a block for documents, and no laboratory's, which has these for its internet: there this
/// machine, its NAT or a server that answers is in such a block too.
fn is_of_examples(record: &Record, address: IpAddr) -> bool {
    let is_seen_there = record.observations.iter().any(|observation| {
        matches!(observation.fact, Fact::Stun(StunFact::Mapped { mapped, .. }) if is_for_documents(mapped.ip()))
    });
    let is_own =
        || interfaces(record).flat_map(|interface| &interface.addresses).any(|own| is_for_documents(own.address));
    let is_laboratory = is_seen_there || is_own() || speaks(record, is_for_documents);
    is_for_documents(address) && !is_laboratory && speaks(record, |_| true)
}

/// RFC 5737 §3, RFC 3849, RFC 9637.
fn is_for_documents(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => matches!(v4.octets(), [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _]),
        IpAddr::V6(v6) => matches!(v6.segments(), [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..]),
    }
}

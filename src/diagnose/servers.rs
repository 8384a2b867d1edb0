//! How did each configured server fare, stage by stage, and what stopped it?
//!
//! One entry for each address of each target; one without an address where the name gave none or the target was not
//! asked. A TCP connection to a silent UDP server is a control (reach.rs) and no stage.

mod entry;
pub(crate) mod errors;
mod names;

pub(crate) use errors::reason;
pub(crate) use names::NameAnswers;

use super::view::is_of_a_target;
use crate::model::{
    CandidateType, Code, DnsFact, Fact, IceFact, Observation, ObservationId, Pair, PairState, Question, Record,
    RunFact, Server, StageOutcome, Step, StreamFact, StunFact, Target, Transport, TurnFact,
};
use entry::ServerEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// A server, and the observation that its error rests on.
#[derive(Clone, Debug)]
pub(crate) struct ServerResult<'a> {
    pub target: &'a Target,
    pub server: Server,
    pub failed_at: Option<ObservationId>,
    /// The observation of its TLS, where that came about.
    pub secured_at: Option<ObservationId>,
}

impl ServerResult<'_> {
    /// Takes back what bytes that did not come through the relay were held against the server.
    pub(crate) fn ignore_relay_in_loss(&mut self) {
        self.take_back(&[Code::RelayInLost, Code::RelayPortsClosed], Step::RelayIn);
    }

    /// Takes back what was held against the server of a peer that it was not told the right address of.
    pub(crate) fn ignore_lost_peer(&mut self) {
        self.ignore_relay_in_loss();
        self.take_back(&[Code::RelayOutLost], Step::RelayOut);
    }

    /// Takes back that large datagrams did not come through the relay, on a line that loses those of any size.
    pub(crate) fn ignore_large_loss(&mut self) {
        self.take_back(&[Code::RelayLargeLost], Step::RelayLarge);
    }

    /// Without this error, its stage tells nothing.
    fn take_back(&mut self, codes: &[Code], step: Step) {
        if self.server.error.take_if(|error| codes.contains(&error.code)).is_some() {
            let stages = self.server.stages.iter_mut().filter(|stage| stage.name == step);
            stages.for_each(|stage| stage.outcome = StageOutcome::NotTested);
        }
    }

    /// Takes back that nothing got out through the relay where checks of a call did, to a peer on another host. In the
    /// trial our own second socket stands for the peer, and a firewall on this side may be what drops its bytes.
    pub(crate) fn pardon_lost_outward(&mut self, record: &Record) {
        let uri = &self.server.uri;
        let has_carried = |pair: &Pair| {
            pair.state == PairState::Succeeded
                && pair.local.kind == CandidateType::Relay
                && pair.local.server.as_ref() == Some(uri)
                && pair.remote.address != pair.local.address
        };
        let is_refuted = record.observations.iter().any(|seen| {
            seen.end.is_ours() && matches!(&seen.fact, Fact::Ice(IceFact::Checked(pair)) if has_carried(pair))
        });
        if is_refuted {
            self.take_back(&[Code::RelayOutLost], Step::RelayOut);
        }
    }
}

/// In the order of the targets, each one's addresses in the order met; nothing is held against a server by what is `doubtful`.
pub(crate) fn judge<'a>(
    record: &'a Record,
    names: &NameAnswers<'_>,
    has_ipv6: bool,
    doubtful: &BTreeSet<ObservationId>,
) -> Vec<ServerResult<'a>> {
    let mut numbers: BTreeMap<&Target, usize> = BTreeMap::new();
    let mut asked: Vec<AskedTarget<'a>> = Vec::new();
    for target in &record.targets {
        numbers.entry(target).or_insert_with(|| {
            asked.push(AskedTarget::new(target));
            asked.len() - 1
        });
    }
    let number_of = |observation: &Observation| numbers.get(observation.by.uri.as_ref()?.target()?).copied();

    let mut located: BTreeMap<(SocketAddr, Transport), BTreeSet<usize>> = BTreeMap::new();
    for observation in &record.observations {
        let (Fact::Dns(DnsFact::Located { server }), Some(number)) = (&observation.fact, number_of(observation)) else {
            continue;
        };
        if let Some(asked) = asked.get_mut(number) {
            asked.place(*server);
            located.entry((*server, asked.target.transport)).or_default().insert(number);
        }
    }
    let relayed = relayed_addresses(record);
    let counts = |observation: &&Observation| is_of_a_target(observation) && !doubtful.contains(&observation.id);
    for observation in record.observations.iter().filter(counts) {
        let Some(number) = number_of(observation) else { continue };
        let Some(own) = asked.get_mut(number) else { continue };
        if observation.fact.server().is_some_and(|server| relayed.contains(&server)) {
            continue;
        }
        own.note(observation);
        // Two URIs may name one server: it is asked once, in the name of one of them.
        let place = observation.fact.server().map(|server| (server, own.target.transport));
        let all_of_the_place = place.and_then(|place| located.get(&place));
        for twin in all_of_the_place.into_iter().flatten().filter(|twin| **twin != number) {
            if let Some(twin) = asked.get_mut(*twin).filter(|twin| twin.wants(observation.by.question)) {
                twin.note(observation);
            }
        }
    }
    asked.into_iter().flat_map(|asked| asked.finish(names, has_ipv6)).collect()
}

/// One target and what was seen of its addresses.
struct AskedTarget<'a> {
    target: &'a Target,
    entries: Vec<ServerEntry<'a>>,
    places: BTreeMap<SocketAddr, usize>,
    /// Those that sent us elsewhere (300).
    redirecting: BTreeSet<SocketAddr>,
    /// Why it was left out, or given up.
    gave_up: BTreeMap<Code, ObservationId>,
}

impl<'a> AskedTarget<'a> {
    fn new(target: &'a Target) -> Self {
        Self {
            target,
            entries: Vec::new(),
            places: BTreeMap::new(),
            redirecting: BTreeSet::new(),
            gave_up: BTreeMap::new(),
        }
    }

    fn note(&mut self, observation: &Observation) {
        if let Fact::Run(RunFact::Skipped { why }) = observation.fact {
            self.gave_up.entry(why).or_insert(observation.id);
        }
        let Some(server) = observation.fact.server() else { return };
        if is_control(observation, self.target) {
            return;
        }
        let place = self.place(server);
        let redirected_back = match observation.fact {
            Fact::Stun(StunFact::Refused { alternate: Some(alternate), .. }) => {
                self.redirecting.insert(server);
                self.redirecting.contains(&alternate)
            }
            _ => false,
        };
        if let Some(entry) = self.entries.get_mut(place) {
            entry.note(observation, redirected_back);
        }
    }

    /// The place of an address among the entries.
    fn place(&mut self, server: SocketAddr) -> usize {
        *self.places.entry(server).or_insert_with(|| {
            self.entries.push(ServerEntry::new(self.target, Some(server)));
            self.entries.len() - 1
        })
    }

    /// Whether answers to a question that was put in another URI's name tell of this target too.
    fn wants(&self, question: Question) -> bool {
        self.target.scheme.relays() == (question == Question::Relay)
    }

    fn finish(mut self, names: &NameAnswers<'_>, has_ipv6: bool) -> Vec<ServerResult<'a>> {
        let brought = names.brought(self.target);
        for entry in &mut self.entries {
            if let Some((took_ms, id)) = entry.address.and_then(|address| brought.get(&address.ip())) {
                entry.pass(Step::Resolve, Some(*took_ms), *id);
            }
        }
        if self.entries.is_empty() {
            let mut entry = ServerEntry::new(self.target, None);
            if let Some((error, id)) = names.failure(self.target, has_ipv6) {
                entry.fail(Step::Resolve, error, id);
            } else if let Some((took_ms, id)) = brought.values().next() {
                entry.pass(Step::Resolve, Some(*took_ms), *id);
            }
            self.entries.push(entry);
        }
        for entry in &mut self.entries {
            if entry.redirected_to().is_some_and(|to| self.places.contains_key(&to)) {
                entry.was_followed();
            }
        }
        let mut gave_up: Vec<(Code, ObservationId)> = self.gave_up.into_iter().collect();
        gave_up.sort_by_key(|(_, id)| *id);
        for (why, id) in gave_up {
            for entry in &mut self.entries {
                // An odd answer after the allocation is told as such.
                if why == Code::RelayMalformed && entry.passed(Step::Allocate) {
                    continue;
                }
                if (is_of_the_target(why) && entry.is_untouched()) || is_of_the_exchange(why) {
                    entry.gave_up(why, id);
                }
            }
        }
        let result = self.entries.into_iter().map(|entry| {
            let (target, secured_at) = (entry.target, entry.secured_at());
            let (server, failed_at) = entry.finish();
            ServerResult { target, server, failed_at, secured_at }
        });
        result.collect()
    }
}

/// A packet to a relayed address that does not arrive tells of the relay, and not of a server that anybody named.
fn relayed_addresses(record: &Record) -> BTreeSet<SocketAddr> {
    let relayed = record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Turn(TurnFact::Allocated { relayed, .. }) => Some(relayed),
        _ => None,
    });
    relayed.collect()
}

/// Whether the fact tells of a connection made beside a UDP target, to see whether its host lives.
fn is_control(observation: &Observation, target: &Target) -> bool {
    let of_a_stream = matches!(
        observation.fact,
        Fact::Stream(StreamFact::Connected { .. })
            | Fact::Stream(StreamFact::Secured { .. })
            | Fact::Stream(StreamFact::NotConnected { .. })
            | Fact::Stream(StreamFact::Ended { .. })
    );
    observation.by.question == Question::Binding && of_a_stream && target.transport == Transport::Udp
}

/// Whether the whole target was left out for this reason, so that none of its addresses was asked.
fn is_of_the_target(why: Code) -> bool {
    matches!(
        why,
        Code::DtlsNotSupported
            | Code::NoAddressOfFamily
            | Code::NameOnlyIpv6
            | Code::NameIsPrivate
            | Code::NameSinkholed
    )
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
            | Code::RelayAddressNotPublic
            | Code::RelayRedirected
            | Code::RelayRedirectLoop
            | Code::RelayStaleNonceLoop
            | Code::RelayCredentialsRejected
    )
}

/// What the failures of TURN servers rest on: only where the server itself, or the way to it, failed. One to which this
/// machine has no way is as good as none where there is no other.
pub(crate) fn relay_failures(servers: &[ServerResult<'_>]) -> Vec<ObservationId> {
    let relaying = || servers.iter().filter(|result| result.target.scheme.relays());
    let error = |result: &ServerResult<'_>| result.server.error.as_ref().map(|error| error.code);
    let is_out_of_reach =
        |result: &ServerResult<'_>| error(result) == Some(Code::NoAddressOfFamily) && result.server.address.is_some();
    if relaying().all(is_out_of_reach) {
        return relaying().filter_map(|result| result.failed_at).collect();
    }
    let failed = relaying().filter_map(|result| {
        let was_asked =
            !matches!(error(result)?, Code::NoCredentials | Code::DtlsNotSupported | Code::NoAddressOfFamily);
        result.failed_at.filter(|_| was_asked)
    });
    failed.collect()
}

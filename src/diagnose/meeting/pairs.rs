//! What became of each candidate pair, as each end saw it? The last that was said of a pair counts (RFC 8445 §6.1.2.4: a
//! pair is one of a base and a remote candidate, whatever the base was seen as).

use crate::model::{
    Candidate, CandidateType, End, Fact, Family, Host, HostFact, IceFact, Observation, ObservationId, Pair, PairEnd,
    PairState, Protocol, Record,
};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The last observation that an end made of a pair.
pub(crate) struct PairReport<'a> {
    pub end: End,
    pub id: ObservationId,
    pub pair: &'a Pair,
}

/// Whether a call over this pair would go through a relay.
pub(crate) fn is_relayed(local: &PairEnd, remote: &PairEnd) -> bool {
    [local, remote].iter().any(|end| end.kind == CandidateType::Relay)
}

/// Each end's observations since its last restart: before it the network, or the peer, was another one (RFC 8445 §9). What
/// was announced and not made is none, and the session that was to end by it goes on.
pub(crate) fn of_last_session(record: &Record) -> impl Iterator<Item = (End, ObservationId, &Fact)> {
    let begins = [End::Ours, End::Theirs].map(|end| {
        // Where the session began that a pair was last chosen in, and where the latest did.
        let (mut chosen_in, mut begin) = (None, None);
        for Observation { id, fact, .. } in record.observations.iter().filter(|seen| seen.end == end) {
            match fact {
                Fact::Ice(IceFact::Nominated { .. }) => chosen_in = begin,
                Fact::Ice(IceFact::Restarted) => begin = Some(*id),
                Fact::Ice(IceFact::RestartNotMade { .. }) => begin = chosen_in,
                _ => {}
            }
        }
        (end, begin)
    });
    record.observations.iter().filter_map(move |observation| {
        let begin = begins.iter().find(|(end, _)| *end == observation.end).and_then(|(_, begin)| *begin);
        begin.is_none_or(|begin| observation.id > begin).then_some((observation.end, observation.id, &observation.fact))
    })
}

/// One pair, by what stays the same while it is checked.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    end: End,
    base: (Host, u16),
    protocol: Protocol,
    remote: (Host, u16),
}

/// The last observations of all pairs, in the order in which each pair was first observed.
pub(crate) fn reports(record: &Record) -> Vec<PairReport<'_>> {
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut reports: Vec<PairReport<'_>> = Vec::new();
    let bases = Bases::of(record);
    for (end, id, fact) in of_last_session(record) {
        let Fact::Ice(IceFact::Checked(pair)) = fact else { continue };
        let key = Key {
            end,
            base: bases.of_end(end, &pair.local),
            protocol: pair.local.protocol,
            remote: (pair.remote.address.clone(), pair.remote.port),
        };
        let report = PairReport { end, id, pair };
        match places.get(&key).and_then(|place| reports.get_mut(*place)) {
            Some(known) => *known = report,
            None => {
                places.insert(key, reports.len());
                reports.push(report);
            }
        }
    }
    reports
}

/// The bases of reflexive candidates.
struct Bases<'a>(Vec<(End, &'a Candidate)>);

impl<'a> Bases<'a> {
    fn of(record: &'a Record) -> Self {
        let candidates = record.observations.iter().filter_map(|observation| match &observation.fact {
            Fact::Host(HostFact::Candidate(candidate)) => Some((observation.end, candidate)),
            _ => None,
        });
        Self(candidates.collect())
    }

    fn of_end(&self, end: End, local: &PairEnd) -> (Host, u16) {
        let at = |address: SocketAddr| (Host::Address(address.ip()), address.port());
        let itself = (local.address.clone(), local.port);
        let ours = || self.0.iter().filter(|(whose, _)| *whose == end).map(|(_, candidate)| *candidate);
        match (local.kind, local.endpoint()) {
            (CandidateType::Srflx, Some(seen)) => {
                let same = |candidate: &&Candidate| (candidate.address, candidate.port) == (seen.ip(), seen.port());
                ours().find(same).and_then(|candidate| candidate.related).map_or(itself, at)
            }
            (CandidateType::Prflx, Some(seen)) => {
                // No description named this candidate: its base is known only where it can be of one alone.
                let mut hosts = ours().filter(|candidate| {
                    candidate.kind == CandidateType::Host
                        && candidate.protocol == local.protocol
                        && Family::of(candidate.address) == Family::of(seen.ip())
                });
                match (hosts.next(), hosts.next()) {
                    (Some(only), None) => at(SocketAddr::new(only.address, only.port)),
                    _ => itself,
                }
            }
            _ => itself,
        }
    }
}

/// This end's pairs as the document lists them: the nominated first, then those that work, the fastest first, then the
/// others.
pub(crate) fn table(record: &Record, reports: &[PairReport<'_>]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = reports.iter().filter(|report| report.end.is_ours()).map(|s| s.pair.clone()).collect();
    for pair in pairs.iter_mut().filter(|pair| pair.remote.kind == CandidateType::Relay) {
        let named = record.observations.iter().find_map(|observation| match &observation.fact {
            Fact::Host(HostFact::Candidate(candidate))
                if !observation.end.is_ours()
                    && Some(SocketAddr::new(candidate.address, candidate.port)) == pair.remote.endpoint() =>
            {
                candidate.relay_protocol
            }
            _ => None,
        });
        // Only its owner knows how it reaches its relay.
        pair.remote.relay_protocol = pair.remote.relay_protocol.or(named);
    }
    let microseconds = |pair: &Pair| pair.rtt_ms.map_or(u64::MAX, |rtt| (rtt.median.0 * 1000.0) as u64);
    pairs.sort_by_cached_key(|pair| {
        let state = match pair.state {
            PairState::Succeeded => 0,
            PairState::Failed => 1,
            PairState::NotChecked => 2,
        };
        (Reverse(pair.nominated), state, is_relayed(&pair.local, &pair.remote), microseconds(pair))
    });
    pairs
}

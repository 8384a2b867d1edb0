//! The addresses that this machine would offer, and every pair of ours with one of the other end's.

use super::{Cell, Section, Tone, Topic};
use crate::catalog::html::{ReportWords, pair_failure};
use crate::catalog::{self, Lang, page as said, two_ends};
use crate::model::{Candidate, CandidateSource, CandidateType, Diagnosis, Millis, Pair, PairEnd, PairState, Protocol};
use std::cmp::Reverse;
use std::net::SocketAddr;

/// The one that is tried first comes first (RFC 8445 §5.1.2).
pub(super) fn candidates(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let mut candidates: Vec<&Candidate> = diagnosis.candidates.iter().collect();
    candidates.sort_by_key(|candidate| Reverse(candidate.priority));
    let row = |candidate: &Candidate| {
        let endpoint = SocketAddr::new(candidate.address, candidate.port);
        vec![
            Cell::plain(catalog::candidate_type(candidate.kind)).in_plain_words(kind(candidate.kind, lang)),
            Cell::plain(format!("{endpoint} {}", protocol(candidate.protocol))),
            Cell::plain(source(diagnosis, candidate, lang)),
        ]
    };
    let columns = [said::CANDIDATE, said::ADDRESS, said::FROM].map(|name| name.to(lang)).to_vec();
    let rows = candidates.into_iter().map(row).collect();
    Section::table(Topic::Candidates, said::CANDIDATES.to(lang), columns, rows)
}

fn kind(kind: CandidateType, lang: Lang) -> &'static str {
    let w = &ReportWords::of(lang);
    match kind {
        CandidateType::Host => w.kind_host,
        CandidateType::Srflx => w.kind_srflx,
        CandidateType::Prflx => w.kind_prflx,
        CandidateType::Relay => w.kind_relay,
    }
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Udp => "UDP",
        Protocol::Tcp => "TCP",
    }
}

fn source(diagnosis: &Diagnosis, candidate: &Candidate, lang: Lang) -> String {
    match diagnosis.source_of(candidate) {
        Some(CandidateSource::Interface(interface)) => {
            format!("{} ({})", interface.name, catalog::interface_kind(interface.interface_kind, lang))
        }
        Some(CandidateSource::Server(uri, Some(relay))) => said::over(uri, relay, lang),
        Some(CandidateSource::Server(uri, None)) => uri.to_owned(),
        None => String::new(),
    }
}

/// The pair that carries the call first, then those that work from the fastest on, then the rest.
pub(super) fn pairs(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let mut pairs: Vec<&Pair> = diagnosis.pairs.iter().collect();
    let median = |pair: &Pair| pair.rtt_ms.map_or(Millis(f64::INFINITY), |rtt| rtt.median);
    pairs.sort_by_key(|pair| (!pair.nominated, pair.state != PairState::Succeeded, median(pair)));
    let w = &ReportWords::of(lang);
    let row = |pair: &Pair| vec![end(&pair.local), end(&pair.remote), state(pair, lang)];
    let columns = vec![w.pair_here, w.pair_there, two_ends::STATE.to(lang)];
    Section::table(Topic::Pairs, two_ends::PAIRS.to(lang), columns, pairs.into_iter().map(row).collect())
}

/// One end of a pair: its address, and under that its type and how it is reached.
fn end(end: &PairEnd) -> Cell {
    let over = end.relay_protocol.map_or(String::new(), |over| format!(" · {over}"));
    let kind = format!("{}, {}{over}", catalog::candidate_type(end.kind), protocol(end.protocol));
    Cell { under: vec![kind], ..Cell::plain(endpoint(end)) }
}

/// The address, or the name that hides it, with the port.
pub(in crate::report) fn endpoint(end: &PairEnd) -> String {
    end.endpoint().map_or_else(|| format!("{}:{}", end.address, end.port), |endpoint| endpoint.to_string())
}

fn state(pair: &Pair, lang: Lang) -> Cell {
    let (tone, state) = match pair.state {
        PairState::Succeeded if pair.nominated => (Tone::Good, two_ends::CHOSEN.to(lang)),
        PairState::Succeeded => (Tone::Plain, two_ends::state(pair.state, lang)),
        PairState::Failed | PairState::NotChecked => (Tone::Faint, two_ends::state(pair.state, lang)),
    };
    let why = pair.failure.as_ref().map(|failure| pair_failure(failure, lang));
    let counts = two_ends::checks(pair.sent, pair.received, lang);
    let under = [why, round_trips(pair, lang), (pair.sent > 0).then_some(counts)].into_iter().flatten().collect();
    Cell { under, ..Cell::new(tone, state) }
}

/// The fastest round trip, the median and the slowest.
pub(super) fn round_trips(pair: &Pair, lang: Lang) -> Option<String> {
    let rtt = pair.rtt_ms?;
    let whole = |ms: Millis| said::milliseconds(ms).trim_end_matches(" ms").to_owned();
    Some(two_ends::round_trips(&format!("{} / {} / {} ms", whole(rtt.min), whole(rtt.median), whole(rtt.max)), lang))
}

//! The addresses that this machine would offer, and every pair of ours with one of the other side's.

use super::safe;
use crate::catalog;
use crate::catalog::Lang;
use crate::catalog::html::{PageWords, fill};
use crate::model::{Candidate, CandidateType, Diagnosis, Fact, Pair, PairEnd, PairFailure, PairState, Protocol};
use crate::report::pictures::{self, Caption, Range, milliseconds};
use std::net::SocketAddr;

pub(super) struct CandidateRow {
    pub kind: &'static str,
    pub term: &'static str,
    pub address: String,
    pub from: String,
    pub priority: u32,
}

pub(super) struct View {
    pub rows: Vec<Row>,
    pub picture: String,
    pub more: Option<String>,
}

pub(super) struct Row {
    pub class: &'static str,
    pub local: String,
    pub local_kind: String,
    pub remote: String,
    pub remote_kind: String,
    pub state: String,
    pub why: String,
    pub rtt: String,
    pub counts: String,
}

/// More lines than this do not fit on a page.
const DRAWN: usize = 24;

fn kind(kind: CandidateType, w: &PageWords) -> &'static str {
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

pub(super) fn candidates(diagnosis: &Diagnosis, w: &PageWords, lang: Lang) -> Vec<CandidateRow> {
    let mut candidates: Vec<&Candidate> = diagnosis.candidates.iter().collect();
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority));
    let row = |candidate: &Candidate| CandidateRow {
        kind: kind(candidate.kind, w),
        term: catalog::candidate_type(candidate.kind),
        address: format!("{} {}", SocketAddr::new(candidate.address, candidate.port), protocol(candidate.protocol)),
        from: source(candidate, diagnosis, w, lang),
        priority: candidate.priority,
    };
    candidates.into_iter().map(row).collect()
}

/// An interface for a host candidate, a server for the others.
fn source(candidate: &Candidate, diagnosis: &Diagnosis, w: &PageWords, lang: Lang) -> String {
    let server = candidate.server.as_deref().map(safe);
    match (candidate.kind, server, candidate.relay_protocol) {
        (CandidateType::Host, ..) => diagnosis
            .observations
            .iter()
            .filter(|observation| observation.end.is_ours())
            .find_map(|observation| match &observation.fact {
                Fact::Interface(interface)
                    if interface.addresses.iter().any(|own| own.address == candidate.address) =>
                {
                    let kind = catalog::interface_kind(interface.interface_kind, lang);
                    Some(format!("{} ({kind})", safe(&interface.name)))
                }
                _ => None,
            })
            .unwrap_or_default(),
        (_, Some(server), Some(over)) => {
            format!("{server} · {}", fill(w.over, &[("transport", &over.to_string())]))
        }
        (_, server, _) => server.unwrap_or_default(),
    }
}

/// The pair that carries the call first, then those that work from the fastest on, then the rest.
pub(super) fn view(diagnosis: &Diagnosis, w: &PageWords, lang: Lang) -> View {
    let mut pairs: Vec<&Pair> = diagnosis.pairs.iter().collect();
    let median = |pair: &Pair| pair.rtt_ms.map_or(f64::INFINITY, |rtt| rtt.median);
    pairs.sort_by(|one, other| {
        (!one.nominated, one.state != PairState::Succeeded)
            .cmp(&(!other.nominated, other.state != PairState::Succeeded))
            .then(median(one).total_cmp(&median(other)))
    });
    let timed: Vec<Range> = pairs.iter().filter_map(|pair| range(pair)).collect();
    let drawn = &timed[..timed.len().min(DRAWN)];
    // One pair's three numbers stand in the table.
    let picture = if drawn.len() < 2 { String::new() } else { picture(drawn, w) };
    View {
        more: (timed.len() > DRAWN).then(|| fill(w.pairs_more, &[("count", &DRAWN.to_string())])),
        picture,
        rows: pairs.into_iter().map(|pair| row(pair, w, lang)).collect(),
    }
}

fn picture(drawn: &[Range], w: &PageWords) -> String {
    let told: Vec<String> = drawn
        .iter()
        .map(|range| {
            let [min, median, max] = [range.min, range.median, range.max].map(milliseconds);
            format!("{}: {min} / {median} / {max} ms.", range.label)
        })
        .collect();
    pictures::ranges(drawn, w.ms_axis, Caption { title: w.latencies, description: &told.join(" ") })
}

fn range(pair: &Pair) -> Option<Range> {
    let rtt = pair.rtt_ms.filter(|rtt| [rtt.min, rtt.median, rtt.max].iter().all(|ms| ms.is_finite()))?;
    let label = format!("{} → {}", endpoint(&pair.local), endpoint(&pair.remote));
    Some(Range { label, min: rtt.min, median: rtt.median, max: rtt.max, is_chosen: pair.nominated })
}

pub(super) fn endpoint(end: &PairEnd) -> String {
    let shown = match end.endpoint() {
        Some(endpoint) => endpoint.to_string(),
        None => format!("{}:{}", end.address, end.port),
    };
    safe(&shown)
}

pub(super) fn milliseconds_or_none(ms: Option<f64>) -> String {
    ms.map_or_else(|| "–".to_owned(), |ms| format!("{} ms", milliseconds(ms)))
}

fn of_kind(end: &PairEnd, w: &PageWords) -> String {
    let over = end.relay_protocol.map_or(String::new(), |over| format!(" · {over}"));
    format!("{}, {}{over}", kind(end.kind, w), protocol(end.protocol))
}

fn row(pair: &Pair, w: &PageWords, lang: Lang) -> Row {
    let state = match pair.state {
        PairState::Succeeded if pair.nominated => w.pair_nominated,
        PairState::Succeeded => w.pair_works,
        PairState::Failed => w.pair_fails,
        PairState::NotChecked => w.pair_not_checked,
    };
    let rtt = pair.rtt_ms.map_or_else(
        || "–".to_owned(),
        |rtt| format!("{} / {} / {}", milliseconds(rtt.min), milliseconds(rtt.median), milliseconds(rtt.max)),
    );
    Row {
        class: if pair.nominated { "nominated" } else { "" },
        local: endpoint(&pair.local),
        local_kind: of_kind(&pair.local, w),
        remote: endpoint(&pair.remote),
        remote_kind: of_kind(&pair.remote, w),
        state: state.to_owned(),
        why: pair.failure.as_ref().map(|failure| why(failure, lang)).unwrap_or_default(),
        rtt,
        counts: format!("{} / {}", pair.sent, pair.received),
    }
}

fn why(failure: &PairFailure, lang: Lang) -> String {
    safe(&catalog::html::pair_failure(failure, lang))
}

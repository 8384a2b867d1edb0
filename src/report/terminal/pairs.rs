//! Two ends: how their call goes, and how each candidate pair fared.

use super::tables::{cell, table};
use super::text::Page;
use super::{Tone, ends, escape};
use crate::catalog::{self, met as said, page};
use crate::model::{Diagnosis, Pair, PairEnd, PairState, Path, Protocol};

/// Failed pairs in the table: beyond them they say the same again.
const FAILED_SHOWN: usize = 12;

/// The verdict in one sentence.
pub(super) fn verdict(page: &mut Page, diagnosis: &Diagnosis) {
    let lang = page.style.lang;
    let path = diagnosis.verdict.path.value().copied();
    let tone = match path {
        Some(Path::Direct) => Tone::Good,
        Some(Path::Relay) | None => Tone::Poor,
        Some(Path::None) => Tone::Bad,
    };
    let sentence = escape(&said::verdict(&ends::outcome(diagnosis), lang), page.style.ascii);
    page.line(tone, &sentence);
    if diagnosis.verdict.tried.is_none() && path.is_some() {
        page.line(Tone::Faint, said::PREDICTED_ONLY.to(lang));
    }
}

pub(super) fn pairs(page: &mut Page, pairs: &[Pair]) {
    let lang = page.style.lang;
    if pairs.is_empty() {
        return;
    }
    let mut table = table(page, &[said::PAIR, said::STATE, said::ROUND_TRIP, said::LOSS]);
    let is_shown = |(place, pair): &(usize, &Pair)| pair.state != PairState::Failed || *place < FAILED_SHOWN;
    let mut failed = 0;
    let placed = pairs.iter().map(|pair| {
        let place = failed;
        failed += usize::from(pair.state == PairState::Failed);
        (place, pair)
    });
    let placed: Vec<(usize, &Pair)> = placed.collect();
    for (_, pair) in placed.iter().filter(|placed| is_shown(placed)) {
        let (tone, state) = match pair.state {
            PairState::Succeeded if pair.nominated => (Tone::Good, said::CHOSEN.to(lang).to_owned()),
            PairState::Succeeded => (Tone::Plain, said::state(pair.state, lang).to_owned()),
            PairState::Failed | PairState::NotChecked => {
                let why = pair.failure.as_ref().map(|failure| catalog::html::pair_failure(failure, lang));
                let state = said::state(pair.state, lang);
                (Tone::Faint, why.map_or_else(|| state.to_owned(), |why| format!("{state}: {why}")))
            }
        };
        let ends = format!("{}\n{}", end(page, &pair.local), said::to_end(&end(page, &pair.remote), lang));
        table.add_row(vec![
            cell(Tone::Plain, &ends),
            cell(tone, &page.safe(&state)),
            cell(Tone::Plain, &round_trip(pair)),
            cell(Tone::Plain, &loss(pair)),
        ]);
    }
    page.table(said::PAIRS, &table);
    let left_out = failed.saturating_sub(FAILED_SHOWN);
    if left_out > 0 {
        page.line(Tone::Faint, &said::more_failed(left_out, lang));
    }
}

/// As "srflx 203.0.113.7:31877 UDP".
fn end(page: &Page, end: &PairEnd) -> String {
    let at = end.endpoint().map_or_else(|| format!("{}:{}", end.address, end.port), |endpoint| endpoint.to_string());
    let protocol = match (end.relay_protocol, end.protocol) {
        (Some(relay), _) => format!("over {relay}"),
        (None, Protocol::Udp) => "UDP".to_owned(),
        (None, Protocol::Tcp) => "TCP".to_owned(),
    };
    page.safe(&format!("{} {at} {protocol}", catalog::candidate_type(end.kind)))
}

/// The fastest, the median and the slowest.
fn round_trip(pair: &Pair) -> String {
    let Some(rtt) = pair.rtt_ms else { return String::new() };
    let whole = |ms: f64| page::milliseconds(ms).trim_end_matches(" ms").to_owned();
    format!("{} / {} / {} ms", whole(rtt.min), whole(rtt.median), whole(rtt.max))
}

fn loss(pair: &Pair) -> String {
    if pair.state != PairState::Succeeded || pair.sent == 0 {
        return String::new();
    }
    let lost = pair.sent.saturating_sub(pair.received);
    format!("{:.0} %", f64::from(lost) * 100.0 / f64::from(pair.sent))
}

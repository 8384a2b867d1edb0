//! How fast each pair that works is, drawn from its fastest check to its slowest.

use super::safe;
use crate::catalog::html::{ReportWords, fill};
use crate::model::{Diagnosis, Millis, Pair};
use crate::report::page::endpoint;
use crate::report::pictures::{self, Caption, Range, milliseconds};

pub(super) struct View {
    pub picture: String,
    pub more: Option<String>,
}

/// The most lines that fit on a page.
const DRAWN: usize = 24;

/// The pair that carries the call first, then from the fastest on.
pub(super) fn view(diagnosis: &Diagnosis, w: &ReportWords) -> View {
    let mut timed: Vec<Range> = diagnosis.pairs.iter().filter_map(range).collect();
    timed.sort_by(|one, other| (!one.is_chosen).cmp(&!other.is_chosen).then(one.median.total_cmp(&other.median)));
    let drawn = &timed[..timed.len().min(DRAWN)];
    // One pair's three numbers stand in the table.
    let picture = if drawn.len() < 2 { String::new() } else { picture(drawn, w) };
    View { more: (timed.len() > DRAWN).then(|| fill(w.pairs_more, &[("count", &DRAWN.to_string())])), picture }
}

fn picture(drawn: &[Range], w: &ReportWords) -> String {
    let told: Vec<String> = drawn
        .iter()
        .map(|range| {
            let [min, median, max] = [range.min, range.median, range.max].map(Millis).map(milliseconds);
            format!("{}: {min} / {median} / {max} ms.", range.label)
        })
        .collect();
    pictures::ranges(drawn, w.ms_axis, Caption { title: w.latencies, description: &told.join(" ") })
}

fn range(pair: &Pair) -> Option<Range> {
    let rtt = pair.rtt_ms.filter(|rtt| [rtt.min, rtt.median, rtt.max].iter().all(|ms| ms.is_finite()))?;
    let label = safe(&format!("{} → {}", endpoint(&pair.local), endpoint(&pair.remote)));
    Some(Range { label, min: rtt.min.0, median: rtt.median.0, max: rtt.max.0, is_chosen: pair.nominated })
}

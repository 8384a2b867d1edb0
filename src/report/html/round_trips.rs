//! How the round trips to the servers went during the run: as a picture where they moved, else as a sentence.

use crate::catalog::html::{ReportWords, fill};
use crate::model::{Diagnosis, Fact, Millis, StunFact};
use crate::report::pictures::{self, Caption, Line, milliseconds};
use std::collections::BTreeMap;

/// A smaller difference between the fastest and the slowest says nothing that a sentence does not.
const STEADY_MS: f64 = 5.0;
/// Fewer points than these make no course.
const POINTS_MIN: usize = 6;

/// The courses as markup that stands in the page; empty where none was measured.
pub(super) fn view(diagnosis: &Diagnosis, w: &ReportWords) -> String {
    let mut courses: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for observation in &diagnosis.observations {
        if let Fact::Stun(StunFact::Mapped { server, rtt_ms: Some(rtt), .. }) = &observation.fact
            && rtt.is_finite()
            && observation.end.is_ours()
        {
            courses.entry(server.to_string()).or_default().push((observation.at_ms.seconds(), rtt.0));
        }
    }
    let all: Vec<f64> = courses.values().flatten().map(|(_, rtt)| *rtt).collect();
    let Some(least) = all.iter().copied().reduce(f64::min) else { return String::new() };
    let most = all.iter().copied().fold(least, f64::max);
    let values =
        [("min", milliseconds(Millis(least))), ("max", milliseconds(Millis(most))), ("count", all.len().to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let is_one = milliseconds(Millis(least)) == milliseconds(Millis(most));
    let sentence = fill(if is_one { w.round_trips_same } else { w.round_trips_steady }, &values);
    if most - least < STEADY_MS || all.len() < POINTS_MIN {
        return format!("<p>{sentence}</p>");
    }
    let mut lines: Vec<Line> = courses.into_iter().map(|(label, points)| Line { label, points }).collect();
    // Those that tell most first: no more than have a shape of their own are drawn.
    lines.sort_by_key(|line| std::cmp::Reverse(line.points.len()));
    let caption = Caption { title: w.round_trips, description: &sentence };
    let picture = pictures::series(&lines, (w.seconds_axis, w.ms_axis), caption);
    format!("<p>{sentence}</p><div class=\"picture\" tabindex=\"0\">{picture}</div>")
}

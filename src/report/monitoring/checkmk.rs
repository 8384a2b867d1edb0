//! A line a path, as Checkmk's agent reads them from a local check: `STATE "service" metrics text`.

use super::bounds;
use super::limits::{Limits, Measure};
use super::path::MonitoredPath;
use crate::catalog::{Lang, monitoring as said};
use std::time::Duration;

pub(super) fn render(paths: &[MonitoredPath<'_>], limits: &Limits, lang: Lang) -> String {
    let line = |path: &MonitoredPath<'_>| {
        let metrics: Vec<String> = path.times.iter().filter_map(|measured| metric(measured, limits)).collect();
        let metrics = if metrics.is_empty() { "-".to_owned() } else { metrics.join("|") };
        let text = path.why.as_deref().unwrap_or(said::WORKS.to(lang));
        // Checkmk takes a backslash with an n for a line feed.
        format!("{} \"RTC {}\" {metrics} {}\n", path.state.code(), path.name, text.replace('\\', "/"))
    };
    paths.iter().map(line).collect()
}

/// `name=value;warn;crit`; None where there is no value, for which Checkmk has no sign.
fn metric((measure, time): &(Measure, Option<Duration>), limits: &Limits) -> Option<String> {
    let name = measure.to_string().replace('-', "_");
    let metric = format!("{name}={:.6};{}", (*time)?.as_secs_f64(), bounds(*measure, limits));
    Some(metric.trim_end_matches(';').to_owned())
}

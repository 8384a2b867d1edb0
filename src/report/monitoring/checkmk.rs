//! A line for the checkup and one a path, as Checkmk's agent reads them from a local check: `STATE "service" metrics text`.

use super::bounds;
use super::limits::{Limits, Measure};
use super::path::MonitoredPath;
use super::state::PathState;
use crate::catalog::{Lang, monitoring as said};
use std::time::Duration;

pub(super) fn render(paths: &[MonitoredPath<'_>], faults: &[String], limits: &Limits, lang: Lang) -> String {
    let line = |path: &MonitoredPath<'_>| {
        let days = path.certificate_days.map(|days| format!("certificate_days={days:.2}"));
        let metrics: Vec<String> =
            path.times.iter().filter_map(|measured| metric(measured, limits)).chain(days).collect();
        let metrics = if metrics.is_empty() { "-".to_owned() } else { metrics.join("|") };
        let text = path.why.as_deref().unwrap_or(said::WORKS.to(lang));
        format!("{} \"RTC {}\" {metrics} {}\n", path.state.code(), path.name, on_its_line(text))
    };
    let asked = said::asked(paths.len(), lang);
    let told: Vec<&str> = faults.iter().map(String::as_str).chain([asked.as_str()]).collect();
    let state = if faults.is_empty() { PathState::Ok } else { PathState::Critical };
    let asked = service(state, &told.join("; "));
    std::iter::once(asked).chain(paths.iter().map(line)).collect()
}

/// The checkup itself as a service, which is there in each run: Checkmk heeds no service that it has not found before.
pub(super) fn service(state: PathState, text: &str) -> String {
    format!("{} \"RTC\" - {}\n", state.code(), on_its_line(text))
}

/// Checkmk takes a backslash with an n for a line feed.
fn on_its_line(text: &str) -> String {
    text.replace('\\', "/")
}

/// `name=value;warn;crit`; None where there is no value, for which Checkmk has no sign.
fn metric((measure, time): &(Measure, Option<Duration>), limits: &Limits) -> Option<String> {
    let name = measure.to_string().replace('-', "_");
    let metric = format!("{name}={:.6};{}", (*time)?.as_secs_f64(), bounds(*measure, limits));
    Some(metric.trim_end_matches(';').to_owned())
}

//! The line of a plugin and its exit code, by the Monitoring Plugins' guidelines: `RTC STATE - text | performance data`.

use super::bounds;
use super::limits::{Limits, Measure};
use super::path::MonitoredPath;
use super::state::PathState;
use crate::catalog::{Lang, monitoring as said};
use std::fmt::Write;
use std::time::Duration;

/// The most paths that the line names. Of the others it says how many: pagers and lists show its beginning only.
const NAMED_MAX: usize = 5;

pub(super) fn render(paths: &[MonitoredPath<'_>], faults: &[String], limits: &Limits, lang: Lang) -> (String, u8) {
    let worst = PathState::worst(paths.iter().map(|path| path.state), faults);
    let told: Vec<String> = faults.iter().cloned().chain([summary(paths, lang)]).collect();
    let mut line = format!("RTC {} - {}", worst.name(), told.join("; "));
    let measured: Vec<String> = paths.iter().flat_map(|path| measured(path, limits)).collect();
    if !measured.is_empty() {
        // Writing to a String does not fail.
        let _ = write!(line, " | {}", measured.join(" "));
    }
    line.push('\n');
    (line, worst.code())
}

pub(super) fn alone(state: PathState, why: &str) -> (String, u8) {
    (format!("RTC {} - {why}\n", state.name()), state.code())
}

/// How many work, the slow ones among them, and what is to be said of the others and of these, the worst first.
fn summary(paths: &[MonitoredPath<'_>], lang: Lang) -> String {
    let mut others: Vec<&MonitoredPath<'_>> = paths.iter().filter(|path| path.state != PathState::Ok).collect();
    others.sort_by_key(|path| std::cmp::Reverse(path.state));
    let mut parts = vec![said::working(paths.iter().filter(|path| path.works).count(), paths.len(), lang)];
    let named = others.iter().take(NAMED_MAX);
    parts.extend(named.map(|path| format!("{}: {}", path.name, path.why.as_deref().unwrap_or_default())));
    let more = others.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        parts.push(said::more(more, lang));
    }
    parts.join("; ")
}

/// `'label'=value[UOM];warn;crit;min` of each measure; `U` where there is no value, so that the labels stay the same.
fn measured(path: &MonitoredPath<'_>, limits: &Limits) -> Vec<String> {
    let label = |(measure, time): &(Measure, Option<Duration>)| {
        let value = time.map_or_else(|| "U".to_owned(), |time| format!("{:.6}s", time.as_secs_f64()));
        format!("'{} {measure}'={value};{};0", path.name, bounds(*measure, limits))
    };
    let days =
        path.certificate_days.map(|days| format!("'{} certificate-days'={days:.2};{}", path.name, at_least(limits)));
    path.times.iter().map(label).chain(days).collect()
}

/// The ranges in which a certificate is told, as plugins write them: `14:` is a warning below 14.
fn at_least(limits: &Limits) -> String {
    let Some(limit) = limits.certificate() else { return ";".to_owned() };
    let critical = limit.critical_days.map_or_else(String::new, |days| format!("{days}:"));
    format!("{}:;{critical}", limit.warning_days)
}

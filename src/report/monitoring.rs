//! What is a monitoring system told? Not how the network is, but how each server fares, path by path. A path is one
//! address of one URI over one transport.
//!
//! | format | what it writes | exit code |
//! |---|---|---|
//! | [`MonitoringFormat::Nagios`] | one line with performance data (Monitoring Plugins' guidelines); Icinga, Naemon, Sensu read it too | that of the worst path |
//! | [`MonitoringFormat::Checkmk`] | a line for the checkup and one a path, as a local check does | 0 |
//! | [`MonitoringFormat::Zabbix`] | one JSON item: `data` for low-level discovery, and `paths` with states and times | 0 |
//!
//! What keeps the application from its servers altogether, such as a source that gives none, is critical whatever the paths
//! are, and is told before them.
//!
//! A path is critical for what its server does, silence included, as for `check` itself. It is unknown where this
//! machine is at fault, or may be: a name server that does not answer says nothing of a TURN server.

mod certificate;
mod checkmk;
mod configured;
mod limits;
mod nagios;
mod path;
mod state;
mod zabbix;

pub use limits::{CertificateLimit, Limits, Measure, UnknownMeasure};

use super::escape::escape;
use crate::catalog::Lang;
use crate::model::Diagnosis;
use state::PathState;
use std::fmt::Write;

/// The monitoring system that is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitoringFormat {
    /// Monitoring Plugins: Nagios, Naemon, Icinga, Sensu.
    Nagios,
    /// A local check of Checkmk's agent.
    Checkmk,
    /// An item of Zabbix, with others that depend on it.
    Zabbix,
}

impl MonitoringFormat {
    /// Every format, by its name on the command line.
    pub const ALL: [(&'static str, Self); 3] =
        [("nagios", Self::Nagios), ("checkmk", Self::Checkmk), ("zabbix", Self::Zabbix)];
}

/// How what is said for people is written.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The language of the words for people. The words that a monitoring system reads itself are English in each.
    pub lang: Lang,
    /// Whether what is beyond ASCII is escaped.
    pub ascii: bool,
}

/// The text for standard output, with its line feeds, and the exit code. `unix_now` is the time of the run in seconds, by
/// which certificates are judged.
pub fn render(
    diagnosis: &Diagnosis,
    format: MonitoringFormat,
    limits: &Limits,
    wording: Wording,
    unix_now: u64,
) -> (String, u8) {
    let paths = path::monitored(diagnosis, limits, wording, unix_now);
    let faults = configured::faults(diagnosis, wording);
    if paths.is_empty() && !faults.is_empty() {
        return alone(PathState::Critical, &faults.join("; "), format);
    }
    match format {
        MonitoringFormat::Nagios => nagios::render(&paths, &faults, limits, wording.lang),
        MonitoringFormat::Checkmk => (checkmk::render(&paths, &faults, limits, wording.lang), 0),
        MonitoringFormat::Zabbix => (zabbix::render(&paths, &faults), 0),
    }
}

/// What is said where the checkup could not begin, for a reason in words for people: the text and the exit code. A
/// monitoring system reads no other stream, and takes what it cannot read for a fault of its own.
pub fn not_begun(why: &str, format: MonitoringFormat, wording: Wording) -> (String, u8) {
    alone(PathState::Unknown, &on_one_line(why, wording.ascii), format)
}

/// What is said where there is no path.
fn alone(state: PathState, why: &str, format: MonitoringFormat) -> (String, u8) {
    match format {
        MonitoringFormat::Nagios => nagios::alone(state, why),
        MonitoringFormat::Checkmk => (checkmk::service(state, why), 0),
        MonitoringFormat::Zabbix => (zabbix::alone(state, why), 0),
    }
}

/// On one line, without the bar that begins the performance data, and without what a web page would take for a tag.
fn on_one_line(text: &str, ascii: bool) -> String {
    escape(text, ascii).replace('|', "/").replace('<', "(").replace('>', ")")
}

/// `warning;critical` of a measure, each empty where there is none, in seconds.
fn bounds(measure: Measure, limits: &Limits) -> String {
    let mut bounds = String::new();
    for (place, limit) in [limits.warning(measure), limits.critical(measure)].into_iter().enumerate() {
        let limit = limit.map_or_else(String::new, |limit| limit.as_secs_f64().to_string());
        let between = if place == 0 { "" } else { ";" };
        // Writing to a String does not fail.
        let _ = write!(bounds, "{between}{limit}");
    }
    bounds
}

#[cfg(test)]
mod tests;

//! What a monitoring system is told: not how the network is, but how each server that was named fares, path by path. A path
//! is one address of one URI over one transport.
//!
//! | format | what it reads | exit code |
//! |---|---|---|
//! | nagios | one line and performance data (Monitoring Plugins' guidelines), also Icinga, Naemon, Sensu | that of the worst path |
//! | checkmk | a line a path, as of a local check | 0 |
//! | zabbix | one JSON item: states and times by path, and `data` for low-level discovery | 0 |

use super::escape::escape;
use crate::catalog::{self, Lang};
use crate::model::{About, Diagnosis, Server, ServerHealth, Target};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Nagios,
    Checkmk,
    Zabbix,
}

impl Format {
    pub const ALL: [(&'static str, Self); 3] =
        [("nagios", Self::Nagios), ("checkmk", Self::Checkmk), ("zabbix", Self::Zabbix)];
}

/// Seconds by stage, above which a path that works is told as [`State::Warning`] or [`State::Critical`]. The stage
/// [`TOTAL`] is all of them together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    pub warning: BTreeMap<String, f64>,
    pub critical: BTreeMap<String, f64>,
}

/// What all stages of a path took together.
pub const TOTAL: &str = "total";

/// How a path is, the worst last. What nobody knows is no alarm, so it ranks below one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Ok,
    /// Not asked to the end, or only this client is at fault.
    Unknown,
    Warning,
    Critical,
}

impl State {
    const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// One path, as it is told.
struct Told {
    uri: String,
    address: String,
    transport: String,
    state: State,
    why: String,
    /// Seconds by stage, in the order of the stages, [`TOTAL`] last; empty where nothing was timed.
    times: Vec<(String, f64)>,
}

impl Told {
    fn of(server: &Server, limits: &Limits, lang: Lang) -> Self {
        let mut times: Vec<(String, f64)> =
            server.stages.iter().filter_map(|stage| Some((stage.name.clone(), stage.ms? / 1000.0))).collect();
        if !times.is_empty() {
            let total = times.iter().map(|(_, seconds)| seconds).sum();
            times.push((TOTAL.to_owned(), total));
        }
        let over = |limits: &BTreeMap<String, f64>| {
            times.iter().find(|(stage, seconds)| limits.get(stage).is_some_and(|limit| seconds > limit))
        };
        let slow = |state, (stage, seconds): &(String, f64)| (state, format!("{stage} took {seconds:.3} s"));
        let (state, why) = match &server.error {
            Some(error) => {
                let about = About::from([("server".to_owned(), server.uri.clone())]);
                let title = catalog::words(error.code, &about, lang).title;
                let state = if server.fails() { State::Critical } else { State::Unknown };
                (state, format!("{title} [{}]", error.code))
            }
            None if server.health() != ServerHealth::Passes => (State::Unknown, "not asked to the end".to_owned()),
            None => over(&limits.critical)
                .map(|over| slow(State::Critical, over))
                .or_else(|| over(&limits.warning).map(|over| slow(State::Warning, over)))
                .unwrap_or((State::Ok, String::new())),
        };
        let host = || server.uri.parse::<Target>().map_or_else(|_| server.uri.clone(), |target| target.host);
        Self {
            uri: server.uri.clone(),
            address: server.address.map_or_else(host, |address| address.to_string()),
            transport: server.transport.to_string().to_lowercase(),
            state,
            why: plain(&why),
            times,
        }
    }

    /// Short, and without the characters that the formats give a meaning of their own.
    fn name(&self) -> String {
        let scheme = self.uri.split_once(':').map_or("", |(scheme, _)| scheme);
        let name = format!("{scheme} {}/{}", self.address, self.transport);
        plain(&name).replace(['\'', '"', '='], "_")
    }

    /// `what; name: why`, without its end where there is no why.
    fn line(&self) -> String {
        let name = self.name();
        if self.why.is_empty() { format!("{name}: works") } else { format!("{name}: {}", self.why) }
    }
}

/// In one line, without the bar that ends the text.
fn plain(text: &str) -> String {
    escape(text, false).replace(['\n', '\r'], " ").replace('|', "/")
}

/// The text for standard output, with its line feeds, and the exit code.
pub fn render(diagnosis: &Diagnosis, format: Format, limits: &Limits, lang: Lang) -> (String, u8) {
    let told: Vec<Told> = diagnosis.servers.iter().map(|server| Told::of(server, limits, lang)).collect();
    match format {
        Format::Nagios => nagios(&told, limits),
        Format::Checkmk => (checkmk(&told, limits), 0),
        Format::Zabbix => (zabbix(&told), 0),
    }
}

fn nagios(told: &[Told], limits: &Limits) -> (String, u8) {
    let worst = told.iter().map(|path| path.state).max().unwrap_or(State::Unknown);
    let working = told.iter().filter(|path| path.state == State::Ok).count();
    let mut text = format!("RTC {} - {working} of {} paths work", worst.name(), told.len());
    for path in told.iter().filter(|path| path.state != State::Ok) {
        let _ = write!(text, "; {}", path.line());
    }
    let mut measured = String::new();
    for path in told {
        for (stage, seconds) in &path.times {
            let _ = write!(measured, " '{} {stage}'={seconds:.6}s;{};0", path.name(), bounds(stage, limits));
        }
    }
    if !measured.is_empty() {
        let _ = write!(text, " |{measured}");
    }
    text.push('\n');
    (text, worst.code())
}

fn checkmk(told: &[Told], limits: &Limits) -> String {
    let line = |path: &Told| {
        let metric = |(stage, seconds): &(String, f64)| {
            format!("{}={seconds:.6};{}", stage.replace('-', "_"), bounds(stage, limits))
        };
        let metrics: Vec<String> = path.times.iter().map(metric).collect();
        let metrics = if metrics.is_empty() { "-".to_owned() } else { metrics.join("|") };
        format!("{} \"RTC {}\" {metrics} {}\n", path.state.code(), path.name(), path.line())
    };
    told.iter().map(line).collect()
}

/// `warning;critical`, each empty where there is none.
fn bounds(stage: &str, limits: &Limits) -> String {
    let bound = |of: &BTreeMap<String, f64>| of.get(stage).map_or_else(String::new, f64::to_string);
    format!("{};{}", bound(&limits.warning), bound(&limits.critical))
}

fn zabbix(told: &[Told]) -> String {
    let discovered = told.iter().map(|path| {
        json!({ "{#PATH}": path.name(), "{#URI}": path.uri, "{#ADDRESS}": path.address, "{#TRANSPORT}": path.transport })
    });
    let path = |path: &Told| {
        let times: Map<String, Value> = path.times.iter().map(|(stage, s)| (stage.clone(), json!(s))).collect();
        (path.name(), json!({ "state": path.state.code(), "why": path.why, "seconds": times }))
    };
    let document = json!({
        "data": discovered.collect::<Vec<_>>(),
        "paths": told.iter().map(path).collect::<Map<String, Value>>(),
    });
    format!("{document}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn rendered(diagnosis: &Diagnosis, format: Format, limits: &Limits) -> (String, u8) {
        render(diagnosis, format, limits, Lang::En)
    }

    fn limits(stage: &str, warning: f64, critical: f64) -> Limits {
        let of = |seconds| BTreeMap::from([(stage.to_owned(), seconds)]);
        Limits { warning: of(warning), critical: of(critical) }
    }

    /// One that works, whatever the network is.
    fn working() -> Diagnosis {
        let mut diagnosis = sample::company_relay();
        diagnosis.servers.retain(|server| server.health() == ServerHealth::Passes);
        assert!(!diagnosis.servers.is_empty());
        diagnosis
    }

    #[test]
    fn paths_that_work_are_ok_whatever_the_network_does() {
        let (text, code) = rendered(&working(), Format::Nagios, &Limits::default());
        assert!(text.starts_with("RTC OK - ") && text.lines().count() == 1, "{text}");
        assert_eq!((code, text.matches('|').count()), (0, 1), "{text}");
    }

    #[test]
    fn a_path_that_fails_is_critical_and_says_why() {
        let (text, code) = rendered(&sample::udp_blocked(), Format::Nagios, &Limits::default());
        assert!(code == 2 && text.starts_with("RTC CRITICAL - ") && text.lines().count() == 1, "{text}");
    }

    #[test]
    fn a_stage_that_takes_longer_than_its_limit_is_told() {
        for (of, code) in
            [(limits(TOTAL, 1e-9, 60.0), 1), (limits(TOTAL, 1e-9, 1e-9), 2), (limits(TOTAL, 60.0, 60.0), 0)]
        {
            assert_eq!(rendered(&working(), Format::Nagios, &of).1, code);
        }
    }

    #[test]
    fn checkmk_has_a_line_a_path_and_zabbix_one_document_and_both_end_with_0() {
        let diagnosis = sample::udp_blocked();
        let (text, code) = rendered(&diagnosis, Format::Checkmk, &Limits::default());
        assert_eq!((text.lines().count(), code), (diagnosis.servers.len(), 0));
        assert!(text.lines().all(|line| line.starts_with(['0', '1', '2', '3'])), "{text}");
        let (text, code) = rendered(&diagnosis, Format::Zabbix, &Limits::default());
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((document["data"].as_array().map(Vec::len), code), (Some(diagnosis.servers.len()), 0));
    }
}

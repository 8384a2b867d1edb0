//! What do statistics tell that a page had saved itself? (webrtc-pc §8.4)
//!
//! A report is a list of statistics, or an object of them by id, or the entries of a map; several taken one after the other are
//! a list of such, each perhaps with its time beside it. There are no events in it.

use super::session::{SavedConnection, SavedSession, Sight};
use super::{goog, reports, values};
use crate::model::{Millis, Text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most reports that are read.
const REPORTS_MAX: usize = 100_000;

/// Reads a file, of one connection mostly: a page with two of them has each under a name of its own.
pub(super) fn read(json: &Value) -> SavedSession {
    let mut session = SavedSession::default();
    let mut snapshots = Vec::new();
    collect(json, "", &mut snapshots, 0);
    session.left_out.beyond_limits = snapshots.len().saturating_sub(REPORTS_MAX) as u64;
    snapshots.truncate(REPORTS_MAX);
    for (number, of_one) in (1..).zip(grouped(&snapshots)) {
        let name = if number == 1 { "getStats".to_owned() } else { format!("getStats-{number}") };
        let mut connection = SavedConnection { name: Text::new(&name), ..SavedConnection::default() };
        for (place, snapshot) in of_one.into_iter().enumerate() {
            take(&mut connection, &snapshot.statistics, Millis(place as f64 * 1000.0));
        }
        let points = || connection.pairs.values().flat_map(|pair| &pair.points);
        let counts = points().any(|point| point.requests_sent.is_some());
        connection.sight = Sight { tells_no_events: true, counts_no_checks: !counts, ..Sight::default() };
        let is_any = !connection.pairs.is_empty() || !connection.candidates.is_empty();
        session.connections.extend((is_any || !connection.transports.is_empty()).then_some(connection));
    }
    session
}

/// One report, and the names of the fields that it stands in.
struct Snapshot<'a> {
    within: String,
    statistics: Vec<&'a Value>,
}

impl Snapshot<'_> {
    /// The ids by which reports of one connection are known: those of its candidates and pairs are random.
    fn marks(&self) -> impl Iterator<Item = String> {
        let is_own = |it: &&&Value| {
            let kind = it.get("type").and_then(Value::as_str).unwrap_or_default();
            matches!(kind, "candidate-pair" | "local-candidate" | "remote-candidate")
        };
        self.statistics.iter().filter(is_own).filter_map(|it| it.get("id").and_then(values::words))
    }
}

/// The reports of each connection: those that have ids in common, and those that stand at the same place.
fn grouped<'a, 'b>(snapshots: &'b [Snapshot<'a>]) -> Vec<Vec<&'b Snapshot<'a>>> {
    let mut groups: Vec<Vec<&Snapshot<'_>>> = Vec::new();
    let mut by_mark: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_place: BTreeMap<&str, usize> = BTreeMap::new();
    for snapshot in snapshots {
        let known = snapshot.marks().find_map(|mark| by_mark.get(&mark).copied());
        let group = known.or_else(|| by_place.get(&*snapshot.within).copied()).unwrap_or(groups.len());
        by_mark.extend(snapshot.marks().map(|mark| (mark, group)));
        by_place.insert(&snapshot.within, group);
        match groups.get_mut(group) {
            Some(of_one) => of_one.push(snapshot),
            None => groups.push(vec![snapshot]),
        }
    }
    groups
}

/// Notes one report; statistics without a time have that of the report.
pub(super) fn take(connection: &mut SavedConnection, snapshot: &[&Value], otherwise: Millis) {
    let time = snapshot
        .iter()
        .filter(|it| !is_reported_by_the_other(it))
        .find_map(|it| it.get("timestamp").and_then(values::clock));
    let at = time.unwrap_or(otherwise);
    for statistics in snapshot {
        let (Some(id), Some(kind)) =
            (statistics.get("id").and_then(values::words), statistics.get("type").and_then(Value::as_str))
        else {
            continue;
        };
        let of = |name: &str| statistics.get(name);
        match goog::kind(&id, kind) {
            Some(kind) => goog::take(connection, at, &id, kind, &of),
            None => reports::take(connection, at, &id, kind, &of),
        };
    }
}

/// A report of a form that writes its id outside it.
pub(super) fn with_id(id: &str, mut report: Map<String, Value>) -> Value {
    report.entry("id").or_insert_with(|| Value::String(id.to_owned()));
    Value::Object(report)
}

fn is_reported_by_the_other(statistics: &Value) -> bool {
    statistics.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("remote-"))
}

fn is_statistics(value: &Value) -> bool {
    value.get("type").is_some_and(Value::is_string) && value.get("id").is_some()
}

/// Finds the reports in whatever they are wrapped in.
fn collect<'a>(value: &'a Value, within: &str, into: &mut Vec<Snapshot<'a>>, depth: usize) {
    /// A list of reports, with the time beside each, of pages with several connections.
    const DEPTH_MAX: usize = 6;

    if depth > DEPTH_MAX {
        return;
    }
    let entries: Vec<(&str, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| ("", item)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.as_str(), field)).collect(),
        _ => return,
    };
    // The entries of a map are pairs of an id and the statistics.
    let of_map = |entry: &'a Value| match entry.as_array().map(Vec::as_slice) {
        Some([Value::String(_), statistics]) => Some(statistics),
        _ => None,
    };
    let statistics: Vec<&Value> =
        entries.iter().map(|(_, entry)| of_map(entry).unwrap_or(*entry)).filter(|entry| is_statistics(entry)).collect();
    if statistics.is_empty() {
        for (name, entry) in entries {
            let within = if name.is_empty() { within.to_owned() } else { format!("{within}/{name}") };
            collect(entry, &within, into, depth + 1);
        }
    } else {
        into.push(Snapshot { within: within.to_owned(), statistics });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pair(at: f64) -> Value {
        json!({"id": "P", "type": "candidate-pair", "timestamp": at, "requestsSent": 3, "responsesReceived": 3})
    }

    #[test]
    fn a_report_reads_alike_as_list_as_object_as_entries_and_in_a_wrapper() {
        let (one, two) = (1_795_946_614_000.0, 1_795_946_615_000.0);
        for written in [
            json!([[pair(one)], [pair(two)]]),
            json!([{"P": pair(one)}, {"P": pair(two)}]),
            json!([[["P", pair(one)]], [["P", pair(two)]]]),
            json!([{"timestamp": one, "stats": [pair(one)]}, {"timestamp": two, "stats": [pair(two)]}]),
        ] {
            let read = read(&written);
            assert_eq!(read.connections[0].pairs["P"].points.len(), 2, "{written}");
            assert_eq!(read.connections[0].pairs["P"].points[0].at, Millis(one));
        }
    }

    #[test]
    fn two_ends_in_one_file_are_two_connections_and_one_that_changed_its_place_is_one() {
        let of = |id: &str, at: f64| json!({"id": id, "type": "candidate-pair", "timestamp": at, "requestsSent": 3});
        let (one, two) = (1_795_946_614_000.0, 1_795_946_615_000.0);
        let both = json!([{"a": [of("P", one)], "b": [of("Q", one)]}, {"a": [of("R", two)], "b": [of("Q", two)]}]);
        let lengths = |written: &Value| -> Vec<usize> {
            let points = |connection: &SavedConnection| connection.pairs.values().map(|pair| pair.points.len()).sum();
            read(written).connections.iter().map(points).collect()
        };
        assert_eq!(lengths(&both), [2, 2]);
        assert_eq!(lengths(&json!({"1": [of("P", one)], "2": [of("P", two)]})), [2]);
    }

    #[test]
    fn what_holds_no_statistics_has_no_connection() {
        assert!(read(&json!({})).connections.is_empty());
    }
}

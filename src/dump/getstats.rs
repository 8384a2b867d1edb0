//! What do statistics tell that a page had saved itself? (webrtc-pc §8.4)
//!
//! A report is a list of statistics, or an object of them by id, or the entries of a map; several taken one after the other are
//! a list of such, each perhaps with its time beside it. There are no events in it.

use super::session::{SavedConnection, SavedSession, Sight};
use super::{reports, values};
use crate::model::{Millis, Text};
use serde_json::Value;

/// The most reports that are read.
const REPORTS_MAX: usize = 100_000;

/// Reads a file of one connection.
pub(super) fn read(json: &Value) -> SavedSession {
    let mut connection = SavedConnection { name: Text::new("getStats"), ..SavedConnection::default() };
    let mut session = SavedSession::default();
    let mut snapshots = Vec::new();
    collect(json, &mut snapshots, 0);
    session.left_out.beyond_limits = snapshots.len().saturating_sub(REPORTS_MAX) as u64;
    for (place, snapshot) in snapshots.into_iter().enumerate().take(REPORTS_MAX) {
        take(&mut connection, &snapshot, Millis(place as f64 * 1000.0));
    }
    let counts = connection.pairs.values().flat_map(|pair| &pair.points).any(|point| point.requests_sent.is_some());
    connection.sight = Sight { tells_no_events: true, counts_no_checks: !counts, ..Sight::default() };
    session
        .connections
        .extend((!connection.pairs.is_empty() || !connection.candidates.is_empty()).then_some(connection));
    session
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
        reports::take(connection, at, &id, kind, &of);
    }
}

fn is_reported_by_the_other(statistics: &Value) -> bool {
    statistics.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("remote-"))
}

fn is_statistics(value: &Value) -> bool {
    value.get("type").is_some_and(Value::is_string) && value.get("id").is_some()
}

/// Finds the reports in whatever they are wrapped in.
fn collect<'a>(value: &'a Value, into: &mut Vec<Vec<&'a Value>>, depth: usize) {
    /// A list of reports, with the time beside each, of pages with several connections.
    const DEPTH_MAX: usize = 6;

    if depth > DEPTH_MAX {
        return;
    }
    let entries: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => return,
    };
    // The entries of a map are pairs of an id and the statistics.
    let of_map = |entry: &'a Value| match entry.as_array().map(Vec::as_slice) {
        Some([Value::String(_), statistics]) => Some(statistics),
        _ => None,
    };
    let statistics: Vec<&Value> = entries
        .iter()
        .filter_map(|entry| of_map(entry).or(Some(*entry)))
        .filter(|entry| is_statistics(entry))
        .collect();
    if statistics.is_empty() {
        entries.into_iter().for_each(|entry| collect(entry, into, depth + 1));
    } else {
        into.push(statistics);
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
    fn what_holds_no_statistics_has_no_connection() {
        assert!(read(&json!({})).connections.is_empty());
    }
}

//! What did reports say of which only the changes are written?
//!
//! Such a form leaves out a report that is as it was. A point of it is made where it is named, and one before that at the last
//! time at which it was left out: so it is seen how long it stood still, and a file makes no more of itself than it is long.

use super::getstats;
use super::session::SavedConnection;
use crate::model::Millis;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most reports that are remembered to complete those of which only a change was written.
const KNOWN_MAX: usize = 100_000;

/// What is written of one report: its changes, by the names of webrtc-stats, or that it is gone.
pub(super) type NewValues = Option<Map<String, Value>>;

/// The statistics of one connection, put together from what changed.
#[derive(Default)]
pub(super) struct Changes {
    known: BTreeMap<String, KnownReport>,
    /// When statistics were written last, of whatever reports.
    written: Option<Millis>,
}

#[derive(Default)]
struct KnownReport {
    statistics: Map<String, Value>,
    named: Option<Millis>,
}

impl Changes {
    /// Notes what changed by `at`, and how many reports were told.
    pub(super) fn take(
        &mut self,
        connection: &mut SavedConnection,
        changes: impl IntoIterator<Item = (String, NewValues)>,
        at: Millis,
    ) -> usize {
        let mut count = 0;
        for (id, change) in changes {
            match change {
                None => {
                    if let Some(gone) = self.known.remove(&id) {
                        gone.stand_still(connection, &id, self.written);
                    }
                }
                Some(change) if self.known.len() < KNOWN_MAX || self.known.contains_key(&id) => {
                    let known = self.known.entry(id.clone()).or_default();
                    known.stand_still(connection, &id, self.written);
                    // Without a time of its own a report is of the time of all.
                    known.statistics.remove("timestamp");
                    known.statistics.extend(change);
                    known.named = Some(at);
                    count += 1;
                    tell(connection, &id, known.statistics.clone(), at);
                }
                Some(_) => {}
            }
        }
        self.written = self.written.max(Some(at));
        count
    }

    /// Notes how the last ones were to the end.
    pub(super) fn end(self, connection: &mut SavedConnection) {
        for (id, known) in self.known {
            known.stand_still(connection, &id, self.written);
        }
    }
}

impl KnownReport {
    /// Notes that it was as it is, until then. What the other end had told and did not tell again is not told anew.
    fn stand_still(&self, connection: &mut SavedConnection, id: &str, until: Option<Millis>) {
        let Some(until) = until.filter(|until| self.named.is_some_and(|named| named < *until)) else { return };
        if !is_told_there(&self.statistics) {
            let mut statistics = self.statistics.clone();
            statistics.remove("timestamp");
            tell(connection, id, statistics, until);
        }
    }
}

/// Whether it is what the other end reported, at a time of its own.
fn is_told_there(report: &Map<String, Value>) -> bool {
    report.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("remote-") && kind.ends_with("-rtp"))
}

fn tell(connection: &mut SavedConnection, id: &str, statistics: Map<String, Value>, at: Millis) {
    getstats::take(connection, &[&getstats::with_id(id, statistics)], at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pair(requests: u64) -> NewValues {
        json!({"type": "candidate-pair", "requestsSent": requests, "responsesReceived": 2}).as_object().cloned()
    }

    /// The times and requests of the pair's points after these lines, a second apart.
    fn points(lines: &[Vec<(&str, NewValues)>]) -> Vec<(f64, Option<u64>)> {
        let (mut changes, mut connection) = (Changes::default(), SavedConnection::default());
        for (at, line) in (1..).zip(lines) {
            let line = line.iter().map(|(id, change)| ((*id).to_owned(), change.clone()));
            changes.take(&mut connection, line, Millis(f64::from(at) * 1000.0));
        }
        changes.end(&mut connection);
        let pair = connection.pairs.get("P").map(|pair| pair.points.as_slice()).unwrap_or_default();
        pair.iter().map(|point| (point.at.0, point.requests_sent)).collect()
    }

    #[test]
    fn what_is_left_out_stood_still_until_it_is_named_again_and_to_the_end() {
        let lines = [vec![("P", pair(2))], vec![], vec![], vec![("P", pair(3))], vec![]];
        assert_eq!(points(&lines), [(1000.0, Some(2)), (3000.0, Some(2)), (4000.0, Some(3)), (5000.0, Some(3))]);
    }

    #[test]
    fn what_is_gone_stands_still_no_more() {
        let lines = [vec![("P", pair(2))], vec![], vec![("P", None)], vec![], vec![]];
        assert_eq!(points(&lines), [(1000.0, Some(2)), (2000.0, Some(2))]);
    }

    #[test]
    fn a_line_makes_points_of_what_it_names_alone() {
        let names: Vec<String> = (0..2_000).map(|number| format!("P{number}")).collect();
        let (mut changes, mut connection) = (Changes::default(), SavedConnection::default());
        for (at, name) in (1..).zip(&names) {
            changes.take(&mut connection, [(name.clone(), pair(1))], Millis(f64::from(at)));
        }
        changes.end(&mut connection);
        let points: usize = connection.pairs.values().map(|pair| pair.points.len()).sum();
        assert!(points <= 2 * names.len(), "{points}");
    }
}

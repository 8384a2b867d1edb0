//! What does a dump of rtcstats tell? (rtcstats-js and -server; Chrome's second button; jitsi's server)
//!
//! Lines of `[event, connection, value, …, time]`. Behind a line `RTCStatsDump` times are steps from the line before; without
//! it they are since 1970, and a number of the line may follow. Chrome writes statistics in full, rtcstats-js what has changed,
//! in numbers. Jitsi writes what has changed, and nothing is ever gone.

use super::changes::Changes;
use super::session::{Event, LeftOut, REFUSED_MAX, SavedConnection, SavedSession};
use super::{events, getstats, numbered, unclear, values};
use crate::model::{Millis, Text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The line that files of numbered forms begin with.
pub(super) const HEADER: &str = "RTCStatsDump";
const CONNECTIONS_MAX: usize = 1_000;
const LINE_BYTES_MAX: usize = 64 << 20;
/// The most reports of all statistics together that are read: an hour of a call has some hundred thousand.
const REPORTS_MAX: usize = 10_000_000;

/// Reads as many lines as are there.
pub(super) fn read(text: &str) -> SavedSession {
    let mut reader = LineReader { steps: text.starts_with(HEADER), ..LineReader::default() };
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()).peekable();
    while let Some((line, place)) = lines.next() {
        let is_last = lines.peek().is_none();
        match serde_json::from_str(line) {
            _ if line.starts_with(HEADER) => {}
            _ if line.len() > LINE_BYTES_MAX => reader.left_out.beyond_limits += 1,
            Ok(Value::Array(entry)) => reader.take(&entry, place),
            Ok(Value::Object(head)) => reader.take_head(&head),
            Ok(_) => reader.left_out.not_understood += 1,
            Err(_) if is_last => reader.left_out.is_cut = true,
            Err(_) => reader.left_out.not_understood += 1,
        }
    }
    reader.into_session()
}

#[derive(Default)]
struct LineReader {
    /// Times are steps from the line before.
    steps: bool,
    now: f64,
    made_by: Text,
    connections: BTreeMap<String, One>,
    /// In the order of the file.
    names: Vec<String>,
    refused: Vec<Event>,
    /// How many reports of statistics were read.
    reports: usize,
    left_out: LeftOut,
}

#[derive(Default)]
struct One {
    connection: SavedConnection,
    /// Where changes alone are written.
    changes: Changes,
    /// The description that was made last: where numbers are written only what differs from it is.
    created: Option<Value>,
    has_statistics: bool,
}

impl LineReader {
    fn take_head(&mut self, head: &Map<String, Value>) {
        if let Some(agent) = head.get("userAgent").and_then(values::text) {
            self.made_by = agent;
        }
    }

    fn take(&mut self, entry: &[Value], place: u32) {
        let ([method, connection, value, ..], Some(time)) = (entry, self.time_of(entry)) else {
            self.left_out.not_understood += 1;
            return;
        };
        let now = if self.steps { self.now + time } else { time };
        if !values::is_time(now) {
            self.left_out.not_understood += 1;
            return;
        }
        self.now = now;
        let at = Millis(self.now);
        let Some(method) = numbered::event(method) else {
            self.left_out.not_understood += 1;
            return;
        };
        let asks_for_media = method.contains("getUserMedia") || method.contains("getDisplayMedia");
        if method == "connectionInfo" || method == "create" && connection.is_null() {
            let info = value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone());
            self.take_head(info.as_object().unwrap_or(&Map::new()));
        } else if asks_for_media {
            let failed =
                method.ends_with("OnFailure").then(|| events::failed(method.trim_end_matches("OnFailure"), value));
            let failed = failed.filter(|_| self.refused.len() < REFUSED_MAX);
            self.refused.extend(failed.map(|happened| Event { at, place, happened }));
        } else if let Some(name) = connection.as_str() {
            self.take_of(name, at, place, method, value);
        }
    }

    /// The time of a line: its last number; where times are since 1970, the first that is such a time.
    fn time_of(&self, entry: &[Value]) -> Option<f64> {
        let rest = entry.get(3..)?;
        let since_1970 = rest.iter().find_map(values::clock).filter(|_| !self.steps);
        since_1970.map(|at| at.0).or_else(|| rest.last().and_then(values::number))
    }

    fn take_of(&mut self, name: &str, at: Millis, place: u32, method: &str, value: &Value) {
        if !self.connections.contains_key(name) {
            if self.names.len() >= CONNECTIONS_MAX {
                self.left_out.beyond_limits += 1;
                return;
            }
            self.names.push(name.to_owned());
        }
        let one = self.connections.entry(name.to_owned()).or_default();
        one.connection.known_until = one.connection.known_until.max(Some(at));
        match (method, value.as_object()) {
            ("getStats" | "getstats", Some(_)) if self.reports > REPORTS_MAX => self.left_out.beyond_limits += 1,
            ("getStats" | "getstats", Some(statistics)) => {
                self.reports += match self.steps {
                    true if numbered::is_coded(statistics) => one.take_coded(statistics, at),
                    true => one.take_whole(statistics, at),
                    false => one.take_changes(statistics, at),
                };
            }
            ("setLocalDescription", Some(_)) if self.steps => {
                let whole = numbered::described(one.created.as_ref(), value);
                let has_room = events::take(&mut one.connection, at, place, method, whole.as_ref().unwrap_or(value));
                self.left_out.beyond_limits += u64::from(!has_room);
            }
            ("createOfferOnSuccess" | "createAnswerOnSuccess", Some(_)) => one.created = Some(value.clone()),
            _ => {
                let has_room = events::take(&mut one.connection, at, place, method, value);
                self.left_out.beyond_limits += u64::from(!has_room);
            }
        }
    }

    fn into_session(mut self) -> SavedSession {
        let connections = self.names.iter().filter_map(|name| {
            let One { mut connection, has_statistics, changes, .. } = self.connections.remove(name)?;
            changes.end(&mut connection);
            connection.name = Text::new(name);
            connection.sight.is_unclear = unclear::is_unclear(&connection, has_statistics);
            // Lines are not in the order of time.
            connection.events.sort_by_key(|event| event.at);
            Some(connection)
        });
        SavedSession {
            connections: connections.collect(),
            made_by: self.made_by,
            saved_at: None,
            refused: self.refused,
            left_out: self.left_out,
        }
    }
}

impl One {
    fn take_whole(&mut self, statistics: &Map<String, Value>, at: Millis) -> usize {
        self.take_reports(
            &reports(statistics).map(|(id, report)| getstats::with_id(id, report.clone())).collect::<Vec<_>>(),
            at,
        )
    }

    fn take_coded(&mut self, statistics: &Map<String, Value>, at: Millis) -> usize {
        let count = self.changes.take(&mut self.connection, numbered::changes(statistics), at);
        self.has_statistics |= count > 0;
        count
    }

    /// How many there were.
    fn take_reports(&mut self, whole: &[Value], at: Millis) -> usize {
        self.has_statistics |= !whole.is_empty();
        getstats::take(&mut self.connection, &whole.iter().collect::<Vec<_>>(), at);
        whole.len()
    }

    fn take_changes(&mut self, statistics: &Map<String, Value>, at: Millis) -> usize {
        let changes = reports(statistics).map(|(id, report)| (id.clone(), Some(report.clone())));
        let count = self.changes.take(&mut self.connection, changes, at);
        self.has_statistics |= count > 0;
        count
    }
}

fn reports(statistics: &Map<String, Value>) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    statistics.iter().filter_map(|(id, report)| Some((id, report.as_object()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = r#"{"type":"candidate-pair","requestsSent":2,"responsesReceived":2}"#;

    #[test]
    fn times_are_steps_behind_the_header_and_since_1970_without_it() {
        let chrome = format!(
            "RTCStatsDump\n{{\"fileFormat\":3}}\n[\"create\",\"8-1\",{{}},1795947379227]\n[\"onsignalingstatechange\",\"8-1\",\"\\\"stable\\\"\",1000]\n\
             [\"getStats\",\"8-1\",{{\"P\":{PAIR}}},500]"
        );
        let jitsi = format!(
            "[\"create\",\"8-1\",{{}},1795947379227]\n[\"signalingstatechange\",\"8-1\",\"stable\",1795947380227]\n\
             [\"getstats\",\"8-1\",{{\"P\":{PAIR}}},1795947380727]"
        );
        let [chrome, jitsi] = [read(&chrome), read(&jitsi)];
        assert_eq!(chrome.connections[0].events, {
            let mut events = jitsi.connections[0].events.clone();
            events.iter_mut().zip(&chrome.connections[0].events).for_each(|(event, other)| event.place = other.place);
            events
        });
        assert_eq!(chrome.connections[0].pairs, jitsi.connections[0].pairs);
        assert_eq!(jitsi.connections[0].pairs["P"].points[0].at, Millis(1_795_947_380_727.0));
    }

    #[test]
    fn what_did_not_change_is_as_it_was() {
        let jitsi = format!(
            "[\"getstats\",\"PC_0\",{{\"P\":{PAIR}}},1795947380000]\n[\"getstats\",\"PC_0\",{{\"P\":{{\"requestsSent\":3}}}},1795947381000]"
        );
        let read = read(&jitsi);
        let last = read.connections[0].pairs["P"].points[1];
        assert_eq!((last.requests_sent, last.responses_received), (Some(3), Some(2)));
    }

    #[test]
    fn a_number_of_the_line_is_no_time() {
        let jitsi = read(
            r#"["create","PC_0",{},1795947380000,1]
["oniceconnectionstatechange","PC_0","checking",1795947381000,2]"#,
        );
        assert_eq!(jitsi.connections[0].events[0].at, Millis(1_795_947_381_000.0));
    }

    #[test]
    fn half_a_line_at_the_end_is_said_and_one_in_the_midst_is_counted() {
        let cut = read("RTCStatsDump\n[\"create\",\"1\",{},1795947379227]\n[\"onsig");
        assert_eq!((cut.left_out.is_cut, cut.connections.len()), (true, 1));
        let spoilt = read("[\"create\",\"1\",{},1795947379227]\n[\"onsig\n[\"close\",\"1\",null,1795947379229]");
        assert_eq!((spoilt.left_out.is_cut, spoilt.left_out.not_understood), (false, 1));
    }
}

//! What does a dump of rtcstats tell? (rtcstats-js and -server; Chrome's second button; jitsi's server)
//!
//! Lines of `[event, connection, value, …, time]`. Behind a line `RTCStatsDump` times are steps from the line before; without
//! it they are since 1970. Chrome writes statistics in full. Jitsi writes what has changed, and nothing is ever gone.

use super::session::{Event, LeftOut, SavedConnection, SavedSession};
use super::{events, getstats, values};
use crate::model::{Millis, Text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The line that files of numbered forms begin with.
pub(super) const HEADER: &str = "RTCStatsDump";
const CONNECTIONS_MAX: usize = 1_000;
const LINE_BYTES_MAX: usize = 64 << 20;
/// The most statistics that are remembered to complete those of which only a change was written.
const KNOWN_MAX: usize = 100_000;

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
    left_out: LeftOut,
}

#[derive(Default)]
struct One {
    connection: SavedConnection,
    /// The latest of each report, where changes alone are written.
    known: BTreeMap<String, Map<String, Value>>,
}

impl LineReader {
    fn take_head(&mut self, head: &Map<String, Value>) {
        if let Some(agent) = head.get("userAgent").and_then(values::text) {
            self.made_by = agent;
        }
    }

    fn take(&mut self, entry: &[Value], place: u32) {
        let [method, connection, value, .., time] = entry else {
            self.left_out.not_understood += 1;
            return;
        };
        let Some(time) = values::number(time) else {
            self.left_out.not_understood += 1;
            return;
        };
        self.now = if self.steps { self.now + time } else { time };
        let at = Millis(self.now);
        let Some(method) = name_of(method) else {
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
            self.refused.extend(failed.map(|happened| Event { at, place, happened }));
        } else if let Some(name) = connection.as_str() {
            self.take_of(name, at, place, &method, value);
        }
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
        match method {
            "getStats" if self.steps => one.take_whole(value, at),
            "getStats" | "getstats" => one.take_changes(value, at),
            _ => {
                let has_room = events::take(&mut one.connection, at, place, method, value);
                self.left_out.beyond_limits += u64::from(!has_room);
            }
        }
    }

    fn into_session(mut self) -> SavedSession {
        let connections = self.names.iter().filter_map(|name| {
            let mut connection = self.connections.remove(name)?.connection;
            connection.name = Text::new(name);
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
    fn take_whole(&mut self, value: &Value, at: Millis) {
        let with_ids: Vec<Value> = reports(value).map(|(id, report)| with_id(id, report.clone())).collect();
        getstats::take(&mut self.connection, &with_ids.iter().collect::<Vec<_>>(), at);
    }

    fn take_changes(&mut self, value: &Value, at: Millis) {
        for (id, report) in reports(value) {
            if self.known.len() < KNOWN_MAX || self.known.contains_key(id) {
                let known = self.known.entry(id.clone()).or_default();
                known.extend(report.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        // A time of 0 stands for that of all.
        let whole: Vec<Value> = self.known.iter().map(|(id, report)| with_id(id, report.clone())).collect();
        getstats::take(&mut self.connection, &whole.iter().collect::<Vec<_>>(), at);
    }
}

fn reports(value: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    value.as_object().into_iter().flatten().filter_map(|(id, report)| Some((id, report.as_object()?)))
}

fn with_id(id: &str, mut report: Map<String, Value>) -> Value {
    report.entry("id").or_insert_with(|| Value::String(id.to_owned()));
    Value::Object(report)
}

/// The name of an event: as it is, or by the number or letter that rtcstats-js has for the most frequent.
fn name_of(method: &Value) -> Option<String> {
    let name = match method {
        Value::String(name) => name.as_str(),
        _ => match values::count(method)? {
            1 => "getStats",
            20 => "onicecandidate",
            21 => "onicecandidateerror",
            24 => "oniceconnectionstatechange",
            39 => "create",
            _ => return None,
        },
    };
    Some(if name == "g" { "getStats" } else { name }.to_owned())
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
    fn half_a_line_at_the_end_is_said_and_one_in_the_midst_is_counted() {
        let cut = read("RTCStatsDump\n[\"create\",\"1\",{},1795947379227]\n[\"onsig");
        assert_eq!((cut.left_out.is_cut, cut.connections.len()), (true, 1));
        let spoilt = read("[\"create\",\"1\",{},1795947379227]\n[\"onsig\n[\"close\",\"1\",null,1795947379229]");
        assert_eq!((spoilt.left_out.is_cut, spoilt.left_out.not_understood), (false, 1));
    }
}

//! What does a dump of chrome://webrtc-internals tell? (dump_creator.js and webrtc_internals.js of Chromium, 2019 to 2026)
//!
//! One JSON object. Events are texts in `updateLog`; statistics are series, a JSON list in a text for each property of each
//! report, with times of their own in a series named `…-timestamp`. A property that began late has the shorter series, and
//! all end together. Only what a diagnosis needs is parsed, one connection after the other; of a file that ends in the
//! middle all that came before is kept.

use super::reports;
use super::session::{Event, REFUSED_MAX, SavedConnection, SavedSession};
use super::{events, goog, older, unclear, values};
use crate::model::{Millis, Text};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The most connections, and series of one connection, that are read.
const CONNECTIONS_MAX: usize = 1_000;
const SERIES_MAX: usize = 200_000;
/// The longest text of a series that is parsed: a thousand points have a fiftieth.
const SERIES_BYTES_MAX: usize = 1 << 20;
/// More points than these a browser does not keep, and the beginning is gone.
const POINTS_KEPT: usize = 1_000;

/// Reads as much of the file as is there.
pub(super) fn read(json: &[u8]) -> SavedSession {
    let mut session = SavedSession::default();
    let mut from = serde_json::Deserializer::from_slice(json);
    session.left_out.is_cut = from.deserialize_map(Top(&mut session)).is_err();
    // A connection that is in the file was there when it was saved: others are left away.
    let saved_at = session.saved_at;
    session.connections.iter_mut().for_each(|it| it.known_until = it.known_until.max(saved_at));
    session
}

/// Whatever is not expected where it stands is passed over.
macro_rules! passes_over_others {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a part of a dump of webrtc-internals")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
    };
}

macro_rules! seed {
    ($seed:ident gives $value:ty) => {
        impl<'de> DeserializeSeed<'de> for $seed<'_> {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<$value, D::Error> {
                from.deserialize_any(self)
            }
        }
    };
}

struct Top<'a>(&'a mut SavedSession);

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    passes_over_others!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let session = self.0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "PeerConnections" => map.next_value_seed(Connections(session))?,
                "UserAgent" => session.made_by = values::text(&map.next_value()?).unwrap_or_default(),
                "timestamp" => session.saved_at = values::clock(&map.next_value()?),
                "getUserMedia" => {
                    let asked: Value = map.next_value()?;
                    session.refused =
                        asked.as_array().into_iter().flatten().filter_map(refused).take(REFUSED_MAX).collect();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A camera or microphone that the application did not get.
fn refused(asked: &Value) -> Option<Event> {
    asked.get("error").filter(|error| !error.is_null())?;
    let at = asked.get("timestamp").and_then(values::clock).unwrap_or_default();
    let what = asked.get("request_type").and_then(Value::as_str).unwrap_or("getUserMedia");
    Some(Event { at, place: 0, happened: events::failed(what, asked) })
}

struct Connections<'a>(&'a mut SavedSession);

seed!(Connections gives ());

impl<'de> Visitor<'de> for Connections<'_> {
    type Value = ();

    passes_over_others!();

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if self.0.connections.len() >= CONNECTIONS_MAX {
                self.0.left_out.beyond_limits += 1;
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let mut written = RawConnection { name: Text::new(&name), ..RawConnection::default() };
            let is_read = map.next_value_seed(One(&mut written));
            let left_out = &mut self.0.left_out;
            left_out.not_understood += written.not_understood;
            left_out.beyond_limits += written.beyond_limits;
            self.0.connections.push(written.into_connection());
            is_read?;
        }
        Ok(())
    }
}

/// A connection as it is written.
#[derive(Default)]
struct RawConnection {
    name: Text,
    events: SavedConnection,
    reports: BTreeMap<String, SeriesOfReport>,
    series: usize,
    not_understood: u64,
    beyond_limits: u64,
}

/// The series of one report.
#[derive(Default)]
struct SeriesOfReport {
    kind: String,
    begin: Option<Millis>,
    end: Option<Millis>,
    columns: BTreeMap<&'static str, Vec<Value>>,
}

impl RawConnection {
    fn into_connection(mut self) -> SavedConnection {
        let mut connection = std::mem::take(&mut self.events);
        connection.name = self.name;
        let mut begin: Option<Millis> = None;
        connection.known_until = self.reports.values().filter_map(|report| report.end).max();
        for (id, report) in &self.reports {
            let kind = report.kind(id);
            let length = report.columns.values().map(Vec::len).max().unwrap_or_default();
            connection.sight.began_late |= length >= POINTS_KEPT;
            begin = [begin, report.begin].into_iter().flatten().min();
            for place in 0..length {
                let value = |name: &str| {
                    let column = report.columns.get(name)?;
                    column.get((place + column.len()).checked_sub(length)?)
                };
                let Some(at) = report.time(place, length) else { continue };
                match goog::kind(id, &report.kind) {
                    Some(kind) => goog::take(&mut connection, at, id, kind, &value),
                    None => reports::take(&mut connection, at, id, kind, &value),
                };
            }
        }
        connection.sight.is_unclear = unclear::is_unclear(&connection, !self.reports.is_empty());
        // Old browsers write the times of events in words of the user's country, to be read by nobody else.
        let first = begin.unwrap_or_default();
        connection.events.iter_mut().filter(|event| !event.at.is_finite()).for_each(|event| event.at = first);
        connection
    }
}

impl SeriesOfReport {
    /// What it is of: as it says itself, or by its id as browsers wrote it that did not say.
    fn kind(&self, id: &str) -> &str {
        let is_remote = self.columns.get("isRemote").and_then(|column| column.first()).and_then(values::truth);
        if self.kind.is_empty() { older::kind_of_id(id, is_remote).unwrap_or_default() } else { &self.kind }
    }

    /// When the point at this place was taken: by the series of times, else evenly from the first to the last.
    fn time(&self, place: usize, length: usize) -> Option<Millis> {
        if let Some(times) = self.columns.get("timestamp").filter(|times| times.len() == length) {
            return times.get(place).and_then(values::clock);
        }
        let (begin, end) = (self.begin?.0, self.end?.0);
        let share = if length > 1 { place as f64 / (length - 1) as f64 } else { 1.0 };
        Some(Millis(begin + (end - begin) * share))
    }
}

struct One<'a>(&'a mut RawConnection);

seed!(One gives ());

impl<'de> Visitor<'de> for One<'_> {
    type Value = ();

    passes_over_others!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let written = self.0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "rtcConfiguration" => {
                    // What a later event sets replaces it, wherever the two stand in the file.
                    let first = events::configuration(&map.next_value()?);
                    written.events.configuration.get_or_insert(first);
                }
                "updateLog" => map.next_value_seed(Log(written))?,
                "stats" => map.next_value_seed(Stats(written))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Log<'a>(&'a mut RawConnection);

seed!(Log gives ());

impl<'de> Visitor<'de> for Log<'_> {
    type Value = ();

    passes_over_others!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut place = 0;
        while let Some(entry) = seq.next_element::<Value>()? {
            place += 1;
            let Some(name) = entry.get("type").and_then(Value::as_str) else {
                self.0.not_understood += 1;
                continue;
            };
            let at = entry.get("timestamp").and_then(values::clock).unwrap_or(Millis(f64::NAN));
            let value = entry.get("value").unwrap_or(&Value::Null);
            let has_room = events::take(&mut self.0.events, at, place, name, value);
            self.0.beyond_limits += u64::from(!has_room);
        }
        Ok(())
    }
}

struct Stats<'a>(&'a mut RawConnection);

seed!(Stats gives ());

impl<'de> Visitor<'de> for Stats<'_> {
    type Value = ();

    passes_over_others!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let written = self.0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let wanted = split(&key).and_then(|(id, property)| {
                wanted().find(|wanted| **wanted == property).map(|property| (id, *property))
            });
            let Some((id, property)) = wanted else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            written.series += 1;
            if written.series > SERIES_MAX {
                written.beyond_limits += 1;
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let report = written.reports.entry(id.to_owned()).or_default();
            let values = map.next_value_seed(Series(report))?;
            match values {
                Some(values) if values.len() > SERIES_BYTES_MAX => written.beyond_limits += 1,
                Some(values) => match serde_json::from_str(&values).ok().or_else(|| one_by_one(&values)) {
                    Some(values) => {
                        report.columns.insert(property, values);
                    }
                    None => written.not_understood += 1,
                },
                None => {}
            }
        }
        Ok(())
    }
}

/// The values of a series that is no JSON as a whole, as with a number that is too great for one: such are null. None of what
/// is no list.
fn one_by_one(values: &str) -> Option<Vec<Value>> {
    let inside = values.trim().strip_prefix('[')?.strip_suffix(']')?;
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_u32);
    let is_between = |c: char| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_quoted,
            '"' => is_quoted = !is_quoted,
            '[' | '{' if !is_quoted => depth = depth.saturating_add(1),
            ']' | '}' if !is_quoted => depth = depth.saturating_sub(1),
            _ => return c == ',' && !is_quoted && depth == 0,
        }
        false
    };
    let values = inside.split(is_between).map(|value| serde_json::from_str(value.trim()).unwrap_or(Value::Null));
    Some(values.collect())
}

/// The properties that are read.
fn wanted() -> impl Iterator<Item = &'static &'static str> {
    reports::WANTED.iter().chain(&goog::WANTED)
}

/// The id and the property of a series' name. Ids hold dashes, and so do the names of computed properties, in brackets.
fn split(key: &str) -> Option<(&str, &str)> {
    if key.ends_with(']') { None } else { key.rsplit_once('-') }
}

struct Series<'a>(&'a mut SeriesOfReport);

impl<'de> DeserializeSeed<'de> for Series<'_> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Series<'_> {
    type Value = Option<Cow<'de, str>>;

    passes_over_others!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "values" => values = map.next_value_seed(Word)?,
                "startTime" => self.0.begin = map.next_value_seed(Word)?.and_then(|time| values::date(&time)),
                "endTime" => self.0.end = map.next_value_seed(Word)?.and_then(|time| values::date(&time)),
                "statsType" => self.0.kind = map.next_value_seed(Word)?.map(Cow::into_owned).unwrap_or_default(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// A text, without a copy where none is needed.
struct Word;

impl<'de> DeserializeSeed<'de> for Word {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Word {
    type Value = Option<Cow<'de, str>>;

    passes_over_others!();

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_that_is_none_spoils_its_own_place_alone() {
        let read = |values: &str| one_by_one(values).map(Value::Array);
        assert_eq!(read("[1,1e999,3]"), Some(json!([1, null, 3])));
        assert_eq!(read(r#"["a,b",1e999,{"c":[4,5]},"\",6"]"#), Some(json!(["a,b", null, {"c": [4, 5]}, "\",6"])));
        assert_eq!([read("7"), read("[1")], [None, None]);
    }
}

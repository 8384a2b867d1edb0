//! Whatever is handed in: a line that says what is wrong, or a report.

use super::*;
use crate::catalog::{self, Lang};
use crate::diagnose::diagnose;
use crate::model::Redaction;
use crate::report::json;
use crate::report::terminal::{self, Style};
use proptest::prelude::*;
use serde_json::{Value, json};

const STYLE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };

/// A record of a NAT, a relay and two errors, and one over TLS.
const RECORDS: [&str; 2] = [
    include_str!("../../../../fixtures/records/private-relayed-address.json"),
    include_str!("../../../../fixtures/records/turns-with-an-ip-literal.json"),
];

/// A record, or the report that it gives.
fn document() -> impl Strategy<Value = String> {
    (prop::sample::select(RECORDS.to_vec()), any::<bool>()).prop_map(|(record, as_report)| {
        if as_report {
            json::write(&diagnose(&parse(record).expect("reads").0), false).expect("serialises")
        } else {
            record.to_owned()
        }
    })
}

/// All that `read` does with it, with `--redact` and without.
fn read_whole(text: &str) -> Result<String, String> {
    let mut diagnosis = diagnose(&parse(text)?.0);
    catalog::fill(&mut diagnosis, Lang::En);
    let redacted = Redaction::default().diagnosis(&diagnosis).expect("whatever can be read can be redacted");
    assert_eq!(redacted.verdict, diagnosis.verdict);
    let report = terminal::render(&diagnosis, STYLE, terminal::Extent::Details);
    Ok(report + &json::write(&diagnosis, true).expect("serialises"))
}

/// Values that stand where others were expected.
fn stranger() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(65_535),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("known"),
        json!("192.168.0.2:1"),
        json!("203.0.113.1:40000"),
        json!("0.0.0.0:0"),
        json!("[64:ff9b::1]:3478"),
        json!("[2001:db8::1]:3478"),
        json!("tls"),
        json!("relay"),
        json!("turn:a.example"),
        json!("\u{1b}[2J\u{202e}"),
        json!([]),
        json!({}),
    ])
}

/// The places in a document, counted as they are met.
fn visit(value: &mut Value, at: &mut usize, change: &mut dyn FnMut(&mut Value)) {
    if *at == 0 {
        change(value);
        *at = usize::MAX;
        return;
    }
    *at = at.saturating_sub(1);
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| visit(value, at, change)),
        Value::Object(fields) => fields.values_mut().for_each(|value| visit(value, at, change)),
        _ => {}
    }
}

#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    /// Takes one of its elements or fields away.
    Shorten(usize),
    /// Doubles, or turns around, an array.
    Repeat,
    Reverse,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => stranger().prop_map(Change::Replace),
        1 => any::<usize>().prop_map(Change::Shorten),
        1 => Just(Change::Repeat),
        1 => Just(Change::Reverse),
    ]
}

fn apply(change: &Change, value: &mut Value) {
    match (change, value) {
        (Change::Replace(with), value) => *value = with.clone(),
        (Change::Shorten(n), Value::Array(values)) if !values.is_empty() => drop(values.remove(n % values.len())),
        (Change::Shorten(n), Value::Object(fields)) if !fields.is_empty() => {
            let name = fields.keys().nth(n % fields.len()).cloned().expect("is there");
            fields.remove(&name);
        }
        (Change::Repeat, Value::Array(values)) => values.extend(values.clone()),
        (Change::Reverse, Value::Array(values)) => values.reverse(),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_with_other_values_in_it_never_panics(
        text in document(),
        changes in prop::collection::vec((0..900_usize, change()), 1..6),
    ) {
        let mut value: Value = serde_json::from_str(&text).expect("is JSON");
        for (mut at, change) in changes {
            visit(&mut value, &mut at, &mut |value| apply(&change, value));
        }
        let _ = read_whole(&value.to_string());
    }

    #[test]
    fn a_document_with_other_bytes_in_it_never_panics(
        text in document(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_usize), 1..8),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let mut bytes = text.into_bytes();
        for (at, byte, length) in changes {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, [byte % 128]);
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read_whole(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn what_is_wrong_is_told_in_one_short_line(text in any::<String>()) {
        let problem = parse(&text).expect_err("is no document");
        prop_assert!(problem.chars().count() < 300, "{problem}");
        let refusal = escape(&problem, false);
        prop_assert!(!refusal.contains(char::is_control));
    }
}

#[test]
fn a_document_told_twice_and_backwards_is_still_read() {
    let text = RECORDS[0];
    assert!(read_whole(text).is_ok());
    let mut value: Value = serde_json::from_str(text).expect("is JSON");
    let observations = value["record"]["observations"].as_array_mut().expect("is there");
    observations.extend(observations.clone());
    observations.reverse();
    assert!(read_whole(&value.to_string()).is_ok());
}

#[test]
fn more_than_can_be_judged_in_time_is_refused() {
    let mut value: Value = serde_json::from_str(RECORDS[0]).expect("is JSON");
    let one = value["record"]["observations"][0].clone();
    value["record"]["observations"] = vec![json!("of any shape"); OBSERVATIONS_MAX + 1].into();
    assert_eq!(parse(&value.to_string()), Err("it holds 20001 observations; 20000 at most are judged".to_owned()));
    value["record"]["observations"] = vec![one; Record::END_OBSERVATIONS_MAX + 1].into();
    let of_one_end = "it holds 10001 observations of one end; 10000 at most are judged";
    assert_eq!(parse(&value.to_string()), Err(of_one_end.to_owned()));
    value["record"]["observations"] = json!([]);
    value["record"]["targets"] = vec![json!("stun:a.example"); Record::TARGETS_MAX + 1].into();
    assert_eq!(parse(&value.to_string()), Err("it holds 1001 servers; 1000 at most are judged".to_owned()));
}

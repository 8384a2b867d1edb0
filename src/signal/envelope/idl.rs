//! What does a browser read in a member of an `RTCIceCandidateInit` or an `RTCSessionDescriptionInit`?
//!
//! Web IDL converts what stands where a `DOMString` is wanted (Web IDL §3.2.10): a page that sends `"sdpMid": 0` makes calls,
//! and so does one that sends the whole object that its browser gave it, or null at the end of the candidates.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A member that is there, be it null.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A nullable `DOMString`.
pub(super) fn dom_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(nullable(&Value::deserialize(deserializer)?))
}

fn nullable(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| converted(value))
}

/// As ECMAScript's ToString has it (ECMA-262 §7.1.17).
fn converted(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(is_so) => is_so.to_string(),
        Value::Number(number) => match number.as_f64().filter(|number| number.fract() == 0.0) {
            Some(whole) => format!("{whole:.0}"),
            None => number.to_string(),
        },
        Value::Array(items) => items.iter().map(converted).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// A candidate and what stands beside it.
pub(super) struct CandidateInit {
    /// Empty where no more follow.
    pub candidate: String,
    pub mid: Option<String>,
    pub ufrag: Option<String>,
}

impl CandidateInit {
    /// `candidate`: the attribute, or the object that has it. What that object says goes before what stands beside it.
    pub(super) fn read(candidate: &Value, mid: Option<String>, ufrag: Option<String>) -> Self {
        let Value::Object(init) = candidate else { return Self { candidate: converted(candidate), mid, ufrag } };
        let member = |name: &str| init.get(name).and_then(nullable);
        Self {
            candidate: member("candidate").unwrap_or_default(),
            mid: member("sdpMid").or(mid),
            ufrag: member("usernameFragment").or(ufrag),
        }
    }
}

/// The text of a description, or of the object that has it; None where there is none.
pub(super) fn description(sdp: &Value) -> Option<String> {
    let of_object = |init: &Map<String, Value>| init.get("sdp").and_then(Value::as_str).map(str::to_owned);
    match sdp {
        Value::String(text) => Some(text.clone()),
        Value::Object(init) => of_object(init),
        _ => None,
    }
}

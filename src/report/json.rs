//! The diagnosis for programs: serde's form of [`Diagnosis`] and nothing else, and its JSON Schema. A recording is
//! written in the same manner.

use super::escape::is_invisible;
use crate::model::{Diagnosis, Differences};
use serde::Serialize;
use std::fmt::Write;

/// The document, on one line or, where `pretty`, indented; a line feed ends it. Characters that a terminal would act
/// on stand as `\u` escapes, so that the document may be looked at as it is.
pub fn write(document: &impl Serialize, pretty: bool) -> serde_json::Result<String> {
    let mut text = if pretty { serde_json::to_string_pretty(document) } else { serde_json::to_string(document) }?;
    text.push('\n');
    Ok(escape_invisible(&text))
}

/// What [`write()`] makes, as a JSON Schema (draft 2020-12).
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Diagnosis).to_value()
}

/// The JSON schema of the differences of two diagnoses.
pub fn diff_schema() -> serde_json::Value {
    schemars::schema_for!(Differences).to_value()
}

/// Outside of its strings a JSON document is ASCII, so whatever is replaced here stands in a string. serde has
/// escaped the control characters below U+0020; the line feeds that are left are the document's own.
fn escape_invisible(document: &str) -> String {
    let mut safe = String::with_capacity(document.len());
    for c in document.chars() {
        if (c.is_control() && c != '\n') || is_invisible(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use serde_json::Value;

    fn validator(schema: &Value) -> jsonschema::Validator {
        jsonschema::validator_for(schema).expect("a schema")
    }

    fn samples() -> Vec<Diagnosis> {
        vec![sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()]
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        for diagnosis in samples() {
            for pretty in [false, true] {
                let document = write(&diagnosis, pretty).expect("serialises");
                assert_eq!(serde_json::from_str::<Diagnosis>(&document).expect("parses"), diagnosis);
            }
        }
    }

    #[test]
    fn the_document_begins_with_its_schema() {
        let document = write(&sample::home_direct(), false).expect("serialises");
        assert!(document.starts_with(r#"{"schema":"rtc-doctor/1","#), "{document}");
    }

    #[test]
    fn nothing_in_the_document_acts_on_a_terminal() {
        let mut diagnosis = sample::home_direct();
        diagnosis.servers[0].uri = "\x1b]0;x\x07\u{9b}\u{202e}\u{e0001}".into();
        let document = write(&diagnosis, false).expect("serialises");
        assert!(document.contains(r"\u001b]0;x\u0007\u009b\u202e\udb40\udc01"), "{document}");
        assert_eq!(serde_json::from_str::<Diagnosis>(&document).expect("parses"), diagnosis);
    }

    #[test]
    fn the_promised_keys_are_there() {
        let document = serde_json::to_value(sample::company_relay()).expect("serialises");
        for pointer in [
            "/schema",
            "/verdict/path/state",
            "/verdict/because",
            "/verdict/direct_if",
            "/verdict/forecast/0/peer",
            "/verdict/forecast/0/path/state",
            "/nat/ipv4/translated/value",
            "/nat/ipv4/mapping/evidence",
            "/nat/ipv4/filtering",
            "/nat/ipv4/hairpinning",
            "/nat/ipv4/port_preservation",
            "/nat/ipv4/public_addresses/0",
            "/nat/ipv6",
            "/candidates/0/type",
            "/candidates/0/protocol",
            "/candidates/0/address",
            "/candidates/0/port",
            "/candidates/0/priority",
            "/candidates/0/foundation",
            "/servers/0/uri",
            "/servers/0/address",
            "/servers/0/transport",
            "/servers/0/stages/0/name",
            "/servers/0/stages/0/ms",
            "/servers/0/stages/0/outcome",
            "/servers/0/error",
            "/pairs",
            "/call",
            "/findings/0/code",
            "/findings/0/severity",
            "/findings/0/title",
            "/findings/0/detail",
            "/findings/0/remedy",
            "/findings/0/evidence/0",
            "/observations",
        ] {
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn documents_fit_the_schema() {
        let validator = validator(&schema());
        for diagnosis in samples() {
            let document = serde_json::to_value(diagnosis).expect("serialises");
            assert!(validator.validate(&document).is_ok());
        }
    }

    #[test]
    fn differences_fit_their_schema() {
        let validator = validator(&diff_schema());
        for (good, bad) in samples().into_iter().zip(samples().into_iter().skip(1)) {
            let mut differences = crate::diagnose::diff(&good, &bad);
            crate::catalog::diff::fill(&mut differences, crate::catalog::Lang::Ko);
            let document = serde_json::to_value(&differences).expect("serialises");
            assert!(validator.validate(&document).is_ok());
            assert_eq!(serde_json::from_value::<Differences>(document).expect("parses"), differences);
        }
    }

    #[test]
    fn a_document_that_lacks_a_key_does_not_fit_the_schema() {
        let mut document = serde_json::to_value(sample::home_direct()).expect("serialises");
        document.pointer_mut("/verdict").and_then(Value::as_object_mut).expect("is there").remove("because");
        assert!(validator(&schema()).validate(&document).is_err());
    }
}

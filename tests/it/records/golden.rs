//! What every kept record and every sample was judged to be, value by value, through the tool's own command line: whatever
//! is rearranged inside, `rtc-doctor read` of a saved file gives the same exit code and the same JSON.
//!
//! `UPDATE_GOLDEN=1 cargo nextest run --test it golden` writes `fixtures/golden.json` anew; what then differs in it is a
//! change of meaning that its commit must justify.

use super::folder;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden.json");

/// What a finding says to people; the catalogue's tests and the samples have it.
const PROSE: [&str; 3] = ["title", "detail", "remedy"];

/// Every saved file that the repository holds, by its place in it.
pub(super) fn saved_files() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for folder in [folder(), root.join("fixtures/calls"), root.join("reports/samples")] {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                found.insert(name, path);
            }
        }
    }
    found
}

/// The judgement of a saved file: its exit code and its JSON without prose. What was observed stands in the file itself.
fn judged(path: &Path) -> (Map<String, Value>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"))
        .arg("read")
        .arg(path)
        .args(["--quiet", "--json", "-"])
        .output()
        .expect("rtc-doctor runs");
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", path.display(), String::from_utf8_lossy(&output.stderr)));
    let Value::Object(mut document) = document else { panic!("{}: a document is an object", path.display()) };
    let observations = document.remove("observations").unwrap_or_default();
    document.remove("tool");
    for finding in document["findings"].as_array_mut().expect("a list") {
        let finding = finding.as_object_mut().expect("an object");
        PROSE.iter().for_each(|field| drop(finding.remove(*field)));
    }
    document.insert("exit_code".to_owned(), json!(output.status.code()));
    (document, observations)
}

/// Where `found` lacks something of `kept` or has another value; what it has besides is an addition, which the JSON allows.
fn losses(place: &str, kept: &Value, found: &Value, told: &mut Vec<String>) {
    match (kept, found) {
        (Value::Object(kept), Value::Object(found)) => {
            for (field, kept) in kept {
                let place = format!("{place}.{field}");
                match found.get(field) {
                    Some(found) => losses(&place, kept, found, told),
                    None => told.push(format!("{place} is gone")),
                }
            }
        }
        (Value::Array(kept), Value::Array(found)) if kept.len() == found.len() => {
            for (index, (kept, found)) in kept.iter().zip(found).enumerate() {
                losses(&format!("{place}[{index}]"), kept, found, told);
            }
        }
        (kept, found) if kept == found => {}
        (kept, found) => told.push(format!("{place}: was {kept}, is {found}")),
    }
}

/// One line a field, so that a difference of two versions names what it is about.
fn laid_out(golden: &BTreeMap<String, Map<String, Value>>) -> String {
    let mut text = "{\n".to_owned();
    for (number, (name, document)) in golden.iter().enumerate() {
        let fields: Vec<String> =
            document.iter().map(|(field, value)| format!("    \"{field}\": {}", super::json_line(value))).collect();
        let comma = if number + 1 < golden.len() { "," } else { "" };
        let _ = writeln!(text, "  \"{name}\": {{\n{}\n  }}{comma}", fields.join(",\n"));
    }
    text + "}\n"
}

#[test]
fn every_saved_file_is_judged_value_by_value_as_it_was() {
    let found: BTreeMap<String, Map<String, Value>> =
        saved_files().into_iter().map(|(name, path)| (name, judged(&path).0)).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(GOLDEN, laid_out(&found)).expect("is written");
    }
    let kept: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(GOLDEN).expect("readable")).expect("JSON");
    let mut told = Vec::new();
    for (name, kept) in &kept {
        match found.get(name) {
            Some(found) => losses(name, kept, &Value::Object(found.clone()), &mut told),
            None => told.push(format!("{name} is not there to be read")),
        }
    }
    told.extend(found.keys().filter(|name| !kept.contains_key(*name)).map(|name| format!("{name} is not kept")));
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn every_observation_that_is_read_is_written_with_the_same_keys_and_values() {
    let mut told = Vec::new();
    for (name, path) in saved_files() {
        let saved: Value = serde_json::from_str(&fs::read_to_string(&path).expect("readable")).expect("JSON");
        let observed = saved.pointer("/record/observations").unwrap_or(&saved["observations"]);
        losses(&name, observed, &judged(&path).1, &mut told);
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn a_value_that_changes_or_goes_is_a_loss_and_one_that_is_added_is_none() {
    let mut told = Vec::new();
    let kept = json!({ "path": "direct", "evidence": [1, 2], "gone": null });
    losses("it", &kept, &json!({ "path": "relay", "evidence": [1, 2, 3], "more": true }), &mut told);
    assert_eq!(told.len(), 3, "{told:?}");
    told.clear();
    losses("it", &kept, &json!({ "path": "direct", "evidence": [1, 2], "gone": null, "more": true }), &mut told);
    assert!(told.is_empty(), "{told:?}");
}

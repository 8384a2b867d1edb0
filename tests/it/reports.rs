//! What stands in `reports/` is what today's code makes. `UPDATE_REPORTS=1 cargo nextest run -j1 --test it` writes it
//! anew: one test at a time, since several write into one file.

mod causes;
mod limits;
mod samples;
mod screens;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Whether every seed is to be tried: each push tries some, `ALL_SEEDS=1` all of those that the reports tell of.
pub(crate) fn tries_all_seeds() -> bool {
    ["ALL_SEEDS", "UPDATE_REPORTS"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Compares a report with the one that is kept, or keeps it where that is asked for.
pub(crate) fn keep(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, text).expect("the report is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "reports/{name} is old: UPDATE_REPORTS=1 cargo nextest run -j1 --test it");
}

/// The same for one section of a file, which begins with its title and ends where the next one begins.
pub(crate) fn keep_section(name: &str, title: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let heading = format!("## {title}\n");
    let section = format!("{heading}\n{text}\n");
    let begin = kept.find(&heading).unwrap_or(kept.len());
    let end = kept[begin..].match_indices("## ").nth(1).map_or(kept.len(), |(at, _)| begin + at);
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        return fs::write(&path, format!("{}{section}{}", &kept[..begin], &kept[end..])).expect("it is written");
    }
    let is_same = kept[begin..end].trim_end() == section.trim_end();
    assert!(is_same, "{title} in reports/{name} is old: UPDATE_REPORTS=1 cargo nextest run -j1 --test it");
}

#[test]
fn the_json_schema_is_that_of_todays_diagnosis() {
    let schema = serde_json::to_string_pretty(&rtc_doctor::report::json::schema()).expect("serialises") + "\n";
    keep("diagnosis.schema.json", &schema);
    let schema = serde_json::to_string_pretty(&rtc_doctor::report::json::diff_schema()).expect("serialises") + "\n";
    keep("diff.schema.json", &schema);
}

/// Whether a document is what `reports/diagnosis.schema.json` promises.
pub(crate) fn assert_fits_the_schema(document: &serde_json::Value) {
    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::validator_for(&rtc_doctor::report::json::schema()).expect("a schema"));
    let breaches: Vec<String> =
        VALIDATOR.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

//! What stands in `reports/` is what today's code makes. `UPDATE_REPORTS=1 cargo nextest run --test it` writes it anew.

use std::fs;
use std::path::Path;

/// Compares a report with the one that is kept, or keeps it where that is asked for.
pub fn keep(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, text).expect("the report is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "reports/{name} is old: UPDATE_REPORTS=1 cargo nextest run --test it");
}

#[test]
fn the_json_schema_is_that_of_todays_diagnosis() {
    let schema = serde_json::to_string_pretty(&rtc_doctor::report::json::schema()).expect("serialises") + "\n";
    keep("diagnosis.schema.json", &schema);
}

//! What stands in `reports/` is what today's code makes. `UPDATE_REPORTS=1 cargo test --test it reports` writes it anew.

use std::fs;
use std::path::Path;

#[test]
fn the_json_schema_is_that_of_todays_diagnosis() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/diagnosis.schema.json");
    let schema = serde_json::to_string_pretty(&rtc_doctor::report::json::schema()).expect("serialises") + "\n";
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, &schema).expect("the schema is written");
    }
    let kept = fs::read_to_string(&path).expect("reports/diagnosis.schema.json");
    assert!(kept == schema, "reports/diagnosis.schema.json is old: UPDATE_REPORTS=1 cargo test --test it reports");
}

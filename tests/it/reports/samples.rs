//! Samples of what the tool makes, in `reports/samples`: for six networks the JSON, the page and the terminal's text.
//!
//! `UPDATE_REPORTS=1 cargo nextest run -j1 --test it reports` makes all of them anew.

use super::keep;
use serde_json::Value;
use std::fs;
use std::process::Command;

/// From the best to the worst, and one that cannot be told.
const NETWORKS: [&str; 6] = ["home", "home-behind-carrier", "lossy-line", "corporate", "hotel", "captive-portal"];

/// Runs the tool as a person does who has no terminal: what it prints is 80 columns wide and without colour.
fn doctor(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"))
        .args(words)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("RTC_DOCTOR_PASSWORD")
        .output()
        .expect("rtc-doctor runs");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.code().is_some_and(|code| code < 4), "{words:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_samples_are_what_todays_code_makes() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (json, html, again) = (at("sample.json"), at("sample.html"), at("again.html"));
    let read = |path: &str| fs::read_to_string(path).expect("written");
    for network in NETWORKS {
        let text = doctor(&["check", "--lab", network, "--json", &json, "--html", &html]);
        keep(&format!("samples/{network}.json"), &read(&json));
        keep(&format!("samples/{network}.html"), &read(&html));
        keep(&format!("samples/{network}.txt"), &text);
        assert!(read(&html).len() < 400_000, "{network}");
        let document = serde_json::from_str(&read(&json)).expect("JSON");
        super::assert_fits_the_schema(&document);
        assert_is_drawn_from(&read(&html), &document);
        doctor(&["read", &json, "--html", &again]);
        assert!(read(&again) == read(&html), "{network}: read again, it is another page");
    }
    doctor(&["check", "--lab", "hotel", "--html", &html, "--lang", "ko", "--force"]);
    keep("samples/hotel.ko.html", &read(&html));
}

/// The diagnosis in the page is the whole one: whoever has the page has the document.
fn assert_is_drawn_from(page: &str, document: &Value) {
    let (_, inside) = page.split_once("id=\"diagnosis\">").expect("the diagnosis");
    let inside: Value = serde_json::from_str(inside.split("</script>").next().expect("its end")).expect("JSON");
    assert_eq!(&inside, document);
}

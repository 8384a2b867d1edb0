//! Samples of what the tool makes, in `reports/samples`: for six networks, for pairs of them, for calls between two ends
//! in the lab, and for one with a browser, the JSON and the terminal's text; the page and the ticket of a few, since they
//! are large and a change of one word is in all of them.
//!
//! `UPDATE_REPORTS=1 cargo nextest run -j1 --test it reports` makes all of them anew.

use super::keep;
use crate::meeting::{call_on_a_line_that_dies, places, whole_call};
use rtc_doctor::catalog::{self, Lang};
use rtc_doctor::model::{CallOutcome, Diagnosis};
use rtc_doctor::report::terminal::{self, Style};
use rtc_doctor::report::{html, json};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// From the best to the worst, and one that cannot be told.
const NETWORKS: [&str; 6] = ["home", "home-behind-carrier", "lossy-line", "corporate", "hotel", "captive-portal"];

/// The pages that are kept: a check and a call. A Korean one stands beside them.
const PAGES: [&str; 2] = ["home", "call-relayed"];

/// The check whose ticket is kept.
const TICKET: &str = "corporate";

fn keep_page(name: &str, page: &str) {
    if PAGES.contains(&name) {
        keep(&format!("samples/{name}.html"), page);
    }
}

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
        keep_page(network, &read(&html));
        keep(&format!("samples/{network}.txt"), &text);
        assert!(read(&html).len() < 400_000, "{network}");
        let document = serde_json::from_str(&read(&json)).expect("JSON");
        super::assert_fits_the_schema(&document);
        assert_is_drawn_from(&read(&html), &document);
        doctor(&["read", &json, "--html", &again]);
        assert!(read(&again) == read(&html), "{network}: read again, it is another page");
    }
    for (ours, theirs) in [("home-behind-carrier", "corporate"), ("home-behind-carrier", "hotel")] {
        let of = |name: &str| {
            let path = at(&format!("{name}.json"));
            doctor(&["check", "--lab", name, "--json", &path, "--force"]);
            path
        };
        let text = doctor(&["compare", &of(ours), &of(theirs), "--json", &json]);
        let name = format!("samples/{ours}-with-{theirs}");
        keep(&format!("{name}.json"), &read(&json));
        keep(&format!("{name}.txt"), &text);
        super::assert_fits_the_schema(&serde_json::from_str(&read(&json)).expect("JSON"));
    }
    doctor(&["check", "--lab", "hotel", "--html", &html, "--lang", "ko", "--force"]);
    keep("samples/hotel.ko.html", &read(&html));
    let ticket = at("ticket.md");
    doctor(&["check", "--lab", TICKET, "--markdown", &ticket]);
    keep(&format!("samples/{TICKET}.md"), &read(&ticket));
}

#[test]
fn the_samples_of_calls_are_what_todays_code_makes() {
    let places = places();
    let place = |name: &str| places.iter().find(|place| place.name == name).expect("a place");
    for (name, ours, theirs) in [("call-direct", "EIM/APDF", "EIM/ADF"), ("call-relayed", "APDM/APDF", "TCP 443 only")]
    {
        let [diagnosis, _] = whole_call(place(ours), place(theirs), 1);
        keep_call(name, diagnosis);
    }
    let [_, diagnosis] = call_on_a_line_that_dies(place("APDM/APDF"), place("TCP 443 only"), 1);
    let call = diagnosis.call.as_ref().expect("a call");
    assert_eq!(call.outcome, CallOutcome::Cut, "{:?}", diagnosis.findings);
    keep_call("call-cut", diagnosis);
}

/// A real call: the kernel tests make its fixture (tests/kernel/browser.rs).
#[test]
fn the_sample_of_a_call_with_a_browser_is_what_todays_code_makes_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (json, html) = (at("sample.json"), at("sample.html"));
    let read = |path: &str| fs::read_to_string(path).expect("written");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/calls/browser.json");
    let text = doctor(&["read", fixture, "--json", &json, "--html", &html]);
    keep("samples/call-browser.json", &read(&json));
    keep("samples/call-browser.txt", &text);
    let document = serde_json::from_str(&read(&json)).expect("JSON");
    super::assert_fits_the_schema(&document);
    assert_is_drawn_from(&read(&html), &document);
}

fn keep_call(name: &str, mut diagnosis: Diagnosis) {
    catalog::fill(&mut diagnosis, Lang::En);
    let style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };
    keep(&format!("samples/{name}.json"), &json::write(&diagnosis, true).expect("JSON"));
    keep_page(name, &html::render(&diagnosis, Lang::En).expect("a page"));
    keep(&format!("samples/{name}.txt"), &terminal::render(&diagnosis, style, terminal::Extent::Screen));
    super::assert_fits_the_schema(&serde_json::to_value(&diagnosis).expect("JSON"));
}

/// The diagnosis in the page is the whole one: whoever has the page has the document.
fn assert_is_drawn_from(page: &str, document: &Value) {
    let (_, inside) = page.split_once("id=\"diagnosis\">").expect("the diagnosis");
    let inside: Value = serde_json::from_str(inside.split("</script>").next().expect("its end")).expect("JSON");
    assert_eq!(&inside, document);
}

//! A real Chromium on the page of `serve`, and `rtc-doctor call`, each behind a kernel's NAT of its own.

use crate::Test;
use crate::cdp;
use crate::ends::facts;
use crate::scene::{SHORT, Scene};
use crate::sites::{Kind, Sites};
use serde_json::Value;
use std::sync::mpsc::channel;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("a_browser_that_answers_behind_its_own_nat_is_called_directly", answers_directly),
    ("a_browser_that_offers_behind_its_own_nat_is_called_directly", offers_directly),
    ("a_browser_that_answers_through_coturn_only_is_called_through_it", answers_relayed),
    ("a_browser_that_offers_through_coturn_only_is_called_through_it", offers_relayed),
    ("a_browser_is_called_by_an_end_that_has_only_a_relay", called_by_a_relay),
    ("the_call_with_a_browser_among_the_samples_tells_of_what_one_of_today_does", sample),
    ("a_tab_that_is_closed_in_the_midst_of_a_call_is_missed_within_ten_seconds", closed_tab),
];

pub(crate) use cdp::obstacle;

/// Of the fixture that `reports/samples/call-browser.*` are drawn from.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/calls/browser.json");

const LIMIT: Duration = Duration::from_secs(30);

fn answers_directly() {
    Scene::new([Kind::EimApdf, Kind::EimAdf]).call(false, &SHORT).assert_agreed(false);
}

fn offers_directly() {
    Scene::new([Kind::EimApdf, Kind::EimAdf]).call(true, &SHORT).assert_agreed(false);
}

fn answers_relayed() {
    Scene::new([Kind::EimApdf, Kind::EimApdf]).page_relayed().call(false, &SHORT).assert_agreed(true);
}

fn offers_relayed() {
    Scene::new([Kind::EimApdf, Kind::EimApdf]).page_relayed().call(true, &SHORT).assert_agreed(true);
}

fn called_by_a_relay() {
    let words = ["--duration", "3", "--relay-only"];
    Scene::new([Kind::EimApdf, Kind::EimApdf]).call(false, &words).assert_agreed(true);
}

fn closed_tab() {
    let scene = Scene::new([Kind::EimApdf, Kind::EimApdf]);
    let browser = scene.browser();
    let page = browser.page();
    let doctor = scene.doctor(&["--duration", "30"]);
    scene.enter(&page);
    page.until(
        "document.querySelector('[data-step=media]').dataset.state === 'working' && window.own?.came > 20",
        LIMIT,
    );
    drop(page);
    let (ended, reported) = channel();
    std::thread::spawn(move || ended.send(doctor.report()));
    let report = reported.recv_timeout(Duration::from_secs(10)).expect("it ends within ten seconds");
    assert_eq!(facts(&report, "ours", "peer-left").len(), 1);
    let codes: Vec<_> = report["findings"].as_array().expect("findings").iter().map(|it| &it["code"]).collect();
    assert!(codes.iter().any(|code| *code == "peer-left"), "{codes:?}");
    assert_eq!(facts(&report, "ours", "called").len(), 1, "what was measured until then is kept: {report:#}");
}

/// `UPDATE_RECORDS=1` keeps this call in place of the one that is there; then the samples are to be made anew.
fn sample() {
    let sites = Sites::whose_rooms(&[Kind::EimApdf, Kind::EimAdf], &["--allow-peer", "198.51.100.0/24"]);
    let outcome = Scene::at(sites).with_the_rooms_servers().call(false, &[]);
    outcome.assert_agreed(false);
    if std::env::var_os("UPDATE_RECORDS").is_some() {
        let text = serde_json::to_string_pretty(&outcome.report).expect("JSON") + "\n";
        std::fs::write(SAMPLE, text).expect("it is kept");
    }
    let kept: Value = serde_json::from_slice(&std::fs::read(SAMPLE).expect("a fixture")).expect("JSON");
    for end in ["ours", "theirs"] {
        for kind in ["candidate", "remote-candidate", "nominated", "checked", "call-reached", "called"] {
            assert_eq!(
                facts(&kept, end, kind).is_empty(),
                facts(&outcome.report, end, kind).is_empty(),
                "{end} {kind}"
            );
        }
        let of = |report: &Value| facts(report, end, "called")[0].as_object().expect("an object").len();
        assert_eq!(of(&kept), of(&outcome.report), "{end}: the measures of a call");
    }
    assert_eq!(kept["call"]["outcome"], outcome.report["call"]["outcome"]);
}

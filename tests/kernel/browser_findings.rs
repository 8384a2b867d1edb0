//! What a real Chromium does differently, provoked: what the engineer is told of it, and that it rests on the page's half.

use crate::Test;
use crate::net::SERVER;
use crate::scene::{Outcome, SHORT, Scene, TCP, UDP, coturn};
use crate::sites::Kind;
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] =
    &[("servers_that_a_browser_does_not_reach_or_that_refuse_it_are_told_apart", servers)];

/// What is told of the browser: its code, and about which server.
fn told(outcome: &Outcome) -> Vec<(&str, &str)> {
    let report = &outcome.report;
    let findings = report["findings"].as_array().expect("findings").iter();
    findings
        .filter_map(|finding| {
            let code = finding["code"].as_str().filter(|code| code.starts_with("browser-"))?;
            for id in finding["evidence"].as_array().expect("evidence") {
                let place = usize::try_from(id.as_u64().expect("an id")).expect("a place");
                assert_eq!(report["observations"][place]["end"], "theirs", "{finding:#}");
            }
            Some((code, finding["about"]["server"].as_str().unwrap_or_default()))
        })
        .collect()
}

/// Of three relays one works, at one nobody listens, and one is given a wrong password.
fn servers() {
    let nobody = format!("turn:{SERVER}:3999?transport=tcp");
    let mut servers = coturn(&[TCP]);
    let more = [
        json!({ "urls": nobody, "username": "user", "credential": "pass" }),
        json!({ "urls": UDP.replace('H', SERVER), "username": "user", "credential": "wrong" }),
    ];
    servers.as_array_mut().expect("a list").extend(more);
    let outcome = Scene::new([Kind::EimApdf, Kind::EimAdf]).with(servers).call(false, &SHORT);
    outcome.assert_agreed(false);
    let of =
        |code: &str| told(&outcome).into_iter().find(|(told, _)| *told == code).map(|(_, server)| server.to_owned());
    assert_eq!(of("browser-server-not-reached"), Some(nobody), "{:?}", told(&outcome));
    assert_eq!(of("browser-server-refused"), Some(format!("turn:{SERVER}:3478?transport=udp")), "{:?}", told(&outcome));
    let errors = crate::ends::facts(&outcome.report, "theirs", "candidate-error");
    let mut codes: Vec<&Value> = errors.iter().map(|error| &error["code"]).collect();
    codes.dedup();
    assert!(codes.contains(&&json!(701)) && codes.contains(&&json!(401)), "{errors:#?}");
}

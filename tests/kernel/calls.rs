//! Two ends behind two of the kernel's NATs: what their checks let expect, and what a call between them then finds.
//!
//! For every pair of kinds of site, two `check`s go to `compare`, and two `call`s meet in a room. All of them say the same.

use crate::Test;
use crate::nat::assert_evidence_resolves;
use crate::proxies::{BUFFERING, NGINX, Nginx, PLAIN, UPGRADE};
use crate::sites::{INTERNET, Kind, ROOMS, Sites};
use serde_json::Value;
use std::thread;

pub(crate) const TESTS: &[Test] = &[("calls_through_a_proxy_use_the_carrier_that_it_lets_through", through_proxies)];

/// Every pair of kinds once, with the name of its test.
pub(crate) fn pairs() -> impl Iterator<Item = (String, Kind, Kind)> {
    Kind::ALL.into_iter().flat_map(|one| {
        let others = Kind::ALL.into_iter().filter(move |other| *other >= one);
        others.map(move |other| {
            (format!("a_call_between_{}_and_{}_is_what_compare_predicts", one.name(), other.name()), one, other)
        })
    })
}

/// `verdict.NAME.value`, or its state where it is not known.
fn verdict<'a>(document: &'a Value, name: &str) -> &'a str {
    let judged = &document["verdict"][name];
    judged["value"].as_str().or(judged["state"].as_str()).unwrap_or("null")
}

/// What is predicted from the checks of two sites of these kinds, and what a call between them finds.
pub(crate) fn pair(one: Kind, other: Kind) {
    let expected = one.path_to(other);
    let sites = &Sites::new(&[one, other]);
    let files: Vec<String> = both(sites, &["check", "--no-call"])
        .iter()
        .zip(&sites.hosts)
        .map(|((document, _), host)| sites.net.write(&format!("{host}.json"), &document.to_string()))
        .collect();
    let compared = sites.net.doctor_on(&sites.hosts[0], &["compare", &files[0], &files[1], "--json", "-"]);
    let compared: Value = serde_json::from_slice(&compared.stdout)
        .unwrap_or_else(|error| panic!("compare: {error}: {}", String::from_utf8_lossy(&compared.stderr)));
    let ends = both(sites, &["call", sites.room.as_str(), "--no-media"]);
    let mut said = vec![
        format!("compare predicted {}", verdict(&compared, "predicted")),
        format!("compare path {}", verdict(&compared, "path")),
    ];
    for (document, _) in &ends {
        assert_evidence_resolves(document);
        said.extend(["predicted", "tried", "path"].map(|name| format!("call {name} {}", verdict(document, name))));
    }
    let people: Vec<&str> = ends.iter().map(|(_, people)| people.as_str()).collect();
    assert!(said.iter().all(|said| said.ends_with(expected)), "{expected}: {said:?}\n{}", people.join("\n---\n"));
}

/// rtc-doctor at both sites at once: each its document, and what it said to people.
fn both(sites: &Sites, words: &[&str]) -> [(Value, String); 2] {
    thread::scope(|scope| {
        let ends = [0, 1].map(|host| scope.spawn(move || sites.doctor(&sites.hosts[host], words)));
        ends.map(|end| end.join().expect("it ends"))
    })
}

/// The carriers that an end of a call settled on.
fn chosen(document: &Value) -> Vec<&str> {
    let own = document["observations"].as_array().expect("a list").iter().filter(|it| it["end"] != "theirs");
    own.map(|it| &it["fact"])
        .filter(|fact| fact["kind"] == "chosen")
        .filter_map(|fact| fact["carrier"].as_str())
        .collect()
}

fn through_proxies() {
    let sites = &Sites::new(&[Kind::Open, Kind::Open]);
    let rooms = format!("{ROOMS}:443");
    for (port, rules, carrier) in
        [(8081, UPGRADE, "web-socket"), (8082, PLAIN, "event-stream"), (8083, BUFFERING, "long-polling")]
    {
        let proxy = format!("{ROOMS}:{port}");
        let _nginx = Nginx::run(sites.net.command(INTERNET, &[NGINX]), &proxy, &rooms, rules);
        let room = sites.room.replace(&rooms, &proxy);
        for (document, people) in &both(sites, &["call", room.as_str(), "--no-media"]) {
            assert_eq!(chosen(document), [carrier], "{people}");
            assert_eq!(verdict(document, "tried"), "direct", "{people}");
        }
    }
}

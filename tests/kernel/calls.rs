//! Two ends behind two of the kernel's NATs: what their checks let expect, and what a call between them then finds.
//!
//! For every pair of kinds of site, two `check`s go to `compare`, and two `call`s meet in a room. All of them say the same.

use crate::Test;
use crate::nat::assert_evidence_resolves;
use crate::proxies::{BUFFERING, NGINX, Nginx, PLAIN, UPGRADE};
use crate::sites::{INTERNET, Kind, ROOMS, Sites};
use serde_json::Value;
use std::thread;

pub const TESTS: &[Test] = &[
    ("calls_between_an_open_site_and_every_kind_are_what_compare_predicts", || row(Kind::Open)),
    ("calls_between_eim_eif_and_every_kind_not_tried_yet_are_what_compare_predicts", || row(Kind::EimEif)),
    ("calls_between_eim_adf_and_every_kind_not_tried_yet_are_what_compare_predicts", || row(Kind::EimAdf)),
    ("calls_between_eim_apdf_and_every_kind_not_tried_yet_are_what_compare_predicts", || row(Kind::EimApdf)),
    ("calls_between_apdm_apdf_and_every_kind_not_tried_yet_are_what_compare_predicts", || row(Kind::ApdmApdf)),
    ("calls_between_a_site_without_udp_and_every_kind_not_tried_yet_are_what_compare_predicts", || {
        row(Kind::UdpBlocked)
    }),
    ("calls_between_a_site_with_tcp_443_only_and_its_like_or_a_carrier_are_what_compare_predicts", || {
        row(Kind::Tcp443Only)
    }),
    ("calls_between_two_homes_behind_carriers_are_what_compare_predicts", || row(Kind::CarrierNat)),
    ("calls_through_a_proxy_use_the_carrier_that_it_lets_through", through_proxies),
];

/// `verdict.NAME.value`, or its state where it is not known.
fn verdict<'a>(document: &'a Value, name: &str) -> &'a str {
    let judged = &document["verdict"][name];
    judged["value"].as_str().or(judged["state"].as_str()).unwrap_or("null")
}

/// A site of this kind with one of each kind from it on.
fn row(kind: Kind) {
    let others: Vec<Kind> = Kind::ALL.into_iter().filter(|other| *other >= kind).collect();
    let sites = Sites::new(&[&[kind], others.as_slice()].concat());
    let checks: Vec<Value> = thread::scope(|scope| {
        let running: Vec<_> = sites.hosts.iter().map(|host| scope.spawn(|| sites.doctor(host, &["check"]).0)).collect();
        running.into_iter().map(|check| check.join().expect("a check ends")).collect()
    });
    let files: Vec<String> = checks
        .iter()
        .zip(&sites.hosts)
        .map(|(document, host)| sites.net.write(&format!("{host}.json"), &document.to_string()))
        .collect();
    // One after the other: the first host is in all of them, and what its NAT does to one call is not to reach the next.
    let wrong: Vec<String> = (1..sites.hosts.len())
        .filter_map(|other| pair(&sites, &files, other, (kind, others[other - 1])).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Host 0 and this other one.
fn pair(sites: &Sites, files: &[String], other: usize, (one, another): (Kind, Kind)) -> Result<(), String> {
    let expected = one.path_to(another);
    let compared = sites.net.doctor_on(&sites.hosts[0], &["compare", &files[0], &files[other], "--json", "-"]);
    let compared: Value = serde_json::from_slice(&compared.stdout)
        .map_err(|error| format!("compare: {error}: {}", String::from_utf8_lossy(&compared.stderr)))?;
    // A room for each pair: whoever makes up an id that cannot be guessed makes a room.
    let room =
        sites.room.rsplit_once('/').map(|(place, id)| format!("{place}/{other}{}", &id[1..])).expect("an address");
    let words = ["call", room.as_str(), "--no-media"];
    let ends = thread::scope(|scope| {
        let ends = [0, other].map(|host| scope.spawn(move || sites.doctor(&sites.hosts[host], &words)));
        ends.map(|end| end.join().expect("a call ends"))
    });
    let mut said = vec![
        format!("compare predicted {}", verdict(&compared, "predicted")),
        format!("compare path {}", verdict(&compared, "path")),
    ];
    for (document, _) in &ends {
        assert_evidence_resolves(document);
        said.extend(["predicted", "tried", "path"].map(|name| format!("call {name} {}", verdict(document, name))));
    }
    if said.iter().all(|said| said.ends_with(expected)) {
        return Ok(());
    }
    let told: Vec<String> =
        ends.iter().map(|(_, people)| people.lines().take(40).collect::<Vec<_>>().join("\n")).collect();
    Err(format!("{one:?} with {another:?} is {expected}: {said:?}\n{}", told.join("\n---\n")))
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
        let words = ["call", room.as_str(), "--no-media"];
        let ends = thread::scope(|scope| {
            let ends = [0, 1].map(|host| scope.spawn(move || sites.doctor(&sites.hosts[host], &words)));
            ends.map(|end| end.join().expect("a call ends"))
        });
        for (document, people) in &ends {
            assert_eq!(chosen(document), [carrier], "{people}");
            assert_eq!(verdict(document, "tried"), "direct", "{people}");
        }
    }
}

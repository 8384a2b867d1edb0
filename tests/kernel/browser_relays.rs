//! A real Chromium and the ways to a relay: over TCP and TLS where nothing else leaves, and where its user asks for one.

use crate::Test;
use crate::ends::facts;
use crate::scene::{SHORT, Scene, TCP, TLS, UDP, coturn};
use crate::sites::Kind;
use serde_json::Value;

pub(crate) const TESTS: &[Test] = &[
    ("a_browser_that_tcp_443_alone_leaves_is_called_through_coturn_over_tcp", || hotel(TCP, "tcp", true)),
    ("a_browser_that_tcp_443_alone_leaves_is_called_through_coturn_over_tls", || hotel(TLS, "tls", false)),
    ("a_browser_is_called_by_an_end_that_tcp_443_alone_leaves_over_tls", || from_hotel(TLS, "tls", true)),
    ("a_browser_is_called_by_an_end_that_tcp_443_alone_leaves_over_tcp", || from_hotel(TCP, "tcp", false)),
    ("a_browser_and_an_end_that_tcp_443_alone_leaves_meet_over_tls", two_hotels),
    ("a_page_that_is_asked_for_relays_only_answers_through_one", || asked_page(false)),
    ("a_page_that_is_asked_for_relays_only_offers_through_one", || asked_page(true)),
    ("both_ends_that_are_asked_for_relays_only_meet_between_two_of_them", both_asked),
];

/// The last pair that an end's nomination told of.
fn nominated<'a>(report: &'a Value, end: &str) -> &'a Value {
    facts(report, end, "nominated").pop().expect("a pair")
}

/// The browser's policy is that of a relay alone, and so must its pair be.
fn hotel(relay: &str, protocol: &str, page_offers: bool) {
    let scene = Scene::new([Kind::Tcp443Only, Kind::EimApdf]).with(coturn(&[relay])).trusting().page_relayed();
    let outcome = scene.call(page_offers, &SHORT);
    outcome.assert_agreed(true);
    let (own, told) = (&outcome.own["local"], &nominated(&outcome.report, "theirs")["local"]);
    assert_eq!((&own["candidateType"], &own["relayProtocol"]), (&"relay".into(), &protocol.into()), "{own:#}");
    assert_eq!((&told["type"], &told["relay_protocol"]), (&"relay".into(), &protocol.into()), "{told:#}");
}

fn from_hotel(relay: &str, protocol: &str, page_offers: bool) {
    let scene = Scene::new([Kind::EimApdf, Kind::Tcp443Only]).with(coturn(&[UDP, relay])).trusting();
    let words = ["--duration", "3", "--relay-only"];
    let outcome = scene.call(page_offers, &words);
    outcome.assert_agreed(true);
    let ours = &nominated(&outcome.report, "ours")["local"];
    assert_eq!((&ours["type"], &ours["relay_protocol"]), (&"relay".into(), &protocol.into()), "{ours:#}");
    assert_eq!(outcome.own["remote"]["candidateType"], "relay", "{:#}", outcome.own);
}

fn two_hotels() {
    let scene = Scene::new([Kind::Tcp443Only; 2]).with(coturn(&[TLS])).trusting();
    let outcome = scene.call(false, &SHORT);
    outcome.assert_agreed(true);
    let ours = &nominated(&outcome.report, "ours")["local"];
    assert_eq!(ours["relay_protocol"], "tls", "{ours:#}");
    assert_eq!(outcome.own["local"]["relayProtocol"], "tls", "{:#}", outcome.own);
}

/// `?relay-only` in the page's address: nobody told its browser a policy but the page itself.
fn asked_page(page_offers: bool) {
    let scene = Scene::new([Kind::EimApdf, Kind::EimApdf]).page_asked("?relay-only");
    let outcome = scene.call(page_offers, &SHORT);
    outcome.assert_agreed(true);
    assert_eq!(outcome.own["local"]["candidateType"], "relay", "{:#}", outcome.own);
    let offered = facts(&outcome.report, "theirs", "candidate");
    assert!(offered.iter().all(|candidate| candidate["type"] == "relay"), "{offered:#?}");
    assert_eq!(facts(&outcome.report, "theirs", "hidden-candidate").len(), 0, "no local address is offered");
}

fn both_asked() {
    let scene = Scene::new([Kind::EimApdf, Kind::EimApdf]).page_asked("?relay-only");
    let outcome = scene.call(false, &["--duration", "3", "--relay-only"]);
    outcome.assert_agreed(true);
    for end in ["local", "remote"] {
        assert_eq!(outcome.own[end]["candidateType"], "relay", "{end}: {:#}", outcome.own);
        assert_eq!(nominated(&outcome.report, "ours")[end]["type"], "relay");
    }
}

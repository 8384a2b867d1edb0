//! A real Chromium with IPv4 behind a NAT and IPv6 beside it: both ends call by one pair, whoever chooses it.
//!
//! The page may use no camera, so its IPv6 address is hidden from us behind a name that nobody here can look up. Then our
//! own firewall must let Chromium's checks in, or Chromium tell a reflexive candidate of that address: with a STUN server
//! over IPv6 it does so in some runs and not in others, since it leaves out one that equals a host candidate which it has
//! told.

use crate::Test;
use crate::ends::facts;
use crate::scene::{Outcome, SHORT, Scene, UDP, coturn};
use crate::sites::{IPV6_SERVER, Kind, Sites};
use serde_json::{Value, json};
use std::net::IpAddr;

pub(crate) const TESTS: &[Test] = &[
    ("a_browser_with_both_families_that_offers_chooses_ipv6_and_is_followed", chooses),
    ("a_browser_with_both_families_that_answers_follows_to_what_we_chose", follows),
    ("between_two_ipv6_firewalls_a_hidden_address_leaves_ipv4", hidden),
    ("with_stun_over_ipv6_both_ends_tell_of_one_pair_whichever_family_it_is_of", || {
        call([true, true], true, true);
    }),
];

/// Behind two NATs, and for IPv6 behind these firewalls.
fn call(firewalls: [bool; 2], stun_over_ipv6: bool, page_offers: bool) -> Outcome {
    let mut sites = Sites::new(&[Kind::EimApdf, Kind::EimApdf]);
    sites.ipv6(firewalls);
    let mut servers = coturn(&[UDP]);
    if stun_over_ipv6 {
        servers.as_array_mut().expect("a list").push(json!({ "urls": format!("stun:[{IPV6_SERVER}]") }));
    }
    let outcome = Scene::at(sites).with(servers).call(page_offers, &SHORT);
    // Where we choose, a relay may be nominated before a direct pair has answered: once, where Chromium moves on.
    let relayed = ["local", "remote"].iter().any(|end| outcome.own[end]["candidateType"] == "relay");
    outcome.assert_agreed(relayed && !page_offers);
    outcome
}

/// Where the browser's packets go.
fn far(outcome: &Outcome) -> IpAddr {
    outcome.own["remote"]["address"].as_str().expect("told").parse().expect("an address")
}

fn chooses() {
    let outcome = call([true, false], false, true);
    assert!(far(&outcome).is_ipv6(), "{:#}", outcome.own);
}

/// Which pair has answered first is chance. A relay may be chosen before any direct pair has answered, and is left then.
fn follows() {
    let outcome = call([true, false], false, false);
    let chosen = facts(&outcome.report, "ours", "nominated");
    let is_direct = |pair: &&&Value| ["local", "remote"].iter().all(|end| pair[end]["type"] != "relay");
    assert_eq!(chosen.iter().filter(is_direct).count(), 1, "of the direct pairs we choose once: {chosen:?}");
}

fn hidden() {
    let outcome = call([true, true], false, true);
    assert!(far(&outcome).is_ipv4(), "{:#}", outcome.own);
}

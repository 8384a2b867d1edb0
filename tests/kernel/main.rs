//! The whole tool against things that we did not write: the kernel's NAT, coturn, real certificates.
//!
//! These tests make network namespaces and need root, iproute2, nftables and coturn. Without them each is listed as
//! ignored, with the reason in its name; in CI (`CI=true`) they fail instead.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod browser;
mod browser_findings;
mod browser_ipv6;
mod browser_relays;
mod calls;
mod causes;
#[path = "../browser/cdp.rs"]
#[allow(dead_code, reason = "the tests of pages use all of it")]
mod cdp;
#[path = "../browser/ends.rs"]
mod ends;
mod foreign;
#[path = "../browser/installed.rs"]
mod installed;
mod lab;
mod mistakes;
mod monitoring;
mod nat;
mod net;
mod netlab;
mod outbound;
mod proxies;
mod relay;
mod roaming;
mod rules;
mod saved_calls;
mod scene;
mod serving;
mod sites;
mod stacks;
mod twins;

use libtest_mimic::{Arguments, Failed, Trial};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Test = (&'static str, fn());

/// A test by its name, and why it cannot run here.
fn trial(name: &str, obstacle: Option<&String>, test: impl FnOnce() + Send + 'static) -> Trial {
    let obstacle = obstacle.filter(|_| std::env::var_os("CI").is_none());
    let named = obstacle.map_or_else(|| name.to_owned(), |obstacle| format!("{name} ({obstacle})"));
    Trial::test(named, move || run(test)).with_ignored_flag(obstacle.is_some())
}

fn main() {
    let net = net::obstacle();
    let foreign = net.clone().or_else(foreign::obstacle);
    let stacks = net.clone().or_else(stacks::obstacle);
    let firefox = net.clone().or_else(stacks::firefox_obstacle);
    let causes = net.clone().or_else(causes::obstacle);
    let outbound = net.clone().or_else(outbound::obstacle);
    let monitoring = net.clone().or_else(monitoring::obstacle);
    let groups = [
        nat::TESTS,
        relay::TESTS,
        twins::TESTS,
        netlab::TESTS,
        lab::TESTS,
        proxies::TESTS,
        calls::TESTS,
        roaming::TESTS,
        serving::TESTS,
    ]
    .map(|tests| (tests, &net));
    let browser = net.clone().or_else(browser::obstacle);
    let browsers = [browser::TESTS, browser_findings::TESTS, browser_ipv6::TESTS, browser_relays::TESTS]
        .map(|tests| (tests, &browser));
    let saved = net.clone().or_else(saved_calls::obstacle);
    let saved_firefox = saved.clone().or_else(stacks::firefox_obstacle);
    let all = groups
        .into_iter()
        .chain([(foreign::TESTS, &foreign), (stacks::TESTS, &stacks), (mistakes::TESTS, &stacks)])
        .chain([(outbound::TESTS, &outbound), (causes::TESTS, &causes)])
        .chain([(stacks::FIREFOX, &firefox), (monitoring::TESTS, &monitoring)])
        .chain([(saved_calls::CHROMIUM, &saved), (saved_calls::FIREFOX, &saved_firefox)])
        .chain(browsers);
    let trials =
        all.flat_map(|(tests, obstacle)| tests.iter().map(move |(name, test)| trial(name, obstacle.as_ref(), *test)));
    let pairs = calls::pairs().map(|(name, one, other)| trial(&name, net.as_ref(), move || calls::pair(one, other)));
    let others = saved_calls::others().into_iter().map(|call| {
        let name = format!("saved_calls_{call}");
        trial(&name, saved_firefox.as_ref(), move || saved_calls::hold(&call))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.chain(pairs).chain(others).collect()).exit();
}

fn run(test: impl FnOnce()) -> Result<(), Failed> {
    catch_unwind(AssertUnwindSafe(test)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default().into()
    })
}

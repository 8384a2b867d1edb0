//! What a real browser makes of our pages.
//!
//! These tests drive Debian's Chromium. Without it each is listed as ignored, with the reason in its name; in CI
//! (`CI=true`) they fail instead.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cdp;
mod driver;
mod ends;
#[allow(dead_code, reason = "the tests in namespaces use all of it")]
mod installed;
mod lint;
mod page;
mod reports;
mod sources;
mod tools;

use libtest_mimic::{Arguments, Failed, Trial};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Test = (&'static str, fn());

fn main() {
    let obstacle = cdp::obstacle().filter(|_| std::env::var_os("CI").is_none());
    let all = [driver::TESTS, lint::TESTS, page::TESTS, reports::TESTS, sources::TESTS];
    let trials = all.into_iter().flatten().map(|(name, test)| {
        let named = match &obstacle {
            Some(obstacle) => format!("{name} ({obstacle})"),
            None => (*name).to_owned(),
        };
        let test = *test;
        Trial::test(named, move || run(test)).with_ignored_flag(obstacle.is_some())
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(test: fn()) -> Result<(), Failed> {
    catch_unwind(AssertUnwindSafe(test)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default().into()
    })
}

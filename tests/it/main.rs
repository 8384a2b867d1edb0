//! Tests of the library from outside, one module a subject.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod accuracy;
mod causes;
mod conditions;
mod echoes;
mod embedded;
#[cfg(unix)]
mod files;
mod filters;
mod fuzz;
mod house;
mod lab;
mod lifetime;
mod meeting;
mod networks;
mod packets;
mod punching;
mod records;
mod reports;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod signals;
mod sources;

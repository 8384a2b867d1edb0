//! Tests of the library from outside, one module a subject.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod conditions;
mod embedded;
mod house;
mod lab;
mod lifetime;
mod networks;
mod records;
mod reports;

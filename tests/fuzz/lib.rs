//! The fuzzers of what strangers may hand in. `run` starts one.

pub mod json;
pub mod targets;

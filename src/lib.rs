#![forbid(unsafe_code)]
//! rtc-doctor says what a network does to WebRTC, whether a call will be direct or relayed, and why.

pub mod catalog;
pub mod cli;
pub mod machine;
pub mod model;
pub mod report;

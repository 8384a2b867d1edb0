#![forbid(unsafe_code)]
//! rtc-doctor says what a network does to WebRTC, whether a call will be direct or relayed, and why.

pub mod diagnose;
pub mod machine;
pub mod model;

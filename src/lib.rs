#![forbid(unsafe_code)]
//! rtc-doctor says what a network does to WebRTC, whether a call will be direct or relayed, and why.
//!
//! # The one flow
//!
//! ```text
//! argv, config ──parse──▶ Plan                                        pure
//!                           │
//!                     Checkup: Machine       probes, TURN client, ICE: composed state machines, pure
//!             Input ▲       │ Output
//!                   │       ▼
//!        os: tokio sockets  |  lab::World: virtual time, our own NATs
//!                           │
//!                   Record { observations }                           what happened
//!                           │  diagnose(&Record)                      pure
//!                       Diagnosis                                     what it means
//!                           │  report::{json, terminal}               pure
//!                         bytes ──▶ cli writes them and sets the exit code
//! ```
//!
//! The seam is the [`machine`], not the socket: protocol logic never sees a socket, a clock or a random source. The
//! same seed gives the same bytes, every NAT can be tried in milliseconds of virtual time, and a recorded run can be
//! judged again.
//!
//! # The house
//!
//! Words import words, machines import words and lower machines, judgement imports only words, worlds import only
//! words and the trait, faces import only words, and [`cli`] imports all; `tests/it/house.rs` holds them to it.
//!
//! | part | what it is |
//! |---|---|
//! | `codes` | every code, its group and its words: one row each |
//! | [`model`], [`catalog`], [`wire`] | words: data only |
//! | [`machine`], [`transaction`] | the law by which machines are driven, and one request's retransmissions |
//! | [`probe`], [`turn`], [`ice`], [`server`] | machines |
//! | [`signal`] | what two ends say to each other, read and written |
//! | [`peer`] | one end of a call |
//! | [`record`] | a machine around a machine, which keeps what passes |
//! | [`diagnose`] | judgement: facts in, meaning out |
//! | [`lab`], [`os`] | worlds |
//! | `netlab` | the lab for real programs, on Linux |
//! | [`report`], [`cli`] | faces |

#[macro_use]
mod codes;

pub mod catalog;
pub mod cli;
pub mod diagnose;
pub mod ice;
pub mod lab;
pub mod machine;
pub mod model;
#[cfg(target_os = "linux")]
pub mod netlab;
pub mod os;
pub mod peer;
pub mod probe;
pub mod record;
pub mod report;
pub mod run;
pub mod server;
pub mod signal;
pub mod transaction;
pub mod turn;
pub mod wire;

#![forbid(unsafe_code)]
//! rtc-doctor says what a network does to WebRTC, whether a call will be direct or relayed, and why.
//!
//! # From a program
//!
//! [`run`] is the front door: a [`probe::Plan`] and a world go in, a [`model::Recording`] comes out, and
//! [`diagnose::diagnose`] says what it means. In a simulated network, in virtual time:
//!
//! ```
//! use rtc_doctor::diagnose::diagnose;
//! use rtc_doctor::lab::topology::Topology;
//! use rtc_doctor::model::Path;
//! use rtc_doctor::probe::Plan;
//! use rtc_doctor::run;
//!
//! let home = Topology::preset("home").ok_or("no such network")?;
//! let recording = run::simulated(&home, 1, Plan::default(), run::Extras::default(), |_| {})?;
//! let diagnosis = diagnose(&recording.record);
//! println!("calls from here: {:?}", diagnosis.verdict.path);
//! assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! On this machine's own sockets, within a tokio runtime; the future is `Send`:
//!
//! ```no_run
//! use rtc_doctor::diagnose::diagnose;
//! use rtc_doctor::model::Target;
//! use rtc_doctor::os::{Options, OsWorld};
//! use rtc_doctor::probe::Plan;
//! use rtc_doctor::report::json;
//! use rtc_doctor::run;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let world = OsWorld::new(Options::default())?;
//! let plan = Plan::new(["stun:stun.example.org".parse::<Target>()?]);
//! let never = std::future::pending();
//! let recording = run::checkup(&world, plan, run::Extras::default(), never, |seen| eprintln!("{seen:?}")).await?;
//! println!("{}", json::write(&diagnose(&recording.record), true)?);
//! # Ok(())
//! # }
//! ```
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (default) | the command line, with all the others |
//! | `html` | `report::html`: one page for a browser |
//! | `serve` | `os::rooms`: the server of rooms |
//! | `netlab` | `netlab`: the lab for real programs, on Linux |
//!
//! Without any, the library measures, simulates, calls, judges, and writes JSON and text for a terminal.
//!
//! # The one flow
//!
//! ```text
//! argv, config ──parse──▶ Plan                                        pure
//!                           │
//!                     Checkup, Session: Machine  probes, TURN client, ICE, call: composed state machines, pure
//!             Input ▲       │ Output
//!                   │       ▼
//!       ┌───────────────┬───────────────┬─────────────────────┐
//!       │ os            │ lab           │ netlab              │       the worlds that drive a machine
//!       │ tokio sockets │ virtual time, │ real programs and   │
//!       │               │ our own NATs  │ browsers behind them│
//!       └───────────────┴───────┬───────┴─────────────────────┘
//!                         Record { observations }                     what happened
//!                               │  diagnose(&Record)                  pure
//!                           Diagnosis                                 what it means
//!                               │  report::{json, terminal, html, markdown, monitoring}   pure
//!                             bytes ──▶ cli writes them and sets the exit code
//! ```
//!
//! The seam is the [`machine`], not the socket: protocol logic never sees a socket, a clock or a random source. The
//! same seed gives the same bytes, every NAT can be tried in milliseconds of virtual time, and a recorded run can be
//! judged again.
//!
//! # The house
//!
//! Words import words, machines import words and lower machines, judgement imports only words, worlds import only
//! words and the trait, faces import only words; `run` puts machines into worlds, and `cli` imports all.
//! `tests/it/house.rs` holds them to it.
//!
//! | part | what it is |
//! |---|---|
//! | `codes` | every code, its group and its words: one row each |
//! | [`model`], [`catalog`], [`wire`] | words: data, how they are said to people, STUN on the wire |
//! | [`machine`], [`transaction`] | the law by which machines are driven, and one request's retransmissions |
//! | [`probe`], [`turn`], [`ice`], [`server`] | machines: one question a probe, the TURN client, the ICE agent, our own server |
//! | [`signal`] | what two ends say to each other, read and written |
//! | [`dump`] | what files of calls that others had tell, read |
//! | [`configuration`], [`source`] | what browsers make of ICE servers, and where applications have those from |
//! | [`peer`] | one end of a call |
//! | [`record`] | a machine around a machine, which keeps what passes |
//! | [`diagnose`] | judgement: facts in, meaning out |
//! | [`lab`], [`os`] | worlds: simulated networks in virtual time; real sockets, names and TLS |
//! | `netlab` | the lab's networks for real programs, on Linux |
//! | [`run`] | from a plan and a world to a recording |
//! | [`report`], `cli` | faces |
//!
//! # Glossary
//!
//! Words of the RFCs mean what they mean there. What this house adds or picks:
//!
//! | word | meaning | source |
//! |---|---|---|
//! | mapping, filtering | which public endpoint a socket gets, and whose packets it lets in; endpoint-independent, address-dependent, or address-and-port-dependent | RFC 4787 §4.1, §5 |
//! | hairpinning | a socket behind a NAT reaches another one there by its public endpoint | RFC 4787 §6 |
//! | candidate, base, foundation, pair, check, nomination | ICE's own | RFC 8445 §4 |
//! | srflx, prflx | server-reflexive, peer-reflexive: a candidate that a server, or a peer's check, has told of | RFC 8445 §4, RFC 8839 §5.1 |
//! | consent | checks on a chosen pair that keep the right to send | RFC 7675 |
//! | allocation, permission, channel, relayed address | what a TURN server holds for a client | RFC 8656 §3 |
//! | control | a request sent beside one that fell silent, to somebody who is known to answer: silence means something only if the control is answered | — |
//! | plan | whom a checkup asks, what, and for how long | — |
//! | probe | a machine that puts one question to one server or network | — |
//! | observation, fact | what was seen, when and by which question; never an interpretation | — |
//! | record, recording | all observations of a run; with the transcript of its sockets | — |
//! | transcript | every event of every socket, without secrets | — |
//! | judged | known with evidence, unclear with a reason, or not tested with a reason | — |
//! | finding, code | something to tell a person, by a stable name, with evidence | — |
//! | verdict, forecast | direct, relayed or none: with a typical peer, and with each class of peers | — |
//! | end | one of the two machines of a call: ours, theirs | — |
//! | session | one end of a call, from joining to shutting down | — |
//! | signalling transport, channel | what carries descriptions between two ends: WebSocket, server-sent events, long polling, or people | RFC 8829 §3.1 |
//! | room, participant | where two ends meet, and who is in it | — |
//! | world | what drives machines: it opens sockets, resolves names and tells the time | — |
//! | topology, site, gateway, link | a network of the lab: sites behind NATs and firewalls, joined by lines with delay, loss and bandwidth | — |

#[macro_use]
mod codes;

pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod configuration;
pub mod diagnose;
pub mod dump;
pub mod ice;
pub mod lab;
pub mod machine;
pub mod model;
#[cfg(all(target_os = "linux", feature = "netlab"))]
pub mod netlab;
pub mod os;
pub mod peer;
pub mod probe;
pub mod record;
pub mod report;
pub mod run;
pub mod server;
pub mod signal;
pub mod source;
pub mod transaction;
pub mod turn;
pub mod wire;

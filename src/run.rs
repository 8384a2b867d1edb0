//! From a plan and a world to a recording: the front door for programs.
//!
//! A [`Plan`] says whom to ask and for how long. A run drives the plan's machines in a world, keeps every observation,
//! and hands back a [`crate::model::Recording`]; [`crate::diagnose::diagnose`] then says what its record means. Nothing here judges,
//! prints or reads arguments.
//!
//! | function | the network that is looked at | clock and chance |
//! |---|---|---|
//! | [`checkup()`] | this machine's own | real |
//! | [`embedded()`] | this machine's loopback, with a STUN and TURN server of its own | real |
//! | [`simulated()`] | a topology of the lab, with the servers that stand in it | virtual, all from one seed |
//! | [`at_host`] | a lab world that the caller has built | virtual, from the caller's generator |
//! | [`call()`] | this machine's own, and the way to another end | real |
//!
//! The futures of this module are `Send` where the callbacks that they are given are, so that they can be spawned on a
//! multi-threaded tokio runtime. Dropping one ends every socket and task that it has started.

mod call;
pub mod certificate;
mod checkup;
mod embedded;
pub mod lab_server;
mod ready;
mod recorded;
mod simulated;
#[cfg(test)]
mod tests;

pub use call::call;
pub use checkup::checkup;
pub use embedded::embedded;
pub use ready::{Bound, ReadyServer};
pub use simulated::{LAB_UNIX_NOW, at_host, simulated};

use crate::model::{Bytes, Record, Run};
use crate::os::OptionsError;
use crate::probe::Plan;
use std::time::Duration;

/// What a run does and keeps beside its plan's questions. By default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Make calls between two ends on this machine: one straight, and one through each relay that was shown to work
    /// ([`crate::peer::CheckupWithCalls`]). The media stack draws random numbers of its own, so that a simulated run with calls
    /// is not repeated by its seed.
    pub own_calls: bool,
    /// Keep what every socket saw ([`crate::record`]), and how the run was set up, so that it can be replayed.
    pub transcript: bool,
}

/// Why a run could not begin, or came to no end. A fault of the network is none: that is an observation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system's generator is not there.
    #[error("the system gives no random bytes")]
    NoRandomBytes,
    /// A certificate among the world's options cannot be used.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The key or certificate of a server of our own could not be made.
    #[error("no certificate for a server of our own: {0}")]
    Certificate(String),
    /// Addresses or names of a server of our own are none that it can use.
    #[error("a server of our own cannot be set up: {0}")]
    Server(String),
    /// The embedded server has no UDP socket: the loopback interface is down, or sockets are used up.
    #[error("the embedded server could open no UDP port on {0}: is the loopback interface up?")]
    NoPort(std::net::Ipv4Addr),
    /// The embedded server finished while it was still needed.
    #[error("the embedded server ended before the check did")]
    ServerEnded,
    /// The topology has no host that is nobody's server.
    #[error("there is no host to check from")]
    NoClient,
    /// A fault of ours: a machine went on beyond its plan's time. Only virtual time is waited for so strictly.
    #[error("the checkup did not keep its time")]
    Overdue,
}

/// A record without observations yet, of a run that asks the plan's servers.
fn record_of(plan: &Plan) -> Record {
    let targets = plan.servers.iter().map(|planned| planned.target.clone()).collect();
    Record { whole_list: plan.whole_list, ..Record::new(targets) }
}

/// How a checkup is set up: with its targets, all that it is made from but the credentials. Durations are kept in whole
/// milliseconds. The seed is left out where there are credentials, which no replay can prove to know.
pub fn conditions(plan: &Plan, seed: [u8; 32]) -> Run {
    let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let is_open = plan.servers.iter().all(|planned| planned.credentials.is_none());
    Run {
        insecure: plan.insecure,
        hairpinning: plan.hairpinning,
        lifetime_ms: plan.lifetime.map(ms),
        timeout_ms: ms(plan.timeout),
        unix_now: plan.unix_now,
        seed: is_open.then(|| Bytes(seed.to_vec())),
    }
}

//! The world of real sockets: drives a [`Machine`] on tokio.
//!
//! What a machine asks for is done by the operating system and told back as inputs; every failure is one too.
//! [`World::run`] keeps everything it starts in itself: dropping it ends every socket and task. Two runs, a check and
//! the embedded server, go side by side on one thread.

mod clock;
mod driver;
mod failure;
mod inbox;
mod interfaces;
mod stream;
mod task;
mod tcp;
#[cfg(test)]
mod tests;
mod udp;
mod undelivered;

pub use interfaces::interfaces;

use crate::machine::{Instant, Machine};
use crate::model::{Fact, Origin};
use clock::Clock;
use driver::Driver;
use std::time::Duration;

/// What the user may choose about the world.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long a TCP connection may take to come about, and after it a TLS handshake.
    pub connect_limit: Duration,
}

impl Default for Options {
    /// A SYN is sent again after 1 and 3 seconds (RFC 6298 §2): 5 seconds outlast two lost ones.
    fn default() -> Self {
        Self { connect_limit: Duration::from_secs(5) }
    }
}

/// The operating system's network.
pub struct World {
    connect_limit: Duration,
}

impl World {
    pub fn new(options: Options) -> Self {
        Self { connect_limit: options.connect_limit }
    }

    /// Drives `machine` until it is finished. What it observes goes to `observe`, in order; once `stop` is ready it
    /// gets [`crate::machine::Input::Stop`].
    ///
    /// Needs a tokio runtime with its I/O and time drivers.
    pub async fn run<M: Machine + ?Sized>(
        &self,
        machine: &mut M,
        stop: impl Future<Output = ()>,
        observe: impl FnMut(Instant, Origin, Fact),
    ) {
        let (inbox, arrivals) = inbox::inbox(Clock::start());
        Driver::new(self, machine, inbox, observe).drive(arrivals, stop).await;
    }
}

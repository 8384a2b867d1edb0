//! The world of real sockets: drives a [`Machine`] on tokio.
//!
//! The operating system does what a machine asks for, and its answers come back as inputs; so does every failure.
//! [`OsWorld::run`] keeps everything it starts in itself: dropping it ends every socket and task. Two runs, such as a
//! checkup and the embedded server, can go side by side on one thread.

mod byte_stream;
mod clock;
mod counters;
mod dns;
mod driver;
mod entropy;
mod failure;
mod first_address;
mod inbox;
mod interfaces;
mod listen;
mod mdns;
mod options;
mod places;
mod pump;
mod resources;
#[cfg(feature = "serve")]
pub mod rooms;
mod route;
pub mod signalling;
pub mod sources;
mod task;
mod tcp;
#[cfg(test)]
mod tests;
mod tls;
mod tls_problem;
mod udp;
mod undelivered;

pub use clock::unix_now;
pub use entropy::entropy;
pub use interfaces::interfaces;
pub(crate) use listen::HANDSHAKES;
pub use options::{Identity, Options, OptionsError};
pub use signalling::channel::{SignallingChannel, TransportEnd, signalling_channel};

use crate::machine::{Instant, Machine};
use crate::model::{Fact, Origin};
use clock::Clock;
use driver::Driver;
use resources::Resources;

/// The operating system's network.
pub struct OsWorld {
    resources: Resources,
}

impl OsWorld {
    /// Fails only where `options` holds a certificate or key that cannot be read.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        Ok(Self { resources: Resources::new(options)? })
    }

    /// Drives `machine` until it is finished. Its observations go to `observe` in order, each with its time and origin.
    /// Once `stop` is ready the machine gets [`crate::machine::Input::Stop`] and may still take a while to finish.
    ///
    /// Needs a tokio runtime with its I/O and time drivers.
    pub async fn run<M: Machine + ?Sized>(
        &self,
        machine: &mut M,
        stop: impl Future<Output = ()>,
        observe: impl FnMut(Instant, Origin, Fact),
    ) {
        self.run_signalled(machine, None, stop, observe).await;
    }

    /// Like [`OsWorld::run`], for one end of a call: `channel` carries signalling messages to and from the other end.
    pub async fn run_signalled<M: Machine + ?Sized>(
        &self,
        machine: &mut M,
        channel: Option<SignallingChannel>,
        stop: impl Future<Output = ()>,
        observe: impl FnMut(Instant, Origin, Fact),
    ) {
        let (inbox, arrivals) = inbox::inbox(Clock::start());
        Driver::new(&self.resources, machine, inbox, channel, observe).drive(arrivals, stop).await;
    }
}

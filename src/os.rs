//! The world of real sockets: drives a [`Machine`] on tokio.
//!
//! What a machine asks for is done by the operating system and told back as inputs; every failure is one too.
//! [`OsWorld::run`] keeps everything it starts in itself: dropping it ends every socket and task. Two runs, a check and
//! the embedded server, go side by side on one thread.

mod clock;
mod dns;
mod driver;
mod entropy;
mod failure;
mod inbox;
mod interfaces;
mod listen;
mod mdns;
pub mod rooms;
pub mod signalling;
mod stream;
mod task;
mod tcp;
#[cfg(test)]
mod tests;
mod tls;
mod udp;
mod undelivered;

pub use clock::unix_now;
pub use entropy::entropy;
pub use interfaces::interfaces;
pub use signalling::channel::{SignallingChannel, TransportEnd, signalling_channel};

use crate::machine::{Instant, Machine};
use crate::model::{Fact, Origin};
use clock::Clock;
use driver::Driver;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// What the user may choose about the world.
#[derive(Clone, Debug)]
pub struct Options {
    /// Certificates (DER) trusted as roots beside the platform's own.
    pub further_roots: Vec<Vec<u8>>,
    /// The name servers to ask instead of the system's.
    pub name_servers: Option<Vec<SocketAddr>>,
    /// What a secure listener shows.
    pub identity: Option<Identity>,
    /// How long a TCP connection may take to come about, and after it a TLS handshake.
    pub connect_limit: Duration,
    /// How long one attempt to ask a name server may take; there are two.
    pub name_limit: Duration,
}

impl Default for Options {
    /// A SYN is sent again after 1 and 3 seconds (RFC 6298 §2): 5 seconds outlast two lost ones. A name server that
    /// has to ask others itself gives them about 2 seconds; 3 are its time and ours.
    fn default() -> Self {
        Self {
            further_roots: Vec::new(),
            name_servers: None,
            identity: None,
            connect_limit: Duration::from_secs(5),
            name_limit: Duration::from_secs(3),
        }
    }
}

/// A server's certificate and key.
#[derive(Clone)]
pub struct Identity {
    /// DER, leaf first.
    pub chain: Vec<Vec<u8>>,
    /// DER: PKCS #8, PKCS #1 or SEC 1.
    pub key: Vec<u8>,
}

impl Identity {
    /// SHA-256 of the DER of its leaf, by which an address can name it; None where there is no certificate.
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        self.chain.first().map(|leaf| tls::fingerprint(leaf))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates)", self.chain.len())
    }
}

/// An option that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The place of the root in `further_roots`, from 0.
    #[error("the further root certificate number {0} cannot be read: {1}")]
    Root(usize, String),
    #[error("the server's certificate and key cannot be used: {0}")]
    Identity(String),
}

/// The operating system's network.
pub struct OsWorld {
    trust: Arc<tls::Trust>,
    acceptor: Option<TlsAcceptor>,
    name_servers: dns::NameServers,
    connect_limit: Duration,
    /// How often an address of this machine has gone, and another was there.
    moves: watch::Sender<u32>,
}

impl OsWorld {
    /// Fails only for certificates that are none.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        Ok(Self {
            trust: Arc::new(tls::Trust::new(options.further_roots)?),
            acceptor: options.identity.map(tls::acceptor).transpose()?,
            name_servers: dns::NameServers { instead: options.name_servers, attempt_limit: options.name_limit },
            connect_limit: options.connect_limit,
            moves: watch::Sender::new(0),
        })
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
        self.run_signalled(machine, None, stop, observe).await;
    }

    /// The same for one end of a call, with a way to the other.
    pub async fn run_signalled<M: Machine + ?Sized>(
        &self,
        machine: &mut M,
        channel: Option<SignallingChannel>,
        stop: impl Future<Output = ()>,
        observe: impl FnMut(Instant, Origin, Fact),
    ) {
        let (inbox, arrivals) = inbox::inbox(Clock::start());
        Driver::new(self, machine, inbox, channel, observe).drive(arrivals, stop).await;
    }
}

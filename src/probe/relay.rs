//! Does this TURN server relay, both ways? (RFC 8656)
//!
//! It is asked for an allocation, and then shown to carry bytes: a socket of our own, the peer, sends a token to the
//! relayed address, and gets one back over a channel. Where UDP from here is lost, a second allocation on the same
//! server is the peer. Every way out gives the allocations back. What is wrong with a server that does not do all of
//! that is judged elsewhere; the facts name the stage by their method or leg.

mod client;
mod crossing;
mod redirect;
mod several;
#[cfg(test)]
mod tests;
mod trial;

use crate::machine::{Children, Input, Instant, Machine, Output, Proxy, Rng};
use crate::model::{Family, Target, is_nat64};
use crate::turn::Credentials;
pub use several::SeveralProbe;
use std::net::SocketAddr;
use trial::RelayTrial;

/// One address of one server, and who we are there.
#[derive(Clone, Debug)]
pub struct RelayConfig {
    /// Which server, and how it is reached.
    pub target: Target,
    /// The address of the target that is asked.
    pub server: SocketAddr,
    /// Credentials; without them the server's challenge is all that is tested.
    pub credentials: Option<Credentials>,
    /// Go on in spite of a certificate's problem.
    pub insecure: bool,
    /// Seconds since 1970, for credentials that expire.
    pub unix_now: u64,
    /// The proxy that leads there, where one does: `server` is then its endpoint.
    pub proxy: Option<Proxy>,
    /// The families of relayed address to ask for, each on a socket of its own. A server gives IPv4 unless asked.
    pub families: Vec<Family>,
}

impl RelayConfig {
    /// Asks for a relayed address of the server's own family: of IPv4 where it is reached through NAT64.
    pub fn new(target: Target, server: SocketAddr, credentials: Option<Credentials>, unix_now: u64) -> Self {
        let families = vec![if is_nat64(server.ip()) { Family::Ipv4 } else { Family::of(server.ip()) }];
        Self { target, server, credentials, insecure: false, unix_now, proxy: None, families }
    }

    /// The same server through a proxy. Which family its relayed address is of is left to it: the one that is given
    /// without being asked for.
    #[must_use]
    pub fn through(self, proxy: Proxy) -> Self {
        Self { server: proxy.at, proxy: Some(proxy), families: vec![Family::Ipv4], ..self }
    }
}

/// Does this server relay? Begins with its first input, whichever that is.
pub struct RelayProbe {
    trials: Children<RelayTrial>,
    waiting: Vec<RelayTrial>,
}

impl RelayProbe {
    /// One trial for each family of relayed address.
    pub fn new(config: RelayConfig, mut rng: Rng) -> Self {
        let waiting = config.families.iter().map(|family| RelayTrial::new(&config, *family, rng.fork())).collect();
        Self { trials: Children::default(), waiting }
    }
}

impl Machine for RelayProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        if self.waiting.is_empty() {
            return self.trials.handle(now, input);
        }
        for trial in self.waiting.drain(..) {
            self.trials.add(now, trial, input.clone());
        }
    }

    fn poll(&mut self) -> Output {
        self.trials.poll_any()
    }
}

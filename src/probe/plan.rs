//! What a checkup is to ask: the outcome of reading the command line, before any packet is sent.

use crate::machine::ProxySetting;
use crate::model::{ConfigurationFact, Target};
use crate::turn::Credentials;
use std::time::Duration;

/// Whom to ask where the user names nobody: five operators, three of whom have been seen to have the second address
/// that behaviour discovery needs (RFC 5780). One answers on port 443, where much is let through. What each can do is
/// found out anew in every run.
pub const PUBLIC_SERVERS: [&str; 5] = [
    "stun:stun.nextcloud.com:443",
    "stun:stun.voipgate.com:3478",
    "stun:stun.sonetel.com:3478",
    "stun:stun.cloudflare.com:3478",
    "stun:stun.l.google.com:19302",
];

/// One server to ask.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Which server, and how it is reached (RFC 7064, RFC 7065).
    pub target: Target,
    /// Credentials for a TURN server; without them its challenge is all that is tested.
    pub credentials: Option<Credentials>,
}

/// A server that is asked without credentials.
impl From<Target> for Planned {
    fn from(target: Target) -> Self {
        Self { target, credentials: None }
    }
}

/// A checkup's whole configuration.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The servers to ask, in the order of the report.
    pub servers: Vec<Planned>,
    /// Whether these are all that the application is configured with, so that what is not among them is not there.
    pub whole_list: bool,
    /// What the configuration that names them shows by itself: kept with what the checkup sees.
    pub configured: Vec<ConfigurationFact>,
    /// Whether TLS goes on in spite of a certificate's fault; the report is marked.
    pub insecure: bool,
    /// Whether the NAT is asked to hairpin (RFC 4787 §6), which takes a round trip more.
    pub hairpinning: bool,
    /// The proxy that this machine is set to use, through which TURN over TCP and TLS is asked where it does not answer
    /// without.
    pub proxy: Option<ProxySetting>,
    /// The longest time to leave a mapping idle; None leaves the question out.
    pub lifetime: Option<Duration>,
    /// The time at which the run begins, in seconds since 1970, for credentials that expire; [`crate::run`] sets it by
    /// its world's clock.
    pub unix_now: u64,
    /// The time for the whole run.
    pub timeout: Duration,
}

/// A plan without servers of its own: the world that it runs in has some to offer ([`crate::run`]).
impl Default for Plan {
    fn default() -> Self {
        Self::new([] as [Planned; 0])
    }
}

impl Plan {
    /// The usual time for the whole run: as long as a person waits, and enough for every question but
    /// [`Self::lifetime`].
    pub const TIMEOUT: Duration = Duration::from_secs(15);

    /// A plan that asks these servers every question but how long an idle mapping lives, within [`Self::TIMEOUT`];
    /// certificates have to be good. The clock stands at 1970 until whoever runs the plan sets it.
    pub fn new<S: Into<Planned>>(servers: impl IntoIterator<Item = S>) -> Self {
        Self {
            servers: servers.into_iter().map(Into::into).collect(),
            whole_list: false,
            configured: Vec::new(),
            insecure: false,
            hairpinning: true,
            proxy: None,
            lifetime: None,
            unix_now: 0,
            timeout: Self::TIMEOUT,
        }
    }

    /// The same plan for [`PUBLIC_SERVERS`].
    pub fn public() -> Self {
        Self::new(PUBLIC_SERVERS.iter().filter_map(|uri| uri.parse::<Target>().ok()))
    }

    /// Whether every server is on this machine itself, so that its loopback addresses are the network looked at.
    pub fn is_loopback(&self) -> bool {
        let loopback = |planned: &Planned| planned.target.literal().is_some_and(|address| address.is_loopback());
        !self.servers.is_empty() && self.servers.iter().all(loopback)
    }
}

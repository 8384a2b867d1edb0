//! What a checkup is to ask: the outcome of reading the command line, before any packet is sent.

use crate::model::Target;
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
    pub target: Target,
    /// For a TURN server; without them its challenge is all that is tested.
    pub credentials: Option<Credentials>,
}

/// A checkup's whole configuration.
#[derive(Clone, Debug)]
pub struct Plan {
    pub servers: Vec<Planned>,
    /// Go on with TLS in spite of a certificate's fault; the report is marked.
    pub insecure: bool,
    pub hairpinning: bool,
    /// The longest time to leave a mapping idle; None to leave the question out.
    pub lifetime: Option<Duration>,
    /// Seconds since 1970 when the run begins, for credentials that expire.
    pub unix_now: u64,
    /// The whole run ends by then.
    pub timeout: Duration,
}

impl Plan {
    /// Whether every server is on this machine itself, so that its loopback addresses are the network looked at.
    pub fn is_loopback(&self) -> bool {
        let loopback = |planned: &Planned| planned.target.literal().is_some_and(|address| address.is_loopback());
        !self.servers.is_empty() && self.servers.iter().all(loopback)
    }
}

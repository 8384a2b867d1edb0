//! How much a room server takes, and how long it waits.

use crate::signal::rooms::Limits;
use std::time::Duration;

/// What the operator may choose.
#[derive(Clone, Debug)]
pub struct Config {
    pub limits: Limits,
    pub connections: usize,
    /// From one address, or one /64 of IPv6.
    pub connections_a_source: usize,
    /// For a request's head, and again for its body.
    pub request_limit: Duration,
    /// How often a waiting carrier is told that the server is there.
    pub heartbeat: Duration,
}

impl Default for Config {
    /// Two ends hold one connection each, and six while they try all carriers: 4,096 serve a thousand rooms. Three
    /// heartbeats fit into a lease.
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            connections: 4096,
            connections_a_source: 256,
            request_limit: Duration::from_secs(10),
            heartbeat: Duration::from_millis(2500),
        }
    }
}

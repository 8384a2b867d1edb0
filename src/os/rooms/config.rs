//! How much a room server takes, and how long it waits.

use crate::machine::Shares;
use crate::signal::rooms::Limits;
use std::time::Duration;

/// What the operator may choose.
#[derive(Clone, Debug)]
pub struct Config {
    /// The limits of the rooms themselves.
    pub limits: Limits,
    /// The server's own names in the DNS: a page may ask under these, under an address, and as localhost.
    pub names: Vec<String>,
    /// How many connections may be open.
    pub connections: Shares,
    /// How long a request's head may take, and again its body.
    pub request_limit: Duration,
    /// How often a sign of life is sent to a transport that waits.
    pub heartbeat: Duration,
}

impl Default for Config {
    /// Two ends hold one connection each, and six while they probe all transports, so 4,096 connections serve a
    /// thousand rooms. Three heartbeats fit into a lease.
    fn default() -> Self {
        Self {
            names: Vec::new(),
            limits: Limits::default(),
            connections: Shares { all: 4096, per_site: 1024, per_source: 256 },
            request_limit: Duration::from_secs(10),
            heartbeat: Duration::from_millis(2500),
        }
    }
}

//! Datagrams that could not be delivered, from the error queue of Linux (ip(7), IP_RECVERR).
//!
//! Without the queue an unconnected socket learns of ICMP errors only that some earlier datagram failed, if at all.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use crate::model::Failure;
use std::net::SocketAddr;

/// A datagram that could not be delivered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undelivered {
    pub to: SocketAddr,
    pub failure: Failure,
    /// True for an ICMP error about a datagram that was sent; false where this host did not send it.
    pub by_network: bool,
}

#[cfg(target_os = "linux")]
pub(super) use linux::{drain, forbid_fragments, listen, take};

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{drain, forbid_fragments, listen, take};

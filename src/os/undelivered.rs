//! Which datagrams did not arrive, and who says so: Linux's error queue (ip(7), IP_RECVERR).
//!
//! Without the queue an unconnected socket hears of ICMP only as "some earlier datagram failed", if at all.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use crate::model::Failure;
use std::net::SocketAddr;

/// One datagram that cannot arrive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undelivered {
    pub to: SocketAddr,
    pub failure: Failure,
    /// ICMP said so, of a datagram that had left; otherwise this machine did, of one that never left.
    pub by_network: bool,
}

#[cfg(target_os = "linux")]
pub(super) use linux::{drain, forbid_fragments, listen, take};

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{drain, forbid_fragments, listen, take};

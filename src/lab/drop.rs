//! Why did a packet not arrive? Each reason is counted on its own, so that a test can tell loss from policy.

/// Why a packet goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NatDrop {
    /// No mapping has this public endpoint.
    NoMapping,
    /// There is a mapping, and the filter does not know the sender.
    Filtered,
    /// No public port is free, or the table is full.
    NoPort,
    /// The NAT does not hairpin.
    NoHairpinning,
}

/// Why a packet did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dropped {
    /// Nobody has the address.
    NoRoute,
    /// A NAT had no mapping, no free port or no filter entry for it.
    Nat(NatDrop),
    /// By the firewall's policy.
    Forbidden,
    /// The rate limit of the firewall was exceeded.
    RateLimited,
    /// It exceeds the MTU and may not be fragmented.
    TooLarge {
        /// The size in bytes that the ICMP error reports; None where the router sends no error.
        reported_mtu_bytes: Option<usize>,
    },
    /// By the line, or because its queue was full.
    Lost,
    /// The line is not plugged in.
    Unplugged,
    /// Too many packets are under way.
    Overflow,
    /// It was forwarded as often as it may be: it was not to go further, or was sent in circles.
    Expired,
    /// Hosts of its site do not reach each other.
    Isolated,
}

impl From<NatDrop> for Dropped {
    fn from(refused: NatDrop) -> Self {
        Self::Nat(refused)
    }
}

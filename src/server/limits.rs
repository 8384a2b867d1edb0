//! Limits on what clients may use of the server: caps, and budgets per second.
//!
//! The only state for an unauthenticated source is a counter in a table of fixed size.

use crate::machine::{Instant, Rng, Shares, SourcePrefix};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::time::Duration;

/// Caps on everything that a client or a peer can make the server hold or send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The lifetime of every allocation: the default of RFC 8656 §7.2 by default, and the maximum as well.
    pub lifetime: Duration,
    /// The most allocations; further ones are rejected with 508. Each has a socket: a quarter of the 1024 descriptors
    /// that a process usually may have.
    pub allocations: Shares,
    /// The most allocations of one user; further ones are rejected with 486.
    pub allocations_per_user: usize,
    /// The most permissions of an allocation; further ones are rejected with 508. ICE forms 100 pairs (RFC 8445
    /// §6.1.2.5), so these are a hundred peers and some.
    pub permissions: usize,
    /// The most channels of an allocation; further ones are rejected with 508.
    pub channels: usize,
    /// The bytes relayed in a second for one allocation, in both directions together; more is dropped. 20 Mbit/s carry
    /// a few video calls.
    pub bytes_per_second: u64,
    /// The same for all allocations together.
    pub total_bytes_per_second: u64,
    /// The most streams; further ones are closed at once. Where all have their share, who holds the most gives one up for
    /// a source that holds fewer.
    pub streams: Shares,
    /// How long a stream without an allocation may go without a whole message before it is closed.
    pub idle_stream: Duration,
    /// How long a message may take from its first byte, and how long a stream may take to begin its first: a byte now and
    /// then (slow loris) holds nothing.
    pub message: Duration,
    /// The responses over UDP that are larger than one and a half times their request on the wire, in a second and per
    /// source; further ones are cut down to that, or not sent. A diagnosis asks for 10 to 20 (RFC 5780 §5).
    pub large_answers_per_second: u64,
    /// The datagrams that are sent back in a second to one source that has proven its address. A call with a picture sends
    /// fewer.
    pub echoes_per_second: u64,
    /// The bytes that are sent back in a second to all.
    pub total_echo_bytes_per_second: u64,
    /// For how many askers it is counted what came of them.
    pub echo_sessions: Shares,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(600),
            allocations: Shares { all: 256, per_site: 128, per_source: 64 },
            allocations_per_user: 64,
            permissions: 128,
            channels: 128,
            bytes_per_second: 2_500_000,
            total_bytes_per_second: 12_500_000,
            streams: Shares { all: 256, per_site: 128, per_source: 64 },
            idle_stream: Duration::from_secs(60),
            message: Duration::from_secs(10),
            large_answers_per_second: 50,
            echoes_per_second: 250,
            total_echo_bytes_per_second: 1_250_000,
            echo_sessions: Shares { all: 1024, per_site: 256, per_source: 64 },
        }
    }
}

/// What has been used of a budget in the current second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    second: u64,
    used: u64,
}

impl Window {
    /// Takes `amount` if the budget of this second still has it.
    pub(super) fn take(&mut self, now: Instant, amount: u64, budget: u64) -> bool {
        let second = now.since_start().as_secs();
        if second != self.second {
            *self = Self { second, used: 0 };
        }
        let used = self.used.saturating_add(amount);
        if used > budget {
            return false;
        }
        self.used = used;
        true
    }
}

/// A budget per second and source. Two sources may share a cell, but a secret salt decides which ones.
pub(super) struct PerSource {
    cells: Vec<Window>,
    salt: [u8; 16],
    per_second: u64,
}

impl PerSource {
    /// The table takes 64 KiB. With a hundred sources in a second, about two of them share a cell.
    const CELLS: usize = 4096;

    pub(super) fn new(per_second: u64, rng: &mut Rng) -> Self {
        Self { cells: vec![Window::default(); Self::CELLS], salt: rng.bytes(), per_second }
    }

    pub(super) fn allows(&mut self, now: Instant, address: IpAddr) -> bool {
        let mut hasher = DefaultHasher::new();
        (self.salt, SourcePrefix::of(address)).hash(&mut hasher);
        let cell = hasher.finish() as usize % Self::CELLS;
        self.cells.get_mut(cell).is_some_and(|cell| cell.take(now, 1, self.per_second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    #[test]
    fn a_budget_renews_with_the_second() {
        let mut window = Window::default();
        assert!(window.take(at(0), 6, 10) && !window.take(at(999), 5, 10) && window.take(at(999), 4, 10));
        assert!(window.take(at(1000), 10, 10) && !window.take(at(1000), u64::MAX, 10));
    }

    #[test]
    fn one_source_cannot_use_up_the_budget_of_another() {
        let mut limit = PerSource::new(2, &mut Rng::numbered(1));
        let source = |ip: &str| ip.parse().expect("an address");
        let allowed = (0..5).filter(|_| limit.allows(at(0), source("192.0.2.1"))).count();
        assert_eq!((allowed, limit.allows(at(0), source("192.0.2.2"))), (2, true));
    }
}

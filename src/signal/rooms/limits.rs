//! How much a server of rooms holds, and how fast it is asked.

use crate::machine::Instant;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// What a server of rooms takes; beyond each of these it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub rooms: usize,
    pub message_bytes: usize,
    /// Of the tag of an echo.
    pub echo_bytes: usize,
    /// What waits at one slot.
    pub waiting_messages: usize,
    pub waiting_bytes: usize,
    /// What waits at all seats together.
    pub all_waiting_bytes: usize,
    /// From one slot, after as many at once as `burst`.
    pub messages_per_second: u32,
    pub burst: u32,
    /// From one source: an IPv4 address, or a /64 of IPv6.
    pub joins_per_minute: u32,
    /// Sources that are counted at once.
    pub sources: usize,
    /// Of a room, from its first join.
    pub lifetime: Duration,
    /// How long a room waits for its second end.
    pub alone: Duration,
    /// How long a slot may be silent. At least three heartbeats of a carrier, and less than the ten seconds in which an
    /// end that died has to be missed.
    pub lease: Duration,
    /// How long it may be away after its connection broke.
    pub grace: Duration,
}

impl Default for Limits {
    /// Two ends with a hundred candidates each say some hundred messages at once, and a whole record after it. A
    /// thousand rooms at 64 MiB of waiting messages hold 64 KiB each; one alone may hold 2 MiB.
    fn default() -> Self {
        Self {
            rooms: 4096,
            message_bytes: 256 * 1024,
            echo_bytes: 64,
            waiting_messages: 512,
            waiting_bytes: 1024 * 1024,
            all_waiting_bytes: 64 * 1024 * 1024,
            messages_per_second: 100,
            burst: 256,
            joins_per_minute: 60,
            sources: 16_384,
            lifetime: Duration::from_secs(3600),
            alone: Duration::from_secs(1200),
            lease: Duration::from_secs(8),
            grace: Duration::from_secs(5),
        }
    }
}

/// What one of `count` things in `period` takes.
pub(super) fn per(period: Duration, count: u32) -> Duration {
    period.checked_div(count).unwrap_or(period)
}

/// Who asks: a site of IPv6 has a /64 to choose addresses from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourcePrefix(IpAddr);

impl SourcePrefix {
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        })
    }
}

/// How fast somebody does something: until when what was done is paid for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RateLimiter {
    paid: Instant,
}

impl RateLimiter {
    /// Does one more where fewer than `burst` are unpaid; each is paid for in `interval`.
    pub fn take(&mut self, now: Instant, interval: Duration, burst: u32) -> bool {
        let from = self.paid.max(now);
        if from.since(now) + interval > interval.saturating_mul(burst) {
            return false;
        }
        self.paid = from + interval;
        true
    }

    pub fn is_rested(&self, now: Instant) -> bool {
        self.paid <= now
    }
}

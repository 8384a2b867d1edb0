//! How much a room server stores, and how fast it may be used.

use crate::machine::Shares;
use std::time::Duration;

/// What a room server accepts; beyond each of these limits it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rooms that exist at once: those that were made from one source, from one site, and in all. The operator's own do
    /// not count.
    pub rooms: Shares,
    /// The size of one message, in bytes.
    pub message_bytes: usize,
    /// The size of the tag of an echo, in bytes.
    pub echo_bytes: usize,
    /// How many events may wait for one participant.
    pub waiting_messages: usize,
    /// The size of the events that may wait for one participant, in bytes. Each counts for what it takes to keep, so that
    /// an empty message is not free.
    pub waiting_bytes: usize,
    /// The size of the events that may wait in all rooms together, in bytes, counted in the same way: in those that one
    /// source made, one site, and all. What waits in the operator's own does not count.
    pub all_waiting_bytes: Shares,
    /// How many transports may wait for one participant's events: the one that it uses, and some that broke unseen.
    pub transports: u32,
    /// How many messages a participant may send each second on average.
    pub messages_per_second: u32,
    /// How many messages a participant may send at once.
    pub burst: u32,
    /// Joins from one source: an IPv4 address, or an IPv6 /64.
    pub joins_per_minute: u32,
    /// How many sources are counted at once.
    pub sources: usize,
    /// How long a room exists at most, from its first join.
    pub lifetime: Duration,
    /// How long a room waits for its second end.
    pub alone: Duration,
    /// How long a participant may be silent. This is at least three heartbeats, and less than the ten seconds within
    /// which the loss of an end has to be noticed.
    pub lease: Duration,
    /// How long a participant may be away after its last connection broke.
    pub grace: Duration,
}

impl Default for Limits {
    /// An end with a hundred candidates sends about a hundred messages at once, and a whole record later. With 64 MiB
    /// in all, a thousand rooms hold 64 KiB each; one alone may hold 2 MiB. What one source may fill
    /// leaves room for others.
    fn default() -> Self {
        Self {
            rooms: Shares { all: 4096, per_site: 256, per_source: 64 },
            message_bytes: 256 * 1024,
            echo_bytes: 64,
            waiting_messages: 512,
            waiting_bytes: 1024 * 1024,
            all_waiting_bytes: Shares { all: 64 << 20, per_site: 16 << 20, per_source: 4 << 20 },
            transports: 8,
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

/// The interval at which `count` things fit into `period`.
pub(super) fn per(period: Duration, count: u32) -> Duration {
    period.checked_div(count).unwrap_or(period)
}

//! How long signalling transports are waited for.

use std::time::Duration;

/// Before a transport that was cut, or a message that was refused for now, is tried again.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// How long carriers are waited for.
#[derive(Clone, Debug)]
pub struct Timing {
    /// For a better carrier, once one works.
    pub margin: Duration,
    /// For an answer on a connection that is there, and for the echo.
    pub answer_limit: Duration,
    /// For the last messages, when the machine has finished.
    pub drain: Duration,
}

impl Default for Timing {
    /// Across the world a round trip takes 300 ms, and a proxy adds its own; 3 seconds are ten of them.
    fn default() -> Self {
        Self { margin: Duration::from_millis(250), answer_limit: Duration::from_secs(3), drain: Duration::from_secs(2) }
    }
}

/// A carrier that is silent for this long is taken for cut: early enough to take another before the slot's lease ends,
/// and late enough for one heartbeat to be lost.
pub(super) fn patience(lease: Duration) -> Duration {
    lease * 3 / 4
}

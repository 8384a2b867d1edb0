//! How long signalling transports are waited for.

use std::time::Duration;

/// Before a transport that was cut, or a message that was refused for now, is tried again.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// How long signalling transports are waited for.
#[derive(Clone, Debug)]
pub struct Timing {
    /// For a more preferred transport, once one works.
    pub margin: Duration,
    /// For a response on an open connection, and for the echo.
    pub answer_limit: Duration,
    /// For the last messages to be sent once the machine has finished.
    pub drain: Duration,
}

impl Default for Timing {
    /// A round trip across the world takes 300 ms, and a proxy adds its own; 3 seconds are ten of them.
    fn default() -> Self {
        Self { margin: Duration::from_millis(250), answer_limit: Duration::from_secs(3), drain: Duration::from_secs(2) }
    }
}

/// How long a transport may be silent before it counts as cut: short enough to switch to another before the lease ends,
/// and long enough for one lost heartbeat.
pub(super) fn patience(lease: Duration) -> Duration {
    lease * 3 / 4
}

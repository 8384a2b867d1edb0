//! The one place where a clock is read: a run's own time, counted from its beginning.

use crate::machine::Instant;
use std::time::Duration;

/// A monotonic clock: changes of the wall clock do not affect it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: tokio::time::Instant,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the world's clock")]
    pub(crate) fn start() -> Self {
        Self { start: tokio::time::Instant::now() }
    }

    pub(crate) fn now(self) -> Instant {
        Instant::after_start(self.start.elapsed())
    }

    /// None where the time is beyond the range of the clock and so never comes.
    fn deadline(self, at: Instant) -> Option<tokio::time::Instant> {
        self.start.checked_add(at.since_start())
    }

    /// Returns after `pause`.
    pub(crate) async fn pause(self, pause: Duration) {
        self.reach(Some(self.now() + pause)).await;
    }

    /// Returns at `at`, or never where that is None.
    pub(crate) async fn reach(self, at: Option<Instant>) {
        match at.and_then(|at| self.deadline(at)) {
            Some(deadline) => tokio::time::sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    }
}

/// Seconds since 1970 by the wall clock, for credentials and certificates that expire and never for durations. 0 where
/// the clock is set before 1970.
#[expect(clippy::disallowed_methods, reason = "this is the world's clock")]
pub fn unix_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Waits for `work`, but at most for `limit`; None where it takes longer.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}

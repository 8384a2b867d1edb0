//! The one place where a clock is read: a run's own time, counted from its beginning.

use crate::machine::Instant;
use std::time::Duration;

/// Monotonic: a jump of the wall clock does not move it.
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

    /// None where it lies beyond what the clock can count: then it never comes.
    fn deadline(self, at: Instant) -> Option<tokio::time::Instant> {
        self.start.checked_add(at.since_start())
    }

    /// Comes back after `pause`.
    pub(crate) async fn pause(self, pause: Duration) {
        self.reach(Some(self.now() + pause)).await;
    }

    /// Comes back at `at`, or never where there is no `at`.
    pub(crate) async fn reach(self, at: Option<Instant>) {
        match at.and_then(|at| self.deadline(at)) {
            Some(deadline) => tokio::time::sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    }
}

/// Seconds since 1970 by the wall clock: for credentials and certificates that expire, never for durations. 0 where
/// the clock stands before 1970.
#[expect(clippy::disallowed_methods, reason = "this is the world's clock")]
pub fn unix_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Waits for `work`, at most for `limit`; None where it took longer.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}

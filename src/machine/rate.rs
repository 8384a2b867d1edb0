//! How often may something be done, on average and at once?

use super::Instant;
use std::time::Duration;

/// A token bucket that stores only the time at which it will be full again.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateLimiter {
    paid: Instant,
}

impl RateLimiter {
    /// Takes a token; false where the bucket of `burst` tokens is empty. It gains one each `interval`.
    pub fn take(&mut self, now: Instant, interval: Duration, burst: u32) -> bool {
        let from = self.paid.max(now);
        if from.since(now) + interval > interval.saturating_mul(burst) {
            return false;
        }
        self.paid = from + interval;
        true
    }

    /// Whether the bucket is full.
    pub fn is_rested(&self, now: Instant) -> bool {
        self.paid <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_at_once_and_then_one_each_interval_however_long_it_was_quiet_before() {
        let mut limiter = RateLimiter::default();
        let mut taken = |s| {
            let now = Instant::after_start(Duration::from_secs(s));
            (0..300).filter(|_| limiter.take(now, Duration::from_secs(10), 8)).count()
        };
        assert_eq!([taken(1000), taken(1009), taken(1020), taken(1021), taken(9000)], [8, 0, 2, 0, 8]);
    }
}

//! How long has nothing been heard of somebody, and which thresholds of that silence have acted?

use super::Instant;
use std::collections::BTreeSet;
use std::time::Duration;

/// A silence, from when something was received last. Each threshold acts once in a silence; whatever is received ends it
/// and arms the thresholds again.
#[derive(Clone, Debug)]
pub struct Silence {
    last_heard: Instant,
    /// Thresholds that have acted in this silence.
    acted: BTreeSet<Duration>,
}

impl Silence {
    /// Begins at `last_heard`: when something was received last, or when the waiting began.
    pub fn since(last_heard: Instant) -> Self {
        Self { last_heard, acted: BTreeSet::new() }
    }

    /// Something was received at `now`: the silence ends, and a new one begins. Returns how long it was.
    pub fn end(&mut self, now: Instant) -> Duration {
        let length = self.length(now);
        *self = Self::since(now);
        length
    }

    /// When something was received last, or when the waiting began.
    pub fn last_heard(&self) -> Instant {
        self.last_heard
    }

    /// How long it has lasted until `now`.
    pub fn length(&self, now: Instant) -> Duration {
        now.since(self.last_heard)
    }

    /// Whether the silence has lasted for `threshold` and the threshold has not acted in it yet. It counts as acted from
    /// then on.
    pub fn reaches(&mut self, now: Instant, threshold: Duration) -> bool {
        self.length(now) >= threshold && self.acted.insert(threshold)
    }

    /// When `threshold` will be reached; None where it has acted already.
    pub fn due(&self, threshold: Duration) -> Option<Instant> {
        (!self.acted.contains(&threshold)).then(|| self.last_heard + threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(500);
    const LONG: Duration = Duration::from_secs(3);

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    #[test]
    fn each_threshold_acts_once_in_a_silence() {
        let mut silence = Silence::since(at(0));
        assert!(!silence.reaches(at(499), SHORT));
        assert!(silence.reaches(at(500), SHORT));
        assert!(!silence.reaches(at(2900), SHORT));
        assert!(silence.reaches(at(3000), LONG));
        assert!(!silence.reaches(at(9000), LONG));
    }

    #[test]
    fn what_is_received_arms_the_thresholds_again() {
        let mut silence = Silence::since(at(0));
        assert!(silence.reaches(at(700), SHORT));
        assert_eq!(silence.due(SHORT), None);
        assert_eq!(silence.end(at(800)), Duration::from_millis(800));
        assert_eq!((silence.last_heard(), silence.due(SHORT)), (at(800), Some(at(1300))));
        assert!(silence.reaches(at(1300), SHORT));
    }
}

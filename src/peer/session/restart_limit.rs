//! How many ICE restarts of the other end's are followed: each takes sockets and allocations anew. A few at once may be a
//! network that comes and goes, and hundreds are not.

use crate::machine::Instant;
use std::time::Duration;

/// So many are followed at once, and one more in each such time since the session began.
const AT_ONCE: u32 = 8;
const INTERVAL: Duration = Duration::from_secs(10);

/// The restarts of one session.
#[derive(Default)]
pub(super) struct RestartLimit {
    followed: u32,
    has_refused: bool,
}

impl RestartLimit {
    /// Whether one more is followed now; it counts then.
    pub(super) fn allows_one_more(&mut self, now: Instant) -> bool {
        let by_now = u32::try_from(now.since_start().as_secs() / INTERVAL.as_secs()).unwrap_or(u32::MAX);
        let is_allowed = self.followed < AT_ONCE.saturating_add(by_now);
        self.followed += u32::from(is_allowed);
        is_allowed
    }

    /// Whether nothing was said yet of restarts that are not followed.
    pub(super) fn is_first_refusal(&mut self) -> bool {
        !std::mem::replace(&mut self.has_refused, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_hundreds_in_a_row_a_few_are_followed_and_later_one_more_each_ten_seconds() {
        let mut limit = RestartLimit::default();
        let now = |s| Instant::after_start(Duration::from_secs(s));
        assert_eq!((0..300).filter(|_| limit.allows_one_more(now(3))).count(), 8);
        assert_eq!([limit.is_first_refusal(), limit.is_first_refusal()], [true, false]);
        assert_eq!((0..300).filter(|_| limit.allows_one_more(now(25))).count(), 2);
    }
}

//! Has the chosen transport been cut so often that the next one would fare no better?

use crate::machine::Instant;
use std::time::Duration;

/// How often transports may be cut within a [`SPELL`] without carrying anything in between. More often means that the
/// next one would fare no better. A proxy that cuts connections after an idle minute stays below this.
const SETBACKS: u32 = 6;
const SPELL: Duration = Duration::from_secs(60);

/// How often the chosen transport was cut since `since`, and how many messages had been sent and events received by
/// then.
#[derive(Default)]
pub(super) struct Setbacks {
    count: u32,
    since: Instant,
    carried: (u64, u64),
}

impl Setbacks {
    /// Counts one more; true where there are too many.
    pub(super) fn add(&mut self, now: Instant, carried: (u64, u64)) -> bool {
        if carried != self.carried || now.since(self.since) > SPELL {
            *self = Self { count: 0, since: now, carried };
        }
        self.count += 1;
        self.count > SETBACKS
    }
}

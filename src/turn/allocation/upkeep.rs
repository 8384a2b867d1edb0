//! How often was renewed what an allocation consists of, and did it come?

use super::{Ask, Error};
use crate::machine::Instant;
use crate::model::Renewals;
use std::time::Duration;

/// Of one kind: the allocation itself, permissions, channels.
#[derive(Clone, Copy, Default)]
struct Kind {
    renewals: Renewals,
    longest: Duration,
}

#[derive(Clone, Copy, Default)]
pub struct Upkeep {
    kinds: [Kind; 3],
}

impl Upkeep {
    fn kind(&mut self, ask: Ask) -> Option<&mut Kind> {
        let [allocation, permission, channel] = &mut self.kinds;
        match ask {
            Ask::Refresh => Some(allocation),
            Ask::Permit(_) => Some(permission),
            Ask::Bind(..) => Some(channel),
            Ask::Allocate | Ask::Release => None,
        }
    }

    pub(super) fn asked(&mut self, ask: Ask) {
        if let Some(kind) = self.kind(ask) {
            kind.renewals.asked += 1;
        }
    }

    /// Granted again; `before` is when it was granted last.
    pub(super) fn granted(&mut self, ask: Ask, before: Instant, now: Instant) {
        if let Some(kind) = self.kind(ask) {
            kind.renewals.answered += 1;
            kind.longest = kind.longest.max(now.since(before));
        }
    }

    pub(super) fn failed(&mut self, ask: Ask, error: &Error) {
        if let Some(kind) = self.kind(ask) {
            match error {
                Error::Silent { .. } => kind.renewals.silent += 1,
                _ => kind.renewals.refused += 1,
            }
        }
    }

    fn of(kind: Kind) -> Renewals {
        let longest = (!kind.longest.is_zero()).then_some(kind.longest.as_secs_f64() * 1000.0);
        Renewals { longest_gap_ms: longest, ..kind.renewals }
    }

    pub fn allocation(&self) -> Renewals {
        Self::of(self.kinds[0])
    }

    pub fn permission(&self) -> Renewals {
        Self::of(self.kinds[1])
    }

    pub fn channel(&self) -> Renewals {
        Self::of(self.kinds[2])
    }
}

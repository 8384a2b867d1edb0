//! How often were an allocation, its permissions and its channels renewed, and how were these requests answered?

use super::{Error, Operation};
use crate::machine::Instant;
use crate::model::Renewals;
use std::time::Duration;

/// The renewals of one kind: of the allocation itself, of permissions, or of channels.
#[derive(Clone, Copy, Default)]
struct Renewed {
    renewals: Renewals,
    longest: Duration,
}

/// Renewals of one allocation, by kind.
#[derive(Clone, Copy, Default)]
pub struct Upkeep {
    kinds: [Renewed; 3],
}

impl Upkeep {
    fn kind(&mut self, operation: Operation) -> Option<&mut Renewed> {
        let [allocation, permission, channel] = &mut self.kinds;
        match operation {
            Operation::Refresh => Some(allocation),
            Operation::Permit(_) => Some(permission),
            Operation::Bind(..) => Some(channel),
            Operation::Allocate | Operation::Release => None,
        }
    }

    pub(super) fn asked(&mut self, operation: Operation) {
        if let Some(kind) = self.kind(operation) {
            kind.renewals.asked += 1;
        }
    }

    /// Counts a renewal that was granted; `before` is when the last one was.
    pub(super) fn granted(&mut self, operation: Operation, before: Instant, now: Instant) {
        if let Some(kind) = self.kind(operation) {
            kind.renewals.answered += 1;
            kind.longest = kind.longest.max(now.since(before));
        }
    }

    pub(super) fn failed(&mut self, operation: Operation, error: &Error) {
        if let Some(kind) = self.kind(operation) {
            match error {
                Error::Silent { .. } => kind.renewals.silent += 1,
                _ => kind.renewals.refused += 1,
            }
        }
    }

    fn of(kind: Renewed) -> Renewals {
        let longest = (!kind.longest.is_zero()).then_some(kind.longest.into());
        Renewals { longest_gap_ms: longest, ..kind.renewals }
    }

    /// Refreshes of the allocation (RFC 8656 §8).
    pub fn allocation(&self) -> Renewals {
        Self::of(self.kinds[0])
    }

    /// CreatePermission requests beyond each first one (RFC 8656 §9.1).
    pub fn permission(&self) -> Renewals {
        Self::of(self.kinds[1])
    }

    /// ChannelBind requests beyond each first one (RFC 8656 §12.1).
    pub fn channel(&self) -> Renewals {
        Self::of(self.kinds[2])
    }
}

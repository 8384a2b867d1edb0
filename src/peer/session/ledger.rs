//! What may the other end cost this one? Whatever it says makes work here, and mostly a line in the record.
//!
//! Each kind is taken so often and no more. What is beyond is left out and counted, and the counts are told when this end
//! has seen everything: a stranger who floods the room makes one line of each kind.

use crate::machine::{Instant, RateLimiter};
use crate::model::{Limit, Origin, Question};
use std::time::Duration;

/// What the other end does that costs something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// A message of any kind, which is decoded.
    Message,
    /// A description, for which a call may be negotiated anew.
    Description,
    /// A description that restarts ICE, for which sockets and allocations are made anew.
    Restart,
    /// That it tells its name, which is a line in the record.
    Greeting,
    /// That what it says is refused, which is a line in the record.
    Refusal,
    /// A candidate in a description that has more than are read.
    Candidate,
    /// A line in the record of how its candidates were checked.
    Observation,
}

/// How often something is taken.
enum Quota {
    /// So often in a whole session.
    InAll(u32),
    /// So often at once, and once more in each such time.
    AtOnce(u32, Duration),
}

impl Cost {
    const ALL: [Self; 7] = [
        Self::Message,
        Self::Description,
        Self::Restart,
        Self::Greeting,
        Self::Refusal,
        Self::Candidate,
        Self::Observation,
    ];

    fn quota(self) -> Quota {
        use Quota::{AtOnce, InAll};
        match self {
            // An end with a hundred candidates tells each of them by itself, and again after a restart.
            Self::Message => AtOnce(1024, Duration::from_millis(10)),
            Self::Description => AtOnce(32, Duration::from_secs(1)),
            // A few at once may be a network that comes and goes, and hundreds are not.
            Self::Restart => AtOnce(8, Duration::from_secs(10)),
            Self::Greeting => InAll(1),
            Self::Refusal => InAll(16),
            // Those that are read are counted by the agent.
            Self::Candidate => InAll(0),
            // A session of ICE makes some hundred.
            Self::Observation => InAll(7000),
        }
    }

    fn limit(self) -> Limit {
        match self {
            Self::Message | Self::Greeting => Limit::PeerMessages,
            Self::Description => Limit::PeerDescriptions,
            Self::Restart => Limit::PeerRestarts,
            Self::Refusal => Limit::PeerRefusals,
            Self::Candidate => Limit::PeerCandidates,
            Self::Observation => Limit::Observations,
        }
    }
}

/// What was taken of one kind.
#[derive(Clone, Copy, Default)]
struct Account {
    taken: u32,
    pace: RateLimiter,
    left_out: u32,
}

/// What the other end has cost in this session.
#[derive(Default)]
pub(super) struct PeerLedger {
    accounts: [Account; Cost::ALL.len()],
}

impl PeerLedger {
    /// Whether one more is taken now. It counts then, and else as left out.
    pub(super) fn takes(&mut self, now: Instant, cost: Cost) -> bool {
        let Some(account) = self.accounts.get_mut(cost as usize) else { return false };
        let is_taken = match cost.quota() {
            Quota::InAll(most) => account.taken < most,
            Quota::AtOnce(most, interval) => account.pace.take(now, interval, most),
        };
        match is_taken {
            true => account.taken = account.taken.saturating_add(1),
            false => self.leave_out(cost, 1),
        }
        is_taken
    }

    /// Counts what was not taken.
    pub(super) fn leave_out(&mut self, cost: Cost, count: u32) {
        if let Some(account) = self.accounts.get_mut(cost as usize) {
            account.left_out = account.left_out.saturating_add(count);
        }
    }

    /// Whether what was found by asking this goes into the record: not where the checks have filled it.
    pub(super) fn keeps(&mut self, now: Instant, by: &Origin) -> bool {
        let is_of_checks = matches!(by.question, Question::Gather | Question::Checks);
        !is_of_checks || self.takes(now, Cost::Observation)
    }

    /// What was left out since this was asked last.
    pub(super) fn take_left_out(&mut self) -> Vec<(Limit, u32)> {
        let of = |(cost, account): (Cost, &mut Account)| (cost.limit(), std::mem::take(&mut account.left_out));
        let counts = Cost::ALL.into_iter().zip(&mut self.accounts).map(of);
        counts.filter(|(_, left_out)| *left_out > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: u64) -> Instant {
        Instant::after_start(Duration::from_secs(s))
    }

    #[test]
    fn of_hundreds_of_restarts_in_a_row_a_few_are_followed_and_later_one_more_each_ten_seconds() {
        let mut ledger = PeerLedger::default();
        let mut followed = |s| (0..300).filter(|_| ledger.takes(at(s), Cost::Restart)).count();
        assert_eq!([followed(3), followed(25)], [8, 2]);
        assert_eq!(ledger.take_left_out(), [(Limit::PeerRestarts, 590)]);
        assert_eq!(ledger.take_left_out(), []);
    }

    #[test]
    fn a_flood_of_one_kind_takes_nothing_from_another_and_each_is_told_in_one_count() {
        let mut ledger = PeerLedger::default();
        for _ in 0..10_000 {
            for cost in Cost::ALL {
                ledger.takes(at(1), cost);
            }
        }
        let left_out = ledger.take_left_out();
        assert_eq!(left_out.len(), Cost::ALL.len());
        assert!(left_out.iter().all(|(_, count)| (2000..=10_000).contains(count)), "{left_out:?}");
    }

    #[test]
    fn each_kind_has_its_own_account() {
        assert!(Cost::ALL.into_iter().enumerate().all(|(place, cost)| cost as usize == place));
    }
}

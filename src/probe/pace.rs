//! How fast may servers be asked? (RFC 5780 §5: at most ten new transactions a second)
//!
//! Kept once, for the whole checkup and for each address: a probe is started when all that it will ask of one fits.

use crate::machine::Instant;
use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

const PER_SECOND: usize = 10;
const WINDOW: Duration = Duration::from_secs(1);

/// When each server was last asked. A server on this machine's own loopback is nobody's to spare and is not paced.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    asked: BTreeMap<IpAddr, VecDeque<Instant>>,
}

impl Pacer {
    /// The earliest moment, from `now` on, at which `transactions` more fit; from then on they count.
    pub(super) fn reserve(&mut self, now: Instant, server: IpAddr, transactions: usize) -> Instant {
        if server.is_loopback() {
            return now;
        }
        let transactions = transactions.min(PER_SECOND);
        let asked = self.asked.entry(server).or_default();
        let at = asked
            .len()
            .checked_sub(PER_SECOND - transactions + 1)
            .and_then(|last_in_the_way| asked.get(last_in_the_way))
            .map_or(now, |asked_at| now.max(*asked_at + WINDOW));
        asked.extend(std::iter::repeat_n(at, transactions));
        asked.drain(..asked.len().saturating_sub(PER_SECOND));
        at
    }

    /// How many transactions with this server still count at `now`: the fewer, the sooner it may be asked again.
    pub(super) fn load(&self, now: Instant, server: IpAddr) -> usize {
        self.asked.get(&server).map_or(0, |asked| asked.iter().filter(|at| now < **at + WINDOW).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    #[test]
    fn ten_go_at_once_and_the_eleventh_waits_for_the_first_to_be_a_second_old() {
        let (mut pacer, server) = (Pacer::default(), IpAddr::from([192, 0, 2, 1]));
        assert_eq!(pacer.reserve(at(0), server, 1), at(0));
        assert_eq!(pacer.reserve(at(40), server, 9), at(40));
        assert_eq!(pacer.reserve(at(100), server, 1), at(1000));
        assert_eq!(pacer.reserve(at(100), server, 7), at(1040));
        assert_eq!(pacer.reserve(at(100), IpAddr::from([192, 0, 2, 2]), 10), at(100));
    }

    #[test]
    fn no_second_holds_more_than_ten_however_they_are_asked_for() {
        let (mut pacer, server) = (Pacer::default(), IpAddr::from([192, 0, 2, 1]));
        let mut all = Vec::new();
        for (asked, count) in [(0, 3), (10, 4), (20, 7), (500, 2), (900, 10), (3000, 1), (3001, 10)] {
            all.extend(std::iter::repeat_n(pacer.reserve(at(asked), server, count), count));
        }
        for start in &all {
            let within = all.iter().filter(|at| *start <= **at && **at < *start + WINDOW).count();
            assert!(within <= PER_SECOND, "{within} in the second from {start:?}");
        }
    }
}

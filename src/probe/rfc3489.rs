//! Does a request pass whose only difference is that it lacks STUN's magic cookie? (RFC 3489 §11.1)
//!
//! A firewall that knows STUN by sight looks for the cookie of RFC 5389. The older form of the same request, to the same
//! port and of the same size, has random bytes in its place, and most servers answer it. Only an answer tells something:
//! a server may be strict, so silence is not recorded.

use crate::machine::{Instant, Rng};
use crate::model::{Asked, Fact, StunFact, Tally};
use std::net::SocketAddr;
use std::time::Duration;

/// The copies that are sent. One answer might be chance; two do not come through a firewall that drops everything.
const COPIES: usize = 3;
/// The time between copies, as between the first copies of the request whose silence is in question.
const GAP: Duration = Duration::from_millis(200);
/// How long the answer to the last copy is waited for, which is no longer than the silence in question is.
const LAST_WAIT: Duration = Duration::from_millis(600);

/// A Binding request and a Binding success (RFC 3489 §11.1), each with an empty body.
const REQUEST: [u8; 4] = [0, 1, 0, 0];
const SUCCESS: [u8; 2] = [1, 1];
const HEADER: usize = 20;

/// The copies, each with a transaction id of its own.
#[derive(Default)]
pub(super) struct Rfc3489Requests {
    ids: Vec<[u8; 16]>,
    answered: Vec<[u8; 16]>,
    began: Option<Instant>,
}

impl Rfc3489Requests {
    /// The copy that is due, where one is.
    pub(super) fn due(&mut self, now: Instant, rng: &mut Rng) -> Option<Vec<u8>> {
        self.began.get_or_insert(now);
        if self.ids.len() >= COPIES || self.next().is_some_and(|next| next > now) {
            return None;
        }
        let id: [u8; 16] = rng.bytes();
        self.ids.push(id);
        Some([&REQUEST[..], &id].concat())
    }

    /// When the next copy is due, or the last one has been waited for; None before the first.
    pub(super) fn next(&self) -> Option<Instant> {
        let sent = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let last_wait = if self.ids.len() < COPIES { Duration::ZERO } else { LAST_WAIT.saturating_sub(GAP) };
        self.began.map(|began| began + GAP * sent + last_wait)
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        let all_answered = self.answered.len() >= COPIES;
        all_answered || self.ids.len() >= COPIES && self.next().is_some_and(|end| end <= now)
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let Some((header, _)) = bytes.split_at_checked(HEADER) else { return };
        let answered = self.ids.iter().find(|id| header.starts_with(&SUCCESS) && header.ends_with(&id[..]));
        if let Some(id) = answered.filter(|id| !self.answered.contains(id)) {
            self.answered.push(*id);
        }
    }

    /// The tally of the copies as a fact; None where no copy was answered.
    pub(super) fn fact(&self, now: Instant, local: SocketAddr, server: SocketAddr) -> Option<Fact> {
        let count = |ids: &Vec<[u8; 16]>| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let tally = Tally { sent: count(&self.ids), answered: count(&self.answered) };
        let waited = self.began.map_or(Duration::ZERO, |began| now.since(began));
        (tally.answered > 0).then_some(Fact::Stun(StunFact::Tallied {
            asked: Asked::Rfc3489,
            local,
            server,
            tally,
            waited_ms: waited.into(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn endpoint(address: &str) -> SocketAddr {
        address.parse().expect("an endpoint")
    }

    fn answer(request: &[u8]) -> Vec<u8> {
        [&[1, 1, 0, 0], &request[4..]].concat()
    }

    #[test]
    fn three_copies_of_twenty_bytes_go_without_the_cookie_each_under_an_id_of_its_own() {
        let (mut requests, mut rng) = (Rfc3489Requests::default(), Rng::numbered(1));
        let sent: Vec<Vec<u8>> =
            [0, 100, 200, 400, 600].iter().filter_map(|ms| requests.due(after(*ms), &mut rng)).collect();
        assert_eq!(sent.len(), 3);
        assert!(
            sent.iter()
                .all(|copy| copy.len() == 20 && copy[..4] == [0, 1, 0, 0] && copy[4..8] != [0x21, 0x12, 0xa4, 0x42])
        );
        assert!(sent[0][4..] != sent[1][4..] && sent[1][4..] != sent[2][4..]);
        assert!(!requests.is_over(after(900)) && requests.is_over(after(1000)));
    }

    #[test]
    fn answers_are_counted_once_for_each_copy_and_silence_is_no_fact() {
        let (mut requests, mut rng) = (Rfc3489Requests::default(), Rng::numbered(1));
        let (local, server) = (endpoint("192.168.0.2:40000"), endpoint("192.0.2.1:3478"));
        let first = requests.due(after(0), &mut rng).expect("a copy");
        let _ = requests.due(after(200), &mut rng).expect("a copy");
        assert_eq!(requests.fact(after(300), local, server), None);
        requests.receive(&answer(&first));
        requests.receive(&answer(&first));
        requests.receive(&[1, 1, 0]);
        requests.receive(&answer(&[0; 20]));
        let Some(Fact::Stun(StunFact::Tallied { asked, tally, .. })) = requests.fact(after(300), local, server) else {
            panic!("no fact")
        };
        assert_eq!((asked, tally), (Asked::Rfc3489, Tally { sent: 2, answered: 1 }));
    }
}

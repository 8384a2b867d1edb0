//! One STUN request and its retransmissions (RFC 8489 §6.2.1, §6.2.2).
//!
//! Decides when to retransmit, when to give up for silence, and which round trip a response shows. Who may answer, and
//! what the response means, is the owner's business.

mod control;

pub use control::Control;

use crate::machine::Instant;
use crate::wire::TransactionId;
use std::time::Duration;

/// When a request is retransmitted, and how long to wait after the last copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Until the first retransmission; it doubles with each one (RFC 8489 §6.2.1).
    pub rto: Duration,
    /// The upper bound of the doubling. A deviation: a diagnosis takes samples evenly rather than wait ever longer.
    pub longest: Duration,
    /// How many copies are sent in all (Rc).
    pub sends: u32,
    /// The time from the last copy until the request counts as unanswered (Rm × RTO in RFC 8489).
    pub last_wait: Duration,
}

impl Schedule {
    /// For a server that has not answered yet: unanswered after 3.9 s and seven copies (Rc = 7). RFC 8489's 500 ms and
    /// 39.5 s suit a client that has nothing else to do; a copy every 200 ms and more costs a server nothing. The last one is
    /// waited for half a second, the others for longer: a path whose round trip takes more answers those.
    pub const FIRST_CONTACT: Self = Self {
        rto: Duration::from_millis(200),
        longest: Duration::from_millis(700),
        sends: 7,
        last_wait: Duration::from_millis(500),
    };

    /// On a stream nothing is retransmitted (RFC 8489 §6.2.2); Ti is cut from 39.5 s to what a person waits for. TCP sends
    /// again after 0.2, 0.6, 1.4 and 3 s (RFC 6298 §2, by the least timeout of Linux), so it outlasts three lost segments.
    pub const STREAM: Self = Self {
        rto: Duration::from_millis(3500),
        longest: Duration::from_millis(3500),
        sends: 1,
        last_wait: Duration::from_millis(3500),
    };

    /// For a path whose round trip is known: the first retransmission comes after two round trips, which leaves room
    /// for jitter.
    pub fn known(rtt: Duration) -> Self {
        let rto = (rtt * 2).clamp(Duration::from_millis(40), Duration::from_millis(1000));
        Self { rto, longest: (rto * 2).min(Duration::from_millis(1000)), sends: 7, last_wait: rto * 2 }
    }

    /// For samples of a path whose round trip is known: one copy each round trip, and after the last one two round trips
    /// more, with 50 ms for jitter.
    pub fn samples(rtt: Duration, sends: u32) -> Self {
        let rto = rtt.clamp(Duration::from_millis(20), Duration::from_millis(400));
        Self { rto, longest: rto, sends, last_wait: rtt * 2 + Duration::from_millis(50) }
    }
}

/// What is to be done for a transaction now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Send [`Transaction::bytes`], then call [`Transaction::due`] again.
    Send,
    /// Nothing is due before this time.
    Wait(Instant),
    /// Every copy was sent and none was answered in time.
    Silent,
}

/// One request in flight.
#[derive(Clone, Debug)]
pub struct Transaction {
    id: TransactionId,
    bytes: Vec<u8>,
    schedule: Schedule,
    sent: u32,
    first: Option<Instant>,
    last: Instant,
    /// Until when an answer may still come though the last copy was waited for: this machine was late to look.
    late_until: Option<Instant>,
}

/// A machine that looks so much later than it was asked to has been busy or asleep; what came meanwhile may lie unread
/// beside the wake that is told first.
const LATE: Duration = Duration::from_millis(100);

impl Transaction {
    /// A request that has not been sent: the first [`Transaction::due`] returns [`Due::Send`].
    pub fn new(id: TransactionId, bytes: Vec<u8>, schedule: Schedule) -> Self {
        Self { id, bytes, schedule, sent: 0, first: None, last: Instant::START, late_until: None }
    }

    /// The transaction id that its response has to carry.
    pub fn id(&self) -> TransactionId {
        self.id
    }

    /// The request as it is sent, the same in every copy.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Copies sent so far.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// What is due at `now`. A [`Due::Send`] counts as sent at `now`.
    pub fn due(&mut self, now: Instant) -> Due {
        let next = self.next();
        if now < next {
            return Due::Wait(next);
        }
        if self.sent == self.schedule.sends {
            return match self.late_until {
                None if now.since(next) > LATE => {
                    self.late_until = Some(now + LATE);
                    Due::Wait(now + LATE)
                }
                _ => Due::Silent,
            };
        }
        self.sent += 1;
        self.first.get_or_insert(now);
        self.last = now;
        Due::Send
    }

    /// Allows so many more copies than the schedule has.
    pub fn extend(&mut self, copies: u32) {
        self.schedule.sends += copies;
        self.late_until = None;
    }

    /// Sends the remaining copies by another schedule, whose `sends` counts those still to come.
    pub fn change(&mut self, schedule: Schedule) {
        self.schedule = Schedule { sends: self.sent + schedule.sends, ..schedule };
    }

    /// Waits for an answer until so long after the first copy, where the schedule would end sooner. False where that time
    /// is over, too.
    pub fn wait_until(&mut self, now: Instant, total: Duration) -> bool {
        let is_before = self.waited(now) < total;
        if is_before {
            let since_last = self.first.map_or(Duration::ZERO, |first| self.last.since(first));
            self.schedule.last_wait = self.schedule.last_wait.max(total.saturating_sub(since_last));
            self.late_until = None;
        }
        is_before
    }

    /// The time from the last copy until `now`: at least so long an answer took that comes now, whichever it answers.
    pub fn since_last(&self, now: Instant) -> Duration {
        if self.sent == 0 { Duration::ZERO } else { now.since(self.last) }
    }

    /// When the next copy is due, or the request counts as unanswered.
    pub fn next(&self) -> Instant {
        match self.sent {
            0 => Instant::START,
            sent if sent == self.schedule.sends => self.late_until.unwrap_or(self.last + self.schedule.last_wait),
            _ => self.last + self.interval(),
        }
    }

    /// The time from the last copy to the next.
    fn interval(&self) -> Duration {
        let doublings = self.sent.saturating_sub(1).min(16);
        self.schedule.rto.saturating_mul(1 << doublings).min(self.schedule.longest)
    }

    /// The time from the first copy until `now`; zero before it was sent.
    pub fn waited(&self, now: Instant) -> Duration {
        self.first.map_or(Duration::ZERO, |first| now.since(first))
    }

    /// The round trip that a response arriving `now` shows; None after a retransmission, when nobody can tell which
    /// copy was answered (Karn's algorithm, RFC 6298 §3).
    pub fn rtt(&self, now: Instant) -> Option<Duration> {
        (self.sent == 1).then(|| self.waited(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    /// The times of all copies, and when silence is called.
    fn run(schedule: Schedule) -> (Vec<u128>, u128) {
        let mut transaction = Transaction::new(TransactionId([0; 12]), vec![1], schedule);
        let (mut now, mut sent) = (at(0), Vec::new());
        loop {
            match transaction.due(now) {
                Due::Send => sent.push(now.since_start().as_millis()),
                Due::Wait(until) => now = until,
                Due::Silent => return (sent, now.since_start().as_millis()),
            }
        }
    }

    #[test]
    fn copies_follow_the_doubling_rto_up_to_its_end() {
        assert_eq!(run(Schedule::FIRST_CONTACT), (vec![0, 200, 600, 1300, 2000, 2700, 3400], 3900));
    }

    #[test]
    fn a_machine_that_looks_late_reads_what_came_before_it_calls_silence() {
        let mut transaction = Transaction::new(TransactionId([0; 12]), vec![1], Schedule::STREAM);
        assert_eq!(transaction.due(at(0)), Due::Send);
        assert_eq!(transaction.due(at(9000)), Due::Wait(at(9100)));
        assert_eq!(transaction.due(at(9100)), Due::Silent);
    }

    #[test]
    fn after_the_last_copy_it_can_be_waited_on_without_another() {
        let schedule = Schedule { sends: 1, last_wait: Duration::from_millis(100), ..Schedule::STREAM };
        let mut transaction = Transaction::new(TransactionId([0; 12]), vec![1], schedule);
        assert_eq!(transaction.due(at(50)), Due::Send);
        assert_eq!(transaction.due(at(150)), Due::Silent);
        assert!(transaction.wait_until(at(150), Duration::from_secs(3)));
        assert_eq!(transaction.due(at(150)), Due::Wait(at(3050)));
        assert_eq!((transaction.since_last(at(2550)), transaction.sent()), (Duration::from_millis(2500), 1));
        assert_eq!(transaction.due(at(3050)), Due::Silent);
        assert!(!transaction.wait_until(at(3050), Duration::from_secs(3)));
    }

    #[test]
    fn a_stream_sends_once() {
        assert_eq!(run(Schedule::STREAM), (vec![0], 3500));
    }

    #[test]
    fn a_round_trip_is_known_only_while_one_copy_is_out() {
        let mut transaction = Transaction::new(TransactionId([0; 12]), vec![1], Schedule::FIRST_CONTACT);
        assert_eq!(transaction.due(at(10)), Due::Send);
        assert_eq!(transaction.rtt(at(50)), Some(Duration::from_millis(40)));
        assert_eq!(transaction.due(at(210)), Due::Send);
        assert_eq!((transaction.rtt(at(250)), transaction.waited(at(250))), (None, Duration::from_millis(240)));
    }
}

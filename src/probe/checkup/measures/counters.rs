//! Does what comes to this machine get to its programs? (RFC 4293: ipSystemStatsInReceives, ipSystemStatsInDelivers)
//!
//! The system counts the packets that come in over IP, and those of them that it gives to a program: what a firewall on this
//! machine throws away in between is in the first count and not in the second. Which packets they are it does not say. So the
//! counts are taken over times of one length, in which requests are sent or none are, by turns: what is thrown away only when
//! something was asked is the answers to it.
//!
//! An ICMP error that says that a request got nowhere may be thrown away as well. So such an error is provoked first, by a
//! datagram that ends at the first router (RFC 1812 §4.3.3.4): where it is heard, errors are let in.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, QueryId, Rng, SocketId, Wake};
use crate::model::{Code, Fact, Failure, Family, HostFact, Icmp, IpCounters, Origin, Question, RunFact};
use crate::wire::{Builder, StunMethod, TransactionId};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// Longer than most round trips, so that answers come within the time in which they were asked for.
const WINDOW: Duration = Duration::from_millis(250);

/// How many requests go out in a time in which something is asked.
const COPIES: u32 = 5;

/// How many datagrams end at the first router: one may be lost.
const PROVOKED: u32 = 2;

/// In which of the times something is asked.
const ASKING: [bool; 6] = [false, true, false, true, false, true];

const SOCKET: SocketId = SocketId(0);
const QUERY: QueryId = QueryId(0);

#[derive(Clone, Copy, PartialEq, Eq)]
enum CountersStage {
    New,
    Opening,
    /// Waiting for the first router's word.
    Provoking,
    /// In the time of this number.
    Counting(usize),
    Over,
}

/// The probe. It begins with its first input.
pub(super) struct CountersProbe {
    /// One that has not answered.
    server: SocketAddr,
    rng: Rng,
    stage: CountersStage,
    lets_errors_in: bool,
    /// The system was asked for its counts and has not told them yet.
    is_counting: bool,
    began: Instant,
    until: Instant,
    before: IpCounters,
    out: VecDeque<Output>,
}

impl CountersProbe {
    pub(super) fn new(server: SocketAddr, rng: Rng) -> Self {
        Self {
            server,
            rng,
            stage: CountersStage::New,
            lets_errors_in: false,
            is_counting: false,
            began: Instant::START,
            until: Instant::START,
            before: IpCounters::default(),
            out: VecDeque::new(),
        }
    }

    fn begin(&mut self) {
        self.stage = CountersStage::Opening;
        let open = Open::Udp { bind: Bind::Toward(self.server), dont_fragment: false };
        self.out.push_back(Output::Open { socket: SOCKET, open });
    }

    fn send(&mut self, copies: u32, hops: Option<u8>) {
        let (socket, to) = (SOCKET, self.server);
        for _ in 0..copies {
            let data = Builder::request(StunMethod::Binding, TransactionId(self.rng.bytes())).finish();
            self.out.push_back(match hops {
                Some(hops) => Output::SendHops { socket, to, data, hops },
                None => Output::Send { socket, to, data },
            });
        }
    }

    fn opened(&mut self, now: Instant) {
        self.stage = CountersStage::Provoking;
        self.until = now + WINDOW;
        self.send(PROVOKED, Some(1));
    }

    fn family(&self) -> Family {
        Family::of(self.server.ip())
    }

    fn count(&mut self) {
        self.is_counting = true;
        self.out.push_back(Output::Count { query: QUERY, family: self.family() });
    }

    fn counted(&mut self, now: Instant, counters: Option<IpCounters>) {
        self.is_counting = false;
        let Some(counters) = counters else {
            self.observe(Fact::Run(RunFact::Skipped { why: Code::CountersNotShown }));
            return self.stage = CountersStage::Over;
        };
        let next = match self.stage {
            CountersStage::Provoking => 0,
            CountersStage::Counting(number) => {
                let seen = counters.since(self.before);
                let is_asking = ASKING.get(number).is_some_and(|is_asking| *is_asking);
                self.observe(Fact::Host(HostFact::Counted {
                    family: self.family(),
                    requests: if is_asking { COPIES } else { 0 },
                    received: seen.received,
                    thrown_away: seen.thrown_away(),
                    lets_errors_in: self.lets_errors_in,
                    waited_ms: now.since(self.began).into(),
                }));
                number + 1
            }
            _ => return,
        };
        (self.before, self.began, self.until) = (counters, now, now + WINDOW);
        match ASKING.get(next) {
            None => self.stage = CountersStage::Over,
            Some(is_asking) => {
                self.stage = CountersStage::Counting(next);
                if *is_asking {
                    self.send(COPIES, None);
                }
            }
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        let is_waiting = matches!(self.stage, CountersStage::Provoking | CountersStage::Counting(_));
        is_waiting && !self.is_counting && now >= self.until
    }

    fn observe(&mut self, fact: Fact) {
        self.out.push_back(Output::Observe { by: Origin { question: Question::Counters, uri: None }, fact });
    }
}

impl Machine for CountersProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            _ if self.stage == CountersStage::Over => {}
            Input::Interfaces(_) if self.stage == CountersStage::New => self.begin(),
            Input::Opened { .. } if self.stage == CountersStage::Opening => self.opened(now),
            Input::Counted { counters, .. } => self.counted(now, counters),
            Input::Unreachable { failure: Failure::Icmp { icmp: Icmp::TimeExceeded, .. }, .. }
                if self.stage == CountersStage::Provoking && !self.is_counting =>
            {
                self.lets_errors_in = true;
                self.count();
            }
            // An answer that came in was let in.
            Input::Received { from, .. } if from == self.server => self.stage = CountersStage::Over,
            Input::Woken if self.is_due(now) => self.count(),
            Input::Failed { .. } | Input::Stop => self.stage = CountersStage::Over,
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        let wake = match self.stage {
            CountersStage::Over => Wake::Finished,
            CountersStage::Provoking | CountersStage::Counting(_) if !self.is_counting => Wake::At(self.until),
            _ => Wake::OnInput,
        };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, DelayedReply, PRIMARY};
    use std::cell::RefCell;
    use std::rc::Rc;

    const ROUTER: &str = "192.0.2.254";

    /// What is told where, of each five requests, so many answers are counted as received and so many as delivered.
    fn told(shows: bool, received: u64, delivered: u64, is_answered: bool) -> (Vec<Fact>, usize) {
        let mut probe = CountersProbe::new(PRIMARY.parse().expect("an address"), Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.routers = Box::new(|_| Some(ROUTER.parse().expect("an address")));
        let asked = Rc::new(RefCell::new(0));
        let seen = Rc::clone(&asked);
        bench.counters = Box::new(move || {
            let times = *seen.borrow() / u64::from(COPIES);
            let of = |count: u64| 1000 + count * times;
            shows.then(|| IpCounters { received: of(received), delivered: of(delivered), forwarded: 0 })
        });
        bench.run(|_, sent| {
            *asked.borrow_mut() += 1;
            let answer: DelayedReply = (Duration::from_millis(20), sent.to, vec![1, 1]);
            is_answered.then_some(answer).into_iter().collect()
        });
        (bench.facts.into_iter().map(|(_, fact)| fact).collect(), bench.sent.len())
    }

    #[test]
    fn what_is_thrown_away_is_counted_while_something_is_asked_and_while_nothing_is() {
        let (facts, sent) = told(true, 5, 0, false);
        let counted = facts.iter().map(|fact| match fact {
            Fact::Host(HostFact::Counted { requests, thrown_away, lets_errors_in: true, .. }) => {
                (*requests, *thrown_away)
            }
            fact => panic!("{fact:?}"),
        });
        assert_eq!(counted.collect::<Vec<_>>(), [(0, 0), (5, 5), (0, 0), (5, 5), (0, 0), (5, 5)]);
        assert_eq!(sent, 17, "two that end at the first router, and three times five requests");
    }

    #[test]
    fn an_answer_that_comes_in_ends_it() {
        let (facts, sent) = told(true, 5, 5, true);
        assert_eq!((facts.len(), sent), (1, 7), "{facts:?}");
    }

    #[test]
    fn a_system_that_shows_no_counts_is_not_asked_further() {
        let (facts, sent) = told(false, 0, 0, false);
        assert_eq!((facts, sent), (vec![Fact::Run(RunFact::Skipped { why: Code::CountersNotShown })], 2));
    }
}

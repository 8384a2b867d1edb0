//! Does a limit let fewer packets a second pass than a call sends?
//!
//! The same small requests are sent quickly and slowly, by turns: a line that loses packets loses some of both, and a limit
//! takes those that come quickly one after another once its store is used up, and gives that back while they come slowly.
//! All leave by one socket, so that the flows are the same ones. Two servers are asked by turns, since a server may limit its
//! clients itself; one that answers nothing shows nothing. Before the quick ones Binding indications use up what a limit
//! stores: nobody answers these (RFC 8489 §6.3.2).
//!
//! No server is sent more than ten requests in a second (RFC 5780 §5), and no more than 22 requests and 24 indications in
//! all. Where most of what is sent quickly is answered at once, it is half a second and no more is asked.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{Fact, Origin, PacedRequest, Question, StunFact};
use crate::wire::{self, Builder, Class, Datagram, StunMethod, TransactionId};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// How soon one request follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// As fast as a call with a picture sends.
    Quick,
    /// So slowly that five packets a second let each request and its answer pass.
    Slow,
}

impl Pace {
    const fn gap(self) -> Duration {
        Duration::from_millis(match self {
            Self::Quick => 10,
            Self::Slow => 450,
        })
    }
}

/// The paces of the turns, and how many requests each server, or all together, are sent in each. So few are quick that the
/// same second has room for slow ones. The last slow ones show that neither the server nor the flow has died.
const TURNS: [(Pace, usize); 4] = [(Pace::Quick, 8), (Pace::Slow, 4), (Pace::Quick, 8), (Pace::Slow, 2)];

/// How many indications go to each server before quick requests: with those to the other one more than limits store that let
/// too little pass for a call.
const INDICATIONS: usize = 12;

/// The shortest and the longest time for which the last answers of a turn are waited for.
const PATIENCE: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(800)];

const SOCKET: SocketId = SocketId(0);

/// Whom to ask.
#[derive(Clone, Debug)]
pub(super) struct RateConfig {
    /// One or two servers, of which the first has answered over UDP.
    pub(super) servers: Vec<SocketAddr>,
    /// The longest round trip to one of them, as far as it is known.
    pub(super) rtt: Duration,
}

/// What was sent in one turn.
struct PacedTurn {
    pace: Pace,
    /// How many indications go before the requests, and how many of them are left to be sent.
    indications: [usize; 2],
    length: usize,
    requests: Vec<(TransactionId, PacedRequest)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RateStage {
    New,
    Opening,
    /// Sending, or waiting for the last answers where all of the turn are sent.
    Asking,
    Over,
}

/// The probe. It begins with its first input.
pub(super) struct RateProbe {
    config: RateConfig,
    rng: Rng,
    stage: RateStage,
    local: Option<SocketAddr>,
    turns: Vec<PacedTurn>,
    until: Instant,
    out: VecDeque<Output>,
}

impl RateProbe {
    pub(super) fn new(config: RateConfig, rng: Rng) -> Self {
        let (stage, until) = (RateStage::New, Instant::START);
        Self { config, rng, stage, local: None, turns: Vec::new(), until, out: VecDeque::new() }
    }

    fn begin(&mut self) {
        let Some(first) = self.config.servers.first() else { return self.stage = RateStage::Over };
        self.stage = RateStage::Opening;
        let open = Open::Udp { bind: Bind::Toward(*first), dont_fragment: false };
        self.out.push_back(Output::Open { socket: SOCKET, open });
    }

    fn opened(&mut self, now: Instant, local: SocketAddr) {
        self.local = Some(local);
        self.stage = RateStage::Asking;
        self.go_on(now);
    }

    fn go_on(&mut self, now: Instant) {
        match self.turns.last() {
            Some(turn) if turn.requests.len() < turn.length => self.send(now),
            Some(turn) if turn.pace == Pace::Quick && is_mostly_answered(&turn.requests) => self.finish(),
            _ => match TURNS.get(self.turns.len()) {
                Some((pace, number)) => {
                    let servers = self.config.servers.len();
                    let (length, indications) = match pace {
                        Pace::Quick => (number * servers, INDICATIONS * servers),
                        Pace::Slow => (*number, 0),
                    };
                    let (indications, requests) = ([indications; 2], Vec::new());
                    self.turns.push(PacedTurn { pace: *pace, indications, length, requests });
                    self.send(now);
                }
                None => self.finish(),
            },
        }
    }

    fn send(&mut self, now: Instant) {
        let Some(turn) = self.turns.last_mut() else { return };
        let [_, left] = &mut turn.indications;
        let Some(server) = self.config.servers.iter().cycle().nth(*left + turn.requests.len()).copied() else { return };
        let id = TransactionId(self.rng.bytes());
        let class = if *left > 0 { Class::Indication } else { Class::Request };
        let data = Builder::new(StunMethod::Binding, class, id).finish();
        self.out.push_back(Output::Send { socket: SOCKET, to: server, data });
        match class {
            Class::Request => turn.requests.push((id, PacedRequest { server, answered: false })),
            _ => *left -= 1,
        }
        let is_last = turn.requests.len() == turn.length;
        let [shortest, longest] = PATIENCE;
        let patience = (self.config.rtt * 2).clamp(shortest, longest);
        // What a limit lets pass at once is used up after quick ones.
        let rest = if turn.pace == Pace::Quick { patience.max(Pace::Slow.gap()) } else { patience };
        self.until = now + if is_last { rest } else { turn.pace.gap() };
    }

    /// Takes an answer, also of a turn that is over: what waited in a queue was not dropped.
    fn received(&mut self, from: SocketAddr, data: &[u8]) {
        let Ok(Datagram::Stun(message)) = wire::read(data) else { return };
        if !matches!(message.class, Class::Success | Class::Error) {
            return;
        }
        let requests = self.turns.iter_mut().flat_map(|turn| &mut turn.requests);
        let mut asked = requests.filter(|(id, request)| *id == message.id && request.server == from);
        asked.next().into_iter().for_each(|(_, request)| request.answered = true);
    }

    fn finish(&mut self) {
        self.stage = RateStage::Over;
        let Some(local) = self.local else { return };
        for turn in std::mem::take(&mut self.turns) {
            let every_ms = u64::try_from(turn.pace.gap().as_millis()).unwrap_or(u64::MAX);
            let requests = turn.requests.into_iter().map(|(_, request)| request).collect();
            let indications = u32::try_from(turn.indications[0]).unwrap_or(u32::MAX);
            let fact = Fact::Stun(StunFact::Paced { local, every_ms, indications, requests });
            self.out.push_back(Output::Observe { by: Origin { question: Question::Rate, uri: None }, fact });
        }
    }
}

/// Whether most was answered of those servers that answered at all.
fn is_mostly_answered(requests: &[(TransactionId, PacedRequest)]) -> bool {
    let answered = requests.iter().filter(|(_, request)| request.answered);
    let is_of_a_living_one = |server: SocketAddr| answered.clone().any(|(_, request)| request.server == server);
    let asked = requests.iter().filter(|(_, request)| is_of_a_living_one(request.server)).count();
    answered.clone().count() * 2 > asked
}

impl Machine for RateProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match (self.stage, input) {
            (RateStage::Over, _) => {}
            // What is cut short shows nothing.
            (_, Input::Stop | Input::Failed { .. }) => self.stage = RateStage::Over,
            (RateStage::New, _) => self.begin(),
            (RateStage::Opening, Input::Opened { local, .. }) => self.opened(now, local),
            (RateStage::Asking, Input::Received { from, data, .. }) => self.received(from, &data),
            (RateStage::Asking, Input::Woken) if now >= self.until => self.go_on(now),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(match self.stage {
            RateStage::New | RateStage::Opening => Wake::OnInput,
            RateStage::Asking => Wake::At(self.until),
            RateStage::Over => Wake::Finished,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, SentDatagram, at, rfc5780};
    use crate::wire::Message;

    const SERVERS: [&str; 2] = ["198.51.100.1:3478", "203.0.113.9:3478"];
    const RTT: Duration = Duration::from_millis(20);

    /// What is sent where and when, and whether it is a request.
    #[derive(Clone, Copy, Debug)]
    struct Sent {
        when: Instant,
        to: SocketAddr,
        is_request: bool,
    }

    struct Paced {
        /// Of each turn, how many requests were sent and answered.
        turns: Vec<(usize, usize)>,
        sent: Vec<Sent>,
        took: Duration,
    }

    /// What is found of these servers by a network that lets through what it is told to.
    fn asked(servers: &[&str], mut lets_through: impl FnMut(Sent) -> bool) -> Paced {
        let servers = servers.iter().map(|server| server.parse().expect("an address")).collect();
        let mut probe = RateProbe::new(RateConfig { servers, rtt: RTT }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        let mut all = Vec::new();
        let end = bench.run(|when, datagram: SentDatagram<'_>| {
            let is_request = Message::read(datagram.data).is_ok_and(|message| message.class == Class::Request);
            let sent = Sent { when, to: datagram.to, is_request };
            all.push(sent);
            let answer = rfc5780(&datagram, datagram.from).filter(|_| lets_through(sent) && is_request);
            answer.map(|(_, answer)| (RTT, sent.to, answer)).into_iter().collect()
        });
        let turns = bench.facts.iter().map(|(_, fact)| match fact {
            Fact::Stun(StunFact::Paced { requests, .. }) => {
                (requests.len(), requests.iter().filter(|request| request.answered).count())
            }
            fact => panic!("{fact:?}"),
        });
        Paced { turns: turns.collect(), sent: all, took: end.since_start() }
    }

    /// A store of so many packets, into which so many come each second. An answer takes one where answers are limited too.
    fn limited(per_second: u64, store: u64, both_ways: bool) -> impl FnMut(Sent) -> bool {
        let (mut thousandths, mut last) = (store * 1000, at(0));
        move |sent| {
            let since = u64::try_from(sent.when.since(last).as_millis()).expect("a short time");
            (thousandths, last) = ((thousandths + since * per_second).min(store * 1000), sent.when);
            let mut take = || {
                let is_there = thousandths >= 1000;
                thousandths -= if is_there { 1000 } else { 0 };
                is_there
            };
            take() && (!both_ways || !sent.is_request || take())
        }
    }

    #[test]
    fn where_nothing_is_limited_one_quick_turn_is_all() {
        let free = asked(&SERVERS, |_| true);
        assert_eq!(free.turns, [(16, 16)]);
        assert!(free.took < Duration::from_secs(1), "{:?}", free.took);
    }

    #[test]
    fn a_limit_takes_what_comes_quickly_and_leaves_what_comes_slowly() {
        for (servers, length) in [(&SERVERS[..], 16), (&SERVERS[..1], 8)] {
            for (per_second, both_ways) in [(5, true), (5, false), (10, true), (10, false), (30, true)] {
                let found = asked(servers, limited(per_second, 5, both_ways));
                let [quick, slow, again, control] = found.turns[..] else { panic!("{per_second}: {:?}", found.turns) };
                assert_eq!((slow, control), ((4, 4), (2, 2)), "{per_second}");
                assert!(
                    [quick, again].iter().all(|turn| turn.0 == length && turn.1 * 2 <= length),
                    "{:?}",
                    found.turns
                );
                assert!(found.took < Duration::from_secs(5), "{:?}", found.took);
            }
        }
        assert_eq!(asked(&SERVERS, limited(10, 10, false)).turns.len(), 4, "what is stored is used up first");
    }

    #[test]
    fn a_dead_server_does_not_look_like_a_limit() {
        let dead: SocketAddr = SERVERS[1].parse().expect("an address");
        assert_eq!(asked(&SERVERS, |sent| sent.to != dead).turns, [(16, 8)]);
    }

    #[test]
    fn no_server_is_sent_more_than_ten_requests_in_a_second_nor_more_than_is_said() {
        for servers in [&SERVERS[..], &SERVERS[..1]] {
            let found = asked(servers, limited(1, 3, true));
            for server in servers.iter().map(|server| server.parse::<SocketAddr>().expect("an address")) {
                let sent = found.sent.iter().filter(|sent| sent.to == server);
                let (requests, indications): (Vec<Sent>, Vec<Sent>) = sent.partition(|sent| sent.is_request);
                assert!(requests.len() <= 22 && indications.len() <= 24, "{} {}", requests.len(), indications.len());
                let is_within =
                    |sent: &&Sent, from: Instant| sent.when >= from && sent.when.since(from) < Duration::from_secs(1);
                let in_the_second_from = |from: Instant| requests.iter().filter(|sent| is_within(sent, from)).count();
                assert!(requests.iter().all(|sent| in_the_second_from(sent.when) <= 10), "{server}: {requests:?}");
            }
        }
    }
}

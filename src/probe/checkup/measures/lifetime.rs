//! How long does an idle mapping live? (RFC 4787 §4.3, RFC 5780 §4.6 without RESPONSE-PORT)
//!
//! One socket an interval, all side by side, so that the probe lasts as long as the longest. Each speaks with the
//! server and, where there is one, with its alternate address, falls idle, and then asks the server for an answer
//! *from the alternate address*: that comes in only through what the NAT still remembers of it, since nothing but
//! the server has been spoken to since. Silence decides only beside a control: a fresh socket, which has just spoken
//! to both addresses, asks the same at the same time, copy beside copy; what it loses, and whether such an answer can
//! come in at all, is so known ([`Tally::is_silence_beside`]). Where the NAT lets anybody in, or nobody by this way,
//! there is only the mapped address to compare; where it stays the same, the NAT may have given the same port again.
//!
//! [`Tally::is_silence_beside`]: crate::model::Tally::is_silence_beside

use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Fact, Origin, Question, StunFact, Tally};
use crate::probe::client::{BindingClient, RequestFailure, Response};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// The intervals in seconds, around the timers met in the field: 30 s and 120 s (Linux), 60 s (carriers), 180 s, 300 s
/// (RFC 4787 REQ-5's recommendation). With the longest asked for they are ten, RFC 5780 §5's transactions a second.
const INTERVALS_S: [u64; 9] = [10, 29, 35, 50, 65, 115, 125, 185, 305];

/// The first copies of the request for an answer from the alternate address and of its control's each: where all eight
/// of the control's are answered, eight that are not are beyond doubt.
const COPIES: u32 = 8;

/// The most copies, as for filtering: enough for a path that loses 40 % of round trips.
const MOST_COPIES: u32 = 32;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct LifetimeConfig {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// Its OTHER-ADDRESS, where it makes sense.
    pub other: Option<SocketAddr>,
    /// The round trip to it, as seen before.
    pub rtt: Duration,
    /// The longest interval to try; shorter ones of the list are tried beside it.
    pub longest: Duration,
}

/// How the question for an answer from the alternate address was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inbound {
    /// The interval is not over, or the answer not yet there.
    Pending,
    CameIn,
    Silent,
    /// There is no alternate address, or the request itself came to nothing.
    Unknown,
}

struct Idle {
    socket: SocketId,
    interval: Duration,
    /// The mapped address before the socket fell idle, and when that was.
    before: Option<(SocketAddr, Instant)>,
    after: Option<SocketAddr>,
    inbound: Inbound,
    /// The control's socket, opened when the interval is over.
    fresh: Option<SocketId>,
    woken: bool,
    over: bool,
}

/// Leaves mappings idle and asks whether they are still there.
pub struct LifetimeProbe {
    lifetime: LifetimeConfig,
    client: BindingClient,
    idles: Vec<Idle>,
    stopped: bool,
}

impl LifetimeProbe {
    /// A probe of this server. It begins with its first input, which must be the interfaces.
    pub fn new(lifetime: LifetimeConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Lifetime, uri: None }, rng);
        Self { lifetime, client, idles: Vec::new(), stopped: false }
    }

    fn start(&mut self) {
        let shorter = INTERVALS_S.into_iter().map(Duration::from_secs).filter(|at| *at < self.lifetime.longest);
        for interval in shorter.chain([self.lifetime.longest]).collect::<Vec<_>>() {
            let socket = self.client.open(self.lifetime.server);
            let inbound = if self.lifetime.other.is_some() { Inbound::Pending } else { Inbound::Unknown };
            let (before, after, fresh) = (None, None, None);
            self.idles.push(Idle { socket, interval, before, after, inbound, fresh, woken: false, over: false });
        }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        let server = self.lifetime.server;
        let socket = match &response {
            Response::Opened { socket } | Response::NotOpened { socket } | Response::Failed { socket, .. } => *socket,
            Response::Answer(answer) => answer.socket,
        };
        if let Some(index) = self.idles.iter().position(|idle| idle.fresh == Some(socket)) {
            if matches!(response, Response::Opened { .. } | Response::NotOpened { .. }) {
                self.ask_again(now, index);
            }
            return;
        }
        let Some(index) = self.idles.iter().position(|idle| idle.socket == socket) else { return };
        let idle = &mut self.idles[index];
        match response {
            Response::Opened { .. } => self.speak(now, socket),
            Response::NotOpened { .. } => idle.over = true,
            Response::Answer(answer) if answer.asked != Asked::Plain => idle.inbound = Inbound::CameIn,
            Response::Answer(answer) if answer.server == server => match idle.before {
                None => idle.before = Some((answer.mapped, now)),
                Some(_) => idle.after = Some(answer.mapped),
            },
            Response::Answer(_) => {}
            Response::Failed { asked: Asked::ChangeAddressAndPort, why: RequestFailure::Silent, .. } => {
                self.weigh_silence(now, index);
            }
            Response::Failed { asked: Asked::ChangeAddressAndPort, .. } => idle.inbound = Inbound::Unknown,
            // Where the server does not say where it sees us, there is nothing to compare.
            Response::Failed { asked: Asked::Plain, server: silent, .. } if silent == server => idle.over = true,
            Response::Failed { .. } => {}
        }
    }

    /// Sends to the server and to its alternate address.
    fn speak(&mut self, now: Instant, socket: SocketId) {
        let LifetimeConfig { server, other, rtt, .. } = self.lifetime;
        for endpoint in [Some(server), other].into_iter().flatten() {
            self.client.ask(now, socket, endpoint, Asked::Plain, Schedule::known(rtt));
        }
    }

    /// Asks again: the interval is over, and the control's socket is open or could not be opened.
    fn ask_again(&mut self, now: Instant, index: usize) {
        let LifetimeConfig { server, other, rtt, .. } = self.lifetime;
        let Idle { socket, fresh, .. } = self.idles[index];
        self.client.ask(now, socket, server, Asked::Plain, Schedule::known(rtt));
        if other.is_some() {
            let schedule = Schedule::samples(rtt, COPIES);
            self.client.ask(now, socket, server, Asked::ChangeAddressAndPort, schedule);
            if let Some(fresh) = fresh.filter(|fresh| self.client.local(*fresh).is_some()) {
                self.speak(now, fresh);
                self.client.ask_control(now, fresh, server, Asked::ChangeAddressAndPort, schedule);
            }
        }
    }

    /// Sends more copies as long as the control's losses leave a doubt.
    fn weigh_silence(&mut self, now: Instant, index: usize) {
        let (copies, control) = self.tallies(index);
        let idle = &mut self.idles[index];
        let can_come_in = control.answered > 0;
        if !can_come_in || copies.is_silence_beside(control) || copies.sent >= MOST_COPIES {
            idle.inbound = Inbound::Silent;
            return;
        }
        for socket in [Some(idle.socket), idle.fresh].into_iter().flatten() {
            self.client.extend_from(now, socket, Asked::ChangeAddressAndPort, COPIES);
        }
    }

    /// The tallies of the request for an answer from the alternate address, and of its control.
    fn tallies(&self, index: usize) -> (Tally, Tally) {
        let of = |socket| self.client.tally_from(socket, Asked::ChangeAddressAndPort);
        let idle = &self.idles[index];
        (of(idle.socket), idle.fresh.map(of).unwrap_or_default())
    }

    fn settle(&mut self, now: Instant) {
        for index in 0..self.idles.len() {
            let idle = &mut self.idles[index];
            let Some((before, since)) = idle.before.filter(|_| !idle.over) else { continue };
            if !idle.woken && now.since(since) >= idle.interval {
                idle.woken = true;
                if self.lifetime.other.is_some() {
                    idle.fresh = Some(self.client.open(self.lifetime.server));
                } else {
                    self.ask_again(now, index);
                }
                continue;
            }
            let Some(after) = idle.after.filter(|_| idle.inbound != Inbound::Pending) else { continue };
            idle.over = true;
            let inbound = match idle.inbound {
                Inbound::CameIn => Some(true),
                Inbound::Silent => Some(false),
                Inbound::Pending | Inbound::Unknown => None,
            };
            let interval = idle.interval;
            if let Some(local) = self.client.local(idle.socket) {
                let server = self.lifetime.server;
                let (copies, control) = self.tallies(index);
                // The copies of a request were spread over seconds, and the first of them may have been lost by chance while
                // the mapping was still there: what none of them found is gone by the last.
                let is_gone = inbound == Some(false) && control.answered > 0;
                let idle_for = if is_gone { now.since(since) } else { interval };
                let idle_ms = u64::try_from(idle_for.as_millis()).unwrap_or(u64::MAX);
                self.client.observe(Fact::Stun(StunFact::Idled {
                    local,
                    server,
                    idle_ms,
                    before,
                    after,
                    inbound,
                    copies,
                    control,
                }));
            }
        }
    }

    fn next_interval(&self) -> Option<Instant> {
        let waiting = self.idles.iter().filter(|idle| !idle.over && !idle.woken);
        waiting.filter_map(|idle| idle.before.map(|(_, since)| since + idle.interval)).min()
    }
}

impl Machine for LifetimeProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => self.start(),
            Input::Stop => self.stopped = true,
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
                self.settle(now);
            }
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || !self.idles.is_empty() && self.idles.iter().all(|idle| idle.over);
        let next = self.next_interval();
        self.client.poll_until(over, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, DelayedReply, OTHER, PRIMARY, SentDatagram, rfc5780};
    use std::collections::BTreeMap;

    const RTT: Duration = Duration::from_millis(40);

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    /// A NAT whose filter remembers each remote endpoint for so long, and which keeps a socket's port for ever or gives
    /// another after as long an idle time, on a line that loses this share each way.
    #[derive(Clone, Copy)]
    struct Network {
        memory: Duration,
        keeps_port: bool,
        loss: f64,
        seed: u64,
    }

    const HALF_A_MINUTE: Network = Network { memory: Duration::from_secs(30), keeps_port: true, loss: 0.0, seed: 1 };

    impl Network {
        /// What was seen, and how long it took.
        fn run(self, other: Option<&str>, longest_s: u64) -> (Vec<Fact>, Duration) {
            let Self { memory, keeps_port, loss, seed } = self;
            let longest = Duration::from_secs(longest_s);
            let lifetime = LifetimeConfig { server: address(PRIMARY), other: other.map(address), rtt: RTT, longest };
            let mut probe = LifetimeProbe::new(lifetime, Rng::numbered(seed));
            let mut rng = Rng::numbered(seed + 1_000_000);
            let mut bench = Bench::new(&mut probe);
            let mut last: BTreeMap<(u16, SocketAddr), Instant> = BTreeMap::new();
            let mut renewals: BTreeMap<u16, (Instant, u16)> = BTreeMap::new();
            let end = bench.run(|now, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
                let (seen, epoch) = renewals.entry(sent.from.port()).or_insert((now, 0));
                if now.since(*seen) > memory && !keeps_port {
                    *epoch += 1;
                }
                *seen = now;
                let mapped = SocketAddr::new(address("198.51.100.1:0").ip(), sent.from.port() + *epoch * 1000);
                last.insert((sent.from.port(), sent.to), now);
                let lost = rng.chance(loss) || rng.chance(loss);
                let answer = rfc5780(&sent, mapped).filter(|_| !lost);
                let answer = answer.filter(|(from, _)| {
                    last.get(&(sent.from.port(), *from)).is_some_and(|at| now.since(*at) <= memory)
                });
                answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
            });
            (bench.facts.into_iter().map(|(_, fact)| fact).collect(), end.since_start())
        }
    }

    /// (idle time in seconds, whether the alternate address still came in, whether the port was kept)
    fn idled(facts: &[Fact]) -> Vec<(u64, Option<bool>, bool)> {
        let mut idled: Vec<_> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Stun(StunFact::Idled { idle_ms, before, after, inbound, .. }) => {
                    Some((idle_ms / 1000, *inbound, before == after))
                }
                _ => None,
            })
            .collect();
        idled.sort_unstable();
        idled
    }

    #[test]
    fn the_probe_lasts_as_long_as_the_longest_interval_and_not_their_sum() {
        let (facts, took) = HALF_A_MINUTE.run(Some(OTHER), 60);
        assert!(took < Duration::from_secs(62), "{took:?}");
        assert_eq!(idled(&facts).iter().map(|(idle, ..)| *idle).collect::<Vec<_>>(), [10, 29, 35, 50, 60]);
    }

    #[test]
    fn a_nat_that_forgets_after_thirty_seconds_is_seen_to_though_it_keeps_the_port() {
        let (facts, _) = HALF_A_MINUTE.run(Some(OTHER), 60);
        let alive: Vec<_> = idled(&facts).into_iter().map(|(idle, inbound, _)| (idle, inbound)).collect();
        let expected = [(10, true), (29, true), (35, false), (50, false), (60, false)];
        assert_eq!(alive, expected.map(|(idle, alive)| (idle, Some(alive))));
    }

    #[test]
    fn without_an_alternate_address_only_a_changed_port_tells() {
        let (facts, _) = Network { keeps_port: false, ..HALF_A_MINUTE }.run(None, 40);
        assert_eq!(idled(&facts), [(10, None, true), (29, None, true), (35, None, false), (40, None, false)]);
    }
    /// Whether the only interval's silence is a death beyond doubt; None where the answer came in.
    fn death(memory_s: u64, loss: f64, seed: u64) -> Option<bool> {
        let network = Network { memory: Duration::from_secs(memory_s), loss, seed, ..HALF_A_MINUTE };
        network.run(Some(OTHER), 10).0.into_iter().find_map(|fact| match fact {
            Fact::Stun(StunFact::Idled { inbound: Some(false), copies, control, .. }) => {
                Some(copies.is_silence_beside(control))
            }
            _ => None,
        })
    }

    #[test]
    fn loss_never_makes_a_living_mapping_look_dead() {
        for loss in [0.05, 0.2, 0.3] {
            for seed in 0..3000 {
                assert_ne!(death(30, loss, seed), Some(true), "seed {seed}, loss {loss}");
            }
        }
    }

    #[test]
    fn on_a_lossy_path_a_death_is_beyond_doubt_all_the_same() {
        let seen = (0..300).filter(|seed| death(5, 0.2, *seed) == Some(true)).count();
        assert!(seen > 290, "{seen}");
    }

    #[test]
    fn a_clean_path_takes_no_more_than_the_first_copies() {
        let (facts, _) = HALF_A_MINUTE.run(Some(OTHER), 40);
        let tallies: Vec<(Tally, Tally)> = facts
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::Stun(StunFact::Idled { inbound: Some(false), copies, control, .. }) => Some((copies, control)),
                _ => None,
            })
            .collect();
        let expected = (Tally { sent: COPIES, answered: 0 }, Tally { sent: COPIES, answered: COPIES });
        assert_eq!(tallies, [expected; 2]);
    }
}

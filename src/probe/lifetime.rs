//! How long does an idle mapping live? (RFC 4787 §4.3, RFC 5780 §4.6 without RESPONSE-PORT)
//!
//! One socket an interval, all side by side, so that the probe lasts as long as the longest. Each speaks with the
//! server and, where there is one, with its alternate address, falls idle, and then asks the server for an answer
//! *from the alternate address*: that comes in only through what the NAT still remembers of it, since nothing but
//! the server has been spoken to since. Where the NAT lets anybody in that tells nothing, and there is only the
//! mapped address to compare; where it stays the same, the NAT may have given the same port again.

use super::ask::{Asker, Heard, Nothing};
use crate::machine::{Dice, Input, Instant, Machine, Output, SocketId};
use crate::model::{Asked, Fact, Origin, Question};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// In seconds, around the timers met in the field: 30 s and 120 s (Linux), 60 s (carriers), 180 s, 300 s (RFC 4787
/// REQ-5's recommendation). With the longest asked for: ten, RFC 5780 §5's transactions a second.
const INTERVALS_S: [u64; 9] = [10, 29, 35, 50, 65, 115, 125, 185, 305];

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    pub server: SocketAddr,
    /// Its OTHER-ADDRESS, where it makes sense.
    pub other: Option<SocketAddr>,
    pub rtt: Duration,
    /// The longest interval to try; shorter ones of the list are tried beside it.
    pub longest: Duration,
}

struct Idle {
    socket: SocketId,
    interval: Duration,
    /// Where the server saw it before it fell idle, and when that was.
    before: Option<(SocketAddr, Instant)>,
    after: Option<SocketAddr>,
    /// Whether the alternate address's answer came in.
    inbound: Option<bool>,
    asked_again: bool,
    over: bool,
}

/// The probe.
pub struct LifetimeProbe {
    lifetime: Lifetime,
    asker: Asker,
    idles: Vec<Idle>,
    stopped: bool,
}

impl LifetimeProbe {
    pub fn new(lifetime: Lifetime, dice: Dice) -> Self {
        let asker = Asker::new(Origin { question: Question::Lifetime, uri: None }, dice);
        Self { lifetime, asker, idles: Vec::new(), stopped: false }
    }

    fn start(&mut self) {
        let shorter = INTERVALS_S.into_iter().map(Duration::from_secs).filter(|at| *at < self.lifetime.longest);
        for interval in shorter.chain([self.lifetime.longest]).collect::<Vec<_>>() {
            let socket = self.asker.open(self.lifetime.server);
            let (before, after, inbound) = (None, None, None);
            self.idles.push(Idle { socket, interval, before, after, inbound, asked_again: false, over: false });
        }
    }

    fn hear(&mut self, now: Instant, heard: Heard) {
        let Lifetime { server, other, rtt, .. } = self.lifetime;
        let socket = match &heard {
            Heard::Opened { socket } | Heard::NotOpened { socket } | Heard::Nothing { socket, .. } => *socket,
            Heard::Answer(answer) => answer.socket,
        };
        let Some(idle) = self.idles.iter_mut().find(|idle| idle.socket == socket) else { return };
        match heard {
            Heard::Opened { .. } => {
                for endpoint in [Some(server), other].into_iter().flatten() {
                    self.asker.ask(now, socket, endpoint, Asked::Plain, Schedule::known(rtt));
                }
            }
            Heard::NotOpened { .. } => idle.over = true,
            Heard::Answer(answer) if answer.asked != Asked::Plain => idle.inbound = Some(true),
            Heard::Answer(answer) if answer.server == server => match idle.before {
                None => idle.before = Some((answer.mapped, now)),
                Some(_) => idle.after = Some(answer.mapped),
            },
            Heard::Answer(_) => {}
            Heard::Nothing { asked: Asked::ChangeAddressAndPort, why: Nothing::Silent, .. } => {
                idle.inbound = Some(false)
            }
            // Without the server's word on where it sees us there is nothing to compare.
            Heard::Nothing { asked: Asked::Plain, server: silent, .. } if silent == server => idle.over = true,
            Heard::Nothing { .. } => {}
        }
        self.settle(now);
    }

    fn settle(&mut self, now: Instant) {
        let Lifetime { server, other, rtt, .. } = self.lifetime;
        for idle in self.idles.iter_mut().filter(|idle| !idle.over) {
            let Some((before, since)) = idle.before else { continue };
            if !idle.asked_again && now.since(since) >= idle.interval {
                idle.asked_again = true;
                if other.is_some() {
                    let schedule = Schedule { sends: 8, ..Schedule::known(rtt) };
                    self.asker.ask(now, idle.socket, server, Asked::ChangeAddressAndPort, schedule);
                }
                self.asker.ask(now, idle.socket, server, Asked::Plain, Schedule::known(rtt));
            }
            let Some(after) = idle.after.filter(|_| other.is_none() || idle.inbound.is_some()) else { continue };
            idle.over = true;
            if let Some(local) = self.asker.local(idle.socket) {
                let idle_ms = u64::try_from(idle.interval.as_millis()).unwrap_or(u64::MAX);
                self.asker.observe(Fact::Idled { local, server, idle_ms, before, after, inbound: idle.inbound });
            }
        }
    }

    fn next_interval(&self) -> Option<Instant> {
        let waiting = self.idles.iter().filter(|idle| !idle.over && !idle.asked_again);
        waiting.filter_map(|idle| idle.before.map(|(_, since)| since + idle.interval)).min()
    }
}

impl Machine for LifetimeProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.asker.is_unused() => self.start(),
            Input::Stop => self.stopped = true,
            input => {
                for heard in self.asker.handle(now, input) {
                    self.hear(now, heard);
                }
                self.settle(now);
            }
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || !self.idles.is_empty() && self.idles.iter().all(|idle| idle.over);
        let next = self.next_interval();
        self.asker.poll_until(over, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, OTHER, PRIMARY, Reply, Sent, rfc5780};
    use std::collections::BTreeMap;

    const RTT: Duration = Duration::from_millis(40);

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    /// A NAT whose filter remembers each remote endpoint for `memory`, and which keeps a socket's port for ever or
    /// gives another after as long an idle time: interval by interval, what was seen.
    fn run(memory: Duration, keeps_port: bool, other: Option<&str>, longest_s: u64) -> (Vec<Fact>, Duration) {
        let longest = Duration::from_secs(longest_s);
        let lifetime = Lifetime { server: address(PRIMARY), other: other.map(address), rtt: RTT, longest };
        let mut probe = LifetimeProbe::new(lifetime, Dice::numbered(1));
        let mut bench = Bench::new(&mut probe);
        let mut last: BTreeMap<(u16, SocketAddr), Instant> = BTreeMap::new();
        let mut renewals: BTreeMap<u16, (Instant, u16)> = BTreeMap::new();
        let end = bench.run(|now, sent: Sent<'_>| -> Vec<Reply> {
            let (seen, epoch) = renewals.entry(sent.from.port()).or_insert((now, 0));
            if now.since(*seen) > memory && !keeps_port {
                *epoch += 1;
            }
            *seen = now;
            let mapped = SocketAddr::new(address("198.51.100.1:0").ip(), sent.from.port() + *epoch * 1000);
            last.insert((sent.from.port(), sent.to), now);
            let answer = rfc5780(&sent, mapped);
            let answer = answer
                .filter(|(from, _)| last.get(&(sent.from.port(), *from)).is_some_and(|at| now.since(*at) <= memory));
            answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        (bench.facts.into_iter().map(|(_, fact)| fact).collect(), end.since_start())
    }

    /// (idle time in seconds, whether the alternate address still came in, whether the port was kept)
    fn idled(facts: &[Fact]) -> Vec<(u64, Option<bool>, bool)> {
        let mut idled: Vec<_> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Idled { idle_ms, before, after, inbound, .. } => {
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
        let (facts, took) = run(Duration::from_secs(30), true, Some(OTHER), 60);
        assert!(took < Duration::from_secs(62), "{took:?}");
        assert_eq!(idled(&facts).iter().map(|(idle, ..)| *idle).collect::<Vec<_>>(), [10, 29, 35, 50, 60]);
    }

    #[test]
    fn a_nat_that_forgets_after_thirty_seconds_is_seen_to_though_it_keeps_the_port() {
        let (facts, _) = run(Duration::from_secs(30), true, Some(OTHER), 60);
        let alive: Vec<_> = idled(&facts).into_iter().map(|(idle, inbound, _)| (idle, inbound)).collect();
        let expected = [(10, true), (29, true), (35, false), (50, false), (60, false)];
        assert_eq!(alive, expected.map(|(idle, alive)| (idle, Some(alive))));
    }

    #[test]
    fn without_an_alternate_address_only_a_changed_port_tells() {
        let (facts, _) = run(Duration::from_secs(30), false, None, 40);
        assert_eq!(idled(&facts), [(10, None, true), (29, None, true), (35, None, false), (40, None, false)]);
    }
}

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
                    let schedule = Schedule { sends: 4, ..Schedule::known(rtt) };
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

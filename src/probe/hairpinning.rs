//! Can a socket behind the NAT reach another by its public address? (RFC 5780 §3.4, RFC 4787 §6)
//!
//! Asked last and once, from a second socket: a packet from a socket to its own public address looks like a LAND
//! attack to some firewalls. The first socket learns its public address; the second sends it Binding requests there
//! and the first one hears them or not.

use super::ask::{Asker, Heard};
use crate::machine::{Dice, Input, Instant, Machine, Output, SocketId};
use crate::model::{Asked, Fact, Origin, Question};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{self, Method, TransactionId};
use std::net::SocketAddr;
use std::time::Duration;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct Hairpinning {
    /// A server that has answered before.
    pub server: SocketAddr,
    pub rtt: Duration,
}

/// The probe.
pub struct HairpinningProbe {
    hairpinning: Hairpinning,
    asker: Asker,
    /// The second socket; it binds too, so that its own mapping is there before it sends.
    sender: Option<SocketId>,
    target: Option<SocketAddr>,
    sender_ready: bool,
    knock: Option<(TransactionId, Transaction)>,
    over: bool,
}

impl HairpinningProbe {
    pub fn new(hairpinning: Hairpinning, dice: Dice) -> Self {
        let asker = Asker::new(Origin { question: Question::Hairpinning, uri: None }, dice);
        Self { hairpinning, asker, sender: None, target: None, sender_ready: false, knock: None, over: false }
    }

    fn hear(&mut self, now: Instant, heard: Heard) {
        match heard {
            Heard::Opened { socket } => {
                let schedule = Schedule::known(self.hairpinning.rtt);
                self.asker.ask(now, socket, self.hairpinning.server, Asked::Plain, schedule);
            }
            Heard::Answer(answer) if Some(answer.socket) == self.sender => self.sender_ready = true,
            Heard::Answer(answer) => self.target = Some(answer.mapped),
            Heard::NotOpened { .. } | Heard::Nothing { .. } => self.over = true,
        }
        if let (Some(_), true, None) = (self.target, self.sender_ready, &self.knock) {
            let id = TransactionId(self.asker.dice().bytes());
            let bytes = wire::Builder::request(Method::Binding, id).finish();
            let schedule = Schedule { sends: 5, ..Schedule::known(self.hairpinning.rtt) };
            self.knock = Some((id, Transaction::new(id, bytes, schedule)));
            self.send_due(now);
        }
    }

    fn send_due(&mut self, now: Instant) {
        let (Some((_, knock)), Some(to), Some(sender)) = (&mut self.knock, self.target, self.sender) else { return };
        match knock.due(now) {
            Due::Send => {
                let data = knock.bytes().to_vec();
                self.asker.send(sender, to, data);
            }
            Due::Silent => self.conclude(false),
            Due::Wait(_) => {}
        }
    }

    fn conclude(&mut self, heard: bool) {
        let sent = self.knock.as_ref().map_or(0, |(_, knock)| knock.sent());
        if let (Some(local), Some(to)) = (self.sender.and_then(|sender| self.asker.local(sender)), self.target) {
            self.asker.observe(Fact::Hairpinned { local, to, heard, sent });
        }
        self.over = true;
    }

    /// Whether the input is our own knock, come back in.
    fn is_knock(&self, input: &Input) -> bool {
        let (Input::Received { socket, data, .. }, Some((id, _))) = (input, &self.knock) else { return false };
        let ours = |message: wire::Message| message.id == *id && message.class == wire::Class::Request;
        Some(*socket) != self.sender && wire::Message::read(data).is_ok_and(ours)
    }
}

impl Machine for HairpinningProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if self.asker.is_unused() => {
                self.asker.open(self.hairpinning.server);
                self.sender = Some(self.asker.open(self.hairpinning.server));
            }
            Input::Stop => self.over = true,
            input if self.is_knock(&input) => self.conclude(true),
            input => {
                for heard in self.asker.handle(now, input) {
                    self.hear(now, heard);
                }
                self.send_due(now);
            }
        }
    }

    fn poll(&mut self) -> Output {
        let due = self.knock.as_ref().map(|(_, knock)| knock.next());
        self.asker.poll_until(self.over, due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, PRIMARY, Reply, Sent, rfc5780};

    const RTT: Duration = Duration::from_millis(40);

    /// A NAT that maps each socket to its own port of 198.51.100.1 and hairpins or does not.
    fn run(hairpins: bool) -> (Vec<Fact>, Vec<SocketAddr>) {
        let server = PRIMARY.parse().expect("an address");
        let mut probe = HairpinningProbe::new(Hairpinning { server, rtt: RTT }, Dice::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.deliver_to_itself = true;
        bench.run(|_, sent: Sent<'_>| -> Vec<Reply> {
            let public = "198.51.100.1".parse().expect("an address");
            let mapped = SocketAddr::new(public, sent.from.port());
            if sent.to.ip() == public {
                return if hairpins { vec![(RTT, mapped, sent.data.to_vec())] } else { Vec::new() };
            }
            rfc5780(&sent, mapped).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let sent = bench.sent.iter().map(|(_, to, _)| *to).collect();
        (bench.facts.into_iter().map(|(_, fact)| fact).collect(), sent)
    }

    fn heard(facts: &[Fact]) -> Vec<bool> {
        let heard = |fact: &Fact| if let Fact::Hairpinned { heard, .. } = fact { Some(*heard) } else { None };
        facts.iter().filter_map(heard).collect()
    }

    #[test]
    fn a_knock_that_comes_back_in_on_the_other_socket_is_hairpinning() {
        assert_eq!(heard(&run(true).0), [true]);
    }

    #[test]
    fn a_knock_that_never_comes_is_told_after_five_copies() {
        let (facts, _) = run(false);
        assert_eq!(heard(&facts), [false]);
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Hairpinned { sent: 5, .. })));
    }

    #[test]
    fn no_socket_ever_sends_to_its_own_public_address() {
        let server: SocketAddr = PRIMARY.parse().expect("an address");
        let knocks: Vec<_> = run(false).1.into_iter().filter(|to| *to != server).collect();
        assert!(!knocks.is_empty() && knocks.iter().all(|to| to.port() == 40_000), "{knocks:?}");
    }
}

//! Can a socket behind the NAT reach another by its public address? (RFC 5780 §3.4, RFC 4787 §6)
//!
//! Asked last and once, and never from a socket to itself: to some firewalls that is a LAND attack. Two sockets learn
//! their public addresses and send Binding requests to each other's, as two ICE agents behind one NAT would; so each
//! has opened the filter for the other, and what is missing then is hairpinning.

use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Code, Fact, Origin, Question, RunFact, StunFact, Teller, may_be_sent_to};
use crate::probe::client::{BindingClient, Response};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{self, StunMethod, TransactionId};
use std::net::SocketAddr;
use std::time::Duration;

const SIDES: usize = 2;

/// The copies from each side: eight in all are beyond doubt on a clean path, as with filtering.
const KNOCKS: u32 = 4;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct HairpinningConfig {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// The round trip to it, as seen before.
    pub rtt: Duration,
}

impl HairpinningConfig {
    /// The schedule of the requests through the NAT. The way to the NAT and back is a part of the way to the server and
    /// back, and most often a small one.
    fn schedule(&self) -> Schedule {
        let rto = (self.rtt / 2).clamp(Duration::from_millis(20), Duration::from_millis(400));
        Schedule { rto, longest: rto, sends: KNOCKS, last_wait: self.rtt + Duration::from_millis(50) }
    }
}

/// A socket, where the server sees it, and what it sends to the other.
struct HairpinSide {
    socket: SocketId,
    mapped: Option<SocketAddr>,
    knock: Option<Transaction>,
}

/// Sends between two sockets by way of their mapped addresses.
pub struct HairpinningProbe {
    hairpinning: HairpinningConfig,
    client: BindingClient,
    sides: Vec<HairpinSide>,
    over: bool,
}

impl HairpinningProbe {
    /// A probe through this server. It begins with its first input, which must be the interfaces.
    pub fn new(hairpinning: HairpinningConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Hairpinning, uri: None }, rng);
        Self { hairpinning, client, sides: Vec::new(), over: false }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        match response {
            Response::Opened { socket } => {
                let schedule = Schedule::known(self.hairpinning.rtt);
                self.client.ask(now, socket, self.hairpinning.server, Asked::Plain, schedule);
            }
            // A server that names an address of nobody, or one inside this network, would have the knocks sent there.
            Response::Answer(answer)
                if !may_be_sent_to(answer.mapped, Teller::Server(self.hairpinning.server.ip())) =>
            {
                self.client.observe(Fact::Run(RunFact::Skipped { why: Code::MappedAddressNotPublic }));
                self.over = true;
            }
            Response::Answer(answer) => {
                let side = self.sides.iter_mut().find(|side| side.socket == answer.socket);
                side.into_iter().for_each(|side| side.mapped = Some(answer.mapped));
            }
            Response::NotOpened { .. } | Response::Failed { .. } => self.over = true,
        }
        let both_known = self.sides.iter().all(|side| side.mapped.is_some());
        if both_known && !self.over && self.sides.iter().all(|side| side.knock.is_none()) {
            for side in &mut self.sides {
                let id = TransactionId(self.client.rng().bytes());
                let bytes = wire::Builder::request(StunMethod::Binding, id).finish();
                let schedule = self.hairpinning.schedule();
                side.knock = Some(Transaction::new(id, bytes, schedule));
            }
            self.send_due(now);
        }
    }

    fn send_due(&mut self, now: Instant) {
        let mut silent = 0;
        for index in 0..self.sides.len() {
            let Some(to) = self.other(index).and_then(|other| other.mapped) else { return };
            let Some(side) = self.sides.get_mut(index) else { return };
            let Some(knock) = &mut side.knock else { return };
            match knock.due(now) {
                Due::Send => self.client.send(side.socket, to, knock.bytes().to_vec()),
                Due::Silent => silent += 1,
                Due::Wait(_) => {}
            }
        }
        if silent == SIDES {
            self.conclude(None);
        }
    }

    fn other(&self, index: usize) -> Option<&HairpinSide> {
        self.sides.get(1 - index.min(1))
    }

    /// Records how hairpinning fared; `from` is where a request seemed to come from, where one came in.
    fn conclude(&mut self, from: Option<SocketAddr>) {
        let sent = self.sides.iter().filter_map(|side| side.knock.as_ref()).map(Transaction::sent).sum();
        if let [first, second] = &self.sides[..]
            && let (Some(local), Some(to)) = (self.client.local(first.socket), second.mapped)
        {
            self.client.observe(Fact::Stun(StunFact::Hairpinned { local, to, came_back: from.is_some(), from, sent }));
        }
        self.over = true;
    }

    /// The endpoint from which one side's request seemed to come in at the other; None where the input is none.
    fn knocked_from(&self, input: &Input) -> Option<SocketAddr> {
        let Input::Received { socket, from, data } = input else { return None };
        let message = wire::Message::read(data).ok()?;
        let of_the_other = |side: &HairpinSide| {
            side.socket != *socket && side.knock.as_ref().is_some_and(|knock| knock.id() == message.id)
        };
        (message.class == wire::Class::Request && self.sides.iter().any(of_the_other)).then_some(*from)
    }
}

impl Machine for HairpinningProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if self.client.is_unused() => {
                for _ in 0..SIDES {
                    let socket = self.client.open(self.hairpinning.server);
                    self.sides.push(HairpinSide { socket, mapped: None, knock: None });
                }
            }
            Input::Stop => self.over = true,
            input => {
                if let Some(from) = self.knocked_from(&input) {
                    return self.conclude(Some(from));
                }
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
                self.send_due(now);
            }
        }
    }

    fn poll(&mut self) -> Output {
        let due = self.sides.iter().filter_map(|side| side.knock.as_ref()).map(Transaction::next).min();
        self.client.poll_until(self.over, due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, DelayedReply, PRIMARY, SentDatagram, rfc5780};

    const RTT: Duration = Duration::from_millis(40);

    /// A NAT that maps each socket to its own port of 198.51.100.1 and hairpins or does not.
    fn run(hairpins: bool) -> Vec<Fact> {
        let server = PRIMARY.parse().expect("an address");
        let mut probe = HairpinningProbe::new(HairpinningConfig { server, rtt: RTT }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.deliver_to_itself = true;
        bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
            let public = "198.51.100.1".parse().expect("an address");
            let mapped = SocketAddr::new(public, sent.from.port());
            if sent.to.ip() == public {
                return if hairpins { vec![(RTT, mapped, sent.data.to_vec())] } else { Vec::new() };
            }
            rfc5780(&sent, mapped).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        bench.facts.into_iter().map(|(_, fact)| fact).collect()
    }

    fn passed(facts: &[Fact]) -> Vec<bool> {
        let passed = |fact: &Fact| {
            if let Fact::Stun(StunFact::Hairpinned { came_back, .. }) = fact { Some(*came_back) } else { None }
        };
        facts.iter().filter_map(passed).collect()
    }

    #[test]
    fn a_knock_that_comes_back_in_on_the_other_socket_is_hairpinning() {
        assert_eq!(passed(&run(true)), [true]);
    }

    #[test]
    fn where_a_knock_seemed_to_come_from_is_told() {
        let facts = run(true);
        let public: std::net::IpAddr = "198.51.100.1".parse().expect("an address");
        let is_external = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Hairpinned { from: Some(from), .. }) if from.ip() == public);
        assert!(facts.iter().any(is_external), "{facts:?}");
    }

    #[test]
    fn a_knock_that_never_comes_is_told_after_four_copies_each_way() {
        let facts = run(false);
        assert_eq!(passed(&facts), [false]);
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Hairpinned { sent: 8, .. }))));
    }

    #[test]
    fn nothing_is_knocked_at_that_is_no_business_of_a_server() {
        for named in crate::model::NO_BUSINESS_OF_A_SERVER {
            let (server, named): (SocketAddr, SocketAddr) =
                (PRIMARY.parse().expect("an address"), named.parse().expect("an address"));
            let mut probe = HairpinningProbe::new(HairpinningConfig { server, rtt: RTT }, Rng::numbered(1));
            let mut bench = Bench::new(&mut probe);
            bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
                assert_eq!(sent.to, server, "{named} was named");
                rfc5780(&sent, named).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
            });
            let skipped = |fact: &Fact| *fact == Fact::Run(RunFact::Skipped { why: Code::MappedAddressNotPublic });
            let facts: Vec<Fact> = bench.facts.into_iter().map(|(_, fact)| fact).collect();
            // Port 0 is no mapped address at all.
            let expected = usize::from(named.port() != 0);
            assert_eq!(facts.iter().filter(|fact| skipped(fact)).count(), expected, "{named}: {facts:?}");
        }
    }

    #[test]
    fn no_socket_ever_sends_to_its_own_public_address() {
        let server: SocketAddr = PRIMARY.parse().expect("an address");
        let mut probe = HairpinningProbe::new(HairpinningConfig { server, rtt: RTT }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.deliver_to_itself = true;
        let mut knocks = 0;
        bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
            knocks += u32::from(sent.to != server);
            assert!(sent.to == server || sent.to.port() != sent.from.port(), "{} to {}", sent.from, sent.to);
            let mapped = SocketAddr::new("198.51.100.1".parse().expect("an address"), sent.from.port());
            let answer = rfc5780(&sent, mapped).filter(|_| sent.to == server);
            answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        assert_eq!(knocks, 8);
    }
}

//! Which servers answer at one time and not at another?
//!
//! A server that has answered lives, and one request of several copies may be lost by chance. Where a server fell silent
//! that answered before or after, or a fifth of what was sent is lost, something takes packets that are many: a limit, or a
//! line that loses them. What is asked with large packets, or of a NAT that may lose its mapping, is no such sign.

use crate::model::{Asked, EchoFact, Fact, Question, StunFact, Tally, Transport, TurnFact};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// So many copies at least have to be counted for their share of losses to be one.
const ENOUGH: u32 = 10;

/// The servers that were answered over UDP, those that were silent once, and what became of single copies.
#[derive(Debug, Default)]
pub(crate) struct PartlySilent {
    answered: BTreeSet<SocketAddr>,
    silent: BTreeSet<SocketAddr>,
    copies: Tally,
}

impl PartlySilent {
    /// Reads a fact.
    pub(crate) fn learn(&mut self, question: Question, fact: &Fact) {
        match fact {
            Fact::Stun(StunFact::Mapped { transport: Transport::Udp, server, sent, .. }) => {
                self.answered.insert(*server);
                if is_of_small_requests(question) {
                    self.copies = self.copies.and(Tally { sent: *sent, answered: 1 });
                }
            }
            Fact::Stun(StunFact::Tallied { asked: Asked::Plain, tally, .. }) if is_of_small_requests(question) => {
                self.copies = self.copies.and(*tally);
            }
            Fact::Turn(TurnFact::Challenged { transport: Transport::Udp, server, .. }) => {
                self.answered.insert(*server);
            }
            Fact::Stun(StunFact::Silent { transport: Transport::Udp, asked: Asked::Plain, server, .. })
                if is_of_small_requests(question) =>
            {
                self.silent.insert(*server);
            }
            Fact::Echo(EchoFact::Echoed { server, sent, came_back: true, .. }) => {
                self.answered.insert(*server);
                self.copies = self.copies.and(Tally { sent: *sent, answered: 1 });
            }
            // What is known by sight, or large, may be lost for that.
            Fact::Echo(EchoFact::Echoed { server, sent, class: None, bytes: None, back_bytes: None, .. }) => {
                self.silent.insert(*server);
                self.copies = self.copies.and(Tally { sent: *sent, answered: 0 });
            }
            _ => {}
        }
    }

    /// Whether there is such a server.
    pub(crate) fn exist(&self) -> bool {
        let Tally { sent, answered } = self.copies;
        let is_lossy = sent >= ENOUGH && sent.saturating_sub(answered) * 5 >= sent;
        !self.answered.is_disjoint(&self.silent) || is_lossy
    }
}

fn is_of_small_requests(question: Question) -> bool {
    matches!(question, Question::Binding | Question::Mapping | Question::Filtering | Question::Gather | Question::Relay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Method, Millis};

    fn at(address: &str) -> SocketAddr {
        address.parse().expect(address)
    }

    fn silent(server: &str) -> Fact {
        Fact::Stun(StunFact::Silent {
            method: Method::Binding,
            asked: Asked::Plain,
            transport: Transport::Udp,
            local: at("192.0.2.1:40000"),
            server: at(server),
            sent: 4,
            waited_ms: Millis(300.0),
        })
    }

    fn answered(server: &str) -> Fact {
        let (transport, took_ms) = (Transport::Udp, Millis(20.0));
        Fact::Turn(TurnFact::Challenged { transport, server: at(server), took_ms, software: None })
    }

    #[test]
    fn a_server_that_answers_once_and_then_not_is_partly_silent_in_either_order() {
        for order in [[0, 1], [1, 0]] {
            let facts = [answered("198.51.100.1:3478"), silent("198.51.100.1:3478")];
            let mut servers = PartlySilent::default();
            order.into_iter().for_each(|index| servers.learn(Question::Relay, &facts[index]));
            assert!(servers.exist());
        }
    }

    #[test]
    fn a_fifth_of_the_copies_that_is_lost_is_told_and_less_is_not() {
        let lossy = |answered| {
            let mut servers = PartlySilent::default();
            let (local, server) = (at("192.0.2.1:40000"), at("198.51.100.1:3478"));
            let (asked, tally) = (Asked::Plain, Tally { sent: 16, answered });
            let fact = Fact::Stun(StunFact::Tallied { asked, local, server, tally, waited_ms: Millis(300.0) });
            servers.learn(Question::Filtering, &fact);
            servers.exist()
        };
        assert!(lossy(12) && !lossy(14));
    }

    #[test]
    fn a_dead_server_beside_a_living_one_and_large_packets_that_are_lost_are_none() {
        let mut servers = PartlySilent::default();
        servers.learn(Question::Relay, &answered("198.51.100.1:3478"));
        servers.learn(Question::Binding, &silent("198.51.100.2:3478"));
        servers.learn(Question::PathMtu, &silent("198.51.100.1:3478"));
        assert!(!servers.exist());
    }
}

//! Does one socket keep one public address towards every destination? (RFC 5780 §4.3, RFC 4787 §4.1)
//!
//! One socket asks several endpoints: a server, its alternate address and ports where it has them, and other servers.
//! The answers are also the proof that the alternate address is alive, which the filtering probe's silence needs.
//! When all are in, the same socket, whose filter the alternate address has passed by now, asks for an answer from
//! there: the proof that the server honours CHANGE-REQUEST. Where the mapping was seen to vary there is no such proof to
//! be had, since that answer comes to a mapping through which only the server has been spoken to.

use super::client::{BindingClient, Response};
use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Code, Origin, Question, Teller, may_be_sent_to};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// What to ask.
#[derive(Clone, Debug)]
pub struct MappingConfig {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// Its OTHER-ADDRESS, where it gave one that makes sense.
    pub other: Option<SocketAddr>,
    /// Other servers that have answered, of the same family.
    pub also: Vec<SocketAddr>,
    /// The round trip to `server`.
    pub rtt: Duration,
}

impl MappingConfig {
    /// The endpoints to ask, each once. With OTHER-ADDRESS: RFC 5780's tests I (the server), II (the other address,
    /// same port), III (both other), and the same address with the other port, which tells address-dependent from
    /// address-and-port-dependent even where the other address is dead, or one that cannot be sent to.
    fn endpoints(&self) -> Vec<SocketAddr> {
        let mut endpoints = vec![self.server];
        if let Some(other) = self.sendable() {
            endpoints.extend([SocketAddr::new(other.ip(), self.server.port()), other]);
        }
        let ports = self.other.map(|other| other.port()).filter(|port| *port != 0);
        endpoints.extend(ports.map(|port| SocketAddr::new(self.server.ip(), port)));
        endpoints.extend(&self.also);
        let mut seen = Vec::new();
        endpoints.retain(|endpoint| {
            !seen.contains(endpoint) && {
                seen.push(*endpoint);
                true
            }
        });
        endpoints
    }

    /// OTHER-ADDRESS, unless it is one behind a NAT64 (an IPv4 address to an IPv6 socket), or of a private network that
    /// need not be the server's.
    fn sendable(&self) -> Option<SocketAddr> {
        self.other.filter(|other| {
            let fault = other_address_fault(self.server, *other);
            !matches!(fault, Some(Code::OtherAddressWrongFamily | Code::OtherAddressNotPublic))
        })
    }
}

/// Why an OTHER-ADDRESS cannot serve for behaviour discovery (RFC 5780 §6 asks for another address *and* another
/// port); None where it can.
pub(crate) fn other_address_fault(server: SocketAddr, other: SocketAddr) -> Option<Code> {
    if server.is_ipv4() != other.is_ipv4() {
        Some(Code::OtherAddressWrongFamily)
    } else if !may_be_sent_to(other, Teller::Server(server.ip())) {
        Some(Code::OtherAddressNotPublic)
    } else if server.ip() == other.ip() || server.port() == other.port() {
        Some(Code::OtherAddressIsOwn)
    } else {
        None
    }
}

/// Asks several endpoints from one socket where they see it.
pub struct MappingProbe {
    mapping: MappingConfig,
    client: BindingClient,
    socket: Option<SocketId>,
    /// The mapped address in the first answer, and whether another answer had another one.
    mapped: Option<SocketAddr>,
    varies: bool,
    control_asked: bool,
    stopped: bool,
}

impl MappingProbe {
    /// A probe of this server. It begins with its first input, which must be the interfaces.
    pub fn new(mapping: MappingConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Mapping, uri: None }, rng);
        Self { mapping, client, socket: None, mapped: None, varies: false, control_asked: false, stopped: false }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        match response {
            Response::Opened { socket } => {
                self.socket = Some(socket);
                for endpoint in self.mapping.endpoints() {
                    self.client.ask(now, socket, endpoint, Asked::Plain, Schedule::known(self.mapping.rtt));
                }
            }
            Response::NotOpened { .. } => self.stopped = true,
            Response::Answer(answer) => self.varies |= *self.mapped.get_or_insert(answer.mapped) != answer.mapped,
            Response::Failed { .. } => {}
        }
    }

    /// Asks for the control, once every endpoint has answered or been given up.
    fn ask_control(&mut self, now: Instant, socket: SocketId) {
        self.control_asked = true;
        if !self.varies && self.mapping.sendable().is_some_and(|other| other.ip() != self.mapping.server.ip()) {
            let schedule = Schedule { sends: 5, ..Schedule::known(self.mapping.rtt) };
            self.client.ask(now, socket, self.mapping.server, Asked::ChangeAddressAndPort, schedule);
        }
    }
}

impl Machine for MappingProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => {
                self.client.open(self.mapping.server);
            }
            Input::Stop => self.stopped = true,
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
            }
        }
        if let Some(socket) = self.socket.filter(|_| self.client.is_idle() && !self.control_asked) {
            self.ask_control(now, socket);
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || self.control_asked && self.client.is_idle();
        self.client.poll(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, NO_BUSINESS_OF_A_SERVER, StunFact};
    use crate::probe::testing::{Bench, OTHER, PRIMARY, SentDatagram, rfc5780};
    use std::collections::BTreeSet;

    const RTT: Duration = Duration::from_millis(40);

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn probe(other: Option<&str>, also: &[&str]) -> MappingProbe {
        let also = also.iter().map(|also| address(also)).collect();
        let mapping = MappingConfig { server: address(PRIMARY), other: other.map(address), also, rtt: RTT };
        MappingProbe::new(mapping, Rng::numbered(1))
    }

    /// (asked of, seen as) of every answer to a plain request.
    fn mapped(facts: &[(Instant, Fact)]) -> BTreeSet<(SocketAddr, SocketAddr)> {
        let seen = facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Stun(StunFact::Mapped { server, mapped, .. }) => Some((*server, *mapped)),
            _ => None,
        });
        seen.collect()
    }

    #[test]
    fn one_socket_asks_both_addresses_and_both_ports_in_one_round_trip() {
        let mut probe = probe(Some(OTHER), &[]);
        let mut bench = Bench::new(&mut probe);
        let end = bench.run(|_, sent: SentDatagram<'_>| {
            rfc5780(&sent, sent.from).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        assert_eq!(end.since_start(), RTT * 2);
        let asked: BTreeSet<_> = mapped(&bench.facts).into_iter().map(|(server, _)| server).collect();
        let all = [PRIMARY, OTHER, "203.0.113.10:3479", "203.0.113.11:3478"].map(address);
        assert_eq!(asked, BTreeSet::from(all));
    }

    #[test]
    fn once_the_alternate_address_has_been_spoken_to_it_is_asked_to_answer_as_a_control() {
        let mut probe = probe(Some(OTHER), &[]);
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, sent: SentDatagram<'_>| {
            rfc5780(&sent, sent.from).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let control = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Answered { asked: Asked::ChangeAddressAndPort, from, .. }) if *from == address(OTHER));
        assert!(bench.facts.iter().any(|(_, fact)| control(fact)));
    }

    #[test]
    fn where_the_mapping_varies_no_control_is_waited_for() {
        let mut probe = probe(Some(OTHER), &[]);
        let mut bench = Bench::new(&mut probe);
        let end = bench.run(|_, sent: SentDatagram<'_>| {
            let mapped = SocketAddr::new(sent.from.ip(), sent.to.port());
            rfc5780(&sent, mapped).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        assert_eq!(end.since_start(), RTT);
        assert_eq!(bench.sent.len(), 4, "two addresses, two ports");
    }

    #[test]
    fn without_a_second_address_other_servers_are_asked_and_no_control_is() {
        let mut probe = probe(None, &["198.51.100.1:3478", PRIMARY]);
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, sent: SentDatagram<'_>| {
            rfc5780(&sent, sent.from).map(|(_, answer)| (RTT, sent.to, answer)).into_iter().collect()
        });
        assert_eq!(mapped(&bench.facts).len(), 2);
        assert_eq!(bench.sent.len(), 2);
    }

    #[test]
    fn a_dead_alternate_address_is_reported_silent_and_the_rest_stands() {
        let mut probe = probe(Some(OTHER), &[]);
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, sent: SentDatagram<'_>| {
            let alive = sent.to.ip() == address(PRIMARY).ip();
            let answer = rfc5780(&sent, sent.from).filter(|(from, _)| alive && *from == sent.to);
            answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let silent = bench
            .facts
            .iter()
            .filter(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Silent { asked: Asked::Plain, .. })));
        assert_eq!((mapped(&bench.facts).len(), silent.count()), (2, 2));
    }

    #[test]
    fn to_an_other_address_of_another_family_or_a_private_network_nothing_is_sent() {
        for other in ["[2001:db8::1]:3479", "10.0.0.1:3479"] {
            let mut probe = probe(Some(other), &[]);
            let mut bench = Bench::new(&mut probe);
            bench.run(|_, sent: SentDatagram<'_>| {
                rfc5780(&sent, sent.from).map(|(_, answer)| (RTT, sent.to, answer)).into_iter().collect()
            });
            let asked: Vec<SocketAddr> = bench.sent.iter().map(|(_, to, _)| *to).collect();
            assert_eq!(asked, [PRIMARY, "203.0.113.10:3479"].map(address), "{other}");
        }
    }

    #[test]
    fn an_other_address_is_asked_at_none_that_is_no_business_of_a_server() {
        for named in NO_BUSINESS_OF_A_SERVER {
            for server in [address(PRIMARY), address("[2001:db8::1]:3478")] {
                let fault = other_address_fault(server, address(named));
                assert!(
                    matches!(fault, Some(Code::OtherAddressNotPublic | Code::OtherAddressWrongFamily)),
                    "{named}: {fault:?}"
                );
            }
        }
    }

    #[test]
    fn an_other_address_that_cannot_serve_is_told_why() {
        let fault = |other| other_address_fault(address(PRIMARY), address(other));
        assert_eq!(fault(OTHER), None);
        assert_eq!(fault("203.0.113.10:3479"), Some(Code::OtherAddressIsOwn));
        assert_eq!(fault("10.0.0.1:3479"), Some(Code::OtherAddressNotPublic));
        assert_eq!(fault("0.0.0.0:3479"), Some(Code::OtherAddressNotPublic));
        assert_eq!(fault("[2001:db8::1]:3479"), Some(Code::OtherAddressWrongFamily));
        assert_eq!(other_address_fault(address("127.0.0.1:3478"), address("127.0.0.2:3479")), None);
    }
}

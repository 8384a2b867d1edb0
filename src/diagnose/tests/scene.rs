//! The words in which the tests tell records: a story is a record in the making, a gate is the NAT it is about.

use crate::diagnose::diagnose;
use crate::model::*;
use crate::model::{HostFact, Millis, ServerUri, StreamFact, StunFact};
use std::net::SocketAddr;

pub(crate) const HOME: &str = "stun:192.0.2.1";
pub(crate) const SECOND: &str = "stun:198.51.100.9";
pub(crate) const TURN: &str = "turn:192.0.2.1?transport=udp";

pub(crate) fn addr(address: &str) -> SocketAddr {
    address.parse().expect(address)
}

pub(crate) fn text(text: &str) -> Text {
    Text::new(text)
}

pub(crate) struct Scene {
    pub record: Record,
    at_ms: Millis,
}

impl Scene {
    pub(crate) fn asking(uris: &[&str]) -> Self {
        let targets = uris.iter().map(|uri| uri.parse().expect(uri)).collect();
        Self { record: Record::new(targets), at_ms: Millis(0.0) }
    }

    /// The same, on a machine with one interface.
    pub(crate) fn at_home(uris: &[&str]) -> Self {
        let mut scene = Self::asking(uris);
        scene.interface("eth0", InterfaceKind::Ethernet, &["192.168.1.2"]);
        scene
    }

    pub(crate) fn interface(&mut self, name: &str, kind: InterfaceKind, addresses: &[&str]) -> ObservationId {
        let addresses = addresses.iter().map(|address| InterfaceAddress {
            address: address.parse().expect(address),
            prefix_len: 24,
            temporary: false,
            deprecated: false,
        });
        let interface = Interface {
            name: name.to_owned(),
            index: 2,
            interface_kind: kind,
            up: true,
            mtu_bytes: Some(1500),
            addresses: addresses.collect(),
            gateways: Vec::new(),
            name_servers: Vec::new(),
        };
        self.say(Question::Host, None, Fact::Host(HostFact::Interface(interface)))
    }

    /// One millisecond a fact.
    pub(crate) fn say(&mut self, question: Question, uri: Option<&str>, fact: Fact) -> ObservationId {
        self.at_ms.0 += 1.0;
        let uri = uri.map(|uri| ServerUri::from(&uri.parse::<Target>().expect(uri)));
        self.record.push(self.at_ms, Origin { question, uri }, fact)
    }

    pub(crate) fn judged(&self) -> Diagnosis {
        diagnose(&self.record)
    }

    pub(crate) fn mapped(
        &mut self,
        question: Question,
        uri: &str,
        local: &str,
        server: &str,
        mapped: &str,
    ) -> ObservationId {
        self.say(question, Some(uri), mapped_fact(addr(local), addr(server), addr(mapped)))
    }

    /// The name leads to this one address.
    pub(crate) fn resolved(&mut self, uri: &str, name: &str, address: &str) -> ObservationId {
        let address: std::net::IpAddr = address.parse().expect(address);
        let (record, records) = (DnsKind::A, vec![DnsRecord::Address(address)]);
        let fact = Fact::Dns(DnsFact::Resolved { name: name.to_owned(), record, records, took_ms: Millis(9.0) });
        let id = self.say(Question::Resolve, Some(uri), fact);
        let server = SocketAddr::new(address, 3478);
        self.say(Question::Resolve, Some(uri), Fact::Dns(DnsFact::Located { server }));
        id
    }

    pub(crate) fn silent(&mut self, uri: &str, server: &str) -> ObservationId {
        let method = if uri.starts_with("turn") { Method::Allocate } else { Method::Binding };
        let question = if uri.starts_with("turn") { Question::Relay } else { Question::Binding };
        let fact = Fact::Stun(StunFact::Silent {
            method,
            asked: Asked::Plain,
            transport: uri.parse::<Target>().expect(uri).transport,
            local: addr(if server.starts_with('[') { "[2001:db8:1::2]:40000" } else { "192.168.1.2:40000" }),
            server: addr(server),
            sent: 5,
            waited_ms: Millis(3000.0),
        });
        self.say(question, Some(uri), fact)
    }

    /// A TCP connection to the port of a UDP server, as a control.
    pub(crate) fn control(&mut self, uri: &str, server: &str, failure: Option<Failure>) -> ObservationId {
        let remote = addr(server);
        let fact = match failure {
            None => {
                Fact::Stream(StreamFact::Connected { remote, local: addr("192.168.1.2:50000"), took_ms: Millis(9.0) })
            }
            Some(failure) => Fact::Stream(StreamFact::NotConnected {
                transport: Transport::Tcp,
                remote,
                failure,
                tls: None,
                took_ms: Millis(9.0),
            }),
        };
        self.say(Question::Binding, Some(uri), fact)
    }
}

pub(crate) fn mapped_fact(local: SocketAddr, server: SocketAddr, mapped: SocketAddr) -> Fact {
    Fact::Stun(StunFact::Mapped {
        transport: Transport::Udp,
        local,
        server,
        mapped,
        rewritten: None,
        other: None,
        software: None,
        rtt_ms: Some(Millis(20.0)),
        sent: 1,
    })
}

/// A NAT or a firewall, and how much is lost on the way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub mapping: Behaviour,
    pub filtering: Behaviour,
    pub translates: bool,
    pub family: Family,
    /// Of ten plain requests, how many are answered.
    pub answered_of_ten: u32,
}

impl Gate {
    pub(crate) fn nat(mapping: Behaviour, filtering: Behaviour) -> Self {
        Self { mapping, filtering, translates: true, family: Family::Ipv4, answered_of_ten: 10 }
    }

    pub(crate) fn firewall(filtering: Behaviour) -> Self {
        Self { translates: false, ..Self::nat(Behaviour::EndpointIndependent, filtering) }
    }

    pub(crate) fn ipv6(self) -> Self {
        Self { family: Family::Ipv6, ..self }
    }

    pub(crate) fn lossy(self, answered_of_ten: u32) -> Self {
        Self { answered_of_ten, ..self }
    }

    /// The server's own endpoint, then its other address with its other port.
    pub(crate) fn server(self) -> (SocketAddr, SocketAddr) {
        match self.family {
            Family::Ipv4 => (addr("192.0.2.1:3478"), addr("192.0.2.2:3479")),
            Family::Ipv6 => (addr("[2001:db8::1]:3478"), addr("[2001:db8::2]:3479")),
        }
    }

    pub(crate) fn uri(self) -> &'static str {
        match self.family {
            Family::Ipv4 => HOME,
            Family::Ipv6 => "stun:[2001:db8::1]",
        }
    }

    fn local(self, socket: u16) -> SocketAddr {
        match self.family {
            Family::Ipv4 => SocketAddr::new("192.168.1.2".parse().expect("address"), 40_000 + socket),
            Family::Ipv6 => SocketAddr::new("2001:db8:1::2".parse().expect("address"), 40_000 + socket),
        }
    }

    fn mapped(self, local: SocketAddr, server: SocketAddr) -> SocketAddr {
        if !self.translates {
            return local;
        }
        let public = match self.family {
            Family::Ipv4 => "203.0.113.7",
            Family::Ipv6 => "2001:db8:9::7",
        };
        let host = if server.ip() == self.server().1.ip() { 7 } else { 0 };
        let spread = match self.mapping {
            Behaviour::EndpointIndependent => 0,
            Behaviour::AddressDependent => 1000 + host,
            Behaviour::AddressAndPortDependent => 1000 + host + 31 * (server.port() - 3000),
        };
        SocketAddr::new(public.parse().expect("address"), local.port() - 20_000 + 13 * (local.port() % 7) + spread)
    }

    fn lets_in(self, asked: Asked) -> bool {
        match asked {
            Asked::Plain | Asked::Rfc3489 => true,
            Asked::ChangePort => self.filtering != Behaviour::AddressAndPortDependent,
            Asked::ChangeAddressAndPort => self.filtering == Behaviour::EndpointIndependent,
        }
    }

    /// All that the probes tell of this gate with one RFC 5780 server.
    pub(crate) fn tell(self, scene: &mut Scene) {
        self.tell_mapping(scene);
        self.tell_filtering(scene);
    }

    pub(crate) fn tell_mapping(self, scene: &mut Scene) {
        let (server, other) = self.server();
        let with_other = |fact| match fact {
            Fact::Stun(StunFact::Mapped {
                transport,
                local,
                server,
                mapped,
                rewritten,
                software,
                rtt_ms,
                sent,
                ..
            }) => Fact::Stun(StunFact::Mapped {
                transport,
                local,
                server,
                mapped,
                rewritten,
                other: Some(other),
                software,
                rtt_ms,
                sent,
            }),
            fact => fact,
        };
        let fresh = self.local(0);
        let binding = with_other(mapped_fact(fresh, server, self.mapped(fresh, server)));
        scene.say(Question::Binding, Some(self.uri()), binding);
        for socket in [1, 2] {
            let local = self.local(socket);
            let ports = [server, other].map(|end| end.port());
            for address in [server.ip(), other.ip()] {
                for port in ports {
                    let end = SocketAddr::new(address, port);
                    let fact = with_other(mapped_fact(local, end, self.mapped(local, end)));
                    scene.say(Question::Mapping, Some(self.uri()), fact);
                }
            }
        }
    }

    pub(crate) fn tell_filtering(self, scene: &mut Scene) {
        let (server, other) = self.server();
        for socket in [10, 11] {
            let local = self.local(socket);
            for asked in [Asked::Plain, Asked::ChangePort, Asked::ChangeAddressAndPort] {
                let heard = if self.lets_in(asked) { self.answered_of_ten } else { 0 };
                if heard > 0 && asked != Asked::Plain {
                    let from = match asked {
                        Asked::ChangePort => SocketAddr::new(server.ip(), other.port()),
                        _ => other,
                    };
                    let fact = Fact::Stun(StunFact::Answered {
                        asked,
                        local,
                        server,
                        from,
                        sent: 1,
                        rtt_ms: Some(Millis(20.0)),
                    });
                    scene.say(Question::Filtering, Some(self.uri()), fact);
                }
                let tally = Tally { sent: 10, answered: heard };
                let fact = Fact::Stun(StunFact::Tallied { asked, local, server, tally, waited_ms: Millis(400.0) });
                scene.say(Question::Filtering, Some(self.uri()), fact);
            }
        }
    }
}

/// The network of a typical home, fully told.
/// At home, with these servers to be asked.
pub(crate) fn at_home(uris: &[&str]) -> Scene {
    Scene::at_home(uris)
}

pub(crate) fn home() -> Scene {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent).tell(&mut scene);
    scene
}

/// The network of a strict office, fully told.
pub(crate) fn office(uris: &[&str]) -> Scene {
    let mut scene = Scene::at_home(uris);
    Gate::nat(Behaviour::AddressAndPortDependent, Behaviour::AddressAndPortDependent).tell(&mut scene);
    scene
}

pub(crate) fn ipv4(diagnosis: &Diagnosis) -> &Nat {
    diagnosis.nat.ipv4.as_ref().expect("IPv4 is there")
}

pub(crate) fn finding(diagnosis: &Diagnosis, code: Code) -> Option<&Finding> {
    diagnosis.findings.iter().find(|finding| finding.code == code)
}

/// What a finding is folded under; None where it stands by itself.
pub(crate) fn root(diagnosis: &Diagnosis, code: Code) -> Option<Code> {
    let folded = finding(diagnosis, code).unwrap_or_else(|| panic!("{code:?} of {:?}", diagnosis.findings));
    let place = usize::try_from(folded.cause?).expect("a place");
    Some(diagnosis.findings[place].code)
}

/// All codes of findings of at least this severity.
pub(crate) fn codes(diagnosis: &Diagnosis, severity: Severity) -> Vec<Code> {
    diagnosis.findings.iter().filter(|finding| finding.severity >= severity).map(|finding| finding.code).collect()
}

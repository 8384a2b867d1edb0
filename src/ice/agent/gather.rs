//! Candidates of ours: host, server-reflexive and relayed (RFC 8445 §5.1.1).

use super::base::{Base, IceServer, Relay, Way};
use super::{Agent, Event, Policy};
use crate::ice::candidate::offered;
use crate::ice::checklist::Local;
use crate::machine::{Bind, Instant, Open, Output, SocketId};
use crate::model::{
    Candidate, CandidateType, Fact, Failure, Interface, Method, PairFailure, Protocol, Question, RelayState, Tally,
    TcpType, Text, Transport,
};
use crate::transaction::{Due, Schedule, Transaction};
use crate::turn;
use crate::wire::{Builder, Class, Message, StunMethod, TransactionId};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Addresses of this machine taken as bases: beyond five networks browsers stop; beyond this number checks would take
/// minutes.
const MOST_BASES: usize = 64;

/// Servers asked from one base: one is enough, a second is there in case the first is dead.
const SERVERS_A_BASE: usize = 2;

/// Allocations made side by side: an application's four URIs, IPv4 and IPv6 of each.
const MOST_RELAYS: usize = 8;

/// Questions put to a server beside the checks, so that a silent pair has a control of as many copies ([`crate::model::Tally`]).
const CONTROL: Schedule = Schedule {
    rto: Duration::from_millis(150),
    longest: Duration::from_millis(150),
    sends: 1,
    last_wait: Duration::from_millis(1000),
};
const CONTROLS: u32 = 8;
const CONTROL_SPACING: Duration = Duration::from_millis(250);

/// What a server is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Where it sees this base.
    Reflexive,
    /// Whether anything gets through, while pairs are silent; how many are to follow.
    Control { left: u32 },
}

/// A Binding request to a server.
pub(super) struct Ask {
    pub base: usize,
    pub server: SocketAddr,
    uri: String,
    why: Why,
    pub transaction: Transaction,
    not_before: Instant,
}

impl Ask {
    pub fn due(&self) -> Instant {
        self.transaction.next().max(self.not_before)
    }
}

/// What is left of this machine without the interface of an address, where something that leads out is left in its family.
fn elsewhere(interfaces: &[Interface], used: IpAddr) -> Option<Vec<Interface>> {
    let has = |interface: &Interface| interface.addresses.iter().any(|address| address.address == used);
    let others: Vec<Interface> = interfaces.iter().filter(|interface| !has(interface)).cloned().collect();
    let routed = others.iter().filter(|interface| interface.gateways.iter().any(|to| to.is_ipv4() == used.is_ipv4()));
    let routed: Vec<Interface> = routed.cloned().collect();
    offered(&routed, false).iter().any(|address| address.is_ipv4() == used.is_ipv4()).then_some(others)
}

impl Agent {
    pub(super) fn begin(&mut self, interfaces: Vec<Interface>) {
        let mut addresses = offered(&interfaces, self.config.loopback);
        self.interfaces = Some(interfaces);
        let ignored = addresses.len().saturating_sub(MOST_BASES);
        if ignored > 0 {
            let ignored = u32::try_from(ignored).unwrap_or(u32::MAX);
            self.tell(Fact::Limited { what: Text::new("addresses of this machine"), ignored });
            addresses.truncate(MOST_BASES);
        }
        if self.config.policy == Policy::RelayOnly {
            return;
        }
        for address in addresses {
            self.open_base(address);
        }
    }

    fn open_base(&mut self, address: IpAddr) {
        let any_port = SocketAddr::new(address, 0);
        let socket = self.socket();
        self.bases.push(Base::new(Way::Udp { socket, local: any_port }));
        let open = Open::Udp { bind: Bind::At(any_port), dont_fragment: false };
        self.out.push_back(Output::Open { socket, open });
        self.offer_active_tcp(address);
        if self.config.passive_tcp {
            let listener = self.socket();
            self.bases.push(Base::new(Way::Passive { listener, local: any_port }));
            self.out.push_back(Output::Open { socket: listener, open: Open::Listen { at: any_port, secure: false } });
        }
    }

    /// An active TCP candidate needs no socket before it is used (RFC 6544 §5.1): its port says nothing.
    fn offer_active_tcp(&mut self, address: IpAddr) {
        if let Some(candidate) = self.candidates.tcp(SocketAddr::new(address, 9), TcpType::Active) {
            self.bases.push(Base::new(Way::Active));
            self.found(self.bases.len() - 1, candidate);
        }
    }

    /// The addresses of this machine have changed: a restart where one came or went (RFC 8445 §9).
    pub(super) fn change(&mut self, interfaces: Vec<Interface>) {
        let before = offered(self.interfaces.as_deref().unwrap_or_default(), self.config.loopback);
        let after = offered(&interfaces, self.config.loopback);
        self.interfaces = Some(interfaces);
        if before != after && self.leaving.is_none() {
            self.restart(self.now);
        }
    }

    /// Leaves the address that data goes from for those of other interfaces that lead out, or, where there are none, for
    /// other ports: what a machine does that changes from Wi-Fi to mobile data.
    pub fn roam(&mut self, now: Instant) {
        let pair = self.selected.and_then(|at| self.checklist.pairs.get(at));
        let base = pair.and_then(|pair| self.bases.get(pair.local.base)).and_then(|base| base.candidate.as_ref());
        if let (Some(used), Some(interfaces)) = (base.filter(|base| base.kind == CandidateType::Host), &self.interfaces)
            && let Some(others) = elsewhere(interfaces, used.address)
        {
            self.interfaces = Some(others);
        }
        if self.leaving.is_none() {
            self.restart(now);
        }
    }

    /// A server that may be asked, as its address becomes known.
    pub fn add_server(&mut self, now: Instant, server: IceServer) {
        self.now = now;
        let is_same = |known: &&IceServer| (known.server, known.transport) == (server.server, server.transport);
        let mut known = self.servers.iter().filter(is_same).peekable();
        let is_reflecting = known.peek().is_some();
        // One that is named as a STUN server and as a TURN server is both.
        let is_new = !is_reflecting || server.relays.is_some() && known.all(|known| known.relays.is_none());
        if self.config.policy == Policy::HostOnly || self.leaving.is_some() || !is_new {
            return;
        }
        self.servers.push(server.clone());
        if server.transport == Transport::Udp && !is_reflecting {
            for base in 0..self.bases.len() {
                self.ask_for_reflexive(base, &server);
            }
        }
        let relays = self.bases.iter().filter(|base| matches!(base.way, Way::Relay(_))).count();
        let socket = self.socket();
        let rng = self.rng.fork();
        let Some(relay) = Relay::new(server, socket, rng) else { return };
        if relays >= MOST_RELAYS {
            return self.tell(Fact::Limited { what: Text::new("TURN servers"), ignored: 1 });
        }
        self.out.push_back(relay.open());
        self.bases.push(Base::new(Way::Relay(Box::new(relay))));
    }

    /// No more servers will be added.
    pub fn no_more_servers(&mut self) {
        self.servers_known = true;
    }

    fn ask_for_reflexive(&mut self, base: usize, server: &IceServer) {
        let Some(Base { way: Way::Udp { local, .. }, candidate: Some(_), .. }) = self.bases.get(base) else { return };
        let asked = self.asks.iter().filter(|ask| ask.base == base && ask.why == Why::Reflexive).count();
        if local.is_ipv4() != server.server.is_ipv4() || asked >= SERVERS_A_BASE {
            return;
        }
        self.ask(base, server.server, server.uri.clone(), Why::Reflexive, self.now);
    }

    fn ask(&mut self, base: usize, server: SocketAddr, uri: String, why: Why, not_before: Instant) {
        let id = TransactionId(self.rng.bytes());
        let schedule = match why {
            Why::Reflexive => Schedule { sends: 5, ..Schedule::FIRST_CONTACT },
            Why::Control { .. } => CONTROL,
        };
        let bytes = Builder::request(StunMethod::Binding, id).finish();
        self.asks.push(Ask { base, server, uri, why, transaction: Transaction::new(id, bytes, schedule), not_before });
    }

    /// Sends the question that is due, if there is one: for a candidate, or (`controls`) beside the checks. Gives up those
    /// that were silent.
    pub(super) fn send_ask(&mut self, controls: bool) -> bool {
        let now = self.now;
        let mut silent = Vec::new();
        let mut sent = None;
        let wanted = |ask: &Ask| ask.not_before <= now && (ask.why != Why::Reflexive) == controls;
        for (at, ask) in self.asks.iter_mut().enumerate().filter(|(_, ask)| wanted(ask)) {
            match ask.transaction.due(now) {
                Due::Send => {
                    sent = Some((ask.base, ask.server, ask.transaction.bytes().to_vec()));
                    break;
                }
                Due::Silent => silent.push(at),
                Due::Wait(_) => {}
            }
        }
        for at in silent.into_iter().rev() {
            let ask = self.asks.swap_remove(at);
            self.follow_up(&ask);
        }
        let Some((base, to, data)) = sent else { return false };
        if let Some(base) = self.bases.get_mut(base) {
            base.control.sent += 1;
        }
        self.transmit(base, to, &data);
        true
    }

    /// While checks go on, a server that answers is asked beside them.
    pub(super) fn begin_control(&mut self, base: usize) {
        let server = self.bases.get(base).and_then(|base| base.server.clone());
        if let Some((server, uri)) = server.filter(|_| self.described_at.is_some()) {
            // Not before the first checks, which are what a call waits for.
            let at = self.now + CONTROL_SPACING;
            self.ask(base, server, uri, Why::Control { left: CONTROLS - 1 }, at);
        }
    }

    /// Controls follow each other, answered or not.
    fn follow_up(&mut self, ask: &Ask) {
        let left = match ask.why {
            Why::Control { left } => left,
            Why::Reflexive => return,
        };
        if left > 0 {
            let at = self.now + CONTROL_SPACING;
            self.ask(ask.base, ask.server, ask.uri.clone(), Why::Control { left: left - 1 }, at);
        }
    }

    /// An answer of a server's; false where it is to none of our questions.
    pub(super) fn answered(&mut self, base: usize, from: SocketAddr, answer: &Message) -> bool {
        let ours = |ask: &Ask| ask.transaction.id() == answer.id && ask.base == base && ask.server == from;
        let Some(at) = self.asks.iter().position(ours) else { return self.control_answered(answer.id) };
        let ask = self.asks.swap_remove(at);
        if let Some(base) = self.bases.get_mut(base) {
            base.control.heard += 1;
        }
        let mapped = answer.xor_mapped().or(answer.mapped()).filter(|_| answer.class == Class::Success);
        if ask.why == Why::Reflexive {
            if let (Some(mapped), Some(local)) = (mapped, self.local_of(base)) {
                let at = self.bases.get_mut(base).filter(|base| base.server.is_none());
                if let Some(at) = at {
                    at.server = Some((ask.server, ask.uri.clone()));
                    at.mapped = Some(mapped);
                    self.begin_control(base);
                }
                if let Some(candidate) = self.candidates.reflexive(local, mapped, from, Some(ask.uri.clone())) {
                    self.offer(candidate);
                }
            }
        } else {
            if let Some(mapped) = mapped {
                self.keep_mapping(base, ask.server, mapped);
            }
            self.follow_up(&ask);
        }
        true
    }

    /// The address of a host candidate's socket.
    pub(super) fn local_of(&self, base: usize) -> Option<SocketAddr> {
        match self.bases.get(base)?.way {
            Way::Udp { local, .. } | Way::Passive { local, .. } => Some(local),
            Way::Active | Way::Relay(_) => None,
        }
    }

    pub(super) fn opened(&mut self, socket: SocketId, local: SocketAddr) {
        let now = self.now;
        for at in 0..self.bases.len() {
            let Some(base) = self.bases.get_mut(at) else { return };
            match &mut base.way {
                Way::Udp { socket: own, local: at_port } if *own == socket => {
                    *at_port = local;
                    if let Some(candidate) = self.candidates.host(local) {
                        self.found(at, candidate);
                        for server in self.servers.clone() {
                            if server.transport == Transport::Udp {
                                self.ask_for_reflexive(at, &server);
                            }
                        }
                    }
                    return;
                }
                Way::Passive { listener, local: at_port } if *listener == socket => {
                    *at_port = local;
                    if let Some(candidate) = self.candidates.tcp(local, TcpType::Passive) {
                        self.found(at, candidate);
                    }
                    return;
                }
                Way::Relay(relay) if relay.socket == socket => {
                    relay.is_open = true;
                    relay.allocation.start(now);
                    return self.drain_relay(at);
                }
                _ => {}
            }
        }
        self.stream_opened(socket);
    }

    pub(super) fn failed(&mut self, socket: SocketId, failure: &Failure) {
        for at in 0..self.bases.len() {
            let Some(base) = self.bases.get_mut(at) else { return };
            match &mut base.way {
                Way::Udp { socket: own, .. } | Way::Passive { listener: own, .. } if *own == socket => {
                    base.gone = true;
                    return self.fail_pairs(at, |_| PairFailure::Unreachable { failure: failure.clone() });
                }
                Way::Relay(relay) if relay.socket == socket => {
                    self.found_of_relay(at, RelayState::Closed, Tally::default());
                    return self.lose_relay(at);
                }
                _ => {}
            }
        }
        self.stream_failed(socket, failure);
    }

    pub(super) fn ended(&mut self, socket: SocketId) {
        let relay = |base: &Base| matches!(&base.way, Way::Relay(relay) if relay.socket == socket);
        match self.bases.iter().position(relay) {
            Some(at) => {
                self.found_of_relay(at, RelayState::Closed, Tally::default());
                self.lose_relay(at);
            }
            None => self.stream_failed(socket, &Failure::Reset),
        }
    }

    fn lose_relay(&mut self, at: usize) {
        if let Some(Base { way: Way::Relay(relay), gone, .. }) = self.bases.get_mut(at) {
            (relay.is_open, relay.is_pending, *gone) = (false, false, true);
        }
        self.fail_pairs(at, |_| PairFailure::RelayLost);
    }

    /// A host or relayed candidate, which is a base: it is offered, and paired with all that is known of the peer's.
    fn found(&mut self, base: usize, candidate: Candidate) {
        if let Some(base) = self.bases.get_mut(base) {
            base.candidate = Some(candidate.clone());
        }
        self.offer(candidate);
        for remote in 0..self.checklist.remotes.len() {
            self.pair(base, remote);
        }
    }

    fn offer(&mut self, candidate: Candidate) {
        self.observe(Question::Gather, candidate.server.clone(), Fact::Candidate(candidate.clone()));
        self.gathered.push(candidate.clone());
        let is_host = candidate.kind == CandidateType::Host;
        let name = (self.config.mdns && is_host).then(|| self.name_of(candidate.address));
        self.events.push_back(Event::Candidate { candidate, name });
    }

    /// A name of the local link for an address of ours: a random UUID, which says nothing (draft-ietf-mmusic-mdns-ice-candidates
    /// §3.1.1).
    fn name_of(&mut self, address: IpAddr) -> String {
        if let Some((_, name)) = self.names.iter().find(|(known, _)| *known == address) {
            return name.clone();
        }
        let hex: String = self.rng.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = [hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)];
        let name = format!("{}.local", parts.map(Option::unwrap_or_default).join("-"));
        self.names.push((address, name.clone()));
        self.out.push_back(Output::Publish { name: name.clone(), address });
        name
    }

    /// This base as a pair's local half; None before its candidate is there.
    pub(super) fn local(&self, base: usize) -> Option<Local> {
        let at = self.bases.get(base).filter(|base| !base.gone)?;
        let candidate = at.candidate.as_ref()?;
        let is_relayed = candidate.kind == CandidateType::Relay;
        Some(Local { base, priority: candidate.priority, foundation: candidate.foundation.clone(), is_relayed })
    }

    pub(super) fn tell_gathered(&mut self) {
        let is_pending = |base: &Base| match &base.way {
            Way::Udp { local, .. } | Way::Passive { local, .. } => local.port() == 0 && !base.gone,
            Way::Relay(relay) => relay.is_pending,
            Way::Active => false,
        };
        let is_asking = self.asks.iter().any(|ask| ask.why == Why::Reflexive);
        let begun = self.interfaces.is_some() && self.servers_known;
        if begun && !self.gathering_told && !is_asking && !self.bases.iter().any(is_pending) {
            self.gathering_told = true;
            self.events.push_back(Event::Gathered);
        }
    }

    /// What an allocation has to say and to send.
    pub(super) fn drain_relay(&mut self, at: usize) {
        loop {
            let Some(Base { way: Way::Relay(relay), .. }) = self.bases.get_mut(at) else { return };
            let (socket, to, transport) = (relay.socket, relay.server.server, relay.server.transport);
            let uri = relay.server.uri.clone();
            match relay.allocation.poll() {
                None => return,
                Some(turn::Output::Send(data)) => self.out.push_back(Output::Send { socket, to, data }),
                Some(turn::Output::Event(event)) => match event {
                    turn::Event::Allocated { relayed, mapped, .. } => {
                        relay.is_pending = self.leaving.is_some();
                        let candidate = self.candidates.relayed(relayed, mapped, to, transport, Some(uri));
                        if let Some(candidate) = candidate {
                            self.found(at, candidate);
                        }
                    }
                    turn::Event::Permitted { .. } => self.permitted(at),
                    turn::Event::Data { peer, data } => self.arrived(at, peer, &data),
                    turn::Event::Lost { .. } => {
                        self.relay_forgot(at, 437, Text::default());
                        self.lose_relay(at);
                    }
                    turn::Event::Released { .. } => self.lose_relay(at),
                    turn::Event::Failed { method: Method::Allocate, .. } => self.lose_relay(at),
                    turn::Event::Failed { method: Method::Refresh, error, .. } => match error {
                        turn::Error::Refused { code, reason, .. } => self.relay_forgot(at, code, reason),
                        turn::Error::Silent { sent, .. } => {
                            self.found_of_relay(at, RelayState::Silent, Tally { sent, heard: 0 });
                        }
                        turn::Error::NoCredentials | turn::Error::BidDown | turn::Error::Anomalous(_) => {}
                    },
                    turn::Event::Refreshed { .. } => {
                        self.found_of_relay(at, RelayState::Answers, Tally { sent: 1, heard: 1 });
                    }
                    turn::Event::Failed { peer: Some(peer), error, .. } => {
                        let failure = match error {
                            turn::Error::Refused { code, reason, .. } => PairFailure::RelayRefused { code, reason },
                            _ => PairFailure::RelayLost,
                        };
                        self.fail_pairs_with(at, peer, &failure);
                    }
                    turn::Event::Failed { .. }
                    | turn::Event::Challenged { .. }
                    | turn::Event::ChannelBound { .. }
                    | turn::Event::Anomalous(_) => {}
                },
            }
        }
    }

    fn relay_forgot(&mut self, base: usize, code: u16, reason: Text) {
        self.found_of_relay(base, RelayState::Forgotten { code, reason }, Tally { sent: 1, heard: 1 });
    }

    /// Its answer is a control for what goes through it.
    fn permitted(&mut self, base: usize) {
        if let Some(base) = self.bases.get_mut(base) {
            (base.control.sent, base.control.heard) = (base.control.sent + 1, base.control.heard + 1);
        }
    }

    /// Sends from a base to where the peer may be.
    pub(super) fn transmit(&mut self, base: usize, to: SocketAddr, data: &[u8]) {
        match self.bases.get_mut(base).map(|base| &mut base.way) {
            Some(Way::Udp { socket, .. }) => {
                let socket = *socket;
                self.out.push_back(Output::Send { socket, to, data: data.to_vec() });
            }
            Some(Way::Relay(relay)) => {
                relay.allocation.send_to(to, data);
                self.drain_relay(base);
            }
            Some(Way::Active | Way::Passive { .. }) => self.stream_send(base, to, data),
            None => {}
        }
    }

    /// Which protocol a base speaks.
    pub(super) fn protocol(way: &Way) -> Protocol {
        match way {
            Way::Udp { .. } | Way::Relay(_) => Protocol::Udp,
            Way::Active | Way::Passive { .. } => Protocol::Tcp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InterfaceAddress, InterfaceKind};

    fn interface(name: &str, addresses: &[&str], gateways: &[&str]) -> Interface {
        let parse = |text: &&str| text.parse().expect("an address");
        let address = |text: &&str| InterfaceAddress {
            address: parse(text),
            prefix_len: 24,
            temporary: false,
            deprecated: false,
        };
        Interface {
            name: name.to_owned(),
            index: 1,
            interface_kind: InterfaceKind::Ethernet,
            up: true,
            mtu_bytes: None,
            addresses: addresses.iter().map(address).collect(),
            gateways: gateways.iter().map(parse).collect(),
        }
    }

    #[test]
    fn elsewhere_is_where_another_interface_leads_out_in_the_same_family() {
        let names = |interfaces: &[Interface], used: &str| {
            let others = elsewhere(interfaces, used.parse().expect("an address"))?;
            Some(others.into_iter().map(|interface| interface.name).collect::<Vec<_>>())
        };
        let wifi = interface("wlan0", &["192.0.2.2", "2001:db8::2"], &["192.0.2.1", "fe80::1"]);
        let mobile = interface("wwan0", &["198.51.100.2"], &["198.51.100.1"]);
        let bridge = interface("docker0", &["203.0.113.2"], &[]);
        let all = [wifi.clone(), mobile.clone(), bridge.clone()];
        assert_eq!(names(&all, "192.0.2.2"), Some(vec!["wwan0".to_owned(), "docker0".to_owned()]));
        assert_eq!(names(&all, "198.51.100.2"), Some(vec!["wlan0".to_owned(), "docker0".to_owned()]));
        // No other has IPv6; a bridge leads nowhere; one that is down has no addresses to offer.
        assert_eq!(names(&all, "2001:db8::2"), None);
        assert_eq!(names(&[wifi.clone(), bridge], "192.0.2.2"), None);
        assert_eq!(names(&[wifi, Interface { up: false, ..mobile }], "192.0.2.2"), None);
    }
}

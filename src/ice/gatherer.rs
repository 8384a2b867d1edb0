//! Which candidates do we have? Host, server-reflexive and relayed ones (RFC 8445 §5.1.1), and what each is called.

use super::agent_io::AgentIo;
use super::bases::AgentBases;
use super::candidate::{Candidates, offered, offered_at_most};
use super::config::{Config, Event, IceServer, Policy};
use crate::machine::Instant;
use crate::model::{
    Candidate, CandidateType, Fact, HostFact, Interface, Limit, Question, ServerUri, Target, TcpType, Transport,
};
use crate::transaction::{Control, Due, Schedule, Transaction};
use crate::wire::{Builder, Class, Message, StunMethod, TransactionId};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Addresses of this machine taken as bases: beyond five networks browsers stop; beyond this number checks would take
/// minutes.
const MOST_BASES: usize = 64;

/// Servers asked from one base: one is enough, a second is there in case the first is dead.
const SERVERS_PER_BASE: usize = 2;

/// The most allocations made side by side: those of an application's four URIs, IPv4 and IPv6 of each.
const MOST_RELAYS: usize = 8;

/// The number of requests to a server beside the checks, so that a silent pair has a control of as many requests.
const CONTROLS: u32 = 8;
/// The time between an answer, or its absence, and the next of these requests.
const CONTROL_SPACING: Duration = Duration::from_millis(250);
/// How long one of them may take to be answered.
const CONTROL_PATIENCE: Duration = Duration::from_millis(1000);

/// The path of a control: a base, and the server asked from it.
pub(super) type ControlPath = (usize, SocketAddr);

/// The control beside the checks of a base, or beside a silence: the server that answered from there before.
pub(super) fn server_control(base: usize, server: SocketAddr, now: Instant) -> Control<ControlPath> {
    // Not before the first checks, which are what a call waits for.
    Control::one_by_one((base, server), now + CONTROL_SPACING, CONTROL_SPACING, CONTROL_PATIENCE, CONTROLS)
}

/// A Binding request that asks a server for a server-reflexive candidate.
struct BindingRequest {
    base: usize,
    server: SocketAddr,
    uri: ServerUri,
    transaction: Transaction,
}

/// The candidates of this end, and the questions that bring them.
pub(super) struct Gatherer {
    config: Config,
    interfaces: Option<Vec<Interface>>,
    /// No address of this machine leads out any more.
    is_offline: bool,
    servers: Vec<IceServer>,
    /// No more servers will be added.
    servers_complete: bool,
    candidates: Candidates,
    gathered: Vec<Candidate>,
    /// Names of the local link that stand for our addresses.
    names: Vec<(IpAddr, String)>,
    requests: Vec<BindingRequest>,
    controls: Vec<Control<ControlPath>>,
    /// AgentBases that have got their candidate and are not paired yet.
    unpaired: VecDeque<usize>,
    is_complete: bool,
}

impl Gatherer {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            interfaces: None,
            is_offline: false,
            servers: Vec::new(),
            servers_complete: false,
            candidates: Candidates::default(),
            gathered: Vec::new(),
            names: Vec::new(),
            requests: Vec::new(),
            controls: Vec::new(),
            unpaired: VecDeque::new(),
            is_complete: false,
        }
    }

    // What there is.

    /// Whether no candidate follows.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(super) fn gathered(&self) -> &[Candidate] {
        &self.gathered
    }

    pub(super) fn servers(&self) -> &[IceServer] {
        &self.servers
    }

    pub(super) fn interfaces(&self) -> Option<&[Interface]> {
        self.interfaces.as_deref()
    }

    /// Whether no address of this machine leads out any more, where one did.
    pub(super) fn is_offline(&self) -> bool {
        self.is_offline
    }

    /// The next base that has got its candidate, to be paired.
    pub(super) fn poll_base(&mut self) -> Option<usize> {
        self.unpaired.pop_front()
    }

    /// Whether this machine itself is the network looked at: a server of ours is on it, or no address leads out of it. It is
    /// known before the first candidate of the peer's, so that none is refused for having come too early.
    pub(super) fn is_on_loopback(&self) -> bool {
        let mut own = self.gathered.iter().map(|own| own.address);
        let mut servers = self.servers.iter().map(|server| server.server.ip());
        self.config.loopback && (own.any(|own| own.is_loopback()) || servers.any(|server| server.is_loopback()))
    }

    // Input.

    /// Opens a base on each address of this machine.
    pub(super) fn start(&mut self, io: &mut AgentIo, bases: &mut AgentBases, interfaces: Vec<Interface>) {
        let mut addresses = offered(&interfaces, self.config.loopback);
        let ignored = addresses.len().saturating_sub(MOST_BASES);
        if ignored > 0 {
            let ignored = u32::try_from(ignored).unwrap_or(u32::MAX);
            io.report(Fact::Host(HostFact::Limited { what: Limit::HostAddresses, ignored }));
            addresses = offered_at_most(&interfaces, addresses, MOST_BASES);
        }
        self.interfaces = Some(interfaces);
        if self.config.policy == Policy::RelayOnly {
            return;
        }
        for address in addresses {
            bases.open_udp(io, address);
            // An active TCP candidate's port says nothing; RFC 6544 §4.5 has 9 for it.
            if let Some(candidate) = self.candidates.tcp(SocketAddr::new(address, 9), TcpType::Active) {
                let base = bases.add_active();
                self.found(io, bases, base, candidate);
            }
            if self.config.passive_tcp {
                bases.open_passive(io, address);
            }
        }
    }

    /// The interfaces have changed. True where an address came or went, which takes a restart (RFC 8445 §9): not while the
    /// last that led out is gone, since there is nowhere to begin anew; the sockets are as good as before where it comes back.
    pub(super) fn change(&mut self, interfaces: Vec<Interface>) -> bool {
        let offers = |interfaces: &[Interface]| offered(interfaces, self.config.loopback);
        let leads_out = |addresses: &[IpAddr]| addresses.iter().any(|address| !address.is_loopback());
        let (before, now) = (offers(self.interfaces.as_deref().unwrap_or_default()), offers(&interfaces));
        self.is_offline = leads_out(&before) && !leads_out(&now);
        if self.is_offline {
            return false;
        }
        self.interfaces = Some(interfaces);
        before != now
    }

    /// Leaves out the interface of this address, where another one leads out in its family.
    pub(super) fn leave_interface(&mut self, used: IpAddr) {
        let others = self.interfaces.as_deref().and_then(|interfaces| elsewhere(interfaces, used));
        self.interfaces = others.or(self.interfaces.take());
    }

    /// A server that may be asked, as its address becomes known.
    pub(super) fn add_server(&mut self, io: &mut AgentIo, bases: &mut AgentBases, server: IceServer) {
        let is_same = |known: &&IceServer| (known.server, known.transport) == (server.server, server.transport);
        let mut known = self.servers.iter().filter(is_same).peekable();
        let is_known = known.peek().is_some();
        // One that is named as a STUN server and as a TURN server is both.
        let is_new = !is_known || server.relaying.is_some() && known.all(|known| known.relaying.is_none());
        if self.config.policy == Policy::HostOnly || !is_new {
            return;
        }
        self.servers.push(server.clone());
        if server.transport == Transport::Udp && !is_known {
            for base in 0..bases.len() {
                self.request_reflexive(io, bases, base, &server);
            }
        }
        if !bases.open_relay(io, server, MOST_RELAYS) {
            io.report(Fact::Host(HostFact::Limited { what: Limit::TurnServers, ignored: 1 }));
        }
    }

    /// Puts fresh servers in the place of former ones, for what is gathered from the next restart on.
    pub(super) fn replace_servers(&mut self, former: &[Target], fresh: Vec<IceServer>) {
        self.servers.retain(|known| !former.iter().any(|target| known.uri.is(target)));
        self.servers.extend(fresh);
    }

    pub(super) fn no_more_servers(&mut self) {
        self.servers_complete = true;
    }

    /// The socket of a base is there: its host candidate, and a request from it to each server for a reflexive one.
    pub(super) fn bound(&mut self, io: &mut AgentIo, bases: &mut AgentBases, base: usize, local: SocketAddr) {
        let is_udp = bases.get(base).is_some_and(|base| base.protocol() == crate::model::Protocol::Udp);
        let candidate = if is_udp { self.candidates.host(local) } else { self.candidates.tcp(local, TcpType::Passive) };
        let Some(candidate) = candidate else { return };
        self.found(io, bases, base, candidate);
        for server in self.servers.clone().iter().filter(|server| is_udp && server.transport == Transport::Udp) {
            self.request_reflexive(io, bases, base, server);
        }
    }

    /// The allocation of a base is there: its relayed candidate.
    pub(super) fn allocated(
        &mut self,
        io: &mut AgentIo,
        bases: &mut AgentBases,
        base: usize,
        relayed: SocketAddr,
        mapped: Option<SocketAddr>,
    ) {
        let Some(relay) = bases.get(base).and_then(|base| base.relay()) else { return };
        let IceServer { uri, server, transport, .. } = &relay.server;
        let candidate = self.candidates.relayed(relayed, mapped, *server, *transport, Some(uri.clone()));
        if let Some(candidate) = candidate {
            self.found(io, bases, base, candidate);
        }
    }

    /// An answer from a server on this base: None where it is to no request of ours; else where the server saw the base, if
    /// that is a mapping known before.
    pub(super) fn answered(
        &mut self,
        io: &mut AgentIo,
        bases: &mut AgentBases,
        path: ControlPath,
        answer: &Message,
        has_checks: bool,
    ) -> Option<Option<SocketAddr>> {
        let (base, from) = path;
        let mapped = answer.xor_mapped().or(answer.mapped()).filter(|_| answer.class == Class::Success);
        let control = self.controls.iter_mut().find(|control| control.to() == path);
        if control.is_some_and(|control| control.answered(io.now, answer.id)) {
            count_answer(bases, base);
            return Some(mapped);
        }
        let ours =
            |request: &BindingRequest| request.transaction.id() == answer.id && (request.base, request.server) == path;
        let at = self.requests.iter().position(ours)?;
        let request = self.requests.swap_remove(at);
        count_answer(bases, base);
        if let (Some(mapped), Some(local)) = (mapped, bases.get(base).and_then(|base| base.local())) {
            if let Some(known) = bases.get_mut(base).filter(|base| base.server.is_none()) {
                (known.server, known.mapped) = (Some((request.server, request.uri.clone())), Some(mapped));
                if has_checks {
                    self.start_control(io, bases, base);
                }
            }
            if let Some(candidate) = self.candidates.reflexive(local, mapped, from, Some(request.uri)) {
                self.offer(io, candidate);
            }
        }
        Some(None)
    }

    /// Starts the control beside a base's checks: the server that has answered from there before is asked again.
    pub(super) fn start_control(&mut self, io: &AgentIo, bases: &AgentBases, base: usize) {
        if let Some((server, _)) = bases.get(base).and_then(|base| base.server.as_ref()) {
            self.controls.push(server_control(base, *server, io.now));
        }
    }

    /// Nothing is asked any more.
    pub(super) fn stop(&mut self) {
        self.requests.clear();
        self.controls.clear();
    }

    // Output.

    /// Sends the request for a candidate that is due, if there is one, and gives up those that were silent.
    pub(super) fn send_request(&mut self, io: &mut AgentIo, bases: &mut AgentBases) -> bool {
        let mut due = None;
        let mut silent = Vec::new();
        for (at, request) in self.requests.iter_mut().enumerate() {
            match request.transaction.due(io.now) {
                Due::Send => {
                    due = Some((request.base, request.server, request.transaction.bytes().to_vec()));
                    break;
                }
                Due::Silent => silent.push(at),
                Due::Wait(_) => {}
            }
        }
        for at in silent.into_iter().rev() {
            self.requests.swap_remove(at);
        }
        let Some((base, server, data)) = due else { return false };
        send_to_server(io, bases, base, server, &data);
        true
    }

    /// Sends the request beside the checks that is due, if there is one.
    pub(super) fn send_control(&mut self, io: &mut AgentIo, bases: &mut AgentBases) -> bool {
        self.controls.retain(|control| !control.is_over(io.now));
        self.controls.iter_mut().any(|control| send_control(io, bases, control))
    }

    /// When a request is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let requests = self.requests.iter().map(|request| request.transaction.next());
        requests.chain(self.controls.iter().filter_map(Control::due)).min()
    }

    /// Signals, once, that no candidate follows.
    pub(super) fn finish(&mut self, io: &mut AgentIo, bases: &AgentBases) {
        let has_all_inputs = self.interfaces.is_some() && self.servers_complete;
        if has_all_inputs && !self.is_complete && self.requests.is_empty() && !bases.is_pending() {
            self.is_complete = true;
            io.signal(Event::Gathered);
        }
    }

    /// Interfaces and servers, for the gatherer of a restart: it begins with them.
    pub(super) fn into_inputs(self) -> (Option<Vec<Interface>>, Vec<IceServer>, bool) {
        (self.interfaces, self.servers, self.servers_complete)
    }

    // Inside.

    fn request_reflexive(&mut self, io: &mut AgentIo, bases: &AgentBases, base: usize, server: &IceServer) {
        let Some(local) = bases.get(base).filter(|base| base.candidate.is_some()).and_then(|base| base.udp_local())
        else {
            return;
        };
        let asked = self.requests.iter().filter(|request| request.base == base).count();
        if local.is_ipv4() != server.server.is_ipv4() || asked >= SERVERS_PER_BASE {
            return;
        }
        let id = io.transaction_id();
        let schedule = Schedule { sends: 5, ..Schedule::FIRST_CONTACT };
        let transaction = Transaction::new(id, binding_request(id), schedule);
        let (server, uri) = (server.server, server.uri.clone());
        self.requests.push(BindingRequest { base, server, uri, transaction });
    }

    /// A host or relayed candidate, which is a base of its own.
    fn found(&mut self, io: &mut AgentIo, bases: &mut AgentBases, base: usize, candidate: Candidate) {
        if let Some(base) = bases.get_mut(base) {
            base.candidate = Some(candidate.clone());
        }
        self.offer(io, candidate);
        self.unpaired.push_back(base);
    }

    fn offer(&mut self, io: &mut AgentIo, candidate: Candidate) {
        io.report_by(Question::Gather, candidate.server.clone(), Fact::Host(HostFact::Candidate(candidate.clone())));
        self.gathered.push(candidate.clone());
        let is_hidden = self.config.mdns && candidate.kind == CandidateType::Host;
        let name = is_hidden.then(|| self.name_of(io, candidate.address));
        io.signal(Event::Candidate { candidate, name });
    }

    /// A name of the local link for an address of ours: a random UUID, which says nothing
    /// (draft-ietf-mmusic-mdns-ice-candidates §3.1.1).
    fn name_of(&mut self, io: &mut AgentIo, address: IpAddr) -> String {
        if let Some((_, name)) = self.names.iter().find(|(known, _)| *known == address) {
            return name.clone();
        }
        let hex: String = io.rng.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = [hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)];
        let name = format!("{}.local", parts.map(Option::unwrap_or_default).join("-"));
        self.names.push((address, name.clone()));
        io.publish(name.clone(), address);
        name
    }
}

fn binding_request(id: TransactionId) -> Vec<u8> {
    Builder::request(StunMethod::Binding, id).finish()
}

fn send_to_server(io: &mut AgentIo, bases: &mut AgentBases, base: usize, server: SocketAddr, data: &[u8]) {
    if let Some(base) = bases.get_mut(base) {
        base.control.sent += 1;
    }
    bases.send(io, base, server, data);
}

fn count_answer(bases: &mut AgentBases, base: usize) {
    if let Some(base) = bases.get_mut(base) {
        base.control.answered += 1;
    }
}

/// Sends the request of a control, if one is due; it counts for the base too.
pub(super) fn send_control(io: &mut AgentIo, bases: &mut AgentBases, control: &mut Control<ControlPath>) -> bool {
    if !control.is_due(io.now) {
        return false;
    }
    let (id, (base, server)) = (io.transaction_id(), control.to());
    control.sent(io.now, Some(id));
    send_to_server(io, bases, base, server, &binding_request(id));
    true
}

/// What is left of this machine without the interface of an address; None where then nothing leads out in its family.
fn elsewhere(interfaces: &[Interface], used: IpAddr) -> Option<Vec<Interface>> {
    let has = |interface: &Interface| interface.addresses.iter().any(|address| address.address == used);
    let others: Vec<Interface> = interfaces.iter().filter(|interface| !has(interface)).cloned().collect();
    let routed = others.iter().filter(|interface| interface.gateways.iter().any(|to| to.is_ipv4() == used.is_ipv4()));
    let routed: Vec<Interface> = routed.cloned().collect();
    offered(&routed, false).iter().any(|address| address.is_ipv4() == used.is_ipv4()).then_some(others)
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
            name_servers: Vec::new(),
        }
    }

    #[test]
    fn a_machine_whose_last_interface_goes_waits_for_it_and_offers_no_loopback_meanwhile() {
        let config = Config {
            role: crate::model::Role::Controlling,
            policy: Policy::All,
            passive_tcp: false,
            mdns: false,
            loopback: true,
            patience: Duration::ZERO,
        };
        let home = || interface("lo", &["127.0.0.1"], &[]);
        let wifi = || interface("wlan0", &["192.0.2.2"], &["192.0.2.1"]);
        let mut gatherer = Gatherer { interfaces: Some(vec![home(), wifi()]), ..Gatherer::new(config) };
        let changes = |gatherer: &mut Gatherer, now| (gatherer.change(now), gatherer.is_offline());
        assert_eq!(changes(&mut gatherer, vec![home(), Interface { up: false, ..wifi() }]), (false, true));
        assert_eq!(changes(&mut gatherer, vec![home(), wifi()]), (false, false), "its sockets are as good as before");
        assert_eq!(changes(&mut gatherer, vec![home()]), (false, true));
        let other = interface("wwan0", &["198.51.100.2"], &["198.51.100.1"]);
        assert_eq!(changes(&mut gatherer, vec![home(), other]), (true, false), "that is another way out");
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

//! The whole checkup: which question is asked when.
//!
//! Everything that can be asked side by side is. Names are resolved and servers asked at once; as soon as one server
//! with a second address has answered, the NAT's mapping and filtering are asked through it. Candidates are gathered and
//! the path's MTU is measured beside them, as soon as an address answers that they do not need; hairpinning comes last
//! of all. What the checkup knows, it knows from the probes' facts, which it reads as they pass.

pub(super) mod measures;
mod names;
mod proxies;
mod relays;

use super::family::{FamilyState, Reached};
use super::pace::Pacer;
use super::{
    BindingProbe, FilteringConfig, FilteringProbe, MappingConfig, MappingProbe, Plan, Planned, ResolveProbe,
    StreamProbe,
};
use crate::ice::{self, Candidates};
use crate::machine::{ChildId, Children, Input, Instant, Machine, Output, Rng, Wake};
use crate::model::{
    Code, DnsFact, EchoFact, Fact, Failure, Family, HostFact, Interface, Method, Millis, Origin, Question, RunFact,
    Scope, ServerUri, StreamFact, StunFact, Target, Transport, TurnFact, is_inner_to,
};
use names::NameSigns;
use relays::RelayTrials;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The part of the time for the whole run that is kept for releasing allocations.
const WINDING_DOWN: Duration = Duration::from_secs(1);

/// What a child is there for, where its end matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProbeRole {
    Resolving,
    Binding(Family),
    Mapping(Family),
    Filtering(Family),
    PathMtu(Family),
    Hops(Family),
    Relay,
    Other,
}

/// A probe that waits until asking its server is polite.
struct Queued {
    at: Instant,
    role: ProbeRole,
    probe: Box<dyn Machine + Send>,
}

/// The checkup's machine.
pub struct Checkup {
    plan: Plan,
    rng: Rng,
    now: Instant,
    interfaces: Option<Vec<Interface>>,
    children: Children<Box<dyn Machine + Send>>,
    roles: BTreeMap<ChildId, ProbeRole>,
    queue: Vec<Queued>,
    pacer: Pacer,
    /// The endpoints already asked, for a binding or (true) for a relay, so that two URIs of one server do not ask it
    /// twice.
    asked: BTreeSet<(SocketAddr, Transport, bool)>,
    relayed: Candidates,
    relays: RelayTrials,
    resolving: usize,
    names: NameSigns,
    families: BTreeMap<Family, FamilyState>,
    is_beside_an_agent: bool,
    gathered: bool,
    hairpinned: bool,
    stopping: bool,
    over: bool,
    out: VecDeque<Output>,
}

impl Checkup {
    /// A checkup by this plan. It begins with its first input, which must be the interfaces. The same `rng` asks with
    /// the same bytes.
    pub fn new(plan: Plan, rng: Rng) -> Self {
        Self {
            plan,
            rng,
            now: Instant::START,
            interfaces: None,
            children: Children::default(),
            roles: BTreeMap::new(),
            queue: Vec::new(),
            pacer: Pacer::default(),
            asked: BTreeSet::new(),
            relayed: Candidates::default(),
            relays: RelayTrials::default(),
            resolving: 0,
            names: NameSigns::default(),
            families: BTreeMap::new(),
            is_beside_an_agent: false,
            gathered: false,
            hairpinned: false,
            stopping: false,
            over: false,
            out: VecDeque::new(),
        }
    }

    /// A checkup beside an ICE agent, which gathers the candidates itself.
    #[must_use]
    pub fn beside_an_agent(mut self) -> Self {
        self.is_beside_an_agent = true;
        self
    }

    /// Whether names are still being looked up.
    pub fn is_resolving(&self) -> bool {
        self.resolving > 0
    }

    fn observe(&mut self, question: Question, uri: Option<ServerUri>, fact: Fact) {
        self.out.push_back(Output::Observe { by: Origin { question, uri }, fact });
    }

    fn skip(&mut self, question: Question, uri: Option<ServerUri>, why: Code) {
        self.observe(question, uri, Fact::Run(RunFact::Skipped { why }));
    }

    fn start(&mut self, role: ProbeRole, probe: Box<dyn Machine + Send>) -> ChildId {
        let interfaces = self.interfaces.clone().unwrap_or_default();
        let child = self.children.add(self.now, probe, Input::Interfaces(interfaces));
        self.roles.insert(child, role);
        child
    }

    /// Starts the probe when `transactions` more with `server` are polite.
    fn start_paced(&mut self, role: ProbeRole, server: IpAddr, transactions: usize, probe: Box<dyn Machine + Send>) {
        let at = self.pacer.reserve(self.now, server, transactions);
        self.queue.push(Queued { at, role, probe });
    }

    /// The addresses that become host candidates, best first; where every server is on loopback and there is nothing
    /// else, those of loopback.
    fn bases(&self) -> Vec<IpAddr> {
        ice::offered(self.interfaces.as_deref().unwrap_or_default(), self.plan.is_loopback())
    }

    fn begin(&mut self, interfaces: Vec<Interface>) {
        for fact in std::mem::take(&mut self.plan.configured) {
            self.observe(Question::Configuration, None, Fact::Configuration(fact));
        }
        for interface in &interfaces {
            self.observe(Question::Host, None, Fact::Host(HostFact::Interface(interface.clone())));
        }
        // Every machine has a loopback interface: an empty list is one that could not be read.
        let unread = interfaces.is_empty();
        self.interfaces = Some(interfaces);
        let bases = self.bases();
        if unread {
            self.skip(Question::Host, None, Code::NoSocket);
            self.over = true;
            return;
        }
        if bases.is_empty() {
            self.skip(Question::Host, None, Code::NoUsableInterface);
            self.over = true;
            return;
        }
        for base in bases {
            self.families.entry(Family::of(base)).or_default();
        }
        if self.plan.servers.is_empty() {
            self.skip(Question::Binding, None, Code::NoServer);
        }
        for planned in self.plan.servers.clone() {
            self.resolving += 1;
            self.start(ProbeRole::Resolving, Box::new(ResolveProbe::new(planned.target)));
        }
    }

    /// What matters of a change is which addresses lead out; counters, flags and link-local addresses come and go.
    fn change(&mut self, interfaces: Vec<Interface>) {
        let before = self.bases();
        self.interfaces = Some(interfaces);
        if self.bases() != before {
            self.observe(Question::Host, None, Fact::Host(HostFact::NetworkChanged));
        }
    }

    /// Asks a server whose address is known now.
    fn located(&mut self, uri: &ServerUri, server: SocketAddr) {
        if Scope::of(server.ip()) == Scope::Nowhere {
            return self.refuse_nowhere(uri, server);
        }
        let family = Family::of(server.ip());
        let is_asked = self.families.contains_key(&family);
        for planned in self.planned(uri) {
            self.relays.proxied.expect(self.now, &self.plan, &planned, is_asked);
        }
        if !is_asked {
            return self.skip(Question::Binding, Some(uri.clone()), Code::NoAddressOfFamily);
        }
        for planned in self.planned(uri) {
            let (scheme, transport) = (planned.target.scheme, planned.target.transport);
            if transport != Transport::Dtls && self.asked.insert((server, transport, false)) {
                self.ask_binding(planned.target.clone(), server, family);
            }
            if scheme.relays() && self.asked.insert((server, transport, true)) {
                self.ask_relay(planned, server);
            } else if transport == Transport::Dtls {
                self.skip(Question::Binding, Some(uri.clone()), Code::DtlsNotSupported);
            }
        }
    }

    fn ask_binding(&mut self, target: Target, server: SocketAddr, family: Family) {
        let rng = self.rng.fork();
        if target.transport == Transport::Udp {
            self.families.entry(family).or_default().asking += 1;
            let probe = Box::new(BindingProbe::new((&target).into(), server, rng));
            self.start_paced(ProbeRole::Binding(family), server.ip(), 1, probe);
        } else if !target.scheme.relays() {
            let probe = Box::new(StreamProbe::new(target, server, self.plan.insecure, rng));
            self.start_paced(ProbeRole::Other, server.ip(), 1, probe);
        }
    }

    fn planned(&self, uri: &ServerUri) -> Vec<Planned> {
        self.plan.servers.iter().filter(|planned| uri.is(&planned.target)).cloned().collect()
    }

    /// Reads a fact on its way out.
    fn learn(&mut self, by: &Origin, fact: &Fact) {
        self.relays.proxied.learn(self.now, by, fact);
        let family = fact.server().and_then(|server| self.families.get_mut(&Family::of(server.ip())));
        family.into_iter().for_each(|state| state.partly_silent.learn(by.question, fact));
        match (by.question, fact) {
            (Question::Resolve, Fact::Dns(DnsFact::Located { server })) => {
                if let Some(uri) = by.uri.clone() {
                    self.located(&uri, *server);
                }
            }
            (Question::Resolve, fact) => self.names.learn(fact),
            (
                Question::Binding | Question::Relay,
                Fact::Stream(StreamFact::NotConnected { remote, failure, tls: Some(tls), .. }),
            ) => self.control_server_name(by, *remote, failure, tls),
            (
                Question::Binding,
                Fact::Stream(
                    StreamFact::Connected { remote, .. }
                    | StreamFact::NotConnected { remote, failure: Failure::Refused, .. },
                ),
            ) => {
                self.families.entry(Family::of(remote.ip())).or_default().unanswered.alive.get_or_insert(*remote);
            }
            (Question::Binding, Fact::Stun(StunFact::Silent { server, transport: Transport::Udp, .. })) => {
                self.families.entry(Family::of(server.ip())).or_default().unanswered.silent.get_or_insert(*server);
            }
            (Question::Binding, Fact::Stun(StunFact::Late { server, after_ms, .. })) => {
                let state = self.families.entry(Family::of(server.ip())).or_default();
                after_ms.duration().into_iter().for_each(|by| state.is_late(*server, by));
            }
            (
                Question::Binding,
                Fact::Stun(StunFact::Mapped {
                    transport: Transport::Udp, server, local, mapped, other, rtt_ms, ..
                }),
            ) => {
                // Through a server that sees another's address in place of ours nothing can be learned about us.
                if mapped.ip() != local.ip() && is_inner_to(mapped.ip(), server.ip()) {
                    return;
                }
                let rtt = rtt_ms.and_then(Millis::duration);
                let reached = Reached {
                    server: *server,
                    other: *other,
                    rtt,
                    local: local.ip(),
                    translated: local != mapped,
                    uri: by.uri.clone().unwrap_or_default(),
                };
                self.families.entry(Family::of(server.ip())).or_default().reach(self.now, reached);
            }
            (Question::Relay, Fact::Turn(TurnFact::Allocated { transport, server, relayed, mapped, .. })) => {
                let uri = by.uri.clone();
                if self.is_beside_an_agent {
                    return;
                }
                if let Some(candidate) = self.relayed.relayed(*relayed, *mapped, *server, *transport, uri.clone()) {
                    self.observe(Question::Gather, uri, Fact::Host(HostFact::Candidate(candidate)));
                }
            }
            (
                Question::Relay,
                Fact::Stun(StunFact::Refused { method: Method::Allocate, transport, server, code, .. }),
            ) => {
                self.relays.refused(*server, *transport, *code);
            }
            (Question::Mapping | Question::Filtering, fact) => {
                self.families.values_mut().for_each(|family| family.learn(fact));
            }
            (_, Fact::Echo(EchoFact::EchoOffered { server, .. })) => {
                self.families.entry(Family::of(server.ip())).or_default().hops.echoes.push(*server);
            }
            (_, Fact::Hops(fact)) => self.learn_of_routers(fact),
            (Question::PathMtu, Fact::Stun(StunFact::Sized { server, passed, .. })) => {
                let state = self.families.entry(Family::of(server.ip())).or_default();
                state.sized.push(*passed);
                state.sized_at.get_or_insert(*server);
            }
            _ => {}
        }
    }

    fn finished(&mut self, child: ChildId) {
        let role = self.roles.remove(&child).unwrap_or(ProbeRole::Other);
        match role {
            ProbeRole::Resolving => {
                self.resolving = self.resolving.saturating_sub(1);
                self.control_names();
                self.expect_unresolved();
            }
            ProbeRole::Binding(family) => {
                let state = self.families.entry(family).or_default();
                state.asking = state.asking.saturating_sub(1);
                self.ask_counters(family);
            }
            ProbeRole::Mapping(family) | ProbeRole::Filtering(family) => {
                let state = self.families.entry(family).or_default();
                state.running = state.running.saturating_sub(1);
            }
            ProbeRole::PathMtu(family) => self.measure_smaller(family),
            ProbeRole::Hops(family) => {
                self.confirm_hops(family);
                self.ask_echoes(family);
            }
            ProbeRole::Relay => self.relay_ended(child),
            ProbeRole::Other => {}
        }
    }

    /// Starts whatever has become possible.
    fn advance(&mut self) {
        let due = |queued: &Queued| queued.at <= self.now;
        let (ready, later): (Vec<Queued>, Vec<Queued>) = self.queue.drain(..).partition(due);
        self.queue = later;
        for queued in ready {
            self.start(queued.role, queued.probe);
        }
        self.ask_proxied();
        for family in self.families.keys().copied().collect::<Vec<_>>() {
            self.advance_family(family);
        }
        let is_ready =
            |state: &FamilyState| state.is_settled(self.now) && (state.reached.is_empty() || state.has_time());
        if !self.gathered && self.families.values().all(is_ready) && self.has_asked() {
            self.gathered = true;
            if !self.is_beside_an_agent {
                self.gather();
            }
        }
        if self.children.is_empty() && self.queue.is_empty() && self.relays.proxied.next().is_none() && self.gathered {
            if self.hairpinned {
                self.over = true;
            } else if !self.ask_rate() {
                self.hairpinned = true;
                self.hairpin();
            }
        }
    }

    fn advance_family(&mut self, family: Family) {
        let now = self.now;
        let Some(state) = self.families.get_mut(&family) else { return };
        if state.has_time() && !state.measured {
            state.measured = true;
            return self.measure(family);
        }
        // Not beside requests that are still sent again: a line that takes few packets has none to spare.
        if state.measured && state.asking == 0 && !state.hops.begun {
            state.hops.begun = true;
            return self.ask_hops(family);
        }
        if state.running > 0 {
            return;
        }
        if let Some(fault) = state.take_fault() {
            self.skip(Question::Filtering, None, fault);
            return self.advance_family(family);
        }
        if let Some(next) = state.next_behaviour(now) {
            state.running = 1;
            let (server, rtt) = (next.server, next.rtt());
            let mut also: Vec<SocketAddr> = state.reached.iter().map(|reached| reached.server).collect();
            also.retain(|other| *other != server);
            also.truncate(3);
            let other = next.other;
            let can_filter = next.fault().is_none();
            if can_filter {
                state.running += 1;
            }
            if let Some(other) = other.filter(|other| other.ip() != server.ip()) {
                self.pacer.reserve(now, other.ip(), 2);
            }
            let mapping = MappingConfig { server, other, also, rtt };
            let rng = self.rng.fork();
            self.start_paced(ProbeRole::Mapping(family), server.ip(), 3, Box::new(MappingProbe::new(mapping, rng)));
            if can_filter {
                let probe = FilteringProbe::new(FilteringConfig { server, rtt }, self.rng.fork());
                self.start_paced(ProbeRole::Filtering(family), server.ip(), 6, Box::new(probe));
            }
        }
    }

    /// Ends what is running, so that it releases what it holds.
    fn wind_down(&mut self, fact: Fact) {
        if !self.stopping {
            self.stopping = true;
            self.queue.clear();
            self.observe(Question::Host, None, fact);
            self.children.handle(self.now, Input::Stop);
        }
    }

    fn wind_down_at(&self) -> Instant {
        Instant::after_start(self.plan.timeout.saturating_sub(WINDING_DOWN))
    }

    /// When the checkup itself has something to do.
    fn own_wake(&self) -> Wake {
        if self.stopping {
            return Wake::At(Instant::after_start(self.plan.timeout));
        }
        let queue = self.queue.iter().map(|queued| queued.at);
        let graces = self.families.values().filter_map(|state| state.grace_ends(self.now));
        queue
            .chain(graces)
            .chain(self.relays.proxied.next())
            .chain([self.wind_down_at()])
            .min()
            .map_or(Wake::OnInput, Wake::At)
    }
}

impl Machine for Checkup {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        match input {
            Input::Interfaces(interfaces) if self.interfaces.is_none() => self.begin(interfaces),
            Input::Interfaces(interfaces) => self.change(interfaces),
            Input::Stop => self.wind_down(Fact::Run(RunFact::Interrupted)),
            input => self.children.handle(now, input),
        }
        if self.stopping && now >= Instant::after_start(self.plan.timeout) {
            self.over = true;
        } else if now >= self.wind_down_at() {
            self.wind_down(Fact::Run(RunFact::OutOfTime));
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            if let Some(output) = self.out.pop_front() {
                return output;
            }
            if self.over {
                return Output::Wait(Wake::Finished);
            }
            match self.children.poll() {
                (Some(child), Output::Wait(_)) => self.finished(child),
                (Some(_), Output::Observe { by, fact }) => {
                    self.learn(&by, &fact);
                    return Output::Observe { by, fact };
                }
                (None, Output::Wait(wake)) => {
                    if self.stopping {
                        self.over = self.children.is_empty();
                    } else {
                        self.advance();
                    }
                    // A queued probe that is due at once is not waited for: to poll again would begin it, and so it
                    // would depend on the world.
                    let is_due = !self.stopping && self.queue.iter().any(|queued| queued.at <= self.now);
                    let idle = self.out.is_empty() && self.children.is_settled() && !self.over && !is_due;
                    if idle {
                        return Output::Wait(self.own_wake().or(wake));
                    }
                }
                (_, output) => return output,
            }
        }
    }
}

#[cfg(test)]
mod tests;

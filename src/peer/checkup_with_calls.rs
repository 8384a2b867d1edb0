//! A checkup that also makes calls: one directly, and one through each relay that was shown to work.
//!
//! The direct one begins at once. A call through a relay takes two allocations, so each server is first asked how many
//! it gives at once ([`SeveralProbe`]), as soon as the checkup holds none of its own there; as many calls run side by side
//! through one server as that leaves room for, so that no quota is ever filled by ourselves. In all only a few run side by
//! side: more would fill the line that the checkup measures.

#[cfg(test)]
mod tests;

mod relay_turns;

use super::loopback_call::{LoopbackCall, RelayRoute};
use crate::ice::{IceServer, RelayAccess};
use crate::machine::{ChildId, Children, Input, Instant, Machine, Output, Rng, Wake};
use crate::model::{
    Fact, Interface, Method, Origin, Question, ServerUri, StunFact, Teller, Transport, TurnFact, may_be_sent_to,
};
use crate::probe::{PartlySilent, Plan, RelayConfig, SeveralProbe};
use crate::turn::is_for_lack_of_room;
use relay_turns::RelayTurns;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

/// Calls side by side: three take 1 Mbit/s each way.
const MOST_AT_ONCE: usize = 3;

/// RelayAccess that are tried: an application names four URIs.
const MOST_CALLS: usize = 8;

/// Kept back of the run's time for a farewell.
const WINDING_DOWN: Duration = Duration::from_millis(1500);

enum CheckupPart<M> {
    Checkup(M),
    Call(Box<LoopbackCall>),
    Several(Box<SeveralProbe>),
}

impl<M: Machine> Machine for CheckupPart<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        match self {
            Self::Checkup(checkup) => checkup.handle(now, input),
            Self::Call(call) => call.handle(now, input),
            Self::Several(several) => several.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        match self {
            Self::Checkup(checkup) => checkup.poll(),
            Self::Call(call) => call.poll(),
            Self::Several(several) => several.poll(),
        }
    }
}

/// A checkup, or what is about one, and the calls beside it.
pub struct CheckupWithCalls<M> {
    plan: Plan,
    rng: Rng,
    now: Instant,
    /// The checkup, until its first input starts it.
    waiting: Option<M>,
    interfaces: Vec<Interface>,
    children: Children<CheckupPart<M>>,
    /// Calls under way, and the server's host that each goes through.
    calls: BTreeMap<ChildId, Option<String>>,
    /// Questions for several allocations that are under way, and of which host.
    several: BTreeMap<ChildId, String>,
    /// The direct call has not begun.
    owes_direct: bool,
    relays: RelayTurns,
    known: BTreeSet<(SocketAddr, Transport)>,
    /// The first server that told this machine its public address over UDP.
    reflexive: Option<IceServer>,
    partly_silent: PartlySilent,
    stopping: bool,
}

impl<M: Machine> CheckupWithCalls<M> {
    /// `checkup` goes by this plan.
    pub fn new(checkup: M, plan: Plan, rng: Rng) -> Self {
        Self {
            plan,
            rng,
            now: Instant::START,
            waiting: Some(checkup),
            interfaces: Vec::new(),
            children: Children::default(),
            calls: BTreeMap::new(),
            several: BTreeMap::new(),
            owes_direct: true,
            relays: RelayTurns::default(),
            known: BTreeSet::new(),
            reflexive: None,
            partly_silent: PartlySilent::default(),
            stopping: false,
        }
    }

    /// Reads a fact of the checkup's on its way out.
    fn learn(&mut self, by: &Origin, fact: &Fact) {
        // What the checkup then sends quickly has to be alone on the line.
        self.partly_silent.learn(by.question, fact);
        if by.question == Question::Rate {
            self.relays.end_quiet();
        } else if self.partly_silent.exist() {
            self.relays.be_quiet();
        }
        let Some(uri) = &by.uri else { return };
        if let Fact::Stun(StunFact::Mapped { transport: Transport::Udp, server, .. }) = fact {
            let (uri, server, transport, server_name) = (uri.clone(), *server, Transport::Udp, String::new());
            self.reflexive.get_or_insert(IceServer { uri, server, transport, server_name, relaying: None });
        }
        if by.question != Question::Relay {
            return;
        }
        match fact {
            // Calls through a relayed address that is nearer than its server would be sent there at a stranger's word.
            Fact::Turn(TurnFact::Allocated { transport, server, relayed, .. })
                if may_be_sent_to(*relayed, Teller::Server(server.ip())) =>
            {
                self.hold(uri, *server, *transport);
            }
            Fact::Turn(TurnFact::Released { transport, server, .. }) => self.relays.released(*server, *transport),
            Fact::Turn(TurnFact::AllocatedSeveral { granted, .. }) => {
                if let Some(host) = self.host_of(uri) {
                    self.relays.granted(&host, *granted);
                }
            }
            Fact::Stun(StunFact::Refused { method: Method::Allocate, code, .. }) if is_for_lack_of_room(*code) => {
                self.host_of(uri).into_iter().for_each(|host| self.relays.refused(host));
            }
            _ => {}
        }
    }

    fn host_of(&self, uri: &ServerUri) -> Option<String> {
        let planned = self.plan.servers.iter().find(|planned| uri.is(&planned.target))?;
        Some(planned.target.host.clone())
    }

    fn hold(&mut self, uri: &ServerUri, server: SocketAddr, transport: Transport) {
        if self.known.len() >= MOST_CALLS || !self.known.insert((server, transport)) {
            return;
        }
        let Some(planned) = self.plan.servers.iter().find(|planned| uri.is(&planned.target)) else { return };
        let (target, credentials) = (planned.target.clone(), planned.credentials.clone());
        let host = target.host.clone();
        let relays = RelayAccess {
            credentials: credentials.clone(),
            insecure: self.plan.insecure,
            unix_now: self.plan.unix_now,
        };
        let relay =
            IceServer { uri: uri.clone(), server, transport, server_name: host.clone(), relaying: Some(relays) };
        // A relay over UDP tells it itself.
        let reflexive = self.reflexive.clone().filter(|_| transport != Transport::Udp);
        let mut config = RelayConfig::new(target, server, credentials, self.plan.unix_now);
        config.insecure = self.plan.insecure;
        self.relays.hold(host, config, RelayRoute { uri: uri.clone(), relay, reflexive });
    }

    fn is_time_up(&self) -> bool {
        self.now + WINDING_DOWN >= self.until()
    }

    /// The run's end, as the checkup keeps it.
    fn until(&self) -> Instant {
        Instant::after_start(self.plan.timeout)
    }

    /// Begins the calls whose turn it is.
    fn advance(&mut self) {
        if self.stopping || self.is_time_up() {
            return;
        }
        // There is no line to fill where every server is on this machine.
        let most = if self.plan.is_loopback() { MOST_CALLS } else { MOST_AT_ONCE };
        if std::mem::take(&mut self.owes_direct) {
            self.call(None, None);
        }
        while let Some((host, config)) = self.relays.next_question() {
            let probe = SeveralProbe::new(config, self.rng.fork());
            let child = self.start(CheckupPart::Several(Box::new(probe)));
            self.several.insert(child, host);
        }
        // The direct one stays on this machine, and takes nothing of the line.
        while self.calls.values().flatten().count() < most
            && let Some((host, route)) = self.relays.next_call()
        {
            self.call(Some(host), Some(route));
        }
    }

    fn call(&mut self, host: Option<String>, through: Option<RelayRoute>) {
        let call = LoopbackCall::new(through, self.plan.is_loopback(), self.rng.fork());
        let child = self.start(CheckupPart::Call(Box::new(call)));
        self.calls.insert(child, host);
    }

    fn start(&mut self, part: CheckupPart<M>) -> ChildId {
        let interfaces = Input::Interfaces(self.interfaces.clone());
        self.children.add(self.now, part, interfaces)
    }

    fn child_finished(&mut self, child: ChildId) {
        if let Some(host) = self.calls.remove(&child) {
            host.iter().for_each(|host| self.relays.call_ended(host));
        } else if let Some(host) = self.several.remove(&child) {
            self.relays.question_ended(&host);
        } else {
            // The checkup is over: what it has not given back by now it has lost.
            self.relays.release_all();
        }
        self.advance();
    }

    fn stop_calls(&mut self) {
        let now = self.now;
        let (calls, several) = (std::mem::take(&mut self.calls), std::mem::take(&mut self.several));
        for part in calls.into_keys().chain(several.into_keys()) {
            self.children.with(part, |part| part.handle(now, Input::Stop));
        }
        self.owes_direct = false;
        self.relays.clear();
    }
}

impl<M: Machine> Machine for CheckupWithCalls<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        if let Input::Interfaces(interfaces) = &input {
            self.interfaces.clone_from(interfaces);
        }
        self.stopping |= input == Input::Stop;
        match self.waiting.take() {
            Some(checkup) => {
                self.children.add(now, CheckupPart::Checkup(checkup), input);
                self.advance();
            }
            None => self.children.handle(now, input),
        }
        if self.is_time_up() {
            self.stop_calls();
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            match self.children.poll() {
                (Some(child), Output::Wait(_)) => self.child_finished(child),
                (Some(_), Output::Observe { by, fact }) => {
                    self.learn(&by, &fact);
                    return Output::Observe { by, fact };
                }
                (None, Output::Wait(wake)) => {
                    self.advance();
                    if !self.children.is_settled() {
                        continue;
                    }
                    let end = self.until().since_start().saturating_sub(WINDING_DOWN);
                    let is_calling = !self.calls.is_empty() || !self.several.is_empty();
                    return Output::Wait(if is_calling { wake.or(Wake::At(Instant::after_start(end))) } else { wake });
                }
                (_, output) => return output,
            }
        }
    }
}

//! A checkup that also makes calls: one directly, and one through each relay that was shown to work.
//!
//! The direct one begins at once; one through a relay when the checkup has released its own allocation there, so that a
//! quota of one is enough. A few run side by side: more would fill the line that the checkup measures. Last of all, when
//! nothing of ours holds an allocation, each server is asked for several at once.

#[cfg(test)]
mod tests;

use super::loopback_call::{LoopbackCall, RelayRoute};
use crate::ice::{IceServer, RelayAccess};
use crate::machine::{ChildId, Children, Input, Instant, Machine, Output, Rng, Wake};
use crate::model::{Fact, Interface, Origin, Question, StunFact, Transport, TurnFact};
use crate::probe::{Plan, RelayConfig, SeveralProbe};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
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
    calls: BTreeSet<ChildId>,
    /// The relays on which the checkup holds an allocation, and those whose turn is to come.
    held: Vec<RelayRoute>,
    turns: VecDeque<Option<RelayRoute>>,
    /// Servers that may be asked for several allocations at once when nothing else holds any: one transport each.
    several: BTreeMap<IpAddr, RelayConfig>,
    checkup_is_over: bool,
    known: BTreeSet<(SocketAddr, Transport)>,
    /// The first server that told this machine its public address over UDP.
    reflexive: Option<IceServer>,
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
            calls: BTreeSet::new(),
            held: Vec::new(),
            turns: VecDeque::from([None]),
            several: BTreeMap::new(),
            checkup_is_over: false,
            known: BTreeSet::new(),
            reflexive: None,
            stopping: false,
        }
    }

    /// Reads a fact of the checkup's on its way out.
    fn learn(&mut self, by: &Origin, fact: &Fact) {
        let Some(uri) = &by.uri else { return };
        if let Fact::Stun(StunFact::Mapped { transport: Transport::Udp, server, .. }) = fact {
            let (uri, server, transport, server_name) = (uri.clone(), *server, Transport::Udp, String::new());
            self.reflexive.get_or_insert(IceServer { uri, server, transport, server_name, relaying: None });
        }
        if by.question != Question::Relay {
            return;
        }
        match fact {
            Fact::Turn(TurnFact::Allocated { transport, server, .. }) => self.hold(uri, *server, *transport),
            Fact::Turn(TurnFact::Released { transport, server, .. }) => {
                self.release(|held| (held.relay.server, held.relay.transport) == (*server, *transport))
            }
            _ => {}
        }
    }

    fn hold(&mut self, uri: &str, server: SocketAddr, transport: Transport) {
        if self.known.len() >= MOST_CALLS || !self.known.insert((server, transport)) {
            return;
        }
        let planned = self.plan.servers.iter().find(|planned| planned.target.uri() == uri);
        if let Some(planned) = planned {
            let (target, credentials) = (planned.target.clone(), planned.credentials.clone());
            let mut config = RelayConfig::new(target, server, credentials, self.plan.unix_now);
            config.insecure = self.plan.insecure;
            self.several.entry(server.ip()).or_insert(config);
        }
        self.held.extend(planned.map(|planned| {
            let relays = RelayAccess {
                credentials: planned.credentials.clone(),
                insecure: self.plan.insecure,
                unix_now: self.plan.unix_now,
            };
            let server_name = planned.target.host.clone();
            let relay = IceServer { uri: uri.to_owned(), server, transport, server_name, relaying: Some(relays) };
            // A relay over UDP tells it itself.
            let reflexive = self.reflexive.clone().filter(|_| transport != Transport::Udp);
            RelayRoute { uri: uri.to_owned(), relay, reflexive }
        }));
    }

    fn release(&mut self, is_it: impl Fn(&RelayRoute) -> bool) {
        let (released, held) = std::mem::take(&mut self.held).into_iter().partition(is_it);
        self.held = held;
        let released: Vec<RelayRoute> = released;
        self.turns.extend(released.into_iter().map(Some));
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
        while self.calls.len() < most
            && let Some(through) = self.turns.pop_front()
        {
            let call = LoopbackCall::new(through, self.plan.is_loopback(), self.rng.fork());
            let interfaces = Input::Interfaces(self.interfaces.clone());
            let child = self.children.add(self.now, CheckupPart::Call(Box::new(call)), interfaces);
            self.calls.insert(child);
        }
        if self.checkup_is_over && self.calls.is_empty() {
            for config in std::mem::take(&mut self.several).into_values() {
                let probe = SeveralProbe::new(config, self.rng.fork());
                let interfaces = Input::Interfaces(self.interfaces.clone());
                self.children.add(self.now, CheckupPart::Several(Box::new(probe)), interfaces);
            }
        }
    }

    fn child_finished(&mut self, child: ChildId) {
        if !self.calls.remove(&child) {
            // The checkup is over: what it has not given back by now it has lost.
            self.release(|_| true);
            self.checkup_is_over = true;
        }
        self.advance();
    }

    fn stop_calls(&mut self) {
        let now = self.now;
        for call in std::mem::take(&mut self.calls) {
            self.children.with(call, |part| part.handle(now, Input::Stop));
        }
        self.turns.clear();
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
                    let is_calling = !self.calls.is_empty();
                    return Output::Wait(if is_calling { wake.or(Wake::At(Instant::after_start(end))) } else { wake });
                }
                (_, output) => return output,
            }
        }
    }
}

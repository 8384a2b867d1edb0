//! Does the proxy that this machine is set to use lead to a TURN server, and does that relay? (RFC 9110 §9.3.6, RFC 1928)
//!
//! Browsers carry TURN over TCP and TLS through it. What is seen behind it is one fact of its own: a server that answers
//! there says nothing of the way without the proxy.

use super::{RelayConfig, RelayProbe};
use crate::machine::{Input, Instant, Machine, Output, Proxy, ProxySetting, QueryId, Rng, Wake};
use crate::model::{
    DnsKind, DnsRecord, Fact, Failure, FailureMessage, Leg, Method, Millis, Origin, ProxyReach, Question, StreamFact,
    StunFact, TurnFact,
};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

/// The types of address in the order of their queries.
const KINDS: [DnsKind; 2] = [DnsKind::A, DnsKind::Aaaa];

/// A relay's trial through a proxy, told as one fact. It begins with its first input.
pub struct ProxyProbe {
    setting: ProxySetting,
    config: RelayConfig,
    rng: Rng,
    /// The queries for the proxy's own addresses that are still out.
    asking: usize,
    trial: Option<RelayProbe>,
    began: Option<Instant>,
    now: Instant,
    proxy: Option<SocketAddr>,
    reached: Option<ProxyReach>,
    crossed: (bool, bool),
    failure: Option<Failure>,
    over: bool,
    out: VecDeque<Output>,
}

impl ProxyProbe {
    /// The trial of `config` through a proxy.
    pub fn new(setting: ProxySetting, config: RelayConfig, rng: Rng) -> Self {
        Self {
            setting,
            config,
            rng,
            asking: 0,
            trial: None,
            began: None,
            now: Instant::START,
            proxy: None,
            reached: None,
            crossed: (false, false),
            failure: None,
            over: false,
            out: VecDeque::new(),
        }
    }

    fn begin(&mut self) {
        self.began = Some(self.now);
        if let Ok(address) = self.setting.host.parse() {
            return self.try_through(address);
        }
        self.asking = KINDS.len();
        for (number, kind) in (0..).zip(KINDS) {
            self.out.push_back(Output::Resolve { query: QueryId(number), name: self.setting.host.clone(), kind });
        }
    }

    /// The first address that comes is taken: a proxy is of this network, where one family serves as well as the other.
    fn resolved(&mut self, answer: Result<Vec<DnsRecord>, impl Sized>) {
        self.asking = self.asking.saturating_sub(1);
        let address = answer.into_iter().flatten().find_map(|record| match record {
            DnsRecord::Address(address) => Some(address),
            DnsRecord::Service { .. } => None,
        });
        match address {
            _ if self.trial.is_some() => {}
            Some(address) => self.try_through(address),
            None if self.asking == 0 => {
                let host = self.setting.host.clone();
                self.failure = Some(Failure::Other { message: FailureMessage::NoAddress { host } });
                self.conclude();
            }
            None => {}
        }
    }

    fn try_through(&mut self, address: IpAddr) {
        let at = SocketAddr::new(address, self.setting.port);
        let proxy = Proxy { kind: self.setting.kind, at, login: self.setting.login.clone() };
        self.proxy = Some(at);
        let mut trial = RelayProbe::new(self.config.clone().through(proxy), self.rng.fork());
        trial.handle(self.now, Input::Interfaces(Vec::new()));
        self.trial = Some(trial);
    }

    fn reach(&mut self, reached: ProxyReach) {
        self.reached = self.reached.max(Some(reached));
    }

    fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::Stream(StreamFact::NotConnected { failure, .. }) => self.failure = Some(failure),
            Fact::Turn(TurnFact::Challenged { .. })
            | Fact::Stun(StunFact::Refused { method: Method::Allocate, .. }) => self.reach(ProxyReach::Answered),
            Fact::Turn(TurnFact::Allocated { .. }) => self.reach(ProxyReach::Allocated),
            Fact::Turn(TurnFact::Crossed { leg, .. }) => {
                match leg {
                    Leg::In => self.crossed.0 = true,
                    Leg::Out => self.crossed.1 = true,
                }
                if self.crossed == (true, true) {
                    self.reach(ProxyReach::Relayed);
                }
            }
            _ => {}
        }
    }

    fn conclude(&mut self) {
        let target = &self.config.target;
        let by = Origin { question: Question::Proxy, uri: Some(target.into()) };
        let fact = Fact::Stream(StreamFact::Proxied {
            transport: target.transport,
            proxy: self.proxy,
            reached: self.reached,
            failure: self.failure.take(),
            took_ms: Millis::from(self.now.since(self.began.unwrap_or(self.now))),
        });
        self.out.push_back(Output::Observe { by, fact });
        (self.trial, self.over) = (None, true);
    }
}

impl Machine for ProxyProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        match (input, &mut self.trial) {
            _ if self.over => {}
            (Input::Resolved { answer, .. }, _) => self.resolved(answer),
            (input, Some(trial)) => trial.handle(now, input),
            (Input::Stop, None) => self.over = true,
            (_, None) if self.began.is_none() => self.begin(),
            (_, None) => {}
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            if let Some(output) = self.out.pop_front() {
                return output;
            }
            match self.trial.as_mut().map(Machine::poll) {
                None => return Output::Wait(if self.over { Wake::Finished } else { Wake::OnInput }),
                Some(Output::Observe { fact, .. }) => self.learn(fact),
                Some(Output::Wait(Wake::Finished)) => self.conclude(),
                Some(output) => return output,
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! Does a call run between two ends on this machine, directly or forced through a relay?
//!
//! Two [`CallTrial`]s exchange in memory what two ends say in a room. Through a relay both have nothing but relayed
//! addresses, so that what this network does to other traffic has no part in it. A server that does not relay between
//! two of its own allocations is tried once more, with one end that uses all candidates that it has. The agents' own
//! observations are not reported; those of the controlling end about the call are.

use super::call_config::CallConfig;
use super::call_trial::CallTrial;
use crate::ice::{self, Agent, IceServer, OUR_PACE, Policy, RemoteCandidate};
use crate::machine::{ChildId, Children, Input, Instant, Machine, Output, Rng, Wake};
use crate::model::{
    CallBreak, CallFact, Candidate, CandidateType, Fact, IceFact, Interface, Origin, Question, Role, ServerUri, Teller,
    may_be_sent_to,
};
use crate::signal::{Sdp, SessionDescription};
use std::net::SocketAddr;
use std::time::Duration;

/// The time for the whole call: two allocations at a round trip of a second, checks, DTLS and media.
const LIMIT: Duration = Duration::from_secs(8);

/// If no pair works by then none will, on a line on which an allocation takes no longer than is usual.
const PAIR_LIMIT: Duration = Duration::from_secs(3);

/// An allocation takes two round trips; permission for the other end takes one, and a check through two relays two in each
/// direction, whose first copy may be lost.
const PAIR_LIMIT_ALLOCATIONS: u32 = 5;

/// The time for the ends to shut down.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(1200);

/// What a call with oneself is to be like: long enough for fifty packets of speech, thin enough to run beside a
/// checkup.
pub const OWN_CALL: CallConfig = CallConfig {
    roam: false,
    duration: Duration::from_millis(800),
    first_bps: 300_000,
    video_bps: 300_000,
    handshake: Duration::from_millis(3500),
    silence: Duration::from_secs(3),
};

/// The relay that a call with oneself is forced through.
#[derive(Clone, Debug)]
pub struct RelayRoute {
    /// The server's URI as the user gave it.
    pub uri: ServerUri,
    /// The relay, by the address and transport that are tried.
    pub relay: IceServer,
    /// Who tells an end outside the relay its public address over UDP, which the relay has to permit.
    pub reflexive: Option<IceServer>,
}

/// What one end says to the other.
enum LoopbackSignal {
    Candidate(RemoteCandidate),
    End,
}

/// A call of this machine with itself. It begins with its first input, which must be the interfaces.
pub struct LoopbackCall {
    through: Option<RelayRoute>,
    loopback: bool,
    rng: Rng,
    now: Instant,
    interfaces: Vec<Interface>,
    ends: Option<[ChildId; 2]>,
    /// Signals for each end, kept until it has a relayed candidate of its own: only then does it know that it is on
    /// loopback, where it is.
    waiting: [Vec<LoopbackSignal>; 2],
    may_be_signalled: [bool; 2],
    children: Children<CallTrial>,
    began: Option<Instant>,
    /// When the first end had a relay.
    allocated: Option<Instant>,
    until: Option<Instant>,
    shutting_down: bool,
    /// Whether it is tried once more when the first try is over, and whether that has been done.
    tries_again: bool,
    is_second: bool,
    over: bool,
}

impl LoopbackCall {
    /// A call directly, or through this relay. `loopback` says that addresses of loopback are candidates where there
    /// are no others.
    pub fn new(through: Option<RelayRoute>, loopback: bool, rng: Rng) -> Self {
        Self {
            through,
            loopback,
            rng,
            now: Instant::START,
            interfaces: Vec::new(),
            ends: None,
            waiting: [Vec::new(), Vec::new()],
            may_be_signalled: [false; 2],
            children: Children::default(),
            began: None,
            allocated: None,
            until: None,
            shutting_down: false,
            tries_again: false,
            is_second: false,
            over: false,
        }
    }

    fn begin(&mut self) {
        let now = self.now;
        let interfaces = Input::Interfaces(self.interfaces.clone());
        (self.waiting, self.may_be_signalled) = Default::default();
        (self.began, self.allocated, self.until) = (Some(now), None, Some(now + LIMIT));
        let ends = [Role::Controlling, Role::Controlled].map(|role| {
            let policy = match (&self.through, role) {
                (None, _) => Policy::HostOnly,
                (Some(_), Role::Controlling) => Policy::RelayOnly,
                (Some(_), Role::Controlled) if self.is_second => Policy::All,
                (Some(_), Role::Controlled) => Policy::RelayOnly,
            };
            let (passive_tcp, mdns, loopback) = (false, false, self.loopback);
            let config = ice::Config { role, policy, passive_tcp, mdns, loopback, patience: Duration::ZERO };
            let mut agent = Agent::new(config, self.rng.fork());
            if let Some(through) = &self.through {
                agent.add_server(now, through.relay.clone());
                if let Some(reflexive) = through.reflexive.clone().filter(|_| policy == Policy::All) {
                    agent.add_server(now, reflexive);
                }
            }
            agent.no_more_servers();
            let trial = CallTrial::new(now, agent, Some(OWN_CALL));
            self.children.add(now, trial, interfaces.clone())
        });
        self.ends = Some(ends);
        if self.describe().is_none() {
            self.shut_down();
        }
    }

    /// Exchanges offer and answer at once; None where the two cannot agree, which they report.
    fn describe(&mut self) -> Option<()> {
        let [first, second] = self.ends?;
        let pace = u32::try_from(OUR_PACE.as_millis()).ok()?;
        let offer = self.children.with(first, |trial| trial.offer(pace))??;
        let answer = self.children.with(second, |trial| trial.answer(&offer, pace))??;
        self.children.with(first, |trial| trial.accept(&answer))?;
        self.introduce(first, &answer)?;
        self.introduce(second, &offer)
    }

    fn introduce(&mut self, end: ChildId, sdp: &Sdp) -> Option<()> {
        let SessionDescription { ufrag, pwd, lite, .. } = SessionDescription::read(&sdp.0).ok()?;
        let credentials = ice::IceCredentials::new(&ufrag, pwd.as_str())?;
        let (now, description) = (self.now, ice::RemoteDescription { credentials, lite, pace: Some(OUR_PACE) });
        self.children.with(end, |trial| trial.agent_mut().set_remote(now, description))
    }

    /// Hands to each end what the other has found; true where there was something.
    fn signal_events(&mut self) -> bool {
        let Some(ends) = self.ends else { return false };
        let mut passed = false;
        for (from, end) in ends.into_iter().enumerate() {
            while self.children.get(end).is_some_and(|trial| trial.agent().has_events())
                && let Some(event) = self.children.with(end, |trial| trial.agent_mut().poll_event()).flatten()
            {
                passed = true;
                match event {
                    ice::Event::Candidate { candidate, name } => {
                        if candidate.kind == CandidateType::Relay {
                            self.allocated.get_or_insert(self.now);
                        }
                        self.may_be_signalled[from] |= candidate.kind == CandidateType::Relay || self.through.is_none();
                        if !self.may_be_checked(&candidate) {
                            continue;
                        }
                        let line = ice::write(&candidate, name.as_deref(), None);
                        self.waiting[1 - from].extend(RemoteCandidate::parse(&line).map(LoopbackSignal::Candidate));
                    }
                    ice::Event::Gathered => {
                        self.may_be_signalled[from] = true;
                        self.waiting[1 - from].push(LoopbackSignal::End);
                    }
                    // The network has changed: what would be measured is another one.
                    ice::Event::Restarted => self.shut_down(),
                }
            }
        }
        let now = self.now;
        for (to, end) in ends.into_iter().enumerate().filter(|(to, _)| self.may_be_signalled[*to]).collect::<Vec<_>>() {
            for signal in std::mem::take(&mut self.waiting[to]) {
                passed = true;
                self.children.with(end, |trial| match signal {
                    LoopbackSignal::Candidate(candidate) => trial.agent_mut().add_remote_candidate(now, candidate),
                    LoopbackSignal::End => trial.agent_mut().end_of_remote_candidates(now),
                });
            }
        }
        passed
    }

    /// Whether the other end may send to a candidate, which for a relayed one is what the relay's server says.
    fn may_be_checked(&self, candidate: &Candidate) -> bool {
        let teller = self.through.as_ref().map(|route| Teller::Server(route.relay.server.ip()));
        let told = SocketAddr::new(candidate.address, candidate.port);
        candidate.kind != CandidateType::Relay || teller.is_none_or(|teller| may_be_sent_to(told, teller))
    }

    fn shut_down(&mut self) {
        if !std::mem::replace(&mut self.shutting_down, true) {
            self.until = Some(self.now + RELEASE_TIMEOUT);
            self.children.handle(self.now, Input::Stop);
        }
    }

    fn is_connected(&self) -> bool {
        let mut ends = self.ends.into_iter().flatten().filter_map(|end| self.children.get(end));
        ends.all(|trial| trial.agent().can_send())
    }

    /// Until when there must be a pair.
    fn pair_due(&self) -> Option<Instant> {
        let began = self.began?;
        let allocation = self.allocated.map_or(Duration::ZERO, |allocated| allocated.since(began));
        Some(began + PAIR_LIMIT.max(allocation * PAIR_LIMIT_ALLOCATIONS))
    }

    fn advance(&mut self) {
        let is_late = self.until.is_some_and(|until| self.now >= until);
        if self.shutting_down {
            let is_apart = is_late || self.children.is_empty();
            if is_apart && std::mem::take(&mut self.tries_again) {
                (self.shutting_down, self.is_second) = (false, true);
                return self.begin();
            }
            self.over |= is_apart;
            return;
        }
        let ends = self.ends.into_iter().flatten();
        let has_called = ends.map(|end| self.children.get(end)).all(|trial| trial.is_none_or(CallTrial::has_called));
        let is_hopeless = self.pair_due().is_some_and(|due| self.now >= due) && !self.is_connected();
        self.tries_again = is_hopeless && !self.is_second && self.through.is_some();
        if is_late || is_hopeless || self.ends.is_some() && has_called {
            self.shut_down();
        }
    }

    fn own_wake(&self) -> Wake {
        let pair = self.pair_due().filter(|at| *at > self.now && !self.shutting_down);
        [pair, self.until].into_iter().flatten().min().map_or(Wake::OnInput, Wake::At)
    }

    /// The fact of this call that an inner end's fact amounts to; None where it is no fact of this call.
    fn own_fact(&mut self, by: &Origin, mut fact: Fact) -> Option<Output> {
        if let Fact::Call(CallFact::CallBroken(CallBreak::DtlsSilent { heard_there, .. })) = &mut fact {
            let other = self.ends.and_then(|[_, second]| self.children.get(second));
            *heard_there = other.and_then(CallTrial::handshake_received);
        }
        let is_of_call = by.question == Question::Call || matches!(fact, Fact::Ice(IceFact::Nominated { .. }));
        let uri = self.through.as_ref().map(|through| through.uri.clone());
        is_of_call.then_some(Output::Observe { by: Origin { question: Question::OwnCall, uri }, fact })
    }
}

impl Machine for LoopbackCall {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        match input {
            Input::Interfaces(interfaces) if self.ends.is_none() => {
                self.interfaces = interfaces;
                self.begin();
            }
            Input::Stop => {
                self.shut_down();
                self.tries_again = false;
            }
            input => self.children.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            if self.over {
                return Output::Wait(Wake::Finished);
            }
            match self.children.poll() {
                (Some(child), Output::Observe { by, fact }) => {
                    if self.ends.is_some_and(|[first, _]| first == child)
                        && let Some(signal) = self.own_fact(&by, fact)
                    {
                        return signal;
                    }
                }
                (Some(_), Output::Wait(_)) => {}
                (None, Output::Wait(wake)) => {
                    let passed = self.signal_events();
                    self.advance();
                    if !passed && !self.over && self.children.is_settled() {
                        return Output::Wait(self.own_wake().or(wake));
                    }
                }
                (_, output) => return output,
            }
        }
    }
}

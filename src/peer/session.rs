//! One end of a call, from joining to shutting down: which candidate pairs work, and what did the other end see?
//!
//! The checkup of this machine's own network and the ICE agent run side by side. The agent begins when the other end is
//! there, since what a NAT opens for a candidate does not wait. Whoever came first offers and controls (RFC 8445
//! §6.1.1, RFC 3264). When everything is judged each end sends the other its whole record, so that both judge the same;
//! until the other end has said that it is done, its checks are answered. What is seen meanwhile goes across in one more
//! record: else the end that judges last would not know of a check of its own that was answered late.
//!
//! Where a person carries the descriptions (`by_hand`) there is one each way, with every candidate in it, and no record
//! is exchanged: each end knows only its own half.
//!
//! | file | what it does |
//! |---|---|
//! | negotiation | what is sent to the other end, and what comes from it |
//! | misplaced | what becomes of an offer or an answer that comes where it cannot be taken |
//! | parts | the machines that a session drives |
//! | renewal | which servers take the place of those whose credentials run out |
//! | waiting | what of the other end's is waited for, and for how long |
//! | ledger | what the other end may cost this one |

mod ledger;
mod misplaced;
mod negotiation;
mod parts;
mod renewal;
#[cfg(test)]
mod tests;
mod waiting;

use super::call_config::CallConfig;
use super::call_trial::CallTrial;
use crate::ice::{self, IceServer, Policy};
use crate::machine::{ChildId, Children, Input, Instant, Machine, OfferedServer, Output, Rng, Signalled, Slot, Wake};
use crate::model::{DnsFact, Fact, Interface, Origin, Question, Record, Role, RunFact, ServerUri, Tool};
use crate::probe::{Checkup, Plan};
use negotiation::Negotiation;
use parts::SessionPart;
use renewal::{ice_server, planned, renew};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// The time from the other end's joining until the verdict. A hundred pairs at one check each 10 ms, and ten checks
/// each, take 10 s; four times that where a lossy control asks for more copies, or the other end is slower.
const CHECKING_LIMIT: Duration = Duration::from_secs(45);

/// How long the other end may take to send its record once ours is sent: its checkup may still be running.
const RECORD_LIMIT: Duration = Duration::from_secs(20);

/// How long the other end's last record is waited for once both have judged everything: it has nothing more to do but to send
/// it.
const LAST_RECORD_LIMIT: Duration = Duration::from_secs(3);

/// The time within which allocations are released; later ones are left to expire.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(2);

/// An end that cannot say when it is done is taken for done when its checks have stopped for this long.
const QUIET: Duration = Duration::from_secs(5);

/// How long an end whose description a person carries goes on checking before it calls a pair silent: a person has to carry its
/// answer back, and a NAT forgets whoever does not send for 30 s.
const BY_HAND_PATIENCE: Duration = Duration::from_secs(600);

/// How one end makes its half of a call.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whom the checkup asks; the agent gathers from the same servers. Where it names none, those that the
    /// room offers are asked.
    pub plan: Plan,
    /// Which candidates are offered.
    pub policy: Policy,
    /// Take TCP connections too (RFC 6544).
    pub passive_tcp: bool,
    /// Hide host addresses behind names of the local link.
    pub mdns: bool,
    /// A person carries one description each way.
    pub by_hand: bool,
    /// What call is made over the pair that is found; None to check pairs only. By hand none is made: the code that a
    /// person carries has no room for one.
    pub call: Option<CallConfig>,
}

/// How far it has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionPhase {
    /// Waiting for the other end, or for the signalling channel to it.
    Waiting,
    /// Candidates are gathered and pairs checked.
    Checking { until: Instant },
    /// Our record is sent; theirs is still to come.
    Reported { until: Instant },
    /// Allocations are being released.
    ShuttingDown { until: Instant },
}

/// What is known of the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PeerState {
    Awaited,
    There,
    /// It has judged everything and sent its record; one more follows once we have done the same.
    Judged,
    /// It has sent everything.
    Done,
    /// The signalling channel to it is lost; it may be there all the same.
    OutOfHearing,
    Gone,
}

/// One end of a call. Begins with its first input, which must be the interfaces.
pub struct Session {
    config: Config,
    rng: Rng,
    now: Instant,
    interfaces: Option<Vec<Interface>>,
    is_begun: bool,
    slot: Option<Slot>,
    phase: SessionPhase,
    other: PeerState,
    children: Children<SessionPart>,
    checkup: Option<ChildId>,
    agent: Option<ChildId>,
    /// Servers that were located before there was an agent.
    located: Vec<IceServer>,
    servers_complete: bool,
    negotiation: Negotiation,
    /// That the other end's candidates are waited for was told.
    has_told_waiting: bool,
    /// When the other end and this one were both there.
    met_at: Option<Instant>,
    ours: Record,
    theirs: Option<Record>,
    their_tool: Option<Tool>,
    out: VecDeque<Output>,
}

impl Session {
    /// An end that waits for the other. The same `rng` says the same.
    pub fn new(config: Config, mut rng: Rng) -> Self {
        Self {
            negotiation: Negotiation::new(&mut rng),
            config,
            rng,
            now: Instant::START,
            interfaces: None,
            is_begun: false,
            slot: None,
            phase: SessionPhase::Waiting,
            other: PeerState::Awaited,
            children: Children::default(),
            checkup: None,
            agent: None,
            located: Vec::new(),
            servers_complete: false,
            has_told_waiting: false,
            met_at: None,
            ours: Record::default(),
            theirs: None,
            their_tool: None,
            out: VecDeque::new(),
        }
    }

    /// What was observed here, and the record and the tool of the other end, if it sent them.
    pub fn into_records(self) -> (Record, Option<(Record, Tool)>) {
        let tool = self.their_tool.unwrap_or_else(|| Tool { name: String::new(), version: String::new() });
        (self.ours, self.theirs.map(|record| (record, tool)))
    }

    /// The records by now, of a session that goes on.
    pub fn records(&self) -> (&Record, Option<&Record>) {
        (&self.ours, self.theirs.as_ref())
    }

    fn observe(&mut self, fact: Fact) {
        let is_of_servers = matches!(fact, Fact::Configuration(_));
        let question = if is_of_servers { Question::Configuration } else { Question::Signalling };
        let by = Origin { question, uri: None };
        self.record(&by, &fact);
        self.out.push_back(Output::Observe { by, fact });
    }

    fn record(&mut self, by: &Origin, fact: &Fact) {
        self.ours.observe(self.now.since_start(), by.clone(), fact.clone());
    }

    fn agent(&self) -> Option<&ice::Agent> {
        self.children.get(self.agent?).and_then(SessionPart::agent)
    }

    /// Calls a method of the agent; None where there is no agent, or none any more.
    fn with_agent<T>(&mut self, speak: impl FnOnce(&mut ice::Agent) -> T) -> Option<T> {
        self.children.with(self.agent?, |part| part.agent_mut().map(speak)).flatten()
    }

    fn with_trial<T>(&mut self, speak: impl FnOnce(&mut CallTrial) -> T) -> Option<T> {
        self.children.with(self.agent?, |part| part.trial_mut().map(speak)).flatten()
    }

    /// Begins the checkup, once it is known which servers to ask: a room offers its own before the slot is taken.
    fn begin(&mut self) {
        let Some(interfaces) = self.interfaces.clone() else { return };
        if self.is_begun || self.slot.is_none() && self.other == PeerState::Awaited {
            return;
        }
        self.is_begun = true;
        let targets = self.config.plan.servers.iter().map(|planned| planned.target.clone());
        self.ours.targets = targets.collect();
        self.ours.whole_list = self.config.plan.whole_list;
        let checkup = Checkup::new(self.config.plan.clone(), self.rng.fork()).beside_an_agent();
        let checkup = SessionPart::Checkup(Box::new(checkup));
        self.checkup = Some(self.children.add(self.now, checkup, Input::Interfaces(interfaces)));
        self.start_agent();
    }

    /// Begins to gather, once this machine's addresses are known and the other end is there.
    fn start_agent(&mut self) {
        let (Some(interfaces), Some(slot)) = (self.interfaces.clone(), self.slot) else { return };
        if self.agent.is_some() || self.other != PeerState::There || self.phase != SessionPhase::Waiting {
            return;
        }
        let role = match slot {
            Slot::First => Role::Controlling,
            Slot::Second => Role::Controlled,
        };
        let by_hand = self.config.by_hand;
        let config = ice::Config {
            role,
            policy: self.config.policy,
            passive_tcp: self.config.passive_tcp,
            mdns: self.config.mdns,
            loopback: true,
            patience: if by_hand { BY_HAND_PATIENCE } else { Duration::ZERO },
        };
        let call = self.config.call.filter(|_| !by_hand);
        let limit = if by_hand { CHECKING_LIMIT + BY_HAND_PATIENCE } else { CHECKING_LIMIT };
        let limit = limit + call.map_or(Duration::ZERO, |call| call.duration);
        self.phase = SessionPhase::Checking { until: self.now + limit };
        self.met_at = Some(self.now);
        let mut agent = ice::Agent::new(config, self.rng.fork());
        for server in self.located.drain(..) {
            agent.add_server(self.now, server);
        }
        let trial = SessionPart::CallTrial(Box::new(CallTrial::new(self.now, agent, call)));
        self.agent = Some(self.children.add(self.now, trial, Input::Interfaces(interfaces)));
        self.start(slot);
    }

    /// A server of the plan has this address.
    fn locate(&mut self, uri: &ServerUri, server: SocketAddr) {
        let plan = &self.config.plan;
        let planned = plan.servers.iter().filter(|planned| uri.is(&planned.target));
        let located: Vec<IceServer> = planned.map(|planned| ice_server(plan, planned, server)).collect();
        let now = self.now;
        for server in located {
            match self.agent {
                Some(_) => drop(self.with_agent(|agent| agent.add_server(now, server))),
                None => self.located.push(server),
            }
        }
    }

    /// Tells the agent when all names have been looked up.
    fn count_servers(&mut self) {
        let checkup = self.checkup.and_then(|checkup| self.children.get(checkup)).and_then(SessionPart::checkup);
        let is_resolving = checkup.is_some_and(Checkup::is_resolving);
        if !self.servers_complete && self.agent.is_some() && !is_resolving {
            self.servers_complete = true;
            self.with_agent(ice::Agent::no_more_servers);
        }
    }

    fn signalled(&mut self, signalled: Signalled) {
        match signalled {
            Signalled::Offered(offers) => self.accept(offers),
            Signalled::Joined { slot } => {
                self.slot = Some(slot);
                self.begin();
            }
            Signalled::PeerJoined if self.other == PeerState::Awaited => {
                self.other = PeerState::There;
                self.start_agent();
            }
            Signalled::PeerJoined => {}
            Signalled::Message(message) => self.receive(&message),
            Signalled::PeerLeft => self.peer_lost(PeerState::Gone),
            Signalled::Closed => self.peer_lost(PeerState::OutOfHearing),
            Signalled::Renewed(renewed) => renew(self, *renewed),
            Signalled::Observed(fact) => self.observe(*fact),
        }
    }

    fn accept(&mut self, offers: Vec<OfferedServer>) {
        if self.config.plan.servers.is_empty() && !self.is_begun {
            self.config.plan.servers = offers.into_iter().map(planned).collect();
        }
    }

    /// The other end is gone, or no message of it can come any more. Where it is gone it answers no checks, and their silence
    /// says nothing of the network.
    fn peer_lost(&mut self, other: PeerState) {
        if matches!(self.other, PeerState::Done | PeerState::Gone)
            || self.phase == SessionPhase::Waiting && other == PeerState::Gone
        {
            return;
        }
        // It had judged everything: that it waits no longer for us to do so cuts nothing short.
        if self.other == PeerState::Judged {
            self.other = PeerState::Done;
            return;
        }
        let before = std::mem::replace(&mut self.other, other);
        self.tell_ending(before);
        let is_described = self.agent().is_some_and(ice::Agent::is_described);
        if other == PeerState::Gone {
            self.with_trial(CallTrial::peer_left);
        }
        if other == PeerState::Gone || !is_described {
            self.dismiss_agent();
        }
        if self.phase == SessionPhase::Waiting {
            self.phase = SessionPhase::Checking { until: self.now + CHECKING_LIMIT };
            self.begin();
        }
    }

    /// Stops the agent and the call over it, which reports what it has measured by now.
    fn dismiss_agent(&mut self) {
        let now = self.now;
        if let Some(agent) = self.agent {
            self.children.with(agent, |part| part.handle(now, Input::Stop));
        }
    }

    fn stop(&mut self) {
        self.tell_left_out();
        // A checkup that is still there says so itself.
        if self.checkup.is_none() {
            self.observe(Fact::Run(RunFact::Interrupted));
        }
        self.shut_down();
    }

    fn shut_down(&mut self) {
        if !matches!(self.phase, SessionPhase::ShuttingDown { .. }) {
            self.phase = SessionPhase::ShuttingDown { until: self.now + SHUTDOWN_LIMIT };
            self.children.handle(self.now, Input::Stop);
        }
    }

    /// Whether nothing more is to be found out.
    fn is_complete(&self) -> bool {
        let trial = self.agent.and_then(|agent| self.children.get(agent)).and_then(SessionPart::trial);
        trial.is_none_or(CallTrial::is_over) && self.checkup.is_none()
    }

    /// When an end that cannot say that it is done is taken for done: at once, where there is no agent that it could need.
    fn quiet_at(&self) -> Instant {
        let Some(agent) = self.agent() else { return self.now };
        agent.last_received().unwrap_or(self.now) + QUIET
    }

    /// Roams where the other end can be sent the new description.
    fn roam(&mut self) {
        let trial = self.agent.and_then(|agent| self.children.get(agent)).and_then(SessionPart::trial);
        if self.other == PeerState::There && trial.is_some_and(CallTrial::is_to_roam) {
            self.with_trial(CallTrial::roam);
        }
    }

    /// Does what has become due when nothing else is to be done.
    fn advance(&mut self) {
        self.count_servers();
        self.roam();
        self.mind_waiting();
        self.signal_events();
        match self.phase {
            SessionPhase::Waiting => {}
            SessionPhase::Checking { until } => {
                if self.now >= until && self.agent.is_some() {
                    self.observe(self.why_out_of_time());
                    self.dismiss_agent();
                    self.phase = SessionPhase::Checking { until: self.now + RECORD_LIMIT };
                } else if self.is_complete() || self.now >= until {
                    self.end_checking();
                }
            }
            SessionPhase::Reported { until } => {
                self.send_last_record();
                if matches!(self.other, PeerState::Done | PeerState::Gone) || self.now >= until {
                    self.shut_down();
                } else if self.other == PeerState::Judged {
                    self.phase = SessionPhase::Reported { until: until.min(self.now + LAST_RECORD_LIMIT) };
                }
            }
            SessionPhase::ShuttingDown { .. } => {}
        }
    }

    /// Everything on this side is known: the record is sent, where it can be.
    fn end_checking(&mut self) {
        self.tell_left_out();
        let can_hear =
            matches!(self.other, PeerState::There | PeerState::Judged | PeerState::Done) && !self.config.by_hand;
        if can_hear {
            self.send_record(self.other == PeerState::There);
        }
        let until = if can_hear { self.now + RECORD_LIMIT } else { self.quiet_at() };
        self.phase = SessionPhase::Reported { until };
    }

    fn is_over(&self) -> bool {
        matches!(self.phase, SessionPhase::ShuttingDown { until } if self.children.is_empty() || self.now >= until)
    }

    fn own_wake(&self) -> Wake {
        match self.phase {
            SessionPhase::Waiting => Wake::OnInput,
            SessionPhase::Checking { until } => Wake::At(self.waits_until().map_or(until, |at| at.min(until))),
            SessionPhase::Reported { until } | SessionPhase::ShuttingDown { until } => Wake::At(until),
        }
    }

    /// Reads a fact on its way out.
    fn learn(&mut self, by: &Origin, fact: &Fact) {
        self.record(by, fact);
        if let (Question::Resolve, Fact::Dns(DnsFact::Located { server }), Some(uri)) = (by.question, fact, &by.uri) {
            self.locate(uri, *server);
        }
    }

    fn child_finished(&mut self, child: ChildId) {
        if self.checkup == Some(child) {
            self.checkup = None;
        } else if self.agent == Some(child) {
            self.agent = None;
        }
    }
}

impl Machine for Session {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        match input {
            Input::Interfaces(interfaces) if self.interfaces.is_none() => {
                self.interfaces = Some(interfaces);
                self.begin();
            }
            Input::Interfaces(interfaces) => {
                self.interfaces = Some(interfaces.clone());
                self.children.handle(now, Input::Interfaces(interfaces));
            }
            Input::Signalled(signalled) => self.signalled(signalled),
            Input::Stop => self.stop(),
            input => self.children.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            if let Some(output) = self.out.pop_front() {
                return output;
            }
            match self.children.poll() {
                (Some(child), Output::Wait(_)) => self.child_finished(child),
                (Some(_), Output::Observe { by, .. }) if !self.negotiation.ledger.keeps(self.now, &by) => {}
                (Some(_), Output::Observe { by, fact }) => {
                    self.learn(&by, &fact);
                    return Output::Observe { by, fact };
                }
                (None, Output::Wait(wake)) => {
                    if self.is_over() {
                        return Output::Wait(Wake::Finished);
                    }
                    let before = self.phase;
                    self.advance();
                    if self.out.is_empty() && self.phase == before && self.children.is_settled() {
                        let wake = if wake == Wake::Finished { Wake::OnInput } else { wake };
                        return Output::Wait(self.own_wake().or(wake));
                    }
                }
                (_, output) => return output,
            }
        }
    }
}

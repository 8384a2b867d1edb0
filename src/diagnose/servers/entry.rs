//! One server's way through the stages, told fact by fact.

use super::errors;
use crate::diagnose::turn::{self, Before};
use crate::model::{
    Asked, Code, Fact, Failure, Leg, Method, Millis, Observation, ObservationId, Question, Reason, Refusal, Scope,
    Server, ServerError, Stage, StageOutcome, Step, StreamFact, StunFact, Target, Text, Tls, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// The stages of a relay.
const OF_A_RELAY: [Step; 8] = [
    Step::Challenge,
    Step::Allocate,
    Step::Permission,
    Step::RelayIn,
    Step::Channel,
    Step::RelayOut,
    Step::Refresh,
    Step::Release,
];

/// The stages that a target goes through.
fn expected(target: &Target) -> Vec<Step> {
    let mut steps = Vec::new();
    if target.literal().is_none() {
        steps.push(Step::Resolve);
    }
    if matches!(target.transport, Transport::Tcp | Transport::Tls) {
        steps.push(Step::Connect);
    }
    if target.transport == Transport::Tls {
        steps.push(Step::Tls);
    }
    if target.scheme.relays() {
        steps.extend(OF_A_RELAY);
    } else {
        steps.push(Step::Binding);
    }
    steps
}

#[derive(Clone, Debug)]
struct Came {
    outcome: StageOutcome,
    ms: Option<Millis>,
    error: Option<ServerError>,
    id: ObservationId,
}

/// One address of one target, as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct ServerEntry<'a> {
    pub target: &'a Target,
    pub address: Option<SocketAddr>,
    came: BTreeMap<Step, Came>,
    /// An answer that could not be used; its stage's error where no other answer came.
    odd: BTreeMap<Step, (ServerError, ObservationId)>,
    redirected_to: Option<SocketAddr>,
    software: Option<Text>,
    tls: Option<Tls>,
}

impl<'a> ServerEntry<'a> {
    pub(crate) fn new(target: &'a Target, address: Option<SocketAddr>) -> Self {
        Self {
            target,
            address,
            came: BTreeMap::new(),
            odd: BTreeMap::new(),
            redirected_to: None,
            software: None,
            tls: None,
        }
    }

    pub(crate) fn pass(&mut self, step: Step, ms: Option<Millis>, id: ObservationId) {
        let ms = ms.filter(|ms| ms.is_finite());
        let came = self.came.entry(step).or_insert(Came { outcome: StageOutcome::Passed, ms, error: None, id });
        if came.outcome != StageOutcome::Passed {
            *came = Came { outcome: StageOutcome::Passed, ms, error: None, id };
        }
    }

    /// What has passed stays passed: an allocation of the other family may fail without harm to the first.
    pub(crate) fn fail(&mut self, step: Step, error: ServerError, id: ObservationId) {
        let outcome = if error.code == Code::ServerSilent { StageOutcome::Silent } else { StageOutcome::Failed };
        self.came.entry(step).or_insert(Came { outcome, ms: None, error: Some(error), id });
    }

    pub(crate) fn passed(&self, step: Step) -> bool {
        self.came.get(&step).is_some_and(|came| came.outcome == StageOutcome::Passed)
    }

    /// The stage that is under way; None where all is done.
    fn current(&self) -> Option<Step> {
        expected(self.target).into_iter().find(|step| *step != Step::Resolve && !self.passed(*step))
    }

    fn fail_here(&mut self, error: ServerError, id: ObservationId) {
        if let Some(step) = self.current() {
            self.fail(step, error, id);
        }
    }

    fn step_of(&self, method: Method) -> Step {
        match method {
            Method::Binding => Step::Binding,
            Method::Allocate if self.passed(Step::Challenge) => Step::Allocate,
            Method::Allocate => Step::Challenge,
            Method::CreatePermission => Step::Permission,
            Method::ChannelBind => Step::Channel,
            Method::Refresh if self.passed(Step::Refresh) => Step::Release,
            Method::Refresh => Step::Refresh,
        }
    }

    /// Takes in a fact about this server. `redirected_back` says of a 300 that it names a server asked already.
    pub(crate) fn note(&mut self, observation: &Observation, redirected_back: bool) {
        let id = observation.id;
        match &observation.fact {
            Fact::Stream(StreamFact::Connected { took_ms, .. }) => self.pass(Step::Connect, Some(*took_ms), id),
            Fact::Stream(StreamFact::Secured { tls, took_ms, .. }) => {
                // Where the two were not told apart, the time is that of both together.
                self.pass(Step::Connect, tls.connect_ms, id);
                self.pass(Step::Tls, tls.handshake_ms.or(Some(*took_ms)), id);
                self.tls = Some(tls.clone());
            }
            Fact::Stream(StreamFact::NotConnected { failure, tls, .. }) => {
                self.tls = tls.clone().or_else(|| self.tls.take());
                if matches!(failure, Failure::Tls { .. }) {
                    self.pass(Step::Connect, tls.as_ref().and_then(|tls| tls.connect_ms), id);
                    // A client's part of the handshake is over before the server refuses it (RFC 8446 §4.4.2.4).
                    self.came.remove(&Step::Tls);
                    self.fail(Step::Tls, errors::failure(failure), id);
                } else {
                    self.fail_here(errors::failure(failure), id);
                }
            }
            Fact::Stream(StreamFact::Ended { buffered_bytes, .. }) => {
                let reason = match buffered_bytes {
                    0 => Reason::default(),
                    bytes => Refusal::Unfinished { bytes: *bytes }.into(),
                };
                self.fail_here(errors::error(Code::ServerClosed, reason), id);
            }
            Fact::Stun(StunFact::Mapped { rtt_ms, software, .. }) => {
                self.pass(Step::Binding, *rtt_ms, id);
                self.software = self.software.take().or_else(|| software.clone());
            }
            Fact::Stun(StunFact::Silent { method, asked: Asked::Plain, .. }) => {
                self.fail(self.step_of(*method), errors::silent(), id)
            }
            Fact::Stun(StunFact::Refused { method, asked: Asked::Plain, code, reason, alternate, .. }) => {
                self.fail(self.step_of(*method), self.refusal(*method, *code, reason, redirected_back), id);
                self.redirected_to = alternate.filter(|_| !redirected_back).or(self.redirected_to);
            }
            Fact::Stun(StunFact::Unreachable { local, server, failure, .. })
                if failure.is_by_this_machine(|by| by == local.ip(), server.ip()) =>
            {
                self.fail_here(errors::error(Code::LocalFirewall, errors::failure(failure).reason), id);
            }
            Fact::Stun(StunFact::Unreachable { server, failure, .. }) if failure.is_closed_port_of(server.ip()) => {
                self.fail_here(errors::failure(&Failure::Refused), id);
            }
            Fact::Stun(StunFact::Unreachable { failure, .. }) | Fact::Stun(StunFact::NotOpened { failure, .. }) => {
                self.fail_here(errors::failure(failure), id);
            }
            Fact::Stun(StunFact::Anomalous { transport, anomaly, .. }) => {
                let of_binding = observation.by.question == Question::Binding && *transport == Transport::Udp;
                let step = if of_binding { Some(Step::Binding) } else { self.current() };
                if let (Some(step), Some(error)) = (step, errors::anomaly(anomaly, *transport != Transport::Udp)) {
                    self.odd.entry(step).or_insert((error, id));
                }
            }
            Fact::Turn(TurnFact::Challenged { took_ms, software, .. }) => {
                self.pass(Step::Challenge, Some(*took_ms), id);
                self.software = self.software.take().or_else(|| software.clone());
            }
            Fact::Turn(TurnFact::Allocated { took_ms, .. }) => {
                self.pass(Step::Challenge, None, id);
                self.pass(Step::Allocate, Some(*took_ms), id);
            }
            Fact::Turn(TurnFact::Permitted { took_ms, .. }) => self.pass(Step::Permission, Some(*took_ms), id),
            Fact::Turn(TurnFact::ChannelBound { took_ms, .. }) => self.pass(Step::Channel, Some(*took_ms), id),
            Fact::Turn(TurnFact::Refreshed { took_ms, .. }) => self.pass(Step::Refresh, Some(*took_ms), id),
            Fact::Turn(TurnFact::Released { took_ms, .. }) => self.pass(Step::Release, Some(*took_ms), id),
            Fact::Turn(TurnFact::AllocationLost { .. }) => {
                self.came.remove(&Step::Refresh);
                self.fail(Step::Refresh, errors::error(Code::RelayAllocationLost, Reason::default()), id);
            }
            // What becomes of one kind of datagram is the way's doing.
            Fact::Turn(TurnFact::NotCrossed { class: Some(_), .. })
            | Fact::Turn(TurnFact::Crossed { class: Some(_), bytes: Some(_), .. }) => {}
            Fact::Turn(TurnFact::Crossed { class: Some(_), leg, took_ms, .. }) => {
                let passed = Came { outcome: StageOutcome::Passed, ms: Some(*took_ms), error: None, id };
                self.came.entry(step_of_leg(*leg)).or_insert(passed);
            }
            Fact::Turn(TurnFact::Crossed { bytes: Some(_), took_ms, .. }) => {
                let passed = Came { outcome: StageOutcome::Passed, ms: Some(*took_ms), error: None, id };
                self.came.entry(Step::RelayLarge).or_insert(passed);
            }
            Fact::Turn(TurnFact::NotCrossed { bytes: Some(_), .. }) => {
                // One leg that swallows them is enough.
                let error = Some(errors::error(Code::RelayLargeLost, Reason::default()));
                self.came.insert(Step::RelayLarge, Came { outcome: StageOutcome::Failed, ms: None, error, id });
            }
            Fact::Turn(TurnFact::Crossed { leg: Leg::In, spoken: true, .. }) => {
                let error = Some(errors::error(Code::RelayPortsClosed, Reason::default()));
                self.came.insert(Step::RelayIn, Came { outcome: StageOutcome::Failed, ms: None, error, id });
            }
            Fact::Turn(TurnFact::Crossed { leg, took_ms, .. }) => self.pass(step_of_leg(*leg), Some(*took_ms), id),
            Fact::Turn(TurnFact::NotCrossed { failure: Some(failure @ Failure::Forbidden), leg, .. }) => {
                self.fail(step_of_leg(*leg), errors::failure(failure), id);
            }
            Fact::Turn(TurnFact::NotCrossed { leg, server, relayed, .. }) => {
                let code = match leg {
                    // No wonder, and no firewall's fault.
                    Leg::In if Scope::of(relayed.ip()) < Scope::of(server.ip()) => Code::RelayAddressNotPublic,
                    Leg::In => Code::RelayInLost,
                    Leg::Out => Code::RelayOutLost,
                };
                self.fail(step_of_leg(*leg), errors::error(code, Reason::default()), id);
            }
            _ => {}
        }
    }

    fn refusal(&self, method: Method, stun_code: u16, reason: &Text, redirected_back: bool) -> ServerError {
        let before = if self.passed(Step::Challenge) { Before::Credentials } else { Before::Challenge };
        let code = match method {
            Method::Binding => Code::BindingRefused,
            _ => turn::code_of(method, stun_code, before, redirected_back),
        };
        ServerError { code, stun_code: Some(stun_code), reason: reason.into() }
    }

    /// Whether nothing but its name was asked.
    pub(crate) fn is_untouched(&self) -> bool {
        self.odd.is_empty() && self.came.keys().all(|step| *step == Step::Resolve)
    }

    /// The server that a 300 (Try Alternate) sent us to (RFC 8489 §10).
    pub(crate) fn redirected_to(&self) -> Option<SocketAddr> {
        self.redirected_to
    }

    /// The redirection was followed: it is no failure.
    pub(crate) fn was_followed(&mut self) {
        let is_redirection = |came: &Came| came.error.as_ref().is_some_and(|error| error.code == Code::RelayRedirected);
        self.came.retain(|_, came| !is_redirection(came));
    }

    /// The probe gave up for a reason that it tells only by its code.
    pub(crate) fn gave_up(&mut self, why: Code, id: ObservationId) {
        self.fail_here(errors::error(why, Reason::default()), id);
    }

    /// When its TLS came about.
    pub(crate) fn secured_at(&self) -> Option<ObservationId> {
        self.came.get(&Step::Tls).filter(|came| came.outcome == StageOutcome::Passed).map(|came| came.id)
    }

    /// A TURN server is asked for a binding too. What answers that and keeps silent to a request for an allocation, at the
    /// same address, is a STUN server; and one that serves allocations need not answer bindings.
    fn tell_stun_from_turn(&mut self) {
        if !self.target.scheme.relays() {
            return;
        }
        let is_bound = self.passed(Step::Binding);
        if let Some(challenge) = self.came.get_mut(&Step::Challenge).filter(|came| came.outcome == StageOutcome::Silent)
        {
            if is_bound {
                challenge.error = Some(errors::error(Code::RelayNotOffered, Reason::default()));
            }
        } else if self.came.contains_key(&Step::Challenge)
            && let Some(binding) = self.came.get_mut(&Step::Binding)
            && binding.outcome == StageOutcome::Silent
        {
            binding.error = None;
        }
    }

    /// The server as the document has it, with the observation that its error rests on.
    pub(crate) fn finish(mut self) -> (Server, Option<ObservationId>) {
        for (step, (error, id)) in std::mem::take(&mut self.odd) {
            // An unusable answer says more than the silence that followed it.
            if self.came.get(&step).is_none_or(|came| came.outcome == StageOutcome::Silent) {
                self.came.insert(step, Came { outcome: StageOutcome::Failed, ms: None, error: Some(error), id });
            }
        }
        self.tell_stun_from_turn();
        let mut steps: BTreeSet<Step> = expected(self.target).into_iter().collect();
        steps.extend(self.came.keys());
        let stages = steps.into_iter().map(|step| {
            let came = self.came.get(&step);
            Stage {
                name: step,
                ms: came.and_then(|came| came.ms),
                outcome: came.map_or(StageOutcome::NotTested, |came| came.outcome),
            }
        });
        let first_error = self.came.values().find_map(|came| Some((came.error.clone()?, came.id)));
        let server = Server {
            uri: self.target.into(),
            address: self.address,
            transport: self.target.transport,
            stages: stages.collect(),
            error: first_error.as_ref().map(|(error, _)| error.clone()),
            software: self.software,
            tls: self.tls,
        };
        (server, first_error.map(|(_, id)| id))
    }
}

fn step_of_leg(leg: Leg) -> Step {
    match leg {
        Leg::In => Step::RelayIn,
        Leg::Out => Step::RelayOut,
    }
}

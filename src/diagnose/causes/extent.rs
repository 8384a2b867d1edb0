//! What does a claim cover, and was something heard inside?

use crate::diagnose::view::widest_scope;
use crate::model::{
    CallFact, CallStage, DnsFact, Fact, Family, HostFact, Observation, ObservationId, Question, Record, Scope,
    ServerUri, StreamFact, StunFact, TlsProblem, Transport, TurnFact,
};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// The packets that a claim is about. What is empty narrows nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClaimExtent {
    pub kind: ClaimKind,
    pub family: Option<Family>,
    pub over: &'static [Transport],
    /// Servers no nearer than this: what a server inside the building answers says nothing of the way out.
    pub scope: Option<Scope>,
    pub servers: BTreeSet<SocketAddr>,
    /// What was asked, or called, in the name of these URIs.
    pub uris: BTreeSet<ServerUri>,
}

/// What the packets carry, which decides what a success is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ClaimKind {
    /// STUN and TURN: a success is any answer in them.
    #[default]
    Stun,
    /// TLS certificates: a success is one that was held to be valid.
    Certificates,
    /// DTLS through a relay, in datagrams: a success is a handshake that came to its end.
    Dtls,
    /// A trait of the way, which no single packet refutes.
    Trait,
}

impl ClaimExtent {
    /// Everything that is asked of any server.
    pub(crate) fn everything() -> Self {
        Self::default()
    }

    /// What goes over UDP in one family, to servers of the widest scope in which any were asked.
    pub(crate) fn udp(record: &Record, family: Family) -> Self {
        let scope = Some(widest_scope(record, family));
        Self { family: Some(family), over: &[Transport::Udp], scope, ..Self::default() }
    }

    /// Whether what a fact is about lies inside; None where it is about nothing that a claim covers. This machine's own
    /// interfaces are outside of what it asks.
    fn holds(&self, observation: &Observation) -> Option<bool> {
        let fact = &observation.fact;
        if !self.uris.is_empty() && observation.by.question == Question::OwnCall {
            return Some(observation.by.uri.as_ref().is_some_and(|uri| self.uris.contains(uri)));
        }
        let Some(server) = fact.server() else {
            return match fact {
                Fact::Host(HostFact::Interface(_)) => Some(false),
                Fact::Dns(DnsFact::Resolved { .. }) | Fact::Dns(DnsFact::Unresolved { .. }) => Some(!self.is_narrow()),
                _ => None,
            };
        };
        let is_of_family = self.family.is_none_or(|family| Family::of(server.ip()) == family);
        let is_far_enough = self.scope.is_none_or(|scope| Scope::of(server.ip()) >= scope);
        let is_over = self.over.is_empty() || transport_of(fact).is_none_or(|transport| self.over.contains(&transport));
        let is_of_servers = self.servers.is_empty() || self.servers.contains(&server);
        let is_of_uris = self.uris.is_empty() || observation.by.uri.as_ref().is_some_and(|uri| self.uris.contains(uri));
        Some(is_of_family && is_far_enough && is_over && is_of_servers && is_of_uris)
    }

    fn is_narrow(&self) -> bool {
        self.family.is_some() || self.scope.is_some() || !self.over.is_empty() || self.is_of_single_servers()
    }

    /// Whether it is about servers that are named, and not about all.
    pub(crate) fn is_of_single_servers(&self) -> bool {
        !self.servers.is_empty() || !self.uris.is_empty()
    }

    /// Whether a finding with this evidence is about something inside: something of it lies inside, and nothing outside.
    pub(crate) fn holds_all_of(&self, record: &Record, evidence: &[ObservationId]) -> bool {
        let mut told = seen(record, evidence).filter_map(|seen| self.holds(seen)).peekable();
        told.peek().is_some() && told.all(|is_inside| is_inside)
    }

    /// Whether a finding with this evidence is not about the other address family.
    pub(crate) fn is_of_its_family(&self, record: &Record, evidence: &[ObservationId]) -> bool {
        let Some(family) = self.family else { return true };
        let mut servers = seen(record, evidence).filter_map(|seen| seen.fact.server()).peekable();
        servers.peek().is_none() || servers.any(|server| Family::of(server.ip()) == family)
    }

    /// Whether something of the kind succeeded inside.
    pub(crate) fn holds_a_success(&self, record: &Record) -> bool {
        let is_inside = |observation: &&Observation| self.holds(observation).unwrap_or(self.kind == ClaimKind::Dtls);
        record.observations.iter().filter(is_inside).any(|observation| self.is_success(observation))
    }

    fn is_success(&self, observation: &Observation) -> bool {
        match self.kind {
            ClaimKind::Stun => matches!(
                observation.fact,
                Fact::Stun(StunFact::Mapped { .. })
                    | Fact::Stun(StunFact::Answered { .. })
                    | Fact::Stun(StunFact::Refused { .. })
                    | Fact::Turn(TurnFact::Challenged { .. })
                    | Fact::Turn(TurnFact::Allocated { .. })
            ),
            ClaimKind::Certificates => match &observation.fact {
                Fact::Stream(StreamFact::Secured { tls, .. }) => {
                    !matches!(tls.problem, Some(TlsProblem::NotYetValid | TlsProblem::Expired))
                }
                _ => false,
            },
            ClaimKind::Dtls => {
                let relay = observation.by.uri.as_ref().and_then(ServerUri::target);
                matches!(observation.fact, Fact::Call(CallFact::CallReached { stage: CallStage::Dtls, .. }))
                    && relay.is_some_and(|relay| relay.transport == Transport::Udp)
            }
            ClaimKind::Trait => false,
        }
    }
}

fn seen<'a>(record: &'a Record, evidence: &'a [ObservationId]) -> impl Iterator<Item = &'a Observation> {
    let places = evidence.iter().filter_map(|id| usize::try_from(id.0).ok());
    places.filter_map(|place| record.observations.get(place))
}

/// What a fact went over; None where it does not say, and the server it names decides alone.
pub(super) fn transport_of(fact: &Fact) -> Option<Transport> {
    match fact {
        Fact::Stun(StunFact::Mapped { transport, .. })
        | Fact::Stun(StunFact::Silent { transport, .. })
        | Fact::Stun(StunFact::Refused { transport, .. })
        | Fact::Stun(StunFact::Anomalous { transport, .. })
        | Fact::Stream(StreamFact::NotConnected { transport, .. })
        | Fact::Stream(StreamFact::Ended { transport, .. })
        | Fact::Turn(TurnFact::Challenged { transport, .. })
        | Fact::Turn(TurnFact::Allocated { transport, .. })
        | Fact::Turn(TurnFact::Permitted { transport, .. })
        | Fact::Turn(TurnFact::ChannelBound { transport, .. })
        | Fact::Turn(TurnFact::Refreshed { transport, .. })
        | Fact::Turn(TurnFact::Released { transport, .. })
        | Fact::Turn(TurnFact::AllocationLost { transport, .. })
        | Fact::Turn(TurnFact::Crossed { transport, .. })
        | Fact::Turn(TurnFact::NotCrossed { transport, .. }) => Some(*transport),
        Fact::Stun(StunFact::Answered { .. })
        | Fact::Stun(StunFact::Tallied { .. })
        | Fact::Stun(StunFact::Unreachable { .. })
        | Fact::Stun(StunFact::Idled { .. })
        | Fact::Stun(StunFact::KeptBusy { .. }) => Some(Transport::Udp),
        Fact::Stream(StreamFact::Connected { .. }) => Some(Transport::Tcp),
        Fact::Stream(StreamFact::Secured { .. }) => Some(Transport::Tls),
        _ => None,
    }
}

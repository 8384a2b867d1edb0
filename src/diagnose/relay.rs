//! Is there a relay that works? An allocation counts as proven where bytes crossed it both ways (RFC 8656 §11, §12).

use super::reach::Udp;
use super::scope::Scope;
use crate::model::{Call, Fact, Family, Leg, ObservationId, Record, Transport, TurnFact};
use std::collections::BTreeMap;
use std::net::SocketAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Bytes crossed both ways.
    Proven,
    /// A call of this machine with itself went through it (RFC 8445: an agent sends out of its relay at once), though what
    /// a stranger sent first was not seen to come through.
    Carried,
    /// Allocated; nothing shows that it relays, nothing that it does not.
    Unproven,
    /// Allocated, and bytes did not cross.
    Broken,
}

/// One allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    pub uri: Option<String>,
    pub server: SocketAddr,
    pub transport: Transport,
    pub relayed: SocketAddr,
    pub state: State,
    pub evidence: Vec<ObservationId>,
}

/// How a call fares that needs a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relays {
    Work(Vec<ObservationId>),
    /// Every one that was asked failed.
    Fail(Vec<ObservationId>),
    /// None was to be asked, or none was asked to the end.
    NotTested,
}

#[derive(Default)]
struct Legs {
    crossed: BTreeMap<Leg, ObservationId>,
    lost: BTreeMap<Leg, ObservationId>,
}

/// The allocations of a record in the order made. Our own second socket stands for the peer: where UDP is not known to
/// flow in the relayed address's family, bytes that do not cross prove nothing against the relay.
pub fn allocations<'a>(record: &Record, our_udp: impl Fn(Family) -> &'a Udp) -> Vec<Relay> {
    let mut legs: BTreeMap<(SocketAddr, Transport, SocketAddr), Legs> = BTreeMap::new();
    for observation in &record.observations {
        match observation.fact {
            Fact::Turn(TurnFact::Crossed { leg, transport, server, relayed, .. }) => {
                let legs = legs.entry((server, transport, relayed)).or_default();
                legs.crossed.entry(leg).or_insert(observation.id);
            }
            Fact::Turn(TurnFact::NotCrossed { leg, transport, server, relayed, .. }) => {
                let legs = legs.entry((server, transport, relayed)).or_default();
                legs.lost.entry(leg).or_insert(observation.id);
            }
            _ => {}
        }
    }
    let allocated = record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Turn(TurnFact::Allocated { transport, server, relayed, .. }) => {
            let legs = legs.remove(&(server, transport, relayed)).unwrap_or_default();
            let mut evidence = vec![observation.id];
            let state = if legs.crossed.len() == 2 {
                evidence.extend(legs.crossed.into_values());
                State::Proven
            } else if !legs.lost.is_empty() && matches!(our_udp(Family::of(relayed.ip())), Udp::Flows(_)) {
                evidence.extend(legs.lost.into_values());
                State::Broken
            } else if Scope::of(relayed.ip()) < Scope::of(server.ip()) {
                // Peers out where the server is cannot reach such an address.
                State::Broken
            } else {
                evidence.extend(legs.crossed.into_values());
                State::Unproven
            };
            let uri = observation.by.uri.clone();
            Some(Relay { uri, server, transport, relayed, state, evidence })
        }
        _ => None,
    });
    allocated.collect()
}

/// Takes note of the relays that calls of this machine with itself were secured through.
pub fn note_carried(allocations: &mut [Relay], own_calls: &[Call]) {
    let secured = own_calls.iter().filter(|call| call.timing_ms.dtls.is_some());
    for call in secured.filter(|call| call.relay.is_some()) {
        let of_call = allocations.iter_mut().filter(|relay| relay.uri == call.relay && relay.state != State::Proven);
        for relay in of_call {
            relay.state = State::Carried;
            relay.evidence.extend(&call.evidence);
        }
    }
}

/// What the allocations and the `failures` of TURN servers come to.
pub fn sum_up(allocations: &[Relay], failures: Vec<ObservationId>) -> Relays {
    let with = |state| allocations.iter().filter(move |relay| relay.state == state);
    let best = [State::Proven, State::Carried, State::Unproven].into_iter().find_map(|state| with(state).next());
    if let Some(best) = best {
        return Relays::Work(best.evidence.clone());
    }
    let mut evidence: Vec<ObservationId> =
        with(State::Broken).flat_map(|relay| relay.evidence.iter().copied()).collect();
    evidence.extend(failures);
    if evidence.is_empty() { Relays::NotTested } else { Relays::Fail(evidence) }
}

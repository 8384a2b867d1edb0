//! Is there a relay that works? An allocation counts as proven where bytes crossed it both ways (RFC 8656 §11, §12).
//!
//! A relay into which nobody may speak first is no dead one: an ICE agent sends out of it at once, and a firewall before
//! it that knows connections lets the answers in. It is dead where not even those come, and where a control shows that
//! what was sent to it got there.

use crate::model::{
    Call, Code, Fact, Failure, Family, Leg, Method, Observation, ObservationId, Record, Scope, ServerUri, StunFact,
    Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Bytes crossed both ways.
    Proven,
    /// A call of this machine with itself went through it (RFC 8445: an agent sends out of its relay at once), though what
    /// a stranger sent first was not seen to come through.
    Carried,
    /// They did, inwards only once the relay was sending to the peer.
    Answering,
    /// Allocated; nothing shows that it relays, nothing that it does not.
    Unproven,
    /// Nothing came in, and nothing tells the relay's firewall from one on the way to it.
    Shut,
    /// Nothing came out of it, nor out of any other, and nothing tells the relay from a filter before our second socket.
    Mute,
    /// It may not relay to this machine's public address (403); whether to any other is not known.
    Refusing,
    /// Allocated, and bytes did not cross.
    Broken,
}

impl State {
    /// Whether a call may count on it.
    pub(crate) fn may_relay(self) -> bool {
        matches!(self, Self::Proven | Self::Answering | Self::Carried | Self::Unproven)
    }
}

/// What our own second socket, which stands for the peer, is worth as a witness in one family.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OwnPeer {
    /// UDP is known to flow, and leaves under one address.
    pub is_heard: bool,
    /// What comes in to it shows that what it sent had got out: its filter opens for those that it has sent to.
    pub opens_by_sending: bool,
    /// Something came to it out of some relay.
    pub hears_relays: bool,
}

/// Whether something came to our own second socket out of any relay.
pub(crate) fn hears_any(record: &Record, family: Family) -> bool {
    record.observations.iter().any(|seen| match &seen.fact {
        // Where no UDP gets out, the server's own address stands for the peer.
        Fact::Turn(TurnFact::Crossed { leg: Leg::Out, relayed, server, peer, .. }) => {
            Family::of(relayed.ip()) == family && peer.ip() != server.ip() && peer.ip() != relayed.ip()
        }
        _ => false,
    })
}

/// The servers that were told to let in another address than any of `public`, as this machine has, and none of these: what
/// did not come through them tells nothing of them.
pub(crate) fn permitted_another(record: &Record, public: &[IpAddr]) -> BTreeSet<(SocketAddr, Transport)> {
    let is_known = |family| public.iter().any(|address| Family::of(*address) == family);
    let permitted = |is_ours: bool| {
        let peers = record.observations.iter().filter_map(move |seen| match &seen.fact {
            Fact::Turn(TurnFact::Permitted { transport, server, peer, .. }) if is_known(Family::of(*peer)) => {
                (public.contains(peer) == is_ours).then_some((*server, *transport))
            }
            _ => None,
        });
        peers.collect::<BTreeSet<_>>()
    };
    &permitted(false) - &permitted(true)
}

/// One allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relay {
    pub uri: Option<ServerUri>,
    pub server: SocketAddr,
    pub transport: Transport,
    pub relayed: SocketAddr,
    pub state: State,
    pub evidence: Vec<ObservationId>,
}

/// How a call fares that needs a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Relays {
    Work(Vec<ObservationId>),
    /// One may, and what was tried does not tell.
    Unclear {
        why: Code,
        evidence: Vec<ObservationId>,
    },
    /// Every one that was asked failed.
    Fail(Vec<ObservationId>),
    /// The application has none.
    NoneNamed,
    /// None was to be asked, or none was asked to the end.
    NotTested,
}

#[derive(Default)]
struct Legs {
    came_in: Option<ObservationId>,
    came_in_after: Option<ObservationId>,
    went_out: Option<ObservationId>,
    lost: BTreeMap<Leg, ObservationId>,
    lost_after: Option<ObservationId>,
    refused: Option<ObservationId>,
    /// The host of the relayed address said itself that nobody is there.
    denied: bool,
}

impl Legs {
    /// By small bytes: larger ones tell of sizes. Whatever it looks like, what crosses crosses.
    fn of(record: &Record, doubtful: &BTreeSet<ObservationId>) -> BTreeMap<(SocketAddr, Transport, SocketAddr), Self> {
        let mut all: BTreeMap<_, Self> = BTreeMap::new();
        let is_loss = |fact: &Fact| matches!(fact, Fact::Turn(TurnFact::NotCrossed { .. }));
        let counts = |seen: &&Observation| !(doubtful.contains(&seen.id) && is_loss(&seen.fact));
        for observation in record.observations.iter().filter(counts) {
            let id = observation.id;
            match &observation.fact {
                Fact::Turn(TurnFact::Crossed { leg, transport, server, relayed, bytes: None, spoken, .. }) => {
                    let legs = all.entry((*server, *transport, *relayed)).or_default();
                    let place = match (leg, spoken) {
                        (Leg::In, false) => &mut legs.came_in,
                        (Leg::In, true) => &mut legs.came_in_after,
                        (Leg::Out, _) => &mut legs.went_out,
                    };
                    place.get_or_insert(id);
                }
                Fact::Turn(TurnFact::NotCrossed {
                    leg,
                    transport,
                    server,
                    relayed,
                    bytes: None,
                    class: None,
                    spoken,
                    failure,
                    ..
                }) => {
                    // What this machine did not send is not lost.
                    if *failure == Some(Failure::Forbidden) {
                        continue;
                    }
                    let legs = all.entry((*server, *transport, *relayed)).or_default();
                    legs.denied |= matches!(failure, Some(Failure::Icmp { by: Some(by), .. }) if *by == relayed.ip());
                    match spoken {
                        true => legs.lost_after = Some(id),
                        false => drop(legs.lost.entry(*leg).or_insert(id)),
                    }
                }
                _ => {}
            }
        }
        all
    }

    fn state(&self, witness: OwnPeer) -> State {
        let out_is_lost = self.lost.contains_key(&Leg::Out);
        match (self.came_in, self.came_in_after, self.went_out) {
            (Some(_), _, Some(_)) => State::Proven,
            (None, Some(_), Some(_)) => State::Answering,
            _ if self.denied => State::Broken,
            _ if !witness.is_heard => State::Unproven,
            _ if self.refused.is_some() => State::Refusing,
            (Some(_), ..) | (_, Some(_), _) if out_is_lost && !witness.hears_relays => State::Mute,
            (Some(_), ..) | (_, Some(_), _) if out_is_lost => State::Broken,
            (None, None, Some(_)) if self.lost_after.is_some() && witness.opens_by_sending => State::Broken,
            _ if self.lost.is_empty() => State::Unproven,
            _ => State::Shut,
        }
    }

    fn evidence(self) -> impl Iterator<Item = ObservationId> {
        [self.came_in, self.came_in_after, self.went_out, self.lost_after, self.refused]
            .into_iter()
            .flatten()
            .chain(self.lost.into_values())
    }
}

/// The allocations of a record in the order made. Our own second socket stands for the peer: bytes that it did not get
/// or bring in prove against the relay only what it is a witness for, and what is `doubtful` proves nothing.
pub(crate) fn allocations(
    record: &Record,
    misled: &BTreeSet<(SocketAddr, Transport)>,
    doubtful: &BTreeSet<ObservationId>,
    witness: impl Fn(Family) -> OwnPeer,
) -> Vec<Relay> {
    let mut legs = Legs::of(record, doubtful);
    legs.retain(|(server, transport, _), _| !misled.contains(&(*server, *transport)));
    let allocated = record.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Turn(TurnFact::Allocated { transport, server, relayed, .. }) => {
            let mut legs = legs.remove(&(server, transport, relayed)).unwrap_or_default();
            legs.refused = permission_refused(record, server, transport);
            let state = match legs.state(witness(Family::of(relayed.ip()))) {
                // Peers out where the server is cannot reach such an address.
                State::Unproven | State::Shut | State::Mute if Scope::of(relayed.ip()) < Scope::of(server.ip()) => {
                    State::Broken
                }
                state => state,
            };
            let evidence = [observation.id].into_iter().chain(legs.evidence()).collect();
            let uri = observation.by.uri.clone();
            Some(Relay { uri, server, transport, relayed, state, evidence })
        }
        _ => None,
    });
    allocated.collect()
}

/// The last time that this server refused to let a peer of ours in.
fn permission_refused(record: &Record, at: SocketAddr, over: Transport) -> Option<ObservationId> {
    let refused = record.observations.iter().rev().find(|seen| match &seen.fact {
        Fact::Stun(StunFact::Refused { server, transport, method, code: 403, .. }) => {
            *method == Method::CreatePermission && (*server, *transport) == (at, over)
        }
        _ => false,
    });
    refused.map(|seen| seen.id)
}

/// Takes note of the relays that calls of this machine with itself were secured through. Both ends of such a call may have
/// been relayed by the same server, which shows nothing of who else gets in: a relay that is known to be broken stays so.
pub(crate) fn note_carried(allocations: &mut [Relay], own_calls: &[Call]) {
    let secured = own_calls.iter().filter(|call| call.timing_ms.dtls.is_some());
    for call in secured.filter(|call| call.relay.is_some()) {
        let is_open = |state| matches!(state, State::Unproven | State::Shut | State::Mute | State::Refusing);
        let of_call = allocations.iter_mut().filter(|relay| relay.uri == call.relay && is_open(relay.state));
        for relay in of_call {
            relay.state = State::Carried;
            relay.evidence.extend(&call.evidence);
        }
    }
}

/// What the allocations and the `failures` of TURN servers come to.
pub(crate) fn sum_up(allocations: &[Relay], failures: Vec<ObservationId>) -> Relays {
    let with = |state| allocations.iter().filter(move |relay| relay.state == state);
    let order = [State::Proven, State::Answering, State::Carried, State::Unproven];
    if let Some(best) = order.into_iter().find_map(|state| with(state).next()) {
        return Relays::Work(best.evidence.clone());
    }
    let doubtful = [
        (State::Shut, Code::RelayInLost),
        (State::Mute, Code::RelayOutLost),
        (State::Refusing, Code::RelayPeerRefused),
    ];
    for (state, why) in doubtful {
        let evidence: Vec<ObservationId> = with(state).flat_map(|relay| relay.evidence.iter().copied()).collect();
        if !evidence.is_empty() {
            return Relays::Unclear { why, evidence };
        }
    }
    let mut evidence: Vec<ObservationId> =
        with(State::Broken).flat_map(|relay| relay.evidence.iter().copied()).collect();
    evidence.extend(failures);
    if evidence.is_empty() { Relays::NotTested } else { Relays::Fail(evidence) }
}

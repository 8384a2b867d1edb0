//! The legs of one relay: what is sent on them, what arrives, and which is tried next.

use super::{RelayPeer, RelayStage, RelayTrial};
use crate::machine::{Instant, Output};
use crate::model::{Anomaly, Code, DatagramClass, Fact, Leg, Millis, Transport, TurnFact};
use crate::probe::relay::crossing::{Crossing, Payload, USUAL_RTT};
use crate::transaction::{Schedule, Transaction};
use crate::wire::{self, Builder, Datagram, TransactionId};
use std::net::SocketAddr;

/// So many copies of a token are sent before it is asked whether they are lost by sight.
const BY_SIGHT_AFTER: u32 = 3;

/// How far the legs have come.
#[derive(Default)]
pub(super) struct RelayLegs {
    /// The peer's endpoint that the outward leg goes to.
    pub(super) out_to: Option<SocketAddr>,
    /// Whether a peer came in before the relay had sent anything to it.
    pub(super) came_in: bool,
    /// The peer's Binding request, which shows it its own mapped address.
    pub(super) reflexive: Option<Transaction>,
    pub(super) crossings: Vec<Crossing>,
    /// What was tried on which leg.
    pub(super) tried: Vec<(Leg, Payload)>,
    /// What has crossed, of which more copies may be on their way.
    pub(super) crossed: Vec<Crossing>,
}

impl RelayLegs {
    fn has_tried(&self, leg: Leg, load: Payload) -> bool {
        self.tried.contains(&(leg, load))
    }

    /// What has crossed the same leg and differs from what was lost in its class alone: of the same size where that is large,
    /// and else the largest.
    fn control_of(&self, lost: &Crossing) -> Option<Payload> {
        let is_beside = |crossed: &&Crossing| crossed.leg == lost.leg && crossed.class() != lost.class();
        let is_as_large = |crossed: &&Crossing| crossed.bytes() >= lost.bytes();
        let beside = self.crossed.iter().filter(is_beside).filter(is_as_large);
        beside.max_by_key(|crossed| crossed.bytes()).map(|crossed| crossed.load)
    }
}

impl RelayTrial {
    pub(super) fn send_in(&mut self, now: Instant) {
        self.stage = RelayStage::In;
        self.start_leg(Leg::In, Payload::Token);
        self.refresh(now);
    }

    pub(super) fn refresh(&mut self, now: Instant) {
        if !self.refreshed {
            self.client.allocation.refresh(now);
        }
    }

    pub(super) fn start_leg(&mut self, leg: Leg, load: Payload) {
        let to = match leg {
            Leg::In => self.relayed,
            Leg::Out => self.legs.out_to,
        };
        let rtt = self.client.allocation.rtt();
        self.legs.tried.push((leg, load));
        self.legs.crossings.extend(to.map(|to| Crossing::new(leg, load, to, rtt, &mut self.rng)));
    }

    /// Tries a leg with this, once. What goes between two relays does not cross this network bare, and what it looks like
    /// shows nothing of it.
    fn start_own_leg(&mut self, leg: Leg, load: Payload) {
        let is_bare = matches!(self.peer, RelayPeer::Socket { .. });
        if (is_bare || load == Payload::Large) && !self.legs.has_tried(leg, load) {
            self.start_leg(leg, load);
        }
    }

    pub(super) fn bind(&mut self, now: Instant, peer: SocketAddr) {
        self.stage = RelayStage::Channel;
        self.legs.out_to = Some(peer);
        if self.client.allocation.bind_channel(now, peer).is_none() {
            self.finish(now);
        }
    }

    /// Starts the way out, whether or not a channel could be had, and the way in once more where nothing came.
    pub(super) fn send_out(&mut self) {
        if self.stage != RelayStage::Channel {
            return;
        }
        if self.legs.came_in {
            self.stage = RelayStage::Out;
            self.start_leg(Leg::Out, Payload::Token);
        } else {
            self.stage = RelayStage::Both;
            self.start_leg(Leg::Out, Payload::Spoken);
            self.start_leg(Leg::In, Payload::Spoken);
        }
    }

    pub(super) fn send_large(&mut self) {
        self.stage = RelayStage::Large;
        let (hello, check) = (Payload::Class(DatagramClass::Dtls), Payload::Class(DatagramClass::Check));
        for load in [Payload::Large, hello, Payload::LargeHello, check] {
            [Leg::In, Leg::Out].into_iter().for_each(|leg| self.start_own_leg(leg, load));
        }
    }

    pub(super) fn send_copy(&mut self, index: usize) {
        let Some(crossing) = self.legs.crossings.get(index) else { return };
        let (to, data, leg) = (crossing.to, crossing.data().to_vec(), crossing.leg);
        // Whether it was lost by sight, what looks otherwise tells; a line that loses some, or takes few, has none to spare.
        if crossing.load == Payload::Token && crossing.sent() > BY_SIGHT_AFTER {
            for class in [DatagramClass::Unassigned, DatagramClass::Check] {
                self.start_own_leg(leg, Payload::Class(class));
            }
        }
        match (leg, &mut self.peer) {
            (Leg::Out, _) => self.client.allocation.send_to(to, &data),
            (Leg::In, RelayPeer::Socket { socket, .. }) => {
                self.out.push_back(Output::Send { socket: *socket, to, data });
            }
            (Leg::In, RelayPeer::Partner(partner)) => partner.allocation.send_to(to, &data),
            (Leg::In, RelayPeer::Nobody | RelayPeer::Opening(_)) => {}
        }
    }

    /// Takes data that came through the relay on `leg`; `from` as the receiver sees it.
    pub(super) fn arrived(&mut self, now: Instant, leg: Leg, from: SocketAddr, data: &[u8]) {
        let found = self.legs.crossings.iter().position(|crossing| crossing.leg == leg && crossing.data() == data);
        let (Some(index), Some(relayed)) = (found, self.relayed) else {
            // A further copy of what has crossed was asked for.
            let is_copy = self.legs.crossed.iter().any(|crossed| crossed.data() == data);
            return self.dropped = self.dropped.saturating_add(u32::from(!is_copy));
        };
        if leg == Leg::Out && from != relayed {
            return self.report_anomaly(Anomaly::WrongSource { from });
        }
        let crossing = self.legs.crossings.remove(index);
        let (transport, server) = (self.transport(), self.client.server);
        let peer = if leg == Leg::In { from } else { crossing.to };
        self.tell(Fact::Turn(TurnFact::Crossed {
            leg,
            transport,
            server,
            relayed,
            peer,
            sent: crossing.sent(),
            took_ms: Millis::from(crossing.waited(now)),
            bytes: crossing.bytes(),
            class: crossing.class(),
            spoken: crossing.is_spoken(),
        }));
        self.legs.crossed.push(crossing);
        self.leg_ended(now, leg, Some(peer));
    }

    pub(super) fn not_crossed(&mut self, now: Instant, index: usize) {
        let Some(relayed) = self.relayed else { return self.legs.crossings.clear() };
        let crossing = self.legs.crossings.remove(index);
        let leg = crossing.leg;
        // Where nothing crosses at all, it is not for what it looks like.
        let has_sight = crossing.class().is_none() || self.legs.crossed.iter().any(|crossed| crossed.leg == leg);
        if crossing.is_control || !has_sight {
            return self.leg_ended(now, leg, None);
        }
        let (transport, server) = (self.transport(), self.client.server);
        let failure = match (&self.peer, leg) {
            (RelayPeer::Socket { unreachable, .. }, Leg::In) => unreachable.first().cloned(),
            _ => None,
        };
        self.tell(Fact::Turn(TurnFact::NotCrossed {
            leg,
            transport,
            server,
            relayed,
            peer: (leg == Leg::Out).then_some(crossing.to),
            sent: crossing.sent(),
            waited_ms: Millis::from(crossing.waited(now)),
            bytes: crossing.bytes(),
            class: crossing.class(),
            spoken: crossing.is_spoken(),
            failure,
        }));
        // A flow may have died meanwhile: what crossed before what was lost has to cross after it.
        if let Some(control) = self.legs.control_of(&crossing) {
            self.start_leg(leg, control);
            self.legs.crossings.last_mut().into_iter().for_each(|last| last.is_control = true);
        }
        self.leg_ended(now, leg, None);
    }

    /// Goes on where something has ended on a leg; `peer` is the sender as the receiver saw it, where something came.
    pub(super) fn leg_ended(&mut self, now: Instant, leg: Leg, peer: Option<SocketAddr>) {
        match (self.stage, leg, peer) {
            (RelayStage::In, Leg::In, Some(peer)) => {
                self.legs.came_in = true;
                self.bind(now, peer);
            }
            (RelayStage::In, _, _) if self.legs.crossings.is_empty() => self.seek_peer(now),
            (RelayStage::Out, Leg::Out, Some(_)) => self.send_large(),
            // The way out is still to come.
            (RelayStage::In | RelayStage::Channel, ..) => {}
            _ if self.legs.crossings.is_empty() => self.finish(now),
            _ => {}
        }
    }

    /// Looks for the peer's address, since nothing came in: the way out can be tried where that is known though the
    /// relay has not shown it.
    pub(super) fn seek_peer(&mut self, now: Instant) {
        match &self.peer {
            // UDP may not leave here at all: the server is reached by another transport.
            RelayPeer::Socket { .. } if self.transport() != Transport::Udp => self.seek_partner(now),
            RelayPeer::Socket { local, .. } if self.mapped.is_some_and(|mapped| mapped.ip() == local.ip()) => {
                let local = *local;
                self.bind(now, local);
            }
            RelayPeer::Socket { .. } => {
                self.stage = RelayStage::Reflexive;
                let request = Builder::request(wire::StunMethod::Binding, TransactionId(self.rng.bytes()));
                let schedule = Schedule::known(self.client.allocation.rtt().unwrap_or(USUAL_RTT));
                self.legs.reflexive = Some(Transaction::new(request.id(), request.finish(), schedule));
            }
            RelayPeer::Partner(partner) => match partner.allocation.relayed() {
                Some(relayed) => self.bind(now, relayed),
                None => self.give_up_peer(now),
            },
            RelayPeer::Nobody | RelayPeer::Opening(_) => self.give_up_peer(now),
        }
    }

    pub(super) fn give_up_peer(&mut self, now: Instant) {
        self.legs.reflexive = None;
        self.skip(Code::RelayNotProven);
        self.finish(now);
    }

    /// Takes what came to the peer's socket from the server itself: its answer says where it sees the peer.
    pub(super) fn hear_reflexive(&mut self, now: Instant, data: &[u8]) {
        let Some(asked) = &self.legs.reflexive else { return self.dropped = self.dropped.saturating_add(1) };
        let Ok(Datagram::Stun(answer)) = wire::read(data) else { return };
        if answer.id != asked.id() {
            return;
        }
        let mapped = answer.xor_mapped().filter(|mapped| Some(mapped.is_ipv4()) == self.relayed.map(|to| to.is_ipv4()));
        self.legs.reflexive = None;
        match mapped {
            Some(mapped) => self.bind(now, mapped),
            None => self.give_up_peer(now),
        }
    }
}

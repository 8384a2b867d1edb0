//! The trial as a machine: what comes in goes to the client, the peer or the partner by its socket.

use super::{RelayPeer, RelayStage, RelayTrial};
use crate::machine::{Input, Instant, Machine, Output, SocketId, Wake};
use crate::model::{Anomaly, Fact, Failure, Leg, Tls};
use crate::probe::relay::client::MOST_UNREACHABLE;
use crate::transaction::Due;
use crate::turn;
use std::net::SocketAddr;

/// What the trial itself waits for, beside its allocations.
#[derive(Clone, Copy)]
enum Awaited {
    Leg(usize),
    Reflexive,
}

impl Machine for RelayTrial {
    fn handle(&mut self, now: Instant, input: Input) {
        match (self.stage, input) {
            (RelayStage::Over, _) => return,
            (RelayStage::New, Input::Stop) => self.end(),
            (RelayStage::New, _) => self.begin(now),
            (_, Input::Stop) => self.leave(now),
            (RelayStage::Leave { until }, Input::Woken) if now >= until => self.end(),
            (_, Input::Woken) => {
                self.client.allocation.handle_wake(now);
                if let RelayPeer::Partner(partner) = &mut self.peer {
                    partner.allocation.handle_wake(now);
                }
            }
            (_, Input::Opened { socket, local, tls }) => self.handle_opened(now, socket, local, tls),
            (_, Input::Failed { socket, failure, tls }) => self.handle_failed(now, socket, failure, tls),
            (_, Input::Ended { socket }) => self.handle_ended(now, socket),
            (_, Input::Received { socket, from, data }) => self.handle_received(now, socket, from, &data),
            (_, Input::Unreachable { socket, failure, .. }) => self.handle_unreachable(now, socket, failure),
            (
                _,
                Input::Interfaces(_)
                | Input::Accepted { .. }
                | Input::Resolved { .. }
                | Input::Counted { .. }
                | Input::Signalled(_),
            ) => {}
        }
        self.pump(now);
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(self.wake))
    }
}

impl RelayTrial {
    fn handle_opened(&mut self, now: Instant, socket: SocketId, local: SocketAddr, tls: Option<Tls>) {
        if socket == self.client.socket {
            if let Some(fact) = self.client.opened(now, local, tls) {
                self.tell(fact);
            }
            return;
        }
        match &mut self.peer {
            RelayPeer::Opening(own) if *own == socket => self.peer_opened(now, socket, local),
            // The partner's connection is one more like the client's: nothing new to tell.
            RelayPeer::Partner(partner) if partner.socket == socket => drop(partner.opened(now, local, tls)),
            _ => {}
        }
    }

    fn handle_failed(&mut self, now: Instant, socket: SocketId, failure: Failure, tls: Option<Tls>) {
        if socket == self.client.socket {
            let fact = self.client.failed(now, failure, tls);
            return self.lose_client(now, fact);
        }
        match &mut self.peer {
            RelayPeer::Opening(own) | RelayPeer::Socket { socket: own, .. }
                if *own == socket && self.stage == RelayStage::Permit =>
            {
                self.seek_partner(now)
            }
            RelayPeer::Partner(partner) if partner.socket == socket => {
                partner.is_open = false;
                self.lose_partner(now);
            }
            _ => {}
        }
    }

    fn handle_ended(&mut self, now: Instant, socket: SocketId) {
        if socket == self.client.socket {
            let fact = self.client.ended();
            return self.lose_client(now, fact);
        }
        if let RelayPeer::Partner(partner) = &mut self.peer
            && partner.socket == socket
        {
            partner.is_open = false;
            self.lose_partner(now);
        }
    }

    /// Ends the trial: the connection to the server is gone, and the allocation with it.
    fn lose_client(&mut self, now: Instant, fact: Fact) {
        if let RelayStage::Leave { .. } = self.stage {
            return self.released();
        }
        self.tell(fact);
        self.leave(now);
    }

    fn lose_partner(&mut self, now: Instant) {
        match self.stage {
            RelayStage::Leave { .. } => self.released(),
            RelayStage::Partner => self.give_up_partner(now),
            // A leg on its way falls silent by itself.
            _ => {}
        }
    }

    fn handle_received(&mut self, now: Instant, socket: SocketId, from: SocketAddr, data: &[u8]) {
        if socket == self.client.socket {
            if from != self.client.server {
                return self.report_anomaly(Anomaly::WrongSource { from });
            }
            self.client.has_answered = true;
            return self.client.allocation.handle_received(now, data);
        }
        match &mut self.peer {
            RelayPeer::Socket { socket: own, .. } if *own == socket => match from == self.client.server {
                true => self.hear_reflexive(now, data),
                false => self.arrived(now, Leg::Out, from, data),
            },
            RelayPeer::Partner(partner) if partner.socket == socket && partner.server == from => {
                partner.allocation.handle_received(now, data);
            }
            _ => self.dropped = self.dropped.saturating_add(1),
        }
    }

    fn handle_unreachable(&mut self, now: Instant, socket: SocketId, failure: Failure) {
        if socket == self.client.socket {
            if let Some(fact) = self.client.unreachable(failure) {
                self.tell(fact);
            }
            if self.client.is_cut_off() {
                self.leave(now);
            }
            return;
        }
        let RelayPeer::Socket { socket: own, unreachable, .. } = &mut self.peer else { return };
        if *own == socket {
            unreachable.push(failure);
            if unreachable.len() == MOST_UNREACHABLE as usize && self.stage == RelayStage::In {
                // What looks otherwise draws the same.
                self.legs.crossings.truncate(1);
                self.not_crossed(now, 0);
            }
        }
    }

    /// Lets everything within run until all of it waits.
    fn pump(&mut self, now: Instant) {
        let crossing = loop {
            if self.pass_on(now) {
                continue;
            }
            match self.next_due(now) {
                None => break None,
                Some((_, Due::Wait(until))) => break Some(until),
                Some((Awaited::Leg(index), Due::Send)) => self.send_copy(index),
                Some((Awaited::Leg(index), Due::Silent)) => self.not_crossed(now, index),
                Some((Awaited::Reflexive, Due::Send)) => self.ask_reflexive(),
                Some((Awaited::Reflexive, Due::Silent)) => self.give_up_peer(now),
            }
        };
        let partner = if let RelayPeer::Partner(partner) = &self.peer { partner.allocation.wake() } else { None };
        let leave = if let RelayStage::Leave { until } = self.stage { Some(until) } else { None };
        let next = [crossing, leave, self.client.allocation.wake(), partner].into_iter().flatten().min();
        self.wake = match self.stage {
            RelayStage::Over => Wake::Finished,
            _ => next.map_or(Wake::OnInput, Wake::At),
        };
    }

    /// What is due first, and what it wants.
    fn next_due(&mut self, now: Instant) -> Option<(Awaited, Due)> {
        let legs = self.legs.crossings.iter_mut().enumerate().map(|(index, leg)| (Awaited::Leg(index), leg.due(now)));
        let reflexive = self.legs.reflexive.as_mut().map(|asked| (Awaited::Reflexive, asked.due(now)));
        let mut soonest = None;
        for (awaited, due) in legs.chain(reflexive) {
            let Due::Wait(until) = due else { return Some((awaited, due)) };
            match soonest {
                Some((_, Due::Wait(before))) if before <= until => {}
                _ => soonest = Some((awaited, due)),
            }
        }
        soonest
    }

    fn ask_reflexive(&mut self) {
        let (RelayPeer::Socket { socket, .. }, Some(asked)) = (&self.peer, &self.legs.reflexive) else { return };
        let (socket, to, data) = (*socket, self.client.server, asked.bytes().to_vec());
        self.out.push_back(Output::Send { socket, to, data });
    }

    /// Routes one output of an allocation; false where there is none.
    fn pass_on(&mut self, now: Instant) -> bool {
        if let Some(output) = self.client.allocation.poll() {
            match output {
                turn::Output::Send(data) => {
                    let (socket, to) = (self.client.socket, self.client.server);
                    self.out.push_back(Output::Send { socket, to, data });
                }
                turn::Output::Event(event) => self.handle_event(now, event),
            }
            return true;
        }
        let RelayPeer::Partner(partner) = &mut self.peer else { return false };
        match partner.allocation.poll() {
            Some(turn::Output::Send(data)) => {
                let (socket, to) = (partner.socket, partner.server);
                self.out.push_back(Output::Send { socket, to, data });
            }
            Some(turn::Output::Event(event)) => self.handle_partner_event(now, event),
            None => return false,
        }
        true
    }
}

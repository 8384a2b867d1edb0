//! Which datagrams do not get past the first routers?
//!
//! The router at which the hop limit of a datagram ends says so (RFC 1812 §4.3.3.4, RFC 4443 §3.3), and whoever hears it
//! knows that the datagram came as far. Of two that differ in one property, in their first bytes or in their port, both go
//! to the same router: where one is heard of and the other never is, something before that router drops it. It takes no
//! server's help, and tells a filter on the way from a server that does not answer.
//!
//! 1. Requests of two and of three hops find the furthest of these routers that speaks at all: it is the one asked.
//! 2. A ClientHello goes there, to the server's own port, and requests to two ports such as peers and relays have.
//!    Where no router speaks, it may be the server's host that does: of a port where nobody listens it says so, to a
//!    request and to a ClientHello alike. Where it says nothing of a high port, it is asked of a low one, which networks let
//!    out that shut the high ones.
//! 3. What nothing is heard of goes twice more. After each copy the control, a request to the server's port, is sent once
//!    more and has to be heard, so that a router that has fallen silent accuses nobody.
//! 4. Of what was never heard of, a copy goes to the first router: what does not get there does not leave this machine.
//!
//! Ways branch by addresses and ports: the ClientHello and its control leave by one socket, and so take one way.
//!
//! Routers and hosts limit what they say: Linux about six errors at once to one destination, and one a second from then on. None
//! here is asked for more than six.

use super::by_sight::datagram;
use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{DatagramClass, Fact, Failure, HopFact, Icmp, Origin, Question, Tally};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The hop counts of the routers that are looked for. The first router is mostly the NAT itself, which gives a datagram up
/// before its filter has seen it.
const NEARER: u8 = 2;
const FURTHER: u8 = 3;

/// The ports at which mostly nobody listens, and where peers and relays do.
const HIGH_PORTS: [std::ops::Range<u64>; 2] = [HopFact::HIGH_PORTS as u64..32_768, 49_152..65_536];

/// Ports that networks let out that let out few, and where a server of STUN mostly has nobody listening: of the DNS, and of
/// NTP where the server itself has the first.
const LOW_PORTS: [u16; 2] = [53, 123];

/// The default hop limit (RFC 1700): it ends on no way that is in use.
const ALL_HOPS: u8 = 64;

/// The shortest and the longest time in which a router is waited for: it answers from its slow path.
const PATIENCE: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(800)];

/// Two sockets, so that what two routers say of requests that are under way at once is told apart by where it comes in.
const SOCKETS: [SocketId; 2] = [SocketId(0), SocketId(1)];

/// What the probe needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct HopsConfig {
    /// A server that has answered over UDP.
    pub(super) server: SocketAddr,
    /// The round trip to it.
    pub(super) rtt: Duration,
}

/// Copies of one datagram, to one router.
struct HopTrial {
    class: DatagramClass,
    socket: SocketId,
    to: SocketAddr,
    hops: u8,
    by: Option<IpAddr>,
    /// It came to its destination, which is nearer than was thought.
    arrived: bool,
    tally: Tally,
    began: Instant,
    sent: Instant,
    ended: Instant,
}

impl HopTrial {
    fn is_due(&self) -> bool {
        self.tally.answered == 0
    }

    fn is_settled(&self) -> bool {
        self.tally.answered >= self.tally.sent
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HopStage {
    New,
    Opening,
    /// Looking for a router that speaks; so many copies were sent.
    Looking(u32),
    /// Looking for a port of the server's at which its host says that nobody listens; so many copies were sent.
    Knocking(u32),
    /// The datagrams that differ from the control; so many copies were sent.
    Trying(u32),
    /// The control once more, after so many copies of what was lost.
    Confirming(u32),
    /// What was never heard of, to the first router.
    Leaving,
    Over,
}

/// The probe. It begins with its first input.
pub(super) struct HopsProbe {
    config: HopsConfig,
    rng: Rng,
    stage: HopStage,
    opened: Vec<(SocketId, SocketAddr)>,
    trials: Vec<HopTrial>,
    /// Which of the trials is the control, once it is found, and from which on they are held to it.
    control: Option<usize>,
    compared: usize,
    until: Instant,
    out: VecDeque<Output>,
}

impl HopsProbe {
    pub(super) fn new(config: HopsConfig, rng: Rng) -> Self {
        Self {
            config,
            rng,
            stage: HopStage::New,
            opened: Vec::new(),
            trials: Vec::new(),
            control: None,
            compared: 0,
            until: Instant::START,
            out: VecDeque::new(),
        }
    }

    fn begin(&mut self) {
        self.stage = HopStage::Opening;
        for socket in SOCKETS {
            let open = Open::Udp { bind: Bind::Toward(self.config.server), dont_fragment: false };
            self.out.push_back(Output::Open { socket, open });
        }
    }

    fn opened(&mut self, now: Instant, socket: SocketId, local: SocketAddr) {
        self.opened.push((socket, local));
        if self.opened.len() == SOCKETS.len() {
            for (socket, hops) in SOCKETS.into_iter().zip([NEARER, FURTHER]) {
                self.add(now, DatagramClass::Stun, socket, self.config.server, hops);
            }
            self.stage = HopStage::Looking(0);
            self.send_due(now);
        }
    }

    fn add(&mut self, now: Instant, class: DatagramClass, socket: SocketId, to: SocketAddr, hops: u8) {
        let tally = Tally { sent: 0, answered: 0 };
        let trial =
            HopTrial { class, socket, to, hops, by: None, arrived: false, tally, began: now, sent: now, ended: now };
        self.trials.push(trial);
    }

    /// Sends a copy of whatever nothing was heard of yet, and waits for the routers.
    fn send_due(&mut self, now: Instant) {
        for index in 0..self.trials.len() {
            if self.trials.get(index).is_some_and(HopTrial::is_due) {
                self.send(now, index);
            }
        }
        self.wait(now);
    }

    fn send(&mut self, now: Instant, index: usize) {
        let Some(trial) = self.trials.get_mut(index) else { return };
        trial.tally.sent += 1;
        trial.sent = now;
        let data = datagram(trial.class, &mut self.rng);
        self.out.push_back(Output::SendHops { socket: trial.socket, to: trial.to, data, hops: trial.hops });
    }

    fn wait(&mut self, now: Instant) {
        let [shortest, longest] = PATIENCE;
        self.until = now + (self.config.rtt * 2).clamp(shortest, longest);
    }

    /// Takes word that a datagram came as far as this.
    fn came(&mut self, now: Instant, socket: SocketId, to: SocketAddr, by: Option<IpAddr>) {
        // The ClientHello and its control differ in nothing that a router tells, and are never both under way: what comes is
        // about the one that was sent last. A word that is late by more than was waited for clears what it was not about.
        let is_about = |trial: &&mut HopTrial| {
            trial.socket == socket && trial.to == to && (trial.by.is_none() || trial.by == by) && !trial.is_settled()
        };
        if let Some(trial) = self.trials.iter_mut().filter(is_about).max_by_key(|trial| trial.sent) {
            trial.tally.answered += 1;
            trial.by = by;
            trial.arrived |= by.is_none();
            trial.ended = now;
        }
        if self.trials.iter().enumerate().all(|(index, trial)| self.is_over(index, trial)) {
            self.go_on(now);
        }
    }

    /// Whether nothing more has to be heard of a trial before this stage is over.
    fn is_over(&self, index: usize, trial: &HopTrial) -> bool {
        let is_control = self.control == Some(index);
        trial.is_settled()
            || match self.stage {
                HopStage::Looking(_) => false,
                HopStage::Knocking(_) => trial.hops != ALL_HOPS,
                HopStage::Trying(_) => trial.tally.answered > 0 || index < self.compared,
                HopStage::Confirming(_) => !is_control,
                HopStage::Leaving => trial.hops > 1,
                HopStage::New | HopStage::Opening | HopStage::Over => true,
            }
    }

    fn control(&self) -> Option<&HopTrial> {
        self.control.and_then(|control| self.trials.get(control))
    }

    /// The trial that came to the furthest router that was found; of ports of the server's host a high one tells more.
    fn furthest(&self) -> Option<usize> {
        let found = self.trials.iter().enumerate().filter(|(_, trial)| trial.by.is_some());
        found.max_by_key(|(_, trial)| (trial.hops, trial.to.port() >= HopFact::HIGH_PORTS)).map(|(index, _)| index)
    }

    fn go_on(&mut self, now: Instant) {
        match self.stage {
            HopStage::Looking(copies) | HopStage::Knocking(copies) => match (self.furthest(), self.stage) {
                (Some(control), _) => self.try_others(now, control),
                // A word may be lost, and is not asked for where the server itself has answered.
                (None, HopStage::Looking(_)) if copies == 0 && !self.trials.iter().any(|trial| trial.arrived) => {
                    self.stage = HopStage::Looking(1);
                    self.send_due(now);
                }
                (None, HopStage::Looking(_)) => self.knock(now),
                (None, _) if copies == 0 => {
                    self.stage = HopStage::Knocking(1);
                    self.add_low_port(now);
                    self.trials.len().checked_sub(1).into_iter().for_each(|last| self.send(now, last));
                    self.wait(now);
                }
                (None, _) => self.finish(now),
            },
            HopStage::Trying(copies) if !self.lost().is_empty() => {
                self.stage = HopStage::Confirming(copies + 1);
                self.control.into_iter().for_each(|control| self.send(now, control));
                self.wait(now);
            }
            HopStage::Confirming(copies) if copies < HopFact::COPIES => {
                self.stage = HopStage::Trying(copies);
                self.lost().into_iter().for_each(|index| self.send(now, index));
                self.wait(now);
            }
            HopStage::Confirming(_) => self.leave(now),
            HopStage::New | HopStage::Opening | HopStage::Trying(_) | HopStage::Leaving | HopStage::Over => {
                self.finish(now);
            }
        }
    }

    fn high_port(&mut self, range: &std::ops::Range<u64>) -> SocketAddr {
        let port = range.start + self.rng.below(range.end - range.start);
        SocketAddr::new(self.config.server.ip(), u16::try_from(port).unwrap_or(u16::MAX))
    }

    /// Asks for the word of the server's own host.
    fn knock(&mut self, now: Instant) {
        self.stage = HopStage::Knocking(0);
        let to = self.high_port(&HIGH_PORTS[0]);
        self.add(now, DatagramClass::Stun, SOCKETS[0], to, ALL_HOPS);
        self.send(now, self.trials.len() - 1);
        self.wait(now);
    }

    /// The same at a low port.
    fn add_low_port(&mut self, now: Instant) {
        let server = self.config.server;
        for port in LOW_PORTS.into_iter().filter(|port| *port != server.port()).take(1) {
            self.add(now, DatagramClass::Stun, SOCKETS[0], SocketAddr::new(server.ip(), port), ALL_HOPS);
        }
    }

    /// Sends what differs from the control in one property.
    fn try_others(&mut self, now: Instant, control: usize) {
        self.control = Some(control);
        let Some(HopTrial { socket, to, hops, .. }) = self.control() else { return self.finish(now) };
        let (socket, to, hops) = (*socket, *to, *hops);
        self.compared = self.trials.len();
        self.add(now, DatagramClass::Dtls, socket, to, hops);
        // At a high port where nobody listens the control is one of these itself.
        if to.port() < HopFact::HIGH_PORTS || to == self.config.server {
            for range in &HIGH_PORTS {
                let to = self.high_port(range);
                self.add(now, DatagramClass::Stun, socket, to, hops);
            }
        }
        self.stage = HopStage::Trying(0);
        (self.compared..self.trials.len()).for_each(|index| self.send(now, index));
        self.wait(now);
    }

    /// What was held to the control and never heard of.
    fn lost(&self) -> Vec<usize> {
        let compared = self.trials.iter().enumerate().skip(self.compared);
        compared.filter(|(_, trial)| trial.tally.answered == 0).map(|(index, _)| index).collect()
    }

    /// Lets one of each kind that was lost go to the first router.
    fn leave(&mut self, now: Instant) {
        self.stage = HopStage::Leaving;
        let first = self.trials.len();
        let kinds: Vec<_> = self.lost().into_iter().filter_map(|index| self.trials.get(index)).collect();
        let kinds: Vec<_> = kinds.into_iter().map(|trial| (trial.class, trial.socket, trial.to)).collect();
        for (class, socket, to) in kinds {
            self.add(now, class, socket, to, 1);
        }
        (first..self.trials.len()).for_each(|index| self.send(now, index));
        self.wait(now);
    }

    fn finish(&mut self, now: Instant) {
        self.stage = HopStage::Over;
        for trial in &self.trials {
            let Some((_, local)) = self.opened.iter().find(|(socket, _)| *socket == trial.socket) else { continue };
            let fact = HopFact::Hopped {
                class: trial.class,
                to: trial.to,
                local: *local,
                hops: trial.hops,
                by: trial.by,
                tally: trial.tally,
                waited_ms: if trial.is_settled() { trial.ended } else { now }.since(trial.began).into(),
            };
            let by = Origin { question: Question::Hops, uri: None };
            self.out.push_back(Output::Observe { by, fact: Fact::Hops(fact) });
        }
    }
}

/// Whether an ICMP error tells how far a datagram came: to the router where its hop limit ended, or to its destination, at
/// whose port nobody listens.
fn is_about_the_way(icmp: Icmp, by: IpAddr, to: SocketAddr) -> bool {
    icmp == Icmp::TimeExceeded || icmp == Icmp::PortUnreachable && by == to.ip()
}

impl Machine for HopsProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match (self.stage, input) {
            (HopStage::Over, _) => {}
            // What is cut short shows nothing.
            (_, Input::Stop | Input::Failed { .. }) => self.stage = HopStage::Over,
            (HopStage::New, _) => self.begin(),
            (_, Input::Opened { socket, local, .. }) => self.opened(now, socket, local),
            (_, Input::Received { socket, from, .. }) => self.came(now, socket, from, None),
            (_, Input::Unreachable { socket, to, failure: Failure::Icmp { icmp, by: Some(by) } })
                if is_about_the_way(icmp, by, to) =>
            {
                self.came(now, socket, to, Some(by));
            }
            (HopStage::Opening, _) => {}
            (_, Input::Woken) if now >= self.until => self.go_on(now),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(match self.stage {
            HopStage::New | HopStage::Opening => Wake::OnInput,
            HopStage::Over => Wake::Finished,
            _ => Wake::At(self.until),
        }))
    }
}

#[cfg(test)]
mod tests;

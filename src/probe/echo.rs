//! What becomes of datagrams of each kind, size and port, on the way to a server of ours and back?
//!
//! It is asked of a server alone that says, in its answer to a Binding request, that it sends back what comes
//! ([`crate::wire::Echo`]); no other server is sent anything. It counts what came, so that what was lost on the way there and
//! on the way back are told apart.
//!
//! 1. The offer: a token for this socket, and the ports at which the server listens beside its own.
//! 2. A Binding request to each of those ports, and one more to the server's own after the last of them.
//! 3. At a high port that answered, or else at the server's own: first what begins as RTP does, large and small, and a check;
//!    then what else firewalls know by sight, and a small datagram that comes back large; and the first three once more: what
//!    was lost in between was not lost because the flow had died.
//! 4. The counts.
//!
//! Where all passes these are seventeen packets to a server that listens at four ports beside its own. What nothing is heard of is sent seven times.

use super::by_sight::LARGE_BYTES;
use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{DatagramClass, EchoFact, Fact, HopFact, Millis, Origin, Question, Tally};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{
    self, Class, Datagram, Echo, EchoKind, EchoOffer, EchoSight, Message, TransactionId, echo_counts, echo_request,
};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

const SOCKET: SocketId = SocketId(0);

/// What leaves at once stands apart by this, as packets of a call do.
const GAP: Duration = Duration::from_millis(10);

/// The least time that is waited after the last copy: what jitter and a queue take.
const LEAST_WAIT: Duration = Duration::from_millis(300);

/// A small payload, of what begins as RTP does: as a packet of speech.
const SMALL: usize = 100;

/// Whom to ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct EchoConfig {
    /// A server that offers it.
    pub(super) server: SocketAddr,
    /// The round trip to it.
    pub(super) rtt: Duration,
}

/// One kind of datagram.
#[derive(Clone, Copy, Debug)]
struct EchoLoad {
    sight: EchoSight,
    is_large: bool,
    comes_back_large: bool,
}

const LARGE: EchoLoad = EchoLoad { sight: None, is_large: true, comes_back_large: false };
const TOKEN: EchoLoad = EchoLoad { is_large: false, ..LARGE };
/// Of each two one is the control of another: what begins as RTP does may be what is lost.
const CONTROLS: [EchoLoad; 3] = [LARGE, TOKEN, EchoLoad { sight: Some(DatagramClass::Check), ..TOKEN }];
const TRIED: [EchoLoad; 4] = [
    EchoLoad { sight: Some(DatagramClass::Dtls), ..TOKEN },
    EchoLoad { sight: Some(DatagramClass::Dtls), ..LARGE },
    EchoLoad { sight: Some(DatagramClass::Unassigned), ..TOKEN },
    EchoLoad { comes_back_large: true, ..TOKEN },
];

/// Copies of one datagram, and what became of them.
struct EchoTrial {
    to: SocketAddr,
    /// None of a Binding request.
    load: Option<EchoLoad>,
    copies: Transaction,
    begins: Instant,
    /// When an answer came.
    answered: Option<Instant>,
    /// What came with it.
    offer: Option<EchoOffer>,
    /// When none was waited for any more, or when it was said that it cannot arrive.
    ended: Option<Instant>,
    is_unreachable: bool,
}

impl EchoTrial {
    fn is_over(&self) -> bool {
        self.answered.is_some() || self.ended.is_some()
    }

    fn waited_ms(&self, now: Instant) -> Millis {
        self.copies.waited(self.answered.or(self.ended).unwrap_or(now)).into()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EchoStage {
    New,
    Opening,
    Offer,
    Ports,
    OwnPortAgain,
    Before,
    Trying,
    After,
    Counting,
    Over,
}

/// The probe. It begins with its first input.
pub(super) struct EchoProbe {
    config: EchoConfig,
    rng: Rng,
    session: [u8; 8],
    stage: EchoStage,
    local: Option<SocketAddr>,
    /// Where the datagrams go, and the token there.
    place: Option<(SocketAddr, [u8; 8])>,
    ports: Vec<EchoTrial>,
    echoes: Vec<EchoTrial>,
    counting: Option<EchoTrial>,
    counts: Option<Vec<u16>>,
    out: VecDeque<Output>,
}

impl EchoProbe {
    pub(super) fn new(config: EchoConfig, mut rng: Rng) -> Self {
        Self {
            config,
            session: rng.bytes(),
            rng,
            stage: EchoStage::New,
            local: None,
            place: None,
            ports: Vec::new(),
            echoes: Vec::new(),
            counting: None,
            counts: None,
            out: VecDeque::new(),
        }
    }

    fn begin(&mut self) {
        self.stage = EchoStage::Opening;
        let open = Open::Udp { bind: Bind::Toward(self.config.server), dont_fragment: false };
        self.out.push_back(Output::Open { socket: SOCKET, open });
    }

    fn trial(
        &self,
        to: SocketAddr,
        load: Option<EchoLoad>,
        bytes: Vec<u8>,
        id: TransactionId,
        begins: Instant,
    ) -> EchoTrial {
        let schedule = Schedule::known(self.config.rtt);
        let schedule = Schedule { last_wait: schedule.last_wait.max(LEAST_WAIT), ..schedule };
        let copies = Transaction::new(id, bytes, schedule);
        EchoTrial { to, load, copies, begins, answered: None, offer: None, ended: None, is_unreachable: false }
    }

    fn ask_port(&mut self, to: SocketAddr, begins: Instant) {
        let id = TransactionId(self.rng.bytes());
        let trial = self.trial(to, None, echo_request(id).finish(), id, begins);
        self.ports.push(trial);
    }

    fn send_loads(&mut self, now: Instant, loads: &[EchoLoad]) {
        let Some((to, token)) = self.place else { return };
        let mut begins = now;
        for load in loads {
            let Ok(slot) = u8::try_from(self.echoes.len()) else { return };
            let large = LARGE_BYTES as usize;
            let wanted = if load.comes_back_large { LARGE_BYTES as u16 } else { 0 };
            let (session, salt) = (self.session, self.rng.bytes());
            let echo = Echo { kind: EchoKind::Asked, slot, wanted, token, session, salt };
            let bytes = echo.datagram(
                load.sight,
                if load.is_large {
                    large
                } else if load.sight.is_none() {
                    SMALL
                } else {
                    0
                },
            );
            let id = TransactionId(self.rng.bytes());
            let trial = self.trial(to, Some(*load), bytes, id, begins);
            self.echoes.push(trial);
            begins = begins + GAP;
        }
    }

    fn trials(&mut self) -> impl Iterator<Item = &mut EchoTrial> {
        self.ports.iter_mut().chain(&mut self.echoes).chain(&mut self.counting)
    }

    /// Sends what is due, and goes on where nothing is awaited any more.
    fn proceed(&mut self, now: Instant) {
        let mut out = Vec::new();
        for trial in self.trials().filter(|trial| !trial.is_over() && trial.begins <= now) {
            match trial.copies.due(now) {
                Due::Send => {
                    let data = trial.copies.bytes().to_vec();
                    out.push(Output::Send { socket: SOCKET, to: trial.to, data });
                }
                Due::Wait(_) => {}
                Due::Silent => trial.ended = Some(now),
            }
        }
        self.out.extend(out);
        let is_waiting = self.trials().any(|trial| !trial.is_over());
        if !is_waiting && !matches!(self.stage, EchoStage::New | EchoStage::Opening | EchoStage::Over) {
            self.go_on(now);
        }
    }

    fn go_on(&mut self, now: Instant) {
        let server = self.config.server;
        match self.stage {
            EchoStage::Offer => {
                // It was offered and is not given: nothing is known.
                let Some(offer) = self.ports.first().and_then(|own| own.offer.clone()) else {
                    return self.stage = EchoStage::Over;
                };
                self.stage = EchoStage::Ports;
                for (place, port) in (0..).zip(offer.ports) {
                    self.ask_port(SocketAddr::new(server.ip(), port), now + GAP * place);
                }
            }
            EchoStage::Ports => {
                self.stage = EchoStage::OwnPortAgain;
                self.ask_port(server, now);
            }
            EchoStage::OwnPortAgain => {
                self.stage = EchoStage::Before;
                self.tell_ports(now);
                let high = self.ports.iter().find(|port| port.to.port() >= HopFact::HIGH_PORTS && port.offer.is_some());
                let place = high.or(self.ports.first());
                self.place = place.and_then(|place| Some((place.to, place.offer.as_ref()?.token)));
                self.send_loads(now, &CONTROLS);
            }
            EchoStage::Before => {
                self.stage = EchoStage::Trying;
                self.send_loads(now, &TRIED);
            }
            EchoStage::Trying => {
                self.stage = EchoStage::After;
                self.send_loads(now, &CONTROLS);
            }
            EchoStage::After => {
                self.stage = EchoStage::Counting;
                let Some((to, token)) = self.place else { return self.stage = EchoStage::Over };
                let (session, id) = (self.session, TransactionId(self.rng.bytes()));
                let echo = Echo { kind: EchoKind::Counts, slot: 0, wanted: 0, token, session, salt: [0; 8] };
                self.counting = Some(self.trial(to, None, echo.counts_request(id).finish(), id, now));
            }
            EchoStage::Counting => {
                self.stage = EchoStage::Over;
                self.tell_echoes(now);
            }
            EchoStage::New | EchoStage::Opening | EchoStage::Over => return,
        }
        self.proceed(now);
    }

    fn tell(&mut self, fact: EchoFact) {
        let by = Origin { question: Question::Echo, uri: None };
        self.out.push_back(Output::Observe { by, fact: Fact::Echo(fact) });
    }

    fn tell_ports(&mut self, now: Instant) {
        let Some(local) = self.local else { return };
        let facts: Vec<EchoFact> = self
            .ports
            .iter()
            .filter(|port| !port.is_unreachable)
            .map(|port| EchoFact::EchoPort {
                server: port.to,
                local,
                tally: Tally { sent: port.copies.sent(), answered: u32::from(port.answered.is_some()) },
                waited_ms: port.waited_ms(now),
            })
            .collect();
        facts.into_iter().for_each(|fact| self.tell(fact));
    }

    fn tell_echoes(&mut self, now: Instant) {
        let Some(local) = self.local else { return };
        let came =
            |place: usize| self.counts.as_ref().and_then(|counts| counts.get(place)).map(|came| u32::from(*came));
        let trials = self.echoes.iter().enumerate().filter(|(_, trial)| !trial.is_unreachable);
        let facts = trials.filter_map(|(place, trial)| {
            let load = trial.load?;
            Some(EchoFact::Echoed {
                server: trial.to,
                local,
                class: load.sight,
                bytes: load.is_large.then_some(LARGE_BYTES),
                back_bytes: load.comes_back_large.then_some(LARGE_BYTES),
                sent: trial.copies.sent(),
                came: came(place),
                came_back: trial.answered.is_some(),
                waited_ms: trial.waited_ms(now),
            })
        });
        let facts: Vec<EchoFact> = facts.collect();
        facts.into_iter().for_each(|fact| self.tell(fact));
    }

    fn received(&mut self, now: Instant, from: SocketAddr, data: &[u8]) {
        if let Some((echo, _)) = Echo::read(data) {
            self.came_back(now, from, &echo);
        } else if let Ok(Datagram::Stun(message)) = wire::read(data) {
            match Echo::in_message(&message) {
                Some(echo) => self.came_back(now, from, &echo),
                None if message.class == Class::Success => self.answered(now, from, &message),
                None => {}
            }
        }
    }

    fn came_back(&mut self, now: Instant, from: SocketAddr, echo: &Echo) {
        let is_ours = echo.kind == EchoKind::Answered && echo.session == self.session;
        let trial = self.echoes.get_mut(usize::from(echo.slot)).filter(|trial| is_ours && trial.to == from);
        if let Some(trial) = trial {
            trial.answered.get_or_insert(now);
        }
    }

    fn answered(&mut self, now: Instant, from: SocketAddr, message: &Message) {
        if let Some(counting) = self.counting.as_mut().filter(|asked| asked.copies.id() == message.id) {
            counting.answered.get_or_insert(now);
            self.counts = message.echo().and_then(echo_counts);
        } else if let Some(port) = self.ports.iter_mut().find(|port| port.copies.id() == message.id && port.to == from)
        {
            port.answered.get_or_insert(now);
            port.offer = port.offer.take().or(message.echo().and_then(EchoOffer::of));
        }
    }

    /// What cannot arrive by the word of a router, of the server's host or of this machine is told by others, and shows no
    /// port to be shut in silence.
    fn unreachable(&mut self, now: Instant, to: SocketAddr) {
        for trial in self.trials().filter(|trial| trial.to == to && !trial.is_over()) {
            (trial.ended, trial.is_unreachable) = (Some(now), true);
        }
    }

    fn next(&self) -> Option<Instant> {
        let trials = self.ports.iter().chain(&self.echoes).chain(&self.counting);
        trials.filter(|trial| !trial.is_over()).map(|trial| trial.copies.next().max(trial.begins)).min()
    }
}

impl Machine for EchoProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match (self.stage, input) {
            (EchoStage::Over, _) => {}
            // What is cut short shows nothing.
            (_, Input::Stop | Input::Failed { .. }) => self.stage = EchoStage::Over,
            (EchoStage::New, _) => self.begin(),
            (EchoStage::Opening, Input::Opened { local, .. }) => {
                self.local = Some(local);
                self.stage = EchoStage::Offer;
                self.ask_port(self.config.server, now);
                self.proceed(now);
            }
            (EchoStage::Opening, _) => {}
            (_, Input::Received { from, data, .. }) => {
                self.received(now, from, &data);
                self.proceed(now);
            }
            (_, Input::Unreachable { to, .. }) => {
                self.unreachable(now, to);
                self.proceed(now);
            }
            (_, Input::Woken) => self.proceed(now),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or_else(|| {
            Output::Wait(match self.stage {
                EchoStage::Over => Wake::Finished,
                _ => self.next().map_or(Wake::OnInput, Wake::At),
            })
        })
    }
}

#[cfg(test)]
mod tests;

//! An ICE agent (RFC 8445) that goes on until every pair is judged.
//!
//! It gathers from this machine's addresses and the servers that its owner names, takes the peer's candidates as they
//! trickle in (RFC 8838), checks every pair at one pace, nominates, and keeps asking for consent (RFC 7675). Unlike an agent
//! that only wants to connect it does not stop at the first pair: each is sampled, or asked until its silence counts.
//! What is signalled, and when the call is over, is the owner's business.
//!
//! | file | what it does |
//! |---|---|
//! | base | where the agent sends from |
//! | gather | bases, server-reflexive and relayed candidates (§5.1) |
//! | remote | the peer's description and candidates (§5.3, §6.1.2) |
//! | checks | checks out, checks in, answers, consent (§7) |
//! | nominate | which pair carries the call (§8) |
//! | roles | who controls, and what happens when both think they do (§7.3.1.1) |
//! | streams | TCP candidates (RFC 6544) |
//! | carry | data over the pair that was chosen |
//! | keep | whether that pair is kept |
//! | doubt | whether a relay that carries data is still there |
//! | story | what became of each pair, as facts |

mod base;
mod carry;
mod checks;
mod doubt;
mod gather;
mod keep;
mod nominate;
mod remote;
mod roles;
mod story;
mod streams;
#[cfg(test)]
mod tests;

pub use base::{IceServer, Relays};
pub use remote::MOST_CANDIDATES;

use super::candidate::Candidates;
use super::check::Credentials;
use super::checklist::{Checklist, Pair};
use crate::machine::{Input, Instant, Machine, Output, QueryId, Rng, SocketId, Wake};
use crate::model::{Candidate, Fact, Interface, Origin, Question, Role};
use crate::turn;
use crate::wire::TransactionId;
use base::{Base, Way};
use checks::{Early, Outstanding};
use doubt::{Doubt, Doubts};
use gather::Ask;
use keep::Kept;
use remote::Pending;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;
use streams::Stream;

/// RFC 8445 §14.2: 50 ms where the ends do not agree on less, and never below 5 ms. With a pace of 10 ms (`ice-pacing`,
/// RFC 8839 §5.5) four candidates a side are all checked within a sixth of a second, at some 100 kbit/s.
pub const OUR_PACE: Duration = Duration::from_millis(10);
const USUAL_PACE: Duration = Duration::from_millis(50);

/// A relay is given back within this time, or left to expire.
const FAREWELL: Duration = Duration::from_millis(1000);

/// Which candidates are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    #[default]
    All,
    /// As `iceTransportPolicy: "relay"` has it.
    RelayOnly,
    /// No server is asked.
    HostOnly,
}

#[derive(Clone, Copy, Debug)]
pub struct Config {
    pub role: Role,
    pub policy: Policy,
    /// Take TCP connections too (RFC 6544), as media servers do and browsers do not.
    pub passive_tcp: bool,
    /// Hide host addresses behind names of the local link, as browsers do.
    pub mdns: bool,
    /// Loopback addresses are candidates where there are no others.
    pub loopback: bool,
    /// How long after the peer's description pairs are checked on before they are called silent, where nothing at all has
    /// been heard of the peer: it may not have our description yet.
    pub patience: Duration,
}

/// What the owner is told, to be signalled.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A candidate of ours; where there is a name, it is told instead of the address.
    Candidate { candidate: Candidate, name: Option<String> },
    /// There will be no more.
    Gathered,
    /// New credentials: everything is to be signalled anew (RFC 8445 §9).
    Restarted,
}

/// The peer's half of what ICE must know.
#[derive(Clone, Debug)]
pub struct Description {
    pub credentials: Credentials,
    pub lite: bool,
    /// `ice-pacing`.
    pub pace: Option<Duration>,
}

pub struct Agent {
    config: Config,
    rng: Rng,
    now: Instant,
    role: Role,
    tie_breaker: u64,
    switches: u32,
    ours: Credentials,
    theirs: Option<Description>,
    described_at: Option<Instant>,
    /// When a check of the peer's came last.
    checked_at: Option<Instant>,
    interfaces: Option<Vec<Interface>>,
    servers: Vec<IceServer>,
    servers_known: bool,
    bases: Vec<Base>,
    candidates: Candidates,
    gathered: Vec<Candidate>,
    names: Vec<(std::net::IpAddr, String)>,
    gathering_told: bool,
    asks: Vec<Ask>,
    streams: BTreeMap<SocketId, Stream>,
    checklist: Checklist,
    outstanding: BTreeMap<TransactionId, Outstanding>,
    resolving: BTreeMap<QueryId, Pending>,
    /// Checks that came before the peer's description.
    early: Vec<Early>,
    /// When it last began anew.
    anew_since: Option<Instant>,
    kept: Kept,
    remote_candidates: usize,
    refused: u32,
    /// Checks from addresses that were one too many to become candidates.
    unlearnt: u32,
    remote_complete: bool,
    selected: Option<usize>,
    /// How often the pair that was chosen was left for another.
    moves: u32,
    /// The pair beside the chosen one that the peer nominated last, and by which check.
    also_nominated: Option<(usize, TransactionId)>,
    consent_due: Option<Instant>,
    doubt: Option<Doubt>,
    doubts: Doubts,
    next_tick: Instant,
    next_socket: u32,
    next_query: u32,
    /// When it ends at the latest, once it has been told to.
    leaving: Option<Instant>,
    over: bool,
    out: VecDeque<Output>,
    events: VecDeque<Event>,
    /// What came that is no STUN, until its owner takes it.
    carried: VecDeque<Vec<u8>>,
}

/// RFC 8445 §5.3 asks for 24 and 128 bits; six bits a character.
fn credentials(rng: &mut Rng) -> Credentials {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = |length: usize| -> String {
        let character = |_| char::from(ALPHABET[usize::try_from(rng.below(64)).unwrap_or_default() % 64]);
        (0..length).map(character).collect()
    };
    loop {
        let (ufrag, password) = (text(8), text(24));
        if let Some(credentials) = Credentials::new(&ufrag, &password) {
            return credentials;
        }
    }
}

impl Agent {
    pub fn new(config: Config, mut rng: Rng) -> Self {
        Self {
            config,
            role: config.role,
            tie_breaker: u64::from_be_bytes(rng.bytes()),
            switches: 0,
            ours: credentials(&mut rng),
            rng,
            now: Instant::START,
            theirs: None,
            described_at: None,
            checked_at: None,
            interfaces: None,
            servers: Vec::new(),
            servers_known: false,
            bases: Vec::new(),
            candidates: Candidates::default(),
            gathered: Vec::new(),
            names: Vec::new(),
            gathering_told: false,
            asks: Vec::new(),
            streams: BTreeMap::new(),
            checklist: Checklist::default(),
            outstanding: BTreeMap::new(),
            resolving: BTreeMap::new(),
            early: Vec::new(),
            anew_since: None,
            kept: Kept::default(),
            remote_candidates: 0,
            refused: 0,
            unlearnt: 0,
            remote_complete: false,
            selected: None,
            moves: 0,
            also_nominated: None,
            consent_due: None,
            doubt: None,
            doubts: Doubts::default(),
            next_tick: Instant::START,
            next_socket: 0,
            next_query: 0,
            leaving: None,
            over: false,
            out: VecDeque::new(),
            events: VecDeque::new(),
            carried: VecDeque::new(),
        }
    }

    /// What the peer must know to check us.
    pub fn credentials(&self) -> &Credentials {
        &self.ours
    }

    /// Whether the peer's description is there.
    pub fn is_described(&self) -> bool {
        self.theirs.is_some()
    }

    /// Whether there is something to signal.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// When it last began anew; None where it never did.
    pub fn anew_since(&self) -> Option<Instant> {
        self.anew_since
    }

    /// The restart need not be told: the owner answers the peer's own.
    pub fn take_restart(&mut self) {
        self.events.retain(|event| *event != Event::Restarted);
    }

    /// What there is to signal.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether no candidate is to come from us any more.
    pub fn has_gathered(&self) -> bool {
        self.gathering_told
    }

    /// Whether there is nothing more to find out: both ends' candidates are known and every pair is judged.
    pub fn is_judged(&self) -> bool {
        self.gathering_told
            && self.described_at.is_some()
            && self.remote_complete
            && self.resolving.is_empty()
            && self.checklist.is_over(self.now)
    }

    /// When a check of the peer's, or an answer, came last.
    pub fn last_heard(&self) -> Option<Instant> {
        let answers = self.checklist.pairs.iter().filter(|pair| pair.received > 0).map(Pair::last_heard);
        answers.chain(self.checked_at).max()
    }

    fn observe(&mut self, question: Question, uri: Option<String>, fact: Fact) {
        self.out.push_back(Output::Observe { by: Origin { question, uri }, fact });
    }

    fn tell(&mut self, fact: Fact) {
        self.observe(Question::Checks, None, fact);
    }

    fn socket(&mut self) -> SocketId {
        self.next_socket += 1;
        SocketId(self.next_socket)
    }

    fn pace(&self) -> Duration {
        let theirs = self.theirs.as_ref().and_then(|theirs| theirs.pace).unwrap_or(USUAL_PACE);
        OUR_PACE.max(theirs)
    }

    /// New credentials, and everything from the beginning (RFC 8445 §9). What was found out is told before.
    pub fn restart(&mut self, now: Instant) {
        self.now = now;
        self.tell_all();
        self.tell(Fact::Restarted);
        for base in std::mem::take(&mut self.bases) {
            let socket = match base.way {
                Way::Udp { socket, .. } | Way::Passive { listener: socket, .. } => socket,
                Way::Relay(mut relay) => {
                    // A farewell that is not waited for: the allocation is bound to the old address anyway.
                    relay.release(now);
                    let sent = std::iter::from_fn(|| relay.allocation.poll());
                    let to = relay.server.server;
                    let send = |output| match output {
                        turn::Output::Send(data) => Some(Output::Send { socket: relay.socket, to, data }),
                        turn::Output::Event(_) => None,
                    };
                    self.out.extend(sent.filter_map(send));
                    relay.socket
                }
                Way::Active => continue,
            };
            self.out.push_back(Output::Close { socket });
        }
        let streams = std::mem::take(&mut self.streams);
        self.out.extend(streams.into_keys().map(|socket| Output::Close { socket }));
        let (interfaces, servers) = (self.interfaces.take(), std::mem::take(&mut self.servers));
        let new = Self::new(Config { role: self.role, ..self.config }, self.rng.fork());
        let old = std::mem::replace(self, new);
        (self.now, self.out, self.servers_known) = (now, old.out, old.servers_known);
        (self.next_socket, self.next_query, self.tie_breaker) = (old.next_socket, old.next_query, old.tie_breaker);
        (self.doubts, self.kept) = (old.doubts.anew(), old.kept.anew());
        self.anew_since = Some(now);
        self.events.push_back(Event::Restarted);
        if let Some(interfaces) = interfaces {
            self.begin(interfaces);
        }
        for server in servers {
            self.add_server(now, server);
        }
        self.pump();
    }

    fn leave(&mut self) {
        if self.leaving.is_some() {
            return;
        }
        self.leaving = Some(self.now + FAREWELL);
        self.tell_all();
        let now = self.now;
        for base in &mut self.bases {
            if let Way::Relay(relay) = &mut base.way {
                relay.is_pending = relay.release(now);
            }
        }
        self.asks.clear();
    }

    /// Whether a relay's farewell is still to be answered.
    fn is_held(&self) -> bool {
        self.bases.iter().any(|base| matches!(&base.way, Way::Relay(relay) if relay.is_pending && !base.gone))
    }

    /// Lets everything that is due happen.
    fn pump(&mut self) {
        let now = self.now;
        for at in 0..self.bases.len() {
            if let Some(Base { way: Way::Relay(relay), .. }) = self.bases.get_mut(at)
                && relay.allocation.wake().is_some_and(|wake| wake <= now)
            {
                relay.allocation.handle_wake(now);
            }
            self.drain_relay(at);
        }
        if let Some(until) = self.leaving {
            self.over |= now >= until || !self.is_held();
            return;
        }
        if std::mem::take(&mut self.doubts.moving) {
            return self.restart(now);
        }
        self.ask_controls();
        self.tick();
        self.expire();
        self.tell_judged();
        self.tell_gathered();
    }

    fn wake(&self) -> Wake {
        if self.over {
            return Wake::Finished;
        }
        let relays = self.bases.iter().filter_map(|base| match &base.way {
            Way::Relay(relay) => relay.allocation.wake(),
            _ => None,
        });
        let next = match self.leaving {
            Some(until) => relays.chain([until]).min(),
            None => relays.chain(self.own_wake()).chain(self.doubt.as_ref().and_then(Doubt::due)).min(),
        };
        next.map_or(Wake::OnInput, Wake::At)
    }

    fn received(&mut self, socket: SocketId, from: SocketAddr, data: &[u8]) {
        let udp = |base: &Base| matches!(base.way, Way::Udp { socket: own, .. } if own == socket);
        if let Some(at) = self.bases.iter().position(udp) {
            return self.arrived(at, from, data);
        }
        if self.streams.contains_key(&socket) {
            return self.stream_received(socket, data);
        }
        let relay = |base: &Base| matches!(&base.way, Way::Relay(relay) if relay.socket == socket);
        if let Some(at) = self.bases.iter().position(relay) {
            let now = self.now;
            if let Some(Base { way: Way::Relay(relay), .. }) = self.bases.get_mut(at)
                && relay.server.server == from
            {
                relay.allocation.handle_received(now, data);
            }
            self.drain_relay(at);
        }
    }
}

impl Machine for Agent {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        match input {
            Input::Interfaces(interfaces) if self.interfaces.is_none() => self.begin(interfaces),
            Input::Interfaces(interfaces) => self.change(interfaces),
            Input::Opened { socket, local, .. } => self.opened(socket, local),
            Input::Failed { socket, failure, .. } => self.failed(socket, &failure),
            Input::Ended { socket } => self.ended(socket),
            Input::Accepted { listener, socket, remote, .. } => self.accepted(listener, socket, remote),
            Input::Received { socket, from, data } => self.received(socket, from, &data),
            Input::Unreachable { socket, to, failure } => self.unreachable(socket, to, &failure),
            Input::Resolved { query, answer } => self.resolved(query, answer.ok()),
            Input::Stop => self.leave(),
            Input::Woken | Input::Signalled(_) => {}
        }
        self.pump();
    }

    fn poll(&mut self) -> Output {
        // What the owner asked for between two inputs is due at once.
        if self.out.is_empty() {
            self.pump();
        }
        self.out.pop_front().unwrap_or_else(|| Output::Wait(self.wake()))
    }
}

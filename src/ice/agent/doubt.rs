//! Nothing comes any more through the relay that carries the call: is it the relay?
//!
//! Its server is asked to keep the allocation (a Refresh, RFC 8656 §8). That silence is the relay's own is known only
//! beside a control: at the same time other servers are asked, and other pairs checked. Where the relay is dead and
//! something else is not, everything begins anew (RFC 8445 §9), so that the call goes on over what is left.

use super::base::{Base, Way};
use super::{Agent, Output};
use crate::ice::checklist::{Purpose, State};
use crate::machine::Instant;
use crate::model::{Fact, Origin, Question, RelayDoubt, RelayState, Tally, Transport};
use crate::wire::{Builder, StunMethod, TransactionId};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

/// Copies of the control, as many and as close as those of the question itself.
const ROUNDS: u32 = 8;
const SPACING: Duration = Duration::from_millis(100);

/// Servers and pairs that serve as a control.
const MOST_CONTROLS: usize = 2;

/// Doubts of one agent: a call with long pauses would raise one in each.
const MOST_DOUBTS: u32 = 8;

/// How often a call is moved away from a relay: one that dies again and again is told, not chased.
const MOST_MOVES: u32 = 3;

/// What is kept of it over a restart.
#[derive(Clone, Copy, Default)]
pub(super) struct Doubts {
    begun: u32,
    moves: u32,
    /// Everything is to begin anew.
    pub moving: bool,
    /// Data went over the pair that was chosen.
    pub has_carried: bool,
}

impl Doubts {
    pub fn anew(self) -> Self {
        Self { moving: false, has_carried: false, ..self }
    }
}

/// A relay that is being asked.
pub(super) struct Doubt {
    base: usize,
    since: Instant,
    next: Instant,
    left: u32,
    servers: Vec<(usize, SocketAddr)>,
    /// Questions to them that are not answered yet.
    waiting: BTreeSet<TransactionId>,
    /// Other pairs, and when each was last heard.
    pairs: Vec<(usize, Instant)>,
    control: Tally,
}

impl Doubt {
    pub fn due(&self) -> Option<Instant> {
        (self.left > 0).then_some(self.next)
    }

    /// Whether another pair was heard meanwhile.
    fn knows_another_pair(&self) -> bool {
        self.pairs.iter().any(|(_, heard)| *heard > self.since)
    }
}

impl Agent {
    /// Nothing comes any more, says the owner: where the pair that was chosen goes through a relay of ours, it is asked.
    pub fn doubt(&mut self, now: Instant) {
        self.now = now;
        let base = self.selected.and_then(|at| self.checklist.pairs.get(at)).map(|pair| pair.local.base);
        let Some(base) = base.filter(|_| self.doubt.is_none() && self.doubts.begun < MOST_DOUBTS) else { return };
        let Some(Base { way: Way::Relay(relay), gone: false, .. }) = self.bases.get_mut(base) else { return };
        let server = relay.server.server;
        relay.allocation.probe(now);
        self.doubts.begun += 1;
        let others = self.checklist.pairs.iter().enumerate();
        let others = others.filter(|(_, pair)| pair.state == State::Succeeded && pair.local.base != base);
        let pairs: Vec<(usize, Instant)> =
            others.map(|(at, pair)| (at, pair.last_heard())).take(MOST_CONTROLS).collect();
        // Another server's answer shows that the network lets packets through; the same one's over another port does not.
        let servers = self.servers.iter().filter(|other| other.transport == Transport::Udp);
        let mut servers: Vec<SocketAddr> = servers.map(|other| other.server).collect();
        servers.retain(|other| other.ip() != server.ip());
        servers.sort_unstable();
        servers.dedup_by_key(|other| other.ip());
        let from = |to: &SocketAddr| {
            let fits = |base: &Base| match base.way {
                Way::Udp { local, .. } => !base.gone && local.port() != 0 && local.is_ipv4() == to.is_ipv4(),
                _ => false,
            };
            self.bases.iter().position(fits).map(|base| (base, *to))
        };
        let servers = servers.iter().filter_map(from).take(MOST_CONTROLS).collect();
        self.doubt = Some(Doubt {
            base,
            since: now,
            next: now,
            left: ROUNDS,
            servers,
            waiting: BTreeSet::new(),
            pairs,
            control: Tally::default(),
        });
        self.drain_relay(base);
        self.ask_controls();
    }

    /// One round of the control, when it is due; counts what was heard.
    pub(super) fn ask_controls(&mut self) {
        let now = self.now;
        let Some(doubt) = &mut self.doubt else { return };
        for (at, heard) in &mut doubt.pairs {
            let latest = self.checklist.pairs.get(*at).map_or(*heard, |pair| pair.last_heard());
            if latest > *heard {
                *heard = latest;
                doubt.control.heard = (doubt.control.heard + 1).min(doubt.control.sent);
            }
        }
        if doubt.left == 0 || now < doubt.next {
            return;
        }
        (doubt.left, doubt.next) = (doubt.left - 1, now + SPACING);
        let (servers, pairs) = (doubt.servers.clone(), doubt.pairs.clone());
        for (base, server) in servers {
            let id = TransactionId(self.rng.bytes());
            let request = Builder::request(StunMethod::Binding, id).finish();
            self.transmit(base, server, &request);
            if let Some(doubt) = &mut self.doubt {
                doubt.control.sent += 1;
                doubt.waiting.insert(id);
            }
        }
        for (at, _) in pairs {
            self.send_on(at, Purpose::Sample);
            if let Some(doubt) = &mut self.doubt {
                doubt.control.sent += 1;
            }
        }
    }

    /// Whether this answer is to a question of the control's.
    pub(super) fn control_answered(&mut self, id: TransactionId) -> bool {
        let Some(doubt) = &mut self.doubt else { return false };
        let is_ours = doubt.waiting.remove(&id);
        doubt.control.heard += u32::from(is_ours);
        is_ours
    }

    /// What is known of a relay now, where it was doubted or has carried the call.
    pub(super) fn found_of_relay(&mut self, base: usize, found: RelayState, asked: Tally) {
        let chosen = self.selected.and_then(|at| self.checklist.pairs.get(at)).map(|pair| pair.local.base);
        let carries = chosen == Some(base) && self.doubts.has_carried;
        let doubt = self.doubt.take_if(|doubt| doubt.base == base);
        let is_asked = doubt.is_some();
        if self.leaving.is_some() || !is_asked && (!carries || found == RelayState::Answers) {
            return;
        }
        let Some(Base { way: Way::Relay(relay), candidate, .. }) = self.bases.get(base) else { return };
        let knows_another_pair = doubt.as_ref().is_some_and(Doubt::knows_another_pair);
        let told = RelayDoubt {
            transport: relay.server.transport,
            server: relay.server.server,
            relayed: candidate.as_ref().map(|own| SocketAddr::new(own.address, own.port)),
            found,
            asked,
            control: doubt.map_or(Tally::default(), |doubt| doubt.control),
            after_ms: self.since_described(self.now),
        };
        let by = Origin { question: Question::Checks, uri: Some(relay.server.uri.clone()) };
        // A server that answers, or that only its connection has failed, may give another allocation.
        let has_hope = told.found != RelayState::Silent || knows_another_pair;
        if told.is_dead() && carries && has_hope && self.doubts.moves < MOST_MOVES {
            self.doubts.moves += 1;
            self.doubts.moving = true;
        }
        self.out.push_back(Output::Observe { by, fact: Fact::RelayDoubted(told) });
    }
}

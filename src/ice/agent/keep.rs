//! Is the pair that was chosen kept? Consent (RFC 7675), what its relay renews, and mappings that change under it.

use super::Agent;
use super::base::{Base, Way};
use super::story::ms;
use crate::machine::Instant;
use crate::model::{ConsentKept, End, Fact, Keeping, Rebinding, RelayKept, Tally};
use std::net::SocketAddr;
use std::time::Duration;

/// Told one by one; an end that moves all the time is told often enough.
const MOST_REBINDINGS: u32 = 16;

/// What is counted, over restarts too.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept {
    asked: u32,
    answered: u32,
    lapsed: bool,
    /// The last answer; at first, when the pair was chosen.
    heard: Option<Instant>,
    longest: Duration,
    rebindings: u32,
    /// The last of ours, which a server and the peer may both show.
    rebound: Option<(SocketAddr, SocketAddr)>,
    /// The base whose servers are asked beside a silence, and its tally before.
    beside: Option<(usize, Tally)>,
}

impl Kept {
    /// Another pair will be chosen.
    pub fn anew(self) -> Self {
        Self { heard: None, beside: None, ..self }
    }

    pub fn asked(&mut self, now: Instant) {
        self.asked += 1;
        self.heard.get_or_insert(now);
    }

    pub fn lapsed(&mut self) {
        self.lapsed = true;
    }

    fn answered(&mut self, now: Instant) {
        if let Some(heard) = self.heard.replace(now) {
            self.longest = self.longest.max(now.since(heard));
        }
        self.answered = (self.answered + 1).min(self.asked);
    }
}

impl Agent {
    /// A check was answered, from which the other end had seen it come from there.
    pub(super) fn keep(&mut self, at: usize, mapped: SocketAddr) {
        let Some(pair) = self.checklist.pairs.get(at).filter(|_| self.selected == Some(at)) else { return };
        let before = pair.mapped.filter(|before| *before != mapped && !pair.local.is_relayed);
        self.kept.answered(self.now);
        if let Some(from) = before {
            self.moved(from, mapped);
        }
    }

    /// The server that a base is known by sees it there now.
    pub(super) fn keep_mapping(&mut self, base: usize, server: SocketAddr, mapped: SocketAddr) {
        let known = self.bases.get_mut(base).filter(|base| base.server.as_ref().is_some_and(|(by, _)| *by == server));
        let before = known.and_then(|base| base.mapped.replace(mapped)).filter(|before| *before != mapped);
        if let Some(from) = before {
            self.moved(from, mapped);
        }
    }

    fn moved(&mut self, from: SocketAddr, to: SocketAddr) {
        if self.kept.rebound.replace((from, to)) != Some((from, to)) {
            self.rebound(Rebinding { whose: End::Ours, from, to });
        }
    }

    /// The peer checks from an address that nobody has named, when all of its own are long known.
    pub(super) fn met_elsewhere(&mut self, base: usize, to: SocketAddr) {
        let pair = self.selected.and_then(|at| self.checklist.pairs.get(at)).filter(|pair| pair.local.base == base);
        let from = pair.and_then(|pair| self.checklist.remotes.get(pair.remote)).map(|remote| remote.endpoint);
        if let Some(from) = from.filter(|from| *from != to && self.kept.asked > 0) {
            self.rebound(Rebinding { whose: End::Theirs, from, to });
        }
    }

    fn rebound(&mut self, rebinding: Rebinding) {
        self.kept.rebindings += 1;
        if self.kept.rebindings <= MOST_REBINDINGS {
            self.tell(Fact::Rebound(rebinding));
        }
    }

    /// Nothing comes from the other end any more: a server is asked beside that, from the same socket where one is known there.
    pub fn ask_beside(&mut self, now: Instant) {
        self.now = now;
        let own = self.selected.and_then(|at| self.checklist.pairs.get(at)).map(|pair| pair.local.base);
        let knows = |at: &usize| self.bases.get(*at).is_some_and(|base| base.server.is_some() && !base.gone);
        let Some(base) = own.filter(knows).or_else(|| (0..self.bases.len()).find(knows)) else { return };
        let before = self.bases.get(base).map(|base| base.control).unwrap_or_default();
        self.kept.beside = Some((base, before));
        self.begin_control(base);
    }

    /// How the pair was kept until now.
    pub fn keeping(&self, now: Instant) -> Keeping {
        let Kept { asked, answered, lapsed, heard, longest, beside, .. } = self.kept;
        let longest = longest.max(heard.map_or(Duration::ZERO, |heard| now.since(heard)));
        let beside = beside.and_then(|(base, before)| {
            let Tally { sent, heard } = self.bases.get(base)?.control;
            Some(Tally { sent: sent.saturating_sub(before.sent), heard: heard.saturating_sub(before.heard) })
        });
        Keeping {
            consent: ConsentKept { asked, answered, longest_gap_ms: longest.as_secs_f64() * 1000.0, lapsed },
            relay: self.relay_kept(now),
            beside_silence: beside,
        }
    }

    fn relay_kept(&self, now: Instant) -> Option<RelayKept> {
        let pair = self.selected.and_then(|at| self.checklist.pairs.get(at))?;
        let Base { way: Way::Relay(relay), candidate, .. } = self.bases.get(pair.local.base)? else { return None };
        let relayed = candidate.as_ref().map(|own| SocketAddr::new(own.address, own.port))?;
        let (since, until) = relay.allocation.held()?;
        let upkeep = relay.allocation.upkeep();
        Some(RelayKept {
            server: relay.server.server,
            transport: relay.server.transport,
            relayed,
            held_ms: ms(since, until.unwrap_or(now)),
            allocation: upkeep.allocation(),
            permission: upkeep.permission(),
            channel: upkeep.channel(),
        })
    }
}

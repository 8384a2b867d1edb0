//! What became of each pair, as facts.

use super::Agent;
use super::base::{Base, pair_end};
use crate::ice::checklist::State;
use crate::machine::Instant;
use crate::model::{CandidateType, Fact, Host, Pair, PairEnd, PairFailure, PairState, Text};

pub(super) fn ms(from: Instant, to: Instant) -> f64 {
    to.since(from).as_secs_f64() * 1000.0
}

impl Agent {
    pub(super) fn since_described(&self, at: Instant) -> f64 {
        ms(self.described_at.unwrap_or(at), at)
    }

    /// Both ends of a pair. Ours is the candidate that the peer saw the check come from: behind a NAT the reflexive one of
    /// that base, or one that nobody knew (§7.2.5.3.1).
    pub(super) fn ends(&self, at: usize) -> Option<(PairEnd, PairEnd)> {
        let pair = self.checklist.pairs.get(at)?;
        let remote = self.checklist.remotes.get(pair.remote)?.end.clone();
        let base = self.bases.get(pair.local.base)?;
        let own = base.end()?;
        let Some(mapped) = pair.mapped.filter(|_| !pair.local.is_relayed && own.tcp_type.is_none()) else {
            return Some((own, remote));
        };
        if own.endpoint() == Some(mapped) {
            return Some((own, remote));
        }
        let local_of_base = base.candidate.as_ref().map(|candidate| (candidate.address, candidate.port));
        let known = self.gathered.iter().find(|candidate| {
            let related = candidate.related.map(|related| (related.ip(), related.port()));
            (candidate.address, candidate.port) == (mapped.ip(), mapped.port()) && related == local_of_base
        });
        let seen = known.map(pair_end).unwrap_or_else(|| PairEnd {
            kind: CandidateType::Prflx,
            address: Host::Address(mapped.ip()),
            port: mapped.port(),
            ..own
        });
        Some((seen, remote))
    }

    fn story(&self, at: usize) -> Option<Pair> {
        let pair = self.checklist.pairs.get(at)?;
        let (local, remote) = self.ends(at)?;
        let state = match pair.state {
            State::Succeeded => PairState::Succeeded,
            State::Failed => PairState::Failed,
            State::Frozen | State::Waiting | State::InProgress => PairState::NotChecked,
        };
        let unfinished = (state == PairState::NotChecked).then_some(PairFailure::NoTime);
        Some(Pair {
            local,
            remote,
            state,
            failure: pair.failure.clone().or(unfinished),
            rtt_ms: pair.rtt(),
            sent: pair.sent,
            received: pair.received,
            first_success_ms: pair.first_success.map(|at| self.since_described(at)),
            nominated: pair.nominated,
        })
    }

    fn tell_pair(&mut self, at: usize) {
        if let Some(story) = self.story(at) {
            self.tell(Fact::Checked(story));
        }
        if let Some(pair) = self.checklist.pairs.get_mut(at) {
            pair.told = true;
        }
    }

    /// The pairs that are judged by now; one that may yet be nominated waits for that.
    pub(super) fn tell_judged(&mut self) {
        let now = self.now;
        for at in 0..self.checklist.pairs.len() {
            let Some(pair) = self.checklist.pairs.get(at) else { return };
            let is_undecided = pair.state == State::Succeeded && self.selected.is_none() && self.can_nominate();
            if !pair.told && pair.is_over(now) && !is_undecided {
                self.tell_pair(at);
            }
        }
    }

    /// All that is left to tell, at the end.
    pub(super) fn tell_all(&mut self) {
        for at in 0..self.checklist.pairs.len() {
            if self.checklist.pairs.get(at).is_some_and(|pair| !pair.told) {
                self.tell_pair(at);
            }
        }
        let left_out = std::mem::take(&mut self.checklist.left_out);
        let unlearnt = std::mem::take(&mut self.unlearnt);
        for (what, ignored) in [("candidate pairs", left_out), ("checks from further ports", unlearnt)] {
            if ignored > 0 {
                self.tell(Fact::Limited { what: Text::new(what), ignored });
            }
        }
    }

    /// What was heard on the base of a pair while it was silent: from servers, and on its other pairs.
    pub(super) fn control_of(bases: &[Base], heard: &[(usize, u32, u32)], base: usize) -> crate::model::Tally {
        let servers = bases.get(base).map(|base| base.control).unwrap_or_default();
        heard
            .iter()
            .filter(|(at, ..)| *at == base)
            .fold(servers, |all, (_, sent, heard)| all.and(crate::model::Tally { sent: *sent, heard: *heard }))
    }
}

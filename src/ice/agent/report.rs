//! What became of each pair, and of the relay that carries the call, as facts.

use super::Agent;
use crate::ice::base::pair_end;
use crate::ice::former::FormerPair;
use crate::ice::line::RemoteCandidate;
use crate::ice::pair::State;
use crate::ice::remote::unresolved_pair;
use crate::machine::Instant;
use crate::model::{
    CandidateType, Fact, Host, HostFact, IceFact, Limit, Millis, Pair, PairEnd, PairFailure, PairSilence, PairState,
    PathMaintenance, Question, RelayLiveness, RelayMaintenance, RelayState, Tally,
};
use std::net::SocketAddr;

impl Agent {
    /// How consent and the relay of the selected pair were kept until `now`.
    pub fn maintenance(&self, now: Instant) -> PathMaintenance {
        PathMaintenance {
            consent: self.consent.stats(now),
            relay: self.relay_maintenance(now),
            beside_silence: self.consent.beside_silence(),
        }
    }

    /// What was learnt of the selected pair beside a silence on it that began at `last_heard`; None where it was not asked.
    pub fn pair_silence(&self, last_heard: Instant) -> Option<PairSilence> {
        let own_network_gone = self.gatherer.is_offline();
        self.consent.pair_silence(last_heard).map(|pair| PairSilence { own_network_gone, ..pair })
    }

    /// The time since the peer's description came; none before it has.
    pub(super) fn since_described(&self, at: Instant) -> Millis {
        at.since(self.described_at.unwrap_or(at)).into()
    }

    /// Both ends of a pair. Ours is the candidate that the peer saw the check come from: behind a NAT the reflexive one of
    /// that base, or one that nobody knew (RFC 8445 §7.2.5.3.1).
    pub(super) fn ends(&self, at: usize) -> Option<(PairEnd, PairEnd)> {
        let pair = self.checks.list().pair(at)?;
        let remote = self.checks.list().remotes().get(pair.remote)?.end.clone();
        let base = self.bases.get(pair.local.base)?;
        let own = base.end()?;
        let Some(mapped) = pair.mapped.filter(|_| !pair.local.is_relayed && own.tcp_type.is_none()) else {
            return Some((own, remote));
        };
        if own.endpoint() == Some(mapped) {
            return Some((own, remote));
        }
        let local_of_base = base.candidate.as_ref().map(|candidate| (candidate.address, candidate.port));
        let known = self.gatherer.gathered().iter().find(|candidate| {
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

    /// What is known of a pair by now.
    fn pair_report(&self, at: usize) -> Option<Pair> {
        let pair = self.checks.list().pair(at)?;
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
            unanswered_last: if state == PairState::Succeeded {
                pair.sent - pair.answered_up_to.min(pair.sent)
            } else {
                0
            },
            first_success_ms: pair.first_success.map(|at| self.since_described(at)),
            nominated: pair.nomination.done,
        })
    }

    fn report_pair(&mut self, at: usize) {
        if let Some(report) = self.pair_report(at) {
            self.io.report(Fact::Ice(IceFact::Checked(report)));
        }
        if let Some(pair) = self.checks.list_mut().pair_mut(at) {
            pair.reported = true;
        }
    }

    /// Reports the pairs that are judged by now; one that may yet be nominated waits for that.
    pub(super) fn report_judged(&mut self) {
        let is_undecided = self.nominator.selected().is_none() && self.theirs.is_some() && self.closing.is_none();
        for at in 0..self.checks.list().pairs().len() {
            let Some(pair) = self.checks.list().pair(at) else { return };
            let waits = pair.state == State::Succeeded && is_undecided;
            if !pair.reported && pair.is_over(self.io.now) && !waits {
                self.report_pair(at);
            }
        }
    }

    /// Reports all that is left, at the end.
    pub(super) fn report_all(&mut self) {
        for at in 0..self.checks.list().pairs().len() {
            if self.checks.list().pair(at).is_some_and(|pair| !pair.reported) {
                self.report_pair(at);
            }
        }
        if let Some(dispute) = self.roles.dispute(self.io.now) {
            self.io.report(Fact::Ice(IceFact::RoleDisputed(dispute)));
        }
        if let Some(mismatch) = self.credentials.mismatch() {
            self.io.report(Fact::Ice(IceFact::CredentialsDiffer(mismatch)));
        }
        if let Some(lasted) = self.former.as_ref().and_then(FormerPair::outlasted) {
            self.io.report(Fact::Ice(IceFact::RestartNotMade { lasted_ms: lasted.into() }));
        }
        let left_out = self.checks.list_mut().take_left_out();
        let prflx_overflow = self.remotes.take_prflx_overflow();
        for (what, ignored) in [(Limit::Pairs, left_out), (Limit::PeerReflexive, prflx_overflow)] {
            if ignored > 0 {
                self.io.report(Fact::Host(HostFact::Limited { what, ignored }));
            }
        }
    }

    /// A pair has succeeded for the first time, by a check that left at `sent_at`.
    pub(super) fn report_reached(&mut self, at: usize, sent_at: Instant) {
        let Some((local, remote)) = self.ends(at) else { return };
        let sent = self.checks.unanswered(at).saturating_add(1);
        let (rtt_ms, after_ms) = (Some(self.io.now.since(sent_at).into()), self.since_described(self.io.now));
        self.io.report(Fact::Ice(IceFact::Reached { local, remote, rtt_ms, after_ms, sent }));
    }

    /// Reports the pair that a candidate would have made with the best of our bases, if its name had an address.
    pub(super) fn report_unresolved(&mut self, candidate: &RemoteCandidate, name: &str) {
        let own = self.gatherer.gathered().iter().find(|own| own.protocol == candidate.protocol);
        if let Some(local) = own.map(pair_end) {
            self.io.report(Fact::Ice(IceFact::Checked(unresolved_pair(local, candidate, name))));
        }
    }

    /// A relay's server was asked about its allocation, or the allocation is gone.
    pub(super) fn relay_checked(&mut self, base: usize, found: RelayState, asked: Tally) {
        let carries = self.selected_base() == Some(base);
        let Some(verdict) = self.relay_watch.conclude(base, carries, found, asked).filter(|_| self.closing.is_none())
        else {
            return;
        };
        let after_ms = self.since_described(self.io.now);
        let Some((own, relay)) = self.bases.get(base).and_then(|base| Some((base, base.relay()?))) else { return };
        let report = RelayLiveness {
            transport: relay.server.transport,
            server: relay.server.server,
            relayed: own.candidate.as_ref().map(|own| SocketAddr::new(own.address, own.port)),
            found: verdict.found.clone(),
            asked: verdict.asked,
            control: verdict.control,
            after_ms,
        };
        self.relay_watch.act(&verdict, &report);
        let uri = Some(relay.server.uri.clone());
        self.io.report_by(Question::Checks, uri, Fact::Ice(IceFact::RelayDoubted(report)));
    }

    /// How the relay of the selected pair was kept until `now`; None where it goes through none.
    pub(super) fn relay_maintenance(&self, now: Instant) -> Option<RelayMaintenance> {
        let base = self.bases.get(self.selected_base()?)?;
        let relay = base.relay()?;
        let relayed = base.candidate.as_ref().map(|own| SocketAddr::new(own.address, own.port))?;
        let (since, until) = relay.allocation.held()?;
        let upkeep = relay.allocation.upkeep();
        Some(RelayMaintenance {
            server: relay.server.server,
            transport: relay.server.transport,
            relayed,
            held_ms: until.unwrap_or(now).since(since).into(),
            allocation: upkeep.allocation(),
            permission: upkeep.permission(),
            channel: upkeep.channel(),
        })
    }
}

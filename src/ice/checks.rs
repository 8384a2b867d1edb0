//! Connectivity checks under way (RFC 8445 §7): which pair is checked now, which checks await an answer, and what came from
//! the peer before its description.

use super::agent_io::AgentIo;
use super::bases::AgentBases;
use super::check::CheckAttributes;
use super::checklist::{CheckPurpose, Checklist};
use super::pair::{CandidatePair, LocalBase};
use crate::machine::Instant;
use crate::model::{CandidateType, Role, Tally, TcpType};
use crate::wire::TransactionId;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

/// The most checks whose answers are waited for: at one each 10 ms the last five seconds' make 500.
const MOST_OUTSTANDING: usize = 1024;

/// Checks that are older than this are given up where there are more than may be outstanding.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(4);

/// The most checks kept until the peer's description is there: it is mostly under way.
const MOST_BEFORE_DESCRIPTION: usize = 16;

/// A check of ours that may still be answered.
#[derive(Clone, Copy)]
pub(super) struct Outstanding {
    pub pair: usize,
    pub base: usize,
    pub to: SocketAddr,
    pub sent_at: Instant,
    /// How many of the checks that count were sent on the pair by then.
    pub number: u32,
    /// Our role when it was sent.
    pub role: Role,
    /// It nominates its pair.
    pub nominates: bool,
    /// An answer came that is not signed as the peer's are: there may be a true one yet.
    pub is_mistrusted: bool,
}

/// A check of the peer's.
pub(super) struct PeerCheck {
    pub base: usize,
    pub from: SocketAddr,
    pub id: TransactionId,
    pub attributes: CheckAttributes,
}

/// The checks of one session.
#[derive(Default)]
pub(super) struct Checks {
    checklist: Checklist,
    outstanding: BTreeMap<TransactionId, Outstanding>,
    before_description: Vec<PeerCheck>,
    /// When a check of the peer's came last.
    peer_checked: Option<Instant>,
}

impl Checks {
    pub(super) fn list(&self) -> &Checklist {
        &self.checklist
    }

    pub(super) fn list_mut(&mut self) -> &mut Checklist {
        &mut self.checklist
    }

    /// When a check of the peer's, or an answer, was received last.
    pub(super) fn last_received(&self) -> Option<Instant> {
        let answered = self.checklist.pairs().iter().filter(|pair| pair.received > 0);
        answered.map(|pair| pair.silence().last_heard()).chain(self.peer_checked).max()
    }

    // Pairs.

    /// Forms the pair of a base and a remote candidate where the two can reach each other at all: one family, one protocol,
    /// one that connects (RFC 8445 §6.1.2.2, RFC 6544 §6.2). A relay is asked for its permission. `is_heard`: a check of the
    /// peer's came in on it.
    pub(super) fn form(
        &mut self,
        io: &mut AgentIo,
        bases: &mut AgentBases,
        role: Role,
        base: usize,
        remote: usize,
        is_heard: bool,
    ) -> Option<usize> {
        let with = self.checklist.remotes().get(remote)?;
        let own = bases.get(base).filter(|base| !base.gone)?;
        let candidate = own.candidate.as_ref()?;
        let connects = match (candidate.tcp_type, with.end.tcp_type) {
            (None, None) => true,
            (Some(TcpType::Active), Some(TcpType::Passive)) => true,
            // Only once the peer has connected, which has made it a candidate.
            (Some(TcpType::Passive), Some(TcpType::Active)) => with.end.kind == CandidateType::Prflx,
            _ => false,
        };
        let fits = candidate.protocol == with.end.protocol && candidate.address.is_ipv4() == with.endpoint.is_ipv4();
        if !fits || !connects {
            return None;
        }
        let (peer, foundation) = (with.endpoint.ip(), candidate.foundation.clone());
        let is_relayed = candidate.kind == CandidateType::Relay;
        let local = LocalBase { base, priority: candidate.priority, foundation, is_relayed };
        let formed = self.checklist.form(role, &local, remote, is_heard)?;
        // An answer to the pair that made room for it is none to this one.
        self.outstanding.retain(|_, check| check.pair != formed);
        bases.permit(io, base, peer);
        Some(formed)
    }

    /// Forms the pairs of a base with all candidates of the peer's.
    pub(super) fn pair_base(&mut self, io: &mut AgentIo, bases: &mut AgentBases, role: Role, base: usize) {
        for remote in 0..self.checklist.remotes().len() {
            self.form(io, bases, role, base, remote, false);
        }
    }

    /// Forms the pairs of a candidate of the peer's with all our bases. One that a check had made known before its line came
    /// has a pair only where that check came in.
    pub(super) fn pair_remote(&mut self, io: &mut AgentIo, bases: &mut AgentBases, role: Role, remote: usize) {
        for base in 0..bases.len() {
            self.form(io, bases, role, base, remote, false);
        }
    }

    // Checks out.

    /// The pair to check now, and why; it counts as sent.
    pub(super) fn next(&mut self, now: Instant, role: Role, bases: &AgentBases) -> Option<(usize, CheckPurpose)> {
        let ready = |at: &usize| self.checklist.pair(*at).is_some_and(|pair| self.is_ready(bases, pair));
        let ready: BTreeSet<usize> = (0..self.checklist.pairs().len()).filter(ready).collect();
        self.checklist.next(now, role, &ready)
    }

    /// When a check, or the silence of a pair, is due; None where all are over.
    pub(super) fn due(&self, now: Instant, bases: &AgentBases) -> Option<Instant> {
        self.checklist.due(now, |pair| self.is_ready(bases, pair))
    }

    /// Whether the base of a pair can send to its remote candidate.
    fn is_ready(&self, bases: &AgentBases, pair: &CandidatePair) -> bool {
        let remote = self.checklist.remotes().get(pair.remote);
        let base = bases.get(pair.local.base);
        base.zip(remote).is_some_and(|(base, remote)| base.can_send_to(remote.endpoint.ip()))
    }

    /// A check leaves.
    pub(super) fn sent(&mut self, id: TransactionId, check: Outstanding) {
        if self.outstanding.len() >= MOST_OUTSTANDING {
            self.outstanding.retain(|_, known| check.sent_at.since(known.sent_at) < ANSWER_TIMEOUT);
        }
        self.outstanding.insert(id, check);
    }

    /// The check of ours that a response on this base has answered.
    pub(super) fn outstanding(&self, id: TransactionId, base: usize) -> Option<Outstanding> {
        self.outstanding.get(&id).filter(|check| check.base == base).copied()
    }

    /// The check with this transaction ID is answered.
    pub(super) fn answered(&mut self, id: TransactionId) {
        self.outstanding.remove(&id);
    }

    /// An answer to the check with this transaction ID is not to be trusted: true the first time.
    pub(super) fn mistrust(&mut self, id: TransactionId) -> bool {
        self.outstanding.get_mut(&id).is_some_and(|check| !std::mem::replace(&mut check.is_mistrusted, true))
    }

    /// Checks on this pair that are not answered.
    pub(super) fn unanswered(&self, pair: usize) -> u32 {
        let unanswered = self.outstanding.values().filter(|check| check.pair == pair).count();
        u32::try_from(unanswered).unwrap_or(u32::MAX)
    }

    /// Calls silence on pairs whose checks have gone unanswered long enough beside what was answered on the same base; while
    /// `is_patient` they are checked on instead.
    pub(super) fn expire(&mut self, now: Instant, is_patient: bool, bases: &AgentBases) {
        let tally = |pair: &CandidatePair| (pair.local.base, Tally { sent: pair.sent, answered: pair.received });
        let answered: Vec<(usize, Tally)> = self.checklist.succeeded_pairs().map(|(_, pair)| tally(pair)).collect();
        self.checklist.expire(now, is_patient, |pair| {
            let servers = bases.get(pair.local.base).map(|base| base.control).unwrap_or_default();
            let pairs = answered.iter().filter(|(base, _)| *base == pair.local.base);
            pairs.fold(servers, |all, (_, tally)| all.and(*tally))
        });
    }

    // Checks in.

    /// Keeps a check that came before the peer's description.
    pub(super) fn keep(&mut self, check: PeerCheck) {
        if self.before_description.len() < MOST_BEFORE_DESCRIPTION {
            self.before_description.push(check);
        }
    }

    /// The checks that came before the peer's description, now that it is there.
    pub(super) fn take_early(&mut self) -> Vec<PeerCheck> {
        std::mem::take(&mut self.before_description)
    }

    /// A check of the peer's was received. The first sign of it: what was sent before says nothing of the pairs.
    pub(super) fn peer_checked(&mut self, now: Instant) {
        if self.last_received().is_none() {
            self.checklist.restart_attempts();
        }
        self.peer_checked = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ms: u64) -> Outstanding {
        let to = SocketAddr::from(([192, 0, 2, 1], 4000));
        let sent_at = Instant::after_start(Duration::from_millis(ms));
        Outstanding {
            pair: 0,
            base: 0,
            to,
            sent_at,
            number: 1,
            role: Role::Controlling,
            nominates: false,
            is_mistrusted: false,
        }
    }

    fn id(number: u32) -> TransactionId {
        let mut id = [0; 12];
        id[..4].copy_from_slice(&number.to_be_bytes());
        TransactionId(id)
    }

    #[test]
    fn checks_that_nobody_answers_do_not_pile_up() {
        let mut checks = Checks::default();
        for number in 0..100_000 {
            checks.sent(id(number), check(u64::from(number) * 10));
        }
        assert!(checks.outstanding.len() <= MOST_OUTSTANDING, "{}", checks.outstanding.len());
        assert!(checks.outstanding(id(99_999), 0).is_some(), "the latest may still be answered");
    }

    #[test]
    fn an_answer_on_another_base_is_to_no_check_of_this_one() {
        let mut checks = Checks::default();
        checks.sent(id(1), check(0));
        assert!(checks.outstanding(id(1), 1).is_none() && checks.outstanding(id(1), 0).is_some());
        checks.answered(id(1));
        assert!(checks.outstanding(id(1), 0).is_none());
    }

    #[test]
    fn a_stranger_who_floods_us_before_the_description_fills_no_memory() {
        let mut checks = Checks::default();
        for number in 0..1000 {
            let attributes = CheckAttributes { priority: 1, role: Role::Controlled, tie_breaker: 1, nominates: false };
            checks.keep(PeerCheck { base: 0, from: check(0).to, id: id(number), attributes });
        }
        assert_eq!(checks.take_early().len(), MOST_BEFORE_DESCRIPTION);
    }
}

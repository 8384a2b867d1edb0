//! Nothing comes any more through the relay that carries the call: is it the relay?
//!
//! Its server is asked to keep the allocation (a Refresh, RFC 8656 §8). Silence means a dead relay only if controls that are
//! asked at the same time are answered: other servers, and other pairs. Where the relay is dead and something else is not,
//! everything begins anew (RFC 8445 §9), so that the call goes on over what is left.

use super::agent_io::AgentIo;
use super::bases::AgentBases;
use super::checklist::Checklist;
use super::config::IceServer;
use crate::machine::Instant;
use crate::model::{RelayLiveness, RelayState, Tally, Transport};
use crate::transaction::Control;
use crate::wire::TransactionId;
use std::net::SocketAddr;
use std::time::Duration;

/// Requests of each control, as many and as close as those to the relay itself.
const ROUNDS: u32 = 8;
const SPACING: Duration = Duration::from_millis(100);

/// Servers, and pairs, that serve as controls.
const MOST_CONTROLS: usize = 2;

/// Checks of relays in one session: a call with long pauses would cause one in each.
const MOST_CHECKS: u32 = 8;

/// How often a call is moved away from a relay: one that dies again and again is reported, not chased.
const MOST_MOVES: u32 = 3;

/// Who is asked beside the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ControlTarget {
    /// A server, from this base.
    Server(usize, SocketAddr),
    /// The peer, on this pair.
    Pair(usize),
}

/// A relay that is being asked whether it still holds its allocation.
struct RelayQuery {
    base: usize,
    controls: Vec<Control<ControlTarget>>,
}

/// What is known of a relay that was asked, or that carried the call when it went.
pub(super) struct RelayVerdict {
    /// What became of the allocation.
    pub found: RelayState,
    /// Requests to the relay.
    pub asked: Tally,
    /// Requests of the controls.
    pub control: Tally,
    /// Another pair was answered meanwhile.
    knows_another_pair: bool,
    /// It is the relay that carries the call.
    carries: bool,
}

/// Watches the relay that carries the call.
#[derive(Default)]
pub(super) struct RelayWatch {
    query: Option<RelayQuery>,
    checks: u32,
    moves: u32,
    /// Everything is to begin anew, away from this relay.
    is_moving: bool,
    /// Data went over the selected pair.
    has_carried: bool,
}

/// The controls beside a relay on `base`: pairs of other bases that work, and other servers.
pub(super) fn control_targets(
    bases: &AgentBases,
    checklist: &Checklist,
    servers: &[IceServer],
    base: usize,
    relay: SocketAddr,
) -> Vec<ControlTarget> {
    let pairs = checklist.succeeded_pairs().filter(|(_, pair)| pair.local.base != base);
    let pairs = pairs.map(|(at, _)| ControlTarget::Pair(at)).take(MOST_CONTROLS);
    // Another server's answer shows that the network lets packets through; the same one's over another port does not.
    let mut others: Vec<SocketAddr> = servers
        .iter()
        .filter(|other| other.transport == Transport::Udp && other.server.ip() != relay.ip())
        .map(|other| other.server)
        .collect();
    others.sort_unstable();
    others.dedup_by_key(|other| other.ip());
    let from = |to: SocketAddr| {
        let fits = |local: SocketAddr| local.port() != 0 && local.is_ipv4() == to.is_ipv4();
        let base = bases.iter().position(|base| !base.gone && base.udp_local().is_some_and(fits));
        base.map(|base| ControlTarget::Server(base, to))
    };
    others.into_iter().filter_map(from).take(MOST_CONTROLS).chain(pairs).collect()
}

impl RelayWatch {
    /// What outlives an ICE restart.
    pub(super) fn restarted(self) -> Self {
        Self { checks: self.checks, moves: self.moves, ..Self::default() }
    }

    /// Whether a relay may be asked now.
    pub(super) fn may_start(&self) -> bool {
        self.query.is_none() && self.checks < MOST_CHECKS
    }

    /// The relay of this base has been asked: the controls beside it begin.
    pub(super) fn start(&mut self, now: Instant, base: usize, targets: Vec<ControlTarget>) {
        self.checks += 1;
        let control = |target| Control::at_one_pace(target, now, SPACING, ROUNDS);
        self.query = Some(RelayQuery { base, controls: targets.into_iter().map(control).collect() });
    }

    /// Data leaves over the selected pair.
    pub(super) fn carried(&mut self) {
        self.has_carried = true;
    }

    /// Whether everything is to begin anew; said once.
    pub(super) fn take_move(&mut self) -> bool {
        std::mem::take(&mut self.is_moving)
    }

    /// When a control is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.query.iter().flat_map(|query| &query.controls).filter_map(Control::due).min()
    }

    /// The next control that is due, which counts as sent: to a server with this transaction ID.
    pub(super) fn poll_control(&mut self, io: &mut AgentIo) -> Option<(ControlTarget, Option<TransactionId>)> {
        let mut controls = self.query.iter_mut().flat_map(|query| &mut query.controls);
        let control = controls.find(|control| control.is_due(io.now))?;
        let id = matches!(control.to(), ControlTarget::Server(..)).then(|| io.transaction_id());
        control.sent(io.now, id);
        Some((control.to(), id))
    }

    /// A server answered; false where it is to none of these controls.
    pub(super) fn answered(&mut self, now: Instant, id: TransactionId) -> bool {
        let mut controls = self.query.iter_mut().flat_map(|query| &mut query.controls);
        controls.any(|control| control.answered(now, id))
    }

    /// The peer answered a check on this pair.
    pub(super) fn pair_answered(&mut self, now: Instant, at: usize) {
        let controls = self.query.iter_mut().flat_map(|query| &mut query.controls);
        for control in controls.filter(|control| control.to() == ControlTarget::Pair(at)) {
            control.count_answer(now);
        }
    }

    /// The relay of a base answered, or did not. None where nobody has asked it and the call does not depend on it;
    /// `carries`: the selected pair goes through it.
    pub(super) fn conclude(
        &mut self,
        base: usize,
        carries: bool,
        found: RelayState,
        asked: Tally,
    ) -> Option<RelayVerdict> {
        let carries = carries && self.has_carried;
        let query = self.query.take_if(|query| query.base == base);
        if query.is_none() && (!carries || found == RelayState::Answers) {
            return None;
        }
        let controls = query.map_or(Vec::new(), |query| query.controls);
        let control = controls.iter().fold(Tally::default(), |all, control| all.and(control.tally()));
        let is_answered_pair = |control: &Control<ControlTarget>| {
            matches!(control.to(), ControlTarget::Pair(_)) && control.tally().answered > 0
        };
        let knows_another_pair = controls.iter().any(is_answered_pair);
        Some(RelayVerdict { found, asked, control, knows_another_pair, carries })
    }

    /// Moves the call away from a relay that is dead, where there is something to move to: another pair, or another
    /// allocation of a server that answers, or that only its connection has failed.
    pub(super) fn act(&mut self, verdict: &RelayVerdict, report: &RelayLiveness) {
        let has_hope = verdict.found != RelayState::Silent || verdict.knows_another_pair;
        if report.is_dead() && verdict.carries && has_hope && self.moves < MOST_MOVES {
            self.moves += 1;
            self.is_moving = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Rng;
    use crate::model::Millis;

    const PAIR: ControlTarget = ControlTarget::Pair(3);

    fn report(verdict: &RelayVerdict) -> RelayLiveness {
        RelayLiveness {
            transport: Transport::Udp,
            server: "203.0.113.10:3478".parse().expect("an endpoint"),
            relayed: None,
            found: verdict.found.clone(),
            asked: verdict.asked,
            control: verdict.control,
            after_ms: Millis(0.0),
        }
    }

    /// The relay of base 0 carries the call and is silent; the pair beside it is `answered`.
    fn silent_beside(watch: &mut RelayWatch, answered: bool) -> RelayVerdict {
        let mut io = AgentIo::new(Rng::numbered(1));
        watch.carried();
        watch.start(io.now, 0, vec![PAIR]);
        while let Some(due) = watch.due() {
            io.now = due;
            assert_eq!(watch.poll_control(&mut io), Some((PAIR, None)));
            if answered {
                watch.pair_answered(io.now, 3);
            }
        }
        watch.conclude(0, true, RelayState::Silent, Tally { sent: 8, answered: 0 }).expect("it was asked")
    }

    #[test]
    fn a_silent_relay_beside_a_pair_that_works_is_left() {
        let mut watch = RelayWatch::default();
        let verdict = silent_beside(&mut watch, true);
        assert_eq!(verdict.control, Tally { sent: 8, answered: 8 });
        watch.act(&verdict, &report(&verdict));
        assert!(watch.take_move() && !watch.take_move(), "once");
    }

    #[test]
    fn beside_silence_everywhere_the_relay_is_not_blamed() {
        let mut watch = RelayWatch::default();
        let verdict = silent_beside(&mut watch, false);
        watch.act(&verdict, &report(&verdict));
        assert!(!watch.take_move());
    }

    #[test]
    fn a_relay_that_dies_again_and_again_is_left_three_times() {
        let mut watch = RelayWatch::default();
        let mut moves = 0;
        while watch.may_start() {
            let verdict = silent_beside(&mut watch, true);
            watch.act(&verdict, &report(&verdict));
            moves += u32::from(watch.take_move());
            watch = watch.restarted();
        }
        assert_eq!((moves, watch.checks), (MOST_MOVES, MOST_CHECKS));
    }

    #[test]
    fn of_a_relay_that_nobody_needs_and_nobody_asked_nothing_is_reported() {
        let mut watch = RelayWatch::default();
        assert!(watch.conclude(0, true, RelayState::Closed, Tally::default()).is_none(), "no data has gone through it");
        watch.carried();
        assert!(watch.conclude(0, true, RelayState::Closed, Tally::default()).is_some());
        assert!(
            watch.conclude(0, true, RelayState::Answers, Tally { sent: 1, answered: 1 }).is_none(),
            "a usual renewal"
        );
    }
}

//! May we go on sending on the selected pair, and does it stay what it was? Consent (RFC 7675), and mappings that change.

use super::agent_io::AgentIo;
use super::gatherer::ControlPath;
use crate::machine::{Instant, Silence};
use crate::model::{ConsentStats, End, Fact, Failure, IceFact, PairSilence, Rebinding, Tally};
use crate::transaction::Control;
use std::net::SocketAddr;
use std::time::Duration;

/// The time between two consent checks, times 0.8 to 1.2 (RFC 7675 §5.1).
const INTERVAL: Duration = Duration::from_millis(5000);
/// Silence after which consent is gone (RFC 7675 §5.1).
pub(crate) const EXPIRY: Duration = Duration::from_secs(30);

/// How often the selected pair is asked beside a silence of what it carries: as often as servers are beside checks.
const PAIR_CHECKS: u32 = 8;

/// Reported one by one; an end that moves all the time is reported often enough.
const MOST_REBINDINGS: u32 = 16;

/// The time until the next check: each is drawn anew, so that the checks of many agents do not come in step.
pub(super) fn interval(io: &mut AgentIo) -> Duration {
    let permille = u32::try_from(800 + io.rng.below(401)).unwrap_or(1000);
    INTERVAL * permille / 1000
}

/// What is counted, over restarts too.
#[derive(Clone, Copy, Default)]
struct ConsentCounts {
    asked: u32,
    answered: u32,
    lapsed: bool,
    longest_gap: Duration,
    rebindings: u32,
    /// Our last rebinding, which a server and the peer may both show.
    rebound: Option<(SocketAddr, SocketAddr)>,
}

/// What consent asks for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConsentStep {
    /// Nothing yet.
    Wait,
    /// A check on the selected pair.
    Check,
    /// Consent has expired.
    Expired,
}

/// How often the selected pair is asked beside a silence, and since when.
struct PairControl {
    since: Instant,
    control: Control<usize>,
}

/// Consent on the selected pair.
#[derive(Default)]
pub(super) struct Consent {
    due: Option<Instant>,
    stats: ConsentCounts,
    /// How long it is since the last answer on the selected pair, or at first since it was asked.
    silence: Option<Silence>,
    /// A server asked beside a silence of the peer's.
    control: Option<Control<ControlPath>>,
    /// The pair itself asked beside a silence of what it carries.
    pair: Option<PairControl>,
    /// What the network said last of what was sent over the pair.
    refused: Option<(Instant, Failure)>,
}

impl Consent {
    /// What outlives an ICE restart, after which another pair will be selected.
    pub(super) fn restarted(self) -> Self {
        Self { stats: self.stats, ..Self::default() }
    }

    /// A pair is selected.
    pub(super) fn start(&mut self, now: Instant) {
        self.due = Some(now + INTERVAL);
    }

    /// When [`Consent::step`] has something to do; None before a pair is selected, and after expiry.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// What is due now. `silent_for`: how long nothing was received on the selected pair.
    pub(super) fn step(&mut self, io: &mut AgentIo, silent_for: Duration) -> ConsentStep {
        if self.due.is_none_or(|due| io.now < due) {
            return ConsentStep::Wait;
        }
        self.due = Some(io.now + interval(io));
        if silent_for >= EXPIRY {
            self.due = None;
            self.stats.lapsed = true;
            return ConsentStep::Expired;
        }
        self.stats.asked += 1;
        self.silence.get_or_insert_with(|| Silence::since(io.now));
        ConsentStep::Check
    }

    /// A check on the selected pair was answered.
    pub(super) fn answered(&mut self, now: Instant) {
        match &mut self.silence {
            Some(silence) => self.stats.longest_gap = self.stats.longest_gap.max(silence.end(now)),
            None => self.silence = Some(Silence::since(now)),
        }
        self.stats.answered = (self.stats.answered + 1).min(self.stats.asked);
    }

    /// Our NAT has mapped a base anew: a server, or the peer, sees it elsewhere.
    pub(super) fn rebound(&mut self, io: &mut AgentIo, from: SocketAddr, to: SocketAddr) {
        if self.stats.rebound.replace((from, to)) != Some((from, to)) {
            self.report_rebinding(io, Rebinding { whose: End::Ours, from, to });
        }
    }

    /// The peer checks from an address that nobody has named, when all of its own are long known.
    pub(super) fn peer_rebound(&mut self, io: &mut AgentIo, from: SocketAddr, to: SocketAddr) {
        if from != to && self.stats.asked > 0 {
            self.report_rebinding(io, Rebinding { whose: End::Theirs, from, to });
        }
    }

    fn report_rebinding(&mut self, io: &mut AgentIo, rebinding: Rebinding) {
        self.stats.rebindings += 1;
        if self.stats.rebindings <= MOST_REBINDINGS {
            io.report(Fact::Ice(IceFact::Rebound(rebinding)));
        }
    }

    /// Nothing comes from the peer any more: this control is asked beside that silence.
    pub(super) fn set_control(&mut self, control: Control<ControlPath>) {
        self.control = Some(control);
    }

    /// The control beside the latest silence.
    pub(super) fn control_mut(&mut self) -> Option<&mut Control<ControlPath>> {
        self.control.as_mut()
    }

    /// When its next request is due.
    pub(super) fn control_due(&self) -> Option<Instant> {
        self.control.as_ref().and_then(Control::due)
    }

    /// The tally of that control.
    pub(super) fn beside_silence(&self) -> Option<Tally> {
        self.control.as_ref().map(Control::tally)
    }

    /// Nothing that the pair carries comes any more: it is asked itself, `every` so often.
    pub(super) fn ask_pair(&mut self, now: Instant, pair: usize, every: Duration) {
        let control = Control::at_one_pace(pair, now, every, PAIR_CHECKS);
        self.pair = Some(PairControl { since: now, control });
    }

    /// The pair to ask now; it counts as asked.
    pub(super) fn pair_check(&mut self, now: Instant) -> Option<usize> {
        let control = self.pair.as_mut().map(|asked| &mut asked.control).filter(|control| control.is_due(now))?;
        control.sent(now, None);
        Some(control.to())
    }

    /// When the pair is to be asked next.
    pub(super) fn pair_due(&self) -> Option<Instant> {
        self.pair.as_ref().and_then(|asked| asked.control.due())
    }

    /// A check on this pair was answered, which left at `sent_at`.
    pub(super) fn pair_answered(&mut self, now: Instant, pair: usize, sent_at: Instant) {
        let asked = self.pair.as_mut().filter(|asked| asked.control.to() == pair && sent_at >= asked.since);
        asked.into_iter().for_each(|asked| asked.control.count_answer(now));
    }

    /// The network says that what was sent over the pair cannot arrive.
    pub(super) fn pair_refused(&mut self, now: Instant, failure: &Failure) {
        self.refused = Some((now, failure.clone()));
    }

    /// What was learnt of the pair since something came over it last; None where it was not asked.
    pub(super) fn pair_silence(&self, last_heard: Instant) -> Option<PairSilence> {
        let asked = self.pair.as_ref().filter(|asked| asked.since >= last_heard)?;
        let refused = self.refused.as_ref().filter(|(at, _)| *at >= last_heard);
        let refused = refused.map(|(_, failure)| failure.clone());
        Some(PairSilence { checks: asked.control.tally(), refused, ..PairSilence::default() })
    }

    /// How consent was kept until now.
    pub(super) fn stats(&self, now: Instant) -> ConsentStats {
        let ConsentCounts { asked, answered, lapsed, longest_gap, .. } = self.stats;
        let running = self.silence.as_ref().map_or(Duration::ZERO, |silence| silence.length(now));
        ConsentStats { asked, answered, longest_gap_ms: longest_gap.max(running).into(), lapsed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Rng;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn io(ms: u64) -> AgentIo {
        let mut io = AgentIo::new(Rng::numbered(1));
        io.now = at(ms);
        io
    }

    fn place(text: &str) -> SocketAddr {
        text.parse().expect("an endpoint")
    }

    #[test]
    fn consent_is_asked_for_each_five_seconds_more_or_less() {
        let mut consent = Consent::default();
        assert_eq!(consent.step(&mut io(0), Duration::ZERO), ConsentStep::Wait, "no pair is selected");
        consent.start(at(0));
        assert_eq!(consent.step(&mut io(4999), Duration::ZERO), ConsentStep::Wait);
        assert_eq!(consent.step(&mut io(5000), Duration::ZERO), ConsentStep::Check);
        let next = consent.due().expect("asked again").since(at(5000));
        assert!((Duration::from_secs(4)..=Duration::from_secs(6)).contains(&next), "{next:?}");
    }

    #[test]
    fn consent_expires_after_thirty_seconds_of_silence_and_is_asked_for_no_more() {
        let mut consent = Consent::default();
        consent.start(at(0));
        assert_eq!(consent.step(&mut io(40_000), Duration::from_secs(30)), ConsentStep::Expired);
        assert_eq!(consent.due(), None);
        assert!(consent.stats(at(40_000)).lapsed);
    }

    #[test]
    fn the_longest_gap_counts_the_one_that_is_not_over() {
        let mut consent = Consent::default();
        consent.start(at(0));
        consent.step(&mut io(5000), Duration::ZERO);
        consent.answered(at(5040));
        assert!((consent.stats(at(5050)).longest_gap_ms.0 - 40.0).abs() < 0.001);
        assert!((consent.stats(at(9040)).longest_gap_ms.0 - 4000.0).abs() < 0.001);
    }

    #[test]
    fn one_rebinding_that_two_show_is_reported_once() {
        let (mut consent, mut io) = (Consent::default(), io(0));
        for _ in 0..2 {
            consent.rebound(&mut io, place("203.0.113.1:5000"), place("203.0.113.1:6000"));
        }
        assert_eq!(std::iter::from_fn(|| io.poll()).count(), 1);
    }
}

//! What did the checks of two ends' candidate pairs show? (RFC 8445 §7)
//!
//! Each end is judged by its own checks:
//! - `direct` where a pair without a relay was answered: an answer is proof of both ways.
//! - `relay` where one through a relay was, and all others were checked to their end.
//! - `none` only where every pair was judged: its silence stands beside something that was heard from the same socket, or
//!   that end's UDP is known to be blocked, or somebody said why nothing can arrive.
//!
//! A run that was cut, and a peer that left, make silence worthless: then only what was answered counts.
//!
//! Then the two are laid beside each other. The other end's record is evidence of what the other end says, no more: it makes
//! nothing known that we have not seen, and where the two contradict each other that is what is told.

use super::pairs::{PairReport, is_relayed, of_last_session};
use crate::model::{
    CallFact, CallStage, Code, End, Fact, Family, IceFact, Judged, ObservationId, Pair, PairFailure, PairState, Path,
    Question, Record, RunFact, SignallingFact, Tally,
};

pub(crate) struct Tried {
    pub path: Judged<Path>,
    /// Whether pairs without a relay were checked to their end at all, and pairs through one.
    pub tried_direct: bool,
    pub tried_relayed: bool,
}

impl Tried {
    pub(crate) fn because(&self) -> Vec<Code> {
        match self.path.value() {
            Some(Path::Direct) => vec![Code::DirectPairWorks],
            Some(Path::Relay) if self.tried_direct => vec![Code::NoDirectPairWorks, Code::RelayTakesOver],
            Some(Path::Relay) => vec![Code::NoDirectPairTried, Code::RelayTakesOver],
            Some(Path::None) => vec![Code::NoPairWorks],
            None => Vec::new(),
        }
    }
}

/// None where this end made no checks, and the other does not say that any succeeded. `is_blocked` says of which end's UDP
/// it is known that nothing of it gets through.
pub(crate) fn judge(
    record: &Record,
    reports: &[PairReport<'_>],
    is_blocked: impl Fn(End, Family) -> bool,
) -> Option<Tried> {
    let [ours, theirs] = [End::Ours, End::Theirs].map(|end| {
        let of_end: Vec<&PairReport<'_>> = reports.iter().filter(|report| report.end == end).collect();
        of_one(record, end, &of_end, |family| is_blocked(end, family))
    });
    let path = match (ours, theirs) {
        (Some(ours), Some(theirs)) => together(ours, theirs, has_carried(record)),
        (Some(ours), None) => ours,
        (None, Some(theirs)) if is_success(&theirs) => disagreement(&[theirs.evidence()]),
        (None, _) => return None,
    };
    let has_tried = |relayed: bool| {
        reports.iter().any(|report| {
            report.pair.state != PairState::NotChecked && is_relayed(&report.pair.local, &report.pair.remote) == relayed
        })
    };
    Some(Tried { path, tried_direct: has_tried(false), tried_relayed: has_tried(true) })
}

fn is_success(path: &Judged<Path>) -> bool {
    matches!(path.value(), Some(Path::Direct | Path::Relay))
}

fn disagreement(evidence: &[&[ObservationId]]) -> Judged<Path> {
    Judged::unclear(Code::EndsDisagree, evidence.concat())
}

/// Whether the pair was seen here to carry packets of the other end that answer ours, which its checks alone do not say.
pub(super) fn has_carried(record: &Record) -> bool {
    let is_carried = |stage| matches!(stage, CallStage::Dtls | CallStage::ChannelOpen | CallStage::FirstMedia);
    record
        .observations
        .iter()
        .filter(|seen| seen.end.is_ours() && seen.by.question != Question::OwnCall)
        .any(|seen| matches!(seen.fact, Fact::Call(CallFact::CallReached { stage, .. }) if is_carried(stage)))
}

/// What two ends saw for themselves, laid beside each other. A check that was answered at one end and never at the other
/// proves one direction twice and the other never: both say that they disagree.
fn together(ours: Judged<Path>, theirs: Judged<Path>, has_carried: bool) -> Judged<Path> {
    let is_without_success = |path: &Judged<Path>| matches!(path.why(), Some(Code::ControlFailed | Code::NoPairs));
    let evidence = || [ours.evidence(), theirs.evidence()].concat();
    match (ours.value(), theirs.value()) {
        (Some(here), Some(there)) if here == there => Judged::known(*here, evidence()),
        (Some(_), Some(_)) => disagreement(&[ours.evidence(), theirs.evidence()]),
        (Some(_), None) if is_success(&ours) && is_without_success(&theirs) && !has_carried => {
            disagreement(&[ours.evidence(), theirs.evidence()])
        }
        (Some(_), None) => ours,
        (None, Some(_)) => match ours.why() {
            // Here everything failed as well, and it was only not known why.
            Some(Code::ControlFailed) if !is_success(&theirs) => Judged::known(Path::None, evidence()),
            _ if is_success(&theirs) && is_without_success(&ours) => {
                disagreement(&[ours.evidence(), theirs.evidence()])
            }
            _ => ours,
        },
        // One reason for both ends, whichever of them had it.
        (None, None) => match (ours.why(), theirs.why()) {
            (Some(here), Some(there)) => Judged::unclear(here.min(there), evidence()),
            _ => ours,
        },
    }
}

/// What one end's checks showed; None where it made none.
fn of_one(
    record: &Record,
    end: End,
    reports: &[&PairReport<'_>],
    is_blocked: impl Fn(Family) -> bool,
) -> Option<Judged<Path>> {
    let made = |fact: &Fact| {
        matches!(fact, Fact::Ice(IceFact::Described { .. } | IceFact::Checked(_) | IceFact::Reached { .. }))
    };
    let of_end = record.observations.iter().filter(|seen| seen.end == end);
    let begun: Vec<ObservationId> = of_end.filter(|seen| made(&seen.fact)).map(|seen| seen.id).collect();
    if begun.is_empty() {
        return None;
    }
    let (mut direct, mut relayed) = (Vec::new(), Vec::new());
    let mut note = |id, local, remote| if is_relayed(local, remote) { relayed.push(id) } else { direct.push(id) };
    for (_, id, fact) in of_last_session(record).filter(|(whose, ..)| *whose == end) {
        if let Fact::Ice(IceFact::Reached { local, remote, .. }) = fact {
            note(id, local, remote);
        }
    }
    for PairReport { id, pair, .. } in reports.iter().filter(|report| report.pair.state == PairState::Succeeded) {
        note(*id, &pair.local, &pair.remote);
    }
    Some(if direct.is_empty() {
        without_direct(record, reports, relayed, &begun, is_blocked)
    } else {
        Judged::known(Path::Direct, direct)
    })
}

fn without_direct(
    record: &Record,
    reports: &[&PairReport<'_>],
    relayed: Vec<ObservationId>,
    begun: &[ObservationId],
    is_blocked: impl Fn(Family) -> bool,
) -> Judged<Path> {
    let all = || reports.iter().map(|report| report.id).chain(relayed.iter().copied()).collect::<Vec<_>>();
    if let Some((why, id)) = cut(record) {
        return Judged::unclear(why, all().into_iter().chain([id]).collect());
    }
    let is_open = |report: &PairReport<'_>| {
        report.pair.state == PairState::NotChecked && !is_relayed(&report.pair.local, &report.pair.remote)
    };
    if !relayed.is_empty() {
        return if reports.iter().any(|report| is_open(report)) {
            Judged::unclear(Code::ChecksUnfinished, all())
        } else {
            Judged::known(Path::Relay, all())
        };
    }
    if reports.is_empty() {
        return Judged::unclear(Code::NoPairs, begun.to_vec());
    }
    if reports.iter().any(|report| report.pair.state == PairState::NotChecked) {
        return Judged::unclear(Code::ChecksUnfinished, all());
    }
    if reports.iter().all(|report| is_decided(report.pair, &is_blocked)) {
        Judged::known(Path::None, all())
    } else {
        Judged::unclear(Code::ControlFailed, all())
    }
}

/// The reason that ended the checks before they were over, at either end.
fn cut(record: &Record) -> Option<(Code, ObservationId)> {
    let cuts = record.observations.iter().filter_map(|observation| {
        let why = match observation.fact {
            Fact::Signalling(SignallingFact::PeerLeft) => Code::PeerLeft,
            Fact::Run(RunFact::Interrupted) => Code::Interrupted,
            // A checkup that runs out of time beside them is none.
            Fact::Run(RunFact::OutOfTime)
                if matches!(observation.by.question, Question::Checks | Question::Signalling) =>
            {
                Code::OutOfTime
            }
            _ => return None,
        };
        Some((why, observation.id))
    });
    // There is one reason for both ends, whichever of them saw it first.
    cuts.min_by_key(|(why, _)| *why)
}

/// Whether what is said of a failed pair can only be the pair's fault.
fn is_decided(pair: &Pair, is_blocked: &impl Fn(Family) -> bool) -> bool {
    let family = pair.local.address.address().map_or(Family::Ipv4, Family::of);
    match &pair.failure {
        Some(PairFailure::Silent { control }) => {
            Tally { sent: pair.sent, answered: 0 }.is_silence_beside(*control) || is_blocked(family)
        }
        Some(PairFailure::Limit | PairFailure::NoTime) | None => false,
        Some(
            PairFailure::NotSymmetric { .. }
            | PairFailure::Unreachable { .. }
            | PairFailure::RelayRefused { .. }
            | PairFailure::RelayLost
            | PairFailure::Refused { .. }
            | PairFailure::Unauthenticated
            | PairFailure::NotResolved,
        ) => true,
    }
}

//! What did the checks of two ends' candidate pairs show? (RFC 8445 §7)
//!
//! Each end is judged by its own checks:
//! - `direct` where a pair without a relay was answered: an answer is proof of both ways.
//! - `relay` where one through a relay was, and all others were checked to their end.
//! - `none` only where every pair was judged: its silence stands beside something that was heard from the same socket, or
//!   that end's UDP is known to be blocked, or somebody said why nothing can arrive; and none was left out for being more
//!   than this tool takes.
//!
//! A run that was cut, and a peer that left, make silence worthless: then only what was answered counts. A peer that was
//! there until the call was over had answered what it could, and each end knows for itself who left it.
//!
//! Then the two are laid beside each other. The other end's record is evidence of what the other end says, no more: it makes
//! nothing known that we have not seen, and where the two contradict each other that is what is told.

use super::pairs::{PairReport, is_relayed, of_last_session};
use crate::model::{
    CallFact, CallStage, CandidateType, Code, End, Fact, Family, Host, HostFact, IceFact, Judged, Limit, ObservationId,
    Pair, PairEnd, PairFailure, PairState, Path, Question, Record, RunFact, SignallingFact, Tally,
};
use std::collections::BTreeSet;

pub(crate) struct Tried {
    pub path: Judged<Path>,
    /// What the other end's checks showed, where that contradicts ours.
    pub disagreement: Option<Disagreement>,
    /// Whether pairs without a relay were checked to their end at all, and pairs through one.
    pub tried_direct: bool,
    pub tried_relayed: bool,
}

/// What the other end says that this end has seen otherwise.
pub(crate) struct Disagreement {
    /// As a finding or a reason of the other end's own says it.
    pub says: Code,
    /// Of both ends.
    pub evidence: Vec<ObservationId>,
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
    let says = theirs.as_ref().map(what_is_said);
    let evidence = || [&ours, &theirs].into_iter().flatten().flat_map(Judged::evidence).copied().collect::<Vec<_>>();
    let evidence = evidence();
    let (path, disagrees) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => together(ours, theirs, Carried::of(record, reports)),
        (Some(ours), None) => (ours, false),
        (None, Some(theirs)) if is_success(&theirs) => (Judged::unclear(Code::EndsDisagree, evidence.clone()), true),
        (None, _) => return None,
    };
    let disagreement = says.filter(|_| disagrees).map(|says| Disagreement { says, evidence });
    let has_tried = |relayed: bool| {
        reports.iter().any(|report| {
            report.pair.state != PairState::NotChecked && is_relayed(&report.pair.local, &report.pair.remote) == relayed
        })
    };
    Some(Tried { path, disagreement, tried_direct: has_tried(false), tried_relayed: has_tried(true) })
}

fn is_success(path: &Judged<Path>) -> bool {
    matches!(path.value(), Some(Path::Direct | Path::Relay))
}

/// What one end's checks showed, in a word.
fn what_is_said(path: &Judged<Path>) -> Code {
    match (path.value(), path.why()) {
        (Some(Path::Direct), _) => Code::DirectPairWorks,
        (Some(Path::Relay), _) => Code::RelayTakesOver,
        (Some(Path::None), _) => Code::NoPairWorks,
        (None, why) => why.unwrap_or(Code::EndsDisagree),
    }
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

/// Whether a call was carried here, and what it was chosen from.
struct Carried {
    at_all: bool,
    /// This end checked pairs without a relay.
    beside_direct: bool,
}

impl Carried {
    fn of(record: &Record, reports: &[PairReport<'_>]) -> Self {
        let is_direct = |report: &PairReport<'_>| {
            report.end.is_ours()
                && report.pair.state != PairState::NotChecked
                && !is_relayed(&report.pair.local, &report.pair.remote)
        };
        Self { at_all: has_carried(record), beside_direct: reports.iter().any(is_direct) }
    }

    /// A call disproves that nothing works. Whether a pair without a relay does beside the one that carried it, is left
    /// between the two ends: one alone may have had an answer, or have changed over to it later.
    fn stands_against(&self, theirs: &Judged<Path>) -> bool {
        self.at_all && (theirs.value() == Some(&Path::None) || !self.beside_direct)
    }
}

/// What two ends saw for themselves, laid beside each other. A check that was answered at one end and never at the other
/// proves one direction twice and the other never: that the two disagree is told, and where no call of ours settles it the
/// path is unclear.
fn together(ours: Judged<Path>, theirs: Judged<Path>, carried: Carried) -> (Judged<Path>, bool) {
    let is_without_success = |path: &Judged<Path>| matches!(path.why(), Some(Code::ControlFailed | Code::NoPairs));
    let evidence = || [ours.evidence(), theirs.evidence()].concat();
    let unclear = || Judged::unclear(Code::EndsDisagree, evidence());
    match (ours.value(), theirs.value()) {
        (Some(here), Some(there)) if here == there => (Judged::known(*here, evidence()), false),
        (Some(_), Some(_)) if is_success(&ours) && carried.stands_against(&theirs) => (ours, true),
        (Some(_), Some(_)) => (unclear(), true),
        (Some(_), None) if is_success(&ours) && is_without_success(&theirs) && !carried.at_all => (unclear(), true),
        (Some(_), None) => (ours, false),
        (None, Some(_)) => match ours.why() {
            // Here everything failed as well, and it was only not known why.
            Some(Code::ControlFailed) if !is_success(&theirs) => (Judged::known(Path::None, evidence()), false),
            _ if is_success(&theirs) && is_without_success(&ours) => (unclear(), true),
            _ => (ours, false),
        },
        // One reason for both ends, whichever of them had it.
        (None, None) => match (ours.why(), theirs.why()) {
            (Some(here), Some(there)) => (Judged::unclear(here.min(there), evidence()), false),
            _ => (ours, false),
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
    let relays = relays_of_the_other(record, end);
    let mut note = |id, local: &PairEnd, remote: &PairEnd| {
        let is_through_one = is_relayed(local, remote) || relays.contains(&(&remote.address, remote.port));
        if is_through_one { relayed.push(id) } else { direct.push(id) }
    };
    for (_, id, fact) in of_last_session(record).filter(|(whose, ..)| *whose == end) {
        if let Fact::Ice(IceFact::Reached { local, remote, .. }) = fact {
            note(id, local, remote);
        }
    }
    for PairReport { id, pair, .. } in reports.iter().filter(|report| report.pair.state == PairState::Succeeded) {
        note(*id, &pair.local, &pair.remote);
    }
    Some(if direct.is_empty() {
        without_direct(record, end, reports, relayed, &begun, is_blocked)
    } else {
        Judged::known(Path::Direct, direct)
    })
}

/// Where the relayed candidates are that the other end told this one of. A check that comes through a relay may overtake the
/// candidate, and its sender is peer-reflexive until then (RFC 8445 §7.3.1.3).
fn relays_of_the_other(record: &Record, end: End) -> BTreeSet<(&Host, u16)> {
    let told = record.observations.iter().filter(|seen| seen.end == end).filter_map(|seen| match &seen.fact {
        Fact::Ice(IceFact::RemoteCandidate(remote) | IceFact::Nominated { remote, .. }) => Some(remote),
        Fact::Ice(IceFact::Checked(pair)) => Some(&pair.remote),
        _ => None,
    });
    told.filter(|remote| remote.kind == CandidateType::Relay).map(|remote| (&remote.address, remote.port)).collect()
}

fn without_direct(
    record: &Record,
    end: End,
    reports: &[&PairReport<'_>],
    relayed: Vec<ObservationId>,
    begun: &[ObservationId],
    is_blocked: impl Fn(Family) -> bool,
) -> Judged<Path> {
    let all = || reports.iter().map(|report| report.id).chain(relayed.iter().copied()).collect::<Vec<_>>();
    if let Some((why, id)) = cut(record, end) {
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
    // Of an end that went before its time no answer could come: that takes from what failed, and from nothing else.
    if let Some((why, id)) = cut(record, end.other()) {
        return Judged::unclear(why, all().into_iter().chain([id]).collect());
    }
    if let Some(id) = cut_by_a_limit(record, end) {
        return Judged::unclear(Code::InputLimited, all().into_iter().chain([id]).collect());
    }
    if reports.iter().all(|report| is_decided(report.pair, &is_blocked)) {
        Judged::known(Path::None, all())
    } else {
        Judged::unclear(Code::ControlFailed, all())
    }
}

/// Where this end left pairs or candidates of the other's out, being more than it takes: what it left out may have worked.
fn cut_by_a_limit(record: &Record, end: End) -> Option<ObservationId> {
    let is_cut = |fact: &Fact| match fact {
        Fact::Host(HostFact::Limited { what, .. }) => matches!(what, Limit::Pairs | Limit::PeerCandidates),
        Fact::Ice(IceFact::CandidateRefused { why, .. }) => *why == Code::PeerCandidateLimit,
        _ => false,
    };
    record.observations.iter().find(|seen| seen.end == end && is_cut(&seen.fact)).map(|seen| seen.id)
}

/// The reason that ended the checks of this end before they were over, as it saw it. None where its call was over by then.
fn cut(record: &Record, end: End) -> Option<(Code, ObservationId)> {
    let of_end = || record.observations.iter().filter(|seen| seen.end == end && seen.by.question != Question::OwnCall);
    let find = |is_such: fn(&Fact) -> bool| of_end().find(|seen| is_such(&seen.fact)).map(|seen| seen.id);
    let broken = find(|fact| matches!(fact, Fact::Call(CallFact::CallBroken(_))));
    let over = find(|fact| matches!(fact, Fact::Call(CallFact::Called(_)))).filter(|_| broken.is_none());
    let cuts = of_end().filter(|seen| over.is_none_or(|over| seen.id < over)).filter_map(|observation| {
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
            PairFailure::OneWay { .. }
            | PairFailure::NotSymmetric { .. }
            | PairFailure::Unreachable { .. }
            | PairFailure::RelayRefused { .. }
            | PairFailure::RelayLost
            | PairFailure::Refused { .. }
            | PairFailure::Unauthenticated
            | PairFailure::NotResolved,
        ) => true,
    }
}

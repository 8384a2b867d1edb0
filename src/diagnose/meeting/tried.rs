//! What did the checks of two ends' candidate pairs show? (RFC 8445 §7)
//!
//! - `direct` where a pair without a relay was answered at either end: an answer is proof of both ways.
//! - `relay` where one through a relay was, and all others were checked to their end.
//! - `none` only where at one end every pair was judged: its silence stands beside something that was heard from the same
//!   socket, or that end's UDP is known to be blocked, or somebody said why nothing can arrive.
//!
//! A run that was cut, and a peer that left, make silence worthless: then only what was answered counts.

use super::pairs::{Story, is_relayed, of_last_session};
use crate::model::{
    Code, End, Fact, Family, IceFact, Judged, ObservationId, Pair, PairFailure, PairState, Path, Question, Record,
    RunFact, SignallingFact, Tally,
};

pub struct Tried {
    pub path: Judged<Path>,
    /// Whether pairs without a relay were checked to their end at all, and pairs through one.
    pub tried_direct: bool,
    pub tried_relayed: bool,
}

impl Tried {
    pub fn because(&self) -> Vec<Code> {
        match self.path.value() {
            Some(Path::Direct) => vec![Code::DirectPairWorks],
            Some(Path::Relay) if self.tried_direct => vec![Code::NoDirectPairWorks, Code::RelayTakesOver],
            Some(Path::Relay) => vec![Code::NoDirectPairTried, Code::RelayTakesOver],
            Some(Path::None) => vec![Code::NoPairWorks],
            None => Vec::new(),
        }
    }
}

/// None where no checks were made. `is_blocked` says of which end's UDP it is known that nothing of it gets through.
pub fn judge(record: &Record, stories: &[Story<'_>], is_blocked: impl Fn(End, Family) -> bool) -> Option<Tried> {
    let made = |fact: &Fact| {
        matches!(
            fact,
            Fact::Ice(IceFact::Described { .. }) | Fact::Ice(IceFact::Checked(_)) | Fact::Ice(IceFact::Reached { .. })
        )
    };
    let begun: Vec<ObservationId> =
        record.observations.iter().filter(|o| made(&o.fact)).map(|observation| observation.id).collect();
    if begun.is_empty() {
        return None;
    }
    let (mut direct, mut relayed) = (Vec::new(), Vec::new());
    let mut note = |id, local, remote| if is_relayed(local, remote) { relayed.push(id) } else { direct.push(id) };
    for (_, id, fact) in of_last_session(record) {
        if let Fact::Ice(IceFact::Reached { local, remote, .. }) = fact {
            note(id, local, remote);
        }
    }
    for Story { id, pair, .. } in stories.iter().filter(|story| story.pair.state == PairState::Succeeded) {
        note(*id, &pair.local, &pair.remote);
    }
    let of_kind = |wanted: bool| {
        stories
            .iter()
            .filter(move |story| is_relayed(&story.pair.local, &story.pair.remote) == wanted)
            .filter(|story| story.pair.state != PairState::NotChecked)
    };
    let (tried_direct, tried_relayed) = (of_kind(false).next().is_some(), of_kind(true).next().is_some());
    let path = if direct.is_empty() {
        without_direct(record, stories, relayed, &begun, is_blocked)
    } else {
        Judged::known(Path::Direct, direct)
    };
    Some(Tried { path, tried_direct, tried_relayed })
}

fn without_direct(
    record: &Record,
    stories: &[Story<'_>],
    relayed: Vec<ObservationId>,
    begun: &[ObservationId],
    is_blocked: impl Fn(End, Family) -> bool,
) -> Judged<Path> {
    let all = || stories.iter().map(|story| story.id).chain(relayed.iter().copied()).collect::<Vec<_>>();
    if let Some((why, id)) = cut(record) {
        return Judged::unclear(why, all().into_iter().chain([id]).collect());
    }
    let is_open = |story: &&Story<'_>| {
        story.pair.state == PairState::NotChecked && !is_relayed(&story.pair.local, &story.pair.remote)
    };
    let open: Vec<ObservationId> = stories.iter().filter(is_open).map(|story| story.id).collect();
    if !relayed.is_empty() {
        return if open.is_empty() {
            Judged::known(Path::Relay, all())
        } else {
            Judged::unclear(Code::ChecksUnfinished, all())
        };
    }
    if stories.is_empty() {
        return Judged::unclear(Code::NoPairs, begun.to_vec());
    }
    if stories.iter().any(|story| story.pair.state == PairState::NotChecked) {
        return Judged::unclear(Code::ChecksUnfinished, all());
    }
    let is_judged_by = |end: End| {
        let mut of_end = stories.iter().filter(|story| story.end == end).peekable();
        of_end.peek().is_some() && of_end.all(|story| is_decided(story.pair, |family| is_blocked(end, family)))
    };
    if is_judged_by(End::Ours) || is_judged_by(End::Theirs) {
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
fn is_decided(pair: &Pair, is_blocked: impl Fn(Family) -> bool) -> bool {
    let family = pair.local.address.address().map_or(Family::Ipv4, Family::of);
    match &pair.failure {
        Some(PairFailure::Silent { control }) => {
            Tally { sent: pair.sent, heard: 0 }.is_silence_beside(*control) || is_blocked(family)
        }
        Some(PairFailure::Limit | PairFailure::NoTime) | None => false,
        Some(
            PairFailure::NotSymmetric { .. }
            | PairFailure::Unreachable { .. }
            | PairFailure::RelayRefused { .. }
            | PairFailure::RelayLost
            | PairFailure::Refused { .. }
            | PairFailure::NotResolved,
        ) => true,
    }
}

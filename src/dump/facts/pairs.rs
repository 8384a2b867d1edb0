//! What became of each pair, and which was in use when? (RFC 8445 §6.1.2.6)
//!
//! A pair with an answer works. One that was asked often enough, for long enough, and had none is silent, beside what the same
//! base heard from others meanwhile. Of any other nothing is known: browsers stop asking once they have found a pair.

use super::Told;
use super::ends::EndCandidates;
use crate::dump::session::{PairPoint, StatPair, StateOf, TransportPoint};
use crate::model::{
    CallStage, CandidateType, Fact, IceFact, Millis, Pair, PairEnd, PairFailure, PairState, Question, RoundTrips,
    Tally, Text,
};
use std::collections::BTreeMap;

/// RFC 8445 §14: seven copies of a request are sent before it is given up; browsers send the first five within two seconds and
/// a half.
const SILENT_FROM_SENT: u64 = 5;
const SILENT_FROM: Millis = Millis(2500.0);

/// The pair in use, from each time on.
pub(super) struct Used<'a> {
    /// When each pair came into use, oldest first.
    pub changes: Vec<(Millis, &'a StatPair)>,
    /// The transport that it belongs to, where statistics have transports.
    pub transport: Option<&'a [TransportPoint]>,
    /// The ends of the last pair in use.
    pub last: Option<(PairEnd, PairEnd)>,
}

/// Tells what became of the pairs.
pub(super) fn note<'a>(told: &mut Told<'a>, ends: &EndCandidates) -> Used<'a> {
    let mut used = Used::of(told);
    let restart = told.restarts().last().copied();
    let last_ufrag = told.last_ufrag();
    let heard = heard(told, ends);
    let mut checked = Vec::new();
    for pair in told.connection.pairs.values() {
        let (Some(local), Some(remote)) = (ends.get(&pair.local), ends.get(&pair.remote)) else { continue };
        let Some(at) = pair.points.last().map(|point| point.at) else { continue };
        let ufrag = told.connection.candidates.get(&pair.local).and_then(|candidate| candidate.ufrag.as_deref());
        let is_earlier = last_ufrag.zip(ufrag).is_some_and(|(last, own)| last != own);
        // What was checked before a restart is told before it.
        let at = restart.filter(|_| is_earlier).map_or(at, |restart| Millis(restart.0.min(at.0) - 0.001));
        let is_in_use = used.changes.last().is_some_and(|(_, last)| std::ptr::eq(*last, pair));
        let control = control(&heard, ends, pair, local);
        checked.push((at, is_earlier, judged(pair, (local.clone(), remote.clone()), control, is_in_use)));
    }
    let answered = checked.iter().filter(|(_, _, pair)| pair.received > 0).map(|(at, ..)| *at).min();
    for (at, _, pair) in checked {
        told.observe(at, Question::Checks, Fact::Ice(IceFact::Checked(pair)));
    }
    let role = told.role();
    for (at, pair) in &used.changes {
        let (Some(local), Some(remote)) = (ends.get(&pair.local), ends.get(&pair.remote)) else { continue };
        // The other end may have announced it as what it is: what it is called here is how it was learnt.
        let announced = ends.as_announced(remote).filter(|end| end.kind == CandidateType::Relay);
        let remote = announced.unwrap_or(remote);
        used.last = Some((local.clone(), remote.clone()));
        let nominated =
            IceFact::Nominated { local: local.clone(), remote: remote.clone(), role, after_ms: told.since_begin(*at) };
        told.observe(*at, Question::Checks, Fact::Ice(nominated));
    }
    let by_state = told.state(StateOf::Ice, &["connected", "completed"]).next();
    let works = |point: &PairPoint| carries(point) || point.succeeded;
    let is_answered = answered.is_some() || used.changes.iter().any(|(_, pair)| pair.points.iter().any(works));
    // Where no pair was sampled yet no counter contradicts what the browser says.
    let is_answered = is_answered || told.connection.pairs.is_empty();
    if let Some(at) =
        [by_state, used.changes.first().map(|(at, _)| *at)].into_iter().flatten().min().filter(|_| is_answered)
    {
        told.reach(at, CallStage::Connected);
    }
    used
}

fn carries(point: &PairPoint) -> bool {
    point.bytes_received.is_some_and(|bytes| bytes > 0) || point.responses_received.is_some_and(|answers| answers > 0)
}

impl<'a> Used<'a> {
    fn of(told: &Told<'a>) -> Self {
        let bytes = |points: &[TransportPoint]| points.iter().filter_map(|point| point.bytes_received).max();
        let transports = told.connection.transports.values().map(Vec::as_slice);
        let transport = transports.max_by_key(|points| bytes(points));
        let selected = transport.into_iter().flatten().filter_map(|point| Some((point.at, point.selected.as_deref()?)));
        let mut changes: Vec<(Millis, &StatPair)> = Vec::new();
        for (at, id) in selected {
            let Some(pair) = told.connection.pairs.get(id) else { continue };
            if changes.last().is_none_or(|(_, last)| !std::ptr::eq(*last, pair)) {
                changes.push((at, pair));
            }
        }
        if changes.is_empty() && !told.is_cut_within {
            // Several may be nominated, one of them without a byte.
            let nominated = told.connection.pairs.values().filter_map(|pair| {
                let first = pair.points.iter().find(|point| point.nominated && (point.succeeded || carries(point)))?;
                let last = pair.points.last()?;
                Some(((last.bytes_received, last.responses_received), first.at, pair))
            });
            changes.extend(nominated.max_by_key(|(most, ..)| *most).map(|(_, at, pair)| (at, pair)));
        }
        Self { changes, transport, last: None }
    }
}

/// What each base heard from all the pairs that it has an answer over, by the base.
type Heard<'a> = BTreeMap<&'a (Text, u16), Tally>;

fn heard<'a>(told: &Told<'_>, ends: &'a EndCandidates) -> Heard<'a> {
    let mut heard = Heard::new();
    for pair in told.connection.pairs.values() {
        let answered = counts(pair).filter(|tally| tally.answered > 0);
        if let (Some(base), Some(tally)) = (ends.base(&pair.local), answered) {
            let known = heard.entry(base).or_default();
            *known = known.and(tally);
        }
    }
    heard
}

/// What was sent and heard from the same base, this pair aside: what servers answered, and other pairs.
fn control(heard: &Heard<'_>, ends: &EndCandidates, pair: &StatPair, local: &PairEnd) -> Tally {
    let of_base = ends.base(&pair.local).and_then(|base| heard.get(base)).copied().unwrap_or_default();
    let own = counts(pair).filter(|tally| tally.answered > 0).unwrap_or_default();
    let of_others =
        Tally { sent: of_base.sent.saturating_sub(own.sent), answered: of_base.answered.saturating_sub(own.answered) };
    let of_servers = if local.kind == CandidateType::Relay { 1 } else { ends.answers(local) };
    Tally { sent: of_servers, answered: of_servers }.and(of_others)
}

/// Checks and answers; None where this form counts none.
fn counts(pair: &StatPair) -> Option<Tally> {
    let last = pair.points.last()?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let answered = count(last.responses_received?);
    Some(Tally { sent: count(last.requests_sent?).max(answered), answered })
}

fn judged(pair: &StatPair, (local, remote): (PairEnd, PairEnd), control: Tally, nominated: bool) -> Pair {
    let counted = counts(pair);
    let Tally { sent, answered } = counted.unwrap_or_default();
    let points = &pair.points;
    let asked_for = points.last().zip(points.first()).map_or(0.0, |(last, first)| last.at.0 - first.at.0);
    let is_asked_enough = u64::from(sent) >= SILENT_FROM_SENT && asked_for >= SILENT_FROM.0;
    let has_succeeded = answered > 0 || points.iter().any(|point| point.succeeded || point.nominated && carries(point));
    let has_failed = counted.is_none() && points.last().is_some_and(|point| point.failed);
    let heard = points.last().and_then(|last| last.requests_received).unwrap_or_default();
    let heard = u32::try_from(heard).unwrap_or(u32::MAX);
    let (state, failure) = match (has_succeeded, is_asked_enough || has_failed) {
        (true, _) => (PairState::Succeeded, None),
        (false, true) if heard > 0 => (PairState::Failed, Some(PairFailure::OneWay { heard })),
        (false, true) => (PairState::Failed, Some(PairFailure::Silent { control })),
        (false, false) => (PairState::NotChecked, None),
    };
    Pair {
        local,
        remote,
        state,
        failure,
        rtt_ms: round_trips(points),
        sent,
        received: answered,
        unanswered_last: unanswered_last(points),
        first_success_ms: None,
        nominated,
    }
}

/// How many checks left after the last that was answered: all beyond the answers but those that were lost before. Between two
/// samples that is not known, and what is lost there is taken for the last.
fn unanswered_last(points: &[PairPoint]) -> u32 {
    let counts = |point: &PairPoint| Some((point.requests_sent?, point.responses_received?));
    let Some((sent, answers)) = points.last().and_then(counts).filter(|(_, answers)| *answers > 0) else { return 0 };
    let before = points.iter().filter_map(counts).take_while(|(_, heard)| *heard < answers).last();
    let lost_before = before.map_or(0, |(sent, heard)| sent.saturating_sub(heard));
    u32::try_from(sent.saturating_sub(answers.saturating_add(lost_before))).unwrap_or(u32::MAX)
}

/// Mean round trips between samples: a browser tells the last again and again.
pub(super) fn round_trips(points: &[PairPoint]) -> Option<RoundTrips> {
    let mut trips: Vec<Millis> = Vec::new();
    let (mut total, mut answers) = (0.0, 0);
    for point in points {
        let (Some(now), Some(count)) = (point.total_rtt_ms, point.responses_received) else { continue };
        if count > answers {
            let mean = Millis((now.0 - total) / (count - answers) as f64);
            // A clock of whole milliseconds shows a shorter trip as none.
            trips.extend(Some(mean).filter(|mean| mean.0 > 0.0));
        }
        (total, answers) = (now.0, count);
    }
    if trips.is_empty() {
        trips.extend(points.iter().filter_map(|point| point.rtt_ms).filter(|trip| trip.0 > 0.0));
    }
    trips.sort_unstable();
    let median = *trips.get(trips.len() / 2)?;
    Some(RoundTrips { min: *trips.first()?, median, max: *trips.last()? })
}

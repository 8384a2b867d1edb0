//! Over which pairs did a call go, one after the other, and when did nothing come over any of them? (RFC 7675, RFC 8445 §9)
//!
//! A call that was begun anew goes on over another pair. Silence counts where checks were sent into it: an end that has nothing
//! to say answers them all the same.

use super::flow::FlowSide;
use super::pairs::CheckedWay;
use super::watch::Watch;
use std::time::Duration;

/// A path is silent when nothing came over it for so long, though something was asked.
const PAUSED_FOR: Duration = Duration::from_secs(3);
/// The most pauses that are told of.
const PAUSES_MAX: usize = 100;

/// A time in which nothing came, though it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    /// When the last came before it.
    pub(super) from: Duration,
    pub(super) until: Duration,
    /// What came then came over another pair.
    pub(super) restarted: bool,
}

/// One pair that carried something of the call, and what came over it.
struct Stretch<'a> {
    way: &'a CheckedWay<'a>,
    inward: &'a FlowSide,
}

/// The course of a call over its pairs.
pub(super) struct PairCourse<'a>(Vec<Stretch<'a>>);

impl<'a> PairCourse<'a> {
    pub(super) fn of(watch: &'a Watch, ways: &'a [CheckedWay<'a>]) -> Self {
        let stretches = ways.iter().filter_map(|way| {
            let [_, inward] = watch.flows.of(way.route)?.seen_from(way.route.from)?;
            (inward.dtls.packets + inward.media.packets > 0).then_some(Stretch { way, inward })
        });
        let mut stretches: Vec<Stretch<'_>> = stretches.collect();
        stretches.sort_by_key(|stretch| stretch.inward.first);
        Self(stretches)
    }

    /// The pairs, in the order in which something came over them first.
    pub(super) fn ways(&self) -> impl Iterator<Item = &'a CheckedWay<'a>> {
        self.0.iter().map(|stretch| stretch.way)
    }

    /// When the last came over any of them.
    pub(super) fn last_in(&self) -> Option<Duration> {
        self.0.iter().filter_map(|stretch| stretch.inward.last).max()
    }

    /// When nothing came, and then something did.
    pub(super) fn pauses(&self) -> Vec<Pause> {
        let mut came: Vec<(Duration, Duration, &Stretch<'_>)> = Vec::new();
        for stretch in &self.0 {
            let Some((first, last)) = stretch.inward.first.zip(stretch.inward.last) else { continue };
            let mut begin = first;
            for (from, until) in &stretch.inward.pauses {
                came.push((begin, *from, stretch));
                begin = *until;
            }
            came.push((begin, last, stretch));
        }
        came.sort_by_key(|(begin, ..)| *begin);
        let mut pauses = Vec::new();
        let mut before: Option<(Duration, &Stretch<'_>)> = None;
        for (begin, end, stretch) in came {
            if let Some((from, silent)) = before
                && begin.saturating_sub(from) >= PAUSED_FOR
            {
                let restarted = !std::ptr::eq(silent, stretch);
                let pause = Pause { from, until: begin, restarted };
                pauses.extend(Some(pause).filter(|pause| pauses.len() < PAUSES_MAX && silent.was_asked(pause)));
            }
            if before.is_none_or(|(last, _)| end > last) {
                before = Some((end, stretch));
            }
        }
        pauses
    }
}

impl Stretch<'_> {
    /// Whether a check of this end's fell into a pause and was not answered.
    fn was_asked(&self, pause: &Pause) -> bool {
        let Some(ours) = self.way.ours else { return false };
        let is_in_it = |(from, until): &(Duration, Duration)| *from <= pause.until && *until >= pause.from;
        ours.unanswered.iter().any(is_in_it) || ours.unanswered_last > 0 && ours.last > pause.from
    }
}

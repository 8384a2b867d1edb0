//! What keeps a call from beginning, or its end from being known, beside what its own facts say?

use crate::model::{CallFile, CallTiming, Millis};

/// Candidates come, and are checked, within seconds of the descriptions.
const CHECKED_BY: Millis = Millis(5000.0);

/// Browsers give checks up after 15 s without an answer (libwebrtc's `receiving_timeout` and what follows it).
pub(crate) const GIVEN_UP_AFTER: Millis = Millis(14_000.0);

/// What was observed of that.
#[derive(Clone, Copy, Default)]
pub(crate) struct WhyNoCall<'a> {
    /// The other end left, or time ran out.
    pub is_left: bool,
    /// A description of the other end's came and cannot be used.
    pub is_refused: bool,
    /// A page offered a call, and was given no answer.
    pub is_unanswered: bool,
    /// The file that it is read from.
    pub file: Option<&'a CallFile>,
}

impl WhyNoCall<'_> {
    /// Whether it is read from a file that does not tell enough of it: what did not happen, or did not work, may be in what is not
    /// there. `checked` pairs are told of.
    pub(crate) fn is_untold(&self, timing: &CallTiming, checked: usize) -> bool {
        let Some(file) = self.file else { return false };
        match timing.checks_started {
            None => !self.is_unanswered,
            Some(began) => {
                let lasted_ms = file.known_ms().0 - began.0;
                let is_given_up = file.of_packets || file.counts_no_checks || lasted_ms >= GIVEN_UP_AFTER.0;
                let is_missing = file.may_lack_candidates() || lasted_ms < CHECKED_BY.0;
                file.cut_within || checked > 0 && !is_given_up || checked == 0 && is_missing
            }
        }
    }
}

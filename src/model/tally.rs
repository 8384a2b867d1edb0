//! When silence is evidence: a law of numbers, shared by the probe that samples and the judgement that reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many requests were sent, each its own chance to be lost, and how many of them were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// How many were sent.
    pub sent: u32,
    /// How many of them were answered.
    #[serde(rename = "heard")]
    pub answered: u32,
}

impl Tally {
    /// How likely loss may be as the cause of a silence that is called a filter: the tool judges a few silences a
    /// run, so at one in a million a wrong word is not met in practice.
    pub const DOUBT: f64 = 1e-6;

    /// Of requests, each of which was answered or not.
    pub fn of(answered: impl Iterator<Item = bool>) -> Self {
        answered.fold(Self::default(), |sum, answered| sum.and(Self { sent: 1, answered: u32::from(answered) }))
    }

    /// The two together, as samples of one thing.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { sent: self.sent.saturating_add(other.sent), answered: self.answered.saturating_add(other.answered) }
    }

    /// The chance that one request or its answer is lost, estimated from a control on the same path by Laplace's
    /// rule of succession, so that a few answers never count as certainty.
    pub fn loss(self) -> f64 {
        (f64::from(self.lost()) + 1.0) / (f64::from(self.sent) + 2.0)
    }

    /// How likely at least as many of these are lost as were, if those that are lost of these and of `others` are drawn by
    /// chance (Fisher's exact test, one-sided). None of more than are ever sent in one run.
    pub fn chance_of_more_lost(self, others: Self) -> Option<f64> {
        const MOST: u32 = 1000;

        let (lost_here, lost_there) = (self.lost(), others.lost());
        let (all, lost) = (self.sent.saturating_add(others.sent), lost_here.saturating_add(lost_there));
        let ways = |here: u32| ln_choose(self.sent, here) + ln_choose(others.sent, lost - here);
        let drawn = || (lost_here..=lost.min(self.sent)).filter(|here| lost - here <= others.sent);
        (all <= MOST).then(|| drawn().map(|here| (ways(here) - ln_choose(all, lost)).exp()).sum())
    }

    fn lost(self) -> u32 {
        self.sent.saturating_sub(self.answered)
    }

    /// Whether silence here cannot be loss: nothing was heard, the control was, and losing all that was sent at the
    /// control's rate of loss is less likely than [`Tally::DOUBT`].
    pub fn is_silence_beside(self, control: Self) -> bool {
        let times = i32::try_from(self.sent).unwrap_or(i32::MAX);
        self.answered == 0 && control.answered > 0 && control.loss().powi(times) < Self::DOUBT
    }
}

/// The logarithm of the number of ways to choose so many of these.
fn ln_choose(of: u32, chosen: u32) -> f64 {
    (1..=chosen.min(of)).map(|step| (f64::from(of - step + 1) / f64::from(step)).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn tally(sent: u32, answered: u32) -> Tally {
        Tally { sent, answered }
    }

    #[test]
    fn silence_without_an_answered_control_is_no_evidence() {
        assert!(!tally(1000, 0).is_silence_beside(tally(0, 0)));
        assert!(!tally(1000, 0).is_silence_beside(tally(1000, 0)));
    }

    #[test]
    fn on_a_clean_path_eight_samples_beside_eight_are_enough_and_three_are_not() {
        assert!(tally(8, 0).is_silence_beside(tally(8, 8)));
        assert!(!tally(3, 0).is_silence_beside(tally(8, 8)));
    }

    #[test]
    fn the_more_the_control_loses_the_more_samples_silence_takes() {
        let lossy_control = tally(30, 19);
        assert!(!tally(8, 0).is_silence_beside(lossy_control));
        assert!(tally(16, 0).is_silence_beside(lossy_control));
    }

    #[test]
    fn an_answer_is_never_silence() {
        assert!(!tally(100, 1).is_silence_beside(tally(100, 100)));
    }

    #[test]
    fn what_is_lost_of_the_one_alone_is_not_chance_and_what_is_lost_of_both_is() {
        let chance = |one: Tally, other| one.chance_of_more_lost(other).expect("few enough");
        assert!(chance(tally(32, 2), tally(6, 6)) < 1e-4);
        assert!(chance(tally(16, 2), tally(6, 6)) < 1e-3);
        assert!(chance(tally(32, 16), tally(6, 3)) > 0.3);
        assert!((chance(tally(10, 10), tally(4, 4)) - 1.0).abs() < 1e-9, "nothing is lost");
        assert_eq!(tally(u32::MAX, 0).chance_of_more_lost(tally(u32::MAX, 0)), None);
    }

    #[test]
    fn the_chances_of_all_numbers_of_losses_add_up_to_one() {
        let exactly = |lost: u32| {
            let at_least = |lost: u32| tally(6, 6 - lost).chance_of_more_lost(tally(5, 5 - (4 - lost))).expect("few");
            at_least(lost) - if lost < 4 { at_least(lost + 1) } else { 0.0 }
        };
        assert!(((0..=4).map(exactly).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((exactly(4) - 15.0 / 330.0).abs() < 1e-9);
    }
}

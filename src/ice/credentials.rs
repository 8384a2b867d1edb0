//! Does what the peer's agent sends go with the user name fragments and passwords in the two descriptions? (RFC 8445 §7.2.2)
//!
//! Where it does not, packets pass and no pair works: signalling gave an end the description of another session, or an older
//! or a changed one. Packets are counted here and judged by others: a stranger may send such packets too, and checks of a
//! restart may overtake its description.

use super::check::{CheckRejection, MistrustedAnswer};
use crate::model::CredentialMismatch;

/// What came of one generation of credentials.
#[derive(Default)]
pub(super) struct CredentialWatch(CredentialMismatch);

fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}

impl CredentialWatch {
    /// A check came from an address of the peer's candidates. `is_from_peer`: it calls its sender as the peer's description does.
    pub(super) fn checked(&mut self, rejection: Option<&CheckRejection>, is_from_peer: bool) {
        let seen = &mut self.0;
        match rejection {
            Some(CheckRejection::ForAnother) => count(&mut seen.checks_for_another),
            Some(CheckRejection::Missigned) => count(&mut seen.checks_missigned),
            Some(CheckRejection::Incomplete | CheckRejection::Unknown) => {}
            None if is_from_peer => count(&mut seen.checks_taken),
            None => count(&mut seen.checks_from_another),
        }
    }

    /// A check of ours was answered, and the answer cannot be trusted.
    pub(super) fn answered_by_another(&mut self, answer: MistrustedAnswer) {
        let seen = &mut self.0;
        count(match answer {
            MistrustedAnswer::Refusing => &mut seen.answers_refusing,
            MistrustedAnswer::Missigned => &mut seen.answers_missigned,
            MistrustedAnswer::Unsigned => &mut seen.answers_unsigned,
        });
    }

    /// A check of ours was answered as it should be.
    pub(super) fn answered(&mut self) {
        count(&mut self.0.answers_taken);
    }

    /// What came, where enough of it does not fit.
    pub(super) fn mismatch(&self) -> Option<CredentialMismatch> {
        let seen = &self.0;
        let odd = [
            seen.checks_for_another,
            seen.checks_missigned,
            seen.checks_from_another,
            seen.answers_refusing,
            seen.answers_missigned,
            seen.answers_unsigned,
        ];
        odd.iter().any(|count| *count >= CredentialMismatch::TELLING_PACKETS).then(|| seen.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_or_two_that_do_not_fit_are_no_mismatch() {
        let mut watch = CredentialWatch::default();
        for _ in 0..CredentialMismatch::TELLING_PACKETS - 1 {
            watch.checked(Some(&CheckRejection::ForAnother), false);
            watch.answered_by_another(MistrustedAnswer::Refusing);
        }
        assert_eq!(watch.mismatch(), None);
        watch.answered_by_another(MistrustedAnswer::Refusing);
        watch.checked(None, true);
        watch.answered();
        let told = watch.mismatch().expect("a mismatch");
        let odd = CredentialMismatch::TELLING_PACKETS;
        assert_eq!((told.checks_for_another, told.answers_refusing), (odd - 1, odd));
        assert_eq!((told.checks_taken, told.answers_taken), (1, 1));
    }
}

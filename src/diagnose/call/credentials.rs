//! Is an agent described by the user name fragment and password that it uses? (RFC 8445 §7.2.2, RFC 8489 §9.1.3)
//!
//! Packets that came and did not fit were carried well: no network is at fault. A check well signed, or an answer, shows that
//! the description which it was made by is right, however many others do not fit.

use crate::model::{Call, CallBreak, CallOutcome, Code, CredentialMismatch};

/// Which descriptions are not of the agent that they are to describe, and how many packets show it.
pub(crate) fn faults(seen: &CredentialMismatch) -> Vec<(Code, u32)> {
    let for_another_of_ours = seen.checks_for_another.saturating_add(seen.checks_missigned);
    let is_ours_known_there = seen.checks_taken > 0 || seen.checks_from_another > 0;
    let ours = if is_ours_known_there { 0 } else { for_another_of_ours };
    // An agent that looks at both halves of the user name refuses our checks for what it takes for ours.
    let refusing = if ours > 0 && seen.checks_for_another > 0 { 0 } else { seen.answers_refusing };
    let of_another = seen.checks_from_another.saturating_add(refusing).saturating_add(seen.answers_missigned);
    let theirs = if seen.answers_taken > 0 { 0 } else { of_another };
    let unsigned = if seen.answers_taken > 0 { 0 } else { seen.answers_unsigned };
    let told = [
        (Code::PeerCredentialsOther, theirs),
        (Code::OwnCredentialsOther, ours),
        (Code::PeerAnswersUnsigned, unsigned),
    ];
    told.into_iter().filter(|(_, packets)| *packets >= CredentialMismatch::TELLING_PACKETS).collect()
}

/// What of that kept a call from coming about.
pub(crate) fn fault(call: &Call) -> Option<Code> {
    let is_unheard = matches!(call.broken, None | Some(CallBreak::DtlsSilent { .. }));
    let is_without_a_way = is_unheard && matches!(call.outcome, CallOutcome::Dtls | CallOutcome::NoPair);
    let seen = call.credentials.as_ref().filter(|_| is_without_a_way)?;
    faults(seen).first().map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seen: CredentialMismatch) -> Vec<Code> {
        faults(&seen).into_iter().map(|(code, _)| code).collect()
    }

    const SEEN: CredentialMismatch = CredentialMismatch {
        checks_for_another: 0,
        checks_missigned: 0,
        checks_from_another: 0,
        checks_taken: 0,
        answers_refusing: 0,
        answers_missigned: 0,
        answers_unsigned: 0,
        answers_taken: 0,
    };

    #[test]
    fn the_description_that_does_not_fit_is_the_one_of_whoever_uses_other_credentials() {
        let theirs = vec![Code::PeerCredentialsOther];
        assert_eq!(told(CredentialMismatch { answers_refusing: 9, checks_taken: 9, ..SEEN }), theirs);
        assert_eq!(told(CredentialMismatch { answers_missigned: 9, checks_taken: 9, ..SEEN }), theirs);
        assert_eq!(
            told(CredentialMismatch { answers_refusing: 9, ..SEEN }),
            theirs,
            "of a lite agent there are no checks"
        );
        assert_eq!(told(CredentialMismatch { checks_from_another: 9, answers_refusing: 9, ..SEEN }), theirs);
        let ours = vec![Code::OwnCredentialsOther];
        assert_eq!(told(CredentialMismatch { checks_for_another: 9, answers_taken: 9, ..SEEN }), ours);
        assert_eq!(told(CredentialMismatch { checks_missigned: 9, answers_taken: 9, ..SEEN }), ours);
        assert_eq!(told(CredentialMismatch { checks_for_another: 9, answers_refusing: 9, ..SEEN }), ours);
        let unsigned = CredentialMismatch { answers_unsigned: 9, checks_taken: 9, ..SEEN };
        assert_eq!(told(unsigned), [Code::PeerAnswersUnsigned], "its description is right by its own checks");
        let both = CredentialMismatch { checks_for_another: 9, answers_missigned: 9, ..SEEN };
        assert_eq!(told(both), [Code::PeerCredentialsOther, Code::OwnCredentialsOther]);
    }

    #[test]
    fn what_fits_beside_it_and_a_packet_or_two_say_nothing_of_a_description() {
        for seen in [
            CredentialMismatch { answers_refusing: 9, answers_taken: 1, checks_taken: 1, ..SEEN },
            CredentialMismatch { checks_for_another: 9, checks_taken: 1, ..SEEN },
            CredentialMismatch { answers_refusing: 2, ..SEEN },
            CredentialMismatch { checks_missigned: 2, ..SEEN },
        ] {
            assert_eq!(told(seen.clone()), [], "{seen:?}");
        }
    }
}

//! The bytes of connectivity checks and their answers (RFC 8445 §7.1, §7.2.5, §7.3.1).

use crate::machine::Rng;
use crate::model::Role;
use crate::wire::{Builder, Class, Key, Message, StunMethod, TransactionId, short_term_key};
use std::fmt;
use std::net::SocketAddr;

/// What one end signs its answers with and the other its checks: a user name fragment and a password (RFC 8445 §5.3).
#[derive(Clone)]
pub struct IceCredentials {
    /// The user name fragment, `ice-ufrag`.
    pub ufrag: String,
    /// `ice-pwd`; hidden from `Debug`.
    pub password: String,
    key: Key,
}

impl IceCredentials {
    /// None where no key can be made of the password (RFC 8265 §4.2).
    pub fn new(ufrag: &str, password: &str) -> Option<Self> {
        Some(Self { ufrag: ufrag.to_owned(), password: password.to_owned(), key: short_term_key(password)? })
    }

    /// New ones: RFC 8445 §5.3 asks for 24 and 128 random bits, and there are six in a character.
    pub(super) fn random(rng: &mut Rng) -> Self {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = |length: usize| -> String {
            let character = |_| char::from(ALPHABET[usize::try_from(rng.below(64)).unwrap_or_default() % 64]);
            (0..length).map(character).collect()
        };
        loop {
            let (ufrag, password) = (text(8), text(24));
            if let Some(credentials) = Self::new(&ufrag, &password) {
                return credentials;
            }
        }
    }
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({}, hidden)", self.ufrag)
    }
}

/// The priority of a peer-reflexive candidate that was given none: it is at least 1 (RFC 8445 §5.1.2).
const LEAST_PRIORITY: u32 = 1;

/// What a check says beside who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CheckAttributes {
    /// The priority that a peer-reflexive candidate learnt from this check would have (RFC 8445 §7.1.1).
    pub priority: u32,
    pub role: Role,
    pub tie_breaker: u64,
    pub nominates: bool,
}

/// A Binding request to the peer, signed with its password.
pub(super) fn request(
    id: TransactionId,
    ours: &IceCredentials,
    theirs: &IceCredentials,
    attributes: CheckAttributes,
) -> Vec<u8> {
    let user = format!("{}:{}", theirs.ufrag, ours.ufrag);
    let request = Builder::request(StunMethod::Binding, id).username(user.as_bytes()).priority(attributes.priority);
    let request = match attributes.role {
        Role::Controlling => request.ice_controlling(attributes.tie_breaker),
        Role::Controlled => request.ice_controlled(attributes.tie_breaker),
    };
    let request = if attributes.nominates { request.use_candidate() } else { request };
    request.integrity(&theirs.key).fingerprint().finish()
}

/// The success that shows the sender where its check came from (RFC 8445 §7.3.1.2).
pub(super) fn success(request: &Message, ours: &IceCredentials, from: SocketAddr) -> Vec<u8> {
    Builder::answer(request, Class::Success).xor_mapped(from).integrity(&ours.key).fingerprint().finish()
}

/// The success of an older stack, which says where the check came from as RFC 5780 calls it, or not at all.
#[cfg(test)]
pub(super) fn old_success(request: &Message, ours: &IceCredentials, from: Option<SocketAddr>) -> Vec<u8> {
    let answer = Builder::answer(request, Class::Success);
    let answer = match from {
        Some(from) => answer.mapped(from),
        None => answer,
    };
    answer.integrity(&ours.key).fingerprint().finish()
}

/// An error response. It carries MESSAGE-INTEGRITY only if the request's own was verified.
pub(super) fn refusal(request: &Message, signed_by: Option<&IceCredentials>, code: u16, reason: &str) -> Vec<u8> {
    let answer = Builder::answer(request, Class::Error).error(code, reason);
    let answer = match signed_by {
        Some(ours) => answer.integrity(&ours.key),
        None => answer,
    };
    answer.fingerprint().finish()
}

/// Why a request is no check of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckRejection {
    /// An attribute that a check must have is missing (RFC 8489 §9.1.3): 400.
    Incomplete,
    /// The check is for another session, or for one before a restart: 401.
    ForAnother,
    /// The check is for us by its user name, and not signed with our password: 401.
    Missigned,
    /// The check has comprehension-required attributes that are unknown: 420 with their types.
    Unknown,
}

/// Reads a check addressed to us. The peer's user name fragment behind the colon is not looked at: what is signed with
/// our password comes from whoever was given it, and an answer may overtake the description it belongs to. Stacks that name no
/// priority or no role are taken as browsers take them: with the least priority, and with the role that is `left` to them.
pub(super) fn read(request: &Message, ours: &IceCredentials, left: Role) -> Result<CheckAttributes, CheckRejection> {
    let user = request.username().ok_or(CheckRejection::Incomplete)?;
    let fits = request.integrity_fits(&ours.key).ok_or(CheckRejection::Incomplete)?;
    let own = user.split(|byte| *byte == b':').next().unwrap_or_default();
    if own != ours.ufrag.as_bytes() {
        return Err(CheckRejection::ForAnother);
    }
    if !fits {
        return Err(CheckRejection::Missigned);
    }
    if !request.unknown_required().is_empty() {
        return Err(CheckRejection::Unknown);
    }
    let priority = request.priority().unwrap_or(LEAST_PRIORITY);
    let (role, tie_breaker) = match (request.ice_controlling(), request.ice_controlled()) {
        (Some(tie_breaker), _) => (Role::Controlling, tie_breaker),
        (None, Some(tie_breaker)) => (Role::Controlled, tie_breaker),
        (None, None) => (left, 0),
    };
    Ok(CheckAttributes { priority, role, tie_breaker, nominates: request.use_candidate() })
}

/// Whether the sender of a check calls itself by this fragment (RFC 8445 §7.2.2).
pub(super) fn is_from(request: &Message, theirs: &IceCredentials) -> bool {
    let user = request.username().unwrap_or_default();
    user.splitn(2, |byte| *byte == b':').nth(1) == Some(theirs.ufrag.as_bytes())
}

/// Why an answer is not taken for the peer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MistrustedAnswer {
    /// It says that our check is not authenticated, and is not signed itself.
    Refusing,
    /// It is signed with another password than the peer's description has.
    Missigned,
    /// A success that is not signed at all.
    Unsigned,
}

impl MistrustedAnswer {
    /// Of an answer that is not signed as the peer signs; `is_refusal`: it is an error.
    pub(super) fn of(answer: &Message, theirs: &IceCredentials, is_refusal: bool) -> Self {
        match answer.integrity_fits(&theirs.key) {
            _ if is_refusal => Self::Refusing,
            None => Self::Unsigned,
            Some(_) => Self::Missigned,
        }
    }
}

/// Whether an answer is the peer's: signed with the peer's password (RFC 8489 §9.1.4).
pub(super) fn is_signed(answer: &Message, theirs: &IceCredentials) -> bool {
    answer.integrity_fits(&theirs.key) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(ufrag: &str, password: &str) -> IceCredentials {
        IceCredentials::new(ufrag, password).expect("a key")
    }

    const ATTRIBUTES: CheckAttributes =
        CheckAttributes { priority: 7, role: Role::Controlling, tie_breaker: 9, nominates: true };

    fn message(bytes: &[u8]) -> Message {
        Message::read(bytes).expect("a message")
    }

    #[test]
    fn a_check_is_read_by_whom_it_is_for_and_by_nobody_else() {
        let (ours, theirs) =
            (credentials("ours", "ours-password-of-ours"), credentials("them", "their-password-there"));
        let check = message(&request(TransactionId([1; 12]), &ours, &theirs, ATTRIBUTES));
        assert_eq!(read(&check, &theirs, Role::Controlled), Ok(ATTRIBUTES));
        assert_eq!(check.fingerprint_fits(), Some(true));
        assert_eq!(read(&check, &ours, Role::Controlled), Err(CheckRejection::ForAnother));
        let before_restart = credentials("then", "their-password-there");
        assert_eq!(read(&check, &before_restart, Role::Controlled), Err(CheckRejection::ForAnother));
        let trimmed = credentials("them", "their-password");
        assert_eq!(read(&check, &trimmed, Role::Controlled), Err(CheckRejection::Missigned));
        assert!(is_from(&check, &ours) && !is_from(&check, &theirs));
    }

    #[test]
    fn an_answer_is_the_peers_only_where_its_password_signed_it() {
        let (ours, theirs) =
            (credentials("ours", "ours-password-of-ours"), credentials("them", "their-password-there"));
        let check = message(&request(TransactionId([1; 12]), &ours, &theirs, ATTRIBUTES));
        let from = "192.0.2.1:5000".parse().expect("an address");
        let answer = message(&success(&check, &theirs, from));
        assert_eq!(answer.xor_mapped(), Some(from));
        assert!(is_signed(&answer, &theirs) && !is_signed(&answer, &ours));
        let refused = message(&refusal(&check, None, 401, "Unauthorized"));
        assert!(!is_signed(&refused, &theirs));
    }

    #[test]
    fn a_check_without_its_priority_or_role_has_the_least_and_the_one_that_is_left_to_it() {
        let theirs = credentials("them", "their-password-there");
        let bare = Builder::request(StunMethod::Binding, TransactionId([1; 12])).username(b"them:ours");
        let signed = message(&bare.clone().integrity(&theirs.key).finish());
        for role in [Role::Controlling, Role::Controlled] {
            let taken = CheckAttributes { priority: LEAST_PRIORITY, role, tie_breaker: 0, nominates: false };
            assert_eq!(read(&signed, &theirs, role), Ok(taken));
        }
        assert_eq!(
            read(&message(&bare.finish()), &theirs, Role::Controlled),
            Err(CheckRejection::Incomplete),
            "unsigned"
        );
    }

    #[test]
    fn passwords_do_not_show_in_debug_output() {
        assert!(!format!("{:?}", credentials("ours", "canary-canary-canary-1")).contains("canary"));
    }
}

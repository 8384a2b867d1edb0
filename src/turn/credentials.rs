//! Who we say we are: a user and a password, or a secret shared with the server that makes both.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// What a TURN server is shown. It stands in no record, and is hidden from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A user name and a password (RFC 8489 §9.2).
    LongTerm {
        /// USERNAME, in UTF-8.
        username: String,
        /// The password, of which the key is made; it never leaves this machine.
        password: String,
    },
    /// A secret shared with the server, of which user name and password are made for a day
    /// (draft-uberti-behave-turn-rest-00 §2.2).
    RestSecret {
        /// The secret, coturn's `static-auth-secret`.
        secret: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LongTerm { .. } => "LongTerm(hidden)",
            Self::RestSecret { .. } => "RestSecret(hidden)",
        })
    }
}

/// The user name and the password that the long-term mechanism takes.
pub(super) struct Login {
    pub(super) username: String,
    pub(super) password: String,
}

/// How long credentials made from a secret are good: a day, the draft's own figure. No run lasts that long, and a clock
/// wrong by hours does not spoil it.
const REST_LIFETIME_S: u64 = 86_400;

/// The user name and the password that a server with this secret takes until the second `expires` since 1970. A `user`
/// has no colon in it.
pub fn for_a_while(secret: &[u8], expires: u64, user: &str) -> (String, String) {
    let username = format!("{expires}:{user}");
    let password = rest_password(secret, &username);
    (username, password)
}

/// The password that goes with a user name where the server has this secret.
pub fn rest_password(secret: &[u8], username: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    STANDARD.encode(hmac::sign(&key, username.as_bytes()))
}

impl Credentials {
    /// The secret that is shared with the server, where there is one.
    pub fn secret(&self) -> Option<&str> {
        if let Self::RestSecret { secret } = self { Some(secret) } else { None }
    }

    /// The user name and password to show; those that a secret makes expire a day after `unix_now`, in seconds since
    /// 1970.
    pub(super) fn login(&self, unix_now: u64) -> Login {
        match self {
            Self::LongTerm { username, password } => Login { username: username.clone(), password: password.clone() },
            Self::RestSecret { secret } => {
                let expires = unix_now.saturating_add(REST_LIFETIME_S);
                let (username, password) = for_a_while(secret.as_bytes(), expires, "rtc-doctor");
                Login { username, password }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_makes_a_user_that_expires_in_a_day_and_its_hmac_as_the_password() {
        let login = Credentials::RestSecret { secret: "north".to_owned() }.login(1_700_000_000);
        assert_eq!(login.username, "1700086400:rtc-doctor");
        // printf 1700086400:rtc-doctor | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(login.password, "pC8GU9MZ7vevPHHbF9lwXXoNnAs=");
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let user = Credentials::LongTerm { username: "canary-user".to_owned(), password: "canary-word".to_owned() };
        let secret = Credentials::RestSecret { secret: "canary-secret".to_owned() };
        assert!(!format!("{user:?} {secret:?}").contains("canary"));
    }
}

//! What can be told from a user name and a password without asking anybody? Time-limited ones (draft-uberti-behave-turn-rest)
//! have the time at which they expire in the user name, and the HMAC-SHA1 of the user name as the password, in base64.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// What is seen in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CredentialSign {
    /// They ran out so many seconds ago.
    Expired { ago_s: u64 },
    /// The time is that at which they were made.
    TimeOfMaking,
    /// The time counts milliseconds. coturn keeps its 32 lowest bits, and so takes such a one at some times and refuses it at
    /// others.
    Milliseconds {
        /// Whether coturn takes it now.
        is_taken: bool,
        /// When this changes for those that are made then, in seconds since 1970.
        changes_s: u64,
    },
    /// The time is more than the 31 bits that coturn compares.
    BeyondRange,
    /// There is no time of expiry, where a server that computes such a password looks for one.
    NoExpiry,
    /// The time has a fraction.
    Fraction,
    /// They live for so many seconds from now on, which is less than a longer call.
    ShortLife { left_s: u64 },
    /// They live for so many seconds from now on, which is more than any call needs.
    LongLife { left_s: u64 },
    /// The password is a digest in hexadecimal digits.
    Hexadecimal,
    /// The password is as long as an HMAC-SHA256 in base64.
    Sha256,
    /// The password is base64 with the alphabet of URLs, or without its padding.
    Base64Url,
    /// The password was made of the secret with a line feed behind it, as a file or `echo` has one.
    LineFeedInSecret,
    /// The password was made of what the secret is when it is read as base64.
    SecretDecoded,
    /// The password was not made of this secret.
    OtherSecret,
}

/// One span of a counter of 32 bits.
const SPAN: u64 = 1 << 32;

/// Where a counter of 32 bits becomes negative: coturn (4.6.1) compares times with their sign, and takes those for past.
const NEGATIVE: u64 = 1 << 31;

/// Nine digits are a time since 1973, and what has fewer is some number.
const DIGITS: usize = 9;

/// All signs in them, at a time in seconds since 1970. Where the server's `secret` is in hand, what the password was made of is
/// known and no matter of its look.
pub(super) fn signs(username: &str, credential: &str, secret: Option<&str>, now_s: u64) -> Vec<CredentialSign> {
    let parts = [
        username.split_once(':').map_or(username, |(first, _)| first),
        username.rsplit(':').next().unwrap_or_default(),
    ];
    // A number alone may be anybody's name, of an employee or a telephone; beside a digest it is a time.
    let is_time = username.contains(':') || has_look_of_digest(credential);
    let of_time = parts.into_iter().find_map(|part| sign_of_time(part, now_s)).filter(|_| is_time);
    let Some(of_time) = of_time else {
        let is_computed = match secret {
            Some(secret) => sign_of_making(username, credential, secret) != Some(CredentialSign::OtherSecret),
            None => has_look_of_digest(credential) && has_other_time(username),
        };
        let is_bare = is_computed && !username.split(':').any(|part| digits_before(part) >= DIGITS);
        return is_bare.then_some(CredentialSign::NoExpiry).into_iter().collect();
    };
    let of_password = match secret {
        Some(secret) => sign_of_making(username, credential, secret),
        None => sign_of_look(credential),
    };
    of_time.into_iter().chain(of_password).collect()
}

/// With how many digits a text begins.
fn digits_before(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether a user name holds, beside a name, what somebody took for a time: a life in seconds, a number with its sign, or a date.
fn has_other_time(username: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && digits_before(text) == text.len();
    let is_date = |part: &str| {
        let mut fields = part.split('-');
        fields.next().is_some_and(|year| year.len() == 4 && is_number(year)) && fields.next().is_some_and(is_number)
    };
    let is_other = |part: &str| is_number(part.trim_start_matches(['+', '-'])) || is_date(part);
    username.contains(':') && username.split(':').any(is_other)
}

/// What the password was made of in place of the HMAC-SHA1 of the user name under the secret; None where it is that.
fn sign_of_making(username: &str, credential: &str, secret: &str) -> Option<CredentialSign> {
    let digest = |algorithm, secret: &[u8]| hmac::sign(&hmac::Key::new(algorithm, secret), username.as_bytes());
    let sha1 = |secret: &[u8]| digest(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let is_of = |secret: &[u8]| STANDARD.encode(sha1(secret)) == credential;
    if is_of(secret.as_bytes()) {
        return None;
    }
    let right = sha1(secret.as_bytes());
    let hexadecimal: String = right.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let is_decoded = || STANDARD.decode(secret).is_ok_and(|decoded| is_of(&decoded));
    Some(match credential {
        _ if credential.eq_ignore_ascii_case(&hexadecimal) => CredentialSign::Hexadecimal,
        _ if URL_SAFE_NO_PAD.encode(right) == credential.trim_end_matches('=').replace('+', "-").replace('/', "_") => {
            CredentialSign::Base64Url
        }
        _ if STANDARD.encode(digest(hmac::HMAC_SHA256, secret.as_bytes())) == credential => CredentialSign::Sha256,
        _ if ["\n", "\r\n"].iter().any(|end| is_of(format!("{secret}{end}").as_bytes())) => {
            CredentialSign::LineFeedInSecret
        }
        _ if is_decoded() => CredentialSign::SecretDecoded,
        _ => CredentialSign::OtherSecret,
    })
}

/// What the time tells; None where it is no time at all, an empty answer where it is a good one.
fn sign_of_time(part: &str, now_s: u64) -> Option<Option<CredentialSign>> {
    /// Clocks differ, and a file may be looked at a moment after it was fetched.
    const JUST_NOW_S: u64 = 30;
    /// Some servers check at each Refresh, the first of which comes within ten minutes (RFC 8656 §7.3).
    const SHORT_S: u64 = 600;
    const LONG_S: u64 = 48 * 3600;

    let whole = part.split_once('.').map_or(part, |(whole, _)| whole);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || whole.len() < DIGITS || !part[whole.len()..].chars().skip(1).all(|c| c.is_ascii_digit()) {
        return None;
    }
    if whole.len() < part.len() {
        return Some(Some(CredentialSign::Fraction));
    }
    let Ok(time) = whole.parse::<u64>() else { return Some(Some(CredentialSign::BeyondRange)) };
    let left_s = time.saturating_sub(now_s);
    Some(match time {
        _ if whole.len() == 13 => Some(in_milliseconds(time, now_s)),
        NEGATIVE.. => Some(CredentialSign::BeyondRange),
        _ if time.abs_diff(now_s) <= JUST_NOW_S => Some(CredentialSign::TimeOfMaking),
        _ if time < now_s => Some(CredentialSign::Expired { ago_s: now_s - time }),
        _ if left_s < SHORT_S => Some(CredentialSign::ShortLife { left_s }),
        _ if left_s > LONG_S => Some(CredentialSign::LongLife { left_s }),
        _ => None,
    })
}

fn in_milliseconds(time_ms: u64, now_s: u64) -> CredentialSign {
    let kept = time_ms % SPAN;
    let is_taken = (now_s..NEGATIVE).contains(&kept);
    // A second later the kept number is a thousand larger, and the clock that it is held against is one.
    let until_change_s = match kept {
        _ if is_taken => (NEGATIVE - kept) / 1000,
        NEGATIVE.. => (SPAN - kept + now_s) / 999,
        _ => now_s.saturating_sub(kept) / 999,
    };
    CredentialSign::Milliseconds { is_taken, changes_s: now_s.saturating_add(until_change_s) }
}

/// Whether a password looks like an HMAC, in any form that one is written in.
fn has_look_of_digest(credential: &str) -> bool {
    let is_of = |more: &[u8]| credential.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte));
    let is_right = credential.len() == 28 && credential.ends_with('=') && is_of(b"+/=");
    is_right || sign_of_look(credential).is_some()
}

/// What the look of the password tells beside a user name with a time in it; an HMAC-SHA1 has 20 bytes.
fn sign_of_look(credential: &str) -> Option<CredentialSign> {
    let is_of = |more: &[u8]| credential.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte));
    let is_padded = credential.ends_with('=');
    match credential.len() {
        40 | 64 if credential.bytes().all(|byte| byte.is_ascii_hexdigit()) => Some(CredentialSign::Hexadecimal),
        44 if is_padded && is_of(b"+/=") => Some(CredentialSign::Sha256),
        27 if is_of(b"+/-_") => Some(CredentialSign::Base64Url),
        28 if is_padded && is_of(b"-_=") && credential.contains(['-', '_']) => Some(CredentialSign::Base64Url),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_796_000_000;
    const GOOD: &str = "D2ZqfcLbGCkVmSKt4LpSkQ0mXzE=";

    fn of_name(name: &str) -> Vec<CredentialSign> {
        signs(name, GOOD, None, NOW)
    }

    #[test]
    fn each_wrong_time_has_its_own_name() {
        use CredentialSign::*;
        for (name, expected) in [
            (format!("{}:a", NOW - 60), Expired { ago_s: 60 }),
            (format!("{NOW}:a"), TimeOfMaking),
            (format!("{}:a", NOW - 5), TimeOfMaking),
            ("9999999999:a".to_owned(), BeyondRange),
            ("4102444800:a".to_owned(), BeyondRange),
            ("2147483648:a".to_owned(), BeyondRange),
            ("3600:a".to_owned(), NoExpiry),
            ("86400:bob".to_owned(), NoExpiry),
            (format!("+{}:a", NOW + 3600), NoExpiry),
            ("2026-11-30T22:48:56Z:bob".to_owned(), NoExpiry),
            ("99999999999999999999999:a".to_owned(), BeyondRange),
            (format!("{}.123:a", NOW + 3600), Fraction),
            (format!("{}:a", NOW + 60), ShortLife { left_s: 60 }),
            (format!("{}:a", NOW + 864_000), LongLife { left_s: 864_000 }),
        ] {
            assert_eq!(of_name(&name), [expected], "{name}");
        }
    }

    #[test]
    fn what_servers_take_and_what_has_no_time_in_it_shows_no_sign() {
        let time = NOW + 3600;
        for name in
            [time.to_string(), format!("{time}:a"), format!("a:{time}"), format!("{time}:@u:server"), "alice".into()]
        {
            assert_eq!(of_name(&name), [], "{name}");
        }
        assert_eq!(signs("alice", "0123456789abcdef0123456789abcdef01234567", None, NOW), []);
        for name in [format!("{time}-a"), format!("{time};a"), format!("x:{time}:y"), "a:b".into(), "12345678".into()] {
            assert_eq!(of_name(&name), [], "{name}");
        }
        assert_eq!(signs("3600:a", "any password", None, NOW), [], "some number");
        for name in ["1234567890", "5551234567", "01012345678", "123456789", "1234567890123"] {
            assert_eq!(signs(name, "secret", None, NOW), [], "{name} is who it is, beside a password of anybody's");
            assert_ne!(of_name(name), [], "{name} is a time beside a digest");
        }
        assert_eq!(of_name("ü123456789.x"), []);
    }

    #[test]
    fn each_wrong_form_of_the_password_has_its_own_name() {
        let name = format!("{}:a", NOW + 3600);
        let of = |credential: &str| signs(&name, credential, None, NOW);
        assert_eq!(of("0123456789abcdef0123456789abcdef01234567"), [CredentialSign::Hexadecimal]);
        assert_eq!(of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), [CredentialSign::Sha256]);
        assert_eq!(of("D2ZqfcLbGCkVmSKt4LpSkQ0mXzE"), [CredentialSign::Base64Url]);
        assert_eq!(of("D2Zqfc-bGCkVmSKt4LpSkQ0mXzE="), [CredentialSign::Base64Url]);
        assert_eq!(of("any password"), []);
    }

    #[test]
    fn with_the_secret_it_is_known_what_a_password_was_made_of() {
        // printf 1796003600:a | openssl dgst -sha1 -hmac north -binary | base64
        const NORTH: &str = "SDQ7JvuUNmuhvOt22BquHrDfRww=";
        let of = |credential: &str| signs("1796003600:a", credential, Some("north"), NOW);
        assert_eq!(of(NORTH), []);
        for (credential, sign) in [
            ("44pOKMCqqUFBhuP1BcoJJIkAxho=", CredentialSign::LineFeedInSecret),
            ("GTYnmaOgqX0R4PBuTs35wegfEtI=", CredentialSign::LineFeedInSecret),
            ("48343b26fb94366ba1bceb76d81aae1eb0df470c", CredentialSign::Hexadecimal),
            ("eH9PbzwDGUwAa+7F/SAmwJAYJYB+I7oHwEFJdbRJqaM=", CredentialSign::Sha256),
            ("SDQ7JvuUNmuhvOt22BquHrDfRww", CredentialSign::Base64Url),
            (GOOD, CredentialSign::OtherSecret),
            ("any password", CredentialSign::OtherSecret),
        ] {
            assert_eq!(of(credential), [sign], "{credential}");
        }
        let decoded = signs("1796003600:a", NORTH, Some("bm9ydGg="), NOW);
        assert_eq!(decoded, [CredentialSign::SecretDecoded]);
        assert_eq!(signs("alice", GOOD, Some("north"), NOW), [], "made of something else, so it is none of a secret's");
        // printf alice | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(signs("alice", "LLTmsUcmUdD5Cj6JVODXujT0hi0=", Some("north"), NOW), [CredentialSign::NoExpiry]);
    }

    #[test]
    fn milliseconds_are_taken_and_refused_in_turns_and_the_next_turn_is_known() {
        for kept in [NOW + 5, NOW - 5, 0, NEGATIVE - 1, NEGATIVE, SPAN - 1] {
            let sign = of_name(&format!("{}:a", 418 * SPAN + kept));
            let [CredentialSign::Milliseconds { is_taken, changes_s }] = sign[..] else { panic!("{sign:?}") };
            assert_eq!(is_taken, (NOW..NEGATIVE).contains(&kept), "{kept}");
            let at = |later_s: u64| (NOW + later_s..NEGATIVE).contains(&((kept + later_s * 1000) % SPAN));
            let until = changes_s - NOW;
            assert_ne!(at(until + 1), is_taken, "{kept}: changed in {until} s");
            assert!(until == 0 || at(until - 1) == is_taken, "{kept}: and not before");
        }
    }
}

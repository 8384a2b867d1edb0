//! Who may use TURN: the long-term credential mechanism (RFC 8489 §9.2), and user names with an expiry (the "REST API":
//! `unix_seconds[:user]`, password = base64(HMAC-SHA1(secret, user name))).
//!
//! It uses MD5 keys and MESSAGE-INTEGRITY, which every client supports. Neither PASSWORD-ALGORITHMS nor USERHASH is
//! offered, so the nonce carries no security feature bits (RFC 8489 §9.2.1).

use crate::machine::Instant;
use crate::wire::Message;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use stun_rs::{Algorithm, AlgorithmId, HMACKey};

/// The realm and its users. It holds keys but no passwords, and has no `Debug`.
pub struct Access {
    realm: String,
    users: BTreeMap<String, HMACKey>,
    rest: Option<Rest>,
}

struct Rest {
    secret: hmac::Key,
    /// The wall clock, in seconds since 1970, at the start of the run.
    unix_at_start: u64,
}

/// A realm, user name or password that the long-term mechanism cannot use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a realm and a password are not empty and hold no control characters (RFC 8265 §4.2)")]
pub struct NotUsable;

fn key(realm: &str, user: &str, password: &str) -> Result<HMACKey, NotUsable> {
    HMACKey::new_long_term(user, realm, password, Algorithm::from(AlgorithmId::MD5)).map_err(|_| NotUsable)
}

impl Access {
    /// A realm without users. Fails where the realm has characters that OpaqueString forbids (RFC 8265 §4.2).
    pub fn new(realm: &str) -> Result<Self, NotUsable> {
        key(realm, "user", "password")?;
        Ok(Self { realm: realm.to_owned(), users: BTreeMap::new(), rest: None })
    }

    /// Adds a user. Fails where the password has characters that OpaqueString forbids (RFC 8265 §4.2).
    pub fn with_user(mut self, name: &str, password: &str) -> Result<Self, NotUsable> {
        self.users.insert(name.to_owned(), key(&self.realm, name, password)?);
        Ok(self)
    }

    /// Accepts user names with an expiry under this secret. `unix_at_start` is the wall clock, in seconds since 1970,
    /// at [`Instant::START`], since a machine has no clock of its own.
    #[must_use]
    pub fn with_secret(mut self, secret: &[u8], unix_at_start: u64) -> Self {
        let secret = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
        self.rest = Some(Rest { secret, unix_at_start });
        self
    }

    pub(super) fn realm(&self) -> &str {
        &self.realm
    }

    /// The user that counts for the quota, and the key; None where the user name is unknown or has expired.
    fn known(&self, now: Instant, name: &str) -> Option<(String, HMACKey)> {
        if let Some(key) = self.users.get(name) {
            return Some((name.to_owned(), key.clone()));
        }
        let rest = self.rest.as_ref()?;
        let (expiry, user) = name.split_once(':').unwrap_or((name, name));
        let expiry: u64 = expiry.parse().ok()?;
        if expiry <= rest.unix_at_start.saturating_add(now.since_start().as_secs()) {
            return None;
        }
        let password = BASE64.encode(hmac::sign(&rest.secret, name.as_bytes()));
        Some((user.to_owned(), key(&self.realm, name, &password).ok()?))
    }
}

/// The identity of a request whose credentials are verified.
pub(super) struct Proven {
    /// The USERNAME as received, which has to match that of the allocation (RFC 8656 §5).
    pub(super) name: String,
    /// The user whose quota counts: the name without its expiry.
    pub(super) user: String,
    pub(super) key: HMACKey,
}

/// Why the credentials of a request are not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// Answered by 401 with REALM and NONCE.
    Unauthenticated,
    /// The nonce is too old; answered by 438 with REALM and NONCE.
    Stale,
    /// MESSAGE-INTEGRITY without the attributes that it needs; answered by 400.
    Incomplete,
}

impl Access {
    /// Verifies the credentials of a request, in the order of RFC 8489 §9.2.4.
    pub(super) fn prove(
        &self,
        nonces: &Nonces,
        now: Instant,
        client: SocketAddr,
        request: &Message,
    ) -> Result<Proven, Denied> {
        const MESSAGE_INTEGRITY: u16 = 0x0008;
        const MESSAGE_INTEGRITY_SHA256: u16 = 0x001c;
        if !request.has(MESSAGE_INTEGRITY) && !request.has(MESSAGE_INTEGRITY_SHA256) {
            return Err(Denied::Unauthenticated);
        }
        let (Some(name), Some(_), Some(nonce)) = (request.username(), request.realm(), request.nonce()) else {
            return Err(Denied::Incomplete);
        };
        let name = str::from_utf8(name).map_err(|_| Denied::Unauthenticated)?;
        let (user, key) = self.known(now, name).ok_or(Denied::Unauthenticated)?;
        if request.integrity_fits(&key) != Some(true) {
            return Err(Denied::Unauthenticated);
        }
        if !nonces.is_valid(now, client, nonce) {
            return Err(Denied::Stale);
        }
        Ok(Proven { name: name.to_owned(), user, key })
    }
}

/// Stateless nonces: the last byte of their time, and a tag over the whole time and the client's endpoint, in base64. They
/// have 8 characters, so that a 401 with a short realm is no larger than an unproven source may be sent.
pub(super) struct Nonces(hmac::Key);

impl Nonces {
    /// The unit of a nonce's time. 256 of them are more than a nonce's lifetime.
    const UNIT: Duration = Duration::from_secs(10);
    /// How many units a nonce is good for, as long as an allocation, so that a client gets one 438 for each allocation
    /// lifetime (RFC 8656 §5 suggests an hour at most).
    const UNITS: u64 = 60;
    /// The length of the tag: who guesses it, at one in 2⁴⁰, has gained a nonce and no credentials.
    const TAG_BYTES: usize = 5;

    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    fn units(now: Instant) -> u64 {
        now.since_start().as_secs() / Self::UNIT.as_secs()
    }

    pub(super) fn fresh(&self, now: Instant, client: SocketAddr) -> String {
        self.at(Self::units(now), client)
    }

    pub(super) fn is_valid(&self, now: Instant, client: SocketAddr, nonce: &[u8]) -> bool {
        let Some(last_byte) = BASE64.decode(nonce).ok().and_then(|bytes| bytes.first().copied()) else { return false };
        let units = Self::units(now);
        let age = u64::from((units as u8).wrapping_sub(last_byte));
        let Some(made) = units.checked_sub(age).filter(|_| age < Self::UNITS) else { return false };
        let mine = self.at(made, client);
        aws_lc_rs::constant_time::verify_slices_are_equal(mine.as_bytes(), nonce).is_ok()
    }

    fn at(&self, units: u64, client: SocketAddr) -> String {
        let ip = match client.ip() {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        };
        let mut tag = hmac::Context::with_key(&self.0);
        tag.update(&units.to_be_bytes());
        tag.update(&ip.octets());
        tag.update(&client.port().to_be_bytes());
        let tag = tag.sign();
        let tag = tag.as_ref().iter().take(Self::TAG_BYTES).copied();
        BASE64.encode([units as u8].into_iter().chain(tag).collect::<Vec<u8>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::after_start(Duration::from_secs(seconds))
    }

    fn client() -> SocketAddr {
        "192.0.2.9:40000".parse().expect("an address")
    }

    #[test]
    fn a_nonce_is_good_for_one_endpoint_and_ten_minutes() {
        let nonces = Nonces::new([7; 32]);
        let nonce = nonces.fresh(at(10), client());
        assert_eq!(nonce.len(), 8);
        assert!(nonces.is_valid(at(609), client(), nonce.as_bytes()));
        assert!(!nonces.is_valid(at(610), client(), nonce.as_bytes()));
        let other = SocketAddr::new(client().ip(), 40001);
        assert!(!nonces.is_valid(at(10), other, nonce.as_bytes()));
        assert!(!Nonces::new([8; 32]).is_valid(at(10), client(), nonce.as_bytes()));
    }

    #[test]
    fn a_nonce_of_whose_time_the_last_byte_comes_again_is_stale() {
        let nonces = Nonces::new([7; 32]);
        for made in [0, 30, 2555] {
            let nonce = nonces.fresh(at(made), client());
            assert!(nonces.is_valid(at(made + 9), client(), nonce.as_bytes()));
            assert!(!nonces.is_valid(at(made + 2560), client(), nonce.as_bytes()), "made after {made} s");
        }
    }

    #[test]
    fn no_hostile_nonce_is_valid() {
        let nonces = Nonces::new([7; 32]);
        let nonce = nonces.fresh(at(0), client());
        for hostile in ["", "A", "AAAAAAAA", "////////", "========", "é00000é", &nonce[..7]] {
            assert!(!nonces.is_valid(at(0), client(), hostile.as_bytes()), "{hostile}");
        }
        assert!(!nonces.is_valid(at(0), client(), format!("{nonce}A").as_bytes()));
    }

    #[test]
    fn a_rest_user_name_is_known_until_its_second() {
        let access = Access::new("lab.example").expect("usable").with_secret(b"secret", 1_000_000);
        for (name, second, user) in [
            ("1000010:alice", 9, Some("alice")),
            ("1000010:alice", 10, None),
            ("1000010", 9, Some("1000010")),
            ("1000010:a:b", 0, Some("a:b")),
            ("alice", 0, None),
            ("-1:alice", 0, None),
            ("99999999999999999999:alice", 0, None),
            ("", 0, None),
        ] {
            let known = access.known(at(second), name).map(|(user, _)| user);
            assert_eq!(known.as_deref(), user, "{name} at {second} s");
        }
    }

    #[test]
    fn a_realm_or_password_that_cannot_be_keyed_is_the_callers_mistake() {
        assert!(Access::new("").is_err());
        assert!(Access::new("lab.example").expect("usable").with_user("alice", "").is_err());
    }
}

//! The long-term credential mechanism, after the server's challenge (RFC 8489 §9.2).
//!
//! It gives the integrity that a request carries and checks that of an answer. When to try again is the allocation's
//! matter.

use super::credentials::Login;
use super::event::Error;
use crate::model::{Anomaly, Malformed};
use crate::wire::{Builder, Message};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stun_rs::{Algorithm, AlgorithmId, HMACKey};

/// RFC 8489 §14.9 and §14.10: fewer than 128 characters, which can be as long as 763 bytes.
const LONGEST_TEXT_BYTES: usize = 763;

/// The attribute type of USERHASH (RFC 8489 §14.4).
const USERHASH: u16 = 0x001e;

/// A server's challenge and our answer to it.
pub(super) struct AuthSession {
    name: Name,
    /// Realm, nonce and offer go back as they came, to the byte.
    realm: Vec<u8>,
    nonce: Vec<u8>,
    offer: Option<Vec<u8>>,
    algorithm: PasswordAlgorithm,
    key: HMACKey,
}

enum Name {
    Plain(String),
    /// RFC 8489 §14.4, where the server asks not to see names on the wire.
    Hashed(Vec<u8>),
}

/// RFC 8489 §18.5.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PasswordAlgorithm {
    Md5 = 1,
    Sha256 = 2,
}

impl AuthSession {
    /// Reads a challenge of a 401 or 438. `realm` stands in where the message names none.
    pub(super) fn begin(challenge: &Message, realm: Option<&[u8]>, login: Option<&Login>) -> Result<Self, Error> {
        // An empty one is as good as none: no user is of it.
        let named = challenge.realm().filter(|realm| !realm.is_empty());
        let realm = named.or(realm).ok_or_else(|| malformed(Malformed::NoRealm))?;
        let nonce = challenge.nonce().ok_or_else(|| malformed(Malformed::NoNonce))?;
        if nonce.len() > LONGEST_TEXT_BYTES {
            return Err(malformed(Malformed::LongNonce { bytes: nonce.len(), most: LONGEST_TEXT_BYTES }));
        }
        if realm.len() > LONGEST_TEXT_BYTES {
            return Err(malformed(Malformed::LongRealm { bytes: realm.len(), most: LONGEST_TEXT_BYTES }));
        }
        let features = Features::of(nonce);
        let algorithm = match challenge.password_algorithms() {
            None if features.password_algorithms => return Err(Error::BidDown),
            None => PasswordAlgorithm::Md5,
            Some(offered) if offered.contains(&(PasswordAlgorithm::Sha256 as u16)) => PasswordAlgorithm::Sha256,
            Some(offered) if offered.contains(&(PasswordAlgorithm::Md5 as u16)) => PasswordAlgorithm::Md5,
            Some(_) => return Err(malformed(Malformed::NoAlgorithm)),
        };
        let login = login.ok_or(Error::NoCredentials)?;
        let key = key(login, realm, algorithm)?;
        let name = if features.username_anonymity { hash(login, realm) } else { Name::Plain(login.username.clone()) };
        let offer = challenge.password_algorithms_raw().map(<[u8]>::to_vec);
        Ok(Self { name, realm: realm.to_vec(), nonce: nonce.to_vec(), offer, algorithm, key })
    }

    pub(super) fn realm(&self) -> &[u8] {
        &self.realm
    }

    /// The request with our user name, the server's realm and nonce, and MESSAGE-INTEGRITY (RFC 8489 §9.2.3).
    pub(super) fn seal(&self, request: Builder) -> Builder {
        let request = match &self.name {
            Name::Plain(name) => request.username(name.as_bytes()),
            Name::Hashed(hash) => request.raw(USERHASH, hash),
        };
        let request = request.realm(&self.realm).nonce(&self.nonce);
        match &self.offer {
            // An offer taken up is sealed with SHA-256 only, whatever the password's algorithm.
            Some(offer) => {
                request.password_algorithms(offer).password_algorithm(self.algorithm as u16).integrity_sha256(&self.key)
            }
            None => request.integrity(&self.key),
        }
    }

    /// Whether an answer's integrity fits; None where it carries none.
    pub(super) fn fits(&self, answer: &Message) -> Option<bool> {
        answer.integrity_fits(&self.key)
    }
}

fn key(login: &Login, realm: &[u8], algorithm: PasswordAlgorithm) -> Result<HMACKey, Error> {
    let id = match algorithm {
        PasswordAlgorithm::Md5 => AlgorithmId::MD5,
        PasswordAlgorithm::Sha256 => AlgorithmId::SHA256,
    };
    let make = |realm| HMACKey::new_long_term(&login.username, realm, &login.password, Algorithm::from(id));
    let realm = std::str::from_utf8(realm).map_err(|_| malformed(Malformed::RealmNotText))?;
    make(realm).map_err(|_| match make("example.org") {
        Ok(_) => malformed(Malformed::RealmNotAllowed),
        Err(_) => Error::NoCredentials,
    })
}

fn hash(login: &Login, realm: &[u8]) -> Name {
    let mut text = login.username.clone().into_bytes();
    text.push(b':');
    text.extend_from_slice(realm);
    Name::Hashed(digest::digest(&digest::SHA256, &text).as_ref().to_vec())
}

pub(super) fn malformed(problem: Malformed) -> Error {
    Error::Anomalous(Anomaly::Malformed { problem })
}

/// The STUN Security Features that a nonce announces (RFC 8489 §9.2, §18.1).
#[derive(Default)]
struct Features {
    password_algorithms: bool,
    username_anonymity: bool,
}

impl Features {
    /// Read from bytes: `stun-rs` panics on a nonce whose 13th byte is inside a character.
    fn of(nonce: &[u8]) -> Self {
        let set =
            nonce.strip_prefix(b"obMatJos2").and_then(|rest| rest.get(..4)).and_then(|set| STANDARD.decode(set).ok());
        // Bit 0 is the leftmost of the 24 in RFC 8656 §20 and the rightmost in RFC 8489 B.1, and servers follow either;
        // no other feature is assigned, so both are read.
        let Some([first, _, last]) = set.as_deref() else { return Self::default() };
        Self {
            password_algorithms: first & 0x80 != 0 || last & 0x01 != 0,
            username_anonymity: first & 0x40 != 0 || last & 0x02 != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_announces_its_features_only_with_the_whole_cookie() {
        let bits = |nonce: &[u8]| {
            let features = Features::of(nonce);
            (features.password_algorithms, features.username_anonymity)
        };
        assert_eq!(bits(b"obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"), (false, true));
        assert_eq!(bits(b"obMatJos2gAAAadl7W7PeDU4hKE72jda"), (true, false));
        assert_eq!(bits(b"obMatJos2AAABxyz"), (true, false));
        assert_eq!(bits(b"obMatJos2AAAAxyz"), (false, false));
        assert_eq!(bits(b"obMatJos2AAADxyz"), (true, true));
        assert_eq!(bits(b"obMatJos2AAA"), (false, false));
        assert_eq!(bits(b"obmatjos2AAADxyz"), (false, false));
        assert_eq!(bits("obMatJos2AAA\u{e9}".as_bytes()), (false, false));
    }

    #[test]
    fn a_hashed_name_is_that_of_rfc_8489_b_1() {
        let login = Login { username: "マトリックス".to_owned(), password: String::new() };
        let Name::Hashed(hash) = hash(&login, b"example.org") else { panic!("not hashed") };
        assert_eq!(hash[..4], [0x4a, 0x3c, 0xf3, 0x8f]);
    }
}

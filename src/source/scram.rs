//! How does a user prove a password to an XMPP server without saying it? SCRAM (RFC 5802, RFC 7677), without channel binding.

use super::message::Secret;
use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::num::NonZeroU32;

/// Servers of the field ask for 4,096 to 100,000 rounds; what asks for more only wants this machine's time.
const ROUNDS_MAX: u32 = 1_000_000;

/// The header of a client that binds to no channel (RFC 5802 §7), and the same in base64.
const HEADER: (&str, &str) = ("n,,", "biws");

/// A mechanism of this family, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScramMechanism {
    Sha256,
    Sha1,
}

impl ScramMechanism {
    pub(super) const ALL: [Self; 2] = [Self::Sha256, Self::Sha1];

    /// As servers name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SCRAM-SHA-256",
            Self::Sha1 => "SCRAM-SHA-1",
        }
    }

    fn hmac(self, key: &[u8], text: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        };
        hmac::sign(&hmac::Key::new(algorithm, key), text).as_ref().to_vec()
    }

    fn hash(self, text: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        };
        digest::digest(algorithm, text).as_ref().to_vec()
    }

    fn salted(self, password: &str, salt: &[u8], rounds: NonZeroU32) -> Vec<u8> {
        let (algorithm, length) = match self {
            Self::Sha256 => (pbkdf2::PBKDF2_HMAC_SHA256, 32),
            Self::Sha1 => (pbkdf2::PBKDF2_HMAC_SHA1, 20),
        };
        let mut salted = vec![0; length];
        pbkdf2::derive(algorithm, rounds, salt, password.as_bytes(), &mut salted);
        salted
    }
}

/// One user who proves a password.
pub(super) struct Scram {
    mechanism: ScramMechanism,
    password: Secret,
    nonce: String,
    /// The first message without its header.
    first: String,
    /// What the server has to show that it knows the password too.
    expected: Option<Vec<u8>>,
}

impl Scram {
    /// `nonce`: what nobody foresees, without commas.
    pub(super) fn new(mechanism: ScramMechanism, user: &str, password: Secret, nonce: String) -> Self {
        let name = user.replace('=', "=3D").replace(',', "=2C");
        Self { mechanism, password, first: format!("n={name},r={nonce}"), nonce, expected: None }
    }

    /// What is said first.
    pub(super) fn first(&self) -> String {
        format!("{}{}", HEADER.0, self.first)
    }

    /// The proof that answers a challenge; None where that is none, or one that nobody needs to answer.
    pub(super) fn answer(&mut self, challenge: &str) -> Option<String> {
        let part = |name: &str| challenge.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let nonce = part("r").filter(|nonce| nonce.starts_with(&self.nonce) && *nonce != self.nonce)?;
        let salt = BASE64_STANDARD.decode(part("s")?).ok()?;
        let rounds: NonZeroU32 = part("i")?.parse().ok().filter(|rounds: &NonZeroU32| rounds.get() <= ROUNDS_MAX)?;
        let (mechanism, last) = (self.mechanism, format!("c={},r={nonce}", HEADER.1));
        let signed = format!("{},{challenge},{last}", self.first);
        let salted = mechanism.salted(self.password.reveal(), &salt, rounds);
        let client_key = mechanism.hmac(&salted, b"Client Key");
        let signature = mechanism.hmac(&mechanism.hash(&client_key), signed.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, signature)| key ^ signature).collect();
        let server_key = mechanism.hmac(&salted, b"Server Key");
        self.expected = Some(mechanism.hmac(&server_key, signed.as_bytes()));
        Some(format!("{last},p={}", BASE64_STANDARD.encode(proof)))
    }

    /// Whether the server has shown that it knows the password too.
    pub(super) fn is_proved(&self, success: &str) -> bool {
        let shown = success.strip_prefix("v=").and_then(|shown| BASE64_STANDARD.decode(shown).ok());
        shown.is_some() && shown == self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_both_specifications_come_out() {
        for (mechanism, nonce, challenge, last, success) in [
            // RFC 5802 §5.
            (
                ScramMechanism::Sha1,
                "fyko+d2lbbFgONRv9qkxdawL",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
            ),
            // RFC 7677 §3.
            (
                ScramMechanism::Sha256,
                "rOprNGfwEbeRWgbNEkqO",
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
            ),
        ] {
            let mut scram = Scram::new(mechanism, "user", Secret::new("pencil"), nonce.to_owned());
            assert_eq!(scram.first(), format!("n,,n=user,r={nonce}"));
            assert!(!scram.is_proved(success), "before it was asked");
            assert_eq!(scram.answer(challenge).as_deref(), Some(last));
            assert!(scram.is_proved(success) && !scram.is_proved("v=AAAA") && !scram.is_proved("e=other-error"));
        }
    }

    #[test]
    fn what_is_no_challenge_is_not_answered() {
        let scram = || Scram::new(ScramMechanism::Sha1, "a=b,c", Secret::new("p"), "x".to_owned());
        assert_eq!(scram().first(), "n,,n=a=3Db=2Cc,r=x");
        for challenge in [
            "",
            "r=x,s=QQ==,i=1",
            "r=y1,s=QQ==,i=1",
            "r=xy,s=QQ==,i=0",
            "r=xy,s=QQ==,i=4294967295",
            "r=xy,s=?,i=1",
            "r=xy,i=1",
        ] {
            assert_eq!(scram().answer(challenge), None, "{challenge}");
        }
    }
}

//! The lines that bind DTLS to a description: `fingerprint` (RFC 8122 §5) and `setup` (RFC 4145 §4, RFC 8842 §5).

use crate::model::{FingerprintError, Quoted};
use std::fmt;

/// A hash function that may stand in a fingerprint. MD2 and MD5 must not be used (RFC 8122 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// 160 bits; deprecated, and still in use.
    Sha1,
    /// 224 bits.
    Sha224,
    /// 256 bits; what browsers use.
    Sha256,
    /// 384 bits.
    Sha384,
    /// 512 bits.
    Sha512,
}

impl Hash {
    const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name that RFC 8122 §5 gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha-1",
            Self::Sha224 => "sha-224",
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// The length of a digest, in bytes.
    pub fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The fingerprint of the certificate that an end will show in DTLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The hash function.
    pub hash: Hash,
    /// The digest, with the length that the hash function has.
    pub digest: Vec<u8>,
}

impl Fingerprint {
    /// Parses an attribute value such as `sha-256 4A:AD:…`. A space at its end spoils it, as it does for browsers.
    pub fn parse(text: &str) -> Result<Self, FingerprintError> {
        let (name, digits) = text.trim_start().split_once(' ').unwrap_or((text, ""));
        let hash = Hash::ALL.into_iter().find(|hash| name.eq_ignore_ascii_case(hash.name()));
        let hash = hash.ok_or_else(|| FingerprintError::Hash { name: Quoted::new(name) })?;
        let byte = |digits: &str| {
            let is_byte = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_byte.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
        };
        let digest =
            digits.trim_start().split(':').map(byte).collect::<Option<Vec<u8>>>().ok_or(FingerprintError::Digits)?;
        if digest.len() != hash.bytes() {
            let (hash, expected) = (hash.name().to_owned(), hash.bytes());
            return Err(FingerprintError::Length { hash, expected, found: digest.len() });
        }
        Ok(Self { hash, digest })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hash.name())?;
        for (place, byte) in self.digest.iter().enumerate() {
            write!(f, "{}{byte:02X}", if place == 0 { ' ' } else { ':' })?;
        }
        Ok(())
    }
}

/// Which end starts the DTLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Starts the handshake.
    Active,
    /// Waits for the other end to start it.
    Passive,
    /// Leaves the choice to the answerer; what an offer has.
    Actpass,
    /// Does not want a connection for now.
    Holdconn,
}

impl Setup {
    const ALL: [Self; 4] = [Self::Active, Self::Passive, Self::Actpass, Self::Holdconn];

    /// The value in SDP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Actpass => "actpass",
            Self::Holdconn => "holdconn",
        }
    }

    /// From its value in SDP, in small letters or capitals, as browsers read it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setup| word.eq_ignore_ascii_case(setup.word()))
    }
}

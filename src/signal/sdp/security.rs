//! The lines that bind DTLS to a description: `fingerprint` (RFC 8122 §5) and `setup` (RFC 4145 §4, RFC 8842 §5).

use crate::model::Text;
use std::fmt;

/// A hash function that may stand in a fingerprint. MD2 and MD5 must not be used (RFC 8122 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha-1",
            Self::Sha224 => "sha-224",
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

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

/// Of the certificate that the other end will show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub hash: Hash,
    /// As many as the hash has.
    pub digest: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FingerprintError {
    #[error("{:?} is no hash function that may be used", .0.as_str())]
    Hash(Text),
    #[error("{hash} has {expected} bytes; there are {found}")]
    Length { hash: &'static str, expected: usize, found: usize },
    #[error("it is not two hexadecimal digits a byte, with colons between")]
    Digits,
}

impl Fingerprint {
    /// Reads `sha-256 4A:AD:…`.
    pub fn parse(text: &str) -> Result<Self, FingerprintError> {
        let (name, digits) = text.trim().split_once(' ').unwrap_or((text, ""));
        let hash = Hash::ALL.into_iter().find(|hash| name.eq_ignore_ascii_case(hash.name()));
        let hash = hash.ok_or_else(|| FingerprintError::Hash(Text::new(name)))?;
        let byte = |digits: &str| {
            let is_byte = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_byte.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
        };
        let digest = digits.trim().split(':').map(byte).collect::<Option<Vec<u8>>>().ok_or(FingerprintError::Digits)?;
        if digest.len() != hash.bytes() {
            let (hash, expected) = (hash.name(), hash.bytes());
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

/// Who begins the DTLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    Active,
    Passive,
    Actpass,
    Holdconn,
}

impl Setup {
    const ALL: [Self; 4] = [Self::Active, Self::Passive, Self::Actpass, Self::Holdconn];

    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Actpass => "actpass",
            Self::Holdconn => "holdconn",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setup| word == setup.word())
    }
}

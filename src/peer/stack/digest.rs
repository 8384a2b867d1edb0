//! Fingerprints by any hash function of RFC 8122 §5, though str0m computes SHA-256 and SHA-1 alone.
//!
//! str0m asks its provider of SHA-1 for nothing but the fingerprint of a certificate whose announced one is by SHA-1. So a
//! fingerprint by another function is handed to it as one by SHA-1 of the digest's first 160 bits, and the provider computes
//! those: as many bits as SHA-1 has, of a better function.

use crate::signal::sdp::{Fingerprint, Hash};
use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA224, SHA256, SHA384, SHA512, digest};
use std::cell::Cell;
use std::fmt::Write;
use str0m::config::CryptoProvider;
use str0m::crypto::{Sha1Provider, from_feature_flags};

/// The bytes of a SHA-1.
const SHA1_BYTES: usize = 20;

thread_local! {
    /// The function that the provider stands for while str0m runs: it is one for all stacks, and str0m is called and returns
    /// on one thread.
    static STANDS_FOR: Cell<Hash> = const { Cell::new(Hash::Sha1) };
}

/// The provider of SHA-1 that stands for other functions.
#[derive(Debug)]
struct Digests;

impl Sha1Provider for Digests {
    fn sha1(&self, data: &[u8]) -> [u8; SHA1_BYTES] {
        let whole = digest(algorithm(STANDS_FOR.get()), data);
        let mut first = [0; SHA1_BYTES];
        first.iter_mut().zip(whole.as_ref()).for_each(|(byte, whole)| *byte = *whole);
        first
    }
}

fn algorithm(hash: Hash) -> &'static Algorithm {
    match hash {
        Hash::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha224 => &SHA224,
        Hash::Sha256 => &SHA256,
        Hash::Sha384 => &SHA384,
        Hash::Sha512 => &SHA512,
    }
}

/// What str0m computes with.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { sha1_provider: &Digests, ..from_feature_flags() }
}

/// From now on certificates are held to a fingerprint by this function; to be said before each call of str0m.
pub(super) fn stand_for(hash: Hash) {
    STANDS_FOR.set(hash);
}

/// A description whose fingerprints str0m can use, and the function that its provider has to stand for. One by SHA-256 is
/// preferred where there are several, as str0m does.
pub(super) fn usable(sdp: &str) -> (String, Hash) {
    let read = |line: &str| line.strip_prefix("a=fingerprint:").and_then(|value| Fingerprint::parse(value).ok());
    let hashes: Vec<Hash> = sdp.lines().filter_map(read).map(|fingerprint| fingerprint.hash).collect();
    let hash = if hashes.contains(&Hash::Sha256) { None } else { hashes.first().copied() };
    let Some(hash) = hash else { return (sdp.to_owned(), Hash::Sha1) };
    let mut usable = String::with_capacity(sdp.len());
    for line in sdp.lines() {
        match read(line) {
            Some(fingerprint) if fingerprint.hash == hash => usable.push_str(&as_sha1(&fingerprint)),
            None if !line.starts_with("a=fingerprint:") => usable.push_str(line),
            Some(_) | None => continue,
        }
        usable.push_str("\r\n");
    }
    (usable, hash)
}

fn as_sha1(fingerprint: &Fingerprint) -> String {
    let mut line = "a=fingerprint:sha-1".to_owned();
    for (place, byte) in fingerprint.digest.iter().take(SHA1_BYTES).enumerate() {
        // Writing to a String does not fail.
        let _ = write!(line, "{}{byte:02X}", if place == 0 { ' ' } else { ':' });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_by_a_longer_function_becomes_one_that_str0m_compares() {
        let by_384 = Fingerprint { hash: Hash::Sha384, digest: (0..48).collect() };
        let sdp = format!("v=0\r\na=fingerprint:{by_384}\r\na=setup:active\r\n");
        let (changed, hash) = usable(&sdp);
        assert_eq!(hash, Hash::Sha384);
        let first = "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13";
        assert_eq!(changed, format!("v=0\r\na=fingerprint:sha-1 {first}\r\na=setup:active\r\n"));
    }

    #[test]
    fn where_there_is_one_by_sha_256_nothing_is_changed() {
        let (by_256, by_512) = (vec![1; 32], vec![2; 64]);
        let by_256 = Fingerprint { hash: Hash::Sha256, digest: by_256 };
        let by_512 = Fingerprint { hash: Hash::Sha512, digest: by_512 };
        let sdp = format!("v=0\r\na=fingerprint:{by_512}\r\na=fingerprint:{by_256}\r\n");
        assert_eq!(usable(&sdp), (sdp.clone(), Hash::Sha1));
    }

    #[test]
    fn the_provider_computes_the_function_that_it_stands_for() {
        stand_for(Hash::Sha1);
        assert_eq!(Digests.sha1(b"abc")[..4], [0xa9, 0x99, 0x3e, 0x36]);
        stand_for(Hash::Sha512);
        assert_eq!(Digests.sha1(b"abc")[..4], [0xdd, 0xaf, 0x35, 0xa1]);
    }
}

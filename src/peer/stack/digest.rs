//! Fingerprints by any hash function of RFC 8122 §5, and several of them, though str0m takes one, by SHA-256 or SHA-1.
//!
//! An end may announce several certificates, and shows one of them (RFC 8122 §5). str0m asks its provider of SHA-1 for nothing
//! but the fingerprint of a certificate whose announced one is by SHA-1. So it is shown the first 160 bits of one digest as
//! such a fingerprint, and the provider, which knows all of them, answers with these where the certificate has any.

use crate::signal::sdp::{Fingerprint, Hash};
use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA224, SHA256, SHA384, SHA512, digest};
use std::cell::RefCell;
use std::fmt::Write;
use std::sync::Arc;
use str0m::config::CryptoProvider;
use str0m::crypto::{Sha1Provider, from_feature_flags};

/// The bytes of a SHA-1.
const SHA1_BYTES: usize = 20;

/// The certificates that the other end has announced: what each line has, by whatever function. The first stands for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnnouncedCertificates(Vec<Fingerprint>);

thread_local! {
    /// What the provider knows while str0m runs: it is one for all stacks, and str0m is called and returns on one thread.
    static ANNOUNCED: RefCell<Option<Arc<AnnouncedCertificates>>> = const { RefCell::new(None) };
}

/// The provider of SHA-1 that stands for other functions.
#[derive(Debug)]
struct Digests;

impl Sha1Provider for Digests {
    fn sha1(&self, data: &[u8]) -> [u8; SHA1_BYTES] {
        ANNOUNCED.with_borrow(|announced| match announced {
            Some(announced) => announced.stand_in(data),
            None => first_bytes(digest(algorithm(Hash::Sha1), data).as_ref()),
        })
    }
}

impl AnnouncedCertificates {
    /// Those of the section that is secured, else of the session, else of any other. Of several functions any may be the one
    /// that fits, as in browsers (RFC 8122 §5 leaves the choice to who checks).
    fn read(sdp: &str) -> Option<Self> {
        let mut levels = vec![SdpLevel { is_in_use: false, fingerprints: Vec::new() }];
        for line in sdp.lines() {
            if line.starts_with("m=") {
                let is_in_use = line.split(' ').nth(1) != Some("0");
                levels.push(SdpLevel { is_in_use, fingerprints: Vec::new() });
            } else if let (Some(fingerprint), Some(level)) = (fingerprint(line), levels.last_mut()) {
                level.fingerprints.push(fingerprint);
            }
        }
        let secured = levels.iter().find(|level| level.is_in_use);
        let mut in_order = secured.into_iter().chain(&levels);
        let fingerprints = &in_order.find(|level| !level.fingerprints.is_empty())?.fingerprints;
        Some(Self(fingerprints.clone()))
    }

    /// Whether one certificate at least may be that of both: a description that names fewer functions than one before speaks of
    /// no other.
    pub(super) fn shares_one_with(&self, other: &Self) -> bool {
        self.0.iter().any(|fingerprint| other.0.contains(fingerprint))
    }

    /// What is shown in the place of a certificate's SHA-1: of one that was announced what its line has, and of any other, be
    /// it alike in all that is shown, never that.
    fn stand_in(&self, certificate: &[u8]) -> [u8; SHA1_BYTES] {
        let fits =
            |announced: &Fingerprint| digest(algorithm(announced.hash), certificate).as_ref() == announced.digest;
        if self.0.iter().any(fits) { self.shown() } else { self.shown().map(|byte| !byte) }
    }

    fn shown(&self) -> [u8; SHA1_BYTES] {
        first_bytes(self.0.first().map(|first| first.digest.as_slice()).unwrap_or_default())
    }

    /// The one line that str0m sees of them.
    fn line(&self) -> String {
        let mut line = "a=fingerprint:sha-1".to_owned();
        for (place, byte) in self.shown().into_iter().enumerate() {
            // Writing to a String does not fail.
            let _ = write!(line, "{}{byte:02X}", if place == 0 { ' ' } else { ':' });
        }
        line
    }
}

/// The session, or a media section, of a description.
struct SdpLevel {
    /// It is a section that is not refused.
    is_in_use: bool,
    fingerprints: Vec<Fingerprint>,
}

fn first_bytes(digest: &[u8]) -> [u8; SHA1_BYTES] {
    let mut first = [0; SHA1_BYTES];
    first.iter_mut().zip(digest).for_each(|(byte, whole)| *byte = *whole);
    first
}

const FINGERPRINT: &str = "a=fingerprint:";

fn fingerprint(line: &str) -> Option<Fingerprint> {
    line.strip_prefix(FINGERPRINT).and_then(|value| Fingerprint::parse(value).ok())
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

/// From now on certificates are held to these; to be said before each call of str0m.
pub(super) fn hold_to(announced: Option<&Arc<AnnouncedCertificates>>) {
    ANNOUNCED.set(announced.cloned());
}

/// A description whose fingerprints str0m can use, and what its provider has to know.
pub(super) fn usable(sdp: &str) -> (String, Option<Arc<AnnouncedCertificates>>) {
    let announced = AnnouncedCertificates::read(sdp);
    let mut stand_in = announced.as_ref().map(AnnouncedCertificates::line);
    let mut usable = String::with_capacity(sdp.len());
    let mut push = |line: &str| {
        usable.push_str(line);
        usable.push_str("\r\n");
    };
    for line in sdp.lines().filter(|line| !line.starts_with(FINGERPRINT)) {
        if line.starts_with("m=") {
            stand_in.take().into_iter().for_each(|stand_in| push(&stand_in));
        }
        push(line);
    }
    (usable, announced.map(Arc::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announce(hash: Hash, data: &[u8]) -> String {
        let digest = digest(algorithm(hash), data).as_ref().to_vec();
        format!("{FINGERPRINT}{}\r\n", Fingerprint { hash, digest })
    }

    /// Whether str0m takes a certificate of this content by that description.
    fn takes(sdp: &str, certificate: &[u8]) -> bool {
        let (shown, announced) = usable(sdp);
        hold_to(announced.as_ref());
        let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with(FINGERPRINT)).collect();
        let [line] = lines[..] else { panic!("{shown}") };
        fingerprint(line).expect("one that can be read").digest == Digests.sha1(certificate)
    }

    #[test]
    fn a_certificate_is_taken_whose_fingerprint_is_any_of_those_announced_by_one_function() {
        for hash in [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let lines = [announce(hash, b"first"), announce(hash, b"second")];
            for fingerprints in [lines.concat(), [lines[1].as_str(), &lines[0]].concat()] {
                for sdp in
                    [format!("v=0\r\n{fingerprints}m=x 9 X y\r\n"), format!("v=0\r\nm=x 9 X y\r\n{fingerprints}")]
                {
                    assert!(takes(&sdp, b"first") && takes(&sdp, b"second") && !takes(&sdp, b"third"), "{sdp}");
                }
            }
        }
    }

    #[test]
    fn a_certificate_is_held_to_every_bit_of_its_fingerprint() {
        let line = announce(Hash::Sha256, b"certificate");
        let digits = line.trim_end().rsplit(':').next().expect("digits");
        let other = line.replace(&format!(":{digits}\r\n"), if digits == "00" { ":01\r\n" } else { ":00\r\n" });
        assert!(!takes(&format!("v=0\r\n{other}m=x 9 X y\r\n"), b"certificate"));
    }

    #[test]
    fn of_several_functions_any_may_have_the_fingerprint_that_fits() {
        for pair in [[Hash::Sha512, Hash::Sha256], [Hash::Sha256, Hash::Sha512], [Hash::Sha256, Hash::Sha1]] {
            let lines = [announce(pair[0], b"first"), announce(pair[1], b"second")];
            let sdp = format!("v=0\r\n{}m=x 9 X y\r\n", lines.concat());
            assert!(takes(&sdp, b"first") && takes(&sdp, b"second") && !takes(&sdp, b"third"), "{sdp}");
        }
    }

    #[test]
    fn the_section_that_is_secured_counts_before_the_session_and_what_is_refused_before_none() {
        let [session, refused, used] = [&b"session"[..], b"refused", b"used"].map(|data| announce(Hash::Sha256, data));
        let sdp = format!("v=0\r\n{session}m=x 0 X y\r\n{refused}m=x 9 X y\r\n{used}");
        assert!(takes(&sdp, b"used") && !takes(&sdp, b"session") && !takes(&sdp, b"refused"));
        assert!(takes(&sdp.replace(&used, ""), b"session"));
    }

    #[test]
    fn without_a_fingerprint_nothing_is_put_in_and_sha_1_is_what_it_is() {
        let (shown, announced) = usable("v=0\r\nm=x 9 X y\r\n");
        assert_eq!((shown.as_str(), announced.as_ref()), ("v=0\r\nm=x 9 X y\r\n", None));
        hold_to(None);
        assert_eq!(Digests.sha1(b"abc")[..4], [0xa9, 0x99, 0x3e, 0x36]);
    }
}

//! MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT over raw bytes (RFC 8489 §14.5 to §14.7).
//!
//! They are computed over the bytes as received, not over a decoded message, so that they can be checked even where the
//! value of some attribute does not decode.

use super::attribute::{kind, split};
use super::header::HEADER_BYTES;
use aws_lc_rs::hmac;
use crc::{CRC_32_ISO_HDLC, Crc};
use stun_rs::HMACKey;

const CRC32: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
/// RFC 8489 §14.7: keeps a CRC-32 that another protocol on the same port carries from matching.
const FINGERPRINT_XOR: u32 = 0x5354_554e;

/// What the checksum in the attribute at `at` (an offset into the body) covers: the message up to that attribute, with
/// the length field set as if the message ended with that attribute, whose value has `len` bytes.
fn covered(bytes: &[u8], at: usize, len: usize) -> Option<Vec<u8>> {
    let mut covered = bytes.get(..HEADER_BYTES + at)?.to_vec();
    let length = u16::try_from(at + 4 + len).ok()?;
    covered.get_mut(2..4)?.copy_from_slice(&length.to_be_bytes());
    Some(covered)
}

fn find(bytes: &[u8], wanted: u16) -> Option<(usize, &[u8])> {
    let (at, _, value) = split(bytes.get(HEADER_BYTES..)?).find(|(_, kind, _)| *kind == wanted)?;
    Some((at, value?))
}

pub(super) fn sign_sha1(bytes: &[u8], key: &HMACKey) -> Option<Vec<u8>> {
    let covered = covered(bytes, bytes.len().checked_sub(HEADER_BYTES)?, 20)?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    Some(hmac::sign(&key, &covered).as_ref().to_vec())
}

pub(super) fn sign_sha256(bytes: &[u8], key: &HMACKey) -> Option<Vec<u8>> {
    let covered = covered(bytes, bytes.len().checked_sub(HEADER_BYTES)?, 32)?;
    Some(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), &covered).as_ref().to_vec())
}

pub(super) fn fingerprint(bytes: &[u8]) -> Option<u32> {
    let covered = covered(bytes, bytes.len().checked_sub(HEADER_BYTES)?, 4)?;
    Some(CRC32.checksum(&covered) ^ FINGERPRINT_XOR)
}

pub(super) fn check(bytes: &[u8], key: &HMACKey) -> Option<bool> {
    if let Some((at, tag)) = find(bytes, kind::MESSAGE_INTEGRITY) {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
        return Some(covered(bytes, at, tag.len()).is_some_and(|covered| hmac::verify(&key, &covered, tag).is_ok()));
    }
    let (at, tag) = find(bytes, kind::MESSAGE_INTEGRITY_SHA256)?;
    // RFC 8489 §14.6 allows truncation to no less than 16 bytes, in steps of 4.
    if tag.len() < 16 || tag.len() > 32 || tag.len() % 4 != 0 {
        return Some(false);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let whole = hmac::sign(&key, &covered(bytes, at, tag.len())?);
    let mine = whole.as_ref().get(..tag.len())?;
    Some(aws_lc_rs::constant_time::verify_slices_are_equal(mine, tag).is_ok())
}

pub(super) fn check_fingerprint(bytes: &[u8]) -> Option<bool> {
    let (at, value) = find(bytes, kind::FINGERPRINT)?;
    let crc = CRC32.checksum(&covered(bytes, at, 4)?) ^ FINGERPRINT_XOR;
    Some(value == crc.to_be_bytes())
}

//! What of a message may be kept and shown to others: no nonce, no proof of a password, no user, no payload.
//!
//! What may stay is named; whatever else there is, known or unknown, becomes zeros in place, so that the message keeps
//! its length and its framing.

use super::attribute::{kind, split};
use super::message::HEADER;
use super::{Packet, read};

/// Attributes whose values are addresses, numbers, or words that a report shows too.
fn is_public(kind: u16) -> bool {
    /// Comprehension-required without a value of their own, or with one that tells nothing.
    const EVEN_PORT: u16 = 0x0018;
    const DONT_FRAGMENT: u16 = 0x001a;
    const PRIORITY: u16 = 0x0024;
    matches!(
        kind,
        kind::MAPPED_ADDRESS
            | kind::CHANGE_REQUEST
            | kind::SOURCE_ADDRESS
            | kind::CHANGED_ADDRESS
            | kind::ERROR_CODE
            | kind::UNKNOWN_ATTRIBUTES
            | kind::CHANNEL_NUMBER
            | kind::LIFETIME
            | kind::XOR_PEER_ADDRESS
            | kind::REALM
            | kind::XOR_RELAYED_ADDRESS
            | kind::REQUESTED_ADDRESS_FAMILY
            | kind::REQUESTED_TRANSPORT
            | kind::PASSWORD_ALGORITHM
            | kind::XOR_MAPPED_ADDRESS
            | kind::RESPONSE_PORT
            | kind::PASSWORD_ALGORITHMS
            | kind::XOR_MAPPED_ADDRESS_EARLY
            | kind::SOFTWARE
            | kind::ALTERNATE_SERVER
            | kind::RESPONSE_ORIGIN
            | kind::OTHER_ADDRESS
            | EVEN_PORT
            | DONT_FRAGMENT
            | PRIORITY
    )
}

/// The message or ChannelData with zeros for what is not to be shown, and how many bytes that were. None for what does
/// not parse: nobody knows what it holds.
///
/// A FINGERPRINT stays where nothing was blanked, and goes where it would no longer fit.
pub fn shown(packet: &[u8]) -> Option<(Vec<u8>, usize)> {
    match read(packet).ok()? {
        Packet::Channel(_) => Some((with_zeros(packet, 4), packet.len() - 4)),
        Packet::Stun(_) => message(packet),
    }
}

fn message(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let body = bytes.get(HEADER..)?;
    let mut shown = with_zeros(bytes, HEADER);
    let mut blanked = 0;
    let mut fingerprint = None;
    for (at, kind, value) in split(body) {
        let (start, value) = (HEADER + at, value?);
        let (head, end) = (start..start + 4, start + 4 + value.len());
        copy(&mut shown, bytes, head);
        if kind == kind::FINGERPRINT {
            fingerprint = Some(start + 4..end);
        } else if is_public(kind) {
            copy(&mut shown, bytes, start + 4..end);
        } else if value.iter().any(|byte| *byte != 0) {
            blanked += value.len();
        }
        // Padding may hold what a server's memory happened to hold.
        let padding = bytes.get(end..end.next_multiple_of(4)).unwrap_or_default();
        blanked += padding.iter().filter(|byte| **byte != 0).count();
    }
    if let Some(place) = fingerprint {
        if blanked == 0 {
            copy(&mut shown, bytes, place);
        } else {
            blanked += place.len();
        }
    }
    Some((shown, blanked))
}

/// The first bytes as they are, zeros for the others.
fn with_zeros(bytes: &[u8], head: usize) -> Vec<u8> {
    let mut zeros = vec![0; bytes.len()];
    copy(&mut zeros, bytes, 0..head);
    zeros
}

fn copy(to: &mut [u8], from: &[u8], place: std::ops::Range<usize>) {
    if let (Some(to), Some(from)) = (to.get_mut(place.clone()), from.get(place)) {
        to.copy_from_slice(from);
    }
}

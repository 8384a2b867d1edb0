//! What of a message may be kept and shown to others: no nonce, no proof of a password, no user, no payload.
//!
//! The attributes that may stay are listed; every other one, known or unknown, is overwritten with zeros in place, so
//! that the message keeps its length and its framing.

use super::attribute::{kind, split};
use super::header::HEADER_BYTES;
use super::{Datagram, read};

/// Whether the value of this attribute type is an address, a number or a text that a report shows too.
fn is_public(kind: u16) -> bool {
    /// These two have no value of their own, or one that gives nothing away.
    const EVEN_PORT: u16 = 0x0018;
    const DONT_FRAGMENT: u16 = 0x001a;
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
            | kind::PRIORITY
    )
}

/// A copy of a STUN message or of ChannelData with zeros for everything that may be secret, and how many bytes these are.
/// None for what does not parse, because nobody knows what it holds.
///
/// A FINGERPRINT is kept where nothing was blanked, and blanked where it would no longer be correct.
pub fn sanitized(packet: &[u8]) -> Option<(Vec<u8>, usize)> {
    match read(packet).ok()? {
        Datagram::Channel(_) => Some((with_zeros(packet, 4), packet.len() - 4)),
        Datagram::Stun(_) => message(packet),
    }
}

fn message(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let body = bytes.get(HEADER_BYTES..)?;
    let mut sanitized = with_zeros(bytes, HEADER_BYTES);
    let mut blanked = 0;
    let mut fingerprint = None;
    for (at, kind, value) in split(body) {
        let (start, value) = (HEADER_BYTES + at, value?);
        let (head, end) = (start..start + 4, start + 4 + value.len());
        copy(&mut sanitized, bytes, head);
        if kind == kind::FINGERPRINT {
            fingerprint = Some(start + 4..end);
        } else if is_public(kind) {
            copy(&mut sanitized, bytes, start + 4..end);
        } else if value.iter().any(|byte| *byte != 0) {
            blanked += value.len();
        }
        // Padding may hold uninitialised memory of the server.
        let padding = bytes.get(end..end.next_multiple_of(4)).unwrap_or_default();
        blanked += padding.iter().filter(|byte| **byte != 0).count();
    }
    if let Some(place) = fingerprint {
        if blanked == 0 {
            copy(&mut sanitized, bytes, place);
        } else {
            blanked += place.len();
        }
    }
    Some((sanitized, blanked))
}

/// A copy of the first `head` bytes, followed by zeros.
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

#[cfg(test)]
mod tests {
    use super::sanitized;
    use crate::wire::attribute::kind;
    use crate::wire::{Builder, Class, Message, StunMethod, TransactionId, channel_data};
    use proptest::prelude::*;

    const ID: TransactionId = TransactionId([7; 12]);

    fn binding_success() -> Builder {
        Builder::new(StunMethod::Binding, Class::Success, ID)
            .xor_mapped("203.0.113.7:40000".parse().expect("an address"))
            .software("test")
    }

    fn has(haystack: &[u8], needle: &[u8]) -> bool {
        haystack.windows(needle.len()).any(|window| window == needle)
    }

    #[test]
    fn what_holds_no_secret_stays_as_it_is_with_its_fingerprint() {
        let message = binding_success().fingerprint().finish();
        assert_eq!(sanitized(&message), Some((message, 0)));
    }

    #[test]
    fn secrets_become_zeros_and_take_the_fingerprint_with_them() {
        let password = b"PASSWORD of RFC 3489";
        let secrets = [
            (kind::USERNAME, &b"alice:1700000000"[..]),
            (kind::NONCE, b"obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"),
            (kind::MESSAGE_INTEGRITY, &[0xa5; 20]),
            (kind::MESSAGE_INTEGRITY_SHA256, &[0x5a; 32]),
            (kind::DATA, b"what a peer said"),
            (0x001e, &[0xc3; 32]),
            (0x0007, password),
            (0x8030, b"MOBILITY-TICKET"),
            (0xbeef, b"nobody knows"),
        ];
        for (kind, value) in secrets {
            let message = binding_success().raw(kind, value).fingerprint().finish();
            let (sanitized, blanked) = sanitized(&message).expect("parses");
            assert!(has(&message, value) && !has(&sanitized, value), "{kind:#06x}");
            assert_eq!((sanitized.len(), blanked), (message.len(), value.len() + 4), "{kind:#06x}");
            let read = Message::read(&sanitized).expect("keeps its framing");
            assert!(read.has(kind) && read.software().is_some() && read.xor_mapped().is_some());
            assert_eq!(read.fingerprint_fits(), Some(false));
        }
    }

    #[test]
    fn what_stands_behind_the_seal_and_in_padding_is_looked_at_too() {
        let sealed = binding_success().raw(kind::MESSAGE_INTEGRITY, &[1; 20]);
        let message = sealed.raw(kind::NONCE, b"behind the seal").finish();
        assert!(!has(&sanitized(&message).expect("parses").0, b"behind"));
        let mut message = binding_success().raw(kind::SOFTWARE, b"x").finish();
        let end = message.len();
        message[end - 3..].copy_from_slice(b"pad");
        let (sanitized, blanked) = sanitized(&message).expect("parses");
        assert_eq!((has(&sanitized, b"pad"), blanked), (false, 3));
    }

    #[test]
    fn of_channel_data_the_header_is_kept() {
        let message = channel_data(0x4000, b"payload", true).expect("fits");
        assert_eq!(sanitized(&message), Some(([&[0x40, 0, 0, 7][..], &[0; 8]].concat(), 8)));
    }

    #[test]
    fn what_does_not_parse_is_not_shown() {
        let message = binding_success().raw(kind::NONCE, b"a nonce").finish();
        for cut in 0..message.len() {
            assert_eq!(sanitized(&message[..cut]), None, "cut at {cut}");
        }
        assert_eq!(sanitized(b"HTTP/1.1 401 Unauthorized\r\n"), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_keeps_its_length_or_is_withheld(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some((sanitized, blanked)) = sanitized(&bytes) {
                prop_assert_eq!(sanitized.len(), bytes.len());
                prop_assert!(blanked <= bytes.len());
            }
        }
    }
}

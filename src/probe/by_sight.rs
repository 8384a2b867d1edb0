//! What does a datagram of each class look like, to a firewall that knows protocols by sight? (RFC 7983 §7)
//!
//! Nobody is meant to answer them: they go between our own socket and a relay, or end at a router on the way.

use crate::machine::Rng;
use crate::model::DatagramClass;
use crate::wire::{Builder, StunMethod, TransactionId, client_hello, long_client_hello, short_term_key};

/// The largest media packets of WebRTC stacks: what does not carry them carries no video, and no DTLS certificate.
pub(super) const LARGE_BYTES: u32 = 1200;

/// The priority that a check names: of a peer-reflexive candidate (RFC 8445 §5.1.2.1).
const PRIORITY: u32 = 0x6eff_ffff;

/// A small datagram of this class, and another one each time.
pub(super) fn datagram(class: DatagramClass, rng: &mut Rng) -> Vec<u8> {
    let id = TransactionId(rng.bytes());
    match class {
        DatagramClass::Stun => Builder::request(StunMethod::Binding, id).finish(),
        DatagramClass::Dtls => client_hello(rng.bytes()),
        DatagramClass::Check => check(id, rng),
        // RFC 7983 §7: no protocol begins with 192 to 255.
        DatagramClass::Unassigned => beginning_with(0xc0, rng.bytes()),
    }
}

/// Bytes that begin as RTP does: version 2 (RFC 3550 §5.1).
pub(super) fn like_rtp(rng: &mut Rng) -> Vec<u8> {
    beginning_with(0x80, rng.bytes())
}

/// A ClientHello that is as large as a packet of video.
pub(super) fn large_client_hello(rng: &mut Rng) -> Vec<u8> {
    long_client_hello(rng.bytes(), LARGE_BYTES as usize)
}

/// The two highest bits of the first byte tell the protocol.
fn beginning_with(bits: u8, mut bytes: [u8; 16]) -> Vec<u8> {
    if let Some(first) = bytes.first_mut() {
        *first = bits | (*first & 0x3f);
    }
    bytes.to_vec()
}

/// A check as a controlled agent sends it (RFC 8445 §7.1), under names that nobody has.
fn check(id: TransactionId, rng: &mut Rng) -> Vec<u8> {
    let request = Builder::request(StunMethod::Binding, id).username(b"path:test").priority(PRIORITY);
    let request = request.ice_controlled(u64::from_be_bytes(rng.bytes()));
    match short_term_key("rtc-doctor asks the path") {
        Some(key) => request.integrity(&key).fingerprint().finish(),
        None => request.fingerprint().finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Datagram, read};

    #[test]
    fn each_begins_as_its_protocol_does_and_none_is_sent_twice() {
        let mut rng = Rng::numbered(3);
        for (class, range) in [
            (DatagramClass::Stun, 0..=3),
            (DatagramClass::Check, 0..=3),
            (DatagramClass::Dtls, 20..=63),
            (DatagramClass::Unassigned, 192..=255),
        ] {
            for _ in 0..50 {
                let (one, other) = (datagram(class, &mut rng), datagram(class, &mut rng));
                assert!(range.contains(&one[0]), "{class:?}: {}", one[0]);
                assert_ne!(one, other);
            }
        }
        assert!((0..50).all(|_| (128..=191).contains(&like_rtp(&mut rng)[0])));
    }

    #[test]
    fn a_check_says_what_checks_say() {
        let data = datagram(DatagramClass::Check, &mut Rng::numbered(3));
        let Ok(Datagram::Stun(check)) = read(&data) else { panic!("{data:?}") };
        assert_eq!((check.username(), check.priority()), (Some(&b"path:test"[..]), Some(PRIORITY)));
        assert!(check.ice_controlled().is_some());
    }
}

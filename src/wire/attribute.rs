//! Attributes: split from an untrusted message, and their values decoded by `stun-rs` one at a time.

use super::header::TransactionId;
use super::header::{COOKIE, HEADER_BYTES};
use crate::model::Malformed;
use std::net::SocketAddr;
use stun_rs::{MessageDecoder, StunAttribute, StunMessage};

/// Attribute types (RFC 8489 §18.3, RFC 8656 §18, RFC 5780 §9.1, RFC 8445 §20.2).
pub(super) mod kind {
    pub(crate) const MAPPED_ADDRESS: u16 = 0x0001;
    pub(crate) const CHANGE_REQUEST: u16 = 0x0003;
    /// This and CHANGED-ADDRESS are from RFC 3489 and withdrawn; servers of that age still send them.
    pub(crate) const SOURCE_ADDRESS: u16 = 0x0004;
    pub(crate) const CHANGED_ADDRESS: u16 = 0x0005;
    pub(crate) const USERNAME: u16 = 0x0006;
    pub(crate) const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub(crate) const ERROR_CODE: u16 = 0x0009;
    pub(crate) const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
    pub(crate) const CHANNEL_NUMBER: u16 = 0x000c;
    pub(crate) const LIFETIME: u16 = 0x000d;
    pub(crate) const XOR_PEER_ADDRESS: u16 = 0x0012;
    pub(crate) const DATA: u16 = 0x0013;
    pub(crate) const REALM: u16 = 0x0014;
    pub(crate) const NONCE: u16 = 0x0015;
    pub(crate) const XOR_RELAYED_ADDRESS: u16 = 0x0016;
    pub(crate) const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;
    pub(crate) const REQUESTED_TRANSPORT: u16 = 0x0019;
    pub(crate) const MESSAGE_INTEGRITY_SHA256: u16 = 0x001c;
    pub(crate) const PASSWORD_ALGORITHM: u16 = 0x001d;
    pub(crate) const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    pub(crate) const PRIORITY: u16 = 0x0024;
    pub(crate) const USE_CANDIDATE: u16 = 0x0025;
    pub(crate) const PADDING: u16 = 0x0026;
    pub(crate) const RESPONSE_PORT: u16 = 0x0027;
    pub(crate) const PASSWORD_ALGORITHMS: u16 = 0x8002;
    pub(crate) const XOR_MAPPED_ADDRESS_EARLY: u16 = 0x8020;
    pub(crate) const SOFTWARE: u16 = 0x8022;
    pub(crate) const ALTERNATE_SERVER: u16 = 0x8023;
    pub(crate) const FINGERPRINT: u16 = 0x8028;
    pub(crate) const ICE_CONTROLLED: u16 = 0x8029;
    pub(crate) const ICE_CONTROLLING: u16 = 0x802a;
    pub(crate) const RESPONSE_ORIGIN: u16 = 0x802b;
    pub(crate) const OTHER_ADDRESS: u16 = 0x802c;
    /// Of our own servers and clients alone: comprehension-optional and assigned to nobody (RFC 8489 §18.3).
    pub(crate) const ECHO: u16 = 0xff45;

    pub(crate) const EVEN_PORT: u16 = 0x0018;

    /// Whether this tool reads the comprehension-required attribute, or knows that it may ignore it.
    pub(crate) fn is_known(kind: u16) -> bool {
        const USERHASH: u16 = 0x001e;
        const DONT_FRAGMENT: u16 = 0x001a;
        const RESERVATION_TOKEN: u16 = 0x0022;
        matches!(
            kind,
            MAPPED_ADDRESS
                | CHANGE_REQUEST
                | SOURCE_ADDRESS
                | CHANGED_ADDRESS
                | USERNAME
                | MESSAGE_INTEGRITY
                | ERROR_CODE
                | UNKNOWN_ATTRIBUTES
                | CHANNEL_NUMBER
                | LIFETIME
                | XOR_PEER_ADDRESS
                | DATA
                | REALM
                | NONCE
                | XOR_RELAYED_ADDRESS
                | REQUESTED_ADDRESS_FAMILY
                | EVEN_PORT
                | REQUESTED_TRANSPORT
                | DONT_FRAGMENT
                | MESSAGE_INTEGRITY_SHA256
                | PASSWORD_ALGORITHM
                | USERHASH
                | XOR_MAPPED_ADDRESS
                | RESERVATION_TOKEN
                | PRIORITY
                | USE_CANDIDATE
                | PADDING
                | RESPONSE_PORT
        )
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawAttribute {
    pub(super) kind: u16,
    pub(super) value: Vec<u8>,
}

/// Splits a message's body. Behind MESSAGE-INTEGRITY only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count, and behind
/// FINGERPRINT nothing does (RFC 8489 §14.5 to §14.7).
pub(super) fn walk(body: &[u8]) -> Result<Vec<RawAttribute>, Malformed> {
    let mut attributes = Vec::new();
    let (mut sealed, mut ended) = (false, false);
    for (at, kind, value) in split(body) {
        let value = value.ok_or(Malformed::Overrun { kind, at: at + HEADER_BYTES })?;
        let counts = match kind {
            _ if ended => false,
            kind::FINGERPRINT | kind::MESSAGE_INTEGRITY_SHA256 => true,
            _ => !sealed,
        };
        sealed |= matches!(kind, kind::MESSAGE_INTEGRITY | kind::MESSAGE_INTEGRITY_SHA256);
        ended |= kind == kind::FINGERPRINT;
        if counts {
            attributes.push(RawAttribute { kind, value: value.to_vec() });
        }
    }
    Ok(attributes)
}

/// The offset, type and value of each attribute in order. A value that runs past the end is None and the last item.
pub(super) fn split(body: &[u8]) -> impl Iterator<Item = (usize, u16, Option<&[u8]>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = body.get(at..)?;
        let (head, rest) = rest.split_at_checked(4)?;
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let len = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let here = at;
        let value = rest.get(..len);
        at = if value.is_some() { at + 4 + len.next_multiple_of(4) } else { body.len() };
        Some((here, kind, value))
    })
}

/// Whether some attribute's padding has a byte other than zero. RFC 8489 §14 allows that, but it is a sign of a server
/// that sends uninitialised memory.
pub(super) fn has_dirty_padding(body: &[u8]) -> bool {
    split(body).any(|(at, _, value)| {
        let end = at + 4 + value.map_or(0, <[u8]>::len);
        body.get(end..end.next_multiple_of(4)).is_some_and(|padding| padding.iter().any(|byte| *byte != 0))
    })
}

/// Decodes one value with `stun-rs` as the only attribute of a message, so that a bad attribute cannot spoil another.
fn decode(kind: u16, value: &[u8], id: TransactionId) -> Option<StunMessage> {
    let length = u16::try_from(value.len()).ok()?;
    let padded = value.len().next_multiple_of(4);
    let mut bytes = Vec::with_capacity(HEADER_BYTES + 4 + padded);
    bytes.extend_from_slice(&[0x01, 0x01]);
    bytes.extend_from_slice(&u16::try_from(padded + 4).ok()?.to_be_bytes());
    bytes.extend_from_slice(&COOKIE);
    bytes.extend_from_slice(&id.0);
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(value);
    bytes.resize(HEADER_BYTES + 4 + padded, 0);
    MessageDecoder::default().decode(&bytes).ok().map(|(message, _)| message)
}

pub(super) fn address(kind: u16, value: &[u8], id: TransactionId) -> Option<SocketAddr> {
    // Only the two lengths of an address attribute are accepted: others would be guesswork.
    if value.len() != 8 && value.len() != 20 {
        return None;
    }
    let message = decode(kind, value, id)?;
    Some(match message.attributes().first()? {
        StunAttribute::MappedAddress(a) => *a.socket_address(),
        StunAttribute::XorMappedAddress(a) => *a.socket_address(),
        StunAttribute::OtherAddress(a) => *a.socket_address(),
        StunAttribute::ResponseOrigin(a) => *a.socket_address(),
        StunAttribute::AlternateServer(a) => *a.socket_address(),
        StunAttribute::XorRelayedAddress(a) => *a.socket_address(),
        StunAttribute::XorPeerAddress(a) => *a.socket_address(),
        _ => return None,
    })
}

pub(super) fn number32(value: &[u8]) -> Option<u32> {
    <[u8; 4]>::try_from(value).ok().map(u32::from_be_bytes)
}

/// A 16-bit number, alone or followed by two reserved bytes.
pub(super) fn number16(value: &[u8]) -> Option<u16> {
    match value {
        [high, low] | [high, low, _, _] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

/// The algorithm numbers of PASSWORD-ALGORITHM(S), without their parameters; 16 at most.
pub(super) fn algorithms(value: &[u8]) -> Vec<u16> {
    split(value).filter_map(|(_, algorithm, parameters)| parameters.map(|_| algorithm)).take(16).collect()
}

/// Whether the value has the format of its type. Texts and opaque bytes always do.
pub(super) fn is_sound(raw: &RawAttribute, id: TransactionId) -> bool {
    match raw.kind {
        kind::MAPPED_ADDRESS
        | kind::XOR_MAPPED_ADDRESS
        | kind::OTHER_ADDRESS
        | kind::RESPONSE_ORIGIN
        | kind::ALTERNATE_SERVER
        | kind::XOR_RELAYED_ADDRESS
        | kind::XOR_PEER_ADDRESS => address(raw.kind, &raw.value, id).is_some(),
        kind::ERROR_CODE => raw.value.len() >= 4,
        kind::LIFETIME
        | kind::CHANGE_REQUEST
        | kind::REQUESTED_TRANSPORT
        | kind::REQUESTED_ADDRESS_FAMILY
        | kind::FINGERPRINT => raw.value.len() == 4,
        kind::CHANNEL_NUMBER | kind::RESPONSE_PORT => number16(&raw.value).is_some(),
        kind::MESSAGE_INTEGRITY => raw.value.len() == 20,
        _ => true,
    }
}

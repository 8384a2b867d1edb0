//! A received STUN message, whose attributes are decoded one by one (RFC 8489 §5, §14).

use super::attribute::{self, RawAttribute, kind};
use super::header::{COOKIE, Class, HEADER_BYTES, StunMethod, TransactionId};
use super::integrity;
use crate::model::{Malformed, Text};
use std::fmt;
use std::net::SocketAddr;
use stun_rs::HMACKey;

/// The value of ERROR-CODE (RFC 8489 §14.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// Class × 100 + number, from 0 to 799: also what the RFC does not allow is kept as the server wrote it.
    pub code: u16,
    /// The reason phrase, bounded and cleaned for display.
    pub reason: Text,
}

/// A message with valid framing. Values are decoded on demand: an attribute whose value does not decode counts as
/// absent, and [`Message::faulty`] names it.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// What the message is about.
    pub method: StunMethod,
    /// Request, indication or response.
    pub class: Class,
    /// The transaction id.
    pub id: TransactionId,
    /// False for a message in the format of RFC 3489, whose transaction id has 128 bits.
    pub has_cookie: bool,
    /// In the order of the message, without those behind MESSAGE-INTEGRITY that RFC 8489 §14.5 says to ignore.
    attributes: Vec<RawAttribute>,
    bytes: Vec<u8>,
}

impl fmt::Debug for Message {
    /// Shows the attribute types without their values, which may be nonces and user names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<_> = self.attributes.iter().map(|raw| format!("{:#06x}", raw.kind)).collect();
        write!(f, "{:?} {:?} {:?} [{}]", self.method, self.class, self.id, kinds.join(" "))
    }
}

impl Message {
    /// Decodes one whole datagram or frame. Fails where the framing is invalid; a bad attribute value is no failure.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
            return Err(Malformed::Short { bytes: bytes.len() });
        };
        let kind = u16::from_be_bytes([header[0], header[1]]);
        if kind & 0xc000 != 0 {
            return Err(Malformed::FirstBits);
        }
        let said = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if said != body.len() {
            return Err(Malformed::Length { said, there: body.len() });
        }
        if said % 4 != 0 {
            return Err(Malformed::Unaligned { length: said });
        }
        let mut id = [0; 12];
        id.copy_from_slice(&header[8..]);
        let class = match kind & 0x0110 {
            0x0000 => Class::Request,
            0x0010 => Class::Indication,
            0x0100 => Class::Success,
            _ => Class::Error,
        };
        let method = (kind & 0x000f) | ((kind & 0x00e0) >> 1) | ((kind & 0x3e00) >> 2);
        Ok(Self {
            method: StunMethod::from_number(method),
            class,
            id: TransactionId(id),
            has_cookie: header[4..8] == COOKIE,
            attributes: attribute::walk(body)?,
            bytes: bytes.to_vec(),
        })
    }

    /// The value of the first attribute of this type; later ones are ignored (RFC 8489 §14).
    fn raw(&self, kind: u16) -> Option<&[u8]> {
        self.attributes.iter().find(|raw| raw.kind == kind).map(|raw| raw.value.as_slice())
    }

    fn address(&self, kind: u16) -> Option<SocketAddr> {
        attribute::address(kind, self.raw(kind)?, self.id).filter(|address| address.port() != 0)
    }

    /// XOR-MAPPED-ADDRESS, also under the type 0x8020 that early servers used.
    pub fn xor_mapped(&self) -> Option<SocketAddr> {
        self.address(kind::XOR_MAPPED_ADDRESS).or_else(|| {
            let early = self.raw(kind::XOR_MAPPED_ADDRESS_EARLY)?;
            attribute::address(kind::XOR_MAPPED_ADDRESS, early, self.id)
        })
    }

    /// MAPPED-ADDRESS (RFC 8489 §14.1).
    pub fn mapped(&self) -> Option<SocketAddr> {
        self.address(kind::MAPPED_ADDRESS)
    }

    /// OTHER-ADDRESS (RFC 5780 §7.4), or its predecessor CHANGED-ADDRESS (RFC 3489 §11.2.3).
    pub fn other_address(&self) -> Option<SocketAddr> {
        self.address(kind::OTHER_ADDRESS).or_else(|| {
            let changed = self.raw(kind::CHANGED_ADDRESS)?;
            attribute::address(kind::MAPPED_ADDRESS, changed, self.id)
        })
    }

    /// RESPONSE-ORIGIN: the endpoint that the response was sent from (RFC 5780 §7.3).
    pub fn response_origin(&self) -> Option<SocketAddr> {
        self.address(kind::RESPONSE_ORIGIN)
    }

    /// ALTERNATE-SERVER: where a 300 response redirects to (RFC 8489 §14.15).
    pub fn alternate_server(&self) -> Option<SocketAddr> {
        self.address(kind::ALTERNATE_SERVER)
    }

    /// XOR-RELAYED-ADDRESS: the relayed transport address (RFC 8656 §18.5).
    pub fn xor_relayed(&self) -> Option<SocketAddr> {
        self.address(kind::XOR_RELAYED_ADDRESS)
    }

    /// The first XOR-PEER-ADDRESS (RFC 8656 §18.3).
    pub fn xor_peer(&self) -> Option<SocketAddr> {
        self.xor_peers().next()
    }

    /// Every XOR-PEER-ADDRESS: a CreatePermission request may have several, and its ports may be 0 (RFC 8656 §9.1).
    pub fn xor_peers(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.attributes
            .iter()
            .filter(|raw| raw.kind == kind::XOR_PEER_ADDRESS)
            .filter_map(|raw| attribute::address(raw.kind, &raw.value, self.id))
    }

    /// ERROR-CODE (RFC 8489 §14.8).
    pub fn error(&self) -> Option<ErrorCode> {
        let value = self.raw(kind::ERROR_CODE)?;
        let (head, reason) = value.split_at_checked(4)?;
        let code = u16::from(head[2] & 7) * 100 + u16::from(head[3].min(99));
        Some(ErrorCode { code, reason: Text::from_wire(reason) })
    }

    /// SOFTWARE, bounded and cleaned for display (RFC 8489 §14.14).
    pub fn software(&self) -> Option<Text> {
        self.raw(kind::SOFTWARE).map(Text::from_wire)
    }

    /// NONCE as received, to be echoed byte for byte (RFC 8489 §14.10).
    pub fn nonce(&self) -> Option<&[u8]> {
        self.raw(kind::NONCE)
    }

    /// REALM as received (RFC 8489 §14.9).
    pub fn realm(&self) -> Option<&[u8]> {
        self.raw(kind::REALM)
    }

    /// USERNAME as received (RFC 8489 §14.3).
    pub fn username(&self) -> Option<&[u8]> {
        self.raw(kind::USERNAME)
    }

    /// The algorithm numbers of PASSWORD-ALGORITHMS, in the server's order of preference (RFC 8489 §14.11).
    pub fn password_algorithms(&self) -> Option<Vec<u16>> {
        self.raw(kind::PASSWORD_ALGORITHMS).map(attribute::algorithms)
    }

    /// The value of PASSWORD-ALGORITHMS as received, to be echoed byte for byte (RFC 8489 §9.2.4).
    pub fn password_algorithms_raw(&self) -> Option<&[u8]> {
        self.raw(kind::PASSWORD_ALGORITHMS)
    }

    /// The algorithm number of PASSWORD-ALGORITHM (RFC 8489 §14.12).
    pub fn password_algorithm(&self) -> Option<u16> {
        attribute::algorithms(self.raw(kind::PASSWORD_ALGORITHM)?).first().copied()
    }

    /// LIFETIME in seconds (RFC 8656 §18.2).
    pub fn lifetime_s(&self) -> Option<u32> {
        attribute::number32(self.raw(kind::LIFETIME)?)
    }

    /// DATA: the application data of a Send or Data indication (RFC 8656 §18.4).
    pub fn data(&self) -> Option<&[u8]> {
        self.raw(kind::DATA)
    }

    /// CHANNEL-NUMBER, whatever its range (RFC 8656 §18.1).
    pub fn channel_number(&self) -> Option<u16> {
        attribute::number16(self.raw(kind::CHANNEL_NUMBER)?)
    }

    /// The protocol number of REQUESTED-TRANSPORT: 17 for UDP, 6 for TCP.
    pub fn requested_transport(&self) -> Option<u8> {
        self.raw(kind::REQUESTED_TRANSPORT).filter(|value| value.len() == 4)?.first().copied()
    }

    /// The family number of REQUESTED-ADDRESS-FAMILY: 1 for IPv4, 2 for IPv6 (RFC 8656 §18.9).
    pub fn requested_family(&self) -> Option<u8> {
        self.raw(kind::REQUESTED_ADDRESS_FAMILY).filter(|value| value.len() == 4)?.first().copied()
    }

    /// EVEN-PORT (RFC 8656 §18.6); true where the next higher port is to be reserved too.
    pub fn even_port(&self) -> Option<bool> {
        self.raw(kind::EVEN_PORT).map(|value| value.first().is_some_and(|flags| flags & 0x80 != 0))
    }

    /// CHANGE-REQUEST's flags (RFC 5780 §7.2): (change address, change port).
    pub fn change_request(&self) -> Option<(bool, bool)> {
        let flags = attribute::number32(self.raw(kind::CHANGE_REQUEST)?)?;
        Some((flags & 4 != 0, flags & 2 != 0))
    }

    /// RESPONSE-PORT (RFC 5780 §7.5), which some implementations write with a length of 2 and others of 4.
    pub fn response_port(&self) -> Option<u16> {
        attribute::number16(self.raw(kind::RESPONSE_PORT)?)
    }

    /// The length of PADDING, in bytes (RFC 5780 §7.6).
    pub fn padding_len(&self) -> Option<usize> {
        self.raw(kind::PADDING).map(<[u8]>::len)
    }

    /// PRIORITY of a connectivity check (RFC 8445 §7.1.1).
    pub fn priority(&self) -> Option<u32> {
        Some(u32::from_be_bytes(self.raw(kind::PRIORITY)?.try_into().ok()?))
    }

    /// Whether USE-CANDIDATE is present: the controlling agent nominates the pair (RFC 8445 §7.1.2).
    pub fn use_candidate(&self) -> bool {
        self.has(kind::USE_CANDIDATE)
    }

    /// The tie-breaker in ICE-CONTROLLING (RFC 8445 §7.1.3).
    pub fn ice_controlling(&self) -> Option<u64> {
        Some(u64::from_be_bytes(self.raw(kind::ICE_CONTROLLING)?.try_into().ok()?))
    }

    /// The tie-breaker in ICE-CONTROLLED (RFC 8445 §7.1.3).
    pub fn ice_controlled(&self) -> Option<u64> {
        Some(u64::from_be_bytes(self.raw(kind::ICE_CONTROLLED)?.try_into().ok()?))
    }

    /// What stands in our own attribute: the offer to send back what comes, or what belongs to it (`wire/echo.rs`).
    pub fn echo(&self) -> Option<&[u8]> {
        self.raw(kind::ECHO)
    }

    /// Whether an attribute of this type is present, whatever its value.
    pub fn has(&self, kind: u16) -> bool {
        self.raw(kind).is_some()
    }

    /// The comprehension-required attribute types that this tool does not know, 16 at most. A request with one of them is
    /// rejected with 420, and a response with one of them counts as failed (RFC 8489 §6.3).
    pub fn unknown_required(&self) -> Vec<u16> {
        let mut unknown: Vec<u16> = self.attributes.iter().map(|raw| raw.kind).filter(|kind| *kind < 0x8000).collect();
        unknown.retain(|kind| !kind::is_known(*kind));
        unknown.truncate(16);
        unknown
    }

    /// The type of the first attribute whose value violates its format.
    pub fn faulty(&self) -> Option<u16> {
        self.attributes.iter().find(|raw| !attribute::is_sound(raw, self.id)).map(|raw| raw.kind)
    }

    /// Whether the padding of some attribute is not zero.
    pub fn has_dirty_padding(&self) -> bool {
        self.bytes.get(HEADER_BYTES..).is_some_and(attribute::has_dirty_padding)
    }

    /// Whether MESSAGE-INTEGRITY (or, where that is absent, MESSAGE-INTEGRITY-SHA256) verifies under `key`; None where
    /// neither is present.
    pub fn integrity_fits(&self, key: &HMACKey) -> Option<bool> {
        integrity::check(&self.bytes, key)
    }

    /// Whether FINGERPRINT is correct; None where it is absent.
    pub fn fingerprint_fits(&self) -> Option<bool> {
        integrity::check_fingerprint(&self.bytes)
    }
}

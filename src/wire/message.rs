//! One STUN message as it came, its attributes readable one by one (RFC 8489 §5, §14).

use super::attribute::{self, RawAttribute, kind};
use super::header::{COOKIE, Class, HEADER_BYTES, Malformed, StunMethod, TransactionId};
use super::integrity;
use crate::model::Text;
use std::fmt;
use std::net::SocketAddr;
use stun_rs::HMACKey;

/// ERROR-CODE (RFC 8489 §14.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// Class × 100 + number, whatever the server wrote there: 0 to 799.
    pub code: u16,
    pub reason: Text,
}

/// A message whose framing is sound. Values are decoded when asked for: what does not decode is as good as absent,
/// and [`Message::faulty`] names it.
#[derive(Clone, PartialEq)]
pub struct Message {
    pub method: StunMethod,
    pub class: Class,
    pub id: TransactionId,
    /// False for an answer in RFC 3489's form, whose transaction id had 128 bits.
    pub has_cookie: bool,
    /// In order; those behind MESSAGE-INTEGRITY that RFC 8489 §14.5 says to ignore are not among them.
    attributes: Vec<RawAttribute>,
    bytes: Vec<u8>,
}

impl fmt::Debug for Message {
    /// Names what is there without its content: values may be nonces and user names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<_> = self.attributes.iter().map(|raw| format!("{:#06x}", raw.kind)).collect();
        write!(f, "{:?} {:?} {:?} [{}]", self.method, self.class, self.id, kinds.join(" "))
    }
}

impl Message {
    /// Reads one whole datagram or frame.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
            return Err(Malformed::Short(bytes.len()));
        };
        let kind = u16::from_be_bytes([header[0], header[1]]);
        if kind & 0xc000 != 0 {
            return Err(Malformed::NotStun);
        }
        let said = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if said != body.len() {
            return Err(Malformed::Length { said, there: body.len() });
        }
        if said % 4 != 0 {
            return Err(Malformed::Unaligned(said));
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

    /// The value of the first attribute of this kind: the first wins (RFC 8489 §14).
    fn raw(&self, kind: u16) -> Option<&[u8]> {
        self.attributes.iter().find(|raw| raw.kind == kind).map(|raw| raw.value.as_slice())
    }

    fn address(&self, kind: u16) -> Option<SocketAddr> {
        attribute::address(kind, self.raw(kind)?, self.id).filter(|address| address.port() != 0)
    }

    /// XOR-MAPPED-ADDRESS, also under the number 0x8020 that early servers used.
    pub fn xor_mapped(&self) -> Option<SocketAddr> {
        self.address(kind::XOR_MAPPED_ADDRESS).or_else(|| {
            let early = self.raw(kind::XOR_MAPPED_ADDRESS_EARLY)?;
            attribute::address(kind::XOR_MAPPED_ADDRESS, early, self.id)
        })
    }

    /// MAPPED-ADDRESS.
    pub fn mapped(&self) -> Option<SocketAddr> {
        self.address(kind::MAPPED_ADDRESS)
    }

    /// OTHER-ADDRESS (RFC 5780 §7.4), or its forerunner CHANGED-ADDRESS of RFC 3489.
    pub fn other_address(&self) -> Option<SocketAddr> {
        self.address(kind::OTHER_ADDRESS).or_else(|| {
            let changed = self.raw(kind::CHANGED_ADDRESS)?;
            attribute::address(kind::MAPPED_ADDRESS, changed, self.id)
        })
    }

    pub fn response_origin(&self) -> Option<SocketAddr> {
        self.address(kind::RESPONSE_ORIGIN)
    }

    pub fn alternate_server(&self) -> Option<SocketAddr> {
        self.address(kind::ALTERNATE_SERVER)
    }

    pub fn xor_relayed(&self) -> Option<SocketAddr> {
        self.address(kind::XOR_RELAYED_ADDRESS)
    }

    pub fn xor_peer(&self) -> Option<SocketAddr> {
        self.xor_peers().next()
    }

    /// All of them, as CreatePermission takes several. A permission's port may be 0 (RFC 8656 §9.1).
    pub fn xor_peers(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.attributes
            .iter()
            .filter(|raw| raw.kind == kind::XOR_PEER_ADDRESS)
            .filter_map(|raw| attribute::address(raw.kind, &raw.value, self.id))
    }

    pub fn error(&self) -> Option<ErrorCode> {
        let value = self.raw(kind::ERROR_CODE)?;
        let (head, reason) = value.split_at_checked(4)?;
        let code = u16::from(head[2] & 7) * 100 + u16::from(head[3].min(99));
        Some(ErrorCode { code, reason: Text::from_wire(reason) })
    }

    pub fn software(&self) -> Option<Text> {
        self.raw(kind::SOFTWARE).map(Text::from_wire)
    }

    /// The bytes as they came: they go back so.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.raw(kind::NONCE)
    }

    pub fn realm(&self) -> Option<&[u8]> {
        self.raw(kind::REALM)
    }

    pub fn username(&self) -> Option<&[u8]> {
        self.raw(kind::USERNAME)
    }

    /// The algorithm numbers of PASSWORD-ALGORITHMS (RFC 8489 §14.11), in the server's order.
    pub fn password_algorithms(&self) -> Option<Vec<u16>> {
        self.raw(kind::PASSWORD_ALGORITHMS).map(attribute::algorithms)
    }

    /// The bytes of PASSWORD-ALGORITHMS: they go back so.
    pub fn password_algorithms_raw(&self) -> Option<&[u8]> {
        self.raw(kind::PASSWORD_ALGORITHMS)
    }

    /// The algorithm number of PASSWORD-ALGORITHM (RFC 8489 §14.12).
    pub fn password_algorithm(&self) -> Option<u16> {
        attribute::algorithms(self.raw(kind::PASSWORD_ALGORITHM)?).first().copied()
    }

    /// LIFETIME, in seconds.
    pub fn lifetime_s(&self) -> Option<u32> {
        attribute::number32(self.raw(kind::LIFETIME)?)
    }

    pub fn data(&self) -> Option<&[u8]> {
        self.raw(kind::DATA)
    }

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

    /// EVEN-PORT (RFC 8656 §18.6): whether the port above is to be reserved too.
    pub fn even_port(&self) -> Option<bool> {
        self.raw(kind::EVEN_PORT).map(|value| value.first().is_some_and(|flags| flags & 0x80 != 0))
    }

    /// CHANGE-REQUEST's flags (RFC 5780 §7.2): (change address, change port).
    pub fn change_request(&self) -> Option<(bool, bool)> {
        let flags = attribute::number32(self.raw(kind::CHANGE_REQUEST)?)?;
        Some((flags & 4 != 0, flags & 2 != 0))
    }

    /// RESPONSE-PORT (RFC 5780 §7.5): written with a length of 2 by some and of 4 by others.
    pub fn response_port(&self) -> Option<u16> {
        attribute::number16(self.raw(kind::RESPONSE_PORT)?)
    }

    /// How many bytes of PADDING it carries.
    pub fn padding_len(&self) -> Option<usize> {
        self.raw(kind::PADDING).map(<[u8]>::len)
    }

    /// PRIORITY of a connectivity check (RFC 8445 §7.1.1).
    pub fn priority(&self) -> Option<u32> {
        Some(u32::from_be_bytes(self.raw(kind::PRIORITY)?.try_into().ok()?))
    }

    /// Whether the controlling end nominates with this check (RFC 8445 §7.1.2).
    pub fn use_candidate(&self) -> bool {
        self.has(kind::USE_CANDIDATE)
    }

    /// The tie-breaker of an end that says it controls (RFC 8445 §7.1.3).
    pub fn ice_controlling(&self) -> Option<u64> {
        Some(u64::from_be_bytes(self.raw(kind::ICE_CONTROLLING)?.try_into().ok()?))
    }

    /// The tie-breaker of an end that says it is controlled.
    pub fn ice_controlled(&self) -> Option<u64> {
        Some(u64::from_be_bytes(self.raw(kind::ICE_CONTROLLED)?.try_into().ok()?))
    }

    /// Whether an attribute of this kind is there at all.
    pub fn has(&self, kind: u16) -> bool {
        self.raw(kind).is_some()
    }

    /// The comprehension-required attributes that this tool does not know: with one of them a request is refused
    /// with 420 and a response has failed (RFC 8489 §6.3).
    pub fn unknown_required(&self) -> Vec<u16> {
        let mut unknown: Vec<u16> = self.attributes.iter().map(|raw| raw.kind).filter(|kind| *kind < 0x8000).collect();
        unknown.retain(|kind| !kind::is_known(*kind));
        unknown.truncate(16);
        unknown
    }

    /// The first attribute whose value breaks its own format, if there is one.
    pub fn faulty(&self) -> Option<u16> {
        self.attributes.iter().find(|raw| !attribute::is_sound(raw, self.id)).map(|raw| raw.kind)
    }

    /// Whether padding somewhere in it is not zero.
    pub fn has_dirty_padding(&self) -> bool {
        self.bytes.get(HEADER_BYTES..).is_some_and(attribute::has_dirty_padding)
    }

    /// Whether MESSAGE-INTEGRITY (or, where that is absent, MESSAGE-INTEGRITY-SHA256) fits the key; None where
    /// there is neither.
    pub fn integrity_fits(&self, key: &HMACKey) -> Option<bool> {
        integrity::check(&self.bytes, key)
    }

    /// Whether FINGERPRINT fits; None where there is none.
    pub fn fingerprint_fits(&self) -> Option<bool> {
        integrity::check_fingerprint(&self.bytes)
    }
}

//! The header of a STUN message: type, length, magic cookie and transaction id (RFC 8489 §5).

use std::fmt;

pub(super) const HEADER_BYTES: usize = 20;
pub(super) const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub [u8; 12]);

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// RFC 8489 §5, the two class bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Request,
    Indication,
    Success,
    Error,
}

/// RFC 8489 §18.2 and RFC 8656 §17.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StunMethod {
    Binding,
    Allocate,
    Refresh,
    Send,
    Data,
    CreatePermission,
    ChannelBind,
    Other(u16),
}

impl StunMethod {
    pub(super) fn number(self) -> u16 {
        match self {
            Self::Binding => 0x001,
            Self::Allocate => 0x003,
            Self::Refresh => 0x004,
            Self::Send => 0x006,
            Self::Data => 0x007,
            Self::CreatePermission => 0x008,
            Self::ChannelBind => 0x009,
            Self::Other(number) => number & 0xfff,
        }
    }

    pub(super) fn from_number(number: u16) -> Self {
        match number {
            0x001 => Self::Binding,
            0x003 => Self::Allocate,
            0x004 => Self::Refresh,
            0x006 => Self::Send,
            0x007 => Self::Data,
            0x008 => Self::CreatePermission,
            0x009 => Self::ChannelBind,
            other => Self::Other(other),
        }
    }
}

/// The first 16 bits: method and class interleaved (RFC 8489 §5).
pub(super) fn message_type(method: StunMethod, class: Class) -> u16 {
    let m = method.number();
    let bits = (m & 0x000f) | ((m & 0x0070) << 1) | ((m & 0x0f80) << 2);
    bits | match class {
        Class::Request => 0x0000,
        Class::Indication => 0x0010,
        Class::Success => 0x0100,
        Class::Error => 0x0110,
    }
}

/// Why bytes are not a STUN message or ChannelData.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("{0} bytes: too short for a STUN header")]
    Short(usize),
    #[error("its first bits are not those of STUN")]
    NotStun,
    #[error("its length field says {said} bytes of attributes, {there} are there")]
    Length { said: usize, there: usize },
    #[error("its length field, {0}, is not a multiple of 4")]
    Unaligned(usize),
    #[error("attribute {kind:#06x} at byte {at} runs past the end")]
    Overrun { kind: u16, at: usize },
    #[error("channel number {0:#06x} is reserved")]
    Channel(u16),
}

//! The header of a STUN message: type, length, magic cookie and transaction id (RFC 8489 §5).

use std::fmt;

/// The size of the header (RFC 8489 §5).
pub(super) const HEADER_BYTES: usize = 20;
/// The magic cookie, 0x2112A442 (RFC 8489 §5).
pub(super) const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// The 96 random bits that tie a response to its request (RFC 8489 §5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub [u8; 12]);

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The class of a message: its two class bits (RFC 8489 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Wants a response.
    Request,
    /// Wants none.
    Indication,
    /// A success response.
    Success,
    /// An error response, which carries ERROR-CODE.
    Error,
}

/// The method of a message (RFC 8489 §18.2, RFC 8656 §17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StunMethod {
    /// Asks for the reflexive address (RFC 8489 §3).
    Binding,
    /// Asks a TURN server for an allocation (RFC 8656 §7).
    Allocate,
    /// Extends or deletes an allocation (RFC 8656 §8).
    Refresh,
    /// Carries data to the relay for a peer (RFC 8656 §11).
    Send,
    /// Carries data from a peer (RFC 8656 §11).
    Data,
    /// Installs permissions (RFC 8656 §10).
    CreatePermission,
    /// Binds a channel (RFC 8656 §12).
    ChannelBind,
    /// Any other method, by its 12-bit number.
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

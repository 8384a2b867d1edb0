//! The bytes of STUN (RFC 8489), of TURN's ChannelData (RFC 8656 §12.4) and of both on a stream.
//!
//! `stun-rs` reads and writes the values of attributes. Framing, integrity and leniency are ours: a diagnosis must
//! read what a strict codec refuses (a NUL in a nonce, a SOFTWARE that is not UTF-8, RFC 3489's answers without the
//! magic cookie), one bad attribute must not hide the others, and a server's nonce must go back to the byte.

mod attribute;
mod builder;
mod channel;
mod frame;
mod header;
mod integrity;
mod message;
mod sanitized;
#[cfg(test)]
mod tests;

pub use builder::Builder;
pub use channel::{ChannelData, channel_data};
pub use frame::{Frame, Frames, Junk};
pub use header::{Class, Malformed, StunMethod, TransactionId};
pub use message::{ErrorCode, Message};
pub use sanitized::sanitized;
pub use stun_rs::HMACKey as Key;

/// The key of the short-term mechanism (RFC 8489 §9.1): None where the password holds what no password may.
pub fn short_term_key(password: &str) -> Option<Key> {
    Key::new_short_term(password).ok()
}

/// What a datagram holds, by its first two bits (RFC 8656 §12, RFC 7983).
#[derive(Clone, Debug, PartialEq)]
pub enum Datagram<'a> {
    Stun(Message),
    Channel(ChannelData<'a>),
}

/// Reads one datagram.
pub fn read(datagram: &[u8]) -> Result<Datagram<'_>, Malformed> {
    match datagram.first() {
        Some(first) if first & 0xc0 == 0x40 => channel::read(datagram).map(Datagram::Channel),
        _ => Message::read(datagram).map(Datagram::Stun),
    }
}

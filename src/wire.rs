//! The encoding of STUN messages (RFC 8489), of TURN's ChannelData (RFC 8656 §12.4) and of both on a stream.
//!
//! `stun-rs` encodes and decodes the values of attributes. Framing, integrity and leniency are written here: a diagnosis
//! has to read what a strict codec refuses (a NUL in a nonce, a SOFTWARE that is not UTF-8, RFC 3489's responses without
//! the magic cookie), one bad attribute must not hide the others, and a nonce has to be echoed byte for byte.

mod attribute;
mod builder;
mod channel;
mod client_hello;
mod echo;
mod frame;
mod header;
mod integrity;
mod message;
mod sanitized;
#[cfg(test)]
mod tests;

use crate::model::Malformed;
pub use builder::Builder;
pub use channel::{ChannelData, channel_data};
pub use client_hello::{client_hello, long_client_hello};
pub use echo::{Echo, EchoKind, EchoOffer, EchoSight, echo_counts, echo_request};
pub use frame::{Frame, Frames, Junk};
pub use header::{Class, StunMethod, TransactionId};
pub use message::{ErrorCode, Message};
pub use sanitized::sanitized;
pub use stun_rs::HMACKey as Key;

/// The key of the short-term credential mechanism (RFC 8489 §9.1.1); None where the password has characters that
/// OpaqueString forbids (RFC 8265 §4.2).
pub fn short_term_key(password: &str) -> Option<Key> {
    Key::new_short_term(password).ok()
}

/// What a datagram or a frame of a stream holds, told apart by its first two bits (RFC 8656 §12, RFC 7983).
#[derive(Clone, Debug, PartialEq)]
pub enum Datagram<'a> {
    /// A STUN message, which TURN's own messages are too.
    Stun(Message),
    /// Data on a bound channel.
    Channel(ChannelData<'a>),
}

/// Whether it is DTLS, RTP or RTCP by RFC 7983 §7: neither STUN nor TURN's.
pub fn is_media(datagram: &[u8]) -> bool {
    matches!(datagram.first(), Some(20..=63 | 128..=191))
}

/// Decodes one datagram, or one frame of a stream. Fails for what is neither STUN nor ChannelData.
pub fn read(datagram: &[u8]) -> Result<Datagram<'_>, Malformed> {
    match datagram.first() {
        Some(first) if first & 0xc0 == 0x40 => channel::read(datagram).map(Datagram::Channel),
        _ => Message::read(datagram).map(Datagram::Stun),
    }
}

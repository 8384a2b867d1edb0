//! Where does a datagram go, and what is it by its first byte? (RFC 7983 §7, RFC 5761 §4)

use crate::wire::{Datagram, Message, read};
use std::net::SocketAddr;

/// The way of a datagram, on the wire or within the bytes that a TURN client and its server exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct DatagramRoute {
    /// Within a relay the relayed address, of what its client sends.
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    /// The endpoint of the client whose relay it is wrapped for; None of what is on the wire as it is.
    pub(super) within: Option<SocketAddr>,
}

impl DatagramRoute {
    /// The way back.
    pub(super) fn back(self) -> Self {
        Self { from: self.to, to: self.from, within: self.within }
    }
}

/// What a datagram looks like. That it is what it looks like is known of flows alone on which ICE has spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DatagramKind {
    Stun,
    Channel,
    Dtls,
    Rtp,
    Rtcp,
    Other,
}

impl DatagramKind {
    pub(super) fn of(payload: &[u8]) -> Self {
        match payload {
            [0..=3, ..] => Self::Stun,
            [20..=63, ..] => Self::Dtls,
            [64..=79, ..] => Self::Channel,
            [128..=191, 192..=223, ..] => Self::Rtcp,
            [128..=191, _, ..] => Self::Rtp,
            _ => Self::Other,
        }
    }
}

/// A message of STUN with the cookie of RFC 8489, without which other protocols look like it. Of one whose end was not kept
/// the attributes that are whole.
pub(super) fn stun(bytes: &[u8], cut_bytes: usize) -> Option<Message> {
    /// Where the attributes begin.
    const HEADER_BYTES: usize = 20;
    let message = if cut_bytes == 0 {
        read(bytes)
    } else {
        let mut end = HEADER_BYTES;
        while let Some([_, _, high, low]) = bytes.get(end..end + 4) {
            let next = end + 4 + usize::from(u16::from_be_bytes([*high, *low])).next_multiple_of(4);
            if next > bytes.len() {
                break;
            }
            end = next;
        }
        let mut kept = bytes.get(..end)?.to_vec();
        let length = u16::try_from(end - HEADER_BYTES).ok()?;
        kept.get_mut(2..4)?.copy_from_slice(&length.to_be_bytes());
        return Message::read(&kept).ok().filter(|message| message.has_cookie);
    };
    match message {
        Ok(Datagram::Stun(message)) if message.has_cookie => Some(message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Builder, StunMethod, TransactionId};

    #[test]
    fn a_message_whose_end_was_not_kept_is_read_as_far_as_it_goes() {
        let whole = Builder::request(StunMethod::Binding, TransactionId([7; 12]))
            .raw(0x0024, &[1, 2, 3, 4])
            .raw(0x0006, b"abcd:efgh");
        let whole = whole.finish();
        let message = stun(&whole[..whole.len() - 5], 5).expect("the first attribute is whole");
        assert_eq!((message.priority(), message.username()), (Some(0x0102_0304), None));
        assert_eq!(
            stun(&whole[..whole.len() - 5], 0),
            None,
            "it is broken where nothing says that its end was not kept"
        );
    }

    #[test]
    fn what_has_no_cookie_is_no_stun() {
        let mut bytes = Builder::request(StunMethod::Binding, TransactionId([7; 12])).finish();
        bytes[4] ^= 1;
        assert_eq!(stun(&bytes, 0), None);
    }

    #[test]
    fn kinds_are_told_by_the_first_byte_and_rtcp_by_the_second() {
        let kinds = [&[0_u8, 1][..], &[22, 254], &[0x2f], &[0x40, 0], &[0x80, 111], &[0x80, 200], &[0xff], &[]]
            .map(DatagramKind::of);
        let wanted = [
            DatagramKind::Stun,
            DatagramKind::Dtls,
            DatagramKind::Dtls,
            DatagramKind::Channel,
            DatagramKind::Rtp,
            DatagramKind::Rtcp,
            DatagramKind::Other,
            DatagramKind::Other,
        ];
        assert_eq!(kinds, wanted);
    }
}

//! Splits a stream into STUN messages and ChannelData (RFC 8489 §6.2.2, RFC 8656 §12.5).

use crate::model::{Malformed, Text};

/// The bytes of one message of a stream, which [`super::read`] decodes.
pub type Frame = Vec<u8>;

/// The stream carries neither STUN nor ChannelData.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Junk {
    /// As [`Text::beginning`] has them.
    pub first_bytes: Text,
}

impl From<Junk> for Malformed {
    fn from(Junk { first_bytes }: Junk) -> Self {
        Self::NotStun { first_bytes: first_bytes.as_str().to_owned() }
    }
}

/// Reassembles the messages of a stream. It buffers at most one message of 64 KiB and what one read returned.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    buffer: Vec<u8>,
    at: usize,
    /// Whether a whole message has been read. A channel is bound by a STUN message, so ChannelData cannot come first;
    /// that tells it from "HTTP", which begins with the same two bits.
    begun: bool,
}

impl Frames {
    /// Appends the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes of an unfinished message are buffered.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// The next whole message; None until more bytes arrive. After [`Junk`] the framing of the stream is lost for good.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Junk> {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        let [a, _, c, d, ..] = *rest else {
            return if rest.first().is_some_and(|first| first & 0x80 != 0) { Err(self.junk()) } else { Ok(None) };
        };
        let length = usize::from(u16::from_be_bytes([c, d]));
        let size = match a & 0xc0 {
            0x00 if length % 4 == 0 => 20 + length,
            0x40 if self.begun && (0x40..=0x4f).contains(&a) => (4 + length).next_multiple_of(4),
            _ => return Err(self.junk()),
        };
        // A STUN message has its magic cookie in bytes 4 to 7.
        if a & 0xc0 == 0 && rest.len() >= 8 && rest[4..8] != super::header::COOKIE {
            return Err(self.junk());
        }
        match rest.get(..size) {
            None => Ok(None),
            Some(frame) => {
                let frame = frame.to_vec();
                self.at += size;
                self.begun = true;
                Ok(Some(frame))
            }
        }
    }

    fn junk(&self) -> Junk {
        Junk { first_bytes: Text::beginning(self.buffer.get(self.at..).unwrap_or_default()) }
    }
}

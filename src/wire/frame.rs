//! Cuts a stream into STUN messages and ChannelData (RFC 8489 §6.2.2, RFC 8656 §12.5).

use crate::model::Text;

/// One message cut from a stream, as its bytes: [`super::read`] reads it.
pub type Frame = Vec<u8>;

/// What came on the stream is neither STUN nor ChannelData: the beginning of it, escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not STUN; it begins with \"{}\"", first_bytes.as_str())]
pub struct Junk {
    pub first_bytes: Text,
}

/// The bytes of a stream that do not make a whole message yet: at most one message, 64 KiB, and what one read brings.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    buffer: Vec<u8>,
    at: usize,
    /// Nobody may send ChannelData before a STUN message has bound the channel; so "HTTP", which has the first bits
    /// of ChannelData, is told from it.
    begun: bool,
}

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes of an unfinished message.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// The next whole message; None until more bytes come. After [`Junk`] the stream has lost its framing for good.
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
        // What begins like STUN shows its cookie within eight bytes.
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
        let first = self.buffer.get(self.at..).unwrap_or_default();
        let first = first.get(..16).unwrap_or(first);
        Junk { first_bytes: Text::new(&first.escape_ascii().to_string()) }
    }
}

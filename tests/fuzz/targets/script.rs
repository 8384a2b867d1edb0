//! Bytes read as the steps of a conversation: the same bytes are the same steps, and where they end, it ends.

/// What is left of the bytes.
pub(super) struct Script<'a>(pub(super) &'a [u8]);

impl<'a> Script<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Two bytes of length, big endian, and so many bytes, or those that are left.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_be_bytes([self.byte()?, self.byte()?]));
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        Some(taken)
    }

    /// Attributes of a message: each two bytes of type and then its value as [`Script::bytes`], within one such piece.
    pub(super) fn attributes(&mut self) -> Option<Vec<(u16, &'a [u8])>> {
        let mut piece = Script(self.bytes()?);
        let mut attributes = Vec::new();
        while let (Some(high), Some(low)) = (piece.byte(), piece.byte()) {
            attributes.push((u16::from_be_bytes([high, low]), piece.bytes().unwrap_or_default()));
        }
        Some(attributes)
    }
}

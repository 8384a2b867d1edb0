//! ChannelData (RFC 8656 §12.4).

use crate::model::Malformed;

/// One ChannelData message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelData<'a> {
    /// The channel number, 0x4000 to 0x4FFF.
    pub channel: u16,
    /// The application data, without padding.
    pub data: &'a [u8],
}

/// RFC 8656 §12: messages on the reserved numbers 0x5000 to 0x7FFF are dropped.
const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x4fff;

pub(super) fn read(datagram: &[u8]) -> Result<ChannelData<'_>, Malformed> {
    let Some((head, rest)) = datagram.split_at_checked(4) else {
        return Err(Malformed::Short { bytes: datagram.len() });
    };
    let channel = u16::from_be_bytes([head[0], head[1]]);
    if !CHANNELS.contains(&channel) {
        return Err(Malformed::Channel { number: channel });
    }
    let said = usize::from(u16::from_be_bytes([head[2], head[3]]));
    // Over UDP padding is allowed but not required (RFC 8656 §12.5).
    let data = rest.get(..said).ok_or(Malformed::Length { said, there: rest.len() })?;
    Ok(ChannelData { channel, data })
}

/// Encodes ChannelData, on a stream padded to a multiple of four bytes (RFC 8656 §12.5). None where `data` is longer than
/// 65,535 bytes.
pub fn channel_data(channel: u16, data: &[u8], on_stream: bool) -> Option<Vec<u8>> {
    let length = u16::try_from(data.len()).ok()?;
    let mut bytes = Vec::with_capacity(data.len() + 8);
    bytes.extend_from_slice(&channel.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(data);
    if on_stream {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    Some(bytes)
}

//! Which packets does a capture file hold, and when did each pass? (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng)
//!
//! Both forms are read as a stream, with one block of the file in memory at a time. A file that ends in the middle, or is
//! damaged there, gives what came before. What is in a packet is read elsewhere.

use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{Block, Linktype, PcapBlockOwned, PcapError, create_reader};
use std::io::{self, Read};
use std::time::Duration;

/// What is read at once; most packets are a hundredth of it.
const BUFFER_BYTES: usize = 256 << 10;
/// The largest block that is taken. Packets are 256 KiB at most (libpcap's `MAXIMUM_SNAPLEN`); lists of names and of TLS
/// keys are blocks as well.
const BLOCK_BYTES_MAX: usize = 16 << 20;
/// Interfaces of one section whose packets are read.
const INTERFACES_MAX: usize = 1024;

/// One packet as it was caught.
#[derive(Clone, Copy, Debug)]
pub(super) struct CapturedFrame<'a> {
    /// Since 1970; of a block without a time, that of the packet before it.
    pub(super) at: Duration,
    pub(super) link: Linktype,
    /// From its link-layer header on, as far as it was kept.
    pub(super) bytes: &'a [u8],
    /// How much of its end was not kept, in bytes.
    pub(super) cut_bytes: usize,
}

/// How the file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileEnding {
    Whole,
    /// In the middle of a block, or with bytes that are none.
    CutShort,
}

/// It does not begin as a capture does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCapture;

/// Hands over each packet of the file, in its order.
pub(super) fn read(input: impl Read + Send, mut take: impl FnMut(CapturedFrame<'_>)) -> Result<FileEnding, NoCapture> {
    let mut reader = create_reader(BUFFER_BYTES, Filling(input)).map_err(|_| NoCapture)?;
    let mut section = CaptureSection::default();
    let mut capacity = BUFFER_BYTES;
    loop {
        let wants_room = match reader.next() {
            Ok((bytes, block)) => {
                if let Some(frame) = section.frame(&block) {
                    take(frame);
                }
                reader.consume(bytes);
                continue;
            }
            Err(PcapError::Eof) => return Ok(FileEnding::Whole),
            Err(PcapError::Incomplete(_)) => false,
            Err(PcapError::BufferTooSmall) => true,
            Err(_) => return Ok(FileEnding::CutShort),
        };
        let before = reader.data().len();
        if wants_room || before >= capacity {
            capacity *= 2;
            if capacity > BLOCK_BYTES_MAX || !reader.grow(capacity) {
                return Ok(FileEnding::CutShort);
            }
        }
        if reader.refill().is_err() {
            return Ok(FileEnding::CutShort);
        }
    }
}

/// A reader that fills what it is given for as long as there is more: a decompressor hands out little at first, and the
/// form is told by the first block.
struct Filling<R>(R);

impl<R: Read> Read for Filling<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.0.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(bytes) => filled += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What came before a stream broke off is read.
                Err(_) => break,
            }
        }
        Ok(filled)
    }
}

/// How the packets of one interface are written.
#[derive(Clone, Copy)]
struct CaptureInterface {
    link: Linktype,
    clock: FrameClock,
    snaplen: usize,
}

/// What has been said so far of the packets that follow.
#[derive(Default)]
struct CaptureSection {
    big_endian: bool,
    /// Of pcap, the only one.
    interfaces: Vec<CaptureInterface>,
    latest: Duration,
}

impl CaptureSection {
    fn frame<'a>(&mut self, block: &'a PcapBlockOwned<'_>) -> Option<CapturedFrame<'a>> {
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                let units_a_second = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
                self.interfaces = vec![CaptureInterface {
                    // The upper half tells of a checksum behind the packet.
                    link: Linktype(header.network.0 & 0xffff),
                    clock: FrameClock { units_a_second, offset_s: 0 },
                    snaplen: usize::MAX,
                }];
                None
            }
            PcapBlockOwned::Legacy(packet) => {
                let CaptureInterface { link, clock, .. } = *self.interfaces.first()?;
                let fraction = u64::from(packet.ts_usec).min(clock.units_a_second - 1);
                self.latest = clock.time(u64::from(packet.ts_sec), fraction);
                Some(self.kept(link, packet.data, packet.origlen))
            }
            PcapBlockOwned::NG(Block::SectionHeader(header)) => {
                self.big_endian = header.big_endian();
                self.interfaces.clear();
                None
            }
            PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
                if self.interfaces.len() < INTERFACES_MAX {
                    // The library reads this option as little-endian in any case.
                    let offset = interface.if_tsoffset;
                    let offset_s = if self.big_endian { offset.swap_bytes() } else { offset };
                    self.interfaces.push(CaptureInterface {
                        link: interface.linktype,
                        clock: FrameClock { units_a_second: units_a_second(interface.if_tsresol), offset_s },
                        snaplen: if interface.snaplen == 0 { usize::MAX } else { interface.snaplen as usize },
                    });
                }
                None
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
                let CaptureInterface { link, clock, .. } = *self.interfaces.get(usize::try_from(packet.if_id).ok()?)?;
                let units = (u64::from(packet.ts_high) << 32) | u64::from(packet.ts_low);
                self.latest = clock.time(units / clock.units_a_second, units % clock.units_a_second);
                Some(self.kept(link, packet.packet_data(), packet.origlen))
            }
            PcapBlockOwned::NG(Block::SimplePacket(packet)) => {
                let CaptureInterface { link, snaplen, .. } = *self.interfaces.first()?;
                // Behind the packet is padding.
                let kept = packet.data.len().min(packet.origlen as usize).min(snaplen);
                Some(self.kept(link, &packet.data[..kept], packet.origlen))
            }
            PcapBlockOwned::NG(_) => None,
        }
    }

    fn kept<'a>(&self, link: Linktype, bytes: &'a [u8], whole: u32) -> CapturedFrame<'a> {
        CapturedFrame { at: self.latest, link, bytes, cut_bytes: (whole as usize).saturating_sub(bytes.len()) }
    }
}

/// How times are written.
#[derive(Clone, Copy)]
struct FrameClock {
    /// 1 or more.
    units_a_second: u64,
    /// What is to be added to every time, in seconds.
    offset_s: i64,
}

impl FrameClock {
    /// A time before 1970 is 1970.
    fn time(self, seconds: u64, fraction: u64) -> Duration {
        let nanoseconds = u128::from(fraction) * 1_000_000_000 / u128::from(self.units_a_second);
        let since = Duration::new(seconds, u32::try_from(nanoseconds).unwrap_or(u32::MAX).min(999_999_999));
        let offset = Duration::from_secs(self.offset_s.unsigned_abs());
        if self.offset_s < 0 { since.saturating_sub(offset) } else { since.saturating_add(offset) }
    }
}

/// The option `if_tsresol`: a power of ten, or of two where its first bit is set. What does not fit is taken for the usual
/// microseconds.
fn units_a_second(resolution: u8) -> u64 {
    let power = u32::from(resolution & 0x7f);
    let units = if resolution & 0x80 == 0 { 10_u64.checked_pow(power) } else { 1_u64.checked_shl(power) };
    units.unwrap_or(1_000_000)
}

#[cfg(test)]
mod tests;

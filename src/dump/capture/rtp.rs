//! What does a stream of RTP show whose payload is closed? (RFC 3550 §5.1, §A.1, §A.8)
//!
//! Sequence numbers tell what is missing before the point where it was caught; timestamps tell the clock, and so sound from
//! video, and a sender that pauses from a network that holds packets up.

use std::time::Duration;

/// A pause that a jitter buffer does not hide, as [`crate::model::MediaFlow::stalls`] has it.
const STALL: Duration = Duration::from_millis(200);
/// From so much of a stream its clock can be told: a timestamp is a frame's, and frames are sent in bursts.
const CLOCK_TOLD_AFTER: Duration = Duration::from_secs(1);
/// The clocks in use: of sound 8, 16 and 48 kHz, of all video 90 kHz (RFC 3551 §5, RFC 7587 §4.1).
const CLOCKS_HZ: [u32; 4] = [8_000, 16_000, 48_000, VIDEO_HZ];
const VIDEO_HZ: u32 = 90_000;

/// One stream, by its SSRC.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) ssrc: u32,
    pub(super) packets: u64,
    /// Of RTP payload, its padding and what encryption adds included.
    pub(super) bytes: u64,
    pub(super) stalls: u32,
    pub(super) longest_stall: Duration,
    first_number: u16,
    /// The highest sequence number, with its rounds of 65,536.
    highest: u64,
    first: (Duration, u32),
    latest: (Duration, u32),
    clock_hz: Option<u32>,
    /// In units of the clock.
    jitter: Option<f64>,
}

/// The head of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RtpHead {
    pub(super) ssrc: u32,
    number: u16,
    timestamp: u32,
    payload_bytes: u64,
}

impl RtpHead {
    /// `length` is that of the whole packet, of which `bytes` were kept.
    pub(super) fn read(bytes: &[u8], length: usize) -> Option<Self> {
        let [first, _, n0, n1, t0, t1, t2, t3, s0, s1, s2, s3] = *bytes.first_chunk()?;
        let mut head_bytes = 12 + 4 * usize::from(first & 0x0f);
        if first & 0x10 != 0 {
            let words =
                bytes.get(head_bytes + 2..head_bytes + 4).map_or(0, |words| u16::from_be_bytes([words[0], words[1]]));
            head_bytes += 4 + 4 * usize::from(words);
        }
        Some(Self {
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            number: u16::from_be_bytes([n0, n1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            payload_bytes: length.saturating_sub(head_bytes) as u64,
        })
    }

    /// Its payload, its padding and what encryption adds included.
    pub(super) fn payload_bytes(self) -> u64 {
        self.payload_bytes
    }
}

impl Stream {
    pub(super) fn begin(at: Duration, head: RtpHead) -> Self {
        Self {
            ssrc: head.ssrc,
            packets: 1,
            bytes: head.payload_bytes,
            stalls: 0,
            longest_stall: Duration::ZERO,
            first_number: head.number,
            highest: u64::from(head.number),
            first: (at, head.timestamp),
            latest: (at, head.timestamp),
            clock_hz: None,
            jitter: None,
        }
    }

    /// Counts a packet; gives how many were found missing before it, or, of one that comes late, -1.
    pub(super) fn count(&mut self, at: Duration, head: RtpHead) -> i64 {
        self.packets += 1;
        self.bytes += head.payload_bytes;
        let step = head.number.wrapping_sub(self.highest as u16);
        if step == 0 || step >= 1 << 15 {
            // RFC 3550 §A.1: behind a later one, or a copy.
            return if step == 0 { 0 } else { -1 };
        }
        self.highest += u64::from(step);
        let missing = i64::from(step) - 1;
        self.note_pause(at, head, missing > 0);
        self.latest = (at, head.timestamp);
        let lasted = at.saturating_sub(self.first.0);
        if self.clock_hz.is_none() && lasted >= CLOCK_TOLD_AFTER {
            self.clock_hz = clock(head.timestamp.wrapping_sub(self.first.1), lasted);
        }
        missing
    }

    fn note_pause(&mut self, at: Duration, head: RtpHead, is_behind_a_gap: bool) {
        let Some(clock_hz) = self.clock_hz else { return };
        let came_after = at.saturating_sub(self.latest.0);
        let ticks = head.timestamp.wrapping_sub(self.latest.1) as i32;
        let made_after = Duration::from_secs_f64(f64::from(ticks.max(0)) / f64::from(clock_hz));
        let held_up = (came_after.as_secs_f64() - f64::from(ticks) / f64::from(clock_hz)).abs() * f64::from(clock_hz);
        let jitter = self.jitter.unwrap_or_default();
        self.jitter = Some(jitter + (held_up - jitter) / 16.0);
        // A sender that is silent for a while (RFC 7587 §3.1.3) goes on with a timestamp as much later.
        let pause = if is_behind_a_gap { came_after } else { came_after.saturating_sub(made_after) };
        if pause >= STALL {
            self.stalls = self.stalls.saturating_add(1);
            self.longest_stall = self.longest_stall.max(pause);
        }
    }

    /// Packets that never came here, by the span of their numbers (RFC 3550 §A.3).
    pub(super) fn lost(&self) -> u64 {
        (self.highest - u64::from(self.first_number) + 1).saturating_sub(self.packets)
    }

    pub(super) fn jitter(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.jitter? / f64::from(self.clock_hz?)).ok()
    }

    /// Sound, by its clock; None of one too short to tell.
    pub(super) fn is_audio(&self) -> Option<bool> {
        self.clock_hz.map(|clock_hz| clock_hz != VIDEO_HZ)
    }
}

/// The clock that is nearest; None where none is near.
fn clock(ticks: u32, lasted: Duration) -> Option<u32> {
    let measured_hz = f64::from(ticks) / lasted.as_secs_f64();
    let off = |clock_hz: u32| (measured_hz / f64::from(clock_hz) - 1.0).abs();
    CLOCKS_HZ.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b))).filter(|clock_hz| off(*clock_hz) < 0.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    fn packet(number: u16, timestamp: u32) -> RtpHead {
        let mut bytes = [0x80, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
        bytes[2..4].copy_from_slice(&number.to_be_bytes());
        bytes[4..8].copy_from_slice(&timestamp.to_be_bytes());
        RtpHead::read(&bytes, 100).expect("a head")
    }

    /// Sound of so many packets from number 65,500 on, each of which `caught` takes or not, at the time it says.
    fn sound(packets: u16, caught: impl Fn(u16) -> Option<Duration>) -> Stream {
        let heads =
            (0..packets).filter_map(|n| Some((caught(n)?, packet(65_500_u16.wrapping_add(n), u32::from(n) * 960))));
        let mut heads = heads.collect::<Vec<_>>().into_iter();
        let (at, head) = heads.next().expect("one at least");
        let mut stream = Stream::begin(at, head);
        heads.for_each(|(at, head)| {
            stream.count(at, head);
        });
        stream
    }

    fn at(n: u16) -> Duration {
        FRAME * u32::from(n)
    }

    #[test]
    fn what_is_missing_is_counted_over_the_turn_of_the_numbers() {
        let stream = sound(200, |n| (!(30..50).contains(&n)).then(|| at(n)));
        assert_eq!((stream.packets, stream.lost(), stream.is_audio()), (180, 20, Some(true)));
    }

    #[test]
    fn packets_that_are_held_up_are_a_stall_and_a_sender_that_pauses_is_none() {
        let held_up = sound(200, |n| Some(at(if (100..120).contains(&n) { 120 } else { n })));
        assert_eq!((held_up.stalls, held_up.longest_stall >= Duration::from_millis(380)), (1, true));
        let mut paused = sound(100, |n| Some(at(n)));
        paused.count(at(99) + Duration::from_millis(400), packet(65_500_u16.wrapping_add(100), 99 * 960 + 400 * 48));
        assert_eq!(paused.stalls, 0);
    }

    #[test]
    fn video_is_told_by_its_clock() {
        assert_eq!(clock(90_000 * 3, Duration::from_millis(2_900)), Some(VIDEO_HZ));
        assert_eq!(clock(0, Duration::from_secs(3)), None);
    }
}

//! What is sent in a call that nobody speaks in: packets of the size and pace of speech and video, and numbered messages.
//!
//! Speech is Opus at 32 kbit/s, a packet each 20 ms (RFC 7587 §4.2); video is thirty frames a second, in packets of VP8
//! (RFC 7741 §4.2) that hold nothing a decoder could show. A message holds a kind (`p` asks to be sent back, `q` is what
//! was sent back), its number and when it was sent, so that any end that echoes gives a round trip.

use super::stack::{DataChannel, StreamKind};
use crate::machine::Instant;
use std::time::Duration;

const AUDIO_INTERVAL: Duration = Duration::from_millis(20);
const AUDIO_BYTES: usize = 80;
/// Ticks of the 48 kHz clock in 20 ms.
const AUDIO_TICKS: u32 = 960;

const VIDEO_INTERVAL: Duration = Duration::from_micros(33_333);
/// Ticks of the 90 kHz clock in a thirtieth of a second.
const VIDEO_TICKS: u32 = 3000;
/// A packet stays below 1200 bytes with the headers of SRTP and RTP, as browsers' packets do.
const VIDEO_PACKET_BYTES: usize = 1100;
/// A frame at 20 Mbit/s has 76 packets; more packets than this are not sent in one frame.
const MOST_PACKETS_A_FRAME: usize = 200;

const MESSAGE_INTERVAL: Duration = Duration::from_millis(100);
const MESSAGE_BYTES: usize = 64;

/// One packet to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaFrame {
    pub kind: StreamKind,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: Vec<u8>,
}

pub(super) struct MediaSource {
    next_audio: Instant,
    next_video: Instant,
    next_message: Instant,
    audio_time: u32,
    video_time: u32,
    video_bps: u64,
    messages: u32,
}

impl MediaSource {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            next_audio: now,
            next_video: now,
            next_message: now,
            audio_time: 0,
            video_time: 0,
            video_bps: 0,
            messages: 0,
        }
    }

    /// Sets the rate of video from now on.
    pub(super) fn set_video_bps(&mut self, bps: u64) {
        self.video_bps = bps;
    }

    pub(super) fn due(&self) -> Instant {
        self.next_audio.min(self.next_video).min(self.next_message)
    }

    /// The media that are due; what a late wake has missed is left out, as a sender does that was not run.
    pub(super) fn media(&mut self, now: Instant) -> Vec<MediaFrame> {
        let mut media = Vec::new();
        let ticks = ticks_due(&mut self.next_audio, AUDIO_INTERVAL, now);
        if let Some(ticks) = ticks {
            self.audio_time = self.audio_time.wrapping_add(AUDIO_TICKS * ticks);
            let payload = vec![0xfc; AUDIO_BYTES];
            media.push(MediaFrame { kind: StreamKind::Audio, timestamp: self.audio_time, marker: false, payload });
        }
        let ticks = ticks_due(&mut self.next_video, VIDEO_INTERVAL, now);
        if let Some(ticks) = ticks {
            self.video_time = self.video_time.wrapping_add(VIDEO_TICKS * ticks);
            media.extend(self.frame());
        }
        media
    }

    fn frame(&self) -> impl Iterator<Item = MediaFrame> + use<> {
        let bytes = self.video_bps as f64 * VIDEO_INTERVAL.as_secs_f64() / 8.0;
        let bytes = (bytes as usize).min(MOST_PACKETS_A_FRAME * VIDEO_PACKET_BYTES);
        let packets = bytes.div_ceil(VIDEO_PACKET_BYTES);
        let timestamp = self.video_time;
        (0..packets).map(move |at| {
            let size = bytes.checked_div(packets).unwrap_or_default().max(2);
            let mut payload = vec![0x55; size];
            // Start of the first partition (RFC 7741 §4.2), and a frame that is no key frame (RFC 6386 §9.1).
            payload[0] = if at == 0 { 0x10 } else { 0x00 };
            payload[1] = 0x01;
            MediaFrame { kind: StreamKind::Video, timestamp, marker: at + 1 == packets, payload }
        })
    }

    /// The message that is due: the same for both channels.
    pub(super) fn message(&mut self, now: Instant) -> Option<EchoMessage> {
        ticks_due(&mut self.next_message, MESSAGE_INTERVAL, now)?;
        self.messages += 1;
        Some(EchoMessage { is_echo: false, number: self.messages, sent_at: now })
    }
}

/// How many intervals have passed since the last time; None before the next is due.
fn ticks_due(next: &mut Instant, interval: Duration, now: Instant) -> Option<u32> {
    if now < *next {
        return None;
    }
    let missed = now.since(*next).as_nanos() / interval.as_nanos().max(1);
    let missed = u32::try_from(missed).unwrap_or(u32::MAX);
    *next = *next + interval * missed.saturating_add(1);
    Some(missed.saturating_add(1))
}

/// A message on a data channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EchoMessage {
    pub is_echo: bool,
    pub number: u32,
    /// The time of sending by the clock of the end that sent the message first.
    pub sent_at: Instant,
}

impl EchoMessage {
    pub(super) fn write(self) -> Vec<u8> {
        let mut bytes = vec![if self.is_echo { b'q' } else { b'p' }];
        bytes.extend_from_slice(&self.number.to_be_bytes());
        let micros = u64::try_from(self.sent_at.since_start().as_micros()).unwrap_or(u64::MAX);
        bytes.extend_from_slice(&micros.to_be_bytes());
        bytes.resize(MESSAGE_BYTES, b'.');
        bytes
    }

    /// Reads a message; None where the bytes are not one of this program's.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let is_echo = match bytes.first()? {
            b'p' => false,
            b'q' => true,
            _ => return None,
        };
        let number = u32::from_be_bytes(bytes.get(1..5)?.try_into().ok()?);
        let micros = u64::from_be_bytes(bytes.get(5..13)?.try_into().ok()?);
        Some(Self { is_echo, number, sent_at: Instant::after_start(Duration::from_micros(micros)) })
    }
}

/// Both channels, in the order in which they are asked for.
pub(super) const CHANNELS: [DataChannel; 2] = [DataChannel::Reliable, DataChannel::Unreliable];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    #[test]
    fn a_second_of_it_has_fifty_packets_of_speech_thirty_frames_and_the_bytes_that_were_asked_for() {
        let mut source = MediaSource::new(at(0));
        source.set_video_bps(1_500_000);
        let mut media = Vec::new();
        let mut now = at(0);
        while now < at(1000) {
            media.extend(source.media(now));
            source.message(now);
            now = source.due();
        }
        let video: Vec<_> = media.iter().filter(|packet| packet.kind == StreamKind::Video).collect();
        assert_eq!(media.len() - video.len(), 50);
        assert!((30..=31).contains(&video.iter().filter(|packet| packet.marker).count()));
        let bits: usize = video.iter().map(|packet| packet.payload.len() * 8).sum();
        assert!((1_450_000..1_560_000).contains(&bits), "{bits}");
        assert!(video.iter().all(|packet| packet.payload.len() <= VIDEO_PACKET_BYTES));
    }

    #[test]
    fn what_a_late_wake_missed_is_not_sent_in_a_burst_but_its_time_passes() {
        let mut source = MediaSource::new(at(0));
        let first = source.media(at(0))[0].timestamp;
        let late = source.media(at(1000));
        assert_eq!(late.len(), 1);
        assert_eq!(late[0].timestamp - first, 50 * AUDIO_TICKS);
        assert_eq!(source.next_audio, at(1020));
    }

    #[test]
    fn a_message_is_read_as_it_was_written_and_others_are_not_read() {
        let message = EchoMessage { is_echo: false, number: 7, sent_at: at(1234) };
        assert_eq!(EchoMessage::read(&message.write()), Some(message));
        for junk in [&b""[..], b"p", b"hello, is anybody there?", b"q1234"] {
            assert_eq!(EchoMessage::read(junk), None);
        }
    }
}

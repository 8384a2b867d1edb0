//! What a stack tells of a call: that it is secured, what came, and what the other end reports.

use super::StackError;
use crate::model::Text;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::peer) enum StreamKind {
    Audio,
    Video,
}

/// A data channel, by how it delivers (RFC 8831 §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::peer) enum DataChannel {
    /// Messages come in order, and lost ones are sent again.
    Reliable,
    /// Messages come as they arrive, and lost ones stay lost.
    Unreliable,
}

/// One RTP packet that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::peer) struct RtpPacket {
    pub kind: StreamKind,
    /// The sequence number with its rollovers counted.
    pub sequence: u64,
    /// The sampling instant in units of the codec's clock: 48 kHz for audio, 90 kHz for video.
    pub timestamp: u64,
    pub payload_bytes: usize,
}

/// What the other end reports of our stream in its receiver reports (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::peer) struct RtcpReport {
    pub kind: StreamKind,
    pub rtt: Option<Duration>,
    pub lost: Option<u64>,
    /// Interarrival jitter in units of the codec's clock.
    pub jitter: Option<u32>,
    /// The highest sequence number that came there, with its rollovers counted.
    pub highest: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::peer) enum Event {
    /// The handshake is done, and the certificate is the one that was announced.
    Secured {
        version: Text,
    },
    Opened(DataChannel),
    Packet(RtpPacket),
    Data {
        channel: DataChannel,
        data: Vec<u8>,
    },
    Report(RtcpReport),
    /// What the path would take, by the other end's feedback, in bits a second.
    Estimate(u64),
    /// The other end has closed.
    Closed,
    /// Nothing more can come of it.
    Failed(StackError),
}

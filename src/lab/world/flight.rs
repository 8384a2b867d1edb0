//! The payloads that simulated machines exchange: datagrams and TCP segments.

use crate::lab::packet::Cargo;
use crate::lab::stream::Segment;

/// The size of a UDP header (RFC 768), in bytes.
const UDP_HEADER: usize = 8;
/// The size of a TCP header without options (RFC 9293 §3.1), in bytes.
const TCP_HEADER: usize = 20;

/// What simulated machines send to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flight {
    Datagram(Vec<u8>),
    Segment(Segment),
}

impl Cargo for Flight {
    fn content(&self) -> &[u8] {
        match self {
            Self::Datagram(bytes) => bytes,
            Self::Segment(segment) => segment.content(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Datagram(bytes) => UDP_HEADER + bytes.len(),
            Self::Segment(segment) => TCP_HEADER + segment.bytes(),
        }
    }
}

//! What crosses the network: a datagram, or word that one could not arrive.

use std::net::SocketAddr;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub source: SocketAddr,
    pub destination: SocketAddr,
    pub payload: Payload,
    /// Dropped rather than fragmented where it is too large.
    pub dont_fragment: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    Data(Vec<u8>),
    /// ICMP "port unreachable" from `source` about what was sent to it.
    PortUnreachable,
}

impl Packet {
    /// The size of the IP packet, in bytes.
    pub fn bytes(&self) -> usize {
        let headers = if self.destination.is_ipv4() { 20 + 8 } else { 40 + 8 };
        headers
            + match &self.payload {
                Payload::Data(data) => data.len(),
                Payload::PortUnreachable => 36,
            }
    }
}

//! What crosses the network: a packet of some kind of load, or word that one could not arrive.

use crate::model::Icmp;
use std::net::{IpAddr, SocketAddr};

/// Whose ports a packet has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IpProtocol {
    /// UDP (RFC 768).
    Udp,
    /// TCP (RFC 9293).
    Tcp,
    /// ICMP echo. The asking end has the identifier for its port, the asked one 0.
    Echo,
}

/// What a network carries, as far as it looks into it.
pub trait Cargo: Clone {
    /// What the transport protocol carries: as much of it as a firewall may look at.
    fn content(&self) -> &[u8];
    /// The size of what stands behind the IP header, in bytes.
    fn bytes(&self) -> usize;
}

/// One IP packet on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet<P> {
    /// The protocol above IP.
    pub protocol: IpProtocol,
    /// The source address and port.
    pub source: SocketAddr,
    /// The destination address and port.
    pub destination: SocketAddr,
    /// Dropped rather than fragmented where it is too large.
    pub dont_fragment: bool,
    /// What it carries.
    pub load: Load<P>,
}

/// What a packet carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<P> {
    /// The payload of the transport protocol.
    Cargo(P),
    /// An ICMP error about another packet.
    Error(Box<IcmpError<P>>),
}

/// Word about a packet that this one's destination had sent to this one's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpError<P> {
    /// What went wrong.
    pub problem: Problem,
    /// The router or host that reports it.
    pub by: IpAddr,
    /// The payload of the packet that the error is about.
    pub about: P,
}

/// Why a packet could not be delivered, as ICMP reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Destination unreachable (RFC 792, RFC 4443 §3.1).
    Unreachable(Icmp),
    /// The largest IP packet that fits (RFC 1191 §4, RFC 4443 §3.2).
    TooBig {
        /// The size in bytes.
        mtu_bytes: usize,
    },
}

/// RFC 792: its own header, the other's IP header and eight bytes.
const ERROR_BYTES: usize = 36;

impl<P: Cargo> Packet<P> {
    /// The size of the whole IP packet.
    pub fn ip_bytes(&self) -> usize {
        let header = if self.destination.is_ipv4() { 20 } else { 40 };
        header
            + match &self.load {
                Load::Cargo(cargo) => cargo.bytes(),
                Load::Error(_) => ERROR_BYTES,
            }
    }

    /// The word that goes back to its sender; None about what is itself such a word (RFC 1122 §3.2.2).
    pub fn error(self, problem: Problem, by: IpAddr) -> Option<Self> {
        let Load::Cargo(about) = self.load else { return None };
        let error = Load::Error(Box::new(IcmpError { problem, by, about }));
        Some(Self { source: self.destination, destination: self.source, dont_fragment: false, load: error, ..self })
    }
}

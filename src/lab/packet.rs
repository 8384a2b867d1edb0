//! The packets of the network: transport payloads, and ICMP errors about them.

use crate::model::Icmp;
use std::net::{IpAddr, SocketAddr};

/// The protocol above IP, which decides what the ports of a packet mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IpProtocol {
    /// UDP (RFC 768).
    Udp,
    /// TCP (RFC 9293).
    Tcp,
    /// ICMP echo. The port of the requester is the identifier, that of the responder is 0.
    Echo,
}

/// The payload of a packet, as far as the network looks into it.
pub trait Cargo: Clone {
    /// The payload above the transport header, as far as a firewall can inspect it.
    fn content(&self) -> &[u8];
    /// The size of everything behind the IP header, in bytes.
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
    /// The DF bit: a packet that is too large is dropped rather than fragmented.
    pub dont_fragment: bool,
    /// How many routers may still forward it, less one: the time to live of IPv4, the hop limit of IPv6.
    pub hops: u8,
    /// What it carries.
    pub load: Load<P>,
}

/// The default time to live (RFC 1700).
pub(super) const USUAL_HOPS: u8 = 64;

/// What a packet carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<P> {
    /// The payload of the transport protocol.
    Cargo(P),
    /// An ICMP error about another packet.
    Error(Box<IcmpError<P>>),
}

/// An ICMP error about a packet that the receiver of this error has sent. The error packet has the reversed addresses
/// of that packet.
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
    /// The hop limit was reached (RFC 792, RFC 4443 §3.3).
    TimeExceeded,
    /// The largest IP packet that fits (RFC 1191 §4, RFC 4443 §3.2).
    TooBig {
        /// The size in bytes.
        mtu_bytes: usize,
    },
}

/// The size of an ICMP error: its header, and the IP header and eight bytes of the other packet (RFC 792).
const ERROR_BYTES: usize = 36;

impl<P: Cargo> Packet<P> {
    /// The size of the whole IP packet, in bytes.
    pub fn ip_bytes(&self) -> usize {
        let header = if self.destination.is_ipv4() { 20 } else { 40 };
        header
            + match &self.load {
                Load::Cargo(cargo) => cargo.bytes(),
                Load::Error(_) => ERROR_BYTES,
            }
    }

    /// The ICMP error for the sender of this packet; None where this is an ICMP error itself (RFC 1122 §3.2.2).
    pub fn error(self, problem: Problem, by: IpAddr) -> Option<Self> {
        let Load::Cargo(about) = self.load else { return None };
        let error = Load::Error(Box::new(IcmpError { problem, by, about }));
        Some(Self {
            source: self.destination,
            destination: self.source,
            dont_fragment: false,
            hops: USUAL_HOPS,
            load: error,
            ..self
        })
    }
}

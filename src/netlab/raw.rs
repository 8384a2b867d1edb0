//! Parses packets from a TAP device (RFC 791, RFC 8200, RFC 792, RFC 4443).
//!
//! The network carries UDP, TCP, ICMP echo and ICMP errors about these. Fragments, IPv6 extension headers and other
//! protocols are not supported.

use crate::lab::{Cargo, IcmpError, IpProtocol, Load, Packet, Problem};
use crate::model::Icmp;
use std::net::{IpAddr, SocketAddr};

/// An IP packet, or as much of one as an ICMP error quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPacket {
    pub(super) bytes: Vec<u8>,
    /// The length of the IP header: at least 20 bytes of IPv4, exactly 40 of IPv6, and `bytes` is no shorter.
    pub(super) header: usize,
    pub(super) protocol: IpProtocol,
}

/// Why a packet is not carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ignored {
    Malformed,
    Fragment,
    /// Neither UDP, TCP, echo nor an error about one of these.
    OtherProtocol,
}

pub(super) const UDP: u8 = 17;
pub(super) const TCP: u8 = 6;
pub(super) const ICMP: u8 = 1;
pub(super) const ICMPV6: u8 = 58;

/// The size of an ICMP header, behind which an error quotes a packet.
pub(super) const ICMP_HEADER: usize = 8;

pub(super) const IPV4_HEADER: usize = 20;
pub(super) const IPV6_HEADER: usize = 40;

pub(super) mod icmp {
    pub(in super::super) const ECHO_REPLY: u8 = 0;
    pub(in super::super) const UNREACHABLE: u8 = 3;
    pub(in super::super) const ECHO: u8 = 8;
    pub(in super::super) const TIME_EXCEEDED: u8 = 11;
}

pub(super) mod icmpv6 {
    pub(in super::super) const UNREACHABLE: u8 = 1;
    pub(in super::super) const TOO_BIG: u8 = 2;
    pub(in super::super) const TIME_EXCEEDED: u8 = 3;
    pub(in super::super) const ECHO: u8 = 128;
    pub(in super::super) const ECHO_REPLY: u8 = 129;
}

pub(super) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|word| u16::from_be_bytes(*word))
}

fn address<const N: usize>(bytes: &[u8], at: usize) -> Option<IpAddr>
where
    IpAddr: From<[u8; N]>,
{
    bytes.get(at..)?.first_chunk::<N>().map(|octets| IpAddr::from(*octets))
}

/// The fields of an IP header.
struct IpHeader {
    header: usize,
    /// The total length in the header: header and payload.
    total: usize,
    protocol: u8,
    source: IpAddr,
    destination: IpAddr,
    dont_fragment: bool,
    hops: u8,
    is_fragment: bool,
}

impl IpHeader {
    fn read(bytes: &[u8]) -> Option<Self> {
        match byte(bytes, 0)? >> 4 {
            4 => Self::ipv4(bytes),
            6 => Self::ipv6(bytes),
            _ => None,
        }
    }

    fn ipv4(bytes: &[u8]) -> Option<Self> {
        let header = usize::from(byte(bytes, 0)? & 0xF) * 4;
        let (total, flags) = (usize::from(word(bytes, 2)?), word(bytes, 6)?);
        (header >= IPV4_HEADER && total >= header && bytes.len() >= header).then_some(())?;
        Some(Self {
            header,
            total,
            protocol: byte(bytes, 9)?,
            source: address::<4>(bytes, 12)?,
            destination: address::<4>(bytes, 16)?,
            dont_fragment: flags & 0x4000 != 0,
            hops: byte(bytes, 8)?,
            is_fragment: flags & 0x3FFF != 0,
        })
    }

    fn ipv6(bytes: &[u8]) -> Option<Self> {
        /// RFC 8200 §4.5.
        const FRAGMENT: u8 = 44;
        let protocol = byte(bytes, 6)?;
        Some(Self {
            header: IPV6_HEADER,
            total: IPV6_HEADER + usize::from(word(bytes, 4)?),
            protocol,
            source: address::<16>(bytes, 8)?,
            destination: address::<16>(bytes, 24)?,
            dont_fragment: true,
            hops: byte(bytes, 7)?,
            is_fragment: protocol == FRAGMENT,
        })
    }

    /// The protocol and endpoints of a packet that is neither a fragment nor an ICMP error.
    fn ends(&self, bytes: &[u8]) -> Result<(IpProtocol, SocketAddr, SocketAddr), Ignored> {
        let field = |at| word(bytes, self.header + at).ok_or(Ignored::Malformed);
        let ends = |from, to| (SocketAddr::new(self.source, from), SocketAddr::new(self.destination, to));
        let (protocol, (source, destination)) = match self.protocol {
            UDP => (IpProtocol::Udp, ends(field(0)?, field(2)?)),
            TCP => (IpProtocol::Tcp, ends(field(0)?, field(2)?)),
            ICMP | ICMPV6 => match (self.protocol, byte(bytes, self.header).ok_or(Ignored::Malformed)?) {
                (ICMP, icmp::ECHO) | (ICMPV6, icmpv6::ECHO) => (IpProtocol::Echo, ends(field(4)?, 0)),
                (ICMP, icmp::ECHO_REPLY) | (ICMPV6, icmpv6::ECHO_REPLY) => (IpProtocol::Echo, ends(0, field(4)?)),
                _ => return Err(Ignored::OtherProtocol),
            },
            _ => return Err(Ignored::OtherProtocol),
        };
        Ok((protocol, source, destination))
    }
}

/// Parses a packet that a host has sent.
pub(super) fn read(bytes: &[u8]) -> Result<Packet<RawPacket>, Ignored> {
    let head = IpHeader::read(bytes).ok_or(Ignored::Malformed)?;
    let bytes = bytes.get(..head.total).ok_or(Ignored::Malformed)?;
    if head.is_fragment {
        return Err(Ignored::Fragment);
    }
    if let Some(problem) = problem(&head, bytes) {
        let quoted = bytes.get(head.header + ICMP_HEADER..).ok_or(Ignored::Malformed)?;
        return error(problem, &head, quoted);
    }
    let (protocol, source, destination) = head.ends(bytes)?;
    let cargo = RawPacket { bytes: bytes.to_vec(), header: head.header, protocol };
    Ok(Packet {
        protocol,
        source,
        destination,
        dont_fragment: head.dont_fragment,
        hops: head.hops,
        load: Load::Cargo(cargo),
    })
}

/// An ICMP error gets the reversed addresses of the packet that it is about.
fn error(problem: Problem, outer: &IpHeader, quoted: &[u8]) -> Result<Packet<RawPacket>, Ignored> {
    let head = IpHeader::read(quoted).ok_or(Ignored::Malformed)?;
    let (protocol, source, destination) = head.ends(quoted)?;
    let about = RawPacket { bytes: quoted.to_vec(), header: head.header, protocol };
    let load = Load::Error(Box::new(IcmpError { problem, by: outer.source, about }));
    Ok(Packet { protocol, source: destination, destination: source, dont_fragment: false, hops: outer.hops, load })
}

/// The problem that an ICMP error reports; None for other packets.
fn problem(head: &IpHeader, bytes: &[u8]) -> Option<Problem> {
    let (kind, code) = (byte(bytes, head.header)?, byte(bytes, head.header + 1)?);
    let unreachable = |icmp| Some(Problem::Unreachable(icmp));
    match (head.protocol, kind, code) {
        (ICMP, icmp::UNREACHABLE, 0) | (ICMPV6, icmpv6::UNREACHABLE, 0) => unreachable(Icmp::NetUnreachable),
        (ICMP, icmp::UNREACHABLE, 1) | (ICMPV6, icmpv6::UNREACHABLE, 3) => unreachable(Icmp::HostUnreachable),
        (ICMP, icmp::UNREACHABLE, 3) | (ICMPV6, icmpv6::UNREACHABLE, 4) => unreachable(Icmp::PortUnreachable),
        (ICMP, icmp::UNREACHABLE, 9 | 10 | 13) | (ICMPV6, icmpv6::UNREACHABLE, 1 | 5 | 6) => {
            unreachable(Icmp::Prohibited)
        }
        // RFC 1191 §4 has the size in the header's last two bytes, RFC 4443 §3.2 in its last four.
        (ICMP, icmp::UNREACHABLE, 4) | (ICMPV6, icmpv6::TOO_BIG, _) => {
            Some(Problem::TooBig { mtu_bytes: usize::from(word(bytes, head.header + 6)?) })
        }
        (ICMP, icmp::TIME_EXCEEDED, 0) | (ICMPV6, icmpv6::TIME_EXCEEDED, 0) => Some(Problem::TimeExceeded),
        (ICMP, icmp::UNREACHABLE | icmp::TIME_EXCEEDED, _)
        | (ICMPV6, icmpv6::UNREACHABLE | icmpv6::TIME_EXCEEDED, _) => unreachable(Icmp::Other),
        _ => None,
    }
}

impl Cargo for RawPacket {
    fn content(&self) -> &[u8] {
        let transport = match self.protocol {
            IpProtocol::Udp => 8,
            IpProtocol::Tcp => byte(&self.bytes, self.header + 12).map_or(20, |byte| usize::from(byte >> 4) * 4),
            IpProtocol::Echo => ICMP_HEADER,
        };
        self.bytes.get(self.header + transport..).unwrap_or_default()
    }

    fn bytes(&self) -> usize {
        self.bytes.len() - self.header
    }
}

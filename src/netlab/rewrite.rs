//! Encodes a packet for its receiver: with the addresses and ports that the network gave it, translated to the other
//! address family where it crossed a NAT64 (RFC 7915 §4 and §5), or as an ICMP error.

use super::checksum::Sum;
use super::raw::{ICMP, ICMP_HEADER, ICMPV6, IPV4_HEADER, IPV6_HEADER, RawPacket, TCP, UDP, byte, icmp, icmpv6, word};
use crate::lab::{IcmpError, IpProtocol, Load, Packet, Problem};
use crate::model::Icmp;
use std::net::{IpAddr, SocketAddr};

/// The bytes for the device of the receiver; None where the packet cannot be translated to its new address family.
pub(super) fn write(packet: Packet<RawPacket>) -> Option<Vec<u8>> {
    let Packet { source, destination, load, .. } = packet;
    match load {
        Load::Cargo(raw) => relabelled(raw, source, destination),
        Load::Error(error) => {
            let IcmpError { problem, by, about } = *error;
            // An ICMP error from the far side of a NAT64 gets the address under which that side is known here.
            let by = if by.is_ipv4() == destination.is_ipv4() { by } else { source.ip() };
            let quoted = relabelled(about, destination, source)?;
            Some(icmp_error(problem, by, destination.ip(), &quoted))
        }
    }
}

fn relabelled(mut raw: RawPacket, source: SocketAddr, destination: SocketAddr) -> Option<Vec<u8>> {
    if source.is_ipv4() != destination.is_ipv4() {
        return None;
    }
    let was_ipv4 = byte(&raw.bytes, 0)? >> 4 == 4;
    if was_ipv4 != source.is_ipv4() {
        raw = if was_ipv4 { to_ipv6(&raw)? } else { to_ipv4(&raw)? };
    }
    relabel(&mut raw, source, destination)?;
    Some(raw.bytes)
}

/// Both addresses as they are encoded in a header, source first.
fn addresses(source: IpAddr, destination: IpAddr) -> Vec<u8> {
    [source, destination]
        .iter()
        .flat_map(|address| match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        })
        .collect()
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) -> Option<()> {
    bytes.get_mut(at..at + new.len())?.copy_from_slice(new);
    Some(())
}

/// Replaces addresses and ports, and updates the checksums. A packet that an ICMP error quotes may end before its
/// checksum.
fn relabel(raw: &mut RawPacket, source: SocketAddr, destination: SocketAddr) -> Option<()> {
    let new = addresses(source.ip(), destination.ip());
    let is_ipv4 = source.is_ipv4();
    let at = if is_ipv4 { 12 } else { 8 };
    let difference = Sum::default().minus(raw.bytes.get(at..at + new.len())?).plus(&new);
    put(&mut raw.bytes, at, &new)?;
    if is_ipv4 {
        mend(&mut raw.bytes, 10, difference);
    }
    // The ICMP checksum covers the addresses only in IPv6 (RFC 4443 §2.3).
    let covered = if is_ipv4 && raw.protocol == IpProtocol::Echo { Sum::default() } else { difference };
    let (at, new) = match raw.protocol {
        IpProtocol::Udp | IpProtocol::Tcp => {
            (raw.header, [source.port().to_be_bytes(), destination.port().to_be_bytes()].concat())
        }
        // The port of the requester is the identifier, the other one is 0.
        IpProtocol::Echo => (raw.header + 4, (source.port() | destination.port()).to_be_bytes().to_vec()),
    };
    let difference = covered.minus(raw.bytes.get(at..at + new.len())?).plus(&new);
    put(&mut raw.bytes, at, &new)?;
    let checksum = raw.header + checksum_at(raw.protocol);
    match (raw.protocol, word(&raw.bytes, checksum)) {
        // In IPv4 a UDP checksum is optional (RFC 768).
        (IpProtocol::Udp, Some(0)) => {}
        (IpProtocol::Udp, Some(old)) => drop(put(&mut raw.bytes, checksum, &never_zero(difference.applied_to(old)))),
        _ => mend(&mut raw.bytes, checksum, difference),
    }
    Some(())
}

/// A UDP checksum of zero means that there is none, so the equivalent 0xFFFF is sent (RFC 768).
fn never_zero(checksum: u16) -> [u8; 2] {
    if checksum == 0 { [0xFF; 2] } else { checksum.to_be_bytes() }
}

fn checksum_at(protocol: IpProtocol) -> usize {
    match protocol {
        IpProtocol::Udp => 6,
        IpProtocol::Tcp => 16,
        IpProtocol::Echo => 2,
    }
}

fn mend(bytes: &mut [u8], at: usize, difference: Sum) {
    if let Some(old) = word(bytes, at) {
        let _ = put(bytes, at, &difference.applied_to(old).to_be_bytes());
    }
}

/// Translates to IPv4 with zero addresses; [`relabel`] fills them in and updates the checksums.
fn to_ipv4(raw: &RawPacket) -> Option<RawPacket> {
    let length = usize::from(word(&raw.bytes, 4)?) + IPV4_HEADER;
    let class = (word(&raw.bytes, 0)? >> 4) as u8;
    let header = ipv4_header(class, u16::try_from(length).ok()?, byte(&raw.bytes, 7)?, number(raw.protocol, true));
    let old = Sum::default().minus(raw.bytes.get(8..IPV6_HEADER)?);
    exchanged(raw, &header, old, true)
}

fn to_ipv6(raw: &RawPacket) -> Option<RawPacket> {
    let length = usize::from(word(&raw.bytes, 2)?).checked_sub(raw.header)?;
    let class = byte(&raw.bytes, 1)?;
    let header = ipv6_header(class, u16::try_from(length).ok()?, byte(&raw.bytes, 8)?, number(raw.protocol, false));
    let old = Sum::default().minus(raw.bytes.get(12..IPV4_HEADER)?);
    exchanged(raw, &header, old, false)
}

/// Replaces the IP header. `old` removes the old addresses from the transport checksum.
fn exchanged(raw: &RawPacket, header: &[u8], old: Sum, to_ipv4: bool) -> Option<RawPacket> {
    let carried = raw.bytes.get(raw.header..)?;
    let mut new = RawPacket { bytes: [header, carried].concat(), header: header.len(), protocol: raw.protocol };
    let at = new.header + checksum_at(raw.protocol);
    match raw.protocol {
        IpProtocol::Udp if word(&new.bytes, at) == Some(0) => {
            // In IPv6 a UDP checksum is mandatory (RFC 7915 §4.5).
            let pseudo = [0, UDP];
            let length = word(&new.bytes, new.header + 4)?.to_be_bytes();
            let sum = Sum::default().plus(&pseudo).plus(&length).plus(carried);
            put(&mut new.bytes, at, &never_zero(sum.checksum()))?;
        }
        IpProtocol::Udp => {
            if let Some(checksum) = word(&new.bytes, at) {
                put(&mut new.bytes, at, &never_zero(old.applied_to(checksum)))?;
            }
        }
        IpProtocol::Tcp => mend(&mut new.bytes, at, old),
        IpProtocol::Echo => {
            let kind = match (byte(carried, 0)?, to_ipv4) {
                (icmp::ECHO, false) => icmpv6::ECHO,
                (icmp::ECHO_REPLY, false) => icmpv6::ECHO_REPLY,
                (icmpv6::ECHO, true) => icmp::ECHO,
                (icmpv6::ECHO_REPLY, true) => icmp::ECHO_REPLY,
                _ => return None,
            };
            put(&mut new.bytes, new.header, &[kind])?;
            // Only ICMPv6 has a pseudo-header, with the length and the protocol number (RFC 4443 §2.3).
            let length = u16::try_from(carried.len()).ok()?.to_be_bytes();
            let pseudo = [length, [0, ICMPV6]].concat();
            let kinds = Sum::default().minus(&[byte(carried, 0)?, 0]).plus(&[kind, 0]);
            let difference =
                if to_ipv4 { kinds.minus(&pseudo).minus(raw.bytes.get(8..IPV6_HEADER)?) } else { kinds.plus(&pseudo) };
            mend(&mut new.bytes, at, difference);
        }
    }
    Some(new)
}

fn number(protocol: IpProtocol, in_ipv4: bool) -> u8 {
    match (protocol, in_ipv4) {
        (IpProtocol::Udp, _) => UDP,
        (IpProtocol::Tcp, _) => TCP,
        (IpProtocol::Echo, true) => ICMP,
        (IpProtocol::Echo, false) => ICMPV6,
    }
}

/// An IPv4 header with zero addresses.
fn ipv4_header(class: u8, length: u16, hops: u8, protocol: u8) -> [u8; IPV4_HEADER] {
    // DF is set for packets that are longer than the minimum MTU of IPv6 allows (RFC 7915 §5.1).
    let may_fragment = length <= 1260;
    let [high, low] = length.to_be_bytes();
    let flags = if may_fragment { 0 } else { 0x40 };
    let mut header = [0x45, class, high, low, 0, 0, flags, 0, hops, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let [high, low] = Sum::default().plus(&header).checksum().to_be_bytes();
    (header[10], header[11]) = (high, low);
    header
}

/// An IPv6 header with zero addresses.
fn ipv6_header(class: u8, length: u16, hops: u8, protocol: u8) -> [u8; IPV6_HEADER] {
    let [high, low] = length.to_be_bytes();
    let mut header = [0; IPV6_HEADER];
    header[..8].copy_from_slice(&[0x60 | class >> 4, class << 4, 0, 0, high, low, protocol, hops]);
    header
}

/// The largest ICMP error: it quotes as much of the other packet as fits into 576 bytes (RFC 1812 §4.3.2.3), in IPv6
/// into 1280 (RFC 4443 §3.1).
const LARGEST_IPV4: usize = 576;
const LARGEST_IPV6: usize = 1280;
const HOPS: u8 = 64;

/// Encodes an ICMP error.
fn icmp_error(problem: Problem, by: IpAddr, to: IpAddr, quoted: &[u8]) -> Vec<u8> {
    let is_ipv4 = to.is_ipv4();
    let (largest, header) = if is_ipv4 { (LARGEST_IPV4, IPV4_HEADER) } else { (LARGEST_IPV6, IPV6_HEADER) };
    let quoted = quoted.get(..largest - header - ICMP_HEADER).unwrap_or(quoted);
    let (kind, code, rest) = words(problem, is_ipv4);
    let mut message = [&[kind, code, 0, 0][..], &rest.to_be_bytes(), quoted].concat();
    let length = message.len() as u16;
    let ends = addresses(by, to);
    let sum = if is_ipv4 {
        Sum::default()
    } else {
        Sum::default().plus(&ends).plus(&length.to_be_bytes()).plus(&[0, ICMPV6])
    };
    let checksum = sum.plus(&message).checksum().to_be_bytes();
    let _ = put(&mut message, 2, &checksum);
    if is_ipv4 {
        let mut header = ipv4_header(0, length + IPV4_HEADER as u16, HOPS, ICMP);
        header[12..].copy_from_slice(&ends);
        mend(&mut header, 10, Sum::default().plus(&ends));
        [&header[..], &message].concat()
    } else {
        let mut header = ipv6_header(0, length, HOPS, ICMPV6);
        header[8..].copy_from_slice(&ends);
        [&header[..], &message].concat()
    }
}

/// Type, code and the last four bytes of the header.
fn words(problem: Problem, in_ipv4: bool) -> (u8, u8, u32) {
    let unreachable = if in_ipv4 { icmp::UNREACHABLE } else { icmpv6::UNREACHABLE };
    let code = |ipv4, ipv6| if in_ipv4 { ipv4 } else { ipv6 };
    match problem {
        Problem::TooBig { mtu_bytes } => {
            let mtu = mtu_bytes.min(usize::from(u16::MAX)) as u32;
            if in_ipv4 { (icmp::UNREACHABLE, 4, mtu) } else { (icmpv6::TOO_BIG, 0, mtu) }
        }
        Problem::TimeExceeded => (if in_ipv4 { icmp::TIME_EXCEEDED } else { icmpv6::TIME_EXCEEDED }, 0, 0),
        Problem::Unreachable(Icmp::NetUnreachable) => (unreachable, code(0, 0), 0),
        Problem::Unreachable(Icmp::HostUnreachable | Icmp::TimeExceeded | Icmp::Other) => (unreachable, code(1, 3), 0),
        Problem::Unreachable(Icmp::PortUnreachable) => (unreachable, code(3, 4), 0),
        Problem::Unreachable(Icmp::Prohibited) => (unreachable, code(13, 1), 0),
    }
}

#[cfg(test)]
mod tests;

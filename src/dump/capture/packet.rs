//! What does a packet carry from where to where? (IEEE 802.3, the cooked and raw link types of tcpdump.org, RFC 791, RFC 8200)
//!
//! Of IP what carries UDP, TCP and the errors of ICMP; fragments are put together before (fragments.rs). Packets whose end
//! was not kept are told as far as they go.

use super::file::CapturedFrame;
use super::fragments::Fragments;
use crate::model::Icmp;
use etherparse::{
    EtherType, IpNumber, LaxNetSlice, LaxSlicedPacket, TcpSlice, TransportSlice, UdpSlice, ether_type, ip_number,
};
use pcap_parser::Linktype;
use std::net::{IpAddr, SocketAddr};

/// What is read of one packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CapturedPacket<'a> {
    Datagram {
        from: SocketAddr,
        to: SocketAddr,
        /// As far as it was kept.
        payload: &'a [u8],
        /// How much of its end was not kept.
        cut_bytes: usize,
    },
    Segment(TcpSegment<'a>),
    /// Somebody says that a packet got no further.
    Undeliverable {
        icmp: Icmp,
        by: IpAddr,
        /// Where that packet came from and went to.
        from: SocketAddr,
        to: SocketAddr,
        carried: CarriedProtocol,
    },
}

/// What carries a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CarriedProtocol {
    Udp,
    Tcp,
}

/// One segment of TCP (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TcpSegment<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    pub(super) syn: bool,
    pub(super) ack: bool,
    pub(super) rst: bool,
    /// As far as it was kept.
    pub(super) payload: &'a [u8],
    pub(super) cut_bytes: usize,
}

/// Reads one frame and hands over what it carries, which may be nothing.
pub(super) fn open(frame: CapturedFrame<'_>, fragments: &mut Fragments, take: impl FnOnce(CapturedPacket<'_>)) {
    let Some(packet) = network(frame.link, frame.bytes) else { return };
    let Some((from, to, payload)) = packet.net.as_ref().and_then(addresses) else { return };
    let number = payload.ip_number;
    if payload.fragmented {
        let whole = fragments.put_together(frame.at, packet.net.as_ref());
        if let Some(packet) = whole.as_deref().and_then(|whole| transport(number, from, to, whole, 0)) {
            take(packet);
        }
        return;
    }
    let cut_bytes = if payload.incomplete { frame.cut_bytes.max(1) } else { 0 };
    let opened = match packet.transport {
        Some(TransportSlice::Udp(udp)) => Some(datagram(from, to, &udp, cut_bytes)),
        Some(TransportSlice::Tcp(tcp)) => Some(CapturedPacket::Segment(segment(from, to, &tcp, cut_bytes))),
        _ => transport(number, from, to, payload.payload, cut_bytes),
    };
    if let Some(packet) = opened {
        take(packet);
    }
}

/// The headers of link and network.
fn network(link: Linktype, bytes: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    /// LINKTYPE_RAW as some systems number it in their files.
    const RAW_BSD: [i32; 2] = [12, 14];
    match link {
        Linktype::ETHERNET => ethernet(bytes),
        Linktype::LINUX_SLL => from_type(bytes.get(14..16)?, bytes.get(16..)?),
        Linktype::LINUX_SLL2 => from_type(bytes.get(..2)?, bytes.get(20..)?),
        Linktype::RAW | Linktype::IPV4 | Linktype::IPV6 => LaxSlicedPacket::from_ip(bytes).ok(),
        // Four bytes of family, in the order of whoever wrote them; the IP header says the same.
        Linktype::NULL | Linktype::LOOP => LaxSlicedPacket::from_ip(bytes.get(4..)?).ok(),
        Linktype(other) if RAW_BSD.contains(&other) => LaxSlicedPacket::from_ip(bytes).ok(),
        _ => None,
    }
}

/// Also within PPPoE (RFC 2516), as on the line of a home router.
fn ethernet(bytes: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    const PPPOE_SESSION: [u8; 2] = [0x88, 0x64];
    const PPPOE_AND_PPP_BYTES: usize = 8;
    if bytes.get(12..14) == Some(&PPPOE_SESSION[..]) {
        return LaxSlicedPacket::from_ip(bytes.get(14 + PPPOE_AND_PPP_BYTES..)?).ok();
    }
    LaxSlicedPacket::from_ethernet(bytes).ok()
}

fn from_type<'a>(kind: &[u8], bytes: &'a [u8]) -> Option<LaxSlicedPacket<'a>> {
    let kind = EtherType(u16::from_be_bytes(kind.try_into().ok()?));
    let is_read = [ether_type::IPV4, ether_type::IPV6, ether_type::VLAN_TAGGED_FRAME, ether_type::PROVIDER_BRIDGING];
    is_read.contains(&kind).then(|| LaxSlicedPacket::from_ether_type(kind, bytes))
}

fn addresses<'a>(net: &LaxNetSlice<'a>) -> Option<(IpAddr, IpAddr, etherparse::LaxIpPayloadSlice<'a>)> {
    match net {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            Some((header.source_addr().into(), header.destination_addr().into(), ip.payload().clone()))
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            Some((header.source_addr().into(), header.destination_addr().into(), ip.payload().clone()))
        }
        LaxNetSlice::Arp(_) => None,
    }
}

/// What stands behind the headers of IP. Used where the library does not split it: of fragments, and of ICMP.
fn transport(
    number: IpNumber,
    from: IpAddr,
    to: IpAddr,
    payload: &[u8],
    cut_bytes: usize,
) -> Option<CapturedPacket<'_>> {
    match number {
        ip_number::UDP => Some(datagram(from, to, &UdpSlice::from_slice_lax(payload).ok()?, cut_bytes)),
        ip_number::TCP => {
            Some(CapturedPacket::Segment(segment(from, to, &TcpSlice::from_slice(payload).ok()?, cut_bytes)))
        }
        ip_number::ICMP => undeliverable(from, icmp(*payload.first()?, *payload.get(1)?)?, payload.get(8..)?),
        ip_number::IPV6_ICMP => undeliverable(from, icmp6(*payload.first()?, *payload.get(1)?)?, payload.get(8..)?),
        _ => None,
    }
}

fn datagram<'a>(from: IpAddr, to: IpAddr, udp: &UdpSlice<'a>, cut_bytes: usize) -> CapturedPacket<'a> {
    let (from, to) = (SocketAddr::new(from, udp.source_port()), SocketAddr::new(to, udp.destination_port()));
    // A datagram of a larger size than was kept tells how much is missing; one that the sender's card was to cut up does not.
    let missing = usize::from(udp.length()).saturating_sub(udp.slice().len());
    CapturedPacket::Datagram { from, to, payload: udp.payload(), cut_bytes: if cut_bytes > 0 { missing } else { 0 } }
}

fn segment<'a>(from: IpAddr, to: IpAddr, tcp: &TcpSlice<'a>, cut_bytes: usize) -> TcpSegment<'a> {
    TcpSegment {
        from: SocketAddr::new(from, tcp.source_port()),
        to: SocketAddr::new(to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        syn: tcp.syn(),
        ack: tcp.ack(),
        rst: tcp.rst(),
        payload: tcp.payload(),
        cut_bytes,
    }
}

/// RFC 792, RFC 1812 §5.2.7.1.
fn icmp(kind: u8, code: u8) -> Option<Icmp> {
    Some(match (kind, code) {
        (3, 0) => Icmp::NetUnreachable,
        (3, 1) => Icmp::HostUnreachable,
        (3, 3) => Icmp::PortUnreachable,
        (3, 9 | 10 | 13) => Icmp::Prohibited,
        // That a packet is too large is told to its sender, who sends smaller ones.
        (3, 4) => return None,
        (3, _) => Icmp::Other,
        (11, 0) => Icmp::TimeExceeded,
        _ => return None,
    })
}

/// RFC 4443 §3.1, §3.3.
fn icmp6(kind: u8, code: u8) -> Option<Icmp> {
    Some(match (kind, code) {
        (1, 0) => Icmp::NetUnreachable,
        (1, 1 | 5 | 6) => Icmp::Prohibited,
        (1, 3) => Icmp::HostUnreachable,
        (1, 4) => Icmp::PortUnreachable,
        (1, _) => Icmp::Other,
        (3, 0) => Icmp::TimeExceeded,
        _ => return None,
    })
}

/// `quoted` is the packet that got no further: its headers, and eight bytes or more behind them (RFC 792).
fn undeliverable(by: IpAddr, icmp: Icmp, quoted: &[u8]) -> Option<CapturedPacket<'static>> {
    let packet = LaxSlicedPacket::from_ip(quoted).ok()?;
    let (from, to, payload) = addresses(packet.net.as_ref()?)?;
    let carried = match payload.ip_number {
        ip_number::UDP => CarriedProtocol::Udp,
        ip_number::TCP => CarriedProtocol::Tcp,
        _ => return None,
    };
    let port = |at: usize| Some(u16::from_be_bytes(payload.payload.get(at..at + 2)?.try_into().ok()?));
    let (from, to) = (SocketAddr::new(from, port(0)?), SocketAddr::new(to, port(2)?));
    Some(CapturedPacket::Undeliverable { icmp, by, from, to, carried })
}

#[cfg(test)]
mod tests;

//! Which candidates are there, in which order of preference, and which are the same? (RFC 8445 §5.1)

use crate::model::{
    Candidate, CandidateType, Interface, InterfaceAddress, Protocol, ServerUri, TcpType, Transport, cut_fairly,
};
use crc::{CRC_32_ISO_HDLC, Crc};
use std::net::{IpAddr, SocketAddr};

/// One component: with BUNDLE and rtcp-mux there is no second (RFC 8843, RFC 5761).
const COMPONENT: u32 = 1;

/// RFC 8445 §5.1.2.2.
fn type_preference(kind: CandidateType) -> u32 {
    match kind {
        CandidateType::Host => 126,
        CandidateType::Prflx => 110,
        CandidateType::Srflx => 100,
        CandidateType::Relay => 0,
    }
}

/// libwebrtc's type preference of a TCP host candidate: below every UDP candidate but the relayed.
const TCP_HOST_PREFERENCE: u32 = 90;

/// RFC 8445 §5.1.2.1.
fn priority(kind: CandidateType, local_preference: u16) -> u32 {
    (type_preference(kind) << 24) + (u32::from(local_preference) << 8) + (256 - COMPONENT)
}

/// Whether an address of this machine becomes a host candidate (RFC 8445 §5.1.1.1): loopback, link-local, site-local,
/// IPv4-compatible and deprecated addresses do not.
fn is_offered(address: &InterfaceAddress) -> bool {
    !address.deprecated
        && match address.address {
            IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
            IpAddr::V6(v6) => {
                let [first, ..] = v6.segments();
                let site_local = first & 0xffc0 == 0xfec0;
                let compatible = v6.segments()[..6] == [0; 6];
                !v6.is_loopback() && !v6.is_unicast_link_local() && !site_local && !compatible
            }
        }
}

/// The addresses that become host candidates, best first: temporary ones before stable ones. Where there is nothing else,
/// and `loopback` allows it, those of loopback.
pub fn offered(interfaces: &[Interface], loopback: bool) -> Vec<IpAddr> {
    let up = interfaces.iter().filter(|interface| interface.up);
    let mut addresses: Vec<_> = up.flat_map(|interface| &interface.addresses).collect();
    addresses.sort_by_key(|address| !address.temporary);
    let offered: Vec<IpAddr> =
        addresses.iter().filter(|address| is_offered(address)).map(|address| address.address).collect();
    if offered.is_empty() && loopback {
        return addresses.iter().map(|address| address.address).filter(IpAddr::is_loopback).collect();
    }
    offered
}

/// As many of these addresses as may be kept: each family of each interface keeps some, and that with the default route first.
pub(crate) fn offered_at_most(interfaces: &[Interface], addresses: Vec<IpAddr>, most: usize) -> Vec<IpAddr> {
    let rank = |address: &IpAddr| {
        let holds = |interface: &&Interface| interface.addresses.iter().any(|own| own.address == *address);
        interfaces.iter().find(holds).map(|interface| interface.rank(*address))
    };
    cut_fairly(addresses, most, rank)
}

/// What a peer-reflexive candidate of this base would have, as a check says it (§7.1.1).
pub(super) fn prflx_priority(base: u32) -> u32 {
    (type_preference(CandidateType::Prflx) << 24) | (base & 0x00ff_ffff)
}

/// The same for candidates of one type, base, server and protocol, which freeze and thaw together, and different for
/// all others (RFC 8445 §5.1.1.3): a checksum of the four, as browsers have it.
fn foundation(kind: CandidateType, base: IpAddr, by: Option<(IpAddr, Transport)>) -> String {
    let parts = format!("{kind:?} {base} {by:?}");
    Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(parts.as_bytes()).to_string()
}

/// The candidates of one agent, as they are gathered.
#[derive(Clone, Default)]
pub struct Candidates {
    /// Each with its base, which decides whether another is redundant.
    gathered: Vec<(SocketAddr, SocketAddr)>,
    hosts: u16,
}

impl Candidates {
    /// A host candidate on the next best address: those that come first are preferred (§5.1.2.2, RFC 8421 §4).
    pub fn host(&mut self, base: SocketAddr) -> Option<Candidate> {
        let preference = u16::MAX - self.hosts;
        self.hosts = self.hosts.saturating_add(1);
        self.add(base, base, CandidateType::Host, preference, None, None, None)
    }

    /// A TCP one on a host's address; an active one has port 9 (RFC 6544 §4.5). Its priority is below every UDP host's, and
    /// among TCP the one that connects comes first (§4.2).
    pub fn tcp(&mut self, at: SocketAddr, tcp_type: TcpType) -> Option<Candidate> {
        let direction: u16 = match tcp_type {
            TcpType::Active => 6,
            TcpType::Passive => 4,
            TcpType::So => 2,
        };
        let key = (at, SocketAddr::new(at.ip(), direction));
        if self.gathered.contains(&key) {
            return None;
        }
        self.gathered.push(key);
        let others = self.gathered.iter().filter(|(_, base)| base.port() == direction).count();
        let preference = (direction << 13) | (0x1fff - u16::try_from(others).unwrap_or(0x1fff).min(0x1fff));
        Some(Candidate {
            kind: CandidateType::Host,
            protocol: Protocol::Tcp,
            address: at.ip(),
            port: at.port(),
            priority: (TCP_HOST_PREFERENCE << 24) + (u32::from(preference) << 8) + (256 - COMPONENT),
            foundation: foundation(CandidateType::Host, at.ip(), Some((at.ip(), Transport::Tcp))),
            related: None,
            relay_protocol: None,
            server: None,
            tcp_type: Some(tcp_type),
        })
    }

    /// A server-reflexive one; None where it is redundant: behind no NAT it is the host candidate again (§5.1.3).
    pub fn reflexive(
        &mut self,
        base: SocketAddr,
        mapped: SocketAddr,
        server: SocketAddr,
        uri: Option<ServerUri>,
    ) -> Option<Candidate> {
        self.add(mapped, base, CandidateType::Srflx, u16::MAX, Some((server.ip(), Transport::Udp)), Some(base), uri)
    }

    /// A relayed one, whose base is itself. Relays reached over UDP are preferred to TCP, and TCP to TLS.
    pub fn relayed(
        &mut self,
        relayed: SocketAddr,
        mapped: Option<SocketAddr>,
        server: SocketAddr,
        transport: Transport,
        uri: Option<ServerUri>,
    ) -> Option<Candidate> {
        let preference = match transport {
            Transport::Udp => u16::MAX,
            Transport::Tcp => u16::MAX - 1,
            Transport::Tls | Transport::Dtls => u16::MAX - 2,
        };
        let by = Some((server.ip(), transport));
        self.add(relayed, relayed, CandidateType::Relay, preference, by, mapped, uri)
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of RFC 8839's candidate line, each passed once")]
    fn add(
        &mut self,
        address: SocketAddr,
        base: SocketAddr,
        kind: CandidateType,
        local_preference: u16,
        by: Option<(IpAddr, Transport)>,
        related: Option<SocketAddr>,
        uri: Option<ServerUri>,
    ) -> Option<Candidate> {
        if self.gathered.contains(&(address, base)) {
            return None;
        }
        self.gathered.push((address, base));
        Some(Candidate {
            kind,
            protocol: Protocol::Udp,
            address: address.ip(),
            port: address.port(),
            priority: priority(kind, local_preference),
            foundation: foundation(kind, base.ip(), by),
            related,
            relay_protocol: by.map(|(_, transport)| transport).filter(|_| kind == CandidateType::Relay),
            server: uri,
            tcp_type: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> SocketAddr {
        address.parse().expect("an address")
    }

    #[test]
    fn priorities_are_those_of_rfc_8445_5_1_2_1() {
        let mut candidates = Candidates::default();
        let host = candidates.host(at("192.0.2.1:5000")).expect("new");
        assert_eq!(host.priority, 2_130_706_431);
        let second = candidates.host(at("198.51.100.7:5001")).expect("new");
        assert!(second.priority < host.priority);
    }

    #[test]
    fn the_default_route_keeps_its_addresses_behind_an_interface_with_hundreds() {
        let interface = |index: u32, addresses: Vec<IpAddr>, gateways| Interface {
            name: format!("eth{index}"),
            index,
            interface_kind: crate::model::InterfaceKind::Ethernet,
            up: true,
            mtu_bytes: None,
            addresses: addresses
                .into_iter()
                .map(|address| InterfaceAddress { address, prefix_len: 24, temporary: false, deprecated: false })
                .collect(),
            gateways,
            name_servers: Vec::new(),
        };
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let crowd = (0..300_u32).map(|n| std::net::Ipv4Addr::from(0x0a00_0001 + n).into()).collect();
        let used = vec![ip("192.0.2.7"), ip("2001:db8::7")];
        let interfaces = [interface(1, crowd, Vec::new()), interface(2, used.clone(), vec![ip("192.0.2.1")])];
        let chosen = offered_at_most(&interfaces, offered(&interfaces, false), 64);
        assert_eq!((chosen.len(), &chosen[62..]), (64, &used[..]));
    }

    #[test]
    fn a_reflexive_candidate_behind_no_nat_is_redundant() {
        let mut candidates = Candidates::default();
        candidates.host(at("192.0.2.1:5000"));
        assert_eq!(
            candidates.reflexive(at("192.0.2.1:5000"), at("192.0.2.1:5000"), at("198.51.100.1:3478"), None),
            None
        );
        let reflexive =
            candidates.reflexive(at("192.0.2.1:5000"), at("203.0.113.1:6000"), at("198.51.100.1:3478"), None);
        let reflexive = reflexive.expect("translated");
        assert_eq!((reflexive.kind, reflexive.related), (CandidateType::Srflx, Some(at("192.0.2.1:5000"))));
        assert_eq!(
            candidates.reflexive(at("192.0.2.1:5000"), at("203.0.113.1:6000"), at("198.51.100.2:3478"), None),
            None
        );
    }

    #[test]
    fn relays_over_udp_are_preferred_to_tcp_and_tcp_to_tls_and_all_rank_below_the_rest() {
        let mut candidates = Candidates::default();
        let mut relayed = |port, transport| {
            let relayed = SocketAddr::new(at("203.0.113.9:1").ip(), port);
            candidates.relayed(relayed, None, at("203.0.113.9:3478"), transport, None).expect("new")
        };
        let [udp, tcp, tls] = [relayed(1, Transport::Udp), relayed(2, Transport::Tcp), relayed(3, Transport::Tls)];
        assert!(udp.priority > tcp.priority && tcp.priority > tls.priority && udp.priority < 1 << 24);
        assert_eq!(tcp.relay_protocol, Some(Transport::Tcp));
    }

    #[test]
    fn candidates_share_a_foundation_only_where_type_base_server_and_protocol_agree() {
        let mut candidates = Candidates::default();
        let a = candidates.host(at("192.0.2.1:5000")).expect("new");
        let b = candidates.host(at("192.0.2.1:5002")).expect("new");
        let c = candidates.host(at("192.0.2.2:5000")).expect("new");
        assert_eq!(a.foundation, b.foundation);
        assert_ne!(a.foundation, c.foundation);
    }

    #[test]
    fn loopback_link_local_and_deprecated_addresses_are_not_offered() {
        let address = |address: &str, deprecated| InterfaceAddress {
            address: address.parse().expect("an address"),
            prefix_len: 24,
            temporary: false,
            deprecated,
        };
        assert!(is_offered(&address("192.0.2.1", false)) && is_offered(&address("2001:db8::1", false)));
        for unfit in ["127.0.0.1", "169.254.1.1", "::1", "fe80::1", "fec0::1", "0.0.0.0"] {
            assert!(!is_offered(&address(unfit, false)), "{unfit}");
        }
        assert!(!is_offered(&address("2001:db8::1", true)));
    }
}

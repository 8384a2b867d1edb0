//! A packet filter: what a network lets through by family, by port, and by the first bytes of a packet. How much of it passes
//! is in [`super::limits`].
//!
//! A stateful firewall is not this but a NAT that translates nothing ([`super::NatConfig::firewall`]).

use super::limits::{FlowEnds, SpentLimits, UdpLimits};
use super::link::Direction;
use super::packet::IpProtocol;
use crate::machine::Instant;
use crate::model::Family;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// The remote ports to which packets may go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Passage {
    /// Every port.
    #[default]
    All,
    /// These ports.
    Only(Vec<u16>),
    /// No port.
    None,
}

impl Passage {
    /// Whether a packet to this port may pass.
    pub fn admits(&self, port: u16) -> bool {
        match self {
            Self::All => true,
            Self::Only(ports) => ports.contains(&port),
            Self::None => false,
        }
    }
}

/// A protocol that deep packet inspection recognises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recognised {
    /// STUN: the magic cookie at its place and two leading zero bits (RFC 8489 §5), over UDP and TCP.
    Stun,
    /// A DTLS record over UDP: a content type with DTLS's major version (RFC 6347 §4.1), or the unified header of DTLS
    /// 1.3 (RFC 9147 §4). TLS over TCP does not match, though its content types are the same.
    Dtls,
    /// A connectivity check of ICE over UDP: a Binding request that names a user (RFC 8445 §7.1).
    Check,
    /// RTP and RTCP over UDP, by their version (RFC 7983 §7).
    Media,
    /// What none of the protocols that share ports with media begins with, over UDP (RFC 7983 §7).
    Unassigned,
    /// A ClientHello of TLS that names a server of STUN or TURN (RFC 6066 §3).
    ServerName,
}

impl Recognised {
    fn is(self, protocol: IpProtocol, payload: &[u8]) -> bool {
        match (self, protocol, payload) {
            (Self::Stun, _, [first, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..]) => *first < 4,
            (Self::ServerName, IpProtocol::Tcp, [22, 3, _, name @ ..]) => {
                name.starts_with(b"stun.") || name.starts_with(b"turn.")
            }
            (Self::Dtls, IpProtocol::Udp, [20..=31, 0xfe, ..] | [32..=63, ..]) => true,
            (Self::Check, IpProtocol::Udp, [0, 1, rest @ ..]) => names_a_user(rest),
            (Self::Media, IpProtocol::Udp, [128..=191, ..]) | (Self::Unassigned, IpProtocol::Udp, [192..=255, ..]) => {
                true
            }
            _ => false,
        }
    }
}

/// Whether a request's first attribute, after its length, cookie and transaction id, is USERNAME (RFC 8489 §14.3).
fn names_a_user(request: &[u8]) -> bool {
    request.get(18..20) == Some(&[0, 6])
}

/// What becomes of a packet that may not pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    /// Dropped silently.
    #[default]
    Dropped,
    /// Rejected: with ICMP "administratively prohibited", which ends a TCP connection.
    #[serde(rename = "told")]
    Rejected,
    /// Rejected: with ICMP "network unreachable", as by a router that has lost its way out.
    Unreachable,
}

/// A stateless packet filter between a site and the outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firewall {
    /// The remote UDP ports that are reachable.
    pub udp: Passage,
    /// The remote TCP ports that are reachable.
    pub tcp: Passage,
    /// Protocols that are blocked wherever their first bytes are seen.
    pub recognises: Vec<Recognised>,
    /// What becomes of a packet that may not pass.
    pub refusal: Rejection,
    /// The address families of which packets pass; both where there is none.
    pub families: Vec<Family>,
    /// How much UDP passes.
    pub limits: UdpLimits,
    /// Inside addresses to which nothing of this applies, such as the proxy that all other hosts have to use.
    pub exempt: Vec<IpAddr>,
}

/// A firewall in operation.
#[derive(Debug)]
pub(super) struct FirewallState {
    firewall: Firewall,
    spent: SpentLimits,
}

impl FirewallState {
    pub(super) fn new(firewall: Firewall) -> Self {
        let spent = SpentLimits::new(firewall.limits);
        Self { firewall, spent }
    }

    pub(super) fn refusal(&self) -> Rejection {
        self.firewall.refusal
    }

    /// Whether a packet between these two, in either direction, may pass.
    pub(super) fn admits(&self, protocol: IpProtocol, inside: IpAddr, remote: SocketAddr, payload: &[u8]) -> bool {
        if self.firewall.exempt.contains(&inside) {
            return true;
        }
        let families = &self.firewall.families;
        let by_family = families.is_empty() || families.contains(&Family::of(remote.ip()));
        let by_port = match protocol {
            IpProtocol::Udp => self.firewall.udp.admits(remote.port()),
            IpProtocol::Tcp => self.firewall.tcp.admits(remote.port()),
            IpProtocol::Echo => true,
        };
        by_family && by_port && !self.firewall.recognises.iter().any(|known| known.is(protocol, payload))
    }

    /// Counts a packet; false where a limit on UDP is exceeded.
    pub(super) fn spend(&mut self, now: Instant, flow: FlowEnds, bytes: usize, direction: Direction) -> bool {
        let is_counted = flow.protocol == IpProtocol::Udp && !self.firewall.exempt.contains(&flow.inside.ip());
        !is_counted || self.spent.spend(now, flow, bytes, direction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn inside() -> IpAddr {
        at("192.168.0.2:0").ip()
    }

    #[test]
    fn a_hotel_lets_only_tcp_443_through() {
        let hotel = Firewall { udp: Passage::None, tcp: Passage::Only(vec![443]), ..Firewall::default() };
        let hotel = FirewallState::new(hotel);
        assert!(hotel.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:443"), b""));
        assert!(!hotel.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:3478"), b""));
        assert!(!hotel.admits(IpProtocol::Udp, inside(), at("198.51.100.1:443"), b""));
    }

    #[test]
    fn stun_and_dtls_are_known_by_their_first_bytes() {
        let stun = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 9, 9];
        let dtls = [22, 254, 253, 0, 0];
        for (recognises, passes) in [(Recognised::Stun, [false, true, true]), (Recognised::Dtls, [true, false, true])] {
            let guarding = FirewallState::new(Firewall { recognises: vec![recognises], ..Firewall::default() });
            let found = [&stun[..], &dtls, &[0x80, 0, 0, 1]]
                .map(|payload| guarding.admits(IpProtocol::Udp, inside(), at("198.51.100.1:1"), payload));
            assert_eq!(found, passes, "{recognises:?}");
        }
    }

    #[test]
    fn tls_over_tcp_is_not_taken_for_dtls() {
        let guarding = FirewallState::new(Firewall { recognises: vec![Recognised::Dtls], ..Firewall::default() });
        let client_hello = [22, 3, 1, 0, 200, 1];
        assert!(guarding.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:443"), &client_hello));
        assert!(guarding.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:80"), b"42"));
        assert!(!guarding.admits(IpProtocol::Udp, inside(), at("198.51.100.1:443"), &[44, 1, 2]));
    }

    #[test]
    fn the_proxy_is_exempt() {
        let firewall = Firewall { tcp: Passage::None, exempt: vec![inside()], ..Firewall::default() };
        let guarding = FirewallState::new(firewall);
        assert!(guarding.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:443"), b""));
        assert!(!guarding.admits(IpProtocol::Tcp, at("192.168.0.3:0").ip(), at("198.51.100.1:443"), b""));
    }
}

//! A stateless packet filter: what a network lets through by port, by the first bytes of a packet, and by rate.
//!
//! A stateful firewall is not this but a NAT that translates nothing ([`super::NatConfig::firewall`]).

use super::packet::IpProtocol;
use crate::machine::Instant;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

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
}

impl Recognised {
    fn is(self, protocol: IpProtocol, payload: &[u8]) -> bool {
        match (self, protocol, payload) {
            (Self::Stun, _, [first, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..]) => *first < 4,
            (Self::Dtls, IpProtocol::Udp, [20..=31, 0xfe, ..] | [32..=63, ..]) => true,
            _ => false,
        }
    }
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
}

/// A token bucket for the outbound UDP of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many tokens are added each second; a packet takes one.
    pub packets_per_second: u32,
    /// The size of the bucket: how many packets may go at once after a pause.
    pub burst_packets: u32,
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
    /// A limit on outbound UDP packets of the whole site.
    pub udp_rate: Option<Rate>,
    /// Inside addresses to which nothing of this applies, such as the proxy that all other hosts have to use.
    pub exempt: Vec<IpAddr>,
}

/// A firewall in operation.
#[derive(Debug)]
pub(super) struct FirewallState {
    firewall: Firewall,
    /// The tokens in thousandths, and when they were last counted.
    tokens: (u64, Instant),
}

const TOKEN: u64 = 1000;

impl FirewallState {
    pub(super) fn new(firewall: Firewall) -> Self {
        let burst = firewall.udp_rate.map_or(0, |rate| u64::from(rate.burst_packets) * TOKEN);
        Self { firewall, tokens: (burst, Instant::START) }
    }

    pub(super) fn refusal(&self) -> Rejection {
        self.firewall.refusal
    }

    /// Whether a packet between these two, in either direction, may pass.
    pub(super) fn admits(&self, protocol: IpProtocol, inside: IpAddr, remote: SocketAddr, payload: &[u8]) -> bool {
        if self.firewall.exempt.contains(&inside) {
            return true;
        }
        let by_port = match protocol {
            IpProtocol::Udp => self.firewall.udp.admits(remote.port()),
            IpProtocol::Tcp => self.firewall.tcp.admits(remote.port()),
            IpProtocol::Echo => true,
        };
        by_port && !self.firewall.recognises.iter().any(|known| known.is(protocol, payload))
    }

    /// Takes a token for an outbound packet; false where the rate limit is exceeded.
    pub(super) fn spend(&mut self, now: Instant, protocol: IpProtocol, inside: IpAddr) -> bool {
        let Some(rate) = self.firewall.udp_rate else { return true };
        if protocol != IpProtocol::Udp || self.firewall.exempt.contains(&inside) {
            return true;
        }
        let (tokens, counted) = self.tokens;
        let gained = now.since(counted).min(Duration::from_secs(3600)).as_millis() as u64;
        let full = u64::from(rate.burst_packets) * TOKEN;
        let tokens = tokens.saturating_add(gained * u64::from(rate.packets_per_second)).min(full);
        let passes = tokens >= TOKEN;
        self.tokens = (if passes { tokens - TOKEN } else { tokens }, now);
        passes
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
    fn a_rate_limit_lets_a_burst_through_and_then_so_many_a_second() {
        let rate = Rate { packets_per_second: 5, burst_packets: 10 };
        let mut guarding = FirewallState::new(Firewall { udp_rate: Some(rate), ..Firewall::default() });
        // 100 packets a second, for 10 seconds.
        let passed = (0..1000u64)
            .filter(|n| {
                let now = Instant::after_start(Duration::from_millis(n * 10));
                guarding.spend(now, IpProtocol::Udp, inside())
            })
            .count();
        assert_eq!(passed, 10 + 49);
        assert!(guarding.spend(Instant::after_start(Duration::from_secs(10)), IpProtocol::Tcp, inside()));
    }

    #[test]
    fn the_proxy_is_exempt() {
        let firewall = Firewall { tcp: Passage::None, exempt: vec![inside()], ..Firewall::default() };
        let guarding = FirewallState::new(firewall);
        assert!(guarding.admits(IpProtocol::Tcp, inside(), at("198.51.100.1:443"), b""));
        assert!(!guarding.admits(IpProtocol::Tcp, at("192.168.0.3:0").ip(), at("198.51.100.1:443"), b""));
    }
}

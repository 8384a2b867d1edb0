//! The configuration of the server: addresses, who may use the relay, and limits.

use super::{Access, Limits, Peers};
use crate::model::{Failure, Transport};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The default serves nothing.
#[derive(Default)]
pub struct Config {
    /// STUN and TURN over UDP; usually one site for each address family.
    pub udp: Vec<UdpSite>,
    /// Further UDP addresses, at which what comes is sent back to who has proven his address (`echo.rs`), and Binding requests
    /// are answered. What cannot be opened is left out. Where there is none, nothing is sent back at the others either.
    pub echo: Vec<SocketAddr>,
    /// STUN and TURN over TCP; port 0 is any port.
    pub tcp: Vec<SocketAddr>,
    /// STUN and TURN over TLS, with the world's certificate; port 0 is any port.
    pub tls: Vec<SocketAddr>,
    /// TURN; None for STUN only, when TURN requests are not answered.
    pub relaying: Option<Relaying>,
    /// How the addresses above are known outside.
    pub aliases: Aliases,
    /// What clients and peers may use of it.
    pub limits: Limits,
}

/// The public addresses of the server where a one-to-one NAT is in front of it. Ports are the same on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(Vec<(IpAddr, IpAddr)>);

impl FromIterator<(IpAddr, IpAddr)> for Aliases {
    /// Collects pairs of (own address, public address).
    fn from_iter<T: IntoIterator<Item = (IpAddr, IpAddr)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Aliases {
    /// The public endpoint of an own one.
    pub fn outside(&self, own: SocketAddr) -> SocketAddr {
        let alias = self.0.iter().find(|(inside, _)| *inside == own.ip());
        alias.map_or(own, |(_, outside)| SocketAddr::new(*outside, own.port()))
    }

    /// The own endpoint of a public one.
    pub fn inside(&self, called: SocketAddr) -> SocketAddr {
        let alias = self.0.iter().find(|(_, outside)| *outside == called.ip());
        alias.map_or(called, |(inside, _)| SocketAddr::new(*inside, called.port()))
    }
}

/// The UDP sockets of one address family. With a second address and a second port, RFC 5780 is served on all four
/// combinations. On a wildcard address it is not, since RESPONSE-ORIGIN and OTHER-ADDRESS could not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpSite {
    /// The primary address.
    pub address: IpAddr,
    /// The primary port; 0 is any port, the same on both addresses.
    pub port: u16,
    /// The alternate address of RFC 5780.
    pub second_address: Option<IpAddr>,
    /// The alternate port of RFC 5780; 0 is any port.
    pub second_port: Option<u16>,
}

impl UdpSite {
    /// One address, one port: STUN without RFC 5780.
    pub fn single(address: SocketAddr) -> Self {
        Self { address: address.ip(), port: address.port(), second_address: None, second_port: None }
    }

    /// RFC 5780 on two addresses of one family, with two ports that the world chooses.
    pub fn behaviour(address: IpAddr, second: IpAddr) -> Self {
        Self { address, port: 0, second_address: Some(second), second_port: Some(0) }
    }
}

/// The configuration of TURN (RFC 8656).
pub struct Relaying {
    /// Who may allocate.
    pub access: Access,
    /// Whom relays may send to.
    pub peers: Peers,
    /// Whether relays of this server may send to each other although `peers` does not list their address. Other ports
    /// of that address stay forbidden.
    pub between_relays: bool,
    /// The address of IPv4 relays. With None or a wildcard, requests for this family are rejected with 440.
    pub ipv4: Option<Ipv4Addr>,
    /// The same for IPv6.
    pub ipv6: Option<Ipv6Addr>,
    /// The first and last port of relays; None where the world chooses.
    pub ports: Option<(u16, u16)>,
}

impl Relaying {
    /// Whether relays have this own address.
    pub(super) fn is_relays(&self, ip: IpAddr) -> bool {
        self.ipv4.map(IpAddr::V4) == Some(ip) || self.ipv6.map(IpAddr::V6) == Some(ip)
    }

    pub(super) fn address(&self, family: u8) -> Option<IpAddr> {
        match family {
            1 => self.ipv4.map(IpAddr::V4),
            2 => self.ipv6.map(IpAddr::V6),
            _ => None,
        }
        .filter(|ip| !ip.is_unspecified())
    }
}

/// The addresses that are open, in the order of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoundAddresses {
    /// UDP, a site each.
    pub udp: Vec<UdpAddresses>,
    /// The further UDP addresses of [`Config::echo`].
    pub echo: Vec<SocketAddr>,
    /// TCP listeners.
    pub tcp: Vec<SocketAddr>,
    /// TLS listeners.
    pub tls: Vec<SocketAddr>,
}

/// What became of one [`UdpSite`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UdpAddresses {
    /// The open sockets, beginning with primary address and port.
    pub open: Vec<SocketAddr>,
    /// True where all four sockets of RFC 5780 are open, so that OTHER-ADDRESS is sent and CHANGE-REQUEST obeyed.
    pub is_rfc5780: bool,
}

/// An address that could not be opened. The others are served nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBound {
    /// What it was to be opened for.
    pub transport: Transport,
    /// The address and port of the configuration.
    pub at: SocketAddr,
    /// Why it could not be opened.
    pub failure: Failure,
}

//! What the server serves: its addresses, who may relay, and how much.

use super::{Access, Limits, Peers};
use crate::model::{Failure, Transport};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The default serves nothing.
#[derive(Default)]
pub struct Config {
    /// STUN and TURN over UDP; usually one site a family.
    pub udp: Vec<UdpSite>,
    /// STUN and TURN over TCP; port 0 is any.
    pub tcp: Vec<SocketAddr>,
    /// The same over TLS, under the world's certificate.
    pub tls: Vec<SocketAddr>,
    /// None: STUN only, and TURN's requests are not answered.
    pub relaying: Option<Relaying>,
    /// How the world outside knows the addresses above.
    pub aliases: Aliases,
    /// What clients and peers may use of it.
    pub limits: Limits,
}

/// The server's own addresses and what others call them, where a NAT in front of it translates address for address. Ports
/// are the same on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(Vec<(IpAddr, IpAddr)>);

impl FromIterator<(IpAddr, IpAddr)> for Aliases {
    /// Of pairs (own, what others call it).
    fn from_iter<T: IntoIterator<Item = (IpAddr, IpAddr)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Aliases {
    /// What others call this address.
    pub fn outside(&self, own: SocketAddr) -> SocketAddr {
        let alias = self.0.iter().find(|(inside, _)| *inside == own.ip());
        alias.map_or(own, |(_, outside)| SocketAddr::new(*outside, own.port()))
    }

    /// The own address that others call so.
    pub fn inside(&self, called: SocketAddr) -> SocketAddr {
        let alias = self.0.iter().find(|(_, outside)| *outside == called.ip());
        alias.map_or(called, |(inside, _)| SocketAddr::new(*inside, called.port()))
    }
}

/// UDP addresses of one family that know of each other. With a second address and a second port RFC 5780 is served on
/// all four corners. On a wildcard address it is not: RESPONSE-ORIGIN and OTHER-ADDRESS have nothing to name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpSite {
    /// The primary address.
    pub address: IpAddr,
    /// 0 is any port, the same on both addresses.
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

    /// RFC 5780 on two addresses of one family and two ports that the world chooses.
    pub fn behaviour(address: IpAddr, second: IpAddr) -> Self {
        Self { address, port: 0, second_address: Some(second), second_port: Some(0) }
    }
}

/// TURN (RFC 8656).
pub struct Relaying {
    /// Who may allocate.
    pub access: Access,
    /// Whom relays may send to.
    pub peers: Peers,
    /// Relays of this server may talk to each other, whether or not `peers` has their address; to nothing else there.
    pub between_relays: bool,
    /// Where relayed addresses of this family are; None, or a wildcard: 440 to who asks for it.
    pub ipv4: Option<Ipv4Addr>,
    /// The same for IPv6.
    pub ipv6: Option<Ipv6Addr>,
    /// Of relayed addresses, from the first to the last; None: the world's own choice.
    pub ports: Option<(u16, u16)>,
}

impl Relaying {
    /// The address, an own one, is where relays are.
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

/// Where the server is, once it is ready: what was opened, in the order of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoundAddresses {
    /// UDP, a site each.
    pub udp: Vec<UdpAddresses>,
    /// TCP listeners.
    pub tcp: Vec<SocketAddr>,
    /// TLS listeners.
    pub tls: Vec<SocketAddr>,
}

/// What became of one [`UdpSite`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UdpAddresses {
    /// The first address with the first port comes first.
    pub open: Vec<SocketAddr>,
    /// All four corners are there: OTHER-ADDRESS is sent and CHANGE-REQUEST is obeyed.
    pub is_rfc5780: bool,
}

/// An address that could not be opened; the others are served all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBound {
    /// What it was to be opened for.
    pub transport: Transport,
    /// The address and port of the configuration.
    pub at: SocketAddr,
    /// Why it could not be opened.
    pub failure: Failure,
}

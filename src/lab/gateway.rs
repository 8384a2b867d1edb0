//! What stands between a site and what is outside of it: a link, and for each family a device.

use super::firewall::{Firewall, Passage};
use super::link::Link;
use super::nat::{Nat, NatConfig, Refused};
use crate::machine::{Dice, Instant};
use crate::model::Family;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// What is done with the packets of one family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// Passed on as they are.
    #[default]
    Router,
    /// Translated or filtered.
    Nat(NatConfig),
}

/// NAT64 (RFC 6146): packets to addresses below a prefix go on as IPv4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nat64 {
    /// Of 96 bits (RFC 6052 §2.2).
    pub prefix: Ipv6Addr,
    /// With public addresses of IPv4.
    pub nat: NatConfig,
}

/// A captive portal: whatever is said to these ports over TCP, whoever it is for, comes to a host of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    pub host: IpAddr,
    pub tcp_ports: Passage,
}

/// A site's way out. Outwards a packet meets the portal, the firewall, the device and the link; inwards the other way
/// round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gateway {
    pub ipv4: Device,
    pub ipv6: Device,
    pub nat64: Option<Nat64>,
    pub firewall: Firewall,
    pub portal: Option<Portal>,
    pub link: Link,
}

impl Gateway {
    pub fn nat(config: NatConfig) -> Self {
        Self { ipv4: Device::Nat(config), ..Self::default() }
    }
}

/// A gateway at work. UDP and TCP have tables of their own, as their ports are.
pub(super) struct Working {
    pub(super) gateway: Gateway,
    udp: [Option<Nat>; 2],
    tcp: [Option<Nat>; 2],
}

fn index(address: IpAddr) -> usize {
    usize::from(Family::of(address) == Family::Ipv6)
}

impl Working {
    pub(super) fn new(gateway: Gateway, dice: &mut Dice) -> Self {
        let mut nats = || {
            [&gateway.ipv4, &gateway.ipv6].map(|device| match device {
                Device::Router => None,
                Device::Nat(config) => Some(Nat::new(config.clone(), dice.fork())),
            })
        };
        let (udp, tcp) = (nats(), nats());
        Self { gateway, udp, tcp }
    }

    /// Whether packets to this address come in here by translation.
    pub(super) fn owns(&self, address: IpAddr) -> bool {
        self.udp[index(address)].as_ref().is_some_and(|nat| nat.owns(address))
    }

    /// Whether addresses of this one's family are seen from outside as they are.
    pub(super) fn is_transparent(&self, address: IpAddr) -> bool {
        self.udp[index(address)].as_ref().is_none_or(|nat| nat.config().public.is_empty())
    }

    pub(super) fn outbound(&mut self, now: Instant, source: SocketAddr, to: SocketAddr) -> Result<SocketAddr, Refused> {
        self.udp[index(source.ip())].as_mut().map_or(Ok(source), |nat| nat.outbound(now, source, to))
    }

    pub(super) fn inbound(&mut self, now: Instant, source: SocketAddr, to: SocketAddr) -> Result<SocketAddr, Refused> {
        self.udp[index(to.ip())].as_mut().map_or(Ok(to), |nat| nat.inbound(now, source, to))
    }

    pub(super) fn hairpin(
        &mut self,
        now: Instant,
        source: SocketAddr,
        to: SocketAddr,
    ) -> Result<(SocketAddr, SocketAddr), Refused> {
        let nat = self.udp[index(to.ip())].as_mut();
        nat.map_or(Err(Refused::NoHairpinning), |nat| nat.hairpin(now, source, to))
    }

    /// The source under which a connection goes on.
    pub(super) fn connect(&mut self, now: Instant, source: SocketAddr, to: SocketAddr) -> Result<SocketAddr, Refused> {
        self.tcp[index(source.ip())].as_mut().map_or(Ok(source), |nat| nat.outbound(now, source, to))
    }

    /// The inside endpoint that a connection from outside is for.
    pub(super) fn accept(&mut self, now: Instant, source: SocketAddr, to: SocketAddr) -> Result<SocketAddr, Refused> {
        self.tcp[index(to.ip())].as_mut().map_or(Ok(to), |nat| nat.inbound(now, source, to))
    }

    pub(super) fn lets_tcp_to(&self, port: u16) -> bool {
        self.gateway.firewall.tcp.admits(port)
    }

    /// Forgets all sessions.
    pub(super) fn forget(&mut self) {
        self.udp.iter_mut().chain(&mut self.tcp).flatten().for_each(Nat::forget);
    }
}

//! A gateway between a site and the region outside: a link, and for each address family a device.

use super::drop::{Dropped, NatDrop};
use super::firewall::{Firewall, FirewallState, Passage, Rejection};
use super::limits::FlowEnds;
use super::link::{Direction, Link, LinkState, TooLarge};
use super::nat::{NatConfig, NatDevice};
use super::packet::{Cargo, IpProtocol, Load, Packet, Problem};
use crate::machine::{Instant, Rng};
use crate::model::{Family, Icmp};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What is done with the packets of one family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// Packets are forwarded unchanged.
    #[default]
    Router,
    /// Packets are translated or filtered.
    Nat(NatConfig),
}

/// A NAT64 (RFC 6146): IPv6 packets to addresses below a prefix are translated to IPv4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nat64 {
    /// The prefix of 96 bits (RFC 6052 §2.2).
    pub prefix: Ipv6Addr,
    /// The NAT towards IPv4, with public IPv4 addresses.
    pub nat: NatConfig,
}

/// A captive portal: TCP connections to these ports, whatever their destination address, are delivered to a host of the
/// site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// The host that takes the connections.
    pub host: IpAddr,
    /// The destination ports whose connections it takes.
    pub tcp_ports: Passage,
}

/// Whether the hosts of a site can reach each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Neighbours {
    /// Hosts of the site reach each other directly.
    #[default]
    Reachable,
    /// Client isolation, as in guest networks and between the customers of a carrier.
    Isolated,
}

/// What connects a site to the outside. An outbound packet passes the portal, the firewall, the device and the link, in
/// this order; an inbound one in reverse.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gateway {
    /// What is done with IPv4 packets.
    pub ipv4: Device,
    /// What is done with IPv6 packets.
    pub ipv6: Device,
    /// Translation of IPv6 packets below a prefix to IPv4.
    pub nat64: Option<Nat64>,
    /// The packet filter, applied to addresses of the inside.
    pub firewall: Firewall,
    /// A captive portal.
    pub portal: Option<Portal>,
    /// Whether the hosts of the site reach each other.
    pub neighbours: Neighbours,
    /// The line to the outside.
    pub link: Link,
}

impl Gateway {
    /// A gateway with a NAT for IPv4 and nothing else.
    pub fn nat(config: NatConfig) -> Self {
        Self { ipv4: Device::Nat(config), ..Self::default() }
    }

    /// The same gateway with this line to the outside.
    #[must_use]
    pub fn over(self, link: Link) -> Self {
        Self { link, ..self }
    }
}

/// A gateway in operation.
pub(super) struct GatewayState {
    devices: [Option<NatDevice>; 2],
    nat64: Option<(Ipv6Addr, NatDevice)>,
    guarding: FirewallState,
    portal: Option<Portal>,
    neighbours: Neighbours,
    out: LinkState,
    back: LinkState,
    /// Outwards and inwards.
    mtu_bytes: [usize; 2],
    too_large: TooLarge,
    is_plugged: bool,
}

/// The source and destination that a packet has on the other side of the gateway.
type Endpoints = (SocketAddr, SocketAddr);

fn index(address: IpAddr) -> usize {
    usize::from(Family::of(address) == Family::Ipv6)
}

/// Embeds an IPv4 address below a prefix of 96 bits (RFC 6052 §2.2).
fn embed(prefix: Ipv6Addr, address: Ipv4Addr) -> Ipv6Addr {
    Ipv6Addr::from_bits(prefix.to_bits() & !u128::from(u32::MAX) | u128::from(address.to_bits()))
}

fn extract(prefix: Ipv6Addr, address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let is_below = address.to_bits() >> 32 == prefix.to_bits() >> 32;
    is_below.then(|| Ipv4Addr::from_bits(address.to_bits() as u32))
}

impl GatewayState {
    pub(super) fn new(gateway: Gateway, rng: &mut Rng) -> Self {
        let Gateway { ipv4, ipv6, nat64, firewall, portal, neighbours, link } = gateway;
        let devices = [ipv4, ipv6].map(|device| match device {
            Device::Router => None,
            Device::Nat(config) => Some(NatDevice::new(config, rng.fork())),
        });
        let nat64 = nat64.map(|Nat64 { prefix, nat }| (prefix, NatDevice::new(nat, rng.fork())));
        Self {
            devices,
            nat64,
            guarding: FirewallState::new(firewall),
            portal,
            neighbours,
            out: LinkState::new(link.out),
            back: LinkState::new(link.back),
            mtu_bytes: [link.mtu_bytes, link.back_mtu_bytes.unwrap_or(link.mtu_bytes)],
            too_large: link.too_large,
            is_plugged: true,
        }
    }

    /// Whether this is a public address of the gateway, so that packets to it are translated.
    pub(super) fn owns(&self, address: IpAddr) -> bool {
        let nat64 = self.nat64.iter().map(|(_, nat)| nat);
        self.devices[index(address)].iter().chain(nat64).any(|nat| nat.owns(address))
    }

    /// Whether addresses of this one's family are not translated.
    pub(super) fn is_transparent(&self, address: IpAddr) -> bool {
        self.devices[index(address)].as_ref().is_none_or(|nat| nat.config().public.is_empty())
    }

    pub(super) fn isolates(&self) -> bool {
        self.neighbours == Neighbours::Isolated
    }

    /// The host of the captive portal, if this packet is redirected to it.
    pub(super) fn portal_for<P>(&self, packet: &Packet<P>) -> Option<IpAddr> {
        let portal = self.portal.as_ref()?;
        let is_taken = packet.protocol == IpProtocol::Tcp
            && portal.tcp_ports.admits(packet.destination.port())
            && packet.source.ip() != portal.host;
        is_taken.then_some(portal.host)
    }

    /// Processes an outbound packet; returns its source and destination outside.
    pub(super) fn outwards<P: Cargo>(&mut self, now: Instant, packet: &Packet<P>) -> Result<Endpoints, Dropped> {
        let Packet { protocol, source, destination, .. } = *packet;
        let Load::Cargo(cargo) = &packet.load else { return self.error_outwards(now, protocol, source, destination) };
        if !self.guarding.admits(protocol, source.ip(), destination, cargo.content()) {
            return Err(Dropped::Forbidden);
        }
        let flow = FlowEnds { protocol, inside: source, remote: destination };
        if !self.guarding.spend(now, flow, cargo.bytes(), Direction::Out) {
            return Err(Dropped::RateLimited);
        }
        if let Some((prefix, nat)) = &mut self.nat64
            && let Some(address) = extract(*prefix, destination.ip())
        {
            let destination = SocketAddr::new(address.into(), destination.port());
            return Ok((nat.outbound(now, protocol, source, destination)?, destination));
        }
        let outside = match &mut self.devices[index(source.ip())] {
            Some(nat) => nat.outbound(now, protocol, source, destination)?,
            None => source,
        };
        Ok((outside, destination))
    }

    /// Processes an inbound packet; returns its source and destination inside.
    pub(super) fn inwards<P: Cargo>(&mut self, now: Instant, packet: &Packet<P>) -> Result<Endpoints, Dropped> {
        let Packet { protocol, source, destination, .. } = *packet;
        let Load::Cargo(cargo) = &packet.load else { return self.error_inwards(now, protocol, source, destination) };
        let (source, inside) = match (&mut self.nat64, source) {
            (Some((prefix, nat)), SocketAddr::V4(remote)) if nat.owns(destination.ip()) => {
                let inside = nat.inbound(now, protocol, source, destination)?;
                (SocketAddr::new(embed(*prefix, *remote.ip()).into(), remote.port()), inside)
            }
            _ => match &mut self.devices[index(destination.ip())] {
                Some(nat) => (source, nat.inbound(now, protocol, source, destination)?),
                None => (source, destination),
            },
        };
        if !self.guarding.admits(protocol, inside.ip(), source, cargo.content()) {
            return Err(Dropped::Forbidden);
        }
        let flow = FlowEnds { protocol, inside, remote: source };
        match self.guarding.spend(now, flow, cargo.bytes(), Direction::Back) {
            true => Ok((source, inside)),
            false => Err(Dropped::RateLimited),
        }
    }

    fn error_outwards(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        inside: SocketAddr,
        remote: SocketAddr,
    ) -> Result<Endpoints, Dropped> {
        let found = match &mut self.devices[index(inside.ip())] {
            Some(nat) => nat.public_of(now, protocol, inside, remote),
            None => Some(inside),
        };
        found.map(|outside| (outside, remote)).ok_or(Dropped::Nat(NatDrop::NoMapping))
    }

    fn error_inwards(
        &mut self,
        now: Instant,
        protocol: IpProtocol,
        remote: SocketAddr,
        outside: SocketAddr,
    ) -> Result<Endpoints, Dropped> {
        let found = match (&mut self.nat64, remote) {
            (Some((prefix, nat)), SocketAddr::V4(v4)) if nat.owns(outside.ip()) => {
                let seen = SocketAddr::new(embed(*prefix, *v4.ip()).into(), v4.port());
                nat.sender_of(now, protocol, outside, remote).map(|inside| (seen, inside))
            }
            _ => match &mut self.devices[index(outside.ip())] {
                Some(nat) => nat.sender_of(now, protocol, outside, remote).map(|inside| (remote, inside)),
                None => Some((remote, outside)),
            },
        };
        found.ok_or(Dropped::Nat(NatDrop::NoMapping))
    }

    /// Processes a packet from inside to one of the gateway's own public endpoints (RFC 4787 §6); returns its source
    /// and destination as the receiver sees them.
    pub(super) fn hairpin<P: Cargo>(&mut self, now: Instant, packet: &Packet<P>) -> Result<Endpoints, Dropped> {
        let Packet { protocol, source, destination, .. } = *packet;
        if matches!(packet.load, Load::Error(_)) {
            return self.error_inwards(now, protocol, source, destination);
        }
        let nat = self.devices[index(destination.ip())].as_mut().ok_or(NatDrop::NoHairpinning)?;
        Ok(nat.hairpin(now, protocol, source, destination)?)
    }

    /// Sends a packet over the line; returns when it arrives: never, once or twice.
    pub(super) fn carry(
        &mut self,
        now: Instant,
        direction: Direction,
        ip_bytes: usize,
        dont_fragment: bool,
        rng: &mut Rng,
    ) -> Result<[Option<Instant>; 2], Dropped> {
        if !self.is_plugged {
            return Err(Dropped::Unplugged);
        }
        let [mtu_out, mtu_back] = self.mtu_bytes;
        let (line, mtu_bytes) = match direction {
            Direction::Out => (&mut self.out, mtu_out),
            Direction::Back => (&mut self.back, mtu_back),
        };
        if dont_fragment && ip_bytes > mtu_bytes {
            return Err(Dropped::TooLarge {
                reported_mtu_bytes: (self.too_large == TooLarge::Reported).then_some(mtu_bytes),
            });
        }
        match line.carry(now, ip_bytes, rng) {
            [None, None] => Err(Dropped::Lost),
            arrivals => Ok(arrivals),
        }
    }

    /// The ICMP error that the sender of a dropped packet gets, if any.
    pub(super) fn problem(&self, dropped: Dropped) -> Option<Problem> {
        match dropped {
            Dropped::TooLarge { reported_mtu_bytes: Some(mtu_bytes) } => Some(Problem::TooBig { mtu_bytes }),
            Dropped::Forbidden => match self.guarding.refusal() {
                Rejection::Dropped => None,
                Rejection::Rejected => Some(Problem::Unreachable(Icmp::Prohibited)),
                Rejection::Unreachable => Some(Problem::Unreachable(Icmp::NetUnreachable)),
            },
            _ => None,
        }
    }

    pub(super) fn throttle(&mut self, bandwidth_bps: u64) {
        self.out.throttle(bandwidth_bps);
        self.back.throttle(bandwidth_bps);
    }

    pub(super) fn plug(&mut self, is_plugged: bool) {
        self.is_plugged = is_plugged;
    }

    /// Removes all mappings.
    pub(super) fn restart(&mut self) {
        let nat64 = self.nat64.as_mut().map(|(_, nat)| nat);
        self.devices.iter_mut().flatten().chain(nat64).for_each(NatDevice::forget);
    }

    /// Gives the device of each address family the addresses of that family.
    pub(super) fn renumber(&mut self, public: &[IpAddr]) {
        for (nat, family) in self.devices.iter_mut().zip([Family::Ipv4, Family::Ipv6]) {
            let own: Vec<IpAddr> = public.iter().copied().filter(|address| Family::of(*address) == family).collect();
            if let Some(nat) = nat.as_mut().filter(|_| !own.is_empty()) {
                nat.renumber(own);
            }
        }
    }
}

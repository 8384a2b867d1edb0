//! The network itself: regions, the gateways between them, and packets in flight from hop to hop.
//!
//! It learns the time from its callers and knows hosts only by their addresses, so that it carries the datagrams of
//! simulated machines ([`super::World`]) and the packets of real programs alike.

use super::drop::Dropped;
use super::gateway::{Gateway, GatewayState};
use super::link::Direction;
use super::packet::{Cargo, Packet, Problem};
use super::queue::EventQueue;
use crate::machine::{Instant, Rng};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A part of the network whose hosts reach each other directly: the internet, or a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region(pub(super) usize);

/// Names a host of a network, in the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostId(pub(super) usize);

/// What happens to a network while it is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkChange {
    /// The site's gateway restarts and loses its mappings.
    Restart(Region),
    /// The site gets other public addresses, and its gateway loses its mappings.
    Renumber(Region, Vec<IpAddr>),
    /// The host gets other addresses.
    Readdress(HostId, Vec<IpAddr>),
    /// The bandwidth of the site's line becomes this in each direction, in bits per second.
    Throttle(Region, u64),
    /// The site's line is cut.
    Unplug(Region),
    /// The site's line works again.
    Plug(Region),
}

struct SiteState {
    /// The region outside and the gateway to it; None for the internet.
    up: Option<(Region, GatewayState)>,
    below: Vec<Region>,
    hosts: Vec<HostId>,
    default_router: Option<HostId>,
}

struct HostLocation {
    region: Region,
    addresses: Vec<IpAddr>,
}

enum Event<P> {
    /// A packet is to be routed in a region.
    Route(Region, Packet<P>),
    /// A packet has arrived at a site's gateway from outside.
    Enter(Region, Packet<P>),
}

/// The most packets in flight; with the largest ones these are some hundred megabytes.
const MOST_UNDER_WAY: usize = 100_000;

/// A network of hosts, gateways and links, with the packets that are in flight in it.
pub struct Network<P> {
    rng: Rng,
    sites: Vec<SiteState>,
    hosts: Vec<HostLocation>,
    coming: EventQueue<Event<P>>,
    delivered: u64,
    dropped: BTreeMap<Dropped, u64>,
}

impl<P: Cargo> Network<P> {
    /// A network that is nothing but the internet; `rng` decides on loss, jitter, ports and addresses.
    pub fn new(rng: Rng) -> Self {
        let internet = SiteState { up: None, below: Vec::new(), hosts: Vec::new(), default_router: None };
        Self {
            rng,
            sites: vec![internet],
            hosts: Vec::new(),
            coming: EventQueue::default(),
            delivered: 0,
            dropped: BTreeMap::new(),
        }
    }

    /// The region in which every public address is.
    pub fn internet(&self) -> Region {
        Region(0)
    }

    /// Adds a site behind a gateway in `outside`.
    pub fn site(&mut self, outside: Region, gateway: Gateway) -> Region {
        let region = Region(self.sites.len());
        let working = GatewayState::new(gateway, &mut self.rng);
        let up = Some((outside, working));
        self.sites.push(SiteState { up, below: Vec::new(), hosts: Vec::new(), default_router: None });
        self.sites[outside.0].below.push(region);
        region
    }

    /// Adds a host to a region.
    pub fn host(&mut self, region: Region, addresses: Vec<IpAddr>) -> HostId {
        let host = HostId(self.hosts.len());
        self.hosts.push(HostLocation { region, addresses });
        self.sites[region.0].hosts.push(host);
        host
    }

    /// Makes a host the default router of its region: it gets all packets for unknown destinations but its own.
    pub fn default_router(&mut self, host: HostId) {
        let region = self.hosts[host.0].region;
        self.sites[region.0].default_router = Some(host);
    }

    /// The region that a host is in.
    pub fn region(&self, host: HostId) -> Region {
        self.hosts[host.0].region
    }

    /// The region outside of this one; None for the internet.
    pub fn outside(&self, region: Region) -> Option<Region> {
        self.sites[region.0].up.as_ref().map(|(outside, _)| *outside)
    }

    /// The addresses of a host now.
    pub fn addresses(&self, host: HostId) -> &[IpAddr] {
        &self.hosts[host.0].addresses
    }

    /// Applies a change at once.
    pub fn change(&mut self, change: NetworkChange) {
        match change {
            NetworkChange::Restart(region) => self.gateway(region).map_or((), GatewayState::restart),
            NetworkChange::Renumber(region, public) => {
                self.gateway(region).map_or((), |gateway| gateway.renumber(&public))
            }
            NetworkChange::Throttle(region, bps) => self.gateway(region).map_or((), |gateway| gateway.throttle(bps)),
            NetworkChange::Unplug(region) => self.gateway(region).map_or((), |gateway| gateway.plug(false)),
            NetworkChange::Plug(region) => self.gateway(region).map_or((), |gateway| gateway.plug(true)),
            NetworkChange::Readdress(host, addresses) => self.hosts[host.0].addresses = addresses,
        }
    }

    fn gateway(&mut self, region: Region) -> Option<&mut GatewayState> {
        self.sites[region.0].up.as_mut().map(|(_, gateway)| gateway)
    }

    /// Sends a packet from a host.
    pub fn send(&mut self, now: Instant, from: HostId, packet: Packet<P>) {
        let region = self.hosts[from.0].region;
        if self.coming.len() >= MOST_UNDER_WAY {
            return self.drop(Dropped::Overflow);
        }
        let isolates = self.sites[region.0].up.as_ref().is_some_and(|(_, gateway)| gateway.isolates());
        if isolates && self.host_with(region, packet.destination.ip()).is_some_and(|host| host != from) {
            return self.drop(Dropped::Isolated);
        }
        self.coming.push(now, Event::Route(region, packet));
    }

    /// When [`Self::deliver`] is to be called next.
    pub fn next(&self) -> Option<Instant> {
        self.coming.next()
    }

    /// The next packet that has arrived at a host by `now`. Its destination may be another host if this one is a
    /// captive portal or a router.
    pub fn deliver(&mut self, now: Instant) -> Option<(HostId, Packet<P>)> {
        while let Some((at, event)) = self.coming.pop_by(now) {
            let arrived = match event {
                Event::Route(region, packet) => self.route(at, region, packet),
                Event::Enter(region, packet) => self.enter(at, region, packet),
            };
            if arrived.is_some() {
                self.delivered += 1;
                return arrived;
            }
        }
        None
    }

    /// How many packets were delivered.
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// How many packets were dropped, by reason.
    pub fn dropped(&self) -> &BTreeMap<Dropped, u64> {
        &self.dropped
    }

    fn drop(&mut self, why: Dropped) {
        *self.dropped.entry(why).or_default() += 1;
    }

    fn host_with(&self, region: Region, address: IpAddr) -> Option<HostId> {
        self.sites[region.0].hosts.iter().copied().find(|host| self.hosts[host.0].addresses.contains(&address))
    }

    /// Whether packets to this address are routed into the site.
    fn leads_to(&self, site: Region, address: IpAddr) -> bool {
        let Some((_, gateway)) = &self.sites[site.0].up else { return false };
        gateway.owns(address)
            || gateway.is_transparent(address)
                && (self.host_with(site, address).is_some()
                    || self.sites[site.0].below.iter().any(|below| self.leads_to(*below, address)))
    }

    /// The hosts of a site share a link; whatever leaves it passes the gateway. Between two hosts of the internet, or a
    /// site and such a host, there is one router.
    fn route(&mut self, now: Instant, region: Region, mut packet: Packet<P>) -> Option<(HostId, Packet<P>)> {
        let address = packet.destination.ip();
        let is_routed = self.sites[region.0].up.is_none();
        if let (Some(host), false) = (self.host_with(region, address), is_routed) {
            return Some((host, packet));
        }
        let router = self.router_beside(region, packet.source.ip());
        packet = self.forward(now, packet, router, region)?;
        if let Some(host) = self.host_with(region, address) {
            return Some((host, packet));
        }
        if let Some(below) = self.sites[region.0].below.iter().copied().find(|below| self.leads_to(*below, address)) {
            self.cross(now, below, packet, Direction::Back);
            return None;
        }
        if let Some(router) = self.sites[region.0].default_router
            && !self.hosts[router.0].addresses.contains(&packet.source.ip())
        {
            return Some((router, packet));
        }
        let Some((_, gateway)) = &mut self.sites[region.0].up else {
            self.drop(Dropped::NoRoute);
            return None;
        };
        let portal = gateway.portal_for(&packet);
        if let Some(host) = portal.and_then(|portal| self.host_with(region, portal)) {
            return Some((host, packet));
        }
        let gateway = self.gateway(region)?;
        if gateway.owns(address) {
            match gateway.hairpin(now, &packet) {
                Ok(ends) => {
                    (packet.source, packet.destination) = ends;
                    return self.route(now, region, packet);
                }
                Err(why) => self.drop(why),
            }
            return None;
        }
        match gateway.outwards(now, &packet) {
            Ok(ends) => {
                (packet.source, packet.destination) = ends;
                self.cross(now, region, packet, Direction::Out);
            }
            Err(why) => self.send_icmp_error(now, region, packet, why, (router, region)),
        }
        None
    }

    /// Counts one hop; None where it was the last that the packet may take. Its sender, in `region`, is told by `router`.
    fn forward(&mut self, now: Instant, mut packet: Packet<P>, router: IpAddr, region: Region) -> Option<Packet<P>> {
        packet.hops = packet.hops.saturating_sub(1);
        if packet.hops > 0 {
            return Some(packet);
        }
        self.drop(Dropped::Expired);
        if let Some(error) = packet.error(Problem::TimeExceeded, router) {
            self.coming.push(now, Event::Route(region, error));
        }
        None
    }

    /// A router tells errors from the address of the interface that the packet came in by (RFC 1812 §4.3.2.4): here one of
    /// the sender's own subnet, which nobody else has.
    fn router_beside(&self, region: Region, sender: IpAddr) -> IpAddr {
        let is_taken = |address: IpAddr| {
            self.host_with(region, address).is_some()
                || self.sites[region.0].below.iter().any(|below| self.leads_to(*below, address))
        };
        let numbered = |last: u8| match sender {
            IpAddr::V4(sender) => IpAddr::from((sender.to_bits() & !0xff | u32::from(last)).to_be_bytes()),
            IpAddr::V6(sender) => IpAddr::from((sender.to_bits() >> 64 << 64 | u128::from(last)).to_be_bytes()),
        };
        [1, 254, 253, 252].map(numbered).into_iter().find(|address| !is_taken(*address)).unwrap_or(sender)
    }

    /// Sends a packet over a site's link.
    fn cross(&mut self, now: Instant, site: Region, packet: Packet<P>, direction: Direction) {
        let Some((outside, gateway)) = &mut self.sites[site.0].up else { return };
        let outside = *outside;
        let (bytes, dont_fragment) = (packet.ip_bytes(), packet.dont_fragment);
        let event = |packet| match direction {
            Direction::Out => Event::Route(outside, packet),
            Direction::Back => Event::Enter(site, packet),
        };
        match gateway.carry(now, direction, bytes, dont_fragment, &mut self.rng) {
            Ok([first, second]) => {
                if let Some(at) = second {
                    self.coming.push(at, event(packet.clone()));
                }
                if let Some(at) = first {
                    self.coming.push(at, event(packet));
                }
            }
            // The outbound packet is translated already, so the ICMP error is routed back as if it came from outside.
            Err(why) if direction == Direction::Out => {
                let router = self.router_beside(outside, packet.source.ip());
                if let Some(error) = self.icmp_error_for(site, packet, why, router) {
                    self.coming.push(now, Event::Enter(site, error));
                }
            }
            Err(why) => {
                let router = self.router_beside(outside, packet.source.ip());
                self.send_icmp_error(now, site, packet, why, (router, outside));
            }
        }
    }

    fn enter(&mut self, now: Instant, site: Region, packet: Packet<P>) -> Option<(HostId, Packet<P>)> {
        let outside = self.outside(site)?;
        let address = packet.destination.ip();
        let own = self.gateway(site)?.owns(address).then_some(address);
        let router = own.unwrap_or_else(|| self.router_beside(site, address));
        let mut packet = self.forward(now, packet, router, outside)?;
        match self.gateway(site)?.inwards(now, &packet) {
            Ok(ends) => {
                (packet.source, packet.destination) = ends;
                self.route(now, site, packet)
            }
            Err(why) => {
                self.send_icmp_error(now, site, packet, why, (router, outside));
                None
            }
        }
    }

    /// Counts a packet as dropped, and lets `router` tell its sender in `region`, if the gateway of `site` sends ICMP
    /// errors.
    fn send_icmp_error(
        &mut self,
        now: Instant,
        site: Region,
        packet: Packet<P>,
        why: Dropped,
        (router, region): (IpAddr, Region),
    ) {
        if let Some(error) = self.icmp_error_for(site, packet, why, router) {
            self.coming.push(now, Event::Route(region, error));
        }
    }

    fn icmp_error_for(&mut self, site: Region, packet: Packet<P>, why: Dropped, router: IpAddr) -> Option<Packet<P>> {
        self.drop(why);
        let problem = self.gateway(site)?.problem(why)?;
        packet.error(problem, router)
    }
}

#[cfg(test)]
mod tests;

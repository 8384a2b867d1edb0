//! Builds a network from its file, in the same way for simulated machines and for real programs.

use super::Topology;
use super::file::{ChangeEntry, File, INTERNET, SiteEntry};
use crate::lab::{
    Cargo, Certified, Device, Firewall, Gateway, HostId, Link, Nat64, NatConfig, Network, NetworkChange, Portal,
    Region, SimulatedIdentity, World,
};
use crate::machine::Instant;
use crate::model::{DnsKind, DnsRecord, Family, TlsProblem};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// What a network can be built in.
pub trait Ground {
    /// The region of the internet.
    fn internet(&self) -> Region;
    /// Adds a site behind a gateway in `outside`.
    fn site(&mut self, outside: Region, gateway: Gateway) -> Region;
    /// Adds a host with these addresses to a region.
    fn host(&mut self, region: Region, addresses: &[IpAddr]) -> HostId;
}

impl Ground for World {
    fn internet(&self) -> Region {
        Self::internet(self)
    }

    fn site(&mut self, outside: Region, gateway: Gateway) -> Region {
        Self::site(self, outside, gateway)
    }

    fn host(&mut self, region: Region, addresses: &[IpAddr]) -> HostId {
        Self::host(self, region, addresses)
    }
}

impl<P: Cargo> Ground for Network<P> {
    fn internet(&self) -> Region {
        Self::internet(self)
    }

    fn site(&mut self, outside: Region, gateway: Gateway) -> Region {
        Self::site(self, outside, gateway)
    }

    fn host(&mut self, region: Region, addresses: &[IpAddr]) -> HostId {
        Self::host(self, region, addresses.to_vec())
    }
}

/// What was built from a file.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The region of each site, by its name; the internet is among them.
    pub sites: BTreeMap<String, Region>,
    /// The hosts, in the order of the file.
    pub hosts: Vec<HostId>,
    /// The changes and their times after the start, soonest first.
    pub changes: Vec<(Duration, NetworkChange)>,
}

impl Topology {
    /// Builds the network.
    pub fn build(&self, ground: &mut impl Ground) -> Built {
        let file = self.file();
        let mut built = Built::default();
        built.sites.insert(INTERNET.to_owned(), ground.internet());
        // A site can be built once the one outside of it has been; the file may list them in any order.
        while built.sites.len() <= file.sites.len() {
            let before = built.sites.len();
            for site in file.sites.iter().filter(|site| !built.sites.contains_key(&site.name)).collect::<Vec<_>>() {
                if let Some(outside) = built.sites.get(&site.behind).copied() {
                    built.sites.insert(site.name.clone(), ground.site(outside, gateway(site, file)));
                }
            }
            if built.sites.len() == before {
                break;
            }
        }
        for host in &file.hosts {
            if let Some(region) = built.sites.get(&host.site) {
                built.hosts.push(ground.host(*region, &host.addresses));
            }
        }
        built.changes = file.changes.iter().filter_map(|change| built.change(change, file)).collect();
        built.changes.sort_by_key(|(after, _)| *after);
        built
    }

    /// Builds a simulated world, with names, resolvers and scheduled changes.
    pub fn world(&self, seed: u64) -> (World, Built) {
        let mut world = World::new(seed);
        let built = self.build(&mut world);
        let file = self.file();
        for site in &file.sites {
            if let (Some(entry), Some(region)) = (&site.resolver, built.sites.get(&site.name)) {
                world.resolver(*region, entry.resolver());
            }
        }
        for (host, id) in file.hosts.iter().zip(&built.hosts) {
            // The second address of a server is for behaviour discovery (RFC 5780 §6) and has no name.
            let firsts =
                [Family::Ipv4, Family::Ipv6].map(|family| host.addresses.iter().find(|ip| Family::of(**ip) == family));
            let firsts: Vec<&IpAddr> = firsts.into_iter().flatten().collect();
            for (name, address) in host.names.iter().flat_map(|name| firsts.iter().map(move |ip| (name, *ip))) {
                let kind = if address.is_ipv4() { DnsKind::A } else { DnsKind::Aaaa };
                world.name(name, kind, DnsRecord::Address(*address));
            }
            if host.serves == Some(super::Serves::Portal) {
                world.identity(
                    *id,
                    SimulatedIdentity { certificates: Vec::new(), problem: Some(TlsProblem::WrongName) },
                );
            } else if host.certificate != Certified::default() {
                world.identity(*id, SimulatedIdentity::certified(host.certificate, &host.names));
            }
            world.host_firewall(*id, host.firewall);
            if host.serves.is_some_and(|serves| serves.port_control().is_some()) {
                world.default_gateway(*id);
            }
        }
        for (after, change) in &built.changes {
            world.change_at(Instant::START + *after, change.clone());
        }
        (world, built)
    }
}

impl Built {
    fn change(&self, change: &ChangeEntry, file: &File) -> Option<(Duration, NetworkChange)> {
        let region = |site: &String| self.sites.get(site).copied();
        let (after_ms, change) = match change {
            ChangeEntry::Restart { after_ms, site } => (after_ms, NetworkChange::Restart(region(site)?)),
            ChangeEntry::Renumber { after_ms, site, addresses } => {
                (after_ms, NetworkChange::Renumber(region(site)?, addresses.clone()))
            }
            ChangeEntry::Unplug { after_ms, site } => (after_ms, NetworkChange::Unplug(region(site)?)),
            ChangeEntry::Plug { after_ms, site } => (after_ms, NetworkChange::Plug(region(site)?)),
            ChangeEntry::Readdress { after_ms, host, addresses } => {
                let place = file.hosts.iter().position(|known| known.name == *host)?;
                (after_ms, NetworkChange::Readdress(*self.hosts.get(place)?, addresses.clone()))
            }
        };
        Some((Duration::from_millis(*after_ms), change))
    }
}

fn gateway(site: &SiteEntry, file: &File) -> Gateway {
    let addresses_of = |name: &String| {
        let host = file.hosts.iter().find(|host| host.name == *name);
        host.map(|host| host.addresses.clone()).unwrap_or_default()
    };
    let firewall = site.firewall.as_ref().map(|entry| Firewall {
        udp: entry.udp.passage(),
        tcp: entry.tcp.passage(),
        recognises: entry.drops.clone(),
        families: entry.families.clone(),
        refusal: entry.refusal,
        limits: entry.limits(),
        exempt: entry.exempt.iter().flat_map(addresses_of).collect(),
    });
    let portal = site.portal.as_ref().and_then(|entry| {
        let host = addresses_of(&entry.host).first().copied()?;
        Some(Portal { host, tcp_ports: entry.tcp.passage() })
    });
    let nat64 = site.nat64.as_ref().and_then(|entry| {
        let first = *entry.public.first()?;
        let nat = NatConfig::new(crate::model::Behaviour::EndpointIndependent, entry.filtering, first);
        Some(Nat64 { prefix: entry.prefix, nat: NatConfig { public: entry.public.clone(), ..nat } })
    });
    let device = |entry: Option<&super::NatEntry>| entry.map_or(Device::Router, |nat| Device::Nat(nat.config()));
    Gateway {
        ipv4: device(site.ipv4.as_ref()),
        ipv6: device(site.ipv6.as_ref()),
        nat64,
        firewall: firewall.unwrap_or_default(),
        portal,
        neighbours: site.neighbours,
        link: site.link.as_ref().map_or_else(Link::default, super::LinkEntry::link),
    }
}

//! Checks addresses against each other: each belongs to one host or gateway in the whole realm in which it is visible,
//! and every server can be reached from the host to check from.

use super::super::Serves;
use super::super::file::{File, HostEntry, INTERNET, NatEntry, SiteEntry};
use super::super::toml_path::{Checked, Contradiction, TomlPath, toml_path};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn check(file: &File) -> Checked {
    let taken = taken(file)?;
    inside_and_outside(file, &taken)?;
    servers(file)
}

/// Checks that a host or a gateway can have this address.
pub(super) fn usable(address: IpAddr, at: TomlPath) -> Checked {
    let is_none = address.is_unspecified()
        || address.is_multicast()
        || address.is_loopback()
        || address == IpAddr::V4(Ipv4Addr::BROADCAST);
    if is_none { Err(Contradiction::new(at, format!("{address} is nobody's address"))) } else { Ok(()) }
}

struct Owner {
    whose: String,
    at: TomlPath,
}

/// The owner of each address, by realm and address.
type Taken<'a> = BTreeMap<(&'a str, IpAddr), Owner>;

fn device(site: &SiteEntry, address: IpAddr) -> Option<&NatEntry> {
    if address.is_ipv4() { site.ipv4.as_ref() } else { site.ipv6.as_ref() }
}

/// The sites from this one outwards. Sites are known to have no circles by now.
fn outwards<'a>(file: &'a File, place: &str) -> impl Iterator<Item = &'a SiteEntry> + use<'a> {
    let site = |name: &str| file.sites.iter().find(|site| site.name == *name);
    std::iter::successors(site(place), move |inner| site(&inner.behind)).take(file.sites.len())
}

/// The address realm of an address in `place`: it extends outwards up to the first NAT.
fn realm<'a>(file: &'a File, place: &str, address: IpAddr) -> &'a str {
    let translates = |site: &&SiteEntry| device(site, address).is_some_and(|nat| !nat.public.is_empty());
    outwards(file, place).find(translates).map_or(INTERNET, |site| site.name.as_str())
}

/// The public addresses of a site's gateway, and their places in the file.
fn public(number: usize, site: &SiteEntry) -> impl Iterator<Item = (IpAddr, TomlPath)> {
    let nat = |key: &'static str, public: &[IpAddr]| -> Vec<(IpAddr, TomlPath)> {
        let addresses = public.iter().enumerate();
        addresses.map(|(n, address)| (*address, toml_path!["site", number, key, "public", n])).collect()
    };
    let of = |nat: &Option<NatEntry>| nat.as_ref().map(|nat| nat.public.clone()).unwrap_or_default();
    let nat64 = site.nat64.as_ref().map(|nat64| nat64.public.clone()).unwrap_or_default();
    [nat("ipv4", &of(&site.ipv4)), nat("ipv6", &of(&site.ipv6)), nat("nat64", &nat64)].into_iter().flatten()
}

fn taken(file: &File) -> Result<Taken<'_>, Contradiction> {
    let hosts = file.hosts.iter().enumerate().flat_map(|(number, host)| {
        let addresses = host.addresses.iter().enumerate();
        addresses.map(move |(n, address)| {
            let at = toml_path!["host", number, "addresses", n];
            (host.site.as_str(), *address, Owner { whose: format!("host {:?}", host.name), at })
        })
    });
    let gateways = file.sites.iter().enumerate().flat_map(|(number, site)| {
        public(number, site).map(move |(address, at)| {
            (site.behind.as_str(), address, Owner { whose: format!("the gateway of site {:?}", site.name), at })
        })
    });
    let mut taken: Taken<'_> = BTreeMap::new();
    for (place, address, owner) in hosts.chain(gateways) {
        usable(address, owner.at.clone())?;
        let key = (realm(file, place, address), address);
        if let Some(before) = taken.get(&key) {
            let text = format!("{address} is the address of {} and of {}", before.whose, owner.whose);
            return Err(Contradiction::with(owner.at, before.at.clone(), text));
        }
        taken.insert(key, owner);
    }
    Ok(taken)
}

/// Checks that no host inside has a public address of the NAT, since that host would get the packets.
fn inside_and_outside(file: &File, taken: &Taken<'_>) -> Checked {
    for (number, site) in file.sites.iter().enumerate() {
        for (address, at) in public(number, site) {
            let inside = taken.get(&(realm(file, &site.name, address), address));
            if let Some(inside) = inside.filter(|inside| inside.at != at) {
                let text =
                    format!("{address} is public of site {:?} and, inside of it, of {}", site.name, inside.whose);
                return Err(Contradiction::with(at, inside.at.clone(), text));
            }
        }
    }
    Ok(())
}

/// Checks that a host or site may get this address in a change.
pub(super) fn free_for(file: &File, name: &str, address: IpAddr, at: TomlPath) -> Checked {
    let host = file.hosts.iter().find(|host| host.name == name).map(|host| host.site.as_str());
    let site = file.sites.iter().find(|site| site.name == name).map(|site| site.behind.as_str());
    let Some(place) = host.or(site) else { return Ok(()) };
    let taken = taken(file)?;
    let Some(owner) = taken.get(&(realm(file, place, address), address)) else { return Ok(()) };
    let own = [format!("host {name:?}"), format!("the gateway of site {name:?}")];
    if own.contains(&owner.whose) {
        return Ok(());
    }
    let text = format!("a change gives {name:?} the address {address} of {}", owner.whose);
    Err(Contradiction::with(at, owner.at.clone(), text))
}

fn servers(file: &File) -> Checked {
    let Some(client) = file.hosts.iter().find(|host| host.serves.is_none()) else { return Ok(()) };
    // That they are out of reach may be the fault that a network is there to show.
    if file.shows.is_some() {
        return Ok(());
    }
    for (number, server) in file.hosts.iter().enumerate() {
        if server.serves == Some(Serves::StunTurn) && !reaches(file, client, server) {
            let text = format!(
                "{:?} cannot reach the server {:?}: it is behind a NAT of its own, or has no address of a family that \
                 {:?} has",
                client.name, server.name, client.name
            );
            let and = file.hosts.iter().position(|host| host.name == client.name).map(|n| toml_path!["host", n, "in"]);
            return Err(Contradiction { message: text, at: toml_path!["host", number, "in"], and });
        }
    }
    Ok(())
}

/// Whether one address of the server is visible somewhere between the client and the internet.
fn reaches(file: &File, client: &HostEntry, server: &HostEntry) -> bool {
    let has_nat64 = outwards(file, &client.site).any(|site| site.nat64.is_some());
    server.addresses.iter().any(|address| {
        let speaks = client.addresses.iter().any(|own| own.is_ipv4() == address.is_ipv4());
        let translated = has_nat64 && address.is_ipv4();
        let there = realm(file, &server.site, *address);
        let mut places = outwards(file, &client.site).map(|site| site.name.as_str()).chain([INTERNET]);
        (speaks || translated) && places.any(|place| realm(file, place, *address) == there)
    })
}

//! Can this network be? What contradicts itself is named with both its places.

use super::file::{ChangeEntry, File, INTERNET, NatEntry, SiteEntry};
use super::{Serves, TopologyError};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

type Checked = Result<(), TopologyError>;

fn wrong(text: String) -> TopologyError {
    TopologyError(text)
}

pub(super) fn check(file: &File) -> Checked {
    let sites = names(file)?;
    for site in &file.sites {
        placed(site, &sites)?;
        devices(site)?;
        line(site)?;
        hosts_named_by(site, file)?;
    }
    hosts(file, &sites)?;
    addresses(file)?;
    changes(file, &sites)
}

fn names(file: &File) -> Result<BTreeMap<&str, &SiteEntry>, TopologyError> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::from([(INTERNET, "the internet")]);
    let sites = file.sites.iter().map(|site| (site.name.as_str(), "a site"));
    let hosts = file.hosts.iter().map(|host| (host.name.as_str(), "a host"));
    for (name, what) in sites.chain(hosts) {
        if name.is_empty() || name.chars().any(|c| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
            return Err(wrong(format!("{what} is called {name:?}; a name has letters, digits, '-' and '_'")));
        }
        if let Some(before) = known.insert(name, what) {
            return Err(wrong(format!("{name:?} is the name of {before} and of {what}")));
        }
    }
    Ok(file.sites.iter().map(|site| (site.name.as_str(), site)).collect())
}

fn placed(site: &SiteEntry, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    let (mut met, mut at) = (BTreeSet::new(), site);
    while at.behind != INTERNET {
        if !met.insert(at.name.as_str()) {
            return Err(wrong(format!("site {:?} is behind itself: {}", site.name, circle(site, sites))));
        }
        at = sites.get(at.behind.as_str()).copied().ok_or_else(|| {
            wrong(format!(
                "site {:?} is behind {:?}, which is no site; the outermost one is behind \"internet\"",
                at.name, at.behind
            ))
        })?;
    }
    Ok(())
}

fn circle(site: &SiteEntry, sites: &BTreeMap<&str, &SiteEntry>) -> String {
    let way = std::iter::successors(Some(site), |at| sites.get(at.behind.as_str()).copied());
    way.take(sites.len() + 1).map(|at| at.name.as_str()).collect::<Vec<_>>().join(" behind ")
}

fn devices(site: &SiteEntry) -> Checked {
    let of_family = |nat: &NatEntry, what: &str, fits: fn(&IpAddr) -> bool| match nat.public.iter().find(|ip| !fits(ip))
    {
        Some(other) => Err(wrong(format!("site {:?}: {other} is no public address of its {what} device", site.name))),
        None if nat.lifetime_s == 0 => Err(wrong(format!("site {:?}: a mapping that lives 0 s is none", site.name))),
        None => Ok(()),
    };
    site.ipv4.as_ref().map_or(Ok(()), |nat| of_family(nat, "ipv4", IpAddr::is_ipv4))?;
    site.ipv6.as_ref().map_or(Ok(()), |nat| of_family(nat, "ipv6", IpAddr::is_ipv6))?;
    if let Some(nat64) = &site.nat64 {
        if nat64.public.is_empty() || nat64.public.iter().any(IpAddr::is_ipv6) {
            return Err(wrong(format!("site {:?}: a NAT64 has public addresses of IPv4", site.name)));
        }
        if nat64.prefix.to_bits() as u32 != 0 {
            return Err(wrong(format!(
                "site {:?}: a NAT64's prefix ends in 32 zero bits, as 64:ff9b:: does",
                site.name
            )));
        }
    }
    Ok(())
}

fn line(site: &SiteEntry) -> Checked {
    let Some(link) = &site.link else { return Ok(()) };
    for line in link.lines() {
        for (what, share) in [
            ("loss_percent", line.loss_percent),
            ("duplicated_percent", line.duplicated_percent),
            ("reordered_percent", line.reordered_percent),
        ] {
            if !(0.0..=100.0).contains(&share) {
                return Err(wrong(format!("site {:?}: {what} = {share} is not between 0 and 100", site.name)));
            }
        }
        if !(line.burst_packets >= 1.0 && line.burst_packets.is_finite()) {
            return Err(wrong(format!("site {:?}: a burst has one packet at least", site.name)));
        }
        if line.bandwidth_kbps == Some(0) {
            return Err(wrong(format!(
                "site {:?}: a line of 0 kbit/s carries nothing; cut it with a change",
                site.name
            )));
        }
    }
    // RFC 791: what every host takes.
    if link.mtu_bytes < 68 {
        return Err(wrong(format!("site {:?}: an MTU of {} bytes is below IPv4's 68", site.name, link.mtu_bytes)));
    }
    Ok(())
}

fn hosts_named_by(site: &SiteEntry, file: &File) -> Checked {
    let portal = site.portal.iter().map(|portal| ("portal", &portal.host));
    let exempt = site.firewall.iter().flat_map(|firewall| firewall.exempt.iter().map(|host| ("exempt", host)));
    for (what, name) in portal.chain(exempt) {
        if !file.hosts.iter().any(|host| host.name == *name && host.site == site.name) {
            return Err(wrong(format!("site {:?}: {what} names {name:?}, which is no host of this site", site.name)));
        }
    }
    Ok(())
}

fn hosts(file: &File, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    for host in &file.hosts {
        if host.site != INTERNET && !sites.contains_key(host.site.as_str()) {
            let text = format!("host {:?} is in {:?}, which is no site: it is behind nothing", host.name, host.site);
            return Err(wrong(text));
        }
        if host.addresses.is_empty() {
            return Err(wrong(format!("host {:?} has no address", host.name)));
        }
    }
    if file.hosts.iter().all(|host| host.serves.is_some()) {
        return Err(wrong("there is no host to check from: every one of them serves something".to_owned()));
    }
    if !file.hosts.iter().any(|host| host.serves == Some(Serves::StunTurn)) {
        return Err(wrong("there is no server to ask: no host has serves = \"stun-turn\"".to_owned()));
    }
    Ok(())
}

/// One address is one host's or one gateway's, wherever both are seen from one place.
fn addresses(file: &File) -> Checked {
    let hosts = file
        .hosts
        .iter()
        .flat_map(|host| host.addresses.iter().map(|ip| ((host.site.as_str(), *ip), format!("host {:?}", host.name))));
    let gateways = file.sites.iter().flat_map(|site| {
        let nat64 = site.nat64.iter().flat_map(|nat64| &nat64.public);
        let nats = site.ipv4.iter().chain(&site.ipv6).flat_map(|nat| &nat.public);
        nats.chain(nat64).map(|ip| ((site.behind.as_str(), *ip), format!("the gateway of site {:?}", site.name)))
    });
    let mut known = BTreeMap::new();
    for (place, whose) in hosts.chain(gateways) {
        if let Some(before) = known.insert(place, whose.clone()) {
            return Err(wrong(format!("{} is the address of {before} and of {whose}", place.1)));
        }
    }
    Ok(())
}

fn changes(file: &File, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    for change in &file.changes {
        let (is_known, what, name) = match change {
            ChangeEntry::Readdress { host, .. } => (file.hosts.iter().any(|known| known.name == *host), "host", host),
            ChangeEntry::Restart { site, .. }
            | ChangeEntry::Renumber { site, .. }
            | ChangeEntry::Unplug { site, .. }
            | ChangeEntry::Plug { site, .. } => (sites.contains_key(site.as_str()), "site", site),
        };
        if !is_known {
            return Err(wrong(format!("a change names the {what} {name:?}, which is not there")));
        }
    }
    Ok(())
}

//! Checks whether a network is consistent. A contradiction is reported with both its places in the file.

mod addresses;
mod gateway;

use super::Serves;
use super::file::{AnswersEntry, ChangeEntry, File, HostEntry, INTERNET, SiteEntry};
use super::toml_path::{Checked, Contradiction, TomlPath, nearest, toml_path};
use addresses::usable;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Far more than any simulated network needs, and few enough to be searched for every packet.
const MOST_SITES: usize = 32;
const MOST_HOSTS: usize = 256;
const MOST_CHANGES: usize = 256;
/// The longest name: names appear in reports and network namespaces.
const LONGEST_NAME: usize = 32;
/// The latest time of a change, in milliseconds: no run is longer than a day.
const LATEST_MS: u64 = 86_400_000;

pub(super) fn check(file: &File) -> Checked {
    for (key, what, count, most) in [
        ("site", "sites", file.sites.len(), MOST_SITES),
        ("host", "hosts", file.hosts.len(), MOST_HOSTS),
        ("change", "changes", file.changes.len(), MOST_CHANGES),
    ] {
        if count > most {
            return Err(Contradiction::new(
                toml_path![key, most],
                format!("{count} {what} are too many; at most {most}"),
            ));
        }
    }
    let sites = names(file)?;
    for (number, site) in file.sites.iter().enumerate() {
        placed(number, site, &sites)?;
        gateway::check(number, site)?;
        hosts_named_by(number, site, file)?;
        resolver(number, site)?;
    }
    hosts(file, &sites)?;
    addresses::check(file)?;
    changes(file, &sites)
}

/// The hint "; did you mean …?", where a known word is similar.
fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |meant| format!("; did you mean {meant:?}?"))
}

fn names(file: &File) -> Result<BTreeMap<&str, &SiteEntry>, Contradiction> {
    let mut known: BTreeMap<&str, (&str, Option<TomlPath>)> = BTreeMap::from([(INTERNET, ("the internet", None))]);
    let sites = file.sites.iter().enumerate().map(|(n, site)| (&site.name, "a site", toml_path!["site", n, "name"]));
    let hosts = file.hosts.iter().enumerate().map(|(n, host)| (&host.name, "a host", toml_path!["host", n, "name"]));
    for (name, what, at) in sites.chain(hosts) {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=LONGEST_NAME).contains(&name.len()) || !name.chars().all(fits) {
            let text =
                format!("this cannot be the name of {what}: it has 1 to {LONGEST_NAME} letters, digits, '-' and '_'");
            return Err(Contradiction::new(at, text));
        }
        if let Some((before, and)) = known.insert(name, (what, Some(at.clone()))) {
            let message = format!("{name:?} is the name of {before} and of {what}");
            return Err(Contradiction { message, at, and });
        }
    }
    Ok(file.sites.iter().map(|site| (site.name.as_str(), site)).collect())
}

fn placed(number: usize, site: &SiteEntry, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    let (mut met, mut at) = (BTreeSet::new(), site);
    let here = || toml_path!["site", number, "behind"];
    while at.behind != INTERNET {
        if !met.insert(at.name.as_str()) {
            let text = format!("site {:?} is behind itself: {}", at.name, circle(at, sites));
            return Err(Contradiction::new(here(), text));
        }
        at = sites.get(at.behind.as_str()).copied().ok_or_else(|| {
            let text = format!(
                "site {:?} is behind {:?}, which is no site; the outermost one is behind \"internet\"{}",
                at.name,
                at.behind,
                hint(&at.behind, sites.keys().copied().chain([INTERNET]))
            );
            Contradiction::new(here(), text)
        })?;
    }
    Ok(())
}

fn circle(site: &SiteEntry, sites: &BTreeMap<&str, &SiteEntry>) -> String {
    let way =
        std::iter::successors(sites.get(site.behind.as_str()).copied(), |at| sites.get(at.behind.as_str()).copied());
    let others = way.take(sites.len()).take_while(|at| at.name != site.name).map(|at| at.name.as_str());
    [site.name.as_str()].into_iter().chain(others).chain([site.name.as_str()]).collect::<Vec<_>>().join(" behind ")
}

fn hosts_named_by(number: usize, site: &SiteEntry, file: &File) -> Checked {
    let portal =
        site.portal.iter().map(|portal| ("portal", &portal.host, toml_path!["site", number, "portal", "host"]));
    let exempt = site.firewall.iter().flat_map(|firewall| {
        let names = firewall.exempt.iter().enumerate();
        names.map(|(n, host)| ("exempt", host, toml_path!["site", number, "firewall", "exempt", n]))
    });
    for (what, name, at) in portal.chain(exempt) {
        let own = || file.hosts.iter().filter(|host| host.site == site.name).map(|host| host.name.as_str());
        if !own().any(|host| host == *name) {
            let hint = hint(name, own());
            let text = format!("site {:?}: {what} names {name:?}, which is no host of this site{hint}", site.name);
            return Err(Contradiction::new(at, text));
        }
    }
    Ok(())
}

fn resolver(number: usize, site: &SiteEntry) -> Checked {
    let Some(resolver) = &site.resolver else { return Ok(()) };
    let at = |key: &'static str| toml_path!["site", number, "resolver", key];
    match (resolver.answers, resolver.addresses.is_empty()) {
        (AnswersEntry::Always, true) => {
            let text = format!("site {:?}: a resolver that always says the same needs `addresses` to say", site.name);
            return Err(Contradiction::new(at("answers"), text));
        }
        (AnswersEntry::Always, false) | (_, true) => {}
        (_, false) => {
            let text = format!("site {:?}: `addresses` are for answers = \"always\"", site.name);
            return Err(Contradiction::new(at("addresses"), text));
        }
    }
    match resolver.dns64 {
        Some(prefix) if !gateway::is_prefix(prefix) => {
            let text = format!("site {:?}: a DNS64's prefix ends in 32 zero bits, as 64:ff9b:: does", site.name);
            Err(Contradiction::new(at("dns64"), text))
        }
        _ => Ok(()),
    }
}

fn hosts(file: &File, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    for (number, host) in file.hosts.iter().enumerate() {
        if host.site != INTERNET && !sites.contains_key(host.site.as_str()) {
            let hint = hint(&host.site, sites.keys().copied().chain([INTERNET]));
            let text =
                format!("host {:?} is in {:?}, which is no site: it is behind nothing{hint}", host.name, host.site);
            return Err(Contradiction::new(toml_path!["host", number, "in"], text));
        }
        if host.addresses.is_empty() {
            let text = format!("host {:?} has no address", host.name);
            return Err(Contradiction::new(toml_path!["host", number, "addresses"], text));
        }
        dns_names(number, host)?;
        telling_router(number, host, sites)?;
    }
    let last = || toml_path!["host", file.hosts.len().saturating_sub(1)];
    if file.hosts.iter().all(|host| host.serves.is_some()) {
        let text = "there is no host to check from: every one of them serves something";
        return Err(Contradiction::new(last(), text));
    }
    if !file.hosts.iter().any(|host| host.serves == Some(Serves::StunTurn)) {
        return Err(Contradiction::new(last(), "there is no server to ask: no host has serves = \"stun-turn\""));
    }
    Ok(())
}

/// Checks that what says its address outside has one to say, and is asked in IPv4.
fn telling_router(number: usize, host: &HostEntry, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    let site = sites.get(host.site.as_str());
    let translates = site.and_then(|site| site.ipv4.as_ref()).is_some_and(|nat| !nat.public.is_empty());
    let is_ipv4 = host.addresses.first().is_some_and(IpAddr::is_ipv4);
    match host.serves.and_then(Serves::port_control) {
        Some(_) if !translates || !is_ipv4 => {
            let text = format!(
                "host {:?} says which address its site has outside: it has an IPv4 address, in a site with a NAT for IPv4",
                host.name
            );
            Err(Contradiction::new(toml_path!["host", number, "serves"], text))
        }
        _ => Ok(()),
    }
}

/// Checks DNS names: the sizes of RFC 1035 §2.3.4, and lower case, in which they are looked up.
fn dns_names(number: usize, host: &HostEntry) -> Checked {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.chars().all(fits);
    let is_name = |name: &str| name.len() <= 253 && name.split('.').all(is_label);
    match host.names.iter().position(|name| !is_name(name)) {
        Some(n) => {
            let text =
                format!("host {:?}: this is no name for the DNS, in lower case and without a last dot", host.name);
            Err(Contradiction::new(toml_path!["host", number, "names", n], text))
        }
        None => Ok(()),
    }
}

fn changes(file: &File, sites: &BTreeMap<&str, &SiteEntry>) -> Checked {
    for (number, change) in file.changes.iter().enumerate() {
        let (after_ms, key, name, addresses) = match change {
            ChangeEntry::Readdress { after_ms, host, addresses } => (after_ms, "host", host, Some(addresses)),
            ChangeEntry::Renumber { after_ms, site, addresses } => (after_ms, "site", site, Some(addresses)),
            ChangeEntry::Restart { after_ms, site }
            | ChangeEntry::Unplug { after_ms, site }
            | ChangeEntry::Plug { after_ms, site } => (after_ms, "site", site, None),
        };
        let at = |key: &'static str| toml_path!["change", number, key];
        let host = file.hosts.iter().find(|host| key == "host" && host.name == *name);
        let site = sites.get(name.as_str()).filter(|_| key == "site");
        if host.is_none() && site.is_none() {
            let hosts = file.hosts.iter().map(|host| host.name.as_str());
            let hint = if key == "host" { hint(name, hosts) } else { hint(name, sites.keys().copied()) };
            let text = format!("a change names the {key} {name:?}, which is not there{hint}");
            return Err(Contradiction::new(at(key), text));
        }
        if *after_ms > LATEST_MS {
            return Err(Contradiction::new(at("after_ms"), "a change comes within a day"));
        }
        let Some(addresses) = addresses else { continue };
        if addresses.is_empty() {
            return Err(Contradiction::new(at("addresses"), format!("a change leaves {name:?} without an address")));
        }
        for (n, address) in addresses.iter().enumerate() {
            usable(*address, toml_path!["change", number, "addresses", n])?;
            let nat = |site: &&SiteEntry| if address.is_ipv4() { site.ipv4.is_some() } else { site.ipv6.is_some() };
            if site.is_some_and(|site| !nat(site)) {
                let text = format!("site {name:?} has no NAT that could have {address}");
                return Err(Contradiction::new(toml_path!["change", number, "addresses", n], text));
            }
            addresses::free_for(file, name, *address, toml_path!["change", number, "addresses", n])?;
        }
    }
    Ok(())
}

//! Checks a site's gateway by itself: numbers are in range, and every setting has an effect.

use super::super::file::{LineEntry, NatEntry, PortsEntry, SiteEntry};
use super::super::toml_path::{Checked, Contradiction, TomlPath, toml_path};
use std::net::{IpAddr, Ipv6Addr};

/// The longest lifetime, a day: the end of a longer one would not be seen.
const LONGEST_S: u64 = 86_400;
/// The longest delay: ten minutes are beyond any real path.
const LONGEST_MS: u32 = 600_000;
/// The smallest MTU of IPv4 (RFC 791), and the largest IP packet.
const MTU_BYTES: std::ops::RangeInclusive<usize> = 68..=65_535;

pub(super) fn check(number: usize, site: &SiteEntry) -> Checked {
    let wrong = |place: TomlPath, text: &str| Contradiction::new(place, format!("site {:?}: {text}", site.name));
    for (key, nat, fits) in [
        ("ipv4", &site.ipv4, IpAddr::is_ipv4 as fn(&IpAddr) -> bool),
        ("ipv6", &site.ipv6, IpAddr::is_ipv6 as fn(&IpAddr) -> bool),
    ] {
        let Some(nat) = nat else { continue };
        let at = |inner: &'static str| toml_path!["site", number, key, inner];
        if let Some(n) = nat.public.iter().position(|address| !fits(address)) {
            let other = nat.public.get(n).map(ToString::to_string).unwrap_or_default();
            let text = format!("{other} is no public address of its {key} device");
            return Err(wrong(toml_path!["site", number, key, "public", n], &text));
        }
        if !(1..=LONGEST_S).contains(&nat.lifetime_s) {
            return Err(wrong(at("lifetime_s"), &format!("a mapping lives 1 to {LONGEST_S} s")));
        }
        if let Some(idle) = of_a_nat_only(nat).filter(|_| nat.public.is_empty()) {
            let text = format!("`{idle}` says nothing of a firewall; `public` addresses make a NAT of it");
            return Err(wrong(at(idle), &text));
        }
    }
    nat64(number, site)?;
    firewall(number, site)?;
    line(number, site)
}

/// The first setting that only makes sense for a NAT and differs from its default.
fn of_a_nat_only(nat: &NatEntry) -> Option<&'static str> {
    let plain = NatEntry::firewall(nat.filtering);
    let differs = [
        ("mapping", nat.mapping != plain.mapping),
        ("ports", nat.ports != plain.ports),
        ("parity", nat.parity != plain.parity),
        ("clash", nat.clash != plain.clash),
        ("pooling", nat.pooling != plain.pooling),
        ("hairpinning", nat.hairpinning != plain.hairpinning),
    ];
    differs.into_iter().find_map(|(key, differs)| differs.then_some(key))
}

pub(super) fn is_prefix(prefix: Ipv6Addr) -> bool {
    prefix.to_bits() & u128::from(u32::MAX) == 0
}

fn nat64(number: usize, site: &SiteEntry) -> Checked {
    let Some(nat64) = &site.nat64 else { return Ok(()) };
    let wrong = |key: &'static str, text: &str| {
        Err(Contradiction::new(toml_path!["site", number, "nat64", key], format!("site {:?}: {text}", site.name)))
    };
    if nat64.public.is_empty() || nat64.public.iter().any(IpAddr::is_ipv6) {
        return wrong("public", "a NAT64 has public addresses of IPv4");
    }
    if !is_prefix(nat64.prefix) {
        return wrong("prefix", "a NAT64's prefix ends in 32 zero bits, as 64:ff9b:: does");
    }
    Ok(())
}

fn firewall(number: usize, site: &SiteEntry) -> Checked {
    let Some(firewall) = &site.firewall else { return Ok(()) };
    let wrong = |key: &'static str, text: &str| {
        Err(Contradiction::new(toml_path!["site", number, "firewall", key], format!("site {:?}: {text}", site.name)))
    };
    for (key, limit) in [
        ("udp_packets_per_second", firewall.udp_packets_per_second),
        ("udp_bytes_per_second", firewall.udp_bytes_per_second),
        ("udp_largest_bytes", firewall.udp_largest_bytes),
        ("udp_packets_per_flow", firewall.udp_packets_per_flow),
        ("udp_seconds_per_flow", firewall.udp_seconds_per_flow),
        ("udp_flows_per_host", firewall.udp_flows_per_host),
    ] {
        if limit == Some(0) {
            return wrong(key, "what lets nothing through is written as udp = \"none\"");
        }
    }
    for (key, entry) in [("udp", &firewall.udp), ("tcp", &firewall.tcp)] {
        match entry {
            PortsEntry::Only(ports) if ports.is_empty() => return wrong(key, "no port at all is written as \"none\""),
            PortsEntry::Only(ports) if ports.contains(&0) => return wrong(key, "nobody is at port 0"),
            PortsEntry::Only(_) | PortsEntry::Word(_) => {}
        }
    }
    Ok(())
}

fn line(number: usize, site: &SiteEntry) -> Checked {
    let Some(link) = &site.link else { return Ok(()) };
    let wrong = |place, text: &str| Err(Contradiction::new(place, format!("site {:?}: {text}", site.name)));
    for (direction, line) in [("out", Some(link.out)), ("back", link.back)] {
        let Some(line) = line else { continue };
        if let Some((key, text)) = unlike_a_line(&line) {
            return wrong(toml_path!["site", number, "link", direction, key], &text);
        }
    }
    for (key, mtu_bytes) in [("mtu_bytes", Some(link.mtu_bytes)), ("back_mtu_bytes", link.back_mtu_bytes)] {
        if let Some(bytes) = mtu_bytes.filter(|bytes| !MTU_BYTES.contains(bytes)) {
            let text = format!("an MTU of {bytes} bytes; it is {} to {}", MTU_BYTES.start(), MTU_BYTES.end());
            return wrong(toml_path!["site", number, "link", key], &text);
        }
    }
    Ok(())
}

fn unlike_a_line(line: &LineEntry) -> Option<(&'static str, String)> {
    for (key, share) in [
        ("loss_percent", line.loss_percent),
        ("duplicated_percent", line.duplicated_percent),
        ("reordered_percent", line.reordered_percent),
    ] {
        if !(0.0..=100.0).contains(&share) {
            return Some((key, format!("{key} = {share} is not between 0 and 100")));
        }
    }
    for (key, ms) in [("delay_ms", line.delay_ms), ("jitter_ms", line.jitter_ms), ("queue_ms", line.queue_ms)] {
        if ms > LONGEST_MS {
            return Some((key, format!("{key} = {ms} is more than {LONGEST_MS}")));
        }
    }
    if !(line.burst_packets >= 1.0 && line.burst_packets.is_finite()) {
        return Some(("burst_packets", "a burst has one packet at least".to_owned()));
    }
    if line.bandwidth_kbps == Some(0) {
        return Some(("bandwidth_kbps", "a line of 0 kbit/s carries nothing; cut it with a change".to_owned()));
    }
    None
}

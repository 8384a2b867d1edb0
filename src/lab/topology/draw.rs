//! Draws a network as a tree, from the internet inwards, in the terms of RFC 4787.

use super::file::{
    ChangeEntry, File, FirewallEntry, HostEntry, INTERNET, LineEntry, LinkEntry, NatEntry, PassageWord, PortsEntry,
    Serves, SiteEntry,
};
use crate::lab::{AddressPooling, Clash, HairpinMode, HostFirewall, Neighbours, Recognised, TooLarge, Unsolicited};
use serde::Serialize;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

struct Pen {
    branch: &'static str,
    last: &'static str,
    bar: &'static str,
}

const LINES: Pen = Pen { branch: "├── ", last: "└── ", bar: "│   " };
const ASCII: Pen = Pen { branch: "+-- ", last: "`-- ", bar: "|   " };
const GAP: &str = "    ";
/// The width of the drawing, in columns.
const WIDTH: usize = 80;
/// The least width of a line, however deep it is indented.
const NARROWEST: usize = 24;

pub(super) fn draw(file: &File, ascii: bool) -> String {
    let pen = if ascii { ASCII } else { LINES };
    let mut text = String::new();
    put("", &file.title, &mut text);
    if !file.seen.is_empty() {
        put("", &format!("Seen: {}", file.seen), &mut text);
    }
    let _ = writeln!(text, "\ninternet");
    region(file, INTERNET, "", &pen, &mut text);
    for change in &file.changes {
        put("", &happening(change), &mut text);
    }
    text
}

/// Writes an indented line; what does not fit continues on the next line, indented by two more columns.
fn put(indent: &str, line: &str, text: &mut String) {
    let room = WIDTH.saturating_sub(indent.width()).max(NARROWEST);
    let within = line.len() - line.trim_start().len();
    let mut shown = String::new();
    for word in line.split(' ') {
        let is_first = shown.trim_start().is_empty();
        if !is_first && shown.width() + 1 + word.width() > room {
            let _ = writeln!(text, "{indent}{shown}");
            shown = " ".repeat(within + 2);
            shown.push_str(word);
            continue;
        }
        if !is_first || word.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    let _ = writeln!(text, "{indent}{shown}");
}

fn region(file: &File, name: &str, indent: &str, pen: &Pen, text: &mut String) {
    let hosts: Vec<&HostEntry> = file.hosts.iter().filter(|host| host.site == name).collect();
    let sites: Vec<&SiteEntry> = file.sites.iter().filter(|site| site.behind == name).collect();
    let count = hosts.len() + sites.len();
    let mark = |index: usize| if index + 1 == count { pen.last } else { pen.branch };
    for (index, host) in hosts.iter().enumerate() {
        let serves = match host.serves {
            None => "",
            Some(Serves::StunTurn) => ": STUN and TURN",
            Some(Serves::Portal) => ": captive portal",
            Some(Serves::Inspector) => ": inspects TLS",
            Some(Serves::Proxy) => ": HTTP proxy (CONNECT only)",
            Some(Serves::NatPmp) => ": the router, answers NAT-PMP",
            Some(Serves::Pcp) => ": the router, answers PCP",
            Some(Serves::Upnp) => ": the router, answers UPnP",
        };
        let addresses: Vec<String> = host.addresses.iter().map(ToString::to_string).collect();
        let firewall = match host.firewall {
            HostFirewall::Open => "",
            HostFirewall::DropsIncomingUdp => "; its firewall drops UDP that comes in",
            HostFirewall::ForbidsUdp => "; its firewall forbids UDP",
        };
        let _ = writeln!(text, "{indent}{}{}{serves}{firewall}", mark(index), host.name);
        let bar = if index + 1 == count { GAP } else { pen.bar };
        put(&format!("{indent}{bar}"), &addresses.join(", "), text);
    }
    for (index, site) in sites.iter().enumerate() {
        let index = hosts.len() + index;
        let _ = writeln!(text, "{indent}{}site {}", mark(index), site.name);
        let inner = format!("{indent}{}", if index + 1 == count { GAP } else { pen.bar });
        for line in gateway(site) {
            put(&inner, &line, text);
        }
        region(file, &site.name, &inner, pen, text);
    }
}

/// The properties of a site's gateway, one in a line.
fn gateway(site: &SiteEntry) -> Vec<String> {
    let mut lines = Vec::new();
    for (family, nat) in [("IPv4", &site.ipv4), ("IPv6", &site.ipv6)] {
        lines.extend(nat.iter().flat_map(|nat| device(family, nat)));
    }
    if let Some(nat64) = &site.nat64 {
        lines.push(format!("NAT64 {}/96 as {}", nat64.prefix, listed(&nat64.public)));
    }
    lines.extend(site.firewall.iter().flat_map(firewall));
    if let Some(portal) = &site.portal {
        lines.push(format!("captive portal: {} answers for every host", portal.host));
    }
    if site.neighbours == Neighbours::Isolated {
        lines.push("its hosts do not reach each other".to_owned());
    }
    lines.extend(site.link.iter().flat_map(link));
    if let Some(resolver) = &site.resolver {
        let dns64 = resolver.dns64.map(|prefix| format!(", DNS64 {prefix}/96")).unwrap_or_default();
        lines.push(format!("DNS: {}, after {} ms{dns64}", word(&resolver.answers), resolver.delay_ms));
    }
    lines
}

fn looks(known: Recognised) -> &'static str {
    match known {
        Recognised::Stun => "what looks like STUN",
        Recognised::Dtls => "what looks like DTLS",
        Recognised::Check => "the checks of ICE",
        Recognised::Media => "what looks like media",
        Recognised::Unassigned => "UDP that looks like nothing known",
        Recognised::ServerName => "TLS to names of STUN and TURN servers",
    }
}

fn firewall(firewall: &FirewallEntry) -> Vec<String> {
    let mut lines = Vec::new();
    for (what, entry) in [("UDP", &firewall.udp), ("TCP", &firewall.tcp)] {
        match entry {
            PortsEntry::Word(PassageWord::All) => {}
            PortsEntry::Word(PassageWord::None) => lines.push(format!("no {what}")),
            PortsEntry::Only(ports) => lines.push(format!("{what} only to port {}", listed(ports))),
        }
    }
    lines.extend(firewall.drops.iter().map(|known| format!("drops {}", looks(*known))));
    let way = word(&firewall.limits);
    for (limit, what) in [
        (firewall.udp_packets_per_second, format!("UDP packets a second, {way}")),
        (firewall.udp_bytes_per_second, format!("bytes in UDP a second, {way}")),
        (firewall.udp_largest_bytes, format!("bytes at most in a UDP packet, {way}")),
        (firewall.udp_packets_per_flow, "packets of a UDP flow".to_owned()),
        (firewall.udp_seconds_per_flow, "seconds of a UDP flow".to_owned()),
        (firewall.udp_flows_per_host, "UDP flows of a host".to_owned()),
    ] {
        lines.extend(limit.map(|limit| format!("{limit} {what}")));
    }
    if !firewall.families.is_empty() {
        lines.push(format!("only {}", firewall.families.iter().map(word).collect::<Vec<_>>().join(", ")));
    }
    if !firewall.exempt.is_empty() {
        lines.push(format!("not for {}", firewall.exempt.join(", ")));
    }
    lines.into_iter().map(|line| format!("firewall: {line}")).collect()
}

fn device(family: &str, nat: &NatEntry) -> Vec<String> {
    let mut lines = Vec::new();
    if nat.public.is_empty() {
        lines.push(format!("{family} firewall: filtering {}", word(&nat.filtering)));
        if !nat.open.is_empty() {
            lines.push(format!("  open to strangers: port {}", listed(&nat.open)));
        }
        return lines;
    }
    lines.push(format!("{family} NAT as {}", listed(&nat.public)));
    lines.push(format!("  mapping   {}", word(&nat.mapping)));
    lines.push(format!("  filtering {}", word(&nat.filtering)));
    let mut more = vec![format!("ports {}", word(&nat.ports)), format!("idle {} s", nat.lifetime_s)];
    if nat.hairpinning != HairpinMode::No {
        more.push(format!("hairpinning, {}", word(&nat.hairpinning).replace('-', " ")));
    }
    if nat.pooling == AddressPooling::Arbitrary {
        more.push("arbitrary pooling".to_owned());
    }
    if nat.clash != Clash::NextFree {
        more.push(format!("a port in use is {}", word(&nat.clash)));
    }
    if nat.unsolicited == Unsolicited::Tracked {
        more.push("strangers leave an entry".to_owned());
    }
    lines.extend(more.chunks(2).map(|pair| format!("  {}", pair.join(", "))));
    lines
}

fn link(link: &LinkEntry) -> Vec<String> {
    let mut lines = match link.back {
        None => vec![format!("line: {}", line(&link.out))],
        Some(back) => vec![format!("line out: {}", line(&link.out)), format!("line back: {}", line(&back))],
    };
    let silence = if link.too_large == TooLarge::Dropped { ", without a word about larger ones" } else { "" };
    let sizes = match link.back_mtu_bytes {
        None => vec![("line", link.mtu_bytes)],
        Some(back) => vec![("line out", link.mtu_bytes), ("line back", back)],
    };
    let small = sizes.into_iter().filter(|(_, bytes)| *bytes != 1500);
    lines.extend(small.map(|(way, bytes)| format!("{way}: IP packets up to {bytes} bytes{silence}")));
    lines
}

fn line(line: &LineEntry) -> String {
    let mut words = vec![format!("{} ms", line.delay_ms)];
    let mut add = |value: f64, text: String| words.extend((value > 0.0).then_some(text));
    add(line.jitter_ms.into(), format!("jitter {} ms", line.jitter_ms));
    add(line.loss_percent, format!("{} % lost", line.loss_percent));
    add(line.burst_packets - 1.0, format!("{} in a row", line.burst_packets));
    add(line.duplicated_percent, format!("{} % twice", line.duplicated_percent));
    add(line.reordered_percent, format!("{} % out of order", line.reordered_percent));
    words.extend(line.bandwidth_kbps.map(|kbps| format!("{kbps} kbit/s, a queue of {} ms", line.queue_ms)));
    words.join(", ")
}

fn happening(change: &ChangeEntry) -> String {
    match change {
        ChangeEntry::Restart { after_ms, site } => format!("after {after_ms} ms the gateway of {site} restarts"),
        ChangeEntry::Renumber { after_ms, site, addresses } => {
            format!("after {after_ms} ms {site} is {} outside", listed(addresses))
        }
        ChangeEntry::Readdress { after_ms, host, addresses } => {
            format!("after {after_ms} ms {host} has {}", listed(addresses))
        }
        ChangeEntry::Unplug { after_ms, site } => format!("after {after_ms} ms the line of {site} is cut"),
        ChangeEntry::Plug { after_ms, site } => format!("after {after_ms} ms the line of {site} is back"),
    }
}

fn listed(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A value as it is written in the file.
fn word(value: &impl Serialize) -> String {
    toml::Value::try_from(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

//! What this host has counted of the packets that came in over IP (RFC 4293). Linux shows it to every program, each network
//! namespace its own; the other systems show it to nobody by a file, and are not asked.

use crate::model::{Family, IpCounters};
use std::collections::BTreeMap;
use std::fs;

/// The counts as they stand now; None where this system does not show them.
pub(super) fn ip_counters(family: Family) -> Option<IpCounters> {
    match family {
        Family::Ipv4 => ipv4(&fs::read_to_string("/proc/net/snmp").ok()?),
        Family::Ipv6 => ipv6(&fs::read_to_string("/proc/net/snmp6").ok()?),
    }
}

/// A line of names and a line of values for each protocol.
fn ipv4(text: &str) -> Option<IpCounters> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("Ip: "));
    let (names, values) = (lines.next()?, lines.next()?);
    let values = values.split_whitespace().map(|value| value.parse().ok());
    let counts: BTreeMap<&str, Option<u64>> = names.split_whitespace().zip(values).collect();
    let count = |name| counts.get(name).copied().flatten();
    Some(IpCounters {
        received: count("InReceives")?,
        delivered: count("InDelivers")?,
        forwarded: count("ForwDatagrams")?,
    })
}

/// A line for each count.
fn ipv6(text: &str) -> Option<IpCounters> {
    let count = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    Some(IpCounters {
        received: count("Ip6InReceives ")?,
        delivered: count("Ip6InDelivers ")?,
        forwarded: count("Ip6OutForwDatagrams ")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_found_by_their_names() {
        let snmp =
            "Ip: Forwarding DefaultTTL InReceives InDelivers ForwDatagrams\nIp: 1 64 100 90 3\nIcmp: InMsgs\nIcmp: 7\n";
        assert_eq!(ipv4(snmp), Some(IpCounters { received: 100, delivered: 90, forwarded: 3 }));
        let snmp6 = "Ip6InReceives                   \t12\nIp6InDelivers                   \t9\nIp6OutForwDatagrams             \t1\n";
        assert_eq!(ipv6(snmp6), Some(IpCounters { received: 12, delivered: 9, forwarded: 1 }));
    }

    #[test]
    fn what_is_cut_short_or_no_number_tells_nothing() {
        for text in ["", "Ip: InReceives InDelivers", "Ip: InReceives InDelivers\nIp: 1", "Ip: InReceives\nIp: many"] {
            assert_eq!(ipv4(text), None, "{text}");
        }
        assert_eq!(ipv6("Ip6InReceives 1\nIp6InDelivers x\n"), None);
    }
}

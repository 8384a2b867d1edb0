//! What makes the kernel's NAT each of RFC 4787's, as nftables rulesets for a router between `inside` and `outside`.

/// An unsolicited packet must not make a conntrack entry on the router itself, or the inside host's own packet would
/// leave by another port.
const WAN_INPUT: &str = "table ip wan {
    chain input { type filter hook input priority 0; iifname \"outside\" ct state new drop; }
}
";

/// Where the host inside is: [`crate::net::Router::home`]'s network.
pub(crate) const INSIDE: &str = "192.168.77.2";

fn nat(chains: &str, how: &str) -> String {
    format!(
        "{WAN_INPUT}table ip nat {{
            {chains}
            chain postrouting {{ type nat hook postrouting priority 100; oifname \"outside\" {how}; }}
        }}
        "
    )
}

fn dropping(what: &str) -> String {
    format!(
        "table ip firewall {{
            chain forward {{ type filter hook forward priority 0; {what} drop; }}
        }}
        "
    )
}

/// On a host itself: what comes in over UDP is dropped.
pub(crate) fn udp_not_let_in() -> String {
    "table inet firewall {
        chain input { type filter hook input priority 0; meta l4proto udp drop; }
    }
    "
    .to_owned()
}

/// Nothing translated, nothing filtered: the outside must know the way back in.
pub(crate) fn open() -> String {
    String::new()
}

/// EIM/APDF, as long as no two hosts inside want one port.
pub(crate) fn masquerade() -> String {
    nat("", "masquerade")
}

/// The same without a firewall before the router itself: who is not known reaches the router, and leaves an entry in
/// its table of connections.
pub(crate) fn masquerade_without_firewall() -> String {
    masquerade().replace(WAN_INPUT, "")
}

/// APDM/APDF.
pub(crate) fn fully_random() -> String {
    nat("", "masquerade fully-random")
}

/// EIM/EIF: all UDP that comes in is for the host inside.
pub(crate) fn forwarding_all() -> String {
    let chain = format!(
        "chain prerouting {{ type nat hook prerouting priority -100; iifname \"outside\" meta l4proto udp dnat to {INSIDE}; }}"
    );
    nat(&chain, "masquerade")
}

/// EIM/ADF: what comes in is for the host inside where that has sent to its source's address from this port.
pub(crate) fn forwarding_known() -> String {
    let chains = format!(
        "set known {{
            type inet_service . ipv4_addr
            flags dynamic,timeout
            timeout 5m
        }}
        chain remember {{
            type filter hook forward priority 0
            iifname \"inside\" oifname \"outside\" update @known {{ udp sport . ip daddr }}
        }}
        chain prerouting {{
            type nat hook prerouting priority -100
            iifname \"outside\" udp dport . ip saddr @known dnat to {INSIDE}
        }}"
    );
    nat(&chains, "masquerade")
}

/// Several public addresses, `203.0.113.32/27`, for which the router must answer.
pub(crate) fn pool() -> String {
    nat("", "snat to 203.0.113.32-203.0.113.63")
}

/// The same, where a host inside keeps the address that it got (RFC 4787 REQ-2, "paired").
pub(crate) fn persistent_pool() -> String {
    nat("", "snat to 203.0.113.32-203.0.113.63 persistent")
}

pub(crate) fn udp_dropped() -> String {
    masquerade() + &dropping("ip protocol udp")
}

/// UDP leaves to the ports of the DNS and of TURN alone.
pub(crate) fn udp_to_two_ports() -> String {
    masquerade() + &dropping("iifname \"inside\" udp dport != { 53, 3478 }")
}

/// So many UDP packets and no more, both ways together.
pub(crate) fn udp_limited(rate: &str) -> String {
    masquerade() + &dropping(&format!("ip protocol udp limit rate over {rate}"))
}

/// So many of ten UDP packets are lost by chance.
pub(crate) fn udp_lossy(of_ten: u32) -> String {
    masquerade() + &dropping(&format!("ip protocol udp numgen random mod 10 < {of_ten}"))
}

/// On a server's host: what nobody inside asked for comes in at low ports and at that of TURN alone.
pub(crate) fn high_ports_shut(address: &str) -> String {
    format!(
        "table ip firewall {{
            chain input {{
                type filter hook input priority 0;
                ip daddr {address} udp dport 1024-65535 udp dport != 3478 ct state new drop;
            }}
        }}
        "
    )
}

/// Nothing leaves but what the router itself sends, and it says so.
pub(crate) fn forbidding_all() -> String {
    "table ip firewall {
        chain forward { type filter hook forward priority 0; reject with icmp type admin-prohibited; }
    }
    "
    .to_owned()
}

/// A hotel: only TCP to port 443 leaves.
pub(crate) fn tcp_443_only() -> String {
    masquerade()
        + &dropping("iifname \"inside\" meta l4proto != tcp")
        + &dropping("iifname \"inside\" tcp dport != 443")
}

/// IPv6 is forwarded, and only answers come in.
pub(crate) const IPV6_FIREWALL: &str = "table ip6 filter {
    chain forward {
        type filter hook forward priority 0; policy drop
        ct state established,related accept
        iifname \"inside\" accept
    }
}
";

pub(crate) fn ipv6_firewall() -> String {
    masquerade() + IPV6_FIREWALL
}

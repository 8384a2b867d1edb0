//! This machine as the network sees it: interfaces, addresses, and the names it can ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What an interface is, as the system or its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceKind {
    /// The machine itself.
    Loopback,
    /// A cable, or what looks like one.
    Ethernet,
    /// A wireless LAN.
    Wifi,
    /// A modem of a mobile network.
    Cellular,
    /// A tunnel: WireGuard, OpenVPN, IPsec, a TUN device.
    Vpn,
    /// A bridge or pair made for containers or virtual machines.
    Container,
    /// None of these, or not known.
    Other,
}

/// One of the addresses that an interface has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InterfaceAddress {
    /// The address, without a zone.
    pub address: IpAddr,
    /// The length of its network's prefix in bits, 0 to 32 or 0 to 128.
    pub prefix_len: u8,
    /// An IPv6 privacy address (RFC 8981), which ICE prefers over a stable one (RFC 8421 leaves it to RFC 6724).
    #[serde(default)]
    pub temporary: bool,
    /// A deprecated, tentative or duplicated IPv6 address (RFC 4862), which is not offered as a candidate.
    #[serde(default)]
    pub deprecated: bool,
}

impl InterfaceAddress {
    /// Whether an address of the same subnet is none of one host: its first and its last are the network itself and all hosts on
    /// it (RFC 1122 §3.2.1.3).
    pub fn is_everyone_on_subnet(&self, other: IpAddr) -> bool {
        let IpAddr::V4(other_v4) = other else { return false };
        // A link of two, and a single host, have no such addresses (RFC 3021).
        let Some(hosts) = u32::MAX.checked_shr(u32::from(self.prefix_len)).filter(|hosts| *hosts > 1) else {
            return false;
        };
        let of_host = other_v4.to_bits() & hosts;
        self.shares_subnet_with(other) && (of_host == 0 || of_host == hosts)
    }

    /// Whether an address is one of the same subnet, to which no router leads.
    pub fn shares_subnet_with(&self, other: IpAddr) -> bool {
        let differ = match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => u128::from(own.to_bits() ^ other.to_bits()) << 96,
            (IpAddr::V6(own), IpAddr::V6(other)) => own.to_bits() ^ other.to_bits(),
            _ => return false,
        };
        differ.leading_zeros() >= u32::from(self.prefix_len)
    }
}

/// A network interface of this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interface {
    /// As the system calls it.
    pub name: String,
    /// The system's number for it.
    pub index: u32,
    /// What it is.
    pub interface_kind: InterfaceKind,
    /// Whether it is up, so that packets can leave by it.
    pub up: bool,
    /// The largest IP packet that it takes; null where the system does not say.
    pub mtu_bytes: Option<u32>,
    /// Its addresses of both families.
    pub addresses: Vec<InterfaceAddress>,
    /// The next hops of default routes through this interface; empty where there are none.
    pub gateways: Vec<IpAddr>,
    /// The name servers that the system asks; told at the interface of the default route.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub name_servers: Vec<IpAddr>,
}

impl Interface {
    /// Whether it leads out of this machine by a line of its own, and not through a tunnel or into containers: what addresses
    /// and routers it has are those of the network here.
    pub(crate) fn is_a_line(&self) -> bool {
        !matches!(self.interface_kind, InterfaceKind::Vpn | InterfaceKind::Container)
    }

    /// Where this interface stands when not all addresses can be kept: those with a default route come first, and each family
    /// of an interface is a kind of its own.
    pub(crate) fn rank(&self, address: IpAddr) -> (bool, u32, bool) {
        (self.gateways.is_empty(), self.index, address.is_ipv6())
    }
}

/// At most so many items in their order: of each rank as many as of any other, as far as there are, and the lower ranks' first.
/// A list that is cut at its end would lack whatever stands behind its largest part.
pub(crate) fn cut_fairly<T, Rank: Ord>(items: Vec<T>, most: usize, rank: impl Fn(&T) -> Rank) -> Vec<T> {
    let mut taken: BTreeMap<Rank, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, Rank, usize)> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let turn = taken.entry(rank(item)).or_default();
        turns.push((*turn, rank(item), place));
        *turn += 1;
    }
    turns.sort();
    let mut kept: Vec<usize> = turns.into_iter().take(most).map(|(.., place)| place).collect();
    kept.sort_unstable();
    let mut kept = kept.into_iter().peekable();
    let numbered = items.into_iter().enumerate();
    numbered.filter_map(|(place, item)| kept.next_if_eq(&place).map(|_| item)).collect()
}

/// A name that has IPv4 addresses alone, the same in the whole world (RFC 7050 §3): a control for what a name server says
/// of other names, and what shows a NAT64 where there are IPv6 addresses of it.
pub const IPV4_ONLY: &str = "ipv4only.arpa";

/// The type of record that a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum DnsKind {
    /// IPv4 addresses (RFC 1035 §3.4.1).
    A,
    /// IPv6 addresses (RFC 3596 §2.1).
    Aaaa,
    /// Where a service is (RFC 2782).
    Srv,
}

/// One record of an answer. In JSON an address as a string, or a service as an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DnsRecord {
    /// Of an A or AAAA record.
    Address(IpAddr),
    /// Of an SRV record (RFC 2782).
    Service {
        /// Lower ones are tried first.
        priority: u16,
        /// Among those of one priority, its share of the clients.
        weight: u16,
        /// Where the service listens.
        port: u16,
        /// The host's name without its trailing dot; empty for "the service is decidedly not here".
        target: String,
    },
}

/// What a host has counted of the packets that came in over IP since it was started (RFC 4293).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IpCounters {
    /// All that came in (`ipSystemStatsInReceives`).
    pub received: u64,
    /// What was given to a protocol of this host, as UDP (`ipSystemStatsInDelivers`).
    pub delivered: u64,
    /// What was passed on to others (`ipSystemStatsOutForwDatagrams`).
    pub forwarded: u64,
}

impl IpCounters {
    /// What was counted since; none of a count that went back, as where it began anew.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            received: self.received.saturating_sub(before.received),
            delivered: self.delivered.saturating_sub(before.delivered),
            forwarded: self.forwarded.saturating_sub(before.forwarded),
        }
    }

    /// What came in, and went neither to a program nor to others.
    pub fn thrown_away(self) -> u64 {
        self.received.saturating_sub(self.delivered).saturating_sub(self.forwarded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subnet_ends_where_its_prefix_does() {
        for (own, prefix_len, other, shares) in [
            ("192.168.1.2", 24, "192.168.1.254", true),
            ("192.168.1.2", 24, "192.168.2.2", false),
            ("10.0.0.1", 0, "192.0.2.1", true),
            ("192.168.1.2", 24, "2001:db8::1", false),
            ("2001:db8::1", 64, "2001:db8::ffff", true),
            ("2001:db8::1", 64, "2001:db8:0:1::1", false),
        ] {
            let address = own.parse().expect(own);
            let own_address = InterfaceAddress { address, prefix_len, temporary: false, deprecated: false };
            assert_eq!(own_address.shares_subnet_with(other.parse().expect(other)), shares, "{own} {other}");
        }
    }

    #[test]
    fn the_first_and_the_last_address_of_a_subnet_are_no_hosts() {
        for (own, prefix_len, other, is_everyone) in [
            ("192.168.1.2", 24, "192.168.1.255", true),
            ("192.168.1.2", 24, "192.168.1.0", true),
            ("192.168.1.2", 23, "192.168.1.255", true),
            ("192.168.1.2", 22, "192.168.1.255", false),
            ("192.168.1.2", 24, "192.168.1.254", false),
            ("192.168.1.2", 24, "192.168.2.255", false),
            ("192.168.1.2", 31, "192.168.1.3", false),
            ("192.168.1.2", 32, "192.168.1.2", false),
            ("10.0.0.1", 0, "0.0.0.0", true),
            ("2001:db8::1", 64, "2001:db8::", false),
        ] {
            let address = own.parse().expect(own);
            let own_address = InterfaceAddress { address, prefix_len, temporary: false, deprecated: false };
            let told = own_address.is_everyone_on_subnet(other.parse().expect(other));
            assert_eq!(told, is_everyone, "{own}/{prefix_len} {other}");
        }
    }
}

//! This machine as the network sees it: interfaces, addresses, and the names it can ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceKind {
    Loopback,
    Ethernet,
    Wifi,
    Cellular,
    /// A tunnel: WireGuard, OpenVPN, IPsec, a TUN device.
    Vpn,
    /// A bridge or pair made for containers or virtual machines.
    Container,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InterfaceAddress {
    pub address: IpAddr,
    pub prefix_len: u8,
    /// An IPv6 privacy address (RFC 8981), which ICE prefers over a stable one (RFC 8421 leaves it to RFC 6724).
    #[serde(default)]
    pub temporary: bool,
    /// Deprecated, tentative or duplicated IPv6 addresses are not offered as candidates.
    #[serde(default)]
    pub deprecated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interface {
    pub name: String,
    pub index: u32,
    pub interface_kind: InterfaceKind,
    pub up: bool,
    pub mtu_bytes: Option<u32>,
    pub addresses: Vec<InterfaceAddress>,
    /// The next hop of a default route through this interface.
    pub gateways: Vec<IpAddr>,
}

/// What a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum DnsKind {
    A,
    Aaaa,
    Srv,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DnsRecord {
    Address(IpAddr),
    /// RFC 2782; `target` without its trailing dot, empty for "the service is decidedly not here".
    Service {
        priority: u16,
        weight: u16,
        port: u16,
        target: String,
    },
}

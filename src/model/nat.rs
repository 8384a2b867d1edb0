//! What a NAT or a firewall does, in the words of RFC 4787.

use super::Judged;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// RFC 791.
    Ipv4,
    /// RFC 8200.
    Ipv6,
}

impl Family {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::Ipv4, Self::Ipv6];

    /// The family of an address; an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is IPv6's.
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 }
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        })
    }
}

/// On how much of the remote endpoint a mapping (RFC 4787 §4.1) or a filter (§5) depends. Ordered from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    /// On nothing of it: the same towards everybody.
    EndpointIndependent,
    /// On its address alone.
    AddressDependent,
    /// On the whole of it.
    AddressAndPortDependent,
}

/// What stands between this machine and the internet in one address family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nat {
    /// Whether the address that servers see differs from the socket's own.
    pub translated: Judged<bool>,
    /// On what a mapping depends (RFC 4787 §4.1). Where nothing translates, it is endpoint-independent.
    pub mapping: Judged<Behaviour>,
    /// On what it depends whose packets are let in (RFC 4787 §5). Where nothing translates, it is a firewall's.
    pub filtering: Judged<Behaviour>,
    /// Whether a socket behind the NAT reaches another one there by its mapped endpoint (RFC 4787 §6).
    pub hairpinning: Judged<bool>,
    /// Whether the mapped port is the socket's own (RFC 4787 §4.2.1).
    pub port_preservation: Judged<bool>,
    /// The reflexive addresses seen, each once and without its port, in the order seen.
    pub public_addresses: Vec<IpAddr>,
    /// How long an idle mapping was seen to live, in milliseconds: at least this long (RFC 4787 §4.3).
    pub mapping_lifetime_ms: Judged<u64>,
    /// The shortest idle time after which it was seen to be gone, in milliseconds: it lives for less than that. Null where
    /// none was seen to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping_gone_after_ms: Option<u64>,
    /// The largest IP packet, in bytes, seen to pass whole to a server.
    pub path_mtu_bytes: Judged<u32>,
}

/// The families apart; null where this machine has no address of the family that leads out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NatByFamily {
    /// For IPv4.
    pub ipv4: Option<Nat>,
    /// For IPv6.
    pub ipv6: Option<Nat>,
}

impl NatByFamily {
    /// What stands before this family; None where it is null.
    pub fn get(&self, family: Family) -> Option<&Nat> {
        match family {
            Family::Ipv4 => self.ipv4.as_ref(),
            Family::Ipv6 => self.ipv6.as_ref(),
        }
    }
}

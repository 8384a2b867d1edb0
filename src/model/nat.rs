//! What a NAT or a firewall does, in the words of RFC 4787.

use super::Judged;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    Ipv4,
    Ipv6,
}

impl Family {
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 }
    }

    /// How reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        }
    }
}

/// On how much of the remote endpoint a mapping (RFC 4787 §4.1) or a filter (§5) depends. Ordered from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Behaviour {
    EndpointIndependent,
    AddressDependent,
    AddressAndPortDependent,
}

/// What stands between this machine and the internet in one address family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nat {
    /// Whether the address that servers see differs from the socket's own.
    pub translated: Judged<bool>,
    /// Where nothing translates: endpoint-independent.
    pub mapping: Judged<Behaviour>,
    /// Where nothing translates it tells of a firewall.
    pub filtering: Judged<Behaviour>,
    pub hairpinning: Judged<bool>,
    pub port_preservation: Judged<bool>,
    /// The reflexive addresses seen, each once, in the order seen.
    pub public_addresses: Vec<IpAddr>,
    /// How long an idle mapping was seen to live, in milliseconds: at least this long.
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
    pub ipv4: Option<Nat>,
    pub ipv6: Option<Nat>,
}

impl NatByFamily {
    pub fn get(&self, family: Family) -> Option<&Nat> {
        match family {
            Family::Ipv4 => self.ipv4.as_ref(),
            Family::Ipv6 => self.ipv6.as_ref(),
        }
    }
}

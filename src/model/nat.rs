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

macro_rules! declare {
    ($($(#[$attribute:meta])* $answer:ident: $kind:ty => $shape:ident,
        $name:literal, $name_ko:literal, $plain:literal, $plain_ko:literal;)+) => {
        /// What stands between this machine and the internet in one address family. By default nothing was asked.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub struct Nat {
            $($(#[$attribute])* pub $answer: $kind,)+
            /// The shortest idle time after which a mapping was seen to be gone, in milliseconds: it lives for less than
            /// that. Null where none was seen to go.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub mapping_gone_after_ms: Option<u64>,
        }
    };
}

nat_answers!(declare);

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

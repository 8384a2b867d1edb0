//! How far does an address reach? RFC 6890's registries, in the steps that matter here.
//!
//! What is "public" is judged beside the server that said it: a server on loopback or on a private network sees
//! private addresses, and that is as it should be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// From the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nobody can be reached there: unspecified, multicast, broadcast, reserved.
    Nowhere,
    Loopback,
    Link,
    Private,
    /// Between a carrier and its customers: 100.64.0.0/10 (RFC 6598) and 192.0.0.0/29 (RFC 7335).
    Carrier,
    /// Also the documentation ranges (RFC 5737, RFC 3849), which stand for the internet in a laboratory.
    Public,
}

impl Scope {
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [0 | 224.., ..] => Self::Nowhere,
            [127, ..] => Self::Loopback,
            [169, 254, ..] => Self::Link,
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [198, 18..=19, ..] => Self::Private,
            [100, 64..=127, ..] | [192, 0, 0, 0..=7] => Self::Carrier,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if address.is_unspecified() || address.is_multicast() {
            Self::Nowhere
        } else if address.is_loopback() {
            Self::Loopback
        } else if address.is_unicast_link_local() {
            Self::Link
        } else if address.is_unique_local() {
            Self::Private
        } else {
            Self::Public
        }
    }

    /// Whether a machine with such an address can hope to reach another network through it.
    pub fn leads_out(self) -> bool {
        self >= Self::Private
    }
}

/// Whether an IPv6 address stands for an IPv4 one behind NAT64 (RFC 6052 §2.1, RFC 8215).
pub fn is_nat64(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if matches!(address.segments(), [0x64, 0xff9b, 0 | 1, ..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(address: &str) -> Scope {
        Scope::of(address.parse().expect(address))
    }

    #[test]
    fn an_address_between_a_carrier_and_its_customers_is_never_public() {
        for address in ["100.64.0.1", "100.127.255.254", "192.0.0.2", "::ffff:100.64.0.1"] {
            assert_eq!(scope(address), Scope::Carrier, "{address}");
        }
        assert_eq!(scope("100.128.0.1"), Scope::Public);
        assert_eq!(scope("100.63.0.1"), Scope::Public);
    }

    #[test]
    fn documentation_ranges_stand_for_the_internet() {
        for address in ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"] {
            assert_eq!(scope(address), Scope::Public, "{address}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_no_server() {
        for address in ["0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "ff02::1"] {
            assert_eq!(scope(address), Scope::Nowhere, "{address}");
        }
    }
}

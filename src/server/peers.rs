//! The peers that the relay may send to: only those in listed ranges (RFC 8656 §21.2 has the reasons).
//!
//! An IPv6 address that embeds an IPv4 one is judged as that IPv4 address, so that no notation gets around the list.

use crate::model::innermost;
use std::net::IpAddr;
use std::str::FromStr;

/// The ranges that peers may be in; the default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers {
    ranges: Vec<AddressRange>,
    /// Whether all public addresses are allowed as well.
    public: bool,
}

/// The IPv4 networks that are not public: IANA's special-purpose registry (RFC 6890), multicast and reserved addresses.
const SPECIAL_V4: [(u32, u32); 15] = [
    (0x0000_0000, 8),  // "this network"
    (0x0a00_0000, 8),  // private
    (0x6440_0000, 10), // between carriers and customers
    (0x7f00_0000, 8),  // loopback
    (0xa9fe_0000, 16), // one link
    (0xac10_0000, 12), // private
    (0xc000_0000, 24), // protocol assignments
    (0xc000_0200, 24), // documentation
    (0xc058_6300, 24), // 6to4 relays, not used any more
    (0xc0a8_0000, 16), // private
    (0xc612_0000, 15), // benchmarks
    (0xc633_6400, 24), // documentation
    (0xcb00_7100, 24), // documentation
    (0xe000_0000, 4),  // multicast
    (0xf000_0000, 4),  // reserved
];

/// A network in CIDR notation, or one address: `192.0.2.0/24`, `2001:db8::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    network: IpAddr,
    prefix_len: u32,
}

/// A text that is neither an address nor a network in CIDR notation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address or a network such as 192.0.2.0/24")]
pub struct InvalidRange(String);

impl FromStr for AddressRange {
    type Err = InvalidRange;

    fn from_str(text: &str) -> Result<Self, InvalidRange> {
        let wrong = || InvalidRange(text.to_owned());
        let (network, prefix_len) = text.split_once('/').map_or((text, None), |(ip, len)| (ip, Some(len)));
        let network: IpAddr = network.parse().map_err(|_| wrong())?;
        let longest = if network.is_ipv4() { 32 } else { 128 };
        let prefix_len = prefix_len.map_or(Ok(longest), |len| len.parse().map_err(|_| wrong()))?;
        if prefix_len > longest {
            return Err(wrong());
        }
        Ok(Self { network, prefix_len })
    }
}

impl AddressRange {
    /// Whether the range contains `address`, which is in its canonical form.
    fn contains(&self, address: IpAddr) -> bool {
        let differing = match (self.network, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (u32::from(a) ^ u32::from(b)).leading_zeros(),
            (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a) ^ u128::from(b)).leading_zeros(),
            _ => return false,
        };
        differing >= self.prefix_len
    }
}

impl FromIterator<AddressRange> for Peers {
    fn from_iter<T: IntoIterator<Item = AddressRange>>(ranges: T) -> Self {
        Self { ranges: ranges.into_iter().collect(), public: false }
    }
}

/// Whether an address is globally reachable. For IPv6 that is 2000::/3 without the protocol assignments (2001::/23) and
/// the ranges for documentation (RFC 3849, RFC 9637).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !SPECIAL_V4.iter().any(|(network, prefix_len)| (u32::from(v4) ^ network).leading_zeros() >= *prefix_len)
        }
        IpAddr::V6(v6) => match v6.segments() {
            [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
            [first, ..] => first & 0xe000 == 0x2000,
        },
    }
}

impl Peers {
    /// Allows all public addresses beside the ranges.
    #[must_use]
    pub fn and_public(self) -> Self {
        Self { public: true, ..self }
    }

    /// Whether the relay may send to this address. Never to one that is no single host, nor to the local-use NAT64
    /// prefix (RFC 8215), since only its network knows where the IPv4 address is in it.
    pub fn allow(&self, peer: IpAddr) -> bool {
        let peer = innermost(peer);
        let is_no_host = match peer {
            IpAddr::V4(v4) => v4.is_multicast() || v4.is_unspecified() || v4.is_broadcast(),
            IpAddr::V6(v6) => v6.is_multicast() || v6.is_unspecified() || v6.segments().starts_with(&[0x64, 0xff9b, 1]),
        };
        !is_no_host && (self.ranges.iter().any(|range| range.contains(peer)) || (self.public && is_public(peer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(ranges: &[&str]) -> Peers {
        ranges.iter().map(|range| range.parse::<AddressRange>().expect(range)).collect()
    }

    fn allowed(peers: &Peers, address: &str) -> bool {
        peers.allow(address.parse().expect(address))
    }

    #[test]
    fn nobody_is_a_peer_unless_listed() {
        for address in ["192.0.2.1", "127.0.0.1", "::1", "2001:db8::1"] {
            assert!(!allowed(&Peers::default(), address), "{address}");
        }
    }

    #[test]
    fn the_public_internet_is_neither_private_nor_special_in_any_dress() {
        let public = Peers::default().and_public();
        for address in ["8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255"] {
            assert!(allowed(&public, address), "{address}");
            assert!(allowed(&public, &format!("64:ff9b::{address}")), "{address} behind NAT64");
        }
        assert!(allowed(&public, "2600::1") && allowed(&public, "2a00:1450::1"));
        let special = [
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.19.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
        ];
        for address in special {
            assert!(!allowed(&public, address), "{address}");
            assert!(!allowed(&public, &format!("::ffff:{address}")), "{address} in IPv6 dress");
            assert!(!allowed(&public, &format!("64:ff9b::{address}")), "{address} behind NAT64");
        }
        for address in ["::1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "3fff::1", "2001:10::1", "100::1"] {
            assert!(!allowed(&public, address), "{address}");
        }
        let with_a_laboratory = peers(&["203.0.113.0/24"]).and_public();
        assert!(allowed(&with_a_laboratory, "203.0.113.9") && !allowed(&with_a_laboratory, "10.0.0.1"));
    }

    #[test]
    fn a_range_ends_where_its_prefix_says() {
        let peers = peers(&["192.0.2.128/25", "2001:db8:1::/48", "198.51.100.7"]);
        for (address, expected) in [
            ("192.0.2.127", false),
            ("192.0.2.128", true),
            ("192.0.2.255", true),
            ("192.0.3.0", false),
            ("198.51.100.7", true),
            ("198.51.100.6", false),
            ("2001:db8:1:ffff::1", true),
            ("2001:db8:2::1", false),
        ] {
            assert_eq!(allowed(&peers, address), expected, "{address}");
        }
    }

    /// 127.0.0.1 in every dress it can be sent in.
    const LOOPBACK: [&str; 7] = [
        "127.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ];

    #[test]
    fn an_ipv4_address_in_ipv6_dress_is_judged_as_the_ipv4_address() {
        let all_v6_and_some_v4 = peers(&["::/0", "192.0.2.0/24"]);
        for address in LOOPBACK {
            assert!(!allowed(&all_v6_and_some_v4, address), "{address} denied");
            assert!(allowed(&peers(&["127.0.0.0/8"]), address), "{address} allowed where its IPv4 address is");
        }
        assert!(allowed(&all_v6_and_some_v4, "::ffff:192.0.2.1") && allowed(&all_v6_and_some_v4, "::1"));
    }

    #[test]
    fn what_is_no_single_host_is_denied_even_where_everything_is_allowed() {
        let peers = peers(&["0.0.0.0/0", "::/0"]);
        for address in
            ["0.0.0.0", "255.255.255.255", "224.0.0.251", "::", "ff02::fb", "::ffff:224.0.0.1", "64:ff9b:1::192.0.2.1"]
        {
            assert!(!allowed(&peers, address), "{address}");
        }
        assert!(allowed(&peers, "203.0.113.9"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "/", "192.0.2.0/33", "192.0.2.0/-1", "2001:db8::/129", "example.org", "192.0.2.0/24/1"] {
            assert!(text.parse::<AddressRange>().is_err(), "{text}");
        }
    }
}

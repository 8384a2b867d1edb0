//! How far does an address reach, and may anything be sent to one that a stranger names? RFC 6890's registries, in the
//! steps that matter here.
//!
//! What is "public" is judged beside the server that said it: a server on loopback or on a private network sees
//! private addresses, and that is as it should be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// From the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nobody can be reached there: unspecified, multicast, broadcast, reserved.
    Nowhere,
    /// This machine alone: 127.0.0.0/8 and ::1.
    Loopback,
    /// The local link: 169.254.0.0/16 (RFC 3927) and fe80::/10.
    Link,
    /// Inside some network: RFC 1918, RFC 4193, the old site-local fec0::/10 (RFC 3879), a network's own NAT64
    /// (RFC 8215), and those of benchmarks (RFC 2544, RFC 5180).
    Private,
    /// Between a carrier and its customers: 100.64.0.0/10 (RFC 6598) and 192.0.0.0/29 (RFC 7335).
    Carrier,
    /// Also the documentation ranges (RFC 5737, RFC 3849), which stand for the internet in a laboratory.
    Public,
}

impl Scope {
    /// An IPv4-mapped IPv6 address has the scope of the IPv4 address in it (RFC 4291 §2.5.5.2).
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            // The last two tell a client that there is NAT64 (RFC 7050 §2.2), and 192.0.0.8 is nobody's (RFC 7600).
            [0 | 224.., ..] | [192, 0, 0, 8 | 170 | 171] => Self::Nowhere,
            [127, ..] => Self::Loopback,
            [169, 254, ..] => Self::Link,
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [198, 18..=19, ..] => Self::Private,
            [100, 64..=127, ..] | [192, 0, 0, 0..=7] => Self::Carrier,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        let [a, b, c, d, ..] = address.segments();
        // 100::/64 is where packets are discarded (RFC 6666).
        if address.is_unspecified() || address.is_multicast() || [a, b, c, d] == [0x100, 0, 0, 0] {
            Self::Nowhere
        } else if address.is_loopback() {
            Self::Loopback
        } else if address.is_unicast_link_local() {
            Self::Link
        } else if address.is_unique_local()
            || a & 0xffc0 == 0xfec0
            || [a, b, c] == [0x2001, 2, 0]
            || [a, b, c] == [0x64, 0xff9b, 1]
        {
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

/// The IPv4 address that an IPv6 one of the well-known prefix stands for (RFC 6052 §2.2); any other as it is.
pub fn without_nat64(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6.segments().starts_with(&[0x64, 0xff9b, 0, 0, 0, 0]) => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::from([a, b, c, d])
        }
        _ => address,
    }
}

/// Whether a server on the internet saw a client at an address that is not on the internet: it is none of the client's that
/// anybody else could use.
pub fn is_inner_to(mapped: IpAddr, server: IpAddr) -> bool {
    Scope::of(server) == Scope::Public && Scope::of(mapped) < Scope::Public
}

/// The IPv4 address that is embedded in an IPv6 one, and that packets to it come to in the end; any other as it is.
pub(crate) fn innermost(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => embedded(v6).map_or(address, IpAddr::V4),
    }
}

fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match [a, b, c, d, e, f] {
        // IPv4-compatible (RFC 4291 §2.5.5.1); :: and ::1 are themselves.
        [0, 0, 0, 0, 0, 0] if g != 0 || h > 1 => v4(g, h),
        // IPv4-mapped (RFC 4291 §2.5.5.2), and IPv4-translated (RFC 2765 §2.1).
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] => v4(g, h),
        // NAT64's well-known prefix (RFC 6052 §2.1).
        [0x64, 0xff9b, 0, 0, 0, 0] => v4(g, h),
        // ISATAP (RFC 5214 §6.1).
        [.., 0 | 0x200, 0x5efe] => v4(g, h),
        // 6to4 (RFC 3056 §2).
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo: the client's address, inverted (RFC 4380 §4).
        [0x2001, 0, ..] => v4(!g, !h),
        _ => None,
    }
}

/// Who named an address that this machine did not choose itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    /// A server that was asked at this address: in a redirection, as its other address, as a relayed or a mapped one.
    Server(IpAddr),
    /// The other end of a call, whose own private addresses are as good as its public ones.
    Peer,
}

/// Whether anything may be sent to an endpoint that somebody else names. Never to one where nobody in particular is
/// (multicast, broadcast, unspecified, reserved), and never at a server's word to one that is nearer to this machine
/// than the server is: a stranger on the internet has no business with the doors inside a network, nor one in the
/// network with those of this machine.
///
/// An IPv6 address that a translator or a tunnel turns into an IPv4 one is as near as that. What comes of it when something
/// is sent all the same tells of that address, and nothing of this network.
pub fn may_be_sent_to(named: SocketAddr, teller: Teller) -> bool {
    let scope = Scope::of(innermost(named.ip()));
    let is_near_enough = match teller {
        Teller::Server(server) => scope >= Scope::of(innermost(server)),
        Teller::Peer => true,
    };
    named.port() != 0 && scope != Scope::Nowhere && is_near_enough
}

/// For the tests of whoever is told addresses: to none of these may anything be sent at the word of a server on the internet.
#[cfg(test)]
pub(crate) const NO_BUSINESS_OF_A_SERVER: [&str; 31] = [
    "0.0.0.0:3479",
    "0.1.2.3:3479",
    "10.0.0.1:3479",
    "100.64.0.1:3479",
    "127.0.0.1:3479",
    "169.254.169.254:3479",
    "172.16.0.1:3479",
    "192.168.1.1:3479",
    "198.18.0.1:3479",
    "224.0.0.1:3479",
    "239.255.255.250:3479",
    "240.0.0.1:3479",
    "255.255.255.255:3479",
    "203.0.113.99:0",
    "[::]:3479",
    "[::1]:3479",
    "[fe80::1]:3479",
    "[fd00::1]:3479",
    "[ff02::1]:3479",
    "[::ffff:10.0.0.1]:3479",
    "[::ffff:224.0.0.1]:3479",
    "[64:ff9b::10.0.0.1]:3479",
    "[2002:a00:1::1]:3479",
    "[::10.0.0.1]:3479",
    "192.0.0.171:3479",
    "[100::1]:3479",
    "[fec0::1]:3479",
    "[2001:2::1]:3479",
    "[64:ff9b:1::10.0.0.1]:3479",
    "[2001:db8::5efe:10.0.0.1]:3479",
    "[2001:db8::200:5efe:127.0.0.1]:3479",
];

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

    fn may(named: &str, teller: Teller) -> bool {
        may_be_sent_to(named.parse().expect(named), teller)
    }

    fn server(address: &str) -> Teller {
        Teller::Server(address.parse().expect(address))
    }

    /// Multicast, broadcast and nobody, by way of translators and tunnels.
    const THROUGH: [&str; 4] =
        ["[64:ff9b::224.0.0.1]:1", "[64:ff9b::255.255.255.255]:1", "[2002:e000:1::]:1", "[2002::1]:1"];

    #[test]
    fn nothing_is_sent_to_where_nobody_in_particular_is() {
        let nowhere =
            ["0.0.0.0:1", "0.1.2.3:1", "224.0.0.1:1", "239.255.255.250:1900", "255.255.255.255:1", "240.0.0.1:1"];
        for named in
            nowhere.into_iter().chain(["[::]:1", "[ff02::1]:1", "[::ffff:224.0.0.1]:1", "192.0.2.1:0"]).chain(THROUGH)
        {
            for teller in [Teller::Peer, server("192.0.2.9"), server("127.0.0.1"), server("2001:db8::9")] {
                assert!(!may(named, teller), "{named} told by {teller:?}");
            }
        }
    }

    #[test]
    fn a_server_names_nothing_nearer_than_itself() {
        for (teller, named, allowed) in [
            ("192.0.2.9", "192.0.2.1:1", true),
            ("192.0.2.9", "10.0.0.1:1", false),
            ("192.0.2.9", "100.64.0.1:1", false),
            ("192.0.2.9", "169.254.169.254:80", false),
            ("192.0.2.9", "127.0.0.1:1", false),
            ("192.0.2.9", "[::ffff:10.0.0.1]:1", false),
            ("10.0.0.9", "10.0.0.1:1", true),
            ("10.0.0.9", "192.0.2.1:1", true),
            ("10.0.0.9", "169.254.169.254:80", false),
            ("10.0.0.9", "127.0.0.1:1", false),
            ("127.0.0.1", "127.0.0.2:1", true),
            ("127.0.0.1", "10.0.0.1:1", true),
            ("2001:db8::9", "[fd00::1]:1", false),
            ("2001:db8::9", "[fe80::1]:1", false),
            ("2001:db8::9", "[::1]:1", false),
            ("fd00::9", "[fd00::1]:1", true),
            ("2001:db8::9", "[64:ff9b::10.0.0.1]:1", false),
            ("2001:db8::9", "[64:ff9b::127.0.0.1]:1", false),
            ("2001:db8::9", "[64:ff9b::192.0.2.1]:1", true),
            ("64:ff9b::192.0.2.9", "192.0.2.1:1", true),
            ("2001:db8::9", "[2002:a00:1::1]:1", false),
            ("2001:db8::9", "[2002:c000:201::1]:1", true),
            ("2001:db8::9", "[::10.0.0.1]:1", false),
            ("2001:db8::9", "[::ffff:0:10.0.0.1]:1", false),
        ] {
            assert_eq!(may(named, server(teller)), allowed, "{named} told by {teller}");
        }
    }

    #[test]
    fn a_peer_may_name_its_private_addresses() {
        assert!(may("192.168.1.2:1", Teller::Peer) && may("[fd00::1]:1", Teller::Peer));
    }
}

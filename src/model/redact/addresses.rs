//! Stand-ins for addresses: of the same kind, and in one subnet where they were in one.
//!
//! | kind | stand-ins | kept together |
//! |---|---|---|
//! | private, RFC 1918 | the same block: 10/8, 172.16/12, 192.168/16 | a /24 |
//! | carrier's, RFC 6598; benchmarks, RFC 2544; the local link's, RFC 3927 | the same block | a /24 |
//! | public IPv4 | RFC 5737: 203.0.113/24, 198.51.100/24, 192.0.2/24 | a /24, for the first of them |
//! | unique local and global IPv6 | fd00::/32, 2001:db8::/32 | a /64 |
//! | of the local link | fe80::/64 | |
//! | NAT64, RFC 6052 and 8215 | the same prefix, with the IPv4 address's stand-in | |
//!
//! What says nothing of anybody stays: unspecified, loopback, multicast, reserved, and 192.0.0.0/24 (RFC 7335).

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    given_v4: BTreeMap<Ipv4Addr, Ipv4Addr>,
    given_v6: BTreeMap<Ipv6Addr, Ipv6Addr>,
    /// A /24's stand-in, and how many of its addresses have been met.
    subnets_v4: BTreeMap<u32, (u32, u32)>,
    /// A /64's stand-in, likewise.
    subnets_v6: BTreeMap<u64, (u64, u64)>,
    /// How many subnets of each block have been met.
    met_v4: BTreeMap<u32, u32>,
    met_v6: BTreeMap<u64, u64>,
}

/// Ranges for documentation, then those of anycast services that are no more or that serve only their own net.
const PUBLIC: [[u8; 3]; 7] =
    [[203, 0, 113], [198, 51, 100], [192, 0, 2], [192, 88, 99], [192, 31, 196], [192, 52, 193], [192, 175, 48]];

impl Addresses {
    pub(super) fn of(&mut self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(address) => self.of_v4(address).into(),
            IpAddr::V6(address) => self.of_v6(address).into(),
        }
    }

    pub(super) fn of_endpoint(&mut self, mut endpoint: SocketAddr) -> SocketAddr {
        endpoint.set_ip(self.of(endpoint.ip()));
        endpoint
    }

    fn of_v4(&mut self, address: Ipv4Addr) -> Ipv4Addr {
        let Some(block) = block_of(address) else { return address };
        if let Some(given) = self.given_v4.get(&address) {
            return *given;
        }
        let subnet = u32::from(address) >> 8;
        // The public /24s that are met beyond those of the documentation share the last of them.
        let shared = block == 0 && self.met_v4.get(&0).is_some_and(|met| *met >= PUBLIC_SUBNETS - 1);
        let subnet = if shared && !self.subnets_v4.contains_key(&subnet) { SHARED } else { subnet };
        let met = self.met_v4.entry(block).or_default();
        let (stand_in, hosts) = self.subnets_v4.entry(subnet).or_insert_with(|| {
            let stand_in = if block == 0 { public_subnet(*met) } else { (block >> 8) + *met };
            *met += 1;
            (stand_in, 0)
        });
        *hosts += 1;
        // Of a /24 all 256 get their own, .0 last; of more public ones than there are stand-ins the rest get one.
        let host = if subnet == SHARED { (*hosts).min(255) } else { *hosts & 0xff };
        let given = Ipv4Addr::from((*stand_in << 8) | host);
        self.given_v4.insert(address, given);
        given
    }

    fn of_v6(&mut self, address: Ipv6Addr) -> Ipv6Addr {
        let segments = address.segments();
        if address.is_unspecified() || address.is_loopback() || address.is_multicast() {
            return address;
        }
        if let Some(prefix) = prefix_before_ipv4(address) {
            let [.., a, b, c, d] = address.octets();
            let inner = self.of_v4(Ipv4Addr::new(a, b, c, d));
            return Ipv6Addr::from(prefix | u128::from(u32::from(inner)));
        }
        if let Some(given) = self.given_v6.get(&address) {
            return *given;
        }
        let block = match segments[0] {
            0xfe80..=0xfebf => 0xfe80_u64 << 48,
            0xfc00..=0xfdff => 0xfd00_u64 << 48,
            _ => 0x2001_0db8_u64 << 32,
        };
        let of_the_link = block == 0xfe80_u64 << 48;
        let subnet = if of_the_link { block } else { (u128::from(address) >> 64) as u64 };
        let met = self.met_v6.entry(block).or_default();
        let (stand_in, hosts) = self.subnets_v6.entry(subnet).or_insert_with(|| {
            let stand_in = if of_the_link { block } else { block + *met };
            *met += 1;
            (stand_in, 0)
        });
        *hosts += 1;
        let given = Ipv6Addr::from((u128::from(*stand_in) << 64) | u128::from(*hosts));
        self.given_v6.insert(address, given);
        given
    }
}

const PUBLIC_SUBNETS: u32 = PUBLIC.len() as u32;
/// No /24 has this number: they have 24 bits.
const SHARED: u32 = u32::MAX;

fn public_subnet(met: u32) -> u32 {
    let [a, b, c] = PUBLIC[usize::try_from(met).unwrap_or(usize::MAX).min(PUBLIC.len() - 1)];
    u32::from_be_bytes([0, a, b, c])
}

/// Of an address whose low 32 bits are an IPv4 address: RFC 6052 §2.2, RFC 8215, RFC 4291 §2.5.5.2.
fn prefix_before_ipv4(address: Ipv6Addr) -> Option<u128> {
    match address.segments() {
        // Between prefix and address there may be anything of the network's own.
        [0x64, 0xff9b, 0 | 1, ..] => Some(u128::from(address) & (u128::MAX << 80)),
        [0, 0, 0, 0, 0, 0xffff, ..] => Some(u128::from(address) & (u128::MAX << 32)),
        _ => None,
    }
}

/// The first address of the block in which the stand-in stays, 0 for "public"; none for what stays itself.
fn block_of(address: Ipv4Addr) -> Option<u32> {
    let [a, b, c, _] = address.octets();
    let block = match (a, b, c) {
        (0 | 127 | 224.., ..) | (192, 0, 0) => return None,
        (10, ..) => [10, 0, 0, 0],
        (172, 16..=31, _) => [172, 16, 0, 0],
        (192, 168, _) => [192, 168, 0, 0],
        (100, 64..=127, _) => [100, 64, 0, 0],
        (198, 18..=19, _) => [198, 18, 0, 0],
        (169, 254, _) => [169, 254, 0, 0],
        _ => [0; 4],
    };
    Some(u32::from_be_bytes(block))
}

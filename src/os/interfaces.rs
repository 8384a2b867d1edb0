//! The network interfaces of this host, and their changes.

use super::inbox::Inbox;
use crate::machine::Input;
use crate::model::{Interface, InterfaceAddress, InterfaceKind, cut_fairly};
use netdev::interface::types::InterfaceType;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::watch;

/// The most interfaces that are reported. A laptop has ten, a container host hundreds or thousands; a diagnosis needs
/// those with a route.
const MAX_INTERFACES: usize = 256;
const MAX_ADDRESSES: usize = 1024;

/// How often interfaces are listed. Netlink would report changes at once, but only on Linux; within a second no call
/// has been given up yet.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// At most one part in so many of the time is spent on listing, so thousands of interfaces are listed less often.
const MOST_LOOKING: u32 = 20;

/// Lists the interfaces: at most 256 with 1024 addresses, those with addresses first.
pub fn interfaces() -> Vec<Interface> {
    list().0
}

/// The interfaces, and how many interfaces and addresses were left out.
pub(super) fn list() -> (Vec<Interface>, usize) {
    bounded(netdev::get_interfaces().into_iter().map(convert).collect())
}

/// Those with a default route and those with addresses first, and of the addresses some of each family of each interface:
/// what is drawn from a list that was cut must not depend on who stands first in it.
fn bounded(mut all: Vec<Interface>) -> (Vec<Interface>, usize) {
    let counted = |all: &[Interface]| all.iter().map(|interface| interface.addresses.len()).sum::<usize>();
    all.sort_by_key(|interface| (interface.addresses.is_empty(), interface.gateways.is_empty(), interface.index));
    let mut ignored = all.len().saturating_sub(MAX_INTERFACES);
    all.truncate(MAX_INTERFACES);
    if counted(&all) > MAX_ADDRESSES {
        ignored += counted(&all) - MAX_ADDRESSES;
        let places = all.iter_mut().enumerate();
        let addresses: Vec<(usize, InterfaceAddress)> = places
            .flat_map(|(place, interface)| {
                std::mem::take(&mut interface.addresses).into_iter().map(move |own| (place, own))
            })
            .collect();
        let rank =
            |(place, own): &(usize, InterfaceAddress)| all.get(*place).map(|interface| interface.rank(own.address));
        for (place, own) in cut_fairly(addresses, MAX_ADDRESSES, rank) {
            all[place].addresses.push(own);
        }
    }
    all.sort_by_key(|interface| (interface.addresses.is_empty(), interface.index));
    (all, ignored)
}

fn convert(from: netdev::Interface) -> Interface {
    let v4 = from.ipv4.iter().map(|net| InterfaceAddress {
        address: IpAddr::V4(net.addr()),
        prefix_len: net.prefix_len(),
        temporary: false,
        deprecated: false,
    });
    let v6 = from.ipv6.iter().enumerate().map(|(i, net)| {
        let flags = from.ipv6_addr_flags.get(i).copied().unwrap_or_default();
        InterfaceAddress {
            address: IpAddr::V6(net.addr()),
            prefix_len: net.prefix_len(),
            temporary: flags.temporary,
            deprecated: flags.deprecated || flags.tentative || flags.duplicated,
        }
    });
    let gateways = from.gateway.iter().flat_map(|gateway| {
        let v4 = gateway.ipv4.iter().copied().map(IpAddr::V4);
        v4.chain(gateway.ipv6.iter().copied().map(IpAddr::V6))
    });
    Interface {
        index: from.index,
        interface_kind: kind(&from),
        up: from.is_up(),
        mtu_bytes: from.mtu,
        addresses: v4.chain(v6).collect(),
        gateways: gateways.collect(),
        name_servers: from.dns_servers.clone(),
        name: from.name,
    }
}

/// The kind of an interface, by its name where that says more than its type: a veth pair and a tunnel both have the
/// type "Ethernet".
fn kind(interface: &netdev::Interface) -> InterfaceKind {
    const CONTAINER: [&str; 10] =
        ["docker", "br-", "veth", "virbr", "vnet", "lxc", "lxdbr", "cni", "podman", "vEthernet"];
    const VPN: [&str; 8] = ["wg", "tun", "tap", "tailscale", "utun", "ipsec", "ppp", "zt"];
    const CELLULAR: [&str; 4] = ["wwan", "wwp", "rmnet", "pdp_ip"];
    const WIFI: [&str; 3] = ["wlan", "wlp", "wlx"];
    if interface.is_loopback() {
        return InterfaceKind::Loopback;
    }
    let name = interface.friendly_name.as_deref().unwrap_or(&interface.name);
    let named = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if named(&CONTAINER) {
        return InterfaceKind::Container;
    }
    if named(&VPN) {
        return InterfaceKind::Vpn;
    }
    if named(&CELLULAR) {
        return InterfaceKind::Cellular;
    }
    match interface.if_type {
        InterfaceType::Wireless80211 | InterfaceType::PeerToPeerWireless => InterfaceKind::Wifi,
        InterfaceType::Wwan | InterfaceType::Wwanpp | InterfaceType::Wwanpp2 | InterfaceType::Wman => {
            InterfaceKind::Cellular
        }
        InterfaceType::Tunnel | InterfaceType::Ppp => InterfaceKind::Vpn,
        InterfaceType::Bridge => InterfaceKind::Container,
        _ if named(&WIFI) => InterfaceKind::Wifi,
        InterfaceType::Ethernet | InterfaceType::GigabitEthernet | InterfaceType::FastEthernetT => {
            InterfaceKind::Ethernet
        }
        _ if interface.is_tun() => InterfaceKind::Vpn,
        _ => InterfaceKind::Other,
    }
}

/// Lists them on another thread: thousands of them take a while, and arrivals are time-stamped on the driver's thread.
pub(super) async fn list_aside() -> (Vec<Interface>, usize) {
    tokio::task::spawn_blocking(list).await.unwrap_or_default()
}

/// Gives the driver the interfaces whenever they change. Counts in `moves` how often an address has gone, once there is
/// another one: connections from the old address are not told.
pub(super) async fn watch(mut known: Vec<Interface>, inbox: Inbox, moves: watch::Sender<u32>) {
    let clock = inbox.clock();
    let mut has_lost = false;
    let mut pause = LOOK_AGAIN_AFTER;
    loop {
        clock.pause(pause).await;
        let began = clock.now();
        let (now, _) = list_aside().await;
        pause = LOOK_AGAIN_AFTER.max(clock.now().since(began) * MOST_LOOKING);
        if now != known {
            let left = usable(&now);
            has_lost |= usable(&known).iter().any(|address| !left.contains(address));
            if has_lost && !left.is_empty() {
                has_lost = false;
                moves.send_modify(|count| *count = count.wrapping_add(1));
            }
            known.clone_from(&now);
            inbox.put(Input::Interfaces(now)).await;
        }
    }
}

/// The addresses from which other hosts can be reached.
fn usable(interfaces: &[Interface]) -> Vec<IpAddr> {
    let up = interfaces.iter().filter(|interface| interface.up);
    up.flat_map(|interface| &interface.addresses)
        .map(|at| at.address)
        .filter(|address| !address.is_loopback())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> netdev::Interface {
        let mut interface = netdev::Interface::dummy();
        interface.name = name.to_owned();
        interface.if_type = InterfaceType::Ethernet;
        interface
    }

    #[test]
    fn a_container_bridge_and_a_tunnel_are_known_by_name_though_both_are_ethernet() {
        let kinds = ["docker0", "br-1a2b", "veth9", "wg0", "tailscale0", "wwan0", "wlan0", "eth0", "bridge"];
        use InterfaceKind::{Cellular, Container, Ethernet, Vpn};
        let expected = [Container, Container, Container, Vpn, Vpn, Cellular, InterfaceKind::Wifi, Ethernet, Ethernet];
        assert_eq!(kinds.map(|name| kind(&named(name))), expected);
    }

    #[test]
    fn thousands_of_interfaces_are_cut_and_those_with_addresses_stay() {
        let interface = |index: u32| {
            let mut interface = named(&format!("eth{index}"));
            interface.index = index;
            if index >= 4_900 {
                let net = |host| netdev::ipnet::Ipv4Net::new([192, 0, 2, host].into(), 24).expect("a prefix");
                interface.ipv4 = (0..=19).map(net).collect();
            }
            convert(interface)
        };
        let (kept, ignored) = bounded((0..5_000).map(interface).collect());
        let addresses: usize = kept.iter().map(|interface| interface.addresses.len()).sum();
        assert_eq!((kept.len(), addresses), (MAX_INTERFACES, MAX_ADDRESSES));
        assert_eq!(ignored, 5_000 - MAX_INTERFACES + 2_000 - MAX_ADDRESSES);
        assert_eq!(kept[0].index, 4_900);
    }

    #[test]
    fn a_default_route_and_each_family_keep_their_places_behind_an_interface_with_thousands_of_addresses() {
        let mut crowded = named("kube-ipvs0");
        (crowded.index, crowded.ipv4) = (1, (0..7_000_u32).map(|n| net(0x0a00_0000 + n)).collect());
        crowded.ipv6 = vec![netdev::ipnet::Ipv6Net::new(std::net::Ipv6Addr::from_bits(1 << 64), 64).expect("a prefix")];
        let mut used = convert(named("eth0"));
        (used.index, used.gateways) = (2, vec![[192, 0, 2, 1].into()]);
        used.addresses = convert({
            let mut own = named("eth0");
            own.ipv4 = vec![net(0xc000_0207)];
            own
        })
        .addresses;
        let (kept, ignored) = bounded(vec![convert(crowded), used.clone()]);
        assert_eq!(ignored, 7_002 - MAX_ADDRESSES);
        assert_eq!(kept[1], used);
        assert!(kept[0].addresses.iter().any(|own| own.address.is_ipv6()));
    }

    fn net(address: u32) -> netdev::ipnet::Ipv4Net {
        netdev::ipnet::Ipv4Net::new(address.into(), 24).expect("a prefix")
    }
}

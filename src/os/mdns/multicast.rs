//! One multicast socket for each link and address family.

use crate::model::{Interface, InterfaceAddress, InterfaceKind};
use crate::os::task::Task;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::Arc;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

/// The port of mDNS (RFC 6762 §3).
pub(super) const PORT: u16 = 5_353;
const GROUP_V4: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);
/// The TTL or hop limit of multicast packets (RFC 6762 §11).
const HOPS: u32 = 255;
/// The largest message (RFC 6762 §17).
const PACKET_BYTES_MAX: usize = 9_000;
/// The most interfaces: Wi-Fi, Ethernet and a few tunnels. The hundreds of bridges of a container host have no peers.
const INTERFACES_MAX: usize = 8;
/// How many packets may wait to be handled; the kernel buffers or drops the rest.
const WAITING: usize = 32;

pub(super) struct MulticastPacket {
    /// The index of the link that it arrived on.
    pub link: usize,
    pub from: SocketAddr,
    pub data: Vec<u8>,
}

pub(super) struct MulticastLink {
    socket: Arc<UdpSocket>,
    group: SocketAddr,
    addresses: Vec<InterfaceAddress>,
    _reader: Task,
}

impl MulticastLink {
    /// Whether the interface has this address.
    pub(crate) fn has(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|own| own.address == address)
    }

    /// Whether the address is in a subnet of the link: packets from elsewhere are ignored (RFC 6762 §11).
    pub(crate) fn is_near(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|own| is_in(address, own))
    }

    /// Sends a message to one address, or else to the multicast group. Errors are ignored: multicast may be lost
    /// anyway.
    pub(crate) fn send(&self, message: &[u8], to: Option<SocketAddr>) {
        let _ = SockRef::from(&*self.socket).send_to(message, &to.unwrap_or(self.group).into());
    }
}

/// Whether `address` is in the subnet of `own`.
fn is_in(address: IpAddr, own: &InterfaceAddress) -> bool {
    let (address, own_bits, bits) = match (address, own.address) {
        (IpAddr::V4(address), IpAddr::V4(own)) => (u32::from(address).into(), u32::from(own).into(), 32),
        (IpAddr::V6(address), IpAddr::V6(own)) => (u128::from(address), u128::from(own), 128),
        _ => return false,
    };
    let host_bits = bits - u32::from(own.prefix_len).min(bits);
    (address ^ own_bits).checked_shr(host_bits).unwrap_or(0) == 0
}

/// Opens a link for each address family of each usable interface; for loopback only where there is no other.
pub(super) fn open(interfaces: &[Interface]) -> (Vec<MulticastLink>, mpsc::Receiver<MulticastPacket>) {
    let (sender, packets) = mpsc::channel(WAITING);
    let mut links = Vec::new();
    let usable = |interface: &&Interface| interface.up && !interface.addresses.is_empty();
    let (loopback, mut real): (Vec<_>, Vec<_>) =
        interfaces.iter().filter(usable).partition(|interface| interface.interface_kind == InterfaceKind::Loopback);
    // Interfaces with a gateway come first: that is where other devices are.
    real.sort_by_key(|interface| interface.gateways.is_empty());
    for interface in if real.is_empty() { loopback } else { real }.into_iter().take(INTERFACES_MAX) {
        let v4 = interface.addresses.iter().find_map(|own| match own.address {
            IpAddr::V4(address) => Some(multicast_v4(address)),
            IpAddr::V6(_) => None,
        });
        let has_v6 = interface.addresses.iter().any(|own| own.address.is_ipv6());
        let v6 = has_v6.then(|| multicast_v6(interface.index));
        // A link that cannot do multicast is left out.
        for (socket, group) in [v4, v6].into_iter().flatten().flatten() {
            let place = links.len();
            let socket = Arc::new(socket);
            let reader = Task::spawn(read(Arc::clone(&socket), place, sender.clone()));
            links.push(MulticastLink { socket, group, addresses: interface.addresses.clone(), _reader: reader });
        }
    }
    (links, packets)
}

fn multicast_v4(on: Ipv4Addr) -> io::Result<(UdpSocket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_multicast_if_v4(&on)?;
    socket.set_multicast_ttl_v4(HOPS)?;
    socket.join_multicast_v4(&GROUP_V4, &on)?;
    // Otherwise each socket would receive the groups that the others have joined.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_multicast_all_v4(false)?;
    Ok((bound(socket, Ipv4Addr::UNSPECIFIED.into())?, SocketAddr::from((GROUP_V4, PORT))))
}

fn multicast_v6(index: u32) -> io::Result<(UdpSocket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV6, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_only_v6(true)?;
    socket.set_multicast_if_v6(index)?;
    socket.set_multicast_hops_v6(HOPS)?;
    socket.join_multicast_v6(&GROUP_V6, index)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_multicast_all_v6(false)?;
    let group = SocketAddrV6::new(GROUP_V6, PORT, 0, index);
    Ok((bound(socket, Ipv6Addr::UNSPECIFIED.into())?, group.into()))
}

/// Binds to the port of mDNS, which responders share. Where another program holds it exclusively, binds to any port:
/// queries then count as legacy unicast (RFC 6762 §5.1), and no queries of others arrive.
fn bound(socket: Socket, address: IpAddr) -> io::Result<UdpSocket> {
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    let at = |port| SocketAddr::new(address, port).into();
    socket.bind(&at(PORT)).or_else(|_| socket.bind(&at(0)))?;
    UdpSocket::from_std(socket.into())
}

async fn read(socket: Arc<UdpSocket>, link: usize, packets: mpsc::Sender<MulticastPacket>) {
    let mut buffer = vec![0; PACKET_BYTES_MAX];
    loop {
        // An error is about an earlier datagram; the socket stays usable.
        if let Ok((length, from)) = socket.recv_from(&mut buffer).await
            && let Some(data) = buffer.get(..length)
            && packets.send(MulticastPacket { link, from, data: data.to_vec() }).await.is_err()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_what_is_in_the_subnet_of_an_address_of_ours() {
        let own = |address: &str, prefix_len| InterfaceAddress {
            address: address.parse().expect("an address"),
            prefix_len,
            temporary: false,
            deprecated: false,
        };
        let near = |address: &str, own: &InterfaceAddress| is_in(address.parse().expect("an address"), own);
        let home = own("192.168.1.2", 24);
        assert!(near("192.168.1.77", &home) && !near("192.168.2.77", &home) && !near("::1", &home));
        let link = own("fe80::2", 64);
        assert!(near("fe80::99:1", &link) && !near("2001:db8::1", &link));
        assert!(near("8.8.8.8", &own("10.0.0.1", 0)) && !near("10.0.0.2", &own("10.0.0.1", 32)));
        assert!(!near("10.0.0.2", &own("10.0.0.1", 99)));
    }
}

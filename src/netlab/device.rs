//! Makes a namespace a host: devices, addresses and routes.
//!
//! The devices are Ethernet (TAP), since programs take an IP device (TUN) for a VPN.

use super::error::{Context, Error};
use super::host_spec::{HostSpec, Port};
use rtnetlink::packet_route::address::{AddressHeaderFlags, AddressScope};
use rtnetlink::packet_route::link::LinkMessage;
use rtnetlink::{Handle, LinkUnspec, RouteMessageBuilder};
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// The MAC address of every device, a locally administered one (IEEE 802, 8.2.2). No two devices share a medium.
const MAC: [u8; 6] = [0x02, 0, 0, 0, 0, 1];

/// The Ethernet header of a packet for the device (IEEE 802.3 §3.1.1): its own address, and any other as the source.
pub(super) fn ethernet_header(is_ipv4: bool) -> [u8; ETHERNET_HEADER] {
    let [a, b, c, d, e, f] = MAC;
    let kind: [u8; 2] = if is_ipv4 { [0x08, 0x00] } else { [0x86, 0xDD] };
    [a, b, c, d, e, f, a, b, c, d, e, 2, kind[0], kind[1]]
}

pub(super) const ETHERNET_HEADER: usize = 14;

/// The MTU of Ethernet (RFC 894); a smaller one is simulated by the network.
const MTU_BYTES: u16 = 1500;

const TUN: &str = "/dev/net/tun";

/// Sets up the namespace of the calling thread according to the spec; returns its devices in the order of the ports.
pub(super) fn furnish(spec: &HostSpec, mark: Ipv4Addr) -> Result<Vec<SyncDevice>, Error> {
    if !Path::new(TUN).exists() {
        return Err(Error::NoTun);
    }
    settle(spec);
    let devices: Vec<SyncDevice> = spec.ports.iter().map(open).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("no runtime")?.block_on(async {
        configure(spec, mark).await?;
        usable(spec).await
    })?;
    Ok(devices)
}

/// Waits until IPv6 addresses can be used: the kernel adds their routes a while after the addresses, and until then
/// packets to them are lost.
async fn usable(spec: &HostSpec) -> Result<(), Error> {
    /// A busy host takes milliseconds.
    const PATIENCE: Duration = Duration::from_secs(2);
    const PAUSE: Duration = Duration::from_millis(1);
    let waiting = async {
        let mut ticks = tokio::time::interval(PAUSE);
        while !are_routed(spec) {
            ticks.tick().await;
        }
    };
    let outcome = tokio::time::timeout(PATIENCE, waiting).await;
    outcome.map_err(io::Error::other).context("the kernel does not take the IPv6 addresses into use")
}

/// Whether all IPv6 addresses have routes in the calling thread's namespace.
fn are_routed(spec: &HostSpec) -> bool {
    let table = fs::read_to_string("/proc/thread-self/net/ipv6_route").unwrap_or_default();
    let is_routed = |address: Ipv6Addr| {
        // The address in full, and the length of the prefix: 128 bits.
        let route = format!("{:032x} 80 ", address.to_bits());
        table.lines().any(|line| line.starts_with(&route))
    };
    spec.addresses().all(|address| match address {
        IpAddr::V6(address) => is_routed(*address),
        IpAddr::V4(_) => true,
    })
}

fn open(port: &Port) -> Result<SyncDevice, Error> {
    let device = DeviceBuilder::new()
        .name(&port.device)
        .layer(Layer::L2)
        .mac_addr(MAC)
        .mtu(MTU_BYTES)
        .enable(false)
        .build_sync();
    let device = device.map_err(Error::Tun)?;
    device.set_nonblocking(true).map_err(Error::Tun)?;
    Ok(device)
}

/// Adjusts the sysctls of the namespace. Errors are ignored, since the lab works without each of them.
fn settle(spec: &HostSpec) {
    let has_ipv6 = spec.addresses().any(IpAddr::is_ipv6);
    let set = |name: &str, value: &str| drop(fs::write(Path::new("/proc/sys/net").join(name), value));
    // Programs of an ordinary user may use all ports, since nobody else is here.
    set("ipv4/ip_unprivileged_port_start", "0");
    let group = nix::unistd::getegid();
    set("ipv4/ping_group_range", &format!("{group} {group}"));
    // No router answers autoconfiguration, and only configured addresses are routed.
    set("ipv6/conf/default/accept_ra", "0");
    set("ipv6/conf/default/addr_gen_mode", "1");
    set("ipv6/conf/default/disable_ipv6", if has_ipv6 { "0" } else { "1" });
    if spec.forwards {
        set("ipv4/ip_forward", "1");
        set("ipv6/conf/all/forwarding", "1");
    }
}

fn other(error: rtnetlink::Error) -> io::Error {
    match error {
        rtnetlink::Error::NetlinkError(message) => message.to_io(),
        error => io::Error::other(error.to_string()),
    }
}

async fn configure(spec: &HostSpec, mark: Ipv4Addr) -> Result<(), Error> {
    let (connection, handle, _) = rtnetlink::new_connection().context("no netlink socket")?;
    tokio::spawn(connection);
    let failed = |error| Error::System(format!("{}'s addresses cannot be set", spec.name), other(error));
    addresses(&handle, "lo", &[(mark.into(), 32)], AddressScope::Host).await.map_err(failed)?;
    for port in &spec.ports {
        let prefixed: Vec<(IpAddr, u8)> =
            port.addresses.iter().map(|address| (*address, if address.is_ipv4() { 24 } else { 64 })).collect();
        addresses(&handle, &port.device, &prefixed, AddressScope::Universe).await.map_err(failed)?;
    }
    // The default route uses the first port.
    if let Some(port) = spec.ports.first() {
        let index = index(&handle, &port.device).await.map_err(failed)?;
        if port.addresses.iter().any(IpAddr::is_ipv4) {
            let route = RouteMessageBuilder::<Ipv4Addr>::new().output_interface(index).build();
            handle.route().add(route).execute().await.map_err(failed)?;
        }
        if port.addresses.iter().any(IpAddr::is_ipv6) {
            let route = RouteMessageBuilder::<Ipv6Addr>::new().output_interface(index).build();
            handle.route().add(route).execute().await.map_err(failed)?;
        }
    }
    Ok(())
}

async fn index(handle: &Handle, device: &str) -> Result<u32, rtnetlink::Error> {
    use futures_util::TryStreamExt;
    let link: Option<LinkMessage> = handle.link().get().match_name(device.to_owned()).execute().try_next().await?;
    link.map(|link| link.header.index).ok_or(rtnetlink::Error::RequestFailed)
}

/// Brings a device up and adds its addresses.
async fn addresses(
    handle: &Handle,
    device: &str,
    addresses: &[(IpAddr, u8)],
    scope: AddressScope,
) -> Result<(), rtnetlink::Error> {
    let index = index(handle, device).await?;
    // ARP is off: the gateway receives every packet, whatever its Ethernet address.
    handle.link().set(LinkUnspec::new_with_index(index).arp(false).up().build()).execute().await?;
    // Addresses are added after the device is up: otherwise it takes the kernel up to a second to make them usable.
    for (address, prefix) in addresses {
        let mut request = handle.address().add(index, *address, *prefix);
        let header = &mut request.message_mut().header;
        header.scope = scope;
        // No duplicate is possible (RFC 4862 §5.4), so the address is usable at once.
        header.flags |= AddressHeaderFlags::Nodad;
        request.execute().await?;
    }
    Ok(())
}

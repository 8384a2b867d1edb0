//! The specification of a host: its devices, addresses and resolver.

use crate::lab::{HostId, Resolver};
use std::net::IpAddr;

/// What a host of the lab is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostSpec {
    /// The name of the host, also in the lab's DNS.
    pub name: String,
    /// The network devices; the first one has the default route.
    pub ports: Vec<Port>,
    /// Whether the kernel forwards packets between the devices.
    pub forwards: bool,
    /// How its name server responds.
    pub resolver: Resolver,
}

/// One network device of a host, and the host of the network that is its other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The host of the network at the other end of the device.
    pub host: HostId,
    /// The name of the device, at most 15 bytes.
    pub device: String,
    /// The addresses of the device.
    pub addresses: Vec<IpAddr>,
}

impl HostSpec {
    /// An ordinary host with one device.
    pub fn new(name: impl Into<String>, host: HostId, addresses: Vec<IpAddr>) -> Self {
        let port = Port { host, device: "eth0".to_owned(), addresses };
        Self { name: name.into(), ports: vec![port], forwards: false, resolver: Resolver::default() }
    }

    /// The addresses of all devices.
    pub fn addresses(&self) -> impl Iterator<Item = &IpAddr> {
        self.ports.iter().flat_map(|port| &port.addresses)
    }
}

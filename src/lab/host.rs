//! A simulated host: its sockets, listeners and interfaces.

use super::stream::SimulatedIdentity;
use crate::machine::{Rng, SocketId};
use crate::model::{Family, Interface, InterfaceAddress, InterfaceKind, IpCounters};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// The first of IANA's dynamic ports (RFC 6335 §6).
const FIRST_DYNAMIC: u16 = 49_152;

/// What a host's own firewall does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostFirewall {
    /// Nothing.
    #[default]
    Open,
    /// It throws away the UDP that comes in.
    DropsIncomingUdp,
    /// The system refuses to send UDP.
    ForbidsUdp,
}

/// Names a machine of a simulated world, in the order in which they were attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MachineId(pub(super) usize);

/// A listening socket: whose it is, and whether it does TLS.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listener {
    pub(super) machine: MachineId,
    pub(super) socket: SocketId,
    pub(super) secure: bool,
}

#[derive(Debug, Default)]
pub(super) struct SimulatedHost {
    pub(super) sockets: BTreeMap<SocketAddr, (MachineId, SocketId)>,
    pub(super) listeners: BTreeMap<SocketAddr, Listener>,
    /// The local ends of outgoing connections.
    pub(super) connections: BTreeSet<SocketAddr>,
    pub(super) identity: SimulatedIdentity,
    pub(super) firewall: HostFirewall,
    /// What came in so far, and what of it programs got.
    pub(super) counters: IpCounters,
}

impl SimulatedHost {
    /// What came in so far; None where nothing throws any of it away, as on systems that do not show their counts.
    pub(super) fn counters(&self) -> Option<IpCounters> {
        (self.firewall != HostFirewall::Open).then_some(self.counters)
    }

    /// A free dynamic port of `ip`, according to `is_taken`, since UDP and TCP have separate ports.
    pub(super) fn free_port(
        &self,
        ip: IpAddr,
        rng: &mut Rng,
        is_taken: impl Fn(&Self, SocketAddr) -> bool,
    ) -> Option<u16> {
        let range = u16::MAX - FIRST_DYNAMIC;
        let first = FIRST_DYNAMIC + rng.below(u64::from(range)) as u16;
        (first..=u16::MAX).chain(FIRST_DYNAMIC..first).find(|port| !is_taken(self, SocketAddr::new(ip, *port)))
    }

    /// The listener for connections to this endpoint, which may be one of another host if this one is a captive portal.
    pub(super) fn listener(&self, at: SocketAddr) -> Option<Listener> {
        let any: IpAddr = if at.is_ipv4() { [0u8; 4].into() } else { [0u8; 16].into() };
        self.listeners.get(&at).or_else(|| self.listeners.get(&SocketAddr::new(any, at.port()))).copied()
    }
}

/// The source address for packets to `remote`, among these addresses.
pub(super) fn toward(addresses: &[IpAddr], remote: IpAddr) -> Option<IpAddr> {
    if addresses.contains(&remote) {
        return Some(remote);
    }
    addresses.iter().copied().find(|own| Family::of(*own) == Family::of(remote))
}

pub(super) fn interfaces(addresses: &[IpAddr], gateway: Option<IpAddr>) -> Vec<Interface> {
    let address = |address: &IpAddr| InterfaceAddress {
        address: *address,
        prefix_len: if address.is_ipv4() { 24 } else { 64 },
        temporary: false,
        deprecated: false,
    };
    vec![Interface {
        name: "eth0".to_owned(),
        index: 2,
        interface_kind: InterfaceKind::Ethernet,
        up: true,
        mtu_bytes: Some(1500),
        addresses: addresses.iter().map(address).collect(),
        gateways: gateway.into_iter().collect(),
        name_servers: Vec::new(),
    }]
}

//! A machine's place in the network: its addresses and what is bound to them.

use super::world::{MachineId, Region};
use crate::machine::{Dice, SocketId};
use crate::model::{Family, Interface, InterfaceAddress, InterfaceKind};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// IANA's dynamic ports (RFC 6335 §6).
const FIRST_DYNAMIC: u16 = 49_152;

/// Who listens for streams, and whether under TLS.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listener {
    pub(super) machine: MachineId,
    pub(super) socket: SocketId,
    pub(super) secure: bool,
}

#[derive(Debug)]
pub(super) struct Host {
    pub(super) region: Region,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) sockets: BTreeMap<SocketAddr, (MachineId, SocketId)>,
    pub(super) listeners: BTreeMap<SocketAddr, Listener>,
    /// Where connections have left from.
    pub(super) connections: BTreeSet<SocketAddr>,
}

impl Host {
    pub(super) fn new(region: Region, addresses: Vec<IpAddr>) -> Self {
        Self { region, addresses, sockets: BTreeMap::new(), listeners: BTreeMap::new(), connections: BTreeSet::new() }
    }

    /// The address from which packets to `remote` leave.
    pub(super) fn toward(&self, remote: IpAddr) -> Option<IpAddr> {
        if self.addresses.contains(&remote) {
            return Some(remote);
        }
        self.addresses.iter().copied().find(|own| Family::of(*own) == Family::of(remote))
    }

    /// A port of `ip` that `is_taken` does not know; UDP and TCP have ports of their own.
    pub(super) fn free_port(
        &self,
        ip: IpAddr,
        dice: &mut Dice,
        is_taken: impl Fn(&Self, SocketAddr) -> bool,
    ) -> Option<u16> {
        let range = u16::MAX - FIRST_DYNAMIC;
        let first = FIRST_DYNAMIC + dice.below(u64::from(range)) as u16;
        (first..=u16::MAX).chain(FIRST_DYNAMIC..first).find(|port| !is_taken(self, SocketAddr::new(ip, *port)))
    }

    pub(super) fn interfaces(&self) -> Vec<Interface> {
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
            addresses: self.addresses.iter().map(address).collect(),
            gateways: Vec::new(),
        }]
    }
}

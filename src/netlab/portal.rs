//! Redirects connections to a captive portal: packets for any destination get the address of the portal, and its
//! responses get the original destination as their source.

use super::raw::RawPacket;
use crate::lab::{IpProtocol, Packet};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// The most connections that are tracked; a browser in front of a portal has some dozens.
const MOST: usize = 4096;

/// A connection: protocol, client endpoint and port of the portal.
type Conversation = (IpProtocol, SocketAddr, u16);

/// The connections that are redirected to one host, with their original destinations.
#[derive(Default)]
pub(super) struct Redirected {
    meant: BTreeMap<Conversation, IpAddr>,
}

impl Redirected {
    /// Rewrites a packet that arrives at the host, which has these addresses.
    pub(super) fn inwards(&mut self, packet: &mut Packet<RawPacket>, own: &[IpAddr]) {
        let to = packet.destination;
        if own.contains(&to.ip()) {
            return;
        }
        let Some(own) = own.iter().find(|own| own.is_ipv4() == to.is_ipv4()) else { return };
        if self.meant.len() >= MOST {
            // Connections in use are added again by the client's next packet.
            self.meant.clear();
        }
        self.meant.insert((packet.protocol, packet.source, to.port()), to.ip());
        packet.destination.set_ip(*own);
    }

    /// Rewrites a packet that the host has sent.
    pub(super) fn outwards(&self, packet: &mut Packet<RawPacket>) {
        let conversation = (packet.protocol, packet.destination, packet.source.port());
        if let Some(meant) = self.meant.get(&conversation) {
            packet.source.set_ip(*meant);
        }
    }
}

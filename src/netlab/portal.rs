//! A captive portal's host gets what is for anybody: its kernel is shown that as being for itself, and the answers
//! leave from whom the client had asked.

use super::raw::RawPacket;
use crate::lab::{IpProtocol, Packet};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// Conversations that are known at once; a browser in front of a portal has some dozens.
const MOST: usize = 4096;

/// The conversation of a client with a port of the host.
type Conversation = (IpProtocol, SocketAddr, u16);

/// What was redirected to one host.
#[derive(Default)]
pub(super) struct Redirected {
    meant: BTreeMap<Conversation, IpAddr>,
}

impl Redirected {
    /// A packet that has arrived at the host with these addresses.
    pub(super) fn inwards(&mut self, packet: &mut Packet<RawPacket>, own: &[IpAddr]) {
        let to = packet.destination;
        if own.contains(&to.ip()) {
            return;
        }
        let Some(own) = own.iter().find(|own| own.is_ipv4() == to.is_ipv4()) else { return };
        if self.meant.len() >= MOST {
            // Those that go on find their way again with the client's next packet.
            self.meant.clear();
        }
        self.meant.insert((packet.protocol, packet.source, to.port()), to.ip());
        packet.destination.set_ip(*own);
    }

    /// A packet that the host has sent.
    pub(super) fn outwards(&self, packet: &mut Packet<RawPacket>) {
        let conversation = (packet.protocol, packet.destination, packet.source.port());
        if let Some(meant) = self.meant.get(&conversation) {
            packet.source.set_ip(*meant);
        }
    }
}

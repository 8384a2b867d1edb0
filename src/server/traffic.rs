//! Relays data: Send and Data indications and ChannelData (RFC 8656 §11, §12). What is too large, not permitted or
//! beyond the budget is dropped silently, as the RFC wants it.

use super::allocation::FiveTuple;
use super::effects::Effects;
use super::turn::{DONT_FRAGMENT, TurnService};
use crate::machine::{Instant, SocketId};
use crate::wire::{Builder, ChannelData, Class, Message, StunMethod, TransactionId, channel_data};
use std::net::SocketAddr;

/// The largest payload that is relayed: with the Data indication around it (48 bytes with IPv6) it still fits into a
/// UDP datagram of 65,507 bytes.
const LARGEST: usize = 65_400;

impl TurnService {
    /// Handles a Send indication (RFC 8656 §11.2).
    pub(super) fn send(&mut self, now: Instant, effects: &mut Effects, client: FiveTuple, indication: &Message) {
        let (Some(peer), Some(data)) = (indication.xor_peer(), indication.data()) else { return };
        // DONT-FRAGMENT cannot be honoured here, so the data is dropped.
        if indication.has(DONT_FRAGMENT) || !indication.unknown_required().is_empty() {
            return;
        }
        let allocation = self.allocations.get(&client).filter(|allocation| allocation.is_live());
        if allocation.is_some_and(|allocation| allocation.permits(now, peer.ip())) {
            self.relay_out(now, effects, client, peer, data);
        }
    }

    /// Handles ChannelData from the client (RFC 8656 §12.6).
    pub(super) fn channel_data(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        message: ChannelData<'_>,
    ) {
        let allocation = self.allocations.get(&client);
        if let Some(peer) = allocation.and_then(|allocation| allocation.peer_of(now, message.channel)) {
            self.relay_out(now, effects, client, peer, message.data);
        }
    }

    fn relay_out(&mut self, now: Instant, effects: &mut Effects, client: FiveTuple, peer: SocketAddr, data: &[u8]) {
        // Data for another relay of this server is sent directly, not through the NAT in front of it.
        let to = self.aliases.inside(peer);
        let is_peer = self.relaying.peers.allow(peer.ip());
        if let Some(relay) = self.allocations.get(&client).map(|allocation| allocation.socket)
            && peer.port() != 0
            && data.len() <= LARGEST
            && (is_peer || self.relay_at(to).is_some())
            && self.affords(now, client, data.len())
        {
            effects.send(relay, to, data.to_vec());
        }
    }

    /// Handles a datagram from a peer (RFC 8656 §11.3, §12.7).
    pub(super) fn relay_in(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        relay: SocketId,
        from: SocketAddr,
        data: &[u8],
    ) {
        // Without scope id and flow label, as in XOR-PEER-ADDRESS.
        let peer = self.aliases.outside(SocketAddr::new(from.ip(), from.port()));
        let Some(client) = self.relays.get(&relay).copied() else { return };
        let Some(allocation) = self.allocations.get(&client) else { return };
        if !allocation.is_live() || !allocation.permits(now, peer.ip()) || data.len() > LARGEST {
            return;
        }
        let channel = allocation.channel_of(now, peer);
        if !self.affords(now, client, data.len()) {
            return;
        }
        let bytes = match channel {
            Some(channel) => channel_data(channel, data, client.on_stream),
            None => {
                let id = TransactionId(self.rng.bytes());
                Some(Builder::new(StunMethod::Data, Class::Indication, id).xor_peer(peer).data(data).finish())
            }
        };
        if let Some(bytes) = bytes {
            effects.send(client.socket, client.at, bytes);
        }
    }

    /// Takes `bytes` from the budget of the allocation and from that of the server.
    fn affords(&mut self, now: Instant, client: FiveTuple, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let Some(allocation) = self.allocations.get_mut(&client) else { return false };
        allocation.window.take(now, bytes, self.limits.bytes_per_second)
            && self.total.take(now, bytes, self.limits.total_bytes_per_second)
    }
}

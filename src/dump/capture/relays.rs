//! What goes through a relay, and to whom? (RFC 8656 §11, §12)
//!
//! Between a client and its TURN server the datagrams of other flows are wrapped, in Send and Data indications or on
//! channels. Which peer a channel stands for is known where its binding, or one of its renewals, was caught.

use super::route::DatagramRoute;
use std::collections::HashMap;
use std::net::SocketAddr;

/// Clients, and channels of one, that are kept.
const CLIENTS_MAX: usize = 20_000;
const CHANNELS_MAX: usize = 1_000;

/// A client's way to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClientServer {
    pub(super) client: SocketAddr,
    pub(super) server: SocketAddr,
}

/// The allocation of one client.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenRelay {
    /// Where its peers send to.
    pub(super) relayed: Option<SocketAddr>,
    channels: HashMap<u16, SocketAddr>,
}

/// All allocations.
#[derive(Default)]
pub(super) struct SeenRelays(HashMap<ClientServer, SeenRelay>);

impl SeenRelays {
    fn of(&mut self, way: ClientServer) -> Option<&mut SeenRelay> {
        let has_room = self.0.len() < CLIENTS_MAX || self.0.contains_key(&way);
        has_room.then(|| self.0.entry(way).or_default())
    }

    pub(super) fn allocated(&mut self, way: ClientServer, relayed: SocketAddr) {
        if let Some(relay) = self.of(way) {
            relay.relayed = Some(relayed);
        }
    }

    pub(super) fn bound(&mut self, way: ClientServer, channel: u16, peer: SocketAddr) {
        if let Some(relay) = self.of(way).filter(|relay| relay.channels.len() < CHANNELS_MAX) {
            relay.channels.insert(channel, peer);
        }
    }

    /// The flow of what is sent to `peer`, or came from it.
    pub(super) fn route_of(&self, way: ClientServer, peer: SocketAddr, is_outward: bool) -> DatagramRoute {
        let relayed = self.0.get(&way).and_then(|relay| relay.relayed);
        // Where the allocation was made before the capture began, its port is not known.
        let relayed = relayed.unwrap_or(SocketAddr::new(way.server.ip(), 0));
        let outward = DatagramRoute { from: relayed, to: peer, within: Some(way.client) };
        if is_outward { outward } else { outward.back() }
    }

    /// The same of what goes over a channel between these two; None where none is known to be bound.
    pub(super) fn route_of_channel(&self, from: SocketAddr, to: SocketAddr, channel: u16) -> Option<DatagramRoute> {
        let [outward, inward] = [(from, to, true), (to, from, false)];
        let of = |(client, server, is_outward): (SocketAddr, SocketAddr, bool)| {
            let way = ClientServer { client, server };
            let peer = self.0.get(&way)?.channels.get(&channel)?;
            Some(self.route_of(way, *peer, is_outward))
        };
        of(outward).or_else(|| of(inward))
    }

    /// The allocations whose relayed address is known.
    pub(super) fn all(&self) -> impl Iterator<Item = (ClientServer, SocketAddr)> {
        self.0.iter().filter_map(|(way, relay)| Some((*way, relay.relayed?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_leads_to_its_peer_both_ways_and_another_nowhere() {
        let end = |text: &str| text.parse::<SocketAddr>().expect("an endpoint");
        let (client, server, peer) = (end("10.0.0.2:4000"), end("203.0.113.10:3478"), end("198.51.100.1:5000"));
        let mut relays = SeenRelays::default();
        let way = ClientServer { client, server };
        relays.bound(way, 0x4000, peer);
        relays.allocated(way, end("203.0.113.10:60000"));
        let outward = DatagramRoute { from: end("203.0.113.10:60000"), to: peer, within: Some(client) };
        assert_eq!(relays.route_of_channel(client, server, 0x4000), Some(outward));
        assert_eq!(relays.route_of_channel(server, client, 0x4000), Some(outward.back()));
        assert_eq!(relays.route_of_channel(client, server, 0x4001), None);
    }
}

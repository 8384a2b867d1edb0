//! Whose call is it that a capture shows?
//!
//! The host that has part in most of what was caught is the one at which it was caught. Where that is a server of TURN, the
//! calls are its clients', seen from outside of their NATs.

use super::relays::ClientServer;
use super::route::DatagramRoute;
use super::watch::Watch;
use crate::model::Scope;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Clients of one server that are told of.
const CLIENTS_MAX: usize = 1_000;

/// One end, as the capture sees it.
#[derive(Clone, Debug)]
pub(super) struct OwnEnd {
    pub(super) address: IpAddr,
    /// It is seen behind whatever translates its addresses.
    pub(super) is_from_outside: bool,
    /// The relayed addresses of its allocations, by the endpoint that made them.
    relayed: BTreeSet<(SocketAddr, SocketAddr)>,
}

impl OwnEnd {
    fn new(address: IpAddr, is_from_outside: bool, watch: &Watch) -> Self {
        let own = watch.relays.all().filter(|(way, _)| way.client.ip() == address);
        let relayed = own.map(|(ClientServer { client, .. }, relayed)| (client, relayed)).collect();
        Self { address, is_from_outside, relayed }
    }

    /// Whether the end itself sends this way.
    pub(super) fn sends(&self, route: &DatagramRoute) -> bool {
        match route.within {
            None => route.from.ip() == self.address,
            Some(client) => client.ip() == self.address && self.is_relayed(client, route.from),
        }
    }

    /// Whether this is an address of a relay of its own. One whose port is not known has none.
    fn is_relayed(&self, client: SocketAddr, endpoint: SocketAddr) -> bool {
        endpoint.port() == 0 || self.relayed.contains(&(client, endpoint))
    }
}

/// What a host had part in.
#[derive(Default)]
struct HostPart {
    flows: usize,
    asked: usize,
    packets: u64,
}

/// The ends that are told of, whoever had most packets first: the one that is `wanted`, or all that the capture is about.
pub(super) fn of(watch: &Watch, wanted: Option<IpAddr>) -> Vec<OwnEnd> {
    let parts = parts(watch);
    let rank =
        |address: &IpAddr, part: &HostPart| (part.flows, part.asked, Scope::of(*address) < Scope::Public, part.packets);
    let station = parts.iter().max_by_key(|(address, part)| rank(address, part)).map(|(address, _)| *address);
    let Some(station) = station else { return Vec::new() };
    let serves = watch.servers.all().any(|(asking, known)| asking.server.ip() == station && known.has_answered());
    let asks = parts.get(&station).is_some_and(|part| part.asked > 0);
    let is_server = serves && !asks;
    let mut own: Vec<IpAddr> = match wanted {
        Some(wanted) => parts.keys().copied().filter(|address| *address == wanted).collect(),
        None if is_server => {
            parts.iter().filter(|(_, part)| part.asked > 0).map(|(address, _)| *address).take(CLIENTS_MAX).collect()
        }
        None => vec![station],
    };
    own.sort_by_key(|address| std::cmp::Reverse(parts.get(address).map(|part| part.packets)));
    own.into_iter().map(|address| OwnEnd::new(address, is_server && address != station, watch)).collect()
}

fn parts(watch: &Watch) -> BTreeMap<IpAddr, HostPart> {
    let mut parts: BTreeMap<IpAddr, HostPart> = BTreeMap::new();
    for flow in watch.flows.known() {
        match flow.within {
            None => {
                for end in [flow.low, flow.high] {
                    let part = parts.entry(end.ip()).or_default();
                    part.flows += 1;
                    part.packets += flow.packets();
                }
            }
            Some(client) => parts.entry(client.ip()).or_default().packets += flow.packets(),
        }
    }
    for (asking, _) in watch.servers.all() {
        parts.entry(asking.client.ip()).or_default().asked += 1;
        parts.entry(asking.server.ip()).or_default().flows += 1;
        parts.entry(asking.client.ip()).or_default().flows += 1;
    }
    parts
}

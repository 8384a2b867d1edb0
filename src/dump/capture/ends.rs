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
    /// The one that it is called by: over which most passed.
    pub(super) address: IpAddr,
    /// All that its checks are sent from: of both families, and of several interfaces.
    addresses: BTreeSet<IpAddr>,
    /// It is seen behind whatever translates its addresses.
    pub(super) is_from_outside: bool,
    /// The relayed addresses of its allocations, by the endpoint that made them.
    relayed: BTreeSet<(SocketAddr, SocketAddr)>,
}

impl OwnEnd {
    fn new(address: IpAddr, is_from_outside: bool, watch: &Watch) -> Self {
        // From outside nothing tells whether two clients of one fragment are one.
        let addresses = if is_from_outside { [address].into() } else { of_one_agent(watch, address) };
        let own = watch.relays.all().filter(|(way, _)| addresses.contains(&way.client.ip()));
        let relayed = own.map(|(ClientServer { client, .. }, relayed)| (client, relayed)).collect();
        Self { address, addresses, is_from_outside, relayed }
    }

    /// Whether this is an address of its own.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.addresses.contains(&address)
    }

    /// Whether the end itself sends this way.
    pub(super) fn sends(&self, route: &DatagramRoute) -> bool {
        match route.within {
            None => self.has(route.from.ip()),
            Some(client) => self.has(client.ip()) && self.is_relayed(client, route.from),
        }
    }

    /// Whether this is an address of a relay of its own. One whose port is not known has none.
    fn is_relayed(&self, client: SocketAddr, endpoint: SocketAddr) -> bool {
        endpoint.port() == 0 || self.relayed.contains(&(client, endpoint))
    }
}

/// The addresses of the agent that has this one: its checks bear one user name fragment, whatever they are sent from (RFC 8445
/// §7.2.2).
fn of_one_agent(watch: &Watch, address: IpAddr) -> BTreeSet<IpAddr> {
    let sent = || {
        // Within a relay goes what its client sends, and what is sent to it.
        let bare = watch.checks.all().filter(|(route, _)| route.within.is_none());
        bare.filter_map(|(route, checked)| Some((route.from.ip(), checked.fragment.as_ref()?)))
    };
    let fragments: BTreeSet<&String> = sent().filter(|(from, _)| *from == address).map(|(_, own)| own).collect();
    let of_it = sent().filter(|(_, own)| fragments.contains(own)).map(|(from, _)| from);
    of_it.chain([address]).collect()
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

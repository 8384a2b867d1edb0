//! What is a simulated host told of its network? What names lead to, by the resolver of its site or by mDNS within it, and
//! its interfaces, with the router that it knows.

use super::{Event, World};
use crate::lab::dns::Resolver;
use crate::lab::host::{MachineId, interfaces};
use crate::lab::network::HostId;
use crate::machine::{Input, QueryId};
use crate::model::{DnsFailure, DnsKind, DnsRecord, Interface};
use std::net::IpAddr;
use std::time::Duration;

/// How long mDNS takes: a responder that alone has a name answers at once (RFC 6762 §6), and a one-shot query without
/// an answer is given up after about a second (§5.1).
const MULTICAST_DELAY: Duration = Duration::from_millis(2);
const MULTICAST_SILENCE: Duration = Duration::from_secs(1);

impl World {
    /// An mDNS name resolves within its region and times out elsewhere.
    pub(super) fn resolve(&mut self, id: MachineId, query: QueryId, name: &str, kind: DnsKind) {
        let (delay, answer) = if name.ends_with(".local") {
            let published = self.published.get(&(self.network.region(self.machines[id.0].host), name.to_owned()));
            let fits = |address: &IpAddr| address.is_ipv4() == (kind == DnsKind::A);
            match published.filter(|address| kind != DnsKind::Srv && fits(address)) {
                Some(address) => (MULTICAST_DELAY, Ok(vec![DnsRecord::Address(*address)])),
                None => (MULTICAST_SILENCE, Err(DnsFailure::TimedOut)),
            }
        } else {
            self.resolver_of(id).ask(&self.names, name, kind)
        };
        self.after(delay, Event::Input(id, Input::Resolved { query, answer }));
    }

    fn resolver_of(&self, id: MachineId) -> Resolver {
        let region = self.network.region(self.machines[id.0].host);
        let outwards = std::iter::successors(Some(region), |region| self.network.outside(*region));
        outwards.filter_map(|region| self.resolvers.get(&region)).next().cloned().unwrap_or_default()
    }

    /// Lets the other hosts of its site know this host as their router. It is asked as such; packets go their way as before.
    pub fn default_gateway(&mut self, router: HostId) {
        let region = self.network.region(router);
        self.routers.extend(self.network.addresses(router).first().map(|address| (region, *address)));
    }

    /// The interfaces of a host, with the gateway that it knows, if it knows one.
    pub(super) fn interfaces_of(&self, host: HostId) -> Vec<Interface> {
        let addresses = self.network.addresses(host);
        let gateway = self.routers.get(&self.network.region(host)).filter(|router| !addresses.contains(router));
        interfaces(addresses, gateway.copied())
    }
}

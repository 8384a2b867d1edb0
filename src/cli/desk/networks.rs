//! What has to be set up for a network of real programs?

use crate::desk::{Plan, Seat};
use crate::lab::topology::{Serves, Topology};
use crate::lab::{Names, Network};
use crate::machine::Dice;
use crate::model::{DnsKind, DnsRecord};

/// What the topology is for real programs: every host of it is a seat.
pub(super) fn plan(topology: &Topology, dice: &mut Dice) -> Plan {
    let mut network = Network::new(dice.fork());
    let built = topology.build(&mut network);
    let file = topology.file();
    let (mut names, mut seats) = (Names::default(), Vec::new());
    for (host, id) in file.hosts.iter().zip(&built.hosts) {
        for (name, address) in host.names.iter().flat_map(|name| host.addresses.iter().map(move |ip| (name, ip))) {
            let kind = if address.is_ipv4() { DnsKind::A } else { DnsKind::Aaaa };
            names.add(&name.to_ascii_lowercase(), kind, DnsRecord::Address(*address));
        }
        let mut seat = Seat::new(&host.name, *id, host.addresses.clone());
        let site = file.sites.iter().find(|site| site.name == host.site);
        if let Some(resolver) = site.and_then(|site| site.resolver.as_ref()) {
            seat.resolver = resolver.resolver();
        }
        seats.push(seat);
    }
    Plan { network, seats, names, changes: built.changes }
}

/// The hosts that serve this.
pub(super) fn serving(topology: &Topology, what: Serves) -> impl Iterator<Item = &str> {
    let hosts = topology.file().hosts.iter().filter(move |host| host.serves == Some(what));
    hosts.map(|host| host.name.as_str())
}

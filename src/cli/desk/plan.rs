//! What is a network for real programs? Every host of it is a seat.

use super::super::Refusal;
use crate::desk::{Plan, Seat};
use crate::lab::topology::{ChangeEntry, Topology};
use crate::lab::{Names, Network};
use crate::machine::Dice;
use crate::model::{DnsKind, DnsRecord};

/// Whether all that happens in it can happen to real programs.
pub(super) fn check(topology: &Topology) -> Result<(), Refusal> {
    let is_moved = |change: &ChangeEntry| matches!(change, ChangeEntry::Readdress { .. });
    match topology.file().changes.iter().any(is_moved) {
        true => {
            Err(Refusal::usage("a host that changes its address is there in simulated networks only (check --lab)"))
        }
        false => Ok(()),
    }
}

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

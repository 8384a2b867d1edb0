//! Which namespaces, addresses and links does a topology become for real programs? One [`HostSpec`] a host.

use crate::cli::refusal::Refusal;
use crate::lab::topology::{ChangeEntry, Topology};
use crate::lab::{Network, Zones};
use crate::machine::Rng;
use crate::model::{DnsKind, DnsRecord};
use crate::netlab::{HostSpec, NetlabPlan};

/// Whether all that happens in it can happen to real programs.
pub(crate) fn check(topology: &Topology) -> Result<(), Refusal> {
    let is_moved = |change: &ChangeEntry| matches!(change, ChangeEntry::Readdress { .. });
    match topology.file().changes.iter().any(is_moved) {
        true => {
            Err(Refusal::usage("a host that changes its address is there in simulated networks only (check --lab)"))
        }
        false => Ok(()),
    }
}

pub(crate) fn plan(topology: &Topology, rng: &mut Rng) -> NetlabPlan {
    let mut network = Network::new(rng.fork());
    let built = topology.build(&mut network);
    let file = topology.file();
    let (mut names, mut specs) = (Zones::default(), Vec::new());
    for (host, id) in file.hosts.iter().zip(&built.hosts) {
        for (name, address) in host.names.iter().flat_map(|name| host.addresses.iter().map(move |ip| (name, ip))) {
            let kind = if address.is_ipv4() { DnsKind::A } else { DnsKind::Aaaa };
            names.add(&name.to_ascii_lowercase(), kind, DnsRecord::Address(*address));
        }
        let mut spec = HostSpec::new(&host.name, *id, host.addresses.clone());
        let site = file.sites.iter().find(|site| site.name == host.site);
        if let Some(resolver) = site.and_then(|site| site.resolver.as_ref()) {
            spec.resolver = resolver.resolver();
        }
        specs.push(spec);
    }
    NetlabPlan { network, specs, names, changes: built.changes }
}

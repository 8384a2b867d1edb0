//! Which network is meant, and what has to be set up for it?

use super::super::Refusal;
use super::super::explain::nearest;
use crate::desk::{Plan, Seat};
use crate::lab::topology::{PRESETS, Serves, Topology};
use crate::lab::{Names, Network};
use crate::machine::Dice;
use crate::model::{DnsKind, DnsRecord};
use crate::report::escape::escape;
use std::fs;
use std::path::Path;

/// A file of a network is a page or two.
const LARGEST_BYTES: u64 = 1 << 20;

/// Whether a file is meant and not the name of a network that comes with the tool.
fn is_file(network: &str) -> bool {
    let path = Path::new(network);
    path.extension().is_some() || path.components().count() > 1
}

/// What a lab made of this network is called: a file's name without its ending.
pub(super) fn name(network: &str) -> String {
    let stem = Path::new(network).file_stem().filter(|_| is_file(network));
    stem.map_or_else(|| network.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

pub(super) fn choose(network: &str) -> Result<Topology, Refusal> {
    if is_file(network) {
        let shown = escape(network, false);
        let cannot =
            |error: &dyn std::fmt::Display| Refusal::usage(format!("{shown}: {}", escape(&error.to_string(), false)));
        let size = fs::metadata(network).map_err(|error| cannot(&error))?.len();
        if size > LARGEST_BYTES {
            return Err(cannot(&"too large for the file of a network"));
        }
        let text = fs::read_to_string(network).map_err(|error| cannot(&error))?;
        return Topology::parse(&text).map_err(|error| cannot(&error));
    }
    Topology::preset(network).ok_or_else(|| {
        let known = || PRESETS.iter().map(|(name, _)| (*name).to_owned());
        let near = nearest(network, known());
        let (lead, near) = match near.is_empty() {
            true => ("there are", known().collect()),
            false => ("did you mean", near),
        };
        Refusal::usage(format!("there is no network {network:?}; {lead} {}", near.join(", ")))
    })
}

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

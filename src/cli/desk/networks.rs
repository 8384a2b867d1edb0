//! Which network is meant, and what has to be set up for it?

use super::super::Refusal;
use super::super::explain::nearest;
use crate::desk::{Plan, Seat};
use crate::lab::{Firewall, Gateway, Names, NatConfig, Network, Passage};
use crate::machine::Dice;
use crate::model::Behaviour;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) plan: Box<dyn FnOnce(&mut Dice) -> Plan>,
    /// The hosts on which our own STUN and TURN server is at work.
    pub(super) serving: Vec<String>,
}

/// What a lab made of this network is called: a file's name without its ending.
pub(super) fn name(network: &str) -> String {
    let path = Path::new(network);
    let is_file = path.extension().is_some() || path.components().count() > 1;
    let stem = path.file_stem().filter(|_| is_file);
    stem.map_or_else(|| network.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

const KNOWN: [&str; 3] = ["open", "home", "hotel"];

pub(super) fn choose(network: &str) -> Result<Chosen, Refusal> {
    let gateway = match network {
        "open" => Gateway::default(),
        "home" => Gateway::nat(nat()),
        "hotel" => Gateway {
            firewall: Firewall { udp: Passage::None, tcp: Passage::Only(vec![443]), ..Firewall::default() },
            ..Gateway::nat(nat())
        },
        other => {
            let near = nearest(other, KNOWN.iter().map(ToString::to_string));
            let near = if near.is_empty() { KNOWN.map(ToOwned::to_owned).to_vec() } else { near };
            return Err(Refusal::usage(format!("there is no network {other:?}; did you mean {}?", near.join(", "))));
        }
    };
    let plan = Box::new(move |dice: &mut Dice| {
        let mut network = Network::new(dice.fork());
        let (laptop, server) = (vec![LAPTOP], SERVER.to_vec());
        let site = network.site(network.internet(), gateway);
        let seats = vec![
            Seat::new("laptop", network.host(site, laptop.clone()), laptop),
            Seat::new("server", network.host(network.internet(), server.clone()), server),
        ];
        Plan { network, seats, names: Names::default(), changes: Vec::new() }
    });
    Ok(Chosen { name: name(network), plan, serving: vec!["server".to_owned()] })
}

const LAPTOP: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 2));
const SERVER: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(203, 0, 113, 10)), IpAddr::V4(Ipv4Addr::new(203, 0, 113, 11))];

fn nat() -> NatConfig {
    let public = Ipv4Addr::new(198, 51, 100, 1).into();
    NatConfig::new(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent, public)
}

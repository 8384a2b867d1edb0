//! What two ends have in common in one address family, and how they meet there.

use super::EndAssessment;
use crate::diagnose::nat::usable_address;
use crate::diagnose::reach::{Udp, ipv6_broken};
use crate::diagnose::verdict::{EndState, Meeting};
use crate::diagnose::view::is_of_a_target;
use crate::model::{Fact, Family, HostFact, Observation, ObservationId, Record, Scope};
use std::net::IpAddr;

/// The two in one family.
pub(crate) struct Route {
    pub family: Family,
    pub meeting: Meeting,
    pub ours: EndState,
    pub theirs: EndState,
    /// Both have the family; else it is no way at all.
    pub is_common: bool,
    /// Behind one NAT, as far as can be seen.
    pub shares_nat: bool,
    pub evidence: Vec<ObservationId>,
}

/// Whether an end has the family at all. What it has of IPv6 may not lead out, or lead nowhere. An end that could ask no
/// server is taken to have IPv4 where an address of it leads out, or nothing is known of its addresses.
pub(crate) fn has(end: &EndAssessment<'_>, family: Family) -> bool {
    if end.assessment.nat(family).is_none() && *end.assessment.udp(family) == Udp::NotAsked {
        let record = end.assessment.record;
        let is_interface = |seen: &Observation| matches!(seen.fact, Fact::Host(HostFact::Interface(_)));
        let leads_out = usable_address(record, family).is_some() || !record.observations.iter().any(is_interface);
        return family == Family::Ipv4 && asks_nobody(record) && leads_out;
    }
    family == Family::Ipv4 || *end.assessment.udp(family) != Udp::NotAsked || has_public_ipv6(end)
}

/// Whether no server was asked anything, whatever kept it from that.
pub(crate) fn asks_nobody(record: &Record) -> bool {
    !record.observations.iter().any(|observation| is_of_a_target(observation) && observation.fact.server().is_some())
}

fn has_public_ipv6(end: &EndAssessment<'_>) -> bool {
    let is_public = |address: IpAddr| address.is_ipv6() && Scope::of(address) == Scope::Public;
    let is_there = end.assessment.record.observations.iter().any(|observation| {
        matches!(&observation.fact, Fact::Host(HostFact::Interface(interface)) if interface.up
            && interface.addresses.iter().any(|a| !a.deprecated && is_public(a.address)))
    });
    is_there && ipv6_broken(end.assessment.record).is_none()
}

//! Causes at the servers' side: one of the addresses behind a name is dead.

use super::{Bearing, Cause, Claim, Extent};
use crate::diagnose::Case;
use crate::diagnose::layer::Layer;
use crate::diagnose::servers::Fared;
use crate::model::{Code, Count, Detail, Endpoint, Family, ObservationId, Severity, Strength, Transport};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// The other addresses of the same name answer the same question, so that neither the network nor the name is at fault.
pub const POOL_MEMBER_DEAD: Cause = Cause {
    code: Code::PoolMemberDead,
    holds: pool_members_dead,
    layers: &[Layer::Servers],
    consequences: &[],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// What the addresses of one name in one family are asked, so that one's answer is a control for another's silence.
type Service = (Transport, u16);

#[derive(Default)]
struct Member<'a> {
    dead: BTreeMap<Service, &'a Fared<'a>>,
    living: BTreeSet<Service>,
}

fn pool_members_dead(case: &Case<'_>) -> Vec<Claim> {
    let mut pools: BTreeMap<(&str, Family), BTreeMap<IpAddr, Member<'_>>> = BTreeMap::new();
    for fared in case.servers.iter().filter(|fared| fared.target.literal().is_none()) {
        let Some(address) = fared.server.address else { continue };
        let members = pools.entry((&fared.target.host, Family::of(address.ip()))).or_default();
        let member = members.entry(address.ip()).or_default();
        let service = (fared.server.transport, address.port());
        if is_not_reached(fared) {
            member.dead.insert(service, fared);
        } else if fared.server.error.is_none() {
            member.living.insert(service);
        }
    }
    pools.into_iter().filter_map(|((name, family), members)| dead_of(name, family, &members)).collect()
}

/// Those that fail in all that they were asked, while another address of the name does the same well.
fn dead_of(name: &str, family: Family, members: &BTreeMap<IpAddr, Member<'_>>) -> Option<Claim> {
    let answered: BTreeSet<Service> = members.values().flat_map(|member| member.living.iter().copied()).collect();
    let is_dead =
        |member: &Member<'_>| member.living.is_empty() && member.dead.keys().any(|service| answered.contains(service));
    let dead: Vec<(&IpAddr, &Member<'_>)> = members.iter().filter(|(_, member)| is_dead(member)).collect();
    let failed = || dead.iter().flat_map(|(_, member)| member.dead.values());
    let evidence: Vec<ObservationId> = failed().filter_map(|fared| fared.failed_at).collect();
    let servers: BTreeSet<SocketAddr> = failed().filter_map(|fared| fared.server.address).collect();
    let about = Detail::default()
        .name(name.to_owned())
        .address(Endpoint::Several(dead.iter().map(|(address, _)| **address).collect()))
        .count(Count::Of(members.len() as u64));
    let extent = Extent { family: Some(family), servers, ..Extent::everything() };
    let claim = Claim { extent, strength: Strength::Proven, rivals: &[], severity: Severity::Info, about, evidence };
    (!dead.is_empty()).then_some(claim)
}

fn is_not_reached(fared: &Fared<'_>) -> bool {
    let code = fared.server.error.as_ref().map(|error| error.code);
    matches!(
        code,
        Some(
            Code::ServerSilent
                | Code::ServerUnreachable
                | Code::ServerConnectionTimedOut
                | Code::ServerRefusedConnection
                | Code::ServerClosed
        )
    )
}

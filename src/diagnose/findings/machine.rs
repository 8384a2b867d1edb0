//! Findings about this machine and this run.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::nat::usable_address;
use crate::diagnose::reach::{BrokenIpv6, ipv6_broken};
use crate::diagnose::view::widest_scope;
use crate::model::{
    Code, Count, Fact, Family, HostFact, Interface, InterfaceKind, Limit, ObservationId, Record, RunFact, Scope,
    Severity, StunFact, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    let (mut interfaces, mut changes) = (Vec::new(), Vec::new());
    let used = used_addresses(assessment);
    let mut tunnels = BTreeSet::new();
    for observation in &assessment.record.observations {
        let id = observation.id;
        match &observation.fact {
            Fact::Host(HostFact::Interface(interface)) => {
                interfaces.push(id);
                if is_tunnel_in_use(interface, &used) && tunnels.insert(interface.name.clone()) {
                    let named = about().interface(interface.name.clone());
                    list.add(Code::VpnInUse, Severity::Info, named, &[id]);
                }
            }
            Fact::Host(HostFact::NetworkChanged) => changes.push(id),
            Fact::Host(HostFact::HeldUp { longest_ms, .. }) => {
                let longest = about().count(Count::of_milliseconds(*longest_ms));
                list.add(Code::MachineBusy, Severity::Info, longest, &[id]);
            }
            Fact::Run(RunFact::OutOfTime) => list.add(Code::OutOfTime, Severity::Warning, about(), &[id]),
            Fact::Run(RunFact::Interrupted) => list.add(Code::Interrupted, Severity::Info, about(), &[id]),
            Fact::Run(RunFact::Skipped { why: why @ (Code::NoUsableInterface | Code::NoSocket) }) => {
                list.add(*why, Severity::Critical, about(), &[id]);
            }
            _ => {}
        }
    }
    list.add(Code::NetworkChanged, Severity::Warning, about(), &changes);
    limited(assessment.record, list);
    families(assessment, &interfaces, list);
    off_the_default_route(assessment, list);
}

/// What was left out, however often: one finding of each kind.
fn limited(record: &Record, list: &mut List) {
    let mut kinds: BTreeMap<String, (&Limit, u64, Vec<ObservationId>)> = BTreeMap::new();
    for seen in &record.observations {
        let Fact::Host(HostFact::Limited { what, ignored }) = &seen.fact else { continue };
        let (_, count, ids) = kinds.entry(what.to_string()).or_insert((what, 0, Vec::new()));
        *count += u64::from(*ignored);
        ids.push(seen.id);
    }
    for (what, count, ids) in kinds.into_values().filter(|(what, ..)| **what != Limit::Newer) {
        list.add(Code::InputLimited, Severity::Info, about().what(what.clone()).count(Count::Of(count)), &ids);
    }
}

/// A browser that may not list this machine's addresses sends from that of the default route alone (RFC 8828 §5.2, modes 2
/// and 3), and so never to a server that another interface leads to.
fn off_the_default_route(assessment: &Assessment<'_>, list: &mut List) {
    let interfaces = assessment.record.observations.iter().filter_map(|observation| match &observation.fact {
        Fact::Host(HostFact::Interface(interface)) if interface.up => Some(interface),
        _ => None,
    });
    let interfaces: Vec<&Interface> = interfaces.collect();
    let of = |address: IpAddr| interfaces.iter().find(|one| one.addresses.iter().any(|own| own.address == address));
    let leads_out = |one: &&&Interface, family| one.gateways.iter().any(|gateway| Family::of(*gateway) == family);
    let mut seen_once = BTreeSet::new();
    for observation in &assessment.record.observations {
        let (local, server) = match observation.fact {
            Fact::Stun(StunFact::Mapped { local, server, .. })
            | Fact::Turn(TurnFact::Allocated { local, server, .. }) => (local, server),
            _ => continue,
        };
        let (Some(uri), Some(used)) = (&observation.by.uri, of(local.ip())) else { continue };
        let family = Family::of(server.ip());
        let has_default = interfaces.iter().any(|one| leads_out(&one, family));
        let is_default = leads_out(&used, family) || used.interface_kind == InterfaceKind::Loopback;
        if has_default && !is_default && seen_once.insert(uri.clone()) {
            let placed = about().server(uri.to_string()).interface(used.name.clone());
            list.add(Code::ServerOffDefaultRoute, Severity::Info, placed, &[observation.id]);
        }
    }
}

fn families(assessment: &Assessment<'_>, interfaces: &[ObservationId], list: &mut List) {
    let usable = |family| usable_address(assessment.record, family).is_some();
    let asked_out = [Family::Ipv4, Family::Ipv6].iter().any(|f| widest_scope(assessment.record, *f) > Scope::Loopback);
    let asked_at_home = !asked_out && (assessment.ipv4.is_some() || assessment.ipv6.is_some());
    let said_already = list.0.iter().any(|finding| finding.code == Code::NoUsableInterface);
    if !usable(Family::Ipv4) && !usable(Family::Ipv6) {
        // A server on this very machine needs no way out.
        if !asked_at_home && !said_already {
            list.add(Code::NoUsableInterface, Severity::Critical, about(), interfaces);
        }
    } else if let Some(BrokenIpv6 { evidence, .. }) = ipv6_broken(assessment.record) {
        list.add(Code::Ipv6Broken, Severity::Warning, about(), &evidence);
    } else if !usable(Family::Ipv6) && !is_cut(assessment.record) {
        list.add(Code::Ipv6Absent, Severity::Info, about(), interfaces);
    }
}

/// Whether some of the interfaces were left out, so that what is missing may stand there.
fn is_cut(record: &Record) -> bool {
    let is_cut = |fact: &Fact| matches!(fact, Fact::Host(HostFact::Limited { what: Limit::Interfaces, .. }));
    record.observations.iter().any(|seen| is_cut(&seen.fact))
}

fn used_addresses(assessment: &Assessment<'_>) -> BTreeSet<IpAddr> {
    let judged = [&assessment.ipv4, &assessment.ipv6].into_iter().flatten();
    judged.flat_map(|nat| nat.reflexive.iter().map(|seen| seen.local.ip())).collect()
}

fn is_tunnel_in_use(interface: &Interface, used: &BTreeSet<IpAddr>) -> bool {
    interface.interface_kind == InterfaceKind::Vpn
        && interface.up
        && interface.addresses.iter().any(|a| used.contains(&a.address))
}

//! Causes in the proxy that this machine is set to use: it alone leads out, or it wants to know who asks.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent};
use crate::diagnose::layer::Layer;
use crate::diagnose::proxied::{self, Proxied};
use crate::diagnose::view::Hosts;
use crate::diagnose::{Assessment, causes::reach::forbidding_router};
use crate::model::{
    Code, Detail, DnsFact, DnsKind, Endpoint, Fact, ObservationId, Severity, StreamFact, Strength, StunFact,
};
use std::collections::BTreeSet;

/// What answered through the proxy did not without it, and nothing else did.
pub(crate) const PROXY_NEEDED: CauseRule = CauseRule {
    code: Code::ProxyNeeded,
    holds: |assessment| needed(assessment).into_iter().collect(),
    layers: &[Layer::Names, Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: BEHIND_A_PROXY,
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// What lies behind it cannot be seen without a login.
pub(crate) const PROXY_ASKS_LOGIN: CauseRule = CauseRule {
    code: Code::ProxyAsksLogin,
    holds: |assessment| asks_login(assessment).into_iter().collect(),
    layers: &[Layer::Names, Layer::Reach, Layer::Servers, Layer::Relays],
    consequences: BEHIND_A_PROXY,
    instead: &[],
    bearing: Bearing::Hides,
};

/// What is said of a network where nothing is reached without the proxy; many such have no name server that knows outside
/// names.
const BEHIND_A_PROXY: &[Code] = &[
    Code::NetworkForbids,
    Code::UdpBlocked,
    Code::ServerUdpSilent,
    Code::UdpUnclear,
    Code::NoStunAnswer,
    Code::NoRelay,
    Code::RelayNotTested,
    Code::NoNameServer,
    Code::NameServerSilent,
    Code::NameServerRefused,
    Code::NameServerFailed,
    Code::NamesAllDenied,
    Code::NamesAllOneAddress,
    Code::NameSinkholed,
    Code::NameUnresolved,
];

/// What failed without the proxy.
struct LostWithoutProxy {
    hosts: BTreeSet<String>,
    /// A router said that it is prohibited.
    is_said: bool,
    evidence: Vec<ObservationId>,
}

fn lost_without_proxy(assessment: &Assessment<'_>) -> LostWithoutProxy {
    let names = Hosts::of(assessment.record);
    let mut lost = LostWithoutProxy { hosts: BTreeSet::new(), is_said: false, evidence: Vec::new() };
    for observation in &assessment.record.observations {
        let host = match &observation.fact {
            Fact::Stun(StunFact::Silent { server, .. } | StunFact::Unreachable { server, .. })
            | Fact::Stream(StreamFact::NotConnected { remote: server, .. }) => names.name(server.ip()),
            Fact::Dns(DnsFact::Unresolved { name, record: DnsKind::A | DnsKind::Aaaa, .. }) => name.clone(),
            _ => continue,
        };
        lost.hosts.insert(host);
        lost.is_said |= forbidding_router(&observation.fact).is_some();
        lost.evidence.push(observation.id);
    }
    lost
}

fn about(proxied: &Proxied<'_>) -> Detail {
    let address = proxied.proxy.map(Endpoint::Socket);
    Detail::default().address(address).server(proxied.uri.map(ToString::to_string))
}

fn claim(strength: Strength, about: Detail, evidence: Vec<ObservationId>) -> CauseClaim {
    /// One host alone may refuse what comes from here and take what comes from the proxy.
    const RIVALS: &[Code] = &[Code::ServerUnreachable];
    let rivals = if strength == Strength::Proven { &[] } else { RIVALS };
    CauseClaim { extent: ClaimExtent::everything(), strength, rivals, severity: Severity::Warning, about, evidence }
}

fn needed(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let (best, answered) = proxied::answering(assessment.record)?;
    let lost = lost_without_proxy(assessment);
    // Without an address there is no other way to the server that answered.
    let has_no_address = !proxied::is_located(assessment.record, &best);
    let is_proven = lost.is_said || lost.hosts.len() > 1 || has_no_address;
    let evidence = answered.into_iter().chain(lost.evidence).collect();
    Some(claim(if is_proven { Strength::Proven } else { Strength::Likely }, about(&best), evidence))
}

fn asks_login(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let has_answered = proxied::answering(assessment.record).is_some();
    let asks = || proxied::all(assessment.record).filter(Proxied::asks_login);
    let first = asks().next().filter(|_| !has_answered)?;
    let lost = lost_without_proxy(assessment);
    Some(claim(Strength::Proven, about(&first), asks().map(|proxied| proxied.id).chain(lost.evidence).collect()))
}

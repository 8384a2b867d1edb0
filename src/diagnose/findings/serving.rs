//! Findings about the servers that were asked.

use super::{List, about};
use crate::diagnose::reach::{Udp, ipv6_broken};
use crate::diagnose::relay::Relays;
use crate::diagnose::scope::Scope;
use crate::diagnose::servers::Fared;
use crate::diagnose::{Case, view};
use crate::model::{
    Anomaly, Certificate, Code, Detail, Endpoint, Fact, Family, ObservationId, Reason, Server, Several, Severity,
    StunFact, TlsProblem, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

pub fn add(case: &Case<'_>, list: &mut List) {
    let ipv6_is_broken = ipv6_broken(case.record).is_some();
    names(case, list);
    for fared in &case.servers {
        unverified(fared, list);
        let (Some(error), Some(id)) = (&fared.server.error, fared.failed_at) else { continue };
        if is_told_elsewhere(case, fared, error.code, ipv6_is_broken) || is_the_resolvers(error.code) {
            continue;
        }
        let reason = Some(error.reason.clone()).filter(|reason| !reason.is_empty());
        let of = about_server(fared).code(error.stun_code).reason(reason);
        let of = of.and(case.fact(id).map(about_fact).unwrap_or_default());
        list.add(error.code, severity(case, fared, error.code), of, &[id]);
    }
    resolver(case, list);
    odd_answers(case, list);
}

/// Whether it is the name server that is at fault, and not the name.
fn is_the_resolvers(code: Code) -> bool {
    matches!(code, Code::NameServerSilent | Code::NameServerFailed | Code::NameServerRefused | Code::NoNameServer)
}

/// One finding for each way in which the name server failed, however many names it failed for.
fn resolver(case: &Case<'_>, list: &mut List) {
    let mut unanswered: BTreeMap<Code, Vec<&Fared<'_>>> = BTreeMap::new();
    for fared in &case.servers {
        let code = fared.server.error.as_ref().map(|error| error.code);
        if let Some(code) = code.filter(|code| is_the_resolvers(*code)) {
            unanswered.entry(code).or_default().push(fared);
        }
    }
    for (code, fared) in unanswered {
        let names: BTreeSet<&str> = fared.iter().map(|fared| fared.target.host.as_str()).collect();
        let servers = Several::of(fared.iter().map(|fared| &fared.server.uri));
        let of = about().name(Several::of(names).to_string()).server(servers.to_string());
        let evidence: Vec<ObservationId> = fared.iter().filter_map(|fared| fared.failed_at).collect();
        let worst = fared.iter().map(|fared| severity(case, fared, code)).max().unwrap_or(Severity::Warning);
        list.add(code, worst, of, &evidence);
    }
}

/// Whether a finding about the whole network says it already: one cause, one finding.
fn is_told_elsewhere(case: &Case<'_>, fared: &Fared<'_>, code: Code, ipv6_is_broken: bool) -> bool {
    let Some(address) = fared.server.address else { return false };
    let family = Family::of(address.ip());
    let not_reached = matches!(
        code,
        Code::ServerSilent | Code::ServerUnreachable | Code::ServerConnectionTimedOut | Code::LocalFirewall
    );
    let over_udp = fared.server.transport == Transport::Udp;
    let udp_is_blocked = over_udp && matches!(case.udp(family), Udp::Blocked { .. });
    let family_is_missing = case.nat(family).is_none() || (ipv6_is_broken && family == Family::Ipv6);
    not_reached && (udp_is_blocked || family_is_missing)
}

fn severity(case: &Case<'_>, fared: &Fared<'_>, code: Code) -> Severity {
    match code {
        // This client's limit, or this machine's lack; the server may be well.
        Code::DtlsNotSupported | Code::NoAddressOfFamily => Severity::Info,
        _ if fared.target.scheme.relays() && !matches!(case.relays, Relays::Work(_)) => Severity::Critical,
        // Servers that nobody configured come and go; enough others may have answered.
        _ if case.record.chosen_by_tool && case.servers.iter().any(|other| other.server.error.is_none()) => {
            Severity::Info
        }
        _ => Severity::Warning,
    }
}

fn about_server(fared: &Fared<'_>) -> Detail {
    let Server { uri, address, transport, tls, .. } = &fared.server;
    let of = about().server(uri.clone()).name(fared.target.host.clone()).transport(*transport);
    let of = of.address(address.map(Endpoint::Socket));
    match tls.as_ref().and_then(|tls| Some((tls.certificates.first()?, &tls.problem))) {
        Some((leaf, problem)) => of.and(about_certificate(leaf, *problem == Some(TlsProblem::NotYetValid))),
        None => of,
    }
}

fn about_certificate(leaf: &Certificate, not_yet_valid: bool) -> Detail {
    about()
        .issuer(leaf.issuer.clone())
        .names(Several::of(leaf.names.iter().map(|name| name.as_str())))
        .until(if not_yet_valid { leaf.not_before.clone() } else { leaf.not_after.clone() })
}

/// What the fact that an error rests on says beside the error itself.
fn about_fact(fact: &Fact) -> Detail {
    match fact {
        Fact::Stun(StunFact::Refused { alternate: Some(alternate), .. }) => about().alternate(*alternate),
        Fact::Turn(TurnFact::NotCrossed { peer: Some(peer), .. }) => about().peer(*peer),
        Fact::Stun(StunFact::Anomalous { anomaly: Anomaly::WrongSource { from }, .. }) => about().from(*from),
        _ => about(),
    }
}

/// A name that leads to where no server for others can be: a filter's answer, or a mistake. A private address may be
/// meant so.
fn names(case: &Case<'_>, list: &mut List) {
    for target in &case.record.targets {
        for (address, id) in case.names.addresses(target) {
            let severity = match Scope::of(address) {
                Scope::Nowhere | Scope::Loopback | Scope::Link => Severity::Warning,
                Scope::Private | Scope::Carrier => Severity::Info,
                Scope::Public => continue,
            };
            let of = about().server(target.uri()).name(target.host.clone()).address(Endpoint::Address(address));
            list.add(Code::NameIsPrivate, severity, of, &[id]);
        }
    }
}

fn unverified(fared: &Fared<'_>, list: &mut List) {
    let problem = fared.server.tls.as_ref().and_then(|tls| tls.problem.as_ref());
    if let (Some(_), Some(id)) = (problem, fared.secured_at) {
        list.add(Code::TlsUnverified, Severity::Warning, about_server(fared), &[id]);
    }
}

/// Odd answers of servers that answered properly, too: once for each server and kind.
fn odd_answers(case: &Case<'_>, list: &mut List) {
    let failed: BTreeSet<(&str, Option<SocketAddr>)> = case
        .servers
        .iter()
        .filter(|fared| fared.server.error.is_some())
        .map(|fared| (fared.server.uri.as_str(), fared.server.address))
        .collect();
    let mut odd: BTreeMap<(Code, &str, SocketAddr), (Detail, Vec<ObservationId>)> = BTreeMap::new();
    for observation in case.record.observations.iter().filter(|observation| view::is_of_a_target(observation)) {
        let (Fact::Stun(StunFact::Anomalous { transport, server, anomaly, .. }), Some(uri)) =
            (&observation.fact, &observation.by.uri)
        else {
            continue;
        };
        if failed.contains(&(uri.as_str(), Some(*server))) {
            continue;
        }
        let Some((code, said)) = meaning(anomaly) else { continue };
        let (_, evidence) = odd.entry((code, uri, *server)).or_insert_with(|| {
            let of = about().server(uri.clone()).address(Endpoint::Socket(*server)).transport(*transport);
            (of.and(said), Vec::new())
        });
        evidence.push(observation.id);
    }
    for ((code, ..), (of, evidence)) in odd {
        let severity = if code == Code::ClassicServer { Severity::Info } else { Severity::Warning };
        list.add(code, severity, of, &evidence);
    }
}

fn meaning(anomaly: &Anomaly) -> Option<(Code, Detail)> {
    Some(match anomaly {
        Anomaly::Rfc3489 => (Code::ClassicServer, about()),
        Anomaly::Conflicting => (Code::ConflictingAnswers, about()),
        Anomaly::WrongSource { from } => (Code::AnswersFromElsewhere, about().from(*from)),
        Anomaly::Malformed { problem } => (Code::MalformedAnswers, about().reason(Reason::from(problem.clone()))),
        Anomaly::IntegrityFailed => (Code::IntegrityFailed, about()),
        Anomaly::UnknownRequired { attributes } => {
            (Code::MalformedAnswers, about().reason(Reason::Said(Several::of(attributes).to_string())))
        }
        Anomaly::Stale | Anomaly::Lenient { .. } => return None,
    })
}

//! Findings about the servers that were asked.

use super::{List, about, listed};
use crate::diagnose::reach::{Udp, ipv6_broken};
use crate::diagnose::relay::Relays;
use crate::diagnose::scope::Scope;
use crate::diagnose::servers::Fared;
use crate::diagnose::{Case, view};
use crate::model::{About, Certificate, Code, Fact, Family, ObservationId, Oddity, Server, Severity, Transport};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

pub fn add(case: &Case<'_>, list: &mut List) {
    let ipv6_is_broken = ipv6_broken(case.record).is_some();
    names(case, list);
    for fared in &case.servers {
        unverified(fared, list);
        let (Some(error), Some(id)) = (&fared.server.error, fared.failed_at) else { continue };
        if is_told_elsewhere(case, fared, error.code, ipv6_is_broken) {
            continue;
        }
        let mut of = about_server(fared);
        of.extend(error.stun_code.map(|code| ("code".to_owned(), code.to_string())));
        if !error.reason.is_empty() {
            of.insert("reason".to_owned(), error.reason.as_str().to_owned());
        }
        list.add(error.code, severity(case, fared, error.code), of, &[id]);
    }
    odd_answers(case, list);
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
        _ => Severity::Warning,
    }
}

fn about_server(fared: &Fared<'_>) -> About {
    let Server { uri, address, transport, tls, .. } = &fared.server;
    let mut of =
        about([("server", uri.clone()), ("name", fared.target.host.clone()), ("transport", transport.to_string())]);
    of.extend(address.map(|address| ("address".to_owned(), address.to_string())));
    if let Some(leaf) = tls.as_ref().and_then(|tls| tls.certificates.first()) {
        of.append(&mut about_certificate(leaf));
    }
    of
}

fn about_certificate(leaf: &Certificate) -> About {
    about([
        ("subject", leaf.subject.as_str().to_owned()),
        ("issuer", leaf.issuer.as_str().to_owned()),
        ("names", listed(leaf.names.iter().map(|name| name.as_str()))),
        ("not_before", leaf.not_before.clone()),
        ("not_after", leaf.not_after.clone()),
    ])
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
            let of = [("server", target.uri()), ("name", target.host.clone()), ("address", address.to_string())];
            list.add(Code::NameIsPrivate, severity, about(of), &[id]);
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
    type Seen = (Transport, Option<String>, Vec<ObservationId>);
    let mut odd: BTreeMap<(Code, &str, SocketAddr), Seen> = BTreeMap::new();
    for observation in case.record.observations.iter().filter(|observation| view::is_of_a_target(observation)) {
        let (Fact::Odd { transport, server, oddity, .. }, Some(uri)) = (&observation.fact, &observation.by.uri) else {
            continue;
        };
        if failed.contains(&(uri.as_str(), Some(*server))) {
            continue;
        }
        let (code, reason) = match oddity {
            Oddity::Classic => (Code::ClassicServer, None),
            Oddity::Conflicting => (Code::ConflictingAnswers, None),
            Oddity::WrongSource { from } => (Code::AnswersFromElsewhere, Some(from.to_string())),
            Oddity::Malformed { problem } => (Code::MalformedAnswers, Some(problem.as_str().to_owned())),
            Oddity::IntegrityFailed => (Code::IntegrityFailed, None),
            Oddity::UnknownRequired { attributes } => (Code::MalformedAnswers, Some(listed(attributes))),
            Oddity::Stale | Oddity::Untidy { .. } => continue,
        };
        odd.entry((code, uri, *server)).or_insert_with(|| (*transport, reason, Vec::new())).2.push(observation.id);
    }
    for ((code, uri, address), (transport, reason, evidence)) in odd {
        let mut of =
            about([("server", uri.to_owned()), ("address", address.to_string()), ("transport", transport.to_string())]);
        of.extend(reason.map(|reason| ("reason".to_owned(), reason)));
        let severity = if code == Code::ClassicServer { Severity::Info } else { Severity::Warning };
        list.add(code, severity, of, &evidence);
    }
}

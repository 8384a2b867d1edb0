//! Causes that read TLS on its way: who ends it, who knows the server by its name.
//!
//! Which authorities are public is not known here; but the certificates of all of them bear the word of a public log, which
//! browsers demand of them (RFC 6962). What this machine trusts without such a word comes from an authority of somebody's
//! own: of this network, or of the operator.

use super::extent::transport_of;
use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind};
use crate::diagnose::Assessment;
use crate::diagnose::view::{domain, is_of_a_target};
use crate::model::{
    Code, Detail, Endpoint, Fact, Failure, Observation, ObservationId, Question, Scope, Severity, StreamFact, Strength,
    StunFact, Text, Tls, TlsProblem, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Certificates of an authority that is not public, behind which no STUN is spoken; or one unknown authority before servers
/// of several operators.
pub(crate) const TLS_INTERCEPTED: CauseRule = CauseRule {
    code: Code::TlsIntercepted,
    holds: |assessment| {
        let claims = [one_unknown_issuer(assessment), private_authority(assessment)];
        claims.into_iter().flatten().collect()
    },
    layers: &[],
    consequences: &[
        Code::TlsUnknownIssuer,
        Code::TlsSelfSigned,
        Code::ServerClosed,
        Code::ServerSilent,
        Code::ServerHalfSilent,
        Code::ServerConnectionTimedOut,
        Code::NotStun,
        Code::MalformedAnswers,
        Code::NoRelay,
    ],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// The handshake breaks off where the ClientHello bears the server's name, and comes about where it does not.
pub(crate) const SERVER_NAME_FILTERED: CauseRule = CauseRule {
    code: Code::ServerNameFiltered,
    holds: |assessment| server_name_filtered(assessment).into_iter().collect(),
    layers: &[],
    consequences: &[Code::TlsFailed, Code::TlsTimedOut, Code::NoRelay],
    instead: &[],
    bearing: Bearing::AsMeasured,
};

/// About what goes to these servers over streams alone.
fn claim(
    servers: BTreeSet<SocketAddr>,
    rivals: &'static [Code],
    about: Detail,
    evidence: Vec<ObservationId>,
) -> CauseClaim {
    let over = &[Transport::Tcp, Transport::Tls];
    let extent = ClaimExtent { kind: ClaimKind::Trait, over, servers, ..ClaimExtent::everything() };
    CauseClaim { extent, strength: Strength::Likely, severity: Severity::Warning, rivals, about, evidence }
}

/// The servers, and those of their other ports to which no connection came about: what opens TLS takes the connections of
/// a host to itself, so that a host of which nothing in STUN was heard may never have been asked at all.
fn with_unheard_ports(assessment: &Assessment<'_>, mut servers: BTreeSet<SocketAddr>) -> BTreeSet<SocketAddr> {
    let observations = &assessment.record.observations;
    let heard: BTreeSet<IpAddr> =
        observations.iter().filter_map(|seen| speaks_stun(&seen.fact)).map(|server| server.ip()).collect();
    let hosts: BTreeSet<IpAddr> = servers.iter().map(SocketAddr::ip).filter(|host| !heard.contains(host)).collect();
    servers.extend(observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Stream(StreamFact::NotConnected { remote, failure: Failure::TimedOut, .. }) => {
            Some(*remote).filter(|remote| hosts.contains(&remote.ip()))
        }
        _ => None,
    }));
    servers
}

/// The server that answered in STUN or TURN.
fn speaks_stun(fact: &Fact) -> Option<SocketAddr> {
    match fact {
        Fact::Stun(StunFact::Mapped { server, .. })
        | Fact::Stun(StunFact::Refused { server, .. })
        | Fact::Turn(TurnFact::Challenged { server, .. })
        | Fact::Turn(TurnFact::Allocated { server, .. }) => Some(*server),
        _ => None,
    }
}

/// The handshakes with the servers that were asked for.
fn handshakes<'a>(assessment: &'a Assessment<'_>) -> impl Iterator<Item = (&'a Observation, SocketAddr, &'a Tls)> {
    let asked = assessment.record.observations.iter().filter(|seen| is_of_a_target(seen));
    asked.filter_map(|seen| match &seen.fact {
        Fact::Stream(StreamFact::Secured { remote, tls, .. })
        | Fact::Stream(StreamFact::NotConnected { remote, tls: Some(tls), .. }) => Some((seen, *remote, tls)),
        _ => None,
    })
}

/// Before whom one issuer stands, and where that was seen.
#[derive(Default)]
struct Issued<'a> {
    operators: BTreeSet<&'a str>,
    servers: BTreeSet<SocketAddr>,
    evidence: Vec<ObservationId>,
}

/// A private authority of one operator is behind names of one domain.
fn one_unknown_issuer(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    const OPERATORS: usize = 2;

    let mut by_issuer: BTreeMap<&Text, Issued<'_>> = BTreeMap::new();
    for (seen, remote, tls) in handshakes(assessment).filter(|(.., tls)| tls.problem == Some(TlsProblem::UnknownIssuer))
    {
        let Some(leaf) = tls.certificates.first().filter(|_| Scope::of(remote.ip()) == Scope::Public) else { continue };
        let issued = by_issuer.entry(&leaf.issuer).or_default();
        issued.operators.insert(domain(&tls.server_name));
        issued.servers.insert(remote);
        issued.evidence.push(seen.id);
    }
    let (issuer, issued) = by_issuer.into_iter().find(|(_, issued)| issued.operators.len() >= OPERATORS)?;
    let about = Detail::default().issuer(issuer.clone());
    let servers = with_unheard_ports(assessment, issued.servers);
    Some(claim(servers, &[Code::TlsUnknownIssuer], about, issued.evidence))
}

/// Where the certificate is trusted without the word of a public log, and nothing inside speaks STUN.
fn private_authority(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let mut issuer = None;
    let (mut servers, mut evidence) = (BTreeSet::new(), Vec::new());
    for (seen, remote, tls) in handshakes(assessment) {
        let Some(leaf) = tls.certificates.first() else { continue };
        let is_private = tls.problem.is_none() && leaf.logged == Some(false) && Scope::of(remote.ip()) == Scope::Public;
        let Some(failed) = is_private.then(|| fails_inside(assessment, remote)).flatten() else { continue };
        issuer.get_or_insert_with(|| leaf.issuer.clone());
        servers.insert(remote);
        evidence.extend([seen.id, failed]);
    }
    let rivals = &[Code::ServerClosed, Code::NotStun, Code::ServerSilent];
    let servers = with_unheard_ports(assessment, servers);
    Some(claim(servers, rivals, Detail::default().issuer(issuer?), evidence))
}

/// What shows that no STUN is spoken inside the TLS of a server; None where some is.
fn fails_inside(assessment: &Assessment<'_>, server: SocketAddr) -> Option<ObservationId> {
    let of_the_server = || {
        let asked = assessment.record.observations.iter().filter(|seen| is_of_a_target(seen));
        asked.filter(move |seen| seen.fact.server() == Some(server))
    };
    let speaks =
        |seen: &Observation| speaks_stun(&seen.fact).is_some() && transport_of(&seen.fact) == Some(Transport::Tls);
    let fails = |seen: &&Observation| {
        matches!(
            seen.fact,
            Fact::Stun(StunFact::Silent { transport: Transport::Tls, .. })
                | Fact::Stun(StunFact::Anomalous { transport: Transport::Tls, .. })
                | Fact::Stream(StreamFact::Ended { transport: Transport::Tls, .. })
                | Fact::Stream(StreamFact::NotConnected { transport: Transport::Tls, failure: Failure::Reset, .. })
        )
    };
    if of_the_server().any(speaks) {
        return None;
    }
    of_the_server().find(fails).map(|seen| seen.id)
}

fn server_name_filtered(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let nameless = assessment.record.observations.iter().filter(|seen| seen.by.question == Question::ServerName);
    let controls: BTreeMap<SocketAddr, ObservationId> = nameless
        .filter_map(|seen| match &seen.fact {
            Fact::Stream(StreamFact::Secured { remote, .. }) => Some((*remote, seen.id)),
            _ => None,
        })
        .collect();
    let broke_off = |tls: &Tls| matches!(tls.problem, Some(TlsProblem::Closed | TlsProblem::TimedOut));
    let mut example = None;
    let (mut servers, mut evidence) = (BTreeSet::new(), Vec::new());
    for (seen, remote, tls) in handshakes(assessment).filter(|(.., tls)| broke_off(tls)) {
        let Some(control) = controls.get(&remote) else { continue };
        example.get_or_insert((tls.server_name.clone(), remote));
        servers.insert(remote);
        evidence.extend([seen.id, *control]);
    }
    let (name, remote) = example?;
    let about = Detail::default().name(name).address(Endpoint::Socket(remote));
    Some(claim(servers, &[Code::TlsFailed, Code::TlsTimedOut], about, evidence))
}

//! Findings about the servers that were asked.

use super::{List, about};
use crate::diagnose::astray::{self, AstrayNames};
use crate::diagnose::layer::{Layer, layer_of};
use crate::diagnose::reach::{Udp, ipv6_broken};
use crate::diagnose::relay::{Relay, Relays};
use crate::diagnose::servers::ServerResult;
use crate::diagnose::{Assessment, naming, view};
use crate::model::{
    Anomaly, Certificate, Code, ConfigurationFact, Count, Detail, Endpoint, Fact, Family, InterfaceAddress, Malformed,
    ObservationId, Reason, Scope, Server, ServerUri, Several, Severity, StunFact, Tenths, TlsProblem, Transport,
    TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    let ipv6_is_broken = ipv6_broken(assessment.record).is_some();
    let inner = inner_names(assessment);
    let astray = astray::names(assessment);
    names(assessment, &inner, &astray, list);
    let names_fault = naming::fault(assessment.record);
    if let Some(fault) = &names_fault {
        all_names(assessment, fault, list);
    }
    for found in naming::sluggish(assessment.record) {
        // One name may have been unlucky.
        let severity = if found.names.len() > 1 { Severity::Warning } else { Severity::Info };
        list.add(
            found.code,
            severity,
            about_names(assessment).name(Several::of(&found.names).to_string()),
            &found.evidence,
        );
    }
    for ((name, address), unreached) in &inner {
        let worst = unreached
            .iter()
            .filter_map(|result| Some(severity(assessment, result, result.server.error.as_ref()?.code)));
        let evidence: Vec<ObservationId> = unreached.iter().filter_map(|result| result.failed_at).collect();
        let of = about_names(assessment).name((*name).to_owned()).address(Endpoint::Address(*address));
        list.add(Code::NameLeadsInside, worst.max().unwrap_or(Severity::Warning), of, &evidence);
    }
    for result in &assessment.servers {
        unverified(result, list);
        let (Some(error), Some(id)) = (&result.server.error, result.failed_at) else { continue };
        if names_fault.as_ref().is_some_and(|fault| is_of_all_names(fault, result))
            || is_told_elsewhere(assessment, result, error.code, ipv6_is_broken)
            || is_the_resolvers(error.code)
            || error.code == Code::NameSinkholed
            || result.server.address.is_some_and(|at| {
                let leads = (result.target.host.as_str(), at.ip());
                inner.contains_key(&leads) || astray.contains_key(&leads)
            })
        {
            continue;
        }
        let reason = Some(error.reason.clone()).filter(|reason| !reason.is_empty());
        let of = about_server(result).code(error.stun_code).reason(reason);
        let of = if layer_of(error.code) == Layer::Names { of.and(about_names(assessment)) } else { of };
        let of = of
            .and(assessment.fact(id).map(about_fact).unwrap_or_default())
            .and(about().from(sent_on_by(assessment, result)));
        let (code, more) = in_its_place(assessment, result, error.code);
        let names_nobody = code == Code::TlsWrongName && of.names.is_none();
        let of = match code {
            Code::RelayFewAtOnce => of.count(Count::Of(1)),
            _ => of.count(names_nobody.then_some(Count::Of(0))),
        };
        list.add(code, severity(assessment, result, code), of, &[&[id], &more[..]].concat());
    }
    resolver(assessment, list);
    odd_answers(assessment, list);
    late_answers(assessment, list);
}

/// One finding for what the name server does to all names.
fn all_names(assessment: &Assessment<'_>, fault: &naming::NamesFault, list: &mut List) {
    let of_them = assessment.servers.iter().filter(|result| fault.names.contains(&result.target.host));
    let servers: BTreeSet<&ServerUri> = of_them.map(|result| &result.server.uri).collect();
    let of = about_names(assessment)
        .name(Several::of(&fault.names).to_string())
        .server(Several::of(servers).to_string())
        .address(fault.address.map(Endpoint::Address));
    list.add(fault.code, Severity::Critical, of, &fault.evidence);
}

fn is_of_all_names(fault: &naming::NamesFault, result: &ServerResult<'_>) -> bool {
    let is_there = result.server.address.is_some_and(|at| fault.address == Some(at.ip()));
    fault.names.contains(&result.target.host) && is_there
}

/// The server that sent us on to this one (300), where nobody else named it.
fn sent_on_by(assessment: &Assessment<'_>, result: &ServerResult<'_>) -> Option<SocketAddr> {
    let address = result.server.address.filter(|address| view::named_by_others(assessment.record).contains(address))?;
    assessment.record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Refused { server, alternate, .. }) if alternate == Some(address) => Some(server),
        _ => None,
    })
}

/// What a server is that did not answer as it was asked here, and answered something else at the same port.
fn heard_otherwise(assessment: &Assessment<'_>, result: &ServerResult<'_>) -> Option<(Code, ObservationId)> {
    let asked_at = (result.server.address?, result.server.transport);
    let (mut binding, mut turn, mut turn_of_host) = (None, None, None);
    for seen in &assessment.record.observations {
        match seen.fact {
            Fact::Stun(StunFact::Mapped { server, transport, .. }) if (server, transport) == asked_at => {
                binding = binding.or(Some(seen.id));
            }
            Fact::Turn(
                TurnFact::Challenged { server, transport, .. } | TurnFact::Allocated { server, transport, .. },
            ) if server.ip() == asked_at.0.ip() => {
                turn_of_host = turn_of_host.or(Some(seen.id));
                turn = turn.or(Some(seen.id).filter(|_| (server, transport) == asked_at));
            }
            _ => {}
        }
    }
    match (result.target.scheme.relays(), binding, turn) {
        (false, None, Some(turn)) => Some((Code::StunNotOffered, turn)),
        (true, Some(binding), None) if turn_of_host.is_none() => Some((Code::RelayNotOffered, binding)),
        _ => turn.or(binding).map(|answered| (Code::ServerHalfSilent, answered)),
    }
}

/// That the credentials for a server came from a source in this run, and nothing is wrong with them by their look.
fn given_by_source(assessment: &Assessment<'_>, result: &ServerResult<'_>) -> Option<ObservationId> {
    let facts = || {
        assessment.record.observations.iter().filter_map(|seen| match &seen.fact {
            Fact::Configuration(fact) if seen.end.is_ours() => Some((seen.id, fact)),
            _ => None,
        })
    };
    let is_faulty = facts().any(|(_, fact)| match fact {
        ConfigurationFact::FaultyConfiguration { fault, severity: Severity::Critical, .. } => fault.is_of_credentials(),
        _ => false,
    });
    let mut offers = facts().filter_map(|(id, fact)| match fact {
        ConfigurationFact::SourceOffered { servers, .. } if servers.contains(&result.server.uri) => Some(id),
        _ => None,
    });
    offers.next().filter(|_| !is_faulty)
}

/// What a server that was not reached is, where something else that was heard tells; with what does.
fn in_its_place(assessment: &Assessment<'_>, result: &ServerResult<'_>, code: Code) -> (Code, Vec<ObservationId>) {
    let as_it_is = (code, Vec::new());
    if code == Code::NoAddressOfFamily && result.server.address.is_some() {
        return (Code::ServerOfOtherFamily, Vec::new());
    }
    if let Some((code, answered)) = heard_otherwise(assessment, result).filter(|_| code == Code::ServerSilent) {
        return (code, vec![answered]);
    }
    // Our own allocation, in another URI's name, is what this user has already.
    if code == Code::RelayQuotaReached {
        let is_ours = |relay: &&Relay| Some(relay.server.ip()) == result.server.address.map(|address| address.ip());
        let held = assessment.allocations.iter().find(is_ours).and_then(|relay| relay.evidence.first());
        return held.map_or(as_it_is, |held| (Code::RelayFewAtOnce, vec![*held]));
    }
    if let Some(given) = given_by_source(assessment, result).filter(|_| code == Code::RelayCredentialsRejected) {
        return (Code::CredentialsRefusedByServer, vec![given]);
    }
    if code == Code::RelayNotOffered {
        let answered = assessment.record.observations.iter().filter(|observation| match observation.fact {
            Fact::Stun(StunFact::Mapped { server, transport, .. }) => {
                Some(server) == result.server.address && transport == result.server.transport
            }
            _ => false,
        });
        return (code, answered.map(|observation| observation.id).take(1).collect());
    }
    // What refuses in a server's name may be our own router, which has the address.
    let may_be_elsewhere = is_not_reached(code) || code == Code::ServerRefusedConnection;
    let Some(address) = result.server.address.filter(|_| may_be_elsewhere) else { return as_it_is };
    let family = Family::of(address.ip());
    if let Some(seen) = assessment.nat(family).and_then(|nat| nat.seen_behind(address.ip())) {
        return (Code::ServerBehindSameNat, vec![seen.id]);
    }
    let is_udp_alone = result.server.transport == Transport::Udp && code == Code::ServerSilent;
    if is_udp_alone && !matches!(assessment.udp(family), Udp::Flows(_)) {
        let spoke = assessment.record.observations.iter().find(|observation| match observation.fact {
            Fact::Stun(StunFact::Mapped { transport: Transport::Tcp | Transport::Tls, server, .. })
            | Fact::Turn(TurnFact::Challenged { transport: Transport::Tcp | Transport::Tls, server, .. })
            | Fact::Turn(TurnFact::Allocated { transport: Transport::Tcp | Transport::Tls, server, .. }) => {
                server.ip() == address.ip()
            }
            _ => false,
        });
        if let Some(spoke) = spoke {
            return (Code::ServerUdpSilent, vec![spoke.id]);
        }
    }
    as_it_is
}

/// Whether nothing came from the server, or nothing can get there.
fn is_not_reached(code: Code) -> bool {
    matches!(code, Code::ServerSilent | Code::ServerUnreachable | Code::ServerConnectionTimedOut | Code::LocalFirewall)
}

/// Whether it is the name server that is at fault, and not the name.
fn is_the_resolvers(code: Code) -> bool {
    matches!(code, Code::NameServerSilent | Code::NameServerFailed | Code::NameServerRefused | Code::NoNameServer)
}

/// One finding for each way in which the name server failed, however many names it failed for.
fn resolver(assessment: &Assessment<'_>, list: &mut List) {
    let asked = naming::questions(assessment.record);
    let mut unanswered: BTreeMap<Code, Vec<&ServerResult<'_>>> = BTreeMap::new();
    for result in &assessment.servers {
        let code = result.server.error.as_ref().map(|error| error.code);
        if let Some(code) = code.filter(|code| is_the_resolvers(*code)) {
            unanswered.entry(code).or_default().push(result);
        }
    }
    for (code, result) in unanswered {
        let names: BTreeSet<&str> = result.iter().map(|result| result.target.host.as_str()).collect();
        let servers = Several::of(result.iter().map(|result| &result.server.uri));
        let of = about_names(assessment).name(Several::of(names).to_string()).server(servers.to_string());
        let evidence: Vec<ObservationId> = result.iter().filter_map(|result| result.failed_at).collect();
        let worst = result.iter().map(|result| severity(assessment, result, code)).max().unwrap_or(Severity::Warning);
        if code == Code::NameServerSilent && asked.answered > 0 {
            list.add(Code::NameServerHalfSilent, worst, of.sent(asked.sent).received(asked.answered), &evidence);
        } else {
            let reason = result.iter().filter_map(|result| result.server.error.as_ref()).map(|error| &error.reason);
            let reason = reason.into_iter().find(|reason| !reason.is_empty()).cloned();
            list.add(code, worst, of.reason(reason), &evidence);
        }
    }
}

/// Whether a finding about the whole network says it already: one cause, one finding.
fn is_told_elsewhere(assessment: &Assessment<'_>, result: &ServerResult<'_>, code: Code, ipv6_is_broken: bool) -> bool {
    let Some(address) = result.server.address else { return false };
    let family = Family::of(address.ip());
    let over_udp = result.server.transport == Transport::Udp;
    let udp_is_blocked = over_udp && matches!(assessment.udp(family), Udp::Blocked { .. });
    let family_is_missing = assessment.nat(family).is_none() || (ipv6_is_broken && family == Family::Ipv6);
    // A placeholder is no server's address, so that nothing said of it is said of a server.
    let is_placeholder = result.target.literal().is_none() && is_placeholder(address.ip());
    // What speaks HTTP at this address is no TURN server at any of its ports.
    let is_web_server = assessment.servers.iter().any(|other| {
        let error = other.server.error.as_ref();
        other.server.address.is_some_and(|other| other.ip() == address.ip())
            && error.is_some_and(|error| error.code == Code::NotStun && is_http(&error.reason))
    });
    is_not_reached(code) && (udp_is_blocked || family_is_missing || is_placeholder || is_web_server)
}

/// Whether a server's first bytes were those of an HTTP answer.
fn is_http(said: &Reason) -> bool {
    let begins_so = |first_bytes: &str| first_bytes.starts_with("HTTP/");
    match said {
        Reason::Malformed(Malformed::NotStun { first_bytes }) | Reason::Said(first_bytes) => begins_so(first_bytes),
        _ => false,
    }
}

fn severity(assessment: &Assessment<'_>, result: &ServerResult<'_>, code: Code) -> Severity {
    match code {
        // This client's limit, or this machine's lack; the server may be well.
        Code::DtlsNotSupported | Code::NoAddressOfFamily | Code::RelayFewAtOnce => Severity::Info,
        Code::ServerOfOtherFamily if has_other_way(assessment, result) => Severity::Info,
        Code::ServerOfOtherFamily => Severity::Warning,
        // What shuts it is not known, or a call does without.
        Code::RelayInLost | Code::RelayOutLost | Code::RelayPeerRefused
            if matches!(assessment.relays, Relays::Unclear { .. }) =>
        {
            Severity::Warning
        }
        Code::RelayPortsClosed | Code::RelayLargeLost => Severity::Warning,
        _ if result.target.scheme.relays() && !matches!(assessment.relays, Relays::Work(_)) => Severity::Critical,
        // Servers that nobody configured come and go; enough others may have answered.
        _ if assessment.record.chosen_by_tool
            && assessment.servers.iter().any(|other| other.server.error.is_none()) =>
        {
            Severity::Info
        }
        _ => Severity::Warning,
    }
}

/// Whether calls do without this address: it is no relay's, its name has another one that was asked, or a relay works.
fn has_other_way(assessment: &Assessment<'_>, result: &ServerResult<'_>) -> bool {
    let is_of_name =
        |other: &&ServerResult<'_>| other.target == result.target && other.server.address != result.server.address;
    let is_asked =
        |other: &ServerResult<'_>| other.server.error.as_ref().map(|it| it.code) != Some(Code::NoAddressOfFamily);
    let is_relay = result.target.scheme.relays();
    !is_relay
        || matches!(assessment.relays, Relays::Work(_))
        || assessment.servers.iter().filter(is_of_name).any(is_asked)
}

/// Whom the names were asked of.
fn about_names(assessment: &Assessment<'_>) -> Detail {
    about().resolver(naming::resolvers(assessment.record))
}

fn about_server(result: &ServerResult<'_>) -> Detail {
    let Server { uri, address, transport, tls, .. } = &result.server;
    let of = about().server(uri.to_string()).name(result.target.host.clone()).transport(*transport);
    let of = of.address(address.map(Endpoint::Socket)).family(address.map(|address| Family::of(address.ip())));
    match tls.as_ref().and_then(|tls| Some((tls.certificates.first()?, &tls.problem))) {
        Some((leaf, problem)) => of.and(about_certificate(leaf, *problem == Some(TlsProblem::NotYetValid))),
        None => of,
    }
}

fn about_certificate(leaf: &Certificate, not_yet_valid: bool) -> Detail {
    about()
        .issuer(leaf.issuer.clone())
        .names((!leaf.names.is_empty()).then(|| Several::of(leaf.names.iter().map(|name| name.as_str()))))
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

/// RFC 2544's range for measurements, from which proxy programs take the addresses that they answer in DNS themselves.
fn is_placeholder(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(v4) if matches!(v4.octets(), [198, 18..=19, ..]))
}

/// By the name and its address: what was asked there.
type InnerNames<'a> = BTreeMap<(&'a str, IpAddr), Vec<&'a ServerResult<'a>>>;

/// Names that lead to an address inside some network where nothing that was asked answered, while no interface here is in
/// the same subnet.
fn inner_names<'a>(assessment: &'a Assessment<'_>) -> InnerNames<'a> {
    let up = view::interfaces(assessment.record).filter(|interface| interface.up);
    let own: Vec<&InterfaceAddress> = up.flat_map(|interface| &interface.addresses).collect();
    let is_inner = |at: IpAddr| {
        let is_elsewhere = !own.iter().any(|own| own.shares_subnet_with(at));
        matches!(Scope::of(at), Scope::Private | Scope::Carrier) && !is_placeholder(at) && is_elsewhere
    };
    let mut names = InnerNames::new();
    for result in assessment.servers.iter().filter(|result| result.target.literal().is_none()) {
        if let Some(address) = result.server.address.map(|at| at.ip()).filter(|at| is_inner(*at)) {
            names.entry((&result.target.host, address)).or_default().push(result);
        }
    }
    let is_unreached =
        |result: &&ServerResult<'_>| result.server.error.as_ref().is_some_and(|error| is_not_reached(error.code));
    names.retain(|_, asked| asked.iter().all(is_unreached));
    names
}

/// The URIs of one name that leads to an address inside some network, and where that was seen.
#[derive(Default)]
struct LeadingInside {
    uris: BTreeSet<ServerUri>,
    evidence: Vec<ObservationId>,
}

/// A name that leads to where no server for others can be: a filter's answer, or a mistake. A private address may be
/// meant so.
fn names(assessment: &Assessment<'_>, inner: &InnerNames<'_>, astray: &AstrayNames<'_>, list: &mut List) {
    for ((name, address), found) in astray {
        let is_needed = found.relays && !matches!(assessment.relays, Relays::Work(_));
        let severity = if is_needed { Severity::Critical } else { Severity::Warning };
        let of = about_names(assessment).server(Several::of(&found.uris).to_string()).name((*name).to_owned());
        let of = of.address(Endpoint::Address(*address)).leads(found.place);
        list.add(Code::NameSinkholed, severity, of, &found.evidence);
    }
    let mut private: BTreeMap<(&str, IpAddr), LeadingInside> = BTreeMap::new();
    for target in assessment.record.targets.iter().filter(|target| !naming::is_localhost(&target.host)) {
        for (address, id) in assessment.names.addresses(target) {
            let leads = (target.host.as_str(), address);
            let is_told =
                Scope::of(address) == Scope::Public || astray.contains_key(&leads) || inner.contains_key(&leads);
            if !is_told {
                let found = private.entry(leads).or_default();
                found.uris.insert(target.into());
                found.evidence.push(id);
            }
        }
    }
    for ((name, address), LeadingInside { uris, evidence }) in private {
        let is_odd = Scope::of(address) <= Scope::Link || is_placeholder(address);
        let severity = if is_odd { Severity::Warning } else { Severity::Info };
        let of = about().server(Several::of(uris).to_string()).name(name.to_owned());
        list.add(Code::NameIsPrivate, severity, of.address(Endpoint::Address(address)), &evidence);
    }
}

fn unverified(result: &ServerResult<'_>, list: &mut List) {
    let problem = result.server.tls.as_ref().and_then(|tls| tls.problem.as_ref());
    if let (Some(_), Some(id)) = (problem, result.secured_at) {
        list.add(Code::TlsUnverified, Severity::Warning, about_server(result), &[id]);
    }
}

/// Servers that answered after all, later than anybody should have to wait.
fn late_answers(assessment: &Assessment<'_>, list: &mut List) {
    for observation in assessment.record.observations.iter().filter(|observation| view::is_of_a_target(observation)) {
        let (Fact::Stun(StunFact::Late { server, transport, after_ms, .. }), Some(uri)) =
            (&observation.fact, &observation.by.uri)
        else {
            continue;
        };
        let of = about().server(uri.to_string()).address(Endpoint::Socket(*server)).transport(*transport);
        let of = of.time(Tenths::of_milliseconds(*after_ms));
        list.add(Code::ServerAnswersLate, Severity::Warning, of, &[observation.id]);
    }
}

/// Odd answers of servers that answered properly, too: once for each server and kind.
fn odd_answers(assessment: &Assessment<'_>, list: &mut List) {
    let failed: BTreeSet<(&ServerUri, Option<SocketAddr>)> = assessment
        .servers
        .iter()
        .filter(|result| result.server.error.is_some())
        .map(|result| (&result.server.uri, result.server.address))
        .collect();
    let mut odd: BTreeMap<(Code, &ServerUri, SocketAddr), (Detail, Vec<ObservationId>)> = BTreeMap::new();
    for observation in assessment.record.observations.iter().filter(|observation| view::is_of_a_target(observation)) {
        let (Fact::Stun(StunFact::Anomalous { transport, server, anomaly, .. }), Some(uri)) =
            (&observation.fact, &observation.by.uri)
        else {
            continue;
        };
        if failed.contains(&(uri, Some(*server))) {
            continue;
        }
        let Some((code, said)) = meaning(anomaly) else { continue };
        let (_, evidence) = odd.entry((code, uri, *server)).or_insert_with(|| {
            let of = about().server(uri.to_string()).address(Endpoint::Socket(*server)).transport(*transport);
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

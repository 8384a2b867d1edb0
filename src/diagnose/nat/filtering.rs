//! Whose packets come in? (RFC 4787 §5, RFC 5780 §4.4)
//!
//! An answer from another endpoint than was asked proves that the filter lets it in. Silence proves a filter only
//! where three things stand beside it: the endpoint that should have answered is alive, the server does what
//! CHANGE-REQUEST asks, and so much was sent beside an answered control that loss cannot be the cause.

use super::{Possible, every_behaviour};
use crate::model::{
    Asked, Behaviour, Code, Fact, Family, Judged, ObservationId, Question, Record, StunFact, Tally, Transport,
};
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// What was seen of one server that was asked for answers from elsewhere.
#[derive(Default)]
struct AskedServer {
    /// The server's OTHER-ADDRESS (RFC 5780 §7.4).
    other: Option<SocketAddr>,
    /// Answers to fresh sockets, and where they came from.
    answers: Vec<(Asked, SocketAddr, SocketAddr, ObservationId)>,
    plain: Tally,
    port: Tally,
    address_and_port: Tally,
    tallies: Vec<ObservationId>,
    refused: bool,
    /// Whether it answered from where it was asked although it was told otherwise.
    ignores: bool,
    /// Answers to a socket that had already sent to the alternate address: they show that the server answers from there
    /// at all.
    honours: Vec<ObservationId>,
    does_not: Vec<ObservationId>,
}

/// What was seen of endpoints that no filter stands before, since we sent there first.
#[derive(Default)]
struct Controls {
    alive: BTreeMap<SocketAddr, ObservationId>,
    silent: BTreeSet<SocketAddr>,
    /// Which of our sockets had sent to which address, outside the filtering probe.
    sent_to: BTreeSet<(SocketAddr, IpAddr)>,
}

/// The behaviour, and those still possible; `mapping` says whether the control of CHANGE-REQUEST is conclusive.
pub(crate) fn judge(
    record: &Record,
    family: Family,
    mapping: Option<Behaviour>,
    why_not: Code,
) -> (Judged<Behaviour>, Possible) {
    let (mut servers, controls) = read(record, family);
    // Servers that are left out here answered the control alone, or nothing.
    servers.retain(|_, seen| seen.refused || seen.ignores || !seen.tallies.is_empty() || !seen.answers.is_empty());
    let mut possible = every_behaviour();
    let mut evidence = Vec::new();
    let mut undecided: Option<(Code, Vec<ObservationId>)> = None;
    let mut unusable = None;
    for (&server, seen) in &servers {
        let (left, judged) = judge_server(server, seen, &controls, mapping);
        match judged {
            Judged::NotTested { why } => {
                unusable.get_or_insert(why);
            }
            Judged::Known { evidence: shown, .. } => {
                let common: Possible = possible.intersection(&left).copied().collect();
                evidence.extend(shown);
                if common.is_empty() {
                    return (Judged::unclear(Code::ContradictoryAnswers, evidence), &possible | &left);
                }
                possible = common;
            }
            Judged::Unclear { why, evidence: shown } => {
                possible = possible.intersection(&left).copied().collect();
                undecided.get_or_insert((why, shown));
            }
        }
        if possible.is_empty() {
            return (Judged::unclear(Code::ContradictoryAnswers, evidence), every_behaviour());
        }
    }
    let judged = match (possible.first(), undecided) {
        (Some(only), _) if possible.len() == 1 && !evidence.is_empty() => Judged::known(*only, evidence),
        (_, Some((why, shown))) => Judged::unclear(why, shown),
        (_, None) => Judged::not_tested(unusable.unwrap_or(why_not)),
    };
    (judged, possible)
}

fn judge_server(
    asked: SocketAddr,
    seen: &AskedServer,
    controls: &Controls,
    mapping: Option<Behaviour>,
) -> (Possible, Judged<Behaviour>) {
    let unclear = |left: Possible, why| {
        let answers = seen.answers.iter().map(|(.., id)| id);
        (left, Judged::unclear(why, seen.tallies.iter().chain(answers).chain(&seen.does_not).copied().collect()))
    };
    if seen.ignores {
        return (every_behaviour(), Judged::not_tested(Code::ChangeRequestIgnored));
    }
    if seen.refused {
        return (every_behaviour(), Judged::not_tested(Code::ChangeRequestRefused));
    }
    let from_address = answers(seen, controls, |asked_for, from| {
        asked_for == Asked::ChangeAddressAndPort && from.ip() != asked.ip() && seen.other.is_none_or(|o| o == from)
    });
    if !from_address.is_empty() {
        return ([EndpointIndependent].into(), Judged::known(EndpointIndependent, from_address));
    }
    let from_port = answers(seen, controls, |asked_for, from| {
        let is_alternate = seen.other.is_none_or(|other| other.port() == from.port());
        asked_for == Asked::ChangePort && from.ip() == asked.ip() && from.port() != asked.port() && is_alternate
    });
    let not_strictest: Possible = [EndpointIndependent, AddressDependent].into();
    let left = if from_port.is_empty() { every_behaviour() } else { not_strictest };

    let Some(other) = seen.other else { return unclear(left, Code::NoOtherAddress) };
    let Some(&other_lives) = controls.alive.get(&other) else { return unclear(left, Code::OtherAddressSilent) };
    if mapping == Some(EndpointIndependent) && seen.honours.is_empty() && !seen.does_not.is_empty() {
        return unclear(left, Code::ControlFailed);
    }
    let mut evidence: Vec<_> = seen.tallies.iter().chain(&seen.honours).copied().collect();
    evidence.push(other_lives);
    if seen.plain.answered == 0 {
        return unclear(left, Code::ControlFailed);
    }
    if !seen.address_and_port.is_silence_beside(seen.plain) {
        return unclear(left, Code::TooMuchLoss);
    }
    if !from_port.is_empty() {
        evidence.extend(from_port);
        return ([AddressDependent].into(), Judged::known(AddressDependent, evidence));
    }
    // The alternate port of the same address is alive where it was seen to be, or where only its twin was asked.
    let other_port = SocketAddr::new(asked.ip(), other.port());
    let other_port_lives = controls.alive.get(&other_port).copied();
    let dependent: Possible = [AddressDependent, AddressAndPortDependent].into();
    if other_port_lives.is_none() && controls.silent.contains(&other_port) {
        return unclear(dependent, Code::OtherAddressSilent);
    }
    if !seen.port.is_silence_beside(seen.plain) {
        return unclear(dependent, Code::TooMuchLoss);
    }
    evidence.extend(other_port_lives);
    ([AddressAndPortDependent].into(), Judged::known(AddressAndPortDependent, evidence))
}

/// The answers that fit, to sockets that had not sent to where these came from, so that no filter was open for them.
fn answers(seen: &AskedServer, controls: &Controls, fits: impl Fn(Asked, SocketAddr) -> bool) -> Vec<ObservationId> {
    seen.answers
        .iter()
        .filter(|(asked, local, from, _)| {
            let opened_before =
                *asked == Asked::ChangeAddressAndPort && controls.sent_to.contains(&(*local, from.ip()));
            fits(*asked, *from) && !opened_before
        })
        .map(|(.., id)| *id)
        .collect()
}

fn read(record: &Record, family: Family) -> (BTreeMap<SocketAddr, AskedServer>, Controls) {
    let mut servers: BTreeMap<SocketAddr, AskedServer> = BTreeMap::new();
    let mut others: BTreeMap<SocketAddr, SocketAddr> = BTreeMap::new();
    let mut controls = Controls::default();
    for observation in &record.observations {
        let (id, question) = (observation.id, observation.by.question);
        let filtering = question == Question::Filtering;
        match observation.fact {
            Fact::Stun(StunFact::Mapped { transport: Transport::Udp, local, server, other, .. })
                if is_of(family, local) =>
            {
                controls.alive.entry(server).or_insert(id);
                if !filtering {
                    controls.sent_to.insert((local, server.ip()));
                }
                if let Some(other) = other {
                    others.entry(server).or_insert(other);
                }
            }
            Fact::Stun(StunFact::Silent { asked: Asked::Plain, transport: Transport::Udp, local, server, .. })
                if is_of(family, local) && !filtering =>
            {
                controls.silent.insert(server);
                controls.sent_to.insert((local, server.ip()));
            }
            Fact::Stun(StunFact::Silent { asked: Asked::ChangeAddressAndPort, local, server, .. })
                if is_of(family, local) && question == Question::Mapping =>
            {
                servers.entry(server).or_default().does_not.push(id);
            }
            Fact::Stun(StunFact::Answered { asked, local, server, from, .. })
                if is_of(family, local) && asked != Asked::Plain =>
            {
                let seen = servers.entry(server).or_default();
                if from == server {
                    seen.ignores = true;
                } else if filtering {
                    seen.answers.push((asked, local, from, id));
                } else if question == Question::Mapping && from.ip() != server.ip() {
                    seen.honours.push(id);
                }
            }
            Fact::Stun(StunFact::Refused { asked, local, server, .. })
                if is_of(family, local)
                    && asked != Asked::Plain
                    && matches!(question, Question::Filtering | Question::Mapping) =>
            {
                servers.entry(server).or_default().refused = true;
            }
            Fact::Stun(StunFact::Tallied { asked, local, server, tally, .. }) if is_of(family, local) && filtering => {
                let seen = servers.entry(server).or_default();
                let sum = match asked {
                    Asked::Plain => &mut seen.plain,
                    Asked::ChangePort => &mut seen.port,
                    Asked::ChangeAddressAndPort => &mut seen.address_and_port,
                    Asked::Rfc3489 => continue,
                };
                *sum = sum.and(tally);
                seen.tallies.push(id);
            }
            _ => {}
        }
    }
    for (server, seen) in &mut servers {
        seen.other = others.get(server).copied();
    }
    (servers, controls)
}

fn is_of(family: Family, local: SocketAddr) -> bool {
    Family::of(local.ip()) == family
}

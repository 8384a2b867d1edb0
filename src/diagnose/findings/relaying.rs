//! Findings about relays, and about calls that need one.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::relay::{Relay, Relays, State};
use crate::model::{
    CandidateType, Code, Count, Detail, Endpoint, Fact, Group, HostFact, Method, ObservationId, Path, RunFact, Scope,
    ServerUri, Severity, StunFact, Transport, TurnFact,
};
use std::collections::BTreeSet;
use std::net::SocketAddr;

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    let with_error = assessment.servers.iter().filter(|result| result.server.error.is_some());
    let failed: BTreeSet<(Option<&ServerUri>, Option<SocketAddr>)> =
        with_error.map(|result| (Some(&result.server.uri), result.server.address)).collect();
    let challenged = challenged(assessment);
    // Nobody was to try the relays of a call that a file tells of, and what came before it is not in it.
    let is_from_a_file = |fact: &Fact| matches!(fact, Fact::Run(RunFact::FromFile(_)));
    let is_from_a_file = assessment.record.observations.iter().any(|seen| is_from_a_file(&seen.fact));
    for relay in &assessment.allocations {
        let has_failed = failed.contains(&(relay.uri.as_ref(), Some(relay.server)));
        match relay.state {
            State::Proven => list.add(Code::RelayWorks, Severity::Info, about_relay(relay), &relay.evidence),
            State::Unproven if !has_failed && !is_from_a_file => {
                list.add(Code::RelayNotProven, Severity::Warning, about_relay(relay), &relay.evidence);
            }
            State::Carried
            | State::Unproven
            | State::Answering
            | State::Shut
            | State::Mute
            | State::Refusing
            | State::Broken => {}
        }
        if !challenged.contains(&(relay.server, relay.transport)) && !is_from_a_file {
            list.add(Code::RelayOpen, Severity::Warning, about_relay(relay), &relay.evidence);
        }
        let not_public = Scope::of(relay.relayed.ip()) < Scope::of(relay.server.ip());
        // Of a call that was, its pairs tell whether such an address kept the other end away.
        if not_public && !has_failed && !is_from_a_file {
            list.add(Code::RelayAddressNotPublic, Severity::Warning, about_relay(relay), &relay.evidence);
        }
    }
    only_over_tcp(assessment, list);
    few_at_once(assessment, list);
    refused_families(assessment, list);
    // What a call itself showed says nothing of the relays, and one that works is there though no pair through it did; a
    // configuration that is the reason has its own finding, and so has what a browser says of its servers.
    let is_of_a_server = |why: &Code| matches!(why, Code::RelayCredentialsRejected | Code::RelayQuotaReached);
    let is_told = |why: &Code| {
        matches!(why.group(), Group::Calls | Group::Configuration | Group::Browser)
            || is_from_a_file && is_of_a_server(why)
    };
    let is_told = assessment.verdict.because.iter().any(is_told);
    let has_one = matches!(assessment.relays, Relays::Work(_));
    // One that was there, and carried nothing, has a finding of its own.
    let is_relayed = |fact: &Fact| matches!(fact, Fact::Host(HostFact::Candidate(candidate)) if candidate.kind == CandidateType::Relay);
    let is_there = is_from_a_file && assessment.record.observations.iter().any(|seen| is_relayed(&seen.fact));
    if assessment.verdict.path.value() == Some(&Path::None) && !is_told && !has_one && !is_there {
        let is_none_named = assessment.verdict.because.contains(&Code::NoTurnNamed);
        let code = if is_none_named { Code::NoTurnNamed } else { Code::NoRelay };
        list.add(code, Severity::Critical, about(), assessment.verdict.path.evidence());
    }
    if assessment.verdict.path.why() == Some(Code::RelayNotTested) {
        list.add(Code::RelayNotTested, Severity::Warning, about(), assessment.verdict.path.evidence());
    }
}

fn about_relay(relay: &Relay) -> Detail {
    about()
        .server(relay.uri.as_ref().map(ServerUri::to_string).unwrap_or_default())
        .address(Endpoint::Socket(relay.server))
        .transport(relay.transport)
        .relayed(relay.relayed)
}

/// Who asked for credentials before an allocation was given.
fn challenged(assessment: &Assessment<'_>) -> BTreeSet<(SocketAddr, Transport)> {
    let by = |fact: &Fact| match fact {
        Fact::Turn(TurnFact::Challenged { server, transport, .. }) => Some((*server, *transport)),
        _ => None,
    };
    assessment.record.observations.iter().filter_map(|observation| by(&observation.fact)).collect()
}

/// What was refused of more allocations than one is a fact; it is a fault where not even the two of one call are to be had.
fn few_at_once(assessment: &Assessment<'_>, list: &mut List) {
    const ALLOCATION_QUOTA_REACHED: u16 = 486;
    const INSUFFICIENT_CAPACITY: u16 = 508;
    /// What two calls at once need whose ends are both relayed; who gives as many is not asked to give more.
    const ENOUGH: u32 = 4;

    for observation in &assessment.record.observations {
        let Fact::Turn(TurnFact::AllocatedSeveral { transport, server, granted, refused: Some(refused), .. }) =
            &observation.fact
        else {
            continue;
        };
        if *granted >= ENOUGH {
            continue;
        }
        let of = about()
            .server(observation.by.uri.as_ref().map(ServerUri::to_string))
            .address(Endpoint::Socket(*server))
            .transport(*transport)
            .code(*refused)
            .count(Count::Of((*granted).into()));
        let (code, severity) = match *refused {
            INSUFFICIENT_CAPACITY if *granted < 2 => (Code::RelayNoCapacity, Severity::Warning),
            INSUFFICIENT_CAPACITY => (Code::RelayNoCapacity, Severity::Info),
            ALLOCATION_QUOTA_REACHED => (Code::RelayFewAtOnce, Severity::Info),
            _ => continue,
        };
        list.add(code, severity, of, &[observation.id]);
    }
}

/// TCP on the first leg makes a lost packet delay all that follow it.
fn only_over_tcp(assessment: &Assessment<'_>, list: &mut List) {
    // One over UDP that may be well is not denied, nor one that carried a call of this machine with itself.
    let has_carried = |relay: &Relay| {
        assessment.own_calls.iter().any(|own| own.relay == relay.uri && own.timing_ms.first_media.is_some())
    };
    let works = |relay: &&Relay| relay.state != State::Broken || has_carried(relay);
    let Relays::Work(_) = assessment.relays else { return };
    let udp_was_wanted = assessment.record.targets.iter().any(|t| t.scheme.relays() && t.transport == Transport::Udp);
    let udp_works = assessment.allocations.iter().filter(works).any(|relay| relay.transport == Transport::Udp);
    if udp_was_wanted && !udp_works {
        let over_streams = assessment.allocations.iter().filter(works);
        let evidence: Vec<ObservationId> = over_streams.flat_map(|relay| relay.evidence.iter().copied()).collect();
        list.add(Code::RelayOnlyOverTcp, Severity::Warning, about(), &evidence);
    }
}

/// A server that relays one family and refuses the other (RFC 8656 §19, 440) is well; it is told all the same.
fn refused_families(assessment: &Assessment<'_>, list: &mut List) {
    const ADDRESS_FAMILY_NOT_SUPPORTED: u16 = 440;

    let relaying: BTreeSet<(SocketAddr, Transport)> =
        assessment.allocations.iter().map(|relay| (relay.server, relay.transport)).collect();
    for observation in &assessment.record.observations {
        let (Fact::Stun(StunFact::Refused { method: Method::Allocate, transport, server, code, .. }), Some(uri)) =
            (&observation.fact, &observation.by.uri)
        else {
            continue;
        };
        if *code == ADDRESS_FAMILY_NOT_SUPPORTED && relaying.contains(&(*server, *transport)) {
            let of =
                about().server(uri.to_string()).address(Endpoint::Socket(*server)).transport(*transport).code(*code);
            list.add(Code::RelayFamilyNotSupported, Severity::Info, of, &[observation.id]);
        }
    }
}

//! Which relay can carry two ends? (RFC 8656; RFC 8835 §3.4)
//!
//! One relay is enough where the other end's UDP gets to it: a check from there opens any NAT on its way. An end without
//! UDP, or one that comes from another address of a pool to each destination, is reached only through a relay of its own:
//! then relay talks to relay. Two allocations on one server are that server's own address to each other, which many an
//! operator denies as a peer (coturn: `denied-peer-ip`); the run of an end without UDP has tried just that.

use super::EndAssessment;
use super::route::has;
use crate::diagnose::path::Pooling;
use crate::diagnose::relay::{Relay, Relays, State};
use crate::diagnose::view::widest_scope;
use crate::model::{Code, Fact, Family, Method, ObservationId, Scope, StunFact, TurnFact};

/// How a call fares that needs a relay.
pub(crate) enum Relayed {
    Works(Vec<ObservationId>),
    /// Known to fail; the code says more than that no relay works.
    Fails(Option<Code>, Vec<ObservationId>),
    Unclear(Code, Vec<ObservationId>),
}

/// `comparable`: whether it can be seen that two relays are on one server.
pub(crate) fn between(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, comparable: bool) -> Relayed {
    let (a, b) = (usable(ours), usable(theirs));
    if let Some(evidence) = one(&a, ours, theirs).or_else(|| one(&b, theirs, ours)) {
        return Relayed::Works(evidence);
    }
    let (mut denied, mut untested) = (Vec::new(), Vec::new());
    for (first, second) in a.iter().flat_map(|first| b.iter().map(move |second| (*first, *second))) {
        let evidence = || [ours.place(&first.evidence), theirs.place(&second.evidence)].concat();
        let is_reachable = Family::of(first.relayed.ip()) == Family::of(second.relayed.ip());
        match (is_reachable, first.relayed.ip() == second.relayed.ip()) {
            (false, _) => {}
            (true, _) if !comparable => untested.extend(evidence()),
            (true, false) => return Relayed::Works(evidence()),
            (true, true) => match itself(ours, first).or_else(|| itself(theirs, second)) {
                Some((true, more)) => return Relayed::Works([evidence(), more].concat()),
                Some((false, more)) => denied.extend([evidence(), more].concat()),
                None => untested.extend(evidence()),
            },
        }
    }
    let wander = [ours, theirs].into_iter().any(|end| is_pooled(end, Family::Ipv4));
    if !untested.is_empty() {
        return Relayed::Unclear(Code::RelayToItselfNotTested, untested);
    }
    let sums = [(ours, &ours.assessment.relays), (theirs, &theirs.assessment.relays)];
    let evidence = || {
        let of = |(end, relays): &(&EndAssessment<'_>, &Relays)| match relays {
            Relays::Work(ids) | Relays::Unclear { evidence: ids, .. } | Relays::Fail(ids) => end.place(ids),
            Relays::NoneNamed | Relays::NotTested => Vec::new(),
        };
        sums.iter().flat_map(of).collect::<Vec<_>>()
    };
    let unclear = sums.iter().find_map(|(_, relays)| match relays {
        Relays::Unclear { why, .. } => Some(*why),
        _ => None,
    });
    if let Some(why) = unclear {
        return Relayed::Unclear(why, evidence());
    }
    if sums.iter().any(|(_, relays)| **relays == Relays::NotTested) {
        return Relayed::Unclear(Code::RelayNotTested, evidence());
    }
    if !denied.is_empty() {
        return Relayed::Fails(Some(Code::RelayDeniesItself), denied);
    }
    // A relay works at one end, and whether the other's UDP gets to it is not known.
    let is_open = |holder: &[&Relay], other: &EndAssessment<'_>| {
        holder
            .iter()
            .map(|relay| Family::of(relay.relayed.ip()))
            .any(|family| has(other, family) && !other.end_state(family).is_without_udp())
    };
    if is_open(&a, theirs) || is_open(&b, ours) {
        return Relayed::Unclear(if wander { Code::AddressPool } else { Code::EndsUnclear }, evidence());
    }
    let has_none = sums.iter().all(|(_, relays)| **relays == Relays::NoneNamed);
    Relayed::Fails(has_none.then_some(Code::NoTurnNamed), evidence())
}

/// The allocations that may relay, the proven and those over UDP first.
fn usable<'a>(end: &EndAssessment<'a>) -> Vec<&'a Relay> {
    let mut relays: Vec<&Relay> = end.assessment.allocations.iter().filter(|relay| relay.state.may_relay()).collect();
    relays.sort_by_key(|relay| (relay.state == State::Unproven, relay.transport as u8));
    relays
}

/// A relay of `holder` that the other's UDP gets to.
fn one(relays: &[&Relay], holder: &EndAssessment<'_>, other: &EndAssessment<'_>) -> Option<Vec<ObservationId>> {
    relays.iter().find_map(|relay| {
        let family = Family::of(relay.relayed.ip());
        let heard = other.udp_flows(family).filter(|_| !is_pooled(other, family))?;
        let is_outside = Scope::of(relay.relayed.ip()) >= widest_scope(other.assessment.record, family);
        is_outside.then(|| [holder.place(&relay.evidence), heard].concat())
    })
}

fn is_pooled(end: &EndAssessment<'_>, family: Family) -> bool {
    end.assessment.nat(family).is_some_and(|nat| nat.pooling == Pooling::Arbitrary || nat.pool.is_some())
}

/// Whether a server was seen to relay to its own address, or to refuse that.
fn itself(end: &EndAssessment<'_>, relay: &Relay) -> Option<(bool, Vec<ObservationId>)> {
    let own = relay.relayed.ip();
    let observations = &end.assessment.record.observations;
    let crossed = observations.iter().find(|observation| {
        matches!(observation.fact, Fact::Turn(TurnFact::Crossed { relayed, peer, .. }) if relayed.ip() == own && peer.ip() == own)
    });
    if let Some(crossed) = crossed {
        return Some((true, end.place(&[crossed.id])));
    }
    // Without UDP nothing but its own address was asked for.
    let only_itself = end.end_state(Family::of(own)).is_without_udp();
    let refused = observations.iter().find(|observation| {
        let refused = matches!(observation.fact,
            Fact::Stun(StunFact::Refused { method: Method::CreatePermission, server, .. }) if server == relay.server);
        refused && only_itself
    });
    refused.map(|refused| (false, end.place(&[refused.id])))
}

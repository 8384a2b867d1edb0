//! What stands between this machine and the internet in one address family? RFC 4787's behaviours, each with its
//! evidence, or with the reason why it is not known.
//!
//! Beside what the document says, the behaviours that are *still possible* are kept: where two servers at two
//! addresses saw two ports, the mapping is one of two, and for most peers both mean the same.

mod filtering;
mod mapping;
mod other;
mod ports;

pub(crate) use other::FlowEnded;
pub(crate) use ports::{FewPorts, Progression};

use super::legs;
use super::path::Pooling;
use super::view::{
    Hosts, ReflexiveObservation, ids, is_of_a_target, not_reached, reflexive, seen_elsewhere, through_nat64,
    widest_scope, without_outliers,
};
use crate::model::{
    Asked, Behaviour, Code, DnsFact, Fact, Failure, Family, HostFact, Judged, Nat, ObservationId, Question, Record,
    RunFact, Scope, StreamFact, StunFact, Tally, TurnFact, is_inner_to,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// The behaviours that the evidence leaves.
pub(crate) type Possible = BTreeSet<Behaviour>;

pub(crate) fn every_behaviour() -> Possible {
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
    [EndpointIndependent, AddressDependent, AddressAndPortDependent].into()
}

/// One family judged: what the document shows, and what other judgements need beside it.
#[derive(Debug)]
pub(crate) struct FamilyNat {
    pub nat: Nat,
    pub mapping: Possible,
    pub filtering: Possible,
    pub pooling: Pooling,
    /// Who saw us where, without the outliers.
    pub reflexive: Vec<ReflexiveObservation>,
    /// What hosts said with whom no other host agrees.
    pub outliers: BTreeMap<String, Vec<ReflexiveObservation>>,
    /// What servers saw in our place that is no address of ours: their word counts for nothing.
    pub not_ours: Vec<ReflexiveObservation>,
    /// More than one public address for one address of ours.
    pub pool: Option<Vec<ObservationId>>,
    /// The same, where each socket keeps its port: several lines.
    pub lines: Option<Vec<ObservationId>>,
    pub progression: Option<Progression>,
    pub few_ports: Option<FewPorts>,
    pub flow_ended: Option<FlowEnded>,
    /// How many plain requests to a living server were answered, each a sample of its own, and what shows it.
    pub loss: Tally,
    pub loss_evidence: Vec<ObservationId>,
}

impl FamilyNat {
    /// An answer of a server that saw this machine behind this address of the NAT.
    pub(crate) fn seen_behind(&self, public: IpAddr) -> Option<&ReflexiveObservation> {
        self.reflexive.iter().find(|seen| seen.mapped.ip() == public && seen.is_translated())
    }
}

/// Below it a voice call is not yet spoilt; and so few samples cannot tell smaller rates apart.
pub(crate) const LOSS_WORTH_TELLING: f64 = 0.1;
pub(crate) const LOST_AT_LEAST: u32 = 3;

impl FamilyNat {
    /// The share of plain requests that were not answered.
    pub(crate) fn loss_rate(&self) -> f64 {
        f64::from(self.loss.sent.saturating_sub(self.loss.answered)) / f64::from(self.loss.sent.max(1))
    }

    /// Whether what is lost of one size tells of the size: of what is lost more often than this, all four copies of a probe
    /// are lost once in a hundred times.
    pub(crate) fn tells_sizes(&self) -> bool {
        self.loss_rate() < 0.3
    }

    /// Whether so much is lost that no call lives on it: where half of the round trips fail, each way loses nearly a third,
    /// and no codec conceals that.
    pub(crate) fn is_too_lossy_for_calls(&self) -> bool {
        self.is_lossy() && self.loss_rate() >= 0.5
    }

    /// All that was sent over UDP and asked for an answer, and how much of it was answered.
    pub(crate) fn samples(&self) -> Tally {
        self.loss.and(answered(&self.reflexive))
    }

    /// Whether so much is lost that it is told.
    pub(crate) fn is_lossy(&self) -> bool {
        let lost = self.loss.sent.saturating_sub(self.loss.answered);
        lost >= LOST_AT_LEAST && self.loss_rate() >= LOSS_WORTH_TELLING
    }
}

/// None where this machine has no address of the family that leads out, and nothing was heard over it.
pub(crate) fn judge(record: &Record, family: Family) -> Option<FamilyNat> {
    if usable_address(record, family).is_none() && !was_heard(record, family) {
        return None;
    }
    let scope = widest_scope(record, family);
    let hosts = Hosts::of(record);
    let seen = reflexive(record, family, scope);
    let not_ours = not_ours(&seen, &hosts);
    let is_ours = |sighting: &ReflexiveObservation| !not_ours.iter().any(|other| other.id == sighting.id);
    let (reflexive, outliers) =
        without_outliers(seen.into_iter().filter(is_ours).collect(), &hosts, &seen_elsewhere(record, &hosts));
    let missing = |question, otherwise| match (reflexive.is_empty(), not_ours.is_empty()) {
        (true, false) => Code::MappedAddressNotPublic,
        _ => why_missing(record, family, &reflexive, question, otherwise),
    };

    let translated = translated(&reflexive, missing(Question::Mapping, Code::NoStunAnswer));
    let one_server = missing(Question::Mapping, Code::OneServerOnly);
    let (mut mapping, mut possible_mapping) = mapping::judge(&reflexive, &translated, one_server);
    let lines = ports::several_lines(&reflexive);
    if let (None, Some(evidence)) = (&lines, ports::two_views(&reflexive, &hosts)) {
        (mapping, possible_mapping) = (Judged::unclear(Code::ServersDisagree, evidence), every_behaviour());
    }
    if let (Some(_), Judged::Unclear { why: why @ Code::OnlyNotEndpointIndependent, .. }) = (&lines, &mut mapping) {
        *why = Code::SeveralLines;
    }
    let (loss, loss_evidence) = loss(record, family);
    let no_filter_test = missing(Question::Filtering, Code::NoOtherAddress);
    let (filtering, mut possible_filtering) =
        filtering::judge(record, family, mapping.value().copied(), no_filter_test);
    if mapping_varies(&possible_mapping) && filtering.value().is_none() {
        // "Varying mapping, open filter" is a NAT of theory (step 5 of path.rs): where the filter was not measured,
        // it is not what leaves the verdict open.
        possible_filtering.remove(&Behaviour::EndpointIndependent);
    }
    let nat = Nat {
        hairpinning: other::hairpinning(
            record,
            family,
            loss.and(answered(&reflexive)),
            unless_no_nat(&translated, |otherwise| missing(Question::Hairpinning, otherwise)),
        ),
        port_preservation: ports::preservation(&reflexive, &translated),
        public_addresses: public_addresses(&reflexive),
        mapping_lifetime_ms: other::lifetime(
            record,
            family,
            filtering.value().copied(),
            missing(Question::Lifetime, Code::NotAskedFor),
        ),
        mapping_gone_after_ms: None,
        path_mtu_bytes: other::path_mtu(record, family, missing(Question::PathMtu, Code::NotAskedFor)),
        translated,
        mapping,
        filtering,
    };
    let nat = Nat { mapping_gone_after_ms: other::gone_after(record, &nat.mapping_lifetime_ms), ..nat };
    Some(FamilyNat {
        nat,
        mapping: possible_mapping,
        filtering: possible_filtering,
        pooling: ports::pooling(&reflexive),
        pool: ports::pool(&reflexive),
        lines,
        progression: ports::progression(&reflexive),
        few_ports: ports::few_ports(&reflexive),
        flow_ended: other::flow_ended(record, family),
        reflexive,
        outliers,
        not_ours,
        loss,
        loss_evidence,
    })
}

/// Whether endpoint-independence is ruled out.
pub(crate) fn mapping_varies(possible: &Possible) -> bool {
    !possible.contains(&Behaviour::EndpointIndependent)
}

/// The observation of an interface that is up and has an address of `family` which can lead out. One of RFC 4193 does not,
/// where the system has no route to a public address: a router gives it out with no IPv6 behind it.
pub(crate) fn usable_address(record: &Record, family: Family) -> Option<ObservationId> {
    let goes_no_further = family == Family::Ipv6 && has_no_route(record);
    let leads_out = |address: IpAddr| match Scope::of(address) {
        Scope::Public => true,
        scope => scope.leads_out() && !goes_no_further,
    };
    record.observations.iter().find_map(|observation| match &observation.fact {
        Fact::Host(HostFact::Interface(interface)) if interface.up => interface
            .addresses
            .iter()
            .any(|a| Family::of(a.address) == family && !a.deprecated && leads_out(a.address))
            .then_some(observation.id),
        _ => None,
    })
}

/// Whether the system found no route to a public IPv6 address.
fn has_no_route(record: &Record) -> bool {
    record.observations.iter().any(|seen| {
        let is_public = |server: SocketAddr| server.is_ipv6() && Scope::of(server.ip()) == Scope::Public;
        let is_ours = seen.end.is_ours() && not_reached(&seen.fact) == Some(&Failure::NoRoute);
        is_ours && seen.fact.server().is_some_and(is_public)
    })
}

fn was_heard(record: &Record, family: Family) -> bool {
    record.observations.iter().any(|observation| {
        matches!(
            observation.fact,
            Fact::Stun(StunFact::Mapped { .. })
                | Fact::Stun(StunFact::Answered { .. })
                | Fact::Stun(StunFact::Refused { .. })
                | Fact::Stream(StreamFact::Connected { .. })
                | Fact::Turn(TurnFact::Challenged { .. })
                | Fact::Turn(TurnFact::Allocated { .. })
        ) && observation.fact.server().is_some_and(|server| Family::of(server.ip()) == family)
    })
}

fn translated(reflexive: &[ReflexiveObservation], why_not: Code) -> Judged<bool> {
    if reflexive.is_empty() {
        return Judged::not_tested(why_not);
    }
    let elsewhere: Vec<&ReflexiveObservation> = reflexive.iter().filter(|seen| seen.is_translated()).collect();
    if elsewhere.is_empty() { Judged::known(false, ids(reflexive)) } else { Judged::known(true, ids(elsewhere)) }
}

/// A server on the internet sees us at an address that is not on the internet, or at its own, which nobody else sees us
/// at: something at its side puts its own address into the place of its clients'.
fn not_ours(reflexive: &[ReflexiveObservation], hosts: &Hosts<'_>) -> Vec<ReflexiveObservation> {
    let is_seen_by_another = |seen: &ReflexiveObservation| {
        let host = hosts.name(seen.server.ip());
        reflexive.iter().any(|other| other.mapped.ip() == seen.mapped.ip() && hosts.name(other.server.ip()) != host)
    };
    let is_wrong = |seen: &&ReflexiveObservation| {
        let is_inner = is_inner_to(seen.mapped.ip(), seen.server.ip());
        let is_its_own = seen.mapped.ip() == seen.server.ip() && !is_seen_by_another(seen);
        seen.mapped.ip() != seen.local.ip() && (is_inner || is_its_own)
    };
    reflexive.iter().filter(is_wrong).copied().collect()
}

fn public_addresses(reflexive: &[ReflexiveObservation]) -> Vec<IpAddr> {
    let mut seen_once = BTreeSet::new();
    let addresses = reflexive.iter().map(|seen| seen.mapped.ip());
    addresses.filter(|address| seen_once.insert(*address)).collect()
}

fn loss(record: &Record, family: Family) -> (Tally, Vec<ObservationId>) {
    let delay = legs::longest_delay(record, family);
    let samples = record.observations.iter().filter_map(|observation| match observation.fact {
        // What was on its way for longer than the last copy was waited for is late, and not lost.
        Fact::Stun(StunFact::Tallied { asked: Asked::Plain, local, tally, waited_ms, .. })
            if Family::of(local.ip()) == family && delay.is_some_and(|delay| !legs::may_be_late(waited_ms, delay)) =>
        {
            Some((tally, observation.id))
        }
        _ => None,
    });
    let heard = samples.filter(|(tally, _)| tally.answered > 0);
    heard.fold((Tally::default(), Vec::new()), |(sum, mut evidence), (tally, id)| {
        evidence.push(id);
        (sum.and(tally), evidence)
    })
}

/// The sightings as samples of the same: a late answer counts the retransmissions before it as lost, which errs
/// towards doubt where silence is held against it.
fn answered(reflexive: &[ReflexiveObservation]) -> Tally {
    reflexive.iter().fold(Tally::default(), |sum, seen| sum.and(Tally { sent: seen.sent.max(1), answered: 1 }))
}

/// Where nothing translates, the question has no object.
fn unless_no_nat(translated: &Judged<bool>, why: impl FnOnce(Code) -> Code) -> Code {
    if translated.value() == Some(&false) { Code::NoNat } else { why(Code::NotAskedFor) }
}

/// Why there is nothing to judge `question` by.
fn why_missing(
    record: &Record,
    family: Family,
    reflexive: &[ReflexiveObservation],
    question: Question,
    otherwise: Code,
) -> Code {
    let ended = record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Run(RunFact::Interrupted) => Some(Code::Interrupted),
        Fact::Run(RunFact::OutOfTime) => Some(Code::OutOfTime),
        _ => None,
    });
    if reflexive.is_empty() {
        return nothing_seen(record, family, ended);
    }
    let skipped = record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Run(RunFact::Skipped { why }) if observation.by.question == question => {
            let literal = observation.by.uri.as_ref().and_then(|uri| uri.target()?.literal());
            literal.is_none_or(|address| Family::of(address) == family).then_some(why)
        }
        _ => None,
    });
    skipped.or(ended).unwrap_or(otherwise)
}

/// Why no server of a family was asked, on a machine that has an address of it.
fn why_no_server(record: &Record) -> Code {
    let any = |is_so: fn(&Fact) -> bool| record.observations.iter().any(|observation| is_so(&observation.fact));
    if record.targets.is_empty() {
        Code::NoServer
    } else if any(|fact| matches!(fact, Fact::Dns(DnsFact::Unresolved { .. })))
        && !any(|fact| matches!(fact, Fact::Dns(DnsFact::Located { .. })))
    {
        Code::NameUnresolved
    } else {
        Code::NoServerOfFamily
    }
}

fn nothing_seen(record: &Record, family: Family, ended: Option<Code>) -> Code {
    let mut of_family = record
        .observations
        .iter()
        .filter(|observation| is_of_a_target(observation))
        .filter(|observation| observation.fact.server().is_some_and(|server| Family::of(server.ip()) == family))
        .peekable();
    if of_family.peek().is_none() {
        return ended.unwrap_or_else(|| why_no_server(record));
    }
    if !through_nat64(record).is_empty() {
        return Code::Nat64InUse;
    }
    match ended {
        Some(ended)
            if !of_family.any(|observation| matches!(observation.fact, Fact::Stun(StunFact::Silent { .. }))) =>
        {
            ended
        }
        _ => Code::NoStunAnswer,
    }
}

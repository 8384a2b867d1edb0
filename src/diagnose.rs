//! What does a record mean? Facts in, meaning out: pure, and without a word for people (the catalogue has those).
//!
//! | file | answers |
//! |---|---|
//! | reach | does UDP get through, or is a server, a name or IPv6 at fault? |
//! | nat | which behaviours of RFC 4787 stand between here and the internet? |
//! | carrier | is there another NAT above? |
//! | naming | is the name server at fault, rather than a name? |
//! | servers, turn | how did each server fare, and what does its error mean? |
//! | hops | what never came as far as a router on the way? |
//! | incoming | does this machine throw away what comes in? |
//! | proxied | what did the proxy lead to? |
//! | legs | which bytes that did not cross a relay tell nothing of it? |
//! | relay | is there a relay that works? |
//! | path | do two ends reach each other without one? |
//! | families | whom does a machine without IPv4 reach? |
//! | verdict | direct, relayed or not at all, with whom, and why? |
//! | call | how did the call come out? |
//! | findings | what is worth telling, how grave is it, and what does it rest on? |
//! | causes | which findings are consequences of one cause? |
//! | claims | what does a finding's text claim to have been seen? |
//! | diff | what is different between two runs, and what explains it? |
//! | saved | what does a file of a call tell that nobody asked about? |
//! | meeting | where two ends' records are here: what do they mean together? |
//!
//! A record of two ends is judged as one of ours alone is, the peer's in the same way, and then the two together: what is
//! said of the network, the servers and the candidates is always of ours.
//!
//! Any record will do: of a run that was interrupted, of one without a network, of one that another program wrote.

mod astray;
mod call;
mod carrier;
mod causes;
pub mod claims;
mod diff;
mod echoes;
mod families;
mod findings;
mod hops;
mod incoming;
mod layer;
mod legs;
mod meeting;
mod naming;
mod nat;
mod pace;
pub mod path;
mod portal;
mod proxied;
mod reach;
mod relay;
mod saved;
mod servers;
#[cfg(test)]
mod tests;
mod turn;
mod upkeep;
mod verdict;
mod view;

use crate::model::{
    Behaviour, Call, CallTiming, Candidate, CandidateType, Code, Diagnosis, End, Fact, Failure, Family, HostFact,
    Millis, NatByFamily, ObservationId, Question, Record, RunFact, SCHEMA, ServerError, Step, Tally, Tool, Transport,
    Verdict,
};
use call::failing::{self, RuledOut};
use causes::HoldingCause;
pub use causes::{Bearing, KnownCause, known_causes};
pub use diff::diff;
pub use meeting::mirrored;
use meeting::{Ends, JointAssessment};
use nat::FamilyNat;
use reach::Udp;
use relay::{OwnPeer, Relay, Relays};
use saved::SavedCall;
use servers::{NameAnswers, ServerResult};
use std::collections::BTreeSet;
use std::net::IpAddr;
use verdict::{DeadlyCause, EndState, Side};

/// What the judgements came to: what the findings are made from.
struct Assessment<'a> {
    record: &'a Record,
    names: NameAnswers<'a>,
    ipv4: Option<FamilyNat>,
    ipv6: Option<FamilyNat>,
    udp_ipv4: Udp,
    udp_ipv6: Udp,
    servers: Vec<ServerResult<'a>>,
    allocations: Vec<Relay>,
    relays: Relays,
    /// The causes that hold.
    held: Vec<HoldingCause>,
    verdict: Verdict,
    call: Option<Call>,
    own_calls: Vec<Call>,
}

impl Assessment<'_> {
    fn nat(&self, family: Family) -> Option<&FamilyNat> {
        match family {
            Family::Ipv4 => self.ipv4.as_ref(),
            Family::Ipv6 => self.ipv6.as_ref(),
        }
    }

    fn udp(&self, family: Family) -> &Udp {
        match family {
            Family::Ipv4 => &self.udp_ipv4,
            Family::Ipv6 => &self.udp_ipv6,
        }
    }

    /// Whether a cause is among those that hold.
    fn holds(&self, cause: Code) -> bool {
        self.held.iter().any(|held| held.cause.code == cause)
    }

    /// The longest that this machine stood still, or did something late: what came late meanwhile, or went missing, nobody
    /// else delayed or took.
    fn longest_held_up(&self) -> Millis {
        let longest = self.record.observations.iter().filter_map(|seen| match seen.fact {
            Fact::Host(HostFact::HeldUp { longest_ms, .. }) if seen.end.is_ours() => Some(longest_ms),
            _ => None,
        });
        longest.fold(Millis::default(), |longest, other| if other.0 > longest.0 { other } else { longest })
    }

    /// The longest that a step took which is one round trip to the server of a call's relay, in milliseconds.
    fn longest_step(&self, call: &Call) -> f64 {
        let steps = [Step::Permission, Step::Channel, Step::Refresh, Step::Release];
        let own = self.servers.iter().filter(|result| call.relay.as_ref() == Some(&result.server.uri));
        let took = own.flat_map(|result| &result.server.stages).filter(|stage| steps.contains(&stage.name));
        took.filter_map(|stage| stage.ms).fold(0.0, |longest: f64, ms| longest.max(ms.0))
    }

    /// What became of single packets, as a control for silence through a relay.
    fn samples(&self) -> Tally {
        let families = [&self.ipv4, &self.ipv6].into_iter().flatten();
        families.fold(Tally::default(), |sum, nat| sum.and(nat.samples()))
    }

    fn fact(&self, id: ObservationId) -> Option<&Fact> {
        let place = usize::try_from(id.0).ok()?;
        self.record.observations.get(place).map(|observation| &observation.fact)
    }

    fn deciding_family(&self) -> Family {
        verdict::deciding_family(self.side(Family::Ipv4))
    }

    fn side(&self, family: Family) -> Side<'_> {
        Side { nat: self.nat(family), udp: self.udp(family) }
    }

    fn held_in(&self, family: Family) -> impl Iterator<Item = &HoldingCause> {
        self.held.iter().filter(move |held| held.claim.extent.family.is_none_or(|own| own == family))
    }

    /// What keeps the network behind it from being seen in one family.
    fn hidden_by(&self, family: Family) -> Option<&HoldingCause> {
        let hides = self.held_in(family).find(|held| held.cause.bearing == Bearing::Hides);
        hides.filter(|_| !matches!(self.udp(family), Udp::Flows(_)))
    }

    /// What this end is in one family, as far as that can be seen.
    fn end_state(&self, family: Family) -> EndState {
        match self.hidden_by(family) {
            Some(held) => EndState::Unknown { why: held.cause.code, evidence: held.claim.evidence.clone() },
            None => {
                let mut end_state = EndState::of(self.side(family), why_nothing_was_asked(self.record));
                if let Some(nat) = self.nat(family).filter(|nat| nat.is_too_lossy_for_calls()) {
                    end_state =
                        end_state.dying_of(DeadlyCause { of: Code::LossyPath, is_sure: false }, &nat.loss_evidence);
                }
                self.held_in(family).fold(end_state, |end_state, held| {
                    let (why, evidence) = (held.cause.code, &held.claim.evidence);
                    match held.cause.bearing {
                        Bearing::Dies => end_state
                            .dying_of(DeadlyCause { of: why, is_sure: held.claim.decides_the_path() }, evidence),
                        Bearing::MayNotReachPeers | Bearing::ReachesNoPeer | Bearing::CarriesNoCall => {
                            end_state.keeping_from_peers(why, held.claim.decides_the_path(), evidence)
                        }
                        Bearing::Hides | Bearing::NoUdp | Bearing::AsMeasured => end_state,
                    }
                })
            }
        }
    }
}

impl<'a> Assessment<'a> {
    /// One end by itself.
    fn of(record: &'a Record) -> Self {
        let udp_ipv4 = reach::udp(record, Family::Ipv4);
        let udp_ipv6 = reach::udp(record, Family::Ipv6);
        let ipv4 = nat::judge(record, Family::Ipv4);
        let ipv6 = nat::judge(record, Family::Ipv6);
        let names = NameAnswers::of(record);
        let nat = |family: Family| match family {
            Family::Ipv4 => ipv4.as_ref(),
            Family::Ipv6 => ipv6.as_ref(),
        };
        let samples = |family| nat(family).map(FamilyNat::samples).unwrap_or_default();
        let doubtful = legs::telling_nothing(record, samples);
        let mut servers = servers::judge(record, &names, ipv6.is_some(), &doubtful);
        // Our own second socket stands for the peer. Where the network shows each destination another address of a pool,
        // its bytes come to the relay from one that has no permission, and where it lets no UDP out they do not come at
        // all: that is nothing against the relay.
        let is_pooled = |nat: &Option<FamilyNat>| nat.as_ref().is_some_and(|nat| nat.pool.is_some());
        let (pooled_ipv4, pooled_ipv6) = (is_pooled(&ipv4), is_pooled(&ipv6));
        let is_no_witness = |family: Family| match family {
            Family::Ipv4 => pooled_ipv4 || udp_ipv4.absent().is_some(),
            Family::Ipv6 => pooled_ipv6 || udp_ipv6.absent().is_some(),
        };
        let public: Vec<IpAddr> =
            [&ipv4, &ipv6].into_iter().flatten().flat_map(|nat| nat.nat.public_addresses.iter().copied()).collect();
        let misled = relay::permitted_another(record, &public);
        for result in &mut servers {
            if result.server.address.is_some_and(|address| is_no_witness(Family::of(address.ip()))) {
                result.ignore_relay_in_loss();
            }
            result.pardon_lost_outward(record);
            let place = result.server.address.map(|address| (address, result.server.transport));
            if place.is_some_and(|place| misled.contains(&place)) {
                result.ignore_lost_peer();
            }
            let nat = result.server.address.and_then(|address| nat(Family::of(address.ip())));
            if nat.is_some_and(|nat| !nat.tells_sizes()) {
                result.ignore_large_loss();
            }
        }
        let mut allocations = relay::allocations(record, &misled, &doubtful, |family| {
            let (udp, is_pooled) = match family {
                Family::Ipv4 => (&udp_ipv4, pooled_ipv4),
                Family::Ipv6 => (&udp_ipv6, pooled_ipv6),
            };
            let open = Behaviour::EndpointIndependent;
            OwnPeer {
                is_heard: matches!(udp, Udp::Flows(_)) && !is_pooled,
                opens_by_sending: nat(family).is_some_and(|nat| !nat.filtering.contains(&open)),
                hears_relays: relay::hears_any(record, family),
            }
        });
        let (call, own_calls) = (call::with_peer(record), call::with_oneself(record));
        relay::note_carried(&mut allocations, &own_calls);
        let relays = if record.names_no_turn() {
            Relays::NoneNamed
        } else {
            relay::sum_up(&allocations, servers::relay_failures(&servers))
        };
        // Where none works without the proxy, a call takes one through it.
        let through_the_proxy = proxied::relays(record);
        let relays = match relays {
            Relays::Work(evidence) => Relays::Work(evidence),
            _ if !through_the_proxy.is_empty() => Relays::Work(through_the_proxy),
            relays => relays,
        };
        let (held, verdict) = (Vec::new(), Verdict::not_judged());
        let mut assessment = Self {
            record,
            names,
            ipv4,
            ipv6,
            udp_ipv4,
            udp_ipv6,
            servers,
            allocations,
            relays,
            held,
            verdict,
            call,
            own_calls,
        };
        causes::hold(&mut assessment);
        assessment.leave_out_relays_that_carry_no_call();
        assessment.verdict = verdict::judge(&assessment);
        assessment
    }

    /// Where it is known that no call gets through over UDP, none does to a relay either.
    fn leave_out_relays_that_carry_no_call(&mut self) {
        let limit = self.held.iter().map(|held| (held.cause.bearing, &held.claim));
        let mut limit = limit.filter(|(bearing, claim)| *bearing == Bearing::CarriesNoCall && claim.decides_the_path());
        let Some((_, claim)) = limit.next() else { return };
        let is_limited = |relay: &&Relay| {
            let is_of_family = claim.extent.family.is_none_or(|family| Family::of(relay.server.ip()) == family);
            relay.transport == Transport::Udp && is_of_family
        };
        let (limited, others): (Vec<&Relay>, Vec<&Relay>) = self.allocations.iter().partition(is_limited);
        let others: Vec<Relay> = others.into_iter().cloned().collect();
        let is_through_the_proxy = !proxied::relays(self.record).is_empty();
        if !limited.is_empty() && !is_through_the_proxy {
            let failures = claim.evidence.iter().copied().chain(servers::relay_failures(&self.servers));
            self.relays = relay::sum_up(&others, failures.collect());
        }
    }
}

/// Judges a record. The words of the findings are left empty: the catalogue fills them in the reader's language.
pub fn diagnose(record: &Record) -> Diagnosis {
    let ends = Ends::of(record);
    let mut assessment = Assessment::of(&ends.ours);
    if let Some(call) = &mut assessment.call {
        upkeep::add(call, &ends.joined);
    }
    let joint = JointAssessment::of(&assessment, &ends);
    if let Some(joint) = &joint {
        joint.pass_judgement(&mut assessment.verdict);
        if let Some(call) = &mut assessment.call {
            call::dtls::complete(call, &joint.joined, End::Theirs);
            call::cut::complete(call, &joint.joined, End::Theirs);
            call::media::complete(call, &joint.joined, End::Theirs);
        }
    }
    let saved = SavedCall::of(&ends.joined);
    if let Some(saved) = &saved {
        saved.pass_judgement(&mut assessment.verdict);
    }
    if saved.as_ref().is_some_and(|saved| saved.shows_nothing().is_some()) {
        assessment.call = None;
    }
    let theirs = joint.as_ref().and_then(|joint| joint.peer.as_ref()?.call.as_ref());
    failing::judge_by_the_call(
        ruled_out(assessment.call.as_ref(), joint.as_ref()),
        joint.as_ref().and_then(JointAssessment::foreseen),
        assessment.call.as_ref(),
        theirs,
        joint.as_ref().is_some_and(JointAssessment::has_left),
        &mut assessment.verdict,
    );
    causes::name_roots(&assessment.held, &mut assessment.verdict);
    let findings = causes::fold(&assessment, findings::of(&assessment, joint.as_ref(), saved.as_ref()));

    if let Some(call) = assessment.call.as_mut().filter(|_| saved.as_ref().is_some_and(SavedCall::lacks_beginning)) {
        call.timing_ms = CallTiming::default();
    }
    let families = [&assessment.ipv4, &assessment.ipv6].into_iter().flatten();
    let not_ours: BTreeSet<IpAddr> =
        families.flat_map(|family| family.not_ours.iter().map(|seen| seen.mapped.ip())).collect();
    let nat =
        NatByFamily { ipv4: assessment.ipv4.map(|judged| judged.nat), ipv6: assessment.ipv6.map(|judged| judged.nat) };
    Diagnosis {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        nat_known_ms: nat_known_ms(&ends.ours, &nat),
        nat,
        verdict: assessment.verdict,
        candidates: candidates(&ends.ours, &not_ours),
        servers: assessment
            .servers
            .into_iter()
            .map(|result| call::staged(result.server, &assessment.own_calls))
            .collect(),
        pairs: joint.map_or_else(Vec::new, |joint| joint.pairs),
        call: assessment.call,
        own_calls: assessment.own_calls,
        peer: record.peer.clone(),
        findings,
        interrupted: was_interrupted(&ends.ours),
        redacted: record.redacted,
        took_ms: latest(ends.ours.observations.iter().map(|observation| observation.at_ms)).unwrap_or_default(),
        targets: record.targets.clone(),
        chosen_by_tool: record.chosen_by_tool,
        whole_list: record.whole_list,
        observations: ends.joined.observations.clone(),
    }
}

/// What rules a call out by what the two ends said or did not say to each other: their agents' credentials, or a description.
fn ruled_out(call: Option<&Call>, joint: Option<&JointAssessment>) -> Option<RuledOut> {
    let by_credentials = joint.and_then(|joint| joint.credential_faults().into_iter().next());
    let by_credentials = by_credentials.map(|fault| RuledOut { code: fault.code, evidence: fault.evidence });
    let by_description = || {
        let call = call?;
        Some(RuledOut { code: failing::why_impossible(call)?, evidence: call.evidence.clone() })
    };
    let without_description = || joint.and_then(JointAssessment::unusable_description);
    by_credentials.or_else(by_description).or_else(without_description)
}

/// What a failed connection means, for a server that is none of a record's.
pub fn told(failure: &Failure) -> ServerError {
    servers::errors::failure(failure)
}

fn was_interrupted(record: &Record) -> bool {
    record.interrupted
        || record.observations.iter().any(|observation| observation.fact == Fact::Run(RunFact::Interrupted))
}

/// Why no UDP was sent to any server, where none was.
fn why_nothing_was_asked(record: &Record) -> Code {
    let no_way_out = [Family::Ipv4, Family::Ipv6].iter().all(|family| nat::usable_address(record, *family).is_none());
    let looked = record.observations.iter().any(|observation| observation.by.question == Question::Host);
    let blind = Fact::Run(RunFact::Skipped { why: Code::NoSocket });
    if was_interrupted(record) {
        Code::Interrupted
    } else if record.observations.iter().any(|observation| matches!(observation.fact, Fact::Run(RunFact::FromFile(_))))
    {
        Code::SavedCall
    } else if record.observations.iter().any(|observation| observation.fact == blind) {
        Code::NoSocket
    } else if looked && no_way_out {
        Code::NoUsableInterface
    } else if record.targets.is_empty() {
        findings::of_no_source(record).unwrap_or(Code::NoServer)
    } else if let Some(fault) = naming::fault(record) {
        fault.code
    } else if !view::through_nat64(record).is_empty() {
        Code::Nat64InUse
    } else {
        Code::NoStunAnswer
    }
}

fn latest(times: impl Iterator<Item = Millis>) -> Option<Millis> {
    times.filter(|time| time.is_finite()).max()
}

/// When the last observation came that the mapping and the filtering of a family rest on.
fn nat_known_ms(record: &Record, nat: &NatByFamily) -> Option<Millis> {
    let at = |id: &ObservationId| {
        let place = usize::try_from(id.0).ok()?;
        record.observations.get(place).map(|observation| observation.at_ms)
    };
    let families = [&nat.ipv4, &nat.ipv6].into_iter().flatten();
    let evidence = families.flat_map(|nat| nat.mapping.evidence().iter().chain(nat.filtering.evidence()));
    latest(evidence.filter_map(at))
}

/// What an agent here would offer, without what a server took for an address of ours.
fn candidates(record: &Record, not_ours: &BTreeSet<IpAddr>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut seen_once = BTreeSet::new();
    for observation in &record.observations {
        if let Fact::Host(HostFact::Candidate(candidate)) = &observation.fact {
            if candidate.kind == CandidateType::Srflx && not_ours.contains(&candidate.address) {
                continue;
            }
            let key = (candidate.kind, candidate.protocol, candidate.address, candidate.port, candidate.related);
            if seen_once.insert((key, candidate.relay_protocol, candidate.priority)) {
                candidates.push(candidate.clone());
            }
        }
    }
    candidates
}

//! Will a call go directly, through a relay, or not at all; with whom; and what single change would make it direct?
//!
//! The path is judged with a typical home peer ([`PeerClass::EimApdf`]) over IPv4, which every peer is taken to have;
//! where this machine has no IPv4, over IPv6, and then for peers of either family (families.rs). What the NAT does is a set of behaviours
//! still possible: the predicate of path.rs is asked of each, and its answer is known where all agree.
//!
//! Three rules of prudence:
//! - A path is `relay` only where a relay was seen to work, and `none` only where every relay that was asked failed.
//!   Where a call needs a relay and none was tested, the path is unclear for that reason (`relay-not-tested`): the
//!   tool was not told what the application has. For a monitoring system this is "could not tell", not "critical".
//! - `direct_if` holds what the predicate says yes to after that one change at either end, and nothing else. What
//!   lies behind a firewall that takes no UDP cannot be seen, so there an endpoint-independent mapping is assumed
//!   (RFC 4787 REQ-1).
//! - A peer without UDP is taken to have a relay of its own over TCP or TLS: its relayed address is public, and any
//!   NAT lets us reach that. Where the relays that were named here fail, its relay is not taken to be a better one: a
//!   peer that is harder to reach never fares better than one that is easier.

use super::nat::FamilyNat;
use super::path::{EndBehaviour, HolePunching, Pooling, can_hole_punch};
use super::reach::Udp;
use super::relay::Relays;
use super::{Assessment, causes, families};
use crate::model::{
    Behaviour, Code, ConfigurationFact, Fact, Family, Forecast, Judged, ObservationId, Path, PeerClass, Record,
    Several, Verdict,
};

/// What is known of one family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    pub nat: Option<&'a FamilyNat>,
    pub udp: &'a Udp,
}

/// One end of a call in one family, as far as it is known.
#[derive(Clone, Debug)]
pub(crate) enum EndState {
    /// All that it may be.
    Ends {
        ends: Vec<EndBehaviour>,
        evidence: Vec<ObservationId>,
        why_open: Code,
        /// What a call dies of here on a pair whose checks pass.
        dies_of: Option<DeadlyCause>,
    },
    Unknown {
        why: Code,
        evidence: Vec<ObservationId>,
    },
}

/// What a call dies of on a pair that its checks chose, and whether it is known to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeadlyCause {
    pub of: Code,
    pub is_sure: bool,
}

/// Whether two ends reach each other without a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meeting {
    Direct,
    /// Their checks pass, so that they stay with the pair, and the call dies of this.
    Dies(Code),
    NotDirect,
    Unclear(Code),
}

/// The family in which calls are judged.
pub(crate) fn deciding_family(ipv4: Side<'_>) -> Family {
    if ipv4.nat.is_some() || *ipv4.udp != Udp::NotAsked { Family::Ipv4 } else { Family::Ipv6 }
}

/// The observation that an application here allows relayed candidates alone.
fn allows_relays_only(record: &Record) -> Option<ObservationId> {
    let allows = |fact: &Fact| matches!(fact, Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly));
    record.observations.iter().find(|seen| seen.end.is_ours() && allows(&seen.fact)).map(|seen| seen.id)
}

/// The observation by which an application here makes no call, whatever its network is: every browser throws away its
/// configuration, or it uses relayed candidates alone and has no TURN server to get one from (RFC 9429 §4.1.1).
fn makes_no_call(record: &Record) -> Option<(Code, ObservationId)> {
    record.observations.iter().filter(|seen| seen.end.is_ours()).find_map(|seen| {
        let Fact::Configuration(ConfigurationFact::FaultyConfiguration { fault, about, .. }) = &seen.fact else {
            return None;
        };
        let by_all = || about.browsers.as_ref().is_some_and(Several::is_several);
        let is_refused = Code::LEAVES_NO_CONNECTION.contains(fault) && by_all();
        (is_refused || *fault == Code::SourceRelayOnlyWithoutTurn).then_some((*fault, seen.id))
    })
}

/// What one end alone lets expect.
pub(crate) fn judge(assessment: &Assessment<'_>) -> Verdict {
    if let Some((why, seen)) = makes_no_call(assessment.record) {
        let path = || Judged::known(Path::None, vec![seen]);
        let forecast = PeerClass::ALL.map(|peer| Forecast { peer, path: path() });
        return Verdict {
            because: vec![why],
            path: path(),
            direct_if: Vec::new(),
            forecast: forecast.into(),
            predicted: None,
            tried: None,
        };
    }
    let (ipv4, ipv6) = (assessment.side(Family::Ipv4), assessment.side(Family::Ipv6));
    let family = deciding_family(ipv4);
    let family = if family == Family::Ipv4 || ipv6.nat.is_none() { Family::Ipv4 } else { Family::Ipv6 };
    let relays_only = allows_relays_only(assessment.record);
    let ours = match relays_only {
        Some(seen) => EndState::without_udp(&[seen], Code::SourceRelaysOnly),
        None => assessment.end_state(family),
    };
    let home = EndState::certain(EndBehaviour::of(PeerClass::EimApdf));
    let meeting = ours.meets(&home);
    let to_ipv4 = families::is_ipv6_alone(assessment).then(|| families::relays_to_ipv4(assessment));
    let path_to = |peer| {
        let path = ours.path_to(peer, &assessment.relays);
        to_ipv4.iter().fold(path, families::with_either)
    };
    let path = path_to(PeerClass::EimApdf);
    let forecast = PeerClass::ALL.map(|peer| Forecast { peer, path: path_to(peer) });
    let over_ipv6 = (family == Family::Ipv4).then(|| assessment.end_state(Family::Ipv6));
    let hangs_on_the_peer = to_ipv4.is_some() && meeting == Meeting::Direct;
    let mut because = match &to_ipv4 {
        Some(Relays::Work(_)) if hangs_on_the_peer => vec![Code::PeerFamilyDecides, Code::RelayTakesOver],
        Some(_) if hangs_on_the_peer => vec![Code::PeerFamilyDecides],
        _ => because(&meeting, &ours, assessment.side(family), family, &assessment.relays),
    };
    // The relays lead to peers with IPv6 alone: whether one takes over hangs on the peer as well.
    if path.why() == Some(Code::PeerFamilyDecides) && meeting == Meeting::NotDirect {
        because.retain(|code| *code != Code::RelayTakesOver);
        because.push(Code::PeerFamilyDecides);
    }
    Verdict {
        because,
        path,
        direct_if: match meeting {
            Meeting::Direct if hangs_on_the_peer => vec![Code::PeerIpv6],
            // No single change here makes it direct to peers with IPv4 alone; what an application does not allow is no change
            // of a network's.
            Meeting::NotDirect if to_ipv4.is_some() || relays_only.is_some() => Vec::new(),
            Meeting::NotDirect => direct_if(&ours, &home, &changes_at(assessment, family), over_ipv6.as_ref()),
            Meeting::Direct | Meeting::Dies(_) | Meeting::Unclear(_) => Vec::new(),
        },
        forecast: forecast.into(),
        predicted: None,
        tried: None,
    }
}

impl EndState {
    /// `nothing_asked` is why no UDP was sent at all, where none was.
    pub(crate) fn of(side: Side<'_>, nothing_asked: Code) -> Self {
        match (side.udp, side.nat) {
            (Udp::Flows(heard), Some(nat)) => {
                let (mapping, filtering) = (&nat.nat.mapping, &nat.nat.filtering);
                let behaviour = mapping.evidence().iter().chain(filtering.evidence());
                Self::Ends {
                    ends: ends_of(nat),
                    evidence: heard.first().into_iter().chain(behaviour).copied().collect(),
                    why_open: mapping.why().or(filtering.why()).unwrap_or(Code::ReverseStateDecides),
                    dies_of: None,
                }
            }
            (Udp::Blocked { by, evidence }, _) => Self::without_udp(evidence, by.code()),
            (Udp::Unanswered(evidence), _) => Self::without_udp(evidence, Code::ServerUdpSilent),
            (Udp::Unclear(evidence) | Udp::Flows(evidence), _) => {
                Self::Unknown { why: Code::UdpUnclear, evidence: evidence.clone() }
            }
            (Udp::NotAsked, _) => Self::Unknown { why: nothing_asked, evidence: Vec::new() },
        }
    }

    fn without_udp(evidence: &[ObservationId], why: Code) -> Self {
        Self::Ends { ends: vec![EndBehaviour::NoUdp], evidence: evidence.to_vec(), why_open: why, dies_of: None }
    }

    /// An end that is supposed.
    pub(crate) fn certain(end: EndBehaviour) -> Self {
        Self::Ends { ends: vec![end], evidence: Vec::new(), why_open: Code::ReverseStateDecides, dies_of: None }
    }

    /// The same end, where it may be that none of its packets gets to a peer, or is known.
    pub(crate) fn keeping_from_peers(self, why: Code, is_sure: bool, more: &[ObservationId]) -> Self {
        match self {
            Self::Ends { mut ends, mut evidence, dies_of, .. } => {
                if is_sure {
                    ends.clear();
                }
                ends.push(EndBehaviour::NoUdp);
                evidence.extend(more);
                Self::Ends { ends, evidence, why_open: why, dies_of }
            }
            unknown => unknown,
        }
    }

    /// The same end, where a call of its may die of this though the checks pass, or does.
    pub(crate) fn dying_of(self, death: DeadlyCause, more: &[ObservationId]) -> Self {
        match self {
            Self::Ends { ends, mut evidence, why_open, dies_of } => {
                evidence.extend(more);
                let is_first = dies_of.is_none_or(|known| death.is_sure && !known.is_sure);
                Self::Ends { ends, evidence, why_open, dies_of: if is_first { Some(death) } else { dies_of } }
            }
            unknown => unknown,
        }
    }

    /// What a call dies of here, or may die of.
    pub(crate) fn dies_of(&self) -> Option<DeadlyCause> {
        if let Self::Ends { dies_of, .. } = self { *dies_of } else { None }
    }

    /// What a call is known to die of here on every pair of ours without a relay.
    pub(crate) fn surely_dies_of(&self) -> Option<Code> {
        self.dies_of().filter(|death| death.is_sure && !self.is_without_udp()).map(|death| death.of)
    }

    pub(crate) fn evidence(&self) -> Vec<ObservationId> {
        match self {
            Self::Ends { evidence, .. } | Self::Unknown { evidence, .. } => evidence.clone(),
        }
    }

    /// Whether nothing but "no UDP" is possible.
    pub(crate) fn is_without_udp(&self) -> bool {
        matches!(self, Self::Ends { ends, .. } if ends.iter().all(|end| *end == EndBehaviour::NoUdp))
    }

    /// Why it has to do without UDP; None where it has it, or may have.
    pub(crate) fn why_without_udp(&self) -> Option<Code> {
        if let Self::Ends { why_open, .. } = self { self.is_without_udp().then_some(*why_open) } else { None }
    }

    /// What leaves it open how the end is, or whether a call lives there; None where nothing does.
    pub(crate) fn why_unclear(&self) -> Option<Code> {
        match self {
            Self::Ends { ends, why_open, dies_of, .. } => {
                dies_of.map(|death| death.of).or((ends.len() > 1).then_some(*why_open))
            }
            Self::Unknown { why, .. } => Some(*why),
        }
    }

    /// The same end after one change.
    pub(crate) fn changed(&self, change: fn(EndBehaviour) -> EndBehaviour) -> Self {
        match self.clone() {
            Self::Ends { ends, evidence, why_open, dies_of } => {
                Self::Ends { ends: ends.into_iter().map(change).collect(), evidence, why_open, dies_of }
            }
            unknown => unknown,
        }
    }

    /// Whether the two reach each other and a call between them lives; where it is unclear, what of ours leaves it so, else
    /// what of theirs does.
    pub(crate) fn meets(&self, theirs: &Self) -> Meeting {
        let surely = self.surely_dies_of().or(theirs.surely_dies_of());
        match (self.reaches(theirs), surely, self.dies_of().or(theirs.dies_of())) {
            (Meeting::Direct, Some(of), _) => Meeting::Dies(of),
            (Meeting::Direct, None, Some(death)) => Meeting::Unclear(death.of),
            (meeting, ..) => meeting,
        }
    }

    fn reaches(&self, theirs: &Self) -> Meeting {
        match (self, theirs) {
            (Self::Ends { ends, why_open, .. }, Self::Ends { ends: others, why_open: their_why, .. }) => {
                let is_all =
                    |wanted| ends.iter().all(|end| others.iter().all(|other| can_hole_punch(*end, *other) == wanted));
                if is_all(HolePunching::Yes) {
                    Meeting::Direct
                } else if is_all(HolePunching::No) {
                    Meeting::NotDirect
                } else {
                    let is_theirs = ends.len() == 1 && others.len() > 1;
                    Meeting::Unclear(if is_theirs { *their_why } else { *why_open })
                }
            }
            _ if self.is_without_udp() || theirs.is_without_udp() => Meeting::NotDirect,
            (Self::Unknown { why, .. }, _) | (_, Self::Unknown { why, .. }) => Meeting::Unclear(*why),
        }
    }

    fn path_to(&self, peer: PeerClass, relays: &Relays) -> Judged<Path> {
        let may_relay = matches!(relays, Relays::Work(_) | Relays::NotTested);
        let is_blocked = peer == PeerClass::UdpBlocked;
        if let (true, true, None) = (is_blocked && may_relay, self.sends_udp(), self.surely_dies_of()) {
            return Judged::known(Path::Relay, self.evidence());
        }
        // A peer without UDP has a relay of its own: whether we get to it is not known where nothing of our UDP is.
        if let (Self::Unknown { why, evidence }, Relays::Fail(_) | Relays::NoneNamed) = (self, relays) {
            return if evidence.is_empty() {
                Judged::not_tested(*why)
            } else {
                Judged::unclear(*why, evidence.clone())
            };
        }
        let meeting = self.meets(&Self::certain(EndBehaviour::of(peer)));
        // What goes from here to the peer's relay is as bare as what goes to the peer, and what goes to ours is not: which of
        // the two relays ICE takes is not known.
        if let (Meeting::NotDirect, true, Some(of)) = (&meeting, may_relay, self.surely_dies_of()) {
            return Judged::unclear(of, self.evidence());
        }
        match (meeting, relays) {
            (Meeting::Dies(_), _) => Judged::known(Path::None, self.evidence()),
            (Meeting::Direct, _) => Judged::known(Path::Direct, self.evidence()),
            (Meeting::Unclear(why), _) if self.evidence().is_empty() => Judged::not_tested(why),
            (Meeting::Unclear(why), _) => Judged::unclear(why, self.evidence()),
            (Meeting::NotDirect, Relays::Work(relay)) => Judged::known(Path::Relay, self.with(relay)),
            (Meeting::NotDirect, Relays::Unclear { why, evidence }) => Judged::unclear(*why, self.with(evidence)),
            (Meeting::NotDirect, Relays::Fail(relay)) => Judged::known(Path::None, self.with(relay)),
            (Meeting::NotDirect, Relays::NoneNamed) => Judged::known(Path::None, self.evidence()),
            (Meeting::NotDirect, Relays::NotTested) => Judged::unclear(Code::RelayNotTested, self.evidence()),
        }
    }

    fn sends_udp(&self) -> bool {
        matches!(self, Self::Ends { ends, .. } if ends.iter().all(|end| *end != EndBehaviour::NoUdp))
    }

    fn with(&self, more: &[ObservationId]) -> Vec<ObservationId> {
        let mut all = self.evidence();
        all.extend(more);
        all
    }
}

fn ends_of(nat: &FamilyNat) -> Vec<EndBehaviour> {
    let pairs =
        nat.mapping.iter().flat_map(|mapping| nat.filtering.iter().map(move |filtering| (*mapping, *filtering)));
    pairs.map(|(mapping, filtering)| EndBehaviour::Udp { mapping, filtering, pooling: nat.pooling }).collect()
}

fn because(meeting: &Meeting, ours: &EndState, side: Side<'_>, family: Family, relays: &Relays) -> Vec<Code> {
    let mut codes = Vec::new();
    match meeting {
        Meeting::Direct => {
            if family == Family::Ipv6 {
                codes.push(Code::Ipv6Direct);
            }
            let nat = side.nat.map(|nat| &nat.nat);
            let untranslated = nat.is_some_and(|nat| nat.translated.value() == Some(&false));
            codes.push(if untranslated { Code::NoTranslation } else { Code::BothEndpointIndependent });
            let filtering = nat.and_then(|nat| nat.filtering.value());
            if filtering.is_some_and(|filtering| *filtering != Behaviour::AddressAndPortDependent) {
                codes.push(Code::FilteringLetsPeerIn);
            }
        }
        Meeting::NotDirect => {
            codes.push(match ours.why_without_udp() {
                Some(why) => why,
                None if side.nat.is_some_and(|nat| nat.lines.is_some()) => Code::SeveralLines,
                None => Code::MappingVariesWithPeer,
            });
            codes.push(match relays {
                Relays::Work(_) => Code::RelayTakesOver,
                Relays::Unclear { why, .. } => *why,
                Relays::Fail(_) => Code::NoRelay,
                Relays::NoneNamed => Code::NoTurnNamed,
                Relays::NotTested => Code::RelayNotTested,
            });
        }
        Meeting::Dies(why) | Meeting::Unclear(why) => codes.push(*why),
    }
    codes
}

fn direct_if(ours: &EndState, theirs: &EndState, changes: &[WhatIf], over_ipv6: Option<&EndState>) -> Vec<Code> {
    if let EndState::Unknown { .. } = ours {
        return Vec::new();
    }
    let mut codes = Vec::new();
    for (code, change) in changes {
        let works = |ours: &EndState, theirs: &EndState| ours.meets(theirs) == Meeting::Direct;
        if works(&ours.changed(*change), theirs) || works(ours, &theirs.changed(*change)) {
            codes.push(*code);
        }
    }
    if over_ipv6.is_some_and(|ours| ours.meets(theirs) == Meeting::Direct) {
        codes.push(Code::UseIpv6);
    }
    codes
}

/// A change at one end, and what it makes of the end.
pub(crate) type WhatIf = (Code, fn(EndBehaviour) -> EndBehaviour);

/// What can be asked of this end in one family: each change under the code of whoever is to make it. A NAT that keeps the
/// port need not be told to, and where it may be the servers that take no UDP nobody is told to let it out.
pub(crate) fn changes_at(assessment: &Assessment<'_>, family: Family) -> Vec<WhatIf> {
    let Side { nat, udp } = assessment.side(family);
    let is_moot = |code: Code| match code {
        Code::UseEndpointIndependentMapping => nat.is_some_and(|nat| nat.lines.is_some()),
        Code::AllowOutboundUdp => matches!(udp, Udp::Unanswered(_)),
        _ => false,
    };
    let asked = CHANGES.into_iter().filter(|(code, _)| !is_moot(*code));
    asked.map(|(code, change)| (causes::asked_instead(assessment.held_in(family), code), change)).collect()
}

/// What can be changed at an end without IPv6.
const CHANGES: [WhatIf; 3] = [
    (Code::UseEndpointIndependentMapping, |end| match end {
        EndBehaviour::Udp { filtering, .. } => EndBehaviour::new(Behaviour::EndpointIndependent, filtering),
        EndBehaviour::NoUdp => EndBehaviour::NoUdp,
    }),
    (Code::UseAddressDependentFiltering, |end| match end {
        EndBehaviour::Udp { mapping, pooling, .. } => {
            EndBehaviour::Udp { mapping, filtering: Behaviour::AddressDependent, pooling }
        }
        EndBehaviour::NoUdp => EndBehaviour::NoUdp,
    }),
    (Code::AllowOutboundUdp, |end| match end {
        EndBehaviour::NoUdp => EndBehaviour::Udp {
            mapping: Behaviour::EndpointIndependent,
            filtering: Behaviour::AddressAndPortDependent,
            pooling: Pooling::Paired,
        },
        as_it_is => as_it_is,
    }),
];

//! What is dropped for what it looks like? (RFC 7983 §7)
//!
//! Between our own socket and a relay, or a server of ours that sends back what comes, datagrams of several classes cross the
//! same way, one beside the other. What is lost of
//! one class, while another crossed before and after it, is lost neither because the way is shut, nor because it is much, nor
//! because its flow has died. A class that crossed once in a direction refutes all that was lost of it in that one, and what
//! chance may have taken, on a line that loses so many packets, is no loss.

use super::{LostOnTheWay, Trial, is_own, operator};
use crate::diagnose::Assessment;
use crate::diagnose::call::chance;
use crate::diagnose::echoes::{self, EchoSeen, EchoWay};
use crate::model::{DatagramClass, Fact, Family, Leg, ObservationId, Record, TurnFact};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// What a firewall may take a datagram for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LooksLike {
    /// A connectivity check (RFC 8445 §7.1).
    Check,
    /// The ClientHello with which the keys of a call begin, of whatever size.
    Hello,
    /// One that is as large as a packet of video.
    LargeHello,
    /// Media.
    Rtp,
    /// None of those.
    Unassigned,
}

impl LooksLike {
    fn of(class: Option<DatagramClass>, is_large: bool) -> Self {
        match (class, is_large) {
            (None, _) => Self::Rtp,
            (Some(DatagramClass::Stun | DatagramClass::Check), _) => Self::Check,
            (Some(DatagramClass::Dtls), false) => Self::Hello,
            (Some(DatagramClass::Dtls), true) => Self::LargeHello,
            (Some(DatagramClass::Unassigned), _) => Self::Unassigned,
        }
    }
}

/// How a bare datagram crosses the edge of this network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum EdgeWay {
    Outwards,
    Inwards,
}

/// Who saw the control that stands beside a loss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SeenBy {
    /// A router before the server.
    Router,
    /// A server, or a relay, of this operator.
    Operator(String),
}

struct Loss {
    direction: EdgeWay,
    seen_by: SeenBy,
    heard_by: Option<IpAddr>,
    has_left: bool,
    evidence: Vec<ObservationId>,
}

/// What became of one class on one leg between our own socket and a relay, or a server of ours.
struct Crossed {
    id: ObservationId,
    sight: LooksLike,
    is_large: bool,
    leg: Leg,
    server: SocketAddr,
    relayed: SocketAddr,
    /// How many copies of it were lost; None where one crossed.
    lost: Option<u32>,
}

impl Crossed {
    fn read(assessment: &Assessment<'_>, id: ObservationId, fact: &TurnFact) -> Option<Self> {
        let (sight, bytes, leg, server, relayed, lost) = match fact {
            TurnFact::Crossed { class, bytes, leg, server, relayed, peer, .. } if is_own(assessment, *peer) => {
                (class, bytes, leg, server, relayed, None)
            }
            TurnFact::NotCrossed { class, bytes, leg, server, relayed, sent, spoken: false, failure: None, .. } => {
                (class, bytes, leg, server, relayed, Some(*sent))
            }
            _ => return None,
        };
        let is_large = bytes.is_some();
        let sight = LooksLike::of(*sight, is_large);
        Some(Self { id, sight, is_large, leg: *leg, server: *server, relayed: *relayed, lost })
    }

    /// To a server of ours a datagram goes out as one to a relay does that is to come in there.
    fn echoed(echo: EchoSeen) -> Self {
        let EchoSeen { id, class, is_large, way, server, lost } = echo;
        let leg = if way == EchoWay::There { Leg::In } else { Leg::Out };
        Self { id, sight: LooksLike::of(class, is_large), is_large, leg, server, relayed: server, lost }
    }

    fn all(assessment: &Assessment<'_>, family: Family) -> Vec<Self> {
        let ours = assessment.record.observations.iter().filter(|seen| seen.end.is_ours());
        let read = ours.filter_map(|seen| match &seen.fact {
            Fact::Turn(fact) => Self::read(assessment, seen.id, fact),
            _ => None,
        });
        let relayed = read.filter(|crossed| Family::of(crossed.relayed.ip()) == family);
        relayed.chain(echoes::seen(assessment.record, family).into_iter().map(Self::echoed)).collect()
    }

    /// Seen from the relay's client: what goes in comes out of this network.
    fn direction(&self) -> EdgeWay {
        if self.leg == Leg::In { EdgeWay::Outwards } else { EdgeWay::Inwards }
    }

    /// Whether it may stand as the control of what was lost: it differs in what it looks like, and is not smaller where the
    /// size may be why.
    fn is_beside(&self, lost: &Self, size_may_matter: bool) -> bool {
        let is_on_its_leg = (self.leg, self.relayed) == (lost.leg, lost.relayed);
        let is_hello = |sight: LooksLike| matches!(sight, LooksLike::Hello | LooksLike::LargeHello);
        let looks_otherwise = self.sight != lost.sight && !(is_hello(self.sight) && is_hello(lost.sight));
        self.lost.is_none() && is_on_its_leg && looks_otherwise && (self.is_large || !size_may_matter)
    }
}

/// What of this class was lost, where others came through.
pub(crate) fn lost_by_sight(assessment: &Assessment<'_>, family: Family, sight: LooksLike) -> Option<LostOnTheWay> {
    let (mut losses, mut passed) = (Vec::new(), BTreeSet::new());
    if sight == LooksLike::Hello {
        before_routers(assessment, family, &mut losses, &mut passed);
    }
    at_relays(assessment, family, sight, &mut losses, &mut passed);
    losses.retain(|loss| !passed.contains(&loss.direction));
    together(losses)
}

/// Whether a ClientHello came through both ways.
pub(crate) fn passes_by_sight(assessment: &Assessment<'_>) -> bool {
    [Family::Ipv4, Family::Ipv6].into_iter().any(|family| {
        let mut passed = BTreeSet::new();
        at_relays(assessment, family, LooksLike::Hello, &mut Vec::new(), &mut passed);
        passed.len() > 1
    })
}

/// The ClientHellos of which routers never said that they came as far as requests did.
fn before_routers(assessment: &Assessment<'_>, family: Family, losses: &mut Vec<Loss>, passed: &mut BTreeSet<EdgeWay>) {
    let trials = Trial::all(assessment.record, family);
    let is_of_class = |trial: &&Trial| trial.class == DatagramClass::Dtls;
    if trials.iter().filter(is_of_class).any(Trial::has_passed) {
        passed.insert(EdgeWay::Outwards);
    }
    for control in trials.iter().filter(|trial| trial.is_control()) {
        let beside = |hops: u8| {
            let same = trials.iter().filter(is_of_class).filter(|trial| trial.to == control.to);
            same.filter(move |trial| trial.hops == hops)
        };
        let is_lost = |trial: &&Trial| trial.is_lost() && !may_be_chance(assessment, family, trial.tally.sent);
        losses.extend(beside(control.hops).filter(is_lost).map(|lost| {
            let first = beside(1).next();
            Loss {
                direction: EdgeWay::Outwards,
                seen_by: seen_by(assessment.record, control),
                heard_by: control.by,
                has_left: first.is_some_and(|first| first.tally.answered > 0),
                evidence: [lost, control].into_iter().chain(first).map(|trial| trial.id).collect(),
            }
        }));
    }
}

/// The same of what went between our own socket and a relay.
fn at_relays(
    assessment: &Assessment<'_>,
    family: Family,
    sight: LooksLike,
    losses: &mut Vec<Loss>,
    passed: &mut BTreeSet<EdgeWay>,
) {
    let all = Crossed::all(assessment, family);
    let of_sight = || all.iter().filter(|crossed| crossed.sight == sight);
    passed.extend(of_sight().filter(|crossed| crossed.lost.is_none()).map(Crossed::direction));
    // A limit on bytes takes a ClientHello before a token: it is held to what is larger, but where not even a token crosses.
    let takes_no_token = |lost: &Crossed| {
        let tokens =
            all.iter().filter(|other| other.sight == LooksLike::Rtp && !other.is_large && other.lost.is_some());
        tokens.map(|token| (token.leg, token.relayed)).any(|way| way == (lost.leg, lost.relayed))
    };
    let is_lost = |crossed: &&Crossed| crossed.lost.is_some_and(|sent| !may_be_chance(assessment, family, sent));
    for lost in of_sight().filter(is_lost) {
        let size_may_matter = lost.is_large || sight == LooksLike::Hello && !takes_no_token(lost);
        let controls = all.iter().filter(|crossed| crossed.is_beside(lost, size_may_matter));
        let (before, after): (Vec<&Crossed>, Vec<&Crossed>) = controls.partition(|control| control.id < lost.id);
        if let (Some(before), Some(after)) = (before.first(), after.first()) {
            losses.push(Loss {
                direction: lost.direction(),
                seen_by: SeenBy::Operator(operator(assessment.record, lost.server.ip())),
                heard_by: None,
                has_left: false,
                evidence: vec![before.id, lost.id, after.id],
            });
        }
    }
}

/// Whether single packets are lost here so often that as many in a row may be.
fn may_be_chance(assessment: &Assessment<'_>, family: Family, sent: u32) -> bool {
    let lossy = assessment.nat(family).filter(|nat| nat.is_lossy());
    lossy.is_some_and(|nat| chance::loses_all_of(sent, nat.samples()))
}

fn together(losses: Vec<Loss>) -> Option<LostOnTheWay> {
    let mut witnesses: BTreeMap<EdgeWay, BTreeSet<&SeenBy>> = BTreeMap::new();
    for loss in &losses {
        witnesses.entry(loss.direction).or_default().insert(&loss.seen_by);
    }
    let is_before_servers =
        witnesses.values().any(|witnesses| witnesses.len() > 1 || witnesses.contains(&SeenBy::Router));
    (!losses.is_empty()).then(|| LostOnTheWay {
        heard_by: losses.iter().find_map(|loss| loss.heard_by),
        has_left: losses.iter().any(|loss| loss.has_left),
        is_before_servers,
        evidence: losses.into_iter().flat_map(|loss| loss.evidence).collect(),
    })
}

fn seen_by(record: &Record, control: &Trial) -> SeenBy {
    match control.by == Some(control.to.ip()) {
        true => SeenBy::Operator(operator(record, control.to.ip())),
        false => SeenBy::Router,
    }
}

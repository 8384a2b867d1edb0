//! Which datagrams never came as far as others that differ from them in one property?
//!
//! Two witnesses know of the way alone: the routers on it, and a relay that our own socket sends to and hears from. What that
//! socket and the relay say to each other is bare, whatever hides what we say to the relay.
//!
//! A claim needs its control, which differs in that property: every copy of it was heard of, the last of them after the last
//! copy of what was lost. One router that says less than it was asked, and nothing is concluded. What came through once in a
//! direction refutes all that was lost in it.

mod by_sight;

pub(crate) use by_sight::{LooksLike, lost_by_sight, passes_by_sight};

use super::Assessment;
use super::echoes;
use super::view::domain;
use crate::model::{
    DatagramClass, Fact, Family, HopFact, Leg, Observation, ObservationId, Record, ServerUri, Tally, TurnFact,
};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// What was lost on the way, wherever it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LostOnTheWay {
    /// The router, or the host asked, that the control came to; None where a relay's socket and ours heard it.
    pub heard_by: Option<IpAddr>,
    /// It came to the first router: this machine lets it out.
    pub has_left: bool,
    /// It is no server's own filter: a router spoke that stands before every server, or it is lost before two operators'.
    pub is_before_servers: bool,
    pub evidence: Vec<ObservationId>,
}

impl LostOnTheWay {
    /// What one filter drops, as each of several losses shows it.
    pub(crate) fn of_one_filter(losses: Vec<Self>) -> Self {
        Self {
            heard_by: losses.iter().find_map(|lost| lost.heard_by),
            has_left: losses.iter().any(|lost| lost.has_left),
            is_before_servers: losses.iter().any(|lost| lost.is_before_servers),
            evidence: losses.into_iter().flat_map(|lost| lost.evidence).collect(),
        }
    }
}

/// One trial, read.
#[derive(Clone, Copy)]
struct Trial {
    id: ObservationId,
    class: DatagramClass,
    to: SocketAddr,
    hops: u8,
    by: Option<IpAddr>,
    tally: Tally,
}

impl Trial {
    fn read(observation: &Observation) -> Option<Self> {
        let Fact::Hops(HopFact::Hopped { class, to, hops, by, tally, .. }) = observation.fact else { return None };
        observation.end.is_ours().then_some(Self { id: observation.id, class, to, hops, by, tally })
    }

    fn all(record: &Record, family: Family) -> Vec<Self> {
        let all = record.observations.iter().filter_map(Self::read);
        all.filter(|trial| Family::of(trial.to.ip()) == family).collect()
    }

    /// Sent before and after something else, and heard of each time.
    fn is_control(&self) -> bool {
        let is_whole = self.tally.answered == self.tally.sent;
        self.class == DatagramClass::Stun && self.by.is_some() && self.tally.sent > 1 && is_whole
    }

    fn is_lost(&self) -> bool {
        self.tally.answered == 0 && self.tally.sent >= HopFact::COPIES
    }

    /// It came past the first router.
    fn has_passed(&self) -> bool {
        self.hops > 1 && self.tally.answered > 0
    }
}

/// The requests to other ports of the control's server. Ways branch by port, and one branch may be of routers that say
/// nothing: one witness is none. It is known where they are lost on the ways to two servers, and what our own socket sends to
/// the high port of a relay is lost as well. What a server's own host says of its closed ports may be about its own filter:
/// that counts where two operators' hosts say it, or a router on the way to another.
pub(crate) fn lost_by_port(assessment: &Assessment<'_>, family: Family) -> Option<LostOnTheWay> {
    let trials = Trial::all(assessment.record, family);
    let to_high =
        || trials.iter().filter(|trial| trial.class == DatagramClass::Stun && trial.to.port() >= HopFact::HIGH_PORTS);
    let is_high = |relayed: &SocketAddr| Family::of(relayed.ip()) == family && relayed.port() >= HopFact::HIGH_PORTS;
    let mut at_relays = Vec::new();
    for seen in assessment.record.observations.iter().filter(|seen| seen.end.is_ours()) {
        match &seen.fact {
            Fact::Turn(TurnFact::Crossed { leg: Leg::In, relayed, peer, .. })
                if is_high(relayed) && is_own(assessment, *peer) =>
            {
                return None;
            }
            Fact::Turn(TurnFact::NotCrossed { leg: Leg::In, relayed, bytes: None, class: None, .. })
                if is_high(relayed) =>
            {
                at_relays.push(seen.id);
            }
            _ => {}
        }
    }
    if to_high().any(Trial::has_passed) || echoes::reaches_high_ports(assessment.record, family) {
        return None;
    }
    let lost_beside = |control: &&Trial| {
        let beside = to_high().filter(|trial| trial.to.ip() == control.to.ip());
        // A high port that was knocked at first has no control after its last copy.
        let beside = beside.filter(|trial| trial.hops == 1 || trial.tally.sent >= HopFact::COPIES);
        let (first, far): (Vec<&Trial>, Vec<&Trial>) = beside.partition(|trial| trial.hops == 1);
        (!far.is_empty() && far.iter().all(|trial| trial.is_lost())).then_some((first, far))
    };
    let controls = || trials.iter().filter(|trial| trial.is_control()).filter(|control| lost_beside(control).is_some());
    let said_by_hosts = controls().filter(|control| control.by == Some(control.to.ip()));
    let hosts: BTreeSet<String> = said_by_hosts.map(|control| operator(assessment.record, control.to.ip())).collect();
    let (mut ways, mut has_left, mut heard_by, mut evidence) = (BTreeSet::new(), false, None, Vec::new());
    let is_by_a_router = |control: &&Trial| control.by != Some(control.to.ip());
    let are_believed = hosts.len() > 1 || controls().any(|control| is_by_a_router(&control));
    for control in controls().filter(|control| is_by_a_router(control) || are_believed) {
        if let Some((first, far)) = lost_beside(&control) {
            ways.insert(control.to.ip());
            has_left |= first.iter().any(|trial| trial.tally.answered > 0);
            heard_by = heard_by.or(control.by);
            evidence.extend(far.iter().chain(&first).map(|trial| trial.id).chain([control.id]));
        }
    }
    let witnesses = ways.len() + usize::from(!at_relays.is_empty());
    let is_before_servers = ways.len() > 1 && !at_relays.is_empty();
    evidence.extend(at_relays);
    (!ways.is_empty() && witnesses > 1).then_some(LostOnTheWay { heard_by, has_left, is_before_servers, evidence })
}

/// Whether a host said itself that nobody listens on a high port of its own, or answered there: the whole way there, and back, is open.
pub(crate) fn reaches_high_ports(record: &Record, family: Family) -> bool {
    let is_of_the_host = |trial: &Trial| trial.to.port() >= HopFact::HIGH_PORTS && trial.by == Some(trial.to.ip());
    Trial::all(record, family).iter().any(is_of_the_host) || echoes::reaches_high_ports(record, family)
}

/// Whether a peer is our own socket, as others see it, and not another relay's.
fn is_own(assessment: &Assessment<'_>, peer: SocketAddr) -> bool {
    assessment.nat(Family::of(peer.ip())).is_some_and(|nat| nat.nat.public_addresses.contains(&peer.ip()))
}

/// Whose a server is, as far as its name tells.
pub(crate) fn operator(record: &Record, server: IpAddr) -> String {
    let of_server = record.observations.iter().filter(|seen| seen.fact.server().is_some_and(|it| it.ip() == server));
    let names = of_server.filter_map(|seen| seen.by.uri.as_ref().and_then(ServerUri::target));
    let name = names.filter(|target| target.literal().is_none()).map(|target| domain(&target.host).to_owned()).next();
    name.unwrap_or_else(|| server.to_string())
}

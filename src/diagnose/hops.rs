//! Which datagrams never came as far as others that differ from them in one property?
//!
//! Two witnesses know of the way alone: the routers on it, and a relay that our own socket sends to and hears from. What that
//! socket and the relay say to each other is bare, whatever hides what we say to the relay.
//!
//! A claim needs the control, a request to the server's own port: every copy of it was heard of, the last of them after the
//! last copy of what was lost. One router that says less than it was asked, and nothing is concluded.

use crate::model::{DatagramClass, Fact, Family, HopFact, Leg, Observation, ObservationId, Record, Tally, TurnFact};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// What was lost on the way, wherever it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LostOnTheWay {
    /// The router, or the host asked, that the control came to; None where a relay's socket and ours heard it.
    pub heard_by: Option<IpAddr>,
    /// It came to the first router: this machine lets it out.
    pub has_left: bool,
    /// A router spoke that stands before every server, or two servers did: it is no server's own filter.
    pub is_before_servers: bool,
    pub evidence: Vec<ObservationId>,
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

    /// Sent before and after something else, and heard of each time.
    fn is_control(&self) -> bool {
        self.class == DatagramClass::Stun && self.by.is_some() && self.tally.sent > 1 && self.is_whole()
    }

    fn is_whole(&self) -> bool {
        self.tally.answered == self.tally.sent
    }

    fn is_lost(&self) -> bool {
        /// One lost packet is never a finding.
        const COPIES: u32 = 3;
        self.tally.answered == 0 && self.tally.sent >= COPIES
    }
}

/// The ClientHellos to the control's own port that were lost.
pub(crate) fn lost_by_sight(record: &Record, family: Family) -> Option<LostOnTheWay> {
    lost(record, family, |control, trial| trial.class != control.class && trial.to == control.to)
}

/// The requests to other ports of the control's server: None where one of them was heard of.
pub(crate) fn lost_by_port(record: &Record, family: Family) -> Option<LostOnTheWay> {
    lost(record, family, |control, trial| {
        trial.class == control.class && trial.to.ip() == control.to.ip() && trial.to != control.to
    })
}

fn lost(record: &Record, family: Family, is_compared: impl Fn(&Trial, &Trial) -> bool) -> Option<LostOnTheWay> {
    let trials: Vec<Trial> = record.observations.iter().filter_map(Trial::read).collect();
    let of_family = |trial: &&Trial| Family::of(trial.to.ip()) == family;
    let controls: Vec<&Trial> = trials.iter().filter(of_family).filter(|trial| trial.is_control()).collect();
    let mut evidence = Vec::new();
    let (mut has_left, mut lost_to) = (false, BTreeSet::new());
    for control in &controls {
        let compared = || trials.iter().filter(|trial| is_compared(control, trial));
        let beside: Vec<&Trial> = compared().filter(|trial| trial.hops == control.hops).collect();
        if !beside.iter().all(|trial| trial.is_lost()) {
            return None;
        }
        let first: Vec<&Trial> = compared().filter(|trial| trial.hops == 1).collect();
        has_left |= first.iter().any(|trial| trial.tally.answered > 0);
        lost_to.extend(beside.iter().map(|trial| trial.to.ip()));
        evidence.extend(beside.iter().chain(&first).map(|trial| trial.id).chain([control.id]));
    }
    let heard_by = controls.first()?.by;
    let by_a_router = controls.iter().any(|control| control.by != Some(control.to.ip()));
    let is_before_servers = by_a_router || lost_to.len() > 1;
    (!lost_to.is_empty()).then_some(LostOnTheWay { heard_by, has_left, is_before_servers, evidence })
}

/// The ClientHellos that were lost between our own socket and a relay, in a direction in which large datagrams without a
/// class crossed beside them: what passes there passes whatever its size and however many there are.
pub(crate) fn lost_at_relays(record: &Record, family: Family) -> Option<LostOnTheWay> {
    let (mut lost, mut controls) = (BTreeMap::new(), BTreeMap::new());
    for observation in record.observations.iter().filter(|observation| observation.end.is_ours()) {
        let is_of_family = |relayed: &SocketAddr| Family::of(relayed.ip()) == family;
        match &observation.fact {
            Fact::Turn(TurnFact::Crossed { leg, relayed, class: Some(_), .. }) if is_of_family(relayed) => {
                // One that came through refutes it for its direction.
                lost.insert((*leg, None), (observation.id, relayed.ip()));
            }
            Fact::Turn(TurnFact::NotCrossed { leg, relayed, class: Some(_), .. }) if is_of_family(relayed) => {
                lost.insert((*leg, Some(*relayed)), (observation.id, relayed.ip()));
            }
            Fact::Turn(TurnFact::Crossed { leg, relayed, bytes: Some(_), .. }) => {
                controls.insert((*leg, *relayed), observation.id);
            }
            _ => {}
        }
    }
    let passes = |leg: &Leg| lost.contains_key(&(*leg, None));
    let held = lost.iter().filter_map(|((leg, relayed), (id, host))| {
        let control = controls.get(&(*leg, (*relayed)?)).filter(|_| !passes(leg))?;
        Some((*host, [*id, *control]))
    });
    let (hosts, evidence): (BTreeSet<IpAddr>, Vec<[ObservationId; 2]>) = held.unzip();
    (!hosts.is_empty()).then(|| LostOnTheWay {
        heard_by: None,
        has_left: false,
        is_before_servers: hosts.len() > 1,
        evidence: evidence.concat(),
    })
}

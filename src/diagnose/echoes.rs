//! What became of datagrams on the way to servers of ours, and on the way back?
//!
//! Such a server counts what comes: what it never counted was lost on the way there, and what it counted and nobody heard again
//! was lost on the way back. Where it did not say what came, only what was heard again tells.

use crate::model::{DatagramClass, EchoFact, Fact, Family, HopFact, Observation, ObservationId, Record, StunFact};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Which of the two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EchoWay {
    There,
    Back,
}

/// One kind of datagram on one way.
pub(crate) struct EchoSeen {
    pub id: ObservationId,
    pub class: Option<DatagramClass>,
    pub is_large: bool,
    pub way: EchoWay,
    pub server: SocketAddr,
    /// How many copies of it were lost; None where one came through.
    pub lost: Option<u32>,
}

fn facts(record: &Record, family: Family) -> impl Iterator<Item = (&Observation, &EchoFact)> {
    let ours = record.observations.iter().filter(|seen| seen.end.is_ours());
    let all = ours.filter_map(|seen| if let Fact::Echo(fact) = &seen.fact { Some((seen, fact)) } else { None });
    all.filter(move |(_, fact)| Family::of(fact.server().ip()) == family)
}

/// Whether this line takes so few packets that a lost one tells nothing of its kind: of what came back more than a third of the
/// copies had to be sent again, or most requests in quick succession were lost.
fn takes_few(record: &Record, family: Family) -> bool {
    /// At a higher pace than this a turn is quick (`pace.rs`).
    const QUICK_MS: u64 = 20;

    let copies = facts(record, family).filter_map(|(_, fact)| match fact {
        EchoFact::Echoed { sent, came_back: true, .. } => Some(*sent),
        _ => None,
    });
    let (trials, copies) = copies.fold((0, 0), |(trials, copies), sent| (trials + 1, copies + sent));
    let is_lost_quickly = record.observations.iter().any(|seen| match &seen.fact {
        Fact::Stun(StunFact::Paced { local, every_ms, requests, .. }) if Family::of(local.ip()) == family => {
            let answered = requests.iter().filter(|request| request.answered).count();
            *every_ms <= QUICK_MS && answered * 2 <= requests.len()
        }
        _ => false,
    });
    copies * 2 > trials * 3 || is_lost_quickly
}

/// All that is known of each way.
pub(crate) fn seen(record: &Record, family: Family) -> Vec<EchoSeen> {
    if takes_few(record, family) {
        return Vec::new();
    }
    let read = facts(record, family).flat_map(|(observation, fact)| {
        let EchoFact::Echoed { server, class, bytes, back_bytes, sent, came, came_back, .. } = fact else {
            return [None, None];
        };
        let on = |way, is_large, lost| {
            Some(EchoSeen { id: observation.id, class: *class, is_large, way, server: *server, lost })
        };
        let is_large = bytes.is_some();
        let is_large_back = is_large || back_bytes.is_some();
        match (came_back, came) {
            (true, _) => [on(EchoWay::There, is_large, None), on(EchoWay::Back, is_large_back, None)],
            (false, Some(0)) => [on(EchoWay::There, is_large, Some(*sent)), None],
            (false, Some(came)) => [on(EchoWay::There, is_large, None), on(EchoWay::Back, is_large_back, Some(*came))],
            (false, None) => [None, None],
        }
    });
    read.flatten().collect()
}

/// Where what is large was lost one way, each time it was tried, and what is small came through before and after it.
pub(crate) struct LargeLost {
    pub way: EchoWay,
    /// How many servers' ways show it.
    pub servers: usize,
    /// The fewest copies that were lost of one trial.
    pub copies: u32,
    pub evidence: Vec<ObservationId>,
}

/// Only what begins as RTP does is held to each other, so that nothing differs but the size.
pub(crate) fn large_lost(record: &Record, family: Family) -> Option<LargeLost> {
    let all: Vec<EchoSeen> = seen(record, family).into_iter().filter(|seen| seen.class.is_none()).collect();
    [EchoWay::Back, EchoWay::There].into_iter().find_map(|way| {
        let on_way = || all.iter().filter(|seen| seen.way == way);
        let large = || on_way().filter(|seen| seen.is_large);
        if large().any(|seen| seen.lost.is_none()) {
            return None;
        }
        let (mut servers, mut evidence) = (BTreeSet::new(), Vec::new());
        let mut copies = u32::MAX;
        for lost in large() {
            let small = on_way().filter(|seen| !seen.is_large && seen.server == lost.server && seen.lost.is_none());
            let (before, after): (Vec<&EchoSeen>, Vec<&EchoSeen>) = small.partition(|small| small.id < lost.id);
            if let (Some(before), Some(after)) = (before.first(), after.last()) {
                servers.insert(lost.server.ip());
                copies = copies.min(lost.lost.unwrap_or_default());
                evidence.extend([before.id, lost.id, after.id]);
            }
        }
        (!evidence.is_empty()).then_some(LargeLost { way, servers: servers.len(), copies, evidence })
    })
}

/// The high ports at which a server of ours listens and that nothing was heard of, where its own port answered before and after
/// them; with the fewest copies that went to one.
pub(crate) fn high_ports_lost(record: &Record, family: Family) -> Option<(u32, Vec<ObservationId>)> {
    if takes_few(record, family) {
        return None;
    }
    let mut by_host: BTreeMap<IpAddr, Vec<(ObservationId, u16, u32, bool)>> = BTreeMap::new();
    for (observation, fact) in facts(record, family) {
        if let EchoFact::EchoPort { server, tally, .. } = fact {
            let asked = (observation.id, server.port(), tally.sent, tally.answered > 0);
            by_host.entry(server.ip()).or_default().push(asked);
        }
    }
    let (mut evidence, mut copies) = (Vec::new(), u32::MAX);
    for asked in by_host.into_values() {
        let [first, .., last] = asked.as_slice() else { continue };
        let is_high = |port: u16| port >= HopFact::HIGH_PORTS;
        let is_control = first.1 == last.1 && first.3 && last.3 && !is_high(first.1);
        let high: Vec<_> = asked.iter().filter(|(_, port, ..)| is_high(*port)).collect();
        if high.iter().any(|(.., is_answered)| *is_answered) {
            return None;
        }
        if is_control && !high.is_empty() {
            copies = high.iter().map(|(_, _, sent, _)| *sent).fold(copies, u32::min);
            evidence.extend(high.iter().map(|(id, ..)| *id).chain([first.0, last.0]));
        }
    }
    (!evidence.is_empty()).then_some((copies, evidence))
}

/// Whether a server of ours answered at a high port: the whole way there, and back, is open.
pub(crate) fn reaches_high_ports(record: &Record, family: Family) -> bool {
    facts(record, family).any(|(_, fact)| match fact {
        EchoFact::EchoPort { server, tally, .. } => server.port() >= HopFact::HIGH_PORTS && tally.answered > 0,
        _ => false,
    })
}

//! Are requests lost because they come quickly one after another?
//!
//! The same requests went from one socket quickly and slowly, by turns. Of loss by chance it does not matter when a request
//! was sent: each order in which so many of them are lost is as likely as another ([`Tally::chance_of_more_lost`]). Where as
//! many losses or more among those that were sent quickly are less likely than [`DOUBT`], and most are lost in each quick
//! turn, it is a limit. The slow ones after each quick turn are the control: the flow has not died, and the
//! server lives.
//!
//! A server may limit its clients itself. Two operators' servers at once mean the way they share. Where slow ones were lost
//! as well, a line that loses in long bursts may show the same.

use super::Assessment;
use super::hops::operator;
use crate::model::{Fact, Family, Observation, ObservationId, PacedRequest, StunFact, Tally};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// How likely chance may be as the cause of what is called a limit. It is asked only where something was lost before.
const DOUBT: f64 = 1e-3;

/// At a higher pace than this a turn is quick: speech sends a packet every 20 ms, a picture more.
const QUICK_MS: u64 = 20;

/// That quick requests are lost and slow ones are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PacketLimit {
    /// Servers of several operators show it.
    pub is_before_servers: bool,
    /// None of the slow ones was lost; else a line that loses much may do the same, if hardly so evenly.
    pub spares_slow_ones: bool,
    /// What became of the quick ones.
    pub quick: Tally,
    pub evidence: Vec<ObservationId>,
}

struct Turn<'a> {
    id: ObservationId,
    is_quick: bool,
    requests: &'a [PacedRequest],
}

impl<'a> Turn<'a> {
    fn read(seen: &'a Observation, family: Family) -> Option<Self> {
        let Fact::Stun(StunFact::Paced { every_ms, requests, local, .. }) = &seen.fact else { return None };
        let is_ours = seen.end.is_ours() && Family::of(local.ip()) == family;
        is_ours.then_some(Self { id: seen.id, is_quick: *every_ms <= QUICK_MS, requests })
    }

    /// What became of those to these servers.
    fn tally(&self, servers: &BTreeSet<SocketAddr>) -> Tally {
        let asked = self.requests.iter().filter(|request| servers.contains(&request.server));
        Tally::of(asked.map(|request| request.answered))
    }
}

pub(crate) fn packet_limit(assessment: &Assessment<'_>, family: Family) -> Option<PacketLimit> {
    let turns = assessment.record.observations.iter().filter_map(|seen| Turn::read(seen, family));
    let turns: Vec<Turn<'_>> = turns.collect();
    let all = || turns.iter().flat_map(|turn| turn.requests.iter().map(move |request| (turn.is_quick, request)));
    let lost_slowly: BTreeSet<SocketAddr> =
        all().filter(|(is_quick, request)| !is_quick && !request.answered).map(|(_, request)| request.server).collect();
    let living = all().filter(|(is_quick, request)| !is_quick && request.answered).map(|(_, request)| request.server);
    let living: BTreeSet<SocketAddr> = living.collect();
    let spared: BTreeSet<SocketAddr> = living.difference(&lost_slowly).copied().collect();
    let spares_slow_ones = is_limited(&turns, &spared);
    let servers = if spares_slow_ones { spared } else { living };
    if !is_limited(&turns, &servers) {
        return None;
    }
    let alone = |server: &&SocketAddr| loses_most(&turns, &BTreeSet::from([**server]));
    let operators: BTreeSet<String> =
        servers.iter().filter(alone).map(|server| operator(assessment.record, server.ip())).collect();
    let quick = turns.iter().filter(|turn| turn.is_quick).map(|turn| turn.tally(&servers));
    Some(PacketLimit {
        is_before_servers: operators.len() > 1,
        spares_slow_ones,
        quick: quick.fold(Tally::default(), Tally::and),
        evidence: turns.iter().map(|turn| turn.id).collect(),
    })
}

/// Whether chance does not explain what these servers' answers show.
fn is_limited(turns: &[Turn<'_>], servers: &BTreeSet<SocketAddr>) -> bool {
    let of_pace = |is_quick: bool| {
        let turns = turns.iter().filter(|turn| turn.is_quick == is_quick).map(|turn| turn.tally(servers));
        turns.fold(Tally::default(), Tally::and)
    };
    let ends_slowly = turns.last().is_some_and(|turn| !turn.is_quick);
    let is_by_chance = of_pace(true).chance_of_more_lost(of_pace(false)).is_none_or(|chance| chance >= DOUBT);
    ends_slowly && loses_most(turns, servers) && !is_by_chance
}

/// Whether of each quick turn, of which there are several, no more than half was answered.
fn loses_most(turns: &[Turn<'_>], servers: &BTreeSet<SocketAddr>) -> bool {
    let quick: Vec<Tally> = turns.iter().filter(|turn| turn.is_quick).map(|turn| turn.tally(servers)).collect();
    quick.len() > 1 && quick.iter().all(|turn| turn.sent > 0 && turn.answered * 2 <= turn.sent)
}

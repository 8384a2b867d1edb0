//! Are requests lost because they come quickly one after another?
//!
//! The same requests went from one socket quickly and slowly, by turns. Of loss by chance it does not matter when a request
//! was sent: each order in which so many of them are lost is as likely as another. So it is counted how many of the orders
//! have as many losses or more among those that were sent quickly; where that is less likely than [`DOUBT`], and most are
//! lost in each quick turn, it is a limit. The slow ones after each quick turn are the control: the flow has not died, and the
//! server lives.
//!
//! A server may limit its clients itself. Two operators' servers at once mean the way they share.

use super::Assessment;
use super::hops::operator;
use crate::model::{Fact, Family, Observation, ObservationId, PacedRequest, StunFact, Tally};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// How likely chance may be as the cause of what is called a limit. It is asked only where something was lost before.
const DOUBT: f64 = 1e-3;

/// At a higher pace than this a turn is quick: speech sends a packet every 20 ms, a picture more.
const QUICK_MS: u64 = 20;

/// More than were ever sent in one run are not counted out.
const MOST: u32 = 1000;

/// That quick requests are lost and slow ones are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PacketLimit {
    /// Servers of several operators show it.
    pub is_before_servers: bool,
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
    // A server that lost a slow one as well shows loss, or nothing.
    let all = || turns.iter().flat_map(|turn| turn.requests.iter().map(move |request| (turn.is_quick, request)));
    let lost_slowly: BTreeSet<SocketAddr> =
        all().filter(|(is_quick, request)| !is_quick && !request.answered).map(|(_, request)| request.server).collect();
    let living = all().filter(|(is_quick, request)| !is_quick && request.answered).map(|(_, request)| request.server);
    let servers: BTreeSet<SocketAddr> = living.filter(|server| !lost_slowly.contains(server)).collect();
    if !is_limited(&turns, &servers) {
        return None;
    }
    let alone = |server: &&SocketAddr| loses_most(&turns, &BTreeSet::from([**server]));
    let operators: BTreeSet<String> =
        servers.iter().filter(alone).map(|server| operator(assessment.record, server.ip())).collect();
    let quick = turns.iter().filter(|turn| turn.is_quick).map(|turn| turn.tally(&servers));
    Some(PacketLimit {
        is_before_servers: operators.len() > 1,
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
    let (quick, slow) = (of_pace(true), of_pace(false));
    let is_of_one_run = quick.sent.saturating_add(slow.sent) <= MOST;
    ends_slowly && is_of_one_run && loses_most(turns, servers) && chance_of_more_lost(quick, slow) < DOUBT
}

/// Whether of each quick turn, of which there are several, no more than half was answered.
fn loses_most(turns: &[Turn<'_>], servers: &BTreeSet<SocketAddr>) -> bool {
    let quick: Vec<Tally> = turns.iter().filter(|turn| turn.is_quick).map(|turn| turn.tally(servers)).collect();
    quick.len() > 1 && quick.iter().all(|turn| turn.sent > 0 && turn.answered * 2 <= turn.sent)
}

/// How likely at least as many of the quick ones are lost as were, if those that are lost of both are drawn by chance
/// (Fisher's exact test, one-sided).
fn chance_of_more_lost(quick: Tally, slow: Tally) -> f64 {
    let (size, others) = (quick.sent, slow.sent);
    let lost_quickly = size.saturating_sub(quick.answered);
    let lost = lost_quickly + others.saturating_sub(slow.answered);
    let ways = |lost_here: u32| ln_choose(size, lost_here) + ln_choose(others, lost - lost_here);
    let all = ln_choose(size + others, lost);
    (lost_quickly..=lost.min(size)).filter(|here| lost - here <= others).map(|here| (ways(here) - all).exp()).sum()
}

/// The logarithm of the number of ways to choose so many of these.
fn ln_choose(of: u32, chosen: u32) -> f64 {
    (1..=chosen.min(of)).map(|step| (f64::from(of - step + 1) / f64::from(step)).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(sent: u32, answered: u32) -> Tally {
        Tally { sent, answered }
    }

    #[test]
    fn what_is_lost_of_the_quick_ones_alone_is_not_chance_and_what_is_lost_of_both_is() {
        assert!(chance_of_more_lost(tally(32, 2), tally(6, 6)) < 1e-4);
        assert!(chance_of_more_lost(tally(16, 2), tally(6, 6)) < DOUBT);
        assert!(chance_of_more_lost(tally(32, 16), tally(6, 3)) > 0.3);
        assert!((chance_of_more_lost(tally(10, 10), tally(4, 4)) - 1.0).abs() < 1e-9, "nothing is lost");
    }

    #[test]
    fn the_chances_of_all_numbers_of_losses_add_up_to_one() {
        let exactly = |lost: u32| {
            let at_least = |lost: u32| chance_of_more_lost(tally(6, 6 - lost), tally(5, 5 - (4 - lost)));
            at_least(lost) - if lost < 4 { at_least(lost + 1) } else { 0.0 }
        };
        assert!(((0..=4).map(exactly).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((exactly(4) - 15.0 / 330.0).abs() < 1e-9);
    }
}

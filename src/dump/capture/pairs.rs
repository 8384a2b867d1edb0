//! What became of one end's candidate pairs? (RFC 8445 §7)
//!
//! A capture does not say of which kind the other end's candidates are. A relayed one is known by its address, where its
//! server was asked here too; what else is public is somebody's outside, as the checks show it.

use super::checks::CheckCounts;
use super::ends::OwnEnd;
use super::observed::{TimedFact, uri};
use super::route::DatagramRoute;
use super::watch::Watch;
use crate::model::{
    CandidateType, Fact, Failure, Host, IceFact, Millis, Origin, Pair, PairEnd, PairFailure, PairState, Protocol,
    Question, Role, Scope, Tally, Transport,
};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Pairs of one end that are told of; RFC 8445 §6.1.2.5 recommends a limit of 100.
const PAIRS_MAX: usize = 1_000;
/// Silence says something after so many checks, over so long: RFC 8445 §14.3 begins with half a second and doubles it.
const CHECKS_AT_LEAST: u32 = 5;
const SILENT_FOR: Duration = Duration::from_millis(2_500);
const ROLE_CONFLICT: u16 = 487;

/// One pair, and its checks each way.
pub(super) struct CheckedWay<'a> {
    /// Out of this end.
    pub(super) route: DatagramRoute,
    pub(super) ours: Option<&'a CheckCounts>,
    pub(super) theirs: Option<&'a CheckCounts>,
    pub(super) local: PairEnd,
    pub(super) remote: PairEnd,
}

impl CheckedWay<'_> {
    pub(super) fn has_succeeded(&self) -> bool {
        self.ours.is_some_and(|checked| checked.answered > 0)
    }

    /// When the first check of either end was sent.
    pub(super) fn began(&self) -> Option<Duration> {
        [self.ours, self.theirs].into_iter().flatten().map(|checked| checked.first).min()
    }

    pub(super) fn is_nominated(&self) -> bool {
        [self.ours, self.theirs].into_iter().flatten().any(|checked| checked.nominated)
    }
}

/// All pairs of an end, in the order in which they were first checked.
pub(super) fn of<'a>(watch: &'a Watch, own: &OwnEnd) -> Vec<CheckedWay<'a>> {
    let routes: BTreeSet<DatagramRoute> =
        watch.checks.all().flat_map(|(route, _)| [*route, route.back()]).filter(|route| own.sends(route)).collect();
    let relays = relay_hosts(watch);
    let mut ways: Vec<CheckedWay<'_>> = routes
        .into_iter()
        .map(|route| CheckedWay {
            route,
            ours: watch.checks.of(&route),
            theirs: watch.checks.of(&route.back()),
            local: local(watch, own, &route),
            remote: remote(&route, &relays, watch),
        })
        .collect();
    ways.sort_by_key(CheckedWay::began);
    ways.truncate(PAIRS_MAX);
    ways
}

/// The hosts that gave allocations, of which the relayed addresses are.
fn relay_hosts(watch: &Watch) -> BTreeSet<IpAddr> {
    watch.relays.all().flat_map(|(way, relayed)| [way.server.ip(), relayed.ip()]).collect()
}

/// Checks over TCP are framed in another way (RFC 6544 §3), and are not read.
fn end(kind: CandidateType, endpoint: SocketAddr) -> PairEnd {
    PairEnd {
        kind,
        protocol: Protocol::Udp,
        address: Host::Address(endpoint.ip()),
        port: endpoint.port(),
        tcp_type: None,
        relay_protocol: None,
        server: None,
    }
}

fn local(watch: &Watch, own: &OwnEnd, route: &DatagramRoute) -> PairEnd {
    let Some(client) = route.within else {
        let kind = if own.is_from_outside { CandidateType::Prflx } else { CandidateType::Host };
        return end(kind, route.from);
    };
    let asking = watch.servers.all().map(|(asking, _)| asking).find(|asking| asking.client == client);
    PairEnd {
        relay_protocol: asking.map(|asking| asking.transport),
        server: asking.map(|asking| uri(asking.server, asking.transport, true)),
        ..end(CandidateType::Relay, route.from)
    }
}

fn remote(route: &DatagramRoute, relays: &BTreeSet<IpAddr>, watch: &Watch) -> PairEnd {
    let is_server = watch.servers.has_answered(&route.to);
    let kind = match route.to.ip() {
        address if relays.contains(&address) && !is_server => CandidateType::Relay,
        address if Scope::of(address) < Scope::Public => CandidateType::Host,
        _ => CandidateType::Prflx,
    };
    end(kind, route.to)
}

/// What the checks show, in our facts; `chosen` is the pair that carried the call, and `before` are those that had carried it.
pub(super) fn seen(
    watch: &Watch,
    ways: &[CheckedWay<'_>],
    before: &[&CheckedWay<'_>],
    chosen: Option<&CheckedWay<'_>>,
    has_both_ways: bool,
) -> Vec<TimedFact> {
    let Some(began) = ways.iter().filter_map(CheckedWay::began).min() else { return Vec::new() };
    let origin = Origin { question: Question::Checks, uri: None };
    let after = |at: Duration| Millis::from(at.saturating_sub(began));
    let mut seen = Vec::new();
    let mut tell = |at: Duration, fact: IceFact| seen.push((at, origin.clone(), Fact::Ice(fact)));
    let role = role(ways);
    tell(began, IceFact::Described { role, lite: false });
    let mut told = BTreeSet::new();
    for way in ways {
        if told.insert(way.remote.clone()) {
            tell(way.began().unwrap_or(began), IceFact::RemoteCandidate(way.remote.clone()));
        }
        let Some(ours) = way.ours else { continue };
        let (local, remote) = (way.local.clone(), way.remote.clone());
        if let Some(at) = ours.first_answer {
            let (rtt_ms, sent) = (ours.first_rtt(), ours.sent);
            tell(at, IceFact::Reached { local, remote, rtt_ms, after_ms: after(at), sent });
        }
    }
    for way in before.iter().chain(chosen.as_ref()) {
        let at = way.ours.and_then(|ours| ours.first_answer).or(way.began()).unwrap_or(began);
        let (local, remote) = (way.local.clone(), way.remote.clone());
        tell(at, IceFact::Nominated { local, remote, role, after_ms: after(at) });
    }
    for way in ways {
        if let Some(ours) = way.ours {
            let is_chosen = chosen.is_some_and(|chosen| chosen.route == way.route);
            let first_success_ms = ours.first_answer.map(after);
            let pair = Pair { first_success_ms, nominated: is_chosen, ..checked(watch, way, ours, has_both_ways) };
            tell(watch.last, IceFact::Checked(pair));
        }
    }
    seen
}

/// The role that this end's checks claim, else the other of what the peer's do.
fn role(ways: &[CheckedWay<'_>]) -> Role {
    let ours = ways.iter().filter_map(|way| way.ours?.controls).next_back();
    let theirs = ways.iter().filter_map(|way| way.theirs?.controls).next_back().map(|controls| !controls);
    if ours.or(theirs).unwrap_or(false) { Role::Controlling } else { Role::Controlled }
}

fn checked(watch: &Watch, way: &CheckedWay<'_>, ours: &CheckCounts, has_both_ways: bool) -> Pair {
    let (state, failure) = match failure(watch, way, ours, has_both_ways) {
        _ if ours.answered > 0 => (PairState::Succeeded, None),
        Some(failure) => (PairState::Failed, Some(failure)),
        None => (PairState::NotChecked, None),
    };
    Pair {
        local: way.local.clone(),
        remote: way.remote.clone(),
        state,
        failure,
        rtt_ms: ours.rtt(),
        sent: ours.sent,
        received: ours.answered,
        // Those of a silence in the midst are told with it, as those of the end are: neither says how lossy the pair was.
        unanswered_last: ours.unanswered_last.saturating_add(ours.lost_in_silence),
        first_success_ms: None,
        nominated: false,
    }
}

/// Why no check of a pair succeeded, where that can be told.
fn failure(watch: &Watch, way: &CheckedWay<'_>, ours: &CheckCounts, has_both_ways: bool) -> Option<PairFailure> {
    let is_long = ours.sent >= CHECKS_AT_LEAST && ours.last.saturating_sub(ours.first) >= SILENT_FOR;
    if let Some(from) = ours.answered_from {
        return Some(PairFailure::NotSymmetric { from });
    }
    if let Some(error) = ours.error.as_ref().filter(|error| error.code != ROLE_CONFLICT) {
        return Some(PairFailure::Refused { code: error.code, reason: error.reason.clone() });
    }
    let undelivered = watch.undelivered.get(&(way.route.from, way.route.to)).filter(|_| way.route.within.is_none());
    match undelivered {
        Some((icmp, by, _)) => Some(PairFailure::Unreachable { failure: Failure::Icmp { icmp: *icmp, by: Some(*by) } }),
        None => (is_long && has_both_ways).then(|| match way.theirs {
            Some(theirs) => PairFailure::OneWay { heard: theirs.sent },
            None => PairFailure::Silent { control: control(watch, &way.route) },
        }),
    }
}

/// What else was sent from the same base meanwhile, or through the same relay, to somebody who answers at all.
fn control(watch: &Watch, silent: &DatagramRoute) -> Tally {
    let is_beside =
        |route: &DatagramRoute| route != silent && (route.from, route.within) == (silent.from, silent.within);
    let checks = watch.checks.all().filter(|(route, _)| is_beside(route));
    let checks = checks.map(|(_, checked)| Tally { sent: checked.sent, answered: checked.answered });
    let asked = watch.servers.all().filter(|(asking, _)| {
        silent.within.is_none() && asking.client == silent.from && asking.transport == Transport::Udp
    });
    let all = checks.chain(asked.map(|(_, known)| known.tally));
    all.filter(|tally| tally.answered > 0).fold(Tally::default(), Tally::and)
}

//! Are two files those of the two ends of one call, and which connection of each is it? (RFC 8839 §5.4, RFC 8122 §5)
//!
//! A user name fragment that one end wrote and the other was given is of one call; else a certificate's fingerprint, which
//! may be of several calls of one page; else the id of a session, where everything else was taken out.

use super::session::{Event, Happened, SavedConnection, SavedSession};
use crate::model::{CandidateType, End, Fact, IceFact, Millis, RunFact};
use std::collections::{BTreeMap, BTreeSet};

/// Earlier than this (2010) no clock was read: files without dates begin at 0.
const NO_CLOCK_BEFORE: Millis = Millis(1_262_304_000_000.0);

/// How surely two connections are one call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Origin,
    Fingerprint,
    Ufrag,
}

/// The connections of both that are one call: the surest, and of several such the one over which most came.
pub fn matched<'a>(
    ours: &'a SavedSession,
    theirs: &'a SavedSession,
) -> Option<(&'a SavedConnection, &'a SavedConnection)> {
    let [ours, theirs] = [ours, theirs].map(|session| session.connections.iter().map(Marked::of).collect::<Vec<_>>());
    let pairs = ours.iter().flat_map(|one| theirs.iter().map(move |other| (one, other)));
    let alike = pairs.filter_map(|(one, other)| Some(((by(one, other)?, one.came + other.came), (one, other))));
    // Of equals the first of the file.
    let (_, (one, other)) = alike.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    Some((one.connection, other.connection))
}

/// A connection, and what it is told apart by.
struct Marked<'a> {
    connection: &'a SavedConnection,
    came: u64,
    ours: Marks<'a>,
    theirs: Marks<'a>,
}

impl<'a> Marked<'a> {
    fn of(connection: &'a SavedConnection) -> Self {
        let [ours, theirs] = [End::Ours, End::Theirs].map(|end| Marks::of(connection, end));
        Self { connection, came: came(connection), ours, theirs }
    }
}

fn came(connection: &SavedConnection) -> u64 {
    let points = connection.pairs.values().flat_map(|pair| &pair.points);
    points.filter_map(|point| point.bytes_received).max().unwrap_or_default().min(u64::MAX / 2)
}

/// What an end's descriptions are told apart by.
#[derive(Default)]
struct Marks<'a> {
    ufrags: BTreeSet<&'a str>,
    fingerprints: BTreeSet<String>,
    origins: BTreeSet<&'a str>,
}

impl<'a> Marks<'a> {
    fn of(connection: &'a SavedConnection, end: End) -> Self {
        let mut marks = Self::default();
        for event in &connection.events {
            let Happened::Described { end: whose, description } = &event.happened else { continue };
            if *whose == end {
                marks.ufrags.extend(description.ufrags.iter().map(String::as_str));
                marks.fingerprints.extend(description.fingerprints.iter().map(ToString::to_string));
                marks.origins.extend(description.origin.as_deref());
            }
        }
        marks
    }
}

fn by(one: &Marked<'_>, other: &Marked<'_>) -> Option<By> {
    let crossed = [(&one.ours, &other.theirs), (&one.theirs, &other.ours)];
    if crossed.iter().any(|(one, other)| !one.ufrags.is_disjoint(&other.ufrags)) {
        Some(By::Ufrag)
    } else if crossed.iter().any(|(one, other)| !one.fingerprints.is_disjoint(&other.fingerprints)) {
        Some(By::Fingerprint)
    } else {
        crossed.iter().any(|(one, other)| !one.origins.is_disjoint(&other.origins)).then_some(By::Origin)
    }
}

/// A browser's connection with what a capture at the same end shows of its servers beside it: of those of which pairs have the
/// ports that packets went between the one over which most came. None where the capture has none of them.
pub fn beside(browser: &SavedSession, capture: &SavedSession) -> Option<SavedConnection> {
    let browsers: Vec<_> = browser.connections.iter().map(|one| (ports_of_pairs(one), came(one), one)).collect();
    let captures: Vec<_> = capture.connections.iter().map(|seen| (ports_of_packets(seen), seen)).collect();
    let all = browsers.iter().flat_map(|one| captures.iter().map(move |seen| (one, seen)));
    let alike =
        all.map(|(one, seen)| (one.0.intersection(&seen.0).count(), one, seen)).filter(|(common, ..)| *common > 0);
    let (_, (.., one), (_, seen)) = alike.max_by_key(|(common, one, _)| (one.1, *common))?;
    let is_of_servers = |fact: &Fact| matches!(fact, Fact::Stun(_) | Fact::Turn(_) | Fact::Stream(_));
    let beside = seen.observed.iter().filter(|(.., fact)| is_of_servers(fact)).cloned().collect();
    Some(SavedConnection { beside, ..(*one).clone() })
}

/// The ports of both ends of each pair, as the sockets have them that packets leave from and go to.
fn ports_of_pairs(connection: &SavedConnection) -> BTreeSet<(u16, u16)> {
    let port = |id: &String, is_base: bool| {
        let candidate = connection.candidates.get(id)?;
        let base = candidate.related.as_ref().map(|(_, port)| *port).filter(|port| *port > 0);
        let is_reflexive = matches!(candidate.kind, Some(CandidateType::Srflx | CandidateType::Prflx));
        base.filter(|_| is_base && is_reflexive).or(candidate.port)
    };
    let pairs = connection.pairs.values();
    pairs.filter_map(|pair| Some((port(&pair.local, true)?, port(&pair.remote, false)?))).collect()
}

fn ports_of_packets(seen: &SavedConnection) -> BTreeSet<(u16, u16)> {
    let checked = seen.observed.iter().filter_map(|(.., fact)| match fact {
        Fact::Ice(IceFact::Checked(pair)) => Some((pair.local.port, pair.remote.port)),
        _ => None,
    });
    checked.collect()
}

/// By how much the other file's clock is ahead of this one's. What an end has as its own it has before the other has it:
/// each description and candidate that got across bounds it on one side. None where one side has no bound, or they
/// contradict each other.
pub fn clocks(one: &SavedConnection, other: &SavedConnection) -> Option<RunFact> {
    let most = differences(one, other).min();
    let least = differences(other, one).map(|difference| Millis(-difference.0)).max();
    let (least, most) = least.zip(most).filter(|(least, most)| least <= most)?;
    let (ahead_ms, within_ms) = (Millis(f64::midpoint(least.0, most.0)), Millis((most.0 - least.0) / 2.0));
    Some(RunFact::ClocksCompared { ahead_ms, within_ms })
}

/// For each thing of the one end's that the other was given: when it had it by its clock, less when the one did by its own.
fn differences(from: &SavedConnection, to: &SavedConnection) -> impl Iterator<Item = Millis> {
    let (sent, mut came) = (first_times(from, End::Ours), first_times(to, End::Theirs));
    sent.into_iter().filter_map(move |(what, at)| Some(Millis(came.remove(&what)?.0 - at.0)))
}

/// When each description and candidate of an end was there first, by what it is known by at both ends.
fn first_times(connection: &SavedConnection, of: End) -> BTreeMap<String, Millis> {
    let mut first = BTreeMap::new();
    for Event { at, happened, .. } in connection.events.iter().filter(|event| event.at > NO_CLOCK_BEFORE) {
        let what = match happened {
            Happened::Described { end, description } if *end == of => {
                description.ufrags.first().map(|ufrag| format!("{ufrag} {:?}", description.kind))
            }
            Happened::Found { line, .. } if of == End::Ours => Some(endpoint(line)),
            Happened::Added { line } if of == End::Theirs => Some(endpoint(line)),
            _ => None,
        };
        if let Some(what) = what.filter(|what| !what.is_empty()) {
            first.entry(what).or_insert(*at);
        }
    }
    first
}

/// Of a candidate's line what no application changes: all up to its port (RFC 8839 §5.1).
fn endpoint(line: &str) -> String {
    line.split(' ').take(6).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::description::Description;
    use crate::model::Text;

    fn connection(name: &str, local: &str, remote: &str) -> SavedConnection {
        let described = |end, ufrag: &str| Event {
            at: Millis::ZERO,
            place: 1,
            happened: Happened::Described {
                end,
                description: Description { ufrags: vec![ufrag.to_owned()], ..Description::default() },
            },
        };
        SavedConnection {
            name: Text::new(name),
            events: vec![described(End::Ours, local), described(End::Theirs, remote)],
            ..SavedConnection::default()
        }
    }

    fn session(connections: Vec<SavedConnection>) -> SavedSession {
        SavedSession { connections, ..SavedSession::default() }
    }

    #[test]
    fn the_two_connections_that_were_given_each_others_fragment_are_one_call() {
        let ours = session(vec![connection("test", "aaaa", "bbbb"), connection("call", "cccc", "dddd")]);
        let theirs = session(vec![connection("other", "eeee", "ffff"), connection("call", "dddd", "cccc")]);
        let (one, other) = matched(&ours, &theirs).expect("one call");
        assert_eq!((one.name.as_str(), other.name.as_str()), ("call", "call"));
    }

    #[test]
    fn files_of_two_calls_have_none_in_common() {
        let ours = session(vec![connection("one", "aaaa", "bbbb")]);
        assert!(matched(&ours, &session(vec![connection("one", "aaaa", "bbbb")])).is_none(), "the same end twice");
        assert!(matched(&ours, &session(Vec::new())).is_none());
    }

    #[test]
    fn what_got_across_bounds_how_far_the_clocks_are_apart() {
        let begin = NO_CLOCK_BEFORE.0 + 1000.0;
        let told = |ms: f64, end, ufrag: &str| Event {
            at: Millis(begin + ms),
            place: 1,
            happened: Happened::Described {
                end,
                description: Description { ufrags: vec![ufrag.to_owned()], ..Description::default() },
            },
        };
        let at = |events: Vec<Event>| SavedConnection { events, ..SavedConnection::default() };
        // The offer takes 30 ms, the answer 50 ms, and the other clock is 500 ms ahead.
        let one = at(vec![told(0.0, End::Ours, "aaaa"), told(90.0, End::Theirs, "bbbb")]);
        let other = at(vec![told(530.0, End::Theirs, "aaaa"), told(540.0, End::Ours, "bbbb")]);
        let Some(RunFact::ClocksCompared { ahead_ms, within_ms }) = clocks(&one, &other) else { panic!("bounds") };
        assert_eq!((ahead_ms.0, within_ms.0), (490.0, 40.0));
        assert_eq!(clocks(&one, &at(vec![told(530.0, End::Theirs, "aaaa")])), None, "one bound only");
        assert_eq!(clocks(&one, &connection("log", "bbbb", "aaaa")), None, "no clock");
    }
}

//! Are two files those of the two ends of one call, and which connection of each is it? (RFC 8839 §5.4, RFC 8122 §5)
//!
//! A user name fragment that one end wrote and the other was given is of one call; else a certificate's fingerprint, which
//! may be of several calls of one page; else the id of a session, where everything else was taken out.

use super::session::{Happened, SavedConnection, SavedSession};
use crate::model::End;

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
    let pairs = ours.connections.iter().flat_map(|one| theirs.connections.iter().map(move |other| (one, other)));
    let alike = pairs.filter_map(|(one, other)| Some(((by(one, other)?, came(one) + came(other)), (one, other))));
    // Of equals the first of the file.
    alike.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, pair)| pair)
}

fn came(connection: &SavedConnection) -> u64 {
    let points = connection.pairs.values().flat_map(|pair| &pair.points);
    points.filter_map(|point| point.bytes_received).max().unwrap_or_default().min(u64::MAX / 2)
}

/// What an end's descriptions are told apart by.
#[derive(Default)]
struct Marks {
    ufrags: Vec<String>,
    fingerprints: Vec<String>,
    origins: Vec<String>,
}

impl Marks {
    fn of(connection: &SavedConnection, end: End) -> Self {
        let mut marks = Self::default();
        for event in &connection.events {
            let Happened::Described { end: whose, description } = &event.happened else { continue };
            if *whose == end {
                marks.ufrags.extend(description.ufrags.iter().cloned());
                marks.fingerprints.extend(description.fingerprints.iter().map(ToString::to_string));
                marks.origins.extend(description.origin.clone());
            }
        }
        marks
    }
}

fn by(one: &SavedConnection, other: &SavedConnection) -> Option<By> {
    let common = |one: &[String], other: &[String]| one.iter().any(|mark| other.contains(mark));
    let crossed = [
        (Marks::of(one, End::Ours), Marks::of(other, End::Theirs)),
        (Marks::of(one, End::Theirs), Marks::of(other, End::Ours)),
    ];
    let any = |marks: fn(&Marks) -> &[String]| crossed.iter().any(|(one, other)| common(marks(one), marks(other)));
    if any(|marks| &marks.ufrags) {
        Some(By::Ufrag)
    } else if any(|marks| &marks.fingerprints) {
        Some(By::Fingerprint)
    } else {
        any(|marks| &marks.origins).then_some(By::Origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::description::Description;
    use crate::dump::session::Event;
    use crate::model::{Millis, Text};

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
}

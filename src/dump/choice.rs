//! Which of a file's connections is the one that matters? Pages make others beside it, to try a network or to publish.

use super::session::{SavedConnection, SavedSession};
use std::cmp::Reverse;

/// The connection of this name.
pub fn named<'a>(session: &'a SavedSession, name: &str) -> Option<&'a SavedConnection> {
    session.connections.iter().find(|connection| connection.name.as_str() == name)
}

/// The connection over which most came in; where nothing did, the one that most is known of. None of a file without any.
pub fn that_matters(session: &SavedSession) -> Option<&SavedConnection> {
    let by_weight = |(place, connection): &(usize, &SavedConnection)| {
        let came =
            connection.pairs.values().flat_map(|pair| &pair.points).filter_map(|point| point.bytes_received).max();
        let known = connection.observed.len() + connection.pairs.len() + connection.events.len();
        (came.unwrap_or_default(), known, Reverse(*place))
    };
    session.connections.iter().enumerate().max_by_key(by_weight).map(|(_, connection)| connection)
}

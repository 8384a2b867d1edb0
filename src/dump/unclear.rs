//! Is a connection told in a form that is not known, so that what is missing may be there all the same?
//!
//! Browsers change how they write their logs and statistics. What was read of such a file is true; that something was not
//! found in it says nothing.

use super::session::{Happened, SavedConnection, StatPair};

/// Whether events or statistics were there and what each has to tell was not found: a browser tells a state with each
/// description, and has a transport or a candidate for each call. `has_statistics` where any report was there.
pub(super) fn is_unclear(connection: &SavedConnection, has_statistics: bool) -> bool {
    let any = |is_such: fn(&Happened) -> bool| connection.events.iter().any(|event| is_such(&event.happened));
    let is_described = any(|happened| matches!(happened, Happened::Described { .. }));
    let tells_states = any(|happened| matches!(happened, Happened::State { .. }));
    let is_end = |id: &String| connection.candidates.get(id).is_some_and(|candidate| candidate.kind.is_some());
    let is_whole = |pair: &StatPair| is_end(&pair.local) && is_end(&pair.remote);
    let shows_path = if connection.pairs.is_empty() {
        !connection.candidates.is_empty() || !connection.transports.is_empty()
    } else {
        connection.pairs.values().any(is_whole)
    };
    is_described && !tells_states || is_described && has_statistics && !shows_path
}

//! One end of a call with another machine, on real sockets.

use crate::model::{Observation, Record};
use crate::os::{OsWorld, SignallingChannel};
use crate::peer::Session;

/// Drives this end of a call until it has finished, and gives this end's record. The other end's, where it was sent
/// here, is the session's ([`Session::into_records`]).
///
/// `channel` is our end of what carries the descriptions; whoever holds the other end has to be polled beside this future.
/// Once `stop` is ready relays are given back and the record is marked as interrupted. `observe` is told each
/// observation as it is made.
///
/// Needs a tokio runtime with its I/O and time drivers.
pub async fn call(
    world: &OsWorld,
    session: &mut Session,
    channel: SignallingChannel,
    stop: impl Future<Output = ()>,
    mut observe: impl FnMut(&Observation),
) -> Record {
    let mut record = Record::default();
    let observed = |at: crate::machine::Instant, by, fact| observe(record.observe(at.since_start(), by, fact));
    world.run_signalled(session, Some(channel), stop, observed).await;
    let asked = session.records().0;
    Record { targets: asked.targets.clone(), whole_list: asked.whole_list, ..record }
}

//! Which bytes that did not cross a relay tell nothing of it?
//!
//! Seven copies are sent within a second or two, and awaited as long. On a line that loses single packets chance may take all
//! of them; and where answers were on their way for nearly as long, they may still have come. What is lost where bytes that
//! look otherwise cross the same leg is lost for what it looks like, which is not the relay's doing. And a relay
//! on this very machine may drop what is for its own host unsaid, so that nobody reaches the host's services through it.

use super::call::chance;
use crate::model::{Fact, Family, Leg, Millis, ObservationId, Record, StunFact, Tally, TurnFact};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// What was awaited for less than so many times the longest delay that was met may be late.
const PATIENCE: f64 = 3.0;

/// The losses that tell nothing, and what rests on them: that bytes came in as soon as the relay had sent to their sender.
/// `single` is what became of single packets in one family.
pub(crate) fn telling_nothing(record: &Record, single: impl Fn(Family) -> Tally) -> BTreeSet<ObservationId> {
    let delays = [Family::Ipv4, Family::Ipv6].map(|family| (family, longest_delay(record, family)));
    let is_doubtful = |relayed: &SocketAddr, sent: u32, waited: Millis| {
        let family = Family::of(relayed.ip());
        let delay = delays.iter().find(|(of, _)| *of == family).and_then(|(_, delay)| *delay);
        chance::loses_all_of(sent, single(family)) || delay.is_some_and(|delay| may_be_late(waited, delay))
    };
    let crossed: BTreeSet<(Leg, SocketAddr)> = record
        .observations
        .iter()
        .filter_map(|seen| match &seen.fact {
            Fact::Turn(TurnFact::Crossed { leg, relayed, class: Some(_), .. }) => Some((*leg, *relayed)),
            _ => None,
        })
        .collect();
    let mut doubtful = BTreeSet::new();
    let mut strangers: BTreeSet<SocketAddr> = BTreeSet::new();
    for seen in &record.observations {
        match &seen.fact {
            Fact::Turn(TurnFact::NotCrossed { leg: Leg::Out, server, relayed, peer: Some(peer), .. })
                if [server.ip(), relayed.ip()].contains(&peer.ip()) =>
            {
                doubtful.insert(seen.id);
            }
            Fact::Turn(TurnFact::NotCrossed { leg, relayed, bytes: None, class: None, failure: None, .. })
                if crossed.contains(&(*leg, *relayed)) =>
            {
                doubtful.insert(seen.id);
            }
            Fact::Turn(TurnFact::NotCrossed {
                leg,
                relayed,
                sent,
                waited_ms,
                spoken,
                bytes,
                class,
                failure: None,
                ..
            }) if is_doubtful(relayed, *sent, *waited_ms) => {
                doubtful.insert(seen.id);
                if (*leg, *spoken, bytes, class) == (Leg::In, false, &None, &None) {
                    strangers.insert(*relayed);
                }
            }
            _ => {}
        }
    }
    let after = record.observations.iter().filter(|seen| match &seen.fact {
        Fact::Turn(TurnFact::Crossed { leg: Leg::In, spoken: true, relayed, .. }) => strangers.contains(relayed),
        _ => false,
    });
    doubtful.extend(after.map(|seen| seen.id));
    doubtful
}

/// Whether what was awaited for so long may still have come, where something was on its way for as long as `delay`.
pub(crate) fn may_be_late(waited: Millis, delay: Millis) -> bool {
    waited.0 < PATIENCE * delay.0
}

/// The longest that an answer, or bytes through a relay, were on their way in one family, of those that were sent once: of
/// others nobody can tell which copy came (Karn's algorithm, RFC 6298 §3). None where nothing tells.
pub(crate) fn longest_delay(record: &Record, family: Family) -> Option<Millis> {
    let delays = record.observations.iter().filter(|seen| seen.end.is_ours()).filter_map(|seen| match &seen.fact {
        Fact::Stun(StunFact::Mapped { server, rtt_ms: Some(rtt), .. }) => Some((server, *rtt)),
        Fact::Turn(TurnFact::Crossed { server, took_ms, sent: 1, bytes: None, class: None, .. }) => {
            Some((server, *took_ms))
        }
        _ => None,
    });
    let of_family = delays.filter(|(server, _)| Family::of(server.ip()) == family).map(|(_, took)| took);
    of_family.reduce(|longest, other| if other.0 > longest.0 { other } else { longest })
}

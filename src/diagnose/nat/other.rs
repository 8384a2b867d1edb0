//! Hairpinning (RFC 4787 §6), the life of an idle mapping (§4.3) and the largest datagram that passes.

use crate::model::{Behaviour, Code, Fact, Family, Judged, ObservationId, Record, StunFact, Tally};
use std::collections::BTreeSet;
use std::net::SocketAddr;

fn of<'a, T: 'a>(
    record: &'a Record,
    family: Family,
    pick: impl Fn(&'a Fact) -> Option<(SocketAddr, T)> + 'a,
) -> impl Iterator<Item = (T, ObservationId)> + 'a {
    record.observations.iter().filter_map(move |observation| {
        let (local, picked) = pick(&observation.fact)?;
        (Family::of(local.ip()) == family).then_some((picked, observation.id))
    })
}

/// Whether a packet to our own public address comes back in; `control` says how much the way loses. A packet from a
/// socket to itself tells nothing: what drops it as a LAND attack may hairpin all else.
pub(crate) fn hairpinning(record: &Record, family: Family, control: Tally, why_not: Code) -> Judged<bool> {
    let own: BTreeSet<(SocketAddr, SocketAddr)> = record
        .observations
        .iter()
        .filter_map(|observation| match observation.fact {
            Fact::Stun(StunFact::Mapped { local, mapped, .. }) => Some((local, mapped)),
            _ => None,
        })
        .collect();
    let tries: Vec<((bool, u32), ObservationId)> = of(record, family, |fact| match fact {
        Fact::Stun(StunFact::Hairpinned { local, to, came_back, sent, .. }) if !own.contains(&(*local, *to)) => {
            Some((*local, (*came_back, *sent)))
        }
        _ => None,
    })
    .collect();
    if let Some((_, id)) = tries.iter().find(|((came_back, _), _)| *came_back) {
        return Judged::known(true, vec![*id]);
    }
    let silence =
        tries.iter().fold(Tally::default(), |sum, ((_, sent), _)| sum.and(Tally { sent: *sent, answered: 0 }));
    let evidence: Vec<ObservationId> = tries.iter().map(|(_, id)| *id).collect();
    if evidence.is_empty() {
        Judged::not_tested(why_not)
    } else if silence.is_silence_beside(control) {
        Judged::known(false, evidence)
    } else {
        Judged::unclear(Code::TooMuchLoss, evidence)
    }
}

/// What one idle time tells.
enum Idleness {
    Lived,
    Died,
    /// The same port, which the NAT may have given again.
    SamePort,
    /// Silence that may be loss.
    Doubtful,
}

/// The longest idle time a mapping was seen to outlive, below the shortest it was seen not to. The same mapped address
/// afterwards proves nothing where the NAT preserves ports: a new mapping would look the same. That an answer came in
/// proves something only where the filter is known to keep strangers out.
pub(crate) fn lifetime(record: &Record, family: Family, filtering: Option<Behaviour>, why_not: Code) -> Judged<u64> {
    let filters = filtering.is_some_and(|filtering| filtering != Behaviour::EndpointIndependent);
    let idled = of(record, family, move |fact| match fact {
        Fact::Stun(StunFact::Idled { local, idle_ms, before, after, inbound, copies, control, .. }) => {
            let told = match inbound {
                _ if before != after => Idleness::Died,
                Some(true) if filters => Idleness::Lived,
                Some(false) if copies.is_silence_beside(*control) => Idleness::Died,
                Some(false) if control.answered > 0 => Idleness::Doubtful,
                _ if before.port() == local.port() => Idleness::SamePort,
                _ => Idleness::Lived,
            };
            Some((*local, (*idle_ms, told)))
        }
        _ => None,
    });
    let (mut lived, mut died, mut same_port, mut doubtful) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((idle_ms, told), id) in idled {
        match told {
            Idleness::Lived => lived.push((idle_ms, id)),
            Idleness::Died => died.push((idle_ms, id)),
            Idleness::SamePort => same_port.push(id),
            Idleness::Doubtful => doubtful.push(id),
        }
    }
    let shortest_death = died.iter().min().copied();
    let below_it = |(idle_ms, _): &(u64, ObservationId)| shortest_death.is_none_or(|(dead, _)| *idle_ms < dead);
    match (lived.into_iter().filter(below_it).max(), shortest_death) {
        (Some((idle_ms, id)), death) => {
            Judged::known(idle_ms, [id].into_iter().chain(death.map(|(_, id)| id)).collect())
        }
        (None, Some((_, id))) => Judged::known(0, vec![id]),
        (None, None) if !doubtful.is_empty() => Judged::unclear(Code::TooMuchLoss, doubtful),
        (None, None) if !same_port.is_empty() => Judged::unclear(Code::PortPreservedAfterExpiry, same_port),
        (None, None) => Judged::not_tested(why_not),
    }
}

/// The idle time of the death that a lifetime rests on, where there was one.
pub(crate) fn gone_after(record: &Record, lifetime: &Judged<u64>) -> Option<u64> {
    let Judged::Known { value, evidence } = lifetime else { return None };
    let place = usize::try_from(evidence.last()?.0).ok()?;
    match record.observations.get(place)?.fact {
        Fact::Stun(StunFact::Idled { idle_ms, .. }) if idle_ms > *value => Some(idle_ms),
        _ => None,
    }
}

/// The end of a flow that was in use the whole time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FlowEnded {
    /// For so long it was seen to live.
    pub lived_ms: u64,
    /// So long after its beginning it was gone.
    pub gone_within_ms: u64,
    pub evidence: Vec<ObservationId>,
}

/// The soonest end of a flow, where a fresh one was answered beside it.
pub(crate) fn flow_ended(record: &Record, family: Family) -> Option<FlowEnded> {
    let ended = of(record, family, |fact| match fact {
        Fact::Stun(StunFact::KeptBusy { local, every_ms, lived_ms, copies, control, .. })
            if copies.is_silence_beside(*control) =>
        {
            Some((*local, (lived_ms.saturating_add(*every_ms), *lived_ms)))
        }
        _ => None,
    });
    let ended: Vec<((u64, u64), ObservationId)> = ended.collect();
    let ((gone_within_ms, lived_ms), _) = *ended.iter().min()?;
    Some(FlowEnded { lived_ms, gone_within_ms, evidence: ended.into_iter().map(|(_, id)| id).collect() })
}

/// The largest packet that passed, with the smallest above it that did not.
pub(crate) fn path_mtu(record: &Record, family: Family, why_not: Code) -> Judged<u32> {
    let sized: Vec<((u32, bool), ObservationId)> = of(record, family, |fact| match fact {
        Fact::Stun(StunFact::Sized { local, bytes, passed, .. }) => Some((*local, (*bytes, *passed))),
        _ => None,
    })
    .collect();
    let Some(((passed_bytes, _), passed)) = sized.iter().filter(|((_, passed), _)| *passed).max() else {
        let evidence: Vec<ObservationId> = sized.iter().map(|(_, id)| *id).collect();
        return if evidence.is_empty() {
            Judged::not_tested(why_not)
        } else {
            Judged::unclear(Code::ControlFailed, evidence)
        };
    };
    let stopped = sized.iter().filter(|((bytes, passed), _)| !passed && bytes > passed_bytes).min();
    Judged::known(*passed_bytes, [*passed].into_iter().chain(stopped.map(|(_, id)| *id)).collect())
}

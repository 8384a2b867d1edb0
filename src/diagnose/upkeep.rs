//! Was a long call kept, and did it stay what it was? Consent, renewals, rebound mappings, and a path that became narrow.

mod throttle;

use crate::model::{Call, CallFact, CallKept, End, Fact, IceFact, Question, Rebound, Record, Traffic};

/// Adds to this end's call how it was kept, from both ends' observations.
pub(crate) fn add(call: &mut Call, joined: &Record) {
    let ours = || joined.observations.iter().filter(|seen| seen.end.is_ours());
    let told = ours().filter(|seen| seen.by.question == Question::Call);
    let mut keeping = told.filter_map(|seen| {
        if let Fact::Call(CallFact::CallKept(kept)) = &seen.fact { Some((seen.id, kept)) } else { None }
    });
    let Some((id, keeping)) = keeping.next_back() else { return };
    let mut kept = CallKept { keeping: (**keeping).clone(), rebound: Vec::new(), throttled: throttled(joined) };
    call.evidence.push(id);
    for seen in ours() {
        if let Fact::Ice(IceFact::Rebound(rebinding)) = &seen.fact {
            kept.rebound.push(Rebound { rebinding: rebinding.clone(), at_ms: seen.at_ms });
            call.evidence.push(seen.id);
        }
    }
    call.kept = Some(Box::new(kept));
}

fn throttled(joined: &Record) -> Option<crate::model::Throttled> {
    let ours = &traffic(joined, End::Ours)?.series;
    let theirs = &traffic(joined, End::Theirs)?.series;
    throttle::of(End::Ours, ours, theirs).or_else(|| throttle::of(End::Theirs, theirs, ours))
}

fn traffic(joined: &Record, end: End) -> Option<&Traffic> {
    let of_call = joined.observations.iter().filter(|seen| seen.end == end && seen.by.question == Question::Call);
    of_call
        .filter_map(|seen| if let Fact::Call(CallFact::Called(traffic)) = &seen.fact { Some(&**traffic) } else { None })
        .next_back()
}

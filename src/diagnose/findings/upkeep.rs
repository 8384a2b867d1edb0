//! Findings about how a call was kept.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::call::cut;
use crate::model::{
    Call, CallKept, CallOutcome, Code, Count, End, Fact, IceFact, Millis, RelayMaintenance, Severity, Throttled,
};

/// From here on there was something to renew: a permission's 300 s (RFC 8656 §9).
const PERMISSION: Millis = Millis(300_000.0);

/// Answers that make a control more than chance, and questions whose silence does.
const LEAST_HEARD: u32 = 2;
const LEAST_SENT: u32 = 2;

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    let Some(call) = &assessment.call else { return };
    rebound(assessment, call, list);
    let Some(kept) = &call.kept else { return };
    consent(call, kept, list);
    if let Some(relay) = &kept.keeping.relay {
        renewals(call, relay, list);
    }
    beside(call, kept, list);
    if let Some(Throttled { whose, second, before_bps, after_bps }) = kept.throttled {
        let code = if whose == End::Ours { Code::CallThrottledIn } else { Code::CallThrottledOut };
        let of = about().count(Count::Seconds(second.into())).before(before_bps / 1000).after(after_bps / 1000);
        list.add(code, Severity::Warning, of, &call.evidence);
    }
}

fn ran_to_its_end(call: &Call) -> bool {
    call.broken.is_none() && call.outcome != CallOutcome::Unfinished
}

fn consent(call: &Call, kept: &CallKept, list: &mut List) {
    let consent = kept.keeping.consent;
    if ran_to_its_end(call) && !consent.lapsed && consent.answered > 0 {
        let of = about()
            .count(Count::of_seconds(call.lasted_ms.unwrap_or_default()))
            .received(consent.answered)
            .sent(consent.asked);
        list.add(Code::CallKept, Severity::Info, of, &call.evidence);
    }
}

fn renewals(call: &Call, relay: &RelayMaintenance, list: &mut List) {
    let all = relay.renewals();
    let [asked, answered, failed] = [all.map(|it| it.asked), all.map(|it| it.answered), all.map(|it| it.failed())]
        .map(|counts| counts.iter().sum::<u32>());
    let of =
        about().count(Count::of_seconds(relay.held_ms)).server(relay.server.to_string()).received(answered).sent(asked);
    if failed > 0 {
        list.add(Code::CallRelayNotRenewed, Severity::Warning, of, &call.evidence);
    } else if relay.held_ms >= PERMISSION && ran_to_its_end(call) {
        list.add(Code::CallRelayKept, Severity::Info, of, &call.evidence);
    }
}

/// A mapping that changed and did no harm is told; one that a call did not survive may be why.
fn rebound(assessment: &Assessment<'_>, call: &Call, list: &mut List) {
    for seen in assessment.record.observations.iter().filter(|seen| seen.end.is_ours()) {
        let Fact::Ice(IceFact::Rebound(rebinding)) = &seen.fact else { continue };
        let severity = if call.outcome == CallOutcome::Cut { Severity::Warning } else { Severity::Info };
        let of = about().from(rebinding.from).to(rebinding.to).count(Count::of_seconds(seen.at_ms));
        let code = if rebinding.whose == End::Ours { Code::CallReboundHere } else { Code::CallReboundThere };
        list.add(code, severity, of, &[seen.id]);
    }
}

/// Whether the path was cut, or everything.
fn beside(call: &Call, kept: &CallKept, list: &mut List) {
    let is_silent = call.outcome == CallOutcome::Cut && cut::fault(call) == Code::CallCut;
    let Some(control) = kept.keeping.beside_silence.filter(|_| is_silent) else { return };
    let of = about().sent(control.sent).received(control.answered);
    if control.answered >= LEAST_HEARD {
        list.add(Code::CallOnlyPathCut, Severity::Info, of, &call.evidence);
    } else if control.answered == 0 && control.sent >= LEAST_SENT {
        list.add(Code::CallAllCut, Severity::Info, of, &call.evidence);
    }
}

//! Findings about calls: with the other end, and with oneself.

use super::{List, about};
use crate::diagnose::Case;
use crate::diagnose::call::figures;
use crate::model::{About, Call, CallBreak, CallOutcome, Code, Severity};

pub fn add(case: &Case<'_>, list: &mut List) {
    if let Some(call) = &case.call
        && let Some((code, severity)) = of_peer(call)
    {
        list.extend(code, severity, about_call(call), call);
    }
    for call in &case.own_calls {
        if let Some((code, severity)) = of_oneself(call) {
            list.extend(code, severity, about_call(call), call);
        }
    }
}

impl List {
    fn extend(&mut self, code: Code, severity: Severity, about: About, call: &Call) {
        self.add(code, severity, about, &call.evidence);
    }
}

/// None where no pair works: the pairs tell why.
fn of_peer(call: &Call) -> Option<(Code, Severity)> {
    Some(match call.outcome {
        CallOutcome::Good => (Code::CallGood, Severity::Info),
        CallOutcome::Degraded => (Code::CallDegraded, Severity::Warning),
        CallOutcome::RelayThin => (Code::CallRelayThin, Severity::Warning),
        CallOutcome::MediaOneWay => (Code::CallMediaOneWay, Severity::Critical),
        CallOutcome::NoData => (Code::CallNoData, Severity::Warning),
        CallOutcome::Cut => (Code::CallCut, Severity::Critical),
        CallOutcome::Closed => (Code::CallClosed, Severity::Info),
        CallOutcome::Dtls => match call.broken {
            Some(CallBreak::WrongFingerprint) => (Code::CallWrongFingerprint, Severity::Critical),
            Some(CallBreak::DtlsFailed { .. }) => (Code::CallDtlsFailed, Severity::Critical),
            _ => (Code::CallDtlsSilent, Severity::Critical),
        },
        CallOutcome::NoAgreement => (Code::CallNoAgreement, Severity::Warning),
        CallOutcome::Unfinished => (Code::CallUnfinished, Severity::Info),
        CallOutcome::NoPair | CallOutcome::NoCandidates => return None,
    })
}

/// None where the relay's own stages tell it already: nobody got as far as a call.
fn of_oneself(call: &Call) -> Option<(Code, Severity)> {
    let is_relayed = call.relay.is_some();
    Some(match call.outcome {
        CallOutcome::Good | CallOutcome::Closed if is_relayed => (Code::OwnCallRelayCarries, Severity::Info),
        CallOutcome::Good | CallOutcome::Closed => (Code::OwnCallGood, Severity::Info),
        CallOutcome::Degraded | CallOutcome::RelayThin if is_relayed => (Code::OwnCallRelayThin, Severity::Warning),
        CallOutcome::Unfinished | CallOutcome::NoCandidates => return None,
        CallOutcome::NoPair if !is_relayed => return None,
        _ if is_relayed => (Code::OwnCallRelayFails, Severity::Warning),
        _ => (Code::OwnCallFails, Severity::Warning),
    })
}

fn about_call(call: &Call) -> About {
    let mut all = About::new();
    if let Some(server) = &call.relay {
        all.extend(about([("server", server.clone())]));
    }
    if let Some((loss, rtt)) = figures(call) {
        all.extend(about([("loss", loss.to_string()), ("rtt", rtt.to_string())]));
    }
    match &call.broken {
        Some(CallBreak::DtlsSilent { largest_bytes, .. }) => {
            all.extend(about([("bytes", largest_bytes.to_string())]));
        }
        Some(CallBreak::DtlsFailed { detail } | CallBreak::DescriptionUnusable { detail }) => {
            all.extend(about([("reason", detail.as_str().to_owned())]));
        }
        Some(CallBreak::Cut { after_ms, .. } | CallBreak::Closed { after_ms }) => {
            all.extend(about([("reason", format!("{:.1} s", after_ms / 1000.0))]));
        }
        Some(CallBreak::WrongFingerprint) | None => {}
    }
    all
}

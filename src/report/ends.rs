//! Two ends: what their call came to, as every face says it in its first sentence.

use crate::catalog::ended::Ended;
use crate::catalog::met::Outcome;
use crate::catalog::page;
use crate::model::{CallOutcome, CandidateType, Code, Diagnosis, Pair, PairEnd, PairState, Path, Transport};

/// Whether it is a report of two ends.
pub(super) fn is_of_two(diagnosis: &Diagnosis) -> bool {
    diagnosis.verdict.predicted.is_some()
}

pub(super) fn outcome(diagnosis: &Diagnosis) -> Outcome {
    let verdict = &diagnosis.verdict;
    let path = verdict.path.value().copied();
    let chosen = diagnosis.pairs.iter().find(|pair| pair.nominated);
    let works = diagnosis.pairs.iter().find(|pair| pair.state == PairState::Succeeded);
    // What is said of the path, and the pair that shows it.
    let shows = |pair: &&Pair| is_relayed(pair) == (path == Some(Path::Relay));
    let pair = chosen.filter(shows).or(works.filter(shows));
    let blames = diagnosis.findings.iter().find(|finding| finding.code == Code::OwnRelayedOverStream);
    Outcome {
        predicted: verdict.predicted.as_ref().and_then(|path| path.value().copied()),
        tried: verdict.tried.as_ref().map(|path| path.value().copied()),
        rtt: pair.and_then(|pair| pair.rtt_ms).map(|rtt| page::milliseconds(rtt.median)),
        relay: pair.filter(|pair| is_relayed(pair)).and_then(relayed_over),
        cause: verdict.because.first().copied(),
        open_udp_to: blames.and_then(|finding| finding.about.get("server").cloned()),
        ended: ended(diagnosis),
    }
}

fn ended(diagnosis: &Diagnosis) -> Option<Ended> {
    let call = diagnosis.call.as_ref()?;
    let goes_through = |local: &PairEnd, remote: &PairEnd| {
        if [local, remote].iter().any(|end| end.kind == CandidateType::Relay) { Path::Relay } else { Path::Direct }
    };
    let chosen = call.selected.as_ref();
    Some(Ended {
        outcome: call.outcome,
        broken: call.broken.clone(),
        relay_died: diagnosis.findings.iter().any(|finding| finding.code == Code::CallRelayDied),
        path: chosen.map(|pair| goes_through(&pair.local, &pair.remote)),
        relay: chosen.and_then(|pair| slower([pair.local.relay_protocol, pair.remote.relay_protocol])),
    })
}

/// How grave it is what became of a call: None where nothing is to be said of it.
pub(super) fn call_tone(diagnosis: &Diagnosis) -> Option<CallTone> {
    Some(match diagnosis.call.as_ref()?.outcome {
        CallOutcome::Cut | CallOutcome::MediaOneWay | CallOutcome::Dtls => CallTone::Bad,
        CallOutcome::Degraded
        | CallOutcome::RelayThin
        | CallOutcome::NoData
        | CallOutcome::Closed
        | CallOutcome::NoAgreement => CallTone::Poor,
        CallOutcome::Good
        | CallOutcome::PartOffered
        | CallOutcome::NoPair
        | CallOutcome::NoCandidates
        | CallOutcome::Unfinished => return None,
    })
}

/// What a call that did not simply work makes of its report's first sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallTone {
    Poor,
    Bad,
}

fn is_relayed(pair: &Pair) -> bool {
    [&pair.local, &pair.remote].iter().any(|end| end.kind == CandidateType::Relay)
}

/// Of two relays the slower kind is what is felt.
fn relayed_over(pair: &Pair) -> Option<Transport> {
    slower([pair.local.relay_protocol, pair.remote.relay_protocol])
}

fn slower(relays: [Option<Transport>; 2]) -> Option<Transport> {
    let slowness = |transport: &Transport| match transport {
        Transport::Udp => 0,
        Transport::Dtls => 1,
        Transport::Tcp => 2,
        Transport::Tls => 3,
    };
    relays.into_iter().flatten().max_by_key(slowness)
}

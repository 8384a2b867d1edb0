//! Two ends: what their call came to, as every face says it in its first sentence.

use crate::catalog::met::Outcome;
use crate::catalog::page;
use crate::model::{CandidateType, Code, Diagnosis, Pair, PairState, Path, Transport};

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
    }
}

fn is_relayed(pair: &Pair) -> bool {
    [&pair.local, &pair.remote].iter().any(|end| end.kind == CandidateType::Relay)
}

/// Of two relays the slower kind is what is felt.
fn relayed_over(pair: &Pair) -> Option<Transport> {
    let slowness = |transport: &Transport| match transport {
        Transport::Udp => 0,
        Transport::Dtls => 1,
        Transport::Tcp => 2,
        Transport::Tls => 3,
    };
    [pair.local.relay_protocol, pair.remote.relay_protocol].into_iter().flatten().max_by_key(slowness)
}

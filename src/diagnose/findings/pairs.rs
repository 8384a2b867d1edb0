//! Findings about candidate pairs: those that failed, in groups by how, and what became of those that work.

use super::meeting::{about_ends, of_ours, shown};
use super::network::{LOSS_WORTH_TELLING, LOST_AT_LEAST};
use super::{List, about};
use crate::diagnose::meeting::{Met, Story};
use crate::diagnose::servers::in_words;
use crate::model::{About, Code, Fact, ObservationId, Pair, PairFailure, PairState, Path, Scope, Severity, Tally};
use std::collections::BTreeMap;

pub fn add(met: &Met, list: &mut List) {
    let stories = met.stories();
    let ours: Vec<&Story<'_>> = stories.iter().filter(|story| story.end.is_ours()).collect();
    failures(met, &ours, list);
    for story in ours.iter().filter(|story| story.pair.nominated) {
        let lost = story.pair.sent.saturating_sub(story.pair.received);
        let rate = f64::from(lost) / f64::from(story.pair.sent.max(1));
        if lost >= LOST_AT_LEAST && rate >= LOSS_WORTH_TELLING {
            let mut of = about_ends(&story.pair.local, &story.pair.remote);
            of.insert("loss".to_owned(), format!("{:.0}", rate * 100.0));
            list.add(Code::PairLossy, Severity::Warning, of, &[story.id]);
        }
    }
    for observation in met.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        if let Fact::ConsentLost { local, remote, .. } = &observation.fact {
            list.add(Code::ConsentLost, Severity::Warning, about_ends(local, remote), &[observation.id]);
        }
    }
    for observation in met.joined.observations.iter().filter(|observation| observation.end.is_ours()) {
        if let Fact::CallResumed { after_ms } = &observation.fact {
            let of = About::from([("count".to_owned(), format!("{after_ms:.0}"))]);
            list.add(Code::CallResumed, Severity::Info, of, &[observation.id]);
        }
    }
    let switched = of_ours(met, |fact| matches!(fact, Fact::RoleSwitched { .. }));
    list.add(Code::RoleConflict, Severity::Info, About::new(), &switched);
    let restarted = of_ours(met, |fact| *fact == Fact::Restarted);
    list.add(Code::IceRestarted, Severity::Info, About::new(), &restarted);
}

/// Pairs that failed alike; what it is about is the first of them.
struct Group {
    worst: Severity,
    of: About,
    evidence: Vec<ObservationId>,
}

/// One finding for each way to fail; where a server is at fault, for each server.
fn failures(met: &Met, ours: &[&Story<'_>], list: &mut List) {
    let connects = met.tried.as_ref().is_some_and(|tried| tried.path.value() == Some(&Path::Direct));
    let mut groups: BTreeMap<(Code, Option<String>), Group> = BTreeMap::new();
    for story in ours.iter().filter(|story| story.pair.state == PairState::Failed) {
        let Some((code, severity, more)) = story.pair.failure.as_ref().and_then(|f| meaning(story.pair, f, connects))
        else {
            continue;
        };
        let server = (code == Code::PairsRelayLost).then(|| story.pair.local.server.clone()).flatten();
        let group = groups.entry((code, server.clone())).or_insert_with(|| {
            let mut of = about_ends(&story.pair.local, &story.pair.remote);
            of.extend(server.map(|server| ("server".to_owned(), server)));
            of.extend(more);
            Group { worst: severity, of, evidence: Vec::new() }
        });
        group.worst = severity.max(group.worst);
        group.evidence.push(story.id);
    }
    for ((code, _), Group { worst: severity, mut of, evidence }) in groups {
        of.insert("count".to_owned(), evidence.len().to_string());
        list.add(code, severity, of, &evidence);
    }
}

/// `connects`: a pair without a relay works, so that one that does not is no loss.
fn meaning(pair: &Pair, failure: &PairFailure, connects: bool) -> Option<(Code, Severity, About)> {
    let unless_it_connects = if connects { Severity::Info } else { Severity::Warning };
    Some(match failure {
        PairFailure::Silent { control } if Tally { sent: pair.sent, heard: 0 }.is_silence_beside(*control) => {
            (Code::PairsSilent, Severity::Info, About::new())
        }
        PairFailure::Silent { .. } => (Code::PairsUnheard, Severity::Info, About::new()),
        PairFailure::NotSymmetric { from } => {
            (Code::PairsNotSymmetric, unless_it_connects, about([("from", from.to_string())]))
        }
        PairFailure::Unreachable { failure } => {
            let reason = in_words(failure);
            (Code::PairsUnreachable, Severity::Info, about([("reason", reason)]))
        }
        PairFailure::RelayRefused { code, .. } => {
            let is_public = pair.remote.address.address().is_some_and(|remote| Scope::of(remote) == Scope::Public);
            let severity = if is_public { unless_it_connects } else { Severity::Info };
            (Code::PairsRefusedByRelay, severity, about([("code", code.to_string()), ("remote", shown(&pair.remote))]))
        }
        PairFailure::RelayLost => (Code::PairsRelayLost, unless_it_connects, About::new()),
        PairFailure::Refused { code, reason } => {
            let mut of = about([("code", code.to_string())]);
            if !reason.is_empty() {
                of.insert("reason".to_owned(), reason.as_str().to_owned());
            }
            (Code::PairsRefused, unless_it_connects, of)
        }
        PairFailure::NotResolved => {
            (Code::PairsNotResolved, Severity::Info, about([("name", pair.remote.address.to_string())]))
        }
        PairFailure::Limit | PairFailure::NoTime => return None,
    })
}

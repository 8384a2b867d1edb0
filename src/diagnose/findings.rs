//! What is worth telling, how grave is it, and what does it rest on?
//!
//! `info` is a plain fact about the network; `warning` is what degrades calls or makes a server useless; `critical`
//! is what breaks calls. A network without IPv6, without a NAT or without hairpinning is none of the latter two.
//!
//! What a finding is about are values of their types ([`Detail`]), each only where the finding has the thing.

mod browser;
pub(crate) mod call;
mod configuration;
mod machine;
mod media;
mod meeting;
mod network;
mod pairs;
mod relaying;
mod saved_call;
mod serving;
mod signalling;
mod untried;
mod upkeep;

use super::Assessment;
use super::meeting::JointAssessment;
use super::saved::SavedCall;
use crate::model::{Code, Count, Detail, Fact, Finding, HostFact, Limit, ObservationId, Record, Severity};

/// Worst first; among equals in the order: the two ends, machine, network, servers, relays.
pub(crate) fn of(
    assessment: &Assessment<'_>,
    joint: Option<&JointAssessment>,
    saved: Option<&SavedCall<'_>>,
) -> Vec<Finding> {
    let mut list = List(Vec::new());
    if let Some(joint) = joint {
        meeting::add(assessment, joint, &mut list);
        pairs::add(assessment.call.as_ref(), joint, &mut list);
        signalling::add(assessment, joint, &mut list);
    }
    configuration::add(assessment, &mut list);
    machine::add(assessment, &mut list);
    network::add(assessment, &mut list);
    serving::add(assessment, &mut list);
    relaying::add(assessment, &mut list);
    call::add(assessment, joint, &mut list);
    upkeep::add(assessment, &mut list);
    untried::add(assessment, &mut list);
    newer(joint.map_or(assessment.record, |joint| &joint.joined), &mut list);
    browser::add(joint.map_or(assessment.record, |joint| &joint.joined), saved, &mut list);
    if let Some(saved) = saved {
        saved_call::add(saved, &mut list);
    }
    list.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    list.0
}

/// Why the source that was to name the servers gave none.
pub(crate) fn of_no_source(record: &Record) -> Option<Code> {
    let mut list = List(Vec::new());
    configuration::of_record(record, &mut list);
    list.0.into_iter().map(|found| found.code).find(|code| Code::OF_NO_SOURCE.contains(code))
}

/// What a record of a later release holds that this one has no word for.
fn newer(record: &Record, list: &mut List) {
    let left_out = record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Host(HostFact::Limited { what: Limit::Newer, ignored }) => Some((seen.id, *ignored)),
        _ => None,
    });
    let (ids, counts): (Vec<ObservationId>, Vec<u32>) = left_out.unzip();
    let count = counts.into_iter().fold(0_u32, u32::saturating_add);
    list.add(Code::NewerRelease, Severity::Info, about().count(Count::Of(count.into())), &ids);
}

struct List(Vec<Finding>);

impl List {
    fn add(&mut self, code: Code, severity: Severity, about: Detail, evidence: &[ObservationId]) {
        let mut evidence = evidence.to_vec();
        evidence.sort_unstable();
        evidence.dedup();
        self.0.extend(Finding::new(code, severity, about, evidence));
    }
}

fn about() -> Detail {
    Detail::default()
}

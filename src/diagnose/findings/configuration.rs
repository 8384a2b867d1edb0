//! Findings about the configuration that an application hands its browsers.

use super::List;
use crate::diagnose::Assessment;
use crate::model::{Code, ConfigurationFact, Detail, Fact, Severity};

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    for seen in assessment.record.observations.iter().filter(|seen| seen.end.is_ours()) {
        match &seen.fact {
            Fact::Configuration(ConfigurationFact::FaultyConfiguration { fault, about }) => {
                list.add(*fault, Severity::Critical, Detail::clone(about), &[seen.id]);
            }
            Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly) => {
                list.add(Code::SourceRelaysOnly, Severity::Info, Detail::default(), &[seen.id]);
            }
            _ => {}
        }
    }
}

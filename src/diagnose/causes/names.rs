//! Causes in the DNS: one fault of the name server, however many names it is met at.

use super::{Bearing, CauseClaim, CauseRule, ClaimExtent, ClaimKind};
use crate::diagnose::layer::Layer;
use crate::diagnose::naming::{self, resolvers};
use crate::diagnose::servers::ServerResult;
use crate::diagnose::view::domain;
use crate::diagnose::{Assessment, astray};
use crate::model::{
    Code, Detail, DnsFact, DnsFailure, DnsKind, Fact, ObservationId, Question, Several, Severity, Strength,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names of several owners, none of which exists: it is the name server that says so, and not each of them that is wrong.
pub(crate) const NAMES_ALL_DENIED: CauseRule = CauseRule {
    code: Code::NamesAllDenied,
    holds: |assessment| all_denied(assessment).into_iter().collect(),
    layers: &[Layer::Names],
    consequences: ASKED_NOBODY,
    instead: &[],
    bearing: Bearing::Hides,
};

/// Every name leads to one place, and so does one whose addresses the whole world knows.
pub(crate) const NAMES_ALL_ONE_ADDRESS: CauseRule = CauseRule {
    code: Code::NamesAllOneAddress,
    holds: |assessment| {
        naming::fault(assessment.record).map(|fault| whole(Detail::default(), fault.evidence)).into_iter().collect()
    },
    layers: &[],
    consequences: SINKHOLED,
    instead: &[],
    bearing: Bearing::Hides,
};

/// Names lead to nobody, or to where no server is: told once, however many they are.
pub(crate) const NAME_SINKHOLED: CauseRule = CauseRule {
    code: Code::NameSinkholed,
    holds: |assessment| sinkholed(assessment).into_iter().collect(),
    layers: &[],
    consequences: SINKHOLED,
    instead: &[],
    bearing: Bearing::Hides,
};

pub(crate) const NO_NAME_SERVER: CauseRule =
    unanswered(Code::NoNameServer, |assessment| fault(assessment, Code::NoNameServer));
/// What is on the way to the name server is as silent as the server is: no control tells the two apart.
pub(crate) const NAME_SERVER_SILENT: CauseRule = CauseRule {
    consequences: NAME_SERVER_GONE,
    ..unanswered(Code::NameServerSilent, |assessment| {
        let is_heard = naming::questions(assessment.record).answered > 0;
        let silent = fault(assessment, Code::NameServerSilent).into_iter().filter(|_| !is_heard);
        let rivals = &[Code::LocalFirewall, Code::NetworkForbids];
        silent.map(|claim| CauseClaim { strength: Strength::Likely, rivals, ..claim }).collect()
    })
};
pub(crate) const NAME_SERVER_REFUSED: CauseRule =
    unanswered(Code::NameServerRefused, |assessment| fault(assessment, Code::NameServerRefused));
pub(crate) const NAME_SERVER_FAILED: CauseRule =
    unanswered(Code::NameServerFailed, |assessment| fault(assessment, Code::NameServerFailed));

/// The names themselves, and what is said where no server could be asked.
const SINKHOLED: &[Code] = &[
    Code::NameSinkholed,
    Code::NoStunAnswer,
    Code::NameUnresolved,
    Code::NoAddressOfFamily,
    Code::RelayNotTested,
    Code::UdpUnclear,
];

/// Each name that it was asked for, and what is said where no server could be asked.
const NAME_SERVER_GONE: &[Code] = &[
    Code::NameServerSilent,
    Code::NoStunAnswer,
    Code::NameUnresolved,
    Code::NoAddressOfFamily,
    Code::RelayNotTested,
    Code::UdpUnclear,
];

/// What is said where no server could be asked.
const ASKED_NOBODY: &[Code] =
    &[Code::NoStunAnswer, Code::NameUnresolved, Code::NoAddressOfFamily, Code::RelayNotTested, Code::UdpUnclear];

const fn unanswered(code: Code, holds: fn(&Assessment<'_>) -> Vec<CauseClaim>) -> CauseRule {
    CauseRule {
        code,
        holds,
        layers: &[Layer::Names],
        consequences: ASKED_NOBODY,
        instead: &[],
        bearing: Bearing::Hides,
    }
}

/// Every name that was asked for was denied, and they are of at least two owners.
fn all_denied(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    const OWNERS: usize = 2;

    let mut denied: BTreeMap<&str, ObservationId> = BTreeMap::new();
    for observation in assessment.record.observations.iter().filter(|seen| seen.by.question == Question::Resolve) {
        match &observation.fact {
            Fact::Dns(DnsFact::Unresolved {
                name,
                record: DnsKind::A | DnsKind::Aaaa,
                failure: DnsFailure::NoSuchName,
                ..
            }) => {
                denied.entry(name).or_insert(observation.id);
            }
            // A service record is asked for beside the address, and need not be there.
            Fact::Dns(DnsFact::Unresolved { record: DnsKind::Srv, .. }) => {}
            Fact::Dns(DnsFact::Resolved { .. }) | Fact::Dns(DnsFact::Unresolved { .. }) => return None,
            _ => {}
        }
    }
    let owners: BTreeSet<&str> = denied.keys().map(|name| domain(name)).collect();
    let names: Vec<&str> = denied.keys().copied().collect();
    let about = Detail::default().names(Several::of(names));
    let about = about.resolver(resolvers(assessment.record));
    (owners.len() >= OWNERS).then(|| whole(about, denied.into_values().collect()))
}

/// Names that lead astray, where nobody else was left to be asked; nobody's address is never asked at all.
fn sinkholed(assessment: &Assessment<'_>) -> Option<CauseClaim> {
    let names = astray::names(assessment);
    let is_astray = |result: &ServerResult<'_>| {
        result.server.address.is_some_and(|at| names.contains_key(&(result.target.host.as_str(), at.ip())))
    };
    let is_not_asked =
        |result: &ServerResult<'_>| result.server.error.as_ref().is_some_and(|error| error.code == Code::NameSinkholed);
    let any_not_asked = assessment.servers.iter().any(is_not_asked);
    let all_astray = assessment.servers.iter().all(|result| is_astray(result) || is_not_asked(result));
    let evidence = names.values().flat_map(|name| name.evidence.iter().copied()).collect();
    (!names.is_empty() && (any_not_asked || all_astray)).then(|| whole(Detail::default(), evidence))
}

/// One way in which the name server failed, where it brought no name to an address.
fn fault(assessment: &Assessment<'_>, code: Code) -> Vec<CauseClaim> {
    let has_code = |error: &crate::model::ServerError| error.code == code;
    let failed = assessment.servers.iter().filter(|result| result.server.error.as_ref().is_some_and(has_code));
    let evidence: Vec<ObservationId> = failed.filter_map(|result| result.failed_at).collect();
    let brought_any =
        assessment.record.observations.iter().any(|seen| matches!(seen.fact, Fact::Dns(DnsFact::Resolved { .. })));
    let holds = !evidence.is_empty() && !brought_any;
    holds.then(|| whole(Detail::default().resolver(resolvers(assessment.record)), evidence)).into_iter().collect()
}

fn whole(about: Detail, evidence: Vec<ObservationId>) -> CauseClaim {
    let extent = ClaimExtent { kind: ClaimKind::Trait, ..ClaimExtent::everything() };
    CauseClaim { extent, strength: Strength::Proven, rivals: &[], severity: Severity::Warning, about, evidence }
}

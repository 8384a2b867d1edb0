//! Findings about the configuration that an application hands its browsers, and about where it has that from.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::diagnose::servers::errors::{dns, failure as told};
use crate::model::{
    Code, ConfigurationFact, Detail, Fact, Failure, Observation, Reason, Record, ServerError, Severity, Target, Tenths,
    Tls, TlsProblem, TurnFact,
};

pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    of_record(assessment.record, list);
}

/// The same, where nothing else is judged yet.
pub(super) fn of_record(record: &Record, list: &mut List) {
    for seen in record.observations.iter().filter(|seen| seen.end.is_ours()) {
        if let Fact::Configuration(fact) = &seen.fact
            && !is_disproved(fact, record)
        {
            of_fact(fact, seen, list);
        }
    }
}

/// Whether it is said of credentials that a server refuses them, by their look and by this machine's clock, and the server took
/// them: a number was no time then, or the clock is wrong.
fn is_disproved(fact: &ConfigurationFact, record: &Record) -> bool {
    let ConfigurationFact::FaultyConfiguration { fault, about, .. } = fact else { return false };
    let Some(target) = about.server.as_ref().and_then(|uri| uri.parse::<Target>().ok()) else { return false };
    let is_its = |seen: &&Observation| seen.by.uri.as_ref().is_some_and(|uri| uri.is(&target));
    let is_taken = |seen: &Observation| matches!(seen.fact, Fact::Turn(TurnFact::Allocated { .. }));
    let asks = |seen: &Observation| matches!(seen.fact, Fact::Turn(TurnFact::Challenged { .. }));
    let mut of_it = record.observations.iter().filter(is_its);
    // Milliseconds are taken on some days and refused on others, and the time of making is taken within its own second.
    let is_by_chance =
        matches!(fault, Code::CredentialsInMilliseconds | Code::CredentialsNotExpiry | Code::CredentialsNull);
    fault.is_of_credentials() && !is_by_chance && of_it.clone().any(asks) && of_it.any(is_taken)
}

fn of_fact(fact: &ConfigurationFact, seen: &Observation, list: &mut List) {
    let mut add = |code: Code, severity: Severity, about: Detail| list.add(code, severity, about, &[seen.id]);
    let without = |target: &str, why: Reason| about().server(target.to_owned()).reason(why);
    match fact {
        ConfigurationFact::RelayedCandidatesOnly => {
            add(Code::SourceRelaysOnly, Severity::Info, Detail::default());
        }
        ConfigurationFact::FaultyConfiguration { fault, severity, about } => {
            add(*fault, *severity, Detail::clone(about));
        }
        ConfigurationFact::SourceUnresolved { target, failure, .. } => {
            add(Code::SourceUnreachable, Severity::Critical, without(target, reason(dns(failure))));
        }
        ConfigurationFact::SourceNotConnected { target, failure, .. } => {
            let is_certificate = matches!(failure, Failure::Tls { problem } if is_of_certificate(problem));
            let code = if is_certificate { Code::SourceCertificate } else { Code::SourceUnreachable };
            add(code, Severity::Critical, without(target, reason(told(failure))));
        }
        ConfigurationFact::SourceNotAnswered { target, why, .. } => {
            add(Code::SourceUnreachable, Severity::Critical, without(target, why.clone().into()));
        }
        ConfigurationFact::SourceConnected { target, tls: Some(Tls { problem: Some(problem), .. }), .. } => {
            let failure = Failure::Tls { problem: problem.clone() };
            add(Code::SourceCertificate, Severity::Critical, without(target, reason(told(&failure))));
        }
        ConfigurationFact::SourceRenewed { target, .. } => {
            let after = Tenths::of_milliseconds(seen.at_ms);
            add(Code::SourceRenewed, Severity::Info, about().server(target.clone()).time(after));
        }
        ConfigurationFact::SourceNotRenewed { target, why } => {
            let after = Tenths::of_milliseconds(seen.at_ms);
            add(Code::SourceNotRenewed, Severity::Warning, without(target, Reason::Code(*why)).time(after));
        }
        ConfigurationFact::SourceConnected { .. }
        | ConfigurationFact::SourceAnswered { .. }
        | ConfigurationFact::SourceOffered { .. } => {}
    }
}

/// What was said, and else what the code says.
fn reason(error: ServerError) -> Reason {
    if error.reason.is_empty() { Reason::Code(error.code) } else { error.reason }
}

/// Whether it is a certificate that browsers refuse, and not the handshake.
fn is_of_certificate(problem: &TlsProblem) -> bool {
    match problem {
        TlsProblem::Expired
        | TlsProblem::NotYetValid
        | TlsProblem::WrongName
        | TlsProblem::SelfSigned
        | TlsProblem::UnknownIssuer
        | TlsProblem::Revoked
        | TlsProblem::BadCertificate { .. } => true,
        TlsProblem::NotTls { .. }
        | TlsProblem::NothingInCommon { .. }
        | TlsProblem::Alert { .. }
        | TlsProblem::TimedOut
        | TlsProblem::Closed
        | TlsProblem::Other { .. } => false,
    }
}

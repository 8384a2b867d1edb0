//! What an application's configuration of ICE servers means for its calls.

use super::scene::*;
use crate::model::*;
use crate::model::{ConfigurationFact, Fact};

fn with(fault: Code) -> Diagnosis {
    let mut scene = home();
    let fact = ConfigurationFact::FaultyConfiguration { fault, severity: Severity::Critical, about: Box::default() };
    scene.say(Question::Configuration, None, Fact::Configuration(fact));
    scene.judged()
}

#[test]
fn relayed_candidates_alone_without_a_turn_server_are_no_path_whatever_the_network_is() {
    let diagnosis = with(Code::SourceRelayOnlyWithoutTurn);
    assert_eq!((diagnosis.exit(), diagnosis.exit_code()), (Exit::NoPath, 2));
    assert_eq!(diagnosis.verdict.because, [Code::SourceRelayOnlyWithoutTurn]);
    assert!(diagnosis.verdict.forecast.iter().all(|forecast| forecast.path.value() == Some(&Path::None)));
    assert_eq!(codes(&diagnosis, Severity::Critical), [Code::SourceRelayOnlyWithoutTurn]);
}

#[test]
fn an_entry_that_browsers_refuse_is_told_and_says_nothing_of_the_network() {
    let diagnosis = with(Code::SourceUriRefused);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!((diagnosis.exit(), codes(&diagnosis, Severity::Critical)), (Exit::NoCall, vec![Code::SourceUriRefused]));
}

#[test]
fn an_application_that_allows_relays_only_is_relayed_where_the_network_would_let_it_through() {
    let mut scene = home();
    scene.say(Question::Configuration, None, Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::SourceRelaysOnly));
    assert_ne!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!(diagnosis.verdict.direct_if, [], "no change of the network's");
}

/// What comes of one fact about a source beside servers that work, and without any.
fn seen(fact: &ConfigurationFact) -> [Diagnosis; 2] {
    [home(), Scene::at_home(&[])].map(|mut scene| {
        scene.say(Question::Configuration, None, Fact::Configuration(fact.clone()));
        scene.judged()
    })
}

#[test]
fn a_source_that_cannot_be_used_is_no_path_to_servers_unless_others_are_named() {
    let target = || "app.example".to_owned();
    let tls = |problem| Failure::Tls { problem };
    let not_connected =
        |failure| ConfigurationFact::SourceNotConnected { target: target(), port: 443, failure, took_ms: Millis(1.0) };
    let unresolved =
        ConfigurationFact::SourceUnresolved { target: target(), failure: DnsFailure::NoSuchName, took_ms: Millis(1.0) };
    let silent =
        ConfigurationFact::SourceNotAnswered { target: target(), why: SourceRefusal::Silent, took_ms: Millis(1.0) };
    for (fact, code) in [
        (unresolved, Code::SourceUnreachable),
        (not_connected(Failure::Refused), Code::SourceUnreachable),
        (not_connected(tls(TlsProblem::Closed)), Code::SourceUnreachable),
        (not_connected(tls(TlsProblem::SelfSigned)), Code::SourceCertificate),
        (silent, Code::SourceUnreachable),
    ] {
        let [beside, alone] = seen(&fact);
        assert_eq!(codes(&beside, Severity::Critical), [code]);
        assert_eq!((beside.exit(), alone.exit()), (Exit::ServerFails, Exit::NoServerWorks), "{fact:?}");
        assert!(alone.findings[0].about.reason.is_some(), "the stage at which it failed is told");
    }
}

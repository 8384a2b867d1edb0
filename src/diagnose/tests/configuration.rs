//! What an application's configuration of ICE servers means for its calls.

use super::relays::{RELAYED, allocated_at, challenged, refused, say, with_turn};
use super::scene::*;
use crate::diagnose::diagnose;
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

#[test]
fn a_configuration_that_every_browser_throws_away_makes_no_call_in_any_network() {
    for (browsers, path) in [(&["Chromium", "Firefox"][..], Path::None), (&["Firefox"], Path::Direct)] {
        let mut scene = home();
        let about = Box::new(Detail::default().browsers(Several::of(browsers)));
        let severity = Severity::Critical;
        let fact = ConfigurationFact::FaultyConfiguration { fault: Code::SourceUriRefused, severity, about };
        scene.say(Question::Configuration, None, Fact::Configuration(fact));
        let diagnosis = scene.judged();
        assert_eq!((diagnosis.verdict.path.value(), diagnosis.exit()), (Some(&path), Exit::NoCall));
        assert_eq!(diagnosis.gravity(), Gravity::Broken);
        assert_eq!(diagnosis.left_without().map(|found| found.code), Some(Code::SourceUriRefused));
    }
}

#[test]
fn a_source_that_gives_nothing_is_why_nothing_was_asked() {
    let mut record = Record::default();
    let fault = Code::SourceFails;
    let fact = ConfigurationFact::FaultyConfiguration { fault, severity: Severity::Critical, about: Box::default() };
    let by = Origin { question: Question::Configuration, uri: None };
    record.push(Millis::default(), by, Fact::Configuration(fact));
    let diagnosis = diagnose(&record);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::SourceFails));
    assert_eq!((diagnosis.exit_code(), diagnosis.gravity()), (2, Gravity::Broken));
}

#[test]
fn a_server_that_takes_credentials_disproves_what_their_look_says() {
    let about_credentials = |scene: &mut Scene| {
        let about = Box::new(Detail::default().place("iceServers[0]".to_owned()).server(TURN.to_owned()));
        let severity = Severity::Critical;
        let fact = ConfigurationFact::FaultyConfiguration { fault: Code::CredentialsExpired, severity, about };
        scene.say(Question::Configuration, None, Fact::Configuration(fact));
    };
    let mut taken = with_turn();
    about_credentials(&mut taken);
    challenged(&mut taken, TURN);
    allocated_at(&mut taken, TURN, RELAYED);
    assert!(finding(&taken.judged(), Code::CredentialsExpired).is_none());
    let mut open = with_turn();
    about_credentials(&mut open);
    allocated_at(&mut open, TURN, RELAYED);
    assert!(finding(&open.judged(), Code::CredentialsExpired).is_some(), "a server that asks nobody takes anything");
}

#[test]
fn fresh_credentials_that_are_refused_are_the_services_and_the_servers_to_agree_on() {
    let mut scene = with_turn();
    let offered = ConfigurationFact::SourceOffered {
        target: "app.example".to_owned(),
        servers: vec![TURN.into()],
        life_s: None,
        software: None,
    };
    scene.say(Question::Configuration, None, Fact::Configuration(offered));
    challenged(&mut scene, TURN);
    say(&mut scene, TURN, refused(Method::Allocate, 401, None));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::CredentialsRefusedByServer).is_some());
    assert!(finding(&diagnosis, Code::RelayCredentialsRejected).is_none());
}

//! What an application's configuration of ICE servers means for its calls.

use super::scene::*;
use crate::model::*;
use crate::model::{ConfigurationFact, Fact};

fn with(fault: Code) -> Diagnosis {
    let mut scene = home();
    let fact = ConfigurationFact::FaultyConfiguration { fault, about: Box::default() };
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

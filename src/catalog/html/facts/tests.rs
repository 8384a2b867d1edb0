//! Every sentence is made of its fact, in either language.

use super::*;
use crate::catalog::html::tests::placeholders;
use crate::model::{
    Asked, Code, Failure, FailureMessage, IceFact, Millis, Record, RefusedCandidate, RefusedMessage, Tally,
};
use std::fs;
use std::path::Path;

/// All that happened in the records that the project keeps.
fn facts() -> Vec<Fact> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["fixtures/records", "fixtures/calls"].map(|folder| fs::read_dir(root.join(folder)).expect("is there"));
    let files = folders.into_iter().flatten().map(|entry| entry.expect("an entry").path());
    files
        .filter_map(|path| {
            let document: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
            let record = document.get("record").unwrap_or(&document).clone();
            serde_json::from_value::<Record>(record).ok()
        })
        .flat_map(|record| record.observations.into_iter().map(|observation| observation.fact))
        .chain(refusals())
        .collect()
}

/// All that can be wrong with what the other end says, and with sockets; the records hold little of it.
fn refusals() -> impl Iterator<Item = Fact> {
    let candidates = RefusedCandidate::samples()
        .into_iter()
        .map(|candidate| Fact::Ice(IceFact::CandidateRefused { candidate, why: Code::PeerCandidateMalformed }));
    let messages = RefusedMessage::samples()
        .into_iter()
        .map(|detail| Fact::Signalling(SignallingFact::MessageRefused { why: Code::PeerMessageMalformed, detail }));
    candidates.chain(messages).chain(complaints())
}

/// All that keeps a socket from being opened, as the tool says it.
fn complaints() -> impl Iterator<Item = Fact> {
    let server = "192.0.2.1:3478".parse().expect("an endpoint");
    let failures = FailureMessage::samples().into_iter().map(|message| Failure::Other { message });
    failures.map(move |failure| Fact::Stun(StunFact::NotOpened { server, failure }))
}

#[test]
fn every_value_of_a_sentence_is_a_field_of_the_fact() {
    let facts = facts();
    assert!(facts.len() > 300, "{}", facts.len());
    for fact in facts {
        let fields = serde_json::to_value(&fact).expect("serialises");
        let Sentence { template, values } = sentence(&fact, Lang::En);
        let mut told: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        told.sort_unstable();
        assert_eq!(placeholders(template.en), told, "{fact:?}");
        assert_eq!(placeholders(template.ko), told, "{fact:?}");
        for name in told {
            assert!(fields.get(name).is_some(), "{name} of {fields}");
        }
    }
}

/// The name of the tool and words of SDP, which are the same in every language (RFC 8839 §5, RFC 8842 §5).
const NAMES: [&str; 19] = [
    "active",
    "actpass",
    "candidate",
    "fingerprint",
    "holdconn",
    "host",
    "ice-pacing",
    "ice-pwd",
    "ice-ufrag",
    "passive",
    "prflx",
    "relay",
    "rtc-doctor",
    "rtcp-mux",
    "setup",
    "srflx",
    "tcptype",
    "typ",
    "ufrag",
];

/// A word of English, and not a unit, a name of a protocol or what somebody else said.
fn is_english(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() > 2 && !NAMES.contains(&word) && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[test]
fn a_korean_sentence_holds_no_english_word_of_ours() {
    let strangers = ["name", "agent", "reason", "software", "message"];
    for fact in facts() {
        let is_refused = matches!(fact, Fact::Signalling(SignallingFact::MessageRefused { .. }));
        let Sentence { template, values } = sentence(&fact, Lang::Ko);
        let is_strangers = |name: &str| strangers.contains(&name) || name == "detail" && !is_refused;
        let ours = values.iter().map(|(name, value)| match is_strangers(name) {
            true => (*name, ""),
            false => (*name, value.as_str()),
        });
        let told = fill(template.ko, &ours.collect::<Vec<_>>());
        assert!(!told.split_whitespace().any(is_english), "{told}");
    }
}

#[test]
fn a_tally_says_how_many_of_how_many() {
    let fact = Fact::Stun(StunFact::Tallied {
        asked: Asked::Plain,
        local: "192.0.2.1:5000".parse().expect("an endpoint"),
        server: "[2001:db8::1]:3478".parse().expect("an endpoint"),
        tally: Tally { sent: 8, answered: 3 },
        waited_ms: Millis(1.0),
    });
    assert_eq!(super::fact(&fact, Lang::En).0, "Requests to [2001:db8::1]:3478 (plain): 3/8");
}

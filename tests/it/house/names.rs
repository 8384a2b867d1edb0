//! A word means one thing: a type's name stands in one part only, and no identifier bears a word that was retired.

use super::breaches::settle;
use super::source::{Source, files_below, library};
use proc_macro2::{TokenStream, TokenTree};
use rtc_doctor::model::Code;
use std::collections::{BTreeMap, BTreeSet};
use syn::Item;

/// What every machine has one of; the part says whose.
const SHARED: [&str; 6] = ["Config", "Error", "Event", "Limits", "Output", "State"];

/// Types that are declared in more than one part, and where.
fn told_twice(sources: &[Source]) -> Vec<String> {
    let mut parts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        for item in &source.items {
            let name = match item {
                Item::Enum(item) => &item.ident,
                Item::Struct(item) => &item.ident,
                Item::Trait(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Union(item) => &item.ident,
                _ => continue,
            };
            parts.entry(name.to_string()).or_default().insert(&source.part);
        }
    }
    let told_twice = parts.into_iter().filter(|(name, parts)| parts.len() > 1 && !SHARED.contains(&name.as_str()));
    told_twice
        .flat_map(|(name, parts)| parts.into_iter().map(move |part| format!("{name} in {part}")).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_type_name_stands_in_one_part_only() {
    settle("type", told_twice(&library()));
}

#[test]
fn a_planted_second_type_of_one_name_is_found() {
    let sources = [
        Source::parsed("ice/agent.rs", "struct Pair; struct Config;"),
        Source::parsed("model/pair.rs", "pub enum Pair {} pub struct Config; type Own = u8;"),
        Source::parsed("model/own.rs", "pub struct Own;"),
    ];
    assert_eq!(told_twice(&sources), ["Pair in ice", "Pair in model"]);
}

/// Words that identifiers bore once, each with the field's word for it; some only where they meant this.
const RETIRED: [(&str, &str, Option<&str>); 42] = [
    ("desk", "netlab, sandbox", None),
    ("dice", "Rng", None),
    ("throws", "the generator's next value", None),
    ("crew", "Children", None),
    ("restless", "unpolled", None),
    ("carriage", "SignallingChannel", None),
    ("carriers", "SignallingTransport", Some("os")),
    ("carrying", "TransportSession", None),
    ("hall", "RoomServer", None),
    ("guest", "Connection", Some("os")),
    ("door", "admission", Some("os")),
    ("greet", "index, start", None),
    ("seat", "Participant, HostSpec", None),
    ("seated", "Participant", None),
    ("mouth", "Encoder", None),
    ("ear", "Decoder", None),
    ("talk", "Negotiation", None),
    ("alone", "LoopbackCall", Some("peer")),
    ("thorough", "CheckupWithCalls", Some("peer")),
    ("flights", "HandshakeStats", None),
    ("doubt", "RelayLiveness", None),
    ("doubts", "RelayLiveness", None),
    ("kept", "ConsentStats", Some("ice")),
    ("anew", "restart", None),
    ("farewell", "RELEASE_TIMEOUT", None),
    ("unlearnt", "prflx_overflow", None),
    ("story", "PairReport", None),
    ("asker", "BindingClient", None),
    ("heard", "Response", Some("probe")),
    ("lane", "ProbeSocket", None),
    ("brisk", "FAST_RETRANSMIT", None),
    ("untidy", "Lenient", None),
    ("oddity", "Anomaly", None),
    ("classic", "Rfc3489", None),
    ("fared", "ServerResult", None),
    ("sightings", "ReflexiveObservation", None),
    ("punches", "can_hole_punch", None),
    ("tape", "TranscriptHandle", None),
    ("taped", "RecordedCheckup", None),
    ("surroundings", "Environment", None),
    ("hero", "summary", None),
    ("sheet", "firewall_request", Some("report")),
];

fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in identifier.chars() {
        if letter == '_' {
            words.push(String::new());
        } else {
            if letter.is_uppercase() {
                words.push(String::new());
            }
            words.last_mut().expect("one at least").extend(letter.to_lowercase());
        }
    }
    words
}

fn identifiers(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => drop(found.insert(name.to_string())),
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The retired words that a file below `src` still bears, in its tests as well as in its name.
fn retired(path: &str, text: &str) -> Vec<String> {
    let below = path.trim_start_matches("src/");
    let part = below.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    let mut found: BTreeSet<String> = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let tokens = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    identifiers(tokens, &mut found);
    // The names of tests are sentences, and those of codes are what programs read.
    let is_no_code = |name: &&String| !Code::ALL.iter().any(|code| format!("{code:?}") == **name);
    let named = found.iter().filter(|name| name.matches('_').count() < 4).filter(is_no_code);
    let found: BTreeSet<String> = named.flat_map(|name| words(name)).collect();
    let borne = RETIRED.iter().filter(|(word, _, only)| found.contains(*word) && only.is_none_or(|only| only == part));
    borne.map(|(word, instead, _)| format!("{word} in {below} (say {instead})")).collect()
}

#[test]
fn no_identifier_bears_a_retired_word() {
    settle("word", files_below("src").iter().flat_map(|(path, text)| retired(path, text)));
}

#[test]
fn a_planted_retired_word_is_found_in_a_name_and_not_in_a_comment() {
    let planted = "/// The desk.\nstruct DeskHost { dice_of_it: u8 }\nfn the_desk_is_no_word_of_a_test() {}";
    assert_eq!(
        retired("src/netlab/host.rs", planted),
        ["desk in netlab/host.rs (say netlab, sandbox)", "dice in netlab/host.rs (say Rng)"]
    );
    assert_eq!(retired("src/model/host.rs", "struct Sheet;"), Vec::<String>::new());
}

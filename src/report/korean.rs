//! A Korean report is Korean, on every face: of all records, calls and samples that the project keeps.

#![cfg(feature = "html")]

use super::terminal::{Extent, Style};
use super::{html, markdown, terminal};
use crate::catalog::{self, Lang, foreign};
use crate::diagnose;
use crate::model::{Code, Diagnosis, FailureMessage, Reason, Record, SignallingTransport};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::Ipv6Addr;
use std::path::Path;

/// The members under which JSON has what a stranger said, or the name of something.
const STRANGERS: [&str; 18] = [
    "address",
    "agent",
    "candidate",
    "fingerprint",
    "from",
    "host",
    "interface",
    "issuer",
    "message",
    "name",
    "names",
    "reason",
    "resolver",
    "server",
    "server_name",
    "software",
    "subject",
    "uri",
];

/// All that is kept, judged as today.
fn kept() -> BTreeMap<String, Diagnosis> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["fixtures/records", "fixtures/calls", "reports/samples"];
    let entries = folders.into_iter().flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let saved = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let judged = saved.map(|path| {
        let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).expect("text")).expect("JSON");
        let diagnosis = if document.get("verdict").is_some() {
            serde_json::from_value(document).expect("a diagnosis")
        } else {
            let record = document.get_mut("record").map(Value::take).unwrap_or(document);
            diagnose::diagnose(&serde_json::from_value::<Record>(record).expect("a record"))
        };
        (path.display().to_string(), diagnosis)
    });
    judged.collect()
}

/// Whether the tool itself says this: only then is it to be in Korean.
fn is_ours(text: &str) -> bool {
    let is_reason = !matches!(Reason::from(text.to_owned()), Reason::Said(_));
    is_reason || !matches!(FailureMessage::from(text.to_owned()), FailureMessage::Other(_))
}

/// The words of all that strangers said, and of names.
fn strangers_words(value: &Value, member: &str, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| strangers_words(value, name, words)),
        Value::Array(values) => values.iter().for_each(|value| strangers_words(value, member, words)),
        Value::String(text) if STRANGERS.contains(&member) && !is_ours(text) => {
            words.extend(text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned));
        }
        _ => {}
    }
}

/// A page without what no reader sees, and without the members of an observation that its sentence leaves out, which
/// stand beside it as in JSON.
fn shown_of(page: &str) -> String {
    let without = |text: &str, begin: &str, end: &str| -> String {
        let mut parts = text.split(begin);
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.map(|part| part.split_once(end).map_or("", |(_, shown)| shown)).collect::<Vec<_>>().join(" ")
    };
    let page = without(page, "<script", "</script>");
    let page = without(&page, "<style", "</style>");
    let page = without(&page, "<span class=\"term\">", "</span>");
    without(&page, "<", ">")
}

#[test]
fn no_english_of_ours_stands_in_a_korean_report() {
    let kept = kept();
    assert!(kept.len() > 30, "{}", kept.len());
    // A standard bears its name in every language.
    let mut names: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    names.push(SignallingTransport::EventStream.to_string());
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for (name, mut diagnosis) in kept {
        catalog::fill(&mut diagnosis, Lang::Ko);
        let mut strangers = BTreeSet::new();
        strangers_words(&serde_json::to_value(&diagnosis).expect("JSON"), "", &mut strangers);
        let style = Style { colour: false, ascii: false, width: 100, lang: Lang::Ko };
        let faces = [
            terminal::render(&diagnosis, style, Extent::Screen),
            terminal::render(&diagnosis, style, Extent::Details),
            markdown::render(&diagnosis, Lang::Ko),
            shown_of(&html::render(&diagnosis, Lang::Ko).expect("a page")),
        ];
        for face in faces {
            for line in face.lines() {
                let plain = names.iter().fold(line.to_owned(), |line, name| line.replace(name.as_str(), " "));
                // The groups of an IPv6 address may look like words.
                let is_address = |word: &&str| word.trim_matches([',', '.', '(', ')']).parse::<Ipv6Addr>().is_ok();
                let plain = plain.split_whitespace().filter(|word| !is_address(word)).collect::<Vec<_>>().join(" ");
                let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
                let ours = words.filter(|word| !strangers.contains(*word));
                let english = ours.filter_map(foreign::english_word).next();
                assert_eq!(english, None, "{name}: {line}");
            }
        }
    }
}

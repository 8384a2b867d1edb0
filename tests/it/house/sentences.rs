//! Sentences are compared only where they are made: elsewhere a test asks for codes, so that a better word breaks nothing.

use super::breaches::settle;
use super::source::{Source, files_below, is_test, library};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::{Item, Lit};

/// The parts that make sentences, and may hold them in their tests.
const MAKERS: [&str; 4] = ["catalog", "codes", "report", "cli"];
/// What is written as a phrase is read back from it.
const READ_BACK: [&str; 2] = ["src/model/phrase.rs", "src/model/detail.rs"];
/// Fewer are a name and no sentence.
const WORDS_MIN: usize = 4;

/// All strings but what a test says of itself by `expect`.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let mut is_expected = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if !is_expected => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Lit::Str(text) = Lit::new(literal) {
                    found.insert(text.value());
                }
            }
            TokenTree::Ident(name) => {
                is_expected = name == "expect";
                continue;
            }
            TokenTree::Group(_) | TokenTree::Punct(_) => {}
        }
        is_expected = false;
    }
}

fn texts(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    literals(text.parse().expect("tokens"), &mut found);
    found
}

/// The tests of a file: a whole file where it has nothing else, or its own module of them.
fn tests_of(path: &str, text: &str) -> String {
    if path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs") {
        return text.to_owned();
    }
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let has_tests = file.items.iter().any(|item| matches!(item, Item::Mod(module) if is_test(&module.attrs)));
    let tests = has_tests.then(|| text.split_once("#[cfg(test)]\nmod tests {")).flatten();
    tests.map(|(_, tests)| tests.trim_end().trim_end_matches('}').to_owned()).unwrap_or_default()
}

fn compared(makers: &BTreeSet<String>, path: &str, tests: &str) -> Option<String> {
    let is_sentence = |text: &String| text.split_whitespace().count() >= WORDS_MIN && !text.contains(['{', '=']);
    let said = texts(tests).into_iter().filter(is_sentence);
    let first = said.into_iter().find(|text| makers.iter().any(|made| made.contains(text.trim())))?;
    Some(format!("{path} has \"{}\"", first.trim().replace('\n', " ")))
}

fn makers(sources: &[Source]) -> BTreeSet<String> {
    sources
        .iter()
        .filter(|source| MAKERS.contains(&source.part.as_str()))
        .flat_map(|source| texts(&source.text))
        .collect()
}

#[test]
fn only_the_tests_of_those_who_make_sentences_compare_them() {
    let makers = makers(&library());
    let of_makers = |path: &str| MAKERS.iter().any(|part| path.starts_with(&format!("src/{part}")));
    let files = files_below("src").into_iter().chain(files_below("tests"));
    let files = files.filter(|(path, _)| {
        !of_makers(path) && !path.starts_with("tests/it/house") && !READ_BACK.contains(&path.as_str())
    });
    settle("sentence", files.filter_map(|(path, text)| compared(&makers, &path, &tests_of(&path, &text))));
}

#[test]
fn a_planted_sentence_is_found() {
    let rows = "macro_rules! rows { () => { title: \"Your network blocks UDP, so calls go through a relay.\"; } }";
    let makers = makers(&[Source::parsed("codes/planted.rs", rows)]);
    let planted = "fn f() { assert!(shown.contains(\"calls go through a relay\")); g(\"a relay\"); }";
    assert_eq!(
        compared(&makers, "tests/it/lab.rs", planted).as_deref(),
        Some("tests/it/lab.rs has \"calls go through a relay\"")
    );
    assert_eq!(compared(&makers, "tests/it/lab.rs", "fn f() { g(\"not one of theirs\") }"), None);
}

//! One word for one thing: a label that says the same in English says the same in Korean, on whichever face it stands.

use super::source::{Source, library};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::Lit;

/// More words are a sentence, which has its own style in each place.
const WORDS_MAX: usize = 3;

/// Words of English that are two of Korean; what the second one is of.
const TWO_WORDS: [(&str, &str); 3] = [
    ("yes", "whether a thing is there, beside whether something is so"),
    ("no", "whether a thing is there, beside whether something is so"),
    ("there", "at the other end, beside being there at all"),
];

type Labels = BTreeMap<String, BTreeSet<String>>;

/// Every English text with the Korean one behind it.
fn pairs(tokens: TokenStream, found: &mut Labels) {
    let mut english: Option<String> = None;
    for token in tokens {
        match token {
            TokenTree::Group(group) => pairs(group.stream(), found),
            TokenTree::Literal(literal) => {
                let Lit::Str(text) = Lit::new(literal) else { continue };
                let text = text.value();
                let is_korean = text.contains(|c| ('가'..='힣').contains(&c));
                match (english.take(), is_korean) {
                    (Some(english), true) => drop(found.entry(english).or_default().insert(text)),
                    (_, true) => {}
                    (_, false) => english = Some(text.trim_end_matches('.').to_lowercase()),
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == ',' => {}
            TokenTree::Ident(_) | TokenTree::Punct(_) => english = None,
        }
    }
}

/// Its words stand within sentences, which bend them.
const WITHIN_SENTENCES: &str = "codes/details.rs";

fn labels(sources: &[Source]) -> Labels {
    let mut found = Labels::new();
    let is_of_words = |source: &&Source| ["catalog", "codes"].contains(&source.part.as_str());
    for source in sources.iter().filter(is_of_words).filter(|source| source.path != WITHIN_SENTENCES) {
        pairs(source.text.parse().expect("tokens"), &mut found);
    }
    found.retain(|english, _| english.split_whitespace().count() <= WORDS_MAX);
    found
}

fn told_apart(labels: &Labels) -> Vec<String> {
    let differ = labels.iter().filter(|(_, korean)| korean.len() > 1);
    differ
        .map(|(english, korean)| format!("{english}: {}", Vec::from_iter(korean.iter().cloned()).join(" / ")))
        .collect()
}

#[test]
fn one_label_has_one_word_in_either_language() {
    let labels = labels(&library());
    assert!(labels.len() > 200, "{}", labels.len());
    let mut others = labels.clone();
    for (word, why) in TWO_WORDS {
        assert!(others.remove(word).is_some_and(|korean| korean.len() == 2), "{word}: {why}");
    }
    assert_eq!(told_apart(&others), Vec::<String>::new());
}

#[test]
fn a_second_word_for_one_thing_is_found() {
    let planted = "fn f() { said(\"Why\", \"이유\"); } words! { why: \"why\", \"까닭\"; how: \"how\", \"방법\"; }";
    assert_eq!(told_apart(&labels(&[Source::parsed("catalog/page.rs", planted)])), ["why: 까닭 / 이유"]);
}

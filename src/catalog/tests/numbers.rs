//! Words agree in number with the values beside them.

use super::*;
use crate::model::Count;

/// Behind a number these are no plurals.
const UNITS: [&str; 4] = ["Mbit", "ms", "per", "s"];

/// Behind a number other than 1 these are neither the things nor their unit, which follow or went before.
const BETWEEN: [&str; 9] = ["RTP", "candidate", "are", "of", "on", "that", "was", "went", "were"];

/// All texts of a code as English has them.
fn english(code: Code, about: &dyn Values) -> Vec<String> {
    texts(code).into_iter().map(|said| expanded(said, about, Lang::En)).collect()
}

/// Each word of a text with the one behind it, unless a sign parts the two.
fn pairs_of_words(text: &str) -> Vec<(&str, &str)> {
    let words: Vec<&str> =
        text.split(' ').map(|word| word.trim_start_matches(|c: char| !c.is_alphanumeric())).collect();
    let pairs = words.windows(2).filter(|pair| pair[0].ends_with(char::is_alphanumeric));
    pairs.map(|pair| (pair[0], pair[1].trim_end_matches(|c: char| !c.is_alphanumeric()))).collect()
}

fn so_many(number: u32) -> Detail {
    Detail::default().count(Count::Of(number.into())).sent(number).received(number)
}

#[test]
fn one_thing_is_told_in_the_singular() {
    for code in Code::ALL {
        for text in english(*code, &so_many(1)) {
            for (_, behind) in pairs_of_words(&text).into_iter().filter(|(number, _)| *number == "1") {
                let is_singular = UNITS.contains(&behind) || behind == "was" || !behind.ends_with('s');
                assert!(is_singular && behind != "were", "{code}: {text}");
            }
        }
    }
}

#[test]
fn two_things_are_told_in_the_plural() {
    for code in Code::ALL {
        for text in english(*code, &so_many(2)) {
            for (_, behind) in pairs_of_words(&text).into_iter().filter(|(number, _)| *number == "2") {
                let is_unit = UNITS.contains(&behind) || BETWEEN.contains(&behind);
                let is_plural = behind.is_empty() || is_unit || behind.ends_with('s');
                assert!(is_plural && behind != "was", "{code}: {text}");
            }
        }
    }
}

#[test]
fn two_servers_are_told_in_the_plural() {
    let servers = Together { text: "2 servers".to_owned(), is_several: true };
    let about = BTreeMap::from([("server", servers)]);
    for code in Code::ALL {
        for text in english(*code, &about) {
            for behind in text.split("2 servers ").skip(1).filter_map(|behind| behind.split_whitespace().next()) {
                assert!(!behind.ends_with('s'), "{code}: {text}");
            }
            // What several servers have is theirs too: "The relays of 2 servers".
            if let Some((of_them, _)) = text.split_once(" of 2 servers") {
                let theirs = of_them.rsplit(' ').next().unwrap_or_default();
                assert!(theirs.ends_with('s') || of_them.ends_with("a relay"), "{code}: {text}");
            }
        }
    }
}

#[test]
fn a_number_that_is_not_known_is_told_in_the_plural() {
    let text = expand("{sent} {sent|request|requests}[ to {count} {count|server|servers}]", &Detail::default());
    assert_eq!(text, "<asked> requests");
}

//! Data stays data until the last moment: nothing in the library finds out by reading a text what it knew as a value.

use super::breaches::settle;
use super::source::{Source, library};

/// Parts whose matter is text that others wrote.
const READERS: [&str; 5] = ["dump", "source", "wire", "signal", "os"];

/// Where a text that others wrote is all that there is to go by; why.
const UNAVOIDABLE: [(&str, &str); 3] = [
    ("diagnose/portal.rs", "a portal is known by the HTTP with which it answers STUN or TLS"),
    ("diagnose/saved/networks.rs", "browsers say in words alone that a server's name has no address"),
    (
        "peer/stack/error.rs",
        "str0m has one error for all that is wrong with the other end's description, and a text in it",
    ),
];

/// What compares the model's own names, or looks for words in a text.
const PATTERNS: [&str; 4] = [".name == \"", "code.to_string()", ".contains(\"", "transport == \""];

fn compared(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let is_excused = |source: &Source| {
        READERS.contains(&source.part.as_str()) || UNAVOIDABLE.iter().any(|(path, _)| *path == source.path)
    };
    for source in sources.iter().filter(|source| !is_excused(source)) {
        for pattern in PATTERNS {
            if source.code().any(|line| line.contains(pattern)) {
                found.push(format!("{pattern} in {}", source.path));
            }
        }
    }
    found
}

#[test]
fn nothing_is_found_out_by_comparing_the_models_own_names_as_text() {
    settle("text", compared(&library()));
}

#[test]
fn what_is_excused_is_still_there() {
    let sources = library();
    for (path, why) in UNAVOIDABLE {
        let source = sources.iter().find(|source| source.path == path);
        let reads = source.is_some_and(|source| source.code().any(|line| line.contains(".contains(\"")));
        assert!(reads && !why.is_empty(), "{path}");
    }
}

#[test]
fn a_planted_comparison_is_found_where_text_is_nobodys_matter() {
    let planted = "fn f() { if stage.name == \"allocate\" {} }\n// .contains(\"x\")";
    assert_eq!(compared(&[Source::parsed("diagnose/call.rs", planted)]), [".name == \" in diagnose/call.rs"]);
    assert_eq!(compared(&[Source::parsed("wire/frame.rs", planted)]), Vec::<String>::new());
}

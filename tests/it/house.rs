//! The rules of the house (design: "words import words, machines import words and lower machines, …"), read off the
//! `use` lines of the code itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each part of the library may import of the others; tests inside a file may import more.
fn rules() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("codes", vec![]),
        ("model", vec![]),
        ("catalog", vec!["model"]),
        ("machine", vec!["model"]),
        ("wire", vec!["model"]),
        ("transaction", vec!["machine", "wire"]),
        ("turn", vec!["model", "machine", "wire", "transaction"]),
        ("ice", vec!["model", "machine", "wire", "transaction", "turn"]),
        ("probe", vec!["model", "machine", "wire", "transaction", "turn", "ice"]),
        ("server", vec!["model", "machine", "wire"]),
        ("signal", vec!["model", "machine", "ice"]),
        ("peer", vec!["model", "machine", "wire", "ice", "turn", "probe", "signal"]),
        ("record", vec!["model", "machine", "wire"]),
        ("diagnose", vec!["model"]),
        ("lab", vec!["model", "machine"]),
        ("os", vec!["model", "machine", "signal"]),
        ("netlab", vec!["model", "machine", "lab"]),
        ("report", vec!["model", "catalog"]),
        ("run", vec!["model", "machine", "turn", "probe", "peer", "server", "record", "lab", "os"]),
    ])
}

/// Crates that only some parts may name: sockets and clocks stay in the worlds, the command line in `cli`.
const CRATES: [(&str, &[&str]); 15] = [
    ("tokio", &["os", "netlab", "run", "cli", "main"]),
    ("tokio_rustls", &["os"]),
    ("hickory_resolver", &["os"]),
    ("axum", &["os"]),
    ("hyper", &["os"]),
    ("tokio_tungstenite", &["os"]),
    ("netdev", &["os"]),
    ("nix", &["os", "netlab", "cli"]),
    ("rtnetlink", &["netlab"]),
    ("tun_rs", &["netlab"]),
    ("clap", &["cli"]),
    ("comfy_table", &["report"]),
    ("indicatif", &["cli"]),
    ("stun_rs", &["wire", "turn", "server"]),
    ("str0m", &["peer"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// (part, file, the file's text without its tests)
fn parts() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    assert!(found.len() > 20, "the sources are there to be read");
    let is_test = |path: &PathBuf| path.with_extension("").components().any(|part| part.as_os_str() == "tests");
    found.retain(|path| !is_test(path.strip_prefix(&src).map(Path::to_owned).as_ref().unwrap_or(path)));
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&src).expect("below src");
            let first = inside.components().next().expect("a name").as_os_str().to_string_lossy();
            let text = fs::read_to_string(&path).expect("readable");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            (first.trim_end_matches(".rs").to_owned(), path.clone(), text)
        })
        .collect()
}

/// The names that follow `prefix` in the text, outside comments: `crate::{a, b}` gives both.
fn imports(text: &str, prefix: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group.split('}').next().unwrap_or_default().split(',').map(|n| name(n.trim()))),
            None => names.push(name(rest)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn every_part_imports_only_what_the_design_allows() {
    let rules = rules();
    let mut breaches = Vec::new();
    for (part, path, text) in parts() {
        let Some(allowed) = rules.get(part.as_str()) else { continue };
        for import in imports(&text, "crate::") {
            let is_part = rules.contains_key(import.as_str()) || import == "cli";
            if is_part && import != part && !allowed.contains(&import.as_str()) {
                breaches.push(format!("{}: {part} imports {import}", path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn sockets_clocks_and_the_command_line_stay_where_they_belong() {
    let mut breaches = Vec::new();
    for (part, path, text) in parts() {
        for (name, allowed) in CRATES {
            let names_it = text.contains(&format!("use {name}::")) || text.contains(&format!(" {name}::"));
            if names_it && !allowed.contains(&part.as_str()) {
                breaches.push(format!("{}: {part} names {name}", path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_rules_themselves_can_fail() {
    assert_eq!(
        imports("use crate::{os, model};\n// use crate::lab;\nlet a = crate::cli::run();", "crate::"),
        ["os", "model", "cli"]
    );
}

#[test]
fn the_top_level_shows_only_what_the_user_asked_for() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = ["Cargo.toml", "Cargo.lock", "README.md", "src", "reports", "tests", "fixtures", "target"];
    for entry in fs::read_dir(top).expect("the top level") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || name.starts_with("LICENSE-") || known.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn no_file_grows_beyond_eight_hundred_lines() {
    for (_, path, _) in parts() {
        let lines = fs::read_to_string(&path).expect("readable").lines().count();
        assert!(lines <= 800, "{}: {lines} lines", path.display());
    }
}

//! Parts import only downward, and crates of others stay where they belong: "words import words, machines import words
//! and lower machines, judgement imports only words, worlds import only words and the trait, faces import only words".

use super::source::{Source, library, root};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{UseTree, Visibility};

/// What each part of the library may import of the others; its tests may import more.
const PARTS: [(&str, &[&str]); 22] = [
    ("codes", &[]),
    ("model", &[]),
    ("catalog", &["model"]),
    ("configuration", &["model"]),
    ("machine", &["model"]),
    ("wire", &["model"]),
    ("transaction", &["model", "machine", "wire"]),
    ("turn", &["model", "machine", "wire", "transaction"]),
    ("ice", &["model", "machine", "wire", "transaction", "turn"]),
    ("probe", &["model", "machine", "wire", "transaction", "turn", "ice"]),
    ("server", &["model", "machine", "wire"]),
    ("signal", &["model", "machine", "ice"]),
    ("peer", &["model", "machine", "wire", "ice", "turn", "probe", "signal"]),
    ("dump", &["model", "wire", "ice", "signal"]),
    ("record", &["model", "machine", "wire"]),
    ("diagnose", &["model"]),
    ("lab", &["model", "machine"]),
    ("source", &["model", "configuration", "turn"]),
    ("os", &["model", "machine", "signal", "configuration", "source"]),
    ("netlab", &["model", "machine", "lab"]),
    ("report", &["model", "catalog", "configuration"]),
    ("run", &["model", "machine", "turn", "probe", "peer", "server", "record", "lab", "os"]),
];

/// What may import every part.
const DOORS: [&str; 3] = ["cli", "lib", "main"];

/// Every crate that the library depends on, and the parts that may name it.
const CRATES: [(&str, &[&str]); 49] = [
    ("anyhow", &["cli", "main"]),
    ("askama", &["cli", "report"]),
    ("aws_lc_rs", &["cli", "configuration", "os", "peer", "report", "server", "source", "turn", "wire"]),
    ("axum", &["os"]),
    ("base64", &["cli", "configuration", "dump", "os", "report", "run", "server", "signal", "source", "turn"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["report"]),
    ("crc", &["ice", "signal", "wire"]),
    ("etherparse", &["dump"]),
    ("flate2", &["dump", "signal"]),
    ("futures_util", &["cli", "netlab", "os"]),
    ("getrandom", &["os"]),
    ("hickory_resolver", &["os"]),
    ("http_body_util", &["os"]),
    ("httparse", &["probe"]),
    ("hyper", &["os"]),
    ("hyper_util", &["os"]),
    ("indicatif", &["cli"]),
    ("netdev", &["os"]),
    ("nix", &["os", "netlab", "cli"]),
    ("pcap_parser", &["dump"]),
    ("plotters", &["report"]),
    ("quick_xml", &["probe", "source"]),
    ("rand_chacha", &["machine"]),
    ("rcgen", &["cli", "run"]),
    ("rtnetlink", &["netlab"]),
    ("rustls_pki_types", &["cli", "os"]),
    ("rustls_platform_verifier", &["os"]),
    ("schemars", &["model", "report"]),
    ("serde", &["catalog", "cli", "diagnose", "dump", "lab", "model", "netlab", "os", "report", "signal"]),
    (
        "serde_json",
        &[
            "catalog",
            "cli",
            "configuration",
            "diagnose",
            "dump",
            "model",
            "netlab",
            "os",
            "record",
            "report",
            "signal",
            "source",
        ],
    ),
    ("socket2", &["os", "netlab"]),
    ("str0m", &["peer"]),
    ("strsim", &["cli", "lab"]),
    ("stun_rs", &["wire", "turn", "server"]),
    ("terminal_size", &["cli"]),
    ("thiserror", &[]),
    ("time", &["source"]),
    ("tokio", &["os", "netlab", "run", "cli", "main"]),
    ("tokio_rustls", &["os"]),
    ("tokio_tungstenite", &["os"]),
    ("toml", &["cli", "lab"]),
    ("tower_service", &["os"]),
    ("tun_rs", &["netlab"]),
    ("unicode_width", &["cli", "lab", "report"]),
    ("url", &["configuration", "os", "probe", "source"]),
    ("x509_parser", &["os"]),
];

/// The first two names of every path in a file, imports and all.
#[derive(Default)]
struct Paths(BTreeSet<(String, Option<String>)>);

impl Paths {
    fn of(source: &Source) -> Self {
        let mut paths = Self::default();
        source.visit(&mut paths);
        paths
    }

    fn take(&mut self, first: &str, second: Option<&syn::Ident>) {
        self.0.insert((first.to_owned(), second.map(ToString::to_string)));
    }

    fn take_tree(&mut self, before: Option<&str>, tree: &UseTree) {
        match (tree, before) {
            (UseTree::Group(group), _) => group.items.iter().for_each(|tree| self.take_tree(before, tree)),
            (UseTree::Path(path), None) => self.take_tree(Some(&path.ident.to_string()), &path.tree),
            (UseTree::Path(path), Some(first)) => self.take(first, Some(&path.ident)),
            (UseTree::Name(name), Some(first)) => self.take(first, Some(&name.ident)),
            (UseTree::Rename(name), Some(first)) => self.take(first, Some(&name.ident)),
            (UseTree::Glob(_), Some(first)) => self.take(first, None),
            (UseTree::Name(name), None) => self.take(&name.ident.to_string(), None),
            (UseTree::Rename(name), None) => self.take(&name.ident.to_string(), None),
            (UseTree::Glob(_), None) => {}
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_tree(None, &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut names = path.segments.iter().map(|segment| segment.ident.to_string());
        if let (Some(first), second @ Some(_)) = (names.next(), names.next()) {
            self.0.insert((first, second));
        }
        visit::visit_path(self, path);
    }

    /// Derives and attributes are paths of no expression: `#[derive(serde::Serialize)]`.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// What a part imports that it may not.
fn upward(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let Some((_, allowed)) = PARTS.iter().find(|(part, _)| *part == source.part) else { continue };
        for (_, part) in Paths::of(source).0.into_iter().filter(|(first, _)| first == "crate") {
            let Some(part) = part else { continue };
            let is_part = PARTS.iter().any(|(name, _)| *name == part) || DOORS.contains(&part.as_str());
            if is_part && part != source.part && !allowed.contains(&part.as_str()) {
                found.push(format!("{}: {} imports {part}", source.path, source.part));
            }
        }
    }
    found
}

/// The crates of others that a part names and may not.
fn strangers(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (name, _) in Paths::of(source).0 {
            let of_another = CRATES.iter().find(|(known, _)| *known == name);
            if of_another.is_some_and(|(_, parts)| !parts.contains(&source.part.as_str())) {
                found.push(format!("{}: {} names {name}", source.path, source.part));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_part_imports_only_what_the_design_allows() {
    let library = library();
    let known = |part: &str| DOORS.contains(&part) || PARTS.iter().any(|(name, _)| *name == part);
    let parts: BTreeSet<&str> = library.iter().map(|source| source.part.as_str()).collect();
    let unknown: Vec<&&str> = parts.iter().filter(|part| !known(part)).collect();
    assert!(unknown.is_empty(), "no rule says what these may import: {unknown:?}");
    let found = upward(&library);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_crate_stays_in_the_parts_that_it_is_listed_for() {
    let found = strangers(&library());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_dependency_is_listed_with_its_parts_and_nothing_else_is() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("readable");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let of = |table: &toml::Table| {
        let listed = table.get("dependencies").and_then(toml::Value::as_table);
        listed.into_iter().flat_map(|all| all.keys()).map(|name| name.replace('-', "_")).collect::<Vec<_>>()
    };
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let of_targets = targets.into_iter().flat_map(|all| all.values()).filter_map(toml::Value::as_table).flat_map(of);
    let depended: BTreeSet<String> = of(&manifest).into_iter().chain(of_targets).collect();
    let listed: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(depended, listed);
}

#[test]
fn a_planted_import_is_found_in_a_group_and_in_the_midst_of_code() {
    let upward_ones = "use crate::{os, model};\n// use crate::cli;\nfn f() { crate::cli::run(); }";
    let found = upward(&[Source::parsed("probe/ask.rs", upward_ones)]);
    assert_eq!(found, ["probe/ask.rs: probe imports cli", "probe/ask.rs: probe imports os"]);
    let crates = "use tokio::net;\nfn f() { clap::Command::new(\"\"); }\nfn g() -> serde_json::Value {}";
    let found = strangers(&[Source::parsed("ice/agent.rs", crates)]);
    assert_eq!(found.len(), 3, "{found:?}");
}

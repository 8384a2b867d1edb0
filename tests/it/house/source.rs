//! The sources of the library, parsed: which file belongs to which part, and what stands in it outside its tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;
use syn::{Attribute, Item};

/// One file below `src` without its tests.
pub(super) struct Source {
    /// The first folder, or the file itself at the top: `ice`, `main`.
    pub part: String,
    /// Below `src`, with `/`.
    pub path: String,
    pub text: String,
    pub items: Vec<Item>,
}

impl Source {
    /// As the laws read a file; `path` is below `src`.
    pub(super) fn parsed(path: &str, text: &str) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let part = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let items = without_tests(file.items);
        Self { part, path: path.to_owned(), text: text.to_owned(), items }
    }

    /// The names of the modules that lead here: `ice/agent.rs` is `["ice", "agent"]`.
    pub(super) fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs");
        if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
    }

    /// The lines of code outside comments and outside the tests at the file's end.
    pub(super) fn code(&self) -> impl Iterator<Item = &str> {
        let before_tests = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        before_tests.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    pub(super) fn visit(&self, visitor: &mut impl for<'ast> Visit<'ast>) {
        self.items.iter().for_each(|item| visitor.visit_item(item));
    }
}

/// The whole library but its tests.
pub(super) fn library() -> Vec<Source> {
    let src = root().join("src");
    let mut files = BTreeSet::new();
    collect(&src, &mut files);
    let mut test_modules = BTreeSet::new();
    for path in &files {
        let text = fs::read_to_string(path).expect("readable");
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let folder = if path.file_name().is_some_and(|name| name == "lib.rs" || name == "main.rs") {
            src.clone()
        } else {
            path.with_extension("")
        };
        for item in file.items {
            match item {
                Item::Mod(module) if module.content.is_none() && is_test(&module.attrs) => {
                    test_modules.insert(folder.join(module.ident.to_string()));
                }
                _ => {}
            }
        }
    }
    let is_of_tests = |path: &Path| {
        let module = path.with_extension("");
        module.ancestors().any(|above| test_modules.contains(above))
    };
    let library: Vec<Source> = files
        .iter()
        .filter(|path| !is_of_tests(path))
        .map(|path| {
            let below = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
            Source::parsed(&below, &fs::read_to_string(path).expect("readable"))
        })
        .collect();
    assert!(library.len() > 100, "the sources are there to be read");
    library
}

/// Every Rust file below a folder of the repository: its path from the root, and its text.
pub(super) fn files_below(folder: &str) -> Vec<(String, String)> {
    let mut files = BTreeSet::new();
    collect(&root().join(folder), &mut files);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(path).expect("readable"))
    };
    files.iter().map(read).collect()
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(path);
        }
    }
}

pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn without_tests(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter(|item| !is_test(attributes(item))).collect()
}

//! Files of one part do not import each other in a circle: what two of them share stands in a third.

use super::breaches::settle;
use super::source::{Source, library};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Item, UseTree, Visibility};

/// What a file declares or imports under a name of its own.
#[derive(Default)]
struct Names {
    /// Declared here, modules aside.
    own: BTreeSet<String>,
    /// Name, and the path that it stands for.
    imported: BTreeMap<String, Vec<String>>,
    /// Paths whose every name is here too.
    globs: Vec<Vec<String>>,
}

/// The modules of the library by their paths; a file is its module.
struct Modules(BTreeMap<Vec<String>, Names>);

impl Modules {
    fn of(sources: &[Source]) -> Self {
        Self(sources.iter().map(|source| (source.module(), names(source))).collect())
    }

    /// The module in which what this path names from within `module` is declared; None outside the library.
    fn declares(&self, module: &[String], path: &[String], depth: u8) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (module.to_vec(), rest),
            "super" => (module[..module.len().checked_sub(1)?].to_vec(), rest),
            name => {
                let child = [module, &[name.to_owned()]].concat();
                if self.0.contains_key(&child) {
                    (child, rest)
                } else {
                    let imported = self.0.get(module)?.imported.get(name)?;
                    let longer = [imported.as_slice(), rest].concat();
                    return (depth > 0 && longer.first() != Some(first))
                        .then(|| self.declares(module, &longer, depth - 1))
                        .flatten();
                }
            }
        };
        while let Some((next, further)) = rest.split_first() {
            let child = [at.as_slice(), std::slice::from_ref(next)].concat();
            if next == "super" {
                at.pop()?;
            } else if self.0.contains_key(&child) {
                at = child;
            } else {
                return self.home(&at, next, depth);
            }
            rest = further;
        }
        Some(at)
    }

    /// Where `name`, found in `module`, is declared.
    fn home(&self, module: &[String], name: &str, depth: u8) -> Option<Vec<String>> {
        let names = self.0.get(module)?;
        if names.own.contains(name) || depth == 0 {
            return Some(module.to_vec());
        }
        if let Some(path) = names.imported.get(name) {
            return self.declares(module, path, depth - 1);
        }
        let through = |glob: &Vec<String>| {
            let at = self.declares(module, glob, depth - 1)?;
            (at != module && self.0.get(&at)?.own.contains(name)).then_some(at)
        };
        names.globs.iter().find_map(through).or_else(|| Some(module.to_vec()))
    }
}

fn leaves(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<(Option<String>, Vec<String>)>) {
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            leaves(&tree.tree, path, found);
            path.pop();
        }
        UseTree::Name(tree) if tree.ident == "self" => found.push((path.last().cloned(), path.clone())),
        UseTree::Name(tree) => {
            let name = tree.ident.to_string();
            found.push((Some(name.clone()), [path.as_slice(), &[name]].concat()));
        }
        UseTree::Rename(tree) => {
            let whole = [path.as_slice(), &[tree.ident.to_string()]].concat();
            found.push((Some(tree.rename.to_string()), whole));
        }
        UseTree::Glob(_) => found.push((None, path.clone())),
        UseTree::Group(tree) => tree.items.iter().for_each(|tree| leaves(tree, path, found)),
    }
}

fn names(source: &Source) -> Names {
    let mut names = Names::default();
    for item in &source.items {
        let declared = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Use(item) => {
                let mut found = Vec::new();
                leaves(&item.tree, &mut Vec::new(), &mut found);
                for (name, path) in found {
                    match name {
                        Some(name) => drop(names.imported.insert(name, path)),
                        None => names.globs.push(path),
                    }
                }
                continue;
            }
            _ => continue,
        };
        names.own.insert(declared.to_string());
    }
    names
}

/// The paths that a file's code goes by: its imports, but what it only hands on, and what it names in place.
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if matches!(item.vis, Visibility::Inherited) {
            let mut found = Vec::new();
            leaves(&item.tree, &mut Vec::new(), &mut found);
            self.0.extend(found.into_iter().map(|(_, path)| path));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}

/// For each file the files of its own part that it goes by.
fn imports(sources: &[Source]) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let modules = Modules::of(sources);
    let of = |source: &Source| {
        let own = source.module();
        let mut paths = Paths(Vec::new());
        source.visit(&mut paths);
        let found = paths.0.iter().filter_map(|path| modules.declares(&own, path, 8));
        // A file is made of those below it: that it goes by them is no circle, where they go by what stands in it.
        let found = found.filter(|module| !module.starts_with(&own) && module.first() == own.first()).collect();
        (own, found)
    };
    sources.iter().map(of).collect()
}

/// The files from which an import leads back to them, each with a file of its part that it should not go by.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let imports = imports(sources);
    let reaches = |from: &Vec<String>| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(next) = left.pop() {
            for module in imports.get(&next).into_iter().flatten() {
                if seen.insert(module.clone()) {
                    left.push(module.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        imports.keys().map(|from| (from, reaches(from))).collect();
    let mut found = Vec::new();
    for (from, to) in &imports {
        for module in to.iter().filter(|module| reached.get(module).is_some_and(|reached| reached.contains(from))) {
            found.push(format!("{} goes by {}, and back", from.join("/"), module.join("/")));
        }
    }
    found
}

#[test]
fn no_files_of_a_part_import_each_other_in_a_circle() {
    settle("circle", breaches(&library()));
}

#[test]
fn a_planted_circle_is_found_also_through_what_a_parent_hands_on() {
    let parent = Source::parsed("part.rs", "mod one;\nmod two;\npub use one::One;\npub use two::Two;");
    let one = Source::parsed("part/one.rs", "use super::Two;\npub struct One(Two);");
    let two = Source::parsed("part/two.rs", "pub struct Two;\nfn f() { let _ = super::one::One; }");
    let found = breaches(&[parent, one, two]);
    assert_eq!(found, ["part/one goes by part/two, and back", "part/two goes by part/one, and back"]);
}

#[test]
fn a_parent_and_the_children_that_it_is_made_of_are_no_circle() {
    let parent = Source::parsed("part.rs", "mod one;\npub struct Shared;\nfn f() { one::One::new(); }");
    let one = Source::parsed("part/one.rs", "use super::Shared;\npub struct One(Shared);");
    assert_eq!(breaches(&[parent, one]), Vec::<String>::new());
}

//! State is small, and what changes it stands together: a struct that its methods change has at most twenty fields, and
//! the methods of one type stand in at most three files. More is a machine in a machine, to be taken out.

use super::breaches::settle;
use super::source::{Source, library};
use std::collections::{BTreeMap, BTreeSet};
use syn::{FnArg, ImplItem, Item, Type};

const FIELDS_MAX: usize = 20;
const FILES_MAX: usize = 3;

/// A type by its part and name.
type Named<'a> = (&'a str, String);

/// The inherent `impl` blocks of each type, as (file, whether one of its methods takes `&mut self`).
fn impls(sources: &[Source]) -> BTreeMap<Named<'_>, Vec<(&str, bool)>> {
    let mut found: BTreeMap<Named<'_>, Vec<(&str, bool)>> = BTreeMap::new();
    for source in sources {
        for item in &source.items {
            let Item::Impl(item) = item else { continue };
            let Type::Path(path) = &*item.self_ty else { continue };
            let Some(name) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { continue };
            let changes = item.items.iter().any(|item| {
                let ImplItem::Fn(method) = item else { return false };
                matches!(method.sig.inputs.first(), Some(FnArg::Receiver(own)) if own.mutability.is_some() && own.reference.is_some())
            });
            let of_trait = item.trait_.is_some();
            if !of_trait || changes {
                found
                    .entry((&source.part, name))
                    .or_default()
                    .push((if of_trait { "" } else { &source.path }, changes));
            }
        }
    }
    found
}

fn large(sources: &[Source]) -> Vec<String> {
    let impls = impls(sources);
    let changes = |named: &Named<'_>| impls.get(named).is_some_and(|blocks| blocks.iter().any(|(_, changes)| *changes));
    let mut found = Vec::new();
    for source in sources {
        for item in &source.items {
            let Item::Struct(item) = item else { continue };
            let (name, fields) = (item.ident.to_string(), item.fields.len());
            if fields > FIELDS_MAX && changes(&(source.part.as_str(), name.clone())) {
                found.push(format!("{name} in {}", source.path));
            }
        }
    }
    found
}

fn scattered(sources: &[Source]) -> Vec<String> {
    let files = |blocks: &Vec<(&str, bool)>| {
        blocks.iter().map(|(file, _)| (*file).to_owned()).filter(|file| !file.is_empty()).collect::<BTreeSet<_>>()
    };
    let scattered = impls(sources).into_iter().filter(|(_, blocks)| files(blocks).len() > FILES_MAX);
    scattered.map(|((part, name), _)| format!("{name} of {part}")).collect()
}

#[test]
fn a_struct_that_its_methods_change_has_at_most_twenty_fields() {
    settle("fields", large(&library()));
}

#[test]
fn the_methods_of_one_type_stand_in_at_most_three_files() {
    settle("impl", scattered(&library()));
}

#[test]
fn a_planted_struct_of_too_many_fields_and_files_is_found() {
    let fields: String = (0..=FIELDS_MAX).map(|number| format!("f{number}: u8, ")).collect();
    let state = format!("struct State {{ {fields} }} struct Plain {{ {fields} }} impl Plain {{ fn f(&self) {{}} }}");
    let block = "impl State { fn f(&mut self) {} }";
    let files = ["ice/a.rs", "ice/b.rs", "ice/c.rs"].map(|path| Source::parsed(path, block));
    let mut sources: Vec<Source> = files.into_iter().collect();
    sources.push(Source::parsed("ice.rs", &state));
    assert_eq!(large(&sources), ["State in ice.rs"]);
    assert_eq!(scattered(&sources), Vec::<String>::new());
    sources.push(Source::parsed("ice/d.rs", block));
    assert_eq!(scattered(&sources), ["State of ice"]);
}

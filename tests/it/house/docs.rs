//! A doc says more than the name below it does, or it is none. That each public item has one, the compiler sees to.

use super::breaches::settle;
use super::source::{Source, library};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta};

/// Words that say nothing of what is documented.
const EMPTY: [&str; 14] = ["a", "an", "and", "by", "for", "in", "is", "it", "its", "of", "on", "the", "this", "to"];

fn text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        let Meta::NameValue(doc) = &attribute.meta else { return None };
        let Expr::Lit(literal) = &doc.value else { return None };
        match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        }
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// Lower-case words, without those that say nothing and without the plural.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    for letter in text.chars() {
        if letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(if letter.is_alphanumeric() { letter.to_lowercase().collect() } else { vec![' '] });
    }
    let words = spaced.split_whitespace().filter(|word| !EMPTY.contains(word));
    words.map(|word| word.trim_end_matches('s').to_owned()).collect()
}

struct Docs(Vec<String>);

impl Docs {
    fn look(&mut self, name: &str, attributes: &[Attribute]) {
        let (doc, name_words) = (text(attributes), words(name));
        if !doc.is_empty() && words(&doc).iter().all(|word| name_words.contains(word)) {
            self.0.push(name.to_owned());
        }
    }
}

impl<'ast> Visit<'ast> for Docs {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.look(&item.ident.to_string(), &item.attrs);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.look(&item.ident.to_string(), &item.attrs);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.look(&item.sig.ident.to_string(), &item.attrs);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.look(&item.ident.to_string(), &item.attrs);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.look(&item.sig.ident.to_string(), &item.attrs);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if let Some(name) = &field.ident {
            self.look(&name.to_string(), &field.attrs);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.look(&variant.ident.to_string(), &variant.attrs);
        visit::visit_variant(self, variant);
    }
}

fn empty(source: &Source) -> Vec<String> {
    let mut docs = Docs(Vec::new());
    source.visit(&mut docs);
    docs.0.into_iter().map(|name| format!("{name} in {}", source.path)).collect()
}

#[test]
fn no_doc_only_repeats_the_name_of_its_item() {
    settle("doc", library().iter().flat_map(empty));
}

#[test]
fn a_planted_empty_doc_is_found() {
    let planted = "/// The pair states.\npub struct PairState {\n/// Milliseconds since its start.\npub age: u8 }";
    assert_eq!(empty(&Source::parsed("ice/pair.rs", planted)), ["PairState in ice/pair.rs"]);
}

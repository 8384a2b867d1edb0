//! A code has a row, somebody who says it, and whoever is to mend what it warns of. That a row has its group and all its
//! texts in every language, the compiler sees to: a row without them does not expand.

use super::breaches::settle;
use super::source::{Source, library};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// A row of `src/codes`: `Name: Group, "document" { title: …; detail: …; Addressee: …; }`.
struct Row {
    code: String,
    /// Whether a step of its remedy asks somebody to do something.
    is_addressed: bool,
}

/// The words and signs of a text in their order, those inside of brackets too.
fn flattened(tokens: TokenStream) -> Vec<TokenTree> {
    let flat = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => {
            let inside = flattened(group.stream());
            [TokenTree::Group(group)].into_iter().chain(inside).collect()
        }
        token => vec![token],
    });
    flat.collect()
}

fn tokens(source: &Source) -> Vec<TokenTree> {
    let stream = source.text.parse().unwrap_or_else(|error| panic!("{}: {error}", source.path));
    flattened(stream)
}

fn ident(token: &TokenTree) -> Option<String> {
    if let TokenTree::Ident(ident) = token { Some(ident.to_string()) } else { None }
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn row(window: &[TokenTree]) -> Option<Row> {
    let [code, colon, group, comma, TokenTree::Literal(_), TokenTree::Group(body)] = window else { return None };
    let is_row = is_sign(colon, ':') && is_sign(comma, ',') && body.delimiter() == Delimiter::Brace;
    let (code, _) = (ident(code)?, ident(group).filter(|_| is_row)?);
    let words = body.stream().into_iter().filter_map(|token| ident(&token));
    let is_addressed = words.filter(|word| word.starts_with(char::is_uppercase)).any(|whose| whose != "Nobody");
    Some(Row { code, is_addressed })
}

fn rows(sources: &[Source]) -> Vec<Row> {
    let of_codes = sources.iter().filter(|source| source.part == "codes");
    of_codes.flat_map(|source| tokens(source).windows(6).filter_map(row).collect::<Vec<_>>()).collect()
}

/// The codes that a file outside of `codes` names, and those of them that it warns of: `Code::X, Severity::Warning`.
fn named(source: &Source) -> (BTreeSet<String>, BTreeSet<String>) {
    let tokens = tokens(source);
    let path = |at: usize| {
        let [of, first, second, name] = tokens.get(at..at + 4)? else { return None };
        (is_sign(first, ':') && is_sign(second, ':')).then(|| Some((ident(of)?, ident(name)?)))?
    };
    let (mut said, mut warned) = (BTreeSet::new(), BTreeSet::new());
    for at in 0..tokens.len() {
        let Some((_, code)) = path(at).filter(|(of, _)| of == "Code") else { continue };
        let severity = path(at + 5).filter(|_| is_sign(&tokens[at + 4], ','));
        if severity.is_some_and(|(of, grade)| of == "Severity" && grade != "Info") {
            warned.insert(code.clone());
        }
        said.insert(code);
    }
    (said, warned)
}

fn breaches(sources: &[Source]) -> Vec<String> {
    let outside = sources.iter().filter(|source| source.part != "codes").map(named);
    let (said, warned) = outside.fold((BTreeSet::new(), BTreeSet::new()), |(mut said, mut warned), more| {
        said.extend(more.0);
        warned.extend(more.1);
        (said, warned)
    });
    let breach = |row: Row| {
        let is_silent = !said.contains(&row.code);
        let asks_nobody = warned.contains(&row.code) && !row.is_addressed;
        [
            is_silent.then(|| format!("{} is said by nobody", row.code)),
            asks_nobody.then(|| format!("{} asks nobody", row.code)),
        ]
    };
    rows(sources).into_iter().flat_map(breach).flatten().collect()
}

#[test]
fn each_code_is_said_and_what_is_warned_of_is_somebodys_to_mend() {
    let library = library();
    assert!(rows(&library).len() > 200, "the rows are there to be read");
    settle("code", breaches(&library));
}

#[test]
fn a_planted_code_that_nobody_says_or_mends_is_found() {
    let rows = "macro_rules! planted { ($($before:tt)*) => { collect! { $($before)*
        Silent: Nat, \"\" { title: \"A\", \"가\"; detail: \"A.\", \"가.\"; You: \"act.\", \"하십시오.\"; }
        Unmended: Nat, \"\" { title: \"B\", \"나\"; detail: \"B.\", \"나.\"; Nobody: \"Wait.\", \"기다리십시오.\"; }
        Mended: Nat, \"\" { title: \"C\", \"다\"; detail: \"C.\", \"다.\"; You as \"Who calls\", \"거는 쪽\": \"act.\", \"하십시오.\"; }
        Noted: Nat, \"\" { title: \"D\", \"라\"; detail: \"D.\", \"라.\"; }
    } } }";
    let judge = "fn judge(list: &mut List) {
        list.add(Code::Unmended, Severity::Critical, about());
        list.add(Code::Mended, Severity::Warning, about());
        list.add(Code::Noted, Severity::Info, about());
    }";
    let sources = [Source::parsed("codes/planted.rs", rows), Source::parsed("diagnose/planted.rs", judge)];
    assert_eq!(breaches(&sources), ["Silent is said by nobody", "Unmended asks nobody"]);
}

//! Which name was meant by one that is misspelt?

/// How different a mistyped name may be: two slips, or a third of it.
fn near(name: &str, asked: &str) -> bool {
    let slips = strsim::damerau_levenshtein(name, asked);
    slips <= 2 || slips * 3 <= name.len() || (asked.len() >= 4 && name.contains(asked))
}

/// The most names that are suggested; more would be no help.
const SUGGESTIONS_MAX: usize = 5;

/// Those of the names that may have been meant, the likeliest first.
pub(crate) fn nearest(asked: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.filter(|name| near(name, asked)).collect();
    names.sort_by_key(|name| strsim::damerau_levenshtein(name, asked));
    names.truncate(SUGGESTIONS_MAX);
    names
}
